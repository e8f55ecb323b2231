"""What lies in folders inside the one that is handed in is read as it would be alone, and nothing from outside."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from policycore.estate.importing import import_estate
from policycore.estate.manifest import MANIFEST, read_manifest
from policycore.plugin_api.plugins import load_plugins

CHAT = "时间,发送者,类型,内容\n2024-04-08 08:00:00,李强,文本,大家好\n2024-04-08 08:01:00,王芳,文本,收到\n"
TELEGRAM = {
    "name": "迎新专班",
    "type": "private_supergroup",
    "id": 42,
    "messages": [
        {"id": 1, "type": "message", "date_unixtime": "1712534400", "from": "李强", "from_id": "user1", "text": "好"}
    ],
}


def _imported(estate):
    # A source without a manifest: the folder of an office.
    (estate.folder / "manifest.yaml").unlink(missing_ok=True)
    sources = load_plugins().sources
    return import_estate(
        [estate.folder],
        estate.out,
        as_of="2024-04-15",
        timezone="Asia/Shanghai",
        lenient=True,
        force=True,
        sources=lambda: sources,
    )


def _manifest(snapshot):
    return read_manifest(snapshot.folder / MANIFEST)


@pytest.mark.parametrize(
    "name", ["群成员.csv", "wx/教务处工作群.csv", "a/b/c/chat.csv", "部门/教务处/微信/聊天记录.csv"]
)
def test_a_chat_is_a_chat_however_deep_it_lies_and_whatever_it_is_called(estate, rows, name):
    estate.write("人员.csv", "工号,姓名,部门\n1,李强,教务处\n")
    estate.write(name, CHAT)
    snapshot = _imported(estate)
    assert [row["text"] for row in rows(snapshot, "messages")] == ["大家好", "收到"]
    assert "memberships" not in snapshot.tables


def test_an_export_leaves_what_lies_beside_and_below_it_to_others(estate, rows):
    estate.write("result.json", json.dumps(TELEGRAM))
    estate.write("聊天.csv", CHAT)
    estate.write("下级/slack/users.json", "[]")
    estate.write("下级/slack/channels.json", json.dumps([{"id": "C1", "name": "general", "members": []}]))
    estate.write("下级/oa/people.csv", "id,name\np1,张三\n")
    snapshot = _imported(estate)
    assert {row["id"] for row in rows(snapshot, "groups")} == {"42", "聊天", "C1"}
    assert len(rows(snapshot, "messages")) == 3
    assert [row["id"] for row in rows(snapshot, "people")] == ["p1"]


def _zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def test_an_archive_is_read_as_a_folder_is_lists_beside_exports_and_nothing_sent_in_them(estate, rows):
    people = "工号,姓名,部门\n1,{},教务处\n"
    chat = {"wx/聊天.csv": CHAT, "人员.csv": people.format("李强"), "wx/files/人员.csv": people.format("假")}
    estate.write("a.zip", _zipped(**chat))
    estate.write("b.zip", _zipped(**{"人员.csv": people.format("王芳"), "c/chat.json": "{}"}))
    snapshot = _imported(estate)
    assert len(rows(snapshot, "messages")) == 2
    assert "memberships" not in snapshot.tables
    assert {row["name"] for row in rows(snapshot, "people")} <= {"李强", "王芳"}
    assert _manifest(snapshot).unread == ("b.zip",)


def test_names_in_an_archive_of_windows_are_chinese(estate, rows):
    name = "教务处工作群.csv"
    packed = _zipped(**{"x" * len(name.encode("gbk")): CHAT})
    estate.write("a.zip", packed.replace(b"x" * len(name.encode("gbk")), name.encode("gbk")))
    snapshot = _imported(estate)
    assert [row["id"] for row in rows(snapshot, "groups")] == ["教务处工作群"]
    assert "memberships" not in snapshot.tables


def test_what_is_left_of_inner_folders_is_named_and_what_may_be_data_is_a_gap(estate):
    estate.write("people.csv", "id,name\np1,x\n")
    estate.write("a/b/1.jsonl", '{"id": "m1"}')
    estate.write("a/b/other.json", "{}")
    estate.write("a/b/x.css", "")
    estate.write("a/b/y.jpg", "")
    snapshot = _imported(estate)
    assert sorted((note.code.removeprefix("estate."), str(note.place)) for note in snapshot.notes) == [
        ("unknown-file", "a/b/other.json"),
        ("unknown-table", "a/b/1.jsonl"),
        ("unread-folder", "a/b/"),
    ]
    assert set(_manifest(snapshot).unread) == {"a/b/1.jsonl", "a/b/other.json"}


def test_a_snapshot_inside_the_folder_is_not_read_again(estate, rows):
    estate.write("people.csv", "id,name\np1,x\n")
    estate.out = estate.folder / "estate"
    assert _imported(estate).id == _imported(estate).id
    assert [note.code for note in _imported(estate).notes] == ["estate.note-snapshot"]


@pytest.mark.skipif(os.name != "posix", reason="only there everybody may make links")
def test_links_lead_round_and_out_of_the_folder_in_vain(estate, rows, tmp_path):
    secret = tmp_path / "passwd.csv"
    secret.write_text("root:x:0:0\n")
    estate.write("people.csv", "id,name\np1,x\n")
    estate.write(".swapped/chat.csv", CHAT)
    links = {
        "root": Path("/"),
        "loop": Path(),
        "inner/up": Path("../.."),
        "groups.csv": secret,
        "gone.csv": Path("nowhere"),
        "chat": Path(".swapped"),
    }
    (estate.folder / "inner").mkdir()
    for name, target in links.items():
        (estate.folder / name).symlink_to(target)
    snapshot = _imported(estate)
    assert [row["id"] for row in rows(snapshot, "people")] == ["p1"]
    assert len(rows(snapshot, "messages")) == 2
    assert set(_manifest(snapshot).unread) == {"root", "inner/up", "groups.csv", "gone.csv"}
    assert not any("root:x" in str(note) for note in snapshot.notes)
