"""What a changed rule set would do, and what time alone will do, to data that is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

NEW_RULE = """\
  - id: LOCAL-2
    name: local/no-second
    clause: [一-1]
    severity: warning
    sql: "SELECT id AS group_id FROM groups WHERE name = '工作二群'"
    message: {zh: "二群", en: "second"}
"""
WAIVER = """\
policycore: 1
waivers:
  - id: w1
    rule: LOCAL-1
    scope: {subjects: [g1]}
    reason: legacy
    text: 换人中
    ticket: T-1
    requester: p1
    approver: p2
    approved: 2024-04-01T00:00:00+08:00
    from: 2024-04-01T00:00:00+08:00
    until: 2024-04-25T00:00:00+08:00
"""


def write_new(office: Any, *changes: tuple[str, str]) -> None:
    """Write a changed copy of the office's rule set."""
    text = (office.folder / "set.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (office.folder / "new.yaml").write_text(text, encoding="utf-8")


def impact(office: Any, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Return the exit code and what would happen, snapshot by snapshot."""
    ran = office.call("impact", "set.yaml", "new.yaml", "--json", *options)
    assert ran.code in (0, 1), ran.err
    return ran.code, [json.loads(line) for line in ran.out.splitlines()]


def test_findings_that_would_appear_are_listed_by_department_and_clause(kept: Any) -> None:
    write_new(kept, ("attestations:\n", NEW_RULE + "attestations:\n"))
    code, (found,) = impact(kept)
    assert code == 1
    assert found["appear"]["count"] == 1
    assert found["appear"]["by_department"] == {"科研处": 1}
    assert found["appear"]["by_clause"] == {"一-1": 1}
    assert (found["vanish"]["count"], found["change"]["count"], found["lapse"]) == (0, 0, [])
    text = kept.call("impact", "set.yaml", "new.yaml").out
    assert "would appear: 1" in text
    assert "by department: 科研处 1" in text
    assert kept.states() == {"new": 3}
    assert len(kept.call("history").out.splitlines()) == 1


def test_findings_that_would_vanish_or_change(kept: Any) -> None:
    write_new(kept, ("WHERE p.status = 'retired'", "WHERE p.status = 'retired' AND g.id <> 'g2'"))
    code, (found,) = impact(kept)
    assert (code, found["vanish"]["by_department"], found["appear"]["count"]) == (0, {"科研处": 1}, 0)
    write_new(kept, ("severity: error", "severity: info"))
    _, (found,) = impact(kept)
    assert found["change"]["count"] == 2


def test_waivers_that_would_lapse_say_why(kept: Any) -> None:
    (kept.folder / ".policycore" / "waivers.yaml").write_text(WAIVER, encoding="utf-8")
    assert kept.check().code == 1
    assert kept.states()["waived"] == 1
    write_new(kept, ("waiver_approver_ranks: [中层正职]", "waiver_approver_ranks: [校领导]"))
    code, (found,) = impact(kept)
    assert code == 1
    assert found["lapse"] == [{"kind": "waiver", "id": "w1", "status": "no-authority", "settled": 1}]
    write_new(kept, ("severity: error", "severity: error\n    enforcement: mandatory without waivers"))
    _, (found,) = impact(kept)
    assert [item["status"] for item in found["lapse"]] == ["not-waivable"]


def test_older_snapshots_and_rule_sets_of_runs(kept: Any) -> None:
    kept.estate(20, groups=kept.groups_without("g2"))
    kept.check()
    write_new(kept, ("attestations:\n", NEW_RULE + "attestations:\n"))
    _, both = impact(kept, "--newest", "5")
    assert [found["appear"]["count"] for found in both] == [0, 1]
    ran = kept.call("impact", "set.yaml@1", "new.yaml", "--json", "--snapshot", both[1]["snapshot"])
    assert json.loads(ran.out) == both[1]
    assert kept.call("impact", "set.yaml", "new.yaml", "--snapshot", "ffff").code == 2
    assert kept.call("impact", "set.yaml", "nowhere.yaml").code == 2


@pytest.mark.long
def test_time_alone_brings_findings_with_their_dates(kept: Any) -> None:
    people = "id,name,status,status_since\np1,张三,retired,2024-04-20\np2,李四,active,\np3,王五,retired,2024-01-01\n"
    (kept.folder / ".policycore" / "waivers.yaml").write_text(WAIVER, encoding="utf-8")
    kept.estate(16, people=people)
    kept.check()
    ran = kept.call("forecast", "--days", "30", "--json")
    assert ran.code == 1
    coming = [json.loads(line) for line in ran.out.splitlines()]
    assert [(item["at"][:10], item["subject"]["id"], item["was"]) for item in coming] == [
        ("2024-04-20", "g3", None),
        ("2024-04-25", "g1", "waived"),
    ]
    every = kept.call("forecast", "--days", "30", "--json", "--every", "4").out.splitlines()
    assert [json.loads(line)["at"][:10] for line in every] == ["2024-04-20", "2024-04-28"]
    assert kept.call("forecast", "--days", "3").code == 0
    assert "2024-04-25" in kept.call("forecast").out
    # Nothing is recorded by looking ahead.
    assert len(kept.call("history").out.splitlines()) == 2
