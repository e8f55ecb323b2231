"""The list of findings: wider shows more, never less; acts are seen at once; the facets come and go."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from policycore.decisions.read import workspace_decisions
from policycore.store.typed_filter import typed_day

TITLES = ("Verdict", "group", "what is wrong", "state", "due", "who", "rule", "department", "since")


def test_wider_shows_more_and_never_less(world, screen, rest):
    seen: list[set[str]] = []

    async def script(app, pilot):
        for width in (60, 80, 120, 160, 240):
            await pilot.resize_terminal(width, 40)
            await rest(app, pilot)
            header, row, *_ = screen(app).splitlines()[1:]
            seen.append({title for title in TITLES if title in header})
            assert row.startswith("  !! fail"), "verdict and severity in a glyph and a word"
        assert app.screen.has_class("-wide")

    world.drive(script, (60, 40))
    assert seen[0] == {"Verdict", "group", "what is wrong", "due"}
    assert all(narrower <= wider for narrower, wider in pairwise(seen)), seen
    assert {"who", "due"} <= seen[1]


def test_what_was_done_stands_in_the_row_at_once_at_every_width(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("down", "f11", "enter")
        await rest(app, pilot)
        assert "1/2 done" in screen(app)
        await pilot.press("ctrl+n", *"asked", "enter")
        await rest(app, pilot)
        assert app.size.width < 110 or "1/2 done, 1" in screen(app)
        await pilot.press("ctrl+z")
        await rest(app, pilot)
        assert "1/2 done, 1" not in screen(app)
        await pilot.press("ctrl+z")
        await rest(app, pilot)
        assert "1/2 done" not in screen(app)

    for width in (60, 100, 120):
        world.drive(script, (width, 30))


def test_facets_close_with_their_key_and_with_escape_and_survive_a_resize(world, screen, rest):
    async def script(app, pilot):
        for close in ("f", "ctrl+g", "escape"):
            await pilot.press("f")
            await rest(app, pilot)
            assert "[ ] !! must-fix" in screen(app)
            await pilot.press(close)
            await rest(app, pilot)
            assert "[ ] !! must-fix" not in screen(app)
        await pilot.press("f", "tab")
        await pilot.resize_terminal(60, 20)
        await rest(app, pilot)
        assert "第1工作群" in screen(app), "the list does not disappear"

    world.drive(script, (80, 24))


def test_mixed_marks_waive_those_that_may_be_name_the_others_and_show_it_at_once(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("a", "w")
        await rest(app, pilot)
        text = screen(app)
        assert "left out: 第2工作群 (mandatory, no waivers)" in text
        assert "left out: the whole estate (the verdict is needs attestation)" in text
        fields = {"text": "过渡期", "requester": "张敏", "approver": "王芳", "until": "2024年5月1日"}
        for name, value in fields.items():
            app.screen.query_one(f"#field-{name}").value = value
        await pilot.press("ctrl+s", "y")
        await rest(app, pilot)
        waivers = workspace_decisions(app.repository.workspace).waivers
        assert sum(len(one.scope.findings) for one in waivers) == 5
        assert {one.ends for one in waivers} == {datetime(2024, 5, 2, tzinfo=ZoneInfo("Asia/Shanghai"))}
        assert sum("waiver" in line for line in screen(app).splitlines()[2:9]) == 5, "the rows say so at once"
        await pilot.press("down")
        await rest(app, pilot)
        assert "counts from the next check" in screen(app)
        await pilot.press("u")
        await rest(app, pilot)
        assert "waiver" not in "".join(screen(app).splitlines()[2:9])
        assert "taken back: waiver" in "".join(str(one.message) for one in app._notifications)

    world.drive(script)


@pytest.mark.parametrize(
    "text", ["2024-03-26", "2024-3-26", "2024.3.26", "2024/3/26", "20240326", "2024年3月26日", "２０２４．３．２６"]
)
def test_a_day_is_typed_as_people_type_it(text):
    assert typed_day(text, UTC) == datetime(2024, 3, 26, tzinfo=UTC)
    assert typed_day(text + "x", UTC) is None
