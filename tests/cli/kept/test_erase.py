"""A person is erased: names and places go, counts and verdicts stay, and the audit trail knows of it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.kept.conftest import TABLES
from tests.command_line import copy_folder

SQL = """\
  - id: LOCAL-2
    name: local/member-retired
    clause: [一-1]
    severity: warning
    sql: "SELECT m.group_id, m.account_id, m.display_name AS shown FROM memberships m
      JOIN accounts a ON a.id = m.account_id JOIN people p ON p.id = a.person_id WHERE p.status = 'retired'"
    message: {zh: "{shown}已退休", en: "{shown} has retired"}
attestations:
"""
MEMBERS = (
    "group_id,account_id,role,display_name\ng1,a3,owner,老王头\ng1,a1,member,教务处张三\ng3,a1,owner,教务处 张三\n"
)


@pytest.fixture
def told(office: Any) -> Any:
    """Give an office with three runs that speak of 王五, the last over data without them, and with notes on them."""
    text = (office.folder / "set.yaml").read_text("utf-8")
    (office.folder / "set.yaml").write_text(text.replace("attestations:\n", SQL), "utf-8")
    # A colleague's longer name holds theirs; it stays.
    people = TABLES["people"] + "p4,王五一,active,\n"
    assert office.call("init").code == 0
    office.estate(15, people=people, memberships=MEMBERS)
    assert office.check().code == 1
    (found,) = office.ids("--group", "g1", "--rule", "LOCAL-1")
    waived = ["--reason", "transition", "--requester", "张三", "--approver", "李四", "--until", "2024-06-01"]
    waived += ["--approved", "2024-04-14T00:00:00+08:00", "--text", "王五住院，王五一代管"]
    assert office.call("waive", found, *waived).code == 0
    office.estate(16, people=people, memberships=MEMBERS)
    assert office.check().code == 1
    gone = {"people": people.replace("p3,王五,retired,2024-01-01\n", ""), "memberships": MEMBERS.replace("a3", "a1")}
    gone |= {
        name: TABLES[name].replace("a3,wechat,p3,internal\n", "").replace("a3", "a1") for name in ("accounts", "groups")
    }
    office.estate(17, **gone)
    assert office.check().code == 0
    return office


def counts(office: Any, run: int) -> Any:
    """Return what a run says but names: verdicts by rule, numbers, states."""
    report = json.loads(office.call("report", run, "--format", "json").out)
    found = sorted((one["rule"], one["verdict"], one["fingerprint"]) for one in report["findings"])
    return report["summary"], found, office.states()


def test_who_is_erased_stands_nowhere_and_counts_stay(told: Any) -> None:
    before = [counts(told, run) for run in (1, 2, 3)]
    assert "王五" in told.call("report", 1, "--format", "text").out
    book = told.folder / ".policycore" / "notices.yaml"
    book.write_text(
        "policycore: 1 # ours\npeople: {p3: [json://w.example], p1: [json://z.example]}\n", encoding="utf-8"
    )
    done = told.call("erase", "王五", "--reason", "王五的申请")
    assert done.code == 0, done.err
    assert book.read_text("utf-8") == "policycore: 1 # ours\npeople: {p1: [json://z.example]}\n"
    assert [counts(told, run) for run in (1, 2, 3)] == before
    assert told.call("audit", "verify").out == done.out
    for run in (1, 2):
        said = told.call("report", run, "--format", "json").out + told.call("history").out
        assert "老王头" not in said
        assert "erased-" in said
        assert "王五" not in said.replace("王五一", "")
        assert '"a3"' not in said
    assert told.ids("--all", "王五") == told.ids("--all", "老王头") == []
    listed = told.call("waive", "--list").out
    assert "王五一" in listed
    assert "王五" not in listed.replace("王五一", "")
    kept = told.call("snapshots").out.splitlines()
    assert len(kept) == 1
    stored = b"".join(path.read_bytes() for path in (told.folder / ".policycore").glob("store.sqlite3*"))
    for name in ("王五", "老王头"):
        assert name.encode() not in stored.replace("王五一".encode(), b"")
    # The next run goes on from there.
    assert told.check().code == 0
    assert told.call("audit", "verify").code == 0
    assert told.call("erase", "王五").code == 2


def test_what_is_altered_after_an_erasure_is_still_noticed(told: Any) -> None:
    assert told.call("erase", "p3").code == 0
    for statement in told.altered(
        (
            "DELETE FROM run_files WHERE run_id = 2",
            "UPDATE run_bodies SET body = replace(body, '本地', 'x') WHERE run_id = 1",
            "UPDATE runs SET errors = 0 WHERE id = 1",
            "DELETE FROM findings WHERE id = 1",
            "UPDATE findings SET subject_name = 'x' WHERE id = 1",
        )
    ):
        assert told.call("audit", "verify").code == 3, statement


def test_an_erasure_hides_no_alteration(told: Any) -> None:
    with closing(sqlite3.connect(told.folder / ".policycore" / "store.sqlite3")) as raw:
        raw.execute("DELETE FROM run_gaps WHERE run_id = 2 OR run_id IN (SELECT 1)")
        raw.execute("UPDATE run_files SET row_count = 9 WHERE run_id = 2")
        raw.commit()
    refused = told.call("erase", "p3")
    assert refused.code == 3
    assert "run 2" in refused.err


def test_whom_nobody_knows_and_whom_two_are(kept: Any) -> None:
    assert "nobody here" in kept.call("erase", "赵六").err
    kept.estate(16, people=TABLES["people"] + "p9,王五,active,\n")
    kept.check()
    refused = kept.call("erase", "王五")
    assert refused.code == 2
    assert "p3, p9" in refused.err
    done = kept.call("erase", "p3")
    assert done.code == 0
    assert "still hold the person" in done.err


def test_a_snapshot_that_an_erasure_could_not_remove_is_named(told: Any) -> None:
    folder = told.folder / ".policycore" / "snapshots"
    before = {line.split()[0] for line in told.call("snapshots").out.splitlines()}
    copy_folder(folder, told.folder / "colleague")
    assert told.call("erase", "p3").code == 0
    gone = before - {line.split()[0] for line in told.call("snapshots").out.splitlines()}
    shutil.rmtree(folder)
    copy_folder(told.folder / "colleague", folder)
    verified = told.call("audit", "verify")
    assert verified.code == 3
    assert gone == {one for one in before if f"--remove {one}" in verified.err}
    for one in gone:
        assert told.call("snapshots", "--remove", one).code == 0
    assert told.call("audit", "verify").code == 0


def test_a_kept_snapshot_that_was_changed_is_named(kept: Any) -> None:
    (number,) = (line.split()[0] for line in kept.call("snapshots").out.splitlines())
    folder = kept.folder / ".policycore" / "snapshots" / number
    table = folder / "groups.parquet"
    table.write_bytes(table.read_bytes().replace("工作一群".encode(), "工作九群".encode()))
    verified = kept.call("audit", "verify")
    assert (verified.code, number in verified.err) == (3, True)
    # The whole of another estate in its place.
    kept.estate(16)
    assert kept.call("import", "estate", "--estate", "other").code == 0
    shutil.rmtree(folder)
    shutil.copytree("other", folder)
    assert kept.call("audit", "verify").code == 3


def test_one_snapshot_goes_and_never_that_of_the_newest_run(kept: Any) -> None:
    first = kept.call("snapshots").out.split()[0]
    # Older by its date, newer by its run.
    kept.estate(2)
    kept.check()
    newest, older = (line.split()[0] for line in kept.call("snapshots").out.splitlines())
    assert older == first
    for name in (newest, first):
        refused = kept.call("snapshots", "--remove", name)
        assert (refused.code, "newest run" in refused.err) == (2, True)
    kept.estate(20)
    kept.check()
    assert kept.call("snapshots", "--remove", first[:8]).code == 0
    assert first not in kept.call("snapshots").out
    assert kept.call("snapshots", "--remove", "nothing").code == 2
    assert kept.call("snapshots", "--gc", "--newest", 1, "--days", 0, "--months", 0).code == 0
    assert len(kept.call("snapshots").out.splitlines()) == 1
    assert kept.call("audit", "verify").code == 0
    assert not list(Path(".policycore").rglob(".gone*"))


def test_old_runs_are_let_go_by_a_command(kept: Any) -> None:
    for day, groups in ((16, TABLES["groups"]), (17, kept.groups_without("g2"))):
        kept.estate(day, groups=groups)
        kept.check()
    assert kept.call("prune").code == 2
    assert kept.call("prune", "--older-than", "9d").out == ""
    # Everything is a second old; the newest run and the last words of what was put right stay.
    would = kept.call("prune", "--older-than", "0.001s", "--dry-run")
    assert (would.out, "would let go: what 1 run found" in would.err) == ("1\n", True)
    assert kept.call("report", 1).code == 0
    assert kept.call("prune", "--older-than", "0.001s").out == "1\n"
    gone = kept.call("report", 1)
    assert (gone.code, "let go for its age" in gone.err) == (3, True)
    assert len(kept.call("history").out.splitlines()) == 3
    assert kept.call("diff", 2, 3).code == 0
    assert kept.call("audit", "verify").code == 0
    assert kept.check().code == 1


def test_somebody_who_has_an_account_only_is_erased_by_it(office: Any) -> None:
    text = (office.folder / "set.yaml").read_text("utf-8")
    sql = SQL.replace("JOIN people p ON p.id = a.person_id WHERE p.status = 'retired'", "WHERE a.kind = 'external'")
    (office.folder / "set.yaml").write_text(text.replace("attestations:\n", sql), "utf-8")
    assert office.call("init").code == 0
    outsider = {
        "accounts": TABLES["accounts"] + "x1,wechat,,external\n",
        "memberships": MEMBERS + "g1,x1,member,外聘老陈\ng3,x1,member,工作二群\n",
    }
    office.estate(15, **outsider)
    assert office.check().code == 1
    assert "外聘老陈" in office.call("report").out
    # By an account the person behind it is meant, where there is one.
    assert "x1" in office.call("report", "--format", "json").out
    done = office.call("erase", "x1")
    assert done.code == 0, done.err
    said = office.call("report", "--format", "json").out
    assert "外聘老陈" not in said
    assert '"g1/x1"' not in said
    assert "工作二群" in said, "a group is called like it"
    assert office.call("erase", "a3").code == 0
    assert "王五" not in office.call("report", "--format", "json").out
    assert office.call("audit", "verify").code == 0
