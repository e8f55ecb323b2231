"""Mask personal numbers in text that leaves the engine: the middle turns to asterisks.

Digits are read in folded text, Chinese numerals as well, through whatever people write between them;
then each stretch of digits is cut into the numbers that it holds, so that letters directly before a
number or another number directly behind hide nothing. An account's id on a platform (``wxid_…``)
stays: it is no number that anybody can call or show, and findings name accounts by it. Every
expression runs in linear time: what may repeat cannot begin twice at one place, and what is tried at
a digit is of bounded length.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from policycore.text.contacts import contacts_in
from policycore.text.fold import fold, folds

__all__ = ["holds_nothing", "mask", "mask_name", "numerals_in"]

_NUMERALS = str.maketrans("〇零一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖", "0011223456789123456789")
_DIGITS = frozenset("0123456789〇零一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖")
_DIGIT = f"[{''.join(sorted(_DIGITS))}]"
_GAP = r"[- .·_/\\()|~,、\n\u200b]{0,3}"
_stretch = re.compile(f"{_DIGIT}(?:{_GAP}{_DIGIT})*")
# The last character of a resident id may be an X.
_check_x = re.compile(rf"{_GAP}[Xx](?![A-Za-z])")
# Ids such as 18012345678@chatroom name a group on a platform, and no person.
_platform_id = re.compile("@(?:chatroom|openim)")
# Hashes, ids of snapshots, of findings (as OWN001-0123456789ab), of who was erased, and of accounts.
_id = re.compile(
    "(?<![0-9A-Za-z])(?:[0-9a-f]{16}|[0-9a-f]{24,}|[A-Z][A-Z0-9]+(?:-[0-9]{1,3})?-[0-9a-f]{12}|erased-[0-9a-f]{8}"
    "|[A-Za-z][0-9A-Za-z_-]{1,39}-(?!.?[0-9]{11})[0-9a-f]{12}|wxid_[0-9a-z]{12,20})(?![0-9A-Za-z])"
)
_permit = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{1,2}(?:[- ]?(?P<long>[0-9]{7,10}|[0-9]{4} [0-9]{4})|(?P<short>[0-9]{6})\([0-9A]\))"
    r"(?![0-9A-Za-z])",
    re.IGNORECASE,
)
# Written as a mobile number is read out: three digits, four and four, whatever stands between.
_READ_OUT = r"(?:</?[A-Za-z]{1,8}>|[^\w\n]{0,3})"
_LIKE_DIGIT = f"[{''.join(sorted(_DIGITS))}OoIl]"
_read_out = re.compile(
    rf"(?<!{_DIGIT})[1一幺壹][3-9三四五六七八九叁肆伍陆柒捌玖]{_LIKE_DIGIT}{_READ_OUT}"
    rf"(?P<middle>{_LIKE_DIGIT}{{4}}){_READ_OUT}"
    rf"{_LIKE_DIGIT}{{4}}(?![0-9A-Za-z]|{_DIGIT}|{_platform_id.pattern})"
)
# A paper that says who somebody is, whatever letters its number has.
_paper = re.compile(
    r"(?:胞证|行证|乡证|(?<!快)照|官证|兵证|居留证|身份证)[^\w]{0,3}(?:号码?|编号)?[^\w]{0,3}(?:[\u4e00-\u9fff]字第)?"
    r"(?P<number>[0-9]{6,10})(?![0-9])"
    r"|(?:社保|医保|公积金|病历|就诊卡?|准考证|残疾证)(?:卡|账)?号码?[^\w]{0,3}(?P<long>[A-Z]{0,2}[0-9]{6,18})(?![0-9])"
)
# A name holds no number that anybody need see, whatever it numbers, and whatever stands between its digits.
_in_name = re.compile(f"{_DIGIT}(?:[^\\w]{{0,3}}(?:{_DIGIT}|[OoIl](?={_DIGIT}))){{6,}}")
_date = re.compile(r"(?:19|20)[0-9]{2}(?P<mark>[-./ ]?)(?:0?[1-9]|1[0-2])(?P=mark)(?:0?[1-9]|[12][0-9]|3[01])")
_birthday = re.compile(r"(?:(?:18|19|20)[0-9]{2}|[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\Z")
_address = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
# The number of a row begins behind the end of the row before it.
_row = re.compile(r"\n[0-9]{1,3}[、)]")
_ORDINAL = "(?:[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
# How documents number their clauses, which are listed one after another: 一(一)-1, 二(二), 三(二)2(4).
_clause = re.compile(
    rf"(?<!{_DIGIT}){_ORDINAL}\({_ORDINAL}\)(?:-?[0-9]{{1,2}}(?:\([0-9]{{1,2}}\))?)?(?:-[0-9]{{1,2}})?(?!{_DIGIT})"
)
_listed = re.compile("[0-9]{1,3}(?:(?P<mark>、|, ?)[0-9]{1,3}(?:(?P=mark)[0-9]{1,3}){3,})")
# What a short number counts or belongs to, where it is no telephone number.
_counted = re.compile(r"[ ]?(?:[元万亿个人条次行名户页天年月日号分秒米吨份台字版%:,]|[.][0-9]|[0-9A-Za-z*])")
_counts = re.compile(r"(?:[0-9A-Za-z*¥$€£#第.,:/_+-]|[0-9], ?)\Z")
_mobile = re.compile(r"(?:86|0086)?1[3-9][0-9]{9}")
_landline = re.compile(r"0[1-9][0-9]{1,2}[1-9][0-9]{6,7}")
_short = re.compile(r"[2-8][0-9]{6,7}")
_kept = {"resident": (4, 2), "card": (4, 4), "mobile": (3, 4), "landline": (4, 2), "short": (2, 2)}
# A telephone number without its area code is the shortest; shorter texts need no folding to be let go.
_SHORTEST = 7
# Keys to services, known by how they begin; four characters stay, so that their owner knows which one to withdraw.
_key = re.compile(
    r"(?<![0-9A-Za-z])(?:[sp]k[-_]|gh[opsu]_|github_pat_|glpat-|xox[abeprs]-|AKIA|LTAI|eyJ)[0-9A-Za-z_.-]{14,}"
)
_SHORTEST_KEY = 18
# Zeros begin no number but a mobile one dialled from abroad: ids that count up from 00000001 are let go at once.
_padded = re.compile("00(?!86)[0-9]*")
_at = re.compile("[@\uff20\ufe6b]")
_may_hold = re.compile(f"{_DIGIT}(?:{_GAP}{_DIGIT}){{5}}")


_FEW = 4
"""Digits of which no number of a person is made, nor one by which an account is known."""


def holds_nothing(text: str) -> bool:
    """Return whether a text is of common characters and few digits, as most names are: it has nothing to look for."""
    return _common().issuperset(text) and sum(map(_DIGITS.__contains__, text)) <= _FEW


@cache
def _common() -> frozenset[str]:
    """Return Chinese characters that fold to themselves, digits and plain punctuation.

    Without those that every mark, and every address without a letter, has one of.
    """
    changed = folds().one
    han = (chr(code) for code in range(0x4E00, 0xA000) if code not in changed)
    return frozenset(han) - frozenset("密蜜宓特鼠") | frozenset("0123456789 ()（）、，。《》-—_·")


def mask(text: str) -> str:
    """Return `text` with telephone, identity, passport and card numbers, contacts, plates and keys to services hidden.

    The length stays, and masking twice changes nothing.
    """
    if holds_nothing(text):
        return text
    if len(text) >= _SHORTEST_KEY:
        text = _key.sub(lambda found: found[0][:4] + "*" * (len(found[0]) - 4), text)
    if len(text) < _SHORTEST and not _at.search(text):
        return text
    folded = fold(text)
    characters = list(text)
    for places in contacts_in(folded):
        _hide(places, characters)
    if _may_hold.search(folded) or _read_out.search(folded):
        without_ids = _without_ids(folded)
        numbers = _clause.sub(lambda found: "\0" * len(found[0]), without_ids)
        for found in _stretch.finditer(numbers):
            if found.end() - found.start() >= _SHORTEST and not _padded.fullmatch(found[0]):
                _hide_numbers(_Stretch.of(found), characters)
        _hide_papers(without_ids, characters)
    return "".join(characters)


def mask_name(text: str) -> str:
    """Return a name that somebody shows, masked, with all but the ends of every other long number hidden as well."""
    if holds_nothing(text):
        return text
    characters = list(mask(text))
    for found in _in_name.finditer(_without_ids(fold(text))):
        places = [place for place in range(*found.span()) if found.string[place] in _DIGITS]
        _hide(places[2:-2], characters)
    return "".join(characters)


def _hide_papers(folded: str, characters: list[str]) -> None:
    """Put asterisks over numbers of papers, and over mobile numbers as they are read out."""
    for found in _permit.finditer(folded):
        digits = found["long"] or found["short"]
        if found["short"] or not (len(digits) == 8 and _date.fullmatch(digits) and found[0][0] not in "HMhm"):
            begin = found.start("long" if found["long"] else "short")
            _hide(range(begin, found.end())[2:-2] if found["long"] else range(begin, found.end()), characters)
    for found in _paper.finditer(folded):
        _hide(range(*found.span(found.lastgroup or 0))[2:-2], characters)
    for found in _read_out.finditer(folded):
        if sum(map(_DIGITS.__contains__, found[0])) > _SHORTEST - 2:
            _hide(range(*found.span("middle")), characters)


def _without_ids(folded: str) -> str:
    """Return a folded text with signs in place of hashes and of ids of accounts."""
    return _id.sub(lambda found: found[0] if found[0].isdigit() else "\0" * len(found[0]), folded)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Digits that follow one another, with what stands between them."""

    text: str
    digits: str
    places: Sequence[int]
    starts: frozenset[int]
    """Indexes of digits before which something stands; no number may end elsewhere but before another number."""

    @staticmethod
    def of(found: re.Match[str]) -> _Stretch:
        """Return the stretch that was found, with the X of a resident id where one follows."""
        end = found.end()
        places = [place for place in range(found.start(), end) if found.string[place] in _DIGITS]
        check = _check_x.match(found.string, end)
        digits = "".join(found.string[place] for place in places)
        starts = {
            index
            for index in range(1, len(places))
            if places[index] > places[index - 1] + 1 or digits[index].isascii() != digits[index - 1].isascii()
        }
        digits = digits.translate(_NUMERALS)
        if check:
            places.append(check.end() - 1)
            digits += "X"
        return _Stretch(found.string, digits, places, frozenset({0, *starts, len(places)}))


def numerals_in(folded: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield kind, digits, begin and end of each number of a person that a folded text seems to hold; checks aside."""
    for found in _stretch.finditer(folded):
        if found.end() - found.start() >= _SHORTEST:
            stretch = _Stretch.of(found)
            for kind, begin, end in _numbers_in(stretch):
                yield kind, stretch.digits[begin:end], stretch.places[begin], stretch.places[end - 1] + 1


def _numbers_in(stretch: _Stretch) -> Iterator[tuple[str, int, int]]:
    """Yield kind, first digit and end of every number that the stretch holds."""
    index = 0
    for start in sorted(stretch.starts):
        index = max(index, start)
        while index < len(stretch.digits) and index == start:
            kind, end = next(_numbers_at(stretch, index), ("", index))
            if not kind:
                break
            yield kind, index, end
            index = start = end


def _hide_numbers(stretch: _Stretch, characters: list[str]) -> None:
    """Put asterisks over the middle digits of every number that the stretch holds."""
    for kind, begin, end in _numbers_in(stretch):
        before, after = _kept[kind]
        first = end - 11 if kind == "mobile" else begin
        _hide(stretch.places[first + before : end - after], characters)


def _numbers_at(stretch: _Stretch, begin: int, *, alone: bool = True) -> Iterator[tuple[str, int]]:
    """Yield kind and end of the numbers that begin at a digit and end where something else does.

    Unless `alone`, the number follows another one directly, and must not be followed by a third that does not fit.
    """
    for kind, end in _shapes(stretch, begin):
        follows = (
            end in stretch.starts
            or (alone and next(_numbers_at(stretch, end, alone=False), None) is not None)
            or _is_run(stretch, kind, end - begin, end)
        )
        if follows and not _is_something_else(stretch, kind, begin, end):
            yield kind, end


def _is_run(stretch: _Stretch, kind: str, length: int, begin: int) -> bool:
    """Return whether two more numbers of one kind and length follow directly: a list without anything between."""
    return all((kind, at + length) in _shapes(stretch, at) for at in (begin, begin + length))


def _shapes(stretch: _Stretch, begin: int) -> Iterator[tuple[str, int]]:
    """Yield kind and end of what the digits from `begin` look like, the surest first."""
    digits = stretch.digits[begin : begin + 19]
    for length, birthday in ((18, slice(6, 14)), (15, slice(6, 12))):
        whole = digits[:length]
        checked = whole[:-1] if length == 18 else whole
        if len(whole) == length and checked.isdigit() and whole[0] != "0" and _birthday.match(whole[birthday]):
            yield "resident", begin + length
    found = _mobile.match(digits)
    if found:
        yield "mobile", begin + found.end()
    for length in range(min(19, len(digits)), 14, -1):
        if digits[:length].isdigit() and ((digits.startswith("62") and length > 14) or _luhn(digits[:length])):
            yield "card", begin + length
    found = _landline.match(digits)
    if found and stretch.starts.isdisjoint((begin + 1, begin + 2)):
        yield from (("landline", begin + end) for end in (found.end(), found.end() - 1) if end > 9)
    found = _short.match(digits)
    if found and stretch.starts.isdisjoint(range(begin + 1, begin + found.end())):
        yield "short", begin + found.end()


def _is_something_else(stretch: _Stretch, kind: str, begin: int, end: int) -> bool:
    """Return whether dates, an address on the network or something that is counted look like a number."""
    first, last = stretch.places[begin], stretch.places[end - 1] + 1
    if end == len(stretch.digits) and _platform_id.match(stretch.text, last):
        return True
    written = stretch.text[first:last]
    if kind == "short":
        beside = _counted.match(stretch.text, last) or _counts.search(stretch.text[max(0, first - 3) : first])
        # A name may end in a numeral: 李四 3682221.
        more = any(stretch.text[place].isascii() for place in (*stretch.places[:begin], *stretch.places[end:]))
        return bool(beside or _date.fullmatch(written) or not written.isascii() or more)
    if kind in ("mobile", "card", "landline"):
        spaced = written != stretch.digits[begin:end]
        dated = spaced and any(
            len(found[0]) > 8 or found.start() > 0 for found in _date.finditer(written) if not found[0].isdigit()
        )
        return bool(dated or _address.fullmatch(written) or _row.search(written) or _is_list(written))
    return False


def _is_list(written: str) -> bool:
    """Return whether what is written are numbers of rows or parts, one after another: 1, 3, 4, 15, 16, 17, 18."""
    if not _listed.fullmatch(written):
        return False
    numbers = [int(number) for number in re.findall("[0-9]+", written)]
    return all(one < other for one, other in itertools.pairwise(numbers))


def _hide(places: Sequence[int], characters: list[str]) -> None:
    """Put asterisks at `places`."""
    for place in places:
        characters[place] = "*"


def _luhn(digits: str) -> bool:
    """Return whether `digits` is as long as a card number, begins like one, and its check digit is right."""
    if not (16 <= len(digits) <= 19 and digits[0] in "3456"):
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(int(digit) for digit in digits[-1::-2]) + sum(value - 9 * (value > 9) for value in doubled)) % 10 == 0
