"""Put values into sentences, column by column: each language with its own words for the values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache

from policycore.language import PLACE, Language, Text, say_both
from policycore.model.catalogue import TEXTS

__all__ = ["as_people_count", "named_in", "sentences", "word", "worded"]

_LONGEST_WORD = 16


@cache
def _parts(template: str) -> tuple[str, ...]:
    """Return a template's literal parts and, between them, the names to put in; templates are few."""
    return tuple(PLACE.split(template))


def named_in(text: Text) -> frozenset[str]:
    """Return the names that `text` takes values by, in either language."""
    return frozenset((*_parts(text.zh)[1::2], *_parts(text.en)[1::2]))


def sentences(
    template: str, columns: Mapping[str, Sequence[object]], same: Mapping[str, str], count: int, language: Language
) -> Sequence[str]:
    """Return `template` filled in for each of `count` rows, values from `columns`, what is the `same` for all ready.

    A name that neither knows stays as it is written.
    """
    parts = _parts(template)
    pieces: list[str | list[str]] = []
    for place, part in enumerate(parts):
        if place % 2 == 0:
            pieces.append(part)
        elif part in columns:
            pieces.append(_words(as_people_count(part, columns[part]), language))
        else:
            pieces.append(same.get(part, f"{{{part}}}"))
    if all(isinstance(piece, str) for piece in pieces):
        return ["".join(map(str, pieces))] * count
    listed = [[piece] * count if isinstance(piece, str) else piece for piece in pieces if piece != ""]
    return [*map("".join, zip(*listed, strict=True))]


def worded(template: Text, facts: Mapping[str, object]) -> Text:
    """Return `template` with `facts` put in."""
    columns = {name: (value,) for name, value in facts.items()}
    return Text(sentences(template.zh, columns, {}, 1, "zh")[0], sentences(template.en, columns, {}, 1, "en")[0])


def as_people_count(name: str, values: Sequence[object]) -> Sequence[object]:
    """Return the values of the fact `name` as people count: a position from 1, where the fact itself counts from 0."""
    return [value + 1 if type(value) is int else value for value in values] if name == "offset" else values


def _words(values: Sequence[object], language: Language) -> list[str]:
    """Return values as a person reads them, each distinct text worked out once."""
    known: dict[object, str] = {}
    found = []
    for value in values:
        if type(value) is str:
            shown = known.get(value)
            if shown is None:
                shown = known[value] = word(value, language)
            found.append(shown)
        else:
            found.append(word(value, language))
    return found


def word(value: object, language: Language) -> str:
    """Return one value as a person of that language reads it."""
    chosen = 0 if language == "zh" else 1
    if isinstance(value, str):
        # Words of the model's enumerations are English; no name or id of a group reads like one by chance often
        # enough to matter, and the facts themselves keep the original.
        known = TEXTS.get(f"model.value.{value}") if len(value) < _LONGEST_WORD else None
        return value if known is None else known[chosen]
    if value is None:
        return say_both("model.nothing").in_language(language)
    if isinstance(value, bool):
        return say_both("model.yes" if value else "model.no").in_language(language)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if (value.hour, value.minute) == (0, 0) else "%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return ("、" if language == "zh" else ", ").join(word(item, language) for item in value)
    return str(value)
