"""Print the ledger: every clause of the policy, what covers it, and what came out of an estate."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems
from policycore.cli.installed import installed_plugins
from policycore.cli.options import estate_place, format_option
from policycore.cli.output import columns, print_lines
from policycore.errors import ExitCode, Problem, UsageError
from policycore.language import say
from policycore.text.clean import clean
from policycore.text.width import hanging

if TYPE_CHECKING:
    from policycore.model.result import RunResult
    from policycore.rulesets.ledger import Duty, Entry
    from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["command", "ledger_lines"]


@translated_command("clauses", help="cli.clauses.help")
@click.argument("named", metavar="[NAME|FILE]", required=False)
@click.option("--ruleset", metavar="NAME|FILE", help="cli.clauses.ruleset")
@click.option("--estate", type=estate_place, metavar="FOLDER|URL", help="cli.clauses.estate")
@format_option
def command(named: str | None, ruleset: str | None, estate: str | Path | None, format_name: str) -> ExitCode:
    """Print the ledger of a rule set."""
    from policycore.operations.check import check
    from policycore.operations.choose_ruleset import load_ruleset
    from policycore.rulesets.ledger import ledger

    if named is not None and ruleset is not None:
        raise UsageError(Problem.of("cli.clauses.one-ruleset"))
    chosen = named or ruleset
    if not chosen:
        raise click.MissingParameter(param_type="argument", param_hint="NAME|FILE")
    plugins = installed_plugins()
    resolved = load_ruleset(chosen, plugins=plugins)
    outcome = None if estate is None else check(estate, resolved, plugins=plugins)
    result = outcome.result if outcome else None
    entries = ledger(resolved, result.clauses if result else (), result.outcomes if result else None)
    print_lines(
        [json.dumps(_data(resolved, entries, result), ensure_ascii=False, indent=2)]
        if format_name == "json"
        else ledger_lines(resolved, entries, columns(sys.stdout))
    )
    print_problems([problem for problem in result.problems if problem not in plugins.problems] if result else [])
    # What was found is what the ledger tells; only that it is incomplete is no good end.
    return outcome.exit_code if outcome and outcome.exit_code is not ExitCode.FINDINGS else ExitCode.CLEAN


def ledger_lines(ruleset: ResolvedRuleSet, entries: Sequence[Entry], cells: int) -> Iterator[str]:
    """Yield clauses with what covers them, and how many there are."""
    from policycore.rulesets.ledger import totals

    if not entries:
        yield str(Problem.of("cli.clauses.no-clauses", ruleset=ruleset.name))
        return
    yield clean(ruleset.document.title or ruleset.title.in_language())
    for entry in entries:
        margin = "  " * entry.depth
        yield from hanging(f"{margin}{clean(entry.id, limit=60)}  ", clean(entry.text), cells)
        margin += "    "
        for rule in entry.rules:
            severity = say(f"model.severity.{rule.severity.value}")
            what = f"{rule.name}  {clean(rule.rule.title.in_language())} ({severity})"
            yield from hanging(f"{margin}{say('cli.clauses.rule')}  ", what, cells)
        for asked in entry.attestations:
            what = clean(asked.asks.in_language()) + say("cli.clauses.valid", days=asked.valid_days)
            yield from hanging(f"{margin}{say('cli.clauses.attestation')}  ", what, cells)
        for duty in entry.duties:
            what = f"{clean(duty.text)} ({say(f'cli.clauses.state.{duty.state}')})"
            yield from hanging(f"{margin}{say('cli.clauses.duty')}  ", what, cells)
        if entry.derived:
            yield from hanging(f"{margin}{say('cli.clauses.derived')}  ", clean(entry.derived.in_language()), cells)
        if entry.reworded:
            yield from hanging(f"{margin}{say('cli.clauses.reworded')}  ", entry.wording, cells)
        if not entry.covered and not entry.is_heading:
            yield f"{margin}{say('cli.clauses.not-covered')}"
        if entry.verdicts is not None and entry.covered:
            yield from hanging(f"{margin}{say('cli.clauses.result')}  ", _outcome(entry), cells)
    counted = totals(entries)
    yield ""
    yield say(
        "cli.clauses.summary",
        clauses=counted.clauses,
        checked=counted.checked,
        attested=counted.attested,
        derived=counted.derived,
        open=counted.clauses - counted.covered,
    )


def _outcome(entry: Entry) -> str:
    """Return the verdicts of a clause in words, in their fixed order."""
    verdicts = entry.verdicts or {}
    parts = [f"{say(f'reports.verdict.{verdict.value}')} {count}" for verdict, count in verdicts.items()]
    return " · ".join(parts) or say("cli.clauses.nothing-judged")


def _data(ruleset: ResolvedRuleSet, entries: Sequence[Entry], result: RunResult | None) -> dict[str, Any]:
    data: dict[str, Any] = {"policycore": 1, "ruleset": ruleset.name, "document": ruleset.document.title}
    if result is not None:
        data |= {"snapshot": result.snapshot, "as_of": result.as_of.isoformat()}
    return {**data, "clauses": [_entry(entry) for entry in entries]}


def _obligation(duty: Duty) -> dict[str, Any]:
    """Return one obligation as data; with verdicts where an estate was checked."""
    data: dict[str, Any] = {
        "text": duty.text,
        "rules": list(duty.rules),
        "attested": duty.attested,
        "derived": duty.derived,
        "state": duty.state,
    }
    if duty.verdicts is None:
        return data
    return {**data, "verdicts": {verdict.value: count for verdict, count in duty.verdicts.items()}}


def _entry(entry: Entry) -> dict[str, Any]:
    """Return one clause as data; with verdicts where an estate was checked."""
    data = {
        "id": entry.id,
        "text": entry.text,
        "parent": entry.parent,
        "heading": entry.is_heading,
        "covered": entry.covered,
        "state": entry.state,
        "derived": {"zh": entry.derived.zh, "en": entry.derived.en} if entry.derived else None,
        "obligations": [_obligation(duty) for duty in entry.duties],
        "wording": entry.wording,
        "reworded": entry.reworded,
        "rules": [{"id": rule.id, "name": rule.name, "severity": rule.severity.value} for rule in entry.rules],
        "attestations": [
            {"asks": {"zh": asked.asks.zh, "en": asked.asks.en}, "valid_days": asked.valid_days}
            for asked in entry.attestations
        ],
    }
    if entry.verdicts is None:
        return data
    return {**data, "verdicts": {verdict.value: count for verdict, count in entry.verdicts.items()}}
