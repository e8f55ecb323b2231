"""Let one run at a time into a workspace, and take over from one that died.

The lock is the operating system's own, so that it ends with the process that holds it, however it
ends. The file's content says who that is; content that outlives its process tells of a crash.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from policycore.errors import DataError, LockedError, Problem
from policycore.language import say

__all__ = ["Holder", "RunLock"]

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Holder:
    """Say which process wrote the lock file."""

    pid: int
    host: str
    since: str


class RunLock:
    """Hold the lock of one workspace in a ``with`` block; `took_over` names a process that died holding it."""

    def __init__(self, file: Path, *, wait_seconds: float = 0.0) -> None:
        self.file = file
        self.wait_seconds = wait_seconds
        self.took_over: Holder | None = None
        self._descriptor: int | None = None

    def __enter__(self) -> RunLock:
        """Take the lock, waiting as long as allowed.

        Raises LockedError while another process holds it and DataError where the file can't be written.
        """
        try:
            descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
        except OSError as error:
            raise DataError(_problem("unwritable", path=self.file, kind=error.strerror or "")) from None
        try:
            self._wait(descriptor)
            self.took_over = _holder(descriptor)
            _write(descriptor, _this_process())
        except OSError as error:
            # A full disk has no room for our name, and some file systems know no locks at all.
            os.close(descriptor)
            raise DataError(_problem("unwritable", path=self.file, kind=error.strerror or "")) from None
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back; the emptied file says that nobody died."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def _wait(self, descriptor: int) -> None:
        """Return as soon as the lock is ours."""
        deadline = time.monotonic() + self.wait_seconds
        while not _try_lock(descriptor):
            if time.monotonic() >= deadline:
                holder = _holder(descriptor)
                raise LockedError(
                    _problem(
                        "locked",
                        pid=holder.pid if holder else "?",
                        host=holder.host if holder else "?",
                        since=holder.since if holder else "?",
                    )
                )
            time.sleep(min(_POLL_SECONDS, max(0.0, deadline - time.monotonic())))


def _problem(key: str, **values: object) -> Problem:
    """Return a problem whose sentences stand under `key`."""
    return Problem(f"store.{key}", say(f"system.{key}", **values), say(f"system.{key}.why"), say(f"system.{key}.fix"))


def _this_process() -> Holder:
    """Return who we are."""
    return Holder(os.getpid(), socket.gethostname(), datetime.now(UTC).isoformat(timespec="seconds"))


def _try_lock(descriptor: int) -> bool:
    """Take the operating system's lock when it is free; OSError where it can't lock at all."""
    try:
        if sys.platform == "win32":
            import msvcrt

            # Byte 1,000,000 is locked, never read: the content stays readable for the one who waits.
            os.lseek(descriptor, 1_000_000, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            raise
        return False
    return True


def _holder(descriptor: int) -> Holder | None:
    """Return whom the lock file names, None when it names nobody."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        data = json.loads(os.read(descriptor, 4096) or b"null")
        return None if data is None else Holder(int(data["pid"]), str(data["host"])[:80], str(data["since"])[:40])
    except (ValueError, KeyError, TypeError):
        # Killed while writing its name: it died all the same.
        return Holder(0, "?", "?")


def _write(descriptor: int, holder: Holder) -> None:
    """Put our name in the lock file."""
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, json.dumps({"pid": holder.pid, "host": holder.host, "since": holder.since}).encode())
