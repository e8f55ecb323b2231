"""Read a file's text within bounds, so that nothing after this can be made to explode."""

from __future__ import annotations

import re
from pathlib import Path

from policycore.errors import Place, Problem
from policycore.yaml.problems import problem

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "decode", "read_bytes"]

MAX_BYTES = 2 * 1024 * 1024
"""A thousand rules take a third of a megabyte; word lists belong in text files."""
MAX_NODES = 100_000
MAX_DEPTH = 30

_refused = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")


def read_bytes(path: Path, shown: str) -> bytes | Problem:
    """Return the content of the file at `path`, or why it can't be had; `shown` names it in problems."""
    place = Place(shown)
    try:
        if path.is_dir():
            return problem("is-folder", place)
        if not path.is_file():
            return problem("no-file", place)
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        return problem("unreadable", place, reason=getattr(error, "strerror", None) or type(error).__name__)
    if len(content) > MAX_BYTES:
        return problem("too-big", place, limit=f"{MAX_BYTES // 1024 // 1024} MB")
    return content


def decode(content: bytes, shown: str) -> str | Problem:
    """Return the text of `content`, or the place of the first byte or character that does not belong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return problem("encoding", _place(content[: error.start].decode("utf-8", "replace"), shown))
    found = _refused.search(text)
    if found:
        return problem("control", _place(text[: found.start()], shown), code_point=f"U+{ord(found[0]):04X}")
    return text


def _place(before: str, shown: str) -> Place:
    """Return the place right after the text `before`."""
    return Place(shown, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
