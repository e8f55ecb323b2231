"""What the commands that read a workspace share: which one is meant, and how a report leaves it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policycore.language import say
from policycore.store.workspace import needed_workspace

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from policycore.model.result import RunResult
    from policycore.operations.run_context import RunStory
    from policycore.store.store import Store

__all__ = ["moment", "needed_workspace", "tell_cut_short", "workspace_options", "write_report"]


def workspace_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--workspace`` and ``--store``."""
    store = click.option("--store", metavar="FILE|URL", help="cli.help.store")
    folder = click.option("--workspace", type=click.Path(path_type=Path), metavar="FOLDER", help="cli.help.workspace")
    return folder(store(function))


def write_report(result: RunResult, name: str, output: Path | None, story: RunStory | None = None) -> None:
    """Write `result` in the format called `name` to a file or to standard output."""
    from policycore.cli.reporting import write_report as write
    from policycore.plugin_api.plugins import load_plugins

    write(result, load_plugins(), name, output, story=story)


def tell_cut_short(connection: Connection) -> None:
    """Say on stderr which run's state is shown where the newest one was cut short, and how old that is."""
    from datetime import UTC, datetime

    from policycore.store.runs import cut_short
    from policycore.text.clean import clean

    for item in cut_short(connection):
        values = {"ruleset": clean(item.cut.ruleset, limit=80), "cut": item.cut.id}
        if item.shown is None:
            sentence = say("cli.cut-short.none", **values)
        else:
            sentence = say("cli.cut-short", **values, run=item.shown.id, days=item.days(datetime.now(UTC)))
        click.echo(sentence, err=True)


def moment(text: str, option: str, store: Store) -> datetime:
    """Return the time that an option names; one without an offset is in the zone of the estate checked last.

    That is the zone in which every date is shown, wherever the machine stands; before the first run it is UTC.
    """
    from policycore.operations.moments import moment_in
    from policycore.store.runs import zone_of

    with store.read() as connection:
        return moment_in(text, option, zone_of(connection))
