"""Take the texts out of the files that came with messages, each file once, and keep where they stood."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.parquet as pq

from policycore.errors import DataError, Place, Problem
from policycore.estate.checked import CheckedPart
from policycore.estate.manifest import Manifest
from policycore.estate.problems import problem
from policycore.estate.several.records import made_table
from policycore.estate.snapshot import digest_of, is_snapshot, open_snapshot
from policycore.files.taken import EXTRACTOR, Picture, Piece, Taken, Unread
from policycore.language import say
from policycore.system.grouped import grouped
from policycore.text.shown import shown_line

__all__ = ["FileReader", "add_file_texts", "extractor"]

FileReader = Callable[[Mapping[str, Path], str], Iterable[Taken]]
"""Takes the texts out of files, given by their hashes, in their order; is told how much of pictures to look at."""

_TAKEN = {f"attachments.{name}" for name in ("text", *Picture._fields)}
_PACKAGES = ("pypdfium2", "rapidocr", "onnxruntime")
"""What texts rest on beside the program: another version may read another text."""


@dataclass(slots=True)
class _File:
    """One file at hand: where it lies, and the rows of which parts name it."""

    path: Path
    rows: list[tuple[int, int]] = field(default_factory=list)


def add_file_texts(
    tables: Mapping[str, Sequence[CheckedPart]],
    manifest: Manifest,
    out: Path,
    look_at: str,
    notes: list[Problem],
    reader: FileReader | None = None,
) -> tuple[dict[str, pa.Table], Manifest]:
    """Give attachments whose files are at hand their texts and hashes; return the tables on files, add to `notes`.

    The manifest that comes back says no more that a source lacks texts: it is known now, file by file.

    Files are read once however often they were sent, and not again where the snapshot at `out` holds what the same
    extractor made of them; `reader` reads them, this machine where it is None. Of what could not be read the text is
    unknown, whatever was found in the rest. A text that a source supplies stays.
    """
    parts = tables.get("attachments", ())
    if not any("path" in part.columns for part in parts):
        return {}, manifest
    texts: dict[tuple[int, int], tuple[str, str | None, bool]] = {}
    files: dict[str, _File] = {}
    unread: list[tuple[Unread, str, tuple[int, int]]] = []
    for number, part in enumerate(parts):
        for row, name, sha256 in _without_text(part):
            path = _at_hand(part, name)
            content = "" if path is None else digest_of(path)
            if path is None or (sha256 and sha256.lower() != content):
                unread.append((Unread("missing" if path is None else "changed"), name, (number, row)))
                texts[number, row] = (sha256 or "", None, False)
            else:
                files.setdefault(content, _File(path)).rows.append((number, row))
    taken = _before(out, extractor(look_at))
    new = {sha256: file.path for sha256, file in files.items() if sha256 not in taken}
    taken |= zip(new, (reader or _read_here)(new, look_at), strict=True)
    pictures: dict[tuple[int, int], Picture | None] = {}
    for sha256, file in files.items():
        one = taken[sha256]
        # Whatever is no picture has none of a picture's measures; which a picture has is not known without the extra.
        if one.picture is not None or "picture" not in one.kind:
            pictures.update(dict.fromkeys(file.rows, one.picture))
        unread += [(why, file.path.name, row) for why in one.unread for row in file.rows]
        text = one.text if one.pieces or not one.unread else None
        texts.update(((*row,), (sha256, text, not one.unread)) for row in file.rows)
    for number, part in enumerate(parts):
        _fill(part, {row: known for (which, row), known in texts.items() if which == number})
        _measure(part, {row: pictures[which, row] for which, row in pictures if which == number})
    sources = tuple(replace(source, lacks=source.lacks - _TAKEN) for source in manifest.sources)
    notes += _notes(unread)
    return _made(parts, files, taken, look_at), replace(manifest, sources=sources)


def _without_text(part: CheckedPart) -> Iterator[tuple[int, str, str | None]]:
    """Yield row, path and stated hash of the attachments of a part of which nobody has said the text."""
    for row, (path, text, sha256) in enumerate(part.values("path", "text", "sha256")):
        if path and text is None and part.good[row]:
            yield row, path, sha256


def _at_hand(part: CheckedPart, name: str) -> Path | None:
    """Return where a file lies; None where it does not, is no plain file or leads out of the estate's folder."""
    folder = part.part.folder
    try:
        path = None if folder is None else Path(os.path.realpath(folder / name.replace("\\", "/")))
        if path is None or folder is None or not path.is_relative_to(folder.resolve()) or not path.is_file():
            return None
    except (OSError, ValueError):
        return None
    return path if os.access(path, os.R_OK) else None


def extractor(look_at: str) -> str:
    """Return what takes texts out here, with its versions and how much it looks at."""
    parts = [EXTRACTOR]
    for package in _PACKAGES:
        try:
            parts.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join([*parts, look_at])


def _read_here(files: Mapping[str, Path], look_at: str) -> Iterator[Taken]:
    """Yield what this machine takes out of each file."""
    from policycore.files.reading import read_files

    return read_files(files.values(), look_at)


def _before(out: Path, made_by: str) -> dict[str, Taken]:
    """Return what the same extractor made of files when the snapshot at `out` was written."""
    if not is_snapshot(out):
        return {}
    try:
        snapshot = open_snapshot(out)
    except DataError:
        return {}
    if "file_texts" not in snapshot.tables or "text" not in snapshot.tables["attachments"].columns:
        return {}
    rows = {name: pq.read_table(snapshot.tables[name].path) for name in ("file_texts", "file_places", "attachments")}
    kept = [name for name in ("sha256", "text", *Picture._fields) if name in rows["attachments"].column_names]
    attachments = {one["sha256"]: one for one in rows["attachments"].select(kept).to_pylist()}
    places = grouped((place["sha256"], place) for place in rows["file_places"].to_pylist())
    found = {}
    for one in rows["file_texts"].to_pylist():
        row, unread = attachments.get(one["sha256"], {}), one["unread"] or ()
        text, measures = row.get("text") or "", [row.get(name) for name in Picture._fields]
        # What passes with time or memory may pass the next time.
        hopeless = all(why.split(":")[0] not in ("time", "memory") for why in unread)
        if one["extractor"] == made_by and len(text) == one["characters"] and hopeless:
            pieces = _pieces(text, places.get(one["sha256"], []))
            picture = None if None in measures[:2] else Picture(*measures)
            found[one["sha256"]] = Taken(one["kind"], pieces, tuple(map(_unread, unread)), picture)
    return found


def _pieces(text: str, places: Sequence[Mapping[str, Any]]) -> tuple[Piece, ...]:
    """Return a text in the pieces that it was put together of."""
    begins = [place["offset"] for place in places]
    ends = [*(begin - 1 for begin in begins[1:]), len(text)]
    boxes = [None if place["box"] is None else tuple(map(int, place["box"])) for place in places]
    return tuple(
        Piece(text[begin:end], place["file"] or "", place["page"], box)  # type: ignore[arg-type] # as long as it was written
        for begin, end, box, place in zip(begins, ends, boxes, places, strict=True)
    )


def _unread(said: str) -> Unread:
    """Return what `str` made a text of."""
    reason, _, place = said.partition(": ")
    file, mark, page = place.rpartition("#")
    return Unread(reason, file, int(page)) if mark and page.isdecimal() else Unread(reason, place)


def _fill(part: CheckedPart, texts: Mapping[int, tuple[str, str | None, bool]]) -> None:
    """Put texts and hashes into the rows of a part; what is not known for sure is said to be unknown."""
    count = len(part.good)
    nothing: list[str | None] = [None] * count
    columns = {
        name: part.columns[name].to_pylist() if name in part.columns else [*nothing] for name in ("sha256", "text")
    }
    had_hashes = "sha256" in part.columns
    unknown = numpy.zeros(count, dtype=bool)
    for row, (sha256, text, whole) in texts.items():
        columns["sha256"][row] = columns["sha256"][row] or sha256 or None
        columns["text"][row] = text
        unknown[row] = not whole
    for name, values in columns.items():
        part.columns[name] = pa.chunked_array([pa.array(values, pa.string())])
    # What was found in the rest of a file stays beside the word that it is not all.
    part.unknown["text"] = unknown | ~part.is_known("text")
    if not had_hashes:
        part.leave_unknown("sha256", numpy.array([value is None for value in columns["sha256"]], dtype=bool))


def _measure(part: CheckedPart, pictures: Mapping[int, Picture | None]) -> None:
    """Put the measures of pictures into the rows of a part where no source gives them; of others nobody knows them."""
    for name in Picture._fields:
        known = part.is_known(name) if name in part.columns else numpy.zeros(len(part.good), dtype=bool)
        values = part.columns[name].to_pylist() if name in part.columns else [None] * len(part.good)
        for row, picture in pictures.items():
            if values[row] is None:
                values[row] = getattr(picture, name, None)
                known[row] = True
        part.columns[name] = pa.chunked_array([pa.array(values, pa.int64())])
        part.unknown[name] = ~known


def _made(
    parts: Sequence[CheckedPart], files: Mapping[str, _File], taken: Mapping[str, Taken], look_at: str
) -> dict[str, pa.Table]:
    """Return the tables on files: what was made of each, and where the pieces of its text stand."""
    made_by = extractor(look_at)
    texts: list[tuple[Any, ...]] = []
    places: list[tuple[Any, ...]] = []
    for sha256, file in files.items():
        number, row = file.rows[0]
        part, one = parts[number].part, taken[sha256]
        here = part.file_at(row), part.rows[row].as_py()
        unread = [shown_line(str(why)) for why in one.unread]
        texts.append((sha256, made_by, one.kind, len(one.text), unread, *here))
        offset = 0
        for piece in one.pieces:
            box = None if piece.box is None else [str(edge) for edge in piece.box]
            places.append((sha256, offset, piece.file or None, piece.page, box, *here))
            offset += len(piece.text) + 1
    made = {}
    for table, names, rows in (
        ("file_texts", ("sha256", "extractor", "kind", "characters", "unread"), texts),
        ("file_places", ("sha256", "offset", "file", "page", "box"), places),
    ):
        *cells, where, numbers = ([one[place] for one in rows] for place in range(len(names) + 2))
        origin = [pa.array(where, pa.string()).dictionary_encode(), pa.array(numbers, pa.int32())]
        made[table] = made_table(table, dict(zip(names, cells, strict=True)), origin)
    return made


def _notes(unread: Sequence[tuple[Unread, str, tuple[int, int]]]) -> Iterator[Problem]:
    """Yield for each reason how many attachments were not read, or not wholly, and the first of them."""
    rows: dict[str, set[tuple[int, int]]] = {}
    first: dict[str, str] = {}
    for why, name, row in unread:
        rows.setdefault(why.reason, set()).add(row)
        first.setdefault(why.reason, f"{name} → {why.file}" if why.file else name)
    for reason, name in first.items():
        yield problem(
            "note-file-unread",
            Place(name),
            suggested=say(f"estate.file-{reason}.fix"),
            reason=say(f"estate.file-{reason}"),
            count=len(rows[reason]),
        )
