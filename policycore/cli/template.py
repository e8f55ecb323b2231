"""Write blank lists for offices to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.language import say
from policycore.papers.list_templates import LISTS

__all__ = ["command"]


@translated_command("template", help="papers.template.help")
@click.argument("name", type=click.Choice([*LISTS]))
@click.option("--department", "departments", multiple=True, metavar="NAME", help="papers.form.department")
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), default=Path(), metavar="FOLDER",
    help="papers.form.output",
)  # fmt: skip
@click.option("--force", is_flag=True, help="papers.form.force")
def command(name: str, departments: tuple[str, ...], output: Path, force: bool) -> None:
    """Write the files and print their names."""
    from policycore.operations.hand_ins import write_blank_lists

    written = write_blank_lists(name, output, departments, force=force)
    for path in written:
        click.echo(path)
    click.echo(say("papers.form.written", count=len(written)), err=True)
