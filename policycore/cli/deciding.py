"""What the commands that decide share: what is missing, what excludes what, how decisions are listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import click

from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.store.workspace import Workspace

__all__ = ["missing", "only_one", "print_decisions", "take_back"]


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


def print_decisions(workspace: Workspace, kind: Literal["waiver", "attestation"]) -> None:
    """Print what became of each decision of one kind in the newest run that saw it."""
    from policycore.operations.list_decisions import list_decisions

    for item in list_decisions(workspace, kind):
        words = say(f"decisions.standing.{item.standing}") if item.standing else say("cli.decide.not-judged")
        date = item.until.isoformat(sep=" ", timespec="minutes") if item.until else ""
        click.echo(f"{clean(item.id)}  {date}  {words}  {item.settled}  {clean(item.text, limit=200)}")


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
