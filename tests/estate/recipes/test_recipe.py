from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pyarrow.parquet
import pytest

from policycore.errors import DataError
from policycore.estate.importing import import_estate
from policycore.estate.recipes.recipe_model import read_recipe
from policycore.estate.recipes.recipe_path import parse_path

RECIPE = """\
policycore: 1
recipe: clubs
timezone: UTC
sources: [{name: clubs, platform: chat}]
files:
  clubs: {match: clubs.yaml}
tables:
  accounts:
    duplicates: merge
    rows:
      - each: clubs[*].people[*]
        columns:
         {id: {path: nick, lower: true}, name: {first_of: [full, nick]}, kind: {path: is, map: {r: bot}, default: bot}}
  groups:
    rows:
      - each: clubs[*]
        where: [{path: closed, is_not: "true"}]
        columns:
          id: {template: "{@file}/{id}"}
          name: title
          kind: {value: standing}
          owner_id: {path: "people[0].nick", lower: true}
          created_at: {path: since, month_start: true}
          scope: {none: true}
  departments:
    rows:
      - each: offices{*}
        columns: {id: "@key", name: ., aliases: {path: "^.short", split: ";"}}
"""
CLUBS = """\
short: A; B
offices:
  d1: First
clubs:
  - id: 007
    title: true
    since: 2020-06
    people:
      - {nick: Ann, full: Ann A}
      - {nick: bo, is: r}
  - id: 8
    people: null
  - id: 9
    closed: "true"
    people:
      - {nick: ann, full: ''}
"""


@pytest.fixture
def run(tmp_path: Path):
    """Return a function that imports files by a recipe."""

    def run_recipe(files: dict[str, str], recipe: str = RECIPE, **options):
        folder = tmp_path / "in"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(textwrap.dedent(content).encode())
        (tmp_path / "recipe.yaml").write_text(recipe, encoding="utf-8")
        return import_estate([folder], tmp_path / "out", recipe=tmp_path / "recipe.yaml", **options)

    return run_recipe


def problems(run, *arguments, **options) -> list[tuple[str, str]]:
    with pytest.raises(DataError) as caught:
        run(*arguments, **options)
    return [(problem.code.removeprefix("estate."), str(problem)) for problem in caught.value.problems]


def test_paths_constants_templates_maps_and_splits_fill_the_columns(run, rows):
    snapshot = run({"clubs.yaml": CLUBS.replace("\n", "\r\n"), "notes.txt": "x"})
    first, second = rows(snapshot, "groups", origin=True)
    assert (first["id"], first["name"], first["kind"], first["owner_id"]) == (
        "clubs.yaml/007",
        "true",
        "standing",
        "ann",
    )
    assert first["created_at"].isoformat() == "2020-06-01T00:00:00+00:00"
    assert (first["_file"], first["_row"]) == ("clubs.yaml", 5)
    assert (second["id"], second["name"], second["owner_id"]) == ("clubs.yaml/8", None, None)
    assert rows(snapshot, "accounts") == [
        {"id": "ann", "kind": "bot", "name": "Ann A"},
        {"id": "bo", "kind": "bot", "name": "bo"},
    ]
    assert rows(snapshot, "departments") == [{"id": "d1", "name": "First", "aliases": ["A", "B"]}]
    assert [note.code for note in snapshot.notes][:2] == ["estate.note-unused", "estate.note-merged"]
    assert snapshot.timezone == "UTC"


def test_repeated_keys_are_merged_only_where_the_recipe_asks(run):
    found = problems(run, {"clubs.yaml": CLUBS}, RECIPE.replace("    duplicates: merge\n", ""))
    assert [code for code, _ in found] == ["duplicate"]
    assert found[0][1].startswith("clubs.yaml:16:1:")


def test_a_list_that_is_a_text_is_named_with_its_line_and_lenient_sets_it_aside(run, rows):
    broken = CLUBS.replace("people: null", "people: nobody")
    found = problems(run, {"clubs.yaml": broken})
    assert ("shape", "12") in [(code, message.split(":")[1]) for code, message in found]
    assert len(rows(run({"clubs.yaml": broken}, lenient=True), "accounts")) == 2


def test_a_check_reports_values_no_column_takes_and_lenient_keeps_the_row(run, rows):
    checked = RECIPE.replace(
        "        where: [{path: closed", "        checks: [{path: title, allowed: [x]}]\n        where: [{path: closed"
    )
    [(code, message)] = problems(run, {"clubs.yaml": CLUBS}, checked)
    assert code == "not-allowed"
    assert message.startswith("clubs.yaml:6:12: the value “true” of title")
    snapshot = run({"clubs.yaml": CLUBS}, checked, lenient=True)
    assert len(rows(snapshot, "groups")) == 2
    assert "estate.not-allowed" in [note.code for note in snapshot.notes]


def test_an_id_declared_twice_is_one_duplicate_or_two_ids_as_the_recipe_asks(run, rows):
    recipe = RECIPE[: RECIPE.index("tables:")] + (
        "tables: {groups: {rows: [{each: 'clubs[*]', columns: {id: {path: id, distinguish: true}}}]}}\n"
    )
    snapshot = run({"clubs.yaml": "clubs: [{id: a}, {id: b}, {id: a}]"}, recipe)
    assert [row["id"] for row in rows(snapshot, "groups")] == ["a", "b", "a#2"]
    assert "estate.note-distinguished" in [note.code for note in snapshot.notes]
    found = problems(run, {"clubs.yaml": "clubs: [{id: a}, {id: a}]"}, recipe.replace(", distinguish: true", ""))
    assert [code for code, _ in found] == ["duplicate"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", "编号,名称,序\r\na,甲,1\r\nb,,2\r\n"),
        ("list.json", '[{"编号": "a", "名称": "甲"}, {"编号": "b", "名称": null}]'),
        ("list.jsonl", '{"编号": "a", "名称": "甲"}\n\n{"编号": "b"}\n'),
    ],
)
def test_other_formats_look_like_yaml_to_a_recipe(run, rows, name, content):
    recipe = f"policycore: 1\nrecipe: x\nfiles: {{list: {{match: {name}}}}}\ntables:\n  groups:\n    rows:\n"
    recipe += '      - {each: "[*]", columns: {id: 编号, name: 名称}}\n'
    assert [(row["id"], row["name"]) for row in rows(run({name: content}, recipe), "groups")] == [
        ("a", "甲"),
        ("b", None),
    ]


def test_a_workbook_with_a_title_row_looks_like_yaml_to_a_recipe(run, rows, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["导出"], ["编号", "名称"], ["a", "甲"], [None, None], [12, "乙"]):
        book.active.append(row)
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / "list.xlsx")
    recipe = "policycore: 1\nrecipe: x\nfiles: {list: {match: '*.xlsx'}}\ntables:\n  groups:\n    rows:\n"
    recipe += '      - {each: "[*]", columns: {id: 编号, name: 名称}}\n'
    assert [(row["id"], row["_row"]) for row in rows(run({}, recipe), "groups", origin=True)] == [("a", 3), ("12", 5)]


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "hint"),
    [
        ("recipe: clubs", "recipe: clubs\nfoo: 1", "unknown-key", "3:1", ""),
        ("tables:\n", "tabels:\n", "unknown-key", "7:1", "tables"),
        ("  groups:\n", "  grups:\n", "unknown-table", "14:3", "groups"),
        ("          name: title\n", "          nmae: title\n", "unknown-column", "20:11", "name"),
        ("value: standing", "value: standng", "unknown-word", "21:25", "standing"),
        ("each: clubs[*]\n", "each: 'clubs[*'\n", "recipe-path", "16:15", ""),
        ("{none: true}", "{none: true, value: x}", "recipe-one-way", "24:18", ""),
        ("{match: clubs.yaml}", "{match: ../clubs.yaml}", "recipe-outside", "6:18", ""),
        ("duplicates: merge", "duplicates: mrege", "unknown-word", "9:17", "merge"),
        ("timezone: UTC", "timezone: UCT8", "timezone", "3:11", ""),
        ("timezone: UTC", "timezone: &a UTC", "anchor", "3:11", ""),
        ("timezone: UTC", "timezone: UTC\ntimezone: UTC", "duplicate-key", "4:1", ""),
        ('id: {template: "{@file}/{id}"}\n', "purpose: id\n", "column-missing", "19:11", ""),
        ('is_not: "true"', 'isnt: "true"', "unknown-key", "17:32", "is_not"),
    ],
)
def test_every_mistake_of_a_recipe_has_its_place_and_a_suggestion(tmp_path, old, new, code, place, hint):
    path = tmp_path / "recipe.yaml"
    assert old in RECIPE
    path.write_text(RECIPE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_recipe(path, "recipe.yaml")
    found = {problem.code: problem for problem in caught.value.problems}
    assert f"estate.{code}" in found
    assert str(found[f"estate.{code}"]).startswith(f"recipe.yaml:{place}:")
    assert hint in found[f"estate.{code}"].fix


def test_ways_to_make_one_table_must_fill_the_same_columns(tmp_path):
    text = RECIPE.replace("  departments:\n", "      - {each: 'x[*]', columns: {id: id}}\n  departments:\n")
    (tmp_path / "recipe.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_recipe(tmp_path / "recipe.yaml")
    assert {problem.code for problem in caught.value.problems} == {"estate.recipe-columns-differ"}


def test_an_unknown_recipe_and_a_pattern_without_files_are_errors(run, tmp_path):
    with pytest.raises(DataError) as caught:
        import_estate([tmp_path], tmp_path / "out", recipe="club", recipe_folders=[tmp_path])
    assert [problem.code for problem in caught.value.problems] == ["estate.no-recipe"]
    assert "recipe-no-file" in [code for code, _ in problems(run, {"other.yaml": "a: 1"})]


@pytest.mark.parametrize("text", ["", "a..b", "a[", "a[x]", "@nothing", "a[*]b", "{*", "^@foo", "a b.[*"])
def test_broken_paths_are_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the text is what could not be read
        parse_path(text)


@pytest.mark.parametrize(
    ("text", "up", "steps"),
    [
        (".", 0, ()),
        ("^", 1, ()),
        ("^^.email-id", 2, ("email-id",)),
        ("a[0].b", 0, ("a", 0, "b")),
        ("groups[*].owners[*]", 0, ("groups", "[*]", "owners", "[*]")),
        ("users{*}", 0, ("users", "{*}")),
        ("[*]", 0, ("[*]",)),
    ],
)
def test_paths_read_as_they_are_written(text, up, steps):
    path = parse_path(text)
    assert (path.up, path.steps) == (up, steps)


CHAT = """\
policycore: 1
recipe: chat
sources: [{name: chat, platform: chat}]
files: {chat: {match: chat.json}}
tables:
  groups: {rows: [{columns: {id: id}}]}
  messages: {rows: [{each: "messages[*]", columns: {id: id, group_id: ^.id, sent_at: at, text: text}}]}
"""


def _chat(folder: Path, *messages: dict[str, object], recipe: str = CHAT, lenient: bool = False) -> list[str | None]:
    (folder / "recipe.yaml").write_text(recipe, "utf-8")
    (folder / "chat.json").write_text(json.dumps({"id": "g1", "messages": messages}), "utf-8")
    made = import_estate(
        [folder / "chat.json"], folder / "out", recipe=folder / "recipe.yaml", as_of="2024-04-15", lenient=lenient
    )
    texts: list[str | None] = pyarrow.parquet.read_table(made.folder / "messages.parquet").column("text").to_pylist()
    return texts


def test_a_text_in_parts_is_one_text(tmp_path: Path) -> None:
    parts = ["See ", {"type": "link", "text": "https://example.org"}, " 机密", {"type": "bold", "text": "★10年"}]
    assert _chat(tmp_path, {"id": 1, "at": 1711074600, "text": parts}) == ["See https://example.org 机密★10年"]


def test_parts_are_joined_with_what_the_recipe_says(tmp_path: Path) -> None:
    recipe = CHAT.replace("text: text", "text: {path: 'lines[*]', join: '|', trim: true}")
    assert _chat(tmp_path, {"id": 1, "at": 1711074600, "lines": ["a ", "b"]}, recipe=recipe) == ["a|b"]


def test_half_a_character_is_named_and_costs_its_row_alone(tmp_path: Path) -> None:
    messages = ({"id": 1, "at": 1711074600, "text": "a\ud83d"}, {"id": 2, "at": 1711074600, "text": "好"})
    with pytest.raises(DataError) as caught:
        _chat(tmp_path, *messages)
    assert [problem.code for problem in caught.value.problems] == ["estate.half-character"]
    assert _chat(tmp_path, *messages, lenient=True) == ["好"]
