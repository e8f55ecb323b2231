"""What commands ask that are given no estate: the data of the workspace's newest run."""

from __future__ import annotations

from typing import Any

import pytest

from policycore.errors import ExitCode

ASKED = (
    ("query", "SELECT count(*) AS n FROM groups"),
    ("forms", "status", "--kind", "部门"),
    ("plan", "membership", "--all"),
    ("try", "set.yaml#LOCAL-1"),
)


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked[0])
def test_what_was_checked_last_is_asked(kept: Any, asked: tuple[str, ...]) -> None:
    estate = kept.folder / "estate"
    ruleset = ("--ruleset", "set.yaml") if asked[0] == "plan" else ()
    named = kept.call(*asked, "--estate", str(estate), *ruleset)
    for table in estate.iterdir():
        table.unlink()
    last = kept.call(*asked)
    assert last.code == named.code
    # What follows may say how long it took.
    assert last.out.splitlines()[:2] == named.out.splitlines()[:2]


@pytest.mark.parametrize("asked", ASKED[1:3], ids=lambda asked: asked[0])
def test_without_a_workspace_it_is_told_what_to_name(office: Any, asked: tuple[str, ...]) -> None:
    ended = office.call(*asked)
    assert ended.code == ExitCode.USAGE
    assert "--estate" in ended.err
