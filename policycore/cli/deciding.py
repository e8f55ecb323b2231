"""What the commands that decide share: which findings are meant, what is missing, how decisions are listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.model.result import Finding
    from policycore.operations.decide import Case
    from policycore.store.store import Store
    from policycore.store.workspace import Workspace

__all__ = ["latest_findings", "missing", "only_one", "print_statuses", "take_back"]


def missing(given: Mapping[str, str | None], command: str) -> None:
    """Raise UsageError naming every option that was not given to `command` (``waive`` or ``attest``)."""
    absent = [name for name, value in given.items() if not value]
    if absent:
        see = say(f"cli.decide.needed-{command}")
        raise UsageError(*(Problem("cli.missing", say("cli.usage.missing", name=name), "", see) for name in absent))


def only_one(given: Mapping[str, object]) -> None:
    """Raise UsageError when more than one of the things that exclude each other was given: one would be passed over."""
    names = [name for name, value in given.items() if value]
    if len(names) > 1:
        key = "cli.decide.only-one"
        raise UsageError(
            Problem("cli.only-one", say(key, names=", ".join(names)), say(f"{key}.why"), say(f"{key}.fix"))
        )


def latest_findings(
    workspace: Workspace, store: Store, names: tuple[str, ...], ruleset: str | None
) -> tuple[Case, list[Finding]]:
    """Return the newest run's case and the findings that `names` mean; without names, all that are active."""
    from policycore.operations.decide import case_of
    from policycore.store.bodies import finding_from
    from policycore.store.history import find_finding, history_of
    from policycore.store.query import FindingFilter, bodies_matching
    from policycore.store.runs import find_run, list_runs

    with store.read() as connection:
        lives = [history_of(connection, find_finding(connection, name), ZoneInfo("UTC")) for name in names]
        sets = sorted({life.ruleset for life in lives} or ({ruleset} if ruleset else set()))
        if len(sets) > 1:
            raise UsageError(
                Problem(
                    "decide.many-rulesets",
                    say("cli.decide.many-rulesets", names=", ".join(sets)),
                    say("cli.decide.many-rulesets.why"),
                    say("cli.decide.many-rulesets.fix"),
                )
            )
        runs = list_runs(connection, ruleset=sets[0] if sets else None, limit=1, replays=False)
        run = runs[0] if runs else find_run(connection, "latest")
        case = case_of(workspace, connection, run)
        if names:
            return case, [life.finding for life in lives]
        wanted = FindingFilter(any_of={"ruleset": (run.ruleset,)})
        zone = ZoneInfo(run.timezone)
        return case, [finding_from(body, zone) for body, _ in bodies_matching(connection, wanted)]


def print_statuses(workspace: Workspace, kind: str) -> None:
    """Print what became of each decision of one kind in the newest run that saw it."""
    from sqlalchemy import func, select

    from policycore.decisions.read import load_decisions
    from policycore.decisions.waivers import Standing
    from policycore.store import schema
    from policycore.store.runs import zone_of

    decisions = load_decisions(workspace)
    table = schema.decisions
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        newest = (
            select(table.c.id, func.max(table.c.run_id).label("run_id"))
            .where(table.c.kind == kind)
            .group_by(table.c.id)
            .subquery()
        )
        query = (
            select(table.c.id, table.c.status, table.c.findings, table.c.until)
            .join_from(table, newest, (newest.c.id == table.c.id) & (newest.c.run_id == table.c.run_id))
            .where(table.c.kind == kind)
        )
        rows = connection.execute(query).all()
        known = {name: (status, count) for name, status, count, _until in rows}
        until = {name: moment for name, _status, _count, moment in rows}
        zone = zone_of(connection)
    for item in decisions.waivers if kind == "waiver" else decisions.attestations:
        # What the newest run still counted is withdrawn all the same: the next one will not.
        status, count = known.get(item.id, ("", 0)) if item.withdrawn is None else (Standing.WITHDRAWN, 0)
        words = say(f"decisions.standing.{status}") if status else say("cli.decide.not-judged")
        # When it ends, as the run that judged it knew; before that a statement has only the day it was signed.
        moment = getattr(item, "ends", None) or until.get(item.id) or getattr(item, "signed", None)
        date = moment.astimezone(zone).isoformat(sep=" ", timespec="minutes") if moment else ""
        click.echo(f"{clean(item.id)}  {date}  {words}  {count}  {clean(item.text, limit=200)}")


def take_back(workspace: Workspace, name: str) -> None:
    """Withdraw the decision called `name` and say what that means."""
    from policycore.operations.withdraw import withdraw
    from policycore.store.runs import zone_of

    with workspace.lock(), workspace.open_store() as store:
        done = withdraw(workspace, store, name)
        with store.read() as connection:
            since = done.since.astimezone(zone_of(connection)).isoformat(sep=" ", timespec="minutes")
    decision = say(f"decisions.kind.{done.kind}", id=clean(done.id))
    key = "cli.decide.withdrawn-before" if done.already else "cli.decide.withdrawn"
    click.echo(say(key, decision=decision, since=since), err=True)
