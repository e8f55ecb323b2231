"""An export with messages taken out gives a subset: nothing new, no other ids, whatever the platform."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policycore_platforms import policycore_sources

Spoken = tuple[int, int, str, bool]
"""Who, in which second, what, and whether it answers the first message."""
spoken = st.tuples(
    st.integers(0, 3), st.integers(0, 2), st.sampled_from(["收到", "好\ud83d", "", 'a,"b']), st.booleans()
)


def telegram(talk: list[tuple[int, Spoken]]) -> str:
    messages = [
        {"id": n, "type": "message", "date_unixtime": str(1711072800 + at), "from_id": f"user{who}", "text": text}
        | ({"reply_to_message_id": 0} if reply else {})
        for n, (who, at, text, reply) in talk
    ]
    return json.dumps({"name": "群", "type": "private_group", "id": 1, "messages": messages})


def chatlab(talk: list[tuple[int, Spoken]]) -> str:
    messages = [
        {"sender": f"u{who}", "accountName": "x", "timestamp": 1711072800 + at, "type": 0, "content": text}
        for _, (who, at, text, _) in talk
    ]
    header = {"chatlab": {"version": "0.0.2"}, "meta": {"name": "群", "platform": "qq", "type": "group"}}
    return json.dumps({**header, "members": [], "messages": messages})


def wecom(talk: list[tuple[int, Spoken]]) -> str:
    lines = [{"msgid": "none", "from": "z", "roomid": "r", "msgtime": 1711072800000, "msgtype": "other"}]
    lines += [
        {"msgid": f"m{n}", "from": f"u{who}", "roomid": "r", "msgtime": 1711072800000 + at, "msgtype": "text"}
        | {"text": {"content": text}}
        for n, (who, at, text, _) in talk
    ]
    return "\n".join(map(json.dumps, lines))


def wechat(talk: list[tuple[int, Spoken]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["时间", "发送者", "类型", "内容"])
    for _, (who, at, text, _) in talk:
        writer.writerow([f"2024-03-22 10:00:0{at}", f"人{who}", "文本", text.replace("\ud83d", "")])
    return out.getvalue()


def read(path: Path) -> dict[str, list[dict[str, Any]]]:
    [source] = [source for source in (kind() for kind in policycore_sources()) if source.can_read(path)]
    return {name: table.to_pylist() for name, table in source.read(path).items()}


def known(row: dict[str, Any]) -> set[tuple[str, str]]:
    return {(name, str(value)) for name, value in row.items() if value is not None and name[0] != "_"}


@pytest.mark.parametrize(
    ("name", "write"), [("a.json", telegram), ("b.json", chatlab), ("c.jsonl", wecom), ("d.csv", wechat)]
)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_fewer_messages_give_a_subset(
    tmp_path_factory: pytest.TempPathFactory, name: str, write: Callable[..., str], data: st.DataObject
) -> None:
    talk = list(enumerate(data.draw(st.lists(spoken, max_size=12))))
    part = [one for one in talk if data.draw(st.booleans())]
    folder = tmp_path_factory.mktemp("export")
    read_of = {}
    for which, messages in (("whole", talk), ("part", part)):
        path = folder / which / name
        path.parent.mkdir()
        path.write_bytes(write(messages).encode("utf-8", "surrogatepass"))
        read_of[which] = read(path)
    assert len(read_of["whole"].get("messages", [])) == len(talk) + (name == "c.jsonl")
    for table, rows in read_of["part"].items():
        whole = {row["id"]: row for row in read_of["whole"][table]}
        for row in rows:
            assert known(row) <= known(whole[row["id"]])
