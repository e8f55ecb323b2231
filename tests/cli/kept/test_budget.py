"""Runs that nobody watches: a budget, a log, a signal, a rule that breaks, a run that was missed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from policycore.rulesets.sql.rule import SqlRule
from policycore.store import schema
from policycore.store.kept import audit
from policycore.store.kept.seal import digests
from policycore.store.store import Store
from tests.cli.kept.conftest import ONE_WAIVER

MORE = """\
  - id: LOCAL-2
    name: local/no-second
    clause: [一-1]
    severity: warning
    sql: "SELECT id AS group_id FROM groups WHERE name = '工作二群'"
    message: {zh: "二群", en: "second"}
  - id: LOCAL-3
    name: local/no-third
    clause: [一-1]
    severity: warning
    sql: "SELECT id AS person_id FROM people WHERE name = '李四'"
    message: {zh: "李四", en: "li si"}
"""
WAIVER = ONE_WAIVER.replace("LOCAL-1", "LOCAL-2").replace("[g1]", "[g2]")
SLOW = """\
  - id: LOCAL-9
    name: local/slow
    clause: [一-1]
    severity: warning
    sql: "SELECT g.id AS group_id FROM groups g WHERE (SELECT count(*) FROM range(1000000) a(x), range(1000000) b(y)
      WHERE (a.x * b.y) % 7 = length(g.id)) > 5"
    message: {zh: "慢", en: "slow"}
"""


def add_rules(office: Any, text: str) -> None:
    """Put more rules into the office's rule set."""
    file = office.folder / "set.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("attestations:\n", text + "attestations:\n"), "utf-8")


def log_of(office: Any) -> list[dict[str, Any]]:
    """Return the lines of the log."""
    return [json.loads(line) for line in (office.folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_budget_ends_between_rules_and_every_time_in_the_same_place(office: Any) -> None:
    add_rules(office, MORE)
    office.call("init")
    whole = json.loads(office.check("--no-store", "--format", "json").out)
    for _ in range(2):
        ran = office.check("--budget", "0.001", "--format", "json")
        assert ran.code == 5
        report = json.loads(ran.out)
        assert report["findings"] == [item for item in whole["findings"] if item["rule"] in ("LOCAL-1", "ATTEST:二-1")]
        assert set(report["summary"]["by_rule"]) <= {"LOCAL-1", "ATTEST:二-1"}
        assert [problem["code"] for problem in report["problems"]] == ["engine.cut"]
        assert all(name in ran.err for name in ("cut short", "local/no-second", "local/no-third"))


def test_a_run_that_was_cut_is_reported_and_changes_nothing(office: Any) -> None:
    add_rules(office, MORE)
    office.call("init")
    office.check()
    listed = ("findings", "--all"), ("diff",), ("findings", "--format", "json"), ("notify", "--dry-run")
    asked = (*listed, ("forecast", "--days", "3"))
    office.estate(16, groups=office.groups_without("g1"))
    office.check()
    before = [office.call(*command).out for command in asked]
    states = office.states()
    office.estate(17, groups=office.groups_without("g2"))
    ran = office.check("--budget", "0.001", "--format", "json")
    assert ran.code == 5
    assert "changes the state of no finding" in ran.err
    assert office.call("report", "3", "--format", "json").out == ran.out
    told = [office.call(*command) for command in asked]
    assert [one.out for one in told] == before
    assert office.states() == states
    assert "state of run 2, 0 days old; the newest run 3 was cut short" in told[0].err
    history = office.call("history")
    assert "[cut short]" in history.out.splitlines()[0]
    assert "state of run 2" in history.err
    # The next whole run follows the last whole one, as if the cut one had never been.
    office.check()
    assert json.loads(office.call("history", "--json").out.splitlines()[0])["previous"] == 2
    assert "cut short" not in office.call("findings").err


def test_a_rule_that_reads_a_file_is_judged_anew_in_every_run(
    kept: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "listed.txt"
    monkeypatch.setattr(SqlRule, "check", lambda _self, _estate, _params: [{"group_id": listed.read_text()}])
    found = []
    for group in ("g1", "g2", "g1"):
        listed.write_text(group)
        report = json.loads(kept.check("--format", "json").out)
        found.append([item["subject"]["id"] for item in report["findings"] if item["rule"] == "LOCAL-1"])
    assert found == [["g1"], ["g2"], ["g1"]]


def test_a_rule_that_breaks_freezes_nothing_else(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.check()
    before = kept.states()
    add_rules(kept, MORE)
    check = SqlRule.check

    def broken(self: SqlRule, estate: Any, params: Any) -> Any:
        if self.id == "LOCAL-1":
            raise RuntimeError
        return check(self, estate, params)

    kept.call("init", "--expected-every", "24h")
    with monkeypatch.context() as patch:
        patch.setattr(SqlRule, "check", broken)
        for day in (16, 17):
            kept.estate(day)
            ran = kept.check("--format", "json")
            assert ran.code == 4
            # The run took place: nobody says that it was missed.
            rules = {item["rule"] for item in json.loads(ran.out)["findings"]}
            assert rules == {"LOCAL-1", "LOCAL-2", "LOCAL-3", "ATTEST:二-1"}
            assert "0 resolved, 0 no longer visible" in ran.err
            backdate(kept, 24)
    lost = json.loads(kept.call("report", "latest", "--format", "sarif").out)["runs"][0]["results"]
    assert {item["properties"]["verdict"] for item in lost if item["ruleId"] == "LOCAL-1"} == {"error", "unknown"}
    assert sum(before.values()) == sum(kept.states().values()) - 3  # the error and what two other rules found
    assert kept.check().code == 1
    assert kept.states() == {"open": 5, "resolved": 1}


def test_a_quiet_run_tells_its_log_and_nobody_else(kept: Any) -> None:
    kept.estate(16, groups=kept.groups_without("g3"))
    ran = kept.check("--log", "log.jsonl", "--quiet")
    assert ran.code == 1
    assert ran.err == ""
    (said,) = [line for line in log_of(kept) if line["event"] == "recorded"]
    assert said["audit_head"] == kept.call("audit", "verify").out.strip()
    kept.estate(17)
    alone = kept.check("--quiet")
    assert (alone.code, alone.err) == (1, "")
    alone = kept.check("--quiet")
    assert "are those that run 3 judged" in alone.err


def test_the_log_tells_how_it_went_and_no_data(kept: Any) -> None:
    ran = kept.check("--log", "log.jsonl")
    lines = log_of(kept)
    assert [line["event"] for line in lines] == ["started", "opened", "rule", "recorded", "finished"]
    assert lines[-2]["audit_head"] in ran.err
    assert lines[-1]["exit_code"] == ran.code == 1
    assert lines[-1]["run"] == 2
    text = (kept.folder / "log.jsonl").read_text(encoding="utf-8")
    key = (kept.folder / ".policycore" / "key").read_text(encoding="ascii").strip()
    assert not any(secret in text for secret in ("王五", "\\u738b", "工作", "g1", key, str(kept.folder)))
    assert kept.check("--log", "-").err.count('"event": "rule"') == 1
    assert kept.check("--log", "nowhere/log").code == 3
    kept.estate(16, groups="id\ng1\ng1\n")
    assert kept.check("--log", "log.jsonl").code == 3
    assert log_of(kept)[-1]["event"] == "failed"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM handlers on Windows")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_cuts_a_run_short(kept: Any, number: signal.Signals) -> None:
    states = kept.states()
    before = (kept.folder / "set.yaml").read_text(encoding="utf-8")
    add_rules(kept, SLOW)
    command = ["check", "--ruleset", "set.yaml", "--estate", "estate", "--log", "log.jsonl"]
    run = subprocess.Popen(
        [sys.executable, "-m", "policycore", "--lang", "en", *command], stderr=subprocess.PIPE, text=True
    )
    log = Path("log.jsonl")
    deadline = time.monotonic() + 60
    while not (log.exists() and '"rule"' in log.read_text(encoding="utf-8")) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    os.kill(run.pid, number)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert [line["exit_code"] for line in log_of(kept) if line["event"] == "finished"] == [130]
    assert "local/slow" in said
    assert kept.call("history").out.splitlines()[0].endswith("[cut short]")
    assert kept.states() == states
    assert kept.call("audit", "verify").code == 0
    # The lock is free, and nobody is said to have died.
    (kept.folder / "set.yaml").write_text(before, encoding="utf-8")
    ran = kept.check()
    assert ran.code == 1
    assert "took over" not in ran.err
    assert len(kept.call("history").out.splitlines()) == 3


def backdate(office: Any, hours: float) -> None:
    """Move every run back by so many hours, sealed as if it had been recorded then."""
    with Store(office.folder / ".policycore" / "store.sqlite3") as store, store.write() as connection:
        moved = f"UPDATE runs SET recorded_at = recorded_at - {int(hours * 3_600_000_000)}"
        for statement in (moved, *(f"DROP TRIGGER IF EXISTS audit_no_{what}" for what in ("update", "delete"))):
            connection.exec_driver_sql(statement)
        trail = list(audit.entries(connection))
        connection.execute(delete(schema.audit))
        for entry in trail:
            details = json.loads(entry.details)
            if entry.action == "run":
                details["sealed"] = digests(connection, details["run"])
            audit.append(connection, entry.action, details, actor=entry.actor, at=entry.at)


def test_a_run_that_was_missed_is_a_finding_of_the_next_one(kept: Any) -> None:
    assert kept.call("init", "--expected-every", "24h").code == 0
    assert "expected_every: 1d" in (kept.folder / ".policycore" / "workspace.yaml").read_text(encoding="utf-8")
    kept.check()
    assert "RUN001" not in kept.call("findings").out
    backdate(kept, 24 * 3.5)
    report = json.loads(kept.check("--format", "json").out)
    missed = [item for item in report["findings"] if item["rule"] == "RUN001"]
    assert [item["facts"]["missed"] for item in missed] == [3]
    assert missed[0]["severity"] == "warning"
    # The next one comes in time: the finding is put right, and a later gap opens it again.
    assert not [item for item in json.loads(kept.check("--format", "json").out)["findings"] if item["rule"] == "RUN001"]
    assert "RUN001" not in kept.call("findings").out
    backdate(kept, -24 * 365)
    clock = [item for item in json.loads(kept.check("--format", "json").out)["findings"] if item["rule"] == "RUN001"]
    assert [item["verdict"] for item in clock] == ["suspect"]
    # The clock stands right again: nothing of the wrong time is left, in the next run or in its metrics.
    ran = kept.check("--format", "prom")
    assert not re.search(r'rule="RUN001".*} [1-9]', ran.out)
    assert "clock" not in ran.err
    (told,) = [line for line in ran.out.splitlines() if line.startswith("policycore_last_success_timestamp_seconds{")]
    assert abs(float(told.split()[-1]) - time.time()) < 60
    assert kept.call("init", "--expected-every", "often").code == 2


def test_looking_back_does_not_stand_for_the_run_that_was_due(kept: Any) -> None:
    assert kept.call("init", "--expected-every", "1h").code == 0
    kept.check()
    backdate(kept, 26)
    snapshot = kept.call("snapshots").out.split()[0]
    kept.call("check", "--snapshot", snapshot, "--ruleset", "set.yaml@1")
    found = json.loads(kept.check("--format", "json").out)
    assert [item["rule"] for item in found["findings"] if item["rule"] == "RUN001"] == ["RUN001"]


def test_metrics_tell_the_last_success(kept: Any) -> None:
    def metric(text: str, name: str) -> float | None:
        found = [line.split()[-1] for line in text.splitlines() if line.startswith((name + " ", name + "{"))]
        return float(found[0]) if found else None

    kept.call("init", "--expected-every", "24h")
    good = kept.check("--format", "prom").out
    success = metric(good, "policycore_last_success_timestamp_seconds")
    assert success is not None
    assert abs(success - time.time()) < 60
    assert metric(good, "policycore_expected_interval_seconds") == 86400
    add_rules(kept, MORE)
    partly = kept.check("--format", "prom", "--budget", "0.001").out
    # A run that ended early is no success: the one before it still is the last.
    assert metric(partly, "policycore_last_success_timestamp_seconds") == success
    assert (metric(partly, "policycore_last_run_timestamp_seconds") or 0) > success
    assert (
        metric(kept.call("report", "2", "--format", "prom").out, "policycore_last_success_timestamp_seconds") == success
    )


def test_sarif_says_what_is_new_and_what_was_settled(kept: Any) -> None:
    def states(text: str) -> list[str | None]:
        return [item.get("baselineState") for item in json.loads(text)["runs"][0]["results"]]

    assert states(kept.check("--format", "sarif").out) == ["unchanged"] * 3
    assert states(kept.call("report", "1", "--format", "sarif").out) == ["new"] * 3
    kept.estate(
        16, people="id,name,status,status_since\np1,张三,active,\np2,李四,active,\np3,王六,retired,2024-01-01\n"
    )
    assert sorted(map(str, states(kept.check("--format", "sarif").out))) == ["unchanged", "updated", "updated"]
    assert states(kept.check("--no-store", "--format", "sarif").out) == [None] * 3
    # g1 has another owner now, g2 is no longer in the data.
    rest = kept.groups_without("g1", "g2") + "g1,register,wechat,工作一群,standing,d1,a1,2023-01-01,\n"
    kept.estate(17, groups=rest)
    run = json.loads(kept.check("--format", "sarif").out)["runs"][0]
    told = {
        item["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]: item
        for item in run["results"]
        if item["ruleId"] == "LOCAL-1"
    }
    gone, lost = told["group/g1"], told["group/g2"]
    assert (gone["baselineState"], gone["level"], gone["properties"]["verdict"]) == ("absent", "error", "fail")
    assert (lost["baselineState"], lost["level"], lost["properties"]["verdict"]) == ("updated", "error", "unknown")
    assert "no longer in the data" in lost["message"]["text"]
    assert [run["tool"]["driver"]["rules"][item["ruleIndex"]]["id"] for item in told.values()] == ["LOCAL-1"] * 2
    other = kept.check("--no-store", "--format", "junit").out + kept.check("--no-store", "--format", "csv").out
    assert "工作二群" not in other


def test_the_rules_of_then_judge_the_data_of_then(kept: Any) -> None:
    first = kept.call("report", "1", "--format", "json").out
    snapshot = kept.call("snapshots").out.split()[0]
    add_rules(kept, MORE)
    kept.estate(16)
    kept.check()
    replayed = kept.call("check", "--ruleset", "set.yaml@1", "--snapshot", snapshot, "--format", "json", "--no-store")
    assert replayed.out == first
    before = kept.states()
    asked = kept.call("check", "--ruleset", "@1", "--estate", "estate", "--format", "json")
    # A question about the rules of then changes nothing that is known of now.
    assert "replay" in asked.err
    assert kept.states() == before
    assert kept.call("check", "--ruleset", "@1", "--snapshot", snapshot, "--format", "json").out == first
    today = kept.call("check", "--ruleset", "set.yaml", "--snapshot", snapshot, "--format", "json")
    assert {item["rule"] for item in json.loads(today.out)["findings"]} >= {"LOCAL-2", "LOCAL-3"}
    assert kept.call("check", "--ruleset", "other@1", "--snapshot", snapshot).code == 2
    assert kept.call("check", "--ruleset", "set.yaml@99", "--snapshot", snapshot).code == 2
    for file in (kept.folder / ".policycore" / "rulesets").glob("*.json"):
        file.write_text(file.read_text(encoding="utf-8").replace("error", "info"), encoding="utf-8")
    assert kept.call("check", "--ruleset", "@1", "--snapshot", snapshot).code == 2


def test_a_run_that_is_cut_calls_no_waiver_needless(office: Any) -> None:
    add_rules(office, MORE)
    office.call("init")
    office.check()
    (office.folder / ".policycore" / "waivers.yaml").write_text(WAIVER, encoding="utf-8")
    office.check()
    listed = office.call("waive", "--list").out
    assert "in force" in listed
    cut = office.check("--budget", "0.001")
    assert cut.code == 5
    assert "nothing needs" not in cut.err
    assert office.call("waive", "--list").out == listed
