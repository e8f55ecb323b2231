"""Read a file's text within bounds, so that nothing after this can be made to explode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from policycore.errors import Place, Problem
from policycore.system.refusals import refusal_words
from policycore.yaml.problems import problem

__all__ = ["DATA", "WRITTEN", "Bounds", "decode", "read_bytes"]

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a file is read: bytes, values and levels."""

    bytes: int
    values: int
    depth: int


WRITTEN = Bounds(2 * _MEGABYTE, 100_000, 30)
"""What people write: a thousand rules take a third of a megabyte; word lists belong in text files."""
DATA = Bounds(64 * _MEGABYTE, 4_000_000, 60)
"""What programs write, and what grows with the years."""

_refused = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")

_unseen = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]")


def read_bytes(path: Path, shown: str, limit: int) -> bytes | Problem:
    """Return the content of the file at `path`, or why it can't be had; `shown` names it in problems."""
    place = Place(shown)
    try:
        if path.is_dir():
            return problem("is-folder", place)
        if not path.is_file():
            # A pipe would be waited for, and a device has no end.
            return problem("no-file" if not path.exists() else "no-plain-file", place)
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        return problem("unreadable", place, reason=refusal_words(error))
    if len(content) > limit:
        return problem("too-big", place, limit=f"{limit // _MEGABYTE} MB")
    return content


def decode(content: bytes, shown: str, *, by_program: bool = False) -> str | Problem:
    """Return the text of `content`, or the place of the first byte or character that does not belong.

    What has no width, or turns the order of what follows, belongs only into what programs write.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return problem("encoding", _place(content[: error.start].decode("utf-8", "replace"), shown))
    found = _refused.search(text) or (None if by_program else _unseen.search(text))
    if found:
        return problem("control", _place(text[: found.start()], shown), code_point=f"U+{ord(found[0]):04X}")
    return text


def _place(before: str, shown: str) -> Place:
    """Return the place right after the text `before`."""
    return Place(shown, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
