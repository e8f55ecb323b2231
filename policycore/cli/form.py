"""Write blank forms for departments to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.installed import installed_plugins
from policycore.language import say
from policycore.model.forms import EXEMPT, REPORTING_KINDS

__all__ = ["command"]


@translated_command("form", help="papers.form.help")
@click.argument("form", type=click.Choice(["inventory", "members"]))
@click.option("--department", "departments", multiple=True, metavar="NAME", help="papers.form.department")
@click.option("--estate", type=click.Path(path_type=Path, exists=True), metavar="FOLDER", help="papers.form.estate")
@click.option("--kind", "kinds", multiple=True, default=REPORTING_KINDS, metavar="NAME", help="papers.kind.help")
@click.option("--exempt", multiple=True, default=EXEMPT, metavar="NAME", help="papers.status.exempt")
@click.option(
    "--format", "formats", type=click.Choice(["xlsx", "docx"]), multiple=True, default=("xlsx", "docx"),
    help="papers.form.format",
)  # fmt: skip
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), default=Path(), metavar="FOLDER",
    help="papers.form.output",
)  # fmt: skip
@click.option("--force", is_flag=True, help="papers.form.force")
def command(
    form: str,
    departments: tuple[str, ...],
    estate: Path | None,
    kinds: tuple[str, ...],
    exempt: tuple[str, ...],
    formats: tuple[str, ...],
    output: Path,
    force: bool,
) -> None:
    """Write the files and print their names."""
    from policycore.operations.hand_ins import blank_forms_for, write_blank_forms

    named = blank_forms_for(estate, departments, kinds, exempt, installed_plugins()) if estate else list(departments)
    written = write_blank_forms(form, output, named, [f".{suffix}" for suffix in formats], force=force)
    for path in written:
        click.echo(path)
    click.echo(say("papers.form.written", count=len(written)), err=True)
