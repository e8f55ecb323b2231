"""Run a job file from import to metrics, for schedulers: one line a rule set, and one exit code."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from policycore.cli.check import show_event
from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems, print_words, safe_line
from policycore.cli.installed import installed_plugins
from policycore.cli.notify import tell_sending
from policycore.cli.run_log import RunLog
from policycore.errors import ExitCode, PolicycoreError
from policycore.language import choose_language, say

if TYPE_CHECKING:
    from policycore.operations.check import CheckOutcome
    from policycore.operations.run_job import JobEvent

__all__ = ["command"]


@translated_command("run", help="cli.run")
@click.argument("file", type=click.Path(path_type=Path), metavar="JOB")
@click.option("--dry-run", is_flag=True, help="cli.run.dry-run")
@click.option("--log", metavar="FILE|-", help="cli.help.log")
@click.option("--quiet", is_flag=True, help="cli.run.quiet")
@click.option("--plugins-lock", type=click.Path(path_type=Path), metavar="FILE", help="cli.check.plugins-lock")
def command(file: Path, dry_run: bool, log: str | None, quiet: bool, plugins_lock: Path | None) -> ExitCode:
    """Run the job, or with ``--dry-run`` say whether it could run."""
    from policycore.operations.prepare_job import prepare_job
    from policycore.operations.run_job import run_job

    try:
        ready = prepare_job(file, installed_plugins(plugins_lock))
    except Exception as error:  # whatever it is, who watches the job must see it
        if not dry_run:
            _leave_word(file, log, error)
        raise
    job = ready.job
    if job.language is not None:
        choose_language(job.language)
    if dry_run:
        rulesets = ", ".join(ruleset.name for _, ruleset in ready.rulesets)
        click.echo(safe_line(say("cli.run.ready", job=job.job, rulesets=rulesets)), err=True)
        return ExitCode.CLEAN
    place = log or (str(ready.folder / job.log) if job.log else None)
    with RunLog(place) as run_log:
        done = run_job(ready, tell=lambda event: _tell(event, run_log, quiet=quiet))
        run_log.write("job", job=job.job, exit_code=int(done.exit_code), seconds=round(done.seconds, 3))
    if done.exit_code is ExitCode.INTERRUPTED:
        click.echo(say("cli.interrupted"), err=True)
    return done.exit_code


def _leave_word(file: Path, log: str | None, error: Exception) -> None:
    """Leave in log and metrics, wherever the job's file says that they are, that it could not begin."""
    from policycore.operations.job_file import names_of
    from policycore.operations.run_job import measure_not_begun

    names, folder = names_of(file), file.absolute().parent
    code = error.exit_code if isinstance(error, PolicycoreError) else ExitCode.INCOMPLETE
    place = log or (str(folder / names["log"]) if "log" in names else None)
    with suppress(PolicycoreError), RunLog(place) as run_log:
        codes = [one.code for one in error.problems] if isinstance(error, PolicycoreError) else []
        run_log.write("failed", step="begin", problems=codes, exit_code=int(code))
        run_log.write("job", job=names.get("job", ""), exit_code=int(code), seconds=run_log.seconds)
    if "metrics" in names and names["metrics"] != names.get("log"):
        with suppress(OSError, ValueError):  # the exit code says it too
            measure_not_begun(folder / names["metrics"], names.get("job", file.stem), code)


def _tell(event: JobEvent, log: RunLog, *, quiet: bool) -> None:
    """Say what happened, and write it into the log."""
    from policycore.estate.snapshot import Snapshot
    from policycore.operations.check import CheckOutcome, EstateOpened
    from policycore.operations.notify import Notified
    from policycore.operations.run_job import Failed

    match event:
        case Failed(step=step, ruleset=ruleset, problems=problems):
            print_words([say(f"cli.run.step.{step}", ruleset=ruleset)])
            print_problems(problems)
            codes = [one.code for one in problems]
            log.write("failed", step=step, ruleset=ruleset, problems=codes, exit_code=int(event.exit_code))
        case Snapshot():
            if not quiet:
                zone = ZoneInfo(event.timezone)
                print_problems(event.notes)
                print_words([say("cli.run.imported", id=event.id, as_of=event.as_of.astimezone(zone).isoformat())])
            log.write("imported", snapshot=event.id, rejected=event.rejected)
        case CheckOutcome():
            _tell_checked(event, quiet=quiet)
            log.ended(event, event.exit_code)
        case Path():
            log.write("report", file=event.name)
        case Notified():
            tell_sending(event, quiet=quiet)
            log.write("notices", sent=len(event.outcomes) - len(event.failed), failed=len(event.failed))
        case EstateOpened():
            log.event(event)  # its notes were told when it was imported
        case _:
            show_event(event)
            log.event(event)


def _tell_checked(outcome: CheckOutcome, *, quiet: bool) -> None:
    """Say how a check by one rule set went: a line of data, and on standard error what somebody should look at."""
    from policycore.operations.record_check import repeated_words
    from policycore.reports.summary import summarize

    result, recorded = outcome.result, outcome.recorded
    counts = summarize(result).by_severity
    values = {"ruleset": result.ruleset, "run": outcome.run or "-", "code": int(outcome.exit_code)}
    values["gaps"] = sum(gap.count for gap in result.gaps)
    if not quiet:
        numbers = {f"{severity}s": count for severity, count in counts.items()}
        click.echo(safe_line(say("cli.run.checked", **values, **numbers)))
    told = list(outcome.words(quiet=quiet))
    if recorded is not None and recorded.repeats is not None:
        # Nobody changes anything between two runs of a job; whatever else is new, the data are not.
        told.append(repeated_words(recorded.repeats))
    print_words(dict.fromkeys(told))
    # What is wrong with plugins is told once, when the command ends.
    print_problems((*result.notes, *(one for one in result.problems if one not in installed_plugins().problems)))
