"""Take what a person types as the path of a file."""

from __future__ import annotations

from pathlib import Path

__all__ = ["typed_path"]


def typed_path(text: str) -> Path:
    """Return the path that `text` means, ``~`` for a home folder; a home that nobody has is taken as it is written."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)
