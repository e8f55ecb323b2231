"""Compare two stored runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.options import needed_workspace, workspace_options
from policycore.cli.output import print_lines
from policycore.errors import ExitCode
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.model.result import Finding
    from policycore.store.diff import Change, RunDiff
    from policycore.store.kept.runs import RunSummary

__all__ = ["command"]

_LISTS = ("new", "fixed", "unknown", "changed", "decided", "undecided")


@translated_command("diff", help="cli.help.diff")
@click.argument("before", default="previous")
@click.argument("after", default="latest")
@click.option("--all", "everything", is_flag=True, help="cli.help.diff.all")
@click.option("--json", "as_json", is_flag=True, help="cli.help.json")
@workspace_options
def command(
    before: str, after: str, everything: bool, as_json: bool, workspace: Path | None, store: str | None
) -> ExitCode:
    """Print what changed from one run to another."""
    from policycore.store.diff import compare_runs
    from policycore.store.kept.runs import find_run

    with needed_workspace(workspace, store).open_store(read_only=True) as opened, opened.read() as connection:
        earlier, later = (find_run(connection, name) for name in (before, after))
        found = compare_runs(connection, earlier, later)
    names = (*_LISTS, "still") if everything else _LISTS
    if earlier.ruleset_hash != later.ruleset_hash:
        values = {"before": earlier.ruleset_hash[:12], "after": later.ruleset_hash[:12]}
        click.echo(say("store.diff.rulesets", **values), err=True)
    data = json.dumps(_data(earlier, later, found, names), ensure_ascii=False)
    print_lines([data] if as_json else _lines(earlier, later, found, names))
    return ExitCode.FINDINGS if found.new or found.undecided else ExitCode.CLEAN


def _lines(before: RunSummary, after: RunSummary, found: RunDiff, names: Sequence[str]) -> list[str]:
    dates = {"before_date": before.local(before.as_of).date(), "after_date": after.local(after.as_of).date()}
    lines = [say("store.diff.title", before=before.id, after=after.id, **dates)]
    for name in names:
        items: tuple[Finding | Change, ...] = getattr(found, name)
        lines.append(f"{say(f'store.diff.{name}')}: {len(items)}")
        lines += [f"  {_line(item)}" for item in items]
    if "still" not in names:
        # Counted all the same: nothing new among a thousand is not nothing.
        lines.append(f"{say('store.diff.still')}: {len(found.still)}")
    return lines


def _now(item: Finding | Change) -> Finding:
    """Return the finding as the later run has it (or the earlier, where the later has none)."""
    from policycore.store.diff import Change

    return item.after if isinstance(item, Change) else item


def _line(item: Finding | Change) -> str:
    """Return one finding in one line; what changed follows in brackets."""
    finding = _now(item)
    named = () if finding is item else getattr(item, "fields", ())
    fields = say("reports.and").join(say(f"store.diff.field.{name}") for name in named)
    message = clean(str(finding.says), limit=400)
    return f"{finding.id}  {clean(finding.subject.shown)}  {message}" + (f"  [{fields}]" if fields else "")


def _data(before: RunSummary, after: RunSummary, found: RunDiff, names: Iterable[str]) -> dict[str, object]:
    return {
        "policycore": 1,
        "before": before.id,
        "after": after.id,
        "counts": found.counts(),
        **{name: [_entry(item) for item in getattr(found, name)] for name in names},
    }


def _entry(item: Finding | Change) -> dict[str, object]:
    """Return one finding, or one change, as JSON can hold it."""
    from policycore.store.diff import Change

    finding = _now(item)
    entry: dict[str, object] = {
        "id": finding.id,
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "subject": {"kind": finding.subject.kind, "id": finding.subject.id, "name": finding.subject.name},
        "message": {"zh": finding.message.zh, "en": finding.message.en},
    }
    if isinstance(item, Change):
        entry["was"] = item.before.verdict
        entry["changed"] = list(item.fields)
    return entry
