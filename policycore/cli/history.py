"""List the runs, or tell the life of one finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.options import needed_workspace, tell_cut_short, workspace_options
from policycore.errors import ExitCode
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection

    from policycore.store.kept.runs import RunSummary
    from policycore.store.lives.history import FindingHistory

__all__ = ["command"]


@translated_command("history", help="cli.help.history")
@click.argument("finding", required=False)
@click.option("--ruleset", metavar="NAME", help="cli.help.history.ruleset")
@click.option("--limit", type=click.IntRange(min=0), default=50, show_default=True, help="cli.help.limit")
@click.option("--json", "as_json", is_flag=True, help="cli.help.json")
@workspace_options
def command(
    finding: str | None, ruleset: str | None, limit: int, as_json: bool, workspace: Path | None, store: str | None
) -> ExitCode:
    """Print the runs, or one finding's life."""
    with needed_workspace(workspace, store).open_store(read_only=True) as opened, opened.read() as connection:
        if finding is None:
            _print_runs(connection, ruleset, limit, as_json=as_json)
        else:
            _print_finding(connection, finding, as_json=as_json)
    return ExitCode.CLEAN


def _print_runs(connection: Connection, ruleset: str | None, limit: int, *, as_json: bool) -> None:
    """Print one line a run, newest first."""
    from policycore.store.kept.runs import list_runs
    from policycore.store.kept.seal import require_every_run, require_sealed

    found = list_runs(connection, ruleset=ruleset, limit=limit or None)
    require_every_run(connection)
    require_sealed(connection, *(run.id for run in found))
    tell_cut_short(connection)
    if not found and not as_json:
        click.echo(say("cli.history.none"), err=True)
    for run in found:
        click.echo(json.dumps(_run_data(run), ensure_ascii=False) if as_json else _run_line(run))


def _run_data(run: RunSummary) -> dict[str, object]:
    """Return a run's summary as JSON can hold it."""
    from dataclasses import fields

    data = {field.name: getattr(run, field.name) for field in fields(run)}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in data.items()}


def _run_line(run: RunSummary) -> str:
    """Return one run in one line."""
    from dataclasses import fields

    values = {field.name: getattr(run, field.name) for field in fields(run)}
    mark = "" if run.complete or run.cut else say("cli.history.incomplete")
    if run.replay:
        mark = say(f"cli.history.{'cut' if run.cut else 'replay'}") + mark
    return say(
        "cli.history.run",
        **{**values, "as_of": _time(run.local(run.as_of)), "ruleset": clean(run.ruleset), "mark": mark},
    )


def _time(moment: datetime) -> str:
    """Return a time as people read it, in the zone it is in."""
    return moment.strftime("%Y-%m-%d %H:%M")


def _print_finding(connection: Connection, name: str, *, as_json: bool) -> None:
    """Print the life of one finding."""
    from policycore.store.kept.runs import zone_of
    from policycore.store.lives.history import find_finding, history_of
    from policycore.store.verify import require_life

    zone = zone_of(connection)
    number = find_finding(connection, name)
    require_life(connection, number)
    life = history_of(connection, number)
    for line in [json.dumps(_life_data(life), ensure_ascii=False)] if as_json else _life_lines(life, zone):
        click.echo(line)


def _life_lines(life: FindingHistory, zone: ZoneInfo) -> list[str]:
    """Return a finding's life for a person."""
    finding = life.finding
    lines = [f"{finding.id}  {clean(str(finding.title))}  {say(f'store.state.{life.state}')}"]
    lines.append("  " + " · ".join(clean(part) for part in (finding.subject.department, finding.subject.shown) if part))
    for item in life.happenings:
        state, reason = say(f"store.state.{item.state}"), say(f"store.reason.{item.reason}")
        reason += f" ({clean(item.decided_by)})" if item.decided_by else ""
        lines.append(
            "  "
            + say("store.history.state", run=item.run, at=_time(item.at.astimezone(zone)), state=state, reason=reason)
        )
    for said in life.said:
        last = say("cli.history.now") if said.last_run is None else said.last_run
        message = clean(str(said.finding.says), limit=400)
        key = "cli.history.said-once" if last == said.first_run else "cli.history.said"
        lines.append("  " + say(key, first=said.first_run, last=last, message=message))
    for at, author, text in life.notes:
        lines.append(
            "  "
            + say(
                "cli.history.note",
                at=_time(at.astimezone(zone)),
                author=clean(author),
                text=clean(text, limit=2000),
            )
        )
    return lines


def _life_data(life: FindingHistory) -> dict[str, object]:
    """Return a finding's life as JSON can hold it."""
    return {
        "id": life.finding.id,
        "fingerprint": life.finding.fingerprint,
        "ruleset": life.ruleset,
        "rule": life.finding.rule,
        "state": life.state,
        "happenings": [
            {
                "run": item.run,
                "at": item.at.isoformat(),
                "recorded_at": item.recorded_at.isoformat(),
                "was": item.was,
                "state": item.state,
                "reason": item.reason,
                "by": item.decided_by,
            }
            for item in life.happenings
        ],
        "said": [
            {
                "first_run": said.first_run,
                "last_run": said.last_run,
                "verdict": said.finding.verdict,
                "severity": said.finding.severity,
                "message": {"zh": said.finding.message.zh, "en": said.finding.message.en},
            }
            for said in life.said
        ],
        "notes": [{"at": at.isoformat(), "author": author, "text": text} for at, author, text in life.notes],
    }
