"""A check in a workspace keeps its result, applies decisions, and lets one run in at a time."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from typing import Any

import pytest


@pytest.mark.parametrize("word", ["abc", "", "g" * 64])
def test_a_mistyped_head_accuses_nobody(kept: Any, word: str) -> None:
    ran = kept.call("audit", "verify", "--head", word)
    assert ran.code == 2
    assert "is no head hash" in ran.err
    assert kept.call("audit", "verify", "--head", "a" * 64).code == 3


def test_states_from_run_to_run(kept: Any) -> None:
    assert kept.states() == {"new": 3}
    kept.estate(16, groups=kept.groups_without("g2").replace("g1,", "g1,", 1))
    ran = kept.check()
    assert ran.code == 1
    # The row of g2 is gone from the register: nobody knows whether its owner was replaced.
    assert "1 no longer visible" in ran.err
    assert kept.states() == {"open": 2, "unknown": 1}


def test_data_that_are_not_kept_any_more_are_not_taken_for_the_demo(kept: Any) -> None:
    for folder in (kept.folder / ".policycore" / "snapshots").glob("[0-9a-f]*"):
        folder.chmod(0o700)
        shutil.rmtree(folder)
    ran = kept.call("query", "SELECT 1 FROM groups")
    assert (ran.code, ran.out) == (2, "")
    assert "is not kept" in ran.err
    kept.estate(17, people="id,name,status,status_since\np1,张三,active,\np2,李四,active,\np3,王五,active,\n")
    assert kept.check().code == 0
    assert kept.states() == {"open": 1, "resolved": 2}
    kept.estate(18)
    kept.check()
    assert kept.states() == {"open": 1, "reopened": 2}


def test_what_vanished_with_a_whole_column_is_unknown(kept: Any) -> None:
    kept.estate(16, people="id,name\np1,张三\np2,李四\np3,王五\n")
    kept.check()
    states = kept.states()
    assert "resolved" not in states
    assert states["unknown"] == 2


def test_no_store_keeps_nothing_and_no_workspace_is_no_error(office: Any) -> None:
    assert office.check().code == 1
    assert not (office.folder / ".policycore").exists()
    office.call("init")
    assert office.check("--no-store").code == 1
    assert office.call("history").out == ""


def test_the_same_inputs_give_the_same_bytes_and_a_stored_run_gives_them_again(kept: Any) -> None:
    first, second = kept.check("--format", "json").out, kept.check("--format", "json").out
    assert first == second
    assert kept.call("report", "1", "--format", "json").out == first
    assert kept.call("report", "--format", "csv").out == kept.check("--format", "csv").out


def test_the_head_of_the_audit_trail_is_printed_with_every_run(kept: Any) -> None:
    ran = kept.check()
    head = next(line for line in ran.err.splitlines() if line.startswith("audit head: ")).split()[-1]
    assert kept.call("audit", "verify", "--head", head).code == 0
    assert kept.call("audit", "verify", "--head", "0" * 63 + "1").code == 3


def test_older_data_is_a_replay(kept: Any) -> None:
    kept.estate(10, groups=kept.groups_without("g1", "g2"))
    assert "replay" in kept.check().err
    assert kept.states() == {"new": 3}


def test_a_second_run_waits_or_leaves_with_exit_code_5(kept: Any) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib; from policycore.system.lock import RunLock\n"
            "with RunLock(pathlib.Path(sys.argv[1])):\n print('held', flush=True); sys.stdin.readline()",
            str(kept.folder / ".policycore" / "lock"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        ran = kept.check()
        assert ran.code == 5
        assert str(holder.pid) in ran.err
        released = threading.Event()

        def release() -> None:
            released.set()
            holder.communicate("\n")

        threading.Timer(0.5, release).start()
        ran = kept.check("--wait", "60")
        assert ran.code == 1
        assert released.is_set(), "it waited"
    finally:
        holder.terminate()
        holder.wait(20)
        if holder.stdout is not None:
            holder.stdout.close()


def test_a_lock_left_by_a_dead_process_is_taken_over_and_said_so(kept: Any) -> None:
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, sys, pathlib; from policycore.system.lock import RunLock\n"
            "RunLock(pathlib.Path(sys.argv[1])).__enter__(); os._exit(9)",
            str(kept.folder / ".policycore" / "lock"),
        ],
        check=False,
    )
    ran = kept.check()
    assert ran.code == 1
    assert "took over the lock" in ran.err
    assert "took over" not in kept.check().err


def test_a_store_that_fails_does_not_cost_the_report(kept: Any) -> None:
    (kept.folder / ".policycore" / "store.sqlite3").write_bytes(b"no database" * 1000)
    for journal in (kept.folder / ".policycore").glob("store.sqlite3-*"):
        journal.unlink()
    ran = kept.check("--format", "json")
    assert ran.code == 3
    assert len(json.loads(ran.out)["findings"]) == 3
    assert "is damaged" in ran.err


def test_a_wrong_waiver_file_stops_the_check_with_every_mistake(kept: Any) -> None:
    (kept.folder / ".policycore" / "waivers.yaml").write_text(
        "policycore: 1\nwaivers:\n  - id: W-1\n    reson: x\n  - 7\n", encoding="utf-8"
    )
    ran = kept.check()
    assert ran.code == 2
    assert re.search(r"waivers\.yaml:4:5: .*reson.*did you mean.*reason", ran.err)
    assert "waivers.yaml:5:5:" in ran.err
    assert ran.out == ""


def test_snapshots_are_kept_once_each_and_let_go_with_an_entry(kept: Any) -> None:
    kept.check()
    kept.estate(16)
    kept.check()
    assert len(kept.call("snapshots").out.splitlines()) == 2
    tables = kept.folder / ".policycore" / "snapshots" / "tables"
    assert len(list(tables.iterdir())) == 5
    ran = kept.call("snapshots", "--gc", "--newest", "1", "--days", "0", "--months", "0")
    assert "1 snapshot removed" in ran.err
    assert ran.out.endswith("2024-04-16T00:00:00+08:00\n")
    assert "snapshots-removed" in kept.call("audit", "show").out
    kept.check()
    assert kept.call("audit", "verify").code == 0


def test_a_kept_snapshot_is_checked_again_by_todays_rules(kept: Any) -> None:
    (snapshot,) = (line.split()[0] for line in kept.call("snapshots").out.splitlines())
    kept.estate(20, groups=kept.groups_without("g1"))
    kept.check()
    text = (kept.folder / "set.yaml").read_text(encoding="utf-8")
    (kept.folder / "set.yaml").write_text(text.replace("severity: error", "severity: warning"), encoding="utf-8")
    ran = kept.call("check", "--ruleset", "set.yaml", "--snapshot", snapshot[:8], "--format", "json")
    assert "replay" in ran.err
    assert json.loads(ran.out)["summary"]["by_severity"]["warning"] == 2
    assert json.loads(ran.out)["snapshot"] == snapshot
    assert kept.states() == {"open": 2, "unknown": 1}
    for wrong in (("--snapshot", "ffff"), (), ("--snapshot", snapshot, "--estate", "estate")):
        assert kept.call("check", "--ruleset", "set.yaml", *wrong).code == 2


def test_a_terminated_check_leaves_nothing_half_done(kept: Any) -> None:
    slow = (
        "SELECT g.id AS group_id, sum(a.range * b.range) AS owner FROM groups g, "
        "range(3000000) a, range(3000000) b GROUP BY g.id"
    )
    text = (kept.folder / "set.yaml").read_text(encoding="utf-8")
    begin, end = text.index('    sql: "'), text.index("    message:")
    (kept.folder / "slow.yaml").write_text(text[:begin] + f'    sql: "{slow}"\n' + text[end:], encoding="utf-8")
    arguments = [sys.executable, "-m", "policycore", "check", "--ruleset", "slow.yaml", "--estate", "estate"]
    lock = kept.folder / ".policycore" / "lock"
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (lock.exists() and lock.read_text()) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    time.sleep(0.5)
    process.terminate()
    _, words = process.communicate(timeout=60)
    assert process.returncode == 130, words
    assert lock.read_text() == ""
    assert len(kept.call("history").out.splitlines()) == 1
    assert kept.check().code == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM handlers on Windows")
@pytest.mark.long
def test_any_command_that_is_terminated_says_so_and_leaves_no_data_behind(kept: Any) -> None:
    text = (kept.folder / "set.yaml").read_text(encoding="utf-8")
    slow = "WHERE (SELECT sum(a.range * b.range) FROM range(3000000) a, range(3000000) b) > 0 AND p.status"
    (kept.folder / "slow.yaml").write_text(text.replace("WHERE p.status", slow), encoding="utf-8")
    scratch = kept.folder / "scratch"
    scratch.mkdir()
    arguments = [sys.executable, "-m", "policycore", "--lang", "en", "check", "--ruleset", "slow.yaml", "--no-store"]
    process = subprocess.Popen(
        [*arguments, "--estate", "estate"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(scratch), "POLICYCORE_WORKSPACE": ""},
        cwd=kept.folder,
    )
    # The estate lies there once it was read.
    deadline = time.monotonic() + 60
    while not list(scratch.rglob("*.parquet")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    process.terminate()
    _, words = process.communicate(timeout=60)
    assert process.returncode == 130, words
    assert "Traceback" not in words
    assert [path.name for path in scratch.iterdir() if path.name.startswith("policycore-")] == []


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM handlers on Windows")
def test_a_signal_that_comes_before_the_work_begins_ends_a_command_as_well() -> None:
    script = (
        "import os, signal, sys\n"
        "from policycore.cli import main\n"
        "main._invoke = lambda *_: os.kill(os.getpid(), signal.SIGTERM)\n"
        "sys.exit(main.main(['--lang', 'en', 'history']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "interrupted; nothing half done was left behind\n")


def test_what_is_let_go_is_in_the_trail_before_it_is_gone(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:

    kept.estate(16)
    kept.check()
    collect = ("snapshots", "--gc", "--newest", "1", "--days", "0", "--months", "0")
    with monkeypatch.context() as patch:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("policycore.operations.snapshots.remove", killed)
        assert kept.call(*collect).code == 130
    assert "snapshots-removed" in kept.call("audit", "show").out
    assert len(kept.call("snapshots").out.splitlines()) == 2
    assert kept.call(*collect).code == 0
    assert len(kept.call("snapshots").out.splitlines()) == 1


def test_an_import_leaves_an_entry(kept: Any) -> None:
    assert kept.call("import", "estate", "--estate", "imported").code == 0
    last = kept.call("audit", "show").out.splitlines()[-1]
    assert " import " in last
    assert '"folder": "imported"' in last


@pytest.mark.parametrize("options", [("--ruleset", "set.yaml@1"), ("--ruleset", "set.yaml", "--as-of", "2099-01-01")])
@pytest.mark.long
def test_a_question_changes_no_state_and_stands_in_no_later_runs_way(kept: Any, options: tuple[str, ...]) -> None:
    text = (kept.folder / "set.yaml").read_text(encoding="utf-8")
    (kept.folder / "set.yaml").write_text(text.replace("severity: error", "severity: warning"), encoding="utf-8")
    kept.check()
    before = kept.call("findings", "--all").out
    snapshot = kept.call("snapshots").out.split()[0]
    assert "no state changes" in kept.call("check", "--snapshot", snapshot, *options).err
    assert kept.call("findings", "--all").out == before
    # Tomorrow's data is still news, and what is told and foreseen is of the last real run.
    assert kept.call("forecast", "--days", "2", "--json").code in (0, 1)
    kept.estate(16, groups=kept.groups_without("nothing") + "g4,register,wechat,四群,standing,d1,a3,2023-01-01,\n")
    assert "run 4 kept: 1 new" in kept.check().err
    told = kept.call("notify", "--dry-run", "--to", "mailto://checks@office.example").out
    assert "四群" in told
    kept.call("check", "--snapshot", snapshot, *options)
    assert kept.call("notify", "--dry-run", "--to", "mailto://checks@office.example").out == told
