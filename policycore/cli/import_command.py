"""Import folders and files into a snapshot: every bad row is named, nothing is dropped in silence."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems
from policycore.cli.installed import installed_plugins
from policycore.language import say

__all__ = ["command"]


@translated_command("import", help="cli.import.help")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER|FILE…")
@click.option(
    "--estate", "out", required=True, type=click.Path(path_type=Path), metavar="OUT", help="cli.import.estate"
)
@click.option("--recipe", metavar="NAME|FILE", help="cli.import.recipe")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.import.as-of")
@click.option("--timezone", metavar="ZONE", help="cli.import.timezone")
@click.option("--lenient", is_flag=True, help="cli.import.lenient")
@click.option("--add", is_flag=True, help="cli.import.add")
@click.option("--force", is_flag=True, help="cli.import.force")
def command(
    inputs: tuple[Path, ...],
    out: Path,
    recipe: str | None,
    as_of: str | None,
    timezone: str | None,
    lenient: bool,
    add: bool,
    force: bool,
) -> None:
    """Write the snapshot, name what was decided for the user on stderr and the tables on stdout."""
    from policycore.operations.import_estate import import_estate
    from policycore.store.workspace import find_workspace

    snapshot = import_estate(
        inputs,
        out,
        as_of=as_of,
        timezone=timezone,
        recipe=recipe,
        lenient=lenient,
        add=add,
        force=force,
        workspace=find_workspace(),
        plugins=installed_plugins(),
    )
    print_problems(snapshot.notes)
    for name, table in snapshot.tables.items():
        click.echo(f"{name}\t{table.rows}")
    click.echo(say("cli.import.done", id=snapshot.id, folder=out), err=True)
    if snapshot.rejected:
        click.echo(say("cli.import.rejected", count=snapshot.rejected, file=out / "rejects.jsonl"), err=True)
