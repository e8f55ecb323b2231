"""``policycore demo`` as a person runs it: an empty folder, no terminal, then the commands it names."""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from policycore.text.width import width
from tests.command_line import Run
from tests.demo.test_labels import OTHERS


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the folder in which the demo ran and what it printed."""
    folder = tmp_path_factory.mktemp("command")
    done = subprocess.run(
        [sys.executable, "-m", "policycore", "--lang", "zh", "demo"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder, done.stdout


def test_the_summary_fits_80_columns_and_has_no_colour_in_a_pipe(shown: tuple[Path, str]) -> None:
    lines = shown[1].splitlines()
    assert max(width(line) for line in lines) <= 80
    assert "\x1b" not in shown[1]


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions on Windows")
def test_whatever_it_writes_is_its_owner_s_alone(shown: tuple[Path, str]) -> None:
    made = [shown[0] / "policycore-demo", *(shown[0] / "policycore-demo").rglob("*")]
    assert len(made) > 60
    assert {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in made} == {(True, 0o700), (False, 0o600)}


def test_every_count_in_the_summary_is_what_was_planted(
    shown: tuple[Path, str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, text = shown
    monkeypatch.chdir(folder / "policycore-demo")
    lines = (folder / "policycore-demo" / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    labels = {
        (label["rule"], label["subject_id"], label["verdict"])
        for label in map(json.loads, lines)
        if label["verdict"] in ("fail", "suspect") and label["rule"] not in OTHERS
    }
    report = json.loads(run("report", "latest", "--format", "json").out)
    found = [(one["name"], one["subject"]["id"], one["verdict"]) for one in report["findings"]]
    # Of one subject a rule may find several things.
    assert {one for one in found if one[2] in ("fail", "suspect")} == labels
    verdicts = [one[2] for one in found] + ["unknown"] * sum(gap["count"] for gap in report["gaps"])
    counted = [
        line.split()[-3:] for line in text.splitlines() if line.startswith(("  必须整改", "  应当整改", "  提示"))
    ]
    assert len(counted) == 3
    for column, verdict in enumerate(("fail", "suspect", "unknown")):
        assert sum(int(numbers[column]) for numbers in counted) == verdicts.count(verdict), verdict


def test_departments_stand_by_name_as_in_every_report(shown: tuple[Path, str]) -> None:
    text = shown[1]
    places = [text.index(name) for name in ("按部门", *(f"{name} " for name in sorted(("组织部", "审计处", "校团委"))))]
    assert places == sorted(places)
    assert "不是排名" in text


@pytest.mark.long
def test_the_commands_it_names_work_as_they_stand(
    shown: tuple[Path, str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, text = shown
    commands = re.sub(r" \\\n +", " ", text[text.index("接下来") :])
    named = [shlex.split(line.strip())[1:] for line in commands.splitlines() if line.startswith("  policycore ")]
    assert [arguments[0] for arguments in named] == ["tui", "check", "explain", "clauses", "import", "check"]
    # All of them from one folder: none leads away from where the next one is right.
    assert named.pop(0) == ["tui", "--workspace", "policycore-demo"]
    assert "cd " not in text
    # The screens need a terminal; their own tests open this very command in one.
    monkeypatch.chdir(folder)
    for arguments in named:
        done = run(*arguments)
        # A check ends with 1, for it finds what was planted.
        assert done.code == (1 if arguments[0] == "check" else 0), (arguments, done.err)
    assert "</html>" in (folder / "report.html").read_text(encoding="utf-8")


def test_the_workspace_has_something_new_solved_back_and_overdue(
    shown: tuple[Path, str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shown[0] / "policycore-demo")
    assert run("history").out.count("xxu-2024-wechat-groups") == 3
    counted = dict(line.split()[::-1] for line in run("findings", "--count", "state", "--all").out.splitlines())
    assert {"new", "open", "resolved", "reopened"} <= counted.keys()
    changed = json.loads(run("diff", "previous", "latest", "--json").out)
    assert changed["new"]
    assert changed["fixed"]
    assert "overdue since" in run("--lang", "en", "findings", "--due-before", "2024-04-15").out


@pytest.mark.long
def test_a_second_demo_says_the_same_in_english_and_leaves_the_workspace_to_whoever_works_in_it(
    shown: tuple[Path, str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shown[0])
    done = run("demo", "--lang", "en")
    assert done.code == 0
    assert "How to go on" in done.out
    assert max(width(line) for line in done.out.splitlines()) <= 80
    numbers = re.compile(r" (\d+)")
    english = done.out.partition("By severity")[2].partition("more passed")[0]
    chinese = shown[1].partition("按严重程度")[2].partition("项合规")[0]
    assert numbers.findall(english) == numbers.findall(chinese)
    monkeypatch.chdir("policycore-demo")
    assert run("history").out.count("xxu-2024-wechat-groups") == 3


def test_a_folder_with_other_content_ends_with_usage(tmp_path: Path, run: Run) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    done = run("demo", tmp_path)
    assert done.code == 2
    assert done.out == ""
    assert "Traceback" not in done.err
