"""Write the page of one finding: what, where, since when, why, who, what to do, what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policycore.language import current_language, find_text, say
from policycore.model.moments import through
from policycore.model.sentences import word
from policycore.model.verdict import Subject, Verdict
from policycore.reports.words import facts_words, named
from policycore.rulesets.resolved import ResolvedRule
from policycore.store.lives.life_cycle import ACTIVE, State
from policycore_tui.pages.gaps import FieldTarget, gap_words
from policycore_tui.pages.lines import Line, blank, labelled, one, paragraph, titled
from policycore_tui.pages.words import (
    LOOK_OF,
    date_word,
    platform_word,
    severity_word,
    state_word,
    time_word,
    verdict_word,
)
from policycore_tui.state.findings import FindingDetail

__all__ = ["SiblingTarget", "StepTarget", "detail_lines"]


_QUOTED = 200
"""Characters of one message that are shown beside others."""


@dataclass(frozen=True, slots=True)
class StepTarget:
    """A line that leads to ticking a step."""

    position: int


@dataclass(frozen=True, slots=True)
class SiblingTarget:
    """A line that leads to another finding."""

    number: int


def detail_lines(detail: FindingDetail, width: int, rule: ResolvedRule | None = None, no_rule: str = "") -> list[Line]:
    """Return everything about one finding as lines of `width` cells."""
    lines = [*_what(detail, width), blank(), *_where(detail, width)]
    for key, part in (
        ("steps", _steps(detail, width)),
        ("around", _around(detail, width)),
        ("clauses", _clauses(detail, width)),
        ("facts", _facts(detail, width)),
        ("notes", _notes(detail, width)),
        ("history", _history(detail, width)),
        ("siblings", _siblings(detail, width)),
        ("explanation", _rule(rule, no_rule, width)),
    ):
        if {"notes": detail.life.notes, "around": detail.around}.get(key, True):
            lines += [blank(), *titled(say(f"tui.detail.{key}"), part)]
    return lines


def _what(detail: FindingDetail, width: int) -> Iterator[Line]:
    """Yield severity, verdict, message and what settled it."""
    finding, row = detail.finding, detail.row
    yield from paragraph(str(finding.title), width, "title")
    if row.alike > 1:
        yield from paragraph(say("tui.fold.first", count=row.alike), width, "info")
    yield one(
        (severity_word(finding.severity.value), LOOK_OF[finding.severity.value]),
        f"  {verdict_word(finding.verdict.value)}  {state_word(row.state.value)}",
        (f"  {row.label}", "muted"),
    )
    yield blank()
    yield from paragraph(str(finding.says), width)
    if finding.verdict is Verdict.SUSPECT:
        # Whoever is to judge it sees first what was written.
        yield from _messages(detail, width, own=True)
    if row.state is State.UNKNOWN:
        yield from _not_judgeable(detail, width)
    decision = finding.decision
    if decision is not None and decision.verdict is None:
        # Why is said before the message.
        words = say("tui.detail.disputed", id=decision.id, by=decision.decided_by, evidence=decision.reason)
        yield from labelled(say("tui.detail.dispute"), words, width, "warning")
    elif decision is not None:
        by, reason = decision.decided_by, find_text(f"store.reason.{decision.reason}") or decision.reason
        if decision.until is not None:
            by = say("tui.detail.decided.until", by=by, until=through(decision.until.astimezone(detail.zone)))
        words = say("tui.detail.decided", id=decision.id, by=by, reason=reason)
        if decision.text:
            words = say("tui.detail.decided.why", words=words, text=decision.text)
        yield from labelled(say("tui.detail.decision"), words, width, "good")
    if row.acts.filed:
        words = say("tui.detail.filed", id=row.acts.filed_as)
        yield from labelled(say(f"tui.filed.{row.acts.filed}"), words, width, "good")


def _not_judgeable(detail: FindingDetail, width: int) -> Iterator[Line]:
    """Yield why a finding can't be judged now: the fields that are missing, which Enter leads to, else the reason."""
    label = say("tui.detail.hidden")
    for gap in detail.hidden_by:
        target = FieldTarget(gap.fields[0], gap.source)
        yield from labelled(label, say("tui.detail.lacking", fields=gap_words(gap)), width, "warning", target=target)
    if not detail.hidden_by and detail.life.happenings:
        reason = detail.life.happenings[-1].reason.value
        yield from labelled(label, say(f"store.reason.{reason}"), width, "warning")


def _where(detail: FindingDetail, width: int) -> Iterator[Line]:
    """Yield the place, the time and the people."""
    subject, row, zone = detail.finding.subject, detail.row, detail.zone
    kind = say(f"reports.subject.{subject.kind.value}")
    for key, value in (
        ("subject", subject.shown if subject.kind is Subject.ESTATE else f"{subject.shown} ({kind} {subject.id})"),
        ("group", subject.group if subject.group != subject.name else None),
        ("department", subject.department),
        ("platform", subject.platform and platform_word(subject.platform)),
        ("since", date_word(row.first_seen, zone)),
        ("responsible", named(subject.responsible) if subject.responsible else say("tui.detail.nobody")),
        ("assigned", row.assigned_to),
        ("due", date_word(row.due, zone) if row.due and row.state in ACTIVE else None),
    ):
        if value:
            yield from labelled(say(f"tui.detail.{key}"), value, width)


def _around(detail: FindingDetail, width: int) -> Iterator[Line]:
    """Yield the message and those before and after it, by which it is found in the chat program."""
    yield from _messages(detail, width)


def _messages(detail: FindingDetail, width: int, *, own: bool = False) -> Iterator[Line]:
    """Yield messages with time and sender, all that were read or only the finding's own."""
    for line in detail.around:
        is_own = line.id == detail.finding.subject.id
        if own and not is_own:
            continue
        kind = "" if line.type in ("", "text") else f"[{word(line.type, current_language())}] "
        text = " ".join(line.text.split())[:_QUOTED] or ("" if kind else say("tui.detail.kept"))
        label = f"{'>' if is_own else ' '} {time_word(line.at, detail.zone)} {line.sender}"
        yield from labelled(label, kind + text, width, "" if is_own else "muted")


def _steps(detail: FindingDetail, width: int) -> Iterator[Line]:
    """Yield the checklist, each step with its box, who, what, by when while it is open, and who ticked it."""
    for position, step in enumerate(detail.finding.remediation):
        done, target = detail.ticks.get(position), StepTarget(position)
        who = say(f"engine.who.{step.who}") + (f" {named(step.person)}" if step.person else "")
        text = say("reports.step", who=who, what=str(step.what))
        if step.due is not None and detail.row.state in ACTIVE:
            text += say("tui.detail.by", date=date_word(step.due, detail.zone))
        yield from labelled("[x]" if done else "[ ]", text, width, "muted" if done else "", target=target)
        if done:
            ticked = say("tui.detail.ticked", who=done[1], at=time_word(done[0], detail.zone))
            yield from paragraph(ticked, width, "good", indent=4, target=target)


def _clauses(detail: FindingDetail, width: int) -> Iterator[Line]:
    """Yield the clauses' own words, then the numbers of those that the ledger does not hold."""
    for clause in detail.clauses:
        yield from labelled(clause.id, clause.text, width)
    known = {clause.id for clause in detail.clauses}
    yield from (one(name) for name in detail.finding.clauses if name not in known)


def _facts(detail: FindingDetail, width: int) -> Iterator[Line]:
    """Yield why: the facts, and the row of the file they came from."""
    finding = detail.finding
    for label, words in facts_words(finding.facts, finding.labels):
        yield from labelled(label, words, width)
    if finding.source is not None:
        yield from labelled(say("tui.detail.source"), str(finding.source), width)
    yield from labelled(say("tui.detail.rule"), f"{finding.rule} {finding.name}", width)


def _notes(detail: FindingDetail, width: int) -> Iterator[Line]:
    for at, author, text in detail.life.notes:
        yield from labelled(f"{time_word(at, detail.zone)} {author}", text, width)


def _history(detail: FindingDetail, width: int) -> Iterator[Line]:
    for item in detail.life.happenings[-20:]:
        text = say(
            "store.history.state",
            run=item.run,
            at=time_word(item.at, detail.zone),
            state=state_word(item.state.value),
            reason=say(f"store.reason.{item.reason.value}"),
        )
        yield from paragraph(text, width)


def _siblings(detail: FindingDetail, width: int) -> Iterator[Line]:
    for row in detail.siblings:
        text = f"{row.rule} {state_word(row.state.value)} {row.rule_name}"
        yield from labelled(severity_word(row.severity), text, width, target=SiblingTarget(row.id))


def _rule(resolved: ResolvedRule | None, no_rule: str, width: int) -> Iterator[Line]:
    """Yield the rule's explanation and cases, or why they are not at hand."""
    if resolved is None:
        yield from paragraph(no_rule, width, "muted")
        return
    yield from paragraph(resolved.rule.explanation.in_language(), width)
    if resolved.rule.cases:
        yield one((say("tui.detail.cases"), "muted"))
    for case in resolved.rule.cases:
        yield from labelled("-", case.title.in_language(), width)
