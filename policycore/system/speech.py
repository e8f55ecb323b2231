"""Keep what a plugin prints from standard output, which is data, and hand it to the log under the plugin's name.

That is the command line's wish: it gives the log a handler. In a program that uses the package as a library nothing is
kept from anywhere, for what other threads print meanwhile is none of our business.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress

from typing_extensions import Buffer

from policycore.system.one_process import threads_ended

__all__ = ["LOGGER", "MOST_BYTES", "captured"]

LOGGER = "policycore.plugins"
MOST_BYTES = 8_000
"""What is kept of one call; the rest is counted."""


class _Kept(io.RawIOBase):
    """A stream that keeps its beginning."""

    def __init__(self) -> None:
        self.kept = bytearray()
        self.left_out = 0

    def writable(self) -> bool:
        """Return that it takes everything."""
        return True

    def write(self, data: Buffer, /) -> int:
        """Keep what there is room for."""
        given = bytes(data)
        room = max(0, MOST_BYTES - len(self.kept))
        self.kept += given[:room]
        self.left_out += len(given[room:])
        return len(given)


@contextmanager
def captured(who: str) -> Iterator[None]:
    """Take what is printed in a ``with`` block from both streams, where the log has a handler of its own.

    `who` said it; the log learns afterwards.
    """
    if not _is_heard():
        yield
        return
    kept = _Kept()
    stream = io.TextIOWrapper(io.BufferedWriter(kept), "utf-8", errors="replace", line_buffering=True)
    try:
        with redirect_stdout(stream), redirect_stderr(stream), threads_ended():
            yield
    finally:
        with suppress(ValueError):  # closed, or taken apart
            stream.flush()
        if kept.kept:
            _log(who, kept)


def _is_heard() -> bool:
    """Return whether somebody listens to the log; where nobody imported logging, nobody does."""
    logging = sys.modules.get("logging")
    return logging is not None and bool(logging.getLogger(LOGGER).handlers)


def _log(who: str, kept: _Kept) -> None:
    """Log all of it at once; whoever shows the log cleans it, and looks at the whole for what may be shown."""
    import logging

    more = f"\n… (+{kept.left_out} B)" if kept.left_out else ""
    logging.getLogger(LOGGER).info("%s: %s", who, kept.kept.decode("utf-8", "replace").rstrip() + more)
