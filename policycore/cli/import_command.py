"""Import folders and files into a snapshot: every bad row is named, nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems
from policycore.errors import ExitCode, Problem, UsageError
from policycore.language import say

if TYPE_CHECKING:
    from policycore.plugin_api.source import Source

__all__ = ["command"]


@cache
def _sources() -> Sequence[Source]:
    """Return the sources of the plugins; a broken plugin is named, for it may be the one that is missing."""
    from policycore.plugin_api.plugins import load_plugins

    plugins = load_plugins()
    sources = plugins.sources
    print_problems(plugins.problems)
    return sources


@translated_command("import", help="cli.import.help")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER|FILE…")
@click.option(
    "--estate", "out", required=True, type=click.Path(path_type=Path), metavar="OUT", help="cli.import.estate"
)
@click.option("--recipe", metavar="NAME|FILE", help="cli.import.recipe")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.import.as-of")
@click.option("--timezone", metavar="ZONE", help="cli.import.timezone")
@click.option("--lenient", is_flag=True, help="cli.import.lenient")
@click.option("--force", is_flag=True, help="cli.import.force")
def command(
    inputs: tuple[Path, ...],
    out: Path,
    recipe: str | None,
    as_of: str | None,
    timezone: str | None,
    lenient: bool,
    force: bool,
) -> ExitCode:
    """Write the snapshot, name what was decided for the user on stderr and the tables on stdout."""
    from zoneinfo import ZoneInfo

    from policycore.cli.keeping import note_import
    from policycore.estate.importing import DEFAULT_TIMEZONE, import_estate
    from policycore.estate.manifest import is_timezone
    from policycore.estate.times import parse_time

    if timezone is not None and not is_timezone(timezone):
        raise UsageError(
            Problem("estate.timezone", say("estate.timezone", name=timezone), fix=say("estate.timezone-fix"))
        )
    moment = None
    if as_of is not None:
        moment = parse_time(as_of, ZoneInfo(timezone or DEFAULT_TIMEZONE))
        if moment is None:
            raise UsageError(
                Problem("estate.as-of", say("estate.as-of", value=as_of[:60]), fix=say("estate.expected-time"))
            )
    folders: tuple[Path, ...] = ()
    if recipe is not None:
        from policycore.plugin_api.plugins import load_plugins

        folders = load_plugins().recipe_folders
    snapshot = import_estate(
        inputs,
        out,
        as_of=moment,
        timezone=timezone,
        recipe=recipe,
        lenient=lenient,
        force=force,
        recipe_folders=folders,
        sources=_sources,
    )
    note_import(snapshot, out)
    print_problems(snapshot.notes)
    for name, table in snapshot.tables.items():
        click.echo(f"{name}\t{table.rows}")
    click.echo(say("cli.import.done", id=snapshot.id, folder=out), err=True)
    if snapshot.rejected:
        click.echo(say("cli.import.rejected", count=snapshot.rejected, file=out / "rejects.jsonl"), err=True)
    return ExitCode.CLEAN
