"""Print the figures of a measurement as tables that fit a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["bench_lines"]


def bench_lines(answer: dict[str, Any]) -> Iterator[str]:
    """Yield the figures line by line."""
    for name, value in answer["machine"].items():
        yield f"{name:<12}{value}"[:100]
    yield ", ".join(f"{answer['tables'].get(name, 0):,} {name}" for name in ("groups", "memberships", "messages"))
    yield from _stages("Import of CSV", answer["import"])
    check = answer["check"]
    yield from _stages(f"Check of the snapshot ({answer['wanted']['rules']})", check)
    for name, key in (
        ("evaluation, first (and per group)", "evaluation"),
        ("the same in CPU seconds of all cores", "evaluation_cpu"),
        ("evaluation, again in the same process", "evaluation_again"),
        ("of which opening the session", "opening"),
    ):
        if check[key] is not None:
            yield _row(f"  {name}", f"{check[key]:.3f}", f"{check[key] / max(1, check['groups']) * 1e6:.2f} µs")
    yield from (f"  ! {problem}" for problem in check["problems"])
    plain = answer["plain"]
    yield from ("", _row("The same questions in plain DuckDB, by keys", "CPU seconds", "answers"))
    for one in plain:
        yield _row(f"  {one['question']}"[:44], f"{one['cpu_seconds']:.3f}", _number(one["answers"]))
    yield _row("  total", f"{sum(one['cpu_seconds'] for one in plain):.3f}")
    if startup := answer.get("startup"):
        yield from (
            "",
            _row("Start", "CPU seconds"),
            _row("  policycore --version", f"{startup['version']:.3f}"),
            _row(f"  rule set of {startup['rules']} rules", f"{startup['cpu_seconds']:.3f}"),
        )
    if engines := answer.get("compare"):
        yield from ("", _row("The same five rules, the same verdicts", "seconds", "µs/group", "failing"))
        for one in engines:
            cells = (f"{one['seconds']:.3f}", f"{one['microseconds_per_group']:.2f}", _number(one["failing"]))
            yield _row(f"  {one['engine']}", *cells)


def _stages(title: str, part: dict[str, Any]) -> Iterator[str]:
    """Yield one table of stages with their sum and the process's peak memory."""
    yield from ("", _row(title, "seconds", "rows", "findings"))
    for stage in part["stages"]:
        cells = (f"{stage['seconds']:.3f}", _number(stage["rows"]), _number(stage["findings"]))
        yield _row(f"  {stage['name']}", *cells)
    yield from (
        _row("  total", f"{sum(stage['seconds'] for stage in part['stages']):.3f}"),
        _row("  CPU, all cores, start included", f"{part['cpu_seconds']:.3f}"),
        _row("  peak memory", f"{part['peak_memory'] / 1e9:.2f} GB"),
    )


def _number(value: int | None) -> str:
    """Return a number with thousands set apart, nothing for None."""
    return "" if value is None else f"{value:,}"


def _row(name: str, *cells: str) -> str:
    return (f"{name:<42}" + "".join(f"{cell:>12}" for cell in cells)).rstrip()
