"""Statements are asked of the whole, of each department that has groups, or of each group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from policycore.engine.session import EstateData
from policycore.errors import Place
from policycore.language import Text
from policycore.model.result import RunResult
from policycore.model.verdict import Subject, Verdict
from policycore.rulesets.resolved import Attestation

_ASKED = Attestation("一", Text("部门负责人确认", "the head confirms"), 180, Place("a.yaml", 1, 1))
_TABLES = {
    "departments": [{"id": "d1", "name": "教务处"}, {"id": "d2", "name": "学生处"}, {"id": "d3", "name": "后勤处"}],
    "groups": [
        {"id": "g1", "name": "一群", "department_id": "d1"},
        {"id": "g2", "name": "二群", "department_id": "d1"},
        {"id": "g3", "name": "三群", "department_id": "d2"},
        {"id": "g4", "name": "四群", "department_id": "d3", "dissolved_at": "2024-01-01T00:00:00+08:00"},
        {"id": "g5", "name": "五群"},
    ],
}


@pytest.mark.parametrize(
    ("per", "kind", "subjects"),
    [
        ("whole", Subject.ESTATE, ["estate"]),
        ("department", Subject.DEPARTMENT, ["d1", "d2"]),
        ("group", Subject.GROUP, ["g1", "g2", "g3", "g5"]),
    ],
)
def test_each_of_those_that_are_asked_is_one_finding(
    estate: Callable[..., EstateData], evaluate: Callable[..., RunResult], per: str, kind: Subject, subjects: list[str]
) -> None:
    result = evaluate(estate(_TABLES), attestations=(replace(_ASKED, per=per, by={"ranks": ("中层正职",)}),))
    found = result.findings
    assert [finding.subject.id for finding in found] == subjects
    assert {(finding.subject.kind, finding.verdict) for finding in found} == {(kind, Verdict.NEEDS_ATTESTATION)}
    assert len({finding.fingerprint for finding in found}) == len(found)
    assert all(finding.facts == {"valid_days": 180, "ranks": ["中层正职"]} for finding in found)
    assert [clause.verdicts.get(Verdict.NEEDS_ATTESTATION, 0) for clause in result.clauses] == [len(subjects), 0]


def test_where_nobody_knows_the_departments_the_whole_is_asked_and_says_what_is_missing(
    estate: Callable[..., EstateData], evaluate: Callable[..., RunResult]
) -> None:
    data = estate(_TABLES, without="groups.department_id")
    [finding] = evaluate(data, attestations=(replace(_ASKED, per="department"),)).findings
    assert finding.subject.kind is Subject.ESTATE
    assert finding.facts["missing"] == ["groups.department_id"]
