"""Write the report of a stored run again."""

from __future__ import annotations

from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.options import needed_workspace, workspace_options
from policycore.cli.output import print_report
from policycore.errors import ExitCode

__all__ = ["command"]


@translated_command("report", help="cli.help.report")
@click.argument("run", default="latest")
@click.option("--format", "format_name", default="text", show_default=True, metavar="FORMAT", help="cli.check.format")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="cli.check.output")
@click.option("--gap-subjects", is_flag=True, help="cli.check.gap-subjects")
@workspace_options
def command(
    run: str,
    format_name: str,
    output: Path | None,
    gap_subjects: bool,
    workspace: Path | None,
    store: str | None,
) -> ExitCode:
    """Load one run and write it in the format asked for."""
    from policycore.operations.report import stored_result

    found = needed_workspace(workspace, store)
    result, number = stored_result(found, run)
    print_report(result, format_name, output, workspace=found, run=number, gap_subjects=gap_subjects)
    return ExitCode.CLEAN
