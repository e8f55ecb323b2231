"""Measure the speed stage by stage on an estate of any size."""

from __future__ import annotations

import sys

import click

from policycore.cli.command import translated_command
from policycore.cli.output import is_terminal
from policycore.errors import ExitCode

__all__ = ["command"]


@translated_command("bench", help="bench.help")
@click.option(
    "--groups", type=click.IntRange(min=10, max=1_000_000), default=5_000, show_default=True, help="bench.groups"
)
@click.option("--members", type=click.IntRange(min=30, max=50_000_000), default=None, help="bench.members")
@click.option("--messages", type=click.IntRange(min=0, max=100_000_000), default=None, help="bench.messages")
@click.option("--seed", type=click.IntRange(min=0), default=2024, show_default=True, help="bench.seed")
@click.option(
    "--rules",
    type=click.Choice(["metadata", "ownership-admission-5", "all"]),
    default="metadata",
    show_default=True,
    help="bench.rules",
)
@click.option("--repeat", type=click.IntRange(min=1, max=100), default=1, show_default=True, help="bench.repeat")
@click.option("--changed", type=click.FloatRange(min=0, max=1), default=0, metavar="SHARE", help="bench.changed")
@click.option("--compare", is_flag=True, help="bench.compare-help")
@click.option("--no-startup", is_flag=True, help="bench.no-startup")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="bench.format",
)
def command(
    groups: int,
    members: int | None,
    messages: int | None,
    seed: int,
    rules: str,
    repeat: int,
    changed: float,
    compare: bool,
    no_startup: bool,
    format_name: str,
) -> ExitCode:
    """Generate, measure in processes of their own, print."""
    from bench.run import Wanted, run_bench
    from bench.table import bench_lines

    wanted = Wanted(
        groups=groups,
        members=groups * 30 if members is None else members,
        messages=groups * 2 if messages is None else messages,
        seed=seed,
        rules=rules,
        compare=compare,
        startup=not no_startup,
        repeat=repeat,
        changed=changed,
    )
    answer = run_bench(wanted, _tell)
    if format_name == "json":
        import json

        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for line in bench_lines(answer):
            click.echo(line)
    return ExitCode.INCOMPLETE if answer["check"]["problems"] else ExitCode.CLEAN


def _tell(words: str) -> None:
    """Show on a terminal which part runs."""
    if is_terminal(sys.stderr):
        click.echo(words, err=True)


if __name__ == "__main__":
    from policycore.cli.failures import report_failure

    try:
        sys.exit(command.main(prog_name="python -m bench", standalone_mode=False))
    except Exception as error:
        sys.exit(report_failure(error))
