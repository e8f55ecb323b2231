"""WeCom's archive is read in blocks: what comes of it is what comes of each message by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policycore_platforms.wecom import WeComArchive

MESSAGES: list[dict[str, Any]] = [
    {"msgtype": "text", "text": {"content": "请于周五前报送"}},
    {"msgtype": "text", "text": {"content": ""}},
    {"msgtype": "text", "text": {"content": "\ud83d半个"}},
    {"msgtype": "text"},
    {"msgtype": "text", "info": {"content": "在info里"}},
    {"msgtype": "image", "image": {"md5sum": "x", "filesize": 3, "sdkfileid": "z"}},
    {"msgtype": "image", "image": {"title": "图片里的话"}},
    {"msgtype": "file", "file": {"filename": "名单.xlsx", "filesize": 10, "md5sum": "q", "fileext": "xlsx"}},
    {"msgtype": "file"},
    {"msgtype": "link", "link": {"title": "通知", "description": "全文"}},
    {"msgtype": "revoke", "revoke": {"pre_msgid": "m0"}, "action": "recall"},
    {"msgtype": "text", "text": {"content": "次日"}, "msgtime": 1711072800000},
    {"msgtype": "text", "text": {"content": "没有这样的时间"}, "msgtime": 9_999_999_999_999_999},
    {"msgtype": "text", "text": {"content": "单聊"}, "roomid": ""},
    {"msgtype": "text", "text": {"content": "没有发送人"}, "from": ""},
    {"msgtype": "text", "text": {"content": "再来一次"}, "msgid": "m0"},
    {"action": "switch", "msgtype": "text"},
    {"msgtype": "text", "text": {"content": "机器人"}, "from": "wb" + "a" * 30},
]


def read(path: Path, lines: list[Any], *, as_list: bool = False) -> tuple[dict[str, Any], list[str]]:
    """Return the tables that come of lines, without their places, and what is told of them."""
    text = json.dumps(lines, indent=1) if as_list else "".join(json.dumps(line) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    source = WeComArchive()
    tables = source.read(path)
    rows = {name: table.drop_columns(["_file", "_row"]).to_pylist() for name, table in tables.items()}
    return rows, sorted(what.en for what, _ in source.notes)


def test_blocks_give_what_each_message_gives(tmp_path: Path) -> None:
    common = {"action": "send", "from": "zhang", "tolist": ["li"], "roomid": "wr1", "msgtime": 1711072800123}
    plain = [{"msgid": f"m{n}", **common, **message} for n, message in enumerate(MESSAGES)]
    # What is wrapped is read by itself.
    each = read(tmp_path / "each.jsonl", [{"seq": 1, "msg": message} for message in plain])
    assert read(tmp_path / "block.jsonl", plain) == each
    assert read(tmp_path / "list.json", plain, as_list=True) == each
    alike = [one for one in plain if one["msgid"] in ("m0", "m1", "m5", "m7", "m10", "m11")]
    assert read(tmp_path / "alike.jsonl", alike) == read(tmp_path / "one.jsonl", [{"msg": one} for one in alike])
    assert len(each[0]["messages"]) == 16


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("collect", {"title": "填表", "details": [{"id": 1, "ques": "身份证号"}]}, "填表\n身份证号"),
        ("meeting", {"topic": "例会", "remarks": "备注"}, "例会\n备注"),
        ("meeting_voice_call", {"demofiledata": [{"filename": "a.ppt"}]}, "a.ppt"),
        ("kind_of_tomorrow", {"words": "什么"}, None),
    ],
)
def test_what_people_fill_in_is_said_and_what_nobody_knows_is_unknown(
    tmp_path: Path, kind: str, body: object, said: str
) -> None:
    line = {"msgid": "m", "action": "send", "from": "z", "roomid": "r", "msgtime": 1711072800123, "msgtype": kind}
    [row] = read(tmp_path / "one.jsonl", [{**line, kind: body}])[0]["messages"]
    assert (row["text"], row["_unknown"]) == (said, None if said else ["text"])
