"""Take the texts of many files in child processes, which are ended where a file takes too long."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Timer

from policycore.files.taken import MAX_SECONDS, Picture, Piece, Taken, Unread

__all__ = ["SECONDS", "WAIT", "read_files"]

SECONDS = 60.0
"""Of a processor, what one step may take: a page, a picture, a member of an archive."""
WAIT = 1_800.0
"""By the clock, after how many seconds a step that needs no processor, or has none, is given up."""
_MOST_WORKERS = 4
_OUT_OF_TIME = -getattr(signal, "SIGXCPU", 0) or None
"""With what a process ends that took more of the processor than it may."""


def read_files(
    paths: Iterable[Path],
    ocr: str = "all",
    seconds: float = SECONDS,
    most: float = MAX_SECONDS,
    processes: int = _MOST_WORKERS,
    wait: float = WAIT,
) -> Iterator[Taken]:
    """Yield what was taken out of each file, in their order, by so many `processes` at most.

    After `most` seconds of a processor the rest of a file stays unread. A file of which one step takes more than
    `seconds` of it, or more memory than it may, or makes a library crash, costs itself alone. The clock does not count,
    so that a file is not read or unread by what else the machine does: it only ends what stands still, after `wait`.
    """
    listed = list(paths)
    count = min(processes, os.cpu_count() or 1, max(1, len(listed)))
    free: SimpleQueue[_Worker] = SimpleQueue()
    workers = [_Worker() for _ in range(count)]
    for worker in workers:
        free.put(worker)

    def taken(path: Path) -> Taken:
        worker = free.get()
        try:
            return worker.take(path, ocr, {"step": seconds, "seconds": most}, wait)
        finally:
            free.put(worker)

    try:
        with ThreadPoolExecutor(count) as pool:
            yield from pool.map(taken, listed)
    finally:
        for worker in workers:
            worker.close()


class _Worker:
    """A child process, started when it is first asked and again after it was ended."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None

    def take(self, path: Path, ocr: str, limits: Mapping[str, float], wait: float) -> Taken:
        """Return what is in one file."""
        if self._child is None:
            self._child = _started()
            self._answer("", wait)
        asked = {"path": str(path.absolute()), "ocr": ocr, **limits}
        answer, late = self._answer(json.dumps(asked) + "\n", wait)
        while answer == "\n":  # one step more
            answer, late = self._answer("", wait)
        if not answer.endswith("\n"):
            late = self.close() == _OUT_OF_TIME or late
            return Taken("", (), (Unread("time" if late else "memory"),))
        kind, pieces, unread, picture = json.loads(answer)
        return Taken(
            kind,
            tuple(Piece(text, file, page, box and tuple(box)) for text, file, page, box in pieces),
            tuple(Unread(*one) for one in unread),
            picture and Picture(*picture),
        )

    def _answer(self, asked: str, seconds: float) -> tuple[str, bool]:
        """Return what the process answers, without its line break where it did not in time; and whether it was late."""
        child = self._child
        assert child is not None and child.stdin is not None and child.stdout is not None  # noqa: S101, PT018 - pipes
        late = Event()

        def end() -> None:
            late.set()
            child.kill()

        timer = Timer(seconds, end)
        timer.start()
        try:
            child.stdin.write(asked)
            child.stdin.flush()
            return child.stdout.readline(), late.is_set()
        except BrokenPipeError:
            return "", late.is_set()
        finally:
            timer.cancel()

    def close(self) -> int | None:
        """End the process; return with what it ended, None where there was none."""
        child, self._child = self._child, None
        if child is None:
            return None
        child.kill()
        child.communicate()
        return child.returncode


def _started() -> subprocess.Popen[str]:
    """Start a child process."""
    return subprocess.Popen(
        [sys.executable, "-m", "policycore.files.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="ascii",
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
