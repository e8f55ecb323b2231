"""Dispute findings, list disputes, take one back or close it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.options import missing, needed_workspace, only_one, workspace_options
from policycore.cli.output import print_lines
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.store.store import Store

__all__ = ["command"]

_KNOWN = ("no-longer-found", "facts-changed")


@translated_command("dispute", help="cli.help.dispute")
@click.argument("findings", nargs=-1)
@click.option("--text", default="", metavar="TEXT", help="cli.help.dispute.text")
@click.option("--person", default="", metavar="PERSON", help="cli.help.dispute.person")
@click.option("--evidence", type=click.Path(path_type=Path), metavar="FILE", help="cli.help.dispute.evidence")
@click.option("--list", "listed", is_flag=True, help="cli.help.dispute.list")
@click.option("--all", "everything", is_flag=True, help="cli.help.dispute.all")
@click.option("--withdraw", "withdrawn", metavar="ID", help="cli.help.dispute.withdraw")
@click.option("--close", "closed", metavar="ID", help="cli.help.dispute.close")
@workspace_options
def command(
    findings: tuple[str, ...],
    text: str,
    person: str,
    evidence: Path | None,
    listed: bool,
    everything: bool,
    withdrawn: str | None,
    closed: str | None,
    workspace: Path | None,
    store: str | None,
) -> None:
    """Do the one thing the options ask for."""
    from policycore.operations.dispute import dispute, end_dispute

    asked = {"--list": listed or everything, "--withdraw": withdrawn, "--close": closed}
    for given in ({"FINDINGS": findings}, {"--evidence": evidence}, {"--person": person}):
        only_one({**given, **asked})
    found = needed_workspace(workspace, store)
    name = withdrawn if closed is None else closed
    if not findings and name is None and (asked["--list"] or not text):
        _list(found.open_store(read_only=True), everything=everything)
        return
    with found.lock(), found.open_store() as opened:
        if name is None:
            missing({"FINDINGS": "given" if findings else "", "--text": text}, "dispute")
            print_lines(dispute(opened, findings, text, person=person, evidence=evidence))
        else:
            end_dispute(opened, name, text, withdrawn=closed is None)


def _list(store: Store, *, everything: bool) -> None:
    """Print one line a dispute: what, since when, by whom, on what evidence, why, and what became of it."""
    from policycore.operations.dispute import listed_disputes
    from policycore.store.kept.runs import zone_of

    with store:
        disputes = listed_disputes(store, everything=everything)
        with store.read() as connection:
            zone = zone_of(connection)
    for record, finding in disputes:
        parts = [record.id, finding, f"{record.at.astimezone(zone).date()}", clean(record.person)]
        parts += [f"sha256:{record.evidence[:12]}" if record.evidence else "-", clean(record.reason)]
        if record.ended is not None:
            why = say(f"cli.dispute.why.{record.ended_why}") if record.ended_why in _KNOWN else clean(record.ended_why)
            when = f"{record.ended.astimezone(zone).date()}"
            parts += [" · ".join(filter(None, (say(f"cli.dispute.{record.state}"), when, clean(record.ended_by), why)))]
        click.echo("  ".join(parts))
    if not disputes:
        click.echo(say("cli.dispute.empty"), err=True)
