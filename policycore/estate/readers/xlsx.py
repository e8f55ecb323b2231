"""Read the sheets of workbooks as cells, after looking into an archive for bombs and absurd sizes."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from policycore.errors import DataError, Place
from policycore.estate.problems import problem

__all__ = ["Sheet", "read_sheets", "refuse_bombs"]

MAX_UNPACKED = 400 * 1024 * 1024
MAX_ENTRIES = 10_000
MAX_CELLS = 20_000_000
MILLION = 1_000_000
"""In which limits are told: what is longer reads like somebody's number."""
MAX_SHEETS = 500
"""More than one for each department of any organization; several may be made of one part of the archive."""
# An honest sheet packs ten to thirty times; below this size even a bomb does no harm.
MAX_RATIO = 200
SMALL = 32 * 1024 * 1024

_dimension = re.compile(rb"<(?:\w+:)?dimension\s[^>]*ref=\"([A-Z]{1,7}[0-9]{1,9})(?::([A-Z]{1,7}[0-9]{1,9}))?\"")
# Of cells and of rows; one that is cut by the end of a block is seen with the next.
_reference = re.compile(rb"\sr\s{0,9}=\s{0,9}[\"']([A-Za-z]{0,64})([0-9]{0,64})")
_unique = re.compile(rb"uniqueCount\s{0,9}=\s{0,9}[\"']\+?([0-9]{0,64})")
LAST_COLUMN, LAST_ROW = 16_384, 1_048_576
"""What a sheet of a spreadsheet program can have."""
# A stray cell far from the data makes a table of a million empty ones.
SPARSE, SPREAD = 2_000_000, 20
_cell = re.compile(r"([A-Z]+)([0-9]+)")
_FORMULA = 200
"""Characters that are told of a formula without a value."""
_repeated = re.compile(rb"number-(columns|rows)-repeated\s{0,9}=\s{0,9}[\"']([0-9]{0,64})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one sheet as texts, with the number that the first row has in the program."""

    title: str
    rows: list[list[str | None]]
    first_row: int
    hidden: bool = False
    lines: bool = False
    """Whether it is pasted text, a row a line."""
    unseen: tuple[str, ...] = ()
    """Rows and columns that the program does not show, as it calls them."""


def read_sheets(path: Path, name: str) -> list[Sheet]:
    """Return the visible and hidden sheets of a workbook that hold anything."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    with path.open("rb") as stream:
        packed = stream.read(4) == b"PK\x03\x04"
    if packed:
        refuse_bombs(path, name)
    sheets, read = [], 0
    try:
        # By what is in it, not by its ending: .et is what another program calls .xls.
        with path.open("rb") as stream:
            workbook = CalamineWorkbook.from_filelike(stream)
        if len(workbook.sheet_names) > MAX_SHEETS:
            raise DataError(problem("xlsx-sheets", Place(name), count=len(workbook.sheet_names), limit=MAX_SHEETS))
        valueless, unseen = _valueless(path) if packed else ({}, {})
        hidden = {one.name for one in workbook.sheets_metadata if one.visible != SheetVisibleEnum.Visible}
        for title in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(title)
            read += sheet.total_width * sheet.total_height
            _refuse_large(sheet.total_width, sheet.total_height, Place(name))
            _refuse_large(1, 1, Place(name), cells=read)
            cells = sheet.to_python(skip_empty_area=True)
            rows = [[_text(cell) for cell in row] for row in cells]
            if any(cell is not None for row in rows for cell in row):
                start = sheet.start or (0, 0)
                for (row, column), text in valueless.get(title, {}).items():
                    if 0 <= row - start[0] < len(rows) and 0 <= column - start[1] < len(rows[row - start[0]]):
                        rows[row - start[0]][column - start[1]] = text
                _spread_merged(rows, start, sheet.merged_cell_ranges or (), name)
                sheets.append(Sheet(title, rows, start[0] + 1, title in hidden, unseen=unseen.get(title, ())))
    except DataError:
        raise
    except BaseException as error:
        # The reader is native code whose panics are no Exception; an interruption is none of them.
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        locked = not packed and "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        raise DataError(
            problem("xlsx-locked" if locked else "xlsx", Place(name), reason=type(error).__name__)
        ) from None
    return sheets


_sheet_entry = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_relation = re.compile(rb"<Relationship\s[^>]*>")
_attribute = re.compile(rb"(?:\w+:)?(\w+)=\"([^\"]*)\"")
_cell_entry = re.compile(
    rb"<c\s(?P<attributes>[^>]*?)>(?:<f[^>]*?(?:/>|>(?P<formula>[^<]*)</f>))?(?P<value><v[^>]*?(?:/>|>(?P<text>[^<]*)</v>))?</c>"
)


def _valueless(path: Path) -> tuple[dict[str, dict[tuple[int, int], str]], dict[str, tuple[str, ...]]]:
    """Return by sheet the cells that the reader gives otherwise than the program shows them, and what is shown.

    It gives an error, or a formula without what it comes to, as an empty cell, which says "none": a failed lookup must
    not. Of 42 shown as 000042 it gives the number, and the id is what is shown. Beside it stand the rows and columns of
    each sheet that the program hides, which are read all the same.
    """
    found: dict[str, dict[tuple[int, int], str]] = {}
    unseen: dict[str, tuple[str, ...]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            targets = {
                entry.get(b"Id"): entry.get(b"Target", b"").decode().removeprefix("/xl/")
                for entry in map(_attributes, _relation.findall(archive.read("xl/_rels/workbook.xml.rels")))
            }
            padded = _padded_styles(archive)
            for entry in map(_attributes, _sheet_entry.findall(archive.read("xl/workbook.xml"))):
                body = archive.read(f"xl/{targets[entry[b'id']]}")
                title = html.unescape(entry[b"name"].decode())
                if b't="e"' in body or b"<f" in body or (padded and b' s="' in body):
                    found[title] = dict(_shown_otherwise(body, padded))
                if b'hidden="' in body:
                    unseen[title] = _unseen(body)
    except (KeyError, UnicodeDecodeError):
        pass  # not laid out as programs lay it out: what the reader makes of it stands
    return found, unseen


_style_part = re.compile(rb"<(?:\w+:)?cellXfs[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_style = re.compile(rb"<(?:\w+:)?xf\s[^>]*>")
_number_format = re.compile(rb"<(?:\w+:)?numFmt\s[^>]*>")
_padded = re.compile(r'(?:"[^"]*"|\\.|_.|[- ()0])+')


def _padded_styles(archive: zipfile.ZipFile) -> dict[bytes, list[str]]:
    """Return the styles that show whole numbers with zeros or words around, each as a list of what is shown.

    A "0" stands for a digit, everything else for itself.
    """
    if "xl/styles.xml" not in archive.namelist():
        return {}
    body = archive.read("xl/styles.xml")
    formats = map(_attributes, _number_format.findall(body))
    codes = {one.get(b"numFmtId"): html.unescape(one.get(b"formatCode", b"").decode()) for one in formats}
    styles = _style_part.search(body)
    found: dict[bytes, list[str]] = {}
    for number, tag in enumerate(_style.findall(styles[1]) if styles else ()):
        code = codes.get(_attributes(tag).get(b"numFmtId"), "").partition(";")[0]
        pieces = re.findall(r'"[^"]*"|\\.|_.|.', code) if _padded.fullmatch(code) else []
        shown = [one.strip('"').removeprefix("\\") for one in pieces if not one.startswith("_")]
        if shown.count("0") > 1 or ("0" in shown and len(shown) > 1):
            found[str(number).encode()] = shown
    return found


def _shown_otherwise(body: bytes, styles: Mapping[bytes, Sequence[str]]) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield row and column, from 0, of each cell that the reader gives otherwise, and what is shown.

    That is an error, a formula without a value, or a whole number in one of the `styles`.
    """
    for cell in _cell_entry.finditer(body):
        attributes = _attributes(cell["attributes"])
        column, row = _position(attributes.get(b"r", b"").decode())
        style, text, kind = styles.get(attributes.get(b"s", b"")), cell["text"] or b"", attributes.get(b"t", b"n")
        if kind == b"e":
            yield (row - 1, column - 1), html.unescape(text.decode(errors="replace")) or "#VALUE!"
        elif not text and cell["formula"] is not None:
            formula = html.unescape(cell["formula"].decode(errors="replace"))
            yield (row - 1, column - 1), f"={formula[:_FORMULA]}"
        elif style and text.isdigit() and kind == b"n":
            count, first = style.count("0"), style.index("0")
            digits = text.decode().zfill(count)
            # More digits than there are places for stand before the first.
            whole = [*style[:first], digits[: len(digits) - count], *style[first:]]
            rest = iter(digits[len(digits) - count :])
            yield (row - 1, column - 1), "".join(next(rest) if one == "0" else one for one in whole)


def _unseen(body: bytes) -> tuple[str, ...]:
    """Return the rows and columns of a sheet that are hidden: numbers, and letters."""
    tags = [_attributes(tag) for tag in re.findall(rb"<(?:\w+:)?(?:row|col)\s[^>]*>", body) if b'hidden="' in tag]
    hidden = [tag for tag in tags if tag.get(b"hidden") in (b"1", b"true")]
    columns = bytearray(LAST_COLUMN + 1)
    for tag in hidden:
        first, last = int(tag.get(b"min", b"0")), int(tag.get(b"max", b"0"))
        # A program that hides all to the right of a list hides nothing of it.
        if 0 < first <= last < LAST_COLUMN:
            columns[first : last + 1] = b"\1" * (last + 1 - first)
    letters = (_letters(number) for number, one in enumerate(columns) if one)
    return (*letters, *(tag[b"r"].decode() for tag in hidden if b"r" in tag))


def _letters(number: int) -> str:
    """Return what a program calls a column."""
    return (_letters((number - 1) // 26) if number > 26 else "") + chr(65 + (number - 1) % 26)


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    """Return the attributes of a tag, without their prefixes."""
    return dict(_attribute.findall(tag))


def _spread_merged(
    rows: list[list[str | None]],
    start: tuple[int, int],
    ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]],
    name: str,
) -> None:
    """Write a cell that is merged over several rows into each of them: 部门 stands once beside its people.

    A cell merged over columns is a title, which belongs to no column but the first.
    """
    written = 0
    for (top, left), (bottom, _) in ranges:
        first, column = top - start[0], left - start[1]
        last = min(bottom - start[0], len(rows) - 1)
        if last <= first or first < 0 or not 0 <= column < len(rows[first]):
            continue
        written += last - first
        if written > MAX_CELLS:
            raise DataError(problem("xlsx-cells", Place(name), limit=MAX_CELLS // MILLION))
        for row in rows[first + 1 : last + 1]:
            if row[column] is None:
                row[column] = rows[first][column]


def refuse_bombs(path: Path, name: str) -> None:
    """Raise DataError for an archive that would unpack to far more than it is, or claims absurd sizes."""
    place = Place(name)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            packed = max(1, path.stat().st_size)
            most = min(MAX_UNPACKED, max(SMALL, packed * MAX_RATIO))
            if len(entries) > MAX_ENTRIES or unpacked > most:
                raise DataError(problem("xlsx-bomb", place, packed=packed // 1000, unpacked=unpacked // 1000))
            for entry in entries:
                with archive.open(entry) as stream:
                    if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                        _refuse_far_cells(stream, place)
                    elif entry.filename == "content.xml":
                        _refuse_repeats(stream, place)
                    elif entry.filename.lower().endswith("sharedstrings.xml"):
                        _refuse_endless(stream, place, entry.file_size)
    except DataError:
        raise
    except Exception as error:  # zipfile and zlib raise a dozen kinds on broken archives
        raise DataError(problem("xlsx", place, reason=type(error).__name__)) from None


def _refuse_endless(stream: IO[bytes], place: Place, size: int) -> None:
    """Raise DataError for a list of texts that claims more of them than it has bytes: the reader makes room for all."""
    tail = b""
    while block := stream.read(1024 * 1024):
        if any(int(count or 0) > size for count in _unique.findall(tail + block)):
            raise DataError(problem("xlsx-counts", place))
        tail = block[-96:]


def _refuse_repeats(stream: IO[bytes], place: Place) -> None:
    """Raise DataError where an open document says a row or a cell more often than a sheet has room for."""
    tail = b""
    while block := stream.read(1024 * 1024):
        for kind, count in _repeated.findall(tail + block):
            _refuse_large(
                int(count or 0) if kind == b"columns" else 1, int(count or 0) if kind == b"rows" else 1, place
            )
        tail = block[-128:]


def _refuse_far_cells(stream: IO[bytes], place: Place) -> None:
    """Raise DataError when a sheet has cells where none can be, or so far apart that a table of them is absurd.

    The reader would take all memory for the one, and break down over the other.
    """
    columns: set[bytes] = set()
    last_column = last_row = cells = 0
    tail = b""
    while block := stream.read(1024 * 1024):
        if not tail:
            _refuse_dimension(block[:65_536], place)
        found = _reference.findall(tail + block)
        cells += len(found)
        new = {column for column, _ in found} - columns
        columns |= new
        last_column = max((last_column, *(_position(f"{column.decode().upper()}1")[0] for column in new)))
        last_row = max((last_row, *(int(row or 0) for _, row in found)))
        _refuse_large(last_column, 1, place)
        _refuse_large(1, last_row, place)
        tail = block[-192:]
    _refuse_large(last_column, last_row, place)
    if last_column * last_row > max(SPARSE, cells * SPREAD):
        raise DataError(problem("xlsx-cells", place, limit=SPARSE // MILLION))


def _refuse_large(width: int, height: int, place: Place, *, cells: int = 0) -> None:
    """Raise DataError for a sheet that no spreadsheet program has, or too many cells in a table or in all."""
    if width > LAST_COLUMN or height > LAST_ROW:
        raise DataError(problem("xlsx-far", place, columns=LAST_COLUMN, rows=LAST_ROW))
    if max(cells, width * height) > MAX_CELLS:
        raise DataError(problem("xlsx-cells", place, limit=MAX_CELLS // MILLION))


def _refuse_dimension(head: bytes, place: Place) -> None:
    """Raise DataError when the sheet's own dimension spans more cells than are read."""
    found = _dimension.search(head)
    if not found:
        return
    first, last = found[1].decode(), (found[2] or found[1]).decode()
    (left, top), (right, bottom) = _position(first), _position(last)
    if (abs(right - left) + 1) * (abs(bottom - top) + 1) > MAX_CELLS:
        raise DataError(problem("xlsx-dimension", place, dimension=f"{first}:{last}", limit=MAX_CELLS // MILLION))


def _position(reference: str) -> tuple[int, int]:
    """Return column and row of a cell reference such as B12."""
    found = _cell.fullmatch(reference)
    if not found:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column, int(found[2])


def _text(cell: Any) -> str | None:
    """Return a cell as the text that a person sees: dates in ISO form, whole numbers without a point."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        # A number cell keeps fifteen digits: of a longer number the rest is lost already, and it must not look whole.
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**15 else repr(cell)
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    return str(cell.total_seconds()) if isinstance(cell, timedelta) else str(cell)
