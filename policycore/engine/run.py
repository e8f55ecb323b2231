"""Evaluate a rule set over an estate: every rule in turn, a broken one never stops the rest.

The engine calls nobody: an `Evaluation` yields what happens, and whoever iterates it shows progress, keeps a
budget, or stops. `evaluate` is for those who want nothing but the result.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from policycore import __version__
from policycore.engine.broken import what_broke
from policycore.engine.buckets import Executor, SharedWork, buckets_of, is_parted, put_together
from policycore.engine.code import code_parts
from policycore.engine.expected import expected_tables
from policycore.engine.found.attestations import attestation_findings
from policycore.engine.found.columns import found_rows
from policycore.engine.found.without_rows import error_finding, rest_finding
from policycore.engine.judging.gaps import gaps_of
from policycore.engine.judging.judge import judge
from policycore.engine.judging.judgement import Judgement
from policycore.engine.judging.needs import Knowledge
from policycore.engine.ledger import clause_results
from policycore.engine.limit import RuleAbandonedError, run_limited, seconds_for
from policycore.engine.session import EstateData, EstateSession
from policycore.engine.texts import TextPass
from policycore.errors import Problem, RuleSetError
from policycore.language import say
from policycore.model.findings import Findings
from policycore.model.found import FoundRows
from policycore.model.gap import Gap
from policycore.model.result import Finding, RuleOutcome, RunResult
from policycore.model.schema import declared, own_columns
from policycore.model.verdict import Verdict
from policycore.rulesets.resolved import PolicyDocument, ResolvedRule, ResolvedRuleSet
from policycore.system.deadline import last_resort
from policycore.system.process import collector_paused
from policycore.system.speech import captured
from policycore.system.traces import trace_lines
from policycore.text.shown import key_id, shown_words
from policycore.yaml.own_columns import differing

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot

__all__ = ["BucketJudged", "Evaluation", "Event", "RuleJudged", "RuleStarted", "evaluate"]

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class RuleStarted:
    """A rule whose turn has come, after `done` of the `total` rules of the set."""

    rule: ResolvedRule
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RuleJudged:
    """What one rule said; `problem` says why, where it broke, and `trace` where in its code.

    `raised` is what its code raised, in the error's own words: for the author of the rule, for it may quote data.
    """

    rule: ResolvedRule
    outcome: RuleOutcome
    found: FoundRows | None = None
    """What it found in the data; None where it broke, or found nothing."""
    loose: tuple[Finding, ...] = ()
    """That it broke, or that it found more than is listed."""
    gaps: tuple[Gap, ...] = ()
    problem: Problem | None = None
    trace: tuple[str, ...] = ()
    raised: str = ""


@dataclass(frozen=True, slots=True)
class BucketJudged:
    """A bucket of groups that came back judged from elsewhere, the `done`-th of `total`."""

    done: int
    total: int


Event = RuleStarted | RuleJudged | BucketJudged


def evaluate(
    estate: Snapshot | EstateData,
    ruleset: ResolvedRuleSet,
    *,
    as_of: datetime | None = None,
    threads: int | None = None,
    time_limit: float | None = None,
    evidence_key: bytes | None = None,
) -> RunResult:
    """Return the result of `ruleset` over `estate`; see `Evaluation`."""
    with Evaluation(
        estate, ruleset, as_of=as_of, threads=threads, time_limit=time_limit, evidence_key=evidence_key
    ) as evaluation:
        return evaluation.finish()


class Evaluation:
    """One run of `ruleset` over `estate` as of `as_of` (the estate's own time when None), in a ``with`` block.

    Iterate it for a `RuleStarted` and a `RuleJudged` of every rule, then ask for its `result`:

        with Evaluation(snapshot, ruleset) as evaluation:
            for event in evaluation:
                ...
                if isinstance(event, RuleJudged) and time.monotonic() > ends:
                    break
            result = evaluation.result()

    Who stops iterating, or is interrupted by a KeyboardInterrupt, gets a result that is cut: it holds what was judged
    so far and names the other rules as `RunResult.unreached`. Iterating again goes on where it stopped; `move_to`
    begins anew at another moment, without opening the estate again.

    `time_limit` is the most seconds any rule may take; None leaves each rule its own limit.
    `evidence_key` is the workspace's secret for keyed hashes of texts that must not be kept.
    `executor` shares out, in buckets, the rules that judge a snapshot group by group: they come after all others.
    Raises RuleSetError where both declare an own column, and not alike.
    The result depends on nothing else: same inputs, same result, whatever `threads` is.
    """

    def __init__(
        self,
        estate: Snapshot | EstateData,
        ruleset: ResolvedRuleSet,
        *,
        as_of: datetime | None = None,
        threads: int | None = None,
        time_limit: float | None = None,
        evidence_key: bytes | None = None,
        executor: Executor | None = None,
    ) -> None:
        data = estate if isinstance(estate, EstateData) else EstateData.from_snapshot(estate)
        own, wrong = differing([*data.own, *ruleset.own])
        if wrong:
            raise RuleSetError(*wrong)
        self.data = replace(data, own=own)
        self.ruleset = ruleset
        self.as_of = as_of or self.data.as_of
        self.threads = threads
        self.time_limit = time_limit
        self.evidence_key = evidence_key
        self._place = None if isinstance(estate, EstateData) else estate.address or estate.folder.absolute()
        self._executor = executor
        self._elsewhere: dict[str, Judgement] = {}
        self._judged: dict[str, RuleJudged] = {}
        self._lasting: set[str] = set()
        """Those of the rules whose judgement lasts as long as nothing in the data begins or ends."""
        self._stack = ExitStack()

    def __enter__(self) -> Evaluation:
        """Open the estate, and let no garbage be collected: what rules find is none."""
        self._stack.enter_context(collector_paused())
        self._stack.enter_context(declared(self.data.own))
        self._stack.callback(lambda: self._session.close())
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[Event]:
        """Yield what happens while the rules that were not judged yet are judged, in the order of the rule set."""
        left = [rule for rule in self.ruleset.rules if rule.id not in self._judged]
        executor, place = self._executor, self._place
        shared = [rule for rule in left if is_parted(rule.rule)]
        buckets = buckets_of(self._session, executor.workers) if executor and place and shared else []
        if executor is None or place is None or not buckets:
            yield from self._each(left)
            return
        # What only reports say of the rule set stays here.
        ruleset = replace(self.ruleset, rules=tuple(shared), document=PolicyDocument(), attestations=(), origins=())
        work = SharedWork(place, self.data.id, ruleset, self.as_of, self.time_limit, self.evidence_key)
        answers = executor.judge(work, buckets)
        here = [rule for rule in left if rule not in shared]
        self._texts = TextPass(here, self.evidence_key)
        yield from self._each(here)
        said: list[Mapping[str, Judgement]] = [{}] * len(buckets)
        for done, (number, answer) in enumerate(answers, 1):
            said[number] = answer
            yield BucketJudged(done, len(buckets))
        together = {rule.id: put_together(rule.rule, [one.get(rule.id) for one in said]) for rule in shared}
        self._elsewhere = {name: one for name, one in together.items() if one is not None}
        self._texts = TextPass([rule for rule in shared if rule.id not in self._elsewhere], self.evidence_key)
        yield from self._each(shared)

    def _each(self, rules: Sequence[ResolvedRule]) -> Iterator[Event]:
        """Yield what happens while `rules` are judged."""
        for rule in rules:
            yield RuleStarted(rule, len(self._judged), len(self.ruleset.rules))
            yield self._judge(rule)

    def judgements(self) -> dict[str, Judgement]:
        """Return by rule what each says that does not break: what breaks here breaks again where all is judged."""
        said = {}
        for rule in self.ruleset.rules:
            began = time.perf_counter()
            with suppress(Exception):
                said[rule.id] = self._held(rule, partial(self._judgement, rule))
                said[rule.id].seconds = time.perf_counter() - began
        return said

    def finish(self) -> RunResult:
        """Judge every rule that is left and return the result."""
        for _ in self:
            pass
        return self.result()

    def move_to(self, as_of: datetime) -> None:
        """Begin anew as of another moment: every rule is to be judged again that may say something else then."""
        self.as_of = as_of
        if self._session.move_to(as_of):
            self._judged = {name: self._judged[name] for name in self._lasting & self._judged.keys()}
            return
        self._judged.clear()
        self._lasting.clear()
        self._texts.begin_anew()
        self._learn()

    def _open(self) -> None:
        """Open the estate."""
        self._session = EstateSession(self.data, self.as_of, threads=self.threads, evidence_key=self.evidence_key)
        self._learn()
        self._texts = self._new_texts()

    def _learn(self) -> None:
        """Find out what the estate knows, and by it who belongs in which group."""
        self._knowledge = Knowledge(self._session)
        self._session.offer_expected(expected_tables(self.ruleset.memberships, self._knowledge))

    def _new_texts(self) -> TextPass:
        """Return what will scan the texts as they stand at the present moment."""
        return TextPass(self.ruleset.rules, self.evidence_key)

    def _judge(self, resolved: ResolvedRule) -> RuleJudged:
        """Judge one rule, keep what it said, or that it broke, and return it."""
        began = time.perf_counter()
        judgement = Judgement()
        found: FoundRows | None = None
        loose: tuple[Finding, ...] = ()
        problem: Problem | None = None
        trace: tuple[str, ...] = ()
        raised = ""
        self._session.asked_moment = False
        self._lasting.discard(resolved.id)
        try:
            judgement, found = self._held(resolved, partial(self._one, resolved))
            if not self._session.asked_moment:
                self._lasting.add(resolved.id)
        except Exception as error:  # whatever a rule raises becomes its error verdict
            trace, raised = tuple(trace_lines(error.__cause__ or error)), shown_words(error.__cause__ or error)
            what = what_broke(resolved, error)
            judgement, found, loose = Judgement(), None, (error_finding(resolved, what),)
            problem = Problem(
                code="engine.rule-failed",
                what=f"{resolved.name}: {what}",
                why=say("engine.why-incomplete"),
                fix=say("engine.fix-incomplete"),
                place=resolved.place,
            )
        verdicts = Counter(finding.verdict for finding in loose)
        if found is not None:
            verdicts.update(map(Verdict, found.columns["verdict"]))
        if judgement.unlisted:
            # One finding stands for the rest; the counts cover them all.
            loose = (rest_finding(resolved, judgement.unlisted),)
            verdicts[resolved.rule.verdict] += judgement.unlisted
        verdicts[Verdict.PASS] = max(0, judgement.passes)
        verdicts[Verdict.NOT_APPLICABLE] = judgement.not_applicable
        gaps = gaps_of(resolved, judgement.gaps, self.evidence_key)
        verdicts[Verdict.UNKNOWN] = sum(gap.count for gap in gaps)
        outcome = RuleOutcome(
            rule=resolved.id,
            name=resolved.name,
            clauses=resolved.clauses,
            verdicts={verdict: verdicts[verdict] for verdict in Verdict if verdicts[verdict]},
            seconds=time.perf_counter() - began + judgement.seconds,
            rows=judgement.rows,
        )
        # In one step: whatever interrupts before it leaves the rule unjudged.
        judged = self._judged[resolved.id] = RuleJudged(
            resolved, outcome, found, loose, tuple(gaps), problem, trace, raised
        )
        return judged

    def _held(self, resolved: ResolvedRule, work: Callable[[], Done]) -> Done:
        """Return what `work` returns, held to what a rule may take and do; raises what it raises, or how it overran."""
        seconds = self.time_limit or seconds_for(resolved.rule, self._session)
        # After twice the limit nothing in this process can stop the rule any more.
        hung = say("engine.hung", rule=resolved.name, seconds=f"{seconds:g}")
        try:
            with captured(resolved.name), last_resort(2 * seconds + 10, hung):
                return run_limited(work, self._session, seconds)
        except RuleAbandonedError:
            # Its thread may still hold the connection; nothing else may use that one again.
            self._open()
            raise

    def _judgement(self, resolved: ResolvedRule) -> Judgement:
        """Judge one rule and return what it says."""
        return judge(self._session, self._knowledge, resolved, self._texts)

    def _one(self, resolved: ResolvedRule) -> tuple[Judgement, FoundRows | None]:
        """Return what one rule says, here or elsewhere, and the columns of what it found."""
        judgement = self._elsewhere.pop(resolved.id, None) or self._judgement(resolved)
        return judgement, found_rows(self._session, resolved, judgement.hits) if judgement.hits.num_rows else None

    def result(self) -> RunResult:
        """Return what was judged so far, findings sorted by rule and then by subject; cut unless that is every rule."""
        ruleset, timezone = self.ruleset, ZoneInfo(self.data.timezone)
        judged = [self._judged[rule.id] for rule in ruleset.rules if rule.id in self._judged]
        # By way of UTC: a time that the clocks skipped has the offset that it really had.
        as_of = self.as_of.astimezone(UTC).astimezone(timezone)
        asked = [one for entry in ruleset.attestations for one in attestation_findings(self._session, entry)]
        findings = Findings(
            rows=tuple(sorted((one.found for one in judged if one.found), key=lambda found: found.texts.rule)),
            loose=(*(finding for one in judged for finding in one.loose), *asked),
            as_of=as_of,
            timezone=self.data.timezone,
        )
        outcomes = sorted((one.outcome for one in judged), key=lambda outcome: outcome.rule)
        unreached = tuple(rule.name for rule in ruleset.rules if rule.id not in self._judged)
        broken = (one.problem for one in judged if one.problem is not None)
        return RunResult(
            ruleset=ruleset.name,
            ruleset_title=ruleset.title,
            ruleset_hash=ruleset.hash,
            snapshot=self.data.id,
            as_of=as_of,
            timezone=self.data.timezone,
            engine_version=__version__,
            code=code_parts(ruleset),
            findings=findings,
            gaps=tuple(sorted((gap for one in judged for gap in one.gaps), key=attrgetter("key"))),
            outcomes=tuple(outcomes),
            clauses=clause_results(ruleset, outcomes, asked),
            problems=(*broken, *self._doubts(outcomes, unreached, timezone)),
            counts={name: self.data.rows.get(name, 0) for name in _COUNTED},
            unreached=unreached,
            evidence_key="" if self.evidence_key is None else key_id(self.evidence_key),
            notes=tuple(self._notes()),
            document=ruleset.document.title,
            own=own_columns(),
        )

    def _notes(self) -> Iterator[Problem]:
        """Yield what a reader should know of the estate: rows that came after the moment were not looked at."""
        later = self._session.later_rows()
        if later:
            rows = "; ".join(f"{table} {number}" for table, number in later.items())
            yield _doubt("later-rows", rows=rows)
        if self.data.withheld:
            yield _doubt("not-kept", fields=", ".join(self.data.withheld))

    def _doubts(
        self, outcomes: Sequence[RuleOutcome], unreached: tuple[str, ...], timezone: ZoneInfo
    ) -> Iterator[Problem]:
        """Yield what makes the result less than it seems, though no rule broke."""
        if unreached:
            some = say("text.and").join(unreached[:_MOST_NAMED]) + ("…" if len(unreached) > _MOST_NAMED else "")
            yield _doubt("cut", count=len(unreached), rules=some)
        if self.as_of > self.data.as_of:
            yield _doubt("as-of-after-data", data=f"{self.data.as_of.astimezone(timezone):%Y-%m-%d %H:%M}")
        if not self.data.rows.get("groups", 0):
            # Nothing was found because nothing was there to look at: that must not read as "all is well".
            yield _doubt("no-groups")
        elif not unreached and all(set(outcome.verdicts) <= {Verdict.NOT_APPLICABLE} for outcome in outcomes):
            yield _doubt("nothing-judged", rules=len(outcomes))


def _doubt(key: str, **values: object) -> Problem:
    """Return a problem whose sentences stand under `key`."""
    key = f"engine.{key}"
    return Problem(key, say(key, **values), say(f"{key}-why"), say(f"{key}-fix"))


_COUNTED = ("departments", "people", "groups", "memberships", "messages")
_MOST_NAMED = 10
"""Rules that a run did not reach that are named; how many there are is told as well."""
