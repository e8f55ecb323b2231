"""Actions are about what is shown, and for people whom the directory knows."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import select

from policycore.decisions.read import workspace_decisions
from policycore.language import say
from policycore.store import schema


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
