"""Explain a rule: why it exists, its parameters, the data it needs, its cases, who uses it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems
from policycore.cli.output import columns, use_colour
from policycore.errors import ExitCode, Problem, UsageError
from policycore.language import say

if TYPE_CHECKING:
    from policycore.model.resolved import ResolvedRule
    from policycore.plugins import PluginSet
    from policycore.rule import Rule

__all__ = ["command", "find_rule"]


@translated_command("explain", help="cli.explain.help")
@click.argument("rule", metavar="RULE")
@click.option("--ruleset", metavar="NAME|FILE", help="cli.explain.ruleset")
def command(rule: str, ruleset: str | None) -> ExitCode:
    """Print the page of one rule."""
    from policycore.cli.rule_page import RulePage
    from policycore.plugins import load_plugins

    plugins = load_plugins()
    found = find_rule(plugins, rule)
    uses: tuple[ResolvedRule, ...] = ()
    if ruleset is not None:
        from policycore.rulesets.load import load_ruleset

        resolved = load_ruleset(ruleset, plugins.rules, plugins.ruleset_folders)
        uses = tuple(used for used in resolved.rules if used.rule.id == found.id)
    page = RulePage(found, columns(sys.stdout), use_colour(sys.stdout))
    for line in page.lines(ruleset, uses):
        click.echo(line)
    print_problems(plugins.problems)
    return ExitCode.CLEAN


def find_rule(plugins: PluginSet, name: str) -> Rule:
    """Return the rule called `name`; UsageError with the nearest names when there is none."""
    rule = plugins.rules.get(name) or plugins.rules.get(name.upper())
    if rule is not None:
        return rule
    from rapidfuzz import fuzz, process

    near = process.extract(name, plugins.rules.names(), scorer=fuzz.WRatio, limit=3, score_cutoff=60)
    names = ", ".join(found for found, _, _ in near)
    fix = say("cli.usage.did-you-mean", names=names) if names else say("cli.explain.list")
    # A broken plugin may be why the rule is not there.
    print_problems(plugins.problems)
    raise UsageError(Problem("cli.no-rule", say("cli.no-rule", name=name), fix=fix))
