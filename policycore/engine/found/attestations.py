"""Ask for signed statements about what no data can show: of the whole, of each department, of each group."""

from __future__ import annotations

from typing import Any

from policycore.engine.found.facts import shown_text
from policycore.engine.found.group_summaries import group_summaries
from policycore.engine.session import EstateSession
from policycore.language import Text, fill, say_both
from policycore.model.found import fingerprint
from policycore.model.result import Finding, RemediationStep, Source, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict
from policycore.rulesets.resolved import Attestation
from policycore.text.shown import shown_id

__all__ = ["attestation_findings"]

_WHOLE = SubjectRef(Subject.ESTATE, "estate", "estate")
# A department that has no group has nothing to state about groups.
_DEPARTMENTS = """SELECT g.department_id AS id, any_value(d.name) AS name, any_value(d._file) AS file,
        any_value(d._row) AS row
    FROM all_groups g LEFT JOIN raw.departments d ON d.id = g.department_id
    WHERE g.dissolved_at IS NULL AND g.department_id IS NOT NULL GROUP BY g.department_id ORDER BY 1"""
_GROUPS = "SELECT id FROM all_groups WHERE dissolved_at IS NULL ORDER BY 1"


def attestation_findings(session: EstateSession, attestation: Attestation) -> list[Finding]:
    """Return what is asked for by one entry of the rule set, each for one subject.

    Where nobody knows which department a group belongs to, the whole is asked, and no signature settles it.
    """
    if attestation.per == "group":
        ids = session.arrow(_GROUPS).column("id")
        rows = group_summaries(session, ids).to_pylist() if len(ids) else []
        return [_asked(attestation, *_group(one, row)) for one, row in zip(ids.to_pylist(), rows, strict=True)]
    if attestation.per == "department":
        if "department_id" not in session.data.columns.get("groups", ()):
            return [_asked(attestation, _WHOLE, None, {"missing": ["groups.department_id"]})]
        return [_asked(attestation, *_department(session, row)) for row in session.arrow(_DEPARTMENTS).to_pylist()]
    return [_asked(attestation, _WHOLE, None)]


def _department(session: EstateSession, row: dict[str, Any]) -> tuple[SubjectRef, Source | None]:
    """Return one department as the subject of a statement, and where it stands."""
    said = {name: shown_text(row[name], session.evidence_key) or "" for name in ("name", "file")}
    number = shown_id(row["id"], session.evidence_key)
    name = said["name"] or number
    subject = SubjectRef(Subject.DEPARTMENT, number, name, department_id=number, department=name)
    return subject, Source(said["file"], row["row"] or 0) if said["file"] else None


def _group(name: str, row: dict[str, Any]) -> tuple[SubjectRef, Source | None]:
    """Return one group as the subject of a statement, and where it stands."""
    said = ("department_id", "department", "platform", "responsible_id", "responsible")
    shown = row["group"] or name
    subject = SubjectRef(Subject.GROUP, name, shown, name, shown, *(row[key] for key in said))
    return subject, None if row["file"] is None else Source(row["file"], row["row"] or 0)


def _asked(
    attestation: Attestation, subject: SubjectRef, source: Source | None, facts: dict[str, object] | None = None
) -> Finding:
    """Return the finding that asks for one statement."""
    rule_id = f"ATTEST:{attestation.clause}"
    digest = fingerprint(rule_id, subject.kind, subject.id, {"asks": attestation.asks.zh})
    asks = say_both("engine.attestation")
    return Finding(
        id=f"ATTEST-{digest[:12]}",
        rule=rule_id,
        name=f"attestation/{attestation.clause}",
        title=attestation.asks,
        clauses=(attestation.clause,),
        verdict=Verdict.NEEDS_ATTESTATION,
        severity=Severity.WARNING,
        enforcement=Enforcement.MANDATORY,
        subject=subject,
        message=Text(fill(asks.zh, {"asks": attestation.asks.zh}), fill(asks.en, {"asks": attestation.asks.en})),
        facts={
            "valid_days": attestation.valid_days,
            **{name: list(listed) for name, listed in attestation.by.items()},
            **(facts or {}),
        },
        remediation=(RemediationStep("department", None, say_both("engine.attestation-step")),),
        fingerprint=digest,
        source=source,
    )
