"""Check an estate against a rule set: choose both, judge, apply decisions, record, and say how it ended.

The command line, the terminal interface and programs all come here. What happens on the way is told as it happens:
what begins, what was opened, how each rule went.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from policycore.engine.run import BucketJudged, Evaluation, RuleJudged, RuleStarted
from policycore.errors import DataError, ExitCode, PolicycoreError, Problem, UsageError, worst
from policycore.estate.snapshot import Snapshot
from policycore.language import Language, say
from policycore.model.findings import Findings
from policycore.model.gap import Gap
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Severity, Verdict
from policycore.operations.choose_ruleset import ChosenRuleSet, choose_ruleset
from policycore.operations.import_estate import open_estate
from policycore.operations.moments import moment_of
from policycore.operations.report import presentation_of, write_report
from policycore.plugin_api.lock import normal_name
from policycore.plugin_api.plugins import PluginSet, load_plugins
from policycore.reports.summary import fails
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.system.process import Interruption, collector_paused
from policycore.text.shown import shown_problem

if TYPE_CHECKING:
    from policycore.decisions.read import Decisions
    from policycore.operations.cluster import Cluster
    from policycore.operations.record_check import Recorded, Settled
    from policycore.store.workspace import Workspace
    from policycore.system.lock import Holder

__all__ = ["CheckOutcome", "CheckStarted", "EstateOpened", "Event", "check", "exit_code"]

_REJECTED, _UNREAD = "cli.rejected", "cli.unread"
_NAMED = 20
"""Files that are named of those that could not be read."""
_UNDECIDED = "operations.undecided"


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check whose rule set is known; `took_over` names a process that died holding the workspace's lock."""

    ruleset: ResolvedRuleSet
    took_over: Holder | None = None


@dataclass(frozen=True, slots=True)
class EstateOpened:
    """An estate that was read and is about to be judged."""

    snapshot: Snapshot


Event = CheckStarted | EstateOpened | RuleStarted | RuleJudged | BucketJudged


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What a check came to: its `result`, how it ended, and what was recorded of it."""

    result: RunResult
    """Everything that was found, decisions applied."""
    exit_code: ExitCode
    """What the command line would end with; see `exit_code`."""
    run: int | None = None
    """Number of the run in the workspace; None where nothing was recorded."""
    settled: Settled | None = None
    recorded: Recorded | None = None
    failure: PolicycoreError | None = None
    """What went wrong while the result was recorded."""
    workspace: Workspace | None = None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Return what could not be judged, sorted by rule."""
        return self.result.gaps

    @property
    def findings(self) -> Sequence[Finding]:
        """Return everything that was found, sorted by rule, then by subject."""
        return self.result.findings

    def words(self, *, quiet: bool = False) -> tuple[str, ...]:
        """Return what to tell: decisions to look at and what was recorded; with `quiet` only what few runs have."""
        decided = () if self.settled is None else self.settled.words()
        if self.recorded is None:
            return decided
        return (*decided, *(self.recorded.warnings if quiet else self.recorded.words))

    def report(self, name: str = "json", language: Language | None = None) -> bytes:
        """Return the report in the format called `name`, as ``policycore check --format`` writes it to a file."""
        stream = io.BytesIO()
        shown = presentation_of(name, workspace=self.workspace, run=self.run)
        write_report(self.result, stream, name, language=language, presentation=shown)
        return stream.getvalue()


def check(
    estate: str | Path | Snapshot,
    ruleset: str | Path | ResolvedRuleSet,
    *,
    workspace: Workspace | str | Path | None = None,
    record: bool = True,
    as_of: datetime | str | None = None,
    fail_on: Severity | str = Severity.ERROR,
    gaps: Literal["fail", "warn"] = "fail",
    lenient: bool = False,
    time_limit: float | None = None,
    budget: timedelta | None = None,
    wait: float = 0.0,
    cluster: str | None = None,
    plugins: PluginSet | None = None,
    tell: Callable[[Event], None] = lambda _event: None,
) -> CheckOutcome:
    """Check an estate against a rule set and return what it came to.

    `estate` is a folder, a snapshot's folder, its address in an object store or an open snapshot; `ruleset` a name, a
    file or a loaded rule set.

    With a `workspace` its decisions are applied, and unless `record` is off the result is kept there, under its lock,
    for which `wait` seconds are waited. `as_of` is the time to judge at, the estate's own when None; without an offset
    it is in the estate's zone. `fail_on` is the severity from which findings make `exit_code` 1; gaps
    count like findings of their rule's severity unless `gaps` is ``warn``. `lenient` sets bad
    rows aside. `time_limit` is the most seconds that a rule may take, `budget` how long all of it may; the end of the
    budget, or a signal, cuts a run: it is reported and changes no state. `tell` is called with what happens; what it
    raises ends the check, and nothing is recorded. `cluster` names where rules that judge group by group are shared
    out: ``tls://HOST:PORT`` or ``local:N`` (see `operations.cluster`); the result is the same.

    Raises RuleSetError, DataError or UsageError for what is wrong with the rule set, the data or the decisions, each
    with every problem; LockedError while another run holds the workspace.
    """
    began = time.monotonic()
    plugins = plugins or load_plugins()
    if isinstance(workspace, (str, Path)):
        from policycore.store.workspace import needed_workspace

        workspace = needed_workspace(Path(workspace))
    with ExitStack() as held:
        held.enter_context(collector_paused())
        chosen = choose_ruleset(ruleset, plugins=plugins, workspace=workspace)
        interruption = held.enter_context(Interruption())
        lock = held.enter_context(workspace.lock(wait_seconds=wait)) if workspace is not None and record else None
        tell(CheckStarted(chosen.ruleset, None if lock is None else lock.took_over))
        decisions, failure = _decisions(workspace)
        executor = held.enter_context(_executor(cluster, plugins))
        opened = (
            nullcontext(estate)
            if isinstance(estate, Snapshot)
            else open_estate(estate, lenient=lenient, plugins=plugins)
        )
        snapshot = held.enter_context(opened)
        if executor is not None and not executor.local and snapshot.temporary is not None and not snapshot.address:
            raise UsageError(Problem.of("operations.cluster.no-snapshot"))
        tell(EstateOpened(snapshot))
        with Evaluation(
            snapshot,
            chosen.ruleset,
            as_of=moment_of(as_of, snapshot.timezone),
            time_limit=time_limit,
            evidence_key=None if workspace is None else workspace.key(),
            executor=executor,
        ) as evaluation:
            interrupted = _judge(evaluation, tell, None if budget is None else began + budget.total_seconds())
            result = evaluation.result()
        # The signal that cut the run has been heard; the next one ends the command.
        interruption.came = interruption.came and not interrupted
        undecided = () if failure is None else (Problem.of(_UNDECIDED, code=_UNDECIDED),)
        problems = (*plugins.problems, *_rejected(snapshot), *undecided, *result.problems)
        # Of plugins and files of others they quote whatever those say.
        result = replace(result, problems=tuple(map(shown_problem, problems)), notes=(*chosen.notes(), *result.notes))
        outcome = CheckOutcome(result, ExitCode.INTERRUPTED if interrupted else ExitCode.CLEAN, workspace=workspace)
        if workspace is not None and decisions is not None:
            outcome = _decide(outcome, workspace, decisions, snapshot, chosen.ruleset, due=record)
        elif failure is not None:
            outcome = replace(outcome, failure=failure, exit_code=worst(outcome.exit_code, failure.exit_code))
        code = worst(outcome.exit_code, exit_code(outcome.result, Severity(fail_on), gaps=gaps))
        outcome = replace(outcome, exit_code=code)
        interruption.halt()
        if workspace is not None and record and failure is None:
            outcome = _record(outcome, workspace, snapshot, chosen, time.monotonic() - began)
        return outcome


def exit_code(result: RunResult, fail_on: Severity, *, gaps: Literal["fail", "warn"] = "fail") -> ExitCode:
    """Return 5 for a run that was cut short, 4 for another incomplete one, 3 where data was missing altogether.

    That is: rows were set aside, there was no group, or nobody could read what was decided. Otherwise 1 for an open
    finding at `fail_on`, or a gap of such a rule unless `gaps` is ``warn``, else 0.
    """
    rejected = sum(problem.code in (_REJECTED, _UNREAD, _UNDECIDED, "engine.no-groups") for problem in result.problems)
    failing = result.gaps if gaps == "fail" else ()
    broken = any(kind.verdict is Verdict.ERROR for kind in Findings.of(result.findings).kinds)
    return worst(
        ExitCode.FINDINGS if fails(result.findings, fail_on, failing) else ExitCode.CLEAN,
        ExitCode.LOCKED_OR_OUT_OF_TIME if result.cut else ExitCode.CLEAN,
        ExitCode.DATA if rejected else ExitCode.CLEAN,
        ExitCode.INCOMPLETE if broken or len(result.problems) > rejected + result.cut else ExitCode.CLEAN,
    )


def _judge(evaluation: Evaluation, tell: Callable[[Event], None], ends: float | None) -> bool:
    """Judge rule after rule until the time `ends` or a signal comes; return whether it was a signal.

    One rule is judged however small the budget. Raises KeyboardInterrupt for a signal before anything was judged.
    """
    judged = 0
    try:
        for event in evaluation:
            judged += isinstance(event, RuleJudged)
            tell(event)
            if isinstance(event, (RuleJudged, BucketJudged)) and ends is not None and time.monotonic() >= ends:
                break
    except KeyboardInterrupt:
        if not judged:
            raise
        return True
    return False


def _executor(cluster: str | None, plugins: PluginSet) -> AbstractContextManager[Cluster | None]:
    """Return the cluster that was asked for, to be opened."""
    if cluster is None:
        return nullcontext()
    from policycore.operations.cluster import open_cluster

    return open_cluster(cluster, [normal_name(plugin.distribution) for plugin in plugins.plugins])


def _rejected(snapshot: Snapshot) -> tuple[Problem, ...]:
    """Return what says how many rows, and which files, the import left out: a violation may have stood in them."""
    why, found = say("operations.rejected.why"), []
    if snapshot.rejected:
        what = say("operations.rejected", count=snapshot.rejected)
        found.append(Problem(_REJECTED, what, why, say("operations.rejected.fix")))
    if snapshot.unread:
        names = say("estate.list").join(snapshot.unread[:_NAMED])
        what = say("operations.unread", count=len(snapshot.unread), names=names)
        found.append(Problem(_UNREAD, what, why, say("operations.unread.fix")))
    return tuple(found)


def _decisions(workspace: Workspace | None) -> tuple[Decisions | None, DataError | None]:
    """Return what was decided, or why nobody can tell: then nothing counts, and nothing is recorded.

    Raises UsageError where files of decisions are wrong, before anybody waits for the rules.
    """
    if workspace is None:
        return None, None
    from policycore.decisions.read import workspace_decisions

    try:
        return workspace_decisions(workspace), None
    except DataError as error:
        return None, error


def _decide(
    outcome: CheckOutcome,
    workspace: Workspace,
    decisions: Decisions,
    snapshot: Snapshot,
    ruleset: ResolvedRuleSet,
    *,
    due: bool,
) -> CheckOutcome:
    """Return `outcome` with the workspace's decisions applied, and with what is to be said of a run that was `due`."""
    from policycore.operations.record_check import settle

    result = outcome.result
    # A snapshot that the workspace keeps is judged again, which nobody was waiting for.
    if due and workspace.expected_every is not None and snapshot.folder.parent != workspace.snapshots:
        from policycore.store.missed_run import last_run, punctuality, with_punctuality

        with workspace.open_store() as store, store.read() as connection:
            last = last_run(connection, result.ruleset)
        result = with_punctuality(result, punctuality(last, workspace.expected_every, datetime.now(UTC)))
    settled = settle(decisions, result, snapshot, ruleset)
    return replace(outcome, result=settled.result, settled=settled)


def _record(
    outcome: CheckOutcome, workspace: Workspace, snapshot: Snapshot, chosen: ChosenRuleSet, seconds: float
) -> CheckOutcome:
    """Return `outcome` with what was recorded of it, or with what went wrong: the report is written all the same."""
    from policycore.operations.record_check import record_run
    from policycore.store.kept_rulesets import keep_ruleset

    try:
        keep_ruleset(workspace, chosen.ruleset)
        recorded = record_run(
            workspace,
            outcome.result,
            snapshot,
            ruleset=chosen.ruleset,
            settled=outcome.settled,
            complete=outcome.exit_code not in _PARTIAL,
            question=chosen.run is not None,
            seconds=seconds,
        )
    except PolicycoreError as error:
        return replace(outcome, failure=error, exit_code=worst(outcome.exit_code, error.exit_code))
    return replace(outcome, recorded=recorded, run=recorded.run.id)


_PARTIAL = (ExitCode.INCOMPLETE, ExitCode.LOCKED_OR_OUT_OF_TIME, ExitCode.INTERRUPTED)
