"""Findings that are alike are one line that opens; every table has any order, scrolls, and has its columns chosen."""

from __future__ import annotations

import json
from dataclasses import replace

from policycore.language import Text
from policycore.model.result import SubjectRef
from policycore.model.verdict import Severity, Subject, Verdict
from policycore.store.alike import count_lines, page_of_lines
from policycore.store.query import SORTS, FindingFilter


def test_what_is_alike_is_one_line_that_opens_and_acts_are_about_all_of_it(world, make_finding, screen, rest):
    def about(number, group="g1", **more):
        member = SubjectRef(Subject.MEMBERSHIP, f"{group}/a{number}", f"某{number}", group, group, "d1", "教务处")
        return make_finding(number, rule="ADM001", subject=member, **more)

    same = Text("群昵称没有单位", "the name lacks the unit")
    alike = [about(number, message=same) for number in (20, 21, 22)]
    told_apart = [about(number, group="g2") for number in (23, 24)]
    doubts = [about(number, verdict=Verdict.SUSPECT) for number in (25, 26)]
    owed = [
        make_finding(
            number,
            rule="ATTEST:二(二)",
            verdict=Verdict.NEEDS_ATTESTATION,
            subject=SubjectRef(
                Subject.DEPARTMENT, f"d{number}", f"部门{number}", None, None, f"d{number}", f"部门{number}"
            ),
        )
        for number in range(30, 34)
    ]
    world.record((*alike, *told_apart, *doubts, *owed), minutes=20)

    async def script(app, pilot):
        await rest(app, pilot)
        listing = app.listing
        others = listing.fitting - 11
        assert len(listing.pages) == others + 5
        seen = screen(app)
        assert "3 alike: 某20: the name lacks the unit" in seen
        assert "2 alike: The owner is in post" in seen, "sentences differ: what they have in common is the title"
        assert "4 departments" in seen
        assert f"in {others + 5} lines" in seen
        with app.repository.store.read() as connection:
            everything = FindingFilter()
            first = next(row.id for row in page_of_lines(connection, everything) if row.alike == 3)
            assert count_lines(connection, everything, [first]) == others + 7
            for sort in (*SORTS, "message"):
                rows = [
                    row
                    for offset in range(0, others + 7, 2)
                    for row in page_of_lines(connection, everything, [first], sort=sort, offset=offset, limit=2)
                ]
                assert (len({row.id for row in rows}), sum(row.alike for row in rows)) == (others + 7, others + 11), (
                    sort
                )
        listing.move_to(next(index for index in range(others + 5) if listing.pages.row(index).alike == 3))
        app.screen.table.cursor = at = listing.cursor
        assert len(listing.chosen()) == 3
        await pilot.press("ctrl+n", *"all", "enter")
        await rest(app, pilot)
        await pilot.press("right")
        await rest(app, pilot)
        assert len(listing.pages) == others + 7, "Right opened it"
        assert [listing.pages.row(index).acts.notes for index in range(at, at + 3)] == [1, 1, 1]
        await pilot.press("down", "left")
        await rest(app, pilot)
        assert (len(listing.pages), listing.current.id) == (others + 5, first), (
            "Left closed it, the cursor is on its line"
        )
        await pilot.press("space")
        assert len(listing.marks) == 3
        await pilot.press("U", "z")
        await rest(app, pilot)
        assert len(listing.pages) == others + 11
        await pilot.press("z")
        await rest(app, pilot)
        listing.move_to(at)
        app.screen.table.cursor = at
        await pilot.press("enter")
        await rest(app, pilot)
        assert (app.screen.where, len(listing.pages)) == ("violations", others + 7), "Enter opens a line of several"

    world.drive(script)


def test_every_table_is_ordered_by_any_column_and_keeps_the_columns_of_ones_choice(
    world, make_finding, screen, rest, tmp_path
):
    world.record(
        tuple(
            replace(make_finding(number, severity=severity), rule=f"R{number}")
            for number, severity in ((1, Severity.ERROR), (2, Severity.WARNING), (10, Severity.INFO))
        ),
        minutes=20,
    )

    def heading(app):
        return screen(app).splitlines()[1]

    async def script(app, pilot):
        await rest(app, pilot)
        assert "who" in heading(app)
        assert "state" not in heading(app)
        await pilot.press("right", "right", "right")
        assert "state" in heading(app)
        assert "group" not in heading(app)
        await pilot.press("left", "left", "left")
        await pilot.press("at")
        await rest(app, pilot)
        assert app.listing.view.sort == "group", "the second column that can be moved"
        await pilot.press("K", "down", "enter", "escape")
        assert "group" not in heading(app)
        await pilot.press("f7")
        await rest(app, pilot)
        for key, ordered in (("at", False), ("at", True)):
            await pilot.press(key)
            dues = [row.due for row in app.screen.rows if row.due is not None]
            assert dues == sorted(dues, reverse=ordered)
            assert app.screen.rows[-1].due is None, "what has no date comes last either way"
        await pilot.press("f6", "exclamation_mark")
        await rest(app, pilot)
        assert [row.id for row in app.screen.rows] == [1, 2, 3], "numbers as numbers"
        await pilot.press(*["s"] * len(app.screen.table.columns_shown()))
        await rest(app, pilot)
        assert [row.id for row in app.screen.rows] == [3, 2, 1], "after the last column as usual again"

    world.drive(script, (80, 24))
    kept = json.loads((tmp_path / "settings" / "policycore" / "columns.json").read_text("utf-8"))
    assert kept == {"violations": {"group": False}}

    async def again(app, pilot):
        await rest(app, pilot)
        assert "group" not in heading(app)

    world.drive(again, (80, 24))
