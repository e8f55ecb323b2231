"""Offer what is no table of an estate to the sources of plugins: single files, and folders as one export each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from policycore.errors import DataError
from policycore.estate.inputs import Gathered, InputFile
from policycore.estate.parts import Part
from policycore.plugin_api.source import Source

__all__ = ["ForeignFiles", "sent_with"]


class ForeignFiles:
    """What is offered to the sources of plugins, and what they took."""

    def __init__(
        self,
        gathered: Gathered,
        sources: Callable[[], Sequence[Source]] | None,
        files: list[InputFile],
        sent: set[Path],
    ) -> None:
        """Take the `files` that there are, to which folders are added, and those that came with messages."""
        self._gathered = gathered
        self._sources = sources
        self._files = files
        self._sent = sent
        self._folders: dict[Path, Source | None] = {}
        """By folder, what reads it as one export."""
        self.archives: dict[InputFile, set[str]] = {}
        """The files that were read of archives."""

    def came_with_messages(self, file: InputFile) -> bool:
        """Return whether an export that was read names a file as what came with its messages."""
        return bool(self._sent) and Path(os.path.realpath(file.path)) in self._sent

    def takes(self, file: InputFile) -> bool:
        """Let the sources read a file, or the folder that it is in; return whether one did or it belongs to one.

        What another source reads alone is an export of its own, which lies in the folder of the first.
        """
        folder = file.path.parent
        if file.folder and folder not in self._folders:
            of_messages = any(path.parent == Path(os.path.realpath(folder)) for path in self._sent)
            name = f"{file.name.rpartition('/')[0] or file.folder}/"
            whole = InputFile(folder, name, file.folder, file.input, file.inner)
            self._folders[folder] = None if of_messages else self._read(whole, ())
        owners = [one.name for one in map(self._folders.get, file.path.parents) if one is not None]
        return self._read(file, owners) is not None or bool(owners)

    def _read(self, file: InputFile, but: Sequence[str]) -> Source | None:
        """Let the sources read a file, or a folder, which then counts as handed in; return the one that claimed it."""
        if self._sources is None:
            return None
        from policycore.estate.readers.foreign import claim, read_foreign

        try:
            source = claim(file, [one for one in self._sources() if one.name not in but])
            if source is None:
                return None
            if file.path.is_dir():
                self._files.append(file)
            parts = read_foreign(file, source, self._gathered.notes)
        except DataError as error:
            self._gathered.problems.extend(error.problems)
            return _Broken()
        folder = file.path if file.path.is_dir() else file.path.parent
        self._sent.update(sent_with(parts, folder))
        if file.path.suffix.lower() == ".zip":
            named = (name for part in parts if part.files is not None for name in part.files.unique().to_pylist())
            self.archives[file] = {name.removeprefix(f"{file.name}/").partition(": ")[0] for name in named}
        self._gathered.parts.extend(parts)
        return source


class _Broken(Source):
    """What claimed a file and could not read it, which stops the import anyway."""


def sent_with(parts: Iterable[Part], folder: Path) -> set[Path]:
    """Return the files below `folder` that parts name as what came with messages: files of people, and no lists."""
    return {
        Path(os.path.realpath(folder / path.replace("\\", "/")))
        for part in parts
        for path in (part.columns["path"].to_pylist() if part.table == "attachments" and "path" in part.columns else ())
        if isinstance(path, str) and "\0" not in path
    }
