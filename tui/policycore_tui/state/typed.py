"""What people type: paths and days; whatever it is, it is answered in words and ends nothing."""

from __future__ import annotations

from pathlib import Path

from policycore.store.typed_filter import typed_day

__all__ = ["can_hold", "is_folder", "is_there", "listed", "typed_day", "typed_path"]

_MOST = 500
"""Names of one folder that are listed."""


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


def is_folder(path: Path) -> bool:
    """Return whether a folder is at `path`; what can't be looked at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def listed(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the folders and files in a folder by name, without hidden ones; none where it can't be read."""
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))[:_MOST]
    except OSError:
        found = []
    return [path for path in found if is_folder(path)], [path for path in found if not is_folder(path)]
