"""Verdicts that two independent readings of the policy settled, and the kinds that they met beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import policycore
from policycore.plugin_api.plugins import load_plugins
from policycore.plugin_api.rule import Case
from policycore.testing import check_case, run_rule

RULES = {rule.id: rule for rule in load_plugins().rules.all()}
FAIL, SUSPECT, GAP = "fail", "suspect", "gap"
SETTLED: dict[str, dict[tuple[str, str], str]] = {
    "adm004-owner-before-first-transfer": {("ADM004", "g1/x"): SUSPECT, ("ADM004", "g1/y"): SUSPECT},
    "adm004-unrecorded-owner-now-admin": {("ADM004", "g1/y"): SUSPECT, ("ADM004", "g1/z"): SUSPECT},
    "adm006-empty-scope": {
        **{("ADM006", member): GAP for member in ("g1/a1", "g1/a2", "g2/a1", "g3/a1")},
        **{("ADM008", group): GAP for group in ("g1", "g2", "g3")},
    },
    "adm008-not-in-service-yet": {},
    "null-status": {
        ("ADM006", "g1/a1"): GAP,
        ("ADM007", "g1/a1"): GAP,
        ("ADM008", "g1"): GAP,
        ("OWN003", "g1"): GAP,
        ("OWN002", "g1"): SUSPECT,
    },
    "recalled-red-packet": {},
    "wide-flat-roster": {("ADM006", "g1/z1"): FAIL, ("ADM008", "g2"): FAIL},
    "wide-readme-register": {("DOR001", "迎新专班"): GAP, ("OWN002", "迎新专班"): FAIL},
}


def _said(folder: Path) -> dict[tuple[str, str], str]:
    """Return what the product says of each subject that does not pass."""
    result = policycore.check(folder / "estate", str(folder / "ruleset.yaml")).result
    assert not result.problems
    said = {(finding.rule, finding.subject.id): finding.verdict.value for finding in result.findings}
    return said | {(gap.rule, subject): GAP for gap in result.gaps for subject in gap.subjects}


@pytest.mark.parametrize("name", SETTLED)
def test_the_settled_verdict_is_the_product_s(name: str, shared_data: Path) -> None:
    folder = shared_data.parent / "cases" / "verdicts" / name
    if not folder.is_dir():
        pytest.skip(f"the folder of settled cases is not here ({folder})")
    assert _said(folder) == SETTLED[name]


@pytest.mark.parametrize("since", [None, "2024-03", "2024-09"])
@pytest.mark.parametrize("status", [None, "active", "departed"])
def test_nobody_is_replaced_for_what_is_not_known(status: str | None, since: str | None) -> None:
    """Of whoever is not known to be out of post the finding asks; a month is never shown as a day."""
    people = [{"id": "p1", "name": "张敏", "status": status, "status_since": since}]
    given = {
        "people": people,
        "accounts": [{"id": "a1", "person_id": "p1", "kind": "internal"}],
        "groups": [{"id": "g1", "owner_id": "a1", "responsible_id": "p1"}],
        "memberships": [{"group_id": "g1", "account_id": "a1", "role": "admin"}],
    }
    for rule in ("OWN002", "OWN006", "OWN007"):
        params = {"grace_days": 3}
        for finding in run_rule(RULES[rule], Case("one", given=given, params=params)).findings:
            said = " ".join(f"{step.what.zh} {step.what.en}" for step in finding.remediation)
            assert (finding.verdict.value == "fail") == (status == "departed" and since != "2024-09")
            assert ("核实" in said) == (finding.verdict.value == "suspect")
            assert ("接任" in said or "取消" in said or "确定一名" in said) == (finding.verdict.value == "fail")
            assert since is None or f"{since}-01" not in finding.message.zh + str(finding.facts)


PEOPLE = [{"id": f"p{number}", "name": name} for number, name in enumerate("甲乙丙丁", 1)]
ACCOUNTS = [{"id": f"a{number}", "person_id": f"p{number}"} for number in range(1, 5)]


def _joined(*events: dict[str, object], **stay: object) -> dict[str, list[dict[str, object]]]:
    """Return an estate in which a4 came into a group that a3 owns now."""
    return {
        "people": [dict(row) for row in PEOPLE],
        "accounts": [dict(row) for row in ACCOUNTS],
        "groups": [{"id": "g", "owner_id": "a3"}],
        "events": [{"id": f"e{n}", "group_id": "g", "kind": "transfer", **event} for n, event in enumerate(events)],
        "memberships": [{"group_id": "g", "account_id": "a4", "join_scene": "invite", **stay}],
    }


FIRST = {"at": "2023-03-01", "actor_id": "a1", "subject_id": "a2"}
SECOND = {"at": "2023-03-01", "actor_id": "a2", "subject_id": "a3"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (_joined(FIRST, inviter_id="a1"), "undated"),
        (_joined(FIRST, joined_at="2023-02-01", inviter_id="a1"), ""),
        (_joined(FIRST, SECOND, joined_at="2023-04-01", inviter_id="a3"), ""),
        (_joined(SECOND, FIRST, joined_at="2023-04-01", inviter_id="a3"), ""),
        (_joined(SECOND, FIRST, joined_at="2023-04-01", inviter_id="a2"), "member"),
    ],
)
def test_who_owned_the_group_then_is_told_by_givers_and_receivers(
    given: dict[str, list[dict[str, object]]], reason: str
) -> None:
    reasons = {"g/a4": reason} if reason else {}
    check_case(RULES["ADM004"], Case("one who joined", given=given, finds=tuple(reasons), reasons=reasons))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule[:3] in ("OWN", "ADM", "DOR")])
def test_a_group_without_an_owner_is_found_for_that_by_one_rule_alone(rule: str) -> None:
    """Whatever a rule says of a group without an owner it says of the same group with an owner in post."""
    said = {}
    for owner in (None, "a1"):
        given = {
            "departments": [{"id": "d", "name": "教务处"}],
            "people": [{**row, "status": "active"} for row in PEOPLE],
            "appointments": [{"person_id": row["id"], "department_id": "d"} for row in PEOPLE],
            "accounts": ACCOUNTS,
            "tasks": [{"id": "t", "state": "open"}],
            "groups": [
                {
                    "id": "g",
                    "owner_id": owner,
                    "creator_id": "a1",
                    "responsible_id": "p1",
                    "department_id": "d",
                    "kind": "project",
                    "task_id": "t",
                    "join_approval": True,
                    "created_at": "2024-04-01",
                    "scope": {"departments": ["d"]},
                }
            ],
            "memberships": [
                {
                    "group_id": "g",
                    "account_id": row["id"],
                    "role": "admin" if row["id"] == "a2" else "member",
                    "display_name": f"教务处-{person['name']}",
                    "joined_at": "2024-04-01",
                    "inviter_id": "a1",
                    "join_scene": "invite",
                }
                for row, person in zip(ACCOUNTS, PEOPLE, strict=True)
            ],
        }
        result = run_rule(RULES[rule], Case("a group", given=given))
        said[owner] = [(finding.subject.id, finding.message.en) for finding in result.findings]
    assert (said[None] != said["a1"]) == (rule == "OWN001")


@pytest.mark.parametrize(
    ("dissolved", "finds"), [("2024-04-15T00:00:00+08:00", ()), ("2024-04-15T00:00:01+08:00", ("g",))]
)
def test_a_group_dissolved_at_the_very_moment_is_dissolved(dissolved: str, finds: tuple[str, ...]) -> None:
    given = {"groups": [{"id": "g", "dissolved_at": dissolved}]}
    check_case(RULES["OWN001"], Case("a group", given=given, as_of="2024-04-15T00:00:00+08:00", finds=finds))


@pytest.mark.parametrize(("created", "said"), [("2024-03-01", "fail"), ("2024-03", "gap"), ("2024-03-28", "fine")])
def test_a_group_made_in_the_month_of_the_policy_may_be_a_new_one(created: str, said: str) -> None:
    rule = RULES["COM005"]
    case = next(case for case in rule.cases if not case.finds)
    given = {**case.given, "groups": [{**row, "created_at": created} for row in case.given["groups"]]}
    result = run_rule(rule, replace(case, given=given))
    assert ("fail" if result.findings else "gap" if result.gaps else "fine") == said


@pytest.mark.parametrize("rule", ["COM005", "COM006"])
def test_whether_an_old_group_is_dissolved_is_not_what_nobody_could_read(rule: str) -> None:
    for case in [case for case in RULES[rule].cases if case.given["groups"][0]["name"] == "机关党委工作群"]:
        first, *others = case.given["groups"]
        unread = [{**first, "dissolved_at": None, "_unknown": ["dissolved_at"]}, *others]
        result = run_rule(RULES[rule], replace(case, given={**case.given, "groups": unread}))
        assert not result.findings
        assert result.gaps or "within" in case.name
