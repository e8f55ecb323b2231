"""Write what is missing: the lines that other pages show of it, and the page of one missing field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policycore.language import say
from policycore.model.gap import Gap
from policycore.reports.gaps import MissingField, field_words, named, remedy_words, source_words
from policycore_tui.pages.lines import Line, blank, labelled, one, paragraph
from policycore_tui.pages.words import LOOK_OF, severity_word
from policycore_tui.state.cells import fit

__all__ = ["SHOWN_SUBJECTS", "FieldTarget", "SubjectsTarget", "gap_lines", "gap_words", "missing_line"]

SHOWN_SUBJECTS = 200
"""Subjects of one gap that a page lists; the command ``policycore gaps --subjects`` lists all of them."""


@dataclass(frozen=True, slots=True)
class FieldTarget:
    """A line that leads to a missing field among the gaps; to the whole list where none is named."""

    field: str = ""
    source: str | None = None


@dataclass(frozen=True, slots=True)
class SubjectsTarget:
    """A line that leads to the subjects of a gap, or puts them away again."""

    key: tuple[str, str, tuple[str, ...], str]


def gap_words(gap: Gap) -> str:
    """Return what a gap lacks, and which source lacks it."""
    fields = say("tui.comma").join(field_words(field).in_language() for field in gap.fields)
    return (
        fields
        if gap.source is None
        else say("tui.gap.of-source", fields=fields, source=source_words(gap.source).in_language())
    )


def missing_line(item: MissingField, width: int) -> Line:
    """Return one missing field with how many verdicts it would settle; Enter leads to it."""
    severity = item.severity.value
    return one(
        (f"{item.settles:>7} ", LOOK_OF[severity] if item.settles else "muted"),
        fit(named(item), max(8, width - 8)),
        target=FieldTarget(item.field, item.source),
    )


def gap_lines(
    item: MissingField, gaps: Iterable[Gap], listed: Mapping[SubjectsTarget, Sequence[str]], width: int
) -> list[Line]:
    """Return the page of a missing field with the `gaps` that wait for it and the subjects that are `listed`."""
    worth = [say("tui.gap.settles", count=item.settles)]
    worth += [say("tui.gap.others", count=item.others)] if item.others else []
    lines = [
        *paragraph(named(item), width, "title"),
        *labelled(say("tui.gap.worth"), say("tui.comma").join(worth), width),
        *labelled(say("tui.gap.remedy"), remedy_words(item.field, item.source).in_language(), width),
        *labelled(say("tui.column.clauses"), say("tui.comma").join(item.clauses), width),
        blank(),
        *paragraph(say("tui.gap.rules"), width, "title"),
    ]
    for gap in gaps:
        lines += _waiting(item, gap, listed.get(SubjectsTarget(gap.key)), width)
    return lines


def _waiting(item: MissingField, gap: Gap, listed: Sequence[str] | None, width: int) -> Iterator[Line]:
    """Yield one rule with its count, what else it lacks, and its subjects where somebody asked for them."""
    target = SubjectsTarget(gap.key)
    label = f"{severity_word(gap.severity.value)} {gap.count:>5}"
    first, *rest = labelled(label, f"{gap.rule} {gap.title.in_language()}", width, target=target)
    yield Line(((first.spans[0][0], LOOK_OF[gap.severity.value]), *first.spans[1:]), target)
    yield from rest
    others = [field_words(field).in_language() for field in gap.fields if field != item.field]
    if others:
        yield from paragraph(
            say("tui.gap.also", fields=say("tui.comma").join(others)), width, "muted", indent=2, target=target
        )
    if listed is None:
        return
    for subject in listed or [say("reports.subject.estate")]:
        yield from labelled(f"  {say(f'reports.subject.{gap.kind.value}')}", subject, width, target=target)
    if gap.count > len(listed) > 0:
        more = say("tui.gap.more", count=gap.count - len(listed), rule=gap.rule)
        yield from paragraph(more, width, "muted", indent=2)
