"""Print ready units for a scheduler."""

from __future__ import annotations

import posixpath
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from policycore.cli.command import translated_command
from policycore.cli.installed import installed_plugins
from policycore.cli.options import Duration
from policycore.errors import PolicycoreError, Problem, UsageError
from policycore.language import say
from policycore.store.workspace import find_workspace

__all__ = ["command"]

_time = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_name = re.compile(r"[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@translated_command("schedule", help="cli.schedule")
@click.argument("kind", type=click.Choice(["systemd", "cron", "k8s", "windows"]))
@click.option("--job", "job_file", default="", metavar="FILE", help="cli.schedule.job")
@click.option("--ruleset", default="", metavar="NAME|FILE", help="cli.check.ruleset")
@click.option("--estate", default="", metavar="FOLDER|URL", help="cli.check.estate")
@click.option("--workspace", default="", metavar="FOLDER", help="cli.schedule.workspace")
@click.option("--at", default="06:00", show_default=True, metavar="HH:MM", help="cli.schedule.at")
@click.option("--day", "days", type=click.Choice(_DAYS), multiple=True, help="cli.schedule.day")
@click.option("--timezone", default="Asia/Shanghai", show_default=True, metavar="ZONE", help="cli.schedule.zone")
@click.option("--budget", type=Duration(), metavar="TIME", help="cli.help.budget")
@click.option("--plugins-lock", default="", metavar="FILE", help="cli.check.plugins-lock")
@click.option("--name", default="policycore-check", show_default=True, help="cli.schedule.name")
@click.option("--program", default="", metavar="FILE", help="cli.schedule.program")
@click.option("--image", default="", help="cli.schedule.image")
@click.option("--claim", default="policycore", show_default=True, help="cli.schedule.claim")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="cli.schedule.output")
def command(
    kind: str,
    job_file: str,
    ruleset: str,
    estate: str,
    workspace: str,
    at: str,
    days: tuple[str, ...],
    timezone: str,
    budget: timedelta | None,
    plugins_lock: str,
    name: str,
    program: str,
    image: str,
    claim: str,
    output: Path | None,
) -> None:
    """Print the units, or write them into a folder."""
    from policycore import __version__
    from policycore.operations.schedule import Job, cron_line, kubernetes_cron_job, systemd_units, windows_task

    hour, minute = _clock(at)
    _check(job_file, ruleset, estate, workspace, plugins_lock, program, image, claim, name=name, zone=timezone)
    if bool(job_file) == bool(ruleset and estate) or (job_file and (ruleset or estate)):
        raise UsageError(Problem.of("cli.schedule.one"))
    inside = kind == "k8s"
    folder = (workspace or "/workspace") if inside else str(Path(workspace or ".").absolute())
    problems = list(_missing(job_file, ruleset, estate, folder, plugins_lock, program, inside=inside))
    # A unit may be made for another user or machine, whose variables nobody knows here.
    unset = [one for one in problems if one.code == "notices.variable"]
    if len(unset) < len(problems):
        raise UsageError(*problems)
    for one in unset:
        click.echo(say("cli.schedule.unset", what=one.what), err=True)
    job = Job(
        name=name,
        program=program or _program(),
        folder=folder,
        arguments=_arguments(job_file, ruleset, estate, budget, plugins_lock, quiet=kind == "cron"),
        hour=hour,
        minute=minute,
        weekdays=tuple(sorted({_DAYS.index(day) for day in days})),
        timezone=timezone,
        seconds=3600 if budget is None else int(budget.total_seconds()) + 600,
    )
    if kind == "systemd":
        files = systemd_units(job)
    elif kind == "cron":
        files = {f"{name}.crontab": cron_line(job)}
    elif kind == "windows":
        files = {f"{name}.xml": windows_task(job)}
    else:
        files = {f"{name}.yaml": kubernetes_cron_job(job, image=image or f"policycore:{__version__}", claim=claim)}
    _give(files, output)
    click.echo(say(f"cli.schedule.next.{kind}", name=name), err=True)


def _missing(
    job: str, ruleset: str, estate: str, folder: str, lock: str, program: str, *, inside: bool
) -> Iterator[Problem]:
    """Yield what the job would not find: who prints a unit that cannot run hears of it from a pager at night."""
    if inside:
        for word in filter(None, (job, ruleset, estate, lock)):
            if _leads_out(word, folder):
                yield _problem("outside", name=word, folder=folder)
        return
    if program and shutil.which(program) is None:
        yield _problem("no-program", name=program)
    if lock and not (Path(folder) / lock).is_file():
        yield _problem("no-lock", name=lock, folder=folder)
    if job:
        from policycore.operations.prepare_job import prepare_job

        try:
            prepare_job(Path(folder) / job, installed_plugins())
        except PolicycoreError as error:
            yield from error.problems
        return
    yield from _missing_of_check(ruleset, estate, folder)


def _missing_of_check(ruleset: str, estate: str, folder: str) -> Iterator[Problem]:
    """Yield what a check would not find."""
    from policycore.estate.object_store import is_address, require_address
    from policycore.operations.choose_ruleset import choose_ruleset

    if not is_address(estate) and not (Path(folder) / estate).exists():
        yield _problem("no-estate", name=estate, folder=folder)

    is_file = "/" in ruleset or ruleset.endswith((".yaml", ".yml")) or (Path(folder) / ruleset).is_file()
    try:
        if is_address(estate):
            require_address(estate)
        choose_ruleset(
            Path(folder) / ruleset if is_file else ruleset,
            plugins=installed_plugins(),
            workspace=find_workspace(Path(folder)),
        )
    except PolicycoreError as error:
        yield from error.problems


def _leads_out(word: str, folder: str) -> bool:
    """Return whether `word`, read in `folder` of the container, leads out of what is mounted there."""
    path = posixpath.normpath(posixpath.join(folder, word))
    return path != folder.rstrip("/") and not path.startswith(folder.rstrip("/") + "/")


def _problem(what: str, **values: Any) -> Problem:
    """Return a problem whose sentences stand under ``cli.schedule``."""
    return Problem.of(f"cli.schedule.{what}", **values)


def _program() -> str:
    """Return the path of the policycore that is on the path, or of the one that runs now."""
    own = Path(sys.argv[0]).absolute()
    return shutil.which("policycore") or (str(own) if own.name.startswith("policycore") else "policycore")


def _arguments(
    job: str, ruleset: str, estate: str, budget: timedelta | None, lock: str, *, quiet: bool
) -> tuple[str, ...]:
    """Return the command line of the job, or of a check with metrics and log beside the workspace.

    Cron mails whatever a job prints, so that a good run must be `quiet`; the others keep it in their journals.
    """
    from policycore.system.duration import spelled

    limit: tuple[str, ...] = () if budget is None else ("--budget", spelled(budget))
    report = ("--format", "prom", "--output", "policycore.prom", "--log", "policycore-log.jsonl", "--wait", "60")
    limit += ("--plugins-lock", lock) if lock else ()
    silence = ("--quiet",) if quiet else ()
    if job:
        return ("run", job, *(("--plugins-lock", lock) if lock else ()), *silence)
    return ("check", "--ruleset", ruleset, "--estate", estate, *limit, *report, *silence)


def _give(files: dict[str, str], output: Path | None) -> None:
    """Print the units, each under its file's name, or write the files."""
    if output is None:
        for file, text in files.items():
            click.echo(f"# {file}\n{text}" if len(files) > 1 else text, nl=False)
        return
    from policycore.cli.output import open_output, unwritable

    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(output) from error
    for file, text in files.items():
        with open_output(output / file) as stream:
            stream.write(text.encode())


def _clock(text: str) -> tuple[int, int]:
    found = _time.fullmatch(text)
    if found is None:
        raise UsageError(_bad("--at", "cli.expected.clock"))
    return int(found[1]), int(found[2])


def _check(*texts: str, name: str, zone: str) -> None:
    """Refuse what no unit can hold: line ends and other control characters, names that are none, unknown zones."""
    from zoneinfo import ZoneInfo

    if any(not char.isprintable() for text in texts for char in text):
        raise UsageError(_bad("--estate", "cli.expected.printable"))
    if not _name.fullmatch(name):
        raise UsageError(_bad("--name", "cli.expected.name"))
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError):
        raise UsageError(_bad("--timezone", "cli.expected.zone")) from None


def _bad(option: str, expected: str) -> Problem:
    return Problem("cli.bad-value", say("operations.bad-value", name=option), say(expected))
