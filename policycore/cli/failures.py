"""Turn everything that can go wrong into lines on stderr and one exit code."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click

from policycore.errors import ExitCode, PolicycoreError, Problem
from policycore.language import say
from policycore.text.clean import clean

__all__ = [
    "internal_error",
    "print_problems",
    "print_words",
    "report_failure",
    "safe_line",
    "shown_log",
    "usage_problem",
]

LONGEST = 2000
"""Characters of one problem line; no foreign value makes a message longer."""


def print_problems(problems: Iterable[Problem]) -> None:
    """Write each problem as one ``file:line:col: what, why, try`` line on stderr."""
    print_words(str(problem) for problem in problems)


def print_words(lines: Iterable[str]) -> None:
    """Write each line on stderr, clean and as a whole as it may be shown: file names carry personal numbers as well."""
    for line in lines:
        click.echo(safe_line(line), err=True)


def safe_line(line: str) -> str:
    """Return a line with words of others in it as it may be shown."""
    from policycore.text.shown import shown_line

    return shown_line(clean(line, limit=LONGEST))


@contextmanager
def shown_log() -> Iterator[None]:
    """Show on stderr what plugins print in a ``with`` block: it never reaches standard output, which is data."""
    import logging

    from policycore.system.speech import LOGGER

    class Shown(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            from policycore.text.shown import shown

            *who, said = map(str, record.args if isinstance(record.args, tuple) and record.args else (record.msg,))
            print_words(": ".join((*who, line)) for line in shown(said).splitlines())

    logger = logging.getLogger(LOGGER)
    before = logger.handlers[:], logger.level, logger.propagate
    logger.handlers[:], logger.level, logger.propagate = [Shown()], logging.INFO, False
    try:
        yield
    finally:
        logger.handlers[:], logger.level, logger.propagate = before


# click raises nothing of its own for it, and says it in English alone.
_extra = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)


def usage_problem(error: click.ClickException) -> Problem:
    """Return click's complaint in the language in force."""
    fix = say("cli.usage.fix", command=_command_path(error))
    if isinstance(error, click.NoSuchOption):
        what = say("cli.usage.no-such-option", name=error.option_name)
        return Problem("cli.no-such-option", what, fix=_suggest(error.possibilities) or fix)
    if isinstance(error, click.NoSuchCommand):
        what = say("cli.usage.no-such-command", name=error.command_name)
        return Problem("cli.no-such-command", what, fix=_suggest(error.possibilities) or fix)
    if isinstance(error, click.MissingParameter):
        return Problem("cli.missing", say("cli.usage.missing", name=_name(error)), fix=fix)
    if isinstance(error, click.BadParameter):
        return Problem("cli.bad-value", say("operations.bad-value", name=_name(error)), _expected(error), fix)
    if isinstance(error, click.BadOptionUsage):
        return Problem("cli.bad-option", say("cli.usage.bad-option", name=error.option_name), fix=fix)
    if isinstance(error, click.FileError):
        return Problem("cli.file", say("cli.usage.file", name=error.ui_filename), fix=fix)
    extra = _extra.fullmatch(error.message)
    if extra:
        return Problem("cli.extra", say("cli.usage.extra", words=extra[1]), fix=fix)
    return Problem("cli.usage", say("cli.usage.other", message=error.format_message()), fix=fix)


def _command_path(error: click.ClickException) -> str:
    """Return the command line whose ``--help`` helps."""
    context = getattr(error, "ctx", None)
    return context.command_path if context else "policycore"


def _suggest(possibilities: Iterable[str] | None) -> str:
    """Return "did you mean" with the names that come near, or nothing."""
    listed = ", ".join(possibilities or ())
    return say("text.did-you-mean", name=listed) if listed else ""


def _name(error: click.BadParameter) -> str:
    """Return the option or argument as it is typed."""
    if error.param is not None:
        return (
            max(error.param.opts, key=len) if isinstance(error.param, click.Option) else error.param.human_readable_name
        )
    hint = error.param_hint
    return hint if isinstance(hint, str) else ", ".join(hint or ())


def _expected(error: click.BadParameter) -> str:
    """Return what would have been accepted, in the language in force."""
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return say("operations.expected.choice", choices=", ".join(str(choice) for choice in kind.choices))
    if isinstance(kind, (click.IntRange, click.FloatRange)):
        low = "…" if kind.min is None else kind.min
        return say("cli.expected.range", low=low, high="…" if kind.max is None else kind.max)
    if isinstance(kind, click.types.IntParamType | click.types.FloatParamType):
        return say("cli.expected.number")
    if isinstance(kind, click.DateTime):
        return say("operations.expected.time")
    if isinstance(kind, (click.Path, click.File)):
        return say("cli.expected.path")
    return error.message


def internal_error(error: BaseException) -> Problem:
    """Return the one paragraph a person sees of an error nobody foresaw; keep the trace only when asked to.

    With ``POLICYCORE_DEBUG=1`` the traceback goes to a file in the temporary folder: source lines
    only, never the values of variables, for those may be evidence.
    """
    fix = say("cli.internal.fix")
    if os.environ.get("POLICYCORE_DEBUG") == "1":
        fix = say("cli.internal.traced", file=_write_trace(error))
    foreign = _foreign_plugins()
    if foreign:
        fix = f"{say('cli.internal.plugins', names=', '.join(foreign))}; {fix}"
    # The text of a foreign exception may quote data, so only its kind is shown.
    return Problem("cli.internal", say("cli.internal", kind=type(error).__name__), say("cli.internal.why"), fix)


def _foreign_plugins() -> list[str]:
    """Return the distributions of plugins that are loaded and not ours: any of them may have been in the way."""
    from importlib.metadata import entry_points

    ours = __package__.partition(".")[0]
    loaded = {one.dist.name for one in entry_points(group=ours) if one.dist and one.module in sys.modules}
    return sorted(loaded - {ours})


def _write_trace(error: BaseException) -> str:
    """Write file, line and source of each frame to a private file and return its path."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="policycore-", suffix=".trace", encoding="utf-8", errors="replace", delete=False
    ) as file:
        file.write(f"{type(error).__name__}\n")
        file.writelines(traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__)).format())
    return file.name


def report_failure(error: BaseException) -> ExitCode:
    """Print what ended the command and return the exit code it ends with."""
    if isinstance(error, PolicycoreError):
        print_problems(error.problems)
        return error.exit_code
    if isinstance(error, click.exceptions.Exit):
        return ExitCode(error.exit_code)
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        click.echo(say("cli.interrupted"), err=True)
        return ExitCode.INTERRUPTED
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return ExitCode.USAGE
    if isinstance(error, click.ClickException):
        print_problems([usage_problem(error)])
        return ExitCode.USAGE
    if isinstance(error, FileNotFoundError) and "temporary directory" in (error.strerror or ""):
        # What `tempfile` says where no place that it knows takes a byte.
        print_problems([Problem.of("cli.no-temporary")])
        return ExitCode.DATA
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG):
        print_problems([Problem("cli.disk-full", say("cli.output.why"), fix=say("cli.output.no-writing.fix"))])
        return ExitCode.DATA
    if isinstance(error, PermissionError):
        print_problems([Problem.of("cli.no-access", path=error.filename or "?")])
        return ExitCode.DATA
    print_problems([internal_error(error)])
    return ExitCode.INCOMPLETE
