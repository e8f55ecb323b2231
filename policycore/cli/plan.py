"""Plan what puts findings right."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_group
from policycore.cli.failures import print_words
from policycore.cli.installed import installed_plugins
from policycore.cli.options import estate_place, last_checked
from policycore.cli.output import is_terminal, open_output
from policycore.errors import ExitCode, Problem, UsageError
from policycore.language import say

if TYPE_CHECKING:
    from policycore.operations.plan_membership import MembershipPlan

__all__ = ["command"]

_SHARE = 4
"""More than a quarter of the members are not removed without being asked again."""


@translated_group("plan", help="cli.plan.help")
def command() -> None:
    """Hold the commands that plan."""


@command.command("membership", help="cli.plan.membership.help")
@click.argument("groups", nargs=-1, metavar="GROUP...")
@click.option("--all", "every", is_flag=True, help="cli.plan.all")
@click.option("--ruleset", metavar="NAME|FILE", help="cli.plan.ruleset")
@click.option("--estate", type=estate_place, metavar="FOLDER|URL", help="cli.plan.estate")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.check.as-of")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "csv", "xlsx", "json"]),
    default="text",
    help="cli.plan.format",
)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="cli.plan.output")
@click.option("--max-removals", type=click.IntRange(min=0), default=10, show_default=True, help="cli.plan.max-removals")
@click.option("--yes", is_flag=True, help="cli.plan.yes")
def membership(
    groups: tuple[str, ...],
    every: bool,
    ruleset: str | None,
    estate: str | Path | None,
    as_of: str | None,
    format_name: str,
    output: Path | None,
    max_removals: int,
    yes: bool,
) -> ExitCode:
    """Print who is to be added and who removed."""
    from policycore.operations.plan_membership import COLUMNS, plan_membership
    from policycore.reports.table import write_table

    if every == bool(groups):
        raise UsageError(Problem.of("cli.plan.which"))
    folder, rules = last_checked(estate, ruleset)
    plans = plan_membership(folder, rules or "", groups, as_of=as_of, plugins=installed_plugins())
    for plan in plans:
        if plan.changes or plan.unknown or groups:
            print_words(_words(plan))
        if not yes and (plan.removals > max_removals or plan.removals * _SHARE > plan.members):
            _ask_again(plan, max_removals)
    rows = [(say(f"cli.plan.action.{change.action}"), *change.cells[1:]) for plan in plans for change in plan.changes]
    if not rows:
        print_words([say("cli.plan.nothing", count=len(plans))])
    with open_output(output, recode=format_name in ("text", "json")) as stream:
        if format_name == "json":
            stream.write((json.dumps(_data(plans), ensure_ascii=False, indent=2) + "\n").encode())
        else:
            write_table(format_name, [say(f"cli.plan.column.{name}") for name in COLUMNS], rows, stream)
    return ExitCode.CLEAN


def _data(plans: Sequence[MembershipPlan]) -> dict[str, object]:
    """Return plans as data."""
    from policycore.operations.plan_membership import COLUMNS

    groups = [
        {
            "group_id": plan.group_id,
            "name": plan.group_name,
            "members": plan.members,
            "removals": plan.removals,
            "unknown": dict(plan.unknown),
            "owners_removed": list(plan.owners),
        }
        for plan in plans
    ]
    changes = [dict(zip(COLUMNS, change.cells, strict=True)) for plan in plans for change in plan.changes]
    return {"policycore": 1, "groups": groups, "changes": changes}


def _words(plan: MembershipPlan) -> list[str]:
    """Return what a plan comes to, and who of the group could not be judged."""
    added = len(plan.changes) - plan.removals
    values = {"group": plan.group_id, "name": plan.group_name, "members": plan.members}
    lines = [say("cli.plan.counts", **values, added=added, removed=plan.removals)]
    lines += [say("cli.plan.owner", group=plan.group_id, owner=owner) for owner in plan.owners]
    return lines + [
        say("cli.plan.unknown", group=plan.group_id, count=n, field=name) for name, n in plan.unknown.items()
    ]


def _ask_again(plan: MembershipPlan, most: int) -> None:
    """Ask whether so many are to leave; where nobody can be asked, refuse."""
    values = {"group": plan.group_id, "removed": str(plan.removals), "members": str(plan.members), "most": str(most)}
    asked = is_terminal(sys.stdin) and is_terminal(sys.stderr)
    question = say("cli.plan.confirm", **values) + " [y/N]"
    # Anything but a yes is a no; `click.confirm` would ask on in English.
    answer = click.prompt(question, default="", show_default=False, err=True) if asked else ""
    if answer.strip().casefold() not in ("y", "yes", "是"):
        key = "cli.plan.stop"
        raise UsageError(Problem(key, say(key, **values), say(f"{key}.why"), say(f"{key}.fix")))
