"""Build a folder beside its place, and clear away what processes that were killed left there.

Whoever builds holds the operating system's lock on the folder, which ends with the process however
that ends. A folder whose lock is free is therefore nobody's any more.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from policycore.errors import DataError, Place, Problem
from policycore.estate.problems import problem
from policycore.system.refusals import refusal_words
from policycore.system.temporary_folders import Caretaker, lock_folder

__all__ = ["Staging", "staged"]

_HELD = "snapshot"
"""Name of the replaced folder inside the one that keeps it until the new one stands."""


class Staging:
    """An empty folder beside the place `out`; `notes` say what dead processes had left there."""

    def __init__(self, out: Path, notes: tuple[Problem, ...], locks: ExitStack) -> None:
        self.out = out
        self.notes = notes
        self._locks = locks
        self.folder = self._make("new")

    def set_aside(self) -> Path:
        """Move what stands at `out` out of the way; return the folder that now holds it, to be removed in the end."""
        old = self._make("old", held=_HELD, goes_back=self.out)
        self.out.rename(old / _HELD)
        return old

    def _make(self, kind: str, *, held: str = "", goes_back: Path | str = "") -> Path:
        """Return a new private folder beside `out` whose lock is ours until the end."""
        while True:
            folder = Path(tempfile.mkdtemp(prefix=f".{self.out.name}.{kind}-", dir=self.out.parent))
            try:
                descriptor = lock_folder(folder)
            except BlockingIOError:
                continue  # a sweeper was quicker: it takes the empty folder for a dead one's
            if descriptor is not None:
                self._locks.callback(os.close, descriptor)
            if folder.is_dir():
                self._locks.callback(Caretaker(folder, held=held, goes_back=goes_back).close)
                return folder


@contextmanager
def staged(out: Path) -> Iterator[Staging]:
    """Offer an empty folder beside `out`, removed unless it was renamed; DataError where there can be none."""
    with ExitStack() as locks:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            staging = Staging(out, tuple(_swept(out)), locks)
        except OSError as error:
            raise _unwritable(out, error) from None
        try:
            yield staging
        except OSError as error:
            raise _unwritable(out, error) from None
        finally:
            shutil.rmtree(staging.folder, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> DataError:
    return DataError(problem("unwritable", Place(str(out)), reason=refusal_words(error)))


def _swept(out: Path) -> Iterator[Problem]:
    """Remove what dead processes left beside `out`; yield what was done.

    A folder whose lock can't be asked for stays: it may be somebody's. An estate that was set aside
    and not replaced goes back to its place.
    """
    for kind in ("old", "new"):
        prefix = f".{out.name}.{kind}-"
        for folder in sorted(item for item in out.parent.iterdir() if item.name.startswith(prefix)):
            try:
                descriptor = lock_folder(folder)
            except BlockingIOError:
                continue
            if descriptor is not None:
                try:
                    with suppress(OSError):
                        yield _removed(folder, out)
                finally:
                    os.close(descriptor)


def _removed(folder: Path, out: Path) -> Problem:
    """Remove one folder of a dead process, and say so."""
    held = folder / _HELD
    if held.is_dir() and not out.exists():
        held.rename(out)
        folder.rmdir()
        return problem("note-restored", Place(str(out)))
    shutil.rmtree(folder)
    return problem("note-swept", Place(str(folder)))
