"""Find the lists in the archives in which departments hand them in."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Set
from pathlib import Path, PurePosixPath

from policycore.errors import DataError, Place
from policycore.estate.inputs import InputFile
from policycore.estate.problems import problem
from policycore.estate.readers.sheets import SHEET_SUFFIXES
from policycore.estate.readers.xlsx import refuse_bombs

__all__ = ["is_trace", "lists_in_archive"]

_DATA = (".csv", ".json", ".jsonl", ".ndjson", ".parquet", ".zip")
_TRACES = ("~$", ".", "__macosx", "thumbs.db", "desktop.ini")


def is_trace(name: str) -> bool:
    """Return whether a file is what a system or a program left beside the data."""
    return any(part.lower().startswith(_TRACES) for part in PurePosixPath(name).parts)


def lists_in_archive(file: InputFile, into: Path, read: Set[str], left: list[str]) -> list[InputFile]:
    """Unpack the files of a ZIP archive that people keep lists in below `into`, and return them.

    Of an export, of which these files were `read` already, what lies in folders below them was sent in its chats. Else
    what may hold data and is no list is added to `left`.
    Names without a mark of their encoding are GBK, as Windows writes them in China. Raises DataError for an archive
    that is broken, locked, or would unpack to far more than it is.
    """
    found = []
    try:
        with _opened(file.path) as archive:
            files = [(entry.filename.replace("\\", "/"), entry) for entry in archive.infolist() if not entry.is_dir()]
            files = [(name, entry) for name, entry in files if not is_trace(name) and not _is_of_export(name, read)]
            lists = [(name, entry) for name, entry in files if _holds_list(name)]
            left += [name for name, _ in files if not _holds_list(name) and PurePosixPath(name).suffix.lower() in _DATA]
            # Who read an export has looked at how large it is.
            if lists or not read:
                refuse_bombs(file.path, file.name)
            for number, (name, entry) in enumerate(lists):
                # Only the last part of the name is used on disk, in a folder of its own.
                target = into / str(number) / PurePosixPath(name).name
                target.parent.mkdir(parents=True)
                with archive.open(entry) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
                found.append(InputFile(target, f"{file.name}/{name}", file.folder, file.input))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        raise DataError(problem("unreadable", Place(file.name), reason=type(error).__name__)) from None
    return found


def _is_of_export(name: str, read: Set[str]) -> bool:
    """Return whether a file was read as part of an export, or lies in a folder below one that was."""
    return name in read or not {str(PurePosixPath(one).parent) for one in read}.isdisjoint(
        map(str, [*PurePosixPath(name).parent.parents])
    )


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path, metadata_encoding="gbk")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _holds_list(name: str) -> bool:
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    return (suffix in SHEET_SUFFIXES and suffix != ".txt") or (suffix == ".csv" and not path.stem.isascii())
