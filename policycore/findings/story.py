"""Tell what reports say of a run beyond its result: when it ended, when one last succeeded, what is new in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from policycore.findings import schema
from policycore.findings.due import last_success
from policycore.findings.life_cycle import State
from policycore.findings.runs import RunSummary

__all__ = ["RunStory", "run_story"]


@dataclass(frozen=True, slots=True)
class RunStory:
    """Hold when a run was recorded, the last success up to it, and ``new``, ``updated`` or ``unchanged``."""

    finished: datetime
    last_success: datetime | None
    baseline: Mapping[str, str] = field(default_factory=dict)
    """By fingerprint, how a finding compares with the run before; empty for a replay, which has none."""


def run_story(connection: Connection, run: RunSummary) -> RunStory:
    """Return the story of one stored run."""
    success = last_success(connection, run.ruleset, up_to=run.id)
    return RunStory(run.recorded_at, success, {} if run.replay else _baseline(connection, run))


def _baseline(connection: Connection, run: RunSummary) -> dict[str, str]:
    """Return how each finding of the run compares with the run before it."""
    finding, said, moved = schema.findings.c, schema.occurrences.c, schema.transitions.c
    query = (
        select(finding.fingerprint, finding.first_run, said.first_run, moved.was)
        .join_from(schema.occurrences, schema.findings, finding.id == said.finding_id)
        .outerjoin(schema.transitions, and_(moved.finding_id == finding.id, moved.run_id == run.id))
        .where(
            finding.ruleset == run.ruleset,
            said.replay.is_(False),
            said.first_run <= run.id,
            or_(said.last_run.is_(None), said.last_run >= run.id),
        )
    )
    found = {}
    for fingerprint, first_run, said_first, was in connection.execute(query):
        if first_run == run.id or was == State.RESOLVED.value:
            found[fingerprint] = "new"
        else:
            found[fingerprint] = "updated" if said_first == run.id else "unchanged"
    return found
