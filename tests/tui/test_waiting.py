"""What may take long is done in threads: the screen answers keys meanwhile, and hears what came of it."""

from __future__ import annotations

import threading

from policycore_tui.screens import finding_actions
from policycore_tui.state.actions import Actions
from policycore_tui.state.findings import FindingsRepository


def test_whatever_reads_or_writes_many_findings_leaves_the_screen_alone(world, rest, monkeypatch):
    monkeypatch.chdir(world.folder)
    seen: dict[str, set[int]] = {}

    def watched(cls, name):
        real = getattr(cls, name)

        def call(*arguments, **named):
            seen.setdefault(name, set()).add(threading.get_ident())
            return real(*arguments, **named)

        monkeypatch.setattr(cls, name, call)

    for name in ("detail", "findings", "page", "count", "overview", "plan"):
        watched(FindingsRepository, name)
    for name in ("note", "assign", "waive", "judge_waiver", "review", "tick", "write_files"):
        watched(Actions, name)

    async def act(app, pilot):
        fill = {"n": {"text": "known"}, "w": {"text": "agreed", "approver": "p2"}, "A": {}, "e": {}, "x": {}}
        monkeypatch.setattr(finding_actions, "_READ_AT_ONCE", 1)
        for keys in ("down", "f2", "f7", "x", "u", "f3", "x", "a", "n", "A", "w", "e", "U", "plus", "u"):
            await pilot.press(keys)
            await rest(app, pilot)
            if keys in fill and len(app.screen_stack) > 2:
                for name, value in fill[keys].items():
                    app.screen.query_one(f"#field-{name}").value = value
                await pilot.press("f10")
                await rest(app, pilot)
                await pilot.press("y" if len(app.screen_stack) > 3 else "escape")
                await rest(app, pilot)
        assert {"detail", "findings", "note", "assign", "judge_waiver", "tick", "write_files"} <= seen.keys()
        assert not {name for name, threads in seen.items() if app._thread_id in threads}

    world.drive(act)


def test_who_leaves_a_form_that_is_at_work_hears_what_came_of_it(world, rest, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    real = Actions.note

    def slow(*arguments):
        if arguments[2] == "slow":
            begun.set()
            go_on.wait(10)
        return real(*arguments)

    monkeypatch.setattr(Actions, "note", slow)

    async def leave(app, pilot):
        await pilot.press("n", *"quick", "f10")
        await rest(app, pilot)
        await pilot.press("n", *"slow", "f10")
        while not begun.is_set():
            await pilot.pause(0.01)
        await pilot.press("f10", "escape", "down")
        assert app.listing.cursor == 1, "keys are answered meanwhile"
        # Asked for now, undo takes back what is still being done, not what was done before.
        await pilot.press("u")
        go_on.set()
        await rest(app, pilot)
        await pilot.press("up")
        await rest(app, pilot)
        assert [text for _at, _who, text in app.screen.query_one("#detail").detail.life.notes] == ["quick"]
        assert len(app.undo_stack) == 1

    world.drive(leave, messages=True)


def test_what_is_typed_ahead_of_a_form_about_many_acts_on_nothing(world, rest, monkeypatch):
    monkeypatch.setattr(finding_actions, "_READ_AT_ONCE", 1)
    go_on, real = threading.Event(), FindingsRepository.findings

    def slow(*arguments):
        go_on.wait(10)
        return real(*arguments)

    monkeypatch.setattr(FindingsRepository, "findings", slow)

    async def hurry(app, pilot):
        await pilot.press("a")
        await rest(app, pilot)
        marks = app.listing.marks
        await pilot.press("w", *"Uxa+-")
        go_on.set()
        await rest(app, pilot)
        assert (app.listing.marks, len(app.undo_stack)) == (marks, 1)
        assert app.screen.query("#field-approver"), "the form is there"
        await pilot.press("escape")
        go_on.clear()
        await pilot.press("w", "escape")
        go_on.set()
        await rest(app, pilot)
        assert not app.screen.query("#field-approver"), "who left does not get it after all"

    world.drive(hurry)
