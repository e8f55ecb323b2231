"""What a signed statement may ask for, and what the list says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

OPTIONS = ("--person", "李四", "--signed", "2024-04-10T00:00:00+08:00", "--evidence", "scan.pdf")


def test_more_days_than_the_rule_set_allows_are_refused(kept: Any) -> None:
    Path("scan.pdf").write_bytes(b"signed")
    ran = kept.call("attest", "二-1", *OPTIONS, "--valid-days", "900")
    assert ran.code == 2
    assert "more than the 180 days" in ran.err
    assert kept.call("attest", "二-1", *OPTIONS, "--valid-days", "180").code == 0


def test_the_same_statement_is_recorded_once(kept: Any) -> None:
    Path("scan.pdf").write_bytes(b"signed")
    assert kept.call("attest", "二-1", *OPTIONS).out == "A-20240410-1\n"
    again = kept.call("attest", "二-1", *OPTIONS, "--text", "other words")
    assert (again.code, "recorded as A-20240410-1" in again.err) == (2, True)
    Path("scan.pdf").write_bytes(b"signed again")
    assert kept.call("attest", "二-1", *OPTIONS).code == 0, "another paper is another statement"


def test_the_list_says_when_a_statement_ends(kept: Any) -> None:
    Path("scan.pdf").write_bytes(b"signed")
    kept.call("attest", "二-1", *OPTIONS, "--valid-days", "5")
    kept.check()
    assert "2024-04-14 (that day included)" in kept.call("attest", "--list").out
