"""Keep what a process needs for a while in a folder of its own, and clear away what killed processes left.

Whoever uses such a folder holds the operating system's lock on it, which ends with the process however that
ends. A folder whose lock is free is therefore nobody's any more: its personal data must not stay about. A process of
a few kilobytes waits beside for the end of this one and removes the folder; what dies with it, the next one sweeps.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["Caretaker", "PrivateFolder", "lock_folder", "sweep_private_folders"]

# Other names are left alone, those of versions that took no lock among them.
_PREFIX = "policycore-held-"
_HELD = ".held"
_ours = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")


# It reads from a pipe that ends with this process. What was moved away goes back unless something stands in its place.
_CARE = 'read -r _; [ -z "$2" ] || [ -e "$2" ] || mv -- "$1/$3" "$2"; [ ! -e "$1" ] || exec rm -rf -- "$1"'
_SHELL = "/bin/sh"


class Caretaker:
    """What removes `folder` when this process is gone, however it ended; of `held` in it `goes_back` is the place."""

    def __init__(self, folder: Path, *, held: str = "", goes_back: Path | str = "") -> None:
        self._process: subprocess.Popen[bytes] | None = None
        # Without a shell, as on Windows, the next process sweeps.
        with suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603 - our own words, and paths as arguments
                [_SHELL, "-c", _CARE, _SHELL, str(folder), str(goes_back), held],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                # Signals of the terminal are for this process.
                start_new_session=True,
            )

    def close(self) -> None:
        """Let it do its work now; harmless where there is none left."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait()


class PrivateFolder:
    """A folder in the system's place for temporary files that only its owner can read, until `close`."""

    def __init__(self) -> None:
        self._lock: int | None = None
        self._caretaker: Caretaker | None = None
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            # A signal may end what asked for the folder before it could keep hold of it.
            atexit.register(self.close)
            with suppress(BlockingIOError):
                self._lock = _hold(self.path)
                if self.path.is_dir():
                    self._caretaker = Caretaker(self.path)
                    return
            # A sweeper was quicker: it takes the empty folder for a dead one's and removes it, now or a moment later.
            atexit.unregister(self.close)
            self._unlock()

    def close(self) -> None:
        """Remove the folder with all that is in it; harmless when that is done already.

        Where a thread that was interrupted still writes there, it is tried again when the process ends.
        """
        if sys.platform == "win32":
            self._unlock()  # what is open there cannot be removed
        shutil.rmtree(self.path, ignore_errors=True)
        if not self.path.exists():
            atexit.unregister(self.close)
            if self._caretaker is not None:
                self._caretaker.close()
        self._unlock()

    def _unlock(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def sweep_private_folders() -> int:
    """Remove the private folders that killed processes of this user left; return how many."""
    removed = 0
    try:
        found = [entry for entry in os.scandir(tempfile.gettempdir()) if _ours.fullmatch(entry.name)]
    except OSError:
        return 0
    for entry in found:
        if sys.platform == "win32":
            # A file that a process has open cannot be removed there; of a folder without it nobody knows.
            with suppress(OSError):
                Path(entry.path, _HELD).unlink()
                shutil.rmtree(entry.path, ignore_errors=True)
                removed += 1
            continue
        try:
            if entry.stat(follow_symlinks=False).st_uid != os.getuid():
                continue
            descriptor = lock_folder(Path(entry.path))
        except OSError:
            continue  # in use, or gone meanwhile
        if descriptor is not None:
            shutil.rmtree(entry.path, ignore_errors=True)
            os.close(descriptor)
            removed += 1
    return removed


def _hold(folder: Path) -> int | None:
    """Take the lock of a private folder; where folders have none, on Windows, that of a file in it."""
    if sys.platform == "win32":
        return os.open(folder / _HELD, os.O_CREAT | os.O_RDWR)
    return lock_folder(folder)


def lock_folder(folder: Path) -> int | None:
    """Take the lock of a folder and return what holds it; None where there is no telling.

    Raises BlockingIOError while another process holds it.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            raise
        return None  # a file system without locks
    return descriptor
