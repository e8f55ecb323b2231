"""Find everything that a job needs before it begins: rule sets, formats, folders, addresses; all that is missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from policycore.errors import DataError, Place, PolicycoreError, Problem, UsageError
from policycore.estate.object_store import is_address, require_address
from policycore.estate.recipes.recipe import find_recipe
from policycore.language import say
from policycore.operations.job_file import JobCheck, JobFile, JobReport, read_job
from policycore.operations.report import report_format
from policycore.plugin_api.plugins import PluginSet
from policycore.rulesets.layers.find import find_ruleset
from policycore.rulesets.load import load_ruleset
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.store.workspace import Workspace, needed_workspace

__all__ = ["ReadyJob", "prepare_job"]


@dataclass(frozen=True, slots=True)
class ReadyJob:
    """A job of which everything that it needs is there."""

    job: JobFile
    folder: Path
    workspace: Workspace
    plugins: PluginSet
    rulesets: tuple[tuple[JobCheck, ResolvedRuleSet], ...]

    @property
    def estate(self) -> str | Path:
        """Return the folder that is judged, or the address of a snapshot in an object store."""
        named = self.job.estate or ""
        return named if is_address(named) else self.folder / (named or self.imported)

    @property
    def imported(self) -> Path:
        """Return the folder that is imported into."""
        return self.folder / ("" if self.job.imported is None else self.job.imported.estate)

    @property
    def recipe(self) -> Path | str | None:
        """Return the import recipe: a file beside the job's, else a name."""
        named = None if self.job.imported is None else self.job.imported.recipe
        return self.folder / named if named and (self.folder / named).is_file() else named

    def report_file(self, report: JobReport, values: Mapping[str, object]) -> Path:
        """Return where a report goes; of `values` nothing becomes a folder."""
        name = report.file
        for key, value in values.items():
            name = name.replace(f"{{{key}}}", str(value).replace("/", "-").replace("\\", "-"))
        return self.folder / name


def prepare_job(file: Path, plugins: PluginSet) -> ReadyJob:
    """Return the job in `file` with its workspace and rule sets, ready to run; nothing is written.

    Raises UsageError, or DataError where that is among it, with everything that would keep the job from running:
    mistakes in the file and in rule sets, formats and addresses that are none, data and folders that are not there.
    """
    job, folder = read_job(file), file.absolute().parent
    workspace = needed_workspace(folder / job.workspace)
    problems: list[Problem] = []
    rulesets = []
    for check in job.checks:
        found = find_ruleset(check.ruleset, plugins.ruleset_folders, check.place, beside=folder)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        try:
            rulesets.append((check, load_ruleset(found, plugins.rules, plugins.ruleset_folders)))
        except PolicycoreError as error:
            problems += error.problems
    ready = ReadyJob(job, folder, workspace, plugins, tuple(rulesets))
    names = [ruleset.name for _, ruleset in rulesets]
    for check, ruleset in rulesets:
        if names.count(ruleset.name) > 1:
            problems.append(Problem.of("operations.job-twice", place=check.place, name=ruleset.name))
    what = say("operations.bad-value", name="format")
    for report in job.reports:
        wrong = _refused(partial(report_format, report.format, plugins=plugins), report.place)
        problems += (replace(one, what=what) for one in wrong)
    if job.notices is not None:
        from policycore.operations.notify import require_sending

        problems += _refused(partial(require_sending, workspace, job.notices.to, plugins), job.notices.place)
    problems += _wrong_addresses(ready)
    missing = list(_missing(ready))
    if problems or missing:
        raise (DataError if missing else UsageError)(*problems, *missing)
    return ready


def _refused(ask: Callable[[], object], place: Place) -> Iterator[Problem]:
    """Yield what a question to an operation is refused for, at `place` where that names none."""
    try:
        ask()
    except (DataError, UsageError) as error:
        yield from (replace(one, place=one.place or place) for one in error.problems)


def _wrong_addresses(ready: ReadyJob) -> Iterator[Problem]:
    """Yield what is wrong with the addresses of a store and of a cluster."""
    if isinstance(ready.estate, str):
        yield from _refused(partial(require_address, ready.estate), ready.job.place)
    if ready.job.cluster is not None:
        from policycore.operations.cluster import where_of

        yield from _refused(partial(where_of, ready.job.cluster), ready.job.place)


def _missing(ready: ReadyJob) -> Iterator[Problem]:
    """Yield the data that are not there and the places that cannot be written."""
    job, folder = ready.job, ready.folder
    if job.imported is None:
        if isinstance(ready.estate, Path) and not ready.estate.exists():
            yield Problem.of("operations.no-estate", place=job.place, path=ready.estate)
    else:
        for name in job.imported.inputs:
            if not (folder / name).exists():
                yield Problem.of("operations.job-input", place=job.imported.place, path=folder / name)
        if ready.recipe is not None:
            ask = partial(find_recipe, ready.recipe, ready.plugins.recipe_folders)
            yield from _refused(ask, job.imported.place)
        yield from _unwritable(ready.imported.parent, job.imported.place)
    for report in job.reports:
        file = folder / report.file
        if "{" not in report.file and file.exists() and not file.is_file():
            yield Problem.of("operations.job-file", place=report.place, path=file)
        known = report.file.partition("{")[0] + "x"  # what is in braces is not known yet
        yield from _unwritable((folder / known).parent, report.place)
    for named in filter(None, (job.metrics, job.log)):
        if (folder / named).is_dir():
            yield Problem.of("operations.job-file", place=job.place, path=folder / named)
        yield from _unwritable((folder / named).parent, job.place)


def _unwritable(folder: Path, place: Place) -> Iterator[Problem]:
    """Yield a problem where nothing can be written in `folder`, nor in the one that it would be made in."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield Problem.of("operations.job-folder", place=place, path=there)
