"""Tell what a file is by what is in it, never by its name, and take its text out as each kind that it is."""

from __future__ import annotations

import io
import re
import zipfile

from policycore.files.taken import Budget, LimitError, Taken, Taking

__all__ = ["kinds_of", "take", "take_into"]

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
_UNREAD = (
    *_OTHER_ARCHIVES, b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"{\\rtf", b"MZ", b"\x7fELF", b"ID3",
    b"OggS", b"#!AMR", b"\x02#!SILK", b"#!SILK", b"fLaC", b"%!PS", b"SQLite format 3\0",
)  # fmt: skip
_encoded_word = re.compile(rb"=\?[A-Za-z0-9-]{2,20}\?[BbQq]\?")
"""How letters write what is no ASCII in their heads."""
_MARKUP = (b"<!doctype", b"<xml", b"<html", b"<head", b"<body", b"<?xml", b"<svg", b"<div", b"<p>", b"<p ", b"<table")


def kinds_of(data: bytes) -> tuple[str, ...]:
    """Return the kinds that a file is, the one it begins as first: of a picture with an archive behind it, both."""
    found = [_begins_as(data)]
    if found[0] in ("zip", "office") and _first_archive(data):
        found.append("zip-before")
    if "pdf" not in found and b"%PDF-" in data[:1024]:
        found.append("pdf")
    if "zip" not in found and found[0] != "office" and zipfile.is_zipfile(io.BytesIO(data)):
        found.append("zip")
    if found[0] == "picture" and any(mark in data for mark in (*_OTHER_ARCHIVES, b"<html", b"<HTML")):
        found.append("other")
    return tuple(found)


def _begins_as(data: bytes) -> str:
    """Return the kind of a file by its first bytes."""
    if not data:
        return "empty"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "office" if _is_office(data) else "zip"
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "picture"
    if data.startswith(_OLE):
        return "ole"
    if data.startswith(_UNREAD) or data[4:8] == b"ftyp" or data[:4] == b"RIFF" or data[257:262] == b"ustar":
        return "other"
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"content-transfer-encoding:" in data[:65536].lower() or _encoded_word.search(data[:65536]):
        return "other"
    return "html" if head.startswith(_MARKUP) or b"<html" in head else "text"


def _is_office(data: bytes) -> bool:
    """Return whether an archive is a document of an office program."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names


def _first_archive(data: bytes) -> bytes:
    """Return the archive that stands before the one whose list of members is the last; b"" where it stands alone.

    Who unpacks from the begin sees the first of the two, who goes by the list at the end the last.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return data[: min((info.header_offset for info in archive.infolist()), default=0)]
    except (zipfile.BadZipFile, ValueError, OSError):
        return b""


def _read_before(data: bytes, taking: Taking) -> None:
    """Take what the first of two archives holds."""
    taking.take(_first_archive(data), "before")


def take(data: bytes, ocr: str = "all", budget: Budget | None = None) -> Taken:
    """Return all text of a file, with what could not be read of it."""
    taking = Taking(take_into, ocr, budget=budget)
    kind = take_into(data, taking)
    return Taken(kind, tuple(taking.pieces), tuple(taking.unread), taking.picture)


def take_into(data: bytes, taking: Taking) -> str:
    """Put the text of a file into `taking`; return its kind. What goes wrong with one kind leaves the others."""
    kinds = kinds_of(data)
    for kind in kinds:
        try:
            _read(kind, data, taking)
        except LimitError as error:
            taking.miss(error.reason)
        except MemoryError:
            taking.miss("memory")
        except RecursionError:
            taking.miss("large")
        except Exception:
            # Libraries raise dozens of kinds over damaged files, and none of them may stop the others.
            taking.miss("broken")
    return "+".join(kinds)


def _read(kind: str, data: bytes, taking: Taking) -> None:
    """Read a file as one kind."""
    if kind == "empty":
        # What an export left out often lies there with nothing in it; in an archive it is there for its name.
        if not taking.depth:
            taking.miss("broken")
    elif kind.startswith("zip"):
        from policycore.files.archive import read_zip

        (read_zip if kind == "zip" else _read_before)(data, taking)
    elif kind == "office":
        from policycore.files.office import read_office

        read_office(data, taking)
    elif kind == "pdf":
        from policycore.files.pdf import read_pdf

        read_pdf(data, taking)
    elif kind == "picture":
        from policycore.files.picture import read_picture

        read_picture(data, taking)
    elif kind in ("text", "html"):
        from policycore.files.plain import read_html, read_text

        (read_text if kind == "text" else read_html)(data, taking)
    elif kind == "ole":
        from policycore.files.archive import read_old_office

        read_old_office(data, taking)
    elif kind == "other":
        taking.miss("kind")
