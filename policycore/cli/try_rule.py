"""Try one rule while it is written: what it finds, passes and cannot judge, and why."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems, print_words
from policycore.cli.installed import installed_plugins
from policycore.cli.options import estate_place, format_option, last_checked
from policycore.cli.output import print_lines
from policycore.errors import ExitCode, PolicycoreError, Problem, UsageError
from policycore.language import say
from policycore.store.workspace import find_workspace
from policycore.text.shown import shown_line

if TYPE_CHECKING:
    from policycore.operations.try_rule import Trial

__all__ = ["command", "estate_or_demo"]

_LOOK_AGAIN = 0.5


@translated_command("try", help="cli.try.help")
@click.argument("rule", metavar="RULE|FILE.py|SET.yaml#ID")
@click.option("--estate", type=estate_place, metavar="FOLDER|URL", help="cli.try.estate")
@click.option("--subject", metavar="ID", help="cli.try.subject")
@click.option("--with", "given", multiple=True, metavar="NAME=VALUE", help="cli.try.with")
@click.option("--ruleset", metavar="NAME|FILE", help="cli.try.ruleset")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.check.as-of")
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="cli.try.limit")
@click.option("--watch", is_flag=True, help="cli.try.watch")
@format_option
def command(
    rule: str,
    estate: str | Path | None,
    subject: str | None,
    given: tuple[str, ...],
    ruleset: str | None,
    as_of: str | None,
    limit: int,
    watch: bool,
    format_name: str,
) -> ExitCode:
    """Print what a rule says; end with 4 where it breaks or one of its cases fails."""
    from policycore.operations.try_rule import file_of, try_rule

    file = file_of(rule)
    if watch and file is None:
        raise UsageError(Problem.of("cli.try.nothing-to-watch"))
    plugins = installed_plugins()

    def once(folder: str | Path) -> ExitCode:
        trials = try_rule(rule, folder, plugins=plugins, ruleset=ruleset, given=given, subject=subject, as_of=as_of)
        if format_name == "json":
            print_lines([json.dumps([_data(trial) for trial in trials], ensure_ascii=False, indent=2, default=str)])
        else:
            print_lines(line for trial in trials for line in _lines(trial, limit))
        return ExitCode.INCOMPLETE if any(trial.broken or trial.failed for trial in trials) else ExitCode.CLEAN

    with estate_or_demo(estate) as folder:
        if not watch or file is None:
            return once(folder)
        while True:
            # A mistake is what watching is for: it is told, and the file looked at again.
            seen = _changed(file)
            try:
                once(folder)
            except PolicycoreError as error:
                print_problems(error.problems)
            print_words([say("cli.try.watching", file=file)])
            while _changed(file) == seen:
                time.sleep(_LOOK_AGAIN)


def _changed(file: Path) -> tuple[int, int]:
    """Return when a file was last written and how long it is; zeros while it is not there."""
    try:
        state = file.stat()
    except OSError:
        return 0, 0
    return state.st_mtime_ns, state.st_size


@contextmanager
def estate_or_demo(estate: str | Path | None) -> Iterator[str | Path]:
    """Yield the folder of an estate: the one that is given, else what the workspace's newest run judged.

    Without a workspace, or a run in it, it is the demo's, made for as long as it is needed.
    """
    if estate is None and find_workspace() is not None:
        try:
            estate, _ = last_checked(None)
            print_words([say("cli.try.of-run")])
        except UsageError as error:
            # Data that are no longer kept are not the demo's.
            if error.problems[0].code != "store.no-run":
                raise
    if estate is not None:
        yield estate
        return
    print_words([say("cli.try.of-demo")])
    from policycore.demo.generate import generate_demo

    with tempfile.TemporaryDirectory(prefix="policycore-demo-") as folder:
        generate_demo(Path(folder))
        yield Path(folder) / "estate"


def _lines(trial: Trial, limit: int) -> Iterator[str]:
    """Yield what a rule said for a person."""
    from policycore.operations.query_estate import cell_of
    from policycore.reports.words import safe, subject_words, verdict_word

    resolved = trial.rule
    given = resolved.params.model_dump(mode="json", by_alias=True).items()
    params = ", ".join(f"{name}={cell_of(value)}" for name, value in given if value not in (None, "", [], {}))
    yield f"{resolved.id}  {resolved.name}" + (f"  ({safe(params, 300)})" if params else "")
    yield say("cli.try.reads", fields=", ".join(trial.reads))
    if trial.cases:
        yield say("cli.try.cases", count=trial.cases, failed=len(trial.failed))
        yield from (f"  {line}" for line in trial.failed)
    yield from (safe(line, 600) for line in trial.broken)
    counts = {"hits": len(trial.findings), "passes": trial.passes, "other": trial.not_applicable}
    gaps = sum(gap.count for gap in trial.gaps)
    yield say("cli.try.counts", **counts, gaps=gaps, seconds=f"{trial.seconds:.2f}")
    for finding in trial.findings[:limit]:
        message = safe(finding.message.in_language())
        yield f"  {verdict_word(finding.verdict)}  {subject_words(finding.subject)}  {message}"
        facts = ", ".join(f"{name}={cell_of(value)}" for name, value in finding.facts.items() if value is not None)
        yield f"      {safe(facts, 600)}"
    if len(trial.findings) > limit:
        yield "  " + say("cli.try.more", count=len(trial.findings) - limit)
    for gap in trial.gaps:
        some = ", ".join(safe(one, 80) for one in gap.subjects[:5])
        yield "  " + say("cli.try.gap", count=gap.count, fields=", ".join(gap.fields), subjects=some)
    if trial.why is not None:
        word = say("cli.try.verdict.absent") if trial.why.verdict == "absent" else verdict_word(trial.why.verdict)
        yield say("cli.try.why", verdict=word, because=safe(trial.why.because, 600))
        for field, values in trial.why.values:
            shown = " · ".join("-" if value is None else safe(shown_line(str(value)), 120) for value in values)
            yield f"  {field} = {shown}"


def _data(trial: Trial) -> Mapping[str, object]:
    """Return what a rule said as data."""
    from policycore.operations.query_estate import cell_of

    why = trial.why
    return {
        "rule": trial.rule.id,
        "name": trial.rule.name,
        "params": trial.rule.params.model_dump(mode="json"),
        "reads": list(trial.reads),
        "cases": {"run": trial.cases, "failed": list(trial.failed)},
        "broken": list(trial.broken),
        "counts": {
            "hits": len(trial.findings),
            "pass": trial.passes,
            "unknown": sum(gap.count for gap in trial.gaps),
            "not-applicable": trial.not_applicable,
        },
        "seconds": round(trial.seconds, 3),
        "hits": [
            {
                "subject": finding.subject.id,
                "verdict": finding.verdict.value,
                "message": {"zh": finding.message.zh, "en": finding.message.en},
                "facts": {name: cell_of(value) for name, value in finding.facts.items()},
            }
            for finding in trial.findings
        ],
        "gaps": [
            {"fields": list(gap.fields), "count": gap.count, "subjects": list(gap.subjects)} for gap in trial.gaps
        ],
        "why": None if why is None else {"verdict": why.verdict, "because": why.because, "values": dict(why.values)},
    }
