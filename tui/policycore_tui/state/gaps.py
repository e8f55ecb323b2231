"""Ask what a run could not judge: of one missing field, of one finding, of every group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from policycore.model.gap import Gap, GapIndex
from policycore.model.result import SubjectRef
from policycore.model.verdict import Subject
from policycore.reports.gaps import MissingField

__all__ = ["GapsOfGroups", "GroupGap", "gaps_hiding", "gaps_of_field"]


@dataclass(frozen=True, slots=True)
class GroupGap:
    """A gap, and how many of its subjects belong to one group."""

    gap: Gap
    count: int


def gaps_of_field(gaps: Iterable[Gap], item: MissingField) -> tuple[Gap, ...]:
    """Return the gaps that wait for a field of a source, the strictest and largest first."""
    waiting = [gap for gap in gaps if item.field in gap.fields and gap.source == item.source]
    return tuple(sorted(waiting, key=lambda gap: (-gap.severity.weight, -gap.count, gap.name, gap.fields)))


def gaps_hiding(gaps: Iterable[Gap], rule: str, subject: SubjectRef) -> tuple[Gap, ...]:
    """Return the gaps for which `rule` could not judge a subject."""
    asked = rule, subject.kind.value, subject.id, subject.group_id
    return tuple(gap for gap in gaps if gap.rule == rule and GapIndex((gap,)).holds(*asked))


class GapsOfGroups:
    """The gaps of a run by the groups that they are about; made once, for a gap may hold millions of subjects."""

    def __init__(self, gaps: Iterable[Gap], groups_of_messages: Callable[[Sequence[str]], Iterable[str]]) -> None:
        """Count the subjects of every group; `groups_of_messages` gives the group of each message."""
        self._gaps = tuple(gaps)
        self._counts = [self._counted(gap, groups_of_messages) for gap in self._gaps]

    @staticmethod
    def _counted(gap: Gap, groups_of_messages: Callable[[Sequence[str]], Iterable[str]]) -> Mapping[str, int]:
        """Return how many subjects each group has; kinds that belong to no one group have none."""
        if gap.kind is Subject.GROUP:
            return Counter(gap.subjects)
        if gap.kind is Subject.MEMBERSHIP:
            return Counter(subject.partition("/")[0] for subject in gap.subjects)
        return Counter(groups_of_messages(gap.subjects)) if gap.kind is Subject.MESSAGE else {}

    def of(self, group: str) -> tuple[GroupGap, ...]:
        """Return the gaps about one group, and those about the whole estate, the strictest first."""
        found = [
            GroupGap(gap, counts.get(group) or gap.count)
            for gap, counts in zip(self._gaps, self._counts, strict=True)
            if counts.get(group) or gap.kind is Subject.ESTATE
        ]
        return tuple(sorted(found, key=lambda item: (-item.gap.severity.weight, -item.count, item.gap.name)))
