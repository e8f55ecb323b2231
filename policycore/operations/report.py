"""Write the report of a check, of a stored run, or of the findings that fit a filter, in any format."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from policycore.errors import Problem, UsageError
from policycore.language import Language, current_language, say
from policycore.model.result import RunResult
from policycore.plugin_api.plugins import PluginSet, load_plugins
from policycore.reports.formats import FORMAT_NAMES, Presentation, ReportFormat, built_in_format, formats
from policycore.reports.summary import Counts

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from policycore.store.query import FindingFilter
    from policycore.store.workspace import Workspace

__all__ = ["filtered_result", "presentation_of", "report_format", "stored_gaps", "stored_result", "write_report"]

_WITH_CONTEXT = ("prom", "sarif")
"""The formats that tell how a run compares with the ones before it."""


def report_format(
    name: str, *, plugins: PluginSet | None = None, presentation: Presentation | None = None
) -> ReportFormat:
    """Return the format called `name`, a built-in one or a plugin's; UsageError where there is none."""
    if name in FORMAT_NAMES:
        return built_in_format(name, presentation)
    plugins = plugins or load_plugins()
    plugins.refuse("report", FORMAT_NAMES)
    known = formats(plugins.reports, presentation)
    if name not in known:
        expected = say("operations.expected.choice", choices=", ".join(known))
        raise UsageError(Problem("cli.no-format", say("operations.bad-value", name="--format"), expected))
    return known[name]


def presentation_of(
    name: str, *, workspace: Workspace | None = None, run: int | None = None, **look: Any
) -> Presentation:
    """Return how a report in the format called `name` looks, and what `workspace` knows of its `run`.

    Without them the run ends now and is compared with none. `look` are fields of `Presentation`.
    """
    shown = Presentation(finished=datetime.now(UTC), **look)
    if workspace is None:
        return shown
    if workspace.expected_every is not None:
        shown = replace(shown, expected_every=workspace.expected_every.total_seconds())
    if run is not None and name == "html":
        return replace(shown, runs=_runs_up_to(workspace, run))
    if run is None or name not in _WITH_CONTEXT:
        return shown
    from policycore.operations.run_context import judged_before, with_run_context
    from policycore.store.kept.runs import find_run

    with workspace.open_store(read_only=True) as store, store.read() as connection:
        summary = find_run(connection, str(run))
        unchanged = judged_before(connection, workspace.snapshots, summary) is not None
        return replace(with_run_context(shown, connection, summary), unchanged=unchanged)


def _runs_up_to(workspace: Workspace, run: int) -> tuple[Counts, ...]:
    """Return what the last runs of a run's rule set found, that run included, the oldest first."""
    from policycore.store.kept.runs import find_run, list_runs

    with workspace.open_store(read_only=True) as store, store.read() as connection:
        ruleset = find_run(connection, str(run), replays=True).ruleset
        runs = [one for one in list_runs(connection, ruleset=ruleset, replays=False) if one.id <= run][:12]
    return tuple(
        (one.local(one.as_of).date().isoformat(), (one.errors, one.warnings, one.infos)) for one in reversed(runs)
    )


def write_report(
    result: RunResult,
    stream: BinaryIO,
    name: str = "json",
    *,
    language: Language | None = None,
    plugins: PluginSet | None = None,
    presentation: Presentation | None = None,
) -> None:
    """Write `result` to `stream` in the format called `name`; UsageError where there is none of that name."""
    report = report_format(name, plugins=plugins, presentation=presentation)
    report.write(result, stream, language or current_language())


def stored_result(workspace: Workspace, run: str = "latest") -> tuple[RunResult, int]:
    """Return the result of a stored run, and its number; UsageError where there is none that `run` means."""
    from policycore.store.kept.runs import find_run, load_run

    with workspace.open_store(read_only=True) as store, store.read() as connection:
        found = find_run(connection, run, replays=True)
        return load_run(connection, found), found.id


def stored_gaps(workspace: Workspace, run: str = "latest") -> RunResult:
    """Return a stored run with its gaps and without its findings; UsageError where there is none that `run` means."""
    from policycore.store.kept.gaps import gaps_of_run
    from policycore.store.kept.runs import find_run, load_header

    with workspace.open_store(read_only=True) as store, store.read() as connection:
        found = find_run(connection, run)
        return replace(load_header(connection, found), gaps=gaps_of_run(connection, found.id))


def filtered_result(connection: Connection, wanted: FindingFilter) -> RunResult:
    """Return the newest run with the findings that fit `wanted` in place of its own."""
    from policycore.store.kept.gaps import gaps_of_run
    from policycore.store.kept.runs import find_run, list_runs, load_header
    from policycore.store.query import findings_matching

    rulesets = wanted.any_of.get("ruleset", ())
    newest = list_runs(connection, ruleset=rulesets[0], limit=1, replays=False) if len(rulesets) == 1 else []
    run = newest[0] if newest else find_run(connection, "latest")
    header = load_header(connection, run)
    return replace(header, findings=tuple(findings_matching(connection, wanted)), gaps=gaps_of_run(connection, run.id))
