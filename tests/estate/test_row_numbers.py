"""A row is numbered as the program does it in which a person opens the file: sheet, editor, path in JSON."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from policycore.errors import DataError, located
from policycore.estate.importing import import_estate
from policycore_platforms import policycore_sources

RECIPE = """\
policycore: 1
recipe: own
sources: [{name: own, platform: own}]
files:
  list: {match: own.json, format: json}
tables:
  groups:
    rows:
      - each: list.groups[*]
        columns: {id: id, name: name}
"""


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "工作群"
    for row in (["某大学工作群登记表"], ["填表日期：2024年3月"], ["群编号", "群名称"], ["g1", "甲"], [], ["g2", "乙"]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def told(name: str, messages: list[dict[str, object]]) -> str:
    chat = {"name": name, "type": "private_group", "id": len(name), "messages": messages}
    return json.dumps({"chats": {"list": [chat]}} if name == "甲乙" else chat)


SAID = [{"id": n, "type": "message", "date_unixtime": "1711072800", "from_id": "user1", "text": "x"} for n in (7, 8)]
FILES = {
    "登记表.xlsx": (workbook(), "groups", {"g1": "登记表.xlsx: 4", "g2": "登记表.xlsx: 6"}),
    "groups.csv": ('id,name\ng1,"甲\n组"\ng2,乙\n', "groups", {"g1": "groups.csv: 2", "g2": "groups.csv: 4"}),
    "groups.jsonl": ('{"id": "g1"}\n\n{"id": "g2"}\n', "groups", {"g1": "groups.jsonl: 1", "g2": "groups.jsonl: 3"}),
    "own.json": (
        json.dumps({"list": {"groups": [{"id": "g1", "name": "甲"}, {"id": "g2", "name": "乙"}]}}),
        "groups",
        {"g1": "own.json: list.groups[0]", "g2": "own.json: list.groups[1]"},
    ),
    "result.json": (
        told("甲", SAID),
        "messages",
        {"1/7": "in/result.json: messages[0]", "1/8": "in/result.json: messages[1]"},
    ),
    "all.json": (told("甲乙", SAID), "messages", {"2/8": "all.json: chats.list[0].messages[1]"}),
}


@pytest.mark.parametrize("name", FILES)
def test_rows_stand_where_a_person_finds_them(estate, rows, name):
    content, table, expected = FILES[name]
    estate.write(name, content)
    options = {}
    if name == "own.json":
        (estate.folder / "manifest.yaml").unlink()
        options = {"recipe": estate.write("../own.yaml", RECIPE)}
    snapshot = estate.run(sources=lambda: [source() for source in policycore_sources()], **options)
    found = {}
    for row in rows(snapshot, table, origin=True):
        file, inside = located(row["_file"], row["_row"])
        found[row["id"]] = f"{file}: {inside or row['_row']}"
    assert {one: found[one] for one in expected} == expected


def test_what_is_wrong_and_what_is_rejected_are_told_at_the_same_places(estate, rejects):
    estate.write("all.json", told("甲乙", [*SAID, {**SAID[0], "id": 9, "date_unixtime": "9999999999999"}]))
    estate.write("people.csv", 'id,name\np1,"张\n三"\n,李四\n')
    sources = lambda: [source() for source in policycore_sources()]  # noqa: E731 - read once
    with pytest.raises(DataError) as caught:
        import_estate([estate.folder], estate.out, sources=sources)
    said = [str(problem) for problem in caught.value.problems]
    assert any(one.startswith("people.csv:4:1: line 4") for one in said)
    found = {
        (one["file"], one.get("place") or one["row"]) for one in rejects(estate.run(lenient=True, sources=sources))
    }
    assert ("people.csv", 4) in found
