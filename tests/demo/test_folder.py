"""The demo writes into its own folder and overwrites nobody's files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policycore.demo.folder import MARKER, write_demo
from policycore.demo.generate import MINIMUM_GROUPS
from policycore.errors import ExitCode, UsageError


def _write(folder: Path, *, force: bool = False, seed: int = 1) -> None:
    write_demo(folder, seed=seed, groups=MINIMUM_GROUPS, force=force)


def test_it_writes_into_a_new_folder_and_again_into_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    _write(folder)
    before = (folder / "estate" / "people.csv").read_bytes()
    _write(folder, seed=2)
    assert (folder / "estate" / "people.csv").read_bytes() != before
    assert sorted(path.name for path in folder.iterdir()) == ["estate", "forms", "labels.jsonl", MARKER]


def test_foreign_content_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        _write(tmp_path)
    assert raised.value.problems[0].code == "demo.foreign"
    assert raised.value.exit_code == ExitCode.USAGE
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_force_leaves_foreign_files_in_place(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    _write(tmp_path, force=True)
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "estate" / "manifest.yaml").is_file()


def test_a_file_changed_by_hand_is_named_and_kept(tmp_path: Path) -> None:
    _write(tmp_path)
    changed = tmp_path / "estate" / "people.csv"
    changed.write_text("id,name\n", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        _write(tmp_path)
    assert [problem.code for problem in raised.value.problems] == ["demo.changed"]
    assert changed.read_text(encoding="utf-8") == "id,name\n"


def test_a_report_put_beside_the_demo_survives(tmp_path: Path) -> None:
    _write(tmp_path)
    (tmp_path / "report.html").write_text("report", encoding="utf-8")
    _write(tmp_path, seed=3)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "report"


def test_a_marker_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("keep", encoding="utf-8")
    folder = tmp_path / "demo"
    folder.mkdir()
    marker = {"policycore": 1, "files": {"../victim.txt": "0" * 64}}
    (folder / MARKER).write_text(json.dumps(marker), encoding="utf-8")
    with pytest.raises(UsageError):
        _write(folder)
    _write(folder, force=True)
    assert victim.read_text(encoding="utf-8") == "keep"


def test_a_file_in_the_way_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "demo"
    path.write_text("", encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        _write(path)
    assert raised.value.problems[0].code == "demo.no-folder"
