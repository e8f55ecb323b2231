"""Look at the installation: versions, language, terminal, temporary folder, plugins; say what is broken."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import click

from policycore import __version__
from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems
from policycore.cli.output import columns, use_colour
from policycore.cli.plugin_state import state_of, whole
from policycore.errors import ExitCode, PolicycoreError, Problem
from policycore.language import current_language, say
from policycore.text.width import fill_line

__all__ = ["command"]


@translated_command("doctor", help="cli.doctor.help")
def command() -> ExitCode:
    """Print what was found; problems go to stderr and decide the exit code."""
    problems: list[Problem] = []
    for part in (_installation, _surroundings, _folders, _plugins):
        for label, value in part(problems):
            click.echo(f"{fill_line(label, 22)} {value}")
    print_problems(problems)
    click.echo(say("cli.doctor.broken", count=len(problems)) if problems else say("cli.doctor.well"))
    return ExitCode.INCOMPLETE if problems else ExitCode.CLEAN


Part = Iterator[tuple[str, object]]


def _problem(code: str, **values: Any) -> Problem:
    """Return a problem from the catalogue."""
    return Problem.of(f"cli.doctor.{code}", **values)


def _installation(problems: list[Problem]) -> Part:
    """Yield versions of the program, of Python and of what it needs."""
    yield "policycore", __version__
    yield "Python", f"{platform.python_version()} ({sys.executable})"
    yield say("cli.doctor.system"), f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU"
    for name in _needed():
        try:
            yield name, version(name)
        except PackageNotFoundError:
            problems.append(_problem("missing", name=name))
            yield name, say("cli.doctor.absent")
    yield "DuckDB", _database(problems)


def _needed() -> list[str]:
    """Return the packages that this distribution needs on every system, as its metadata lists them."""
    lines = [line for line in requires("policycore") or () if ";" not in line]
    return sorted(re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines)


def _database(problems: list[Problem]) -> str:
    """Return the database engine's version after it answered a query in the university's time zone."""
    try:
        import duckdb

        with duckdb.connect(":memory:") as connection:
            connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
            connection.execute("SET TimeZone = 'Asia/Shanghai'")
            row = connection.execute("SELECT year(TIMESTAMPTZ '2024-12-31 20:00:00+00')").fetchone()
    except Exception as error:  # a broken installation fails in any way
        problems.append(_problem("database", error=type(error).__name__))
        return say("cli.doctor.absent")
    if row != (2025,):
        problems.append(_problem("database", error="TimeZone"))
    return duckdb.__version__


def _surroundings(problems: list[Problem]) -> Part:
    """Yield language, encoding and terminal."""
    yield say("cli.doctor.language"), current_language()
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), "-")
    yield say("cli.doctor.locale"), locale
    encoding = (sys.stdout.encoding or "").lower()
    yield say("cli.doctor.coding"), encoding
    try:
        "群★".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        problems.append(_problem("encoding", encoding=encoding))
    terminal = say("cli.doctor.no-terminal")
    if sys.stdout.isatty():
        colour = say("cli.doctor.colour" if use_colour(sys.stdout) else "cli.doctor.plain")
        terminal = f"{os.environ.get('TERM', '-')}, {columns(sys.stdout)}, {colour}"
    yield say("cli.doctor.terminal"), terminal


def _folders(problems: list[Problem]) -> Part:
    """Yield the folders that the program writes to, tried out."""
    import tempfile

    from policycore.store.workspace import FOLDER, find_workspace

    folder = Path(tempfile.gettempdir())
    yield say("cli.doctor.temporary"), folder
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"policycore")
    except OSError:
        problems.append(_problem("folder", folder=folder))
    try:
        workspace = find_workspace()
    except PolicycoreError as error:
        problems += error.problems
        return
    if workspace is not None:
        yield FOLDER, workspace.folder
        problems += (_problem("open", file=file) for file in workspace.open_to_all())


def _plugins(problems: list[Problem]) -> Part:
    """Yield the plugins with what they bring; broken ones are problems."""
    from policycore.plugin_api.plugins import load_plugins

    plugins = whole(load_plugins())
    yield say("cli.doctor.rules"), len(plugins.rules.all())
    for plugin in plugins.plugins:
        state = f"{plugin.distribution} {plugin.version}  {state_of(plugin)}"
        yield say("cli.doctor.plugin", name=plugin.name), state
    problems += plugins.problems
