"""Write a result as JSON: one finding a line, the same bytes for the same inputs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from policycore.errors import Problem
from policycore.language import Language, Text
from policycore.model.result import ClauseResult, Finding, RemediationStep, RunResult
from policycore.reports.schema import (
    BothLanguages,
    JsonClause,
    JsonFinding,
    JsonProblem,
    JsonProfile,
    JsonStep,
    JsonSummary,
)
from policycore.reports.summary import summarize
from policycore.text.clean import clean

__all__ = ["JsonReport", "finding_object", "plain"]

# JSON text that holds none of these needs no cleaning: no escaped control character, and no run of
# characters that could be stacked combining marks. Whole lines are asked at once, which is what
# keeps 50,000 findings under a second; whatever is doubtful takes the slow way through clean().
_doubtful = re.compile(r"\\[bfnrtu]|[^\w\s\x00-\x7f\u2010-\u2027\u3001-\u3029\u3030\uff00-\uff65\u00b7]{4}")
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
            "ruleset": result.ruleset,
            "ruleset_title": _both(result.ruleset_title),
            "ruleset_hash": result.ruleset_hash,
            "snapshot": result.snapshot,
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
            yield separator + encoded(finding_object(finding))
            separator = ",\n"
        yield "\n]" if result.findings else "]"
        yield ',\n"problems":' + _lines(map(_problem, result.problems))
        if self.profile:
            yield ',\n"profile":' + _lines(_profile(result))
        yield "\n}\n"


def encoded(value: object) -> str:
    """Return `value` as JSON in which every string has been cleaned."""
    text = _encode(value)
    if text.isprintable() and not _doubtful.search(text):
        return text
    return _encode(_cleaned(value))


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
    }


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
