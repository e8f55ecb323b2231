"""The child process that takes texts out of files: a line of JSON answers a path, an empty one tells of a step."""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from time import process_time

from policycore.files.kinds import take
from policycore.files.taken import MAX_UNPACKED, Budget, Taken, Unread

__all__ = ["main"]

MEMORY = 3 * 1024 * 1024 * 1024
"""Bytes that a file may make the process take, where the system can hold it to that."""


def main() -> None:
    """Read paths from standard input until it ends."""
    # Libraries written in C print what they like: only our own lines may reach the parent.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    _bound()

    def tell(line: str = "") -> None:
        answers.write(line + "\n")
        answers.flush()

    tell()
    for line in sys.stdin:
        asked = json.loads(line)

        def alive(seconds: float = asked["step"]) -> None:
            _give(seconds)
            tell()

        _give(asked["step"])
        budget = Budget(ends=process_time() + asked["seconds"], alive=alive)
        taken = _taken(Path(asked["path"]), asked["ocr"], budget)
        tell(json.dumps([taken.kind, taken.pieces, taken.unread, taken.picture]))


def _taken(path: Path, ocr: str, budget: Budget) -> Taken:
    """Return what is in a file."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_UNPACKED + 1)
    except OSError:
        return Taken("", (), (Unread("missing"),))
    if len(data) > MAX_UNPACKED:
        return Taken("", (), (Unread("large"),))
    return take(data, ocr, budget)


def _bound() -> None:
    """Hold this process to its memory, and let it write no core."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _give(seconds: float) -> None:
    """Let this process take so many seconds more of the processor; where the system cannot end it, its parent does."""
    try:
        import resource
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = math.ceil(process_time() + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard))


if __name__ == "__main__":
    main()
