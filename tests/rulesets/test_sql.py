"""SQL in rule sets: what it may do, what is derived from it, and where its mistakes stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from policycore.model.verdict import Subject
from policycore.rulesets.load import LoadedRuleSet
from policycore.rulesets.sql.check import SqlChecker
from policycore.rulesets.sql.empty_schema import EmptyEstate
from policycore.rulesets.sql.rule import subject_of

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def checker() -> Iterator[SqlChecker]:
    checker = SqlChecker()
    yield checker
    checker.close()


def codes(checker: SqlChecker, sql: str, **values: object) -> list[str]:
    """Return the codes of a statement's faults."""
    return [fault.code.removeprefix("sql.") for fault in checker.select(sql, values)[1]]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM read_csv('/etc/passwd')", "refused-function"),
        ("SELECT * FROM read_text('/etc/passwd')", "refused-function"),
        ("SELECT * FROM read_parquet('s3://x')", "refused-function"),
        ("SELECT * FROM glob('*')", "refused-function"),
        ("SELECT * FROM query('SELECT 1')", "refused-function"),
        ("SELECT * FROM duckdb_settings()", "refused-function"),
        ("SELECT * FROM pragma_version()", "refused-function"),
        ("SELECT id FROM groups WHERE name = current_setting('x')", "refused-function"),
        ("SELECT getenv('HOME') FROM groups", "refused-function"),
        ("SELECT getvariable('x') FROM groups", "refused-function"),
        ("SELECT now() FROM groups", "refused-function"),
        ("SELECT current_date FROM groups", "refused-function"),
        ("SELECT current_timestamp FROM groups", "refused-function"),
        ("SELECT random() FROM groups", "refused-function"),
        ("SELECT uuid() FROM groups", "refused-function"),
        ("SELECT nextval('s') FROM groups", "refused-function"),
        ("SELECT pg_sleep(10) FROM groups", "refused-function"),
        ("SELECT * FROM '/etc/passwd'", "unknown-table"),
        ("SELECT * FROM 'x.csv'", "unknown-table"),
        ("SELECT * FROM raw.groups", "unknown-table"),
        ("SELECT * FROM information_schema.tables", "unknown-table"),
        ("SELECT * FROM sqlite_master", "unknown-table"),
        ("SELECT * FROM grups", "unknown-table"),
        ("SELECT ownr FROM groups", "unknown-column"),
        ("SELECT foo(id) FROM groups", "unknown-function"),
        ("SELECT id FROM groups WHERE owner_id = $x", "unknown-value"),
        ("SELECT * FROM groups USING SAMPLE 10", "sample"),
        ("SELECT * FROM groups TABLESAMPLE 10%", "sample"),
        ("SELECT g.id FROM groups g POSITIONAL JOIN tasks t", "positional"),
        ("ATTACH 'x.db'", "not-select"),
        ("COPY groups TO 'x.csv'", "not-select"),
        ("INSTALL httpfs", "not-select"),
        ("LOAD httpfs", "not-select"),
        ("SET threads = 1", "not-select"),
        ("PRAGMA database_list", "not-select"),
        ("INSERT INTO groups VALUES (1)", "not-select"),
        ("CREATE TABLE x AS SELECT 1", "not-select"),
        ("DROP TABLE groups", "not-select"),
        ("EXPORT DATABASE 'x'", "not-select"),
        ("CALL pragma_version()", "not-select"),
        ("DESCRIBE groups", "not-select"),
        ("SUMMARIZE groups", "not-select"),
        ("SHOW TABLES", "not-select"),
        ("EXPLAIN SELECT 1", "not-select"),
        ("SELECT 1; SELECT 2", "several"),
        ("SELECT 1; DROP TABLE groups", "not-select"),
        ("", "several"),
        ("SELECT id FROM groups WHERE", "syntax"),
        ("SELECT (", "syntax"),
        ("SELECT id + 1 FROM groups", "bind"),
    ],
)
def test_sql_that_is_refused(checker: SqlChecker, sql: str, expected: str) -> None:
    assert codes(checker, sql) == [expected]


def test_a_column_of_another_table_is_told_with_that_table(checker: SqlChecker) -> None:
    (fault,) = checker.select("SELECT id AS group_id, member_count FROM groups", {})[1]
    assert (fault.code, fault.candidates) == ("sql.unknown-column", ("group_facts.member_count",))


def test_every_fault_of_a_statement_is_found(checker: SqlChecker) -> None:
    sql = "SELECT now(), random() FROM groups, read_csv('x') WHERE id = $a"
    assert codes(checker, sql) == ["refused-function", "refused-function", "refused-function", "unknown-value"]


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ("SELECT id AS group_id FROM groups WHERE owner_id IS NULL", {"groups.id", "groups.owner_id"}),
        ("SELECT count(*) AS n FROM memberships", {"memberships.group_id", "memberships.account_id"}),
        ("SELECT count(*) AS n FROM messages", {"messages.id"}),
        (
            "SELECT id AS group_id, member_count FROM group_facts WHERE member_count > 200",
            {"groups.id", "memberships.group_id", "memberships.account_id"},
        ),
        (
            "SELECT id AS group_id FROM group_facts WHERE last_human_message_at < as_of()",
            {
                "groups.id",
                "messages.group_id",
                "messages.sent_at",
                "messages.type",
                "messages.sender_id",
                "accounts.kind",
            },
        ),
        (
            """SELECT g.id AS group_id FROM groups g WHERE NOT EXISTS (
                SELECT 1 FROM memberships m WHERE m.group_id = g.id AND m.role = 'admin')""",
            {"groups.id", "memberships.group_id", "memberships.role"},
        ),
        (
            "WITH gone AS (SELECT id FROM people WHERE status = 'departed') SELECT id AS person_id FROM gone",
            {"people.id", "people.status"},
        ),
        (
            "SELECT g.id AS group_id, p.name FROM groups g JOIN people p ON p.id = g.responsible_id",
            {"groups.id", "groups.responsible_id", "people.id", "people.name"},
        ),
        (
            "SELECT group_id, account_id FROM membership_history WHERE elapsed_days(left_at) < 3",
            {"memberships.group_id", "memberships.account_id", "memberships.left_at"},
        ),
        (
            """WITH RECURSIVE above(id, parent_id) AS (SELECT id, parent_id FROM departments UNION ALL
                SELECT d.id, d.parent_id FROM departments d JOIN above a ON d.id = a.parent_id)
                SELECT id AS department_id FROM above""",
            {"departments.id", "departments.parent_id"},
        ),
        ("SELECT unnest(scope.people) AS person_id FROM groups", {"groups.scope"}),
        ("SELECT id AS group_id FROM groups g ORDER BY created_at", {"groups.id", "groups.created_at"}),
    ],
)
def test_what_a_statement_reads_is_derived(checker: SqlChecker, sql: str, reads: set[str]) -> None:
    bound, faults = checker.select(sql, {})
    assert faults == []
    assert bound is not None
    assert bound.reads == reads
    assert EmptyEstate(keys=True).bind(sql).reads == reads


def test_values_of_every_kind_can_be_bound() -> None:
    sql = (
        "SELECT id FROM groups WHERE list_contains($words, name) AND created_at < $as_of AND length(name) > $n AND $on"
    )
    assert EmptyEstate(keys=True).bind(sql, {"words": ("甲",), "n": 3, "on": True}).reads == {
        "groups.id",
        "groups.name",
        "groups.created_at",
    }


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("kind <> 'standing'", None),
        ("kind IN ('project', 'temporary') AND name NOT LIKE 'k8s-infra%'", None),
        ("elapsed_days(created_at) > 30", None),
        ("kind", "not-condition"),
        ("knd = 'x'", "unknown-column"),
        ("a) OR (b", "syntax"),
        ("1=1) UNION SELECT (1", "syntax"),
        ("kind = 'x' -- and more", "condition"),
        ("kind = 'x'; DROP TABLE groups", "condition"),
        ("kind = 'x', true", "condition"),
        ("true FROM groups", "condition"),
        ("id IN (SELECT group_id FROM memberships)", "subquery"),
        ("created_at < now()", "refused-function"),
        ("kind = $x", "unknown-value"),
        ("", "syntax"),
    ],
)
def test_a_scope_is_one_condition(checker: SqlChecker, condition: str, expected: str | None) -> None:
    found = [fault.code.removeprefix("sql.") for fault in checker.condition(condition)[1]]
    assert found == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("columns", "subject"),
    [
        (("group_id", "n"), Subject.GROUP),
        (("account_id", "group_id"), Subject.MEMBERSHIP),
        (("group_id", "message_id", "account_id"), Subject.MESSAGE),
        (("group_id", "person_id"), Subject.GROUP),
        (("person_id",), Subject.PERSON),
        (("department_id",), Subject.DEPARTMENT),
        (("task_id",), Subject.TASK),
        (("submission_id",), Subject.SUBMISSION),
        (("account_id",), None),
        ((), None),
    ],
)
def test_the_subject_follows_from_the_key_columns(columns: tuple[str, ...], subject: Subject | None) -> None:
    assert subject_of(dict.fromkeys(columns)) is subject


RULE = """document: {title: d, clauses: [{id: 一, text: 甲}]}
rules:
  - id: LOCAL-1
    name: local/large
    clause: [一]
"""


def test_a_rule_written_in_sql(write: Write, load: Callable[[Path], LoadedRuleSet]) -> None:
    loaded = load(
        write(
            RULE
            + """    sql: "SELECT id AS group_id, member_count FROM group_facts WHERE member_count > $limit"
    with: {limit: 200}
    message: {zh: "{member_count}人，超过{limit}人", en: "{member_count} members, more than {limit}"}
    remediation: [{who: owner, what: {zh: 清理}, within_days: 3}]
"""
        )
    )
    resolved = loaded.ruleset.rules[0]
    assert resolved.rule.subject is Subject.GROUP
    assert resolved.rule.requires == ("groups.id", "memberships.account_id", "memberships.group_id")
    assert resolved.params.model_dump() == {"limit": 200}
    assert resolved.rule.remediation[0].within_days == 3
    assert resolved.rule.title.en == "local/large"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "sql: |\n      SELECT id AS group_id,\n        ownr\n      FROM groups\n    message: {zh: 甲}",
            "sql.unknown-column a.yaml:11:9",
        ),
        (
            "sql: |2\n       SELECT id AS group_id, ownr FROM groups\n    message: {zh: 甲}",
            "sql.unknown-column a.yaml:10:31",
        ),
        ("sql: \"SELECT 'a', ownr FROM groups\"\n    message: {zh: 甲}", "sql.unknown-column a.yaml:9:23"),
        ("sql: 'SELECT ''a'', ownr FROM groups'\n    message: {zh: 甲}", "sql.unknown-column a.yaml:9:25"),
        ("sql: SELECT '群', ownr FROM groups\n    message: {zh: 甲}", "sql.unknown-column a.yaml:9:22"),
        ("sql: >-\n      SELECT ownr\n      FROM groups\n    message: {zh: 甲}", "sql.unknown-column a.yaml:9:10"),
        ("sql: SELECT name FROM groups\n    message: {zh: 甲}", "sql.no-subject a.yaml:9:10"),
        (
            "sql: SELECT group_id, id AS message_id, text AS said FROM messages\n    message: {zh: 甲}",
            "sql.quotes-messages a.yaml:9:10",
        ),
        (
            "sql: SELECT group_id, list(left(text, 9)) AS reason FROM messages GROUP BY 1\n    message: {zh: 甲}",
            "sql.pieces a.yaml:9:27",
        ),
        ("sql: SELECT 'x' AS group_id\n    message: {zh: 甲}", "sql.reads-nothing a.yaml:9:10"),
        ('sql: SELECT id AS group_id FROM groups\n    message: {zh: "{nme}"}', "unknown-placeholder a.yaml:10:19"),
        ("sql: SELECT id AS group_id FROM groups", "self-written-lacks a.yaml:6:5"),
        (
            "sql: SELECT id AS group_id FROM groups\n    message: {zh: 甲}\n    with: {limit: 3}",
            "unknown-parameter a.yaml:11:12",
        ),
    ],
)
def test_mistakes_in_sql_have_their_place(
    write: Write, mistakes: Callable[[Path], list[str]], body: str, expected: str
) -> None:
    assert mistakes(write(f"{RULE}    {body}\n")) == [expected]


@pytest.mark.parametrize(("key", "word"), [("id", "TST001"), ("name", "test/former")])
def test_a_rule_cannot_take_the_name_of_another(
    write: Write, mistakes: Callable[[Path], list[str]], key: str, word: str
) -> None:
    given = {"id": "LOCAL-1", "name": "local/x", key: word}
    text = f"rules:\n  - id: {given['id']}\n    name: {given['name']}\n    sql: SELECT id AS group_id FROM groups\n"
    line = 5 if key == "id" else 6
    assert mistakes(write(text + "    message: {zh: 甲}\n")) == [
        f"rule-name-taken a.yaml:{line}:{9 if key == 'id' else 11}"
    ]


def test_a_rule_over_messages_may_count_what_it_may_not_quote(
    write: Write, load: Callable[[Path], LoadedRuleSet]
) -> None:
    sql = "SELECT group_id, id AS message_id, length(text) AS size, sent_at FROM messages WHERE text LIKE '%x%'"
    assert load(write(f"{RULE}    sql: {sql}\n    message: {{zh: 甲}}\n")).ruleset.rules
