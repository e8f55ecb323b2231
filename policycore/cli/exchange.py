"""Carry decisions between the store and files from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from policycore.cli.output import open_output
from policycore.language import say

if TYPE_CHECKING:
    from policycore.store.workspace import Workspace

__all__ = ["exchange", "exchange_options"]


def exchange_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--import`` and ``--export``, each with a file or without."""
    found = function
    for name, word in (("--export", "exported"), ("--import", "imported")):
        option = click.option(
            name, word, is_flag=False, flag_value="", metavar="[FILE]", help=f"cli.help.decisions.{word}"
        )
        found = option(found)
    return found


def exchange(
    workspace: Workspace, kind: Literal["waiver", "attestation"], imported: str | None, exported: str | None
) -> None:
    """Take a file's decisions of one kind into the store, or write those of the store; '' is the usual place."""
    from policycore.operations.exchange import export_decisions, import_decisions

    if imported is None:
        with workspace.open_store(read_only=True) as store:
            content = export_decisions(store, kind)
        with open_output(Path(exported) if exported else None) as stream:
            stream.write(content)
        return
    with workspace.lock(), workspace.open_store() as store:
        new, known = import_decisions(workspace, store, kind, Path(imported) if imported else None)
    click.echo(say("cli.decide.imported", new=new, known=known), err=True)
