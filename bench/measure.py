"""Measure one part of a run, stage by stage, in a process of its own: its peak memory is that part's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

__all__ = ["fastest", "measure_check", "measure_import", "measure_ruleset", "measure_version", "peak_memory"]

# Seconds of evaluation beyond which it is not run again: the first run's extra cost is lost in them.
_WORTH_REPEATING = 3.0

Stage = dict[str, Any]
"""A stage's name and seconds, and how many rows and findings it handled."""


def peak_memory(*, children: bool = False) -> int:
    """Return the most memory that this process, or one that it started, ever held, in bytes; 0 where nothing tells."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)


def fastest(work: Callable[[], object], times: int = 3) -> float:
    """Return the seconds of the fastest of several runs."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


@contextmanager
def _timed(stages: list[Stage], name: str) -> Iterator[Stage]:
    """Add a stage and time what happens inside the ``with`` block."""
    stage: Stage = {"name": name, "rows": None, "findings": None}
    stages.append(stage)
    began = time.perf_counter()
    yield stage
    stage["seconds"] = time.perf_counter() - began


def measure_import(folder: Path) -> dict[str, Any]:
    """Import the CSV files to a snapshot: read, validate, write."""
    stages: list[Stage] = []
    began = {}
    with _timed(stages, "load modules"):
        from policycore.estate.importing import import_estate
    snapshot = import_estate(
        [folder / "interchange"], folder / "imported", progress=lambda name: began.update({name: time.perf_counter()})
    )
    began["end"] = time.perf_counter()
    rows = sum(table.rows for table in snapshot.tables.values())
    for (name, start), (_, end) in pairwise(began.items()):
        stages.append({"name": name, "seconds": end - start, "rows": rows, "findings": None})
    return {"stages": stages, "cpu_seconds": time.process_time(), "peak_memory": peak_memory()}


def measure_check(folder: Path, ruleset: Path) -> dict[str, Any]:
    """Check the snapshot with `ruleset`: load modules, rule set, open, each rule, report."""
    stages: list[Stage] = []
    with _timed(stages, "load modules"):
        from policycore.engine.run import evaluate
        from policycore.engine.session import EstateData, EstateSession
        from policycore.estate.importing import open_estate
        from policycore.plugin_api.plugins import load_plugins
        from policycore.reports import formats
        from policycore.rulesets.load import load_ruleset
    with _timed(stages, "load rule set") as stage:
        plugins = load_plugins()
        resolved = load_ruleset(ruleset, plugins.rules, plugins.ruleset_folders)
        stage["rows"] = len(resolved.rules)
    with _timed(stages, "open snapshot") as stage:
        snapshot = open_estate(folder / "snapshot")
        stage["rows"] = sum(table.rows for table in snapshot.tables.values())
    began, busy = time.perf_counter(), time.process_time()
    result = evaluate(snapshot, resolved)
    evaluation, busy = time.perf_counter() - began, time.process_time() - busy
    findings = Counter(finding.rule for finding in result.findings)
    for one in result.outcomes:
        judged = sum(one.verdicts.values())
        stages.append({"name": one.name, "seconds": one.seconds, "rows": judged, "findings": findings[one.rule]})
    rest = evaluation - sum(one.seconds for one in result.outcomes)
    stages.append({"name": "open session, sort result", "seconds": rest, "rows": None, "findings": None})
    report = folder / "report.json"
    with _timed(stages, "write report (JSON)") as stage, report.open("wb") as stream:
        formats()["json"].write(result, stream, "en")
        stage["rows"], stage["findings"] = stream.tell(), len(result.findings)
    # What follows costs time and memory that no check does.
    cpu, peak = time.process_time(), peak_memory()
    repeats = evaluation < _WORTH_REPEATING
    return {
        "stages": stages,
        "evaluation": evaluation,
        "evaluation_cpu": busy,
        "evaluation_again": fastest(lambda: evaluate(snapshot, resolved)) if repeats else None,
        "opening": fastest(EstateSession(EstateData.from_snapshot(snapshot)).close, 1),
        "groups": result.counts.get("groups", 0),
        "problems": [str(problem) for problem in result.problems],
        "cpu_seconds": cpu,
        "peak_memory": peak,
    }


def measure_ruleset(path: Path) -> dict[str, Any]:
    """Load a rule set; CPU seconds, without importing modules."""
    from policycore.plugin_api.plugins import load_plugins
    from policycore.rulesets.load import load_ruleset

    plugins = load_plugins()
    began = time.process_time()
    resolved = load_ruleset(path, plugins.rules, plugins.ruleset_folders)
    return {"rules": len(resolved.rules), "cpu_seconds": time.process_time() - began}


def measure_version() -> float:
    """Return the CPU seconds of ``policycore --version``: the least of several starts."""
    used = []
    for _ in range(5):
        before = os.times()
        subprocess.run([sys.executable, "-m", "policycore", "--version"], check=True, capture_output=True)
        after = os.times()
        used.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return min(used)


if __name__ == "__main__":
    measure, *places = sys.argv[1:]
    answer: dict[str, Any] = globals()[f"measure_{measure}"](*map(Path, places))
    print(json.dumps(answer))  # noqa: T201 - read by the parent process
