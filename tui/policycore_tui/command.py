"""Open the terminal interface on a workspace, or on a check into a temporary one.

Textual is imported when the screens open, not before: help, and a refusal, cost no more than with other commands.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.errors import DataError, InterruptedRunError, Problem, UsageError
from policycore.language import say
from policycore.system.refusals import refusal_words
from policycore.system.temporary_folders import PrivateFolder
from policycore_tui.state.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from threading import Event

    from policycore import ReportFormat
    from policycore.plugin_api.plugins import PluginSet
    from policycore.store.workspace import Workspace
    from policycore_tui.app import PolicycoreApp

__all__ = ["build", "check_into", "collect_rarely", "command", "keep", "services_for"]

_COLLECTED_AFTER = (5_000, 20, 100)
"""Objects, then searches of the younger, after which garbage is looked for among the old."""


@translated_command("tui", help="tui.help")
@click.option("--workspace", type=click.Path(path_type=Path), metavar="FOLDER", help="cli.help.workspace")
@click.option("--store", metavar="FILE|URL", help="cli.help.store")
@click.option("--estate", type=click.Path(path_type=Path, exists=True), metavar="FOLDER", help="tui.option.estate")
@click.option("--ruleset", metavar="NAME|FILE", help="tui.option.ruleset")
@click.option("--plain", is_flag=True, help="tui.option.plain")
def command(workspace: Path | None, store: str | None, estate: Path | None, ruleset: str | None, plain: bool) -> None:
    """Open the workspace, or check first."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(Problem.of("tui.no-terminal"))
    from policycore.plugin_api.plugins import load_plugins

    plugins = load_plugins()
    with ExitStack() as stack:
        opened = _opened(workspace, store, estate, ruleset, stack)
        services = services_for(opened, plugins, ruleset=ruleset or "", estate=estate)
        if estate is not None and workspace is None and store is None:
            services = replace(services, keep_in=_place_to_keep())
        app = build(opened, services, plain=plain)
        collect_rarely()
        kept = app.run()
        app.repository.store.close()
        if kept is True and services.keep_in is not None:
            keep(opened, services.keep_in)
            click.echo(say("tui.kept", path=services.keep_in), err=True)


def collect_rarely() -> None:
    """Let the search for garbage hold the screen up less: what was imported stays, and findings are many."""
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)


def keep(workspace: Workspace, folder: Path) -> None:
    """Make of a temporary workspace one that stays, in `folder`; DataError where it cannot be written."""
    import shutil

    try:
        shutil.copytree(workspace.folder, folder / workspace.folder.name)
    except OSError as error:
        raise DataError(Problem.of("tui.not-kept", path=folder, reason=refusal_words(error))) from None


def _place_to_keep() -> Path:
    """Return the folder that a temporary workspace can be kept in: this one, else a new one in it."""
    from policycore.store.workspace import FOLDER

    here = Path.cwd() if os.access(Path.cwd(), os.W_OK) else Path.home()
    named = (here, *(here / f"policycore-{number}" for number in range(1, 1000)))
    return next(folder for folder in named if not (folder / FOLDER).exists())


def _opened(
    folder: Path | None, store: str | None, estate: Path | None, ruleset: str | None, stack: ExitStack
) -> Workspace:
    """Return the workspace that is meant; an estate without one is checked into a temporary one."""
    from policycore.store.workspace import init_workspace, needed_workspace

    if estate is None or folder is not None or store is not None:
        return needed_workspace(folder, store)
    if ruleset is None:
        raise UsageError(Problem.of("tui.needs-ruleset"))
    click.echo(say("tui.temporary"), err=True)
    private = PrivateFolder()
    stack.callback(private.close)
    workspace = init_workspace(private.path)
    check_into(workspace, ruleset, estate)
    return workspace


def build(workspace: Workspace, services: Services, *, plain: bool = False) -> PolicycoreApp:
    """Return the app for `workspace`, with the person's own settings; what must be settled before Textual is."""
    # Kitty's key protocol keeps input methods from composing: Chinese could not be typed.
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
    if plain:
        os.environ["NO_COLOR"] = "1"
        os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    from policycore_tui.app import PolicycoreApp
    from policycore_tui.state.findings import FindingsRepository
    from policycore_tui.state.keys import KeyTable
    from policycore_tui.state.settings import read_settings

    keys = KeyTable(read_settings("keymap.json"))
    return PolicycoreApp(FindingsRepository(workspace, workspace.open_store()), services, keys=keys, plain=plain)


def services_for(
    workspace: Workspace, plugins: PluginSet, *, ruleset: str = "", estate: Path | None = None
) -> Services:
    """Return what the screens need of the layers that they do not know."""
    from policycore.operations.choose_ruleset import load_ruleset
    from policycore.operations.report import presentation_of
    from policycore.reports import formats
    from policycore.store.kept.runs import list_runs

    def known() -> Mapping[str, ReportFormat]:
        """Return the formats; a page draws the runs up to the newest one."""
        with workspace.open_store(read_only=True) as store, store.read() as connection:
            newest = [run.id for run in list_runs(connection, limit=1, replays=False)]
        look = presentation_of("html", workspace=workspace, run=newest[0]) if newest else None
        return formats(plugins.reports, look)

    def run(name: str, folder: Path, progress: Callable[[int, int, str], None], cancelled: Event) -> Sequence[str]:
        return check_into(workspace, name, folder, progress=progress, cancelled=cancelled, plugins=plugins)

    return Services(
        ruleset=lambda name: load_ruleset(ruleset or name, plugins=plugins),
        run=run,
        formats=known,
        panels=lambda: plugins.panels,
        ruleset_name=ruleset,
        estate=estate,
        problems=tuple(str(problem) for problem in plugins.problems),
    )


def check_into(
    workspace: Workspace,
    ruleset: str,
    estate: Path,
    *,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Event | None = None,
    plugins: PluginSet | None = None,
) -> Sequence[str]:
    """Check `estate` and record the result in `workspace`; return what to tell about it.

    Raises PolicycoreError; InterruptedRunError once `cancelled` is set, before anything is written.
    """
    from policycore.engine.run import RuleStarted
    from policycore.operations.check import check

    def tell(event: object) -> None:
        if cancelled is not None and cancelled.is_set():
            raise InterruptedRunError(Problem("tui.run.cancelled", say("tui.run.cancelled")))
        if progress is not None and isinstance(event, RuleStarted):
            progress(event.done, event.total, event.rule.name)

    outcome = check(estate, ruleset, workspace=workspace, plugins=plugins, tell=tell)
    if outcome.failure is not None:
        raise outcome.failure
    return outcome.words()
