"""Record a finished check in a workspace: keep its snapshot, store its result, say what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policycore.findings.life_cycle import State
from policycore.findings.presence import Present, everything_present, present_in
from policycore.findings.record import DecisionRow, RecordedRun, record
from policycore.findings.workspace import Workspace
from policycore.language import say
from policycore.model.result import RunResult

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot

__all__ = ["Recorded", "record_run"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Hold what recording came to, and the sentences a person should read."""

    run: RecordedRun
    words: tuple[str, ...]


def record_run(
    workspace: Workspace,
    result: RunResult,
    snapshot: Snapshot | None,
    *,
    decisions: Iterable[DecisionRow] = (),
    decisions_hash: str = "",
    parameters: Mapping[str, Mapping[str, object]] | None = None,
    complete: bool = True,
    seconds: float = 0.0,
) -> Recorded:
    """Store `result` of a check over `snapshot` in `workspace`; the caller holds the workspace's lock.

    Without a snapshot nothing can be said about subjects that vanished: they count as still there.
    """

    def presence(asked: Iterable[tuple[str, str, str | None]]) -> Present:
        return everything_present if snapshot is None else present_in(snapshot, asked)

    if snapshot is not None:
        from policycore.findings.snapshots import keep

        keep(workspace.snapshots, snapshot)
    with workspace.open_store() as store:
        run = record(
            store,
            result,
            presence=presence,
            decisions=decisions,
            decisions_hash=decisions_hash,
            parameters=parameters,
            complete=complete,
            seconds=seconds,
        )
        backup = store.backup
    return Recorded(run, tuple(_words(run, backup)))


def _words(run: RecordedRun, backup: str | None) -> Iterable[str]:
    """Yield what to tell about a recorded run."""
    if backup:
        yield say("findings.workspace.backup", path=backup)
    if run.replay:
        yield say("findings.run.replay", run=run.id)
    else:
        yield say(
            "findings.run.recorded",
            run=run.id,
            new=run.states.get(State.NEW, 0),
            reopened=run.states.get(State.REOPENED, 0),
            resolved=run.states.get(State.RESOLVED, 0),
            lost=run.states.get(State.UNKNOWN, 0),
        )
    if run.clock_went_back:
        yield say("findings.run.clock")
    yield say("findings.run.head", head=run.head)
