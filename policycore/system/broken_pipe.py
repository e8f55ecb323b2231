"""Let a reader go away (``policycore check … | head``) without a word, and without a changed exit code."""

from __future__ import annotations

import io
import os
import stat
import sys
from typing import Any, TextIO

from typing_extensions import Buffer

__all__ = ["outlive_readers"]


class _Outlasting(io.FileIO):
    """Be a descriptor that takes what nobody reads any more."""

    def write(self, data: Buffer, /) -> int | None:  # type: ignore[override] # as the class itself does
        """Write what somebody reads; once nobody does, let this and everything after it go nowhere."""
        try:
            return super().write(data)
        except BrokenPipeError:
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self.fileno())
            os.close(null)
            return memoryview(data).nbytes


def outlive_readers() -> None:
    """Replace this process's standard output and error where they are pipes.

    A reader that has seen enough is no failure: the run is recorded, and the exit code goes on saying
    what the command found. So the command ends as it would have, a little later than by a signal.
    """
    sys.stdout = _outlasting(sys.stdout)
    sys.stderr = _outlasting(sys.stderr)


def _outlasting(stream: Any) -> TextIO:
    """Return `stream`, or what writes to the same descriptor and outlives its readers."""
    try:
        descriptor = stream.fileno()
    except (AttributeError, OSError, ValueError):
        return stream  # type: ignore[no-any-return] # there is none, or it is no file
    mode = os.fstat(descriptor).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return stream  # type: ignore[no-any-return] # files have no readers, and a terminal sends a signal
    stream.flush()
    raw = _Outlasting(descriptor, "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        newline=None,
        line_buffering=stream.line_buffering,
    )
