"""Know the grammar of classification marks: level, star, period; and how people write around it.

A mark is ``机密★10年``, ``秘密★1年``, ``绝密★长期``, ``机密★会议开始前`` or ``机密★`` alone (secrecy law and the format
of official papers, GB/T 9704). The star decides: 保守国家秘密 and 公开的秘密 are prose. Everything
here reads folded text (half width, simplified, one code for what is invisible), so that offsets
stay those of the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["HEADER_PATTERN", "LONGEST_YEARS", "MARK_PATTERN", "Mark", "find_bare_words", "find_marks"]

Manner = Literal["mark", "variant", "impossible-period", "misread"]

LONGEST_YEARS = {"绝密": 30, "机密": 20, "秘密": 10}

# Blanks, line ends and invisible characters that may stand inside a mark.
_GAP = "[ \n\u200b]{0,4}"
_LEVEL = f"(?:绝{_GAP}密|机{_GAP}密|秘{_GAP}密)"
_STARS = "★☆⭐🌟✩✪✫✬✭✮✯✰⋆✦✧⚝⛤✡🔯✴✵✶✷✸✹✺"
_ASTERISKS = "*∗⁎✱✲✳※#"
# What a star becomes when a scanned page is read wrongly; only with a period in years after it.
_MISREAD = "大太女木夫米食"
_NUMBER = "(?:[0-9]{1,3}|[〇零一二两三四五六七八九十百廿卅]{1,4}|半)"
_TERM = f"(?:{_NUMBER}{_GAP}(?:年|个{_GAP}月|月|日|天)|长{_GAP}期|永{_GAP}久)"

MARK_PATTERN = f"{_LEVEL}{_GAP}(?:[{_STARS}]|[{_ASTERISKS}{_MISREAD}]{_GAP}{_TERM})"
"""What to scan for, in the linear dialect."""
HEADER_PATTERN = f"(?:^|\n)[ \u200b]*{_LEVEL}[ \u200b]*(?:$|\n)"
"""A level alone on its line, for those who want the heads of papers without a star."""

_mark = re.compile(
    f"(?P<level>{_LEVEL}){_GAP}"
    f"(?:(?P<star>[{_STARS}])(?:{_GAP}(?P<term>{_TERM}|[^\n,;:!?。、 ]{{1,15}}?(?:前|后|时|公开|解密)(?![\\w])))?"
    f"|(?P<asterisk>[{_ASTERISKS}]){_GAP}(?P<number>{_TERM})|(?P<misread>[{_MISREAD}]){_GAP}(?P<years>{_NUMBER}{_GAP}年))"
)
_level_alone = re.compile(f"(?:^|(?<=\n))[ \u200b]*(?P<level>{_LEVEL})[ \u200b]*(?=\n|$)")
_plain = re.compile(rf"(?:绝密|机密|秘密)★(?:[0-9]{{1,2}}年|[0-9]{{1,2}}个月|长期|(?!{_TERM})\w{{1,15}})?")
_header = re.compile(
    r"(?:^|\n)[ \u200b]*(?:份号[: ]*)?[0-9]{6}[ \u200b]*(?:\n|$)|份号[: ]*[0-9]{6}(?![0-9])|特急|加急|平急"
)
_HEADER_REACH = 80
# Characters looked at before a mark; a bound keeps a text full of marks linear.
_REACH_BACK = 16
_gaps = re.compile("[ \n\u200b]+")
_numerals = {
    **dict.fromkeys("〇零", 0),
    "两": 2,
    **{numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)},
}


@dataclass(frozen=True, slots=True)
class Mark:
    """Say where a mark stands, of which level, how it is written, and how sure it is."""

    category: str
    offset: int
    length: int
    manner: Manner
    in_header: bool
    embedded: bool
    """A star without a period after a word that goes on before it, as in 小秘密★."""


def find_marks(folded: str, text: str) -> Iterator[Mark]:
    """Yield the marks in `folded`; `text` is the original, to tell plain writing from variants."""
    for found in _mark.finditer(folded):
        near = folded[max(0, found.start() - _REACH_BACK) : found.start()]
        before = near.rstrip(" \n\u200b")
        if before.endswith("商业") or (found["asterisk"] and before.endswith("*")):
            continue
        category = _gaps.sub("", found["level"])
        term = _gaps.sub("", found["term"] or found["number"] or found["years"] or "")
        yield Mark(
            category=category,
            offset=found.start(),
            length=found.end() - found.start(),
            manner=_manner(found, category, term, text),
            in_header=_near_header(folded, found.start(), found.end()),
            embedded=not term and near.rstrip("\u200b")[-1:].isalnum(),
        )


def find_bare_words(folded: str) -> Iterator[Mark]:
    """Yield levels that stand alone on their line in the head of an official paper."""
    for found in _level_alone.finditer(folded):
        if _near_header(folded, found.start(), found.end()):
            start, end = found.span("level")
            yield Mark(_gaps.sub("", found["level"]), start, end - start, "mark", in_header=True, embedded=False)


def _manner(found: re.Match[str], category: str, term: str, text: str) -> Manner:
    """Return how the mark is written."""
    if found["misread"]:
        return "misread"
    if _years(term) > LONGEST_YEARS[category]:
        return "impossible-period"
    return "mark" if _plain.fullmatch(text[found.start() : found.end()]) else "variant"


def _near_header(folded: str, start: int, end: int) -> bool:
    """Return whether a copy number or a degree of urgency stands near."""
    return _header.search(folded[max(0, start - _HEADER_REACH) : end + _HEADER_REACH]) is not None


def _years(term: str) -> float:
    """Return the period in years; 0 where it is no number of years or months."""
    number, unit = re.fullmatch(r"(.*?)(年|个?月|)", term, re.DOTALL).groups()  # type: ignore[union-attr] # always matches
    value = float(number) if number.isdigit() and number.isascii() else _chinese_number(number)
    return {"年": value, "月": value / 12, "个月": value / 12}.get(unit, 0.0)


def _chinese_number(numerals: str) -> float:
    """Return the value of numerals such as 十, 二十五, 三〇; 0 for anything else."""
    numerals = numerals.replace("廿", "二十").replace("卅", "三十")
    if not numerals or any(one not in "十百" and one not in _numerals for one in numerals):
        return 0.5 if numerals == "半" else 0.0
    if not set(numerals) & set("十百"):
        return float("".join(str(_numerals[one]) for one in numerals))
    total, digit = 0, 0
    for one in numerals:
        if one in _numerals:
            digit = _numerals[one]
        else:
            total += (digit or 1) * (100 if one == "百" else 10)
            digit = 0
    return float(total + digit)
