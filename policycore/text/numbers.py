"""Find the numbers of people and units in a text, each with the checks that it has.

Resident ids (GB 11643: region, date, ISO 7064 MOD 11-2), mobile telephones, bank cards (Luhn) and unified social credit
codes (GB 32100: 31 symbols, weights of 3, modulo 31). A check alone is weak: one random number of 18 digits in
eleven passes that of a resident id, one in ten Luhn's, so region and date, or how the number begins, count as well.
Credit codes that begin with A, N or Y are codes too, which python-stdnum refuses; hence the checks stand here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from policycore.text.mask import numerals_in

__all__ = ["NUMBERS_PATTERN", "personal_numbers"]

_DIGIT, _FORMAL = "[0-9〇零一幺二两三四五六七八九]", "[壹贰叁肆伍陆柒捌玖]"
_GAP = r"[- .·_/()|~,、\n]{0,3}"
_SYMBOL, _BETWEEN = "[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]", "[- .]{0,2}"
_CODE = f"{_SYMBOL}{_BETWEEN}{_SYMBOL}{_BETWEEN}(?:[0-9]{_BETWEEN}){{6}}(?:{_SYMBOL}{_BETWEEN}){{9}}{_SYMBOL}"
_WITH_FORMAL = f"{_FORMAL}{_GAP}(?:{_DIGIT}|{_FORMAL})|{_DIGIT}{_GAP}{_FORMAL}"
NUMBERS_PATTERN = rf"(?:{_DIGIT}{_GAP}){{10}}{_DIGIT}|{_CODE}|{_WITH_FORMAL}"
"""What a text has in it that holds such a number, in the linear dialect.

A formal digit beside another digit is rare enough to look at each; among the others they would take five times as long
to compile.
"""

_code = re.compile(f"(?<![0-9A-Za-z])(?:{_CODE})(?![0-9A-Za-z])")
_between = re.compile("[- .\u200b]")
_symbols = {symbol: value for value, symbol in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_provinces = frozenset(
    {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83}
)


def personal_numbers(folded: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield kind, number, begin and end of each number in a folded text whose checks hold.

    Kinds are ``resident``, ``mobile``, ``card`` and ``credit``; a number is as it is without what stands between.
    """
    for kind, number, begin, end in numerals_in(folded):
        if kind == "mobile" or _checks.get(kind, _no_kind)(number):
            yield kind, number[-11:] if kind == "mobile" else number, begin, end
    seen = folded.replace("\u200b", "")
    for found in _code.finditer(seen if len(seen) < len(folded) else folded):
        number = _between.sub("", found[0]).upper()
        if not number.isdigit() and _is_credit_code(number):
            yield "credit", number, found.start(), found.end()


def _is_resident(number: str) -> bool:
    """Return whether region, date and check of an 18-digit resident id are right."""
    if len(number) != 18 or int(number[:2]) not in _provinces:
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    check = "10X98765432"[sum(int(one) * (2 ** (17 - place) % 11) for place, one in enumerate(number[:17])) % 11]
    return born.year >= 1900 and check == number[17].upper()


def _is_card(number: str) -> bool:
    """Return whether a number has the length of a bank card, begins as one of UnionPay does, and Luhn's check holds."""
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    total = sum(int(digit) for digit in number[-1::-2]) + sum(value - 9 * (value > 9) for value in doubled)
    return number.startswith("62") and 16 <= len(number) <= 19 and total % 10 == 0


def _is_credit_code(number: str) -> bool:
    """Return whether a code begins with a registering office that there is, and its check holds."""
    total = sum(_symbols[one] * pow(3, place, 31) for place, one in enumerate(number[:17]))
    return number[0] in "123456789AGNY" and _symbols[number[17]] == -total % 31


def _no_kind(_number: str) -> bool:
    """Return that a number of another kind is none that counts."""
    return False


_checks = {"resident": _is_resident, "card": _is_card}
