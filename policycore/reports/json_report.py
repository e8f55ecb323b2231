"""Write a result as JSON: one finding a line, the same bytes for the same inputs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, BinaryIO

from policycore.errors import Problem
from policycore.language import Language, Text
from policycore.model.result import ClauseResult, Decision, Finding, RemediationStep, RunResult, Source
from policycore.reports.schema import (
    BothLanguages,
    JsonClause,
    JsonDecision,
    JsonFinding,
    JsonProblem,
    JsonProfile,
    JsonStep,
    JsonSummary,
)
from policycore.reports.summary import summarize
from policycore.text.clean import clean

__all__ = ["JsonReport", "finding_object", "plain"]

# JSON text that is printable, ASCII in its escapes and free of what may be a combining mark needs no
# cleaning. Whole lines are asked at once, which keeps 50,000 findings under a second; whatever is
# doubtful takes the slow way through clean(). The ranges hold every mark and much beside, such as emoji.
_may_be_mark = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u1fff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a"
    "\ua66f-\uabff\ufb1e\ufe00-\ufe2f\U00010000-\U0010ffff]"
)
_quoted = json.encoder.encode_basestring
_SIMPLE = frozenset({str, int, bool, type(None)})
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


@dataclass(frozen=True, slots=True)
class JsonReport:
    """Write the JSON of design §6; findings stay in the result's order (rule, then subject)."""

    profile: bool = False
    name: str = "json"
    suffix: str = ".json"
    media_type: str = "application/json"
    is_text: bool = True

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:  # noqa: ARG002 - holds both languages
        """Write the report; `language` changes nothing."""
        for block in self._blocks(result):
            stream.write(block.encode())

    def _blocks(self, result: RunResult) -> Iterator[str]:
        """Yield the report piece by piece."""
        head = {
            "policycore": 1,
            "engine": result.engine_version,
            "engine_code": result.engine_code,
            "code": dict(sorted(result.code.items())),
            "ruleset": result.ruleset,
            "ruleset_title": _both(result.ruleset_title),
            "ruleset_hash": result.ruleset_hash,
            "snapshot": result.snapshot,
            "decisions_hash": result.decisions_hash,
            "as_of": result.as_of.isoformat(),
            "timezone": result.timezone,
            "counts": dict(sorted(result.counts.items())),
            "summary": _summary(result),
        }
        yield "{\n" + ",\n".join(f'"{name}":{encoded(value)}' for name, value in head.items())
        yield ',\n"clauses":' + _lines(map(_clause, result.clauses))
        yield ',\n"findings":['
        separator = "\n"
        for finding in result.findings:
            text = _finding_text(finding)
            yield separator + (text if _is_clean(text) else encoded(finding_object(finding)))
            separator = ",\n"
        yield "\n]" if result.findings else "]"
        yield ',\n"problems":' + _lines(map(_problem, result.problems))
        yield ',\n"notes":' + _lines(map(_problem, result.notes))
        if self.profile:
            yield ',\n"profile":' + _lines(_profile(result))
        yield "\n}\n"


def encoded(value: object) -> str:
    """Return `value` as JSON in which every string has been cleaned."""
    text = _encode(value)
    return text if _is_clean(text) else _encode(_cleaned(value))


def _is_clean(text: str) -> bool:
    """Return whether cleaning cannot change any string of this JSON text."""
    # A backslash escapes a quotation mark at best, a control character at worst.
    return text.isprintable() and "\\" not in text and (text.isascii() or not _may_be_mark.search(text))


def _cleaned(value: Any) -> Any:
    """Return `value` with every string in it cleaned, keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value


def _lines(items: Iterator[Any]) -> str:
    """Return a JSON array with one item a line."""
    written = [encoded(item) for item in items]
    return "[\n" + ",\n".join(written) + "\n]" if written else "[]"


def plain(value: Any) -> Any:
    """Return a fact as JSON has it: times in ISO 8601 with their offset, mappings with sorted keys."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    return str(value)


def _both(text: Text) -> BothLanguages:
    """Return a text in both languages."""
    return {"zh": text.zh, "en": text.en}


def _step(step: RemediationStep) -> JsonStep:
    """Return a remediation step."""
    due = step.due.isoformat() if step.due else None
    return {"who": step.who, "person": step.person, "what": _both(step.what), "due": due}


def finding_object(finding: Finding) -> JsonFinding:
    """Return a finding as the JSON report has it."""
    subject = finding.subject
    facts = finding.facts
    return {
        "id": finding.id,
        "rule": finding.rule,
        "name": finding.name,
        "title": _both(finding.title),
        "clause": list(finding.clauses),
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "enforcement": finding.enforcement.value,
        "subject": {
            "kind": subject.kind.value,
            "id": subject.id,
            "name": subject.name,
            "group_id": subject.group_id,
            "group": subject.group,
            "department_id": subject.department_id,
            "department": subject.department,
            "platform": subject.platform,
            "responsible_id": subject.responsible_id,
            "responsible": subject.responsible,
        },
        "message": _both(finding.message),
        "facts": {str(name): plain(facts[name]) for name in sorted(facts)},
        "remediation": [_step(step) for step in finding.remediation],
        "fingerprint": finding.fingerprint,
        "source": {"file": finding.source.file, "row": finding.source.row} if finding.source else None,
        "decision": _decision(finding.decision),
    }


def _decision(decision: Decision | None) -> JsonDecision | None:
    """Return what settled a finding."""
    if decision is None:
        return None
    return {
        "kind": decision.kind,
        "id": decision.id,
        "reason": decision.reason,
        "text": decision.text,
        "decided_by": decision.decided_by,
        "until": decision.until.isoformat(),
    }


def _finding_text(finding: Finding) -> str:
    """Return what encoding `finding_object` gives, several times as fast: no dictionary is built."""
    subject = finding.subject
    shared = _shared_text(finding.rule, finding.name, finding.title, finding.clauses)
    return (
        f'{{"id":{_quoted(finding.id)},{shared}'
        f',"verdict":"{finding.verdict}","severity":"{finding.severity}","enforcement":"{finding.enforcement}"'
        f',"subject":{{"kind":"{subject.kind}","id":{_quoted(subject.id)},"name":{_quoted(subject.name)}'
        f',"group_id":{_optional(subject.group_id)},"group":{_optional(subject.group)}'
        f',"department_id":{_optional(subject.department_id)},"department":{_optional(subject.department)}'
        f',"platform":{_optional(subject.platform)},"responsible_id":{_optional(subject.responsible_id)}'
        f',"responsible":{_optional(subject.responsible)}}},"message":{_both_text(finding.message)}'
        f',"facts":{_facts_text(finding.facts)}'
        f',"remediation":[{",".join(map(_step_text, finding.remediation))}]'
        f',"fingerprint":{_quoted(finding.fingerprint)}'
        f',"source":{_source_text(finding.source)}'
        f',"decision":{"null" if finding.decision is None else _encode(_decision(finding.decision))}}}'
    )


@lru_cache(maxsize=4096)
def _shared_text(rule: str, name: str, title: Text, clauses: tuple[str, ...]) -> str:
    """Return what all findings of one rule share."""
    return f'"rule":{_quoted(rule)},"name":{_quoted(name)},"title":{_both_text(title)},"clause":{_encode(clauses)}'


def _facts_text(facts: Mapping[str, object]) -> str:
    """Return facts as JSON, sorted by name."""
    return _encode(
        {name: facts[name] if type(facts[name]) in _SIMPLE else plain(facts[name]) for name in sorted(facts)}
    )


def _source_text(source: Source | None) -> str:
    """Return the row that a subject came from as JSON."""
    return "null" if source is None else f'{{"file":{_quoted(source.file)},"row":{source.row}}}'


def _optional(text: str | None) -> str:
    """Return a string or null as JSON."""
    return "null" if text is None else _quoted(text)


def _both_text(text: Text) -> str:
    """Return a text in both languages as JSON."""
    return f'{{"zh":{_quoted(text.zh)},"en":{_quoted(text.en)}}}'


def _step_text(step: RemediationStep) -> str:
    """Return a remediation step as JSON."""
    due = f'"{step.due.isoformat()}"' if step.due else "null"
    return f'{{"who":{_quoted(step.who)},"person":{_optional(step.person)},"what":{_both_text(step.what)},"due":{due}}}'


def _summary(result: RunResult) -> JsonSummary:
    """Return the counts."""
    summary = summarize(result)
    counts: Any = {
        "by_verdict": summary.by_verdict,
        "by_severity": summary.by_severity,
        "by_rule": summary.by_rule,
        "by_clause": summary.by_clause,
        "by_department": summary.by_department,
    }
    return counts  # type: ignore[no-any-return]


def _clause(clause: ClauseResult) -> JsonClause:
    """Return one line of the ledger."""
    verdicts: Any = {verdict.value: count for verdict, count in clause.verdicts.items()}
    return {
        "id": clause.id,
        "text": clause.text,
        "parent": clause.parent,
        "rules": list(clause.rules),
        "attestations": clause.attestations,
        "verdicts": verdicts,
    }


def _problem(problem: Problem) -> JsonProblem:
    """Return one problem."""
    place = problem.place
    return {
        "code": problem.code,
        "what": problem.what,
        "why": problem.why,
        "fix": problem.fix,
        "file": place.file if place else None,
        "line": place.line if place and place.line else None,
        "column": place.column if place and place.column else None,
    }


def _profile(result: RunResult) -> Iterator[JsonProfile]:
    """Yield what each rule took, the slowest first."""
    for outcome in sorted(result.outcomes, key=lambda outcome: -outcome.seconds):
        yield {"rule": outcome.rule, "seconds": round(outcome.seconds, 6), "rows": outcome.rows}
