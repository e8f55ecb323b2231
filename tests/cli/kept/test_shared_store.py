"""Two colleagues, each with a workspace of their own, on one PostgreSQL: what one decides holds for both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.kept.conftest import ONE_WAIVER

WAIVE = (
    *("--reason", "transition", "--text", "待任命", "--requester", "张三", "--approver", "李四"),
    *("--until", "2024-05-01", "--approved", "2024-04-14"),
)


@pytest.fixture
def colleagues(office: Any, fresh_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that runs a command as one of two colleagues on one store."""
    address = fresh_database()

    def call(who: str, *command: str) -> Any:
        monkeypatch.setenv("LOGNAME", who)
        monkeypatch.setenv("USER", who)
        return office.call(*command, "--workspace", str(office.folder / who))

    for who in ("an", "bo"):
        assert office.call("init", str(office.folder / who), "--store", address).code == 0
    return call


def check(call: Any, who: str) -> Any:
    return call(who, "check", "--ruleset", "set.yaml", "--estate", "estate")


def states(call: Any, who: str) -> dict[str, int]:
    lines = call(who, "findings", "--all", "--count", "state").out.splitlines()
    return {line.split("\t")[1]: int(line.split("\t")[0]) for line in lines}


def test_what_one_decides_holds_for_both(office: Any, colleagues: Any) -> None:
    check(colleagues, "an")
    (finding,) = [line.split()[0] for line in colleagues("an", "findings", "--group", "g1").out.splitlines()[:1]]
    assert colleagues("an", "waive", finding, *WAIVE).code == 0
    for who in ("bo", "an", "bo"):
        assert check(colleagues, who).code == 1
        assert states(colleagues, who) == {"waived": 1, "new": 2} or states(colleagues, who) == {"waived": 1, "open": 2}
    assert colleagues("bo", "waive", "--list").out == colleagues("an", "waive", "--list").out
    (other,) = [line.split()[0] for line in colleagues("an", "findings", "--group", "g2").out.splitlines()[:1]]
    assert colleagues("an", "dispute", other, "--text", "名册有误").code == 0
    assert "名册有误" in colleagues("bo", "findings", "--group", "g2").out
    # A file that only one of them has would make the finding flip: it is refused.
    (office.folder / "bo" / ".policycore" / "waivers.yaml").write_text(ONE_WAIVER, encoding="utf-8")
    ran = check(colleagues, "bo")
    assert (ran.code, "waive --import" in ran.err) == (2, True)
    assert colleagues("bo", "waive", "--import").code == 0
    assert [check(colleagues, who).code for who in ("an", "bo")] == [1, 1]
    assert colleagues("an", "waive", "--withdraw", "w1").code == 0
    assert colleagues("an", "audit", "verify").code == 0


def test_a_file_does_not_count_in_a_shared_store_without_decisions_either(office: Any, colleagues: Any) -> None:
    (office.folder / "bo" / ".policycore" / "waivers.yaml").write_text(ONE_WAIVER, encoding="utf-8")
    ran = check(colleagues, "bo")
    assert (ran.code, "colleagues" in ran.err) == (2, True)


def test_a_folder_is_no_store(kept: Any) -> None:
    for command in (("history",), ("check", "--ruleset", "set.yaml", "--estate", "estate")):
        told = kept.call(*command, "--store", ".")
        assert (told.code, "internal error" in told.err) == (3, False), told.err
