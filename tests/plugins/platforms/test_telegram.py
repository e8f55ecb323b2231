"""Telegram Desktop's export: what it tells, what it does not, and where it is broken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policycore.operations.check import check

ANN = {"from": "王敏", "from_id": "user1"}


def message(number: int, **cells: Any) -> dict[str, Any]:
    common = {"id": number, "type": "message", "date": "2024-03-22T10:00:00", "date_unixtime": "1711072800"}
    return {**common, **ANN, "text": "收到", **cells}


def service(number: int, action: str, **cells: Any) -> dict[str, Any]:
    common = {"id": number, "type": "service", "date": "2024-03-22T10:00:00", "date_unixtime": "1711072800"}
    return {**common, "actor": "王敏", "actor_id": "user1", "action": action, **cells}


def chat(*messages: dict[str, Any], **cells: Any) -> dict[str, Any]:
    return {"name": "教务群", "type": "private_supergroup", "id": 42, **cells, "messages": list(messages)}


EVERYTHING = chat(
    service(1, "create_group", title="筹备群", members=["王敏", "李强"]),
    service(2, "edit_group_title", title="教务群"),
    service(3, "invite_members", members=["赵六", None]),
    service(4, "join_group_by_link", actor="钱七", actor_id="user7", inviter="Group"),
    service(5, "remove_members", members=["赵六"]),
    service(6, "remove_members", members=["王敏"]),
    message(
        7, text=["请看", {"type": "bold", "text": "附件"}, "，", {"type": "mention_name", "text": "李强", "user_id": 2}]
    ),
    message(8, text="", photo="photos/a.jpg", photo_file_size=9),
    message(9, text="", file="(File not included.)", file_name="名单.xlsx", mime_type="text/csv", file_size=5),
    message(10, text="", media_type="sticker", file="stickers/a.webp"),
    message(11, forwarded_from="某频道", text="听说"),
    message(12, reply_to_message_id=7, edited="2024-03-22T11:00:00", edited_unixtime="1711076400"),
    message(13, **{"from": None, "from_id": "user9"}),
    message(14, text="", poll={"question": "几点？", "closed": False, "answers": [{"text": "九点"}]}),
    message(15, reply_to_message_id=999),
)


@pytest.mark.parametrize(
    ("files", "packed"),
    [
        ({"result.json": EVERYTHING, "photos/a.jpg": "x", "css/style.css": "x"}, False),
        ({"ChatExport_2024-03-22/result.json": EVERYTHING, "__MACOSX/._result.json": "x"}, True),
        ({"ChatExport_2024-03-22/result.json": EVERYTHING, "note.md": "x"}, False),
    ],
)
def test_a_chat_is_read_as_a_folder_an_archive_or_a_folder_of_folders(write, read, files, packed: bool) -> None:
    estate = read(write(files, packed=packed))
    assert estate.unread == []
    assert estate.cells("groups", "id", "name", "creator_id", "source") == [("42", "教务群", "user1", "telegram")]
    assert {"memberships.role", "groups.owner_id", "accounts.kind"} <= estate.lacks["telegram"]
    assert estate.cells("events", "kind", "subject_id", "detail") == [
        ("create", None, "筹备群"),
        ("rename", None, "教务群"),
        ("join", None, "赵六"),
        ("join", None, None),
        ("join", "user7", "join_group_by_link"),
        ("remove", None, "赵六"),
        ("leave", None, "王敏"),
    ]
    said = {row["id"]: (row["type"], row["text"], row["reply_to"]) for row in estate.rows("messages")}
    assert said["42/7"] == ("text", "请看附件，李强", None)
    assert said["42/8"] == ("image", None, None)
    assert said["42/9"][0] == "file"
    assert said["42/10"][0] == "emoji"
    assert said["42/11"] == ("forward", "听说", None)
    assert said["42/12"] == ("text", "收到", "42/7")
    assert said["42/14"] == ("poll", "几点？\n九点", None)
    assert said["42/15"] == ("text", "收到", None)
    assert estate.unknown("messages") == {"42/15": ["reply_to"]}
    assert estate.unknown("accounts") == {"user9": ["name"]}
    assert estate.cells("attachments", "name", "size")[:2] == [("a.jpg", 9), ("名单.xlsx", 5)]
    assert estate.rows("messages")[0]["sent_at"].isoformat() == "2024-03-22T02:00:00+00:00"


def test_a_whole_account_gives_its_groups_and_leaves_out_private_chats(write, read) -> None:
    account = {
        "about": "Here is the data you requested. Remember: Telegram is ad free.",
        "personal_information": {"user_id": 1},
        "chats": {
            "about": "x",
            "list": [
                chat(message(1)),
                {"type": "saved_messages", "id": 1, "messages": [message(1)]},
                {"name": "空群", "type": "private_group", "id": 43, "messages": []},
            ],
        },
        "left_chats": {"about": "x", "list": [chat(message(1), id=44, name=None)]},
    }
    estate = read(write({"result.json": account}))
    assert estate.ids("groups") == {"42", "43", "44"}
    assert estate.ids("messages") == {"42/1", "44/1"}
    assert "name" in estate.unknown("groups")["44"]
    assert any("1 private chat is not read" in told for told in estate.told)


def test_half_characters_repeats_and_times_that_cannot_be_read_are_told(write, read) -> None:
    whole = json.dumps(
        chat(
            message(1, text=["好\ud83d", {"type": "bold", "text": "\ude00"}]),
            message(2, text="好\ud83d"),
            message(2, text="好\ud83d"),
            message(3, date=None, date_unixtime="soon"),
            {"type": "message"},
        )
    )
    estate = read(write({"result.json": whole}))
    assert estate.cells("messages", "id", "text") == [("42/1", "好😀"), ("42/2", "好\ufffd"), ("42/3", "收到")]
    assert estate.rows("messages")[2]["sent_at"] is None
    told = "\n".join(estate.told)
    assert "messages[1]: " in told
    for words in (
        "2 texts held half a character",
        "came again",
        "1 time cannot be read and counts as",
        "1 item has no id and is",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("broken", "place", "reason"),
    [
        (lambda text: text[: text.index('"id": 12')], "messages[11]", "ends here"),
        (lambda text: text.replace('"id": 12,', '"id": 12;'), "messages[11]", "no JSON"),
        (lambda text: text + "{", "", "Extra data"),
        (lambda text: text.replace('"messages": [', '"messages": [' + "[" * 100_000), "messages[0]", "nested"),
        (lambda text: text.encode().replace(b"name", b"\xff\xfe", 1), "", "UTF-8"),
        (lambda _: '{"type": "private_group", "messages": [{"id": 1}], "id": 1}', "messages[0]", "before"),
    ],
)
def test_what_is_broken_is_named_with_its_place(write, refused, broken, place: str, reason: str) -> None:
    path = write({"result.json": broken(json.dumps(EVERYTHING))})
    said = refused(path / "result.json")
    assert "result.json" in said
    assert place in said
    assert reason in said


def test_windows_of_any_size_read_the_same(write, read, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write({"result.json": EVERYTHING})
    whole = read(path).rows("messages")
    for size in (1, 7, 64):
        monkeypatch.setattr("policycore_platforms.json_stream._BLOCK", size)
        assert read(path).rows("messages") == whole


def test_a_finding_comes_of_an_export(write) -> None:
    path = write({"result.json": chat(message(1, text="机密★10年 请各单位知悉"))})
    result = check(path, ruleset="work-groups-base")
    assert any(finding.rule == "SEC001" for finding in result.findings)


def test_messages_that_are_read_many_at_once_are_the_same_as_those_read_one_by_one(write, read) -> None:
    odd = [
        message(103, text="制表\t符"),
        message(104, text="半个\ud83d"),
        message(105, text=""),
        message(106, **{"from": "王敏（教务处）"}),
        message(107, reply_to_message_id=106, text=[{"type": "bold", "text": "附件"}, "见\n},\n {"]),
        message(107, text="又一次"),
        message(108, date_unixtime="不是数"),
        message(109, file="a.xlsx", file_name="名单.xlsx"),
        message(110, from_id=17),
        message(12345678901234567890123),
    ]
    many = [*EVERYTHING["messages"], *odd, *(message(number, text=f"第{number}条") for number in range(120, 160))]
    same = []
    for number, indent in enumerate((None, 1)):
        whole = json.dumps(chat(*many), indent=indent, ensure_ascii=number == 0).replace("制表\\t符", "制表\t符")
        text = whole.encode("utf-8", "surrogatepass") if number == 0 else whole.replace("\ud83d", "\\ud83d")
        estate = read(write({"result.json": text}))
        found = {name: estate.rows(name) for name in ("messages", "accounts", "events", "attachments")}
        same.append({**found, "told": estate.told})
    assert same[0] == same[1]
    assert len(same[0]["messages"]) == len(many)


def test_what_a_message_without_a_text_says_is_read_or_unknown(write, read) -> None:
    """A rich message, a list and a card say something; of what nobody can read nothing is taken for silence."""
    blocks = [
        {"type": "heading", "size": 2, "text": "通知"},
        {"type": "paragraph", "text": ["机密", {"type": "bold", "text": "★10年"}]},
        {"type": "blockquote", "blocks": [{"type": "paragraph", "text": "内部"}]},
    ]
    bare = {"text": "", "text_entities": []}
    estate = read(
        write(
            {
                "result.json": chat(
                    message(1, rich_message={"blocks": blocks}, **bare),
                    message(2, todo_list={"title": "清单", "items": [{"id": 1, "text": "买票"}]}, **bare),
                    message(3, text=["看", {"type": "text_link", "text": "这里", "href": "https://a.example/x"}]),
                    message(4, some_new_thing={"words": "什么"}, **bare),
                    message(5, photo="photos/a.jpg", **bare),
                    message(6, text="先说的"),
                    message(6, text="后说的 绝密★5年"),
                    message(6, text="先说的"),
                )
            }
        )
    )
    assert dict(estate.cells("messages", "id", "text")) == {
        "42/1": "通知\n机密★10年\n内部",
        "42/2": "清单\n买票",
        "42/3": "看这里 https://a.example/x",
        "42/4": None,
        "42/5": None,
        "42/6": "先说的",
        "42/6#2": "后说的 绝密★5年",
    }
    assert estate.unknown("messages") == {"42/4": ["text"]}
    assert len(estate.told) == 2
