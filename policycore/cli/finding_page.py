"""Lay out what there is to know about one kept finding: what, why by which clause, since when, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from policycore.language import Text, say
from policycore.reports.words import (
    decision_words,
    facts_words,
    listed,
    moment,
    responsible_words,
    safe,
    step_words,
    subject_words,
)
from policycore.store.lives.life_cycle import ACTIVE
from policycore.text.width import wrap

if TYPE_CHECKING:
    from policycore.model.result import RunResult
    from policycore.plugin_api.rule import Rule
    from policycore.store.lives.history import FindingHistory

__all__ = ["FindingPage"]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """The page of one finding in `columns` cells.

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
        for key, text in self._fields():
            if text:
                first, *others = wrap(f"{say(f'cli.finding.{key}')}{say('reports.colon')}{text}", self.columns - 2)
                yield f"  {first}"
                yield from (f"    {line}" for line in others)

    def _fields(self) -> Iterator[tuple[str, str]]:
        """Yield label and text of each paragraph; where there is nothing to say the text is empty."""
        finding = self.life.finding
        severity, verdict = say(f"model.severity.{finding.severity}"), say(f"reports.verdict.{finding.verdict}")
        texts = {clause.id: clause.text for clause in self.run.clauses}
        yield from (
            ("subject", subject_words(finding.subject)),
            ("responsible", responsible_words(finding)),
            ("verdict", f"{verdict} · {severity}"),
            ("says", safe(finding.says.in_language())),
            *(("clause", safe(f"{clause} {texts.get(clause, '')}".strip())) for clause in finding.clauses),
            ("why", self.rule.explanation.in_language() if self.rule else ""),
            ("rule", f"{finding.name} · {safe(self.run.ruleset, 80)}"),
            ("parameters", self._pairs(self.parameters, self.rule.fact_labels if self.rule else {})),
            ("facts", self._pairs(finding.facts, finding.labels)),
            ("source", safe(str(finding.source)) if finding.source else ""),
            *(("step", step_words(step, is_open=self.life.state in ACTIVE)) for step in finding.remediation),
            ("decision", decision_words(finding)),
        )
        zone = ZoneInfo(self.run.timezone)
        for item in self.life.happenings:
            state, reason = say(f"store.state.{item.state}"), say(f"store.reason.{item.reason}")
            by = f" ({safe(item.decided_by, 80)})" if item.decided_by else ""
            yield "state", f"{moment(item.at.astimezone(zone))}  #{item.run}  {state}{say('reports.colon')}{reason}{by}"

    def _pairs(self, values: Mapping[str, object], labels: Mapping[str, Text]) -> str:
        return listed([f"{label} = {shown}" for label, shown in facts_words(values, labels)])
