"""A kept finding explains itself by its id."""

from __future__ import annotations

from typing import Any


def test_a_finding_is_explained_by_its_id_or_its_beginning(kept: Any) -> None:
    finding = next(name for name in kept.ids() if name.startswith("LOCAL-1"))
    ran = kept.call("explain", finding)
    assert ran.code == 0
    for words in (
        "owner 王五 has retired",
        "clause: 一-1 群主在职",
        "[new]",
        "#1  new",
        "groups.csv row",
        "owner = 王五",
    ):
        assert words in ran.out, words
    assert kept.call("explain", finding[:-4]).out == ran.out
    kept.estate(16, people="id,name,status,status_since\np1,张三,active,\np2,李四,active,\np3,王五,active,\n")
    kept.check()
    assert "resolved" in kept.call("explain", finding).out


def test_rules_are_still_explained_and_what_is_neither_is_refused(kept: Any) -> None:
    assert kept.call("explain", "OWN001").code == 0
    assert kept.call("explain", "ownership/owner-in-post").code == 0
    assert kept.call("explain", "LOCAL-1-0000dead").code == 2
    assert kept.call("explain", "ownership/owner-in-pst").code == 2


def test_without_a_workspace_only_rules_are_known(office: Any) -> None:
    assert office.call("explain", "OWN001-0000dead").code == 2
