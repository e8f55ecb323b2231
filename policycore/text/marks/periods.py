"""Know the periods of classification marks: numbers of years and months, 长期, dates and events."""

from __future__ import annotations

import re

__all__ = ["GAP", "MISREAD_TERM", "PLAIN_TERM", "SIGNS", "TERM", "years"]

SIGNS = "·.,:;'\"“”‘’()\\[\\]{}【】〔〕「」『』《》〈〉…、!|/\\\\_~`#>*+&^=-"
"""Punctuation and markers, as the inside of a class."""
GAP = f"[ \n\u200b{SIGNS}]{{0,40}}"
"""What may stand within a mark and is no part of it: blanks, line ends, punctuation, markers."""

_BLANK = "[ \n\u200b·._|/-]{0,8}"
_DIGITS = f"[0-9](?:{_BLANK}[0-9]){{0,2}}(?![0-9])"
_ONES = "〇零一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾佰"
_NUMERALS = f"[{_ONES}两廿卅半](?:{_BLANK}[{_ONES}]){{0,4}}"
_NUMBER = f"(?:{_DIGITS}|{_NUMERALS})"
_DATE = "20[0-9]{2}(?:年[底末初]?|[./-])(?:[0-9]{1,2}[月./-](?:[0-9]{1,2}日?)?)?"
_SPAN = f"{_NUMBER}{_BLANK}(?:年(?:{_BLANK}{_NUMBER}{_BLANK}个?{_BLANK}月)?|个{_BLANK}月|月|日|天|周|years?)"
_EVENT = r"[^\W0-9][^\n,;:!?。、 ★*]{0,14}?(?:前|后|时|公开|解密|结束|为止)(?![\w])"
TERM = (
    f"解密(?:时间|日期){_BLANK}[为是:]?{_BLANK}{_DATE}|(?:保密|解密)?(?:期限?|条件)?[为是:]?{_BLANK}"
    f"(?:(?:至|到){_BLANK}{_DATE}(?:前|止)?|{_DATE}(?:前|止|公开|解密)|{_SPAN}|(?:至|到){_BLANK}{_EVENT}|长{_BLANK}期|永{_BLANK}久|{_EVENT})"
)
"""A period, after the gap that follows the star."""
PLAIN_TERM = f"(?:{_NUMBER}{_BLANK}年|长{_BLANK}期)"
"""A period that is no event."""
MISREAD_TERM = f"(?:[0-9OoIlS|]{{1,3}}{_BLANK}[年午]|长{_BLANK}朗)"
"""A period in which reading a picture took one character for another: 1O年, l0年, 10午."""

_numerals = {
    **dict.fromkeys("〇零", 0),
    "两": 2,
    **{numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)},
    **{numeral: value for value, numeral in enumerate("壹贰叁肆伍陆柒捌玖", 1)},
}
_tens = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_blanks = re.compile("[ \n\u200b·._|/-]+")
_number = re.compile(f"({_NUMBER}){_BLANK}(年|个?{_BLANK}月)")


def years(term: str) -> float:
    """Return the period in years; 0 where it is no number of years or months."""
    found = _number.search(term)
    if found is None:
        return 0.0
    number = _blanks.sub("", found[1])
    value = float(number) if number.isdigit() and number.isascii() else _value(number)
    return value if found[2] == "年" else value / 12


def _value(numerals: str) -> float:
    """Return the value of numerals such as 十, 二十五, 三〇, 贰拾; 0 for anything else."""
    numerals = numerals.replace("廿", "二十").replace("卅", "三十")
    if numerals == "半":
        return 0.5
    if "半" in numerals:
        return 0.0
    if not set(numerals) & set(_tens):
        return float("".join(str(_numerals[one]) for one in numerals))
    total, digit = 0, 0
    for one in numerals:
        if one in _numerals:
            digit = _numerals[one]
        else:
            total += (digit or 1) * _tens[one]
            digit = 0
    return float(total + digit)
