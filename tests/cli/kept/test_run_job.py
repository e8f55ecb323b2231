"""A job runs from import to metrics, says all that is wrong before it begins, and fails no further than it must."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

JOB = """\
policycore: 1
job: nightly
import: {inputs: [estate], estate: work/now}
checks:
  - ruleset: set.yaml
  - {ruleset: second.yaml, fail_on: error}
reports:
  - {format: json, file: 'reports/{date}/{ruleset}.json'}
  - {format: csv, file: 'reports/{ruleset}-{run}.csv', language: en}
metrics: metrics/nightly.prom
log: job.log
"""
SLOW = """\
  - id: LOCAL-9
    name: local/slow
    clause: [一-1]
    severity: info
    sql: "SELECT g.id AS group_id FROM groups g WHERE (SELECT count(*) FROM range(1000000) a(x), range(1000000) b(y)
      WHERE (a.x * b.y) % 7 = length(g.id)) > 5"
    message: {zh: 慢, en: slow}
"""


@pytest.fixture
def job(kept: Any) -> Any:
    """Give an office with a job file and a second rule set."""
    text = (kept.folder / "set.yaml").read_text(encoding="utf-8")
    second = text.replace("ruleset: local-set", "ruleset: second-set")
    (kept.folder / "second.yaml").write_text(second, encoding="utf-8")
    (kept.folder / "job.yaml").write_text(JOB, encoding="utf-8")
    return kept


def metrics(office: Any) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """Return the samples of the job's metrics by name and labels."""
    text = (office.folder / "metrics" / "nightly.prom").read_text(encoding="utf-8")
    return {
        sample.name: {tuple(sorted(one.labels.items())): one.value for one in family.samples}
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_job_imports_judges_reports_and_measures(job: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    other = job.folder / "elsewhere"
    other.mkdir()
    monkeypatch.chdir(other)  # every path is the job file's own
    ran = job.call("run", "../job.yaml")
    assert ran.code == 1
    assert [line.split()[0] for line in ran.out.splitlines()] == ["local-set", "second-set"]
    for name in ("local-set", "second-set"):
        report = json.loads((job.folder / "reports" / "2024-04-15" / f"{name}.json").read_text(encoding="utf-8"))
        assert report["ruleset"] == name
        assert report["findings"]
    assert {file.name for file in (job.folder / "reports").glob("*.csv")} == {"local-set-2.csv", "second-set-3.csv"}
    found = metrics(job)
    assert found["policycore_job_exit_code"] == {(("job_name", "nightly"),): 1}
    labels = {(dict(one)["estate"], dict(one)["ruleset"]) for one in found["policycore_findings"]}
    assert labels == {("now", "local-set"), ("now", "second-set")}
    assert 0 in found["policycore_rule_findings"].values()
    events = [json.loads(line)["event"] for line in (job.folder / "job.log").read_text(encoding="utf-8").splitlines()]
    assert events[0] == "imported"
    assert events[-1] == "job"


def test_old_data_are_said_to_be_old_and_a_quiet_job_says_no_more(job: Any) -> None:
    # The first run of the rule set judged the same estate.
    assert "are those that run 1 judged" in job.call("run", "job.yaml").err
    job.estate(16, groups=job.groups_without("g3"))
    ran = job.call("run", "job.yaml", "--quiet")
    assert (ran.code, ran.out, ran.err) == (1, "", "")
    # An export that is stamped anew every night and says the same is no news.
    job.estate(17, groups=job.groups_without("g3"))
    ran = job.call("run", "job.yaml", "--quiet")
    assert ran.err.count("are those that run") == 2
    assert set(metrics(job)["policycore_data_unchanged"].values()) == {1}


def test_every_mistake_is_said_at_once_and_nothing_is_done(job: Any) -> None:
    wrong = JOB.replace("second.yaml, fail_on: error", "nosuch, fail_on: errors").replace("format: csv", "format: cvs")
    wrong = wrong.replace("{run}", "{day}") + "budget: soon\nestate: work/now\n"
    (job.folder / "wrong.yaml").write_text(wrong, encoding="utf-8")
    ran = job.call("run", "wrong.yaml")
    assert ran.code == 2
    places = {line.split(": ")[0] for line in ran.err.splitlines()}
    assert places == {"wrong.yaml:6:32", "wrong.yaml:9:25", "wrong.yaml:12:9", "wrong.yaml:13:1"}
    (job.folder / "wrong.yaml").write_text(
        JOB.replace("second.yaml", "nosuch").replace("format: csv", "format: cvs"), encoding="utf-8"
    )
    ran = job.call("run", "wrong.yaml")
    assert ran.code == 2
    assert {line.split(": ")[0] for line in ran.err.splitlines()} == {"wrong.yaml:6:5", "wrong.yaml:9:5"}
    assert not (job.folder / "reports").exists()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("inputs: [estate]", "inputs: [nowhere]", 3),
        ("file: 'reports/{ruleset}-{run}.csv'", "file: 'set.yaml/{ruleset}-{run}.csv'", 3),
        ("metrics/nightly.prom", "estate", 3),
        ("log: job.log", "notices: {}", 2),
        ("log: job.log", "notices: {to: [env:NO_SUCH_VARIABLE]}", 2),
        ("log: job.log", "workspace: /", 2),
    ],
)
def test_what_cannot_run_does_not_begin(job: Any, old: str, new: str, code: int) -> None:
    assert job.call("run", "job.yaml", "--dry-run").code == 0
    assert not (job.folder / "reports").exists()
    (job.folder / "job.yaml").write_text(JOB.replace(old, new), encoding="utf-8")
    assert job.call("run", "job.yaml", "--dry-run").code == code
    assert not (job.folder / "job.log").exists()
    assert job.call("run", "job.yaml").code == code
    if "metrics" not in old:
        assert metrics(job)["policycore_job_exit_code"] == {(("job_name", "nightly"),): code}
    if "log" not in old:
        first, last = map(json.loads, (job.folder / "job.log").read_text(encoding="utf-8").splitlines())
        assert (first["step"], last["event"], last["job"], last["exit_code"]) == ("begin", "job", "nightly", code)


def test_a_job_that_cannot_begin_keeps_when_it_last_succeeded_and_no_other_file(job: Any) -> None:
    job.call("run", "job.yaml")
    succeeded = metrics(job)["policycore_last_success_timestamp_seconds"]
    (job.folder / "job.yaml").write_text(JOB + "nonsense: 1\n", encoding="utf-8")
    assert job.call("run", "job.yaml").code == 2
    found = metrics(job)
    assert found["policycore_last_success_timestamp_seconds"] == succeeded
    assert found["policycore_job_exit_code"] == {(("job_name", "nightly"),): 2}
    assert "policycore_findings" not in found
    rules = (job.folder / "set.yaml").read_text(encoding="utf-8")
    (job.folder / "job.yaml").write_text(JOB.replace("metrics/nightly.prom", "set.yaml") + "x: 1\n", encoding="utf-8")
    assert job.call("run", "job.yaml").code == 2
    assert (job.folder / "set.yaml").read_text(encoding="utf-8") == rules


def test_data_that_cannot_be_read_are_not_replaced_by_those_of_yesterday(job: Any) -> None:
    assert job.call("run", "job.yaml").code == 1
    succeeded = metrics(job)["policycore_last_success_timestamp_seconds"]
    job.estate(16, groups="id\ng1\ng1\n")
    ran = job.call("run", "job.yaml")
    assert (ran.code, ran.out) == (3, "")
    assert "nothing was judged" in ran.err
    found = metrics(job)
    assert found["policycore_job_exit_code"] == {(("job_name", "nightly"),): 3}
    assert found["policycore_last_success_timestamp_seconds"] == succeeded
    assert len(job.call("history").out.splitlines()) == 3


def test_a_report_that_cannot_be_written_stops_no_other(job: Any) -> None:
    (job.folder / "reports" / "2024-04-15" / "local-set.json").mkdir(parents=True)
    ran = job.call("run", "job.yaml")
    assert ran.code == 3
    assert "a report was not written" in ran.err
    assert (job.folder / "reports" / "2024-04-15" / "second-set.json").is_file()
    assert len(list((job.folder / "reports").glob("*.csv"))) == 2


def test_a_budget_is_the_whole_job_s(job: Any) -> None:
    (job.folder / "job.yaml").write_text(JOB + "budget: 0.001s\n", encoding="utf-8")
    ran = job.call("run", "job.yaml")
    assert ran.code == 5
    assert ran.err.count("budget is used up") == 2
    assert metrics(job)["policycore_job_exit_code"] == {(("job_name", "nightly"),): 5}


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM handlers on Windows")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 130), (signal.SIGKILL, -signal.SIGKILL)])
@pytest.mark.long
def test_a_job_that_is_stopped_leaves_nothing_half_done(job: Any, number: signal.Signals, code: int) -> None:
    job.estate(16)
    text = (job.folder / "set.yaml").read_text(encoding="utf-8")
    (job.folder / "set.yaml").write_text(text.replace("attestations:\n", SLOW + "attestations:\n"), encoding="utf-8")
    run = subprocess.Popen(
        [sys.executable, "-m", "policycore", "--lang", "en", "run", "job.yaml"], stderr=subprocess.PIPE, text=True
    )
    log = Path("job.log")
    deadline = time.monotonic() + 60
    while not (log.exists() and '"rule"' in log.read_text(encoding="utf-8")) and time.monotonic() < deadline:
        time.sleep(0.02)
    # Another job of this workspace does not begin meanwhile.
    (job.folder / "other.yaml").write_text(JOB.replace("job: nightly", "job: other"), encoding="utf-8")
    held = job.call("run", "other.yaml")
    assert metrics(job)["policycore_job_exit_code"] == {(("job_name", "other"),): 5}
    os.kill(run.pid, number)
    _, said = run.communicate(timeout=60)
    assert held.code == 5
    assert run.returncode == code, said
    if number is signal.SIGTERM:
        assert metrics(job)["policycore_job_exit_code"] == {(("job_name", "nightly"),): 130}
        assert not (job.folder / "reports" / "2024-04-15" / "second-set.json").exists()
    (job.folder / "set.yaml").write_text(text, encoding="utf-8")
    assert job.call("run", "job.yaml").code == 1
    assert job.call("audit", "verify").code == 0


def test_a_report_of_one_name_is_written_again_by_the_next_run(job: Any) -> None:
    text = JOB.replace("  - {ruleset: second.yaml, fail_on: error}\n", "").partition("reports:")[0]
    (job.folder / "job.yaml").write_text(f"{text}reports: [{{format: json, file: r.json}}]\n", encoding="utf-8")
    assert [job.call("run", "job.yaml", "--quiet").code for _ in range(2)] == [1, 1]
    assert job.call("run", "job.yaml", "--dry-run").code == 0


@pytest.mark.parametrize(
    ("part", "where"),
    [
        ("{inputs: [estate], estate: work, timezone: Beijing}", "3:52: "),
        ("{inputs: [estate], estate: work, as_of: 昨天}", "3:49: "),
        ("{inputs: [estate], estate: work, recipe: nothing}", "3:9: "),
        ("{inputs: [estate], estate: work, strict: []}", "3:50: "),
        ("{inputs: [estate], estate: work}\nmetrics: [m]", "4:10: "),
        ("{inputs: [estate], estate: work}\nmetrics: same\nlog: same", "5:6: "),
    ],
)
def test_what_a_job_cannot_do_is_told_before_it_is_due(job: Any, part: str, where: str) -> None:
    text = f"policycore: 1\njob: x\nimport: {part}\nchecks: [{{ruleset: set.yaml}}]\n"
    (job.folder / "job.yaml").write_text(text, encoding="utf-8")
    ran = job.call("run", "job.yaml", "--dry-run")
    assert ran.code in (2, 3)
    assert f"job.yaml:{where}" in ran.err
