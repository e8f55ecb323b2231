"""Read documents, workbooks and slides: every text of every part, as no library reads all of them.

Marks stand in headers, text boxes, notes, comments and word art; libraries for these formats offer the paragraphs of
the body. All of these parts say their texts in a few elements, so that one reader of XML is enough for all three.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from policycore.files.archive import member
from policycore.files.taken import LimitError, Taking

__all__ = ["read_office"]

_HEADER_CODES = re.compile(r"&(?:\"[^\"]{0,99}\"|[0-9]{1,3}|[A-Za-z])")
_TEXTS = frozenset(("t", "delText", "v"))
_LINES = frozenset(
    ("author", "text", "creator", "lastModifiedBy", "title", "subject", "keywords", "description", "category", "lpwstr",
     "formula1", "definedName")
)  # fmt: skip
_SPOKEN = {
    "textpath": ("string",),
    "docPr": ("title", "descr"),
    "cNvPr": ("title", "descr"),
    "sheet": ("name",),
    "s": ("v",),
    "n": ("v",),
    "dataValidation": ("promptTitle", "prompt", "errorTitle", "error"),
}
"""What is said in attributes: word art, words in a picture's place, a sheet's name, a cell kept for a pivot, what a
cell tells of what it may hold."""
_MARGINS = frozenset(f"{which}{part}" for which in ("odd", "even", "first") for part in ("Header", "Footer"))
_ENDS = {
    "p": "\n",
    "si": "\n",
    "row": "\n",
    "br": "\n",
    "cr": "\n",
    "tab": "\t",
    "tc": "\t",
    "c": "\t",
    "comment": "\n",
    **dict.fromkeys(_LINES, "\n"),
}
_STAR = {("wingdings", 0xAB): "★", ("wingdings", 0xB6): "☆", ("wingdings 2", 0xEA): "★"}
_STARS = {0xF0AB: "★", 0xF0B6: "☆"}
"""Where such a font was chosen for the letters around, what it draws a star for has a code of its own."""
_binary = re.compile(r"xl/(?:workbook|sharedStrings|comments[0-9]*|[a-z]+sheets/[^/]*)\.bin")
"""Parts of a workbook whose text is no XML."""
_FOLDERS = ("word", "xl", "ppt", "docProps")
_SILENT = re.compile(
    r".*\.(?:xml|rels|odttf|fntdata)|(?!.*/embeddings/).*\.bin|docProps/thumbnail\..*|_xmlsignatures/.*|.*/"
)
"""Members that say nothing, or are read as parts."""
_WORD_PARTS = ("header", "document", "footer", "footnotes", "endnotes", "comments")
_number = re.compile(r"([0-9]+)\.xml$")


def read_office(data: bytes, taking: Taking) -> None:
    """Take the texts of a document, workbook or presentation, and of what is embedded in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "[Content_Types].xml" in archive.namelist():
            _read_parts(archive, taking)
        else:
            _read_open_document(archive, taking)


def _read_parts(archive: zipfile.ZipFile, taking: Taking) -> None:
    """Take the texts of all parts."""
    infos = {info.filename: info for info in archive.infolist()}
    parts = sorted((name for name in infos if name.endswith(".xml")), key=_order)
    shared: list[str] = []
    for name in parts:
        folder, _, rest = name.partition("/")
        if folder not in _FOLDERS or "/theme/" in name or rest in ("styles.xml", "app.xml"):
            continue
        taking.budget.entries -= 1
        content = member(archive, infos[name], taking)
        if name == "xl/sharedStrings.xml":
            shared = [text.strip("\n") for text in _strings(content)]
            continue
        first = _page_of(name)
        if first is not None and rest.startswith(("slides/", "worksheets/")):
            taking.page()
        for number, text in enumerate(_pages(content, shared)):
            taking.put(text, None if first is None else first + number)
    if not any(name.startswith(("word/", "xl/", "ppt/")) for name in parts) or any(map(_binary.fullmatch, infos)):
        taking.miss("kind")  # drawings and papers of other programs are packed alike and say their texts elsewhere
    for name in infos:
        if not _SILENT.fullmatch(name):
            _take_member(archive, infos[name], taking)


def _take_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, taking: Taking) -> None:
    """Take a member as a file of its own."""
    inner = taking.inner(info.filename)
    try:
        content = member(archive, info, taking)
    except LimitError as error:
        inner.miss(error.reason)
    else:
        inner.take(content)


def _read_open_document(archive: zipfile.ZipFile, taking: Taking) -> None:
    """Take the texts of a document of the open format, and the pictures in it."""
    for info in archive.infolist():
        if info.filename in ("content.xml", "styles.xml", "meta.xml"):
            taking.put("\n".join(_paragraphs(member(archive, info, taking))))
        elif info.filename.startswith(("Pictures/", "Object ")) and not info.is_dir():
            taking.take(member(archive, info, taking), info.filename)


def _order(name: str) -> tuple[int, int, str]:
    """Return what sorts parts as they are read: shared texts before sheets, headers before the body, by number."""
    kinds = [kind for kind, word in enumerate(_WORD_PARTS) if name.startswith(f"word/{word}")]
    found = _number.search(name)
    return (-1 if "sharedStrings" in name else kinds[0] if kinds else 9, int(found[1]) if found else 0, name)


def _page_of(name: str) -> int | None:
    """Return the page on which a part begins: a slide's or sheet's number, the first of a document."""
    if name.startswith("word/"):
        return 1 if name.startswith(("word/document", "word/header", "word/footer")) else None
    found = _number.search(name)
    return int(found[1]) if found and name.startswith(("ppt/slides/", "ppt/notesSlides/", "xl/worksheets/")) else None


def _events(content: bytes) -> Iterator[tuple[str, str, Any]]:
    """Yield begin and end of the elements of an XML file; LimitError where it declares entities of its own."""
    from lxml import etree

    _refuse_entities(content)
    reading = etree.iterparse(
        io.BytesIO(content), events=("start", "end"), resolve_entities=False, no_network=True, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    for event, element in reading:
        yield event, str(element.tag).rpartition("}")[2], element
        if event == "end":
            element.clear(keep_tail=True)


def _refuse_entities(content: bytes) -> None:
    """Raise LimitError where an XML file declares entities of its own, which no program for offices does."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise LimitError("broken")


def _strings(content: bytes) -> Iterator[str]:
    """Yield the shared texts of a workbook, each by its number."""
    parts: list[str] = []
    for event, name, element in _events(content):
        if event == "end" and name == "t":
            parts.append(element.text or "")
        elif event == "end" and name == "si":
            yield "".join(parts)
            parts = []


def _pages(content: bytes, shared: Sequence[str]) -> Iterator[str]:
    """Yield the text of a part, page by page as the program that wrote it broke them."""
    parts: list[str] = []
    kind = ""
    # Of each alternative: what was said before it; and, of those for old programs, what the new ones say.
    began: list[int] = []
    aside: list[list[str]] = []
    # Where the program noted how it broke the pages, a break that somebody typed is among them.
    noted = b"lastRenderedPageBreak" in content
    for event, name, element in _events(content):
        if name == "AlternateContent":
            began = [*began, len(parts)] if event == "start" else began[:-1]
        elif name == "Fallback" and event == "start":
            aside.append(parts)
            parts = []
        elif name == "Fallback":
            # A text box stands there a second time for old programs, which need not say the same.
            old, parts = parts, aside.pop()
            new = "".join("".join(parts[began[-1] if began else 0 :]).split())
            parts += [] if "".join("".join(old).split()) in new else old
        if event == "start":
            kind = element.get("t", "") if name == "c" else kind
            typed = name == "br" and _attribute(element, "type") == "page"
            if not aside and (name == "lastRenderedPageBreak" or (typed and not noted)):
                yield "".join(parts)
                parts = []
            continue
        text = element.text or ""
        if name == "v" and kind == "s" and text.isdecimal() and int(text) < len(shared):
            text = shared[int(text)]
        parts += [_said(name, text, element), _ENDS.get(name, "")]
    yield "".join(parts)


def _said(name: str, text: str, element: Any) -> str:
    """Return what an element says."""
    if name in _TEXTS or name in _LINES:
        return text.translate(_STARS)
    if name in _SPOKEN:
        said = (_attribute(element, attribute) for attribute in _SPOKEN[name])
        return "".join(f"\n{one}\n" for one in said if one)
    if name in _MARGINS:
        return _HEADER_CODES.sub("\n", text) + "\n"
    return _symbol(element) if name == "sym" else ""


def _attribute(element: Any, name: str) -> str:
    """Return an attribute whatever its prefix; '' where there is none."""
    return next((str(value) for key, value in element.items() if key.rpartition("}")[2] == name), "")


def _symbol(element: Any) -> str:
    """Return the character that a symbol of a font of pictures looks like."""
    try:
        code = int(_attribute(element, "char"), 16)
    except ValueError:
        return ""
    return _STAR.get((_attribute(element, "font").lower(), code & 0xFF), chr(code) if code < 0xD800 else "")


def _paragraphs(content: bytes) -> Iterator[str]:
    """Yield the texts of the paragraphs of an open document."""
    from lxml import etree

    _refuse_entities(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    for element in etree.fromstring(content, parser).iter("{*}p", "{*}h", "{*}title", "{*}subject", "{*}keyword"):
        yield "".join(element.itertext())
