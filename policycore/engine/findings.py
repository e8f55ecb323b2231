"""Turn what a rule said into findings: identity, words, steps, in one order whatever the number of threads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from policycore.engine.group_summaries import GroupSummary, group_summaries
from policycore.engine.judge import Judgement
from policycore.engine.session import EstateSession
from policycore.engine.wording import plain_facts, shown_text, steps, worded
from policycore.language import Text, say_both
from policycore.model.result import Finding, RemediationStep, Source, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict
from policycore.rulesets.resolved import Attestation, ResolvedRule

__all__ = [
    "attestation_finding",
    "error_finding",
    "findings_of",
    "fingerprint",
    "rest_fingerprint",
]


def fingerprint(rule_id: str, subject: Subject, subject_id: str, key_facts: Mapping[str, object]) -> str:
    """Return 32 hex digits that stay the same as long as it is the same finding.

    They depend on rule, subject and the rule's key facts; not on wording, order, severity, file
    names or the name of the group.
    """
    parts = [rule_id, subject.value, subject_id, sorted((name, str(value)) for name, value in key_facts.items())]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:32]


def findings_of(session: EstateSession, resolved: ResolvedRule, judgement: Judgement) -> list[Finding]:
    """Return the findings of one rule, sorted by subject and then by what tells them apart."""
    summaries: Mapping[str, GroupSummary] = {}
    if judgement.hits and "group_id" in judgement.hits[0]:
        summaries = group_summaries(session, (row["group_id"] for row in judgement.hits))
    params = resolved.params.model_dump()
    found = [_from_row(session, resolved, row, summaries, params) for row in judgement.hits]
    if judgement.unlisted:
        found.append(_rest(resolved, judgement.unlisted))
    found.sort(key=lambda finding: (finding.subject.id, finding.fingerprint, finding.message.zh))
    _settle_ties(found)
    return _told_apart(found, resolved.rule.aliases)


def _settle_ties(found: list[Finding]) -> None:
    """Put findings that share subject, fingerprint and words into one order, whatever order they came in."""
    place = 0
    for _, alike in groupby(found, key=lambda finding: finding.fingerprint):
        same = list(alike)
        if len(same) > 1:
            same.sort(key=lambda finding: (finding.message.zh, _plain_order(finding)))
            found[place : place + len(same)] = same
        place += len(same)


def _plain_order(finding: Finding) -> str:
    """Return a text by which findings that differ in anything sort."""
    source = finding.source
    rest = [finding.message.en, finding.facts, source.file if source else "", source.row if source else 0]
    return json.dumps(rest, ensure_ascii=False, sort_keys=True, default=str)


def _from_row(
    session: EstateSession,
    resolved: ResolvedRule,
    row: dict[str, Any],
    summaries: Mapping[str, GroupSummary],
    params: Mapping[str, object],
) -> Finding:
    """Return the finding for one hit."""
    rule = resolved.rule
    keys = {key: str(row[key]) for key in rule.subject.keys}
    facts = plain_facts(
        {name: value for name, value in row.items() if name not in keys and name[:2] != "__" and name != "verdict"},
        session.timezone,
    )
    if facts.get("reason", "") is None:
        del facts["reason"]
    card = summaries.get(row["group_id"]) if "group_id" in keys else None
    subject = _subject(rule.subject, keys, row, card)
    message = rule.message if isinstance(rule.message, Text) else rule.message[str(facts.get("reason"))]
    shown = {**params, **keys, "name": subject.name, "group": subject.group, **facts}
    # From the row, not from the masked facts: two numbers may look the same once their middle is hidden.
    key_facts = {name: row.get(name) for name in rule.key_facts}
    digest = fingerprint(resolved.id, rule.subject, subject.id, key_facts)
    member = shown_text(row.get("__member"))
    people = {
        "owner": shown_text(card.owner) if card else None,
        "responsible": shown_text(card.first_responsible) if card else None,
        "member": member,
        "sender": member,
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
        source=_source(row, card if rule.subject is Subject.GROUP else None),
        former=_former(resolved, subject, key_facts),
    )


def _former(resolved: ResolvedRule, subject: SubjectRef, key_facts: Mapping[str, object]) -> tuple[str, ...]:
    """Return the fingerprints that a finding had under the former ids and names of its rule."""
    return tuple(fingerprint(alias, subject.kind, subject.id, key_facts) for alias in resolved.rule.aliases)


def _source(row: Mapping[str, Any], card: GroupSummary | None) -> Source | None:
    """Return the row of the file that a subject came from, where it is known."""
    file, number = (card.file, card.row) if card else (row.get("__file"), row.get("__row"))
    return None if file is None else Source(shown_text(file) or "", number or 0)


def _subject(kind: Subject, keys: Mapping[str, str], row: Mapping[str, Any], card: GroupSummary | None) -> SubjectRef:
    """Return the reference to one subject; memberships are named ``group/account``, messages by their id."""
    if kind is Subject.ESTATE:
        return SubjectRef(kind, "estate", say_both("engine.estate").zh)
    subject_id = keys["message_id"] if kind is Subject.MESSAGE else "/".join(keys[key] for key in kind.keys)
    if card is not None:
        name = shown_text(card.name if kind is Subject.GROUP else row.get("__name"))
        return SubjectRef(
            kind,
            subject_id,
            name or subject_id,
            keys["group_id"],
            shown_text(card.name),
            card.department_id,
            shown_text(card.department),
            shown_text(card.platform),
            card.responsible_id,
            shown_text(card.responsible),
        )
    name = shown_text(row.get("__name"))
    return SubjectRef(
        kind=kind,
        id=subject_id,
        name=name or subject_id,
        group_id=keys.get("group_id"),
        department_id=row.get("__department_id"),
        department=shown_text(row.get("__department")),
        responsible_id=row.get("__responsible_id"),
        responsible=shown_text(row.get("__member")) if kind is Subject.PERSON else None,
    )


def _put(template: Text, name: str, value: Text) -> Text:
    """Put a text that differs by language into the ``{name}`` place of another."""
    return Text(template.zh.replace(f"{{{name}}}", value.zh), template.en.replace(f"{{{name}}}", value.en))


def _told_apart(found: list[Finding], aliases: Sequence[str]) -> list[Finding]:
    """Tell apart, by numbers, findings that share a fingerprint, so that none hides another."""
    seen: dict[str, int] = {}
    for position, finding in enumerate(found):
        times = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        if times > 1:
            again = {"#": [finding.fingerprint, times]}
            digest = fingerprint(finding.rule, finding.subject.kind, finding.subject.id, again)
            former = tuple(
                fingerprint(alias, finding.subject.kind, finding.subject.id, {"#": [before, times]})
                for alias, before in zip(aliases, finding.former, strict=False)
            )
            found[position] = replace(finding, fingerprint=digest, id=f"{finding.rule}-{digest[:12]}", former=former)
    return found


def rest_fingerprint(rule_id: str) -> str:
    """Return the fingerprint of the finding that stands for a rule's hits too many to list."""
    return fingerprint(rule_id, Subject.ESTATE, "estate", {"unlisted": True})


def _rest(resolved: ResolvedRule, unlisted: int) -> Finding:
    """Return the finding that stands for hits too many to list."""
    rule = resolved.rule
    digest = rest_fingerprint(resolved.id)
    return Finding(
        id=f"{resolved.id}-{digest[:12]}",
        rule=resolved.id,
        name=resolved.name,
        title=rule.title,
        clauses=resolved.clauses,
        verdict=rule.verdict,
        severity=resolved.severity,
        enforcement=resolved.enforcement,
        subject=_subject(Subject.ESTATE, {}, {}, None),
        message=say_both("engine.unlisted", number=unlisted),
        facts={"unlisted": unlisted},
        remediation=(RemediationStep("committee", None, say_both("engine.unlisted-step")),),
        fingerprint=digest,
    )


def error_finding(resolved: ResolvedRule, what: Text) -> Finding:
    """Return the finding that says a rule broke; `what` holds no data."""
    digest = fingerprint(resolved.id, Subject.ESTATE, "estate", {"error": True})
    return Finding(
        id=f"{resolved.id}-{digest[:12]}",
        rule=resolved.id,
        name=resolved.name,
        title=resolved.rule.title,
        clauses=resolved.clauses,
        verdict=Verdict.ERROR,
        severity=Severity.ERROR,
        enforcement=resolved.enforcement,
        subject=_subject(Subject.ESTATE, {}, {}, None),
        message=_put(say_both("engine.error"), "what", what),
        facts={},
        remediation=(RemediationStep("committee", None, say_both("engine.error-step")),),
        fingerprint=digest,
    )


def attestation_finding(attestation: Attestation) -> Finding:
    """Return the finding that asks a person for a statement about what no data can show."""
    rule_id = f"ATTEST:{attestation.clause}"
    digest = fingerprint(rule_id, Subject.ESTATE, "estate", {"asks": attestation.asks.zh})
    return Finding(
        id=f"ATTEST-{digest[:12]}",
        rule=rule_id,
        name=f"attestation/{attestation.clause}",
        title=attestation.asks,
        clauses=(attestation.clause,),
        verdict=Verdict.NEEDS_ATTESTATION,
        severity=Severity.WARNING,
        enforcement=Enforcement.MANDATORY,
        subject=_subject(Subject.ESTATE, {}, {}, None),
        message=_put(say_both("engine.attestation"), "asks", attestation.asks),
        facts={"valid_days": attestation.valid_days},
        remediation=(RemediationStep("department", None, say_both("engine.attestation-step")),),
        fingerprint=digest,
    )
