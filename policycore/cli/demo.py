"""Write the example estate, check it in this process and say how to go on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems
from policycore.cli.output import columns, print_lines, use_colour

__all__ = ["command"]

RULESET = "xxu-2024-wechat-groups"


@translated_command("demo", help="demo.help")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("policycore-demo"))
@click.option("--seed", type=click.IntRange(min=0), default=2024, show_default=True, help="demo.seed")
@click.option("--groups", type=click.IntRange(min=78, max=20_000), default=81, show_default=True, help="demo.groups")
@click.option("--force", is_flag=True, help="demo.force")
def command(folder: Path, seed: int, groups: int, force: bool) -> None:
    """Write, check, summarize; what the check finds is the demo's point and no failure of the command."""
    from policycore.demo.folder import write_demo
    from policycore.demo.history import check_three_times
    from policycore.demo.summary import DemoSummary

    write_demo(folder, seed=seed, groups=groups, force=force)
    result = check_three_times(folder, RULESET).result
    summary = DemoSummary(result, folder, seed, RULESET, columns(sys.stdout), use_colour(sys.stdout))
    print_lines(summary.lines())
    print_problems(result.problems)
