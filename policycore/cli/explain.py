"""Explain a rule, a finding or a clause: why it exists, what it asks for, the data it needs, who uses it."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.installed import installed_plugins
from policycore.cli.options import workspace_options
from policycore.cli.output import columns, print_lines, use_colour
from policycore.errors import PolicycoreError, Problem, UsageError
from policycore.language import say
from policycore.text.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policycore.cli.finding_page import FindingPage
    from policycore.plugin_api.plugins import PluginSet
    from policycore.plugin_api.rule import Rule
    from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["command", "find_rule"]

# A finding's id ends in hexadecimal digits after a hyphen, or is nothing else.
_finding_id = re.compile(r"-[0-9a-f]{4,12}$|^[0-9a-f]{8,32}$")


@translated_command("explain", help="cli.explain.help")
@click.argument("rule", metavar="RULE|CLAUSE|FINDING")
@click.option("--ruleset", metavar="NAME|FILE", help="cli.explain.ruleset")
@click.option("--reveal", metavar="REASON", help="cli.explain.reveal")
@workspace_options
def command(rule: str, ruleset: str | None, reveal: str | None, workspace: Path | None, store: str | None) -> None:
    """Print the page of one rule, or of one finding that the workspace keeps; or, audited, the text it withholds."""
    from policycore.cli.rule_page import RulePage
    from policycore.model.schema import declared

    plugins = installed_plugins()
    if plugins.rules.get(rule) is None and _finding_id.search(rule):
        page = _finding_page(plugins, rule, workspace, store)
        if page is not None:
            print_lines(page.lines() if reveal is None else _revealed(page, reveal, workspace, store))
            return
    if reveal is not None:
        raise UsageError(Problem.of("cli.explain.no-reveal"))
    installed = plugins.rules.get(rule) or plugins.rules.get(rule.upper())
    resolved = None if installed and ruleset is None else _ruleset(plugins, ruleset, workspace, store)
    own = [used for used in resolved.rules if rule in (used.id, used.name)] if resolved else []
    if resolved is not None and installed is None and not own:
        print_lines(_clause_lines(resolved, rule, plugins))
        return
    found = own[0].rule if own else find_rule(plugins, rule)
    uses = tuple(used for used in resolved.rules if used.rule.id == found.id) if resolved and ruleset else ()
    with declared(resolved.own if resolved else ()):
        print_lines(RulePage(found, columns(sys.stdout), use_colour(sys.stdout)).lines(ruleset, uses))


def _ruleset(plugins: PluginSet, name: str | None, folder: Path | None, store: str | None) -> ResolvedRuleSet | None:
    """Return the rule set called `name`, else that of the workspace's newest run; None where there is none."""
    from policycore.operations.choose_ruleset import choose_ruleset
    from policycore.store.kept.runs import list_runs
    from policycore.store.workspace import find_workspace

    if name is not None:
        return choose_ruleset(name, plugins=plugins).ruleset
    workspace = find_workspace(folder, store)
    if workspace is None:
        return None
    with workspace.open_store(read_only=True) as opened, opened.read() as connection:
        runs = list_runs(connection, limit=1, replays=False)
    return choose_ruleset(f"@{runs[0].id}", plugins=plugins, workspace=workspace).ruleset if runs else None


def _clause_lines(ruleset: ResolvedRuleSet, name: str, plugins: PluginSet) -> Iterator[str]:
    """Return the ledger's lines on the clauses that `name` means; UsageError where it means neither clause nor rule."""
    from policycore.cli.clauses import ledger_lines
    from policycore.rulesets.ledger import ledger
    from policycore.text.clauses import clauses_meant

    entries = ledger(ruleset)
    meant = clauses_meant(name, (entry.id for entry in entries))
    if not meant:
        own = [word for used in ruleset.rules for word in (used.id, used.name)]
        raise _no_rule(plugins, name, [*own, *plugins.rules.names(), *(entry.id for entry in entries)])
    below = {*meant}
    for entry in entries:
        if entry.parent in below:
            below.add(entry.id)
    return ledger_lines(ruleset, [entry for entry in entries if entry.id in below], columns(sys.stdout))


def _revealed(page: FindingPage, reason: str, folder: Path | None, store: str | None) -> list[str]:
    """Return the text that a finding keeps from view, after leaving the entry in the audit trail.

    Raises UsageError where no reason is given, DataError where the snapshot is no longer kept.
    """
    from policycore.store import work
    from policycore.store.estate_view import EstateView
    from policycore.store.workspace import find_workspace
    from policycore.text.clean import clean

    workspace = find_workspace(folder, store)
    assert workspace is not None  # noqa: S101 - the page was read from it
    if not reason.strip():
        raise UsageError(Problem.of("cli.explain.no-reason"))
    text = EstateView.of_run(workspace, page.run.snapshot, page.run.as_of).clear_text(page.life.finding)
    if not text:
        return [say("cli.explain.nothing-kept")]
    with workspace.open_store() as opened:
        work.reveal(opened, page.life.finding_id, reason)
    return [clean(line) for line in text.splitlines()]


def _finding_page(plugins: PluginSet, name: str, folder: Path | None, store: str | None) -> FindingPage | None:
    """Return the page of the finding that `name` means, None where no workspace is at hand.

    Raises UsageError when no finding, or more than one, begins like that.
    """
    from policycore.store.workspace import find_workspace

    workspace = find_workspace(folder, store)
    if workspace is None:
        return None
    from policycore.cli.finding_page import FindingPage
    from policycore.decisions.waiver_context import stored_context
    from policycore.operations.choose_ruleset import choose_ruleset
    from policycore.store.kept.runs import list_runs, load_header
    from policycore.store.lives.history import find_finding, history_of

    with workspace.open_store(read_only=True) as opened, opened.read() as connection:
        number = find_finding(connection, name)
        life = history_of(connection, number)
        run = list_runs(connection, ruleset=life.ruleset, limit=1, replays=False)[0]
        header, context = load_header(connection, run), stored_context(connection, run.id)
    rule = life.finding.rule
    parameters = context.get("rules", {}).get(rule, {})
    said = plugins.rules.get(rule)
    if said is None:
        # One that the rule set wrote itself; without what it said then, the page goes without.
        with suppress(PolicycoreError):
            used = choose_ruleset(f"@{run.id}", plugins=plugins, workspace=workspace).ruleset.rules
            said = next((one.rule for one in used if one.id == rule), None)
    return FindingPage(life, header, said, parameters, columns(sys.stdout))


def find_rule(plugins: PluginSet, name: str) -> Rule:
    """Return the rule called `name`; UsageError with the nearest names when there is none."""
    rule = plugins.rules.get(name) or plugins.rules.get(name.upper())
    if rule is not None:
        return rule
    raise _no_rule(plugins, name, plugins.rules.names())


def _no_rule(plugins: PluginSet, name: str, known: Iterable[str]) -> UsageError:
    """Return the error of a name that neither a rule nor a clause has."""
    near = nearest(name, known)
    fix = say("cli.explain.list") if near is None else say("text.did-you-mean", name=near)
    return UsageError(Problem("cli.no-rule", say("cli.no-rule", name=name), plugins.rules.why_absent(name), fix))
