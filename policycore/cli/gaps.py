"""List what is missing, by worth, or the subjects that one rule could not judge."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems
from policycore.cli.options import estate_place, format_option, needed_workspace, only_one, workspace_options
from policycore.cli.output import columns
from policycore.errors import ExitCode, Problem, UsageError
from policycore.language import say
from policycore.model.schema import declared
from policycore.text.clean import clean
from policycore.text.width import width, wrap

if TYPE_CHECKING:
    from policycore.model.gap import Gap
    from policycore.model.result import RunResult

__all__ = ["command"]


@translated_command("gaps", help="cli.help.gaps")
@click.option("--run", "run", metavar="RUN", help="cli.help.gaps.run")
@click.option("--ruleset", metavar="NAME|FILE", help="cli.help.gaps.ruleset")
@click.option("--estate", type=estate_place, metavar="FOLDER|URL", help="cli.help.gaps.estate")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.check.as-of")
@click.option("--subjects", metavar="RULE", help="cli.help.gaps.subjects")
@format_option
@workspace_options
def command(
    run: str | None,
    ruleset: str | None,
    estate: str | Path | None,
    as_of: str | None,
    subjects: str | None,
    format_name: str,
    workspace: Path | None,
    store: str | None,
) -> ExitCode:
    """Print the missing fields, or the subjects of one rule."""
    only_one({"--run": run, "--estate": estate})
    if (estate is None) != (ruleset is None) or (as_of and estate is None):
        raise UsageError(Problem.of("cli.gaps.both"))
    if estate is not None and ruleset is not None:
        from policycore.operations.check import check

        result = check(estate, ruleset, record=False, as_of=as_of).result
        print_problems((*result.notes, *result.problems))
    else:
        from policycore.operations.report import stored_gaps

        result = stored_gaps(needed_workspace(workspace, store), run or "latest")
    if subjects is None:
        lines: Iterable[str] = _data(result) if format_name == "json" else _lines(result, columns(sys.stdout))
    else:
        gaps = _of_rule(result, subjects)
        lines = [_subjects_data(gaps)] if format_name == "json" else _subject_lines(gaps)
    with declared(result.own):
        for line in lines:
            click.echo(line)
    return ExitCode.CLEAN


def _lines(result: RunResult, cells: int) -> Iterator[str]:
    """Yield what is missing for a person, by worth."""
    from policycore.reports.gaps import missing_fields, missing_words, remedy_words

    if not result.gaps:
        yield say("reports.gaps.none")
        return
    yield say("reports.gaps.count", count=sum(gap.count for gap in result.gaps))
    for number, item in enumerate(missing_fields(result.gaps), 1):
        yield from _block(f"{number}. ", clean(missing_words(item)), cells)
        remedy = clean(remedy_words(item.field, item.source).in_language())
        yield from _block(f"   {say('reports.do')}", remedy, cells)


def _block(label: str, text: str, cells: int) -> Iterator[str]:
    """Yield `text` wrapped beside its label."""
    first, *rest = wrap(text, max(20, cells - width(label))) or [""]
    yield label + first
    yield from (" " * width(label) + line for line in rest)


def _data(result: RunResult) -> Iterator[str]:
    """Yield what is missing as JSON."""
    from policycore.reports.gaps import missing_fields, remedy_words

    missing = []
    for item in missing_fields(result.gaps):
        remedy = remedy_words(item.field, item.source)
        rules = [
            {"rule": rule.id, "name": rule.name, "severity": rule.severity.value, "count": rule.count}
            for rule in item.rules
        ]
        missing.append(
            {
                "field": item.field,
                "source": item.source,
                "settles": item.settles,
                "others": item.others,
                "rules": rules,
                "remedy": {"zh": remedy.zh, "en": remedy.en},
            }
        )
    data = {
        "policycore": 1,
        "ruleset": result.ruleset,
        "snapshot": result.snapshot,
        "as_of": result.as_of.isoformat(),
        "unknown": sum(gap.count for gap in result.gaps),
        "missing": missing,
    }
    yield json.dumps(data, ensure_ascii=False, indent=2)


def _of_rule(result: RunResult, name: str) -> list[Gap]:
    """Return the gaps of the rule called `name`, by id or name; UsageError where the run judged no such rule."""
    from policycore.text.suggest import suggestion

    known = {word: outcome.rule for outcome in result.outcomes for word in (outcome.rule, outcome.name)}
    if name not in known:
        raise UsageError(Problem.of("cli.gaps.rule", rule=clean(name, limit=80), known=suggestion(name, known)))
    return [gap for gap in result.gaps if gap.rule == known[name]]


def _subject_lines(gaps: list[Gap]) -> Iterator[str]:
    """Yield one line a subject: kind, id, what is missing and from which source, separated by tabs."""
    for gap in gaps:
        for subject in gap.subjects or ("estate",):
            cells = (gap.kind.value, clean(subject), " ".join(gap.fields), clean(gap.source or "-"))
            yield "\t".join(cells)


def _subjects_data(gaps: list[Gap]) -> str:
    """Return the gaps of one rule with their subjects as JSON."""
    from policycore.reports.json_report import gap_object

    return json.dumps([gap_object(gap, subjects=True) for gap in gaps], ensure_ascii=False, indent=2)
