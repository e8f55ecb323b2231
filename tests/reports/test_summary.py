from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.language import Text
from policycore.model.result import Finding, RunResult, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict
from policycore.reports.summary import OPEN_VERDICTS, fails, summarize

Make = Callable[..., RunResult]


def test_counts_what_each_verdict_came_to(make_result: Make) -> None:
    summary = summarize(make_result())
    assert summary.by_verdict == {"pass": 70, "fail": 2, "suspect": 1, "unknown": 1, "waived": 1, "not-applicable": 2}
    assert summary.by_severity == {"error": 2, "warning": 1, "info": 1}
    assert summary.by_rule["OWN001"] == {"pass": 57, "fail": 1, "unknown": 1, "waived": 1}
    assert summary.by_clause["一(一)-3"] == {"pass": 57, "fail": 1, "unknown": 1, "waived": 1}
    assert summary.open == 4


def test_a_clause_that_nobody_covers_is_in_the_ledger_without_counts(make_result: Make) -> None:
    assert summarize(make_result()).by_clause["二(三)-1"] == {}


def test_departments_come_by_name_and_hold_open_findings_only(make_result: Make) -> None:
    summary = summarize(make_result())
    assert list(summary.by_department) == ["", "教务处"]
    assert summary.by_department["教务处"] == {"error": 2, "warning": 1}


@pytest.mark.parametrize("verdict", OPEN_VERDICTS)
def test_every_open_verdict_fails_a_check_for_missing_data_never_passes(
    verdict: Verdict, make_finding: Callable[..., Finding]
) -> None:
    assert fails([make_finding(1, verdict=verdict)], Severity.ERROR)


@pytest.mark.parametrize("verdict", [Verdict.WAIVED, Verdict.ATTESTED])
def test_what_is_settled_fails_no_check(verdict: Verdict, make_finding: Callable[..., Finding]) -> None:
    assert not fails([make_finding(1, verdict=verdict)], Severity.INFO)


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
    unknown = make_finding(6, verdict=Verdict.UNKNOWN)
    worst = summarize(make_result((*many, error, unknown))).worst
    assert [one.subject.group_id for one in worst] == ["g9", "g7", "g8"]
    assert [len(one.findings) for one in worst] == [1, 3, 1]


def test_next_steps_name_one_example_a_rule_the_most_severe_first(make_result: Make) -> None:
    steps = summarize(make_result()).next_steps
    assert [(step.example.rule, step.count) for step in steps] == [("OWN001", 2), ("DOR002", 1), ("ADM001", 1)]
    assert steps[0].example.verdict is Verdict.FAIL


def group_of(number: int) -> SubjectRef:
    return SubjectRef(Subject.GROUP, f"g{number}", "", f"g{number}", "", None, f"部门{number % 2}")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(Verdict)), st.sampled_from(list(Severity)), st.sampled_from("ABC"), st.integers(0, 4)
        ),
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
    assert sum(summary.by_severity.values()) == summary.open == len(opened)
    assert sum(sum(counts.values()) for counts in summary.by_department.values()) == len(opened)
    assert sum(sum(counts.values()) for counts in summary.by_rule.values()) == len(findings)
    listed = [finding for worst in summary.worst for finding in worst.findings]
    assert sorted(map(id, listed)) == sorted(
        id(finding) for finding in findings if finding.verdict in (Verdict.FAIL, Verdict.SUSPECT)
    )
