"""What a message said that says something else by now: an edit may put a notice right, and never a leak."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from sqlalchemy import select

from policycore.errors import ExitCode
from policycore.store import schema
from policycore.store.workspace import needed_workspace
from tests.command_line import Run

RULES = """policycore: 1
ruleset: s
title: {zh: 试, en: trial}
rules:
  - use: secrecy/credential
  - use: channels/dates-agree
"""
SECRET, WRONG = "系统登录密码：Xk9#mQ2v!7", "请于2024年4月18日（周五）下午3点到三楼会议室开会。"
RIGHT = WRONG.replace("周五", "周四")
RECALLED = "张三撤回了一条消息"


def exported(folder: Path, day: int, *messages: dict[str, object]) -> Path:
    folder.mkdir()
    manifest = (
        f"policycore: 1\nas_of: 2024-04-{day}T23:00:00+08:00\ntimezone: Asia/Shanghai\nsources: [{{name: chats}}]\n"
    )
    (folder / "manifest.yaml").write_text(manifest, encoding="utf-8")
    tables: dict[str, list[dict[str, object]]] = {
        "departments": [{"id": "d1", "name": "保卫处"}],
        "accounts": [{"id": "a1", "platform": "wechat"}, {"id": "a2", "platform": "wechat"}],
        "groups": [{"id": "g1", "source": "chats", "name": "保卫处工作群", "kind": "standing", "department_id": "d1"}],
        "messages": [
            {"group_id": "g1", "sent_at": "2024-04-15T09:00:00+08:00", "sender_id": "a1", "type": "text", **one}
            for one in messages
        ],
    }
    for name, rows in tables.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


LATER: dict[str, tuple[dict[str, object] | None, str, str]] = {
    "as it was": ({}, "still-found", "still-found"),
    "edited": ({"secret": "系统已可登录。", "notice": RIGHT}, "text-gone", "no-longer-found"),
    "recalled": ({"type": "recall", "secret": RECALLED, "notice": RECALLED}, "text-gone", "text-gone"),
    "another's": ({"sender_id": "a2", "secret": "收到", "notice": "收到"}, "text-gone", "text-gone"),
    "not exported": (None, "subject-missing", "subject-missing"),
}
"""What becomes of a message by the next export, and why a leak and a wrong date in it are where they stand then."""


@pytest.mark.parametrize("keep_text", [True, False])
def test_a_leak_is_not_put_right_by_being_gone(tmp_path: Path, run: Run, *, keep_text: bool) -> None:
    rules, workspace = tmp_path / "rules.yaml", tmp_path / "ws"
    rules.write_text(RULES, encoding="utf-8")
    run("init", str(workspace))
    if not keep_text:
        with (workspace / "workspace.yaml").open("a", encoding="utf-8") as file:
            file.write("keep_text: false\n")
    said = {"secret": SECRET, "notice": WRONG}
    monday = [{"id": f"{what} {name}", "text": text} for name in LATER for what, text in said.items()]
    tuesday: list[dict[str, object]] = []
    for name, (now, *_) in LATER.items():
        if now is not None:
            beside = {key: value for key, value in now.items() if key not in said}
            tuesday += [{"id": f"{what} {name}", "text": now.get(what, text), **beside} for what, text in said.items()]
    for day, messages in ((15, monday), (16, tuesday)):
        estate = tmp_path / f"estate-{day}"
        folder = exported(tmp_path / f"export-{day}", day, *messages)
        assert run("import", str(folder), "--estate", str(estate)).code == ExitCode.CLEAN
        run(
            "check",
            "--ruleset",
            str(rules),
            "--estate",
            str(estate),
            "--workspace",
            str(workspace),
            "--output",
            os.devnull,
        )
    with needed_workspace(workspace).open_store(read_only=True) as store, store.read() as connection:
        table = schema.findings.c
        rows = connection.execute(select(table.subject_id, table.state, table.reason)).all()
    assert {name: reason for name, _, reason in rows} == {
        f"{what} {name}": reason for name, (_, *why) in LATER.items() for what, reason in zip(said, why, strict=True)
    }
    assert {reason for _, state, reason in rows if state == "resolved"} == {"no-longer-found"}
