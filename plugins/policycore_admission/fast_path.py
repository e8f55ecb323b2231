"""Sort out in SQL what reads well beyond doubt, so that Python sees only the remainder.

Whatever these conditions let pass, `Reader` lets pass as well; a property test holds them to it.
"""

from __future__ import annotations

from policycore import ZERO_WIDTH, fold
from policycore_admission.display_name import Grammar
from policycore_admission.words import UNIT_ENDINGS

__all__ = ["beside_separator", "quoted", "separators_of", "simple_form"]

_FIRST, _LAST = 0x4E00, 0x9FFF


def quoted(text: str) -> str:
    """Return `text` as a SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def separators_of(grammar: Grammar) -> list[str]:
    """Return the grammar's separators of one visible character."""
    return [text for text in grammar.separators if len(text) == 1 and text not in " ·" and fold(text) != ZERO_WIDTH]


def _han(without: str) -> str:
    """Return a character class of Han characters, without those that fold to one in `without`."""
    everything = "".join(map(chr, range(_FIRST, _LAST + 1)))
    left_out = [code for code, folded in zip(everything, fold(everything), strict=True) if folded in without]
    ranges, begin = [], _FIRST
    for character in [*left_out, chr(_LAST + 1)]:
        if ord(character) > begin:
            ranges.append(f"\\x{{{begin:x}}}-\\x{{{ord(character) - 1:x}}}")
        begin = ord(character) + 1
    return f"[{''.join(ranges)}]"


def simple_form(grammar: Grammar) -> str:
    """Return an expression that only display names of the grammar match; '' where there is none.

    The unit consists of Han characters and ends like one, one separator, two to four Han characters
    that neither look like a nickname (小李) nor end like a post (张处长).
    """
    separators = "".join(f"\\x{{{ord(separator):x}}}" for separator in separators_of(grammar))
    if not separators or grammar.width == "full" or grammar.post_suffix == "required" or grammar.longest < 25:
        return ""
    if grammar.width == "half" and any("\uff01" <= separator <= "\uff5e" for separator in grammar.separators):
        return ""
    post_ends = "".join(fold(post)[-1] for post in grammar.posts if post)
    name = _han("小老") + _han("") + "{0,2}" + _han(post_ends)
    endings = "".join(ending for ending in UNIT_ENDINGS if len(ending) == 1)
    forms = []
    if grammar.unit_form != "class":
        forms.append(f"{_han('')}{{1,15}}[{endings}]")
    if grammar.unit_form != "unit":
        forms.append(f"{_han('')}{{2,12}}(?:[0-9]{{2}}|[0-9]{{4}})级?[0-9]{{0,2}}班")
    unit = f"(?:{'|'.join(forms)})"
    if grammar.order == "name-unit":
        return f"{name}[{separators}]{unit}"
    return f"{unit}[{separators}]{name}"


def beside_separator(grammar: Grammar, text: str, *, at_end: bool) -> str:
    """Return a SQL condition: ``m.display_name`` ends (or begins) with the column `text` and a separator."""
    separators = separators_of(grammar)
    if not separators:
        return "false"
    common = quoted(separators[0])
    listed = ", ".join(quoted(separator) for separator in separators)
    if at_end:
        place = f"substr(m.display_name, length(m.display_name) - length({text}), 1)"
        return (
            f"(ends_with(m.display_name, {common} || {text})"
            f" OR (ends_with(m.display_name, {text}) AND {place} IN ({listed})))"
        )
    place = f"substr(m.display_name, length({text}) + 1, 1)"
    return (
        f"(starts_with(m.display_name, {text} || {common})"
        f" OR (starts_with(m.display_name, {text}) AND {place} IN ({listed})))"
    )
