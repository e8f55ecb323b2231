"""Write the report of a stored run again."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_words
from policycore.cli.options import needed_workspace, workspace_options
from policycore.cli.output import print_report
from policycore.errors import ExitCode, Problem, UsageError
from policycore.language import say

__all__ = ["command"]

_PAPERS = ("rectification", "letters", "statements", "membership")
"""What is written as papers to sign, print and send, one file each, into a folder."""


def _formats(given: str) -> tuple[str, ...]:
    """Return the formats of papers that `given` lists, DOCX where none is named; UsageError for another."""
    from policycore.papers.paper import FORMATS

    wanted = ("docx",) if given == "text" else tuple(given.split(","))
    if strange := [name for name in wanted if name not in FORMATS]:
        expected = say("operations.expected.choice", choices=", ".join(FORMATS))
        what = say("operations.bad-value", name="--format")
        raise UsageError(*(Problem("cli.no-format", what, expected) for _ in strange[:1]))
    return wanted


@translated_command("report", help="cli.help.report")
@click.argument("run", default="latest")
@click.option("--format", "format_name", default="text", show_default=True, metavar="FORMAT", help="cli.check.format")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="cli.check.output")
@click.option("--run", "of_run", default="latest", metavar="RUN", help="papers.report.run")
@click.option("--department", "departments", multiple=True, metavar="NAME", help="papers.report.department")
@click.option("--force", is_flag=True, help="papers.form.force")
@click.option("--gap-subjects", is_flag=True, help="cli.check.gap-subjects")
@workspace_options
def command(
    run: str,
    format_name: str,
    output: Path | None,
    of_run: str,
    departments: tuple[str, ...],
    force: bool,
    gap_subjects: bool,
    workspace: Path | None,
    store: str | None,
) -> ExitCode:
    """Load one run and write it in the format asked for."""
    from policycore.operations.report import stored_result

    found = needed_workspace(workspace, store)
    if run in _PAPERS:
        from policycore.operations.papers import write_papers

        formats = _formats(format_name)
        written = write_papers(
            found, run, output or Path(), run=of_run, formats=formats, departments=departments, force=force
        )
        for path in written.files:
            click.echo(path)
        print_words([say("papers.written", count=len(written.files)), *written.notes])
        return ExitCode.CLEAN
    result, number = stored_result(found, run)
    print_report(result, format_name, output, workspace=found, run=number, gap_subjects=gap_subjects)
    return ExitCode.CLEAN
