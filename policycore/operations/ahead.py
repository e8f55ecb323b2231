"""Judge one estate at later and later times, each rule only when time can have changed what it says.

Between two times at which no row begins, ends or changes, a rule that does not read the as-of time says the
same; one that does says when it may not (`Rule.turns`), or is judged every time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from policycore.engine.limit import run_limited
from policycore.engine.pace import JudgedRule
from policycore.engine.run import evaluate_data
from policycore.engine.session import EstateData, EstateSession
from policycore.estate.views import moving_columns
from policycore.model.result import RunResult
from policycore.operations.rule_inputs import reads_time
from policycore.plugin_api.rule import Query, Rule
from policycore.rulesets.resolved import ResolvedRule, ResolvedRuleSet

__all__ = ["Ahead"]

Settle = Callable[[RunResult], RunResult]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Ahead:
    """Return results as of ever later times up to `end`.

    `settle` applies decisions to a result. `granted` are the fingerprints of findings whose facts a decision rests
    on: a rule that speaks of one of them is judged every time, for facts pass that no verdict shows. With
    `every_rule` all are. What is recalled has the verdicts of the time asked for, and the facts of an earlier one;
    see `exactly`.
    """

    def __init__(
        self,
        data: EstateData,
        ruleset: ResolvedRuleSet,
        end: datetime,
        *,
        settle: Settle = lambda result: result,
        granted: frozenset[str] = frozenset(),
        evidence_key: bytes | None = None,
        every_rule: bool = False,
    ) -> None:
        self.data = data
        self.ruleset = ruleset
        self.end = end
        self.settle = settle
        self.granted = granted
        self.evidence_key = evidence_key
        self.every_rule = every_rule
        self.judged = 0
        """How many times a rule was judged."""
        self._answers: dict[str, JudgedRule] = {}
        self._turns: dict[str, list[datetime] | None] = {}
        """By rule that reads the as-of time, when its answer may change; None where nobody knows."""
        self._moves: list[datetime] | None = None
        self._last: datetime | None = None
        self._fresh: set[str] = set()
        """Rules whose answer is that of the time asked for last, facts and all."""
        self._unsettled: RunResult | None = None

    def __call__(self, moment: datetime) -> RunResult:
        """Return the result as of `moment`, which is no earlier than the one asked for before; decisions applied."""
        anew = self._anew(moment)
        self._fresh = set()
        result = self._judge(moment, anew)
        told = {
            finding.rule
            for finding in result.findings
            if not self.granted.isdisjoint((finding.fingerprint, *finding.former))
        }
        passing = (told & self._turns.keys()) - anew
        if passing:
            result = self._judge(moment, passing)
        self._unsettled = result
        if anew >= {resolved.id for resolved in self.ruleset.rules}:
            self._look_ahead(moment)
        self._last = moment
        return self.settle(result)

    def exactly(self, moment: datetime, rules: Collection[str]) -> RunResult:
        """Return the result as of `moment`, the one asked for last, with the facts of `rules` as they are then."""
        stale = set(rules) - self._fresh
        if stale or self._unsettled is None:
            self._unsettled = self._judge(moment, stale)
        return self.settle(self._unsettled)

    def _anew(self, moment: datetime) -> set[str]:
        """Return the rules whose answer may have changed since the time asked for last."""
        every = {resolved.id for resolved in self.ruleset.rules}
        if self._last is None or self.every_rule or self._moves is None:
            return every
        if _between(self._moves, self._last, moment):
            return every
        changed = {rule for rule, turns in self._turns.items() if turns is None or _between(turns, self._last, moment)}
        return changed | (every - self._answers.keys())

    def _judge(self, moment: datetime, anew: set[str]) -> RunResult:
        """Judge the rules in `anew`, take the others as they were."""
        known = {rule: answer for rule, answer in self._answers.items() if rule not in anew}
        pace = _Recalling(known)
        result = evaluate_data(self.data, self.ruleset, as_of=moment, evidence_key=self.evidence_key, pace=pace)
        self.judged += len(pace.said)
        self._fresh |= pace.said.keys()
        for resolved in self.ruleset.rules:
            said = pace.said.get(resolved.id)
            if said is not None and resolved.id not in pace.broke:
                self._answers[resolved.id] = said
                if reads_time(resolved, (*said.asked, *resolved.rule.shared.values())):
                    self._turns.setdefault(resolved.id, None)
            elif said is not None:
                # Nobody knows what it would have asked: it is judged every time.
                self._answers.pop(resolved.id, None)
        return result

    def _look_ahead(self, moment: datetime) -> None:
        """Learn when rows begin, end and change from `moment` on, and when rules may then say something else."""
        if self.every_rule:
            return
        with EstateSession(self.data, moment) as session:
            if self._moves is None:
                self._moves = self._times(session, _moving(self.data), {})
            by_id = {resolved.id: resolved for resolved in self.ruleset.rules}
            for rule in self._turns:
                self._turns[rule] = self._turns_of(session, by_id[rule])

    def _turns_of(self, session: EstateSession, resolved: ResolvedRule) -> list[datetime] | None:
        """Return when a rule says that its answer may change; None where it does not say or fails to."""
        rule = resolved.rule
        if type(rule).turns is Rule.turns or reads_time(resolved, ()):
            return None

        def ask() -> list[datetime] | None:
            query = rule.turns(session, resolved.params)
            return self._times(session, query.sql, query.values) if isinstance(query, Query) else None

        try:
            return run_limited(ask, session, rule.time_limit)
        except Exception:
            # Without an answer the rule is judged every time, which is slow and right.
            return None

    def _times(self, session: EstateSession, sql: str, values: Mapping[str, object]) -> list[datetime]:
        """Return the times in the one column of a query, from the session's moment to the end, sorted."""
        span = {"policycore_begin": session.moment, "policycore_end": self.end}
        turns = f"SELECT DISTINCT epoch_us(turn) AS turn FROM (\n{sql}\n) AS asked(turn)"  # noqa: S608 - the rule's own
        within = f"{turns} WHERE turn BETWEEN $policycore_begin AND $policycore_end"
        table = session.arrow(within, {**values, **span}, own=True)
        return sorted(_EPOCH + timedelta(microseconds=turn) for turn in table.column("turn").to_pylist())


class _Recalling:
    """Recall what is known, and remember what is judged."""

    def __init__(self, known: Mapping[str, JudgedRule]) -> None:
        self.known = known
        self.said: dict[str, JudgedRule] = {}
        self.broke: set[str] = set()

    def recall(self, resolved: ResolvedRule) -> JudgedRule | None:
        """Return what is known of one rule."""
        return self.known.get(resolved.id)

    def order(self, rules: Sequence[ResolvedRule]) -> Sequence[ResolvedRule]:
        """Return the rules as they are."""
        return rules

    def stop(self) -> bool:
        """Return False."""
        return False

    def judged(self, resolved: ResolvedRule, judged: JudgedRule, *, recalled: bool, broke: bool) -> None:
        """Remember what was judged."""
        if not recalled:
            self.said[resolved.id] = judged
        if broke:
            self.broke.add(resolved.id)


def _moving(data: EstateData) -> str:
    """Return a SELECT of every time at which a row begins, ends or changes."""
    parts = [
        f'SELECT "{column}" FROM raw.{table}'  # noqa: S608 - names of the model
        for table, columns in moving_columns().items()
        for column in columns
        if column in data.columns.get(table, ())
    ]
    return " UNION ALL ".join(parts) or "SELECT NULL::TIMESTAMPTZ"


def _between(times: Sequence[datetime], begin: datetime, end: datetime) -> bool:
    """Return whether one of the sorted `times` lies from `begin` to `end`."""
    place = bisect_left(times, begin)
    return place < len(times) and times[place] <= end
