"""Measure a check whose work others share: alone, by one and two workers of this machine, and with one of them killed.

Each run is a process of its own, from the snapshot to the report in JSON; all reports must be the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["RUNS", "cluster_lines", "measure_cluster"]

RUNS = {"alone": "", "one worker": "local:1", "two workers": "local:2", "two workers, one killed": "local:2 -9"}
"""How the same check is run: the cluster, and whether a worker of it is killed."""


def measure_cluster(folder: Path, ruleset: Path, how: str) -> dict[str, Any]:
    """Check the snapshot below `folder`; return seconds and hash of the report. ``-9`` kills the busiest worker."""
    from policycore.engine.run import BucketJudged, RuleJudged
    from policycore.operations.check import EstateOpened, check

    where, _, kill = how.partition(" ")
    moments: dict[str, float] = {}
    killed: list[int] = []

    def tell(event: object) -> None:
        if isinstance(event, EstateOpened | BucketJudged):
            moments[type(event).__name__] = time.perf_counter()
        if kill and not killed and isinstance(event, RuleJudged):
            killed.append(_kill())

    began = time.perf_counter()
    outcome = check(folder / "snapshot", ruleset, record=False, cluster=where or None, time_limit=3600, tell=tell)
    report = outcome.report("json")
    ended = time.perf_counter()
    return {
        "seconds": ended - began,
        "ready": moments["EstateOpened"] - began,
        "together": ended - moments.get("BucketJudged", ended),
        "cpu": sum(os.times()[:4]),
        "sha256": hashlib.sha256(report).hexdigest(),
        "problems": [str(problem) for problem in outcome.result.problems],
        "findings": len(outcome.findings),
        "killed": len(killed),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0,
    }


def _kill() -> int:
    """Kill the worker that has worked most; return its number."""
    import psutil  # type: ignore[import-untyped]  # ships no types

    workers = psutil.Process().children()
    busiest = max(workers, key=lambda one: sum(one.cpu_times()[:2]))
    busiest.send_signal(signal.SIGKILL)
    return int(busiest.pid)


def cluster_lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield the table of one measurement."""
    runs = answer["runs"]
    alone = runs["alone"]["seconds"]
    same = len({run["sha256"] for run in runs.values()}) == 1
    rows = ", ".join(f"{rows:,} {name}" for name, rows in answer["tables"].items() if name in ("groups", "messages"))
    yield f"{rows}; {runs['alone']['findings']:,} findings; reports {'are the same bytes' if same else 'DIFFER'}"
    yield "run                      | seconds | CPU seconds | before judging | after the last bucket | alone = 1 | load"
    for name, run in runs.items():
        yield (
            f"{name:24} | {run['seconds']:7.1f} | {run['cpu']:11.1f} | {run['ready']:14.1f} | {run['together']:21.1f} "
            f"| {alone / run['seconds']:9.2f} | {run['load']:4.1f}"
        )


if __name__ == "__main__":
    print(json.dumps(measure_cluster(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))  # noqa: T201 - for the parent
