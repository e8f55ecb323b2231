"""Say how much memory the database may use, and keep the SQL of rule sets from taking all that there is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policycore.errors import Problem, UsageError

__all__ = ["MEMORY_VARIABLE", "memory_bounded", "memory_limit"]

MEMORY_VARIABLE = "POLICYCORE_MEMORY"
_MEGABYTE = 1024 * 1024
_USUAL = 2048 * _MEGABYTE
_LEAST = 128 * _MEGABYTE
_written = re.compile(r"([0-9]{1,7})(?:\.[0-9]+)?\s*(MB|GB)", re.IGNORECASE)


def memory_limit() -> int:
    """Return the bytes that the database may use: 2 GB or half of what the machine has, whichever is less.

    The variable POLICYCORE_MEMORY says another number (``512MB``, ``8GB``); UsageError for anything else in it.
    """
    said = os.environ.get(MEMORY_VARIABLE, "").strip()
    if not said:
        return max(_LEAST, min(_USUAL, _there() // 2))
    found = _written.fullmatch(said)
    limit = int(found[1]) * _MEGABYTE * (1024 if found[2].upper() == "GB" else 1) if found else 0
    if limit < _LEAST:
        raise UsageError(Problem.of("system.memory", name=MEMORY_VARIABLE, least=f"{_LEAST // _MEGABYTE}MB"))
    return limit


def _there() -> int:
    """Return how much memory this process could ever have; very much where the system does not tell."""
    sizes = [1 << 60]
    try:
        sizes.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
        # In a container the machine's own size says nothing.
        sizes.append(int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    except (AttributeError, OSError, ValueError):
        pass  # what the system does not tell bounds nothing
    return min(size for size in sizes if size > 0)


@contextmanager
def memory_bounded(beyond: int) -> Iterator[None]:
    """Let this process take at most `beyond` bytes more inside the block, where the system can hold it to that (Linux).

    The database counts what it keeps in tables, and not the texts that a function like ``repeat`` makes: one row can
    ask for all memory there is. Here the allocation fails, and the query with it.
    """
    try:
        import resource

        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        used = int(status.partition("VmData:")[2].split()[0]) * 1024
    except (ImportError, OSError, IndexError, ValueError):
        yield
        return
    before, hard = resource.getrlimit(resource.RLIMIT_DATA)
    ends = [limit for limit in (before, hard, used + beyond) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(ends), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, hard))
