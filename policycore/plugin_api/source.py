"""A source: a reader for one foreign format, which plugins bring and the import asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

__all__ = ["Source"]


class Source:
    """Read one foreign format into the tables of an estate; subclass it and fill it in.

    A source is offered the files that are neither tables of an interchange folder nor workbooks.
    What it returns is checked like any other import: types, enumerations, ids and references.
    """

    name: ClassVar[str] = ""
    """How messages and the manifest call it; its groups belong to the source of that name."""
    platform: ClassVar[str | None] = None
    suffixes: ClassVar[tuple[str, ...]] = ()
    """Endings of the files it reads, such as ``.json``; `can_read` may look closer."""
    lacks: ClassVar[tuple[str, ...]] = ()
    """Fields (``groups.owner_id``) or tables that the format never has, whatever columns are returned."""

    def can_read(self, path: Path) -> bool:
        """Return whether `path` is a file of this format; by default its ending decides."""
        return path.suffix.lower() in self.suffixes

    def read(self, path: Path) -> Mapping[str, Iterable[Mapping[str, Any]] | Any]:
        """Return rows, or an Arrow table, by the name of the table they belong to.

        All rows of a table have the same keys: a key that is left out everywhere is unknown, None
        means that there is none.
        """
        raise NotImplementedError
