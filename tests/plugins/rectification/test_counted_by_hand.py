"""What is missing and late is counted once more in plain Python, without the engine and without SQL."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta, timezone

import pytest

from policycore import Case
from policycore.model.verdict import Verdict
from policycore.testing import run_rule
from policycore_rectification.rules.rec001_inventory_handed_in import InventoryHandedIn

ZONE = timezone(timedelta(hours=8))
DEADLINE = datetime(2024, 3, 27, 11, tzinfo=ZONE)
MEDIA = ("paper", "electronic")


def estate(seed: int) -> dict[str, list[dict[str, object]]]:
    """Return departments and what they handed in: late, twice, of another kind, some of it with values missing."""
    chance = random.Random(seed)  # noqa: S311 - the same estates every time
    departments: list[dict[str, object]] = [
        {"id": f"d{n}", "name": f"部门{n}", "kind": chance.choice(["机关部门"] * 4 + ["教学院系"])} for n in range(12)
    ]
    submissions: list[dict[str, object]] = []
    for number in range(40):
        late = chance.choice([-900.0, -1.0, 0.0, 0.5, 1.0, 37.0, 1441.0])
        row: dict[str, object] = {
            "id": f"s{number}",
            "kind": chance.choice(["规范清理情况"] * 3 + ["附件1"]),
            "department_id": chance.choice(departments)["id"],
            "medium": chance.choice(MEDIA),
            "received_at": (DEADLINE + timedelta(minutes=late)).isoformat(),
        }
        if chance.random() < 0.1:
            row["received_at"] = None
        submissions.append(row)
    return {"departments": departments, "submissions": submissions}


def by_hand(given: dict[str, list[dict[str, object]]]) -> tuple[set[tuple[str, str, str, int]], set[str]]:
    """Return every finding as department, medium, reason and minutes, and the departments nobody can judge."""
    found, open_here = set(), set()
    for department in given["departments"]:
        if department["kind"] != "机关部门":
            continue
        own = [
            row
            for row in given["submissions"]
            if row["department_id"] == department["id"] and row["kind"] == "规范清理情况"
        ]
        wrong, may_be_right = set(), []
        for medium in MEDIA:
            times = [row["received_at"] for row in own if row["medium"] == medium]
            known = [datetime.fromisoformat(str(time)) for time in times if time is not None]
            if any(time <= DEADLINE for time in known):
                continue
            may_be_right.append(len(known) < len(times))
            if len(known) < len(times):
                continue  # what came may have been in time: nobody is accused of it
            if known:
                minutes = math.ceil((min(known) - DEADLINE).total_seconds() / 60)
                wrong.add((str(department["id"]), medium, "late", minutes))
            else:
                wrong.add((str(department["id"]), medium, "missing", 0))
        if may_be_right and all(may_be_right):
            open_here.add(str(department["id"]))
        else:
            found |= wrong
    return found, open_here


@pytest.mark.long
@pytest.mark.parametrize("seed", range(50))
def test_missing_and_late_agree_with_a_count_by_hand(seed: int) -> None:
    given = estate(seed)
    result = run_rule(InventoryHandedIn(), Case("by hand", given=given))
    found, open_here = by_hand(given)
    said = {
        (one.subject.id, str(one.facts["medium"]), str(one.facts.get("minutes") or 0))
        for one in result.findings
        if one.verdict is Verdict.FAIL
    }
    assert said == {(department, medium, str(minutes)) for department, medium, _, minutes in found}
    assert {subject for gap in result.gaps for subject in gap.subjects} == open_here
