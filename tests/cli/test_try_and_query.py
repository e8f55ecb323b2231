"""Rules are tried from wherever they stand, and an estate is asked in SQL that can do no harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

RULE = '''
from policycore import Case, Field, Query, Rule, Step, Subject, Text

class TooLong(Rule):
    """A long name is cut on phones. Shorten it."""
    id = "UNI001"
    name = "unit/name-too-long"
    subject = Subject.GROUP
    requires = ("groups.name",)
    title = Text(zh="群名不过长", en="No name is too long")
    message = Text(zh="群名{length}字", en="{length} characters")
    explanation = Text(zh="群名过长", en="too long")
    remediation = (Step("owner", Text(zh="改短", en="shorten it")),)
    class Params(Rule.Params):
        """How long."""
        most: int = Field(3, ge=1, description="most characters", json_schema_extra={"zh": "字数上限"})
    def check(self, estate, params):
        return estate.query("SELECT id AS group_id, len(name) AS length FROM groups WHERE len(name) > $most", params)
    cases = (Case("four", given={"groups": [{"id": "g", "name": "教务处群"}]}, finds=("g",)),
             Case("two", given={"groups": [{"id": "g", "name": "短群"}]}))
'''
SQL_RULE = """\
  - id: UNI-2
    name: unit/no-owner
    clause: [一]
    sql: "SELECT id AS group_id FROM groups WHERE owner_id IS NULL"
    message: {zh: 没有群主, en: no owner}
    applies_to: "kind = 'temporary'"
"""


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    path = tmp_path / "own.py"
    path.write_text(RULE, encoding="utf-8")
    return path


def tried(run: Run, *arguments: object) -> dict[str, Any]:
    ended = run("try", *arguments, "--format", "json")
    assert ended.code == 0, ended.err
    [trial] = json.loads(ended.out)
    return trial


def test_a_file_a_set_and_an_installed_rule_are_tried(run: Run, rule: Path, ruleset: Path, estate: Path) -> None:
    found = tried(run, rule, "--estate", estate)
    assert [(hit["subject"], hit["facts"]["length"]) for hit in found["hits"]] == [("g1", 4)]
    assert (found["counts"]["pass"], found["reads"], found["cases"]) == (1, ["groups.name"], {"run": 2, "failed": []})
    assert tried(run, f"{rule}#UNI001", "--estate", estate, "--with", "most=5")["counts"]["hits"] == 0
    ruleset.write_text(ruleset.read_text(encoding="utf-8") + SQL_RULE, encoding="utf-8")
    assert [hit["subject"] for hit in tried(run, f"{ruleset}#UNI-2", "--estate", estate)["hits"]] == ["g2"]
    assert tried(run, f"{ruleset}#OWN001", "--estate", estate)["counts"]["hits"] == 1
    assert tried(run, "ownership/owner-present", "--estate", estate)["counts"]["hits"] == 1


@pytest.mark.parametrize(
    ("subject", "verdict", "because"),
    [
        ("g2", "fail", "no owner"),
        ("g1", "not-applicable", "kind = 'temporary'"),
    ],
)
def test_it_says_why_one_subject_is_found_or_not(
    run: Run, ruleset: Path, estate: Path, subject: str, verdict: str, because: str
) -> None:
    ruleset.write_text(ruleset.read_text(encoding="utf-8") + SQL_RULE, encoding="utf-8")
    why = tried(run, f"{ruleset}#UNI-2", "--estate", estate, "--subject", subject)["why"]
    assert why["verdict"] == verdict
    assert because in why["because"]
    assert "groups.owner_id" in why["values"]


@pytest.mark.parametrize("subject", ["g9", "g1/a1", ""])
def test_a_subject_that_nobody_knows_is_a_mistake(run: Run, rule: Path, estate: Path, subject: str) -> None:
    (estate / "groups.csv").write_text("id,owner_id\ng1,a1\ng2,\n", encoding="utf-8")
    ended = run("try", rule, "--estate", estate, "--subject", subject)
    assert (ended.code, ended.out) == (2, "")
    assert subject in ended.err


def test_what_is_missing_is_why_a_subject_is_a_gap(run: Run, rule: Path, estate: Path) -> None:
    (estate / "groups.csv").write_text("id,owner_id\ng1,a1\ng2,\n", encoding="utf-8")
    why = tried(run, rule, "--estate", estate, "--subject", "g1")["why"]
    assert (why["verdict"], "groups.name" in why["because"]) == ("unknown", True)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("requires = (", "requires = ((", "own.py:"),
        ("len(name) > $most", "len(nmae) > $most", "own.py:17"),
        ('finds=("g",)', "finds=()", "four"),
        ('id = "UNI001"', 'id = "unit one"', "own.py"),
    ],
)
def test_a_mistake_is_told_with_its_place(run: Run, rule: Path, estate: Path, old: str, new: str, place: str) -> None:
    assert old in RULE
    rule.write_text(RULE.replace(old, new, 1), encoding="utf-8")
    ended = run("try", rule, "--estate", estate)
    assert ended.code != 0
    assert place in ended.out + ended.err
    assert "Traceback" not in ended.err


def test_what_is_wrong_with_a_rule_is_told_all_at_once_with_its_line(run: Run, rule: Path, estate: Path) -> None:
    rule.write_text(RULE.replace("groups.name", "groups.nmae").replace('"owner"', '"群主"'), encoding="utf-8")
    told = run("try", rule, "--estate", estate).err.splitlines()
    assert [line.startswith(f"{rule}:4:1: ") for line in told] == [True, True]
    rule.write_text(RULE.replace(', en="too long"', ""), encoding="utf-8")
    assert run("try", rule, "--estate", estate).err.startswith(f"{rule}:12:1: ")


def test_a_case_that_fails_says_what_came_instead(run: Run, rule: Path, estate: Path) -> None:
    rule.write_text(RULE.replace('"短群"', '"很长的群名"'), encoding="utf-8")
    ran = run("try", rule, "--estate", estate)
    assert ran.code == 4
    assert "['g']" in ran.out
    assert "AssertionError" not in ran.out


def test_values_and_names_that_do_not_fit_are_told(run: Run, rule: Path, estate: Path) -> None:
    assert "--with:1:" in run("try", rule, "--estate", estate, "--with", "most=x").err
    assert "did you mean most" in run("try", rule, "--estate", estate, "--with", "mots=3").err
    assert "UNI001" in run("try", f"{rule}#UNI002", "--estate", estate).err
    assert run("try", "OWN001", "--watch", "--estate", estate).code == 2


def test_a_query_reads_tables_and_shows_texts_as_they_may_be(run: Run, estate: Path) -> None:
    header, text = "id,group_id,sent_at,sender_id,type,text", "本件为机密★10年，电话13812345678"
    (estate / "messages.csv").write_text(
        f"{header}\nm1,g1,2024-04-01T09:00:00+08:00,a1,text,{text}\nm2,g1,2024-04-01T09:00:00+08:00,a1,text,电话13812345678\n",
        encoding="utf-8",
    )
    asked = "SELECT id, text, substr(text, 4, 2) AS piece, upper(text) AS other FROM messages ORDER BY id"
    rows = json.loads(run("query", asked, "--estate", estate, "--format", "json").out)
    told = json.dumps(rows, ensure_ascii=False)
    assert rows[0]["id"] == "m1"
    assert "机密★" not in told
    assert "13812345678" not in told
    assert rows[1]["text"].startswith("电话138")
    few = run("query", "SELECT id FROM messages ORDER BY id", "--estate", estate, "--limit", "1")
    assert few.out.split() == ["id", "m1"]
    assert "more rows" in few.err


def test_the_keys_of_a_snapshot_are_shown_by_no_query(run: Run, estate: Path) -> None:
    assert "_key" not in run("query", "SELECT * FROM memberships", "--estate", estate).out
    refused = run("query", "SELECT group_key FROM groups", "--estate", estate)
    assert (refused.code, "there is no column group_key" in refused.err) == (2, True)


@pytest.mark.parametrize("word", ["'临时'", "临时", "temporary", "'temp'"])
def test_a_query_for_a_word_that_is_none_is_no_empty_answer(run: Run, estate: Path, word: str) -> None:
    ran = run("query", f"SELECT id FROM groups WHERE kind = {word}", "--estate", estate)
    assert (ran.code, ran.out) == (2, "")
    assert "temporary" in ran.err
    for condition in ("owner_id = NULL", "local_hour(created_at) = 24"):
        assert run("query", f"SELECT id FROM groups WHERE {condition}", "--estate", estate).code == 2


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM raw.messages",
        "SELECT * FROM 'groups.csv'",
        "SELECT getenv('HOME')",
        "SELECT now()",
        "DROP TABLE groups",
        "SELECT 1; SELECT 2",
        "SELECT nmae FROM groups",
        "COPY groups TO 'x.csv'",
        "SELECT",
    ],
)
def test_a_query_that_reaches_for_more_is_refused(run: Run, estate: Path, sql: str) -> None:
    ended = run("query", sql, "--estate", estate)
    assert (ended.code, ended.out) == (2, "")
    assert "root" not in ended.err
    # What the database says of its own names is no answer for people.
    assert "Binder" not in ended.err or "nmae" not in sql


def test_a_rule_file_that_is_not_there_is_a_mistake_of_the_command(run: Run, tmp_path: Path) -> None:
    ended = run("try", str(tmp_path / "nothing.py"))
    assert ended.code == 2
    assert "FileNotFound" not in ended.err


def test_no_sql_of_a_query_takes_a_piece_of_what_bears_a_mark(run: Run, tmp_path: Path) -> None:
    folder, mark = tmp_path / "in", "獬豸 机密★10年"
    folder.mkdir()
    (folder / "manifest.yaml").write_text("policycore: 1\nas_of: 2024-04-15T00:00:00+08:00\ntimezone: Asia/Shanghai\n")
    rows = {
        "groups": [
            {"id": "g1", "name": mark, "scope": {"titles": [mark]}},
            {"id": mark},
            {"id": mark.replace("豸", "狮")},
        ],
        "people": [{"id": "p1", "name": "x", "status": "active", "former_names": [mark]}],
    }
    for table, listed in rows.items():
        (folder / f"{table}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in listed), encoding="utf-8")
    assert run("import", folder, "--estate", tmp_path / "snapshot").code == 0
    for column, table in (
        ("name", "groups"),
        ("scope.titles[1]", "groups"),
        ("id", "groups"),
        ("former_names[1]", "people"),
    ):
        for piece in ("substr({}, 1, 1)", "{}[2:3]", "encode({})", "unicode({})", "CAST({} AS INT)", "{}.reverse()"):
            ended = run("query", "--estate", tmp_path / "snapshot", f"SELECT {piece.format(column)} AS x FROM {table}")
            told = ended.out + ended.err
            assert not any(word in told for word in (*"獬豸", "\\xe7\\x8d", str(ord("獬")))), (column, piece, told)
    # Ids stay apart, and joins find them.
    joined = "SELECT count(*) AS n FROM groups g JOIN groups h ON g.id = h.id"
    assert run("query", "--estate", tmp_path / "snapshot", joined).out.split()[-1] == "3"


def test_what_a_file_prints_and_raises_is_shown_as_texts_are(run: Run, rule: Path, estate: Path) -> None:
    said = "獬豸的部署\n第二行：机密★10年"
    source = rule.read_text(encoding="utf-8").replace(
        "from policycore", f"SAID = {said!r}\nprint(SAID)\nfrom policycore"
    )
    broken = source.replace(
        "        return estate.query",
        "        print(SAID)\n        raise ValueError(SAID)\n        return estate.query",
    )
    rule.write_text(broken, encoding="utf-8")
    ended = run("try", rule, "--estate", estate, "--format", "json")
    assert ended.code == 4
    assert json.loads(ended.out)[0]["broken"]
    assert "獬豸" not in ended.out + ended.err
    assert "[机密 " in ended.err
    rule.write_text(f"{source}\nraise SystemExit(0)\n", encoding="utf-8")
    ended = run("try", rule, "--estate", estate)
    assert (ended.code, ended.out) == (4, "")
    assert "own" in ended.err


def test_a_problem_of_a_run_is_shown_as_texts_are(
    run: Run, ruleset: Path, estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYCORE_PLUGINS", "ownership,獬豸 机密★10年")
    for name in ("text", "json", "html"):
        ended = run("check", "--ruleset", ruleset, "--estate", estate, "--no-store", "--format", name)
        assert "[机密 " in ended.out
        assert "獬豸" not in ended.out + ended.err
