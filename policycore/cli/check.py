"""Check an estate against a rule set and write the result in one of the report formats."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from policycore.cli.command import translated_command
from policycore.cli.failures import print_problems, print_words
from policycore.cli.installed import installed_plugins
from policycore.cli.options import Duration, estate_place
from policycore.cli.output import is_terminal, open_output, print_report, require_report
from policycore.cli.run_log import RunLog
from policycore.errors import ExitCode, PolicycoreError, Problem, UsageError, worst
from policycore.language import say
from policycore.model.schema import declared
from policycore.text.clean import clean

if TYPE_CHECKING:
    from policycore.operations.check import CheckOutcome, Event

__all__ = ["command", "show_event"]


@translated_command("check", help="cli.check.help")
@click.option("--ruleset", "ruleset", required=True, metavar="NAME|FILE", help="cli.check.ruleset")
@click.option(
    "--estate",
    type=estate_place,
    metavar="FOLDER|URL",
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
@click.option("--gaps", type=click.Choice(["fail", "warn"]), default="fail", show_default=True, help="cli.check.gaps")
@click.option("--gap-subjects", is_flag=True, help="cli.check.gap-subjects")
@click.option("--lenient", is_flag=True, help="cli.check.lenient")
@click.option("--profile", is_flag=True, help="cli.check.profile")
@click.option("--time-limit", type=click.FloatRange(min=0.001), metavar="SECONDS", help="cli.check.time-limit")
@click.option("--budget", type=Duration(), metavar="TIME", help="cli.help.budget")
@click.option("--log", metavar="FILE|-", help="cli.help.log")
@click.option("--quiet", is_flag=True, help="cli.help.quiet")
@click.option("--no-store", is_flag=True, help="cli.help.no-store")
@click.option("--store", metavar="FILE|URL", help="cli.help.store")
@click.option("--workspace", type=click.Path(path_type=Path), metavar="FOLDER", help="cli.help.workspace")
@click.option("--plugins-lock", type=click.Path(path_type=Path), metavar="FILE", help="cli.check.plugins-lock")
@click.option("--head-to", metavar="FILE|URL", help="cli.check.head-to")
@click.option("--cluster", metavar="ADDRESS|local[:N]", help="cli.check.cluster")
@click.option("--wait", type=click.FloatRange(min=0), default=0, metavar="SECONDS", help="cli.help.wait")
def command(
    ruleset: str,
    estate: str | Path | None,
    snapshot_id: str | None,
    as_of: str | None,
    format_name: str,
    output: Path | None,
    fail_on: str,
    gaps: Literal["fail", "warn"],
    gap_subjects: bool,
    lenient: bool,
    profile: bool,
    time_limit: float | None,
    budget: timedelta | None,
    log: str | None,
    quiet: bool,
    no_store: bool,
    store: str | None,
    workspace: Path | None,
    plugins_lock: Path | None,
    head_to: str | None,
    cluster: str | None,
    wait: float,
) -> ExitCode:
    """Run one check from folder and rule set to report and exit code."""
    from policycore.operations.check import check
    from policycore.operations.import_estate import name_of
    from policycore.store.workspace import find_workspace, needed_workspace

    if (estate is None) == (snapshot_id is None):
        raise UsageError(Problem.of("cli.keep.one-estate"))
    plugins = installed_plugins(plugins_lock)
    require_report(format_name, output, plugins)
    found = find_workspace(workspace, store)
    _require_head(head_to, recorded=found is not None and not no_store)
    if estate is None:
        from policycore.operations.snapshots import kept_snapshot

        estate = kept_snapshot(found or needed_workspace(workspace, store), snapshot_id or "").folder
    with RunLog(log) as run_log:

        def tell(event: Event) -> None:
            show_event(event)
            run_log.event(event)

        with _refusal_as_data(format_name, output):
            outcome = check(
                estate,
                ruleset,
                workspace=found,
                record=not no_store,
                as_of=as_of,
                fail_on=fail_on,
                gaps=gaps,
                lenient=lenient,
                time_limit=time_limit,
                budget=budget,
                wait=wait,
                cluster=cluster,
                plugins=plugins,
                tell=tell,
            )
        for sentence in outcome.words(quiet=quiet):
            _tell(sentence)
        code, failures = outcome.exit_code, [outcome.failure, _head_kept(head_to, outcome)]
        try:
            with declared(outcome.result.own):
                print_report(
                    outcome.result,
                    format_name,
                    output,
                    plugins=plugins,
                    workspace=found,
                    run=outcome.run,
                    profile=profile,
                    gap_subjects=gap_subjects,
                    estate="" if snapshot_id else name_of(estate),
                )
        except PolicycoreError as error:
            failures.append(error)
        # What is wrong with plugins is told when the command ends, also where there is no result.
        own = (problem for problem in outcome.result.problems if problem not in plugins.problems)
        print_problems((*outcome.result.notes, *own))
        for failure in failures:
            if failure is not None:
                print_problems(failure.problems)
                code = worst(code, failure.exit_code)
        run_log.ended(outcome, code)
    return code


def _require_head(place: str | None, *, recorded: bool) -> None:
    """Raise UsageError where the head after the run is to be kept and cannot be."""
    if place is not None:
        from policycore.operations.audit_trail import require_place

        require_place(place)
        if not recorded:
            raise UsageError(Problem.of("cli.head-to"))


def _head_kept(place: str | None, outcome: CheckOutcome) -> PolicycoreError | None:
    """Keep the head after the run; return why it could not be kept."""
    if place is not None and outcome.recorded is not None:
        from policycore.operations.audit_trail import keep_head

        try:
            keep_head(place, outcome.recorded.run.head, outcome.recorded.run.id)
        except PolicycoreError as error:
            return error
    return None


@contextmanager
def _refusal_as_data(format_name: str, output: Path | None) -> Iterator[None]:
    """Put on standard output, where JSON was asked for there, why there is no result: an empty answer reads as none."""
    try:
        yield
    except PolicycoreError as error:
        if format_name == "json" and output is None:
            from policycore.reports.json_report import refusal

            with open_output(None) as stream:
                stream.write(refusal(error.problems))
        raise


def show_event(event: Event) -> None:
    """Say on stderr what happened, and where somebody watches which rule is being judged."""
    from policycore.engine.run import BucketJudged, RuleJudged, RuleStarted
    from policycore.operations.check import CheckStarted, EstateOpened
    from policycore.plugin_api.rule import TextRule
    from policycore.text.engines import hyperscan_is_here

    if isinstance(event, RuleStarted) and isinstance(event.rule.rule, TextRule) and not hyperscan_is_here():
        _tell_slow()
    match event:
        case CheckStarted(took_over=gone) if gone is not None:
            _tell(say("cli.took-over", pid=gone.pid, host=gone.host, since=gone.since))
        case EstateOpened(snapshot=snapshot):
            print_problems(snapshot.notes)
        case RuleJudged(trace=trace) if trace and os.environ.get("POLICYCORE_DEBUG") == "1":
            print_words(trace)
        case RuleStarted() if is_terminal(sys.stderr):
            click.echo(f"\r\x1b[K{event.done + 1}/{event.total} {event.rule.name}", nl=False, err=True)
        case BucketJudged() if is_terminal(sys.stderr):
            click.echo(f"\r\x1b[K{event.done}/{event.total}", nl=False, err=True)
        case RuleJudged() if is_terminal(sys.stderr):
            click.echo("\r\x1b[K", nl=False, err=True)


def _tell(sentence: str) -> None:
    """Say one sentence on stderr."""
    click.echo(clean(sentence, limit=2000), err=True)


@cache
def _tell_slow() -> None:
    """Say once that texts are matched the slow way."""
    _tell(say("cli.slow-texts"))
