"""Write the counts of a result as Prometheus text, for alerts and dashboards; never a group's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from policycore.language import Language
from policycore.model.result import RunResult
from policycore.model.verdict import Severity
from policycore.reports.summary import OPEN_VERDICTS, summarize
from policycore.reports.words import safe

__all__ = ["PrometheusReport"]


@dataclass(frozen=True, slots=True)
class PrometheusReport:
    """Write gauges; `finished` is the wall clock's time of the run, left out when None.

    `last_success` is when a complete run last ended; without it a complete run is its own.
    """

    finished: datetime | None = None
    last_success: datetime | None = None
    expected_every: float | None = None
    name: str = "prom"
    suffix: str = ".prom"
    media_type: str = "text/plain; version=0.0.4"
    is_text: bool = True

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:  # noqa: ARG002 - for machines
        """Write the report; `language` changes nothing."""
        for line in self._lines(result):
            stream.write(f"{line}\n".encode())

    def _lines(self, result: RunResult) -> Iterator[str]:
        """Yield the metrics one after another."""
        summary = summarize(result)
        shown = [finding for finding in result.findings if finding.verdict in OPEN_VERDICTS]
        yield from _metric(
            "policycore_info",
            "What was checked with what.",
            {
                (
                    ("decisions_hash", result.decisions_hash),
                    ("engine_code", result.engine_code),
                    ("evidence_key", result.evidence_key),
                    ("ruleset", result.ruleset),
                    ("ruleset_hash", result.ruleset_hash),
                    ("snapshot", result.snapshot),
                    ("version", result.engine_version),
                ): 1
            },
        )
        yield from _metric(
            "policycore_findings",
            "Violations by severity.",
            {(("severity", severity.value),): summary.by_severity[severity.value] for severity in Severity},
        )
        rules: Counter[_Labels] = Counter(
            (("name", f.name), ("rule", f.rule), ("severity", f.severity.value), ("verdict", f.verdict.value))
            for f in shown
        )
        yield from _metric("policycore_rule_findings", "Open findings by rule.", rules)
        clauses: Counter[_Labels] = Counter(
            (("clause", clause), ("severity", f.severity.value)) for f in shown for clause in f.clauses
        )
        for clause in result.clauses:
            if clause.covered and not any(labels[0][1] == clause.id for labels in clauses):
                clauses[(("clause", clause.id), ("severity", "error"))] = 0
        yield from _metric(
            "policycore_clause_findings", "Open findings by clause; clauses nobody checks have none.", clauses
        )
        yield from _metric(
            "policycore_verdicts",
            "Judged subjects by verdict.",
            {(("verdict", verdict),): count for verdict, count in summary.by_verdict.items()},
        )
        yield from _metric(
            "policycore_missing_data",
            "Verdicts that one missing field of one source would settle by itself.",
            {(("field", item.field), ("source", item.source or "")): item.settles for item in summary.missing},
        )
        yield from _metric(
            "policycore_estate_size",
            "Rows of the estate by table.",
            {(("table", table),): count for table, count in sorted(result.counts.items())},
        )
        yield from _metric(
            "policycore_problems", "Problems that make the result incomplete.", {(): len(result.problems)}
        )
        yield from _metric(
            "policycore_as_of_timestamp_seconds", "Time that the result speaks of.", {(): result.as_of.timestamp()}
        )
        yield from _metric(
            "policycore_evaluation_seconds",
            "Time that the rules took.",
            {(): round(sum(outcome.seconds for outcome in result.outcomes), 6)},
        )
        if self.finished is not None:
            yield from _metric(
                "policycore_last_run_timestamp_seconds", "When a run last ended.", {(): self.finished.timestamp()}
            )
        success = self.last_success
        if success is None and not result.problems:
            success = self.finished
        if success is not None:
            yield from _metric(
                "policycore_last_success_timestamp", "When a run last ended complete.", {(): success.timestamp()}
            )
        if self.expected_every is not None:
            yield from _metric(
                "policycore_expected_interval_seconds", "After how long the next run is due.", {(): self.expected_every}
            )


_Labels = tuple[tuple[str, str], ...]


def _metric(name: str, about: str, samples: Mapping[_Labels, float] | Counter[_Labels]) -> Iterator[str]:
    """Yield one gauge with its samples, sorted by label values."""
    if not samples:
        return
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} gauge"
    for labels in sorted(samples):
        shown = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels)
        value = samples[labels]
        yield f"{name}{{{shown}}} {value}" if shown else f"{name} {value}"


def _escaped(value: str) -> str:
    """Return a label's value with the three characters escaped that the format reserves."""
    return safe(value, 200).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
