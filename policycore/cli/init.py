"""Make a folder a workspace."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.options import Duration
from policycore.language import say

__all__ = ["command"]


@translated_command("init", help="cli.help.init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--store", metavar="FILE|URL", help="cli.help.init.store")
@click.option("--expected-every", type=Duration(), metavar="TIME", help="cli.help.expected-every")
@click.option("--keep-text", type=click.Choice(["yes", "no"]), help="cli.help.init.keep-text")
def command(folder: Path, store: str | None, expected_every: timedelta | None, keep_text: str | None) -> None:
    """Make `folder` a workspace and say what to do next."""
    from policycore.store.workspace import init_workspace

    kept = None if keep_text is None else keep_text == "yes"
    workspace = init_workspace(folder, store=store, expected_every=expected_every, keep_text=kept)
    with workspace.open_store() as opened:
        address = opened.address
    click.echo(say("cli.workspace.ready", path=workspace.folder), err=True)
    click.echo(say("cli.workspace.store", store=address), err=True)
    click.echo(say(f"cli.workspace.keeps{'' if workspace.keep_text else '-no-text'}"), err=True)
    click.echo(say("cli.workspace.next"), err=True)
