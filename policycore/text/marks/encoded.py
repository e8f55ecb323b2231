"""Read what is written in another encoding: base64, hexadecimal, escapes, bytes that were read as Latin letters."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

__all__ = ["ENCODED_PATTERN", "decoded"]

_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5")
# Every level ends in this character: bytes without it need not be decoded.
_TOLD = {encoding: "密".encode(encoding) for encoding in _ENCODINGS}
_token = re.compile(r"[0-9A-Za-z+/_-]{8,}")
_hexadecimal = re.compile(r"(?:[0-9A-Fa-f]{2}){6,}")
_escape = re.compile(r"(?:[%=]|\\x)([0-9A-Fa-f]{2})")
_upper_half = re.compile("[\x80-\xff]")
_url_safe = str.maketrans("-_", "+/")


def _in_base64(raw: bytes) -> Iterator[str]:
    """Yield the characters of base64 that `raw` alone decides, for each place where its groups may begin."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + raw + b"...").decode()
        decided = whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        yield decided.replace("+", "[+-]").replace("/", "[/_]")


ENCODED_PATTERN = (
    "|".join([_upper_half.pattern, _escape.pattern, *(part for raw in _TOLD.values() for part in _in_base64(raw))])
    + f"|(?i:{'|'.join(raw.hex() for raw in _TOLD.values())})"
)
"""What a text has in it in which an encoded mark may stand; all others need no look; in the linear dialect."""


def decoded(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each text that may stand encoded in `text`, with offset and length of what it is encoded in."""
    for found in _token.finditer(text):
        token = found[0].translate(_url_safe)
        if _hexadecimal.fullmatch(token):
            yield from _read(bytes.fromhex(token), found.start(), len(token))
        # Other letters may stand before it, and hide where its groups of four begin.
        for start in range(min(4, len(token) - 7)):
            whole = token[start : len(token) - (len(token) - start) % 4]
            rest = token[len(whole) + start :]
            padded = whole + (rest + "==="[: 4 - len(rest)] if len(rest) > 1 else "")
            yield from _read(base64.b64decode(padded), found.start(), len(token))
    unescaped = _escape.sub(lambda found: chr(int(found[1], 16)), text)
    if _upper_half.search(unescaped):
        for encoding in ("latin-1", "cp1252"):
            yield from _read(unescaped.encode(encoding, "replace"), 0, len(text))


def _read(raw: bytes, offset: int, length: int) -> Iterator[tuple[str, int, int]]:
    """Yield what bytes say in each encoding in which they may hold a level."""
    for encoding, told in _TOLD.items():
        if told in raw:
            for start in range(2 if encoding.startswith("utf-16") else 1):
                yield raw[start:].decode(encoding, "ignore"), offset, length
