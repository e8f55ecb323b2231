"""Actions are about what is shown, and for people whom the directory knows."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from policycore.decisions.read import workspace_decisions
from policycore.language import say
from policycore.model.result import Decision
from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.workspace import needed_workspace


def assigned(app) -> list[str | None]:
    """Return to whom findings are handed."""
    with app.repository.store.read() as connection:
        return list(connection.scalars(select(schema.findings.c.assigned_to)))


async def type_into(app, pilot, rest, **values):
    """Fill the open form's fields."""
    for name, value in values.items():
        app.screen.query_one(f"#field-{name}").value = value
    await rest(app, pilot)


@pytest.mark.parametrize(("language", "words"), [("en", "left alone"), ("zh", "这次不处理")])
@pytest.mark.long
def test_what_the_filter_hides_is_not_waived_and_the_form_says_so(world, screen, rest, narrow, language, words):
    async def script(app, pilot):
        await narrow(app, pilot, "rule:adm*")
        await rest(app, pilot)
        await pilot.press("space", "c")
        await narrow(app, pilot, "工作群 rule:own001 severity:error")
        await rest(app, pilot)
        await pilot.press("a")
        await rest(app, pilot)
        assert (len(app.listing.marks), len(app.listing.pages)) == (3, 2)
        await pilot.press("w")
        await rest(app, pilot)
        assert words in screen(app)
        fields = {"text": "过渡期", "requester": "张敏", "approver": "王芳", "until": "2024-05-01"}
        await type_into(app, pilot, rest, **fields)
        await pilot.press("ctrl+s", "y")
        await rest(app, pilot)
        waived = workspace_decisions(app.repository.workspace).waivers
        assert {waiver.rule for waiver in waived} == {"ownership/owner-in-post"}
        assert len(app.listing.marks) == 3
        await pilot.press("n")
        await rest(app, pilot)
        assert words in screen(app)

    world.drive(script, language=language)


def test_many_marks_are_told_from_hidden_ones_as_few_are(world, rest, monkeypatch):
    async def script(app, pilot):
        wanted, everything = app.listing.wanted, tuple(app.repository.numbers(app.listing.wanted))
        few = sorted(app.repository.fitting(wanted, everything))
        monkeypatch.setattr("policycore_tui.state.findings._STATEMENTS", 0)
        assert sorted(app.repository.fitting(wanted, everything)) == few == sorted(everything)

    world.drive(script)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_is_assigned_whom_the_directory_does_not_know(world, screen, rest, language):
    async def script(app, pilot):
        await pilot.press("A")
        await type_into(app, pilot, rest, person="不存在")
        await pilot.press("enter")
        await rest(app, pilot)
        assert say("tui.form.no-person", name="不存在")[:20] in screen(app)
        assert assigned(app).count("不存在") == 0
        await type_into(app, pilot, rest, person="p2")
        await pilot.press("enter")
        await rest(app, pilot)
        assert assigned(app).count("p2") == 1
        shutil.rmtree(app.repository.workspace.snapshots)
        assert app.repository.knows_person("不存在"), "there is no directory to ask"

    world.drive(script, language=language)


def test_a_message_is_shown_among_those_around_it_with_time_and_sender_and_no_secret(world, screen, rest, narrow):
    async def script(app, pilot):
        await narrow(app, pilot, "rule:SEC001")
        await rest(app, pilot)
        await pilot.press("enter")
        await rest(app, pilot)
        around = screen(app).partition("The messages around it")[2].partition("The policy's words")[0]
        assert "  2024-03-31 09:30 张敏 有事请打138" in around
        assert "13812345678" not in around, "personal numbers are masked"
        assert "> 2024-04-01 00:00 王芳 (kept from view)" in around
        assert "  2024-04-02 00:00 张敏 [red packet]" in around
        assert "别的群" not in around
        assert "某某事项" not in screen(app)

    world.drive(script, (120, 60))


@pytest.mark.long
def test_the_overview_says_when_data_are_too_old_and_when_the_store_was_altered(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("f2")
        await rest(app, pilot)
        assert "the store is as it was sealed" in screen(app)
        assert "days old (limit 7): import newer data" in screen(app)
        assert "no schedule is known" in screen(app)

    world.drive(script)
    with world.workspace.open_store() as store, store.write() as connection:
        connection.execute(update(schema.findings).where(schema.findings.c.rule == "SEC001").values(severity="info"))
    kept = world.folder / "office" / ".policycore" / "workspace.yaml"
    kept.write_text(kept.read_text("utf-8") + "expected_every: 1d\n", "utf-8")
    world.workspace = needed_workspace(world.folder / "office")

    async def altered(app, pilot):
        await pilot.press("f2")
        await rest(app, pilot)
        assert "the store was altered" in screen(app)
        assert "scheduled runs missed" in screen(app)
        assert "scheduled every 1d, last success 2024-04-15" in screen(app)

    world.drive(altered)


def test_a_decision_is_told_in_the_readers_words(world, make_finding, screen, rest, narrow):
    decision = Decision("waiver", "W-1", "transition", "已安排", "王芳", datetime(2024, 5, 15, tzinfo=UTC))
    world.record((replace(make_finding(1), verdict=Verdict.WAIVED, decision=decision),), minutes=20)

    async def script(app, pilot):
        await narrow(app, pilot, "state:waived")
        await rest(app, pilot)
        text = screen(app)
        assert "过渡期：已安排" in text
        assert "transition" not in text

    world.drive(script, (120, 40), "zh")
