"""Record a signed statement, list them, withdraw one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.exchange import exchange, exchange_options
from policycore.cli.options import missing, moment, needed_workspace, only_one, workspace_options
from policycore.cli.output import print_lines
from policycore.cli.waive import list_or_withdraw, tell_recorded
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.store.workspace import Workspace

__all__ = ["command"]


@translated_command("attest", help="cli.help.attest")
@click.argument("clause", required=False)
@click.option("--person", metavar="PERSON", help="cli.help.attest.person")
@click.option("--signed", metavar="TIME", help="cli.help.attest.signed")
@click.option("--for", "about", default="", metavar="SUBJECT", help="cli.help.attest.for")
@click.option("--evidence", type=click.Path(path_type=Path), metavar="FILE", help="cli.help.attest.evidence")
@click.option("--valid-days", type=click.IntRange(1, 3660), metavar="DAYS", help="cli.help.attest.valid")
@click.option("--text", default="", metavar="TEXT", help="cli.help.attest.text")
@click.option("--ruleset", metavar="NAME", help="cli.help.waive.ruleset")
@click.option("--progress", is_flag=True, help="cli.help.attest.progress")
@click.option("--list", "listed", is_flag=True, help="cli.help.waive.list")
@click.option("--withdraw", "withdrawn", metavar="ID", help="cli.help.waive.withdraw")
@exchange_options
@workspace_options
def command(
    clause: str | None,
    person: str | None,
    signed: str | None,
    about: str,
    evidence: Path | None,
    valid_days: int | None,
    text: str,
    ruleset: str | None,
    progress: bool,
    listed: bool,
    withdrawn: str | None,
    imported: str | None,
    exported: str | None,
    workspace: Path | None,
    store: str | None,
) -> None:
    """Do the one thing the options ask for."""
    exchanged = {"--import": imported is not None, "--export": exported is not None}
    settled = {"--list": listed, "--withdraw": withdrawn, **exchanged}
    only_one({"--progress": progress, **settled})
    only_one({"CLAUSE": clause, **settled})
    found = needed_workspace(workspace, store)
    if any(exchanged.values()):
        exchange(found, "attestation", imported, exported)
        return
    if progress:
        print_lines(_progress(found, clause or "", ruleset))
        return
    if listed or withdrawn is not None:
        list_or_withdraw(found, "attestation", withdrawn)
        return
    missing({"CLAUSE": clause, "--person": person, "--signed": signed, "--evidence": str(evidence or "")}, "attest")
    from policycore.operations.decide import attest, latest_findings

    with found.lock(), found.open_store() as opened:
        case, chosen = latest_findings(found, opened, (), ruleset)
        name = attest(
            found,
            opened,
            case,
            [finding for finding in chosen if finding.rule.startswith("ATTEST:")],
            clause=clause or "",
            person=person or "",
            signed=moment(signed or "", "--signed", opened),
            about=about,
            evidence=evidence or Path(),
            valid_days=valid_days,
            text=text,
        )
    click.echo(name)
    tell_recorded()


def _progress(workspace: Workspace, clause: str, ruleset: str | None) -> Iterator[str]:
    """Yield for each statement that is asked for how many have signed, and who has not."""
    from policycore.operations.list_decisions import asked_statements
    from policycore.text.clauses import clause_named

    for asked in asked_statements(workspace, ruleset):
        if clause and clause_named(clause, (asked.clause,)) is None:
            continue
        yield say(
            "cli.attest.progress",
            clause=clean(asked.clause, limit=60),
            asks=clean(asked.asks.in_language(), limit=200),
            signed=len(asked.signed),
            asked=len(asked.signed) + len(asked.open),
        )
        for names, key in ((asked.signed, "cli.attest.has"), (asked.open, "cli.attest.has-not")):
            if names:
                yield "  " + say(key, names=say("reports.and").join(clean(name, limit=80) for name in names))
