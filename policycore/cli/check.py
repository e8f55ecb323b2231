"""Check an estate against a rule set and write the result in one of the report formats."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.duration import Duration
from policycore.cli.failures import print_problems, worst
from policycore.cli.output import is_terminal
from policycore.cli.reporting import require_format, write_report
from policycore.cli.run_log import RunLog
from policycore.errors import DataError, ExitCode, PolicycoreError, Problem, UsageError
from policycore.language import say
from policycore.system.collector import collector_paused

if TYPE_CHECKING:
    from datetime import timedelta

    from policycore.cli.keeping import Keeping
    from policycore.engine.run import Evaluation
    from policycore.estate.snapshot import Snapshot
    from policycore.model.result import RunResult
    from policycore.plugin_api.plugins import PluginSet

__all__ = ["command", "exit_code", "is_complete", "with_problems"]

_REJECTED = "cli.rejected"
_PARTIAL = (ExitCode.INCOMPLETE, ExitCode.LOCKED_OR_OUT_OF_TIME, ExitCode.INTERRUPTED)


@translated_command("check", help="cli.check.help")
@click.option("--ruleset", "ruleset", required=True, metavar="NAME|FILE", help="cli.check.ruleset")
@click.option(
    "--estate",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="cli.check.estate",
)
@click.option("--snapshot", "snapshot_id", metavar="ID", help="cli.help.snapshot")
@click.option("--as-of", "as_of", metavar="TIME", help="cli.check.as-of")
@click.option("--format", "format_name", default="text", show_default=True, metavar="FORMAT", help="cli.check.format")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="cli.check.output")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    default="error",
    show_default=True,
    help="cli.check.fail-on",
)
@click.option("--lenient", is_flag=True, help="cli.check.lenient")
@click.option("--profile", is_flag=True, help="cli.check.profile")
@click.option("--time-limit", type=click.FloatRange(min=0.001), metavar="SECONDS", help="cli.check.time-limit")
@click.option("--budget", type=Duration(), metavar="TIME", help="cli.help.budget")
@click.option("--log", metavar="FILE|-", help="cli.help.log")
@click.option("--quiet", is_flag=True, help="cli.help.quiet")
@click.option("--no-store", is_flag=True, help="cli.help.no-store")
@click.option("--store", metavar="FILE|URL", help="cli.help.store")
@click.option("--workspace", type=click.Path(path_type=Path), metavar="FOLDER", help="cli.help.workspace")
@click.option("--wait", type=click.FloatRange(min=0), default=0, metavar="SECONDS", help="cli.help.wait")
def command(
    ruleset: str,
    estate: Path | None,
    snapshot_id: str | None,
    as_of: str | None,
    format_name: str,
    output: Path | None,
    fail_on: str,
    lenient: bool,
    profile: bool,
    time_limit: float | None,
    budget: timedelta | None,
    log: str | None,
    quiet: bool,
    no_store: bool,
    store: str | None,
    workspace: Path | None,
    wait: float,
) -> ExitCode:
    """Run one check from folder and rule set to report and exit code."""
    from policycore.cli.keeping import Keeping, chosen_estate
    from policycore.cli.pacing import punctual, story_of
    from policycore.engine.run import Evaluation
    from policycore.estate.snapshot import open_estate
    from policycore.operations.choose_ruleset import choose_ruleset
    from policycore.plugin_api.plugins import load_plugins
    from policycore.store.workspace import find_workspace

    if quiet and log is None:
        # The head of the audit trail is told with every run: it must go somewhere.
        key = "cli.quiet"
        raise UsageError(Problem(key, say(key), say(f"{key}.why"), say(f"{key}.fix")))
    plugins = load_plugins()
    require_format(plugins, format_name, output)
    estate = chosen_estate(estate, snapshot_id, workspace, store)
    if not estate.exists():
        key = "operations.no-estate"
        raise DataError(Problem(key, say(key, path=estate), say(f"{key}.why"), say(f"{key}.fix")))
    with RunLog(log) as told, ExitStack() as held:
        held.enter_context(collector_paused())
        chosen = choose_ruleset(ruleset, plugins=plugins, workspace=find_workspace(workspace, store))
        resolved = chosen.ruleset
        keeping = held.enter_context(
            Keeping(keep=not no_store, store=store, wait=wait, folder=workspace, log=told, quiet=quiet)
        )
        told.write("started", ruleset=resolved.name, ruleset_hash=resolved.hash, rules=len(resolved.rules))
        snapshot = held.enter_context(open_estate(estate, lenient=lenient, sources=lambda: plugins.sources))
        told.write("opened", snapshot=snapshot.id, rejected=snapshot.rejected, seconds=told.seconds)
        moment = moment_of(as_of, snapshot.timezone)
        seconds = None if budget is None else budget.total_seconds()
        with Evaluation(
            snapshot, resolved, as_of=moment, time_limit=time_limit, evidence_key=keeping.evidence_key
        ) as evaluation:
            interrupted = _judge(evaluation, told, seconds, keeping)
            result = evaluation.result()
        print_problems(snapshot.notes)
        result = replace(with_problems(result, plugins, snapshot), notes=chosen.notes())
        if snapshot_id is None and keeping.keep:
            result = punctual(keeping.workspace, result)
        result = keeping.settle(result, snapshot, resolved)
        code = worst(exit_code(result, fail_on), ExitCode.INTERRUPTED if interrupted else ExitCode.CLEAN)
        keeping.record(result, snapshot, resolved, complete=is_complete(code), question=chosen.of_a_run)
        story = story_of(keeping, format_name)
        # Nobody waits for the lock while a report is written.
        held.close()
        every = None if keeping.workspace is None else keeping.workspace.expected_every
        failures = [keeping.failure]
        try:
            write_report(result, plugins, format_name, output, profile=profile, story=story, expected_every=every)
        except PolicycoreError as error:
            failures.append(error)
        print_problems((*result.notes, *result.problems))
        for failure in failures:
            if failure is not None:
                print_problems(failure.problems)
                code = worst(code, failure.exit_code)
        _log_end(told, result, keeping.run, code)
    return code


def with_problems(result: RunResult, plugins: PluginSet, snapshot: Snapshot) -> RunResult:
    """Return `result` with what else makes it incomplete.

    What plugins failed at belongs there: rules may be missing. So does what was set aside: a violation may have
    stood in a row that nobody judged.
    """
    return replace(result, problems=(*plugins.problems, *_rejected(snapshot), *result.problems))


def is_complete(code: ExitCode) -> bool:
    """Return whether a run that ends with `code` judged every rule to its end."""
    return code not in _PARTIAL


def _log_end(log: RunLog, result: RunResult, run: int | None, code: ExitCode) -> None:
    """Write how the run ended."""
    for problem in result.problems:
        log.problem(problem)
    log.write("finished", run=run, exit_code=int(code), findings=len(result.findings), seconds=log.seconds)


def exit_code(result: RunResult, fail_on: str) -> ExitCode:
    """Return 5 for a run that was cut short, 4 for another incomplete one, 3 where data was missing altogether.

    That is: rows were set aside, or there was no group. Otherwise 1 for an open finding at `fail_on`, else 0.
    """
    from policycore.model.verdict import Severity, Verdict
    from policycore.reports.summary import fails

    codes = [ExitCode.CLEAN]
    if fails(result.findings, Severity(fail_on)):
        codes.append(ExitCode.FINDINGS)
    if result.cut:
        codes.append(ExitCode.LOCKED_OR_OUT_OF_TIME)
    rejected = [problem for problem in result.problems if problem.code in (_REJECTED, "engine.no-groups")]
    if rejected:
        codes.append(ExitCode.DATA)
    broken = any(finding.verdict is Verdict.ERROR for finding in result.findings)
    if broken or len(result.problems) > len(rejected) + result.cut:
        codes.append(ExitCode.INCOMPLETE)
    return worst(*codes)


def moment_of(text: str | None, timezone: str) -> datetime | None:
    """Return the time that ``--as-of`` names, in the estate's zone unless it says otherwise."""
    if text is None:
        return None
    from zoneinfo import ZoneInfo

    from policycore.operations.moments import moment_in

    return moment_in(text, "--as-of", ZoneInfo(timezone))


def _rejected(snapshot: Snapshot) -> tuple[Problem, ...]:
    """Return the problem that says how many rows the import set aside, where it did."""
    if not snapshot.rejected:
        return ()
    what = say("operations.rejected", count=snapshot.rejected)
    return (Problem(_REJECTED, what, say("operations.rejected.why"), say("operations.rejected.fix")),)


def _judge(evaluation: Evaluation, log: RunLog, budget: float | None, keeping: Keeping) -> bool:
    """Judge rule after rule until the `budget` (seconds since the command began) is used up or a signal comes.

    Progress is shown where somebody watches. One rule is judged however small the budget. Return whether it was a
    signal that ended it: then, as at the end of the budget, the result is cut.

    Raises KeyboardInterrupt for a signal that comes before anything was judged.
    """
    from policycore.engine.run import RuleStarted

    watched, judged = is_terminal(sys.stderr), 0
    try:
        for event in evaluation:
            if isinstance(event, RuleStarted):
                if watched:
                    click.echo(f"\r\x1b[K{event.done + 1}/{event.total} {event.rule.name}", nl=False, err=True)
                continue
            judged += 1
            log.rule(event)
            if budget is not None and log.seconds >= budget:
                break
    except KeyboardInterrupt:
        if not judged:
            raise
        keeping.interruption_taken()
        return True
    finally:
        if watched:
            click.echo("\r\x1b[K", nl=False, err=True)
    return False
