"""Write the page of one run, and of what changed between two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from policycore.language import say
from policycore.model.result import Finding
from policycore.store.diff import Change, RunDiff
from policycore.store.kept.runs import CutShort, RunSummary
from policycore_tui.pages.lines import Line, blank, heading, labelled, one
from policycore_tui.pages.words import LOOK_OF, severity_word, time_word

__all__ = ["DiffTarget", "cut_words", "diff_lines", "run_lines"]

_MOST = 500
"""Findings listed under one heading; the heading says how many there are."""
_NUMBERS = ("passes", "errors", "warnings", "infos", "unknowns", "needs_attestation", "attested", "waived", "broken",
            "new", "reopened", "resolved", "lost")  # fmt: skip


@dataclass(frozen=True, slots=True)
class DiffTarget:
    """A line that leads to one finding."""

    fingerprint: str


def cut_words(item: CutShort) -> str:
    """Return whose state is shown where the newest run of a rule set was cut short, and how old it is."""
    values: dict[str, object] = {"ruleset": item.cut.ruleset, "cut": item.cut.id}
    if item.shown is not None:
        values |= {"run": item.shown.id, "days": item.days(datetime.now(UTC))}
    return say("tui.cut-short" if item.shown else "tui.cut-short.none", **values)


def run_lines(run: RunSummary, width: int, zone: ZoneInfo) -> list[Line]:
    """Return what one run was and came to."""
    word = say("tui.run.complete" if run.complete else "tui.run.cut" if run.cut else "tui.run.incomplete")
    return [
        heading(say("tui.run.title", id=run.id)),
        one((word, "good" if run.complete else "error")),
        *labelled(say("tui.column.as-of"), time_word(run.as_of, zone), width),
        *labelled(say("tui.run.recorded"), time_word(run.recorded_at, zone), width),
        *labelled(say("tui.column.ruleset"), f"{run.ruleset} {run.ruleset_hash[:12]}", width),
        *labelled(say("tui.run.snapshot"), run.snapshot, width),
        *labelled(say("tui.run.seconds"), f"{run.seconds:.1f}", width),
        blank(),
        *(line for name in _NUMBERS for line in labelled(say(f"tui.number.{name}"), str(getattr(run, name)), width)),
    ]


def diff_lines(before: RunSummary, after: RunSummary, diff: RunDiff, width: int, zone: ZoneInfo) -> list[Line]:
    """Return new, fixed, lost, changed, decided, undecided; what is still there only as a number."""
    first, second = sorted((before, after), key=lambda run: run.id)
    lines = [
        heading(say("tui.run.diff", before=first.id, after=second.id)),
        one((f"{time_word(first.as_of, zone)} - {time_word(second.as_of, zone)}", "muted")),
        blank(),
    ]
    if first.ruleset != second.ruleset:
        lines += labelled("!", say("store.diff.rulesets", before=first.ruleset, after=second.ruleset), width)
    for name in ("new", "fixed", "unknown", "changed", "decided", "undecided"):
        items: tuple[Finding | Change, ...] = getattr(diff, name)
        lines += _block(name, [item.after if isinstance(item, Change) else item for item in items], width)
    return [*lines, one((say("tui.run.still", count=len(diff.still)), "muted"))]


def _block(name: str, listed: Sequence[Finding], width: int) -> Iterator[Line]:
    """Yield one heading with its findings."""
    yield heading(f"{say(f'store.diff.{name}')}: {len(listed)}")
    for finding in listed[:_MOST]:
        severity = finding.severity.value
        subject = finding.subject
        place = subject.shown if subject.group in (None, subject.shown) else f"{subject.group} {subject.shown}"
        text = f"{finding.rule} {place}{say('tui.colon')}{finding.says}"
        first, *others = labelled(severity_word(severity), text, width, target=DiffTarget(finding.fingerprint))
        (label, _muted), *words = first.spans
        yield from (Line(((label, LOOK_OF[severity]), *words), first.target), *others)
    if len(listed) > _MOST:
        yield one((say("reports.more", count=len(listed) - _MOST), "muted"))
    yield blank()
