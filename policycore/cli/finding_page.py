"""Lay out what there is to know about one kept finding: what, why by which clause, since when, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from policycore.language import say
from policycore.reports.words import listed, moment, responsible_words, safe, step_words, subject_words
from policycore.text.width import wrap

if TYPE_CHECKING:
    from policycore.model.result import RunResult
    from policycore.plugin_api.rule import Rule
    from policycore.store.history import FindingHistory

__all__ = ["FindingPage"]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """Write the page of one finding in `columns` cells.

    `run` is the newest run without its findings; `rule` is None where it is no longer installed;
    `parameters` are those the rule had in that run.
    """

    life: FindingHistory
    run: RunResult
    rule: Rule | None
    parameters: Mapping[str, object]
    columns: int

    def lines(self) -> Iterator[str]:
        """Yield the page line by line."""
        finding = self.life.finding
        state = say(f"store.state.{self.life.state}")
        yield from wrap(f"{finding.id}  {safe(finding.title.in_language())}  [{state}]", self.columns)
        yield from self._field("subject", subject_words(finding.subject))
        yield from self._field("responsible", responsible_words(finding))
        severity, verdict = say(f"reports.severity.{finding.severity.value}"), finding.verdict.value
        yield from self._field("verdict", f"{say(f'reports.verdict.{verdict}')} · {severity}")
        yield from self._field("says", safe(finding.message.in_language()))
        texts = {clause.id: clause.text for clause in self.run.clauses}
        for clause in finding.clauses:
            yield from self._field("clause", safe(f"{clause} {texts.get(clause, '')}".strip()))
        if self.rule is not None:
            yield from self._field("why", self.rule.explanation.in_language())
        yield from self._field("rule", f"{finding.name} · {safe(self.run.ruleset, 80)}")
        yield from self._pairs("parameters", self.parameters)
        yield from self._pairs("facts", finding.facts)
        if finding.source is not None:
            yield from self._field("source", f"{safe(finding.source.file)}:{finding.source.row}")
        for step in finding.remediation:
            yield from self._field("step", step_words(step))
        if finding.decision is not None:
            decided = finding.decision
            words = (decided.id, decided.reason, decided.text, decided.decided_by, moment(decided.until))
            yield from self._field("decision", " · ".join(safe(word, 200) for word in words if word))
        yield from self._happenings()

    def _happenings(self) -> Iterator[str]:
        """Yield every change of state with its reason."""
        zone = ZoneInfo(self.run.timezone)
        for item in self.life.happenings:
            state, reason = say(f"store.state.{item.state}"), say(f"store.reason.{item.reason}")
            by = f" ({safe(item.decided_by, 80)})" if item.decided_by else ""
            yield from self._field("state", f"{moment(item.at.astimezone(zone))}  #{item.run}  {state}: {reason}{by}")

    def _pairs(self, key: str, values: Mapping[str, object]) -> Iterator[str]:
        """Yield named values in one paragraph."""
        yield from self._field(key, ", ".join(f"{name} = {_shown(value)}" for name, value in values.items()))

    def _field(self, key: str, text: str) -> Iterator[str]:
        """Yield a labelled paragraph; nothing where there is nothing to say."""
        if text:
            lines = wrap(f"{say(f'cli.finding.{key}')}: {text}", self.columns - 2)
            yield f"  {lines[0]}"
            yield from (f"    {line}" for line in lines[1:])


def _shown(value: object) -> str:
    """Return a value as a person writes it; of a list its items, of none that there are none."""
    if isinstance(value, (list, tuple)):
        return listed([safe(item, 80) for item in value]) or say("cli.explain.none")
    return safe(value, 200)
