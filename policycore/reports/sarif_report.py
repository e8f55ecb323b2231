"""Write a result as SARIF 2.1.0, for code-scanning dashboards and merge requests.

A log holds what its run found. A rule that broke found nothing, waived findings included: the log then says
``executionSuccessful: false`` and names the rule, and what is absent from it counts as fixed for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, BinaryIO
from urllib.parse import quote

from policycore.errors import Problem
from policycore.language import Language, say, use_language
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Severity, Verdict
from policycore.reports.gaps import MissingField, missing_fields, missing_words, remedy_words
from policycore.reports.json_report import encoded
from policycore.reports.words import safe, step_words, subject_words

__all__ = ["SarifReport"]

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MISSING = "missing-data"
"""The rule id under which missing fields are reported: one field makes many rules wait."""
_levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_settled = (Verdict.WAIVED, Verdict.ATTESTED, Verdict.PASS)


@dataclass(frozen=True, slots=True)
class SarifReport:
    """One SARIF run; open verdicts and missing fields are results of kind "fail", for unknown is no pass."""

    name: str = "sarif"
    suffix: str = ".sarif"
    media_type: str = "application/sarif+json"
    is_text: bool = True
    baseline: Mapping[str, str] = field(default_factory=dict)
    """By fingerprint, how a finding compares with the run before; empty where there is none to compare with."""
    lost: Sequence[Finding] = ()
    """What an earlier run found and this one can't see: listed as unknown, for a viewer takes silence for a cure."""
    absent: Sequence[Finding] = ()
    """What the run before found and this one did not, though it looked: ``baselineState`` absent."""

    def write(self, result: RunResult, stream: BinaryIO, language: Language) -> None:
        """Write the report."""
        with use_language(language):
            for block in self._blocks(result, language):
                stream.write(block.encode())

    def _blocks(self, result: RunResult, language: Language) -> Iterator[str]:
        """Yield the report piece by piece."""
        rules = _rules(result, (*self.lost, *self.absent))
        missing = missing_fields(result.gaps)
        if missing:
            rules.append({"id": MISSING, "name": MISSING, "shortDescription": {"text": say("reports.gaps")}})
        place = {rule["id"]: number for number, rule in enumerate(rules)}
        driver = {"name": "policycore", "version": result.engine_version, "rules": rules}
        yield f'{{"$schema":"{SCHEMA}","version":"2.1.0","runs":[{{\n"tool":{encoded({"driver": driver})}'
        yield f',\n"language":"{"en" if language == "en" else "zh-CN"}","columnKind":"unicodeCodePoints"'
        yield f',\n"invocations":{encoded([_invocation(result)])}'
        properties = {
            "ruleset": result.ruleset,
            "rulesetHash": result.ruleset_hash,
            "snapshot": result.snapshot,
            "decisionsHash": result.decisions_hash,
            "engineCode": result.engine_code,
            "evidenceKey": result.evidence_key,
            "asOf": result.as_of.isoformat(),
        }
        yield f',\n"properties":{encoded(properties)},\n"results":['
        separator = "\n"
        for written in chain(
            (_result(finding, place[finding.rule]) for finding in result.findings),
            (_missing(item, place[MISSING]) for item in missing),
            (_result(finding, place[finding.rule]) for finding in chain(self.lost, self.absent)),
        ):
            state = self.baseline.get(written["partialFingerprints"]["policycore/v1"])
            yield separator + encoded(written if state is None else {**written, "baselineState": state})
            separator = ",\n"
        yield "\n]}]}\n"


def _rules(result: RunResult, earlier: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return every rule that ran or found something, now or when `earlier` findings were reported, sorted by id."""
    firsts: dict[str, Finding] = {}
    for finding in chain(result.findings, earlier):
        firsts.setdefault(finding.rule, finding)
    names = {outcome.rule: (outcome.name, outcome.clauses) for outcome in result.outcomes}
    names.update({rule: (finding.name, finding.clauses) for rule, finding in firsts.items() if rule not in names})
    rules = []
    for rule, (name, clauses) in sorted(names.items()):
        described: dict[str, Any] = {
            "id": safe(rule, 200),
            "name": safe(name, 200),
            "properties": {"tags": [safe(clause, 80) for clause in dict.fromkeys(clauses)]},
        }
        if rule in firsts:
            described["shortDescription"] = {"text": safe(firsts[rule].title.in_language())}
            described["defaultConfiguration"] = {"level": _levels[firsts[rule].severity]}
        rules.append(described)
    return rules


def _invocation(result: RunResult) -> dict[str, Any]:
    """Say whether the run was complete, and what broke."""
    return {
        "executionSuccessful": not result.problems,
        "toolExecutionNotifications": [
            *(_notification(problem, "error") for problem in result.problems),
            *(_notification(note, "note") for note in result.notes),
        ],
    }


def _notification(problem: Problem, level: str) -> dict[str, Any]:
    """Return one problem or note as a notification."""
    notification: dict[str, Any] = {
        "level": level,
        "message": {"text": safe(problem)},
        "descriptor": {"id": problem.code},
    }
    if problem.place is not None:
        location: dict[str, Any] = {"artifactLocation": {"uri": quote(safe(problem.place.file))}}
        if problem.place.line:
            location["region"] = {"startLine": problem.place.line, "startColumn": problem.place.column or 1}
        notification["locations"] = [{"physicalLocation": location}]
    return notification


def _missing(item: MissingField, rule_index: int) -> dict[str, Any]:
    """Return one missing field as a SARIF result."""
    remedy = remedy_words(item.field, item.source).in_language()
    name = safe(f"{item.source}/{item.field}" if item.source else item.field, 200)
    return {
        "ruleId": MISSING,
        "ruleIndex": rule_index,
        "kind": "fail",
        "level": _levels[item.severity],
        "message": {"text": safe(missing_words(item))},
        "locations": [{"logicalLocations": [{"name": name, "fullyQualifiedName": f"field/{name}"}]}],
        "partialFingerprints": {"policycore/v1": item.fingerprint},
        "properties": {
            "verdict": Verdict.UNKNOWN.value,
            "clause": [safe(clause, 80) for clause in item.clauses],
            "rules": {safe(rule.id, 200): rule.count for rule in item.rules},
            "settles": item.settles,
            "remediation": [safe(remedy)],
        },
    }


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    """Return one finding as a SARIF result."""
    subject = finding.subject
    location: dict[str, Any] = {
        "logicalLocations": [
            {"name": subject_words(subject), "fullyQualifiedName": f"{subject.kind.value}/{safe(subject.id, 200)}"}
        ]
    }
    if finding.source is not None:
        location["physicalLocation"] = {"artifactLocation": {"uri": quote(safe(finding.source.name))}}
        if finding.source.inside:
            location["logicalLocations"].append({"fullyQualifiedName": safe(finding.source.inside, 200)})
        elif finding.source.row:
            location["physicalLocation"]["region"] = {"startLine": finding.source.row}
    written: dict[str, Any] = {
        "ruleId": safe(finding.rule, 200),
        "ruleIndex": rule_index,
        "kind": "fail",
        "level": _levels[finding.severity],
        "message": {"text": f"{subject_words(subject)}: {safe(finding.says.in_language())}"},
        "locations": [location],
        "partialFingerprints": {"policycore/v1": finding.fingerprint},
        "properties": {
            "id": finding.id,
            "verdict": finding.verdict.value,
            "clause": [safe(clause, 80) for clause in finding.clauses],
            "department": safe(subject.department or subject.department_id or "", 200),
            "remediation": [step_words(step) for step in finding.remediation],
        },
    }
    if finding.verdict in _settled:
        why = finding.verdict.value if finding.decision is None else f"{finding.decision.id}: {finding.decision.text}"
        written["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return written
