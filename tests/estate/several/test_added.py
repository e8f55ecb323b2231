"""A second import adds a source to an estate, or replaces the one of its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from policycore.errors import DataError
from policycore.estate.importing import import_estate

GROUPS = "id,name,purpose\ng1,甲,{purpose}\n"
RECIPE = """\
policycore: 1
recipe: chats
timezone: Asia/Shanghai
files:
  chats: {match: "*.json", format: json}
tables:
  groups:
    rows:
      - from: chats
        each: "[*]"
        columns: {id: id, name: title, owner_id: owner}
"""


@pytest.fixture
def inbox(tmp_path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def handed_in(inbox: Path, name: str, table: str, text: str) -> Path:
    (inbox / name).mkdir(exist_ok=True)
    (inbox / name / f"{table}.csv").write_text(text, encoding="utf-8")
    return inbox / name


def brought(path: Path, out: Path, **options: object):
    options = {"as_of": "2024-04-15", "timezone": "Asia/Shanghai", **options}
    return import_estate([path], out, **options)


def test_what_is_added_joins_what_is_there_and_the_first_still_counts(inbox, tmp_path, rows):
    out = tmp_path / "estate"
    brought(handed_in(inbox, "register", "groups", GROUPS.format(purpose="教学")), out)
    platform = handed_in(inbox, "platform", "groups", "id,name,owner_id\ng1,甲组,a1\ng2,乙,a2\n")
    with pytest.raises(DataError) as caught:
        brought(platform, out)
    assert [problem.code for problem in caught.value.problems] == ["estate.exists"]
    added = brought(platform, out, add=True)
    assert [(row["id"], row["name"], row["purpose"], row["owner_id"]) for row in rows(added, "groups")] == [
        ("g1", "甲", "教学", "a1"),
        ("g2", "乙", None, "a2"),
    ]
    at_once = import_estate(
        [inbox / "register", platform], tmp_path / "other", as_of="2024-04-15", timezone="Asia/Shanghai"
    )
    assert added.id == at_once.id
    # Nothing need be said twice, and handing in the same again changes nothing.
    assert import_estate([platform], out, add=True).id == added.id


def test_what_is_handed_in_anew_replaces_what_has_its_name(inbox, tmp_path, rows):
    out = tmp_path / "estate"
    brought(handed_in(inbox, "register", "groups", GROUPS.format(purpose="教学")), out)
    brought(handed_in(inbox, "platform", "groups", "id,name\ng1,甲\ng2,乙\n"), out, add=True)
    (inbox / "april").mkdir()
    newer = handed_in(inbox / "april", "register", "groups", GROUPS.format(purpose="值班"))
    added = brought(newer, out, add=True)
    assert [(row["id"], row["purpose"]) for row in rows(added, "groups")] == [("g1", "值班"), ("g2", None)]
    # The next one finds the newer register where it lies now.
    again = brought(handed_in(inbox, "people", "people", "id,name\np1,张敏\n"), out, add=True)
    assert [row["purpose"] for row in rows(again, "groups")] == ["值班", None]


def test_a_source_that_is_gone_is_named_and_the_estate_stays(inbox, tmp_path):
    out = tmp_path / "estate"
    first = handed_in(inbox, "register", "groups", GROUPS.format(purpose="教学"))
    before = brought(first, out)
    first.rename(inbox / "moved")
    with pytest.raises(DataError, match="register"):
        brought(handed_in(inbox, "people", "people", "id,name\np1,张敏\n"), out, add=True)
    assert brought(inbox / "moved", tmp_path / "other").tables.keys() == before.tables.keys()


def test_what_a_recipe_reads_and_a_folder_of_tables_are_one_estate(inbox, tmp_path, rows):
    out = tmp_path / "estate"
    (tmp_path / "chats.yaml").write_text(RECIPE, encoding="utf-8")
    (inbox / "chats.json").write_text('[{"id": "g1", "title": "甲", "owner": "a1"}]', encoding="utf-8")
    brought(inbox / "chats.json", out, recipe=tmp_path / "chats.yaml")
    added = brought(handed_in(inbox, "register", "groups", GROUPS.format(purpose="教学")), out, add=True)
    assert [(row["purpose"], row["owner_id"], row["source"]) for row in rows(added, "groups")] == [
        ("教学", "a1", "chats")
    ]
    sources = {row["source"] for row in rows(added, "group_sources")}
    assert sources == {"chats", "register"}
