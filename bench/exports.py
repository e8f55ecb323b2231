"""Make exports of chats of any size in the forms in which people have them (not measured), and import them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench.measure import peak_memory

__all__ = ["FORMS", "export_lines"]

GROUPS, PEOPLE = 200, 400
_BEGIN = datetime(2024, 3, 1, tzinfo=UTC)
_PIECES = (
    "请各部门于周五前报送材料", "收到，谢谢", "会议改到下午三点", "在东楼二〇三", "附件已经发到邮箱", "名单还差两个人",
    "麻烦尽快确认一下", "学生处已经填完", "请@张老师看看", "明天上午九点开会", "OK", "表格第三列写单位全称",
)  # fmt: skip


def _messages(count: int, seed: int) -> Iterator[tuple[int, int, int, int, str]]:
    """Yield group, number, second, sender and text of `count` messages, group by group."""
    random, began = Random(seed), int(_BEGIN.timestamp())  # noqa: S311 - texts, no secrets
    for number in range(count):
        group, within = divmod(number * GROUPS, count)
        text = "，".join(random.choices(_PIECES, k=random.randint(2, 5)))
        yield group, number, began + within // 8 * 60, random.randrange(PEOPLE), text


def _chatlab(message: tuple[int, int, int, int, str]) -> dict[str, Any]:
    _, number, second, sender, text = message
    return {
        "sender": f"wxid_{sender:06}",
        "accountName": f"老师{sender}",
        "timestamp": second,
        "type": 0,
        "content": text,
        "platformMessageId": str(7_000_000_000 + number),
    }


def _head(group: int) -> dict[str, Any]:
    about = {"version": "0.0.2", "exportedAt": 1711700000, "generator": "bench"}
    return {
        "chatlab": about,
        "meta": {"name": f"工作群{group}", "platform": "wechat", "type": "group", "groupId": f"{group}@chatroom"},
    }


def _members() -> list[dict[str, Any]]:
    return [
        {"platformId": f"wxid_{one:06}", "accountName": f"老师{one}", "groupNickname": f"学生处-老师{one}", "roles": []}
        for one in range(PEOPLE)
    ]


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lines(path: Path, count: int, seed: int) -> None:
    """Write JSON lines, chat behind chat."""
    with path.open("w", encoding="utf-8") as stream:
        chat = -1
        for message in _messages(count, seed):
            if message[0] != chat:
                chat = message[0]
                stream.write(_dumped({"_type": "header", **_head(chat)}) + "\n")
                stream.writelines(_dumped({"_type": "member", **one}) + "\n" for one in _members())
            stream.write(_dumped({"_type": "message", **_chatlab(message)}) + "\n")


def _json(path: Path, count: int, seed: int) -> None:
    """Write one JSON document, which holds one chat."""
    with path.open("w", encoding="utf-8") as stream:
        head = json.dumps({**_head(0), "members": _members()}, ensure_ascii=False, indent=2)
        stream.write(head[:-2] + ',\n  "messages": [\n')
        for place, message in enumerate(_messages(count, seed)):
            one = json.dumps(_chatlab(message), ensure_ascii=False, indent=2).replace("\n", "\n    ")
            stream.write((",\n    " if place else "    ") + one)
        stream.write("\n  ]\n}\n")


def _slack(path: Path, count: int, seed: int) -> None:
    """Write the archive that Slack gives, a file a channel and day."""
    users = [
        {
            "id": f"U{one:08}", "name": f"user{one}", "is_bot": False, "is_restricted": False,
            "profile": {"real_name": f"老师{one}"},
        }
        for one in range(PEOPLE)
    ]  # fmt: skip
    names = [user["id"] for user in users]
    channels = [
        {
            "id": f"C{one:08}", "name": f"work-{one}", "created": 1600000000, "creator": names[0],
            "is_archived": False, "members": names, "purpose": {"value": "通知"},
        }
        for one in range(GROUPS)
    ]  # fmt: skip
    days: dict[str, list[dict[str, Any]]] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("users.json", json.dumps(users))
        archive.writestr("channels.json", json.dumps(channels))
        for group, number, second, sender, text in _messages(count, seed):
            stamp = f"{second}.{number % 1_000_000:06}"
            day = f"work-{group}/{datetime.fromtimestamp(second, UTC):%Y-%m-%d}.json"
            one = {
                "client_msg_id": f"m{number}", "type": "message", "user": names[sender], "text": text, "ts": stamp,
                "team": "T01", "user_profile": {"real_name": f"老师{sender}", "name": f"user{sender}"},
                "blocks": [{"type": "rich_text", "elements": [{"type": "text", "text": text}]}],
            }  # fmt: skip
            days.setdefault(day, []).append(one)
        for day, messages in days.items():
            archive.writestr(day, json.dumps(messages, indent=4))


def _telegram(path: Path, count: int, seed: int) -> None:
    """Write the result.json of a whole account."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write('{\n "about": "Here is the data you requested. Telegram",\n "chats": {\n  "list": [')
        chat = -1
        for group, number, second, sender, text in _messages(count, seed):
            one = {
                "id": number, "type": "message",
                "date": f"{datetime.fromtimestamp(second, UTC) + timedelta(hours=8):%Y-%m-%dT%H:%M:%S}",
                "date_unixtime": str(second), "from": f"老师{sender}", "from_id": f"user{sender:06}", "text": text,
                "text_entities": [{"type": "plain", "text": text}],
            }  # fmt: skip
            head = f'{{"name": "工作群{group}", "type": "private_group", "id": {group}, "messages": ['
            between = "," if group == chat else head if chat < 0 else f"]}},\n  {head}"
            chat = group
            stream.write(between + "\n    " + json.dumps(one, ensure_ascii=False, indent=1).replace("\n", "\n    "))
        stream.write("]}]}\n}\n")


def _wechat(path: Path, count: int, seed: int) -> None:
    """Write the CSV of a whole account, in WeChatMsg's layout."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(
            [
                "localId",
                "Type",
                "SubType",
                "IsSender",
                "CreateTime",
                "StrContent",
                "NickName",
                "Sender",
                "MsgSvrID",
                "room_name",
            ]
        )
        for group, number, second, sender, text in _messages(count, seed):
            who = (f"老师{sender}", f"wxid_{sender:06}", 7_000_000_000 + number, f"工作群{group}")
            rows.writerow((number, 1, 0, 0, second, text, *who))


FORMS: dict[str, tuple[str, Callable[[Path, int, int], None]]] = {
    "JSON lines (ChatLab)": ("chat.jsonl", _lines),
    "one JSON (ChatLab)": ("chat.json", _json),
    "one JSON (Telegram)": ("result.json", _telegram),
    "archive of JSON (Slack)": ("slack.zip", _slack),
    "CSV (WeChat)": ("wechat.csv", _wechat),
}
"""By what people call them, the file and what writes it."""


def measure(path: Path) -> dict[str, Any]:
    """Import a file by the command line into a place beside it, its start included; return seconds and bytes."""
    before, began = os.times(), time.perf_counter()
    asked = ["import", str(path), "--estate", str(path.with_suffix(".estate")), "--as-of", "2024-04-15", "--force"]
    subprocess.run([sys.executable, "-m", "policycore", *asked], check=True, capture_output=True)  # noqa: S603 - ours
    after, seconds = os.times(), time.perf_counter() - began
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": seconds, "cpu_seconds": cpu, "peak_memory": peak_memory(children=True)}


def export_lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield the figures of imports of exports, line by line."""
    yield f"{answer['messages']:,} messages, {GROUPS} groups, {PEOPLE} people"
    yield f"{'':<26}{'seconds':>10}{'CPU':>10}{'a CPU second':>16}{'peak':>10}"
    for name, one in answer["imports"].items():
        rate = answer["messages"] / one["cpu_seconds"]
        peak = f"{one['peak_memory'] / 1e6:.0f} MB"
        yield f"{name:<26}{one['seconds']:>10.2f}{one['cpu_seconds']:>10.2f}{rate:>16,.0f}{peak:>10}"


if __name__ == "__main__":
    if sys.argv[1] == "measure":
        print(json.dumps(measure(Path(sys.argv[2]))))  # noqa: T201 - for the parent process
    else:
        name, write = FORMS[sys.argv[1]]
        write(Path(sys.argv[2]) / name, int(sys.argv[3]), int(sys.argv[4]))
        print("null")  # noqa: T201 - as above
