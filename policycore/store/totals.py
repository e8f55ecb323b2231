"""Count a run once, when it is recorded, so that no trend ever counts its findings again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from policycore.model.kinds import Kind
from policycore.model.result import RunResult
from policycore.model.verdict import Severity, Verdict
from policycore.store.life_cycle import State
from policycore.store.rows import column_text

__all__ = ["run_row", "total_rows"]

_OPEN = frozenset({Verdict.FAIL, Verdict.SUSPECT})


def run_row(result: RunResult, kinds: Counter[Kind]) -> dict[str, Any]:
    """Return the summary columns that follow from the result alone.

    Severities count what is open (fail and suspect); what is unknown, waived or asked for is
    counted beside them, so that a gap in the data never looks like a violation or like none.
    """
    verdicts: Counter[Verdict] = Counter()
    severities: Counter[Severity] = Counter()
    for kind, count in kinds.items():
        verdicts[kind.verdict] += count
        severities[kind.severity] += count if kind.verdict in _OPEN else 0
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


def total_rows(run: int, result: RunResult, kinds: Counter[Kind], states: Mapping[State, int]) -> list[dict[str, Any]]:
    """Return counts by rule, clause, department, severity and state, each split by verdict."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for outcome in result.outcomes:
        for verdict, count in outcome.verdicts.items():
            counts["rule", outcome.rule, verdict.value] += count
    for clause in result.clauses:
        for verdict, count in clause.verdicts.items():
            counts["clause", clause.id, verdict.value] += count
    for kind, count in kinds.items():
        counts["department", column_text(kind.department) or "", kind.verdict.value] += count
        counts["severity", kind.severity.value, kind.verdict.value] += count
    for state, count in states.items():
        counts["state", state.value, ""] += count
    return [
        {"run_id": run, "dimension": dimension, "key": key, "verdict": verdict, "count": count}
        for (dimension, key, verdict), count in counts.items()
        if count
    ]
