"""What is read many at once, column by column, is what each message gives that is read alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, Literal

import msgspec
import pytest

from policycore_platforms import json_stream, policycore_sources
from tests.plugins.platforms.test_any_value import ODD

_nothing = msgspec.json.Decoder(Literal["no item is this"])


def alone(pieces: json_stream.Pieces[Any], _: object) -> Iterator[tuple[Any, Any, Any]]:
    for number, _, value in pieces.read_by(_nothing):
        yield (number,), (), value


def chatlab(number: int, random: Random) -> dict[str, Any]:
    sender = random.randrange(6)
    message = {
        "sender": f"u{sender}",
        "accountName": f"名{sender}{random.choice(['', '', '', '改'])}",
        "timestamp": 1_711_600_000 + number,
        "type": random.choice([0, 0, 0, 1, 99]),
        "content": f"第{number}条",
        "platformMessageId": random.choice([str(number), number, str(max(0, number - 2))]),
    }
    return message | ({"replyToMessageId": str(number - 3)} if random.random() < 0.2 else {})


def slack(number: int, random: Random) -> dict[str, Any]:
    sender, stamp = random.randrange(6), f"{1_711_600_000 + number}.00{number % 10}200"
    return {
        "user": f"U{sender}",
        "ts": stamp,
        "text": random.choice(["甲 &lt;b&gt; &amp;", "<@U1> 请看<https://a.b|链接>", "好"]),
        "user_profile": {"real_name": f"名{sender}"},
        "thread_ts": random.choice([stamp, "1711600001.001200"]),
    }


def telegram(number: int, random: Random) -> dict[str, Any]:
    sender = random.randrange(6)
    return {
        "id": number,
        "type": "message",
        "date_unixtime": str(1_711_600_000 + number),
        "from": f"名{sender}{random.choice(['', '', '改'])}",
        "from_id": f"user{sender}",
        "text": random.choice([f"第{number}条", ["甲", {"type": "bold", "text": "乙"}]]),
    }


def messages(make: Callable[[int, Random], dict[str, Any]], seed: int) -> list[Any]:
    """Return messages of which some have something odd in some place, or lack it."""
    random, made = Random(seed), list[Any]()  # noqa: S311 - test data
    for number in range(150):
        message = make(number, random)
        if random.random() < 0.1:
            name = random.choice(list(message))
            message |= {name: random.choice(ODD)}
            if random.random() < 0.3:
                del message[name]
        made.append(message if random.random() < 0.98 else random.choice(ODD))
    return made


HEAD: dict[str, Any] = {"chatlab": {"version": "0.0.2"}, "meta": {"name": "群", "platform": "wechat", "groupId": "g"}}
MEMBERS: list[dict[str, Any]] = [
    {"platformId": "u0", "accountName": "名0", "groupNickname": "昵称", "roles": [{"id": "owner"}]},
    {"platformId": "u1", "accountName": "名1", "roles": None},
    {"platformId": 2, "accountName": 5, "groupNickname": None, "roles": [{"id": 3}]},
    {"platformId": "u1", "groupNickname": "", "roles": []},
    {"platformId": ""},
]


def lines(folder: Path, seed: int) -> Path:
    rows = [{"_type": "header", **HEAD}, *({"_type": "member", **one} for one in MEMBERS)]
    rows += [one | {"_type": "message"} for one in messages(chatlab, seed) if isinstance(one, dict)]
    (folder / "chat.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return folder / "chat.jsonl"


def one_json(folder: Path, seed: int) -> Path:
    whole = {**HEAD, "members": MEMBERS, "messages": messages(chatlab, seed)}
    (folder / "chat.json").write_text(json.dumps(whole, indent=2), encoding="utf-8")
    return folder / "chat.json"


def days(folder: Path, seed: int) -> Path:
    channels = [{"id": "C1", "name": "a", "members": ["U1"], "is_archived": False}]
    files: dict[str, list[Any]] = {
        "users.json": [],
        "channels.json": channels,
        "a/2024-03-01.json": messages(slack, seed),
    }
    (folder / "a").mkdir()
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=4), encoding="utf-8")
    return folder


def result(folder: Path, seed: int) -> Path:
    whole = {"name": "群", "type": "private_group", "id": 7, "messages": messages(telegram, seed)}
    (folder / "result.json").write_text(json.dumps(whole, indent=1), encoding="utf-8")
    return folder / "result.json"


def told(path: Path) -> tuple[Mapping[str, Any], list[tuple[str, str]]]:
    (source,) = [source for one in policycore_sources() if (source := one()).can_read(path)]
    read: Mapping[str, Any] = source.read(path)
    tables = {name: rows.to_pylist() for name, rows in read.items()}
    return tables, sorted((str(what), str(at)) for what, at in source.notes)


@pytest.mark.parametrize("write", [lines, one_json, days, result])
@pytest.mark.parametrize("seed", range(4))
def test_many_at_once_are_what_each_is_alone(
    write: Callable[[Path, int], Path], seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, seed)
    monkeypatch.setattr(json_stream, "_BLOCK", 4096)
    many = told(path)
    with monkeypatch.context() as one_by_one:
        one_by_one.setattr(json_stream.Pieces, "runs", alone)
        assert told(path) == many
    assert len(many[0]["messages"]) > 90
