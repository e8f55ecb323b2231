"""Units for schedulers are what the schedulers' own readers take."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from ruamel.yaml import YAML

from policycore.cli.main import main
from policycore.operations.schedule import Job, cron_line, systemd_units, windows_task

SET = """\
policycore: 1
ruleset: small
title: {zh: 小, en: Small}
document: {title: 通知, clauses: [{id: 一, text: 群主负责}]}
rules: [{use: ownership/owner-present, clause: [一], severity: error}]
"""
ARGUMENTS = ("--ruleset", "规则 50%.yaml", "--estate", 'a "b" $HOME %h \\x')


def schedule(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Return the exit code and what was printed."""
    capfd.readouterr()
    code = main(["--lang", "en", "schedule", *arguments])
    return code, capfd.readouterr().out


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_accepts_the_units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    program = shutil.which("true") or "/bin/true"
    (tmp_path / "规则 50%.yaml").write_text(SET, encoding="utf-8")
    (tmp_path / ARGUMENTS[3]).mkdir()
    options = ("--program", program, "--day", "mon", "--day", "fri", "--at", "6:05", "--output", "units")
    assert main(["schedule", "systemd", *ARGUMENTS, *options]) == 0
    files = sorted(str(file) for file in (tmp_path / "units").iterdir())
    assert [Path(file).name for file in files] == ["policycore-check.service", "policycore-check.timer"]
    verified = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, timeout=60)
    ours = [line for line in verified.stderr.splitlines() if "policycore" in line]
    assert verified.returncode == 0 or not ours, verified.stderr
    assert ours == []
    moment = next(line for line in Path(files[1]).read_text("utf-8").splitlines() if line.startswith("OnCalendar="))
    shown = subprocess.run(
        ["systemd-analyze", "calendar", moment.partition("=")[2]], capture_output=True, text=True, timeout=60
    )
    assert "Mon,Fri *-*-* 06:05:00 Asia/Shanghai" in shown.stdout


def test_systemd_words_are_escaped() -> None:
    job = Job("x", "/usr/bin/policycore", "/srv/50%", ("check", 'a "b" $HOME %h \\x', "规则"), 6, 0)
    service = systemd_units(job)["x.service"]
    assert 'ExecStart=/usr/bin/policycore check "a \\"b\\" $$HOME %%h \\\\x" 规则' in service
    assert "WorkingDirectory=/srv/50%%" in service
    assert "SuccessExitStatus=1\n" in service


def test_the_crontab_line_runs_what_was_asked(tmp_path: Path) -> None:
    folder = tmp_path / "50% of it"
    folder.mkdir()
    job = Job("x", "printf", str(folder), ("%s|", "a b", "100%", "it's"), 23, 59, (0, 6))
    note, zone, line = cron_line(job).splitlines()
    assert note.startswith("#")
    assert zone == "CRON_TZ=Asia/Shanghai"
    minute, hour, day, month, weekday, command = line.split(" ", 5)
    assert (minute, hour, day, month, weekday) == ("59", "23", "*", "*", "0,6")
    # Cron ends the command at a percent sign and takes the backslash away from an escaped one.
    assert "%" not in command.replace("\\%", "")
    ran = subprocess.run(["/bin/sh", "-c", command.replace("\\%", "%")], capture_output=True, text=True)
    assert ran.stdout == "a b|100%|it's|"


# The fields of batch/v1 CronJob and of the pod that this one uses, from the published API.
KNOWN: dict[str, set[str]] = {
    "": {"apiVersion", "kind", "metadata", "spec"},
    "spec": {
        *("schedule", "timeZone", "concurrencyPolicy", "startingDeadlineSeconds", "suspend", "jobTemplate"),
        *("successfulJobsHistoryLimit", "failedJobsHistoryLimit"),
    },
    "spec.jobTemplate.spec": {"backoffLimit", "activeDeadlineSeconds", "template", "podFailurePolicy"},
    "spec.jobTemplate.spec.template.spec": {
        *("restartPolicy", "automountServiceAccountToken", "securityContext", "containers", "volumes"),
    },
    "spec.jobTemplate.spec.template.spec.containers": {
        *("name", "image", "workingDir", "command", "args", "env", "securityContext", "volumeMounts", "resources"),
    },
}


def at(document: Any, path: str) -> Any:
    """Return what stands at a path; of a list, its first entry."""
    for step in path.split(".") if path else ():
        document = document[step]
    return document[0] if isinstance(document, list) else document


def test_kubernetes_gets_a_cron_job(capfd: pytest.CaptureFixture[str]) -> None:
    options = ("--image", "registry.example/policycore:1", "--claim", "office", "--budget", "10m", "--at", "06:30")
    code, text = schedule(capfd, "k8s", *ARGUMENTS, *options)
    assert code == 0
    document = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text)))
    for path, fields in KNOWN.items():
        assert set(at(document, path)) <= fields, path
    spec = document["spec"]
    assert (spec["schedule"], spec["timeZone"], spec["concurrencyPolicy"]) == ("30 6 * * *", "Asia/Shanghai", "Forbid")
    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] == 1200
    container = at(document, "spec.jobTemplate.spec.template.spec.containers")
    assert container["args"][:5] == ["check", *ARGUMENTS]
    assert container["args"][5:7] == ["--budget", "10m"]
    mounts = {mount["name"] for mount in container["volumeMounts"]}
    assert mounts == {volume["name"] for volume in at(document, "spec.jobTemplate.spec.template.spec")["volumes"]}


@pytest.mark.parametrize(("code", "expected"), [(0, 0), (1, 0), (4, 1), (5, 1)])
def test_the_container_fails_when_there_is_no_result(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, code: int, expected: int
) -> None:
    _, text = schedule(capfd, "k8s", "--ruleset", "x", "--estate", "a b")
    container = at(YAML(typ="safe", pure=True).load(text), "spec.jobTemplate.spec.template.spec.containers")
    program = tmp_path / "policycore"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@"\nexit {code}\n', encoding="utf-8")
    program.chmod(0o755)
    command = [*container["command"], *container["args"]]
    ran = subprocess.run(command, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True)
    assert ran.returncode == expected, shlex.join(command)
    assert ran.stdout.startswith("check|--ruleset|x|--estate|a b|")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--at", "25:00"),
        ("--at", "６:00"),
        ("--timezone", "Nowhere/City"),
        ("--name", "a b"),
        ("--estate", "a\nExecStart=/bin/true"),
        ("--budget", "soon"),
    ],
)
def test_what_no_unit_can_hold_is_refused(capfd: pytest.CaptureFixture[str], wrong: tuple[str, str]) -> None:
    code, text = schedule(capfd, "systemd", "--ruleset", "x", "--estate", "y", *wrong)
    assert code == 2
    assert text == ""


def test_what_cannot_run_is_refused(run: Any, tmp_path: Path, ruleset: Path, estate: Path) -> None:
    for kind in ("systemd", "cron", "windows"):
        for named in (("nosuch", estate), ("work-groups-base", "nofolder"), ("work-groups-base@3", estate)):
            ended = run("schedule", kind, "--ruleset", named[0], "--estate", named[1], "--workspace", tmp_path)
            assert (ended.code, ended.out) == (2, ""), named
            assert ended.err
    for named in (("work-groups-base", estate), (ruleset.name, estate.name)):
        ended = run("schedule", "cron", "--ruleset", named[0], "--estate", named[1], "--workspace", tmp_path)
        assert ended.code == 0
    assert run("schedule", "cron", "--job", "x", "--estate", estate).code == 2
    assert run("schedule", "cron", "--ruleset", "x").code == 2


def test_a_job_file_is_scheduled_when_it_can_run(run: Any, tmp_path: Path, ruleset: Path, estate: Path) -> None:
    job = f"policycore: 1\njob: x\nestate: {estate.name}\nchecks: [{{ruleset: {ruleset.name}}}]\n"
    (tmp_path / "job.yaml").write_text(job, encoding="utf-8")
    asked = ("--job", "job.yaml", "--workspace", tmp_path)
    assert run("schedule", "systemd", *asked).code == 2  # there is no workspace
    assert run("init", tmp_path).code == 0
    ended = run("schedule", "systemd", *asked)
    assert (ended.code, " run job.yaml\n" in ended.out) == (0, True)
    # A unit may be made for another user or machine: what nobody can know here is told, every variable by its name.
    to = "notices: {to: ['env:NO_SUCH_ONE', 'env:NO_SUCH_TWO']}\n"
    (tmp_path / "job.yaml").write_text(job + to, encoding="utf-8")
    for kind in ("systemd", "cron", "windows", "k8s"):
        ended = run("schedule", kind, *asked[: 2 if kind == "k8s" else 4])
        assert ended.code == 0
        assert kind == "k8s" or ("NO_SUCH_ONE" in ended.err and "NO_SUCH_TWO" in ended.err)
    (tmp_path / "job.yaml").write_text(job + "reprots: []\n" + to, encoding="utf-8")
    assert run("schedule", "cron", *asked).code == 2
    (tmp_path / "job.yaml").write_text(job + "reprots: []\n", encoding="utf-8")
    ended = run("schedule", "cron", *asked)
    assert (ended.code, "job.yaml:5:1: " in ended.err) == (2, True)


def test_windows_gets_a_task(tmp_path: Path) -> None:
    job = Job("x", r"C:\Program Files\policycore.exe", r"C:\a & b", ("run", "作业 1.yaml"), 6, 5, (1, 5))
    task = etree.fromstring(windows_task(job).encode())
    inside = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    said = {part.tag.removeprefix(inside): part.text for part in task.iter() if not len(part)}
    assert said["Command"] == job.program
    assert said["Arguments"] == 'run "作业 1.yaml"'
    assert said["WorkingDirectory"] == job.folder
    assert said["StartBoundary"].endswith("T06:05:00")
    assert {"Monday", "Friday"} <= said.keys()
    assert "Sunday" not in said


@pytest.mark.parametrize(
    ("name", "outside"), [("../x.yaml", True), ("/srv/x.yaml", True), ("x.yaml", False), ("/workspace/x.yaml", False)]
)
def test_a_container_sees_only_what_is_mounted(run: Any, name: str, outside: bool) -> None:
    ended = run("schedule", "k8s", "--ruleset", name, "--estate", "estate")
    assert (f"{name} leads out of the mounted /workspace" in ended.err) is outside
