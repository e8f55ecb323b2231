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
from policycore.cli.failures import print_problems
from policycore.cli.installed import installed_plugins
from policycore.cli.options import Duration
from policycore.errors import Place, Problem, UsageError
from policycore.language import say

__all__ = ["command"]

_time = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_name = re.compile(r"[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@translated_command("schedule", help="cli.schedule")
@click.argument("kind", type=click.Choice(["systemd", "cron", "k8s"]))
@click.option("--ruleset", required=True, metavar="NAME|FILE", help="cli.check.ruleset")
@click.option("--estate", required=True, metavar="FOLDER", help="cli.check.estate")
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
    from policycore.operations.schedule import Job, cron_line, kubernetes_cron_job, systemd_units

    hour, minute = _clock(at)
    _check(ruleset, estate, workspace, plugins_lock, program, image, claim, name=name, zone=timezone)
    inside = kind == "k8s"
    folder = (workspace or "/workspace") if inside else str(Path(workspace or ".").absolute())
    job = Job(
        name=name,
        program=program or _program(),
        folder=folder,
        arguments=_arguments(ruleset, estate, budget, plugins_lock, quiet=kind == "cron"),
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
    else:
        files = {f"{name}.yaml": kubernetes_cron_job(job, image=image or f"policycore:{__version__}", claim=claim)}
    _give(files, output)
    print_problems(_missing(ruleset, estate, workspace, plugins_lock, inside=inside))
    click.echo(say(f"cli.schedule.next.{kind}", name=name), err=True)


def _missing(ruleset: str, estate: str, workspace: str, lock: str, *, inside: bool) -> Iterator[Problem]:
    """Yield a warning for what the job would not find: the unit may be meant for another machine, so it is printed."""
    if inside:
        for word in (ruleset, estate, lock):
            if _leads_out(word, workspace or "/workspace"):
                yield _warning("outside", name=word, folder=workspace or "/workspace")
        return
    from policycore.rulesets.layers.find import find_ruleset

    folder = Path(workspace or ".")
    is_file = "/" in ruleset or ruleset.endswith((".yaml", ".yml"))
    word = str(folder / ruleset) if is_file or (folder / ruleset).is_file() else ruleset
    of_a_run = "@" in ruleset and not is_file
    folders = () if of_a_run else installed_plugins().ruleset_folders
    if not of_a_run and not isinstance(find_ruleset(word, folders, Place("--ruleset")), Path):
        yield _warning("no-ruleset", name=ruleset, folder=folder.absolute())
    if lock and not (folder / lock).is_file():
        yield _warning("no-lock", name=lock, folder=folder.absolute())
    if not (folder / estate).exists():
        yield _warning("no-estate", name=estate, folder=folder.absolute())


def _leads_out(word: str, folder: str) -> bool:
    """Return whether `word`, read in `folder` of the container, leads out of what is mounted there."""
    path = posixpath.normpath(posixpath.join(folder, word))
    return path != folder.rstrip("/") and not path.startswith(folder.rstrip("/") + "/")


def _warning(what: str, **values: Any) -> Problem:
    """Return a warning whose sentences stand under ``cli.schedule``."""
    return Problem.of(f"cli.schedule.{what}", **values)


def _program() -> str:
    """Return the path of the policycore that is on the path, or of the one that runs now."""
    own = Path(sys.argv[0]).absolute()
    return shutil.which("policycore") or (str(own) if own.name.startswith("policycore") else "policycore")


def _arguments(ruleset: str, estate: str, budget: timedelta | None, lock: str, *, quiet: bool) -> tuple[str, ...]:
    """Return the command line of the check: metrics and log beside the workspace, nothing on stdout.

    Cron mails whatever a job prints, so that a good run must be `quiet`; the others keep it in their journals.
    """
    from policycore.system.duration import spelled

    limit: tuple[str, ...] = () if budget is None else ("--budget", spelled(budget))
    report = ("--format", "prom", "--output", "policycore.prom", "--log", "policycore-log.jsonl", "--wait", "60")
    limit += ("--plugins-lock", lock) if lock else ()
    silence = ("--quiet",) if quiet else ()
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
