"""Mask personal numbers in text that leaves the engine: the middle turns to asterisks.

Found in folded text, so that full-width digits and zero-width characters between them hide
nothing. Every expression runs in linear time: what may repeat cannot begin twice at one place.
"""

from __future__ import annotations

import re

from policycore.text.fold import fold

__all__ = ["mask"]

_gap = "[- \u200b]{0,2}"
_begin = r"(?<![0-9A-Za-z])"
# ids such as 18012345678@chatroom name a group on a platform, and no person
_end = r"(?![0-9A-Za-z]|@(?:chatroom|openim))"


def _digits(first: int, last: int | None = None) -> str:
    """Return an expression for so many digits with at most a small gap before each."""
    return f"(?:{_gap}[0-9]){{{first}{'' if last is None else f',{last}'}}}"


_numbers = re.compile(
    _begin
    + "(?:"
    + rf"(?P<resident>[1-9]{_digits(16)}{_gap}[0-9Xx]|[1-9]{_digits(14)})"
    + rf"|(?P<card>(?:6{_gap}2|[3-6]{_gap}[0-9]){_digits(13, 17)})"
    + rf"|(?P<mobile>(?:(?:\+|00)?86{_gap})?1{_gap}[3-9]{_digits(9)})"
    + r"|(?P<landline>\(?0[1-9][0-9]{1,2}\)?[- ]?[1-9][0-9]{2,3}[- ]?[0-9]{4})"
    + ")"
    + _end
)
_mail = re.compile(r"(?<![0-9A-Za-z._%+*-])[0-9A-Za-z._%+-]+@(?=(?:[0-9A-Za-z-]+\.)+[A-Za-z]{2})")
_birthday = re.compile(r"(?:(?:18|19|20)[0-9]{2}|[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\Z")
_kept = {"resident": (4, 2), "card": (4, 4), "mobile": (3, 4), "landline": (4, 2)}
# A landline of ten digits is the shortest number; most names are shorter and need no folding to be let go.
_SHORTEST = 10
# Keys to services, known by how they begin; four characters stay, so that their owner knows which one to withdraw.
_key = re.compile(
    r"(?<![0-9A-Za-z])(?:[sp]k[-_]|gh[opsu]_|github_pat_|glpat-|xox[abeprs]-|AKIA|LTAI|eyJ)[0-9A-Za-z_.-]{14,}"
)
_SHORTEST_KEY = 18
_at = re.compile("[@\uff20\ufe6b]")
_may_hold = re.compile(r"@|[0-9](?:[^0-9]{0,2}[0-9]){9}")


def mask(text: str) -> str:
    """Return `text` with phone, resident-id and card numbers, e-mail names and keys to services hidden.

    The length stays, and masking twice changes nothing.
    """
    if len(text) >= _SHORTEST_KEY:
        text = _key.sub(lambda found: found[0][:4] + "*" * (len(found[0]) - 4), text)
    if len(text) < _SHORTEST and not _at.search(text):
        return text
    folded = fold(text)
    if not _may_hold.search(folded):
        return text
    characters = list(text)
    for found in _numbers.finditer(folded):
        _hide_number(found, characters)
    for found in _mail.finditer(folded):
        characters[found.start() + 1 : found.end() - 1] = "*" * max(0, found.end() - found.start() - 2)
        if found.end() - found.start() == 2:
            characters[found.start()] = "*"
    return "".join(characters)


def _hide_number(found: re.Match[str], characters: list[str]) -> None:
    """Put asterisks over the middle digits of what was found, unless it is no such number."""
    kind = found.lastgroup or ""
    places = [place for place in range(*found.span()) if _is_digit(found, place)]
    digits = "".join(found.string[place] for place in places)
    if kind == "resident" and not _birthday.search(digits[6:-4] if len(digits) == 18 else digits[6:12]):
        kind = "card"
    if kind == "card" and not (digits.startswith("62") or (digits[0] in "3456" and _luhn(digits))):
        return
    if kind == "mobile":
        places = places[-11:]
    before, after = _kept[kind]
    for place in places[before : len(places) - after]:
        characters[place] = "*"


def _is_digit(found: re.Match[str], place: int) -> bool:
    """Return whether a digit (or a check character X) stands at `place`."""
    return found.string[place] in "0123456789Xx"


def _luhn(digits: str) -> bool:
    """Return whether `digits` is as long as a card number and its check digit is right."""
    if not (16 <= len(digits) <= 19 and digits.isdigit()):
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[-1::-2]) + sum(value - 9 * (value > 9) for value in doubled)) % 10 == 0
