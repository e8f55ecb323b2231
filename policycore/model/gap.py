"""Gaps: subjects that a rule could not judge, and the fields that are missing for it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from policycore.language import Text
from policycore.model.verdict import Enforcement, Severity, Subject

__all__ = ["UNNAMED_SOURCE", "Gap", "GapIndex", "compressed"]

UNNAMED_SOURCE = "import"
"""How the source of an import is called that gives it no name."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Subjects of one kind that one rule could not judge because the same fields are missing from the same source."""

    rule: str
    name: str
    title: Text
    clauses: tuple[str, ...]
    severity: Severity
    enforcement: Enforcement
    kind: Subject
    fields: tuple[str, ...]
    """``table.column``, sorted."""
    source: str | None
    """The source that lacks them; None where nobody has them, or single cells are unknown."""
    count: int
    packed: bytes
    """The ids of the subjects, sorted and compressed; see `subjects`. A hundred thousand take some kilobytes."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """Return the ids of the subjects, memberships as ``group/account``; none for the estate as a whole."""
        return tuple(json.loads(zlib.decompress(self.packed)))

    @property
    def key(self) -> tuple[str, str, tuple[str, ...], str]:
        """Return what tells this gap from all others of a run."""
        return self.rule, self.source or "", self.fields, self.kind.value


def compressed(subjects: Iterable[str]) -> bytes:
    """Return ids as `Gap.packed` holds them: the same ids give the same bytes."""
    return zlib.compress(json.dumps(sorted(subjects), ensure_ascii=False).encode(), 6)


class GapIndex:
    """The gaps of a run, asked whether one of them holds a subject; only those of the asked rules are unpacked."""

    def __init__(self, gaps: Iterable[Gap]) -> None:
        self._gaps: dict[str, list[Gap]] = {}
        for gap in gaps:
            self._gaps.setdefault(gap.rule, []).append(gap)
        self._held: dict[str, frozenset[tuple[str, str]]] = {}

    def holds(self, rule: str, kind: str, subject: str, group: str | None) -> bool:
        """Return whether `rule` could not judge this subject, its group or anything at all.

        Who is in no group may be found for any: where the rule could not tell whether it means a group, it could not
        tell of them.
        """
        if rule not in self._gaps:
            return False
        if rule not in self._held:
            self._held[rule] = frozenset(
                (gap.kind.value, one) for gap in self._gaps[rule] for one in gap.subjects or ("",)
            )
        held = self._held[rule]
        asked = ((kind, subject), (Subject.GROUP.value, group or ""), (Subject.ESTATE.value, ""))
        anywhere = group is None and any(gap.kind is Subject.GROUP for gap in self._gaps[rule])
        return anywhere or any(one in held for one in asked)
