"""Turn runs and findings into the columns by which the store searches, sorts and counts them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from policycore.model.result import Finding, Kind, RunResult
from policycore.model.verdict import VIOLATIONS, Severity, Verdict, rank
from policycore.text.fold import fold
from policycore.text.initials import initials

__all__ = ["column_text", "finding_row", "run_row", "searchable", "step_rows"]

_unstorable = re.compile("[\x00\ud800-\udfff]")


def column_text(text: str | None) -> str | None:
    """Return `text` as every database takes it; the body keeps the original."""
    return None if text is None else _unstorable.sub("\N{REPLACEMENT CHARACTER}", text)


def searchable(*parts: str | None) -> str:
    """Return what a typed word is looked for in: one spelling of each character, small letters."""
    return fold("\n".join(dict.fromkeys(part for part in map(column_text, parts) if part))).lower()


def run_row(result: RunResult, kinds: Counter[Kind]) -> dict[str, Any]:
    """Return the summary columns that follow from the result alone.

    Severities count violations; what is unknown, waived or asked for is counted beside them, so that a gap in the
    data never looks like a violation or like none.
    """
    verdicts: Counter[Verdict] = Counter()
    severities: Counter[Severity] = Counter()
    for kind, count in kinds.items():
        verdicts[kind.verdict] += count
        severities[kind.severity] += count if kind.verdict in VIOLATIONS else 0
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
        "unknowns": sum(gap.count for gap in result.gaps),
        "needs_attestation": verdicts[Verdict.NEEDS_ATTESTATION],
        "attested": verdicts[Verdict.ATTESTED],
        "waived": verdicts[Verdict.WAIVED],
        "broken": verdicts[Verdict.ERROR],
    }


def finding_row(finding: Finding) -> dict[str, Any]:
    """Return the columns that follow from what `finding` says."""
    subject = finding.subject
    return {
        "label": finding.id,
        "rule": finding.rule,
        "rule_name": finding.name,
        "subject_kind": subject.kind.value,
        "subject_id": column_text(subject.id),
        "subject_name": column_text(subject.name),
        "group_id": column_text(subject.group_id),
        "group_name": column_text(subject.group),
        "department_id": column_text(subject.department_id),
        "department": column_text(subject.department),
        "platform": column_text(subject.platform),
        "responsible_id": column_text(subject.responsible_id),
        "responsible": column_text(subject.responsible),
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "urgency": 2 * rank(finding.verdict, finding.severity, finding.enforcement) + (finding.due is None),
        "enforcement": finding.enforcement.value,
        "due": finding.due,
        "search": searchable(
            finding.id,
            finding.name,
            finding.title.zh,
            finding.title.en,
            subject.id,
            subject.name,
            subject.group,
            subject.department,
            subject.responsible,
            finding.message.zh,
            finding.message.en,
            *(
                initials(name)
                for name in (subject.name, subject.group, subject.department, subject.responsible)
                if name
            ),
        ),
    }


def step_rows(finding_id: int, finding: Finding) -> list[dict[str, Any]]:
    """Return one row for each remediation step of `finding`."""
    return [
        {
            "finding_id": finding_id,
            "position": position,
            "who": step.who,
            "person": column_text(step.person),
            "what_zh": column_text(step.what.zh),
            "what_en": column_text(step.what.en),
            "due": step.due,
        }
        for position, step in enumerate(finding.remediation)
    ]
