"""Choose a report format and write a result to where the command line says."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.cli.output import check_output, columns, is_terminal, open_output, use_colour
from policycore.errors import Problem, UsageError
from policycore.language import current_language, say

if TYPE_CHECKING:
    from datetime import timedelta

    from policycore.model.result import RunResult
    from policycore.operations.run_context import RunStory
    from policycore.plugin_api.plugins import PluginSet
    from policycore.reports import ReportFormat

__all__ = ["require_format", "write_report"]


def require_format(plugins: PluginSet, name: str, output: Path | None) -> None:
    """Raise UsageError for a format or an output that can't be, before any work is done."""
    known = _formats(plugins, output)
    if name not in known:
        expected = say("operations.expected.choice", choices=", ".join(known))
        raise UsageError(Problem("cli.no-format", say("operations.bad-value", name="--format"), expected))
    if output is not None:
        check_output(output)
    elif not known[name].is_text and is_terminal(sys.stdout):
        raise UsageError(
            Problem("cli.binary", say("cli.binary", format=name), say("cli.binary.why"), say("cli.binary.fix"))
        )


def write_report(
    result: RunResult,
    plugins: PluginSet,
    name: str,
    output: Path | None,
    *,
    profile: bool = False,
    story: RunStory | None = None,
    expected_every: timedelta | None = None,
) -> None:
    """Write `result` in the format called `name` to a file, or to standard output.

    `story` is what the workspace knows of the run; without it the run ends now and is compared with none.
    """
    require_format(plugins, name, output)
    report = _formats(plugins, output, profile=profile, story=story, expected_every=expected_every)[name]
    # Plain text goes out in the terminal's own encoding; every other format is UTF-8 by its nature.
    with open_output(output, recode=name == "text") as stream:
        report.write(result, stream, current_language())


def _formats(
    plugins: PluginSet,
    output: Path | None,
    *,
    profile: bool = False,
    story: RunStory | None = None,
    expected_every: timedelta | None = None,
) -> Mapping[str, ReportFormat]:
    """Return the formats, fitted to where the report goes."""
    from datetime import UTC, datetime

    from policycore.reports import Presentation, formats

    watched = output is None
    shown = Presentation(
        width=columns(sys.stdout) if watched else 80,
        colour=watched and use_colour(sys.stdout),
        profile=profile,
        finished=datetime.now(UTC) if story is None else story.finished,
        last_success=None if story is None else story.last_success,
        expected_every=None if expected_every is None else expected_every.total_seconds(),
        baseline={} if story is None else story.baseline,
        lost=() if story is None else story.lost,
        absent=() if story is None else story.absent,
    )
    return formats(plugins.reports, shown)
