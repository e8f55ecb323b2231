"""Check and explain rule sets, print their JSON Schema."""

from __future__ import annotations

import json

import click

from policycore.cli.command import translated_group
from policycore.cli.failures import print_problems
from policycore.cli.installed import installed_plugins
from policycore.cli.options import format_option
from policycore.cli.output import print_lines
from policycore.errors import ExitCode, Problem, UsageError
from policycore.language import say

__all__ = ["command"]


@translated_group("ruleset", help="cli.rulesets.help")
def command() -> None:
    """Hold the commands about rule sets."""


@command.command("check", help="cli.rulesets.check.help")
@click.argument("ruleset", metavar="NAME|FILE")
def check(ruleset: str) -> None:
    """Check one rule set; its mistakes end the command with exit code 2."""
    from policycore.rulesets.ledger import ledger, totals
    from policycore.rulesets.load import check_ruleset

    plugins = installed_plugins()
    loaded = check_ruleset(ruleset, plugins.rules, plugins.ruleset_folders)
    print_problems(_marked(warning) for warning in loaded.warnings)
    counted = totals(ledger(loaded.ruleset))
    click.echo(
        say(
            "cli.rulesets.ok",
            rules=len(loaded.ruleset.rules),
            clauses=counted.clauses,
            covered=counted.covered,
        )
    )


def _marked(warning: Problem) -> Problem:
    """Return a warning that says it is one."""
    from dataclasses import replace

    return replace(warning, what=say("cli.rulesets.warning") + warning.what)


@command.command("explain", help="cli.rulesets.explain.help")
@click.argument("ruleset", metavar="NAME|FILE")
@click.argument("rule", required=False)
@format_option
def explain(ruleset: str, rule: str | None, format_name: str) -> None:
    """Print where each effective value of a rule set comes from."""
    from policycore.rulesets.explain import as_json, as_text, chosen_origins
    from policycore.rulesets.load import load_ruleset

    plugins = installed_plugins()
    resolved = load_ruleset(ruleset, plugins.rules, plugins.ruleset_folders)
    known = plugins.rules.get(rule) if rule else None
    names = [rule, *([known.id, known.name] if known else [])] if rule else []
    origins = chosen_origins(resolved, names)
    print_lines(
        [json.dumps(as_json(resolved, origins), ensure_ascii=False, indent=2, default=str)]
        if format_name == "json"
        else as_text(origins)
    )


@command.command("schema", help="cli.rulesets.schema.help")
def schema() -> None:
    """Print the JSON Schema of rule sets."""
    from policycore.rulesets.document import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@command.command("test", help="cli.rulesets.test.help")
@click.argument("ruleset", metavar="NAME|FILE")
@click.argument("rule", required=False)
def test(ruleset: str, rule: str | None) -> ExitCode:
    """Run the cases of the rules that a set writes itself."""
    from functools import partial

    from policycore.cli.plugin import tried
    from policycore.rulesets.explain import chosen_rules
    from policycore.rulesets.load import load_ruleset
    from policycore.testing import case_parameters, check_case, own_rules

    plugins = installed_plugins()
    rules = own_rules(chosen_rules(load_ruleset(ruleset, plugins.rules, plugins.ruleset_folders), rule))
    cases = case_parameters(rules)
    if not cases:
        raise UsageError(Problem.of("cli.rulesets.no-cases", name=ruleset))
    titles = [f"{one.name}: {case.title.in_language()}" for one, case in cases]
    checks = [partial(check_case, one, case) for one, case in cases]
    failed = sum(map(tried, titles, checks))
    untested = [one.name for one in rules if not one.cases]
    print_lines(say("cli.rulesets.untested", rule=name) for name in untested)
    click.echo(say("cli.rulesets.tested", total=len(cases), failed=failed))
    return ExitCode.INCOMPLETE if failed else ExitCode.CLEAN
