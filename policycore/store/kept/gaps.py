"""Keep what a run could not judge, one row a gap with its subjects compressed, and read it back as it was."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from policycore.language import Text
from policycore.model.gap import Gap
from policycore.model.result import RunResult
from policycore.model.verdict import Enforcement, Severity, Subject
from policycore.store import schema

__all__ = ["gap_rows", "gaps_of_run"]


def gap_rows(run: int, result: RunResult) -> list[dict[str, Any]]:
    """Return one row for each gap of a run, in the order of the result."""
    return [
        {
            "run_id": run,
            "position": position,
            "rule": gap.rule,
            "name": gap.name,
            "title": _listed([gap.title.zh, gap.title.en]),
            "clauses": _listed(gap.clauses),
            "severity": gap.severity.value,
            "enforcement": gap.enforcement.value,
            "kind": gap.kind.value,
            "fields": _listed(gap.fields),
            "source": None if gap.source is None else _listed([gap.source]),
            "subject_count": gap.count,
            "subjects": gap.packed,
        }
        for position, gap in enumerate(result.gaps)
    ]


def gaps_of_run(connection: Connection, run: int) -> tuple[Gap, ...]:
    """Return the gaps of a run as they were recorded."""
    gaps = schema.run_gaps.c
    query = select(*(column for column in gaps if column.name not in ("run_id", "position")))
    return tuple(
        Gap(
            rule=row.rule,
            name=row.name,
            title=Text(*json.loads(row.title)),
            clauses=tuple(json.loads(row.clauses)),
            severity=Severity(row.severity),
            enforcement=Enforcement(row.enforcement),
            kind=Subject(row.kind),
            fields=tuple(json.loads(row.fields)),
            source=None if row.source is None else json.loads(row.source)[0],
            count=row.subject_count,
            packed=row.subjects,
        )
        for row in connection.execute(query.where(gaps.run_id == run).order_by(gaps.position))
    )


def _listed(texts: tuple[str, ...] | list[str]) -> str:
    """Return texts as every database takes them, whatever characters they hold."""
    return json.dumps(list(texts))
