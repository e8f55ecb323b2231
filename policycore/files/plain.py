"""Read plain text and web pages, in the encodings that people send."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes

from policycore.files.taken import LimitError, Taking

__all__ = ["decoded", "read_html", "read_text"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_charset = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([A-Za-z0-9_-]{1,20})", re.IGNORECASE)
_heading = re.compile("h[1-6]")
_binary = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_foreign = re.compile("[^\0-\x7f]")
_private = re.compile("[\ue000-\uf8ff]")
_quotes = re.compile("[\"'`\n]")
_escaped = re.compile(r"\\u\{?([0-9A-Fa-f]{4})\}?")
_chinese = re.compile("[\u3400-\u9fff]")
_picture = re.compile(r"\"(data:image/[^\"]*)\"|'(data:image/[^']*)'|(data:image/[^\s\"'()<>]*)", re.IGNORECASE)
"""An address that is the picture itself, within what a page says of its looks or does."""
_DRAWN = frozenset(("path", "polygon", "polyline"))
"""What draws letters as lines."""
_BLOCKS = frozenset(("p", "div", "br", "li", "tr", "td", "th", "title", "table", "section", "pre", "option", "text"))


def decoded(data: bytes) -> str:
    """Return the text of a file; LimitError (``kind``) where its bytes are no text in an encoding that is known."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding)
    sample = data[:4096]
    try:
        if sample.count(0) * 3 > len(sample):
            text = _strict(data, "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be")
        else:
            text = data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _charset.search(data[:2048])
        big5 = declared and declared[1].lower() in (b"big5", b"big5-hkscs")
        text = _strict(data, "big5hkscs" if big5 else "gb18030")
        # What is written in Big5 gives characters of nobody's in GB 18030, rare names do so too: both are kept.
        if not big5 and len(_private.findall(text[:65536])) * 10 > len(_foreign.findall(text[:65536])):
            with suppress(LimitError):
                text = f"{_strict(data, 'big5hkscs')}\n{text}"
    # A text holds a control character here and there; what is full of them is something else.
    if len(_binary.findall(text[:65536])) * 50 > len(text[:65536]):
        raise LimitError("kind")
    return text


def _strict(data: bytes, encoding: str) -> str:
    """Return bytes as text; LimitError where they are none in this encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise LimitError("kind") from None


def read_text(data: bytes, taking: Taking) -> None:
    """Take the whole of a plain text."""
    taking.put(decoded(data).replace("\r\n", "\n").replace("\r", "\n"))


def read_html(data: bytes, taking: Taking) -> None:
    """Take what a page says, the names that stand for its pictures, and the pictures that it holds itself."""
    page = _Page()
    page.feed(decoded(data))
    page.close()
    text, hidden = "".join(page.parts), "".join(page.hidden)
    page.look_for_pictures(hidden)
    taking.put(text)
    taking.put("\n".join(_made(hidden, text)))
    if page.drawn or (hidden and not (page.pictures or text.strip())):
        taking.miss("kind")
    for number, picture in enumerate(page.pictures, 1):
        content = _content(picture)
        if content is None:
            taking.inner(f"image{number}").miss("broken")
        else:
            taking.take(content, f"image{number}")


def _made(hidden: str, text: str) -> Iterator[str]:
    """Yield what scripts and styles of a page have in Chinese to put into it, and is not in its text already."""
    said = {line.strip() for line in text.splitlines()}
    for part in _quotes.split(_escaped.sub(lambda found: chr(int(found[1], 16)), hidden)):
        if _chinese.search(part) and part.strip() not in said:
            yield part


def _content(address: str) -> bytes | None:
    """Return what a ``data:`` address holds; None where it is damaged."""
    head, _, body = address.partition(",")
    content = unquote_to_bytes(body)
    try:
        return base64.b64decode(content) if head.endswith(";base64") else content
    except binascii.Error:
        return None


class _Page(HTMLParser):
    """The readable parts of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.pictures: list[str] = []
        self.hidden: list[str] = []
        self.drawn = False
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line at a block; keep what stands for a picture."""
        if tag in ("script", "style"):
            self._hidden = tag
        if tag in _BLOCKS or _heading.fullmatch(tag):
            self.parts.append("\n")
        self.drawn |= tag in _DRAWN
        for name, value in attrs:
            if name in ("alt", "title", "value", "content", "placeholder", "srcdoc", "label") and value:
                self.parts.append(f"\n{value}\n")
            elif name in ("src", "href", "xlink:href", "data") and (value or "").lower().startswith("data:"):
                self.pictures.append(value or "")
            else:
                self.look_for_pictures(value or "")

    def handle_endtag(self, tag: str) -> None:
        """End what is hidden, and a line at a block."""
        if tag == self._hidden:
            self._hidden = ""
        if tag in _BLOCKS or _heading.fullmatch(tag):
            self.parts.append("\n")

    def look_for_pictures(self, words: str) -> None:
        """Keep the pictures that stand in words."""
        self.pictures += ("".join(found) for found in _picture.findall(words))

    def handle_data(self, data: str) -> None:
        """Keep what is said."""
        (self.hidden if self._hidden else self.parts).append(data)
