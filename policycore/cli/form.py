"""Write blank forms for departments to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.installed import installed_plugins
from policycore.cli.options import estate_place
from policycore.language import say
from policycore.model.forms import FORMS

__all__ = ["command"]


@translated_command("form", help="papers.form.help")
@click.argument("form", type=click.Choice(["inventory", "members"]))
@click.option("--department", "departments", multiple=True, metavar="NAME", help="papers.form.department")
@click.option("--estate", type=estate_place, metavar="FOLDER|URL", help="papers.form.estate")
@click.option("--ruleset", metavar="NAME|FILE", help="papers.status.ruleset")
@click.option("--kind", "kinds", multiple=True, metavar="NAME", help="papers.kind.help")
@click.option("--exempt", multiple=True, metavar="NAME", help="papers.status.exempt")
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
    estate: str | Path | None,
    ruleset: str | None,
    kinds: tuple[str, ...],
    exempt: tuple[str, ...],
    formats: tuple[str, ...],
    output: Path,
    force: bool,
) -> None:
    """Write the files and print their names."""
    from policycore.operations.hand_ins import blank_forms_for, due_by, write_blank_forms

    named = list(departments)
    if estate:
        plugins = installed_plugins()
        due = due_by(ruleset, plugins, kinds=kinds, exempt=exempt)
        named = blank_forms_for(estate, departments, FORMS[form].kind, due, plugins)
    written = write_blank_forms(form, output, named, [f".{suffix}" for suffix in formats], force=force)
    for path in written:
        click.echo(path)
    click.echo(say("papers.form.written", count=len(written)), err=True)
