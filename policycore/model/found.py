"""What one rule found in one run, as columns: immutable, without a sentence, a date of the run or a decision.

A finding becomes an object, and its facts become sentences, when somebody reads it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from policycore.language import Language, Text
from policycore.model.moments import known_to
from policycore.model.result import Decision, Finding, RemediationStep, Source, SubjectRef
from policycore.model.sentences import sentences
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict

if TYPE_CHECKING:
    import pyarrow

__all__ = [
    "FACT",
    "STANDARD",
    "FoundRows",
    "PlannedStep",
    "RuleTexts",
    "Sentences",
    "StepSentences",
    "fingerprint",
    "pack",
    "rest_fingerprint",
    "unpack",
]

STANDARD = (
    *("fingerprint", "subject_id", "name", "group_id", "group", "department_id", "department", "platform"),
    *("responsible_id", "responsible", "owner", "first_responsible", "member", "file", "row", "verdict", "former"),
)
"""The columns that every table of findings has; ``row`` is a number, ``former`` a list of fingerprints."""

_LANGUAGES: tuple[Language, ...] = ("zh", "en")

FACT = "fact:"
"""What the names of the columns that hold facts begin with."""


def fingerprint(rule_id: str, subject: Subject, subject_id: str, key_facts: Mapping[str, object]) -> str:
    """Return 32 hex digits that stay the same as long as it is the same finding.

    They depend on rule, subject and the rule's key facts; not on wording, order, severity, file
    names or the name of the group.
    """
    parts = [rule_id, subject.value, subject_id, sorted((name, str(value)) for name, value in key_facts.items())]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:32]


def rest_fingerprint(rule_id: str) -> str:
    """Return the fingerprint of the finding that stands for a rule's hits too many to list."""
    return fingerprint(rule_id, Subject.ESTATE, "estate", {"unlisted": True})


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step of a rule before it is filled in for one finding."""

    who: str
    what: Text
    within_days: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """What all findings of one rule share in one run; each version is kept, so that old reports read the same."""

    rule: str
    name: str
    title: Text
    clauses: tuple[str, ...]
    severity: Severity
    enforcement: Enforcement
    kind: Subject
    messages: Mapping[str, Text]
    """By the finding's ``reason``; '' where the rule has one message for all."""
    steps: tuple[PlannedStep, ...]
    values: Mapping[str, Text]
    """Words of the parameters that messages and steps name."""
    labels: Mapping[str, Text] = field(default_factory=dict)
    """What people call the facts, where the catalogue has no word or the rule a better one."""

    def within_days(self, reason: object = None) -> int | None:
        """Return the fewest days that a step allows which is asked for that reason."""
        steps = (step for step in self.steps if not step.reasons or reason in step.reasons)
        return min((step.within_days for step in steps if step.within_days is not None), default=None)


class StepSentences(NamedTuple):
    """One step of every finding: whom it asks, by role and by name, and what, in both languages."""

    who: str
    people: Sequence[str | None]
    zh: Sequence[str]
    en: Sequence[str]
    within_days: int | None
    asked: Sequence[bool] | None = None
    """Of which findings it is a step; None for all."""


class Sentences(NamedTuple):
    """The sentences of every finding of a table, in both languages."""

    zh: Sequence[str]
    en: Sequence[str]
    steps: tuple[StepSentences, ...]


@dataclass(frozen=True, eq=False)
class FoundRows:
    """What one rule found in one run: `table` has one row a finding, sorted by subject id and fingerprint."""

    texts: RuleTexts
    table: pyarrow.Table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @cached_property
    def packed(self) -> bytes:
        """Return the columns as they are kept."""
        return pack(self.table)

    @cached_property
    def address(self) -> str:
        """Return the hash of the columns, by which they are kept: the same content has the same."""
        return hashlib.sha256(self.packed).hexdigest()

    @cached_property
    def columns(self) -> Mapping[str, list[Any]]:
        """Return the standard columns as lists."""
        return {name: self.table.column(name).to_pylist() for name in STANDARD}

    def facts(self, zone: ZoneInfo) -> Mapping[str, Sequence[object]]:
        """Return the columns of facts by name, in the rule's order, times in `zone`.

        Of a time beside which the rule gives its latest moment (``<fact>_latest``) the month or year stands there as
        text where no more is known.
        """
        found: dict[str, Sequence[object]] = {}
        for name in self.table.column_names:
            if name.startswith(FACT):
                column = self.table.column(name)
                values = column.to_pylist()
                if _is_time(column.type):
                    values = [None if value is None else value.astimezone(zone) for value in values]
                found[name.removeprefix(FACT)] = values
        for name in [name for name in found if name.endswith("_latest") and name.removesuffix("_latest") in found]:
            both = zip(found[name.removesuffix("_latest")], found.pop(name), strict=True)
            found[name.removesuffix("_latest")] = [_as_known(value, latest) for value, latest in both]
        return found

    @property
    def severities(self) -> list[Severity]:
        """Return how severe each finding is: the rule's own severity, unless the rule said another one of it."""
        name = f"{FACT}severity"
        if name not in self.table.column_names:
            return [self.texts.severity] * len(self)
        return [self.texts.severity if one is None else Severity(one) for one in self.table.column(name).to_pylist()]

    @property
    def within_days(self) -> list[int | None]:
        """Return the fewest days that the steps of each finding allow."""
        if not any(step.reasons for step in self.texts.steps) or f"{FACT}reason" not in self.table.column_names:
            return [self.texts.within_days()] * len(self)
        reasons = self.table.column(f"{FACT}reason").to_pylist()
        days = {reason: self.texts.within_days(reason) for reason in set(reasons)}
        return [days[reason] for reason in reasons]

    def take(self, places: Sequence[int]) -> FoundRows:
        """Return the rows at `places`, in their order."""
        import pyarrow

        return FoundRows(self.texts, self.table.take(pyarrow.array(places, pyarrow.int64())))

    def sentences(self, zone: ZoneInfo) -> Sentences:
        """Return message and steps of every finding, times in `zone`."""
        columns = self._values(zone)
        reasons = columns.get("reason")
        zh, en = self._messages(columns, reasons)
        roles = {"owner": "owner", "responsible": "first_responsible", "member": "member", "sender": "member"}
        nobody: list[str | None] = [None] * len(self)
        steps = (
            StepSentences(
                step.who,
                self.columns[roles[step.who]] if step.who in roles else nobody,
                self._filled(step.what, columns, "zh"),
                self._filled(step.what, columns, "en"),
                step.within_days,
                [reason in step.reasons for reason in reasons or ()] if step.reasons else None,
            )
            for step in self.texts.steps
        )
        return Sentences(zh, en, tuple(steps))

    def findings(
        self, zone: ZoneInfo, counted: datetime | Sequence[datetime], decisions: Mapping[str, Decision] | None = None
    ) -> list[Finding]:
        """Return the findings as objects, deadlines `counted` from one moment or each from its own.

        What `decisions` (by fingerprint) settle is waived or attested.
        """
        texts, columns, facts, said = self.texts, self.columns, self.facts(zone), self.sentences(zone)
        names = tuple(facts)
        rows = [*zip(*facts.values(), strict=True)] if facts else [()] * len(self)
        severities = self.severities
        moments = [counted] * len(self) if isinstance(counted, datetime) else counted
        subjects = zip(*(columns[name] for name in STANDARD[1:10]), strict=True)
        found = []
        for place, (digest, subject, row) in enumerate(zip(columns["fingerprint"], subjects, rows, strict=True)):
            held = dict(zip(names, row, strict=True))
            if held.get("reason", "") is None:
                del held["reason"]
            file, decision = columns["file"][place], (decisions or {}).get(digest)
            begins = moments[place].astimezone(zone)
            found.append(
                Finding(
                    id=f"{texts.rule}-{digest[:12]}",
                    rule=texts.rule,
                    name=texts.name,
                    title=texts.title,
                    clauses=texts.clauses,
                    verdict=(decision and decision.verdict) or Verdict(columns["verdict"][place]),
                    severity=severities[place],
                    enforcement=texts.enforcement,
                    subject=SubjectRef(texts.kind, *subject),
                    message=Text(said.zh[place], said.en[place]),
                    facts=held,
                    remediation=tuple(
                        RemediationStep(
                            step.who,
                            step.people[place],
                            Text(step.zh[place], step.en[place]),
                            None if step.within_days is None else begins + timedelta(days=step.within_days),
                        )
                        for step in said.steps
                        if step.asked is None or step.asked[place]
                    ),
                    fingerprint=digest,
                    source=None if file is None else Source(file, columns["row"][place] or 0),
                    decision=decision,
                    former=tuple(columns["former"][place] or ()),
                    labels=texts.labels,
                )
            )
        return found

    def _values(self, zone: ZoneInfo) -> dict[str, Sequence[object]]:
        """Return by name what messages and steps may name: keys, names, facts; a fact comes before a name."""
        columns = self.columns
        found: dict[str, Sequence[object]] = {"name": columns["name"], "group": columns["group"]}
        keys = self.texts.kind.keys
        if "group_id" in keys:
            found["group_id"] = columns["group_id"]
        for key in keys[-1:]:
            found[key] = columns["subject_id"]
        if self.texts.kind is Subject.MEMBERSHIP:
            pairs = zip(columns["group_id"], columns["subject_id"], strict=True)
            found["account_id"] = [subject[len(group) + 1 :] for group, subject in pairs]
        return found | dict(self.facts(zone))

    def _messages(
        self, columns: Mapping[str, Sequence[object]], reasons: Sequence[object] | None
    ) -> tuple[Sequence[str], Sequence[str]]:
        """Return the messages in both languages, each by its finding's reason where the rule has several."""
        messages = self.texts.messages
        if "" in messages:
            one = messages[""]
            return self._filled(one, columns, "zh"), self._filled(one, columns, "en")
        zh, en = [""] * len(self), [""] * len(self)
        named = [str(reason) for reason in reasons or ()]
        for reason in dict.fromkeys(named):
            places = [place for place, other in enumerate(named) if other == reason]
            some = {name: [values[place] for place in places] for name, values in columns.items()}
            message = messages[reason]
            filled = zip(*(self._filled(message, some, one, len(places)) for one in _LANGUAGES), strict=True)
            for place, (chinese, english) in zip(places, filled, strict=True):
                zh[place], en[place] = chinese, english
        return zh, en

    def _filled(
        self, text: Text, columns: Mapping[str, Sequence[object]], language: Language, count: int | None = None
    ) -> Sequence[str]:
        """Return one text filled in for each row."""
        same = {name: value.in_language(language) for name, value in self.texts.values.items()}
        template = text.in_language(language)
        return sentences(template, columns, same, len(self) if count is None else count, language)


def _as_known(value: object, latest: object) -> object:
    """Return a time, or the month or year that is all that is known of it."""
    if isinstance(value, datetime) and isinstance(latest, datetime):
        return known_to(value, latest) or value
    return value


def _is_time(kind: pyarrow.DataType) -> bool:
    """Return whether a column holds moments."""
    import pyarrow

    return bool(pyarrow.types.is_timestamp(kind))


def pack(table: pyarrow.Table) -> bytes:
    """Return `table` as one Parquet file, to be kept as it is: half the size of an Arrow stream."""
    import pyarrow
    import pyarrow.parquet

    sink = pyarrow.BufferOutputStream()
    # A list's type is read back as it was written only where its values have the name that Arrow gives them.
    how = {"compression": "zstd", "write_statistics": False, "use_compliant_nested_type": False}
    pyarrow.parquet.write_table(table.combine_chunks(), sink, **how)
    return bytes(sink.getvalue())


def unpack(body: bytes) -> pyarrow.Table:
    """Return the table that was packed as `body`; ValueError where it is none."""
    import pyarrow
    import pyarrow.parquet

    try:
        return pyarrow.parquet.ParquetFile(pyarrow.BufferReader(body)).read()
    except (pyarrow.ArrowException, OSError) as error:
        raise ValueError("no packed columns") from error
