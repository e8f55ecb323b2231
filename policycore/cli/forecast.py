"""List the findings that time alone will bring, with the date of each."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from itertools import count
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
    from policycore.estate.snapshot import Snapshot
    from policycore.model.result import RunResult
    from policycore.operations.ahead import Ahead
    from policycore.operations.forecast import Coming, Judge
    from policycore.rulesets.resolved import ResolvedRuleSet
    from policycore.store.workspace import Workspace

__all__ = ["command"]


@translated_command("forecast", help="cli.forecast")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="cli.forecast.days")
@click.option("--ruleset", metavar="NAME|FILE", help="cli.forecast.ruleset")
@click.option("--snapshot", "snapshot_id", metavar="ID", help="cli.forecast.snapshot")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.check.as-of")
@click.option("--every-day", is_flag=True, help="cli.forecast.every-day")
@click.option("--json", "as_json", is_flag=True, help="cli.help.json")
@workspace_options
def command(
    days: int,
    ruleset: str | None,
    snapshot_id: str | None,
    as_of: str | None,
    every_day: bool,
    as_json: bool,
    workspace: Path | None,
    store: str | None,
) -> ExitCode:
    """Print one line for each finding to come."""
    from policycore.cli.check import moment_of
    from policycore.cli.keeping import chosen_estate
    from policycore.estate.snapshot import open_snapshot
    from policycore.operations.choose_ruleset import choose_ruleset
    from policycore.operations.forecast import forecast, moments
    from policycore.plugin_api.plugins import load_plugins
    from policycore.store.runs import find_run

    found = needed_workspace(workspace, store)
    with found.open_store(read_only=True) as opened, opened.read() as connection:
        latest = find_run(connection, "latest", replays=False)
    rules = choose_ruleset(ruleset or f"@{latest.id}", plugins=load_plugins(), workspace=found).ruleset
    folder = chosen_estate(None, snapshot_id or latest.snapshot, workspace, store)
    snapshot = open_snapshot(folder)
    begin = moment_of(as_of, snapshot.timezone)
    if begin is None:
        begin = latest.as_of if snapshot_id is None else snapshot.as_of
    from zoneinfo import ZoneInfo

    times = moments(begin.astimezone(ZoneInfo(snapshot.timezone)), days)
    ahead = _ahead(found, snapshot, rules, times[-1], every_rule=every_day)
    coming = forecast(_watched(ahead), times, ahead.exactly)
    if is_terminal(sys.stderr):
        click.echo("\r\x1b[K", nl=False, err=True)
    for item in coming:
        click.echo(json.dumps(_data(item), ensure_ascii=False) if as_json else _line(item))
    click.echo(say("cli.forecast.count", count=len(coming), days=days), err=True)
    return ExitCode.FINDINGS if coming else ExitCode.CLEAN


def _watched(judge: Judge) -> Judge:
    """Return `judge` saying on a terminal which day it looks at, and how many it has; elsewhere as it is."""
    if not is_terminal(sys.stderr):
        return judge
    asked = count(1)

    def told(moment: datetime) -> RunResult:
        words = say("cli.forecast.progress", count=next(asked), date=moment.date())
        click.echo(f"\r\x1b[K{words}", nl=False, err=True)
        return judge(moment)

    return told


def _ahead(
    workspace: Workspace, snapshot: Snapshot, rules: ResolvedRuleSet, end: datetime, *, every_rule: bool
) -> Ahead:
    """Return what judges the kept snapshot at one moment after another up to `end`, decisions applied."""
    from policycore.decisions.apply import apply_decisions
    from policycore.decisions.read import load_decisions
    from policycore.decisions.standing import directory_of
    from policycore.decisions.waiver_context import grounds_from, ruleset_grounds
    from policycore.engine.session import EstateData
    from policycore.operations.ahead import Ahead

    # Read once: what people decide meanwhile must not hold for half of the days.
    decisions = load_decisions(workspace)
    grounds = grounds_from(ruleset_grounds(rules), directory_of(snapshot, decisions.people()))
    return Ahead(
        EstateData.from_snapshot(snapshot),
        rules,
        end,
        settle=lambda result: apply_decisions(result, decisions.waivers, decisions.attestations, grounds).result,
        granted=frozenset(fingerprint for waiver in decisions.waivers for fingerprint in waiver.facts),
        evidence_key=workspace.key(),
        every_rule=every_rule,
    )


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
