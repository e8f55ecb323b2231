"""Check what holds between rows: keys stand once, references lead somewhere, sources are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from policycore.estate.checked import CheckedPart
from policycore.language import say
from policycore.model.schema import TableSchema, table_schema

__all__ = ["check_keys", "check_paths", "check_references", "check_scopes", "check_sources", "check_statuses"]

Tables = Mapping[str, Sequence[CheckedPart]]


def check_keys(tables: Tables) -> None:
    """Blame every row whose key stands in an earlier row of its table, where both were handed in together."""
    for name, listed in tables.items():
        schema = table_schema(name)
        for place in dict.fromkeys(part.part.handed_in.place for part in listed):
            parts = [part for part in listed if part.part.handed_in.place == place]
            key = [column for column in schema.key if all(column in part.columns for part in parts)]
            if key and sum(len(part.good) for part in parts):
                _blame_repeated(schema, parts, key)


def _blame_repeated(schema: TableSchema, parts: Sequence[CheckedPart], key: list[str]) -> None:
    """Blame the rows of which an earlier one has the same key; few rows are the same but for what may be empty."""
    if len(key) == 1 and len((whole := _whole(parts, key[0])).unique()) == len(whole):
        return
    positions = numpy.arange(sum(len(part.good) for part in parts), dtype="int32")
    combined = numpy.zeros(len(positions), dtype="int64")
    required = [column for column in key if not schema.columns[column].nullable]
    for number, column in enumerate(key, 1):
        codes, count = _codes(parts, column, positions)
        if int(combined.max(initial=0)) > (2**62) // (count + 1):
            combined = numpy.unique(combined, return_inverse=True)[1].astype("int64")
        combined *= count + 1
        combined += codes
        # Two unknown cells need not be the same.
        kept = numpy.concatenate([part.is_known(column) for part in parts])[positions]
        if column in required:
            kept &= codes > 0
        if not kept.all():
            combined, positions = combined[kept], positions[kept]
        if number >= len(required):
            kept = _stands_twice(combined)
            combined, positions = combined[kept], positions[kept]
        if not len(positions):
            return
    # Of several rows with one key the first good one is kept, one whose cells are all known before the others.
    good = numpy.concatenate([part.good for part in parts])
    doubted = numpy.concatenate([part.is_doubted() for part in parts])
    order = numpy.lexsort((doubted[positions], ~good[positions], combined))
    ordered = combined[order]
    repeated = numpy.zeros(len(good), dtype=bool)
    repeated[positions[order[1:][ordered[1:] == ordered[:-1]]]] = True
    start = 0
    for part in parts:
        part.blame(
            "duplicate", key[0], repeated[start : start + len(part.good)],
            say("estate.expected-unique", columns=_named(part, key)),
        )  # fmt: skip
        start += len(part.good)


def _named(part: CheckedPart, key: Sequence[str]) -> str:
    """Return columns as the file itself calls them, each header once; those that it does not have by their names."""
    return say("estate.list").join(dict.fromkeys(part.part.headers.get(name, name) for name in key))


def _stands_twice(numbers: numpy.ndarray) -> numpy.ndarray:
    ordered = numpy.sort(numbers)
    return numpy.isin(numbers, ordered[1:][ordered[1:] == ordered[:-1]])


def _codes(parts: Sequence[CheckedPart], column: str, positions: numpy.ndarray) -> tuple[numpy.ndarray, int]:
    """Return a small number for each value of a column at `positions` over all parts, 0 for null, and the highest."""
    values = _whole(parts, column)
    if len(positions) < len(values):
        values = values.take(pa.array(positions))
    # Its chunks share one dictionary.
    encoded = values.dictionary_encode()
    nothing = numpy.zeros(0, dtype="int32")
    codes = [chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) + 1 for chunk in encoded.chunks]
    return numpy.concatenate([nothing, *codes]), len(encoded.chunk(0).dictionary) if codes else 0


def _whole(parts: Sequence[CheckedPart], column: str) -> pa.ChunkedArray:
    chunks = [chunk for part in parts for chunk in part.columns[column].chunks]
    return pa.chunked_array(chunks, parts[0].columns[column].type)


def check_references(tables: Tables, *, only_good: bool) -> bool:
    """Blame every row that refers to a row which is not there; True when one was found.

    With `only_good` rows that were set aside count as absent, so that nothing kept refers to them.
    A table that is absent altogether is unknown: nothing can dangle from it.
    """
    found = False
    identities: dict[str, Any] = {}
    for name, parts in tables.items():
        for column in table_schema(name).columns.values():
            target = column.references
            if target is None or target not in tables:
                continue
            if target not in identities:
                identities[target] = _identities(tables[target], only_good=only_good)
            code = "dangling-removed" if only_good else "dangling"
            wanted = say(f"estate.expected-{code}", table=target)
            for part in parts:
                if column.name in part.columns:
                    found |= _blame_dangling(part, column.name, identities[target], code, wanted, only_good)
    return found


def _identities(parts: Sequence[CheckedPart], *, only_good: bool) -> Any:
    arrays = [
        part.columns["id"].filter(pa.array(part.good)) if only_good and not part.good.all() else part.columns["id"]
        for part in parts
    ]
    return pa.chunked_array([chunk for array in arrays for chunk in array.chunks], pa.string()).combine_chunks()


def _blame_dangling(part: CheckedPart, column: str, identities: Any, code: str, wanted: str, only_good: bool) -> bool:
    """Blame the rows (or only the good ones) whose value is no identity."""
    values = part.columns[column]
    if values.null_count == len(values):
        return False  # what is there would be looked through for nothing
    known = pc.is_in(values, value_set=identities, skip_nulls=True)
    dangling = pc.and_(pc.invert(known), pc.is_valid(values)).to_numpy() & part.is_known(column)
    if only_good:
        dangling &= part.good
    if not dangling.any():
        return False
    part.blame(code, column, dangling, wanted)
    return True


def check_sources(tables: Tables, sources: Sequence[str]) -> None:
    """Blame groups whose source the manifest does not name, or that name none where there are several."""
    for part in tables.get("groups", ()):
        if "source" in part.columns:  # else reported for the whole file
            known = pc.is_in(part.columns["source"], value_set=pa.array(sources, pa.string()), skip_nulls=True)
            wanted = say("text.one-of", names=", ".join(sources))
            part.blame("source", "source", ~known.to_numpy(), wanted, whole_row=True)


def check_statuses(tables: Tables, as_of: datetime) -> None:
    """Blame people whose status begins more than a year after the estate: a change that is planned is sooner.

    Where the row stays, the status is as unknown as its date: nobody is in service since 2099.
    """
    for part in tables.get("people", ()):
        if "status_since" in part.columns:
            begins = part.columns["status_since"]
            found = pc.greater(begins, pa.scalar(as_of + timedelta(days=366)).cast(begins.type))
            late = pc.fill_null(found, False).to_numpy()
            part.blame("bad-value", "status_since", late, say("estate.expected-status-since"))
            if part.forgiving and "status" in part.columns and late.any():
                part.leave_unknown("status", late)


def check_paths(tables: Tables) -> None:
    """Blame attachments whose path leads out of the estate's folder."""
    for part in tables.get("attachments", ()):
        if "path" in part.columns:
            outside = [_leaves(path) for path in part.columns["path"].to_pylist()]
            part.blame("path", "path", numpy.array(outside, dtype=bool), say("estate.expected-path"))


def _leaves(path: str | None) -> bool:
    """Return whether a relative path could leave its folder, on any system."""
    plain = (path or "").replace("\\", "/")
    return plain.startswith("/") or ".." in PurePosixPath(plain).parts or plain[1:2] == ":" or "://" in plain


def check_scopes(tables: Tables) -> None:
    """Blame groups whose scope names a department or person that is not there."""
    for part in tables.get("groups", ()):
        if "scope" not in part.columns:
            continue
        scopes = part.columns["scope"].combine_chunks()
        dangling = numpy.zeros(len(scopes), dtype=bool)
        for name in ("departments", "people"):
            if name in tables:
                listed = pc.struct_field(scopes, [name])
                known = pc.is_in(listed.flatten(), value_set=_identities(tables[name], only_good=False))
                dangling[pc.list_parent_indices(listed).filter(pc.invert(known)).to_numpy()] = True
        part.blame("dangling", "scope", dangling, say("estate.expected-dangling", table="departments, people"))
