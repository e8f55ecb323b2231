"""List the snapshots that a workspace keeps, and let old ones go."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.options import needed_workspace, only_one, workspace_options
from policycore.language import say

__all__ = ["command"]


@translated_command("snapshots", help="cli.help.snapshots")
@click.option("--gc", "remove", is_flag=True, help="cli.help.snapshots.gc")
@click.option("--remove", "named", multiple=True, metavar="ID", help="cli.help.snapshots.remove")
@click.option("--newest", type=click.IntRange(min=1), default=10, show_default=True, help="cli.help.snapshots.newest")
@click.option("--days", type=click.IntRange(min=0), default=90, show_default=True, help="cli.help.snapshots.days")
@click.option("--months", type=click.IntRange(min=0), default=36, show_default=True, help="cli.help.snapshots.months")
@workspace_options
def command(
    remove: bool,
    named: tuple[str, ...],
    newest: int,
    days: int,
    months: int,
    workspace: Path | None,
    store: str | None,
) -> None:
    """Print one line a snapshot, or remove the ones named or what the keep policy lets go."""
    from policycore.operations.snapshots import newest_first, prune_snapshots, remove_snapshots
    from policycore.store.snapshots import KeepPolicy

    only_one({"--gc": remove, "--remove": named})
    found = needed_workspace(workspace, store)
    if remove or named:
        policy = KeepPolicy(newest, days, months)
        removed = remove_snapshots(found, named) if named else prune_snapshots(found, policy)
        click.echo(say("cli.snapshots.removed", count=len(removed)), err=True)
    kept = newest_first(found)
    for item in kept:
        click.echo(f"{item.id}  {item.as_of.isoformat()}")
    if not kept:
        click.echo(say("cli.snapshots.none"), err=True)
