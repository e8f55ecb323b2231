"""Waive findings, accept a baseline, list waivers, withdraw one."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from policycore.cli.command import translated_command
from policycore.cli.exchange import exchange, exchange_options
from policycore.cli.options import missing, moment, needed_workspace, only_one, workspace_options
from policycore.cli.output import is_terminal, print_lines
from policycore.language import say
from policycore.model.moments import through
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.model.result import Finding
    from policycore.operations.decide import Case, Request
    from policycore.store.store import Store
    from policycore.store.workspace import Workspace

__all__ = ["command", "list_or_withdraw", "tell_recorded"]

_NOTICED = timedelta(minutes=1)
"""Times are shown to the minute; a difference that cannot be seen is none to warn of."""


@translated_command("waive", help="cli.help.waive")
@click.argument("findings", nargs=-1)
@click.option("--reason", metavar="WORD", help="cli.help.waive.reason")
@click.option("--text", metavar="TEXT", help="cli.help.waive.text")
@click.option("--requester", metavar="PERSON", help="cli.help.waive.requester")
@click.option("--approver", metavar="PERSON", help="cli.help.waive.approver")
@click.option("--until", metavar="TIME", help="cli.help.waive.until")
@click.option("--from", "begins", metavar="TIME", help="cli.help.waive.from")
@click.option("--approved", metavar="TIME", help="cli.help.waive.approved")
@click.option("--ticket", default="", metavar="TEXT", help="cli.help.waive.ticket")
@click.option("--baseline", is_flag=True, help="cli.help.waive.baseline")
@click.option("--rule", default="", metavar="RULE", help="cli.help.waive.rule")
@click.option("--clause", default="", metavar="CLAUSE", help="cli.help.waive.clause")
@click.option("--group", "groups", multiple=True, metavar="GROUP", help="cli.help.waive.group")
@click.option("--department", "departments", multiple=True, metavar="DEPARTMENT", help="cli.help.waive.department")
@click.option("--ruleset", metavar="NAME", help="cli.help.waive.ruleset")
@click.option("--list", "listed", is_flag=True, help="cli.help.waive.list")
@click.option("--withdraw", "withdrawn", metavar="ID", help="cli.help.waive.withdraw")
@exchange_options
@workspace_options
def command(
    findings: tuple[str, ...],
    reason: str | None,
    text: str | None,
    requester: str | None,
    approver: str | None,
    until: str | None,
    begins: str | None,
    approved: str | None,
    ticket: str,
    baseline: bool,
    rule: str,
    clause: str,
    groups: tuple[str, ...],
    departments: tuple[str, ...],
    ruleset: str | None,
    listed: bool,
    withdrawn: str | None,
    imported: str | None,
    exported: str | None,
    workspace: Path | None,
    store: str | None,
) -> None:
    """Do the one thing the options ask for."""
    exchanged = {"--import": imported is not None, "--export": exported is not None}
    only_one(
        {
            "FINDINGS": findings,
            "--baseline": baseline,
            "--rule --clause --group --department": rule or clause or groups or departments,
            "--list": listed,
            "--withdraw": withdrawn,
            **exchanged,
        }
    )
    found = needed_workspace(workspace, store)
    if any(exchanged.values()):
        exchange(found, "waiver", imported, exported)
        return
    if listed or withdrawn is not None:
        list_or_withdraw(found, "waiver", withdrawn)
        return
    needed = {"--reason": reason, "--text": text, "--requester": requester, "--approver": approver, "--until": until}
    missing({**needed, "FINDINGS": "given" if findings or baseline or groups or departments else ""}, "waive")
    from policycore.operations.decide import Request, latest_findings

    with found.lock(), found.open_store() as opened:
        case, chosen = latest_findings(found, opened, findings, ruleset)
        # By the data's own date, as in the terminal interface: whoever approved is looked up in the directory of then.
        signed = moment(approved, "--approved", opened) if approved else case.run.local(case.run.as_of)
        request = Request(
            reason=reason or "",
            text=text or "",
            requester=requester or "",
            approver=approver or "",
            begins=moment(begins, "--from", opened) if begins else signed,
            ends=moment(until or "", "--until", opened, through=True),
            approved=signed,
            ticket=ticket,
        )
        wide = {"rule": rule, "clause": clause, "groups": groups, "departments": departments}
        _decide(found, opened, case, chosen, request, named=bool(findings), wide=wide, baseline=baseline)


def _decide(
    workspace: Workspace,
    store: Store,
    case: Case,
    chosen: list[Finding],
    request: Request,
    *,
    named: bool,
    wide: dict[str, Any],
    baseline: bool,
) -> None:
    """Write the waivers and print their ids."""
    from policycore.operations.decide import waive
    from policycore.operations.waive_many import waive_baseline, waive_scope

    if request.begins - case.run.as_of >= _NOTICED:
        begins, as_of = (
            case.run.local(moment).isoformat(sep=" ", timespec="minutes") for moment in (request.begins, case.run.as_of)
        )
        click.echo(say("cli.decide.later", begins=begins, as_of=as_of), err=True)
    if named:
        print_lines(waive(workspace, store, case, chosen, request))
        tell_recorded()
        return
    name, left_out = (
        waive_baseline(workspace, store, case, chosen, request)
        if baseline
        else waive_scope(workspace, store, case, chosen, request, **wide)
    )
    click.echo(name)
    tell_recorded()
    if left_out:
        click.echo(say("cli.decide.left-out", count=left_out), err=True)


def tell_recorded() -> None:
    """Tell a person from when on a decision counts; a script knows."""
    if is_terminal(sys.stderr):
        click.echo(say("cli.decide.recorded"), err=True)


def list_or_withdraw(workspace: Workspace, kind: Literal["waiver", "attestation"], withdrawn: str | None) -> None:
    """Print what became of each decision of one kind in the newest run that saw it, or withdraw the one named."""
    from policycore.operations.list_decisions import list_decisions

    if withdrawn is not None:
        _take_back(workspace, withdrawn)
        return
    listed = list(list_decisions(workspace, kind))
    if not listed:
        click.echo(say("cli.decide.none"), err=True)
    for item in listed:
        words = say(f"decisions.standing.{item.standing}") if item.standing else say("cli.decide.not-judged")
        signed = item.signed and item.signed.isoformat(sep=" ", timespec="minutes")
        date = through(item.until) if item.until else say("cli.decide.signed", at=signed) if signed else ""
        said = (clean(part, limit=200) for part in (item.about, item.person, item.text))
        click.echo("  ".join((clean(item.id), date, words, str(item.settled), *said)).rstrip())


def _take_back(workspace: Workspace, name: str) -> None:
    """Withdraw the decision called `name` and say what that means."""
    from policycore.operations.withdraw import withdraw
    from policycore.store.kept.runs import zone_of

    with workspace.lock(), workspace.open_store() as store:
        done = withdraw(workspace, store, name)
        with store.read() as connection:
            since = done.since.astimezone(zone_of(connection)).isoformat(sep=" ", timespec="minutes")
    decision = say(f"decisions.kind.{done.kind}", id=clean(done.id))
    key = "cli.decide.withdrawn-before" if done.already else "cli.decide.withdrawn"
    click.echo(say(key, decision=decision, since=since), err=True)
