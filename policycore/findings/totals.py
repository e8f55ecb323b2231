"""Count a run once, when it is recorded, so that no trend ever counts its findings again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from policycore.findings.life_cycle import Transition
from policycore.findings.rows import column_text
from policycore.model.result import RunResult
from policycore.model.verdict import Severity, Verdict

__all__ = ["run_row", "total_rows"]

_OPEN = frozenset({Verdict.FAIL, Verdict.SUSPECT})


def run_row(result: RunResult) -> dict[str, Any]:
    """Return the summary columns that follow from the result alone.

    Severities count what is open (fail and suspect); what is unknown, waived or asked for is
    counted beside them, so that a gap in the data never looks like a violation or like none.
    """
    verdicts = Counter(finding.verdict for finding in result.findings)
    severities = Counter(finding.severity for finding in result.findings if finding.verdict in _OPEN)
    return {
        "ruleset": result.ruleset,
        "ruleset_hash": result.ruleset_hash,
        "snapshot": result.snapshot,
        "decisions_hash": result.decisions_hash,
        "engine_version": result.engine_version,
        "as_of": result.as_of,
        "timezone": result.timezone,
        "passes": sum(outcome.verdicts.get(Verdict.PASS, 0) for outcome in result.outcomes),
        "errors": severities[Severity.ERROR],
        "warnings": severities[Severity.WARNING],
        "infos": severities[Severity.INFO],
        "unknowns": verdicts[Verdict.UNKNOWN],
        "needs_attestation": verdicts[Verdict.NEEDS_ATTESTATION],
        "attested": verdicts[Verdict.ATTESTED],
        "waived": verdicts[Verdict.WAIVED],
        "broken": verdicts[Verdict.ERROR],
    }


def total_rows(run: int, result: RunResult, changes: Iterable[Transition]) -> list[dict[str, Any]]:
    """Return counts by rule, clause, department, severity and state, each split by verdict."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for outcome in result.outcomes:
        for verdict, count in outcome.verdicts.items():
            counts["rule", outcome.rule, verdict.value] += count
    for clause in result.clauses:
        for verdict, count in clause.verdicts.items():
            counts["clause", clause.id, verdict.value] += count
    for finding in result.findings:
        counts["department", column_text(finding.subject.department) or "", finding.verdict.value] += 1
        counts["severity", finding.severity.value, finding.verdict.value] += 1
    for change in changes:
        counts["state", change.state.value, ""] += 1
    return [
        {"run_id": run, "dimension": dimension, "key": key, "verdict": verdict, "count": count}
        for (dimension, key, verdict), count in counts.items()
        if count
    ]
