"""Print the figures of a measurement as tables that fit a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from policycore.language import say
from policycore.text.width import fill_line, width

__all__ = ["bench_lines"]

_NAME, _CELL = 42, 12


def bench_lines(answer: dict[str, Any]) -> Iterator[str]:
    """Yield the figures line by line."""
    machine = answer["machine"]
    yield say("bench.machine", **machine)
    yield say(
        "bench.estate", **{name: f"{answer['tables'].get(name, 0):,}" for name in ("groups", "memberships", "messages")}
    )
    yield ""
    yield from _stages(say("bench.import"), answer["import"])
    yield ""
    yield from _stages(say("bench.check", rules=answer["wanted"]["rules"]), answer["check"])
    check = answer["check"]
    groups = max(1, check["groups"])
    for name, seconds in (
        ("first", check["evaluation"]),
        ("again", check["evaluation_again"]),
        ("opening", check["opening"]),
    ):
        if seconds is not None:
            yield _row("  " + say(f"bench.per-group.{name}"), (f"{seconds:.3f}", f"{seconds / groups * 1e6:.2f} µs"))
    for problem in check["problems"]:
        yield "  ! " + problem
    if "again" in answer:
        yield ""
        yield from _again(answer["again"])
    if "startup" in answer:
        yield ""
        yield from _startup(answer["startup"])
    if "compare" in answer:
        yield ""
        yield from _compare(answer["compare"])


def _stages(title: str, part: dict[str, Any]) -> Iterator[str]:
    """Yield one table of stages with their sum and the process's peak memory."""
    yield _row(title, (say("bench.seconds"), say("bench.rows"), say("bench.findings")))
    for stage in part["stages"]:
        yield _row(
            "  " + stage["name"], (f"{stage['seconds']:.3f}", _number(stage["rows"]), _number(stage["findings"]))
        )
    total = sum(stage["seconds"] for stage in part["stages"])
    yield _row("  " + say("bench.total"), (f"{total:.3f}", "", ""))
    yield _row("  " + say("bench.cpu"), (f"{part['cpu_seconds']:.3f}", "", ""))
    yield _row("  " + say("bench.peak"), (f"{part['peak_memory'] / 1e9:.2f} GB", "", ""))


def _again(part: dict[str, Any]) -> Iterator[str]:
    """Yield what the runs before and after a change took, and the shares of one in the other."""
    title = say("bench.again", changed=f"{part['changed']:,}")
    yield _row(title, (say("bench.wall"), say("bench.cpu-all"), say("bench.evaluation")))
    kinds = ("wall", "cpu", "evaluation")
    for name in ("first", "again", "later", "full"):
        yield _row("  " + say(f"bench.run.{name}"), tuple(f"{part[name][kind]:.2f}" for kind in kinds))
    shares = (f"{part['again'][kind] / part['first'][kind]:.1%}" for kind in kinds)
    yield _row("  " + say("bench.share"), tuple(shares))


def _startup(parts: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the figures of the start."""
    version, ruleset = parts
    yield _row(say("bench.startup"), (say("bench.seconds"),))
    yield _row("  " + say("bench.version"), (f"{version['cpu_seconds']:.3f}",))
    yield _row("  " + say("bench.ruleset", rules=ruleset["rules"]), (f"{ruleset['cpu_seconds']:.3f}",))


def _compare(engines: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield one line an engine."""
    yield _row(say("bench.compare"), (say("bench.seconds"), say("bench.micros"), say("bench.failing")))
    for engine in engines:
        cells = (f"{engine['seconds']:.3f}", f"{engine['microseconds_per_group']:.2f}", _number(engine["failing"]))
        yield _row("  " + engine["engine"], cells)
    yield "  " + say("bench.same-verdicts")


def _number(value: int | None) -> str:
    """Return a number with thousands set apart, nothing for None."""
    return "" if value is None else f"{value:,}"


def _row(name: str, cells: Sequence[str]) -> str:
    """Return one line of a table."""
    return (fill_line(name, _NAME) + "".join(" " * max(1, _CELL - width(cell)) + cell for cell in cells)).rstrip()
