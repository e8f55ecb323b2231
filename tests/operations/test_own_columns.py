"""Columns and tables of one's own: declared with a type, used by rules, unknown and secret like those of the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import policycore
from policycore.errors import DataError, RuleSetError
from policycore.estate.importing import import_estate
from policycore.estate.snapshot import open_snapshot
from policycore.model.schema import own_columns
from tests.command_line import Run
from tests.workbooks import workbook

OWN = """own:
  groups:
    record_number: {type: text, zh: 备案号, header: [备案编号]}
    approved_by: {type: id of people, none: true}
    score: {type: number}
    checked_on: {type: date}
    labels: {type: list}
    level: {type: word, words: [高, 低]}
    public: {type: boolean}
    seats: {type: integer}
  own_inspections:
    group_id: {type: id of groups, key: true}
    at: {type: moment, key: true}
    result: {type: word, words: [passed, failed]}
"""
MANIFEST = (
    f"policycore: 1\nas_of: 2024-04-15T00:00:00+08:00\ntimezone: Asia/Shanghai\n{OWN}sources:\n  - name: register\n"
)
GROUPS = """id,name,备案编号,approved_by,score,checked_on,labels,level,public,seats
g1,一群,A-1,p1,1.5,2024-03-01,甲|乙,高,是,3
g2,二群,B-2,,9,2023-01-01,丙,低,否,50
g3,三群,,p1,,,,,,
"""
PEOPLE = "id,name,status\np1,张三,active\n"
INSPECTIONS = "group_id,at,result\ng1,2024-03-01,passed\ng2,2024-03-02,failed\ng3,2024-03-02,\n"

CONDITIONS = {
    "record_number NOT LIKE 'A%'": ({"g2"}, {"g3"}),
    "record_number IS NULL": (set(), {"g3"}),
    "approved_by IS NULL": ({"g2"}, set()),
    "score > 5": ({"g2"}, {"g3"}),
    "days_after(checked_on, 180)": ({"g2"}, {"g3"}),
    "list_contains(labels, '丙')": ({"g2"}, {"g3"}),
    "level = '低'": ({"g2"}, {"g3"}),
    "NOT public": ({"g2"}, {"g3"}),
    "seats > 10": ({"g2"}, {"g3"}),
    "EXISTS (SELECT 1 FROM own_inspections i WHERE i.group_id = groups.id AND i.result = 'failed')": ({"g2"}, {"g3"}),
}

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    def make(name: str = "estate", **changed: str | None) -> Path:
        made = tmp_path / name
        made.mkdir()
        files = {
            "manifest.yaml": MANIFEST,
            "groups.csv": GROUPS,
            "people.csv": PEOPLE,
            "own_inspections.csv": INSPECTIONS,
        }
        for file, text in {**files, **{key.replace("__", "."): value for key, value in changed.items()}}.items():
            if text is not None:
                (made / file).write_text(text, encoding="utf-8")
        return made

    return make


def ruleset(folder: Path, *selects: str, own: str = OWN, message: str = "不对") -> Path:
    rules = "".join(
        f'  - id: L-{number}\n    name: local/rule-{number}\n    sql: "{sql}"\n'
        f"    message: {{zh: '{message}', en: '{message}'}}\n"
        for number, sql in enumerate(selects)
    )
    file = folder.parent / f"set-{len(list(folder.parent.glob('set-*')))}.yaml"
    file.write_text(f"policycore: 1\nruleset: own\ntitle: {{zh: 自, en: Own}}\n{own}rules:\n{rules}", encoding="utf-8")
    return file


def test_rules_go_by_own_columns_and_what_is_missing_is_a_gap(folder: Folder, tmp_path: Path) -> None:
    made = folder()
    selects = [f"SELECT id AS group_id FROM groups WHERE {one}" for one in CONDITIONS]
    rules = ruleset(made, *selects)
    snapshot = import_estate([made], tmp_path / "snapshot")
    assert open_snapshot(snapshot.folder).own == snapshot.own != ()
    for estate in (made, snapshot.folder):
        outcome = policycore.check(estate, rules, record=False)
        assert not outcome.result.problems
        for number, (condition, (found, open_)) in enumerate(CONDITIONS.items()):
            assert {one.subject.id for one in outcome.findings if one.rule == f"L-{number}"} == found, condition
            missed = {subject for gap in outcome.gaps if gap.rule == f"L-{number}" for subject in gap.subjects}
            assert missed == open_, condition
    assert own_columns() == ()


def test_an_estate_without_the_columns_is_no_pass(folder: Folder) -> None:
    made = folder(manifest__yaml=MANIFEST.replace(OWN, ""), groups__csv="id,name\ng1,一群\n", own_inspections__csv=None)
    selects = [f"SELECT id AS group_id FROM groups WHERE {one}" for one in CONDITIONS]
    outcome = policycore.check(made, ruleset(made, *selects), record=False)
    assert {gap.rule for gap in outcome.gaps} == {f"L-{number}" for number in range(len(CONDITIONS))}
    assert not outcome.findings


def test_a_cell_that_cannot_be_read_is_an_error_or_unknown(folder: Folder) -> None:
    made = folder(groups__csv=GROUPS.replace("1.5", "很多").replace("p1,,,,,,", "p7,,,,,,").replace("高", "中"))
    with pytest.raises(DataError) as caught:
        policycore.check(made, ruleset(made, "SELECT id AS group_id FROM groups WHERE score > 5"), record=False)
    assert len(caught.value.problems) == 3
    outcome = policycore.check(
        made, ruleset(made, "SELECT id AS group_id FROM groups WHERE score > 5"), record=False, lenient=True
    )
    assert {subject for gap in outcome.gaps for subject in gap.subjects} == {"g1", "g3"}


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("own:\n  groups:\n    Nr: {type: text}\n", 3),
        ("own:\n  groups:\n    order: {type: text}\n", 3),
        ("own:\n  groups:\n    purpose: {type: text}\n", 3),
        ("own:\n  groups:\n    status: {type: text}\n", 3),
        ("own:\n  groups:\n    record_key: {type: text}\n", 3),
        ("own:\n  groups:\n    record: {type: words}\n", 3),
        ("own:\n  groups:\n    record: {type: word}\n", 3),
        ("own:\n  groups:\n    record: {type: text, words: [甲]}\n", 3),
        ("own:\n  groups:\n    record: {type: text, nul: true}\n", 3),
        ("own:\n  groups:\n    record: {type: text, key: true}\n", 2),
        ("own:\n  group:\n    record: {type: text}\n", 2),
        ("own:\n  group_sources:\n    record: {type: text}\n", 2),
        ("own:\n  own_things:\n    record: {type: text}\n", 2),
        ("own:\n  own_things:\n    record: {type: text, key: true, none: true}\n", 3),
        ("own:\n  groups: [record]\n", 2),
        ("own: [groups]\n", 1),
    ],
)
def test_a_declaration_that_is_wrong_is_told_at_its_place(folder: Folder, written: str, line: int) -> None:
    made = folder(manifest__yaml=MANIFEST.replace(OWN, written))
    rules = ruleset(made, "SELECT id AS group_id FROM groups WHERE name = '一'", own=written)
    before = MANIFEST.partition(OWN)[0].count("\n")
    with pytest.raises(DataError) as data:
        import_estate([made], made.parent / "out")
    assert before + line in {one.place.line for one in data.value.problems if one.place}
    with pytest.raises(RuleSetError) as caught:
        policycore.load_ruleset(rules)
    assert 3 + line in {one.place.line for one in caught.value.problems if one.place}


def test_estate_and_rule_set_must_agree(folder: Folder) -> None:
    made = folder()
    select = "SELECT id AS group_id FROM groups WHERE record_number > 5"
    rules = ruleset(made, select, own="own: {groups: {record_number: {type: integer}}}\n")
    with pytest.raises(RuleSetError) as caught:
        policycore.check(made, rules, record=False)
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert problem.place.file == str(rules)
    assert "manifest.yaml" in problem.what


def test_a_set_that_extends_another_has_its_columns_and_cannot_change_them(folder: Folder) -> None:
    made = folder()
    base = ruleset(made, "SELECT id AS group_id FROM groups WHERE record_number LIKE 'X%'")
    more = f"extends: [{base.name}]\nown: {{groups: {{colour: {{type: text}}}}}}\n"
    child = ruleset(made, "SELECT id AS group_id FROM groups WHERE record_number = colour", own=more)
    said = child.read_text(encoding="utf-8").replace("L-0", "M-0").replace("rule-0", "other")
    child.write_text(said, encoding="utf-8")
    assert {column.name for column in policycore.load_ruleset(child).own} >= {"record_number", "colour", "result"}
    child.write_text(said.replace("colour: {type: text}", "record_number: {type: integer}"), encoding="utf-8")
    with pytest.raises(RuleSetError) as caught:
        policycore.load_ruleset(child)
    assert any(problem.code == "ruleset.own-differs" for problem in caught.value.problems)


def test_words_of_people_in_own_columns_leave_masked_or_not_at_all(folder: Folder) -> None:
    made = folder(groups__csv=GROUPS.replace("A-1", "电话13812345678").replace("B-2", "机密★10年 某某演习"))
    whole = "SELECT id AS group_id, record_number AS said FROM groups WHERE score > 0"
    outcome = policycore.check(made, ruleset(made, whole, message="{said}"), record=False)
    report = outcome.report("json").decode()
    assert "13812345678" not in report
    assert "演习" not in report
    assert "[机密" in report
    for part in ("substr(record_number, 1, 3)", "unicode(record_number)", "labels[1][1:2]"):
        with pytest.raises(RuleSetError):
            policycore.load_ruleset(ruleset(made, whole.replace("record_number AS", f"{part} AS"), message="{said}"))


def test_queries_know_own_columns(folder: Folder) -> None:
    sql = "SELECT record_number, result FROM groups JOIN own_inspections ON group_id = id ORDER BY id"
    assert rows_of(folder(), sql) == (("A-1", "passed"), ("B-2", "failed"), (None, None))


def rows_of(estate: Path, sql: str) -> tuple[tuple[object, ...], ...]:
    from policycore.operations.query_estate import query_estate
    from policycore.plugin_api.plugins import load_plugins

    return query_estate(estate, sql, plugins=load_plugins()).rows


LIST = (
    ("序号", "群名称", "群主", "备案编号", "审批人", "评分", "检查日期", "标签"),
    (1, "教务处工作群", "张三", "A-1", "张三", "3.5", "2024.3", "甲、乙"),
    (2, "学工工作群", "张三", None, "无", "很多", "2024-03-01", "丙"),
    (3, "人事工作群", "张三", "不详", "王五", "2", None, None),
)
HEADED = OWN.replace("{type: id of people, none: true}", "{type: id of people, none: true, header: 审批人}").replace(
    "score: {type: number}", "score: {type: number, header: 评分}"
)
HEADED = HEADED.replace("{type: date}", "{type: date, zh: 检查日期}").replace(
    "{type: list}", "{type: list, header: [标签]}"
)


@pytest.mark.parametrize("beside", [False, True], ids=["manifest", "recipe"])
def test_lists_of_offices_hold_own_columns(tmp_path: Path, beside: bool) -> None:
    people = [("工号", "姓名", "部门", "状态"), ("1", "张三", "教务处", "在职")]
    workbook(tmp_path / "lists" / "工作群台账.xlsx", Sheet=LIST, 人员名册=people)
    where = tmp_path / "out.recipe.yaml" if beside else tmp_path / "lists" / "manifest.yaml"
    where.write_text(f"policycore: 1\n{HEADED}", encoding="utf-8")
    out = import_estate([tmp_path / "lists"], tmp_path / "out").folder
    read = rows_of(out, "SELECT record_number, approved_by, score, labels, _unknown FROM groups ORDER BY name DESC")
    assert read == (
        ("A-1", "1", 3.5, "甲、乙", None),
        (None, None, None, "丙", "score"),
        (None, None, 2.0, None, "record_number、approved_by"),
    )
    assert rows_of(out, "SELECT checked_on_latest - checked_on > INTERVAL 1 DAY FROM groups ORDER BY name DESC") == (
        (True,), (False,), (None,)
    )  # fmt: skip
    again = import_estate([], tmp_path / "out", add=True, force=True)
    assert again.own == open_snapshot(out).own != ()


def test_recipes_fill_own_columns_and_tables(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    said = '[{"id": "g1", "name": "甲群", "nr": "A-1", "score": 2.5, "seen": [{"at": "2024-03-01", "ok": "passed"}]}]'
    (tmp_path / "data" / "groups.json").write_text(said, encoding="utf-8")
    recipe = tmp_path / "ours.yaml"
    recipe.write_text(
        f"""policycore: 1
recipe: ours
{OWN}files:
  groups: {{match: groups.json, format: json}}
tables:
  groups:
    rows:
      - each: "[*]"
        columns: {{id: id, name: name, record_number: nr, score: score}}
  own_inspections:
    rows:
      - each: "[*].seen[*]"
        columns: {{group_id: ^.id, at: at, result: ok}}
""",
        encoding="utf-8",
    )
    out = import_estate([tmp_path / "data"], tmp_path / "out", recipe=recipe).folder
    sql = "SELECT record_number, score, result FROM groups JOIN own_inspections ON group_id = id"
    assert rows_of(out, sql) == (("A-1", 2.5, "passed"),)


def test_sources_that_differ_in_an_own_column_are_told(folder: Folder, tmp_path: Path) -> None:
    first = folder("register")
    second = folder("platform", groups__csv=GROUPS.replace("A-1", "A-2").replace("1.5", "1.6"), people__csv=None)
    (second / "own_inspections.csv").unlink()
    out = import_estate([first, second], tmp_path / "out").folder
    told = set(rows_of(out, "SELECT field, id FROM differences"))
    assert told == {("groups.record_number", "g1"), ("groups.score", "g1")}
    (second / "manifest.yaml").write_text(MANIFEST.replace("{type: number}", "{type: text}"), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        import_estate([first, second], tmp_path / "other")
    assert any(problem.code == "yaml.own-differs" for problem in caught.value.problems)


def test_cases_of_a_rule_set_hold_own_columns(folder: Folder) -> None:
    from policycore.testing import case_parameters, check_case, own_rules

    rules = ruleset(folder(), "SELECT id AS group_id FROM groups WHERE record_number NOT LIKE 'A%'")
    cases = """    cases:
      - name: another letter
        given: {groups: [{id: g1, record_number: B-1}, {id: g2, record_number: A-1}, {id: g3}]}
        finds: [g1]
        unknown: [g3]
"""
    rules.write_text(rules.read_text(encoding="utf-8") + cases, encoding="utf-8")
    ((rule, case),) = case_parameters(own_rules(policycore.load_ruleset(rules).rules))
    check_case(rule, case)


def test_runs_with_own_columns_are_kept_told_and_replayed(folder: Folder, tmp_path: Path, run: Run) -> None:
    made = folder()
    rules = ruleset(made, "SELECT id AS group_id FROM groups WHERE record_number NOT LIKE 'A%'")
    work = tmp_path / "work"
    run("init", work)
    for name, text in (("2024-04-15", GROUPS), ("2024-04-16", GROUPS.replace("B-2", "A-2"))):
        (made / "groups.csv").write_text(text, encoding="utf-8")
        (made / "manifest.yaml").write_text(MANIFEST.replace("2024-04-15", name), encoding="utf-8")
        outcome = policycore.check(made, rules, workspace=work)
        assert outcome.failure is None
    said = [
        run("explain", "L-0", "--workspace", work),
        run("explain", "L-0", "--ruleset", rules),
        run("try", f"{rules}#L-0", "--estate", made, "--subject", "g3"),
        run("gaps", "--workspace", work),
        run("check", "--ruleset", "own@1", "--estate", made, "--workspace", work, "--no-store"),
        run("ruleset", "schema"),
    ]
    assert all("record_number" in one.out for one in said[:4]), [one.out for one in said]
    assert [one.code for one in said] == [0, 0, 0, 0, 1, 0]


def test_what_people_wrote_into_own_columns_of_messages_is_not_kept(folder: Folder, tmp_path: Path) -> None:
    from policycore.store.snapshots import keep

    own = "own: {messages: {translated: {type: text}, weight: {type: integer}}}\n"
    made = folder(
        manifest__yaml=MANIFEST.replace(OWN, own), own_inspections__csv=None, groups__csv="id,name\ng1,一群\n"
    )
    (made / "messages.csv").write_text(
        "id,group_id,text,translated,weight\nm1,g1,甲乙,secret words,3\n", encoding="utf-8"
    )
    snapshot = import_estate([made], tmp_path / "out")
    (tmp_path / "kept").mkdir()
    kept = open_snapshot(keep(tmp_path / "kept", snapshot, b"key"))
    assert set(kept.withheld) == {"messages.text", "messages.translated"}
    assert "weight" in kept.tables["messages"].columns
    assert b"secret" not in kept.tables["messages"].path.read_bytes()
