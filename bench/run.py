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
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from bench.cluster import RUNS
from bench.measure import measure_version
from bench.rulesets import FIVE, selected_rules, write_large_ruleset, write_ruleset

__all__ = ["run_bench", "run_cluster", "run_text"]


def run_bench(
    groups: int,
    members: int,
    messages: int,
    *,
    seed: int,
    rules: str,
    tell: Callable[[str], object],
    repeat: int = 1,
    compare: bool = False,
    startup: bool = True,
    large_ruleset: int = 1000,
) -> dict[str, Any]:
    """Return every figure as plain data; `tell` is called as each part begins.

    Raises click.ClickException when an engine to compare with is not installed, or a measurement failed.
    """
    absent = [name for name in ("cedarpy", "c7n") if importlib.util.find_spec(name) is None]
    if compare and absent:
        raise click.ClickException(f"{', '.join(absent)} not installed: python -m pip install 'policycore[bench]'")
    with tempfile.TemporaryDirectory(prefix="policycore-bench-") as name:
        folder = Path(name)
        tell(f"generating {groups:,} groups, {members:,} memberships, {messages:,} messages")
        tables = _child("bench.estate", name, groups, members, messages, seed)
        ruleset = write_ruleset(folder / "bench.yaml", selected_rules(rules))
        answer: dict[str, Any] = {
            "policycore_bench": 1,
            "machine": _machine(),
            "wanted": {"rules": rules, "seed": seed, "repeat": repeat},
            "tables": tables,
        }
        for part, arguments in (("import", [name]), ("check", [name, ruleset])):
            tell(f"measuring the {part}")
            runs = []
            for _ in range(repeat):
                shutil.rmtree(folder / "imported", ignore_errors=True)
                runs.append(_child("bench.measure", part, *arguments))
            answer[part] = min(runs, key=lambda run: sum(stage["seconds"] for stage in run["stages"]))
        tell("asking the same in plain DuckDB")
        answer["plain"] = _child("bench.plain", folder / "snapshot", *selected_rules(rules))
        if startup:
            tell("measuring the start")
            large = write_large_ruleset(folder / "large.yaml", large_ruleset)
            answer["startup"] = {"version": measure_version(), **_child("bench.measure", "ruleset", large)}
        if compare:
            tell("comparing with other engines")
            five = write_ruleset(folder / "five.yaml", FIVE)
            every = [_child("bench.compare", folder / "snapshot", five) for _ in range(repeat)]
            # Each engine at its fastest: what else this machine did meanwhile favours nobody.
            answer["compare"] = [
                min(engine, key=lambda run: float(run["seconds"])) for engine in zip(*every, strict=True)
            ]
        return answer


def run_cluster(groups: int, messages: int, rules: str, seed: int) -> dict[str, Any]:
    """Return the figures of a check that others share; see `bench.cluster`."""
    if importlib.util.find_spec("distributed") is None:
        raise click.ClickException("distributed is not installed: python -m pip install 'policycore[cluster]'")
    with tempfile.TemporaryDirectory(prefix="policycore-bench-") as name:
        tables = _child("bench.estate", name, groups, groups * 30, messages, seed)
        ruleset = write_ruleset(Path(name) / "bench.yaml", selected_rules(rules))
        runs = {run: _child("bench.cluster", name, ruleset, how) for run, how in RUNS.items()}
        return {"policycore_bench": 1, "machine": _machine(), "tables": tables, "runs": runs}


def run_import(messages: int, repeat: int, seed: int) -> dict[str, Any]:
    """Return the figures of imports of exports of chats, each the one with the fewest CPU seconds of several."""
    from bench.exports import FORMS

    imports = {}
    for form, (file, _) in FORMS.items():
        with tempfile.TemporaryDirectory(prefix="policycore-bench-") as name:
            _child("bench.exports", form, name, messages, seed)
            runs = [_child("bench.exports", "measure", Path(name) / file) for _ in range(repeat)]
            imports[form] = min(runs, key=lambda run: float(run["cpu_seconds"]))
    return {"policycore_bench": 1, "machine": _machine(), "messages": messages, "imports": imports}


def run_text(messages: int, words: int, repeat: int, seed: int) -> dict[str, Any]:
    """Return the figures of the text engine; see `bench.text`."""
    if importlib.util.find_spec("hyperscan") is None:
        raise click.ClickException("hyperscan is not installed: there is nothing to compare with")
    with tempfile.TemporaryDirectory(prefix="policycore-bench-") as name:
        _child("bench.text", "write", name, messages, seed)
        answer: dict[str, Any] = _child("bench.text", "measure", name, words, repeat, seed)
        return {"policycore_bench": 1, "machine": _machine(), **answer}


def _child(module: str, *arguments: object) -> Any:
    """Run one measurement in a process of its own and return what it printed."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", module, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or [str(done.returncode)]
        raise click.ClickException(f"{module} failed: {last[0]}")
    return json.loads(done.stdout.splitlines()[-1])


def _machine() -> dict[str, str]:
    """Return what the figures were measured on."""
    processor = platform.processor() or platform.machine()
    if (told := Path("/proc/cpuinfo")).is_file():
        models = [line for line in told.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        processor = models[0].partition(":")[2].strip() if models else processor
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "processor": processor,
        "cores": str(cores),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ("duckdb", "pyarrow", "policycore")},
    }
