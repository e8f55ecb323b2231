"""Turn what a rule said into findings: identity, words, steps, in one order whatever the number of threads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow

from policycore.engine.enrich import enriched
from policycore.engine.judge import Judgement, Unknown
from policycore.engine.session import EstateSession
from policycore.engine.wording import field_names, plain_facts, steps, worded
from policycore.language import Text, say_both
from policycore.model.resolved import Attestation, ResolvedRule
from policycore.model.result import Finding, RemediationStep, Source, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict

__all__ = ["attestation_finding", "error_finding", "findings_of", "fingerprint"]


def fingerprint(rule_id: str, subject: Subject, subject_id: str, key_facts: Mapping[str, object]) -> str:
    """Return 32 hex digits that stay the same as long as it is the same finding.

    They depend on rule, subject and the rule's key facts; not on wording, order, severity, file
    names or the name of the group.
    """
    parts = [rule_id, subject.value, subject_id, sorted((name, str(value)) for name, value in key_facts.items())]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:32]


def findings_of(session: EstateSession, resolved: ResolvedRule, judgement: Judgement) -> list[Finding]:
    """Return the findings of one rule, sorted by subject and then by what tells them apart."""
    found: list[Finding] = []
    if judgement.hits:
        params = resolved.params.model_dump()
        found = [_from_row(session, resolved, row, params) for row in judgement.hits]
    found += _unknowns(session, resolved, judgement.unknown)
    found.sort(key=lambda finding: (finding.subject.id, finding.fingerprint, finding.message.zh))
    return _told_apart(found)


def _from_row(
    session: EstateSession, resolved: ResolvedRule, row: dict[str, Any], params: Mapping[str, object]
) -> Finding:
    """Return the finding for one enriched hit."""
    rule = resolved.rule
    facts = {
        name: value for name, value in row.items() if not name.startswith("__") and name not in ("reason", "verdict")
    }
    keys = {key: str(facts.pop(key)) for key in rule.subject.keys}
    facts = plain_facts(facts, session.timezone)
    reason = row.get("reason")
    if reason is not None:
        facts["reason"] = reason
    place = _place(session, row)
    subject = _subject(rule.subject, keys, place)
    message = rule.message
    if not isinstance(message, Text):
        message = message[str(reason)]
    shown = {**params, **keys, "name": subject.name, "group": subject.group, **facts}
    digest = fingerprint(resolved.id, rule.subject, subject.id, {name: facts.get(name) for name in rule.key_facts})
    people = {
        "owner": place["__owner"],
        "responsible": place["__first_responsible"],
        "member": place["__member"],
        "sender": place["__member"],
    }
    return Finding(
        id=f"{resolved.id}-{digest[:12]}",
        rule=resolved.id,
        name=resolved.name,
        title=rule.title,
        clauses=resolved.clauses,
        verdict=Verdict(row.get("verdict") or rule.verdict),
        severity=resolved.severity,
        enforcement=resolved.enforcement,
        subject=subject,
        message=worded(message, shown),
        facts=facts,
        remediation=steps(rule.remediation, shown, people, session.as_of.astimezone(session.timezone)),
        fingerprint=digest,
        source=_source(place),
    )


def _place(session: EstateSession, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ``__…`` columns of an enriched row: where its subject belongs."""
    return plain_facts({name: value for name, value in row.items() if name.startswith("__")}, session.timezone)


def _source(place: Mapping[str, Any]) -> Source | None:
    """Return the row of the file that a subject came from, where it is known."""
    return None if place.get("__file") is None else Source(place["__file"], place.get("__row") or 0)


def _subject(kind: Subject, keys: Mapping[str, str], place: Mapping[str, Any]) -> SubjectRef:
    """Return the reference to one subject; memberships are named ``group/account``."""
    subject_id = "/".join(keys[key] for key in kind.keys) if kind is not Subject.MESSAGE else keys["message_id"]
    name = place.get("__name") or subject_id
    if kind is Subject.ESTATE:
        return SubjectRef(kind, "estate", str(say_both("engine.estate").zh))
    return SubjectRef(
        kind=kind,
        id=subject_id,
        name=name,
        group_id=keys.get("group_id"),
        group=place.get("__group"),
        department_id=place.get("__department_id"),
        department=place.get("__department"),
        platform=place.get("__platform"),
        responsible_id=place.get("__responsible_id"),
        responsible=place.get("__responsible"),
    )


def _unknowns(session: EstateSession, resolved: ResolvedRule, unknown: list[Unknown]) -> list[Finding]:
    """Return the findings that say which subjects could not be judged, and for lack of which fields."""
    found: list[Finding] = []
    for kind in dict.fromkeys(item.subject for item in unknown):
        items = [item for item in unknown if item.subject is kind]
        columns: dict[str, list[Any]] = {key: [item.keys[key] for item in items] for key in kind.keys}
        columns["__item"] = list(range(len(items)))
        rows = enriched(session, kind, pyarrow.table(columns))
        found += [_unknown(session, resolved, items[row["__item"]], row) for row in rows]
    return found


def _unknown(session: EstateSession, resolved: ResolvedRule, item: Unknown, row: dict[str, Any]) -> Finding:
    """Return the finding for one subject that could not be judged."""
    place = _place(session, row)
    subject = _subject(item.subject, item.keys, place)
    names = field_names(item.fields)
    key = "engine.unknown-source" if item.source else "engine.unknown"
    values = {"source": item.source or ""}
    message = _filled(say_both(key, **values), names)
    # The same fingerprint as the finding it hides, where the rule has one per subject: what was
    # open and can't be seen any more is then unknown, and not resolved.
    same = item.subject is resolved.rule.subject and not resolved.rule.key_facts
    digest = fingerprint(
        resolved.id, item.subject, subject.id, {} if same else {"unknown": [item.source or "", *item.fields]}
    )
    facts: dict[str, object] = {"fields": list(item.fields)}
    if item.source:
        facts["source"] = item.source
    return Finding(
        id=f"{resolved.id}-{digest[:12]}",
        rule=resolved.id,
        name=resolved.name,
        title=resolved.rule.title,
        clauses=resolved.clauses,
        verdict=Verdict.UNKNOWN,
        severity=resolved.severity,
        enforcement=resolved.enforcement,
        subject=subject,
        message=message,
        facts=facts,
        remediation=(RemediationStep("committee", None, _filled(say_both("engine.unknown-step"), names)),),
        fingerprint=digest,
        source=_source(place),
    )


def _filled(text: Text, names: Text) -> Text:
    """Put the names of fields into a sentence, each language its own."""
    return Text(text.zh.replace("{fields}", names.zh), text.en.replace("{fields}", names.en))


def _told_apart(found: list[Finding]) -> list[Finding]:
    """Tell apart, by numbers, findings that share a fingerprint, so that none hides another."""
    seen: dict[str, int] = {}
    for position, finding in enumerate(found):
        times = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        if times > 1:
            digest = fingerprint(
                finding.rule, finding.subject.kind, finding.subject.id, {"#": [finding.fingerprint, times]}
            )
            found[position] = replace(finding, fingerprint=digest, id=f"{finding.rule}-{digest[:12]}")
    return found


def error_finding(resolved: ResolvedRule, what: Text) -> Finding:
    """Return the finding that says a rule broke; `what` holds no data."""
    digest = fingerprint(resolved.id, Subject.ESTATE, "estate", {"error": True})
    message = say_both("engine.error")
    return Finding(
        id=f"{resolved.id}-{digest[:12]}",
        rule=resolved.id,
        name=resolved.name,
        title=resolved.rule.title,
        clauses=resolved.clauses,
        verdict=Verdict.ERROR,
        severity=Severity.ERROR,
        enforcement=resolved.enforcement,
        subject=_subject(Subject.ESTATE, {}, {}),
        message=Text(message.zh.replace("{what}", what.zh), message.en.replace("{what}", what.en)),
        facts={},
        remediation=(RemediationStep("committee", None, say_both("engine.error-step")),),
        fingerprint=digest,
    )


def attestation_finding(attestation: Attestation) -> Finding:
    """Return the finding that asks a person for a statement about what no data can show."""
    rule_id = f"ATTEST:{attestation.clause}"
    digest = fingerprint(rule_id, Subject.ESTATE, "estate", {"asks": attestation.asks.zh})
    message = say_both("engine.attestation")
    asks = attestation.asks
    return Finding(
        id=f"ATTEST-{digest[:12]}",
        rule=rule_id,
        name=f"attestation/{attestation.clause}",
        title=asks,
        clauses=(attestation.clause,),
        verdict=Verdict.NEEDS_ATTESTATION,
        severity=Severity.WARNING,
        enforcement=Enforcement.MANDATORY,
        subject=_subject(Subject.ESTATE, {}, {}),
        message=Text(message.zh.replace("{asks}", asks.zh), message.en.replace("{asks}", asks.en)),
        facts={"valid_days": attestation.valid_days},
        remediation=(RemediationStep("department", None, say_both("engine.attestation-step")),),
        fingerprint=digest,
    )
