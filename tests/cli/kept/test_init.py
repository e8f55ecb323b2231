"""A workspace is made once, completely, with a private key."""

from __future__ import annotations

import stat
from typing import Any

import pytest


def test_a_workspace_is_complete_and_says_what_comes_next(office: Any) -> None:
    ran = office.call("init")
    assert ran.code == 0
    assert ran.out == ""
    assert "policycore check" in ran.err
    folder = office.folder / ".policycore"
    names = {path.name for path in folder.iterdir()}
    assert {"workspace.yaml", "store.sqlite3", "snapshots", "waivers.yaml", "attestations.yaml", "key"} <= names
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
    assert len(bytes.fromhex((folder / "key").read_text().strip())) == 32
    assert [path.name for path in office.folder.glob(".policycore-*")] == []


def test_a_second_init_changes_nothing(office: Any) -> None:
    office.call("init")
    folder = office.folder / ".policycore"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and "store" not in path.name}
    assert office.call("init").code == 0
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_another_folder_and_another_store(office: Any) -> None:
    assert office.call("init", "there", "--store", "../other.sqlite3").code == 0
    assert (office.folder / "there" / "other.sqlite3").is_file()
    assert office.call("history", "--workspace", "there").code == 0


def test_a_folder_that_cannot_be_made_is_an_error_in_words(office: Any) -> None:
    (office.folder / "file").write_text("x")
    ran = office.call("init", "file/below")
    assert ran.code == 3
    assert "cannot be written" in ran.err


def test_a_network_disk_is_refused(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from policycore.store import connect

    monkeypatch.setattr(connect, "file_system_of", lambda _path: "nfs4")
    ran = office.call("init")
    assert ran.code == 3
    assert "network file system (nfs4)" in ran.err


@pytest.mark.parametrize("command", ["findings", "history", "diff", "report", "waive", "attest", "snapshots"])
def test_without_a_workspace_every_command_says_how_to_get_one(office: Any, command: str) -> None:
    ran = office.call(command)
    assert ran.code == 2
    assert "policycore init" in ran.err


def test_settings_that_nobody_understands(office: Any) -> None:
    office.call("init")
    (office.folder / ".policycore" / "workspace.yaml").write_text("policycore: 1\nstroe: x\n")
    ran = office.call("history")
    assert ran.code == 3
    assert "workspace.yaml" in ran.err


@pytest.mark.parametrize("store", ["mysql://u:GEHEIM@h/d", "postgresql://u:GEHEIM@127.0.0.1:1/d", "nowhere/x.sqlite3"])
def test_a_store_that_cannot_be_opened_leaves_no_workspace_behind(office: Any, store: str) -> None:
    ran = office.call("init", "--store", store)
    assert ran.code in (2, 3)
    assert "GEHEIM" not in ran.err + ran.out
    assert [path.name for path in office.folder.glob(".policycore*")] == []
    assert office.call("init").code == 0


def test_another_store_for_a_workspace_that_is_there_is_not_passed_over(office: Any) -> None:
    assert office.call("init", "--store", "one.sqlite3").code == 0
    assert office.call("init", "--store", "one.sqlite3").code == 0
    ran = office.call("init", "--store", "two.sqlite3")
    assert ran.code == 2
    assert "another store" in ran.err
    assert not (office.folder / ".policycore" / "two.sqlite3").exists()


def test_an_init_that_fails_midway_leaves_nothing(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from policycore.store import workspace

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workspace.os, "fsync", full)
    assert office.call("init").code == 3
    assert [path.name for path in office.folder.glob(".policycore*")] == []
