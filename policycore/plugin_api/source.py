"""A source: a reader for one foreign format, which plugins bring and the import asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from policycore.language import Text

__all__ = ["Source", "SourceError"]


class SourceError(Exception):
    """A file that a source claimed and cannot read: the place inside it and the reason are told to the user."""

    def __init__(self, reason: Text, at: str = "", line: int = 0) -> None:
        """Take the reason, in no word of the data, and the place: ``messages[3]`` or a line, where there is one."""
        super().__init__(reason.en)
        self.reason = reason
        self.at = at
        self.line = line


class Source:
    """A reader of one foreign format into the tables of an estate; subclass it and fill it in.

    A source is offered the files that are neither tables of an interchange folder nor workbooks.
    What it returns is checked like any other import: types, enumerations, ids and references.
    """

    name: ClassVar[str] = ""
    """How messages and the manifest call it; its groups belong to the source of that name."""
    platform: ClassVar[str | None] = None
    suffixes: ClassVar[tuple[str, ...]] = ()
    """Endings of the files it reads, such as ``.json``; `can_read` may look closer."""
    folders: ClassVar[bool] = False
    """Whether folders are offered as well: an export of many files is one, but for what another source reads."""
    lacks: ClassVar[tuple[str, ...]] = ()
    """Fields (``groups.owner_id``) or tables that the format never has, whatever columns are returned."""

    notes: Sequence[tuple[Text, str]] = ()
    """What `read` told of the file that it read last."""

    def note(self, what: Text, at: str = "") -> None:
        """Tell the user what was changed or left out while reading, and where it happened first."""
        self.notes = (*self.notes, (what, at))

    def can_read(self, path: Path) -> bool:
        """Return whether `path` is a file of this format; by default its ending decides."""
        return path.suffix.lower() in self.suffixes

    def read(self, path: Path) -> Mapping[str, Iterable[Mapping[str, Any]] | Any]:
        """Return rows, or an Arrow table, by the name of the table they belong to.

        All rows of a table have the same keys: a key that is left out everywhere is unknown, None
        means that there is none. A list under ``_unknown`` names what is unknown in one row. ``_row`` says where a
        row stands, as the file's own program counts: its line, or its position in what ``_file`` names, such as
        ``messages[*]`` (of an export of several files ``2024/chat.json: messages[*]``).
        Raises SourceError for a file that is broken.
        """
        raise NotImplementedError
