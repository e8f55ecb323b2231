"""The plan addresses whom the check addresses, what is due first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from policycore.language import Text, say, use_language
from policycore.store.work import PlannedStep
from policycore_tui.pages.lines import plain
from policycore_tui.pages.plan import by_date, doer, plan_lines, step_page

ZONE = ZoneInfo("Asia/Shanghai")
DUE = datetime(2024, 4, 20, tzinfo=UTC)
STEP = PlannedStep(
    1,
    "OWN001-1",
    0,
    "第1工作群",
    "教务处",
    "于永静",
    "department",
    "张敏",
    Text("指定群主", "name an owner"),
    DUE,
    None,
)
OFFICE = replace(STEP, label="OWN001-2", who="committee", person=None, what=Text("补数据", "supply data"), due=None)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_step_of_the_office_in_charge_is_not_put_on_who_answers_for_the_group(language):
    with use_language(language):
        office = say("engine.who.committee")
        assert doer(OFFICE) == office
        assert "于永静" not in plain(step_page(OFFICE, 60, ZONE))
        printed = plain(plan_lines([OFFICE, STEP], 60, ZONE)).splitlines()
    assert printed[0] == "张敏"
    assert office in printed
    assert "于永静" not in "".join(printed)


def test_what_is_due_comes_first_and_what_has_no_date_last():
    undated = replace(STEP, person="安然", due=None)
    later = replace(STEP, due=DUE.replace(day=25))
    role = replace(OFFICE, due=DUE)
    assert sorted([undated, OFFICE, role, later, STEP], key=by_date) == [STEP, later, role, undated, OFFICE]


def test_the_plan_counts_steps_when_it_is_exported(world, screen, rest, tmp_path):
    async def script(app, pilot):
        await pilot.press("f7")
        await rest(app, pilot)
        await pilot.press("e")
        await rest(app, pilot)
        count = len(app.screen_stack[-2].rows)
        assert f"(steps: {count})" in screen(app)
        app.screen.query_one("#field-file").value = str(tmp_path / "plan.txt")
        await pilot.press("f10")
        await rest(app, pilot)
        assert f"Write {count} steps" in screen(app)

    world.drive(script)
