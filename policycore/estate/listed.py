"""List the files that the inputs of an import name: a folder with all that lies in it, however deep."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from policycore.errors import DataError, Place
from policycore.estate.inputs import Gathered, InputFile
from policycore.estate.nested import is_trace
from policycore.estate.problems import problem
from policycore.estate.snapshot import is_snapshot
from policycore.system.refusals import refusal_words

__all__ = ["list_inputs", "shown_name"]

_DEPTH = 20
_FILES = 200_000


def list_inputs(inputs: Sequence[Path], gathered: Gathered) -> list[InputFile]:
    """Return the files that `inputs` name: of a folder its own in order of name, then those of each folder in it.

    `gathered` is told what is left out: links that lead out of the folder, what lies too deep or cannot be opened,
    and snapshots. Raises DataError for what does not exist.
    """
    files: list[InputFile] = []
    problems = []
    folders = [path for path in inputs if path.is_dir()]
    names = [path.resolve().name for path in folders]
    for number, path in enumerate(inputs):
        if path.is_dir():
            own = path.resolve().name
            called = shown_name(own if names.count(own) == 1 else str(path))
            files += _Walk(path, f"{called}/" if len(folders) > 1 else "", called, number, gathered).files()
        elif path.is_file():
            alone = [other.name for other in inputs].count(path.name) == 1
            files.append(InputFile(path, shown_name(path.name if alone else str(path)), input=number))
        else:
            problems.append(problem("no-file", Place(str(path))))
    if problems:
        raise DataError(*problems)
    return files


def shown_name(name: str) -> str:
    """Return a file name that can be written as text; names on disk need not be any."""
    return name.encode("utf-8", errors="replace").decode()


class _Walk:
    """One way through a folder, on which every file is met once, whatever links lead to it."""

    def __init__(self, root: Path, prefix: str, called: str, number: int, gathered: Gathered) -> None:
        self._root = root
        self._real = Path(os.path.realpath(root))
        self._prefix = prefix
        self._called = called
        self._number = number
        self._links: list[Path] = []
        self._met: set[Path] = set()
        self._count = 0
        self._gathered = gathered

    def files(self) -> Iterator[InputFile]:
        """Yield what lies there itself, then what only links lead to: hidden folders that programs swap, say."""
        yield from self._folder(self._root, 0)
        while self._links:
            link = self._links.pop(0)
            target = Path(os.path.realpath(link))
            if not target.is_relative_to(self._real) or not target.exists():
                self._leave(link, "link-outside")
            elif target not in self._met and not self._real.is_relative_to(target):
                yield from self._folder(link, 1) if target.is_dir() else self._file(link, target)

    def _folder(self, folder: Path, depth: int) -> Iterator[InputFile]:
        real = Path(os.path.realpath(folder))
        if real in self._met:
            return
        self._met.add(real)
        inner = []
        for path in self._listed(folder):
            if path.is_symlink():
                self._links.append(path)
            elif path.is_file():
                yield from self._file(path, real / path.name)
            elif path.is_dir():
                inner.append(path)
        for path in inner:
            if is_snapshot(path):
                self._gathered.notes.append(problem("note-snapshot", Place(f"{self._shown(path)}/")))
            elif depth < _DEPTH:
                yield from self._folder(path, depth + 1)
            else:
                self._leave(path, "folder-deep", limit=_DEPTH)

    def _listed(self, folder: Path) -> list[Path]:
        try:
            return sorted(path for path in folder.iterdir() if not is_trace(path.name))
        except OSError as error:
            self._leave(folder, "unreadable", reason=refusal_words(error))
            return []

    def _file(self, path: Path, real: Path) -> Iterator[InputFile]:
        self._met.add(real)
        self._count += 1
        if self._count > _FILES:
            if self._count == _FILES + 1:
                self._leave(self._root, "folder-full", limit=_FILES)
            return
        within = shown_name(path.relative_to(self._root).as_posix())
        inner = within.rpartition("/")[0]
        folder = f"{self._called}/{inner}" if inner else self._called
        yield InputFile(path, self._prefix + within, folder, self._number, bool(inner))

    def _leave(self, path: Path, why: str, **values: Any) -> None:
        self._gathered.unread.append(problem(why, Place(self._shown(path)), **values))

    def _shown(self, path: Path) -> str:
        within = shown_name(path.relative_to(self._root).as_posix())
        return self._called if within == "." else self._prefix + within
