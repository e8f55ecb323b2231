"""Write findings and runs as JSON for the store and read back exactly what was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from policycore.language import Text
from policycore.model.result import (
    Decision,
    Finding,
    RemediationStep,
    RunResult,
    Source,
    SubjectRef,
)
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict
from policycore.store.deadlines import dated, span

# Made once: `json.dumps` would build one for each of many findings.
_hashed = msgspec.msgpack.Encoder()
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

WORDS = 32
"""Digits of `said_hash` that stand for what is said; the others for where the row stands."""

_SOURCE, _DECISION = ',"source":', ',"decision":'

__all__ = [
    "WORDS",
    "finding_body",
    "finding_from",
    "plain_value",
    "rich_value",
    "run_body",
    "run_from",
    "said_hash",
    "with_source",
    "words_hash",
]


def said_hash(finding: Finding, as_of: datetime) -> str:
    """Return what tells two findings apart by what they say (32 hex digits), then by where their row stands (16).

    Deadlines count by how far they are from `as_of`, the time of the run: what says the same every day is the same.
    """
    source = finding.source
    place = "None" if source is None else f"({source.file!r}, {source.row})"
    return words_hash(finding, as_of) + hashlib.sha256(place.encode(errors="surrogatepass")).hexdigest()[:16]


def words_hash(finding: Finding, as_of: datetime) -> str:
    """Return the digits that stand for what a finding says in a run as of `as_of`, worked out from it."""
    subject = finding.subject
    steps = [(step.who, step.person, step.what, span(step.due, as_of)) for step in finding.remediation]
    said = [
        *(finding.id, finding.rule, finding.name, finding.title, finding.clauses, finding.verdict, finding.severity),
        *(finding.enforcement, subject, finding.message, finding.facts, steps, finding.fingerprint),
        finding.decision,
    ]
    try:
        content = _hashed.encode(said)
    except (TypeError, ValueError, OverflowError):
        # Half a character, a number too large: rare enough to take the slower way.
        content = f"{finding_body(replace(finding, source=None, remediation=()))}{steps}".encode(errors="replace")
    return hashlib.sha256(content).hexdigest()[:WORDS]


def finding_body(finding: Finding, as_of: datetime | None = None) -> str:
    """Return everything `finding` says as one line of JSON, with the time that its deadlines are counted from."""
    subject = finding.subject
    dues = as_of is not None and any(step.due is not None for step in finding.remediation)
    former = {"former": list(finding.former)} if finding.former else {}
    return _dump(
        {
            "id": finding.id,
            "rule": finding.rule,
            "name": finding.name,
            "title": _text(finding.title),
            "clauses": list(finding.clauses),
            "verdict": finding.verdict.value,
            "severity": finding.severity.value,
            "enforcement": finding.enforcement.value,
            "subject": [
                subject.kind.value,
                subject.id,
                subject.name,
                subject.group_id,
                subject.group,
                subject.department_id,
                subject.department,
                subject.platform,
                subject.responsible_id,
                subject.responsible,
            ],
            "message": _text(finding.message),
            "facts": plain_value(finding.facts),
            "remediation": [
                [step.who, step.person, _text(step.what), plain_value(step.due)] for step in finding.remediation
            ],
            "fingerprint": finding.fingerprint,
            "source": None if finding.source is None else [finding.source.file, finding.source.row],
            "decision": _decision(finding.decision),
            **former,
            **({"counted": plain_value(as_of)} if dues else {}),
        }
    )


def finding_from(body: str, timezone: ZoneInfo, as_of: datetime | None = None) -> Finding:
    """Return the finding that was written as `body`; its times are in `timezone` again.

    Its deadlines are those of the finding's life, or as a run as of `as_of` counted them.
    """
    data = json.loads(body)
    kind, *names = data["subject"]
    finding = Finding(
        id=data["id"],
        rule=data["rule"],
        name=data["name"],
        title=Text(*data["title"]),
        clauses=tuple(data["clauses"]),
        verdict=Verdict(data["verdict"]),
        severity=Severity(data["severity"]),
        enforcement=Enforcement(data["enforcement"]),
        subject=SubjectRef(Subject(kind), *names),
        message=Text(*data["message"]),
        facts=rich_value(data["facts"], timezone),
        remediation=tuple(
            RemediationStep(who, person, Text(*what), rich_value(due, timezone))
            for who, person, what, due in data["remediation"]
        ),
        fingerprint=data["fingerprint"],
        source=None if data["source"] is None else Source(*data["source"]),
        decision=_decision_from(data.get("decision"), timezone),
        former=tuple(data.get("former", ())),
    )
    counted = rich_value(data.get("counted"), timezone)
    if as_of is None or counted is None:
        return finding
    return dated(finding, counted, as_of.astimezone(timezone))


def _decision(decision: Decision | None) -> list[Any] | None:
    """Return a decision as JSON can hold it."""
    if decision is None:
        return None
    return [
        decision.kind,
        decision.id,
        decision.reason,
        decision.text,
        decision.decided_by,
        plain_value(decision.until),
    ]


def _decision_from(data: list[Any] | None, timezone: ZoneInfo) -> Decision | None:
    """Return the decision that was written."""
    if data is None:
        return None
    kind, name, reason, text, by, until = data
    return Decision(kind, name, reason, text, by, rich_value(until, timezone))


def with_source(body: str, source: Source | None) -> str:
    """Return a finding's body with another place of its row.

    No text inside the body can hold the mark that is looked for: its quotes would be escaped there.
    """
    before, mark, after = body.rpartition(_SOURCE)
    _old, decision, rest = after.partition(_DECISION)
    if not mark or not decision:
        return body
    return f"{before}{mark}{_dump(None if source is None else [source.file, source.row])}{decision}{rest}"


def run_body(result: RunResult) -> str:
    """Return everything `result` says but its findings as JSON."""
    return _dump(msgspec.to_builtins(replace(result, findings=())))


def run_from(body: str, findings: tuple[Finding, ...]) -> RunResult:
    """Return the run that was written as `body`, with its `findings`."""
    result = msgspec.convert(json.loads(body), RunResult)
    return replace(result, findings=findings, as_of=result.as_of.astimezone(ZoneInfo(result.timezone)))


def _text(text: Text) -> list[str]:
    """Return both languages."""
    return [text.zh, text.en]


def _dump(value: object) -> str:
    """Return JSON in which every character stands for itself, unless half a character is among them."""
    body = _encoder.encode(value)
    try:
        body.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return body


def plain_value(value: object) -> Any:
    """Return `value` as JSON can hold it, marking what JSON has no word for.

    A mapping whose keys could be taken for such a mark is written as a list of pairs.
    """
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Mapping):
        if any(not isinstance(key, str) or key.startswith("$") for key in value):
            return {"$map": [[plain_value(key), plain_value(item)] for key, item in value.items()]}
        return {key: plain_value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return {"$tuple": [plain_value(item) for item in value]}
    if isinstance(value, list):
        return [plain_value(item) for item in value]
    return value


def rich_value(value: Any, timezone: tzinfo | None) -> Any:
    """Return what `plain_value` made plain as it was."""
    if isinstance(value, list):
        return [rich_value(item, timezone) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        mark, inner = next(iter(value.items()))
        if mark == "$time":
            time = datetime.fromisoformat(inner)
            return time if time.tzinfo is None else time.astimezone(timezone)
        if mark == "$date":
            return date.fromisoformat(inner)
        if mark == "$map":
            return {rich_value(key, timezone): rich_value(item, timezone) for key, item in inner}
        if mark == "$tuple":
            return tuple(rich_value(item, timezone) for item in inner)
    return {key: rich_value(item, timezone) for key, item in value.items()}
