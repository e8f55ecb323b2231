"""Write the page of one finding: what, where, since when, why, who, what to do, what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policycore.language import say
from policycore.model.result import RemediationStep
from policycore.rulesets.resolved import ResolvedRule
from policycore_tui.office.reading import Picture
from policycore_tui.pages.words import (
    LOOK_OF,
    date_word,
    fact_word,
    severity_word,
    state_word,
    time_word,
    value_word,
    verdict_word,
)
from policycore_tui.state.lines import Line, blank, heading, labelled, one, paragraph

__all__ = ["SiblingTarget", "StepTarget", "detail_lines"]


@dataclass(frozen=True, slots=True)
class StepTarget:
    """Lead to ticking a step."""

    position: int


@dataclass(frozen=True, slots=True)
class SiblingTarget:
    """Lead to another finding."""

    number: int


def detail_lines(picture: Picture, width: int, rule: ResolvedRule | None = None, no_rule: str = "") -> list[Line]:
    """Return everything about one finding as lines of `width` cells."""
    return [
        *_what(picture, width),
        *_where(picture, width),
        *_steps(picture, width),
        *_clauses(picture, width),
        *_facts(picture, width),
        *_notes(picture, width),
        *_history(picture, width),
        *_siblings(picture, width),
        *_rule(rule, no_rule, width),
    ]


def _what(picture: Picture, width: int) -> Iterator[Line]:
    """Yield severity, verdict, message and what settled it."""
    finding, row = picture.finding, picture.row
    yield from paragraph(str(finding.title), width, "title")
    yield one(
        (severity_word(finding.severity.value), LOOK_OF[finding.severity.value]),
        f"  {verdict_word(finding.verdict.value)}  {state_word(row.state.value)}",
        (f"  {row.label}", "muted"),
    )
    yield blank()
    yield from paragraph(str(finding.message), width)
    if finding.decision is not None:
        decision = finding.decision
        yield from labelled(
            say("tui.detail.decision"),
            say(
                "tui.detail.decided",
                id=decision.id,
                by=decision.decided_by,
                until=date_word(decision.until, picture.zone),
                reason=decision.reason,
                text=decision.text,
            ),
            width,
            "good",
        )


def _where(picture: Picture, width: int) -> Iterator[Line]:
    """Yield the place, the time and the people."""
    subject, row, zone = picture.finding.subject, picture.row, picture.zone
    yield blank()
    kind = say(f"reports.subject.{subject.kind.value}")
    parts = [
        ("tui.detail.subject", f"{subject.name} ({kind} {subject.id})"),
        ("tui.detail.group", subject.group if subject.group != subject.name else None),
        ("tui.detail.department", subject.department),
        ("tui.detail.platform", subject.platform),
        ("tui.detail.since", date_word(row.first_seen, zone)),
        ("tui.detail.responsible", subject.responsible or say("tui.detail.nobody")),
        ("tui.detail.assigned", row.assigned_to),
        ("tui.detail.due", date_word(row.due, zone) if row.due else None),
    ]
    for key, value in parts:
        if value:
            yield from labelled(say(key), value, width)


def _steps(picture: Picture, width: int) -> Iterator[Line]:
    """Yield the checklist; Enter ticks a step."""
    yield blank()
    yield heading(say("tui.detail.steps"))
    for position, step in enumerate(picture.finding.remediation):
        yield from step_lines(position, step, picture, width)
    if not picture.finding.remediation:
        yield one((say("tui.none"), "muted"))


def step_lines(position: int, step: RemediationStep, picture: Picture, width: int) -> Iterator[Line]:
    """Yield one step with its box, who, what, by when and who ticked it."""
    done = picture.ticks.get(position)
    target = StepTarget(position)
    who = say(f"engine.who.{step.who}") + (f" {step.person}" if step.person else "")
    text = say("reports.step", who=who, what=str(step.what))
    if step.due is not None:
        text += say("tui.detail.by", date=date_word(step.due, picture.zone))
    yield from labelled("[x]" if done else "[ ]", text, width, "muted" if done else "", target=target)
    if done:
        ticked = say("tui.detail.ticked", who=done[1], at=time_word(done[0], picture.zone))
        yield from paragraph(ticked, width, "good", indent=4, target=target)


def _clauses(picture: Picture, width: int) -> Iterator[Line]:
    """Yield the clause's own words."""
    yield blank()
    yield heading(say("tui.detail.clauses"))
    for clause in picture.clauses:
        yield from labelled(clause.id, clause.text, width)
    missing = [one_id for one_id in picture.finding.clauses if one_id not in {item.id for item in picture.clauses}]
    for clause_id in missing:
        yield one(clause_id)
    if not picture.finding.clauses:
        yield one((say("tui.none"), "muted"))


def _facts(picture: Picture, width: int) -> Iterator[Line]:
    """Yield why: the facts and the row of the file they came from."""
    finding = picture.finding
    yield blank()
    yield heading(say("tui.detail.facts"))
    for name, value in finding.facts.items():
        yield from labelled(fact_word(name), value_word(value, picture.zone), width)
    if finding.source is not None:
        yield from labelled(
            say("tui.detail.source"), say("tui.detail.row", file=finding.source.file, row=finding.source.row), width
        )
    yield from labelled(say("tui.detail.rule"), f"{finding.rule} {finding.name}", width)


def _notes(picture: Picture, width: int) -> Iterator[Line]:
    """Yield what people noted."""
    if not picture.life.notes:
        return
    yield blank()
    yield heading(say("tui.detail.notes"))
    for at, author, text in picture.life.notes:
        yield from labelled(f"{time_word(at, picture.zone)} {author}", text, width)


def _history(picture: Picture, width: int) -> Iterator[Line]:
    """Yield every change of state."""
    yield blank()
    yield heading(say("tui.detail.history"))
    for item in picture.life.happenings[-20:]:
        text = say(
            "store.history.state",
            run=item.run,
            at=time_word(item.at, picture.zone),
            state=state_word(item.state.value),
            reason=say(f"store.reason.{item.reason.value}"),
        )
        yield from paragraph(text, width)


def _siblings(picture: Picture, width: int) -> Iterator[Line]:
    """Yield the other findings about the same subject."""
    yield blank()
    yield heading(say("tui.detail.siblings"))
    for row in picture.siblings:
        text = f"{row.rule} {state_word(row.state.value)} {row.rule_name}"
        yield from labelled(severity_word(row.severity), text, width, target=SiblingTarget(row.id))
    if not picture.siblings:
        yield one((say("tui.none"), "muted"))


def _rule(resolved: ResolvedRule | None, no_rule: str, width: int) -> Sequence[Line]:
    """Return the rule's explanation and cases, or why they are not at hand."""
    lines = [blank(), heading(say("tui.detail.explanation"))]
    if resolved is None:
        return [*lines, *paragraph(no_rule, width, "muted")]
    lines += paragraph(resolved.rule.explanation.in_language(), width)
    if resolved.rule.cases:
        lines.append(one((say("tui.detail.cases"), "muted")))
    for case in resolved.rule.cases:
        lines += labelled("-", case.name, width)
    return lines
