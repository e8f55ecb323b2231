"""Write a report to a file in one step, or to standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from policycore.cli.installed import installed_plugins
from policycore.errors import DataError, Problem, UsageError
from policycore.language import say
from policycore.system.atomic_files import atomic_file

if TYPE_CHECKING:
    from policycore.model.result import RunResult
    from policycore.plugin_api.plugins import PluginSet
    from policycore.store.workspace import Workspace

__all__ = [
    "check_output",
    "columns",
    "is_terminal",
    "open_output",
    "print_lines",
    "print_report",
    "require_report",
    "unwritable",
    "use_colour",
]


class _Recoded:
    """A stream that takes UTF-8 text to standard output, in the encoding of that."""

    def write(self, data: bytes) -> int:
        """Write whole lines of UTF-8."""
        sys.stdout.write(data.decode())
        return len(data)


@contextmanager
def open_output(path: Path | None, *, recode: bool = False) -> Iterator[BinaryIO]:
    """Yield the stream a report goes to; a file appears whole or not at all.

    A link stays one and its target is written. A pipe or a device is written to, never replaced: put a file in
    the place of ``/dev/null`` and every program of the machine suffers. Raises UsageError for a folder, DataError
    where nothing can be written or the disk fills up. None means standard output, as it is, or with `recode` in its
    own encoding.
    """
    if path is None:
        sys.stdout.flush()
        yield cast("BinaryIO", _Recoded() if recode else sys.stdout.buffer)
        sys.stdout.flush()
        return
    check_output(path)
    if path.exists() and not path.is_file():
        with _writable(path) as stream:
            yield stream
        return
    try:
        with atomic_file(path) as stream:
            yield stream
    except OSError as error:
        raise unwritable(path.parent) from error


@contextmanager
def _writable(path: Path) -> Iterator[BinaryIO]:
    """Yield a pipe or a device to write to."""
    try:
        with path.open("wb") as stream:
            yield stream
    except BrokenPipeError:
        return  # the reader has seen enough
    except OSError as error:
        raise unwritable(path.parent) from error


def check_output(path: Path) -> None:
    """Raise DataError when no file can be written at `path`, UsageError when a folder is there."""
    if path.is_dir():
        raise UsageError(_refusal("is-folder", path))
    if not path.parent.is_dir():
        raise DataError(_refusal("no-folder", path.parent))
    # Told before the work, not after it; a pipe or a device needs nothing of its folder.
    folder = Path(os.path.realpath(path) if path.is_symlink() else path).parent
    if (path.is_file() or not path.exists()) and not os.access(folder, os.W_OK | os.X_OK):
        raise unwritable(folder)


def unwritable(folder: Path) -> DataError:
    """Return the error of a folder that no file can be written in."""
    return DataError(_refusal("no-writing", folder))


def _refusal(what: str, path: Path) -> Problem:
    """Return why an output file is refused."""
    return Problem(
        f"cli.output-{what}",
        say(f"cli.output.{what}", path=path),
        say("cli.output.why"),
        say(f"cli.output.{what}.fix"),
    )


def print_lines(lines: Iterable[object]) -> None:
    """Write each line to standard output as it comes."""
    for line in lines:
        click.echo(line)


def is_terminal(stream: object) -> bool:
    """Return whether a person watches the stream."""
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())


def use_colour(stream: object) -> bool:
    """Return whether colours may be used: on a terminal that is not dumb, unless NO_COLOR is set to anything."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns(stream: object) -> int:
    """Return the terminal's width; 80 where there is no terminal, so that files do not depend on a window."""
    if not is_terminal(stream):
        return 80
    import shutil

    return max(40, min(shutil.get_terminal_size((80, 24)).columns, 120))


def require_report(name: str, output: Path | None, plugins: PluginSet | None = None) -> None:
    """Raise UsageError for a format or an output that can't be, before any work is done."""
    from policycore.operations.report import report_format

    report = report_format(name, plugins=_plugins(name, plugins))
    if output is not None:
        check_output(output)
    elif not report.is_text and is_terminal(sys.stdout):
        raise UsageError(
            Problem("cli.binary", say("cli.binary", format=name), say("cli.binary.why"), say("cli.binary.fix"))
        )


def _plugins(name: str, plugins: PluginSet | None) -> PluginSet | None:
    """Return the plugins that may bring the format called `name`; none are loaded for a built-in one."""
    from policycore.reports.formats import FORMAT_NAMES

    return plugins or (None if name in FORMAT_NAMES else installed_plugins())


def print_report(
    result: RunResult,
    name: str,
    output: Path | None,
    *,
    plugins: PluginSet | None = None,
    workspace: Workspace | None = None,
    run: int | None = None,
    profile: bool = False,
    gap_subjects: bool = False,
    estate: str = "",
) -> None:
    """Write `result` in the format called `name` to a file or to standard output, as wide and colourful as that is."""
    from policycore.operations.report import presentation_of, write_report

    plugins = _plugins(name, plugins)
    require_report(name, output, plugins)
    watched = output is None
    shown = presentation_of(
        name,
        workspace=workspace,
        run=run,
        width=columns(sys.stdout) if watched else 80,
        colour=watched and use_colour(sys.stdout),
        profile=profile,
        gap_subjects=gap_subjects,
        estate=estate,
    )
    # Plain text goes out in the terminal's own encoding; every other format is UTF-8 by its nature.
    with open_output(output, recode=name == "text") as stream:
        write_report(result, stream, name, plugins=plugins, presentation=shown)
