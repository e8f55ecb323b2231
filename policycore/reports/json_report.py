"""Write a result as JSON: one finding a line, the same bytes for the same inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from policycore.errors import Problem
from policycore.language import Language, Text
from policycore.model.findings import Findings
from policycore.model.found import FoundRows
from policycore.model.gap import Gap
from policycore.model.result import ClauseResult, Finding, RemediationStep, RunResult, Source
from policycore.reports.gaps import remedy_of
from policycore.reports.json_rows import decision_object, encoded, json_rows, plain
from policycore.reports.schema import (
    BothLanguages,
    JsonClause,
    JsonFinding,
    JsonGap,
    JsonProblem,
    JsonProfile,
    JsonSource,
    JsonStep,
    JsonSummary,
)
from policycore.reports.summary import summarize

__all__ = ["JsonReport", "encoded", "finding_object", "gap_object", "plain", "refusal"]


@dataclass(frozen=True, slots=True)
class JsonReport:
    """The JSON report (design §6); findings stay in the result's order (rule, then subject)."""

    profile: bool = False
    gap_subjects: bool = False
    """Whether each gap lists the ids of its subjects."""
    name: str = "json"
    suffix: str = ".json"
    media_type: str = "application/json"
    is_text: bool = True

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:  # noqa: ARG002 - holds both languages
        """Write the report; `language` changes nothing."""
        stream.writelines(self._blocks(result))

    def _blocks(self, result: RunResult) -> Iterator[bytes]:
        """Yield the report piece by piece."""
        yield self._head(result).encode()
        separator = b"\n"
        for line in _finding_lines(Findings.of(result.findings)):
            yield separator + line.encode()
            separator = b",\n"
        yield b"\n]" if result.findings else b"]"
        separator = b"\n"
        yield b',\n"gaps":['
        for gap in result.gaps:
            yield separator + encoded(gap_object(gap, subjects=self.gap_subjects)).encode()
            separator = b",\n"
        yield b"\n]" if result.gaps else b"]"
        yield self._rest(result).encode()

    def _head(self, result: RunResult) -> str:
        """Return what comes before the findings."""
        head = {
            "policycore": 1,
            "engine": result.engine_version,
            "engine_code": result.engine_code,
            "evidence_key": result.evidence_key,
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
        shown = ",\n".join(f'"{name}":{encoded(value)}' for name, value in head.items())
        return f'{{\n{shown},\n"clauses":{_lines(map(_clause, result.clauses))},\n"findings":['

    def _rest(self, result: RunResult) -> str:
        """Return what comes after the gaps."""
        profile = f',\n"profile":{_lines(_profile(result))}' if self.profile else ""
        problems, notes = (_lines(map(_problem, listed)) for listed in (result.problems, result.notes))
        return f',\n"problems":{problems},\n"notes":{notes}{profile}\n}}\n'


def refusal(problems: Iterable[Problem]) -> bytes:
    """Return what stands in place of a report where there is no result: why not, and nothing that reads as a pass."""
    empty: dict[str, dict[str, int]] = {"by_verdict": {}, "by_severity": {}, "by_rule": {}, "by_clause": {}}
    rest = f'"summary":{encoded(empty)},\n"findings":[],\n"gaps":[],\n"problems":{_lines(map(_problem, problems))}'
    return f'{{\n"policycore":1,\n{rest}\n}}\n'.encode()


def _finding_lines(findings: Findings) -> Iterator[str]:
    """Yield each finding as a line."""
    for part in findings.parts():
        if isinstance(part, FoundRows) and findings.as_of is not None:
            yield from json_rows(part, ZoneInfo(findings.timezone), findings.as_of, findings.decisions)
        else:
            yield from (encoded(finding_object(finding)) for finding in findings.made(part))


def _lines(items: Iterator[Any]) -> str:
    """Return a JSON array with one item a line."""
    written = [encoded(item) for item in items]
    return "[\n" + ",\n".join(written) + "\n]" if written else "[]"


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
        "source": _source(finding.source) if finding.source else None,
        "decision": None if finding.decision is None else decision_object(finding.decision),
    }


def _source(source: Source) -> JsonSource:
    """Return where a subject stands."""
    if source.inside:
        return {"file": source.name, "row": None, "place": source.inside}
    return {"file": source.name, "row": source.row or None}


def gap_object(gap: Gap, *, subjects: bool = False) -> JsonGap:
    """Return a gap as the JSON report has it."""
    written: JsonGap = {
        "rule": gap.rule,
        "name": gap.name,
        "clause": list(gap.clauses),
        "severity": gap.severity.value,
        "kind": gap.kind.value,
        "source": gap.source,
        "fields": list(gap.fields),
        "count": gap.count,
        "remedy": _both(remedy_of(gap)),
    }
    if subjects:
        written["subjects"] = list(gap.subjects)
    return written


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
    return counts  # type: ignore[no-any-return] # counts, whatever they are of


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
