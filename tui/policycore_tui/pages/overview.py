"""Write the first screen: last run, what is due, severities, the ledger by clause, departments, trend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from policycore.language import say
from policycore.model.result import ClauseResult
from policycore.model.verdict import VIOLATIONS
from policycore.operations.review import said_precise
from policycore.store.kept.runs import RunSummary
from policycore.system.duration import spelled
from policycore.text.width import width as width_of
from policycore_tui.pages.gaps import FieldTarget, missing_line
from policycore_tui.pages.lines import Line, blank, heading, one, paragraph
from policycore_tui.pages.words import (
    LOOK_OF,
    date_word,
    due_word,
    place_word,
    problem_word,
    severity_word,
    state_word,
    time_word,
    verdict_parts,
    verdict_word,
)
from policycore_tui.state.cells import fit
from policycore_tui.state.overview import Overview

__all__ = ["FilterTarget", "FindingTarget", "overview_lines"]

_NAMES_FROM = 72
"""Cells from which on there is room for names."""
_GAPS = 3
"""Missing fields that the first screen names; a line below leads to all of them."""


@dataclass(frozen=True, slots=True)
class FilterTarget:
    """A line that leads to the list of violations, filtered."""

    typed: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FindingTarget:
    """A line that leads to one finding."""

    number: int


def overview_lines(seen: Overview, width: int, now: datetime, seal: str | None = None) -> list[Line]:
    """Return the first screen as lines of `width` cells; Enter on a line leads to its findings.

    `seal` is what is wrong with the store's seal, '' where it holds, None as long as that is being looked at.
    """
    if all(run.replay for run in seen.runs):
        return [one((say("tui.overview.no-run"), "muted"))]
    lines: list[Line] = []
    for key, part in (
        ("last-run", (*_last_run(seen, now, width), *_store(seen, width, seal))),
        ("due", _due(seen, width)),
        ("gaps", _gaps(seen, width)),
        *((("reviews", _reviews(seen, width)),) if seen.precise else ()),
        ("severity", _severities(seen, width)),
        ("state", _states(seen)),
        ("trend", _trend(seen, width)),
        ("departments", _departments(seen, width)),
        ("ledger", _ledger(seen, width)),
    ):
        lines += [heading(say(f"tui.overview.{key}")), *part, blank()]
    return lines[:-1]


def _reviews(seen: Overview, width: int) -> Iterator[Line]:
    """Yield how often each rule was right, as people found who reviewed; one that was so too seldom stands out."""
    for one_rule in seen.precise:
        target = FilterTarget(typed=f"rule:{one_rule.rule}")
        low = one_rule.rule in seen.imprecise
        words = f"{one_rule.rule}  {said_precise(one_rule)}" + (f"  {say('tui.overview.imprecise')}" if low else "")
        yield from paragraph(words, width, "warning" if low else "", target=target)


def _last_run(seen: Overview, now: datetime, width: int) -> Iterator[Line]:
    """Yield the state of the newest run and how old its data are; a replay of an earlier one is none."""
    run = _newest(seen)
    complete = say("tui.run.complete" if run.complete else "tui.run.incomplete")
    said = say("tui.overview.run", id=run.id, as_of=time_word(run.as_of, seen.zone), ruleset=run.ruleset)
    yield from paragraph(f"{said}  {complete}", width, "" if run.complete else "error")
    recorded = say("tui.overview.recorded", at=time_word(run.recorded_at, seen.zone), seconds=f"{run.seconds:.1f}")
    yield from paragraph(recorded, width, "muted")
    days = (now - run.as_of).days
    if days > seen.age_limit:
        yield from paragraph(say("tui.overview.too-old", days=days, limit=seen.age_limit), width, "warning")
    else:
        yield from paragraph(say("tui.overview.age", days=days), width, "muted")


def _store(seen: Overview, width: int, seal: str | None) -> Iterator[Line]:
    """Yield when a scheduled run succeeded last, and whether the store is as it was sealed."""
    when = seen.punctual
    words = [say("tui.overview.no-schedule")]
    if when is not None:
        last, every = time_word(when.last, seen.zone), spelled(when.every)
        words = [say("tui.overview.scheduled", last=last, every=every)]
    if not seal:
        words.insert(0, say("tui.overview.sealing" if seal is None else "tui.overview.sealed"))
    yield from paragraph("  ".join(words), width, "muted")
    if when is not None and when.missed:
        yield one((say("tui.overview.missed", count=when.missed), "error"))
    if seal:
        yield from paragraph(say("tui.overview.altered", what=seal), width, "error")


def _due(seen: Overview, width: int) -> Iterator[Line]:
    """Yield what is overdue or due in the week after the as-of time: by when, who, where, what; then how many."""
    run = _newest(seen)
    who = 10 if width >= _NAMES_FROM else 0
    place = min(30, width // 4)
    for row in seen.due:
        day, look = due_word(row.due, run.as_of, seen.zone)
        name = row.assigned_to or row.responsible or say("tui.none")
        problem = fit(problem_word(row), max(8, width - place - who - 9))
        yield one(
            (fit(day, 7), look),
            *([fit(name, who) + " "] if who else []),
            fit(place_word(row), place) + " ",
            problem,
            target=FindingTarget(row.id),
        )
    today, week = date_word(run.as_of, seen.zone), date_word(seen.week_ends, seen.zone)
    look = "error" if seen.overdue else "muted"
    yield one((say("tui.overview.overdue", count=seen.overdue), look), target=FilterTarget(f"due:{today}"))
    yield one(say("tui.overview.this-week", count=seen.due_this_week, date=week), target=FilterTarget(f"due:{week}"))


def _severities(seen: Overview, width: int) -> Iterator[Line]:
    """Yield violations by severity with their verdicts, what else is open, what is missing, and all by state."""
    for severity in ("error", "warning", "info"):
        verdicts = seen.by_severity.get(severity, {})
        told = say("tui.comma").join(f"{verdict_word(verdict)} {count}" for verdict, count in verdicts.items())
        yield one(
            (fit(severity_word(severity), 14), LOOK_OF[severity]),
            f"{sum(verdicts.values()):>7}  ",
            (fit(told, max(0, width - 23)), "muted"),
            target=FilterTarget(facets={"severity": (severity,), "verdict": VIOLATIONS}),
        )
    for verdict, count in seen.others.items():
        yield one(
            fit(verdict_parts(verdict, "")[1], 14), f"{count:>7}", target=FilterTarget(facets={"verdict": (verdict,)})
        )
    missing = _newest(seen).unknowns
    yield one((fit(say("reports.gaps"), 14), "warning" if missing else "muted"), f"{missing:>7}", target=FieldTarget())


def _states(seen: Overview) -> Iterator[Line]:
    """Yield how many findings are in each state."""
    for state, count in seen.by_state.items():
        yield one((fit(state_word(state), 14), "muted"), f"{count:>7}", target=FilterTarget(facets={"state": (state,)}))


def _gaps(seen: Overview, width: int) -> Iterator[Line]:
    """Yield the missing fields that would settle most, and a line that leads to all where there are more."""
    if not seen.missing:
        yield one((say("reports.gaps.none"), "muted"))
    yield from (missing_line(item, width) for item in seen.missing[:_GAPS])
    if len(seen.missing) > _GAPS:
        words = say("tui.overview.more-gaps", count=len(seen.missing))
        yield one((f"{'':8}{words}", "muted"), target=FieldTarget())


def _covered(clause: ClauseResult) -> tuple[str, str]:
    """Return how a clause is enforced: word and look."""
    if clause.rules:
        return say("tui.clause.both" if clause.attestations else "tui.clause.checked"), ""
    return (say("tui.clause.attested"), "info") if clause.attestations else (say("tui.clause.uncovered"), "warning")


def _ledger(seen: Overview, width: int) -> Iterator[Line]:
    """Yield every clause: how it is enforced, what is open, its words."""
    # A heading is covered by what stands below it.
    headings = {clause.parent for clause in seen.clauses}
    titles = (("facet.clause", 13), ("overview.how", 14))
    named = "".join(fit(say(f"tui.{key}"), room) for key, room in titles)
    yield one((f"{named}{fit(say('tui.column.open'), 6, right=True)} {say('tui.overview.words')}", "muted"))
    for clause in seen.clauses:
        word, look = ("", "") if clause.id in headings and not clause.covered else _covered(clause)
        count = seen.open_by_clause.get(clause.id, 0)
        yield one(
            fit(clause.id, 12) + " ",
            (fit(word, 14), look),
            (f"{count:>6} " if count or clause.covered else " " * 7, "error" if count else "muted"),
            fit(clause.text, max(8, width - 35)),
            target=FilterTarget(facets={"clause": (clause.id,)}) if clause.covered else None,
        )


def _departments(seen: Overview, width: int) -> Iterator[Line]:
    """Yield departments by name: a list to work with, no ranking."""
    keys = {severity: f"model.severity.{severity}" for severity in LOOK_OF}
    keys |= {"needs-attestation": "tui.verdict.needs-attestation", "overdue": "tui.overview.late"}
    titles = {key: f"  {say(text)}" for key, text in keys.items()}
    room = max(8, min(40, width - width_of("".join(titles.values()))))
    yield one((" " * room + "".join(titles.values()), "muted"))
    for department, counts in sorted(seen.by_department.items(), key=lambda one: (not one[0], one[0])):
        numbers = "".join(f"{counts.get(key) or '-':>{width_of(title)}}" for key, title in titles.items())
        name = department or say("tui.split.none.department")
        yield one(fit(name, room), numbers, target=FilterTarget(facets={"department": (department,)}))


def _trend(seen: Overview, width: int) -> Iterator[Line]:
    """Yield the newest runs, the latest last, each with a bar of its errors, warnings and infos."""
    runs = [run for run in seen.runs if not run.replay][::-1]
    most = max((_open(run) for run in runs), default=0) or 1
    room = max(4, width - 52)
    for run in runs:
        bar = tuple(
            (sign * round(room * count / most), look)
            for sign, count, look in (
                ("#", run.errors, "error"),
                ("=", run.warnings, "warning"),
                ("-", run.infos, "info"),
            )
        )
        numbers = say("tui.overview.numbers", errors=run.errors, warnings=run.warnings, infos=run.infos)
        yield one(f"{date_word(run.as_of, seen.zone)}  ", fit(numbers, 37) + " ", *bar)


def _newest(seen: Overview) -> RunSummary:
    """Return the newest run that is no replay."""
    return next(run for run in seen.runs if not run.replay)


def _open(run: RunSummary) -> int:
    """Return how many findings of a run were open."""
    return run.errors + run.warnings + run.infos
