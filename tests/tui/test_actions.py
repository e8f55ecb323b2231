"""What people do from the screen reaches the store and the files, and can be taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from policycore.decisions.read import workspace_decisions
from policycore.errors import PolicycoreError, Problem
from policycore.language import say
from policycore.store import schema
from policycore.store.kept import audit
from policycore_tui.state.settings import at_line


def column(app, statement):
    """Return the first column of a query on the app's store."""
    with app.repository.store.read() as connection:
        return list(connection.scalars(statement))


def actions_in(app) -> list[str]:
    """Return what the audit trail tells."""
    with app.repository.store.read() as connection:
        return [entry.action for entry in audit.entries(connection)]


def told(app) -> str:
    """Return everything the app has said."""
    return "\n".join(notice.message for notice in app._notifications)


async def type_into(app, pilot, rest, **values):
    """Fill the open form's fields."""
    for name, value in values.items():
        app.screen.query_one(f"#field-{name}").value = value
    await rest(app, pilot)


def test_a_note_is_kept_shown_and_taken_back(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("down", "n")
        await type_into(app, pilot, rest, text="已电话通知")
        await pilot.press("enter")
        await rest(app, pilot)
        assert column(app, select(schema.notes.c.text)) == ["已电话通知"]
        await pilot.press("enter")
        await rest(app, pilot)
        assert "已电话通知" in screen(app)
        await pilot.press("u")
        await rest(app, pilot)
        assert column(app, select(schema.notes.c.text)) == []
        assert actions_in(app)[-2:] == ["note", "note-removed"]

    world.drive(script, size=(100, 60))


def test_an_empty_note_is_refused_beside_its_field(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("n", "enter")
        await rest(app, pilot)
        assert f"^ {say('tui.form.needed')}" in screen(app)

    world.drive(script)


def test_assigning_all_marked_and_taking_it_back(world, rest):
    async def script(app, pilot):
        await pilot.press("space", "space", "A")
        await type_into(app, pilot, rest, person="王芳")
        await pilot.press("enter")
        await rest(app, pilot)
        assert column(app, select(schema.findings.c.assigned_to)).count("王芳") == 2
        await pilot.press("ctrl+z")
        await rest(app, pilot)
        assert column(app, select(schema.findings.c.assigned_to)).count("王芳") == 0

    world.drive(script)


def test_ticks_are_kept_per_finding_and_shown(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("x", "enter")
        await rest(app, pilot)
        assert len(column(app, select(schema.step_ticks.c.position))) == 1
        assert "[x]" in screen(app)
        await pilot.press("u")
        await rest(app, pilot)
        assert column(app, select(schema.step_ticks.c.position)) == []
        assert "[x]" not in screen(app)

    world.drive(script, size=(140, 50))


def test_a_waiver_is_refused_beside_the_field_and_written_after_a_yes(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("down", "w")
        await rest(app, pilot)
        fields = {"text": "过渡期", "requester": "张敏", "approver": "张敏", "until": "2024-05-01"}
        await type_into(app, pilot, rest, **fields)
        await pilot.press("ctrl+s")
        await rest(app, pilot)
        lines = screen(app).splitlines()
        refused = next(place for place, line in enumerate(lines) if "│ ^ " in line)
        assert "│  张敏 " in lines[refused - 1], "the error stands below the approver, before anybody is asked"
        assert app.focused.id == "field-approver"
        await type_into(app, pilot, rest, approver="王芳")
        await pilot.press("ctrl+s")
        await rest(app, pilot)
        assert "store.sqlite3" in screen(app).replace("\n", "").replace(" ", "").replace("│", "")
        await pilot.press("enter")
        await rest(app, pilot)
        assert workspace_decisions(app.repository.workspace).waivers == (), "Enter alone confirms nothing"
        await pilot.press("y")
        await rest(app, pilot)
        (waiver,) = workspace_decisions(app.repository.workspace).waivers
        assert (waiver.requester, waiver.approver, waiver.withdrawn) == ("p1", "p2", None)
        await pilot.press("u")
        await rest(app, pilot)
        assert workspace_decisions(app.repository.workspace).waivers == (), "it was never there"
        assert actions_in(app)[-2:] == ["waive", "undo"]

    world.drive(script)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_form_with_every_error_can_be_read_and_filled_in_on_a_small_screen(world, screen, rest, language):
    async def script(app, pilot):
        await pilot.press("down", "ctrl+w")
        await rest(app, pilot)
        await type_into(app, pilot, rest, requester="某人", approver="谁", until="soon")
        await pilot.press("ctrl+s")
        await rest(app, pilot)
        assert app.focused.id == "field-text", "the first error"
        for field in ("requester", "approver", "until"):
            await pilot.press("down")
            await rest(app, pilot)
            assert app.focused.id == f"field-{field}"
            assert app.focused.region.bottom < app.size.height
            assert app.focused.value in screen(app)
        assert say("tui.form.date") in screen(app)
        await type_into(app, pilot, rest, text="-", until="2024-05-01")
        await pilot.press("ctrl+s")
        await rest(app, pilot)
        text = "".join(line.strip("│ ") for line in screen(app).splitlines())
        assert "“某人”" in text
        assert "--requester" not in text, "a form has fields and no options"
        await pilot.press("down")
        await rest(app, pilot)
        assert "“谁”" in screen(app), "both people are looked up before anything is said"

    world.drive(script, (60, 20), language)


def test_what_may_not_be_waived_says_why(world, rest):
    async def script(app, pilot):
        await pilot.press("w")
        await rest(app, pilot)
        assert say("tui.enforcement.mandatory_without_waivers") in told(app)
        assert len(app.screen_stack) == 2

    world.drive(script)


def test_an_attestation_keeps_the_hash_of_what_was_signed(world, rest, narrow, tmp_path):
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(b"signed")

    async def script(app, pilot):
        await narrow(app, pilot, "verdict:needs-attestation")
        await rest(app, pilot)
        await pilot.press("home", "t")
        await type_into(app, pilot, rest, person="张敏", signed="2024-04-10", evidence=str(signed))
        await pilot.press("ctrl+s", "y")
        await rest(app, pilot)
        (statement,) = workspace_decisions(app.repository.workspace).attestations
        assert (statement.person, statement.evidence_name) == ("p1", "signed.pdf")

    world.drive(script)


def test_copying_goes_to_the_terminals_clipboard_without_controls(world, rest):
    async def script(app, pilot):
        await pilot.press("down", "y")
        assert app.clipboard == "OWN001-000000000001"
        await pilot.press("Y")
        assert app.clipboard.split("\t")[2:4] == ["OWN001", "第1工作群"]
        await pilot.press("E")
        assert '"owner": "李强1"' in app.clipboard

    world.drive(script)


def test_secret_text_shows_only_after_a_reason_and_leaves_an_entry(world, screen, rest, narrow):
    async def script(app, pilot):
        await narrow(app, pilot, "rule:sec*")
        await rest(app, pilot)
        assert "某某事项" not in screen(app)
        await pilot.press("R", "enter")
        await rest(app, pilot)
        assert actions_in(app).count("reveal") == 0
        await type_into(app, pilot, rest, why="核对密级")
        await pilot.press("enter")
        await rest(app, pilot)
        assert "某某事项" in screen(app)
        with app.repository.store.read() as connection:
            last = list(audit.entries(connection))[-1]
        assert (last.action, json.loads(last.details)["reason"]) == ("reveal", "核对密级")

    world.drive(script)


def test_above_twenty_findings_an_action_asks_first(world, rest, make_finding):
    world.record(tuple(make_finding(number) for number in range(1, 31)), minutes=20)

    async def script(app, pilot):
        await pilot.press("a", "n")
        await type_into(app, pilot, rest, text="统一提醒")
        await pilot.press("enter", "n")
        await rest(app, pilot)
        assert column(app, select(schema.notes.c.id)) == []
        await pilot.press("ctrl+s", "y")
        await rest(app, pilot)
        assert len(column(app, select(schema.notes.c.id))) == 30

    world.drive(script)


def test_the_rule_set_opens_at_its_line_only_with_an_editor(world, rest, monkeypatch):
    async def without(app, pilot):
        await pilot.press("down", "o")
        await rest(app, pilot)
        assert say("tui.needs.editor") in told(app)

        assert "VISUAL or EDITOR" in told(app)

    world.drive(without)
    monkeypatch.setenv("VISUAL", "true")

    async def with_editor(app, pilot):
        await pilot.press("down", "o")
        await rest(app, pilot)
        assert "rulesets/test-set.yaml:12:5" in told(app), "the file is not there, and that is said"

    world.drive(with_editor)


def test_saved_views_come_back_under_their_number(world, rest, narrow):
    async def keep(app, pilot):
        await narrow(app, pilot, "rule:own*")
        await pilot.press("V")
        await type_into(app, pilot, rest, key="3", name="群主")
        await pilot.press("ctrl+s")
        await rest(app, pilot)

    world.drive(keep)

    async def show(app, pilot):
        await pilot.press("3")
        await rest(app, pilot)
        assert app.listing.view.typed == "rule:own*"
        assert len(app.listing.pages) == 4

    world.drive(show)
    assert Path(world.folder / "settings" / "policycore" / "views.json").is_file()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("vim", ["vim", "+12", "set.yaml"]),
        ("nano -w", ["nano", "-w", "+12", "set.yaml"]),
        ("/usr/bin/emacsclient -t", ["/usr/bin/emacsclient", "-t", "+12", "set.yaml"]),
        ("code --wait", ["code", "--wait", "--goto", "set.yaml:12"]),
        ("Code.exe", ["Code.exe", "--goto", "set.yaml:12"]),
        ("hx", ["hx", "set.yaml:12"]),
        ("subl -w", ["subl", "-w", "set.yaml:12"]),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_way(command, expected):
    assert at_line(command.split(), Path("set.yaml"), 12) == expected


@pytest.mark.long
def test_a_view_is_kept_under_a_free_key_and_another_is_not_lost_by_chance(world, screen, rest, narrow):
    async def script(app, pilot):
        await narrow(app, pilot, "owner")
        await pilot.press("V")
        await rest(app, pilot)
        await pilot.press("f10")
        await rest(app, pilot)
        assert app.views.get(1).typed == "owner"
        await pilot.press("c", "V")
        await rest(app, pilot)
        assert "1 owner" in screen(app), "what is kept already"
        assert app.screen.query_one("#field-key").value == "2"
        await type_into(app, pilot, rest, key="1")
        await pilot.press("f10")
        await rest(app, pilot)
        assert "Replace it?" in screen(app)
        await pilot.press("n", "escape")
        await rest(app, pilot)
        assert app.views.get(1).typed == "owner"
        await pilot.press("1")
        await rest(app, pilot)
        assert "filter: owner" in screen(app)

    world.drive(script)


def test_messages_make_room_for_what_is_done_next_but_an_error_stays(world, rest):
    async def script(app, pilot):
        await pilot.press("U", "c")
        await rest(app, pilot)
        assert told(app).count("not possible") == 1, "one message at a time"
        app.tell_error(PolicycoreError(Problem("x", "the disk is full")))
        await pilot.press("U", "n")
        await rest(app, pilot)
        assert "the disk is full" in told(app)

    world.drive(script)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
def test_no_message_hides_the_count_and_the_filter(world, screen, rest, size):
    async def script(app, pilot):
        before = screen(app).splitlines()[-2:]
        app.tell("a message of some length " * 6, "error")
        await pilot.pause(0.3)
        assert "a message" in screen(app)
        assert screen(app).splitlines()[-2:] == before

    world.drive(script, size, messages=True)


def test_a_tick_says_which_step(world, rest):
    async def script(app, pilot):
        await pilot.press("x", "enter")
        await rest(app, pilot)
        assert "step 1 ticked: name another owner" in told(app)

    world.drive(script)


def test_a_place_that_cannot_be_is_no_crash(world, rest):
    async def script(app, pilot):
        await pilot.press("e")
        for name in ("~nobody-of-this-name/out", "x" * 300, "x" * 300 + "/out"):
            await type_into(app, pilot, rest, format="json", file=name)
            await pilot.press("ctrl+s")
            await rest(app, pilot)
            assert app.screen.query_one("#error-file").display, "refused before anybody is asked"

    world.drive(script)
