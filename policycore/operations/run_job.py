"""Run a job from end to end: import, judge by each rule set, write reports, tell people, write metrics.

What fails costs as little as can be: a rule set that breaks stops no other, and metrics are written whatever happens.
Only where the data cannot be read is nothing judged, for yesterday's data would pass for today's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from policycore.errors import DataError, ExitCode, LockedError, PolicycoreError, Problem, worst
from policycore.estate.snapshot import Snapshot
from policycore.operations.check import CheckOutcome, Event, check
from policycore.operations.import_estate import import_estate, name_of, open_estate
from policycore.operations.notify import Notified, notify
from policycore.operations.prepare_job import ReadyJob
from policycore.operations.report import presentation_of, write_report
from policycore.reports.prometheus_report import Family, Labels, PrometheusReport, metric_lines
from policycore.system.atomic_files import atomic_file, write_atomically
from policycore.system.lock import RunLock
from policycore.system.refusals import refusal_words

__all__ = ["Failed", "JobEvent", "JobOutcome", "measure_not_begun", "run_job"]

_PREFIX = "policycore_"
_LAST_SUCCESS = f"{_PREFIX}last_success_timestamp_seconds"


@dataclass(frozen=True, slots=True)
class Failed:
    """A step that failed: ``import``, ``check``, ``report``, ``notices`` or ``metrics``; of a check which rule set."""

    step: str
    ruleset: str
    problems: tuple[Problem, ...]
    exit_code: ExitCode


JobEvent = Snapshot | CheckOutcome | Path | Notified | Failed | Event
"""What was imported, what a check came to, a report that was written, notices that were sent, or tried to be."""


@dataclass(slots=True)
class JobOutcome:
    """How a job went so far."""

    ready: ReadyJob
    tell: Callable[[JobEvent], None]
    began: float = field(default_factory=time.monotonic)
    checked: list[CheckOutcome] = field(default_factory=list)
    steps: dict[tuple[str, str], ExitCode] = field(default_factory=dict)
    """By step and rule set, what it ended with."""
    notified: Notified | None = None

    @property
    def exit_code(self) -> ExitCode:
        """Return what the job ends with: the worst of its steps."""
        return worst(*self.steps.values())

    @property
    def seconds(self) -> float:
        """Return how long it has taken."""
        return time.monotonic() - self.began

    def ended(self, step: str, code: ExitCode, ruleset: str = "") -> None:
        """Note what a step ended with; of several acts of one step the worst counts."""
        self.steps[step, ruleset] = worst(code, self.steps.get((step, ruleset), ExitCode.CLEAN))

    def failed(self, step: str, error: PolicycoreError, ruleset: str = "") -> None:
        """Note that a step failed, and say so."""
        self.ended(step, error.exit_code, ruleset)
        self.tell(Failed(step, ruleset, error.problems, error.exit_code))

    def left(self) -> timedelta | None:
        """Return what is left of the budget; LockedError where it is used up."""
        budget = self.ready.job.budget
        if budget is None:
            return None
        left = budget - timedelta(seconds=self.seconds)
        if left <= timedelta(0):
            raise LockedError(Problem.of("operations.job-time"))
        return left


def run_job(ready: ReadyJob, *, tell: Callable[[JobEvent], None] = lambda _event: None) -> JobOutcome:
    """Run a job and return how it went; `tell` is called with what happens.

    Its exit code is the worst of its steps', 1 for findings, 130 where a signal ended it: what was judged until then
    is reported and the metrics are written all the same. Raises LockedError while another job holds the workspace.
    """
    job = JobOutcome(ready, tell)
    wait = 0.0 if ready.job.wait is None else ready.job.wait.total_seconds()
    metrics = None if ready.job.metrics is None else ready.folder / ready.job.metrics
    with ExitStack() as held:
        try:
            held.enter_context(RunLock(ready.workspace.folder / "lock-job", wait_seconds=wait))
        except LockedError as error:
            job.ended("begin", error.exit_code)
            if metrics is not None:
                _write_metrics(job, metrics)
            raise
        try:
            _judge(job, wait)
            if ready.job.notices is not None and ExitCode.INTERRUPTED not in job.steps.values():
                _notify(job)
        except KeyboardInterrupt:
            job.ended("job", ExitCode.INTERRUPTED)
        except BaseException:  # the metrics must say so, whatever ended it
            job.ended("job", ExitCode.INCOMPLETE)
            raise
        finally:
            if metrics is not None:
                _write_metrics(job, metrics)
    return job


def measure_not_begun(file: Path, name: str, code: ExitCode) -> None:
    """Write into the file of a job's metrics that it could not begin; what else is no metrics of a job stays.

    When a run last ended complete is still so. Raises OSError where nothing can be written.
    """
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    if before and not before.startswith(f"# HELP {_PREFIX}"):
        return
    kept = [line for line in before.splitlines() if _LAST_SUCCESS in line]
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [*metric_lines(_ended(name, code)), *kept]
    write_atomically(file, "".join(f"{line}\n" for line in lines).encode())


def _judge(job: JobOutcome, wait: float) -> None:
    """Import or open the estate and judge it by each rule set; nothing is judged where it cannot be read."""
    ready, imported = job.ready, job.ready.job.imported
    with ExitStack() as held:
        try:
            if imported is None:
                lenient = any(one.lenient for one, _ in ready.rulesets)
                snapshot = held.enter_context(open_estate(ready.estate, lenient=lenient, plugins=ready.plugins))
            else:
                ready.imported.parent.mkdir(parents=True, exist_ok=True)
                snapshot = import_estate(
                    [ready.folder / one for one in imported.inputs],
                    ready.imported,
                    force=True,
                    workspace=ready.workspace,
                    cluster=ready.job.cluster,
                    recipe=ready.recipe,
                    as_of=imported.as_of,
                    timezone=imported.timezone,
                    strict=imported.strict,
                    lenient=imported.lenient,
                    plugins=ready.plugins,
                )
        except PolicycoreError as error:
            return job.failed("import", error)
        job.ended("import", ExitCode.CLEAN)
        job.tell(snapshot)
        for wanted, ruleset in ready.rulesets:
            try:
                outcome = check(
                    snapshot,
                    ruleset,
                    workspace=ready.workspace,
                    as_of=wanted.as_of,
                    fail_on=wanted.fail_on,
                    gaps=wanted.gaps,
                    budget=job.left(),
                    wait=wait,
                    cluster=ready.job.cluster,
                    plugins=ready.plugins,
                    tell=job.tell,
                )
            except PolicycoreError as error:
                job.failed("check", error, ruleset.name)
                continue
            job.checked.append(outcome)
            job.ended("check", outcome.exit_code, ruleset.name)
            job.tell(outcome)
            if outcome.failure is not None:
                job.failed("check", outcome.failure, ruleset.name)
            _report(job, outcome)
            if outcome.exit_code is ExitCode.INTERRUPTED:
                return None
    return None


def _report(job: JobOutcome, outcome: CheckOutcome) -> None:
    """Write a result in every format that the job asks for."""
    result = outcome.result
    values = {"ruleset": result.ruleset, "date": result.as_of.date().isoformat(), "run": outcome.run or 0}
    for report in job.ready.job.reports:
        file = job.ready.report_file(report, values)
        shown = presentation_of(
            report.format, workspace=outcome.workspace, run=outcome.run, estate=name_of(job.ready.estate)
        )
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic_file(file) as stream:
                write_report(
                    result,
                    stream,
                    report.format,
                    language=report.language,
                    plugins=job.ready.plugins,
                    presentation=shown,
                )
        except OSError as error:
            kind = refusal_words(error)
            job.failed("report", DataError(Problem.of("system.unwritable", path=file, kind=kind)), result.ruleset)
        except PolicycoreError as error:
            job.failed("report", error, result.ruleset)
        else:
            job.ended("report", ExitCode.CLEAN, result.ruleset)
            job.tell(file)


def _notify(job: JobOutcome) -> None:
    """Tell people what the runs of this job brought; a run that was cut, or looked back, brought nothing."""
    asked = job.ready.job.notices
    recorded = [one.recorded.run for one in job.checked if one.recorded is not None]
    runs = [str(run.id) for run in recorded if not (run.cut or run.replay)]
    if asked is None or not runs:
        return
    try:
        done = job.notified = notify(
            job.ready.workspace,
            *runs,
            to=asked.to,
            due_within=asked.due_within,
            retries=asked.retries,
            plugins=job.ready.plugins,
        )
    except PolicycoreError as error:
        job.failed("notices", error)
    else:
        job.ended("notices", ExitCode.INCOMPLETE if done.failed else ExitCode.CLEAN)
        job.tell(done)


def _write_metrics(job: JobOutcome, file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = metric_lines(chain(_of_job(job), *_of_results(job)))
        write_atomically(file, "".join(f"{line}\n" for line in lines).encode())
    except OSError as error:
        kind = refusal_words(error)
        job.failed("metrics", DataError(Problem.of("system.unwritable", path=file, kind=kind)))
    except PolicycoreError as error:
        job.failed("metrics", error)


def _of_results(job: JobOutcome) -> Iterator[Iterable[Family]]:
    """Yield the metrics of each result; of a rule set without one when it last succeeded."""
    from policycore.store.missed_run import last_success

    estate = name_of(job.ready.estate)
    for outcome in job.checked:
        shown = presentation_of("prom", workspace=outcome.workspace, run=outcome.run, estate=estate)
        report = PrometheusReport(
            shown.finished, shown.last_success, shown.expected_every, shown.estate, shown.unchanged
        )
        yield report.families(outcome.result)
    judged = {outcome.result.ruleset for outcome in job.checked}
    missing = [ruleset.name for _, ruleset in job.ready.rulesets if ruleset.name not in judged]
    if missing:
        with job.ready.workspace.open_store(read_only=True) as store, store.read() as connection:
            last = {name: last_success(connection, name) for name in missing}
        samples = {_labels(estate=estate, ruleset=one): at.timestamp() if at else 0 for one, at in last.items()}
        yield [Family(_LAST_SUCCESS, "When a run last ended complete, 0 for never.", samples)]


def _ended(name: str, code: ExitCode) -> Iterator[Family]:
    """Yield that a job ended just now, and with what."""
    own = _labels(job_name=name)
    yield Family("policycore_job_exit_code", "What the job ended with, 1 for findings.", {own: code})
    ended = datetime.now(UTC).timestamp()
    yield Family("policycore_job_last_run_timestamp_seconds", "When the job last ended.", {own: ended})


def _of_job(job: JobOutcome) -> Iterator[Family]:
    """Yield the metrics of the job itself; every step of it has a sample."""
    name = job.ready.job.job
    yield from _ended(name, job.exit_code)
    seconds = {_labels(job_name=name): round(job.seconds, 3)}
    yield Family("policycore_job_duration_seconds", "How long the job took.", seconds)
    steps = {(step, ruleset): code for (step, ruleset), code in job.steps.items() if step != "job"}
    steps = {("check", ruleset.name): ExitCode.INCOMPLETE for _, ruleset in job.ready.rulesets} | steps
    yield Family(
        "policycore_job_step_exit_code",
        "What each step ended with; a check that was not begun has 4.",
        {_labels(job_name=name, ruleset=ruleset, step=step): code for (step, ruleset), code in steps.items()},
    )
    if job.ready.job.notices is not None:
        failed = len(job.notified.failed) if job.notified else 0
        sent = len(job.notified.outcomes) - failed if job.notified else 0
        counts = {"failed": failed, "sent": sent}
        samples = {_labels(job_name=name, outcome=word): count for word, count in counts.items()}
        yield Family("policycore_job_notices", "Messages that the job sent.", samples)
    if runs := [one.run for one in job.checked if one.run is not None]:
        yield Family("policycore_runs_total", "Runs that the workspace has recorded.", {(): max(runs)}, "counter")


def _labels(**labels: str) -> Labels:
    """Return labels in order; one that is empty is none."""
    return tuple(sorted((name, value) for name, value in labels.items() if value))
