"""When a waiver counts and when it does not; every way of lapsing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.decisions.apply import NOT_NEEDED, apply_decisions
from policycore.decisions.attestations import Attested, SignedStatement, judge_attestation
from policycore.decisions.policy import WaiverPolicy
from policycore.decisions.standing import Directory, Post, Roster
from policycore.decisions.waivers import Scope, Standing, WaiverContext, fits, judge_waiver
from policycore.language import Text
from policycore.model.facts import changed_facts, lasting_facts, plain
from policycore.model.found import fingerprint
from policycore.model.result import ClauseResult, Finding, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict
from policycore.store.lives.previous_state import RuleNames

from .conftest import DAY, HEAD, NOON, waiver


def directory(**people: Roster) -> Directory:
    standard = {"p1": Roster("申请人", "active", None, (HEAD,)), "p2": Roster("批准人", "active", None, (HEAD,))}
    return Directory(standard | people)


def context(**changes: Any) -> WaiverContext:
    standard = WaiverContext(
        policy=WaiverPolicy(ranks=frozenset({"中层正职"}), duties=frozenset({"保密"})),
        directory=directory(),
        parameters={"OWN001": {"grace_days": 3}},
        names=RuleNames({"OWN001": "OWN001", "ownership/own001": "OWN001", "OLD001": "OWN001"}),
    )
    return replace(standard, **changes)


def test_a_waiver_counts_from_its_first_moment_to_just_before_its_last() -> None:
    one = waiver()
    assert judge_waiver(one, one.begins, context()) is Standing.IN_FORCE
    assert judge_waiver(one, one.begins - timedelta(microseconds=1), context()) is Standing.NOT_YET
    assert judge_waiver(one, one.ends - timedelta(microseconds=1), context()) is Standing.IN_FORCE
    assert judge_waiver(one, one.ends, context()) is Standing.EXPIRED


GONE = Roster("x", "departed", NOON - 10 * DAY, (HEAD,))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Standing.IN_FORCE),
        ({"withdrawn": NOON}, Standing.WITHDRAWN),
        ({"withdrawn": NOON + 900 * DAY}, Standing.WITHDRAWN),
        ({"approved": NOON + DAY}, Standing.NOT_YET),
        ({"approver": "p1"}, Standing.SAME_PERSON),
        ({"approver": "nobody"}, Standing.NO_PERSON),
        ({"reason": "because"}, Standing.UNKNOWN_REASON),
        ({"parameters": {"grace_days": 3}}, Standing.IN_FORCE),
        ({"parameters": {"grace_days": "3"}}, Standing.IN_FORCE),
        ({"parameters": {"grace_days": 7}}, Standing.PARAMETERS_CHANGED),
        ({"parameters": {"gone": 7}}, Standing.PARAMETERS_CHANGED),
        ({"rule": "OLD001", "parameters": {"grace_days": 3}}, Standing.IN_FORCE),
        ({"rule": "OTHER", "parameters": {"grace_days": 3}}, Standing.NO_RULE),
    ],
)
def test_in_general(changes: dict[str, Any], expected: Standing) -> None:
    assert judge_waiver(waiver(**changes), NOON, context()) is expected


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Roster("x", "active", None, (HEAD,)), Standing.IN_FORCE),
        (Roster("x", "active", None, ()), Standing.NOT_IN_POST),
        (Roster("x", None, None, (HEAD,)), Standing.UNTOLD),
        (Roster("x", "active", NOON, (HEAD,)), Standing.NOT_IN_POST),
        (GONE, Standing.NOT_IN_POST),
        # Left since, but was in post on the day of approval.
        (replace(GONE, status_since=NOON - DAY / 2), Standing.IN_FORCE),
        (replace(GONE, status_since=None), Standing.UNTOLD),
        (Roster("x", "active", None, (replace(HEAD, until=NOON - 2 * DAY),)), Standing.NOT_IN_POST),
        (Roster("x", "active", None, (replace(HEAD, until=NOON),)), Standing.IN_FORCE),
        (Roster("x", "active", None, (replace(HEAD, since=NOON),)), Standing.NOT_IN_POST),
        (Roster("x", "active", None, (replace(HEAD, rank="科级"),)), Standing.NO_AUTHORITY),
        (Roster("x", "active", None, (replace(HEAD, rank="科级", duties=frozenset({"保密"})),)), Standing.IN_FORCE),
        (Roster("x", "active", None, (replace(HEAD, rank=None), HEAD)), Standing.IN_FORCE),
    ],
)
def test_the_approver_on_the_day_of_approval(person: Roster, expected: Standing) -> None:
    assert judge_waiver(waiver(), NOON, context(directory=directory(p2=person))) is expected


def test_without_a_directory_nobody_has_standing() -> None:
    assert judge_waiver(waiver(), NOON, context(directory=Directory())) is Standing.NO_DIRECTORY


def test_where_the_rule_set_names_no_rank_anybody_in_post_will_do() -> None:
    clerk = Roster("x", "active", None, (replace(HEAD, rank="科员", duties=frozenset()),))
    assert (
        judge_waiver(waiver(), NOON, context(policy=WaiverPolicy(), directory=directory(p2=clerk))) is Standing.IN_FORCE
    )


@pytest.mark.parametrize(
    ("changes", "waived", "expected"),
    [
        ({}, {}, Standing.IN_FORCE),
        ({"verdict": Verdict.SUSPECT}, {}, Standing.IN_FORCE),
        ({"verdict": Verdict.UNKNOWN}, {}, Standing.NOT_WAIVABLE),
        ({"verdict": Verdict.ERROR}, {}, Standing.NOT_WAIVABLE),
        ({"enforcement": Enforcement.MANDATORY_WITHOUT_WAIVERS}, {}, Standing.NOT_WAIVABLE),
        ({}, {"ends": NOON + 89 * DAY}, Standing.IN_FORCE),
        ({}, {"ends": NOON + 90 * DAY}, Standing.TOO_LONG),
        ({"severity": Severity.WARNING}, {"ends": NOON + 90 * DAY}, Standing.IN_FORCE),
        ({"severity": Severity.INFO}, {"ends": NOON + 400 * DAY}, Standing.TOO_LONG),
    ],
)
def test_for_one_finding(build: Any, changes: dict[str, Any], waived: dict[str, Any], expected: Standing) -> None:
    assert judge_waiver(waiver(**waived), NOON, context(), build.finding(**changes)) is expected


def test_it_lapses_when_the_facts_it_was_granted_for_change(build: Any) -> None:
    finding = build.finding(facts={"owner": "张三", "days_vacant": 4})
    one = waiver(facts={finding.fingerprint: {"owner": "张三"}})
    assert judge_waiver(one, NOON, context(), finding) is Standing.IN_FORCE
    assert judge_waiver(one, NOON, context(), build.finding(facts={"owner": "李四"})) is Standing.FACTS_CHANGED
    assert judge_waiver(one, NOON, context(), build.finding(facts={})) is Standing.FACTS_CHANGED
    other = build.finding(subject="g1", rule="OWN002", facts={"owner": "李四"})
    assert judge_waiver(one, NOON, context(), other) is Standing.IN_FORCE


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"scope": Scope()}, False),
        ({"scope": Scope(groups=frozenset({"g2"}))}, False),
        ({"scope": Scope(subjects=frozenset({"g1"}))}, True),
        ({"scope": Scope(departments=frozenset({"d-教务处"}))}, True),
        ({"scope": Scope(departments=frozenset({"教务处"}))}, False),
        ({"rule": ""}, True),
        ({"rule": "OWN001"}, True),
        ({"rule": "OLD001"}, True),
        ({"rule": "OWN002"}, False),
        ({"clause": ""}, True),
        ({"clause": "二(一)"}, False),
    ],
)
def test_what_a_waiver_is_about(build: Any, changes: dict[str, Any], expected: bool) -> None:
    assert fits(waiver(**changes), build.finding(), context()) is expected


def test_a_waiver_for_one_finding_leaves_a_new_one_of_the_same_rule(build: Any) -> None:
    old, new = build.finding(subject="g1"), build.finding(subject="g2")
    accepted = waiver(scope=Scope(findings=frozenset({old.fingerprint})), rule="", clause="一(一)-3")
    decided = apply_decisions(build.result(old, new, as_of=NOON), [accepted], [], context())
    assert {item.subject.id: item.verdict for item in decided.result.findings} == {
        "g1": Verdict.WAIVED,
        "g2": Verdict.FAIL,
    }


def test_a_waiver_of_a_finding_survives_a_new_id_of_its_rule(build: Any) -> None:
    before = build.finding(rule="OLD001")
    now = replace(build.finding(rule="OWN001"), former=(before.fingerprint,))
    assert before.fingerprint != now.fingerprint
    granted = waiver(rule="OLD001", scope=Scope(findings=frozenset({before.fingerprint})))
    granted = replace(granted, facts={before.fingerprint: {"owner": "张三"}})
    decided = apply_decisions(build.result(now, as_of=NOON), [granted], [], context())
    assert decided.result.findings[0].verdict is Verdict.WAIVED
    changed = replace(now, facts={"owner": "李四"})
    decided = apply_decisions(build.result(changed, as_of=NOON), [granted], [], context())
    assert [item.status for item in decided.statuses] == ["facts-changed"]


def test_decisions_move_every_count_and_say_who_decided(build: Any) -> None:
    result = build.result(build.finding(), build.finding(subject="g2"), as_of=NOON)
    clauses = (ClauseResult("一(一)-3", "x", None, ("ownership/own001",), 0, {Verdict.PASS: 5, Verdict.FAIL: 2}),)
    decided = apply_decisions(replace(result, clauses=clauses), [waiver()], [], context())
    assert decided.result.outcomes[0].verdicts == {Verdict.PASS: 5, Verdict.FAIL: 1, Verdict.WAIVED: 1}
    assert decided.result.clauses[0].verdicts == {Verdict.PASS: 5, Verdict.FAIL: 1, Verdict.WAIVED: 1}
    settled = decided.result.findings[0].decision
    assert settled is not None
    assert (settled.kind, settled.id, settled.decided_by, settled.until) == ("waiver", "W-1", "批准人", waiver().ends)
    assert [(item.status, item.settled) for item in decided.statuses] == [("in-force", 1)]


def test_without_decisions_the_result_is_the_same(build: Any) -> None:
    result = build.result(build.finding(), as_of=NOON)
    assert apply_decisions(result, [], [], context()).result == result


def test_statuses_tell_why_a_waiver_does_nothing(build: Any) -> None:
    result = build.result(build.finding(severity=Severity.ERROR), as_of=NOON)
    waivers = [
        waiver(id="long", ends=NOON + 200 * DAY),
        waiver(id="idle", scope=Scope(groups=frozenset({"g77"}))),
        waiver(id="old", ends=NOON - DAY / 2),
        waiver(id="soon", ends=NOON + 3 * DAY, scope=Scope(groups=frozenset({"g1"}))),
    ]
    decided = apply_decisions(result, waivers, [], context())
    assert {item.id: item.status for item in decided.statuses} == {
        "long": "too-long",
        "idle": NOT_NEEDED,
        "old": "expired",
        "soon": "in-force",
    }
    assert [item.id for item in decided.statuses if item.expiring(NOON)] == ["soon"]


def test_as_of_decides_and_not_the_clock(build: Any) -> None:
    early = build.result(build.finding(), as_of=NOON - 5 * DAY)
    assert apply_decisions(early, [waiver()], [], context()).result.findings[0].verdict is Verdict.FAIL


# Attestations.


def asked(build: Any, clause: str = "二(二)-1", asks: str = "内容准确") -> Finding:
    finding: Finding = build.finding(
        rule=f"ATTEST:{clause}",
        subject="estate",
        kind=Subject.ESTATE,
        verdict=Verdict.NEEDS_ATTESTATION,
        clauses=(clause,),
        facts={"valid_days": 180},
    )
    return replace(finding, title=Text(asks, asks), fingerprint=finding.fingerprint[:-4] + f"{len(asks):04d}")


def statement(**changes: Any) -> SignedStatement:
    standard = SignedStatement("A-1", "二(二)-1", "estate", "p2", NOON - DAY, "0" * 64, "scan.pdf")
    return replace(standard, **changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Attested.IN_FORCE),
        ({"signed": NOON + DAY}, Attested.NOT_YET),
        ({"signed": NOON - 180 * DAY}, Attested.EXPIRED),
        ({"signed": NOON - 179 * DAY}, Attested.IN_FORCE),
        ({"signed": NOON - 10 * DAY, "valid_days": 10}, Attested.EXPIRED),
        ({"signed": NOON - 179 * DAY, "valid_days": 900}, Attested.IN_FORCE),
        ({"signed": NOON - 181 * DAY, "valid_days": 900}, Attested.EXPIRED),
        ({"withdrawn": NOON}, Attested.WITHDRAWN),
        ({"withdrawn": NOON + 900 * DAY}, Attested.WITHDRAWN),
        ({"person": "nobody"}, Attested.NOT_IN_POST),
    ],
)
def test_when_a_statement_counts(build: Any, changes: dict[str, Any], expected: Attested) -> None:
    assert judge_attestation(statement(**changes), NOON, directory(), asked(build)) is expected


def _of_department(build: Any, department: str, **facts: Any) -> Finding:
    found = asked(build)
    subject = SubjectRef(Subject.DEPARTMENT, department, department, department_id=department)
    digest = fingerprint(found.rule, Subject.DEPARTMENT, department, {})
    return replace(found, subject=subject, fingerprint=digest, facts={"valid_days": 180, **facts})


@pytest.mark.parametrize(
    ("facts", "counts"),
    [
        ({}, True),
        ({"ranks": ["中层正职"]}, True),
        ({"ranks": ["中层副职"]}, False),
        ({"ranks": ["中层副职"], "duties": ["保密"]}, True),
        ({"titles": ["处长"]}, True),
        ({"titles": ["主任"]}, False),
        ({"missing": ["groups.department_id"]}, False),
    ],
)
def test_only_a_post_that_is_asked_for_may_sign(build: Any, facts: dict[str, Any], counts: bool) -> None:
    head = Post("d1", "中层正职", frozenset({"保密"}), None, None, "处长")
    people = directory(p2=Roster("签字人", "active", None, (head,)))
    signed = statement(subject="d1")
    found = judge_attestation(signed, NOON, people, _of_department(build, "d1", **facts))
    assert found is (Attested.IN_FORCE if counts else Attested.NOT_ENTITLED)
    elsewhere = judge_attestation(statement(subject="d2"), NOON, people, _of_department(build, "d2", **facts))
    assert elsewhere is Attested.NOT_ENTITLED


def test_one_signature_settles_one_department(build: Any) -> None:
    result = build.result(_of_department(build, "d1"), _of_department(build, "d2"), as_of=NOON)
    people = directory(p2=Roster("签字人", "active", None, (Post("d1", None, frozenset(), None, None),)))
    decided = apply_decisions(result, [], [statement(subject="d1")], context(directory=people))
    assert {item.subject.id: item.verdict for item in decided.result.findings} == {
        "d1": Verdict.ATTESTED,
        "d2": Verdict.NEEDS_ATTESTATION,
    }


def test_a_statement_settles_its_clause_and_a_lapsed_one_turns_it_back(build: Any) -> None:
    result = build.result(asked(build), asked(build, "三(一)"), as_of=NOON)
    decided = apply_decisions(result, [], [statement()], context())
    assert {item.clauses[0]: item.verdict for item in decided.result.findings} == {
        "二(二)-1": Verdict.ATTESTED,
        "三(一)": Verdict.NEEDS_ATTESTATION,
    }
    later = apply_decisions(replace(result, as_of=NOON + 200 * DAY), [], [statement()], context())
    assert {item.verdict for item in later.result.findings} == {Verdict.NEEDS_ATTESTATION}
    assert [item.status for item in later.statuses] == ["expired"]


def test_two_statements_asked_by_one_clause_are_told_apart(build: Any) -> None:
    first, second = asked(build, asks="甲"), asked(build, asks="乙乙")
    decided = apply_decisions(
        build.result(first, second, as_of=NOON), [], [statement(finding=second.fingerprint)], context()
    )
    assert {item.title.zh: item.verdict for item in decided.result.findings} == {
        "甲": Verdict.NEEDS_ATTESTATION,
        "乙乙": Verdict.ATTESTED,
    }


def test_no_statement_settles_a_violation(build: Any) -> None:
    result = build.result(build.finding(clauses=("二(二)-1",)), as_of=NOON)
    decided = apply_decisions(result, [], [statement(subject="g1")], context())
    assert decided.result.findings[0].verdict is Verdict.FAIL


# Facts.


def test_what_grows_by_itself_is_no_fact_to_rest_on() -> None:
    facts = {"owner": "张三", "days_vacant": 3, "elapsed_days": 4, "status_since": NOON, "holidays": 2}
    assert set(lasting_facts(facts)) == {"owner", "status_since", "holidays"}


_value = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1000, 1000), st.floats(-10, 10), st.text(max_size=8), st.dates()),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(st.text(min_size=1, max_size=6), _value, max_size=4))
def test_facts_equal_themselves_after_they_were_written_down(facts: dict[str, object]) -> None:
    written = {name: plain(value) for name, value in facts.items()}
    assert changed_facts(written, facts) == ()


@given(st.integers(-50, 50), st.integers(-3, 3))
def test_in_force_is_one_interval(shift: int, approved: int) -> None:
    one = waiver(approved=NOON + approved * DAY)
    at = NOON + shift * DAY
    begins, ends = max(one.begins, NOON + approved * DAY), one.ends
    assert (judge_waiver(one, at, context()) is Standing.IN_FORCE) is (begins <= at < ends)
