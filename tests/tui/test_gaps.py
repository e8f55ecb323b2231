"""What is missing has a section of its own, and every screen that it concerns leads there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policycore.language import say
from policycore.model.verdict import Subject
from policycore_tui.pages.gaps import SHOWN_SUBJECTS


@pytest.mark.parametrize(("size", "language"), [((60, 20), "zh"), ((80, 24), "en"), ((120, 40), "zh")])
def test_gaps_are_reached_and_named_on_every_screen_and_list_their_subjects(world, screen, rest, size, language):
    async def script(app, pilot):
        await pilot.press("f8")
        await rest(app, pilot)
        text = screen(app)
        assert f"{say('tui.key.gaps')}]" in text
        assert text.splitlines()[2].split()[0] == "2", "what would settle most comes first"
        await pilot.press("home", "enter")
        await rest(app, pilot)
        page = app.screen.page_pane
        assert page.has_focus
        assert "owner_id" in screen(app)
        place = next(number for number, line in enumerate(page.lines) if line.target is not None)
        page.cursor = place
        await pilot.press("enter")
        await rest(app, pilot)
        assert "第2工作群 (g2)" in screen(app)
        assert "g7" in screen(app), "what has no name in the snapshot goes by its id"
        assert page.cursor == place, "the cursor stays on the rule"
        await pilot.press("enter")
        await rest(app, pilot)
        assert "第2工作群 (g2)" not in screen(app)
        await pilot.press("escape")
        assert app.screen.table.has_focus

    world.drive(script, size, language)


def test_help_on_the_page_of_a_gap_is_about_gaps(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("f8", "enter", "f1")
        await rest(app, pilot)
        assert say("tui.focus.gaps-page.about")[:20] in screen(app)

    world.drive(script)


def test_of_many_subjects_the_first_are_listed_and_the_command_named(world, screen, rest, make_gap):
    gap = make_gap(("groups.kind",), tuple(f"g{number:04}" for number in range(SHOWN_SUBJECTS + 34)))
    world.record((), minutes=20, gaps=(gap,))

    async def script(app, pilot):
        await pilot.press("f8", "enter", "end", "enter", "end")
        await rest(app, pilot)
        assert "34 more: policycore gaps --subjects OWN001" in " ".join(screen(app).split())

    world.drive(script)


def test_members_are_listed_by_group_and_name_and_the_estate_as_a_whole(world, screen, rest, make_gap):
    everything = make_gap(("groups.id",), (), rule="ADM009", kind=Subject.ESTATE)
    members = make_gap(("accounts.kind",), ("g1/a2",), rule="ADM001", kind=Subject.MEMBERSHIP)
    message = make_gap(("messages.text",), ("m1",), rule="SEC001", kind=Subject.MESSAGE)
    world.record((), minutes=20, gaps=(replace(everything, count=1), members, message))

    async def script(app, pilot):
        await pilot.press("f8")
        await rest(app, pilot)
        shown = []
        for place in range(3):
            app.screen.table.focus()
            app.screen.table.cursor = place
            await rest(app, pilot)
            await pilot.press("enter", "end", "enter")
            await rest(app, pilot)
            shown.append(screen(app))
        assert any("第1工作群 云淡风轻" in text for text in shown)
        assert any("第2工作群 (m1)" in text for text in shown)
        assert any("estate estate" in text for text in shown)

    world.drive(script)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_everything_could_be_judged_that_is_said(world, screen, rest, language):
    world.record((), minutes=20)

    async def script(app, pilot):
        for key in ("f8", "f2"):
            await pilot.press(key)
            await rest(app, pilot)
            assert say("reports.gaps.none") in screen(app)
        await pilot.press("f8", "slash", *"zz", "enter")
        await rest(app, pilot)
        assert say("reports.gaps.none") in screen(app)

    world.drive(script, language=language)


def test_the_overview_leads_to_the_field_and_to_all(world, screen, rest, narrow, make_gap):
    names = ("kind", "name", "owner_id", "task_id", "scope")
    world.record((), minutes=20, gaps=tuple(make_gap((f"groups.{name}",), ("g1",)) for name in names))

    async def script(app, pilot):
        await pilot.press("f8")
        await rest(app, pilot)
        await narrow(app, pilot, "scope")
        await pilot.press("f2")
        await rest(app, pilot)
        pane = app.screen.query_one("#page")
        lines = {line.text.strip(): place for place, line in enumerate(pane.lines)}
        assert "all 5 gaps" in lines
        pane.cursor = lines["1 column name of groups"]
        await pilot.press("enter")
        await rest(app, pilot)
        assert app.screen.where == "gaps"
        assert app.screen.row.field == "groups.name", "whatever narrowed the list before"
        await pilot.press("f2")
        await rest(app, pilot)
        pane.cursor = lines["all 5 gaps"]
        await pilot.press("enter")
        await rest(app, pilot)
        assert len(app.screen.rows) == 5

    world.drive(script)


def test_a_finding_that_can_not_be_judged_now_says_which_field_is_missing_and_leads_there(world, screen, rest, narrow):
    async def script(app, pilot):
        await narrow(app, pilot, "state:unknown")
        await pilot.press("enter")
        await rest(app, pilot)
        assert "missing: column owner_id of groups from source “archive”" in " ".join(screen(app).split())
        pane = app.screen.query_one("#detail")
        pane.cursor = next(place for place, line in enumerate(pane.lines) if "missing:" in line.text)
        pane.focus()
        await pilot.press("enter")
        await rest(app, pilot)
        assert app.screen.where == "gaps"
        assert (app.screen.row.field, app.screen.row.source) == ("groups.owner_id", "archive")

    world.drive(script, (60, 20))


def test_a_finding_whose_rule_no_longer_judged_says_so_instead(world, screen, rest, narrow):
    world.record((), minutes=20)

    async def script(app, pilot):
        await narrow(app, pilot, "state:unknown")
        await rest(app, pilot)
        await pilot.press("enter")
        await rest(app, pilot)
        assert say("store.reason.rule-not-judged") in " ".join(screen(app).split())

    world.drive(script, (60, 20))


def test_no_facet_offers_unknown_as_a_verdict(world, rest):
    async def script(app, pilot):
        assert "unknown" not in app.listing.counts("verdict")
        assert app.listing.counts("state")["unknown"] == 1

    world.drive(script)


def test_a_group_names_its_gaps_and_leads_there(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("f4")
        await rest(app, pilot)
        pane = app.screen.page_pane
        place = next(place for place, line in enumerate(pane.lines) if "display_name" in line.text)
        pane.focus()
        pane.cursor = place
        await pilot.press("enter")
        await rest(app, pilot)
        assert app.screen.where == "gaps"
        assert app.screen.row.field == "memberships.display_name"

    world.drive(script)


def test_an_export_tells_what_could_not_be_judged(world):
    app = world.app()
    try:
        assert [gap.rule for gap in app.repository.report(app.listing.wanted).gaps] == ["OWN001", "ADM001", "OWN001"]
    finally:
        app.repository.store.close()
