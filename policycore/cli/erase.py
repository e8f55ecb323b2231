"""Erase a person from a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.options import needed_workspace, workspace_options
from policycore.language import say

__all__ = ["command"]


@translated_command("erase", help="cli.help.erase")
@click.argument("person")
@click.option("--reason", default="", metavar="TEXT", help="cli.help.erase.reason")
@workspace_options
def command(person: str, reason: str, workspace: Path | None, store: str | None) -> None:
    """Print the new head of the audit trail, and say what goes on naming the person."""
    from policycore.operations.erase import erase_person

    done = erase_person(needed_workspace(workspace, store), person, reason=reason)
    counts = {"findings": done.stored.findings, "runs": len(done.stored.runs), "texts": done.stored.texts}
    click.echo(say("cli.erase.done", mark=done.mark, snapshots=len(done.removed), **counts), err=True)
    left = {"held": ("ids", done.held), "files": ("files", done.files), "entries": ("entries", done.stored.entries)}
    for key, (name, values) in left.items():
        if values:
            click.echo(say(f"cli.erase.{key}", **{name: ", ".join(map(str, values))}), err=True)
    click.echo(say("cli.erase.reach"), err=True)
    click.echo(done.stored.head)
