"""Write the counts of results as Prometheus text, for alerts and dashboards; never a group's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from policycore.language import Language
from policycore.model.result import RunResult
from policycore.model.verdict import Severity, Verdict
from policycore.reports.summary import OPEN_VERDICTS, summarize
from policycore.reports.words import safe

__all__ = ["Family", "Labels", "PrometheusReport", "metric_lines"]

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Samples of one name, by their labels."""

    name: str
    about: str
    samples: Mapping[Labels, float]
    kind: str = "gauge"


@dataclass(frozen=True, slots=True)
class PrometheusReport:
    """A report of what one result counts, each sample with the labels `ruleset` and, where one is given, `estate`.

    What is zero is written as zero: an alert on a sample that is not there never fires. `finished` is the wall clock's
    time of the run, left out when None. `last_success` is when a complete run last ended; without it a complete run is
    its own, and an incomplete one says 0: never. `unchanged` says whether the run before judged the same data.
    """

    finished: datetime | None = None
    last_success: datetime | None = None
    expected_every: float | None = None
    estate: str = ""
    unchanged: bool | None = None
    name: str = "prom"
    suffix: str = ".prom"
    media_type: str = "text/plain; version=0.0.4"
    is_text: bool = True

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:  # noqa: ARG002 - for machines
        """Write the report; `language` changes nothing."""
        for line in metric_lines(self.families(result)):
            stream.write(f"{line}\n".encode())

    def families(self, result: RunResult) -> Iterator[Family]:
        """Yield what the result counts, each sample with the labels of all."""
        common = (("estate", self.estate),) if self.estate else ()
        for family in self._families(result):
            samples = {
                tuple(sorted((*common, ("ruleset", result.ruleset), *own))): count
                for own, count in family.samples.items()
            }
            yield Family(family.name, family.about, samples, family.kind)

    def _families(self, result: RunResult) -> Iterator[Family]:
        """Yield what the result counts."""
        summary = summarize(result)
        shown = {kind: count for kind, count in summary.findings.kinds.items() if kind.verdict in OPEN_VERDICTS}
        names = summary.findings.names
        inputs = {
            "decisions_hash": result.decisions_hash,
            "engine_code": result.engine_code,
            "evidence_key": result.evidence_key,
            "ruleset_hash": result.ruleset_hash,
            "snapshot": result.snapshot,
            "version": result.engine_version,
        }
        yield Family("policycore_info", "What was checked with what.", {tuple(inputs.items()): 1})
        severities: dict[Labels, float] = {
            (("severity", one.value),): summary.by_severity[one.value] for one in Severity
        }
        yield Family("policycore_findings", "Violations by severity.", severities)
        rules = dict.fromkeys((one.name, one.rule) for one in result.outcomes)
        rules |= dict.fromkeys((names[one.rule], one.rule) for one in shown)
        found: Counter[tuple[str, Verdict]] = Counter()
        clauses: Counter[tuple[str, Severity]] = Counter()
        for one, count in shown.items():
            found[one.rule, one.verdict] += count
            clauses.update({(clause, one.severity): count for clause in one.clauses})
        yield Family(
            "policycore_rule_findings",
            "Open findings by rule.",
            {
                (("name", name), ("rule", rule), ("verdict", verdict.value)): found[rule, verdict]
                for name, rule in rules
                for verdict in OPEN_VERDICTS
            },
        )
        covered = {one.id for one in result.clauses if one.covered} | {clause for clause, _ in clauses}
        yield Family(
            "policycore_clause_findings",
            "Open findings by clause; clauses nobody checks have none.",
            {
                (("clause", clause), ("severity", severity.value)): clauses[clause, severity]
                for clause in covered
                for severity in Severity
            },
        )
        yield Family(
            "policycore_verdicts",
            "Judged subjects by verdict.",
            {(("verdict", verdict.value),): summary.by_verdict.get(verdict.value, 0) for verdict in Verdict},
        )
        yield Family(
            "policycore_missing_data",
            "Verdicts that one missing field of one source would settle by itself.",
            {(("field", item.field), ("source", item.source or "")): item.settles for item in summary.missing},
        )
        yield Family(
            "policycore_estate_size",
            "Rows of the estate by table.",
            {(("table", table),): count for table, count in result.counts.items()},
        )
        yield from (Family(name, about, {(): value}) for name, about, value in self._single(result))

    def _single(self, result: RunResult) -> Iterator[tuple[str, str, float]]:
        """Yield what a result has one value of: name, what it is, value."""
        yield "policycore_problems", "Problems that make the result incomplete.", len(result.problems)
        yield "policycore_run_cut", "Whether the run was cut short by its budget or a signal.", result.cut
        yield "policycore_as_of_timestamp_seconds", "Time that the result speaks of.", result.as_of.timestamp()
        seconds = round(sum(outcome.seconds for outcome in result.outcomes), 6)
        yield "policycore_evaluation_seconds", "Time that the rules took.", seconds
        if self.unchanged is not None:
            yield "policycore_data_unchanged", "Whether the run before judged the same data.", self.unchanged
        if self.finished is None:
            return
        yield "policycore_last_run_timestamp_seconds", "When a run last ended.", self.finished.timestamp()
        success = self.last_success or (None if result.problems else self.finished)
        about = "When a run last ended complete, 0 for never."
        yield "policycore_last_success_timestamp_seconds", about, 0 if success is None else success.timestamp()
        if self.expected_every is not None:
            about = "After how long the next run is due."
            yield "policycore_expected_interval_seconds", about, self.expected_every


def metric_lines(families: Iterable[Family]) -> Iterator[str]:
    """Yield families as text; those of one name, of several results, are one family, sorted by labels."""
    together: dict[str, tuple[Family, dict[Labels, float]]] = {}
    for family in families:
        together.setdefault(family.name, (family, {}))[1].update(family.samples)
    for family, samples in together.values():
        if not samples:
            continue
        yield f"# HELP {family.name} {family.about}"
        yield f"# TYPE {family.name} {family.kind}"
        for labels in sorted(samples):
            shown = ",".join(f'{label}="{_escaped(value)}"' for label, value in labels)
            value = samples[labels] + 0  # a truth is 1 or 0
            yield f"{family.name}{{{shown}}} {value}" if shown else f"{family.name} {value}"


def _escaped(value: str) -> str:
    """Return a label's value with the three characters escaped that the format reserves."""
    return safe(value, 200).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
