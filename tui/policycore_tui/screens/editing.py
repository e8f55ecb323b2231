"""Open a file at a line in the person's own editor."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from policycore.errors import Place
from policycore.language import say

if TYPE_CHECKING:
    from policycore_tui.app import PolicycoreApp

__all__ = ["at_line", "edit", "editor"]

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
    if name in _COLON:
        return [*command, f"{file}:{line}"]
    return [*command, f"+{line}", str(file)]


def edit(app: PolicycoreApp, place: Place) -> None:
    """Leave the screen to the editor, opened at `place`."""
    file = Path(place.file)
    if not file.is_file():
        app.tell(say("tui.edit.gone", place=place), "warning")
        return
    command = at_line(editor(), file, max(1, place.line))
    try:
        with app.suspend():
            subprocess.run(command, check=False)  # noqa: S603 - the person's own editor, no shell
    except (OSError, SuspendNotSupported) as error:
        app.tell(say("tui.edit.failed", command=command[0], why=type(error).__name__), "error")
