"""A small estate that can be changed, a rule set for it, and the command line in this process."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command_line import Ended, Run, copy_folder

TABLES = {
    "departments": "id,name\nd1,教务处\nd2,科研处\n",
    "people": "id,name,status,status_since\np1,张三,active,\np2,李四,active,\np3,王五,retired,2024-01-01\n",
    "appointments": (
        "person_id,department_id,title,rank,duties,since,until\n"
        "p1,d1,科长,科级,,2020-01-01,\np2,d1,处长,中层正职,党建,2020-01-01,\n"
    ),
    "accounts": "id,platform,person_id,kind\na1,wechat,p1,internal\na3,wechat,p3,internal\n",
    "groups": (
        "id,source,platform,name,kind,department_id,owner_id,created_at,dissolved_at\n"
        "g1,register,wechat,工作一群,standing,d1,a3,2023-01-01,\n"
        "g2,register,wechat,工作二群,standing,d2,a3,2023-01-01,\n"
        "g3,register,wechat,工作三群,standing,d2,a1,2023-01-01,\n"
    ),
}
RULESET = """\
policycore: 1
ruleset: local-set
title: {zh: 本地, en: Local}
document:
  title: 通知
  clauses:
    - {id: 一-1, text: 群主在职}
    - {id: 二-1, text: 内容准确}
parameters:
  waiver_approver_ranks: [中层正职]
rules:
  - id: LOCAL-1
    name: local/owner-retired
    clause: [一-1]
    severity: error
    sql: "SELECT g.id AS group_id, p.name AS owner FROM groups g JOIN accounts a ON a.id = g.owner_id
      JOIN people p ON p.id = a.person_id WHERE p.status = 'retired'"
    message: {zh: "群主{owner}已退休", en: "owner {owner} has retired"}
attestations:
  - {clause: 二-1, asks: {zh: 部门负责人确认, en: head confirms}, valid_days: 180}
"""
ONE_WAIVER = """\
policycore: 1
waivers:
  - {id: w1, rule: LOCAL-1, scope: {subjects: [g1]}, reason: legacy, text: 换人中, requester: p1, approver: p2,
     approved: '2024-04-01T00:00:00+08:00', from: '2024-04-01T00:00:00+08:00', until: '2024-04-25T00:00:00+08:00'}
"""


@dataclass(frozen=True)
class Office:
    """A folder with an estate, a rule set and (after ``init``) a workspace."""

    folder: Path
    call: Run

    def estate(self, day: int = 15, **tables: str | None) -> None:
        """Write the estate as of a day in April 2024; a table given as None is left out."""
        estate = self.folder / "estate"
        estate.mkdir(exist_ok=True)
        for old in estate.iterdir():
            old.unlink()
        (estate / "manifest.yaml").write_text(
            f"policycore: 1\nas_of: 2024-04-{day:02d}T00:00:00+08:00\ntimezone: Asia/Shanghai\n"
            "sources:\n  - {name: register, platform: wechat, lacks: []}\n",
            encoding="utf-8",
        )
        for name, text in (TABLES | tables).items():
            if text is not None:
                (estate / f"{name}.csv").write_text(text, encoding="utf-8")

    def groups_without(self, *gone: str) -> str:
        """Return the groups table without some of its rows."""
        return "".join(line for line in TABLES["groups"].splitlines(keepends=True) if not line.startswith(gone))

    def altered(self, statements: Iterable[str]) -> Iterator[str]:
        """Yield each statement when it alone was run in the store as it is now, past the program."""
        folder, aside = self.folder / ".policycore", self.folder / "aside"
        copy_folder(folder, aside)
        for statement in statements:
            shutil.rmtree(folder)
            copy_folder(aside, folder)
            with closing(sqlite3.connect(folder / "store.sqlite3")) as raw:
                assert raw.execute(statement).rowcount, statement
                raw.commit()
            yield statement

    def check(self, *options: str) -> Ended:
        """Run a check."""
        return self.call("check", "--ruleset", "set.yaml", "--estate", "estate", *options)

    def ids(self, *options: str) -> list[str]:
        """Return the ids of the findings that a filter lists."""
        lines = self.call("findings", *options).out.splitlines()
        return [line.split()[0] for line in lines if not line.startswith(" ")]

    def states(self) -> dict[str, int]:
        """Return how many findings are in each state."""
        lines = self.call("findings", "--all", "--count", "state").out.splitlines()
        return {line.split("\t")[1]: int(line.split("\t")[0]) for line in lines}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Office:
    """Give an office that has not run ``init`` yet; the current folder is its own."""
    return _office(tmp_path, monkeypatch, run)


def _office(folder: Path, patch: pytest.MonkeyPatch, run: Run) -> Office:
    """Return an office in `folder`, which becomes the current one."""
    patch.chdir(folder)
    for name in ("POLICYCORE_WORKSPACE", "POLICYCORE_STORE"):
        patch.delenv(name, raising=False)
    made = Office(folder, run)
    if not (folder / "set.yaml").exists():
        made.estate()
        (folder / "set.yaml").write_text(RULESET, encoding="utf-8")
    return made


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the office that every test with a recorded run begins with a copy of; empty at first."""
    return tmp_path_factory.mktemp("begun")


@pytest.fixture
def kept(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Office:
    """Give an office with a workspace and one recorded run: a copy of one that was made once, in a folder of its own.

    Nothing in a workspace names the folder that it lies in, so a copy is what its own first run would have left.
    """
    if not (begun / "set.yaml").exists():
        first = _office(begun, monkeypatch, run)
        assert first.call("init").code == 0
        assert first.check().code == 1
    copy_folder(begun, tmp_path)
    return _office(tmp_path, monkeypatch, run)
