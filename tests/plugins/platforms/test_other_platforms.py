"""Slack, ChatLab, WeChat's CSV and WeCom: what each tells, what it does not, and where it is broken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policycore_platforms import json_stream

USERS = [
    {"id": "U1", "name": "wang", "is_bot": False, "is_restricted": False, "profile": {"real_name": "王敏"}},
    {"id": "U2", "name": "gast", "is_bot": False, "is_restricted": True},
    {"id": "U3", "name": "old", "deleted": True, "profile": {"real_name": "离职者"}},
]
CHANNEL = {
    "id": "C1",
    "name": "jiaowu",
    "created": 1700000000,
    "creator": "U1",
    "is_archived": False,
    "members": ["U1", "U2"],
    "purpose": {"value": ""},
}
DAY = [
    {"type": "message", "user": "U1", "ts": "1711072800.000100", "text": "请看 <https://a.cn|附件> <@U2> &amp; 回复"},
    {"type": "message", "user": "U9", "ts": "1711072801.000100", "thread_ts": "1711072800.000100", "text": "收到"},
    {
        "type": "message",
        "subtype": "channel_join",
        "user": "U2",
        "inviter": "U1",
        "ts": "1711072802.000100",
        "text": "x",
    },
    {
        "type": "message",
        "subtype": "channel_name",
        "user": "U1",
        "name": "jiaowu",
        "ts": "1711072803.000100",
        "text": "x",
    },
    {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B1",
        "username": "助手",
        "ts": "1711072804.1",
        "text": "好",
    },
    {
        "type": "message",
        "user": "U1",
        "ts": "1711072805.1",
        "text": "",
        "files": [{"id": "F1", "name": "a.png", "mimetype": "image/png", "size": 3}],
    },
    {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": "1711072806.1", "text": "deleted"},
    {"type": "message", "user": "U1", "ts": "1711072807.1", "thread_ts": "1600000000.1", "text": "接着说"},
]
SLACK = {
    "users.json": USERS,
    "channels.json": [CHANNEL],
    "jiaowu/2024-03-22.json": DAY,
    "D0123456/2024-03-22.json": DAY,
    "integration_logs.json": [],
}


@pytest.mark.parametrize("packed", [False, True])
def test_slack(write, read, packed: bool) -> None:
    estate = read(write(SLACK, packed=packed))
    [group] = estate.rows("groups")
    assert (group["name"], group["creator_id"], group["purpose"]) == ("jiaowu", "U1", None)
    assert group["dissolved_at"] is None
    assert not group.get("_unknown")
    assert {"groups.owner_id", "memberships.role", "memberships.display_name"} <= estate.lacks["slack"]
    kinds = {row["id"]: row["kind"] for row in estate.rows("accounts")}
    assert kinds == {"U1": "internal", "U2": "external", "U3": None, "U9": None, "B1": "bot", "USLACKBOT": None}
    assert [account for _, account in estate.cells("memberships", "group_id", "account_id")] == ["U1", "U2"]
    assert estate.cells("events", "kind", "actor_id", "subject_id") == [("join", "U1", "U2"), ("rename", "U1", None)]
    messages = estate.rows("messages")
    assert [row["type"] for row in messages] == ["text", "text", "system", "system", "text", "image", "recall", "text"]
    assert (messages[0]["text"], messages[0]["mentions"]) == ("请看 附件 <@U2> & 回复 https://a.cn", ["U2"])
    assert messages[1]["reply_to"] == messages[0]["id"] == "C1/1711072800.000100"
    assert messages[0]["sent_at"].isoformat() == "2024-03-22T02:00:00+00:00"
    assert estate.unknown("messages") == {"C1/1711072807.1": ["reply_to"]}
    assert estate.cells("attachments", "name", "media_type", "size") == [("a.png", "image/png", 3)]
    assert any("private" in told for told in estate.told)


def test_what_slack_keeps_beside_the_text_is_read(write, read) -> None:
    """Programs write into blocks and attachments, a shared message stands in one; the text is empty then."""
    section = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": "机密"}, {"type": "text", "text": "★5年"}],
    }
    beside: list[dict[str, object]] = [
        {"bot_id": "B1", "subtype": "bot_message", "blocks": [{"type": "rich_text", "elements": [section]}]},
        {
            "user": "U1",
            "attachments": [{"pretext": "前", "fields": [{"title": "项", "value": "值"}], "fallback": "无"}],
        },
        {"user": "U1", "attachments": [{"is_share": True, "text": "转来的"}]},
        {"user": "U1", "subtype": "message_changed", "message": {"user": "U1", "text": "改后"}},
        {"user": "U1", "blocks": [{"type": "nobody_knows"}]},
    ]
    day = [{"type": "message", "ts": f"171107280{n}.1", "text": "", **one} for n, one in enumerate(beside)]
    estate = read(write({**SLACK, "jiaowu/2024-03-22.json": day}))
    assert [row["text"] for row in estate.rows("messages")] == ["机密★5年", "前\n项\n值", "转来的", "改后", None]
    assert list(estate.unknown("messages").values()) == [["text"]]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("jiaowu/2024-03-22.json", json.dumps(DAY)[:-40], "jiaowu/2024-03-22.json: [7]"),
        ("users.json", '{"ok": false}', "users.json"),
        ("renamed/2024-03-22.json", json.dumps(DAY), "no channel has the name"),
    ],
)
def test_what_is_broken_in_slack_is_named(write, refused, name: str, content: str, told: str) -> None:
    assert told in refused(write({**SLACK, name: content}))


META = {"name": "教务群", "platform": "wechat", "type": "group", "groupId": "g1", "ownerId": "exporter"}
HEADER = {"version": "0.0.2", "exportedAt": 1703001600}
MEMBERS = [
    {
        "platformId": "a",
        "accountName": "小王",
        "groupNickname": "教务处王敏",
        "roles": [{"id": "owner"}, {"id": "vip"}],
    },
    {"platformId": "b", "accountName": "李", "roles": [{"id": "admin"}]},
    {"platformId": "c", "accountName": "赵"},
]
TALK = [
    {
        "sender": "a",
        "accountName": "小王",
        "timestamp": 1703001600,
        "type": 0,
        "content": "好",
        "platformMessageId": "m1",
    },
    {
        "sender": "b",
        "accountName": "李",
        "timestamp": 1703001610000,
        "type": 25,
        "content": "收到",
        "replyToMessageId": "m1",
    },
    *(
        {"sender": "b", "accountName": "李", "timestamp": 1703001620, "type": kind, "content": None}
        for kind in (20, 21, 26, 80, 81, 23)
    ),
    {"sender": "b", "accountName": "李", "timestamp": 1703001620, "type": 1, "content": "[图片]"},
]


def lines(*rows: dict[str, Any]) -> str:
    return "# note\n" + "\n".join(json.dumps(row) for row in rows)


@pytest.mark.parametrize("block", [64, 1 << 18])
def test_chatlab_in_both_forms_is_the_same(write, read, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(json_stream, "_BLOCK", block)
    document = {"chatlab": HEADER, "meta": META, "members": MEMBERS, "messages": TALK}
    text = lines(
        {"_type": "header", "chatlab": HEADER, "meta": META},
        *({"_type": "member", **member} for member in MEMBERS),
        *({"_type": "message", **message} for message in TALK),
    )
    one = read(write({"chat.json": document}, folder="one"))
    two = read(write({"chat.jsonl": text}, folder="two"))
    wide = read(write({"chat.jsonl": text.replace("\n", "\r\n").encode("utf-16")}, folder="three"))
    for table in ("groups", "memberships", "messages", "accounts"):
        left, *others = ([{**row, "_file": "", "_row": 0} for row in estate.rows(table)] for estate in (one, two, wide))
        assert others == [left, left]
    assert [row["_row"] for row in two.rows("messages")] == list(range(len(MEMBERS) + 3, len(MEMBERS) + 3 + len(TALK)))
    [group] = one.rows("groups")
    assert (group["owner_id"], group["name"]) == ("a", "教务群"), "whoever exported the chat is no owner"
    assert one.cells("memberships", "account_id", "role", "display_name") == [
        ("a", "owner", "教务处王敏"),
        ("b", "admin", None),
        ("c", None, None),
    ]
    kinds = [row["type"] for row in one.rows("messages")]
    assert kinds == ["text", "text", "red_packet", "transfer", "forward", "system", "recall", "other", "image"]
    assert one.rows("messages")[1]["reply_to"] == "g1/m1"
    assert one.rows("messages")[1]["sent_at"].isoformat() == "2023-12-19T16:00:10+00:00"


def test_chatlab_without_members_leaves_them_unknown_and_private_chats_out(write, read, refused) -> None:
    text = lines({"_type": "header", "chatlab": HEADER, "meta": META}, {"_type": "message", **TALK[0]})
    private = {"chatlab": HEADER, "meta": {**META, "type": "private"}, "members": MEMBERS, "messages": TALK}
    estate = read(write({"chat.jsonl": text, "private.json": private}, packed=True))
    assert estate.ids("groups") == {"g1"}
    assert len(estate.told) == 2
    with pytest.raises(KeyError):
        estate.rows("memberships")
    broken = write({"chat.jsonl": text + "\n{"}, folder="broken") / "chat.jsonl"
    assert "chat.jsonl:4:1" in refused(broken)


WECHATMSG = (
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\r\n"
    '1,5,1,0,0,1711072800,2,"请看，\r\n附件",2024-03-22 10:00:00,王老师,王敏,wxid_a\r\n'
    "2,5,49,2001,0,1711072801,2,[红包],2024-03-22 10:00:01,,王敏,wxid_a\r\n"
    '3,5,10000,0,0,1711072802,4,"""李强""撤回了一条消息",2024-03-22 10:00:02,,,\r\n'
    "4,5,3,0,0,1711072803,2,<xml>,2024-03-22 10:00:03,,李强,wxid_b\r\n"
)
PYWXDUMP = (
    "id,MsgSvrID,type_name,is_sender,talker,room_name,content,CreateTime\n"
    '1,953020244103908134,文本,1,我,1@chatroom,"{""src"": """", ""msg"": ""哦吼""}",2023-08-12 23:22:54\n'
    '2,953020244103908135,转账,0,wxid_a,1@chatroom,"{""src"": """", ""msg"": ""x""}",2023-08-12 23:22:55\n'
)
CHINESE = "时间,发送者,类型,内容\n2024-03-22 10:00:00,王敏,文本,收到\n2024-03-22 10:00:00,王敏,文本,收到\n"


def test_wechat_in_each_layout(write, read) -> None:
    one = read(write({"教务群_utf8.csv": "\ufeff" + WECHATMSG}, folder="one"))
    assert one.cells("groups", "id", "name") == [("教务群", "教务群")]
    assert one.cells("messages", "type", "sender_id", "text") == [
        ("text", "wxid_a", "请看，\r\n附件"),
        ("red_packet", "wxid_a", "[红包]"),
        ("recall", None, '"李强"撤回了一条消息'),
        ("image", "wxid_b", None),
    ]
    assert one.cells("accounts", "id", "name") == [("wxid_a", "王敏"), ("wxid_b", "李强")], "remarks are private"
    two = read(write({"1@chatroom_0_2.csv": PYWXDUMP}, folder="two"))
    assert two.cells("messages", "id", "type", "sender_id", "text") == [
        ("1@chatroom/953020244103908134", "text", None, "哦吼"),
        ("1@chatroom/953020244103908135", "transfer", "wxid_a", "x"),
    ]
    assert two.unknown("groups") == {"1@chatroom": ["name"]}
    three = read(write({"聊天.csv": CHINESE.encode("gb18030")}, folder="three"))
    assert len(three.ids("messages")) == 2
    assert three.cells("messages", "sender_id", "text") == [("聊天/王敏", "收到")] * 2


def test_a_row_of_another_length_is_named(write, refused) -> None:
    assert "教务群.csv:4:1" in refused(write({"教务群.csv": WECHATMSG.replace("[红包]", "红,包")}) / "教务群.csv")


def archived(number: int, kind: str, body: dict[str, Any], **cells: Any) -> dict[str, Any]:
    common = {"msgid": f"m{number}", "action": "send", "from": "WangMin", "tolist": ["a"], "roomid": "wr1"}
    return {**common, "msgtime": 1711072800000 + number, "msgtype": kind, kind: body, **cells}


ARCHIVE = [
    archived(1, "text", {"content": "请报送"}),
    archived(2, "file", {"filename": "表.xlsx", "filesize": 7}),
    archived(
        3, "mixed", {"item": [{"type": "text", "content": '{"content": "看图"}'}, {"type": "image", "content": "{}"}]}
    ),
    archived(4, "redpacket", {"wish": "恭喜"}),
    archived(5, "revoke", {"pre_msgid": "m1"}, action="recall"),
    archived(6, "text", {"content": "x"}, roomid=""),
    archived(
        7, "chatrecord", {"title": "群聊", "item": [{"type": "ChatRecordText", "content": '{"content": "听说"}'}]}
    ),
    archived(1, "text", {"content": "请报送"}),
    {"msgid": "s1", "action": "switch", "time": 1711072800000, "user": "WangMin"},
    {"seq": 9, "msg": archived(8, "vote", {"votetitle": "几点", "voteitem": ["九点"]}, **{"from": "wo" + "A" * 30})},
]


@pytest.mark.parametrize("listed", [False, True])
def test_wecom_archive(write, read, listed: bool) -> None:
    text = json.dumps(ARCHIVE) if listed else "\n".join(map(json.dumps, ARCHIVE))
    estate = read(write({"archive.json" if listed else "archive.jsonl": text}))
    assert estate.cells("messages", "id", "type", "text") == [
        ("m1", "text", "请报送"),
        ("m2", "file", "表.xlsx"),
        ("m3", "text", "看图"),
        ("m4", "red_packet", "恭喜"),
        ("m5", "recall", None),
        ("m7", "forward", "群聊\n听说"),
        ("m8", "poll", "几点\n九点"),
    ]
    recalled = {row["id"]: row["recalled_at"] for row in estate.rows("messages") if row["recalled_at"]}
    assert {key: value.isoformat() for key, value in recalled.items()} == {"m1": "2024-03-22T02:00:00.005000+00:00"}
    assert dict(estate.cells("accounts", "id", "kind")) == {"WangMin": "internal", "wo" + "A" * 30: "external"}
    assert len(estate.told) == 2


GROUP = {
    "chat_id": "wr2",
    "name": "家长群",
    "owner": "WangMin",
    "create_time": 1700000000,
    "member_list": [
        {"userid": "WangMin", "type": 1, "join_time": 1700000000, "join_scene": 1, "group_nickname": "教务处王敏"},
        {"userid": "wo" + "B" * 30, "type": 2, "join_time": 1700000001, "join_scene": 3, "name": "家长"},
    ],
    "admin_list": [{"userid": "LiQiang"}],
}
ROOM = {
    "errcode": 0,
    "roomname": "内部群",
    "creator": "LiQiang",
    "room_create_time": 1700000000,
    "members": [{"memberid": "LiQiang", "jointime": 1700000000}],
}
LISTS = {
    "users.json": {"errcode": 0, "userlist": [{"userid": "WangMin", "name": "王敏", "department": [1]}]},
    "departments.json": {
        "errcode": 0,
        "department": [{"id": 2, "name": "教务处", "parentid": 1}, {"id": 1, "name": "校", "parentid": 0}],
    },
    "group.json": {"errcode": 0, "group_chat": GROUP},
    "wr3.json": ROOM,
}


def test_wecom_lists(write, read, refused) -> None:
    estate = read(write(LISTS))
    assert estate.cells("departments", "id", "parent_id") == [("2", "1"), ("1", None)]
    assert {row["id"]: (row["owner_id"], row["creator_id"]) for row in estate.rows("groups")} == {
        "wr2": ("WangMin", None),
        "wr3": (None, "LiQiang"),
    }
    assert "owner_id" in estate.unknown("groups")["wr3"]
    assert estate.cells("memberships", "account_id", "role", "display_name", "join_scene") == [
        ("WangMin", "owner", "教务处王敏", "invite"),
        ("wo" + "B" * 30, "member", None, "qr"),
        ("LiQiang", None, None, None),
    ]
    failed = write({"users.json": {"errcode": 40014, "userlist": []}}, folder="failed")
    assert "failed" in refused(failed / "users.json")


def test_archives_that_are_bombs_locked_or_cut_are_refused(write, refused, read) -> None:
    bomb = write(
        {"result.json": '{"type": "private_group", "id": 1, "messages": [' + " " * 80_000_000 + "]}"}, packed=True
    )
    assert "unpack" in refused(bomb)
    whole = write({"result.json": '{"type": "private_group", "id": 1, "messages": []}'}, folder="cut", packed=True)
    whole.write_bytes(whole.read_bytes()[:-10])
    assert "no whole ZIP" in refused(whole)
    for damaged in (b"\xff" * 20, b"\x00" * 20):
        whole = write(SLACK, folder="damaged", packed=True)
        content = bytearray(whole.read_bytes())
        content[60:80] = damaged
        whole.write_bytes(content)
        assert "no whole ZIP" in refused(whole)
