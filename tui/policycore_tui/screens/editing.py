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

__all__ = ["edit", "editor"]


def editor() -> list[str]:
    """Return the command that ``VISUAL`` or ``EDITOR`` names, empty where none is set."""
    return shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")


def edit(app: PolicycoreApp, place: Place) -> None:
    """Leave the screen to the editor, opened at `place`."""
    file = Path(place.file)
    if not file.is_file():
        app.tell(say("tui.edit.gone", place=place), "warning")
        return
    command = [*editor(), f"+{max(1, place.line)}", str(file)]
    try:
        with app.suspend():
            subprocess.run(command, check=False)  # noqa: S603 - the person's own editor, no shell
    except (OSError, SuspendNotSupported) as error:
        app.tell(say("tui.edit.failed", command=command[0], why=type(error).__name__), "error")
