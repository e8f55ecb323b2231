"""See through what people and programs write around a mark: entities, tags, markers, enclosed numbers.

A text is read as one sees it, and every character remembers where it stands in the original, so that
what is found there can be pointed at.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from policycore import fold

__all__ = ["ESCAPED_PATTERN", "Seen", "seen"]

_ENTITY = r"&(?:amp;)?(?:#x[0-9A-Fa-f]{2,6}|#[0-9]{2,7}|[A-Za-z]{2,8});"
ESCAPED_PATTERN = rf"{_ENTITY}|\\u[0-9A-Fa-f]{{4}}|[\x{{2469}}-\x{{2473}}\x{{247d}}-\x{{2487}}\x{{2491}}-\x{{249b}}]"
"""What to scan for, in the linear dialect: a character that stands for others than itself."""

_token = re.compile(
    rf"(?P<entity>{_ENTITY})|\\u(?P<escape>[0-9A-Fa-f]{{4}})"
    r"|(?P<tag></?[A-Za-z][^<>\n]{0,80}>|\[/?(?:b|i|u|s|color|size|font|center)(?:=[^\]\n]{0,20})?\])"
    r"|(?P<enclosed>[\u2469-\u2473\u247d-\u2487\u2491-\u249b])"
)
_may_hold_tokens = re.compile("[&\\\\<\\[\u2460-\u24ff]")
# Emphasis around a level is no star beside it: **秘密**1年前就公开了.
_emphasis = re.compile(r"(\*{1,3}|_{1,3}|~~|`)([ \u200b]?[绝机秘]\W{0,2}密级?[ \u200b]?)\1")


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as one sees it; `begins` and `ends` say where each character stands in the original."""

    text: str
    begins: Sequence[int]
    ends: Sequence[int]
    escaped: frozenset[int] = frozenset()
    """Places in `text` of characters that stand for others in the original."""


def seen(folded: str) -> Seen:
    """Return a folded text without entities, tags and emphasis."""
    if not _may_hold_tokens.search(folded) and not _emphasis.search(folded):
        return Seen(folded, range(len(folded)), range(1, len(folded) + 1))
    characters: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    escaped: set[int] = set()

    def put(text: str, begin: int, end: int) -> None:
        characters.extend(text)
        begins.extend([begin] * len(text))
        ends.extend([end] * len(text))

    last = 0
    for found in _token.finditer(folded):
        for place in range(last, found.start()):
            put(folded[place], place, place + 1)
        text = _stands_for(found)
        escaped.update(range(len(characters), len(characters) + len(text)))
        put(text, *found.span())
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
        frozenset(new for new, place in enumerate(kept) if place in escaped),
    )


def _stands_for(found: re.Match[str]) -> str:
    """Return the characters that an entity, an escape or an enclosed number stands for; none for a tag."""
    if found["entity"]:
        text = html.unescape(found[0].replace("&amp;", "&"))
        return fold(text) if text[:1] != "&" else found[0]
    if found["escape"]:
        return fold(chr(int(found["escape"], 16)))
    if found["enclosed"]:
        return "".join(character for character in unicodedata.normalize("NFKC", found[0]) if character.isdigit())
    return ""
