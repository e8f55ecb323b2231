"""What people type: paths and days; whatever it is, it is answered in words and ends nothing."""

from __future__ import annotations

from pathlib import Path

from policycore.store.typed_filter import typed_day

__all__ = ["can_hold", "is_there", "typed_day", "typed_path"]


def typed_path(text: str) -> Path:
    """Return the path that `text` means, ``~`` for a home folder; a home that nobody has is taken as it is written."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def is_there(path: Path) -> bool:
    """Return whether something is at `path`; what can't be looked at, or is too long for a name, is not."""
    try:
        return path.exists()
    except OSError:
        return False


def can_hold(path: Path) -> bool:
    """Return whether a file may stand at `path`: its folder is there, and no folder is in its place."""
    try:
        return bool(path.name) and path.parent.is_dir() and not path.is_dir()
    except OSError:
        return False
