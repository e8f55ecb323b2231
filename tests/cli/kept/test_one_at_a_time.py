"""Options that exclude each other: none is passed over in silence."""

from __future__ import annotations

from typing import Any

import pytest

GIVEN = (
    *("--reason", "transition", "--text", "待任命", "--requester", "张三", "--approver", "李四"),
    *("--until", "2024-05-01T00:00:00+08:00", "--approved", "2024-04-14T00:00:00+08:00"),
)


@pytest.mark.parametrize(
    "more",
    [
        ("--baseline", "--group", "g1"),
        ("--baseline", "--rule", "ownership/owner-present"),
        ("{finding}", "--group", "g1"),
        ("{finding}", "--baseline"),
        ("{finding}", "--list"),
        ("--list", "--withdraw", "W-1"),
    ],
)
def test_what_would_be_passed_over_is_refused(kept: Any, more: tuple[str, ...]) -> None:
    (finding,) = kept.ids("--group", "g1")
    refused = kept.call("waive", *GIVEN, *(word.format(finding=finding) for word in more))
    assert refused.code == 2
    assert "only one of these can be given" in refused.err
    assert not (kept.folder / "waivers.yaml").exists()
    assert kept.call("attest", "一", "--list").code == 2
