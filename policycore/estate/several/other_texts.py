"""Keep what a message said in each of several exports: whoever edits it has posted both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from policycore.errors import Place, Problem
from policycore.estate.checked import CheckedPart
from policycore.estate.problems import problem
from policycore.estate.several.same_ids import by_hand_in

__all__ = ["keep_other_texts"]


def keep_other_texts(messages: Sequence[CheckedPart]) -> list[Problem]:
    """Give messages that say otherwise than the first of their id an id of their own; return a note on how many.

    Those of one id that say the same have one id afterwards.
    """
    parts = [part for listed in by_hand_in(messages).values() for part in listed if {"id", "text"} <= {*part.columns}]
    if len(parts) < 2:
        return []
    ids = pa.chunked_array([chunk for part in parts for chunk in part.columns["id"].cast(pa.string()).chunks])
    texts = pa.chunked_array([chunk for part in parts for chunk in part.columns["text"].cast(pa.string()).chunks])
    good = numpy.concatenate([part.good for part in parts]) & (texts.is_valid().to_numpy() & ids.is_valid().to_numpy())
    at = numpy.flatnonzero(good)
    own, said = (_codes(column)[at] for column in (ids, texts))
    first = numpy.zeros(int(own.max(initial=-1)) + 1, dtype="int64")
    first[own[::-1]] = said[::-1]
    others = at[said != first[own]]
    if not len(others):
        return []
    numbered = pa.table({"id": ids, "text": texts}).filter(pc.match_substring(ids, "#"))
    known = dict(zip(*(column.to_pylist() for column in numbered.columns), strict=True))
    renamed = {}
    at_others = pa.array(others)
    for place, identity, text in zip(
        others.tolist(), ids.take(at_others).to_pylist(), texts.take(at_others).to_pylist(), strict=True
    ):
        number = 2
        while known.setdefault(f"{identity}#{number}", text) != text:
            number += 1
        renamed[place] = f"{identity}#{number}"
    begin = 0
    for part in parts:
        here = {place - begin: one for place, one in renamed.items() if begin <= place < begin + len(part.good)}
        begin += len(part.good)
        if here:
            values = [here.get(place, one) for place, one in enumerate(part.columns["id"].to_pylist())]
            part.columns["id"] = pa.chunked_array([pa.array(values, pa.string())])
    return [problem("note-other-texts", Place(parts[0].part.file), count=len({*renamed.values()}))]


def _codes(values: pa.ChunkedArray) -> numpy.ndarray:
    """Return a small number for each value."""
    chunks = values.dictionary_encode().unify_dictionaries().chunks
    return numpy.concatenate([chunk.indices.fill_null(0).to_numpy() for chunk in chunks])
