"""Turn the subjects that a rule could not judge into gaps."""

from __future__ import annotations

from collections.abc import Sequence

from policycore.engine.judging.judge import OpenSubjects
from policycore.model.gap import Gap, compressed
from policycore.model.verdict import Subject
from policycore.rulesets.resolved import ResolvedRule

__all__ = ["gaps_of"]


def gaps_of(resolved: ResolvedRule, found: Sequence[OpenSubjects]) -> list[Gap]:
    """Return the gaps of one rule, one for each source, fields and kind of subject, in one order."""
    together: dict[tuple[Subject, tuple[str, ...], str | None], set[str]] = {}
    for item in found:
        together.setdefault((item.kind, item.fields, item.source), set()).update(_ids(item))
    gaps = [
        Gap(
            rule=resolved.id,
            name=resolved.name,
            title=resolved.rule.title,
            clauses=resolved.clauses,
            severity=resolved.severity,
            enforcement=resolved.enforcement,
            kind=kind,
            fields=fields,
            source=source,
            count=len(ids) or 1,
            packed=compressed(ids),
        )
        for (kind, fields, source), ids in together.items()
    ]
    return sorted(gaps, key=lambda gap: gap.key)


def _ids(item: OpenSubjects) -> list[str]:
    """Return the ids by which findings name these subjects."""
    if item.kind is Subject.ESTATE:
        return []
    if item.kind is Subject.MESSAGE:
        return [str(one) for one in item.keys.column("message_id").to_pylist()]
    columns = [item.keys.column(key).to_pylist() for key in item.kind.keys]
    return ["/".join(map(str, row)) for row in zip(*columns, strict=True)]
