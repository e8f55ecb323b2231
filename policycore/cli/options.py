"""Options that several commands share, and what their values mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.store.workspace import find_workspace, needed_workspace
from policycore.text.clean import clean

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from policycore.store.store import Store

__all__ = [
    "Duration",
    "estate_place",
    "format_option",
    "last_checked",
    "missing",
    "moment",
    "needed_workspace",
    "only_one",
    "tell_cut_short",
    "workspace_options",
]


class Duration(click.ParamType[Any]):
    """How long something lasts: 60s, 5m, 24h, 7d; a bare number is seconds."""

    name = "duration"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the duration that `value` names."""
        from policycore.system.duration import duration

        if isinstance(value, timedelta):
            return value
        try:
            return duration(value)
        except ValueError:
            self.fail(say("cli.expected.duration"), param, ctx)


def workspace_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--workspace`` and ``--store``."""
    store = click.option("--store", metavar="FILE|URL", help="cli.help.store")
    folder = click.option("--workspace", type=click.Path(path_type=Path), metavar="FOLDER", help="cli.help.workspace")
    return folder(store(function))


def estate_place(text: str) -> str | Path:
    """Return where an estate is: an address in an object store as it is written, anything else as a path."""
    return text if "://" in text else Path(text)


def last_checked(estate: str | Path | None, ruleset: str | None = "") -> tuple[str | Path, str | None]:
    """Return the estate and the rule set that are given; in place of None those of the workspace's newest run.

    Raises UsageError where there is no workspace, or no run in it.
    """
    from policycore.operations.snapshots import kept_snapshot
    from policycore.store.kept.runs import find_run

    if estate is not None and ruleset is not None:
        return estate, ruleset
    found = find_workspace()
    if found is None:
        raise UsageError(Problem.of("cli.no-last"))
    with found.open_store(read_only=True) as store, store.read() as connection:
        latest = find_run(connection, "latest")
    folder = kept_snapshot(found, latest.snapshot).folder if estate is None else estate
    return folder, f"@{latest.id}" if ruleset is None else ruleset


def format_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that lists something ``--format``, text or JSON."""
    kinds = click.Choice(["text", "json"])
    option = click.option(
        "--format", "format_name", type=kinds, default="text", show_default=True, help="cli.rulesets.format"
    )
    return option(function)


def moment(text: str, option: str, store: Store, *, through: bool = False) -> datetime:
    """Return the time that an option names; one without an offset is in the zone of the estate checked last.

    That is the zone in which every date is shown, wherever the machine stands; before the first run it is UTC. A day
    alone is its first moment, or with `through` that of the next day: officers mean the last day by it.
    """
    from datetime import time

    from policycore.operations.moments import moment_in
    from policycore.store.kept.runs import zone_of

    with store.read() as connection:
        found = moment_in(text, option, zone_of(connection), end=through)
    return found + timedelta(microseconds=1) if through and found.time() == time.max else found


def tell_cut_short(connection: Connection) -> None:
    """Say on stderr which run's state is shown where the newest one was cut short, and how old that is."""
    from datetime import UTC, datetime

    from policycore.store.kept.runs import cut_short

    for item in cut_short(connection):
        values: dict[str, object] = {"ruleset": clean(item.cut.ruleset, limit=80), "cut": item.cut.id}
        if item.shown is not None:
            values |= {"run": item.shown.id, "days": item.days(datetime.now(UTC))}
        click.echo(say("cli.cut-short" if item.shown else "cli.cut-short.none", **values), err=True)


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
        raise UsageError(Problem.of("cli.decide.only-one", code="cli.only-one", names=", ".join(names)))
