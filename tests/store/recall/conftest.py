"""A small estate that changes, and runs over it that recall what they can."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import reject

from policycore.engine.run import evaluate
from policycore.errors import DataError
from policycore.estate.snapshot import Snapshot, import_estate
from policycore.operations.pacing import CheckPace
from policycore.operations.result_cache import ResultCache
from policycore.operations.rule_inputs import RunInputs
from policycore.plugin_api.plugins import load_plugins
from policycore.reports import formats
from policycore.rulesets.load import load_ruleset
from policycore.rulesets.resolved import ResolvedRuleSet

KEY = b"k" * 32
AS_OF = datetime(2024, 4, 15, tzinfo=UTC)

ROWS: dict[str, list[dict[str, Any]]] = {
    "departments": [{"id": "d1", "name": "教务处"}, {"id": "d2", "name": "科研处"}],
    "people": [
        {"id": "p1", "name": "张三", "status": "active", "status_since": None},
        {"id": "p2", "name": "李四", "status": "active", "status_since": None},
        {"id": "p3", "name": "王五", "status": "retired", "status_since": "2024-01-01T00:00:00+08:00"},
    ],
    "appointments": [
        {"person_id": "p1", "department_id": "d1", "rank": "中层正职", "since": None, "until": None},
        {"person_id": "p2", "department_id": "d2", "rank": "科员", "since": None, "until": None},
    ],
    "accounts": [
        {"id": "a1", "person_id": "p1", "kind": "internal", "name": "张三"},
        {"id": "a2", "person_id": "p2", "kind": "internal", "name": "李四"},
        {"id": "a3", "person_id": "p3", "kind": "internal", "name": "王五"},
    ],
    "groups": [
        {"id": "g1", "source": "r", "name": "教务工作群", "kind": "standing", "department_id": "d1", "owner_id": "a1"},
        {"id": "g2", "source": "r", "name": "科研临时群", "kind": "temporary", "department_id": "d2", "owner_id": "a3"},
        {"id": "g3", "source": "r", "name": "项目群", "kind": "project", "department_id": "d2", "owner_id": None},
    ],
    "memberships": [
        {"group_id": "g1", "account_id": "a1", "role": "owner", "display_name": "教务处张三"},
        {"group_id": "g1", "account_id": "a2", "role": "admin", "display_name": "小李"},
        {"group_id": "g2", "account_id": "a3", "role": "owner", "display_name": "科研处王五"},
    ],
    "messages": [
        {"id": "m1", "group_id": "g1", "sent_at": "2024-04-10T09:00:00+08:00", "sender_id": "a1", "type": "text",
         "text": "关于开会的通知"},
        {"id": "m2", "group_id": "g2", "sent_at": "2023-04-10T09:00:00+08:00", "sender_id": "a3", "type": "red_packet",
         "text": None},
    ],
    "tasks": [{"id": "t1", "title": "申报", "department_id": "d2", "state": "open"}],
    "events": [
        {"id": "e1", "group_id": "g1", "at": "2024-01-01T00:00:00+08:00", "kind": "transfer", "actor_id": "a2",
         "subject_id": "a1"},
        {"id": "e2", "group_id": "g5", "at": "2024-01-01T00:00:00+08:00", "kind": "join", "actor_id": "a2",
         "subject_id": "a1"},
    ],
}  # fmt: skip
# More groups than change at once, two of which have the same members and one that declares whom it is for.
ROWS["groups"] += [
    {"id": f"g{number}", "source": "r", "name": f"群{number}", "kind": "standing", "department_id": "d1",
     "owner_id": "a1", "scope": {"departments": ["d1"]} if number == 5 else None}
    for number in range(4, 10)
]  # fmt: skip
ROWS["memberships"] += [
    {"group_id": group, "account_id": account, "role": "member", "display_name": f"教务处{account}"}
    for group, accounts in (("g4", ("a1", "a2", "a3")), ("g5", ("a1", "a2", "a3")), ("g6", ("a1",)), ("g7", ("a2",)))
    for account in accounts
]


def row_above(table: str, number: int, count: int) -> dict[str, Any]:
    """Return a row for the top of a table."""
    if table == "groups":
        return {**ROWS["groups"][0], "id": f"new{number}-{count}", "name": "新群"}
    if table == "memberships":
        row = {"group_id": "g1", "account_id": "a3", "role": "member", "display_name": f"教务处{number}{count}"}
        # One that is not in force yet stands above those of the same member that are.
        return row | ({"joined_at": "2031-01-01T00:00:00+08:00"} if number % 2 else {})
    return {**ROWS["messages"][0], "id": f"new{number}-{count}"}


def changed(rows: dict[str, list[dict[str, Any]]], changes: list[tuple[Any, ...]]) -> tuple[Any, datetime]:
    """Return the rows after `changes`, and the moment they are judged at."""
    tables = {name: [dict(row) for row in listed] for name, listed in rows.items()}
    moment = AS_OF
    for kind, first, second in changes:
        if kind in ("as-of", "day"):
            moment = AS_OF + timedelta(days=first)
        else:
            change_rows(tables, kind, first, second)
    return tables, moment


def day_of(changes: list[tuple[Any, ...]]) -> datetime:
    """Return the day of the data."""
    days = [first for kind, first, _ in changes if kind == "day"]
    return AS_OF + timedelta(days=days[-1]) if days else AS_OF


def change_rows(tables: dict[str, list[dict[str, Any]]], kind: str, first: Any, second: Any) -> None:
    """Make one change to rows."""
    if kind == "drop":
        table, column = first.split(".")
        for row in tables[table]:
            row.pop(column, None)
    elif kind == "remove":
        # What others refer to stays: a dangling reference is refused at the door.
        if first in ("memberships", "messages", "tasks", "appointments", "events"):
            del tables[first][second : second + 1]
    elif kind == "above":
        tables[first].insert(0, row_above(first, second, len(tables[first])))
    elif kind == "dissolve":
        for table, column in (("groups", "id"), ("memberships", "group_id"), ("events", "group_id")):
            tables[table] = [row for row in tables[table] if row[column] != f"g{second}"]
    else:
        table, column = kind.split(".")
        if first < len(tables[table]) and column in tables[table][first]:
            tables[table][first][column] = second


@cache
def largest() -> ResolvedRuleSet:
    """Return the largest rule set that comes along."""
    plugins = load_plugins()
    return load_ruleset("xxu-2024-wechat-groups", plugins.rules, plugins.ruleset_folders)


@pytest.fixture
def ruleset() -> ResolvedRuleSet:
    """Give the largest rule set that comes along."""
    return largest()


@pytest.fixture
def imported(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Snapshot]:
    """Give what makes a snapshot of rows."""

    def make(tables: Any, as_of: datetime = AS_OF) -> Snapshot:
        folder = tmp_path_factory.mktemp("estate")
        (folder / "manifest.yaml").write_text(
            f"policycore: 1\nas_of: {as_of.isoformat()}\ntimezone: Asia/Shanghai\n"
            "sources:\n  - {name: r, platform: wechat, lacks: []}\n",
            encoding="utf-8",
        )
        for name, rows in tables.items():
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        try:
            return import_estate([folder], folder / "snapshot")
        except DataError:
            reject()  # a required column was dropped: refused at the door, there is nothing to judge

    return make


def judged(
    snapshot: Snapshot, ruleset: ResolvedRuleSet, as_of: datetime, folder: Path | None
) -> tuple[bytes, CheckPace]:
    """Return the JSON report of a run, with answers kept in `folder` or with none."""
    cache = None
    if folder is not None:
        cache = ResultCache(folder, KEY, ruleset.name, RunInputs.of(snapshot, as_of, KEY))
    pace = CheckPace(cache)
    result = evaluate(snapshot, ruleset, as_of=as_of, evidence_key=KEY, pace=pace)
    stream = BytesIO()
    formats()["json"].write(result, stream, "zh")
    return stream.getvalue(), pace


@pytest.fixture(autouse=True)
def part_however_much_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge parts of these few groups, of which any change is a large share."""
    monkeypatch.setattr("policycore.operations.result_cache.MOST_CHANGED", 1.0)


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the answers over the rows as they stand; empty until they are needed."""
    return tmp_path_factory.mktemp("answers")


@pytest.fixture
def known(imported: Callable[..., Snapshot], answers: Path, tmp_path: Path) -> Path:
    """Return a folder of its own with the answers over the rows as they stand, which are judged once."""
    if not any(answers.iterdir()):
        judged(imported(ROWS), largest(), AS_OF, answers)
    return Path(shutil.copytree(answers, tmp_path / "known"))


def compare(
    imported: Callable[..., Snapshot], folder: Path, before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]
) -> None:
    """Judge, change, and compare a run that recalls with one that does not."""
    ruleset = largest()
    tables, moment = changed(ROWS, before)
    if before or not any(folder.iterdir()):
        judged(imported(tables, day_of(before)), ruleset, moment, folder)
    tables, moment = changed(tables, after)
    snapshot = imported(tables, day_of(after))
    quick, _ = judged(snapshot, ruleset, moment, folder)
    full, _ = judged(snapshot, ruleset, moment, None)
    assert quick == full
    again, pace = judged(snapshot, ruleset, moment, folder)
    assert again == full
    assert (pace.done, pace.recalled) == (0, len(ruleset.rules))


@pytest.fixture(scope="session")
def recall() -> SimpleNamespace:
    """Give the rows, and what changes, judges and compares them."""
    return SimpleNamespace(
        rows=ROWS, key=KEY, as_of=AS_OF, changed=changed, day_of=day_of, judged=judged, compare=compare
    )
