"""Missing data never passes: columns, sources, conditions that can't be decided, values that are null."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policycore import Needs, Query, Subject, Verdict

GROUPS = [
    {"id": "g1", "source": "register", "owner_id": "a1", "kind": "project", "task_id": "t1"},
    {"id": "g2", "source": "register", "kind": "standing"},
    {"id": "g3", "source": "export", "owner_id": "a1", "kind": "project"},
    {"id": "g4", "source": "export", "task_id": "t2"},
    {"id": "g5", "source": "export", "kind": "project", "task_id": "t2", "dissolved_at": "2024-01-01"},
]
TABLES = {"groups": GROUPS, "accounts": [{"id": "a1"}], "tasks": [{"id": "t1", "state": "done"}, {"id": "t2"}]}
BOTH = {"register": (), "export": ()}


def _split(result):
    unknown = {subject: list(gap.fields) for gap in result.gaps for subject in gap.subjects or ("estate",)}
    found = sorted(finding.subject.id for finding in result.findings)
    return found, unknown, result.outcomes[0].verdicts.get(Verdict.PASS, 0)


def test_an_absent_column_makes_every_group_unknown(estate, evaluate, no_owner):
    found, unknown, passes = _split(evaluate(estate(TABLES, without="groups.owner_id"), no_owner))
    assert (found, passes) == ([], 0)
    assert unknown == {group: ["groups.owner_id"] for group in ("g1", "g2", "g3", "g4")}


def test_a_source_that_lacks_a_field_makes_only_its_groups_unknown(estate, evaluate, no_owner):
    data = estate(TABLES, sources={"register": (), "export": ("groups.owner_id",)})
    result = evaluate(data, no_owner)
    assert _split(result) == (["g2"], {"g3": ["groups.owner_id"], "g4": ["groups.owner_id"]}, 1)
    (gap,) = result.gaps
    assert (gap.source, gap.count) == ("export", 2)


def test_a_column_that_every_source_lacks_is_missing_even_if_it_is_there(estate, evaluate, no_owner):
    data = estate(TABLES, sources={"register": ("groups.owner_id",), "export": ("groups.owner_id",)})
    assert _split(evaluate(data, no_owner))[0::2] == ([], 0)


def test_rules_that_need_the_same_are_told_apart_by_what_they_are_given(estate, evaluate, no_owner):
    """The same question with another parameter is another question, and the same one has the same answer."""

    def rule(number, days):
        class Needing(no_owner):
            id = f"TST{number:03}"
            requires = (Needs("groups.owner_id", when="$grace_days > 0"),)

            class Params(no_owner.Params):
                grace_days: int = days

        return Needing

    data = estate(TABLES, without="groups.owner_id")
    result = evaluate(data, *(rule(number, days) for number, days in enumerate((0, 3, 3, 0, 5), 1)))
    assert {gap.rule: gap.count for gap in result.gaps} == {"TST002": 4, "TST003": 4, "TST005": 4}


def test_rules_that_need_the_same_are_told_apart_by_their_groups(estate, evaluate, no_owner):
    class OfThoseThatAreThere(no_owner):
        subject = Subject.PERSON
        requires = (Needs("groups.owner_id", when="number > 0", null="judged"),)

        def check(self, estate, params):
            return Query("SELECT id AS person_id FROM people WHERE false")

    class OfAll(OfThoseThatAreThere):
        id = "TST002"
        include_dissolved = True

    groups = [{"id": "g1"}, {"id": "g2", "dissolved_at": "2024-01-01", "owner_id": None, "_unknown": ["owner_id"]}]
    data = estate({"groups": groups, "people": [{"id": "p1"}]})
    for rules in ((OfThoseThatAreThere, OfAll), (OfAll, OfThoseThatAreThere)):
        assert [gap.rule for gap in evaluate(data, *rules).gaps] == ["TST002"]


def test_a_condition_that_cannot_be_decided_is_unknown(estate, evaluate, no_owner):
    result = evaluate(estate(TABLES, sources=BOTH), no_owner, applies_to="kind <> 'standing'")
    assert _split(result) == ([], {"g4": ["groups.kind"]}, 2)
    assert result.outcomes[0].verdicts[Verdict.NOT_APPLICABLE] == 2


def test_a_condition_on_what_could_not_be_read_is_not_decided(estate, evaluate, no_owner):
    rows = [
        {"id": "g1", "kind": "project"},
        {"id": "g2", "kind": "project", "owner_id": "a1"},
        {"id": "g3", "kind": "project", "_unknown": ["owner_id"]},
        {"id": "g4", "kind": "project", "_unknown": ["dissolved_at"]},
        {"id": "g5", "kind": "standing", "_unknown": ["owner_id"]},
    ]

    class Owned(no_owner):
        applies_when = "owner_id IS NOT NULL AND kind <> 'standing'"

        def check(self, estate, params):
            return Query("SELECT id AS group_id FROM groups")

    found, unknown, _ = _split(evaluate(estate({"groups": rows}), Owned))
    assert (found, unknown) == (["g2"], {"g3": ["groups.owner_id"], "g4": ["groups.dissolved_at"]})


def test_a_condition_over_an_absent_column_makes_groups_unknown(estate, evaluate, no_owner):
    result = evaluate(estate(TABLES, without="groups.kind"), no_owner, applies_to="kind <> 'standing'")
    found, unknown, passes = _split(result)
    assert (found, passes) == ([], 0)
    assert set(unknown) == {"g1", "g2", "g3", "g4"}


def test_a_null_on_the_way_is_named_and_what_the_rule_does_not_apply_to_needs_none(estate, evaluate, no_owner):
    class Task(no_owner):
        requires = ("groups.kind", Needs("groups.task_id", null="unknown"), "groups.task_id.state")
        applies_when = "kind IN ('project', 'temporary')"

        def check(self, estate, params):
            return Query("SELECT id AS group_id FROM groups")

    found, unknown, passes = _split(evaluate(estate(TABLES, sources=BOTH), Task))
    assert found == ["g1"]
    assert unknown == {"g3": ["groups.task_id"], "g4": ["groups.kind"]}
    assert passes == 0


def test_a_null_at_the_end_is_named(estate, evaluate, no_owner):
    class Task(no_owner):
        requires = ("groups.task_id.state",)

    tables = {**TABLES, "groups": [{"id": "g4", "task_id": "t2"}]}
    assert _split(evaluate(estate(tables), Task))[1] == {"g4": ["tasks.state"]}


@pytest.mark.parametrize("lacked", ["departments.aliases", "departments"])
def test_what_a_source_lacks_of_registers_is_unknown_of_its_groups(estate, evaluate, no_owner, lacked):
    class Named(no_owner):
        requires = (Needs("departments.aliases", when="groups.kind = 'project' AND elsewhere.number > 0"),)

        def check(self, estate, params):
            return Query("SELECT id AS group_id FROM groups WHERE false")

    data = estate(
        {**TABLES, "departments": [{"id": "d1", "name": "甲"}]}, sources={"register": (), "export": (lacked,)}
    )
    result = evaluate(data, Named)
    assert _split(result)[1] == {"g3": ["departments.aliases"], "g4": ["departments.aliases"]}
    assert {gap.source for gap in result.gaps} == {"export"}


def test_what_a_source_lacks_voids_the_passes_of_a_rule_over_people(estate, evaluate, no_owner):
    class People(no_owner):
        subject = Subject.PERSON
        requires = (Needs("groups.owner_id", stands="hits"),)

        def check(self, estate, params):
            return Query("SELECT 'p1' AS person_id")

    tables = {**TABLES, "people": [{"id": "p1", "name": "甲"}, {"id": "p2", "name": "乙"}]}
    data = estate(tables, sources={"register": (), "export": ("groups.owner_id",)})
    found, unknown, passes = _split(evaluate(data, People))
    assert (found, passes) == (["p1"], 0)
    assert unknown == {"p2": ["groups.owner_id"]}


_group = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["register", "export"]),
        "kind": st.sampled_from([None, "standing", "project"]),
        "owner_id": st.sampled_from([None, "a1"]),
        "dissolved_at": st.sampled_from([None, "2024-01-01", "2025-01-01"]),
        "created_at": st.sampled_from([None, "2023-01-01", "2025-01-01"]),
    }
)


@settings(max_examples=settings().max_examples // 2)
@given(
    rows=st.lists(_group, max_size=12),
    lacking=st.sets(st.sampled_from(["register", "export"])),
    condition=st.sampled_from([None, "kind <> 'standing'", "kind = 'project' OR owner_id IS NULL"]),
)
def test_every_group_is_counted_once_and_none_passes_on_missing_data(
    estate, evaluate, no_owner, rows, lacking, condition
):
    groups = [{"id": f"g{number}", **row} for number, row in enumerate(rows)]
    lacks = {name: ("groups.owner_id",) if name in lacking else () for name in ("register", "export")}
    result = evaluate(
        estate({"groups": groups, "accounts": [{"id": "a1"}]}, sources=lacks), no_owner, applies_to=condition
    )
    existing = [row for row in groups if row["created_at"] != "2025-01-01"]
    verdicts = result.outcomes[0].verdicts
    # An estate without a group is itself what is unknown.
    assert sum(verdicts.values()) == max(1, len(existing))
    alive = [row for row in existing if row["dissolved_at"] != "2024-01-01"]
    may_pass = [row for row in alive if row["owner_id"] and row["source"] not in lacking]
    if condition == "kind <> 'standing'":
        may_pass = [row for row in may_pass if row["kind"] not in (None, "standing")]
    elif condition:
        may_pass = [row for row in may_pass if row["kind"] == "project"]
    assert verdicts.get(Verdict.PASS, 0) == len(may_pass)
    dissolved = {row["id"] for row in groups} - {row["id"] for row in alive}
    assert not dissolved & {finding.subject.id for finding in result.findings}


@pytest.mark.parametrize("field", ["groups.owner_id", "groups.kind"])
def test_the_field_that_is_missing_is_named(estate, evaluate, no_owner, field):
    class Both(no_owner):
        requires = ("groups.owner_id", "groups.kind")

    result = evaluate(estate(TABLES, without=field), Both)
    assert {name for gap in result.gaps for name in gap.fields} >= {field}


@pytest.mark.parametrize(
    "condition",
    ["KIND <> 'standing'", "\"Kind\" <> 'standing'", "name <> E'\\'' AND kind <> 'standing' AND name <> ''"],
)
def test_a_column_is_known_however_a_condition_writes_it(estate, evaluate, no_owner, condition):
    rows = [{"id": "g1", "name": "甲", "kind": "project", "owner_id": "a1"}, {"id": "g2", "name": "乙"}]
    tables = {"groups": rows, "accounts": [{"id": "a1"}]}
    assert _split(evaluate(estate(tables), no_owner, applies_to=condition)) == ([], {"g2": ["groups.kind"]}, 1)
    absent = _split(evaluate(estate(tables, without="groups.kind"), no_owner, applies_to=condition))
    assert (absent[0], set(absent[1]), absent[2]) == ([], {"g1", "g2"}, 0)


def test_a_condition_over_whole_rows_reads_every_column(estate, evaluate, no_owner):
    condition = "COLUMNS('ki.*') = 'project'"
    found, unknown, passes = _split(evaluate(estate(TABLES, without="groups.kind"), no_owner, applies_to=condition))
    assert (found, len(unknown), passes) == ([], 4, 0)


def test_a_condition_that_is_null_whatever_the_group_settles_nothing(estate, evaluate, no_owner):
    found, unknown, passes = _split(evaluate(estate(TABLES), no_owner, applies_to="NULL::BOOLEAN"))
    assert (found, set(unknown), passes) == ([], {"g1", "g2", "g3", "g4"}, 0)


@pytest.mark.parametrize("given", [{}, {"groups": []}, {"groups": [{"id": "g1", "created_at": "2025-01-01"}]}])
def test_an_estate_in_which_there_is_nothing_to_judge_is_not_in_order(estate, evaluate, no_owner, given):
    class Register(no_owner):
        requires = ("groups.id",)

    found, unknown, passes = _split(evaluate(estate(given), Register))
    assert (found, list(unknown), passes) == ([], ["estate"], 0)


@pytest.mark.parametrize("subject", [Subject.PERSON, Subject.DEPARTMENT])
def test_an_empty_register_of_people_or_departments_is_not_in_order(estate, evaluate, no_owner, subject):
    class Register(no_owner):
        requires = ("groups.id",)

    Register.subject = subject
    assert _split(evaluate(estate({**TABLES, "people": [], "departments": []}), Register))[1] != {}


@pytest.mark.parametrize("subject", [Subject.GROUP, Subject.PERSON, Subject.MEMBERSHIP])
def test_a_rule_of_whose_own_scope_nobody_knows_whether_it_holds_is_unknown(estate, evaluate, no_owner, subject):
    class Scoped(no_owner):
        requires = ("groups.id",)

        def check(self, estate, params):
            table = {Subject.GROUP: "groups", Subject.PERSON: "people", Subject.MEMBERSHIP: "memberships"}[subject]
            keys = {"groups": "id AS group_id", "people": "id AS person_id", "memberships": "group_id, account_id"}
            return Query(f"SELECT {keys[table]} FROM {table}")

    Scoped.subject = subject
    condition = {
        Subject.GROUP: "kind = 'project'",
        Subject.PERSON: "status = 'active'",
        Subject.MEMBERSHIP: "role = 'member'",
    }
    Scoped.applies_when = condition[subject]
    tables = {
        "groups": [{"id": "g1", "kind": "project"}, {"id": "g2"}],
        "accounts": [{"id": "a1"}],
        "people": [{"id": "p1", "status": "active"}, {"id": "p2", "status": None}],
        "memberships": [
            {"group_id": "g1", "account_id": "a1", "role": "member"},
            {"group_id": "g2", "account_id": "a1", "role": None},
        ],
    }
    found, unknown, passes = _split(evaluate(estate(tables), Scoped))
    seen, hidden = {"people": ("p1", "p2"), "groups": ("g1", "g2")}.get(
        "people" if subject is Subject.PERSON else "groups"
    )
    assert [name.partition("/")[0] for name in found] == [seen]
    assert ([name.partition("/")[0] for name in unknown], passes) == ([hidden], 0)


def test_a_value_that_a_row_of_a_group_must_have_is_asked_of_the_row(estate, evaluate, no_owner):
    class Named(no_owner):
        subject = Subject.MEMBERSHIP
        requires = (Needs("memberships.display_name", null="unknown"),)

        def check(self, estate, params):
            return Query("SELECT group_id, account_id FROM memberships WHERE display_name IS DISTINCT FROM '甲'")

    rows = [{"group_id": "g1", "account_id": "a1", "display_name": "甲"}, {"group_id": "g2", "account_id": "a1"}]
    tables = {"groups": [{"id": "g1"}, {"id": "g2"}], "accounts": [{"id": "a1"}], "memberships": rows}
    assert _split(evaluate(estate(tables), Named)) == ([], {"g2/a1": ["memberships.display_name"]}, 1)


def test_what_was_found_stands_and_what_more_may_be_there_is_a_gap(estate, evaluate, no_owner):
    class Admins(no_owner):
        key_facts = ("admin",)
        requires = (Needs("memberships.role", stands="hits"),)

        def check(self, estate, params):
            return Query(
                "SELECT group_id, account_id AS admin FROM memberships "
                "WHERE role = 'admin' AND group_id IN (SELECT id FROM groups)"
            )

    class Group(Admins):
        key_facts = ()

    stays = [("g1", "a1", "admin"), ("g1", "a2", None), ("g2", "a1", "member"), ("g3", "a2", None)]
    tables = {
        "groups": [{"id": "g1"}, {"id": "g2"}, {"id": "g3"}],
        "accounts": [{"id": "a1"}, {"id": "a2"}],
        "memberships": [{"group_id": group, "account_id": account, "role": role} for group, account, role in stays],
    }
    gap = ["memberships.role"]
    # Another admin of g1 may have been found before: that finding must not read as solved.
    assert _split(evaluate(estate(tables), Admins)) == (["g1"], {"g1": gap, "g3": gap}, 1)
    assert _split(evaluate(estate(tables), Group)) == (["g1"], {"g3": gap}, 1)
