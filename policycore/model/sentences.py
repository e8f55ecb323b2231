"""Put values into sentences, column by column: each language with its own words for the values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from types import MappingProxyType

from policycore.language import PLACE, Language, Text, find_text, put_in, say_both
from policycore.model.catalogue import TEXTS

__all__ = ["as_people_count", "fact_label", "sentences", "word", "worded"]

_LONGEST_WORD = 16
_NO_LABELS: Mapping[str, Text] = MappingProxyType({})


@cache
def _parts(template: str) -> tuple[str, ...]:
    """Return a template's literal parts and, between them, the three groups of `PLACE`; templates are few."""
    return tuple(PLACE.split(template))


def sentences(
    template: str, columns: Mapping[str, Sequence[object]], same: Mapping[str, str], count: int, language: Language
) -> Sequence[str]:
    """Return `template` filled in for each of `count` rows, values from `columns`, what is the `same` for all ready.

    A name that neither knows stays as it is written.
    """
    parts = _parts(template)
    pieces: list[str | list[str]] = [parts[0]]
    for name, one, many, literal in zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4], strict=True):
        if name in columns:
            words = _words(as_people_count(name, columns[name]), language)
            pieces.append(words if one is None else [put_in(one, many, word) for word in words])
        else:
            written = f"{{{name}}}" if one is None else f"{{{name}:{one}|{many}}}"
            pieces.append(put_in(one, many, same[name]) if name in same else written)
        pieces.append(literal)
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


def fact_label(name: str, labels: Mapping[str, Text] = _NO_LABELS) -> str:
    """Return what people call a fact or a parameter: by its rule's own `labels`, else the catalogue's, else its name.

    A fact that a rule gives in both languages has one label.
    """
    name = name.removesuffix("_zh").removesuffix("_en")
    return str(labels.get(name) or find_text(f"model.fact.{name}") or name)


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
