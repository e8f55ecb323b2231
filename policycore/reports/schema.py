"""The one definition of the JSON report; types for the writer, JSON Schema for readers.

Field names and meanings are a contract: scripts depend on them. New fields may come, none go.
"""

from __future__ import annotations

from typing import (
    Any,
    Literal,
    NotRequired,  # pydantic reads typing.TypedDict only from Python 3.12 on
)

from typing_extensions import TypedDict

__all__ = [
    "JsonClause",
    "JsonFinding",
    "JsonGap",
    "JsonProblem",
    "JsonReportModel",
    "JsonStep",
    "JsonSummary",
    "json_schema",
]

VerdictWord = Literal[
    "pass", "fail", "suspect", "unknown", "needs-attestation", "attested", "waived", "not-applicable", "error"
]
SeverityWord = Literal["error", "warning", "info"]


class BothLanguages(TypedDict):
    """A text in Chinese and English."""

    zh: str
    en: str


class JsonSubject(TypedDict):
    """What a finding is about, where it belongs, who answers for it."""

    kind: Literal["group", "membership", "message", "person", "department", "task", "submission", "estate"]
    id: str
    name: str
    group_id: str | None
    group: str | None
    department_id: str | None
    department: str | None
    platform: str | None
    responsible_id: str | None
    responsible: str | None


class JsonStep(TypedDict):
    """Who does what until when."""

    who: str
    person: str | None
    what: BothLanguages
    due: str | None


class JsonSource(TypedDict):
    """Where the subject stands, as the file's own program counts: row of a sheet, line, `place` in JSON."""

    file: str
    row: int | None
    place: NotRequired[str]


class JsonDecision(TypedDict):
    """Which waiver or attestation settled a finding, or which dispute it has, why, by whom and until when."""

    kind: str
    id: str
    reason: str
    text: str
    decided_by: str
    until: str | None


class JsonFinding(TypedDict):
    """What a rule found about one subject; what it passed is counted, what it could not judge stands in the gaps."""

    id: str
    rule: str
    name: str
    title: BothLanguages
    clause: list[str]
    verdict: VerdictWord
    severity: SeverityWord
    enforcement: Literal["advisory", "mandatory", "mandatory without waivers"]
    subject: JsonSubject
    message: BothLanguages
    facts: dict[str, Any]
    remediation: list[JsonStep]
    fingerprint: str
    source: JsonSource | None
    decision: JsonDecision | None


class _Gap(TypedDict):
    """What every gap says."""

    rule: str
    name: str
    clause: list[str]
    severity: SeverityWord
    kind: Literal["group", "membership", "message", "person", "department", "task", "submission", "estate"]
    source: str | None
    fields: list[str]
    count: int
    remedy: BothLanguages


class JsonGap(_Gap, total=False):
    """Subjects of one kind that a rule could not judge, for the same fields are missing from the same source.

    `source` is null where nobody supplies them in full; `subjects` are listed with --gap-subjects.
    """

    subjects: list[str]


class JsonSummary(TypedDict):
    """Counts: subjects by verdict, violations by severity and department, verdicts by rule and by clause.

    ``unknown`` counts the subjects of the gaps.
    """

    by_verdict: dict[VerdictWord, int]
    by_severity: dict[SeverityWord, int]
    by_rule: dict[str, dict[VerdictWord, int]]
    by_clause: dict[str, dict[VerdictWord, int]]
    by_department: dict[str, dict[SeverityWord, int]]


class JsonClause(TypedDict):
    """How one clause is covered; neither rules nor attestations means "not covered"."""

    id: str
    text: str
    parent: str | None
    rules: list[str]
    attestations: int
    verdicts: dict[VerdictWord, int]


class JsonProblem(TypedDict):
    """Something that makes the result incomplete or doubtful."""

    code: str
    what: str
    why: str
    fix: str
    file: str | None
    line: int | None
    column: int | None


class JsonProfile(TypedDict):
    """Time and rows of one rule; only with --profile, for they differ from run to run."""

    rule: str
    seconds: float
    rows: int


class _Required(TypedDict):
    """The fields that every report has.

    Its five inputs: `snapshot`, `ruleset_hash`, `decisions_hash` (every waiver and attestation that was considered;
    the hash of nothing where there are none), `as_of`, and `engine` with `engine_code`, which covers all of `code`
    (by part: the hash of a package's source, the version of a library; "" where a stored run did not record it).
    `evidence_key` is the id of the key that keyed hashes were made with, "" where there was none.
    `problems` make the result incomplete, `notes` do not.
    """

    policycore: Literal[1]
    engine: str
    engine_code: str
    evidence_key: str
    code: dict[str, str]
    ruleset: str
    ruleset_title: BothLanguages
    ruleset_hash: str
    snapshot: str
    decisions_hash: str
    as_of: str
    timezone: str
    counts: dict[str, int]
    summary: JsonSummary
    clauses: list[JsonClause]
    findings: list[JsonFinding]
    gaps: list[JsonGap]
    problems: list[JsonProblem]
    notes: list[JsonProblem]


class JsonReportModel(_Required, total=False):
    """The report of one run."""

    profile: list[JsonProfile]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the JSON report."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(JsonReportModel).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
