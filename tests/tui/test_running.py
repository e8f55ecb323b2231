"""A check from inside: progress, cancel, failure; news of other processes; panels; starting without a terminal."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import threading

import pytest

from policycore.errors import DataError, InterruptedRunError, Problem
from policycore.estate.importing import import_estate
from policycore.plugin_api.plugins import load_plugins
from policycore.store.kept.runs import list_runs, load_header
from policycore_tui.command import check_into, services_for


def runs_in(app) -> int:
    """Return how many runs the store holds."""
    with app.repository.store.read() as connection:
        return len(list_runs(connection))


async def start(app, pilot, rest, estate):
    """Open the form, name the estate, and go."""
    await pilot.press("f9")
    await rest(app, pilot)
    app.screen.query_one("#field-estate").value = str(estate)
    await pilot.press("ctrl+s")
    await pilot.pause()


def test_a_check_shows_progress_and_its_run_appears(world, screen, rest, make_finding):
    seen, go = threading.Event(), threading.Event()

    def run(ruleset, estate, progress, cancelled):
        progress(1, 3, "ownership/owner-in-post")
        seen.set()
        assert go.wait(10)
        world.record((make_finding(1), make_finding(42)), minutes=40)
        return ("kept",)

    world.services["run"] = run

    async def script(app, pilot):
        await start(app, pilot, rest, world.folder / "estate")
        while not seen.is_set():
            await asyncio.sleep(0.01)
        await pilot.pause(0.1)
        assert "checking 1/3 ownership/owner-in-post" in screen(app)
        await pilot.press("f9")
        assert len(app.screen_stack) == 2, "one check at a time"
        go.set()
        await rest(app, pilot)
        assert runs_in(app) == 3
        assert "第42工作群" in screen(app)
        assert "checking" not in screen(app)

    world.drive(script)


def test_the_form_offers_what_was_checked_last_and_words_stand_where_no_number_is_known(world, screen, rest):
    seen, go = threading.Event(), threading.Event()

    def run(ruleset, estate, progress, cancelled):
        seen.set()
        assert go.wait(10)
        return ()

    world.services["run"] = run
    folder = str(world.folder / "estate")

    async def script(app, pilot):
        await pilot.press("f9")
        await rest(app, pilot)
        app.screen.query_one("#field-estate").value = folder
        app.screen.query_one("#field-ruleset").value = "other-set"
        await pilot.press("ctrl+s")
        while not seen.is_set():
            await asyncio.sleep(0.01)
        await pilot.pause()
        assert "reading the data and the rule set other-set" in screen(app)
        assert "0/0" not in screen(app)
        await pilot.press("f12")
        assert "正在读取数据和规则集 other-set" in screen(app), "the banner follows the language"
        go.set()
        await rest(app, pilot)
        await pilot.press("f9")
        await rest(app, pilot)
        offered = [app.screen.query_one(f"#field-{name}").value for name in ("estate", "ruleset")]
        assert offered == [folder, "other-set"]

    world.drive(script)


def test_cancelling_leaves_the_store_as_it_was(world, screen, rest):
    seen = threading.Event()

    def run(ruleset, estate, progress, cancelled):
        seen.set()
        assert cancelled.wait(10)
        raise InterruptedRunError(Problem("x", "x"))

    world.services["run"] = run

    async def script(app, pilot):
        before = runs_in(app)
        await start(app, pilot, rest, world.folder / "estate")
        while not seen.is_set():
            await asyncio.sleep(0.01)
        await pilot.press("ctrl+x")
        await rest(app, pilot)
        assert runs_in(app) == before
        assert not app.checks.active

    world.drive(script)


def test_the_real_check_stops_before_the_next_rule_and_writes_nothing(world):
    cancelled = threading.Event()

    def progress(done, total, rule):
        cancelled.set()

    with world.workspace.open_store() as store, store.read() as connection:
        before = len(list_runs(connection))
    with pytest.raises(InterruptedRunError):
        check_into(world.workspace, "work-groups-base", world.folder / "estate", progress=progress, cancelled=cancelled)
    with world.workspace.open_store() as store, store.read() as connection:
        assert len(list_runs(connection)) == before


@pytest.mark.long
def test_a_check_over_rows_that_were_set_aside_says_so_as_the_command_line_does(world, tmp_path):
    folder = tmp_path / "rows"
    shutil.copytree(world.folder / "estate", folder)
    rows = (folder / "groups.csv").read_text(encoding="utf-8").rstrip("\n").split("\n")
    (folder / "groups.csv").write_text("\n".join([*rows, rows[-1]]) + "\n", encoding="utf-8")
    snapshot = import_estate([folder], tmp_path / "lenient", lenient=True)
    assert snapshot.rejected == 1
    check_into(world.workspace, "work-groups-base", tmp_path / "lenient")
    with world.workspace.open_store() as store, store.read() as connection:
        newest = list_runs(connection)[0]
        assert [problem.code for problem in load_header(connection, newest).problems] == ["cli.rejected"]


@pytest.mark.long
def test_a_plugin_that_could_not_be_loaded_makes_the_run_incomplete(world):
    broken = load_plugins()
    broken.problems.append(Problem("plugin.broken", "x"))
    check_into(world.workspace, "work-groups-base", world.folder / "estate", plugins=broken)
    with world.workspace.open_store() as store, store.read() as connection:
        newest = list_runs(connection)[0]
        assert not newest.complete
        assert load_header(connection, newest).problems[0].code == "plugin.broken"


def test_a_real_check_started_from_the_screen_is_recorded(world, screen, rest, narrow):
    services = services_for(world.workspace, load_plugins(), ruleset="work-groups-base", estate=world.folder / "estate")
    world.services = {name: getattr(services, name) for name in ("run", "ruleset", "formats", "ruleset_name", "estate")}

    async def script(app, pilot):
        await pilot.press("f9")
        await rest(app, pilot)
        await pilot.press("ctrl+s")
        await rest(app, pilot)
        await rest(app, pilot)
        with app.repository.store.read() as connection:
            newest = list_runs(connection)[0]
        assert (newest.id, newest.ruleset) == (3, "work-groups-base")
        await narrow(app, pilot, "rule:own001")
        await rest(app, pilot)
        assert "第2工作群" in screen(app), "its owner is not named in the register"

    world.drive(script)


def test_a_check_while_another_run_holds_the_workspace_is_refused_in_words(world, rest):
    services = services_for(world.workspace, load_plugins(), ruleset="work-groups-base", estate=world.folder / "estate")
    world.services = {"run": services.run, "estate": services.estate, "ruleset_name": "work-groups-base"}

    async def script(app, pilot):
        with world.workspace.lock():
            await pilot.press("f9", "ctrl+s")
            await rest(app, pilot)
        said = "\n".join(notice.message for notice in app._notifications)
        assert str(os.getpid()) in said
        assert runs_in(app) == 2

    world.drive(script)


@pytest.mark.parametrize("error", [DataError(Problem("x", "the file is broken")), ValueError("[/x] secret")])
def test_a_check_that_fails_is_said_and_the_screens_live_on(world, rest, error):
    def run(ruleset, estate, progress, cancelled):
        raise error

    world.services["run"] = run

    async def script(app, pilot):
        await start(app, pilot, rest, world.folder / "estate")
        await rest(app, pilot)
        said = "\n".join(notice.message for notice in app._notifications)
        assert "the file is broken" in said or "ValueError" in said
        assert "secret" not in said
        assert app.is_running

    world.drive(script)


def test_a_run_of_another_process_waits_behind_a_banner_and_the_cursor_stays(world, screen, rest, make_finding):
    async def script(app, pilot):
        await pilot.press("down", "down")
        await rest(app, pilot)
        kept = app.listing.current.id
        found = tuple(make_finding(number) for number in (1, 2, 3, 11, 12))
        await asyncio.to_thread(world.record, found, minutes=50)
        app.look()
        await rest(app, pilot)
        assert "another process finished run 3" in screen(app)
        assert "第11工作群" not in screen(app)
        await pilot.press("f12")
        await rest(app, pilot)
        assert "另一进程完成了运行3" in screen(app)
        await pilot.press("f12")
        await rest(app, pilot)
        assert "another process finished run 3" in screen(app)
        await pilot.press("ctrl+r")
        await rest(app, pilot)
        assert "第11工作群" in screen(app)
        assert app.listing.current.id == kept
        assert "another process" not in screen(app)

    world.drive(script)


class Fine:
    """Show two lines."""

    title = "[bold]Fine[/bold]"

    def lines(self, store, width):
        """Return lines with markup in them."""
        return ["one [@click=app.quit]x[/]", f"width {width}"]


class Broken:
    """Raise."""

    title = "Broken"

    def lines(self, store, width):
        """Raise with markup in the words."""
        raise RuntimeError("no [/such] thing")


def test_panels_stand_in_their_own_frames_and_a_broken_one_says_so_in_its_own(world, screen, rest):
    world.services["panels"] = lambda: (Fine(), Broken())

    async def script(app, pilot):
        await pilot.press("shift+f9")
        await rest(app, pilot)
        text = screen(app)
        assert "one [@click=app.quit]x[/]" in text
        assert "RuntimeError: no [/such] thing" in text
        assert app.is_running

    world.drive(script)


def test_without_panels_the_key_says_so(world, rest):
    async def script(app, pilot):
        await pilot.press("shift+f9")
        assert app.screen.where == "violations"

    world.drive(script)


def test_without_a_terminal_the_command_refuses_in_words():
    done = subprocess.run([sys.executable, "-m", "policycore", "tui"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""


def test_no_headless_command_imports_textual(world):
    code = (
        "import sys\nfrom policycore.cli.main import main\n"
        "assert main(['tui', '--help']) == main(['findings', '--workspace', sys.argv[1]]) == 0\n"
        "sys.exit(any(name in sys.modules for name in ('textual', 'policycore_tui.app', 'policycore_tui.screens')))"
    )
    office = str(world.folder / "office")
    done = subprocess.run([sys.executable, "-c", code, office], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_plain_uses_no_box_characters(world, screen, rest):
    boxes = set("─│╭╮╰╯┌┐└┘")

    async def script(app, pilot):
        assert not set(screen(app)) & boxes
        await pilot.press("down", "w")
        await rest(app, pilot)
        text = screen(app)
        assert "+--" in text
        assert not set(text) & boxes

    world.drive(script, plain=True)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", r"test-set: state of run 2, \d+ days old"), ("zh", r"test-set：状态取自第2次运行，\d+天前")],
)
@pytest.mark.long
def test_where_the_newest_run_was_cut_short_every_screen_says_whose_state_is_shown(
    world, screen, rest, make_finding, language, words
):
    world.record((make_finding(42),), minutes=40, unreached=("test/other",))

    async def script(app, pilot):
        for key in ("f3", "f2", "f6"):
            await pilot.press(key)
            await rest(app, pilot)
            assert re.search(words, screen(app))
        assert "第42工作群" not in screen(app), "a cut run moves no state"
        app.show_banner("news come first")
        await rest(app, pilot)
        assert "news come first" in screen(app)

    world.drive(script, language=language)


@pytest.mark.parametrize(("key", "kept"), [("y", True), ("n", False)])
def test_a_temporary_workspace_says_so_and_is_kept_on_demand(world, screen, rest, tmp_path, key, kept):
    from policycore.store.workspace import find_workspace
    from policycore_tui.command import keep

    world.services["keep_in"] = tmp_path / "here"
    ended = []

    async def script(app, pilot):
        await rest(app, pilot)
        for section in ("f1", "f2", "f5"):
            await pilot.press(section)
            await rest(app, pilot)
            assert "not saved" in screen(app)
            await pilot.press("escape")
        await pilot.press("ctrl+q")
        await rest(app, pilot)
        assert str(tmp_path)[:20] in screen(app)
        await pilot.press("escape")
        await rest(app, pilot)
        assert app.is_running
        await pilot.press("ctrl+q", key)
        await pilot.pause()
        ended.append(app.return_value)

    world.drive(script)
    assert ended == [kept]
    if kept:
        keep(world.workspace, tmp_path / "here")
        with find_workspace(tmp_path / "here").open_store(read_only=True) as store, store.read() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM runs").scalar() == 2
