"""Turn the subjects that a rule could not judge into gaps."""

from __future__ import annotations

from collections.abc import Sequence

from policycore.engine.found.facts import shown_ids
from policycore.engine.judging.judgement import OpenSubjects
from policycore.model.gap import Gap, compressed
from policycore.model.verdict import Subject
from policycore.rulesets.resolved import ResolvedRule
from policycore.text.shown import shown

__all__ = ["gaps_of"]


def gaps_of(resolved: ResolvedRule, found: Sequence[OpenSubjects], key: bytes | None = None) -> list[Gap]:
    """Return the gaps of one rule, one for each source, fields and kind of subject, in one order."""
    together: dict[tuple[Subject, tuple[str, ...], str | None], set[str]] = {}
    for item in found:
        together.setdefault((item.kind, item.fields, item.source), set()).update(_ids(item, key))
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
            source=source and shown(source, key),
            count=len(ids) or 1,
            packed=compressed(ids),
        )
        for (kind, fields, source), ids in together.items()
    ]
    return sorted(gaps, key=lambda gap: gap.key)


def _ids(item: OpenSubjects, key: bytes | None) -> list[str]:
    """Return the ids by which findings name these subjects."""
    if item.kind is Subject.ESTATE:
        return []
    if item.kind is Subject.MESSAGE:
        return list(map(str, shown_ids(item.keys.column("message_id"), key).to_pylist()))
    columns = [shown_ids(item.keys.column(name), key).to_pylist() for name in item.kind.keys]
    return ["/".join(map(str, row)) for row in zip(*columns, strict=True)]
