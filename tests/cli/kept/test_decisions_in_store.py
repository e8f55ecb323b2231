"""Decisions live in the store: files are carried in and out, and what was altered past the program never counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.kept.conftest import ONE_WAIVER
from tests.cli.kept.test_waive import waive


def test_a_file_counts_alone_and_is_refused_beside_the_store_until_it_is_imported(kept: Any) -> None:
    file = kept.folder / ".policycore" / "waivers.yaml"
    file.write_text(ONE_WAIVER, encoding="utf-8")
    alone = json.loads(kept.check("--format", "json").out)
    assert kept.states()["waived"] == 1
    # A command would make the store the place where decisions live.
    (other,) = kept.ids("--group", "g2")
    ran = waive(kept, other)
    assert (ran.code, "waivers.yaml:3:5: waiver w1" in ran.err, "waive --import" in ran.err) == (2, True, True)
    assert kept.call("waive", "--withdraw", "w1").code == 2
    ran = kept.call("waive", "--import")
    assert (ran.code, ran.err) == (0, "1 imported, 0 were in the store before\n")
    assert kept.call("waive", "--import").err == "0 imported, 1 were in the store before\n"
    assert json.loads(kept.check("--format", "json").out)["findings"] == alone["findings"]
    assert waive(kept, other).code == 0
    assert kept.call("waive", "--withdraw", "w1").code == 0
    assert kept.check().code == 1, "the store has the word, whatever the file that was imported says"
    assert kept.states() == {"reopened": 1, "waived": 1, "open": 1}
    # What the store does not hold is refused, by every command, and named.
    for text in (ONE_WAIVER.replace("w1", "w2"), ONE_WAIVER.replace("换人中", "换人")):
        file.write_text(text, encoding="utf-8")
        for ran in (kept.check(), kept.check("--no-store"), kept.call("waive", "--list"), waive(kept, other)):
            assert (ran.code, "waivers.yaml:3:5" in ran.err, "waive --import" in ran.err) == (2, True, True)
    assert "another waiver w1" in kept.call("waive", "--import").err
    file.unlink()
    assert kept.call("waive", "--import").code == 2
    assert kept.call("audit", "verify").code == 0


@pytest.mark.parametrize("kind", ["waive", "attest"])
def test_what_is_exported_is_what_another_store_imports(kept: Any, tmp_path: Path, kind: str) -> None:
    Path("scan.pdf").write_bytes(b"signed")
    signed = ("二-1", "--person", "李四", "--signed", "2024-04-10", "--evidence", "scan.pdf", "--valid-days", "90")
    assert kept.call("attest", *signed, "--text", "是: #否").code == 0
    assert waive(kept, "--baseline", reason="baseline").code == 0
    assert waive(kept, *kept.ids("--group", "g1"), text="“一”\u2028: 二").code == 0
    kept.call(kind, "--withdraw", "W-20240414-1" if kind == "waive" else "A-20240410-1")
    file = tmp_path / "all.yaml"
    kept.call(kind, "--export", str(file))
    assert kept.call("init", str(tmp_path / "other")).code == 0
    other = ("--workspace", str(tmp_path / "other"))
    assert kept.call(kind, "--import", str(file), *other).code == 0
    assert kept.call(kind, "--export", *other).out == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE decisions SET until = until + 1", "waiver W-20240414-1"),
        ("UPDATE decisions SET state = 'in-force', ended = NULL", "waiver W-20240414-1"),
        ("UPDATE decisions SET body = 'x'", "waiver W-20240414-1"),
        ("DELETE FROM decisions", "waiver W-20240414-1"),
        (
            "INSERT INTO decisions SELECT 9, kind, 'W-9', ruleset, covers, reason, person, at, until, evidence, body,"
            " 'in-force', NULL, '', '' FROM decisions",
            "waiver W-9",
        ),
    ],
)
def test_a_decision_that_was_altered_past_this_program_is_named_and_never_counts(
    kept: Any, statement: str, named: str
) -> None:
    import sqlite3

    waive(kept, *kept.ids("--group", "g1"))
    kept.call("waive", "--withdraw", "W-20240414-1")
    with sqlite3.connect(kept.folder / ".policycore" / "store.sqlite3") as store:
        store.execute(statement)
    store.close()
    for ran in (kept.check(), kept.call("waive", "--list"), kept.call("audit", "verify")):
        assert (ran.code, named in ran.err) == (3, True), ran.err


OTHER_SET = """\
policycore: 1
ruleset: other-set
title: {zh: 另一, en: Other}
document: {title: 通知, clauses: [{id: 三-1, text: 其他}]}
rules:
  - id: LOCAL-9
    name: local/other
    clause: [三-1]
    severity: info
    sql: "SELECT id AS group_id FROM groups WHERE id = 'g2'"
    message: {zh: "二群", en: "two"}
"""


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_check_has_nothing_to_say_of_decisions_of_another_rule_set(kept: Any, by_hand: bool) -> None:
    Path("other.yaml").write_text(OTHER_SET, encoding="utf-8")
    if by_hand:
        (kept.folder / ".policycore" / "waivers.yaml").write_text(ONE_WAIVER, encoding="utf-8")
        kept.check()
    else:
        Path("scan.pdf").write_bytes(b"signed")
        signed = ("--person", "李四", "--signed", "2024-04-10", "--evidence", "scan.pdf")
        assert waive(kept, *kept.ids("--group", "g1")).code == 0
        assert kept.call("attest", "二-1", *signed).code == 0
    for day in (15, 16):
        kept.estate(day, groups=kept.groups_without(f"g{day - 13}"))
        ran = kept.call("check", "--ruleset", "other.yaml", "--estate", "estate", "--quiet", "--log", "log")
        assert ran.err == ""
    # Its own rule set goes on telling what expires or names nothing.
    kept.estate(25)
    assert "expires" in kept.check().err or by_hand


def test_a_list_of_decisions_names_what_they_are_about_and_who_decided(kept: Any) -> None:
    Path("scan.pdf").write_bytes(b"signed")
    signed = ("--person", "李四", "--signed", "2024-04-10", "--evidence", "scan.pdf")
    ran = kept.call("attest", "二-1", "--for", "资产处", *signed)
    assert (ran.code, "asks no statement of “资产处”" in ran.err, "the whole estate" in ran.err) == (2, True, True)
    assert "二-9" in kept.call("attest", "二-9", "--for", "资产处", *signed).err
    assert kept.call("attest", "二-1", *signed).code == 0
    waive(kept, *kept.ids("--group", "g1"))
    assert "  二-1 estate  p2" in kept.call("attest", "--list").out
    assert "  local/owner-retired  p2  待任命" in kept.call("waive", "--list").out


def test_two_who_decide_at_once_get_ids_of_their_own(kept: Any) -> None:
    from policycore.decisions.waivers import Scope
    from policycore.operations.decide import keep, latest_findings
    from policycore.store.workspace import find_workspace
    from tests.decisions.conftest import waiver

    workspace = find_workspace(None, None)
    assert workspace is not None
    # Both were told that the first number of the day is free.
    asked = waiver(id="W-20240414-1", scope=Scope(groups=frozenset({"g1"})))
    with workspace.open_store() as store:
        case, _ = latest_findings(workspace, store, (), None)
        with store.write() as connection:
            made = [keep(connection, "waive", asked, {}, case) for _ in range(2)]
    assert made == ["W-20240414-1", "W-20240414-2"]
    assert kept.call("audit", "verify").code == 0
