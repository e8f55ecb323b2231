"""Time the stages of one run and note what each handled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Stage", "Stages", "peak_memory"]


@dataclass(slots=True)
class Stage:
    """Say how long one stage took, and how many rows and findings it handled."""

    name: str
    seconds: float
    rows: int | None = None
    findings: int | None = None


@dataclass(slots=True)
class Stages:
    """Collect stages in order."""

    stages: list[Stage] = field(default_factory=list)

    @contextmanager
    def timed(self, name: str) -> Iterator[Stage]:
        """Time what happens inside the ``with`` block."""
        stage = Stage(name, 0.0)
        self.stages.append(stage)
        began = time.perf_counter()
        try:
            yield stage
        finally:
            stage.seconds = time.perf_counter() - began

    def as_dicts(self) -> list[dict[str, Any]]:
        """Return the stages as plain data."""
        return [asdict(stage) for stage in self.stages]


def peak_memory() -> int:
    """Return the most memory this process ever held, in bytes; 0 where the system does not tell."""
    try:
        import resource
        import sys
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)
