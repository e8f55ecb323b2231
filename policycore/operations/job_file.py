"""Read job files: what an unattended run imports, judges by which rule sets, reports where and tells whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from policycore.errors import UsageError
from policycore.estate.manifest import Zone
from policycore.language import Language, names_in
from policycore.model.verdict import Severity
from policycore.operations.moments import moment_in
from policycore.store.settings import Duration
from policycore.yaml.nodes import written
from policycore.yaml.read import document, read
from policycore.yaml.scan import WRITTEN
from policycore.yaml.written import Mistake, Several, Truth, Whole, Word, Written, entries_of

__all__ = ["JobFile", "JobReport", "names_of", "read_job"]

NAMES = ("ruleset", "date", "run")
"""What may stand in braces in the name of a report's file."""


def _time(text: str) -> str:
    """Return a time as it is written, which the zone of the data will place."""
    try:
        moment_in(text, "", UTC)
    except UsageError:
        raise Mistake("not-a-time", values={"value": text}).error() from None
    return text


Time = Annotated[Word, AfterValidator(_time)]


class JobImport(Written):
    """What a job imports before it judges; `estate` is the snapshot that it replaces."""

    inputs: Several = Field(min_length=1)
    estate: Word
    recipe: Word | None = None
    as_of: Time | None = None
    timezone: Zone | None = None
    strict: Truth = False
    lenient: Truth = False

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield that one cannot be strict and lenient."""
        if all(data.get(one) in ("true", "True", "TRUE") for one in ("strict", "lenient")):
            yield Mistake("operations.job-strict", ("lenient",), on_key=True)


class JobCheck(Written):
    """One rule set that the estate is judged by."""

    ruleset: Word
    as_of: Time | None = None
    fail_on: Severity = Severity.ERROR
    gaps: Literal["fail", "warn"] = "fail"
    lenient: Truth = False


class JobReport(Written):
    """One format in which every rule set's result is written; see `NAMES`."""

    format: Word
    file: Word
    language: Language | None = None


class JobNotices(Written):
    """To whom results are told, besides the addresses of the workspace."""

    to: Several = Field([])
    due_within: Duration = timedelta(days=7)
    retries: Whole = Field(2, ge=0, le=10)


class JobFile(Written):
    """A job; every path in it is relative to the folder of its file."""

    may_be_empty: ClassVar = frozenset({"reports"})
    policycore: Literal["1"]
    job: Word
    workspace: Word = "."
    imported: JobImport | None = Field(None, alias="import")
    estate: Word | None = None
    checks: list[JobCheck] = Field(min_length=1)
    reports: list[JobReport] = Field([])
    notices: JobNotices | None = None
    metrics: Word | None = None
    log: Word | None = None
    budget: Duration | None = None
    wait: Duration | None = None
    cluster: Word | None = None
    language: Language | None = None

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield what is wrong with the parts together: which estate, what is named twice, files that would collide."""
        if ("import" in data) == ("estate" in data):
            yield Mistake("operations.job-estate", ("estate",) if "estate" in data else (), on_key=True)
        rulesets = [(place, one.get("ruleset")) for place, one in entries_of(data.get("checks"))]
        twice = Counter(name for _, name in rulesets if isinstance(name, str))
        for place, name in rulesets:
            if isinstance(name, str) and twice[name] > 1:
                yield Mistake("operations.job-twice", ("checks", place, "ruleset"), {"name": name})
        written: Counter[str] = Counter()
        named: list[tuple[tuple[Any, ...], object]] = [((name,), data.get(name)) for name in ("metrics", "log")]
        named += [(("reports", place, "file"), one.get("file")) for place, one in entries_of(data.get("reports"))]
        for at, file in named:
            if not isinstance(file, str):
                continue
            written[file] += 1
            if len(at) > 1:
                yield from _report_mistakes(file, at, several=len(rulesets) > 1)
            if written[file] > 1:
                yield Mistake("operations.job-twice", at, {"name": file})


def _report_mistakes(file: str, at: tuple[Any, ...], *, several: bool) -> Iterator[Mistake]:
    """Yield what is wrong with the name of a report's file, which holds the result of one of `several` rule sets."""
    names = names_in(file)
    for name in names:
        if name not in NAMES:
            yield Mistake("operations.job-place", at, {"name": f"{{{name}}}"}, NAMES)
    if several and "ruleset" not in names and "run" not in names:
        yield Mistake("operations.job-ruleset", at, {"name": file})


def read_job(file: Path) -> JobFile:
    """Return the job in `file`; UsageError with every mistake, each with line and column."""
    return read(file, JobFile, "job", bounds=WRITTEN, error=UsageError)


def names_of(file: Path) -> Mapping[str, str]:
    """Return what `file` calls its job, its log and its metrics, as far as that can be read whatever else is wrong."""
    node, _ = document(file, str(file), WRITTEN)
    said = None if node is None else written(node)
    named = said if isinstance(said, dict) else {}
    return {key: one for key in ("job", "log", "metrics") if isinstance(one := named.get(key), str) and one}
