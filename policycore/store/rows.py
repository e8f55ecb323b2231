"""Turn a finding into the columns by which the store searches, sorts and counts it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from policycore.model.result import Finding
from policycore.text.fold import fold
from policycore.text.initials import initials

__all__ = ["column_text", "finding_row", "searchable", "step_rows"]

_unstorable = re.compile("[\x00\ud800-\udfff]")


def column_text(text: str | None) -> str | None:
    """Return `text` as every database takes it; the body keeps the original."""
    return None if text is None else _unstorable.sub("\N{REPLACEMENT CHARACTER}", text)


def searchable(*parts: str | None) -> str:
    """Return what a typed word is looked for in: one spelling of each character, small letters."""
    return fold("\n".join(dict.fromkeys(part for part in map(column_text, parts) if part))).lower()


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
        "weight": finding.severity.weight,
        "enforcement": finding.enforcement.value,
        "due": _due(finding),
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


def _due(finding: Finding) -> datetime | None:
    """Return the earliest date by which something is to be done."""
    return min((step.due for step in finding.remediation if step.due is not None), default=None)


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
