"""What was taken out of a file: pieces of text with their places, and what of it could not be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from time import process_time
from typing import NamedTuple

__all__ = [
    "EXTRACTOR",
    "MAX_CHARACTERS",
    "MAX_DEPTH",
    "MAX_SECONDS",
    "MAX_UNPACKED",
    "REASONS",
    "Budget",
    "LimitError",
    "Picture",
    "Piece",
    "Taken",
    "Taking",
    "Unread",
]

EXTRACTOR = "5"
"""The version of what takes texts out of files: it changes when the same file would give another text."""

MAX_CHARACTERS = 5_000_000
"""Of the texts of one file together, and of any text of a message or list."""
MAX_UNPACKED = 256 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_DEPTH = 4
MAX_SECONDS = 900.0
"""Of a processor, for one file with all that it contains."""
MAX_PAGES = 300
"""Pages, slides and pictures of one file, all that it contains included."""

REASONS = (
    "missing",  # not where its path says, or no plain file below the folder of the estate
    "changed",  # its content is not that of the stated SHA-256
    "encrypted",
    "broken",  # not what it says it is, or damaged
    "kind",  # a kind of file that is not read: recordings, old Office formats, other archives
    "no-pdf",  # PDF without the extra policycore[files]
    "no-ocr",  # a picture or a scanned page without the extra policycore[ocr]
    "not-asked",  # a page or a part of a picture that the import was told not to look at
    "large",  # beyond a limit of size, pages, entries or depth
    "time",  # took too long
    "memory",  # took too much memory, or made the library crash
)
"""Why a file or a part of it was not read."""


class Piece(NamedTuple):
    """A piece of text as it stands in one place of a file."""

    text: str
    file: str = ""
    """The file inside the file, as ``annex.zip/a.docx`` names it; '' for the file itself."""
    page: int | None = None
    """The page, slide or sheet, from 1; None where there is none."""
    box: tuple[int, int, int, int] | None = None
    """In a picture: left, top, width and height in thousandths of the page."""


class Unread(NamedTuple):
    """A part of a file that was not read, and why."""

    reason: str
    file: str = ""
    page: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}#{self.page}" if self.page else self.file
        return f"{self.reason}: {place}" if place else self.reason


class Picture(NamedTuple):
    """How large and how sharp a picture is; 0 by 0 where it cannot be decoded."""

    width: int = 0
    height: int = 0
    sharpness: int | None = None


class Taken(NamedTuple):
    """All that was taken out of one file."""

    kind: str
    pieces: Sequence[Piece]
    unread: Sequence[Unread]
    picture: Picture | None = None

    @property
    def text(self) -> str:
        """Return the whole text, a line break between two pieces."""
        return "\n".join(piece.text for piece in self.pieces)


class LimitError(Exception):
    """The error of a file that is beyond a limit, with the `reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Budget:
    """What is left to one file, with all that it contains."""

    characters: int = MAX_CHARACTERS
    unpacked: int = MAX_UNPACKED
    entries: int = MAX_ENTRIES
    pages: int = MAX_PAGES
    ends: float = field(default_factory=lambda: process_time() + MAX_SECONDS)
    """At what time of this process what is left unread stays so."""
    alive: Callable[[], None] = lambda: None
    """Called at every step, so that whoever waits can tell a long file from a library that hangs."""

    def step(self) -> None:
        """Go on to another part; LimitError where there is no time for it."""
        self.alive()
        if process_time() > self.ends:
            raise LimitError("time")


class Taking:
    """The taking of one file's text: readers put pieces into it, and what they could not read.

    `read` puts the text of a file of any kind into a taking; `ocr` says how much of pictures is looked at: ``all``,
    ``first-page``, ``header``, ``no``.
    """

    def __init__(
        self,
        read: Callable[[bytes, Taking], object],
        ocr: str = "all",
        file: str = "",
        depth: int = 0,
        budget: Budget | None = None,
    ) -> None:
        self._read = read
        self.ocr = ocr
        self.file = file
        self.depth = depth
        self.budget = budget or Budget()
        self.pieces: list[Piece] = []
        self.unread: list[Unread] = []
        self.picture: Picture | None = None

    def put(self, text: str, page: int | None = None, box: tuple[int, int, int, int] | None = None) -> None:
        """Keep a piece of text, or its begin; LimitError where there is too much of it."""
        text = text.strip("\n")
        if not text.strip():
            return
        # Half a surrogate pair can neither be stored nor shown.
        text = text.encode("utf-8", "replace").decode().replace("\0", "")
        left = self.budget.characters
        self.budget.characters -= len(text) + 1
        if left > 0:
            self.pieces.append(Piece(text[:left], self.file, page, box))
        if self.budget.characters < 0:
            raise LimitError("large")

    def miss(self, reason: str, page: int | None = None) -> None:
        """Note that a part of the file was not read."""
        one = Unread(reason, self.file, page)
        if one not in self.unread:
            self.unread.append(one)

    def page(self) -> None:
        """Count a page, slide or picture; LimitError where there are too many."""
        self.budget.step()
        self.budget.pages -= 1
        if self.budget.pages < 0:
            raise LimitError("large")

    def inner(self, name: str) -> Taking:
        """Return the taking of a file inside this one, with the same budget; LimitError where it is too deep."""
        self.budget.step()
        self.budget.entries -= 1
        if self.depth >= MAX_DEPTH or self.budget.entries < 0:
            raise LimitError("large")
        path = PurePosixPath(self.file) / name.replace("\0", "").lstrip("/\\")
        inner = Taking(self._read, self.ocr, str(path).encode("utf-8", "replace").decode(), self.depth + 1, self.budget)
        inner.pieces, inner.unread = self.pieces, self.unread
        return inner

    def take(self, content: bytes, name: str = "") -> None:
        """Read the content of this file, or of the one inside it that has a `name`."""
        self._read(content, self.inner(name) if name else self)
