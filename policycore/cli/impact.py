"""Say what a changed rule set would do: replay kept snapshots under the old one and the new one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems
from policycore.cli.installed import installed_plugins
from policycore.cli.options import needed_workspace, workspace_options
from policycore.cli.output import print_lines
from policycore.errors import ExitCode
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from collections import Counter

    from policycore.model.result import Finding
    from policycore.operations.impact import Impact

__all__ = ["command"]

_LISTS = {"appear": "new", "vanish": "fixed", "unknown": "unknown", "change": "changed"}


@translated_command("impact", help="cli.impact")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--snapshot", "wanted", multiple=True, metavar="ID", help="cli.impact.snapshot")
@click.option("--newest", type=click.IntRange(min=1), default=1, show_default=True, help="cli.impact.newest")
@click.option("--json", "as_json", is_flag=True, help="cli.help.json")
@workspace_options
def command(
    old: str,
    new: str,
    wanted: tuple[str, ...],
    newest: int,
    as_json: bool,
    workspace: Path | None,
    store: str | None,
) -> ExitCode:
    """Print, snapshot by snapshot, what the change would bring."""
    from policycore.estate.snapshot import open_snapshot
    from policycore.operations.choose_ruleset import choose_ruleset
    from policycore.operations.impact import impact_on
    from policycore.operations.snapshots import snapshots_meant

    plugins = installed_plugins()
    found = needed_workspace(workspace, store)
    before, after = (choose_ruleset(name, plugins=plugins, workspace=found) for name in (old, new))
    for chosen in (before, after):
        print_problems(chosen.notes())
    impacts = []
    for kept in snapshots_meant(found, wanted, newest):
        impacts.append(impact_on(found, open_snapshot(kept.folder), before.ruleset, after.ruleset))
        print_lines([json.dumps(_data(impacts[-1]), ensure_ascii=False)] if as_json else _lines(impacts[-1]))
    if any(impact.incomplete for impact in impacts):
        click.echo(say("cli.impact.incomplete"), err=True)
        return ExitCode.INCOMPLETE
    worse = any(impact.diff.new or impact.diff.undecided or impact.lapses for impact in impacts)
    return ExitCode.FINDINGS if worse else ExitCode.CLEAN


def _findings(impact: Impact, name: str) -> list[Finding]:
    """Return the findings of one list, as the new rule set has them."""
    items: Iterable[Any] = getattr(impact.diff, _LISTS[name])
    return [getattr(item, "after", item) for item in items]


def _lines(impact: Impact) -> list[str]:
    from policycore.operations.impact import tally

    lines = [say("cli.impact.title", snapshot=impact.snapshot, date=impact.as_of.date())]
    for name in _LISTS:
        findings = _findings(impact, name)
        lines.append(f"{say(f'cli.impact.{name}')}: {len(findings)}")
        if findings:
            departments, clauses = tally(findings)
            lines += [f"  {say('cli.impact.departments')}: {_counts(departments)}"]
            lines += [f"  {say('cli.impact.clauses')}: {_counts(clauses)}"]
        lines += [f"    {_line(finding)}" for finding in findings]
    lines.append(f"{say('cli.impact.lapse')}: {len(impact.lapses)}")
    for lapse in impact.lapses:
        kind = say(f"decisions.kind.{lapse.kind}", id=clean(lapse.id))
        lines.append(f"    {kind}  {say(f'decisions.standing.{lapse.status}')}  ({lapse.settled})")
    return lines


def _counts(counts: Counter[str]) -> str:
    """Return counts in one line, the largest first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{clean(name, limit=80) or '-'} {count}" for name, count in ordered)


def _line(finding: Finding) -> str:
    from policycore.reports.words import severity_word

    message = clean(str(finding.says), limit=300)
    return f"{finding.id}  {severity_word(finding.severity)}  {clean(finding.subject.shown)}  {message}"


def _data(impact: Impact) -> dict[str, object]:
    from policycore.operations.impact import tally

    data: dict[str, object] = {"policycore": 1, "snapshot": impact.snapshot, "as_of": impact.as_of.isoformat()}
    for name in _LISTS:
        findings = _findings(impact, name)
        departments, clauses = tally(findings)
        data[name] = {
            "count": len(findings),
            "by_department": dict(sorted(departments.items())),
            "by_clause": dict(sorted(clauses.items())),
            "findings": [
                {"id": item.id, "fingerprint": item.fingerprint, "rule": item.rule, "subject": item.subject.id}
                for item in findings
            ],
        }
    data["lapse"] = [
        {"kind": item.kind, "id": item.id, "status": item.status, "settled": item.settled} for item in impact.lapses
    ]
    return data
