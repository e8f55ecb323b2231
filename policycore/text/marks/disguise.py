"""See through what people and programs write around a mark: entities, tags, markers, long gaps, enclosed numbers.

A text is read as one sees it, and every character remembers where it stands in the original, so that
what is found there can be pointed at.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from policycore.text.fold import fold
from policycore.text.marks.periods import SIGNS

__all__ = ["ESCAPED_PATTERN", "Seen", "seen"]

_ENTITY = r"&(?:amp;)?(?:#x[0-9A-Fa-f]{2,6};?|#[0-9]{2,7};?|[A-Za-z]{2,8};)"
_PERCENT = r"%[Ee][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}"
_STAR_IN_WORDS = r":star2?:|[(【\[][5五]?角?星星?[)】\]]|[5五]角星|加?星号"
# A character taken apart, or half a level in pinyin, beside the other half.
_PARTS = r"木几|禾必|[纟糸]色"
_HALVES = r"[绝机秘][ ]?[Mm][Ii]?[^\u3400-\u9fff★]{0,3}★|(?:[Jj][Uu][Ee]|[JjMm][Ii])[ ]?密[^\u3400-\u9fff★]{0,3}★"
# What a chat puts between the characters of a mark: signs and emoji, its own faces [偷笑], people who are called.
_LETTERS = r"\u3400-\u9fff"
_FACE_OR_NAME = rf"\[[{_LETTERS}A-Za-z]{{1,5}}\]|@[^ @\n]{{1,12}}[ ]"
_DRAWN_BETWEEN = rf"[绝机秘密级★][^{_LETTERS}]{{0,12}}(?:{_FACE_OR_NAME})[^{_LETTERS}]{{0,12}}[密级★长]"
ESCAPED_PATTERN = rf"{_DRAWN_BETWEEN}|{_ENTITY}|{_PERCENT}|{_STAR_IN_WORDS}|\\u[0-9A-Fa-f]{{4}}|{_PARTS}|{_HALVES}"
"""What to scan for, in the linear dialect: characters that stand for others than themselves."""

_STAR_AND_TERM = r"[^\u3400-\u9fff★]{0,3}★(?:$|[^\u3400-\u9fff]|长期|[一二三五十])"
_LIGHT = r"[ \u200b.,:'\"()\[\]/_~+-]{0,4}"
_DRAWN = rf"{_LIGHT}(?:(?:[^\w\s★*。.?!;,:{SIGNS}]|(?!\[[绝机秘])(?:{_FACE_OR_NAME})){_LIGHT}){{1,8}}"
_token = re.compile(
    rf"(?P<between>(?<=[绝机秘密级]){_DRAWN}(?=[密级★])|(?<=★){_DRAWN}(?=[0-9一二三五十长]))|"
    rf"(?P<drawn>[\u0300-\u036f\u20d0-\u20ff]+|<!--[^<>\n]{{0,80}}-->)|(?P<entity>{_ENTITY})|(?P<percent>{_PERCENT})|(?P<star>{_STAR_IN_WORDS})|\\u(?P<escape>[0-9A-Fa-f]{{4}})"
    rf"|(?P<parts>{_PARTS})(?=\W{{0,3}}密)"
    rf"|(?:(?<=[绝机秘])|(?<=[绝机秘] ))(?P<second>[Mm][Ii]?)(?={_STAR_AND_TERM})"
    rf"|(?<![A-Za-z])(?P<first>[Jj][Uu][Ee]|[JjMm][Ii])(?=[ ]?密{_STAR_AND_TERM})"
    r"|(?P<tag></?[A-Za-z][^<>\n]{0,80}>|\[/?(?:b|i|u|s|color|size|font|center)(?:=[^\]\n]{0,20})?\])"
    r"|(?P<enclosed>[\u2469-\u2473\u247d-\u2487\u2491-\u249b])"
    r"|(?P<blank>[ \n\u200b.·…_-])(?:(?P=blank)|[ \u200b]){2,}"
)
# Emphasis around a level is no star beside it: **秘密**1年前就公开了.
_emphasis = re.compile(r"(\*{1,3}|_{1,3}|~~|`)([ \u200b]?[绝机秘]\W{0,2}密级?[ \u200b]?)\1")

_FIRST_OF = {"几": "机", "必": "秘", "色": "绝", "e": "绝", "i": "机"}


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as one sees it; `begins` and `ends` say where each character stands in the original."""

    text: str
    begins: Sequence[int]
    ends: Sequence[int]


def seen(folded: str) -> Seen:
    """Return a folded text without entities, tags, emphasis and long gaps."""
    if not _token.search(folded) and not _emphasis.search(folded):
        return Seen(folded, range(len(folded)), range(1, len(folded) + 1))
    characters: list[str] = []
    begins: list[int] = []
    ends: list[int] = []

    def put(text: str, begin: int, end: int) -> None:
        characters.extend(text)
        begins.extend([begin] * len(text))
        ends.extend([end] * len(text))

    last = 0
    for found in _token.finditer(folded):
        for place in range(last, found.start()):
            put(folded[place], place, place + 1)
        put(_stands_for(found), *found.span())
        last = found.end()
    for place in range(last, len(folded)):
        put(folded[place], place, place + 1)
    text = "".join(characters)
    gone = {
        place
        for found in _emphasis.finditer(text)
        for place in (*range(*found.span(1)), *range(found.end(2), found.end()))
    }
    kept = [place for place in range(len(text)) if place not in gone]
    return Seen(
        "".join(text[place] for place in kept),
        [begins[place] for place in kept],
        [ends[place] for place in kept],
    )


def _stands_for(found: re.Match[str]) -> str:
    """Return what a token stands for: a character, the digits of an enclosed number, or nothing.

    Nothing stands for tags, comments and strokes through characters. A long gap becomes a short one:
    however far apart its parts are, a mark is one.
    """
    if found["entity"]:
        text = html.unescape(found[0].replace("&amp;", "&"))
        return fold(text) if text[:1] != "&" else found[0]
    if found["percent"]:
        return fold(unquote(found[0], errors="replace"))
    if found["star"]:
        return "★"
    if found["blank"]:
        return found["blank"] * 2
    if found["parts"] or found["first"]:
        return _FIRST_OF[found[0][-1].lower()]
    if found["second"]:
        return "密"
    if found["escape"]:
        return fold(chr(int(found["escape"], 16)))
    if found["enclosed"]:
        return "".join(character for character in unicodedata.normalize("NFKC", found[0]) if character.isdigit())
    return ""
