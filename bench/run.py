"""Run the measurements, each in a process of its own, and gather their figures."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.rules import FIVE, selected_rules, write_ruleset
from bench.startup import measure_version, write_large_ruleset
from policycore.errors import PluginError, Problem, UsageError
from policycore.language import say

__all__ = ["Wanted", "run_bench"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Say what to measure."""

    groups: int
    members: int
    messages: int
    seed: int
    rules: str
    compare: bool = False
    startup: bool = True
    repeat: int = 1
    large_ruleset: int = 1000
    changed: float = 0.0
    """Share of the memberships that change before a second run; 0 for no second run."""


def run_bench(wanted: Wanted, tell: Callable[[str], None]) -> dict[str, Any]:
    """Return every figure as plain data; `tell` is called as each part begins."""
    if wanted.compare:
        _need_compared_engines()
    with tempfile.TemporaryDirectory(prefix="policycore-bench-") as name:
        folder = Path(name)
        tell(say("bench.generating", groups=wanted.groups, members=wanted.members, messages=wanted.messages))
        tables = _child(
            "bench.write",
            {
                "folder": name,
                "groups": wanted.groups,
                "members": wanted.members,
                "messages": wanted.messages,
                "seed": wanted.seed,
            },
        )
        ruleset = _ruleset(wanted, folder)
        tell(say("bench.importing"))
        imported = _fastest(wanted.repeat, {"folder": name, "measure": "import"}, folder)
        tell(say("bench.checking"))
        checked = _fastest(wanted.repeat, {"folder": name, "measure": "check", "ruleset": str(ruleset)}, folder)
        answer: dict[str, Any] = {
            "policycore_bench": 1,
            "machine": _machine(),
            "wanted": {"rules": wanted.rules, "seed": wanted.seed, "repeat": wanted.repeat},
            "tables": tables,
            "import": imported,
            "check": checked,
        }
        if wanted.changed:
            tell(say("bench.changing"))
            asked = {"folder": name, "ruleset": str(ruleset), "share": wanted.changed, "seed": wanted.seed}
            answer["again"] = _child("bench.again", asked)
        if wanted.startup:
            tell(say("bench.starting"))
            large = write_large_ruleset(folder / "large.yaml", wanted.large_ruleset)
            answer["startup"] = [measure_version(), _child("bench.startup", str(large))]
        if wanted.compare:
            tell(say("bench.comparing"))
            five = write_ruleset(folder / "five.yaml", FIVE)
            argument = {"snapshot": str(folder / "snapshot"), "ruleset": str(five)}
            runs = [_child("bench.compare", argument) for _ in range(wanted.repeat)]
            # Each engine at its fastest: what else this machine did meanwhile favours nobody.
            answer["compare"] = [
                min(engine, key=lambda run: float(run["seconds"])) for engine in zip(*runs, strict=True)
            ]
        return answer


def _fastest(times: int, argument: dict[str, str], folder: Path) -> Any:
    """Measure so many times and return the run that took the least time in all."""
    runs = []
    for _ in range(times):
        shutil.rmtree(folder / "imported", ignore_errors=True)
        runs.append(_child("bench.measure", argument))
    return min(runs, key=lambda run: sum(stage["seconds"] for stage in run["stages"]))


def _need_compared_engines() -> None:
    """Raise UsageError when the engines to compare with are not installed."""
    absent = [name for name in ("cedarpy", "c7n") if importlib.util.find_spec(name) is None]
    if absent:
        what = say("bench.not-installed", names=", ".join(absent))
        raise UsageError(
            Problem("bench.not-installed", what, say("bench.not-installed.why"), say("bench.not-installed.fix"))
        )


def _ruleset(wanted: Wanted, folder: Path) -> Path:
    """Write the rule set of the selection."""
    if wanted.rules == "ownership-admission-5":
        return write_ruleset(folder / "bench.yaml", FIVE)
    from policycore.plugin_api.plugins import load_plugins

    return write_ruleset(folder / "bench.yaml", selected_rules(wanted.rules, load_plugins().rules))


def _child(module: str, argument: object) -> Any:
    """Run one measurement in a process of its own and return what it printed."""
    text = argument if isinstance(argument, str) else json.dumps(argument)
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", module, text], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise PluginError(Problem("bench.failed", say("bench.failed", part=module, reason=last[0])))
    return json.loads(done.stdout.splitlines()[-1])


def _machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    import duckdb
    import pyarrow

    from policycore import __version__

    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "pyarrow": pyarrow.__version__,
        "policycore": __version__,
    }


def _processor() -> str:
    """Return the processor's name where the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
