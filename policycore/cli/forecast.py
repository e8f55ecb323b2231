"""List the findings that time alone will bring, with the date of each."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.installed import installed_plugins
from policycore.cli.options import needed_workspace, workspace_options
from policycore.cli.output import is_terminal
from policycore.errors import ExitCode
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from datetime import datetime

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
    from policycore.operations.forecast import forecast

    watched = is_terminal(sys.stderr)

    def tell(number: int, total: int, at: datetime) -> None:
        if watched:
            words = say("cli.forecast.progress", count=number, total=total, date=at.date())
            click.echo(f"\r\x1b[K{words}", nl=False, err=True)

    found = forecast(
        needed_workspace(workspace, store),
        days=days,
        every=every,
        ruleset=ruleset,
        snapshot=snapshot_id,
        as_of=as_of,
        plugins=installed_plugins(),
        tell=tell,
    )
    if watched:
        click.echo("\r\x1b[K", nl=False, err=True)
    for item in found:
        click.echo(json.dumps(_data(item), ensure_ascii=False) if as_json else _line(item))
    click.echo(say("cli.forecast.count", count=len(found), days=days), err=True)
    return ExitCode.FINDINGS if found else ExitCode.CLEAN


def _line(item: Coming) -> str:
    from policycore.reports.words import severity_word

    finding = item.finding
    was = "" if item.was is None else f"  [{say(f'cli.until-then.{item.was}')}]"
    place = " · ".join(clean(part, limit=80) for part in (finding.subject.department, finding.subject.shown) if part)
    clauses = " ".join(clean(clause, limit=40) for clause in finding.clauses)
    message = clean(str(finding.says), limit=300)
    severity = severity_word(finding.severity)
    return f"{item.at.date().isoformat()}  {finding.id}  {severity}  {clauses}  {place}  {message}{was}"


def _data(item: Coming) -> dict[str, object]:
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
