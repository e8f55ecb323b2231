"""What happens when the store goes away, and when the program itself fails: words, no data, no crash."""

from __future__ import annotations

import io
import sqlite3

import pytest
from rich.console import Console


def test_a_store_that_is_gone_is_said_and_the_screens_live_on(world, screen, rest, monkeypatch):
    monkeypatch.setattr("policycore_tui.host.QUIET_SECONDS", 1000.0)  # however slow the machine is

    async def script(app, pilot):
        said: list[str] = []
        notify = app.notify

        def listen(message: str, **settings: object) -> None:
            said.append(message)
            notify(message, **settings)

        app.notify = listen
        with sqlite3.connect(world.workspace.store_address) as database:
            for table in ("findings", "runs", "files", "run_files", "step_ticks"):
                database.execute(f"ALTER TABLE {table} RENAME TO gone_{table}")
        for key in ("ctrl+r", "down", "s", "x", "n", "escape", "f2", "f4", "f5", "f6", "f7", "f3", "a", "enter"):
            await pilot.press(key)
            await rest(app, pilot)
        assert app.is_running
        assert any("store" in words for words in said)
        assert len(said) == len(set(said)), "the same words only once in a while"

    world.drive(script)


def test_a_mistake_of_the_program_ends_without_showing_data(world, rest, monkeypatch):
    from policycore_tui.app import PolicycoreApp

    shown: list[str] = []

    def fail(self):
        canary = "canary-secret-evidence"
        raise ValueError(canary)

    def keep(self):
        console = Console(width=200, record=True, file=io.StringIO())
        for renderable in self._exit_renderables:
            console.print(renderable)
        shown.append(console.export_text())
        self._exit_renderables.clear()

    monkeypatch.setattr(PolicycoreApp, "do_theme", fail)
    monkeypatch.setattr(PolicycoreApp, "_print_error_renderables", keep)

    async def script(app, pilot):
        await pilot.press("ctrl+t")
        await rest(app, pilot)

    with pytest.raises(ValueError, match="canary"):
        world.drive(script)
    assert "ValueError" in "".join(shown)
    assert "canary" not in "".join(shown)
