"""The key of a workspace's keyed hashes: which it is, change it, compare a text with what is kept."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policycore.cli.command import translated_group
from policycore.cli.options import needed_workspace, workspace_options
from policycore.errors import ExitCode
from policycore.language import say
from policycore.text.clean import clean

__all__ = ["command"]


@translated_group("key", help="cli.help.key")
def command() -> None:
    """Hold the sub-commands of the key."""


@command.command("show", help="cli.help.key.show")
@workspace_options
def show_command(workspace: Path | None, store: str | None) -> None:
    """Print the id of the key in use, then those of the ones before."""
    from policycore.text.shown import key_id

    for key in needed_workspace(workspace, store).every_key():
        click.echo(key_id(key))


@command.command("rotate", help="cli.help.key.rotate")
@click.option("--lost", is_flag=True, help="cli.help.key.lost")
@workspace_options
def rotate_command(lost: bool, workspace: Path | None, store: str | None) -> None:
    """Print the id of the new key."""
    from policycore.operations.keys import rotate

    done = rotate(needed_workspace(workspace, store), lost=lost)
    click.echo(say("cli.key.rotated", now=done.now, before=done.before or "-", head=done.head), err=True)
    click.echo(done.now)


@command.command("match", help="cli.help.key.match")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True), default="-")
@workspace_options
def match_command(file: Path, workspace: Path | None, store: str | None) -> ExitCode:
    """Print the findings that hold the keyed hash of a text; exit code 1 when there is none."""
    from policycore.operations.keys import matches

    found_in = needed_workspace(workspace, store)
    body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    found = matches(found_in, body)
    for one in found:
        click.echo(f"{clean(one.finding)}  {clean(one.rule)}  {one.first_run}-{one.last_run}")
    click.echo(say("cli.key.matched", count=len(found)), err=True)
    return ExitCode.CLEAN if found else ExitCode.FINDINGS
