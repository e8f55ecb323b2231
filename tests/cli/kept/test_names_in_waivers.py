"""Waivers name rules, people, groups and findings as people write them; what nothing bears is told by its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.kept.conftest import ONE_WAIVER, TABLES

FILE = ".policycore/waivers.yaml"


def checked(kept: Any, old: str = "", new: str = "") -> tuple[str, dict[str, int]]:
    """Return what a check with a changed waiver says on stderr, and its findings by verdict."""
    assert old in ONE_WAIVER
    (kept.folder / FILE).write_text(ONE_WAIVER.replace(old, new), encoding="utf-8")
    ended = kept.check("--no-store", "--format", "json")
    verdicts: dict[str, int] = json.loads(ended.out)["summary"]["by_verdict"]
    return ended.err, verdicts


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("rule: LOCAL-1", "rule: local/owner-retired"),
        ("approver: p2", "approver: 李四"),
        ("requester: p1", "requester: 张三"),
        ("{subjects: [g1]}", "{groups: [g1]}"),
        ("{subjects: [g1]}", "{groups: [工作一群]}"),
        ("{subjects: [g1]}", "{subjects: [工作一群]}"),
        ("{subjects: [g1]}", "{departments: [d1]}"),
        ("{subjects: [g1]}", "{departments: [教务处]}"),
        ("reason: legacy", "reason: 历史遗留"),
        ("reason: legacy", "reason: 过渡期"),
        ("reason: legacy", "reason: Special duty"),
        ("rule: LOCAL-1", "clause: 一-1"),
        ("rule: LOCAL-1", "clause: '一－ 1'"),
    ],
)
def test_ids_and_unique_names_are_taken(kept: Any, old: str, new: str) -> None:
    said, verdicts = checked(kept, old, new)
    assert verdicts["waived"] == 1
    assert FILE not in said


def test_the_id_that_every_list_prints_is_taken(kept: Any) -> None:
    (first, _) = kept.ids("--verdict", "fail")
    said, verdicts = checked(kept, "{subjects: [g1]}", f"{{findings: [{first}]}}")
    assert verdicts["waived"] == 1
    assert FILE not in said


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("rule: LOCAL-1", "rule: local/owner-retird", "3:20", ("local/owner-retird", "local/owner-retired")),
        ("rule: LOCAL-1", "rule: LOCAL-2", "3:20", ("LOCAL-2", "LOCAL-1")),
        ("rule: LOCAL-1", "clause: 一-2", "3:22", ("一-2", "一-1")),
        ("approver: p2", "approver: 李思", "3:106", ("李思", "李四")),
        ("requester: p1", "requester: p9", "3:92", ("p9",)),
        ("{subjects: [g1]}", "{groups: [工作七群]}", "3:46", ("工作七群", "工作")),
        ("{subjects: [g1]}", "{groups: [g1, g7]}", "3:50", ("g7",)),
        ("{subjects: [g1]}", "{departments: [教务]}", "3:51", ("教务", "教务处")),
        ("{subjects: [g1]}", "{subjects: [g9]}", "3:48", ("g9",)),
        ("{subjects: [g1]}", "{findings: [LOCL-1-0123456789ab]}", "3:48", ("LOCL-1-0123456789ab",)),
        ("{subjects: [g1]}", "{findings: [abc]}", "3:48", ("abc",)),
    ],
)
def test_what_nothing_bears_is_told_by_its_place(
    kept: Any, old: str, new: str, place: str, words: tuple[str, ...]
) -> None:
    said, _ = checked(kept, old, new)
    (line,) = [line for line in said.splitlines() if FILE in line]
    assert f"{FILE}:{place}:" in line
    for word in words:
        assert word in line
    for cause in ("tightened", "nothing needs it", "not in post"):
        assert cause not in said


def test_a_name_of_several_is_told_and_none_is_picked(kept: Any) -> None:
    kept.estate(people=TABLES["people"] + "p4,李四,active,\n", groups=TABLES["groups"].replace("二群", "一群"))
    said, verdicts = checked(kept, "approver: p2", "approver: 李四")
    assert "p2, p4" in said
    assert "waived" not in verdicts
    said, verdicts = checked(kept, "{subjects: [g1]}", "{groups: [工作一群]}")
    assert "g1, g2" in said
    assert "waived" not in verdicts


def test_who_asked_cannot_approve_under_the_name(kept: Any) -> None:
    said, verdicts = checked(kept, "requester: p1, approver: p2", "requester: p2, approver: 李四")
    assert "waived" not in verdicts
    assert "the person who asked" in said


def test_nothing_is_told_of_what_was_taken_back(kept: Any) -> None:
    said, _ = checked(kept, "rule: LOCAL-1", "withdrawn: '2024-04-02T00:00:00+08:00', rule: LOCAL-9")
    assert FILE not in said


def test_a_word_that_is_wrong_does_not_spoil_the_others(kept: Any) -> None:
    said, verdicts = checked(kept, "{subjects: [g1]}", "{groups: [g1, g7]}")
    assert "g7" in said
    assert verdicts["waived"] == 1
