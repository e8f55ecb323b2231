"""SQL that compares a closed column with a word that it never holds is refused, wherever the column comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from policycore.rulesets.sql.check import SqlChecker

FROM = "SELECT id AS group_id FROM groups WHERE "


@pytest.fixture(scope="module")
def checker() -> Iterator[SqlChecker]:
    checker = SqlChecker()
    yield checker
    checker.close()


def words(checker: SqlChecker, sql: str, **values: object) -> list[str]:
    """Return the words that were refused, in the order of their places; any other fault by its code."""
    faults = sorted(checker.select(sql, values)[1], key=lambda fault: fault.offset or 0)
    for fault in faults:
        if fault.code == "sql.unknown-word" and not fault.parameter and f"'{fault.word}'" in sql:
            assert fault.offset is not None
            assert fault.word in sql[fault.offset :][: len(fault.word) + 2]
    return [fault.word if fault.code == "sql.unknown-word" else fault.code for fault in faults]


@pytest.mark.parametrize(
    ("sql", "refused"),
    [
        (FROM + "kind = '临时'", ["临时"]),
        (FROM + "kind = 'Standing'", ["Standing"]),
        (FROM + "KIND <> 'standin'", ["standin"]),
        (FROM + "'tmp' = groups.kind", ["tmp"]),
        (FROM + '"kind" != \' standing\'', [" standing"]),
        (FROM + "kind IN ('standing', 'projct', 'temp')", ["projct", "temp"]),
        (FROM + "kind NOT IN ('常设')", ["常设"]),
        (FROM + "NOT (kind = 'a' OR kind = 'b')", ["a", "b"]),
        (FROM + "kind IS DISTINCT FROM 'x'", ["x"]),
        (FROM + "kind IS NOT DISTINCT FROM 'x'", ["x"]),
        (FROM + "kind > 'standings'", ["standings"]),
        (FROM + "kind BETWEEN 'a' AND 'temporary'", ["a"]),
        (FROM + "kind LIKE '临时%'", ["临时%"]),
        (FROM + "kind NOT LIKE 'Temp%'", ["Temp%"]),
        (FROM + "kind ILIKE '%x%'", ["%x%"]),
        (FROM + "kind GLOB 'T*'", ["T*"]),
        (FROM + "regexp_matches(kind, '^[A-Z]')", ["^[A-Z]"]),
        (FROM + "starts_with(kind, '临')", ["临"]),
        (FROM + "contains(kind, '时')", ["时"]),
        (FROM + "CASE kind WHEN '临时' THEN true ELSE false END", ["临时"]),
        (FROM + "CASE WHEN kind = '临时' THEN 1 ELSE 2 END = 1", ["临时"]),
        (FROM + "list_contains(['standing', '临时'], kind)", ["临时"]),
        (FROM + "kind = ANY(['临时'])", ["临时"]),
        (FROM + "kind IN (SELECT '临时')", ["临时"]),
        (FROM + "kind IN (VALUES ('临时'), ('project'))", ["临时"]),
        (FROM + "coalesce(kind, 'none') = 'nil'", ["nil"]),
        (FROM + "lower(kind) = 'Standing'", ["Standing"]),
        (FROM + "upper(kind) = 'standing'", ["standing"]),
        (FROM + "trim(kind)::VARCHAR = '临时'", ["临时"]),
        (FROM + "nullif(kind, '临时') IS NULL", ["临时"]),
        (FROM + "(kind, name) = ('临时', 'x')", ["临时"]),
        (FROM + "(kind, name) IN (('临时', 'x'))", ["临时"]),
        (FROM + "kind = (SELECT max(kind) FROM accounts)", ["accounts.kind"]),
        (FROM + "if(kind = '临时', true, false)", ["临时"]),
        ("SELECT g.id AS group_id FROM groups g WHERE g.kind = '临时'", ["临时"]),
        ("SELECT group_id, account_id FROM memberships WHERE join_scene = '二维码'", ["二维码"]),
        ("SELECT m.group_id, m.account_id FROM groups g JOIN memberships m ON m.group_id = g.id AND m.role = "
         "'Owner'", ["Owner"]),
        ("SELECT m.group_id FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE a.kind = "
         "'standing'", ["standing"]),
        ("SELECT k.group_id FROM (SELECT id AS group_id, kind AS art FROM groups) k WHERE k.art = '临时'", ["临时"]),
        ("WITH x AS (SELECT id AS group_id, kind FROM groups) SELECT group_id FROM x WHERE kind = '临时'", ["临时"]),
        ("WITH x(g, k) AS (SELECT id, kind FROM groups) SELECT g AS group_id FROM x WHERE k = '临时'", ["临时"]),
        ("WITH x AS (SELECT * FROM groups), y AS (SELECT * EXCLUDE (name) FROM x) SELECT id AS group_id FROM y "
         "WHERE kind = '临时'", ["临时"]),
        ("SELECT id AS group_id FROM groups g WHERE EXISTS (SELECT 1 FROM tasks t WHERE t.id = g.task_id AND "
         "g.kind = '临时')", ["临时"]),
        ("SELECT id AS group_id FROM groups g WHERE EXISTS (SELECT 1 FROM tasks WHERE id = g.task_id AND state = "
         "'已完成')", ["已完成"]),
        ("SELECT group_id FROM memberships GROUP BY group_id HAVING count(*) FILTER (role = 'admn') = 0", ["admn"]),
        ("SELECT group_id FROM memberships GROUP BY 1 HAVING max(role) = 'boss'", ["boss"]),
        ("SELECT group_id FROM memberships GROUP BY 1 HAVING NOT list_contains(list(role), 'boss')", ["boss"]),
        ("SELECT group_id FROM memberships GROUP BY 1 HAVING bool_and(role <> '群主')", ["群主"]),
        ("SELECT group_id FROM memberships QUALIFY row_number() OVER (PARTITION BY group_id ORDER BY role = "
         "'boss') = 1", ["boss"]),
        ("SELECT group_id FROM memberships QUALIFY lag(role) OVER (PARTITION BY group_id ORDER BY joined_at) = "
         "'boss'", ["boss"]),
        ("SELECT group_id, kind AS art FROM events WHERE art = '入群'", ["入群"]),
        ("SELECT id AS group_id FROM all_groups WHERE kind = '临时' UNION ALL SELECT id FROM groups WHERE kind = "
         "'专项'", ["临时", "专项"]),
        ("SELECT u.group_id FROM (SELECT group_id, kind FROM events UNION ALL SELECT id, kind FROM groups) u WHERE "
         "u.kind = 'x'", ["x"]),
        ("SELECT group_id FROM membership_history WHERE role = '管理员'", ["管理员"]),
        ("SELECT id AS group_id FROM group_facts WHERE kind = '常设' AND member_count > 5", ["常设"]),
        ("SELECT id AS person_id FROM people WHERE status = '退休'", ["退休"]),
        ("SELECT group_id, id AS message_id FROM messages WHERE type IN ('image', '红包')", ["红包"]),
        ("SELECT id AS submission_id FROM submissions WHERE medium = '纸质'", ["纸质"]),
        ("SELECT g.id AS group_id FROM groups g JOIN accounts a ON a.kind = g.kind", ["groups.kind"]),
        ("SELECT g.id AS group_id FROM groups g JOIN (VALUES ('temporary', 7), ('projekt', 30)) t(k, n) ON t.k = "
         "g.kind", ["projekt"]),
        ("WITH t AS (SELECT id, CASE WHEN owner_id IS NULL THEN 'none' ELSE 'one' END AS owners FROM groups) "
         "SELECT id AS group_id FROM t WHERE owners = 'nome'", ["nome"]),
        ("SELECT g.id AS group_id FROM groups g, LATERAL (SELECT g.kind AS k) x WHERE x.k = '临时'", ["临时"]),
        ("SELECT id AS group_id, CASE WHEN kind = 'project' THEN 'suspect' ELSE 'failed' END AS verdict FROM "
         "groups", ["failed"]),
        ("FROM groups SELECT id AS group_id WHERE kind = '临时'", ["临时"]),
        (FROM + "kind || '群' = '临时群'", ["临时群"]),
        (FROM + "kind = chr(20020)", ["临"]),
        (FROM + "kind IN ('stand' || 'ing', 'temp')", ["temp"]),
        (FROM + "kind = CASE WHEN name IS NULL THEN 'temp' ELSE 'project' END", ["temp"]),
        (FROM + "kind = if(name IS NULL, 'temp', 'project')", ["temp"]),
        (FROM + "left(kind, 4) = 'Temp'", ["Temp"]),
        (FROM + "concat(kind, '') = '临时'", ["临时"]),
        (FROM + "replace(lower(kind), 'standing', '常设') IN ('常设', '专项')", ["专项"]),
    ],
)  # fmt: skip
def test_a_word_that_the_column_never_holds_is_refused(checker: SqlChecker, sql: str, refused: list[str]) -> None:
    assert words(checker, sql) == refused


@pytest.mark.parametrize(
    "sql",
    [
        FROM + "kind = 'standing' OR kind IN ('project', 'temporary') AND kind <> 'temporary'",
        FROM + "coalesce(kind, '') <> 'standing' AND coalesce(kind, '') <> ''",
        FROM + "kind LIKE '%' AND kind NOT LIKE 'temp%' AND regexp_matches(kind, 'project|x')",
        FROM + "name = '临时' AND purpose IN ('a') AND platform = 'wechat' AND source = 'x'",
        FROM + "kind || '群' = 'standing群' AND concat('x-', kind) = 'x-project'",
        FROM + "replace(kind, 'standing', '常设') = '常设'",
        FROM + "left(kind, 4) IN ('stan', 'temp') AND kind || name = '临时'",
        FROM + "'a' = 'b' OR kind IN ('standing', NULL)",
        FROM + "upper(kind) = 'STANDING' AND lower(upper(kind)) = 'standing'",
        FROM + "length(kind) = 3",
        FROM + "kind = trim(' standing ') AND kind = lower('STANDING') AND kind = 'stand' || 'ing'",
        FROM + "kind = CASE WHEN name IS NULL THEN 'temporary' END",
        FROM + "CASE kind WHEN 'standing' THEN '常设' ELSE name END = '临时'",
        "SELECT id AS person_id FROM people WHERE status = 'not-yet' OR status NOT IN ('retired', 'departed')",
        "SELECT id AS department_id FROM departments WHERE kind = '学院'",
        "SELECT id AS submission_id FROM submissions WHERE kind = 'form'",
        "SELECT g.id AS group_id FROM groups g JOIN departments d ON d.id = g.department_id AND d.kind = g.kind",
        "WITH groups AS (SELECT id, name AS kind FROM all_groups) SELECT id AS group_id FROM groups WHERE kind = '甲'",
        "WITH kind AS (SELECT id, 'x' AS kind FROM groups) SELECT id AS group_id FROM kind WHERE kind = 'x'",
        "SELECT id AS group_id, name AS kind FROM (SELECT id, name, name AS kind FROM groups) WHERE kind = '临时'",
        "SELECT e.group_id FROM events e JOIN memberships m ON m.group_id = e.group_id AND m.join_scene = e.kind "
        "OR true",
        "SELECT id AS group_id, 'suspect' AS verdict FROM groups",
        "SELECT id AS group_id FROM groups WHERE list_filter([kind], lambda x: x = 'y') IS NOT NULL",
        "SELECT id AS group_id, CASE WHEN kind = 'project' THEN 'late' ELSE 'soon' END AS how FROM groups WHERE "
        "how = 'late'",
        "SELECT u.group_id FROM (SELECT group_id, kind FROM events UNION ALL SELECT id, 'none' FROM groups) u "
        "WHERE u.kind = 'none'",
        "WITH RECURSIVE t(id, k) AS (SELECT id, kind FROM groups UNION SELECT id, source FROM groups JOIN t USING "
        "(id)) SELECT id AS group_id FROM t WHERE k = 'x'",
    ],
)  # fmt: skip
def test_what_can_be_is_accepted(checker: SqlChecker, sql: str) -> None:
    if "m.join_scene = e.kind" in sql:
        assert words(checker, sql) != []  # the two have no word in common
    else:
        assert words(checker, sql) == []


def test_the_value_of_a_parameter_is_a_word_too(checker: SqlChecker) -> None:
    assert words(checker, FROM + "kind = $kind", kind="临时") == ["临时"]
    assert words(checker, FROM + "kind = $kind", kind="standing") == []
    assert words(checker, FROM + "list_contains($kinds, kind)", kinds=["standing", "x", "y"]) == ["x", "y"]
    assert words(checker, FROM + "kind = ANY($kinds)", kinds=["standing", "x"]) == ["x"]
    assert words(checker, FROM + "$mode = 'strict' OR kind = 'standing'", mode="loose") == []


@pytest.mark.parametrize(
    ("condition", "code", "at"),
    [
        *((text, "sql.constant", 0) for text in ("true", "false", "NULL", "1=1", "1=2", "kind <> kind", "'a' = 'b'")),
        *((text, "sql.not-condition", None) for text in ("1", "'no'", "''")),
        ("kind = 'project' OR true", "sql.constant", 20),
        ("name <> '' AND NOT (1 = 2 OR qr_join)", "sql.constant", 20),
        ("kind = 'project' AND (name <> '' AND kind IN ('temporary'))", "sql.constant", 0),
        ("kind <> 'project' OR kind <> 'temporary'", "sql.constant", 0),
        ("kind IS NULL AND kind IS NOT NULL", "sql.constant", 0),
        ("kind IS NULL AND kind = 'project'", "sql.constant", 0),
        ("kind NOT IN ('standing', 'project', 'temporary')", "sql.constant", 0),
        *(
            (text, "sql.constant", 0)
            for text in (
                "created_at > '2024-05-01' AND created_at < '2024-01-01'",
                "created_at >= DATE '2024-05-01' AND created_at < TIMESTAMPTZ '2024-01-01 00:00:00+08:00'",
                "len(scope.people) >= 5 AND len(scope.people) < 5",
                "len(name) > 5 AND len(name) < 6",
                "NOT len(name) > 5 AND NOT len(name) <= 5",
                "created_at < '2024-01-01' AND (name = 'x' AND created_at >= '2024-01-01')",
                "created_at IS NULL AND created_at > '2024-01-01'",
                "created_at > dissolved_at AND dissolved_at > created_at",
                "owner_id = creator_id AND (kind = 'project' AND creator_id <> owner_id)",
                "created_at <= dissolved_at OR created_at > dissolved_at",
                "dissolved_at IS NULL AND created_at > dissolved_at",
                "name IS NULL AND (name LIKE '%群%' OR name ILIKE 'x%')",
                "kind <> 'standing' AND kind <> 'project' AND kind <> 'temporary'",
                "kind = 'standing' OR kind IN ('project', 'temporary')",
            )
        ),
        *((f"kind {one}", "sql.constant", 8) for one in ("IN (NULL)", "IN ()", "IN []")),
        ("len(name) BETWEEN 9 AND 3", "sql.constant", 10),
        ("name <> 'a' AND kind NOT IN ()", "sql.constant", 28),
        ("owner_id = NULL", "sql.null", 0),
        ("name NOT IN ('a', NULL)", "sql.null", 0),
        ("local_hour(created_at) = 24", "sql.out-of-range", 25),
        ("local_hour(created_at) BETWEEN 24 AND 25", "sql.out-of-range", 31),
        ("local_weekday(created_at) IN (0, 6)", "sql.out-of-range", 30),
        ("0 < local_weekday(created_at)", "sql.out-of-range", 0),
        ("extract(month FROM created_at) = 13", "sql.out-of-range", 33),
        ("local_hour(created_at) >= 22 AND local_hour(created_at) < 24 OR local_weekday(created_at) = 7", "", None),
        ("kind IN ('project', 'temporary') AND kind <> 'project'", "", None),
        ("name <> 'a' AND name <> 'b' AND (kind = 'project' OR kind = 'standing')", "", None),
        *(
            (text, "", None)
            for text in (
                "created_at > '2024-01-01' AND created_at < '2024-05-01'",
                "created_at IS NULL OR created_at < '2024-01-01'",
                "created_at < dissolved_at AND registered_at > dissolved_at AND owner_id <> creator_id",
                "owner_id IS DISTINCT FROM creator_id AND (owner_id IS NULL OR creator_id IS NULL)",
                "owner_id IS NULL AND (owner_id <> creator_id OR name LIKE '%群%')",
                "name IS NULL OR name LIKE '%群%'",
                "(len(name) > 9 AND kind = 'project') OR (len(name) < 4 AND kind = 'standing')",
                "created_at < as_of() AND created_at > as_of() - INTERVAL 30 DAY",
                "name > '张' AND name < '张敏'",
            )
        ),
        ("as_of() > '2024-09-01' AND owner_id IS NOT NULL", "", None),
    ],
)
def test_a_condition_that_never_changes_is_refused(
    checker: SqlChecker, condition: str, code: str, at: int | None
) -> None:
    faults = checker.condition(condition)[1]
    assert [(fault.code, fault.offset) for fault in faults[:1]] == ([(code, at)] if code else [])


def test_what_never_holds_is_refused_in_a_rule_too(checker: SqlChecker) -> None:
    hours = "WITH m AS (SELECT group_id, local_hour(sent_at) AS h FROM messages) SELECT group_id FROM m WHERE h = 24"
    assert words(checker, hours) == ["sql.out-of-range"]
    assert words(checker, FROM + "kind = 'project' AND kind = 'temporary'") == ["sql.constant"]
    assert words(checker, FROM + "id > 'b' AND id < 'a'") == ["sql.constant"]
    assert words(checker, "SELECT group_id FROM messages GROUP BY 1 HAVING count(*) > 9 AND count(*) < 3") == [
        "sql.constant"
    ]
    assert words(checker, FROM + "owner_id <> NULL") == ["sql.null"]
    assert words(checker, FROM + "1 = 1 AND local_hour(created_at) < 24") == []


RULE = """document: {title: 甲, clauses: [{id: 一, text: 甲}]}
rules:
  - id: L-1
    name: local/rule
    message: {zh: 甲}
"""
ALL = "    sql: SELECT id AS group_id FROM groups"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{ALL} WHERE kind = '临时'\n", "a.yaml:9:57"),
        ("    sql: |\n      SELECT id AS group_id\n      FROM groups WHERE kind = '临时'\n", "a.yaml:11:32"),
        (f"{ALL}\n    applies_to: \"name = '中' AND kind = '临时'\"\n", "a.yaml:10:40"),
        (f"{ALL} WHERE kind = $k\n    with: {{k: 临时}}\n", "a.yaml:10:15"),
        (f"{ALL} WHERE kind = ANY($k)\n    with: {{k: [project, 临时]}}\n", "a.yaml:10:25"),
    ],
)
def test_the_place_is_that_of_the_word(
    write: Callable[..., Path], mistakes: Callable[[Path], list[str]], text: str, expected: str
) -> None:
    assert mistakes(write(RULE + text)) == [f"sql.unknown-word {expected}"]


def test_the_word_that_goes_is_named(write: Callable[..., Path], load: Callable[[Path], object]) -> None:
    with pytest.raises(Exception, match="temporary") as caught:
        load(write(RULE + "    sql: SELECT id AS group_id FROM groups WHERE kind = '临时群'\n"))
    assert "standing" in str(caught.value)
    assert "temporary" in caught.value.problems[0].fix  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id AS group_id FROM groups LIMIT 5",
        "SELECT id AS group_id FROM groups OFFSET 5",
        "SELECT id AS group_id FROM groups ORDER BY id FETCH FIRST 5 ROWS ONLY",
        "SELECT id AS group_id FROM groups LIMIT 10%",
        "(SELECT id AS group_id FROM groups LIMIT 5)",
        "SELECT group_id FROM (SELECT id AS group_id FROM groups LIMIT 5) x WHERE group_id <> 'x'",
        "WITH x AS (SELECT id AS group_id FROM groups LIMIT 5), y AS (SELECT * FROM x) SELECT group_id FROM y",
        "(SELECT id AS group_id FROM groups LIMIT 5) UNION ALL SELECT id FROM groups",
        "SELECT id AS group_id FROM groups UNION ALL SELECT id FROM groups LIMIT 5",
        "SELECT id AS group_id FROM groups WHERE id IN (SELECT id FROM groups ORDER BY id LIMIT 5)",
        "WITH x AS (SELECT id FROM groups LIMIT 5) SELECT id AS group_id FROM groups WHERE id IN (SELECT id FROM x)",
    ],
)
def test_a_result_that_is_cut_short_is_refused(checker: SqlChecker, sql: str) -> None:
    assert [fault.code for fault in checker.select(sql, {})[1]] == ["sql.limit"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id AS group_id FROM groups g WHERE (SELECT kind FROM events e WHERE e.group_id = g.id ORDER BY "
        "e.at LIMIT 1) = 'join'",
        "SELECT id AS group_id FROM groups g WHERE EXISTS (SELECT 1 FROM events e WHERE e.group_id = g.id LIMIT 1)",
        "SELECT g.id AS group_id FROM groups g, LATERAL (SELECT e.at FROM events e WHERE e.group_id = g.id ORDER "
        "BY e.at LIMIT 1) x",
        "SELECT id AS group_id FROM groups QUALIFY row_number() OVER (PARTITION BY department_id ORDER BY id) = 1",
    ],
)  # fmt: skip
def test_a_limit_that_keeps_no_row_out_is_fine(checker: SqlChecker, sql: str) -> None:
    assert checker.select(sql, {})[1] == []


@pytest.mark.parametrize(
    ("sql", "values"),
    [
        (FROM + "qr_join = '是'", {}),
        (FROM + "created_at > '2024-13-01'", {}),
        (FROM + "days_after(dissolved_at, 3) OR days_after('2024-99-01'::TIMESTAMPTZ, 3)", {}),
        (FROM + "date_diff('day', '2024-77-01', created_at) > 3", {}),
        (FROM + "len(name) > $n", {"n": "many"}),
        (FROM + "created_at > $since", {"since": "lately"}),
        (FROM + "CAST(name AS INTEGER) > 3", {}),
        (FROM + "name::DATE > '2024-01-01'", {}),
        (FROM + "CAST('abc' AS DATE) < as_of()", {}),
        (FROM + "strptime(name, '%Y') > created_at", {}),
        (FROM + "date_trunc('foo', created_at) > as_of()", {}),
        (FROM + "list_sum(list_transform(string_split(name, '-'), lambda x: x::INTEGER)) > 3", {}),
        (FROM + "name LIKE purpose ESCAPE 'xx'", {}),
        (FROM + "CASE WHEN kind = 'project' THEN CAST('x' AS INTEGER) ELSE 1 END = 1", {}),
        ("WITH x AS (SELECT id, name AS n FROM groups) SELECT id AS group_id FROM x WHERE CAST(n AS INTEGER) > 3", {}),
        ("SELECT group_id FROM events GROUP BY 1 HAVING sum(CAST(detail AS INTEGER)) > 3", {}),
        ("SELECT group_id FROM memberships GROUP BY 1 HAVING count(*) > '两百'", {}),
        *((FROM + one, {}) for one in ("is_workday(name)", "is_workday(created_at) = '是'", "scope = '教务处'")),
        ("SELECT id AS group_id FROM groups WHERE length(repeat(name, 2000000000)) > 3", {}),
    ],
)
def test_what_would_fail_when_it_runs_is_refused(checker: SqlChecker, sql: str, values: dict[str, object]) -> None:
    (fault,) = checker.select(sql, values)[1]
    assert fault.code in ("sql.fails", "sql.bind", "sql.too-large")


@pytest.mark.parametrize(
    "sql",
    [
        FROM + "try_cast(name AS INTEGER) > 3 AND try_strptime(name, '%Y') > created_at",
        FROM + "CASE WHEN regexp_full_match(name, '[0-9]+') THEN CAST(name AS INTEGER) > 3 END",
        FROM + "created_at > '2024-03-01' AND created_at > $since",
        FROM + "qr_join = 'true' AND name > '3'",
        FROM + "date_trunc('month', created_at) = date_trunc('month', as_of())",
        FROM + "list_contains(scope.departments, department_id) AND len(scope.people) > 3",
        "SELECT group_id FROM messages GROUP BY 1 HAVING sum(length(text)) / count(*) > 3 AND max(sent_at) < as_of()",
        "SELECT group_id FROM (SELECT group_id, count(*) AS n FROM messages GROUP BY ALL) GROUP BY 1 HAVING sum(n) > 3",
    ],
)
def test_what_can_run_is_accepted(checker: SqlChecker, sql: str) -> None:
    assert checker.select(sql, {"since": "2024-01-01"})[1] == []


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT name AS group_id FROM groups", "sql.not-an-id"),
        ("SELECT owner_id AS group_id FROM groups", "sql.not-an-id"),
        ("SELECT g.group_id, g.n AS account_id FROM (SELECT id AS group_id, name AS n FROM groups) g", "sql.not-an-id"),
        ("SELECT id AS person_id FROM accounts", "sql.not-an-id"),
        ("SELECT name AS department_id FROM departments", "sql.not-an-id"),
        ("SELECT length(id) AS group_id FROM groups", "sql.key-type"),
        ("SELECT id AS group_id, 1 AS verdict FROM groups", "sql.verdict"),
        ("SELECT id AS group_id, name AS verdict FROM groups", "sql.verdict"),
        ("SELECT id AS group_id, name AS __name FROM groups", "sql.own-name"),
        ("SELECT created_at AS group_id FROM groups", "sql.key-type"),
        ("SELECT list(group_id) AS group_id FROM memberships GROUP BY role", "sql.key-type"),
    ],
)
def test_what_names_nobody_is_refused(checker: SqlChecker, sql: str, code: str) -> None:
    assert [fault.code for fault in checker.select(sql, {})[1]] == [code]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT responsible_id AS person_id FROM groups",
        "SELECT successor_of AS group_id FROM groups",
        "SELECT group_id, sender_id AS account_id FROM messages",
        "SELECT m.group_id, r.message_id FROM receipts r JOIN messages m ON m.id = r.message_id",
        "SELECT unnest(scope.people) AS person_id FROM groups",
        "SELECT coalesce(department_id, 'd1') AS department_id FROM groups",
    ],
)
def test_what_refers_to_somebody_is_accepted(checker: SqlChecker, sql: str) -> None:
    assert checker.select(sql, {})[1] == []
