"""Heads of the audit trail that are kept elsewhere show what was cut off."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from policycore.errors import DataError
from policycore.operations.audit_trail import keep_head


def test_heads_are_kept_run_by_run_and_show_a_trail_that_was_cut(kept: Any) -> None:
    for day in (16, 17):
        kept.estate(day)
        assert kept.check("--head-to", "heads.txt").code == 1
    lines = (kept.folder / "heads.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split()[2] for line in lines] == ["2", "3"]
    assert kept.call("audit", "verify", "--heads", "heads.txt").out.split() == [lines[1].split()[0]]
    with closing(sqlite3.connect(kept.folder / ".policycore" / "store.sqlite3")) as raw:
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("DROP TRIGGER audit_no_delete")
        raw.execute("DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)")
        raw.commit()
    ended = kept.call("audit", "verify", "--heads", "heads.txt")
    assert ended.code == 3
    assert "cut off" in ended.err


@pytest.mark.parametrize(
    "place", ["no/such/folder/heads.txt", ".", "http://example.org/heads", "https://", "ftp://x/y"]
)
def test_a_place_where_no_heads_can_be_kept_is_refused_before_the_check(kept: Any, place: str) -> None:
    ended = kept.check("--head-to", place)
    assert (ended.code, ended.out) == (2, "")
    assert len(kept.call("history").out.splitlines()) == 1


def test_a_run_that_is_not_recorded_has_no_head(kept: Any) -> None:
    assert kept.check("--no-store", "--head-to", "heads.txt").code == 2


def test_a_head_that_could_not_be_sent_is_told_without_the_secret_in_its_address() -> None:
    with pytest.raises(DataError) as caught:
        keep_head("https://127.0.0.1:1/hook?key=secret", "0" * 64, 1)
    assert "127.0.0.1" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_heads_that_cannot_be_read_are_an_error(kept: Any) -> None:
    assert kept.call("audit", "verify", "--heads", "nowhere.txt").code == 3
