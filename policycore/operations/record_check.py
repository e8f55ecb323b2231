"""Settle and record a check in a workspace: apply decisions, keep the snapshot, store the result, say what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from policycore.decisions.apply import NOT_NEEDED, Decided, apply_decisions
from policycore.decisions.disputes import found_otherwise
from policycore.decisions.names import Named, named
from policycore.decisions.read import Decisions
from policycore.decisions.standing import directory_of
from policycore.decisions.waiver_context import context_from, names_from, ruleset_context
from policycore.decisions.waivers import Standing
from policycore.estate.snapshot import Snapshot
from policycore.language import say
from policycore.model.findings import Findings
from policycore.model.result import RunResult
from policycore.model.verdict import Verdict
from policycore.operations.review import imprecise
from policycore.operations.run_context import judged_before
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.store.kept.runs import RunSummary, find_run
from policycore.store.lives.life_cycle import Reason, State
from policycore.store.lives.presence import (
    Present,
    everything_present,
    evidence_tables,
    lost_subjects,
    lost_texts,
    nothing_lost,
    present_in,
)
from policycore.store.lives.previous_state import Vanished
from policycore.store.record import DecisionRow, RecordedRun, record
from policycore.store.workspace import Workspace

__all__ = ["Recorded", "Settled", "record_run", "repeated_words", "settle"]


_NAMED = (NOT_NEEDED, Standing.NO_RULE, Standing.NO_PERSON)
"""What becomes of a decision that names what is not there; which word that is, is told by its place."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A result after decisions were applied, and what they rested on."""

    decided: Decided
    decisions: Decisions
    context: dict[str, Any]
    mistaken: Named

    @property
    def result(self) -> RunResult:
        """Return the result to report."""
        return self.decided.result

    def words(self) -> tuple[str, ...]:
        """Return a sentence for each decision that somebody should look at: lapsed, expiring, not needed."""
        at = self.result.as_of
        found = [str(problem) for problem in self.mistaken.problems]
        # Nothing is known to be needless while rules were not judged: people would withdraw what counts.
        unjudged = self.result.cut or any(Verdict.ERROR in outcome.verdicts for outcome in self.result.outcomes)
        elsewhere = self.decisions.elsewhere(self.result.ruleset)
        for item in self.decided.statuses:
            if (item.kind, item.id) in elsewhere and not item.settled:
                continue
            if item.status == NOT_NEEDED and unjudged:
                continue
            if item.status in _NAMED and item.kind == "waiver" and item.id in self.mistaken.lost:
                continue
            kind = say(f"decisions.kind.{item.kind}", id=item.id)
            if item.ends is not None and item.expiring(at):
                found.append(say("operations.decision.expiring", decision=kind, days=(item.ends - at).days))
            elif item.status not in (Standing.IN_FORCE, Standing.NOT_YET, Standing.WITHDRAWN):
                why = say(f"decisions.standing.{item.status}")
                found.append(say("operations.decision.status", decision=kind, why=why))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording came to, the sentences a person should read, and which of them few runs have."""

    run: RecordedRun
    words: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    repeats: RunSummary | None = None
    """The run before, where it had judged the same data."""


def settle(made: Decisions, result: RunResult, snapshot: Snapshot, ruleset: ResolvedRuleSet) -> Settled:
    """Return `result` with the decisions that were `made` applied as of the result's own time."""
    context = ruleset_context(ruleset)
    clauses = [clause.id for clause in ruleset.document.clauses]
    others = [name for kind, name in made.elsewhere(result.ruleset) if kind == "waiver"]
    mistaken = named(made, context["names"], snapshot, Findings.of(result.findings), clauses, others)
    decisions = mistaken.decisions
    directory = directory_of(snapshot, decisions.people())
    considered = replace(result, decisions_hash=decisions.hash)
    context_now, granted = context_from(context, directory), (decisions.waivers, decisions.attestations)
    decided = apply_decisions(considered, *granted, context_now, decisions.disputes, decisions.reviews)
    return Settled(decided, decisions, context, mistaken)


def record_run(
    workspace: Workspace,
    result: RunResult,
    snapshot: Snapshot | None,
    *,
    ruleset: ResolvedRuleSet | None = None,
    settled: Settled | None = None,
    complete: bool = True,
    question: bool = False,
    seconds: float = 0.0,
) -> Recorded:
    """Store `result` of a check over `snapshot` in `workspace`; the caller holds the workspace's lock.

    Without a snapshot nothing can be said about subjects that vanished: they count as still there.
    Without `ruleset` nobody knows which tables a rule reads, and rows that went missing from them.
    """

    def presence(asked: Iterable[tuple[str, str, str | None]]) -> Present:
        return everything_present if snapshot is None else present_in(snapshot, asked)

    def losses(gone: Sequence[Vanished]) -> Mapping[tuple[str, str, str], Reason]:
        if snapshot is None or ruleset is None:
            return nothing_lost(gone)
        lost = lost_subjects(snapshot, workspace.snapshots, evidence_tables(ruleset), gone)
        secret = frozenset(one.id for one in ruleset.rules if one.name.startswith("secrecy/"))
        gone_texts = lost_texts(snapshot, workspace.snapshots, workspace.key(), secret, gone)
        return {**dict.fromkeys(gone_texts, Reason.TEXT_GONE), **dict.fromkeys(lost, Reason.DATA_MISSING)}

    if snapshot is not None:
        from policycore.store.snapshots import keep

        keep(workspace.snapshots, snapshot, None if workspace.keep_text else workspace.key())
    decisions, decided = [], frozenset[str]()
    if settled is not None:
        statuses = settled.decided.statuses
        decisions = [DecisionRow(one.kind, one.id, one.status, "", one.settled, one.ends) for one in statuses]
        # Disputes that the facts of this run decide.
        decided = found_otherwise(settled.decisions.disputes, Findings.of(settled.result.findings))
    with workspace.open_store() as store:
        run = record(
            store,
            result,
            presence=presence,
            losses=losses,
            decisions=decisions,
            parameters=None if settled is None else settled.context,
            names=None if settled is None else names_from(settled.context),
            found_otherwise=decided,
            complete=complete,
            question=question,
            rejected=0 if snapshot is None else snapshot.rejected + len(snapshot.unread),
            seconds=seconds,
        )
        with store.read() as connection:
            repeats = judged_before(connection, workspace.snapshots, find_run(connection, str(run.id)))
    warnings: tuple[str, ...] = (say("operations.clock"),) if run.clock_went_back else ()
    floor = workspace.precision_floor
    low = () if settled is None else imprecise(settled.decisions.reviews, floor)
    warnings += tuple(say("operations.imprecise", rule=one.rule, percent=one.percent, floor=floor) for one in low)
    inputs = result.ruleset_hash, result.decisions_hash
    # Who has changed a rule or decided something asks again on purpose.
    if repeats is not None and inputs == (repeats.ruleset_hash, repeats.decisions_hash):
        warnings += (repeated_words(repeats),)
    return Recorded(run, (*warnings, *_words(run)), warnings, repeats)


def repeated_words(before: RunSummary) -> str:
    """Return the sentence on a run that judged the data that `before` had judged."""
    day = before.local(before.recorded_at).date().isoformat()
    return say("operations.same-data", run=before.id, day=day, as_of=before.local(before.as_of).date().isoformat())


def _words(run: RecordedRun) -> Iterable[str]:
    """Yield what to tell about any recorded run."""
    if run.cut:
        yield say("operations.cut", run=run.id)
    elif run.replay:
        yield say("operations.replay", run=run.id)
    else:
        yield say(
            "operations.recorded",
            run=run.id,
            new=run.states.get(State.NEW, 0),
            reopened=run.states.get(State.REOPENED, 0),
            resolved=run.states.get(State.RESOLVED, 0),
            lost=run.states.get(State.UNKNOWN, 0),
        )
    yield say("operations.head", head=run.head)
