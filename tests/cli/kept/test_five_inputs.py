"""The same five inputs give the same bytes, the report names them, and each of them alone changes its own name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from policycore.engine import code as judging
from policycore.model.result import NO_DECISIONS
from tests.cli.kept.conftest import ONE_WAIVER as WAIVER
from tests.command_line import copy_folder

# The wall clock is in metrics.
STEADY = ("text", "json", "csv", "md", "html", "junit", "xlsx", "sarif")
ZONES, LOCALES = ("UTC", "America/New_York"), ("zh_CN.UTF-8", "en_US.UTF-8")
CHECK = """\
import functools, sys
import policycore.engine.run as run
run.evaluate = functools.partial(run.evaluate, threads=int(sys.argv[1]))
from policycore.cli.main import main
assert main(["check", "--ruleset", "set.yaml", "--estate", "estate", "--lang", "zh", "--output", "checked"]) == 1
for name in sys.argv[2:]:
    assert main(["report", "latest", "--lang", "zh", "--format", name, "--output", f"report.{name}"]) == 0, name
"""
INPUTS = ("snapshot", "ruleset_hash", "decisions_hash", "as_of", "engine_code")


def report(office: Any, *options: str) -> dict[str, Any]:
    """Return the JSON report of a check that keeps nothing."""
    ran = office.check("--no-store", "--format", "json", *options)
    found: dict[str, Any] = json.loads(ran.out)
    return found


def waive(office: Any, text: str = WAIVER) -> None:
    (office.folder / ".policycore" / "waivers.yaml").write_text(text, encoding="utf-8")


def process(office: Any, threads: int, names: tuple[str, ...]) -> dict[str, bytes]:
    """Return what a check in a process of its own, on a copy, writes and what its reports are, by format."""
    folder = office.folder.with_name(f"threads-{threads}")
    copy_folder(office.folder, folder)
    ended = subprocess.run(
        [sys.executable, "-c", CHECK, str(threads), *names],
        cwd=folder,
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": str(threads), "TZ": ZONES[threads % 2], "LANG": LOCALES[threads % 2]},
    )
    assert ended.returncode == 0, ended.stderr
    files = {"checked": folder / "checked", **{name: folder / f"report.{name}" for name in names}}
    return {name: file.read_bytes() for name, file in files.items()}


@pytest.mark.long
def test_two_processes_with_other_threads_write_the_same_bytes(kept: Any) -> None:
    waive(kept)
    header = "id,source,platform,name,kind,department_id,owner_id,created_at,dissolved_at\n"
    rows = (f"g{n},register,wechat,工作群{n},standing,d{n % 2 + 1},a3,2023-01-01,\n" for n in range(200))
    kept.estate(16, groups=header + "".join(rows))
    # The other way round in the second process: no format may write what one before it left behind.
    first, second = process(kept, 1, STEADY), process(kept, 4, STEADY[::-1])
    for name in ("checked", *STEADY):
        assert first[name] == second[name], name
        assert len(first[name]) > 5000, name


def change_snapshot(office: Any, _patch: pytest.MonkeyPatch) -> dict[str, Any]:
    office.estate(groups=office.groups_without("g2"))
    return report(office)


def change_rules(office: Any, _patch: pytest.MonkeyPatch) -> dict[str, Any]:
    file = office.folder / "set.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("severity: error", "severity: info"), encoding="utf-8")
    return report(office)


def change_decisions(office: Any, _patch: pytest.MonkeyPatch) -> dict[str, Any]:
    waive(office)
    return report(office)


def change_time(office: Any, _patch: pytest.MonkeyPatch) -> dict[str, Any]:
    return report(office, "--as-of", "2024-04-14T00:00:00+08:00")


def change_code(office: Any, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    patch.setattr(judging, "_own_code", lambda: "0" * 64)
    return report(office)


def test_each_input_alone_changes_its_own_name(kept: Any) -> None:
    changes = (change_snapshot, change_rules, change_decisions, change_time, change_code)
    as_it_was = {path: path.read_bytes() for path in (*(kept.folder / "estate").iterdir(), kept.folder / "set.yaml")}
    before = report(kept)
    assert report(kept) == before
    for change, named in zip(changes, INPUTS, strict=True):
        with pytest.MonkeyPatch.context() as patch:
            after = change(kept, patch)
        assert [name for name in INPUTS if before[name] != after[name]] == [named]
        for path, content in as_it_was.items():
            path.write_bytes(content)
        (kept.folder / ".policycore" / "waivers.yaml").unlink(missing_ok=True)
    assert report(kept) == before


def test_decisions_are_hashed_as_they_are_read(kept: Any, tmp_path: Path) -> None:
    assert report(kept)["decisions_hash"] == NO_DECISIONS
    waive(kept)
    named = report(kept)["decisions_hash"]
    waive(kept, "# reviewed on Monday\n" + WAIVER)
    assert report(kept)["decisions_hash"] == named
    waive(kept, WAIVER.replace("换人中", "换人"))
    assert report(kept)["decisions_hash"] not in (named, NO_DECISIONS)
    assert NO_DECISIONS not in kept.check("--no-store", "--format", "sarif").out


def test_without_a_workspace_there_are_no_decisions(office: Any) -> None:
    assert report(office)["decisions_hash"] == NO_DECISIONS


def test_people_and_machines_are_told_what_a_report_rests_on(kept: Any) -> None:
    waive(kept)
    named = report(kept)
    for name in ("text", "md", "html", "sarif", "prom"):
        joined = "".join(kept.check("--no-store", "--format", name).out.split())
        length = 64 if name in ("sarif", "prom") else 12
        for one in ("decisions_hash", "engine_code", "ruleset_hash"):
            assert named[one][:length] in joined, (name, one)


def test_a_stored_run_keeps_the_names_of_its_inputs(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    waive(kept)
    said = kept.check("--format", "json").out
    waive(kept, WAIVER.replace("换人中", "换人"))
    monkeypatch.setattr(judging, "_own_code", lambda: "0" * 64)
    assert kept.call("report", "latest", "--format", "json").out == said


@pytest.fixture
def judged_by_other_code(office: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give an office whose only run was judged by code that is gone."""
    assert office.call("init").code == 0
    with monkeypatch.context() as patch:
        patch.setattr(judging, "_own_code", lambda: "0" * 64)
        patch.setattr(judging, "version", lambda _name: "0.1")
        assert office.check().code == 1
    return office


def test_a_replay_by_other_code_says_so_and_what_differs(judged_by_other_code: Any) -> None:
    office = judged_by_other_code
    snapshot = office.call("snapshots").out.split()[0]
    replay = ("check", "--snapshot", snapshot, "--no-store", "--format")
    words = "the rule set is that of run 1, the code that judged is not"
    for name in ("text", "json", "md", "html", "sarif"):
        ran = office.call(*replay, name, "--ruleset", "set.yaml@1")
        assert ran.code == 1
        assert words in ran.err
        assert "policycore" in ran.err
        assert "duckdb 0.1 → " in ran.err
        assert words in " ".join(ran.out.split()), name
    # Today's rules on the data of then promise nothing of the code.
    assert words not in office.call(*replay, "text", "--ruleset", "set.yaml").err
    assert words in office.call("impact", "set.yaml@1", "set.yaml").err


def test_a_replay_by_the_same_code_has_nothing_to_say(kept: Any) -> None:
    snapshot = kept.call("snapshots").out.split()[0]
    then = kept.call("report", "1", "--format", "json").out
    ran = kept.call("check", "--snapshot", snapshot, "--ruleset", "set.yaml@1", "--format", "json", "--no-store")
    assert json.loads(ran.out)["notes"] == []
    assert ran.out == then


def test_a_note_is_kept_with_its_run(judged_by_other_code: Any) -> None:
    office = judged_by_other_code
    snapshot = office.call("snapshots").out.split()[0]
    said = office.call("check", "--snapshot", snapshot, "--ruleset", "@1", "--format", "json").out
    assert [note["code"] for note in json.loads(said)["notes"]] == ["operations.code.other"]
    assert office.call("report", "2", "--format", "json").out == said
