"""Evaluate a rule set over an estate: every rule in turn, a broken one never stops the rest."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import duckdb

from policycore import __version__
from policycore.engine.availability import Availability
from policycore.engine.code import code_parts
from policycore.engine.findings import attestation_finding, error_finding, findings_of, unreached_finding
from policycore.engine.hits import BrokenRuleError
from policycore.engine.judge import Judgement, judge
from policycore.engine.ledger import clause_results
from policycore.engine.limit import RuleAbandonedError, RuleTimeoutError, run_limited
from policycore.engine.pace import EveryRule, JudgedRule, Pace, PartlyKnown
from policycore.engine.part import PartSession
from policycore.engine.partly import ChangedPart, put_together
from policycore.engine.session import EstateData, EstateSession
from policycore.engine.tally import group_ids, no_groups
from policycore.engine.texts import BadPatternError, TextPass
from policycore.errors import Problem
from policycore.language import Text, say, say_both
from policycore.model.result import Finding, RuleOutcome, RunResult
from policycore.model.verdict import Verdict
from policycore.rulesets.resolved import ResolvedRule, ResolvedRuleSet
from policycore.system.collector import collector_paused

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot

__all__ = ["Progress", "evaluate", "evaluate_data"]

Progress = Callable[[int, int, str], None]
"""Called with (rules done, rules in all, name of the rule that begins)."""


def evaluate(
    snapshot: Snapshot,
    ruleset: ResolvedRuleSet,
    *,
    as_of: datetime | None = None,
    threads: int | None = None,
    time_limit: float | None = None,
    evidence_key: bytes | None = None,
    progress: Progress | None = None,
    pace: Pace | None = None,
) -> RunResult:
    """Return the result of `ruleset` over `snapshot` as of `as_of` (the snapshot's own time when None).

    `time_limit` is the most seconds any rule may take; None leaves each rule its own limit.
    `evidence_key` is the workspace's secret for keyed hashes of texts that must not be kept.
    `pace` may recall what rules said before and end the run early; rules not reached are unknown.
    The result depends on nothing else: same inputs, same result, whatever `threads` is.
    """
    return evaluate_data(
        EstateData.from_snapshot(snapshot),
        ruleset,
        as_of=as_of,
        threads=threads,
        time_limit=time_limit,
        evidence_key=evidence_key,
        progress=progress,
        pace=pace,
    )


def evaluate_data(
    data: EstateData,
    ruleset: ResolvedRuleSet,
    *,
    as_of: datetime | None = None,
    threads: int | None = None,
    time_limit: float | None = None,
    evidence_key: bytes | None = None,
    progress: Progress | None = None,
    pace: Pace | None = None,
) -> RunResult:
    """Return the result of `ruleset` over tables wherever they are; see `evaluate`."""
    pace = pace or EveryRule()
    with collector_paused():
        answers = {resolved.id: pace.recall(resolved) for resolved in ruleset.rules}
    waiting = list(
        pace.order([resolved for resolved in ruleset.rules if not isinstance(answers[resolved.id], JudgedRule)])
    )
    known = {rule: answer for rule, answer in answers.items() if isinstance(answer, PartlyKnown)}
    run = _Run(data, ruleset, as_of, threads, evidence_key, waiting, known)
    with run, collector_paused():
        for resolved in ruleset.rules:
            answer = answers[resolved.id]
            if isinstance(answer, JudgedRule):
                run.keep(answer)
                pace.judged(resolved, answer, recalled=True, broke=False)
        while waiting and not pace.stop():
            resolved = waiting.pop(0)
            if progress is not None:
                progress(len(run.outcomes), len(ruleset.rules), resolved.name)
            judged, broke = run.add(resolved, time_limit or resolved.rule.time_limit)
            pace.judged(resolved, judged, recalled=False, broke=broke)
        run.leave(waiting)
        return run.result()


class _Run:
    """Collect outcomes, findings and problems while rules are evaluated."""

    def __init__(
        self,
        data: EstateData,
        ruleset: ResolvedRuleSet,
        as_of: datetime | None,
        threads: int | None,
        evidence_key: bytes | None,
        waiting: Sequence[ResolvedRule],
        known: Mapping[str, PartlyKnown],
    ) -> None:
        self.data = data
        self.as_of = as_of or data.as_of
        self.timezone = ZoneInfo(data.timezone)
        self.threads = threads
        self.availability = Availability.of(data)
        self.ruleset = ruleset
        self.order = {resolved.id: position for position, resolved in enumerate(ruleset.rules)}
        # Texts are scanned for the rules that will be judged, not for those that are recalled.
        self.texts = TextPass(tuple(rule for rule in waiting if rule.id not in known), evidence_key)
        self.known = known
        self.part = ChangedPart(
            data,
            self.as_of,
            known,
            [rule for rule in waiting if rule.id in known],
            threads=threads,
            evidence_key=evidence_key,
        )
        self.outcomes: list[RuleOutcome] = []
        self.findings: list[Finding] = []
        self.broken: list[tuple[int, Problem]] = []
        self.problems: list[Problem] = []

    @cached_property
    def session(self) -> EstateSession:
        """Return the session, opened when a rule first needs it: a run that recalls everything opens none."""
        return EstateSession(self.data, self.as_of, threads=self.threads)

    def __enter__(self) -> _Run:
        return self

    def __exit__(self, *_: object) -> None:
        if "session" in self.__dict__:
            self.session.close()
        self.part.close()

    def keep(self, judged: JudgedRule) -> None:
        """Take what a rule said into the result."""
        self.findings += judged.findings
        self.outcomes.append(judged.outcome)

    def leave(self, rules: Sequence[ResolvedRule]) -> None:
        """Say of rules that were not reached that nobody knows what they would have said."""
        for resolved in rules:
            unreached = unreached_finding(resolved)
            outcome = RuleOutcome(resolved.id, resolved.name, resolved.clauses, {Verdict.UNKNOWN: 1})
            self.keep(JudgedRule(outcome, (unreached,)))
        if rules:
            names = ", ".join(resolved.name for resolved in rules)
            self.problems.append(
                Problem(
                    code="engine.out-of-time",
                    what=say("engine.out-of-time", count=len(rules), rules=names),
                    why=say("engine.out-of-time-why"),
                    fix=say("engine.out-of-time-fix"),
                )
            )

    def add(self, resolved: ResolvedRule, seconds: float) -> tuple[JudgedRule, bool]:
        """Evaluate one rule, keep what it said, or that it broke, and return both."""
        began = time.perf_counter()
        judgement = Judgement()
        asked: list[str] = []
        problem: Problem | None = None
        try:
            session = self.part.session if resolved.id in self.known else self.session
            asked = session.asked
            asked.clear()
            judgement, found = run_limited(lambda: self._one(resolved, session), session, seconds)
        except Exception as error:  # whatever a rule raises becomes its error verdict
            if isinstance(error, RuleAbandonedError):
                # Its thread may still hold the connection; nothing else may use that one again.
                self._abandon(resolved)
            what = _what_broke(error)
            found = [error_finding(resolved, what)]
            problem = Problem(
                code="engine.rule-failed",
                what=f"{resolved.name}: {what}",
                why=say("engine.why-incomplete"),
                fix=say("engine.fix-incomplete"),
                place=resolved.place,
            )
            self.broken.append((self.order[resolved.id], problem))
        verdicts = Counter(finding.verdict for finding in found)
        if judgement.unlisted:
            # One finding stands for the rest; the counts cover them all.
            verdicts[resolved.rule.verdict] += judgement.unlisted - 1
        verdicts[Verdict.PASS] = judgement.passes
        verdicts[Verdict.NOT_APPLICABLE] = judgement.not_applicable
        outcome = RuleOutcome(
            rule=resolved.id,
            name=resolved.name,
            clauses=resolved.clauses,
            verdicts={verdict: verdicts[verdict] for verdict in Verdict if verdicts[verdict]},
            seconds=time.perf_counter() - began,
            rows=judgement.rows,
        )
        judged = JudgedRule(outcome, tuple(found), tuple(dict.fromkeys(asked)), judgement.tally)
        self.keep(judged)
        return judged, problem is not None

    def _one(self, resolved: ResolvedRule, session: EstateSession) -> tuple[Judgement, list[Finding]]:
        """Judge one rule and put what it says into words."""
        if not isinstance(session, PartSession):
            judgement = judge(session, self.availability, resolved, self.texts)
            return judgement, findings_of(session, resolved, judgement)
        if resolved.id in session.failed:
            raise session.failed[resolved.id]
        if not len(group_ids(session)):
            # Groups are gone and none has changed. Judging no groups would find that there is nothing to judge.
            judgement, found = Judgement(tally=no_groups()), []
        else:
            judgement = judge(session, self.availability, resolved, self.part.texts)
            found = findings_of(session, resolved, judgement)
        return put_together(resolved, self.known[resolved.id], judgement, found, lambda: self.part.places)

    def _abandon(self, resolved: ResolvedRule) -> None:
        """Let go of the session that a rule ran in."""
        if resolved.id in self.known:
            self.part.abandon()
        else:
            self.session = EstateSession(self.data, self.as_of, threads=self.threads)

    def result(self) -> RunResult:
        """Return the whole result, findings sorted by rule and then by subject."""
        ruleset = self.ruleset
        self.findings += [attestation_finding(attestation) for attestation in ruleset.attestations]
        self.findings.sort(key=lambda finding: (finding.rule, finding.subject.id, finding.fingerprint))
        # In the order of the rule set, whatever order they were judged in.
        broken = sorted(self.broken, key=lambda item: item[0])
        self.problems = [problem for _, problem in broken] + self.problems
        if self.as_of > self.data.as_of:
            self.problems.append(
                Problem(
                    code="engine.as-of-after-data",
                    what=say("engine.as-of-after", data=self.data.as_of.astimezone(self.timezone).isoformat()),
                    why=say("engine.as-of-after-why"),
                    fix=say("engine.as-of-after-fix"),
                )
            )
        if not self.data.rows.get("groups", 0):
            # Nothing was found because nothing was there to look at: that must not read as "all is well".
            self.problems.append(
                Problem(
                    code="engine.no-groups",
                    what=say("engine.no-groups"),
                    why=say("engine.no-groups-why"),
                    fix=say("engine.no-groups-fix"),
                )
            )
        return RunResult(
            ruleset=ruleset.name,
            ruleset_title=ruleset.title,
            ruleset_hash=ruleset.hash,
            snapshot=self.data.id,
            # By way of UTC: a time that the clocks skipped has the offset that it really had.
            as_of=self.as_of.astimezone(UTC).astimezone(self.timezone),
            timezone=self.data.timezone,
            engine_version=__version__,
            code=code_parts(ruleset),
            findings=tuple(self.findings),
            outcomes=tuple(sorted(self.outcomes, key=lambda outcome: outcome.rule)),
            clauses=clause_results(ruleset, self.outcomes, self.findings),
            problems=tuple(self.problems),
            counts={name: self.data.rows.get(name, 0) for name in _COUNTED},
        )


_COUNTED = ("departments", "people", "groups", "memberships", "messages")


def _what_broke(error: Exception) -> Text:
    """Say why a rule failed without quoting any data: database errors repeat the values they choke on."""
    if isinstance(error, RuleTimeoutError):
        return say_both("engine.timeout", seconds=str(error))
    if isinstance(error, (BrokenRuleError, BadPatternError)):
        return say_both("engine.broken", what=str(error))
    if isinstance(error, (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)):
        # These speak of names in the SQL, which is the rule's own text.
        return say_both("engine.sql", what=str(error).splitlines()[0])
    return say_both(
        "engine.raised", kind=type(error).__name__, place=_last_place(traceback.extract_tb(error.__traceback__))
    )


def _last_place(frames: Iterable[traceback.FrameSummary]) -> str:
    """Return ``file:line`` of the innermost frame that is not the engine's own."""
    place = "?"
    for frame in frames:
        path = Path(frame.filename)
        if path.parent != Path(__file__).parent or place == "?":
            place = f"{path.name}:{frame.lineno}"
    return place
