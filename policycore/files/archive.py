"""Read archives and the documents that are archives: member by member, within what is left to the whole file."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from policycore.files.taken import LimitError, Taking

__all__ = ["member", "read_old_office", "read_zip"]

_drawing = re.compile(rb"\xec\x00..\x0f\x00\x02\xf0", re.DOTALL)
"""The begin of what is drawn on a sheet of an old workbook."""


def read_zip(data: bytes, taking: Taking) -> None:
    """Take the names and the texts of all members."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            inner = taking.inner(_name(info))
            inner.put(inner.file)
            if not info.is_dir():
                try:
                    content = member(archive, info, taking)
                except LimitError as error:
                    inner.miss(error.reason)
                    if taking.budget.unpacked <= 0:
                        raise
                else:
                    inner.take(content)


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; without the mark of UTF-8 it is in the encoding of the machine that packed it."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, taking: Taking) -> bytes:
    """Return the content of a member; LimitError where it is encrypted, damaged or more than is left."""
    if info.flag_bits & 1:
        raise LimitError("encrypted")
    left = max(0, taking.budget.unpacked)
    try:
        with archive.open(info) as stream:
            content = stream.read(left + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        raise LimitError("broken") from None
    except (NotImplementedError, RuntimeError):
        raise LimitError("kind") from None  # packed in a way that is not known here
    taking.budget.unpacked -= len(content)
    if len(content) > left:
        raise LimitError("large")
    return content


def read_old_office(data: bytes, taking: Taking) -> None:
    """Take the cells of an old workbook; other old documents are not read, encrypted new ones have the same shell."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise LimitError("encrypted")
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise LimitError("kind")
    from python_calamine import CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for number, title in enumerate(workbook.sheet_names, 1):
            taking.page()
            rows = workbook.get_sheet_by_name(title).to_python(skip_empty_area=True)
            lines = ("\t".join(_cell(cell) for cell in row) for row in rows)
            taking.put("\n".join([title, *lines]), number)
    except LimitError:
        raise
    except BaseException as error:  # the reader is native code whose panics are no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise LimitError("encrypted" if "assword" in str(error) else "broken") from None
    # Boxes and comments of the old format are not among its cells.
    if _drawing.search(data):
        taking.miss("kind")


def _cell(value: object) -> str:
    """Return a cell as it reads: a long number without a decimal point."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
