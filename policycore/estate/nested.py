"""Find the lists in the archives in which departments hand them in."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path, PurePosixPath

from policycore.errors import DataError, Place
from policycore.estate.inputs import InputFile
from policycore.estate.problems import problem
from policycore.estate.readers.sheets import SHEET_SUFFIXES
from policycore.estate.readers.xlsx import refuse_bombs

__all__ = ["is_trace", "lists_in_archive"]

_TRACES = ("~$", ".", "__macosx", "thumbs.db", "desktop.ini")


def is_trace(name: str) -> bool:
    """Return whether a file is what a system or a program left beside the data."""
    return any(part.lower().startswith(_TRACES) for part in PurePosixPath(name).parts)


def lists_in_archive(file: InputFile, into: Path) -> list[InputFile]:
    """Unpack the files of a ZIP archive that people keep lists in below `into`, and return them.

    Names without a mark of their encoding are GBK, as Windows writes them in China. Raises DataError for an archive
    that is broken, locked, or would unpack to far more than it is.
    """
    refuse_bombs(file.path, file.name)
    found = []
    try:
        with _opened(file.path) as archive:
            for number, entry in enumerate(archive.infolist()):
                name = entry.filename.replace("\\", "/")
                if entry.is_dir() or is_trace(name) or not _holds_list(name):
                    continue
                # Only the last part of the name is used on disk, in a folder of its own.
                target = into / str(number) / PurePosixPath(name).name
                target.parent.mkdir(parents=True)
                with archive.open(entry) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
                found.append(InputFile(target, f"{file.name}/{name}", file.folder, file.input))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        raise DataError(problem("unreadable", Place(file.name), reason=type(error).__name__)) from None
    return found


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path, metadata_encoding="gbk")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _holds_list(name: str) -> bool:
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    return (suffix in SHEET_SUFFIXES and suffix != ".txt") or (suffix == ".csv" and not path.stem.isascii())
