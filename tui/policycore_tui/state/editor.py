"""The person's own editor, and how each is told a line."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

__all__ = ["at_line", "editor"]

_GOTO = frozenset({"code", "code-insiders", "codium", "vscodium", "cursor"})
_COLON = frozenset({"subl", "sublime_text", "zed", "hx", "helix", "atom"})


def editor() -> list[str]:
    """Return the command that ``VISUAL`` or ``EDITOR`` names, empty where none is set."""
    return shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")


def at_line(command: list[str], file: Path, line: int) -> list[str]:
    """Return the command that opens `file` at `line`: ``+12 file``, as vi, nano, emacs and less understand it.

    Editors with windows want ``file:12`` instead; given ``+12`` they would open a file of that name.
    """
    name = Path(command[0]).stem.lower()
    if name in _GOTO:
        return [*command, "--goto", f"{file}:{line}"]
    return [*command, f"{file}:{line}"] if name in _COLON else [*command, f"+{line}", str(file)]
