"""Let go of old runs and of findings that were put right long ago."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.options import Duration, needed_workspace, workspace_options
from policycore.language import say

__all__ = ["command"]


@translated_command("prune", help="cli.help.prune")
@click.option("--older-than", type=Duration(), required=True, metavar="TIME", help="cli.help.prune.older")
@click.option("--dry-run", is_flag=True, help="cli.help.prune.dry")
@workspace_options
def command(older_than: timedelta, dry_run: bool, workspace: Path | None, store: str | None) -> None:
    """Print the numbers of the runs that go."""
    from policycore.operations.snapshots import prune_runs

    done = prune_runs(needed_workspace(workspace, store), older_than, dry_run=dry_run)
    for run in done.runs:
        click.echo(run)
    key = "cli.prune.would" if dry_run else "cli.prune.done"
    click.echo(say(key, runs=len(done.runs), findings=done.findings), err=True)
