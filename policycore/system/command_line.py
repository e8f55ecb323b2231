"""Write commands as people can type them: every system's own command line has its own quotes."""

from __future__ import annotations

import os
import re
import shlex

__all__ = ["as_typed"]

_plain = re.compile(r"[\w@+=:,./\\-]+")


def as_typed(word: object, *, windows: bool = os.name == "nt") -> str:
    """Return one word of a command as it is typed: cmd and PowerShell know double quotes, and no single ones."""
    text = str(word)
    if not windows:
        return shlex.quote(text)
    if _plain.fullmatch(text):
        return text
    # A backslash before the closing quote would hide it.
    return '"' + text.replace('"', '\\"') + ("\\" if text.endswith("\\") else "") + '"'
