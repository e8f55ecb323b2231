"""Record a signed statement, list them, withdraw one."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.options import missing, moment, needed_workspace, only_one, workspace_options
from policycore.cli.waive import list_or_withdraw

__all__ = ["command"]


@translated_command("attest", help="cli.help.attest")
@click.argument("clause", required=False)
@click.option("--person", metavar="PERSON", help="cli.help.attest.person")
@click.option("--signed", metavar="TIME", help="cli.help.attest.signed")
@click.option("--evidence", type=click.Path(path_type=Path), metavar="FILE", help="cli.help.attest.evidence")
@click.option("--valid-days", type=click.IntRange(1, 3660), metavar="DAYS", help="cli.help.attest.valid")
@click.option("--text", default="", metavar="TEXT", help="cli.help.attest.text")
@click.option("--ruleset", metavar="NAME", help="cli.help.waive.ruleset")
@click.option("--list", "listed", is_flag=True, help="cli.help.waive.list")
@click.option("--withdraw", "withdrawn", metavar="ID", help="cli.help.waive.withdraw")
@workspace_options
def command(
    clause: str | None,
    person: str | None,
    signed: str | None,
    evidence: Path | None,
    valid_days: int | None,
    text: str,
    ruleset: str | None,
    listed: bool,
    withdrawn: str | None,
    workspace: Path | None,
    store: str | None,
) -> None:
    """Do the one thing the options ask for."""
    only_one({"CLAUSE": clause, "--list": listed, "--withdraw": withdrawn})
    found = needed_workspace(workspace, store)
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
            evidence=evidence or Path(),
            valid_days=valid_days,
            text=text,
        )
    click.echo(name)
