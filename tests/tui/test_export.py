"""What is shown goes to files: one, or one for each department or person; nothing is overwritten unasked."""

from __future__ import annotations

import json

import pytest

from policycore_tui.state.actions import Actions


async def type_into(app, pilot, rest, **values):
    """Fill the open form's fields."""
    for name, value in values.items():
        app.screen.query_one(f"#field-{name}").value = value
    await rest(app, pilot)


def test_export_writes_what_the_filter_shows_and_undo_removes_it(world, rest, narrow, tmp_path):
    async def script(app, pilot):
        await narrow(app, pilot, "rule:own*")
        await pilot.press("e")
        await type_into(app, pilot, rest, format="json", file=str(tmp_path / "out"))
        await pilot.press("ctrl+s", "y")
        await rest(app, pilot)
        found = json.loads((tmp_path / "out.json").read_text("utf-8"))["findings"]
        assert len(found) == len(app.listing.pages) == 4
        assert {one["rule"] for one in found} == {"OWN001"}
        await pilot.press("u")
        await rest(app, pilot)
        assert not (tmp_path / "out.json").exists()

    world.drive(script)


def test_export_gives_each_department_and_each_person_a_file_of_their_own_and_remembers_where(world, rest, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    settings = tmp_path / "settings" / "policycore" / "export.json"

    async def script(app, pilot):
        for number, (split, keys) in enumerate((("department", ("f3",)), ("person", ("f7",)))):
            await pilot.press(*keys)
            await rest(app, pilot)
            await pilot.press("e")
            name = str(folder / f"part{number}") if number == 0 else f"{folder}/plan.csv"
            await type_into(app, pilot, rest, split=split, file=name, **({"format": "json"} if number == 0 else {}))
            await pilot.press("ctrl+s", "y")
            await rest(app, pilot)
        await pilot.press("e")
        assert app.screen.query_one("#field-file").value == str(folder / "plan"), "the folder is remembered"
        assert app.screen.query_one("#field-format").value == "csv"
        await pilot.press("f4")
        await rest(app, pilot)
        browser = app.screen
        await pilot.press("down", "enter")
        assert browser.folder == tmp_path, "one folder up"
        await pilot.press("escape", "escape", "u", "u")
        await rest(app, pilot)

    seen = {}
    real = Actions.write_files

    def kept(self, contents):
        seen.update({path.name: content for path, content in contents.items()})
        return real(self, contents)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Actions, "write_files", kept)
        world.drive(script)
    assert list(folder.iterdir()) == [], "undo took all of them back"
    of = {name: json.loads(content) for name, content in seen.items() if name.endswith(".json")}
    assert set(of) == {"part0-教务处.json", "part0-财务处.json", "part0-no department.json"}
    for name, report in of.items():
        departments = {one["subject"]["department"] for one in report["findings"]}
        assert len(departments) == 1, name
    plans = {name: content.decode("utf-8-sig") for name, content in seen.items() if name.endswith(".csv")}
    assert {"plan-张敏.csv", "plan-owner.csv"} <= set(plans)
    assert "name another owner" in plans["plan-张敏.csv"]
    assert "全部群组" not in "".join(plans.values())
    assert json.loads(settings.read_text("utf-8"))["folder"] == str(folder)


def test_export_asks_before_it_overwrites_and_undo_restores(world, rest, tmp_path):
    out = tmp_path / "plan.txt"
    out.write_text("mine", encoding="utf-8")

    async def script(app, pilot):
        await pilot.press("f7")
        await rest(app, pilot)
        await pilot.press("e")
        await type_into(app, pilot, rest, file=str(out))
        await pilot.press("ctrl+s", "n")
        await rest(app, pilot)
        assert out.read_text("utf-8") == "mine"
        await pilot.press("ctrl+s", "y")
        await rest(app, pilot)
        assert "name another owner" in out.read_text("utf-8")
        await pilot.press("u")
        await rest(app, pilot)
        assert out.read_text("utf-8") == "mine"

    world.drive(script)
