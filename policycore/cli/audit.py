"""Verify the audit trail, and read it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from policycore.cli.command import translated_group
from policycore.cli.options import needed_workspace, workspace_options
from policycore.language import say
from policycore.text.clean import clean

__all__ = ["command"]


@translated_group("audit", help="cli.help.audit")
def command() -> None:
    """Hold the sub-commands of the audit trail."""


@command.command("verify", help="cli.help.audit.verify")
@click.option("--head", "heads", multiple=True, metavar="HASH", help="cli.help.audit.head")
@click.option("--heads", "file", type=click.Path(path_type=Path), metavar="FILE", help="cli.help.audit.heads")
@workspace_options
def verify_command(heads: tuple[str, ...], file: Path | None, workspace: Path | None, store: str | None) -> None:
    """Check the whole chain; exit code 3 when it is broken."""
    from policycore.operations.audit_trail import heads_in, verify_audit

    noted = heads if file is None else (*heads, *heads_in(file))
    count, head = verify_audit(needed_workspace(workspace, store), noted)
    click.echo(say("cli.audit.holds", count=count, head=head), err=True)
    click.echo(head)


@command.command("show", help="cli.help.audit.show")
@click.option("--json", "as_json", is_flag=True, help="cli.help.json")
@workspace_options
def show_command(as_json: bool, workspace: Path | None, store: str | None) -> None:
    """Print every entry."""
    from policycore.store.kept import audit

    with needed_workspace(workspace, store).open_store(read_only=True) as opened, opened.read() as connection:
        for entry in audit.entries(connection):
            if as_json:
                data = {name: getattr(entry, name) for name in ("sequence", "actor", "action", "previous", "hash")}
                told = {"at": entry.at.isoformat(), "details": json.loads(entry.details)}
                click.echo(json.dumps({**data, **told}, ensure_ascii=False))
            else:
                at = entry.at.astimezone().isoformat(sep=" ", timespec="seconds")
                # Stored in ASCII, for the hash; a person reads the characters.
                details = clean(json.dumps(json.loads(entry.details), ensure_ascii=False))
                click.echo(f"{entry.sequence}  {at}  {clean(entry.actor)}  {entry.action}  {details}")
