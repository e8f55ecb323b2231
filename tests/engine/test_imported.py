"""What an import left open is open for the rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.engine.session import EstateData
from policycore.estate.importing import import_estate
from tests.workbooks import workbook

PEOPLE = [["工号", "姓名", "部门", "状态"], [1, "李强", "学生处", "在职"], [2, "李强", "教务处", "在职"]]


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., EstateData]:
    """Return a function that imports the sheets of a workbook."""

    def make(**sheets: list[list[object]]) -> EstateData:
        inputs = [workbook(tmp_path / "台账.xlsx", **sheets)]
        return EstateData.from_snapshot(
            import_estate(inputs, tmp_path / "out", as_of="2024-04-15", timezone="Asia/Shanghai")
        )

    return make


def test_an_owner_who_could_be_two_people_or_whom_nobody_knows_is_a_gap_and_none_is_found(imported, evaluate, no_owner):
    groups = [["群名称", "群主"], ["甲", "李强"], ["乙", "不详"], ["丙", "无"], ["丁", "李强(教务处)"]]
    result = evaluate(imported(群组=groups, 人员=PEOPLE), no_owner)
    assert [finding.subject.id for finding in result.findings] == ["丙"]
    assert [(gap.fields, gap.count) for gap in result.gaps] == [(("groups.owner_id",), 2)]
