"""The entry point: find the command, run it, turn what happens into words and an exit code."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

import click

from policycore.cli.commands import Commands, early_language
from policycore.cli.failures import print_problems, print_words, report_failure, shown_log
from policycore.cli.installed import Installed
from policycore.errors import ExitCode, PolicycoreError, Problem, worst
from policycore.language import choose_language, say
from policycore.system.deadline import end_in, let_processes_end
from policycore.system.process import Interruption, keep_output_apart, leave_unread, outlive_readers

__all__ = ["KNOWN", "main", "mistyped_variables", "run"]

KNOWN = (
    "DEBUG",
    "LANG",
    "MEMORY",
    "NOTIFY",
    "PLUGINS",
    "PLUGINS_LOCK",
    "PLUGIN_SECONDS",
    "STORE",
    "TRACE",
    "WORKSPACE",
)
"""What follows ``POLICYCORE_`` in the names of the variables that are read."""
_PREFIX = "POLICYCORE_"
# As they are before any plugin is loaded.
_leave, _run_exit_functions = os._exit, atexit._run_exitfuncs
_GRACE = 2.0
_END = 90.0
"""Seconds that what is left for the end of the program has, in which code of plugins may run as well."""


def run() -> None:
    """Run the command line of this process and end the process."""
    if os.environ.get("_POLICYCORE_COMPLETE"):
        Commands().main(prog_name="policycore")  # a shell asks for completions
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Whoever started the program closed it: no file opened later may stand in its place.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 # open until the end
    keep_output_apart()
    outlive_readers()
    let_processes_end()
    code = main(sys.argv[1:])
    left = _left_running()
    if left:
        print_words([say("system.left-running", names=", ".join(left))])
        code = max(code, ExitCode.INCOMPLETE)
    try:
        sys.stdout.flush()
    except OSError:
        leave_unread(sys.stdout.fileno())  # told already
    # What plugins left for the end of the program prints beside the report, and nothing of theirs decides the code:
    # the interpreter's own end, with what they put in its way, is not waited for.
    sys.stdout = sys.stderr
    end_in(_END, say("system.end-held-up", seconds=f"{_END:g}", name="?"))
    _run_exit_functions()
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    _leave(code)


def _left_running() -> list[str]:
    """Return the names of threads and processes for whose end the interpreter would wait; the processes are ended."""
    module = sys.modules.get("multiprocessing.process")
    processes = module.active_children() if module else []
    for process in processes:
        process.kill()
    threads = [one for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon]
    ends = time.monotonic() + _GRACE
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    return [*(one.name for one in threads if one.is_alive()), *(one.name for one in processes)]


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code, whatever is raised in it.

    Whatever it writes is its owner's alone: it may name people.
    """
    before = os.umask(0o077)
    try:
        return _main(arguments)
    finally:
        os.umask(before)


def _main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a character shows "?" instead of ending the command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    language = early_language(arguments)
    if language is not None:
        choose_language(language)
    print_problems(mistyped_variables())
    try:
        with Interruption() as interruption:
            code = _invoke(list(arguments), interruption)
            # A database that swallowed the signal made of it a result that is none.
            interruption.halt()
        sys.stdout.flush()
    except BaseException as error:  # code of plugins may try to end the process
        return int(report_failure(error))
    return code


def _invoke(arguments: list[str], interruption: Interruption) -> int:
    """Parse the arguments, run the command and return the code that it returns."""
    program = Commands(interruption)
    installed = Installed()
    helped = False
    try:
        context = program.make_context("policycore", arguments, max_content_width=100, obj=installed)
        with context, shown_log():
            answer = program.invoke(context)
        code = answer if isinstance(answer, (int, ExitCode)) and not isinstance(answer, bool) else 0
    except click.exceptions.Exit as error:
        code, helped = error.exit_code, True
    except (PolicycoreError, click.ClickException) as error:
        code = report_failure(error)
    print_problems(installed.problems)
    # Help is help, whatever plugins there are.
    return worst(code, ExitCode.INCOMPLETE) if installed.problems and not helped else int(code)


def mistyped_variables() -> Iterator[Problem]:
    """Yield a problem for each variable whose name comes near one that is read; values are not looked at.

    Others that begin so may be a plugin's own.
    """
    for name in sorted(os.environ):
        word = name.removeprefix(_PREFIX)
        if word == name or word in KNOWN:
            continue
        # Every start comes by here where a plugin has a variable of its own: rapidfuzz would cost it 20 ms.
        import difflib

        for near in difflib.get_close_matches(word, KNOWN, 1, cutoff=0.65):
            yield Problem(
                "cli.unknown-variable",
                say("cli.unknown-variable", name=name),
                say("cli.unknown-variable.why"),
                say("text.did-you-mean", name=f"{_PREFIX}{near}"),
            )
