from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.language import Text
from policycore.model.gap import Gap
from policycore.model.result import Finding, RunResult, SubjectRef
from policycore.model.verdict import VIOLATIONS, Enforcement, Severity, Subject, Verdict
from policycore.reports.summary import OPEN_VERDICTS, fails, sections, summarize, urgency

Make = Callable[..., RunResult]


def test_counts_what_each_verdict_came_to(make_result: Make) -> None:
    summary = summarize(make_result())
    assert summary.by_verdict == {"pass": 70, "fail": 2, "suspect": 1, "unknown": 2, "waived": 1, "not-applicable": 2}
    assert summary.by_severity == {"error": 1, "warning": 1, "info": 1}
    assert summary.by_rule["OWN001"] == {"pass": 57, "fail": 1, "unknown": 2, "waived": 1}
    assert summary.by_clause["一(一)-3"] == {"pass": 57, "fail": 1, "unknown": 2, "waived": 1}
    assert summary.open == 3
    assert summary.unknown == 2


def test_a_clause_that_nobody_covers_is_in_the_ledger_without_counts(make_result: Make) -> None:
    assert summarize(make_result()).by_clause["二(三)-1"] == {}


def test_departments_come_by_name_and_hold_violations_only(make_result: Make) -> None:
    summary = summarize(make_result())
    assert list(summary.by_department) == ["", "教务处"]
    assert summary.by_department["教务处"] == {"error": 1, "warning": 1}


@pytest.mark.parametrize("verdict", OPEN_VERDICTS)
def test_every_open_verdict_fails_a_check_for_missing_data_never_passes(
    verdict: Verdict, make_finding: Callable[..., Finding]
) -> None:
    assert fails([make_finding(1, verdict=verdict)], Severity.ERROR)


@pytest.mark.parametrize("verdict", [Verdict.WAIVED, Verdict.ATTESTED])
def test_what_is_settled_fails_no_check(verdict: Verdict, make_finding: Callable[..., Finding]) -> None:
    assert not fails([make_finding(1, verdict=verdict)], Severity.INFO)


def test_a_gap_fails_a_check_at_its_rules_severity(make_gap: Callable[..., Gap]) -> None:
    gaps = [make_gap(severity=Severity.WARNING)]
    assert fails([], Severity.WARNING, gaps)
    assert not fails([], Severity.ERROR, gaps)


def test_fail_on_takes_its_severity_and_above(make_finding: Callable[..., Finding]) -> None:
    warning = [make_finding(1, severity=Severity.WARNING)]
    assert not fails(warning, Severity.ERROR)
    assert fails(warning, Severity.WARNING)
    assert fails(warning, Severity.INFO)


def test_the_worst_are_groups_with_failed_errors_before_many_warnings(
    make_result: Make, make_finding: Callable[..., Finding]
) -> None:
    many = [make_finding(number, severity=Severity.WARNING) for number in (7, 7, 7, 8)]
    error = make_finding(9)
    mark = make_finding(6, verdict=Verdict.SUSPECT, enforcement=Enforcement.MANDATORY_WITHOUT_WAIVERS)
    worst = summarize(make_result((*many, error, mark)), worst=4).worst
    assert [one.subject.group_id for one in worst] == ["g6", "g9", "g7", "g8"]
    assert [len(one.findings) for one in worst] == [1, 1, 3, 1]


def test_secrecy_comes_before_form_fail_before_suspect_and_overdue_before_due(
    make_finding: Callable[..., Finding],
) -> None:
    step = make_finding(1).remediation[0]
    late, overdue = ((replace(step, due=datetime(2024, month, 1, tzinfo=UTC)),) for month in (5, 4))
    found = [
        make_finding(1, rule="AAA001", name="z/late", remediation=late),
        make_finding(2, rule="AAA002", name="a/undated", remediation=()),
        make_finding(3, rule="ZZZ001", name="z/overdue", remediation=overdue),
        make_finding(4, rule="AAA003", name="a/suspect", verdict=Verdict.SUSPECT),
        make_finding(5, rule="AAA004", name="a/warning", severity=Severity.WARNING),
        make_finding(6, rule="ZZZ002", name="z/mark", enforcement=Enforcement.MANDATORY_WITHOUT_WAIVERS),
    ]
    assert [finding.subject.id for finding in sorted(found, key=urgency)] == ["g6", "g3", "g1", "g2", "g4", "g5"]


def test_next_steps_name_one_example_a_rule_the_most_severe_first(make_result: Make) -> None:
    steps = summarize(make_result()).next_steps
    assert [(step.example.rule, step.count) for step in steps] == [("OWN001", 1), ("DOR002", 1), ("ADM001", 1)]
    assert steps[0].example.verdict is Verdict.FAIL


FOUND = [verdict for verdict in Verdict if verdict not in (Verdict.PASS, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE)]


def group_of(number: int) -> SubjectRef:
    return SubjectRef(Subject.GROUP, f"g{number}", "", f"g{number}", "", None, f"部门{number % 2}")


@given(
    st.lists(
        st.tuples(st.sampled_from(FOUND), st.sampled_from(list(Severity)), st.sampled_from("ABC"), st.integers(0, 4)),
        max_size=40,
    )
)
def test_counts_agree_with_counting_one_by_one(kinds: list[tuple[Verdict, Severity, str, int]]) -> None:
    base = Finding(
        "i", "A", "a/a", Text("题", "t"), ("一",), Verdict.FAIL, Severity.ERROR, Enforcement.MANDATORY,
        SubjectRef(Subject.GROUP, "g", "g", "g", "g"), Text("话", "m"), {}, (), "f",
    )  # fmt: skip
    findings = tuple(
        dataclasses.replace(base, rule=rule, verdict=verdict, severity=severity, subject=group_of(group))
        for verdict, severity, rule, group in kinds
    )
    result = RunResult("r", Text("题", "t"), "h", "s", datetime(2024, 4, 15, tzinfo=UTC), "UTC", "0", findings, (), ())
    summary = summarize(result, worst=100)
    opened = [finding for finding in findings if finding.verdict in OPEN_VERDICTS]
    assert summary.by_verdict == dict(Counter(finding.verdict.value for finding in findings))
    violations = [finding for finding in findings if finding.verdict in VIOLATIONS]
    assert summary.open == len(opened)
    assert sum(summary.by_severity.values()) == len(violations)
    assert sum(sum(counts.values()) for counts in summary.by_department.values()) == len(violations)
    assert sum(sum(counts.values()) for counts in summary.by_rule.values()) == len(findings)
    listed = [finding for worst in summary.worst for finding in worst.findings]
    assert sorted(map(id, listed)) == sorted(
        id(finding) for finding in findings if finding.verdict in (Verdict.FAIL, Verdict.SUSPECT)
    )


def test_a_statement_asked_of_many_stands_once_with_all_their_names(make_finding: Callable[..., Finding]) -> None:
    asked = [
        make_finding(
            number,
            verdict=Verdict.NEEDS_ATTESTATION,
            subject=SubjectRef(Subject.DEPARTMENT, f"d{number}", f"第{number}处", department_id=f"d{number}"),
        )
        for number in range(3)
    ]
    [section] = sections(asked)
    [one] = section.each()
    assert (section.key, section.count) == ("reports.verdict.needs-attestation", 3)
    assert all(f"第{number}处" in one.message.zh for number in range(3))
    [apart] = sections([asked[0], replace(asked[1], message=Text("另一项", "another"))])
    assert len([*apart.each()]) == 2
