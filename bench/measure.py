"""Measure one run, stage by stage, in a process of its own: its peak memory is the run's."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.stages import Stage, Stages, peak_memory

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot
    from policycore.model.result import RunResult
    from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["measure_check", "measure_import"]

# Seconds of evaluation beyond which it is not run again: the first run's extra cost is lost in them.
_WORTH_REPEATING = 3.0


def measure_import(folder: Path) -> dict[str, Any]:
    """Import the CSV files to a snapshot: read, validate, write."""
    stages = Stages()
    began = {"": time.perf_counter()}
    with stages.timed("load modules"):
        from policycore.estate.snapshot import import_estate
    snapshot = import_estate(
        [folder / "interchange"], folder / "imported", progress=lambda name: began.update({name: time.perf_counter()})
    )
    began["end"] = time.perf_counter()
    rows = sum(table.rows for table in snapshot.tables.values())
    names = ["read", "validate", "write", "end"]
    for name, following in pairwise(names):
        words = {"read": "read CSV", "validate": "validate", "write": "write snapshot"}
        stages.stages.append(Stage(words[name], began[following] - began[name], rows))
    return {"stages": stages.as_dicts(), "cpu_seconds": time.process_time(), "peak_memory": peak_memory()}


def measure_check(folder: Path, ruleset: Path, *, source: str = "snapshot") -> dict[str, Any]:
    """Check the estate with `ruleset`: load modules, rule set, open, each rule, report."""
    stages = Stages()
    with stages.timed("load modules"):
        from policycore.engine.run import evaluate
        from policycore.engine.session import EstateData, EstateSession
        from policycore.estate.snapshot import open_estate
        from policycore.plugin_api.plugins import load_plugins
        from policycore.reports import formats
        from policycore.rulesets.load import load_ruleset
    with stages.timed("load rule set") as stage:
        plugins = load_plugins()
        resolved = load_ruleset(ruleset, plugins.rules, plugins.ruleset_folders)
        stage.rows = len(resolved.rules)
    with stages.timed("open snapshot" if source == "snapshot" else "import CSV") as stage:
        snapshot: Snapshot = open_estate(folder / source)
        stage.rows = sum(table.rows for table in snapshot.tables.values())
    began = time.perf_counter()
    result = evaluate(snapshot, resolved)
    evaluation = time.perf_counter() - began
    _add_rules(stages, result, evaluation)
    with stages.timed("write report (JSON)") as stage:
        report = folder / "report.json"
        with report.open("wb") as stream:
            formats()["json"].write(result, stream, "en")
        stage.rows, stage.findings = report.stat().st_size, len(result.findings)
    # What follows costs time and memory that no check does.
    cpu, peak = time.process_time(), peak_memory()
    began = time.perf_counter()
    EstateSession(EstateData.from_snapshot(snapshot)).close()
    opening = time.perf_counter() - began
    again = _evaluate_again(snapshot, resolved) if evaluation < _WORTH_REPEATING else None
    return {
        "stages": stages.as_dicts(),
        "evaluation": evaluation,
        "evaluation_again": again,
        "opening": opening,
        "groups": result.counts.get("groups", 0),
        "memberships": result.counts.get("memberships", 0),
        "problems": [str(problem) for problem in result.problems],
        "cpu_seconds": cpu,
        "peak_memory": peak,
    }


def _evaluate_again(snapshot: Snapshot, ruleset: ResolvedRuleSet) -> float:
    """Return the seconds of the fastest of three more evaluations: what a process that goes on running pays."""
    from policycore.engine.run import evaluate

    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        evaluate(snapshot, ruleset)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _add_rules(stages: Stages, result: RunResult, evaluation: float) -> None:
    """Add each rule, the first of which opens the session; the rest is putting the result together."""
    findings = Counter(finding.rule for finding in result.findings)
    rules = sum(outcome.seconds for outcome in result.outcomes)
    for outcome in result.outcomes:
        judged = sum(outcome.verdicts.values())
        stages.stages.append(Stage(outcome.name, outcome.seconds, judged, findings[outcome.rule]))
    stages.stages.append(Stage("sort result", evaluation - rules))


if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    folder = Path(wanted["folder"])
    if wanted["measure"] == "import":
        answer = measure_import(folder)
    else:
        answer = measure_check(folder, Path(wanted["ruleset"]), source=wanted.get("source", "snapshot"))
    print(json.dumps(answer))  # noqa: T201 - read by the parent process
