"""Write files that appear whole or not at all, and are on the disk when they do."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from policycore.errors import DataError, Problem
from policycore.language import say
from policycore.system.refusals import refusal_words

__all__ = ["atomic_file", "flush_to_disk", "write_atomically"]


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a stream whose content takes the place of `path` when the block ends well; else the old file stays.

    A link stays one and its target is replaced. A new file is its owner's alone; one that is replaced keeps its
    permissions, so that who opens a report to others does so once. Raises OSError where it cannot be written.
    """
    path = Path(os.path.realpath(path))  # of links that go round the system tells
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    staged = Path(name)
    try:
        with os.fdopen(descriptor, "wb", buffering=1 << 20) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            staged.chmod(path.stat().st_mode & 0o777)
        staged.replace(path)
    finally:
        # Gone already unless something went wrong, a signal included.
        with suppress(OSError):
            staged.unlink()
    flush_to_disk(path.parent)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content`: on disk in full, or the old file stays; a link is followed.

    Raises DataError, also where `path` is a device or a pipe: putting a file in its place would destroy it.
    """
    if path.exists() and not path.is_file():
        raise DataError(_unwritable(path, say("system.no-file")))
    try:
        with atomic_file(path) as stream:
            stream.write(content)
    except OSError as error:
        raise DataError(_unwritable(path, refusal_words(error))) from None


def flush_to_disk(path: Path) -> None:
    """Bring a file, or a folder's entries, to the disk: a power cut can bring back what was replaced before that."""
    if os.name == "nt" and path.is_dir():
        return
    # Windows flushes only what may be written to.
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        # Some file systems know no flush of a folder.
        if path.is_file():
            raise
    finally:
        os.close(descriptor)


def _unwritable(path: Path, kind: str) -> Problem:
    """Return the problem of a file that cannot be written."""
    key = "system.unwritable"
    return Problem.of(key, code="store.unwritable", path=path, kind=kind)
