"""List the findings that time alone will bring, with the date of each."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.in_workspace import needed_workspace, workspace_options
from policycore.cli.output import is_terminal
from policycore.errors import ExitCode
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policycore.model.result import RunResult
    from policycore.operations.forecast import Coming

__all__ = ["command"]


@translated_command("forecast", help="cli.forecast")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="cli.forecast.days")
@click.option("--ruleset", metavar="NAME|FILE", help="cli.forecast.ruleset")
@click.option("--snapshot", "snapshot_id", metavar="ID", help="cli.forecast.snapshot")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.check.as-of")
@click.option("--every", type=click.IntRange(1, 366), default=1, show_default=True, help="cli.forecast.every")
@click.option("--json", "as_json", is_flag=True, help="cli.help.json")
@workspace_options
def command(
    days: int,
    ruleset: str | None,
    snapshot_id: str | None,
    as_of: str | None,
    every: int,
    as_json: bool,
    workspace: Path | None,
    store: str | None,
) -> ExitCode:
    """Print one line for each finding to come."""
    from policycore.cli.check import moment_of
    from policycore.cli.keeping import chosen_estate
    from policycore.estate.snapshot import open_snapshot
    from policycore.operations.choose_ruleset import choose_ruleset
    from policycore.operations.forecast import forecast, moments, results_at
    from policycore.plugin_api.plugins import load_plugins
    from policycore.store.runs import find_run

    found = needed_workspace(workspace, store)
    with found.open_store(read_only=True) as opened, opened.read() as connection:
        latest = find_run(connection, "latest")
    rules = choose_ruleset(ruleset or f"@{latest.id}", plugins=load_plugins(), workspace=found).ruleset
    folder = chosen_estate(None, snapshot_id or latest.snapshot, workspace, store)
    snapshot = open_snapshot(folder)
    begin = moment_of(as_of, snapshot.timezone)
    if begin is None:
        begin = latest.as_of if snapshot_id is None else snapshot.as_of
    from zoneinfo import ZoneInfo

    times = moments(begin.astimezone(ZoneInfo(snapshot.timezone)), days, every)
    coming = forecast(_watched(results_at(found, snapshot, rules, times), len(times)))
    for item in coming:
        click.echo(json.dumps(_data(item), ensure_ascii=False) if as_json else _line(item))
    click.echo(say("cli.forecast.count", count=len(coming), days=days), err=True)
    return ExitCode.FINDINGS if coming else ExitCode.CLEAN


def _watched(results: Iterable[RunResult], times: int) -> Iterator[RunResult]:
    """Yield the results, and say on a terminal how many of them there are so far."""
    watched = is_terminal(sys.stderr)
    for number, result in enumerate(results, 1):
        if watched:
            words = say("cli.forecast.progress", count=number, total=times, date=result.as_of.date())
            click.echo(f"\r\x1b[K{words}", nl=False, err=True)
        yield result
    if watched:
        click.echo("\r\x1b[K", nl=False, err=True)


def _line(item: Coming) -> str:
    """Return one finding to come for a person."""
    from policycore.reports.words import severity_word

    finding = item.finding
    was = "" if item.was is None else f"  [{say(f'cli.until-then.{item.was}')}]"
    place = " · ".join(clean(part, limit=80) for part in (finding.subject.department, finding.subject.name) if part)
    clauses = " ".join(clean(clause, limit=40) for clause in finding.clauses)
    message = clean(str(finding.message), limit=300)
    severity = severity_word(finding.severity)
    return f"{item.at.date().isoformat()}  {finding.id}  {severity}  {clauses}  {place}  {message}{was}"


def _data(item: Coming) -> dict[str, object]:
    """Return one finding to come as JSON can hold it."""
    finding = item.finding
    return {
        "at": item.at.isoformat(),
        "id": finding.id,
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "clause": list(finding.clauses),
        "severity": finding.severity,
        "verdict": finding.verdict,
        "was": item.was,
        "subject": {"kind": finding.subject.kind, "id": finding.subject.id, "name": finding.subject.name},
        "department": finding.subject.department,
        "message": {"zh": finding.message.zh, "en": finding.message.en},
    }
