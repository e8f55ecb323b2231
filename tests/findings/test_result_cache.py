"""A run that recalls what has not changed equals a full run, whatever is changed between the two."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from pyarrow import parquet

from policycore.engine.part import PartSession
from policycore.engine.run import evaluate
from policycore.errors import DataError
from policycore.estate.snapshot import EstateSource, Snapshot, import_estate, write_tables
from policycore.findings.pacing import CheckPace
from policycore.findings.result_cache import ResultCache
from policycore.findings.rule_inputs import RunInputs, repeatable, sees_storage, tables_read
from policycore.model.resolved import ResolvedRuleSet
from policycore.plugins import load_plugins
from policycore.reports import formats
from policycore.rulesets.load import load_ruleset

KEY = b"k" * 32
AS_OF = datetime(2024, 4, 15, tzinfo=UTC)

ROWS: dict[str, list[dict[str, Any]]] = {
    "departments": [{"id": "d1", "name": "教务处"}, {"id": "d2", "name": "科研处"}],
    "people": [
        {"id": "p1", "name": "张三", "status": "active", "status_since": None},
        {"id": "p2", "name": "李四", "status": "active", "status_since": None},
        {"id": "p3", "name": "王五", "status": "retired", "status_since": "2024-01-01T00:00:00+08:00"},
    ],
    "appointments": [
        {"person_id": "p1", "department_id": "d1", "rank": "中层正职", "since": None, "until": None},
        {"person_id": "p2", "department_id": "d2", "rank": "科员", "since": None, "until": None},
    ],
    "accounts": [
        {"id": "a1", "person_id": "p1", "kind": "internal", "name": "张三"},
        {"id": "a2", "person_id": "p2", "kind": "internal", "name": "李四"},
        {"id": "a3", "person_id": "p3", "kind": "internal", "name": "王五"},
    ],
    "groups": [
        {"id": "g1", "source": "r", "name": "教务工作群", "kind": "standing", "department_id": "d1", "owner_id": "a1"},
        {"id": "g2", "source": "r", "name": "科研临时群", "kind": "temporary", "department_id": "d2", "owner_id": "a3"},
        {"id": "g3", "source": "r", "name": "项目群", "kind": "project", "department_id": "d2", "owner_id": None},
    ],
    "memberships": [
        {"group_id": "g1", "account_id": "a1", "role": "owner", "display_name": "教务处张三"},
        {"group_id": "g1", "account_id": "a2", "role": "admin", "display_name": "小李"},
        {"group_id": "g2", "account_id": "a3", "role": "owner", "display_name": "科研处王五"},
    ],
    "messages": [
        {"id": "m1", "group_id": "g1", "sent_at": "2024-04-10T09:00:00+08:00", "sender_id": "a1", "type": "text",
         "text": "关于开会的通知"},
        {"id": "m2", "group_id": "g2", "sent_at": "2023-04-10T09:00:00+08:00", "sender_id": "a3", "type": "red_packet",
         "text": None},
    ],
    "tasks": [{"id": "t1", "title": "申报", "department_id": "d2", "state": "open"}],
    "events": [
        {"id": "e1", "group_id": "g1", "at": "2024-01-01T00:00:00+08:00", "kind": "transfer", "actor_id": "a2",
         "subject_id": "a1"},
        {"id": "e2", "group_id": "g5", "at": "2024-01-01T00:00:00+08:00", "kind": "join", "actor_id": "a2",
         "subject_id": "a1"},
    ],
}  # fmt: skip
# More groups than change at once, two of which have the same members and one that declares whom it is for.
ROWS["groups"] += [
    {"id": f"g{number}", "source": "r", "name": f"群{number}", "kind": "standing", "department_id": "d1",
     "owner_id": "a1", "scope": {"departments": ["d1"]} if number == 5 else None}
    for number in range(4, 10)
]  # fmt: skip
ROWS["memberships"] += [
    {"group_id": group, "account_id": account, "role": "member", "display_name": f"教务处{account}"}
    for group, accounts in (("g4", ("a1", "a2", "a3")), ("g5", ("a1", "a2", "a3")), ("g6", ("a1",)), ("g7", ("a2",)))
    for account in accounts
]
# What may change in each column: other values of its kind, and nothing.
VALUES: dict[str, tuple[object, ...]] = {
    "departments.name": ("教务处", "教学处", "人事处"),
    "people.name": ("张三", "张三丰", "赵六"),
    "people.status": ("active", "retired", "departed"),
    "appointments.rank": ("中层正职", "科员", None),
    "appointments.department_id": ("d1", "d2"),
    "accounts.person_id": ("p1", "p2", "p3", None),
    "groups.name": ("教务工作群", "2022年临时群", "机密★10年群"),
    "groups.owner_id": ("a1", "a2", "a3", None),
    "groups.kind": ("standing", "temporary", "project"),
    "memberships.role": ("owner", "admin", "member"),
    "memberships.display_name": ("教务处张三", "小李", "13800138000", None),
    "messages.text": ("关于开会的通知", "机密★10年 方案", "砍一刀", None),
    "messages.type": ("text", "red_packet", "poll"),
    "tasks.state": ("open", "done"),
}
change = st.one_of(
    st.sampled_from(sorted(VALUES)).flatmap(
        lambda field: st.tuples(st.just(field), st.integers(0, 2), st.sampled_from(VALUES[field]))
    ),
    st.tuples(st.just("drop"), st.sampled_from(sorted(VALUES)), st.none()),
    st.tuples(st.just("remove"), st.sampled_from(sorted(ROWS)), st.integers(0, 8)),
    # A line at the top moves every other: nothing but places changes.
    st.tuples(st.just("above"), st.sampled_from(["groups", "memberships", "messages"]), st.integers(4, 9)),
    st.tuples(st.just("dissolve"), st.just("groups"), st.integers(4, 9)),
    # As of another moment than the data's own, and data of another day.
    st.tuples(st.just("as-of"), st.integers(-3, 40), st.none()),
    st.tuples(st.just("day"), st.integers(-3, 40), st.none()),
)


def row_above(table: str, number: int, count: int) -> dict[str, Any]:
    """Return a row for the top of a table."""
    if table == "groups":
        return {**ROWS["groups"][0], "id": f"new{number}-{count}", "name": "新群"}
    if table == "memberships":
        row = {"group_id": "g1", "account_id": "a3", "role": "member", "display_name": f"教务处{number}{count}"}
        # One that is not in force yet stands above those of the same member that are.
        return row | ({"joined_at": "2031-01-01T00:00:00+08:00"} if number % 2 else {})
    return {**ROWS["messages"][0], "id": f"new{number}-{count}"}


def changed(rows: dict[str, list[dict[str, Any]]], changes: list[tuple[Any, ...]]) -> tuple[Any, datetime]:
    """Return the rows after `changes`, and the moment they are judged at."""
    tables = {name: [dict(row) for row in listed] for name, listed in rows.items()}
    moment = AS_OF
    for kind, first, second in changes:
        if kind in ("as-of", "day"):
            moment = AS_OF + timedelta(days=first)
        else:
            change_rows(tables, kind, first, second)
    return tables, moment


def day_of(changes: list[tuple[Any, ...]]) -> datetime:
    """Return the day of the data."""
    days = [first for kind, first, _ in changes if kind == "day"]
    return AS_OF + timedelta(days=days[-1]) if days else AS_OF


def change_rows(tables: dict[str, list[dict[str, Any]]], kind: str, first: Any, second: Any) -> None:
    """Make one change to rows."""
    if kind == "drop":
        table, column = first.split(".")
        for row in tables[table]:
            row.pop(column, None)
    elif kind == "remove":
        # What others refer to stays: a dangling reference is refused at the door.
        if first in ("memberships", "messages", "tasks", "appointments", "events"):
            del tables[first][second : second + 1]
    elif kind == "above":
        tables[first].insert(0, row_above(first, second, len(tables[first])))
    elif kind == "dissolve":
        for table, column in (("groups", "id"), ("memberships", "group_id"), ("events", "group_id")):
            tables[table] = [row for row in tables[table] if row[column] != f"g{second}"]
    else:
        table, column = kind.split(".")
        if first < len(tables[table]) and column in tables[table][first]:
            tables[table][first][column] = second


@cache
def largest() -> ResolvedRuleSet:
    """Return the largest rule set that comes along."""
    plugins = load_plugins()
    return load_ruleset("xxu-2024-wechat-groups", plugins.rules, plugins.ruleset_folders)


@pytest.fixture
def ruleset() -> ResolvedRuleSet:
    """Give the largest rule set that comes along."""
    return largest()


@pytest.fixture
def imported(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Snapshot]:
    """Give what makes a snapshot of rows."""

    def make(tables: Any, as_of: datetime = AS_OF) -> Snapshot:
        folder = tmp_path_factory.mktemp("estate")
        (folder / "manifest.yaml").write_text(
            f"policycore: 1\nas_of: {as_of.isoformat()}\ntimezone: Asia/Shanghai\n"
            "sources:\n  - {name: r, platform: wechat, lacks: []}\n",
            encoding="utf-8",
        )
        for name, rows in tables.items():
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        try:
            return import_estate([folder], folder / "snapshot")
        except DataError:
            reject()  # a required column was dropped: refused at the door, there is nothing to judge

    return make


def judged(
    snapshot: Snapshot, ruleset: ResolvedRuleSet, as_of: datetime, folder: Path | None
) -> tuple[bytes, CheckPace]:
    """Return the JSON report of a run, with answers kept in `folder` or with none."""
    cache = None
    if folder is not None:
        cache = ResultCache(folder, KEY, ruleset.name, RunInputs.of(snapshot, as_of, KEY))
    pace = CheckPace(cache)
    result = evaluate(snapshot, ruleset, as_of=as_of, evidence_key=KEY, pace=pace)
    stream = BytesIO()
    formats()["json"].write(result, stream, "zh")
    return stream.getvalue(), pace


@pytest.fixture(autouse=True)
def part_however_much_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge parts of these few groups, of which any change is a large share."""
    monkeypatch.setattr("policycore.findings.result_cache.MOST_CHANGED", 1.0)


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the answers over the rows as they stand; empty until they are needed."""
    return tmp_path_factory.mktemp("answers")


@pytest.fixture
def known(imported: Callable[..., Snapshot], answers: Path, tmp_path: Path) -> Path:
    """Return a folder of its own with the answers over the rows as they stand, which are judged once."""
    if not any(answers.iterdir()):
        judged(imported(ROWS), largest(), AS_OF, answers)
    return Path(shutil.copytree(answers, tmp_path / "known"))


def compare(
    imported: Callable[..., Snapshot], folder: Path, before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]
) -> None:
    """Judge, change, and compare a run that recalls with one that does not."""
    ruleset = largest()
    tables, moment = changed(ROWS, before)
    if before or not any(folder.iterdir()):
        judged(imported(tables, day_of(before)), ruleset, moment, folder)
    tables, moment = changed(tables, after)
    snapshot = imported(tables, day_of(after))
    quick, _ = judged(snapshot, ruleset, moment, folder)
    full, _ = judged(snapshot, ruleset, moment, None)
    assert quick == full
    again, pace = judged(snapshot, ruleset, moment, folder)
    assert again == full
    assert (pace.done, pace.recalled) == (0, len(ruleset.rules))


# Shrinking would run the whole rule set again and again.
UNSHRUNK = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
changes = given(before=st.lists(change, max_size=2), after=st.lists(change, min_size=1, max_size=4))


# Few, for each takes seconds: every single field is changed below, and three hundred times more with -m long.
@settings(UNSHRUNK, max_examples=6)
@changes
def test_recalling_equals_judging(
    imported: Callable[..., Snapshot], tmp_path_factory: pytest.TempPathFactory, before: list[Any], after: list[Any]
) -> None:
    compare(imported, tmp_path_factory.mktemp("results"), before, after)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(UNSHRUNK, max_examples=300)
@changes
def test_recalling_equals_judging_many_times(
    imported: Callable[..., Snapshot], tmp_path_factory: pytest.TempPathFactory, before: list[Any], after: list[Any]
) -> None:
    compare(imported, tmp_path_factory.mktemp("results"), before, after)


@pytest.mark.parametrize("field", sorted(VALUES))
def test_a_change_of_any_field_is_noticed(imported: Callable[..., Snapshot], known: Path, field: str) -> None:
    table, column = field.split(".")
    other = next(value for value in VALUES[field] if value != ROWS[table][0].get(column) and value is not None)
    compare(imported, known, [], [(field, 0, other)])


def test_only_what_reads_a_table_is_judged_again(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    judged(imported(ROWS), ruleset, AS_OF, tmp_path)
    tables, _ = changed(ROWS, [("messages.text", 0, "砍一刀")])
    _, pace = judged(imported(tables), ruleset, AS_OF, tmp_path)
    assert 0 < pace.done < len(ruleset.rules) / 2
    assert pace.recalled == len(ruleset.rules) - pace.done
    for other in (AS_OF + timedelta(days=1), AS_OF - timedelta(seconds=1)):
        assert judged(imported(tables), ruleset, other, tmp_path)[1].recalled == 0


def test_only_groups_that_changed_are_judged_again(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part is what changed, for the rule that compares groups with its partner; a larger part is not worth it."""
    cut: list[list[str]] = []
    real = PartSession.cut_to

    def cut_to(self: PartSession, groups: list[str]) -> None:
        cut.append(list(groups))
        real(self, groups)

    monkeypatch.setattr(PartSession, "cut_to", cut_to)
    judged(imported(ROWS), ruleset, AS_OF, tmp_path)
    tables, _ = changed(ROWS, [("memberships.display_name", 4, "小王")])
    assert tables["memberships"][4]["group_id"] == "g4"
    compare(imported, tmp_path, [], [("memberships.display_name", 4, "小王")])
    assert cut == [["g4", "g5"]]
    monkeypatch.setattr("policycore.findings.result_cache.MOST_CHANGED", 0.1)
    judged(imported(ROWS), ruleset, AS_OF, tmp_path)
    assert cut == [["g4", "g5"]]


def test_another_day_is_another_question_only_for_rules_that_ask_for_the_moment(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    first, second = AS_OF, AS_OF + timedelta(days=1)
    judged(imported(ROWS), ruleset, first, tmp_path)
    again: list[str] = []
    snapshot = imported(ROWS, second)
    cache = ResultCache(tmp_path, KEY, ruleset.name, RunInputs.of(snapshot, None, KEY))
    pace = CheckPace(cache, listener=lambda resolved, _judged, recalled: recalled or again.append(resolved.name))
    result = evaluate(snapshot, ruleset, evidence_key=KEY, pace=pace)
    assert result.findings == evaluate(snapshot, ruleset, evidence_key=KEY).findings
    assert "ownership/owner-in-post" in again, "it has days of grace"
    assert "admission/display-name-format" not in again
    assert len(again) < len(ruleset.rules) / 2
    dues = [step.due for finding in result.findings for step in finding.remediation if step.due is not None]
    assert min(dues) > second
    # The same files as of another moment: what they hold is the same, what rules see of them may not be.
    assert judged(snapshot, ruleset, second + timedelta(days=1), tmp_path)[1].recalled == 0


def test_a_row_that_begins_overnight_is_a_change(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    tables, _ = changed(ROWS, [])
    tables["memberships"].append(
        {"group_id": "g7", "account_id": "a3", "role": "member", "display_name": "13800138000",
         "joined_at": "2024-04-15T12:00:00+08:00"}
    )  # fmt: skip
    assert judged(imported(tables), ruleset, AS_OF, tmp_path)[0].count(b"13800138000") == 0
    compare(imported, tmp_path, [], [("day", 1, None)])
    snapshot = imported(tables, AS_OF + timedelta(days=1))
    quick, _ = judged(snapshot, ruleset, snapshot.as_of, tmp_path)
    assert quick == judged(snapshot, ruleset, snapshot.as_of, None)[0]
    assert b"g7/a3" in quick


def test_digests_that_were_changed_are_no_ground_for_judging_less(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    """Digests of the changed estate in the place of those of then would say that nothing has changed."""
    judged(imported(ROWS), ruleset, AS_OF, tmp_path)
    tables, _ = changed(ROWS, [("memberships.display_name", 4, "13800138000")])
    snapshot = imported(tables)
    [kept] = tmp_path.glob("*.digests")
    assert snapshot.digests is not None
    kept.write_bytes(snapshot.digests.read_bytes())
    assert judged(snapshot, ruleset, AS_OF, tmp_path)[0] == judged(snapshot, ruleset, AS_OF, None)[0]


def test_findings_that_were_changed_or_are_gone_are_judged_again(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    snapshot = imported(ROWS)
    expected, _ = judged(snapshot, ruleset, AS_OF, tmp_path)
    files = sorted(tmp_path.glob("*.findings"))
    assert len(files) > 3
    content = files[0].read_bytes()
    for place in range(0, len(content), len(content) // 7):
        files[0].write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        report, pace = judged(snapshot, ruleset, AS_OF, tmp_path)
        assert (report == expected, pace.done) == (True, 1)
        files = sorted(tmp_path.glob("*.findings"))
        content = files[0].read_bytes()
    files[1].write_bytes(files[2].read_bytes())
    files[3].unlink()
    report, pace = judged(snapshot, ruleset, AS_OF, tmp_path)
    assert (report == expected, pace.done) == (True, 2)


def test_findings_nobody_needs_are_let_go_and_what_a_killed_run_left(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    (tmp_path / "old.findings").write_bytes(b"")
    (tmp_path / "half.12345").write_bytes(b"")
    for value in ("甲", "乙", "丙", "13800138000"):
        tables, _ = changed(ROWS, [("memberships.display_name", 4, value)])
        judged(imported(tables), ruleset, AS_OF, tmp_path)
    said = [json.loads(file.read_bytes().partition(b"\n")[0]) for file in tmp_path.glob("*.answer")]
    used = {f"{name}.findings" for answer in said for name in answer["findings"]}
    left = {file.name for file in tmp_path.glob("*.findings")}
    # What this run replaced is still there for the next one to remove.
    assert used <= left
    assert len(left - used) <= len(ruleset.rules)
    assert not {"old.findings", "half.12345"} & {file.name for file in tmp_path.iterdir()}


def test_rows_of_large_files_are_fetched_by_their_numbers(
    imported: Callable[..., Snapshot], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """These tables are small: the limit above which that is worth it is lowered to nothing."""
    fetched = []
    real = PartSession._rows

    def rows(self: PartSession, table: str, link: str, owners: str) -> str:
        fetched.append(real(self, table, link, owners))
        return fetched[-1]

    monkeypatch.setattr("policycore.engine.part.IN_MEMORY_ROWS", 0)
    monkeypatch.setattr(PartSession, "_rows", rows)
    compare(imported, tmp_path, [], [("memberships.display_name", 4, "小王"), ("above", "messages", 4)])
    assert any("file_row_number" in select for select in fetched)


def test_a_rule_that_cannot_say_its_partners_breaks_alone(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(imported(ROWS), ruleset, AS_OF, tmp_path)
    tables, _ = changed(ROWS, [("memberships.display_name", 4, "小王")])
    pairs = next(resolved.rule for resolved in ruleset.rules if resolved.rule.partner_fact)
    monkeypatch.setattr(type(pairs), "partners", lambda _self, estate, _params: estate.query("SELECT nothing"))
    report = json.loads(judged(imported(tables), ruleset, AS_OF, tmp_path)[0])
    assert [one["rule"] for one in report["findings"] if one["verdict"] == "error"] == [pairs.id]
    assert len(report["problems"]) == 1


def test_the_same_rows_in_other_files_are_the_same(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    """Parquet may pack the same rows in many ways; only what they say counts."""
    snapshot = imported(ROWS)
    judged(snapshot, ruleset, AS_OF, tmp_path / "results")
    tables = {name: parquet.read_table(file.path).combine_chunks() for name, file in snapshot.tables.items()}
    other = write_tables(
        tables, tmp_path / "other", as_of=snapshot.as_of, timezone=snapshot.timezone, sources=snapshot.sources
    )
    packed = other.tables["people"].path
    parquet.write_table(parquet.read_table(packed), packed, compression="zstd", row_group_size=1)
    assert packed.read_bytes() != snapshot.tables["people"].path.read_bytes()
    assert judged(other, ruleset, AS_OF, tmp_path / "results")[1].done == 0


def test_digests_nobody_needs_are_let_go(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    for value in ("甲", "乙", "丙"):
        tables, _ = changed(ROWS, [("memberships.display_name", 4, value)])
        judged(imported(tables), ruleset, AS_OF, tmp_path)
    # Rules that read no members still rest on the first.
    assert 1 <= len(list(tmp_path.glob("*.digests"))) <= 3


def test_another_source_key_or_code_is_another_question(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    from dataclasses import replace

    snapshot = imported(ROWS)
    judged(snapshot, ruleset, AS_OF, tmp_path)
    lacking = replace(snapshot, sources=(EstateSource("r", "wechat", frozenset({"groups.owner_id"})),))
    assert judged(lacking, ruleset, AS_OF, tmp_path)[1].recalled == 0
    rule = ruleset.rules[0]
    inputs = RunInputs.of(snapshot, AS_OF, KEY)
    assert ResultCache(tmp_path, b"x" * 32, ruleset.name, inputs).read(rule) is None
    assert RunInputs.of(snapshot, AS_OF, b"other").key(rule) != inputs.key(rule)
    assert inputs.key(replace(rule, applies_to="kind = 'standing'")) != inputs.key(rule)
    assert inputs.key(replace(rule, clauses=("other",))) != inputs.key(rule)


def test_a_rule_that_looks_behind_the_moment_is_not_split(
    ruleset: ResolvedRuleSet, imported: Callable[..., Snapshot], tmp_path: Path
) -> None:
    assert sees_storage(["SELECT group_id FROM raw.memberships"])
    assert sees_storage(["SELECT m._row FROM memberships m"])
    assert not sees_storage(["SELECT group_id FROM memberships JOIN group_facts USING (id)"])
    seen: dict[str, tuple[str, ...]] = {}
    cache = ResultCache(tmp_path, KEY, ruleset.name, RunInputs.of(imported(ROWS), AS_OF, KEY))
    pace = CheckPace(cache, listener=lambda resolved, judged, _recalled: seen.update({resolved.id: judged.asked}))
    evaluate(imported(ROWS), ruleset, as_of=AS_OF, evidence_key=KEY, pace=pace)
    assert not [rule for rule, asked in seen.items() if sees_storage(asked)], "the engine's own SQL is not the rule's"


def test_what_changes_by_itself_is_never_kept(ruleset: ResolvedRuleSet) -> None:
    rule = ruleset.rules[0]
    assert repeatable(rule, ["SELECT id FROM groups"])
    for sql in (
        "SELECT NOW()",
        "select current_date",
        "SELECT random()",
        "FROM query_table('people')",
        "SELECT uuid()",
    ):
        assert not repeatable(rule, [sql])
    read = tables_read(rule, ['SELECT * FROM group_facts JOIN "Tasks" USING (id)'])
    assert {"groups", "memberships", "messages", "accounts", "tasks", "people", "departments"} <= read
