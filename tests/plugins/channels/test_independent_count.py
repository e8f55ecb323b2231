"""What the channel rules find is what plain Python counts in the demo's own files, without engine or SQL."""

from __future__ import annotations

import csv
import json
import random
import re
import unicodedata
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from policycore.cli.demo import RULESET
from policycore.demo.generate import MINIMUM_GROUPS, generate_demo
from policycore.engine.run import evaluate
from policycore.estate.importing import open_estate
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset

BEGUN = datetime.fromisoformat("2024-03-22T00:00:00+08:00")
NAMES = ("机关党委工作群", "机关党委联络员群")
DEADLINES = {
    "请于明天下午5点前": (1, 17, 0),
    "请于今天下班前": (0, 17, 30),
    "请各支部于4月12日下班前": (9, 17, 30),
}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _thinned(folder: Path, seed: int) -> None:
    """Take away a fifth of what was written in the two groups, so that every seed has other gaps."""
    chosen = random.Random(seed)  # noqa: S311 - the same every time
    groups = {row["id"] for row in _lines(folder / "groups.jsonl") if row["name"] in NAMES and not row["dissolved_at"]}
    rows = _lines(folder / "messages.jsonl")
    gone = {row["id"] for row in rows if row["group_id"] in groups and chosen.random() < 0.2}
    kept = [row for row in rows if row["id"] not in gone]
    for row in kept:
        row["reply_to"] = None if row.get("reply_to") in gone else row.get("reply_to")
    (folder / "messages.jsonl").write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), encoding="utf-8"
    )
    files = [row for row in _rows(folder / "attachments.csv") if row["message_id"] not in gone]
    with (folder / "attachments.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, files[0].keys())
        writer.writeheader()
        writer.writerows(files)


class Counted:
    """The two groups, their posts and who wrote them."""

    def __init__(self, folder: Path) -> None:
        live = [row for row in _lines(folder / "groups.jsonl") if row["name"] in NAMES and not row["dissolved_at"]]
        self.groups = {row["id"]: row["name"] for row in live}
        holder = {row["id"]: row["person_id"] for row in _rows(folder / "accounts.csv")}
        posts: dict[str, set[str]] = {}
        for row in _rows(folder / "appointments.csv"):
            if not row["until"] or datetime.fromisoformat(row["until"]) > BEGUN:
                posts.setdefault(row["person_id"], set()).add(row["department_id"])
        self.departments = {account: posts.get(person, set()) for account, person in holder.items()}
        self.hashes: dict[str, str] = {row["message_id"]: row["sha256"] for row in _rows(folder / "attachments.csv")}
        self.messages = [row for row in _lines(folder / "messages.jsonl") if row["group_id"] in self.groups]
        self.members = [row for row in _rows(folder / "memberships.csv") if row["group_id"] in self.groups]

    def published(self, row: dict[str, Any]) -> bool:
        return "d01" in self.departments.get(row["sender_id"] or "", set())

    def bare(self, row: dict[str, Any]) -> str:
        text = re.sub("收到请(在群内)?回复|无需回复", "", unicodedata.normalize("NFKC", row["text"] or ""))
        return "".join(one for one in text if one.isalnum())

    def one_sided(self) -> set[str]:
        """Return what was published in one group and is in the other in no form within the hour."""
        found = set()
        for row in self.messages:
            file, text = self.hashes.get(row["id"]), self.bare(row)
            long_enough = len(text) >= 12 and ("【" in text or "【" in (row["text"] or "") or not row["reply_to"])
            if not self.published(row) or row["recalled_at"] or not (file or long_enough):
                continue
            moment = datetime.fromisoformat(row["sent_at"])
            near = [
                one
                for one in self.messages
                if one["group_id"] != row["group_id"] and not one["recalled_at"]
                if abs(datetime.fromisoformat(one["sent_at"]) - moment) <= timedelta(hours=1)
            ]
            if file:
                same = any(self.hashes.get(one["id"]) == file for one in near)
            else:
                written = [one for one in near if one["id"] not in self.hashes]
                said = [self.bare(one) for one in written]
                joined = "".join(self.bare(one) for one in written if self.published(one))
                same = any(text in one for one in said) or text in joined
            if not same:
                found.add(row["id"])
        return found

    def late(self) -> Counter[str]:
        """Return by request how many departments did not reply in time, by replies that name it or follow it."""
        asked = [
            row
            for row in self.messages
            if self.groups[row["group_id"]] == NAMES[1] and self.published(row) and "请" in (row["text"] or "")
            if re.search("收到请(在群内)?回复", row["text"] or "")
        ]
        found: Counter[str] = Counter()
        for number, row in enumerate(asked):
            sent = datetime.fromisoformat(row["sent_at"])
            days = next((value for words, value in DEADLINES.items() if words in row["text"]), None)
            if days:
                due = (sent + timedelta(days=days[0])).replace(hour=days[1], minute=days[2])
            else:
                due = sent + timedelta(hours=24)
            following = asked[number + 1]["sent_at"] if number + 1 < len(asked) else "9999"
            replied = {
                department
                for one in self.messages
                if one["group_id"] == row["group_id"] and one["sender_id"]
                if one["reply_to"] == row["id"]
                or (one["reply_to"] is None and row["sent_at"] < one["sent_at"] < following)
                if datetime.fromisoformat(one["sent_at"]) <= due
                for department in self.departments[one["sender_id"]]
            }
            members = {
                department
                for stay in self.members
                if stay["group_id"] == row["group_id"] and datetime.fromisoformat(stay["joined_at"]) <= sent
                for department in self.departments[stay["account_id"]]
            }
            found[row["id"]] = len(members - replied - {"d01"})
        return +found


def _agrees(folder: Path, seed: int) -> int:
    generate_demo(folder, seed=seed, groups=MINIMUM_GROUPS)
    _thinned(folder / "estate", seed)
    plugins = load_plugins()
    ruleset = load_ruleset(RULESET, plugins.rules, plugins.ruleset_folders)
    with open_estate(folder / "estate") as snapshot:
        result = evaluate(snapshot, ruleset)
    counted = Counted(folder / "estate")
    found = {one.subject.id for one in result.findings if one.rule == "CHA001"}
    assert counted.one_sided() == found
    assert counted.late() == Counter(one.subject.id for one in result.findings if one.rule == "CHA003")
    return len(found)


@pytest.mark.long
def test_one_sided_posts_and_late_departments_are_those_counted_by_hand(tmp_path: Path) -> None:
    assert _agrees(tmp_path, 1) > 5


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 52))
def test_they_are_whatever_the_seed(tmp_path: Path, seed: int) -> None:
    _agrees(tmp_path, seed)
