"""Let one run at a time into a workspace, and take over from one that died.

The lock is the operating system's own, so that it ends with the process that holds it, however it
ends. The file's content says who that is; content that outlives its process tells of a crash.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.errors import DataError, LockedError, Problem
from policycore.system.refusals import refusal_words

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = ["Holder", "RunLock"]

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that wrote the lock file."""

    pid: int
    host: str
    since: str


class RunLock:
    """The lock of one workspace, held in a ``with`` block; `took_over` names a process that died holding it.

    Locked is a file beside `file`: on Windows a locked one could not be read by those who wait.
    """

    def __init__(self, file: Path, *, wait_seconds: float = 0.0) -> None:
        self.file = file
        self.wait_seconds = wait_seconds
        self.took_over: Holder | None = None
        self._lock: BaseFileLock | None = None

    def __enter__(self) -> RunLock:
        """Take the lock, waiting as long as allowed.

        Raises LockedError while another process holds it and DataError where the file can't be written.
        """
        from filelock import FileLock, Timeout

        # A lock that the file system does not know is an error: one that only looks at files outlives its process.
        lock = FileLock(f"{self.file}.held", self.wait_seconds, thread_local=False, fallback_to_soft=False)
        try:
            # The library would make missing folders, too.
            self.file.touch()
            lock.acquire(poll_interval=_POLL_SECONDS)
            self.took_over = _holder(self.file)
            ours = Holder(os.getpid(), socket.gethostname(), datetime.now(UTC).isoformat(timespec="seconds"))
            self.file.write_text(json.dumps(asdict(ours)), encoding="utf-8")
        except Timeout:
            holder = _holder(self.file) or Holder(0, "?", "?")
            raise LockedError(
                Problem.of(
                    "system.locked", code="store.locked", pid=holder.pid or "?", host=holder.host, since=holder.since
                )
            ) from None
        except OSError as error:
            # A full disk has no room for our name, and some file systems know no locks at all.
            lock.release()
            reason = refusal_words(error)
            raise DataError(
                Problem.of("system.unwritable", code="store.unwritable", path=self.file, kind=reason)
            ) from None
        except BaseException:  # whatever it was, nobody holds the lock
            lock.release()
            raise
        self._lock = lock
        return self

    def __exit__(self, *_: object) -> None:
        """Give the lock back; the emptied file says that nobody died."""
        if self._lock is not None:
            with contextlib.suppress(OSError):
                os.truncate(self.file, 0)
            self._lock.release()
            self._lock = None


def _holder(file: Path) -> Holder | None:
    """Return whom the lock file names, None when it names nobody."""
    try:
        data = json.loads(file.read_bytes() or b"null")
        return None if data is None else Holder(int(data["pid"]), str(data["host"])[:80], str(data["since"])[:40])
    except (ValueError, KeyError, TypeError):
        # Killed while writing its name: it died all the same.
        return Holder(0, "?", "?")
