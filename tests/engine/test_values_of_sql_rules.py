"""Of a rule in a rule set's SQL nobody says when a value matters: it is asked with every value that there may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from policycore import Case
from policycore.model.verdict import Verdict
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset
from policycore.testing import own_rules, run_rule

PLUGINS = load_plugins()
Rows = Mapping[str, Sequence[Mapping[str, object]]]
HEAD = """policycore: 1
ruleset: own
title: {zh: 试, en: try}
rules:
  - id: LOCAL-1
    name: local/one
    message: {zh: 不行, en: no}
    sql: |
      """
GROUPS = [
    {"id": "g1", "kind": "standing", "owner_id": "a1", "department_id": "d1"},
    {"id": "g2", "kind": "temporary", "owner_id": "a2", "department_id": "d1"},
    {"id": "g3", "kind": None, "owner_id": "a1", "department_id": "d1"},
    {"id": "g4", "kind": "temporary", "owner_id": "a3", "department_id": "d1"},
    {"id": "g5", "kind": "temporary", "owner_id": "a3", "department_id": "d2"},
]
ESTATE: Rows = {
    "departments": [{"id": "d1", "name": "甲处"}, {"id": "d2", "name": "乙处"}],
    "people": [
        {"id": "p1", "status": "active"},
        {"id": "p2", "status": "retired", "status_since": "2024-04"},
        {"id": "p3", "status": None, "status_since": "2024-04"},
    ],
    "accounts": [{"id": f"a{number}", "person_id": f"p{number}"} for number in (1, 2, 3)],
    "groups": [{"name": row["id"], **row} for row in GROUPS],
    "memberships": [
        {"group_id": "g1", "account_id": "a1", "role": "owner", "joined_at": "2024-01-01"},
        {"group_id": "g1", "account_id": "a3", "role": None},
        {"group_id": "g2", "account_id": "a2", "role": "owner", "joined_at": "2024-01-01"},
        {"group_id": "g2", "account_id": "a1", "role": "member", "joined_at": "2024-02-01"},
    ],
    "messages": [
        {"id": "m1", "group_id": "g1", "sender_id": "a1", "sent_at": "2024-04-01T08:00", "type": "text"},
        {"id": "m2", "group_id": "g1", "sender_id": "a3", "sent_at": "2024-04-01T09:00", "type": None},
        {"id": "m3", "group_id": "g2", "sender_id": "a1", "sent_at": "2024-04-01T09:00", "type": "text"},
    ],
}


@pytest.fixture
def said(tmp_path) -> Callable[..., tuple[list[str], dict[str, set[str]]]]:
    """Return a function that asks a rule in SQL, and returns what it finds, and what it cannot judge and why."""

    def ask(sql: str, estate: Rows = ESTATE, without: str = "") -> tuple[list[str], dict[str, set[str]]]:
        path = tmp_path / "own.yaml"
        path.write_text(HEAD + sql + "\n", encoding="utf-8")
        (rule,) = own_rules(load_ruleset(str(path), PLUGINS.rules, PLUGINS.ruleset_folders).rules)
        result = run_rule(rule, Case("one", given=estate), without=without)
        assert not any(finding.verdict is Verdict.ERROR for finding in result.findings), result.problems
        unknown: dict[str, set[str]] = {}
        for gap in result.gaps:
            for subject in gap.subjects:
                unknown.setdefault(subject, set()).update(gap.fields)
        return sorted(finding.subject.id for finding in result.findings), unknown

    return ask


OF_OWNERS = """SELECT g.id AS group_id FROM groups g JOIN accounts a ON a.id = g.owner_id
      JOIN people p ON p.id = a.person_id WHERE """


def test_who_does_not_matter_to_a_group_leaves_it_judged(said):
    assert said(OF_OWNERS + "p.status = 'retired'") == (
        ["g2"],
        {"g4": {"people.status"}, "g5": {"people.status"}},
    )


def test_a_month_beside_a_status_that_nobody_knows_is_tried_with_it(said):
    found, unknown = said(OF_OWNERS + "p.status = 'retired' AND days_after(p.status_since, 3)")
    assert (found, set(unknown)) == ([], {"g2", "g4", "g5"})
    assert "people.status" in unknown["g4"]
    assert unknown["g2"] == {"people.status_since"}


def test_what_a_known_value_settles_needs_no_other(said):
    sql = "SELECT id AS group_id FROM groups WHERE kind = 'temporary' AND department_id = 'd2'"
    assert said(sql) == (["g5"], {})


def test_a_value_that_only_a_fact_shows_is_missed_by_nobody(said):
    sql = "SELECT id AS group_id, purpose, kind FROM groups WHERE department_id = 'd2'"
    assert said(sql, without="groups.purpose") == (["g5"], {})


@pytest.mark.parametrize(
    ("sql", "found", "unknown"),
    [
        (  # of other groups
            "SELECT g.id AS group_id FROM groups g JOIN (SELECT department_id, count(*) AS n FROM groups "
            "WHERE kind = 'temporary' GROUP BY 1) c USING (department_id) WHERE c.n > 2",
            [],
            {"g1", "g2", "g3", "g4"},
        ),
        (  # of other members
            "SELECT m.group_id, m.account_id FROM memberships m WHERE NOT EXISTS (SELECT 1 FROM memberships x "
            "WHERE x.group_id = m.group_id AND x.role = 'admin')",
            ["g2/a1", "g2/a2"],
            {"g1/a1", "g1/a3"},
        ),
        (  # of other messages
            "SELECT m.group_id, m.id AS message_id FROM messages m WHERE EXISTS (SELECT 1 FROM messages x "
            "WHERE x.group_id = m.group_id AND x.type = 'red_packet')",
            [],
            {"m1", "m2"},
        ),
        (  # of the groups of a person, of which one more may be temporary
            "SELECT p.id AS person_id FROM people p JOIN accounts a ON a.person_id = p.id JOIN groups g "
            "ON g.owner_id = a.id WHERE g.kind = 'temporary' GROUP BY p.id HAVING count(*) > 1",
            ["p3"],
            set(),
        ),
        (  # an open column, of other members
            "SELECT m.group_id, m.account_id FROM memberships m WHERE m.joined_at = (SELECT min(x.joined_at) "
            "FROM memberships x WHERE x.group_id = m.group_id)",
            ["g2/a2"],
            {"g1/a1", "g1/a3"},
        ),
    ],
)
def test_what_other_rows_do_not_tell_is_missing_where_it_decides(said, sql, found, unknown):
    answer = said(sql)
    assert (answer[0], set(answer[1])) == (found, unknown)


def test_a_group_that_may_be_dissolved_may_have_counted(said):
    sql = "SELECT g.id AS group_id FROM groups g WHERE (SELECT count(*) FROM groups x WHERE x.kind = g.kind) > 2"
    groups = [{**row, "kind": "temporary" if number < 3 else "project"} for number, row in enumerate(GROUPS)]
    groups[0] |= {"dissolved_at": "2024-04"}
    found, unknown = said(sql, {**ESTATE, "groups": groups})
    assert (found, set(unknown)) == ([], {"g1", "g2", "g3"})
    assert unknown["g2"] == {"groups.dissolved_at"}


def test_two_unknown_rows_may_differ(said):
    one = "SELECT g.id AS group_id FROM groups g WHERE (SELECT count(*) FROM memberships m WHERE m.group_id = g.id "
    sql = one + "AND m.role = 'admin') = 1"
    stays = [{"group_id": "g1", "account_id": f"a{number}", "role": None} for number in (1, 2)]
    known = [{"group_id": "g2", "account_id": f"a{number}", "role": "member"} for number in (1, 2)]
    answer = said(sql, {**ESTATE, "memberships": [*stays, *known]})
    assert (answer[0], set(answer[1])) == ([], {"g1"})


def test_the_verdict_counts_as_well(said):
    sql = "SELECT id AS group_id, CASE WHEN kind = 'temporary' THEN 'fail' ELSE 'suspect' END AS verdict FROM groups"
    found, unknown = said(sql)
    assert (found, set(unknown)) == (["g1", "g2", "g4", "g5"], {"g3"})


def test_nothing_more_is_asked_of_an_estate_in_which_all_is_known(said, monkeypatch):
    from policycore.engine.judging import hits

    asked = []
    run = hits._run
    monkeypatch.setattr(hits, "_run", lambda *given: asked.append(given) or run(*given))
    known = {**ESTATE, "groups": [{**row, "kind": "standing"} for row in ESTATE["groups"]]}
    assert said("SELECT id AS group_id FROM groups WHERE kind = 'temporary'", known) == ([], {})
    assert len(asked) == 1
