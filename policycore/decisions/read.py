"""Read what was decided: from the store, or for a single office from its reviewed files of waivers and attestations.

Every mistake is an error with file, line and column, all of them at once: a decision that nobody
can read must never count, and must never be passed over in silence either.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from sqlalchemy import Connection

from policycore.decisions.attestations import SignedStatement
from policycore.decisions.origins import Key, origins
from policycore.decisions.records import KINDS, Granted, decision_of, kind_of, said
from policycore.decisions.waivers import Scope, Waiver
from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.model.result import NO_DECISIONS
from policycore.store.decided import Record, records
from policycore.store.lives.disputes import open_disputes
from policycore.store.lives.reviews import open_reviews
from policycore.store.workspace import Workspace
from policycore.system.refusals import refusal_words
from policycore.text.clean import clean
from policycore.yaml.read import read
from policycore.yaml.written import Mistake, Moment, Several, Whole, Word, Written, entries_of, moment_of

__all__ = [
    "Decisions",
    "filed_decisions",
    "holds",
    "load_decisions",
    "not_imported",
    "read_attestations",
    "read_waivers",
    "workspace_decisions",
]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided in one workspace, and the hash of all of it."""

    waivers: tuple[Waiver, ...] = ()
    attestations: tuple[SignedStatement, ...] = ()
    disputes: tuple[Record, ...] = ()
    """Those that are open."""
    reviews: tuple[Record, ...] = ()
    """Those that stand."""
    hash: str = NO_DECISIONS
    made_for: Mapping[Key, frozenset[str]] = field(default_factory=dict)
    """By kind and id the rule sets that a decision was made for, as far as anybody can tell."""

    def elsewhere(self, ruleset: str) -> frozenset[Key]:
        """Return the decisions that were made for other rule sets than `ruleset`."""
        return frozenset(key for key, rulesets in self.made_for.items() if rulesets and ruleset not in rulesets)

    def people(self) -> frozenset[str]:
        """Return everybody whose standing matters."""
        return frozenset(
            [waiver.approver for waiver in self.waivers]
            + [waiver.requester for waiver in self.waivers]
            + [item.person for item in self.attestations]
        )


def load_decisions(workspace: Workspace, connection: Connection) -> Decisions:
    """Return every decision of a workspace: those of its store, or those of its files where the store has none.

    A file whose entries the store does not hold counts only in a store of its own (SQLite) without decisions. Raises
    UsageError with every mistake of both files and with every entry that is not imported, DataError for records that
    are not as they were made.
    """
    made = records(connection, *KINDS)
    kept = [decision_of(record) for record in made]
    filed = filed_decisions(workspace)
    about = tuple(open_disputes(connection).values()), tuple(open_reviews(connection))
    if not kept and connection.dialect.name == "sqlite":
        return _decisions(filed, origins(connection, filed, {}), *about)
    strangers = [item for item in filed if not any(holds(one, item) for one in kept)]
    if strangers:
        key = "decisions.not-imported" if kept else "decisions.not-shared"
        raise UsageError(*(not_imported(key, item) for item in strangers[:_SHOWN]))
    given = {(record.kind, record.id): record.ruleset for record in made}
    return _decisions(kept, origins(connection, kept, given), *about)


_SHOWN = 20


def workspace_decisions(workspace: Workspace) -> Decisions:
    """Return what `load_decisions` returns of a workspace's own store."""
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        return load_decisions(workspace, connection)


def holds(kept: Granted, filed: Granted) -> bool:
    """Return whether the store has all that an entry of a file says; what was withdrawn in the store alone stays so."""
    stands = kept.withdrawn is not None or filed.withdrawn is None
    return stands and type(kept) is type(filed) and said(kept) == said(filed)


def not_imported(key: str, item: Granted) -> Problem:
    """Return the problem of an entry that stands in a file alone."""
    command = "waive" if isinstance(item, Waiver) else "attest"
    shown = say(f"decisions.kind.{kind_of(item)}", id=clean(item.id, limit=60))
    return Problem.of(key, code="decision.not-imported", place=item.place, decision=shown, command=command)


def filed_decisions(workspace: Workspace) -> list[Granted]:
    """Return what a workspace's files say; UsageError with every mistake of both."""
    problems: list[Problem] = []
    found: list[Granted] = []
    for read_file, path in ((read_waivers, workspace.waivers), (read_attestations, workspace.attestations)):
        try:
            found += read_file(path)
        except UsageError as error:
            problems += error.problems
    if problems:
        raise UsageError(*problems)
    return found


def _decisions(
    items: Sequence[Granted],
    made_for: Mapping[Key, frozenset[str]],
    disputes: tuple[Record, ...],
    reviews: tuple[Record, ...],
) -> Decisions:
    """Return decisions with their hash."""
    waivers = tuple(item for item in items if isinstance(item, Waiver))
    statements = tuple(item for item in items if isinstance(item, SignedStatement))
    digest = _hash_of((*waivers, *statements), (*disputes, *reviews))
    return Decisions(waivers, statements, disputes, reviews, digest, made_for)


def _hash_of(items: Iterable[Granted], others: Iterable[Record]) -> str:
    """Return the SHA-256 of all that decisions say, one after the other in the order that they have.

    Every field counts, the lists of baselines too; where they are written, comments and layout do not. Without
    decisions it is the hash of nothing, `policycore.model.result.NO_DECISIONS`.
    """
    digest = hashlib.sha256()
    for item in items:
        withdrawn = None if item.withdrawn is None else item.withdrawn.astimezone(UTC).isoformat()
        whole = [type(item).__name__, said(item), withdrawn]
        digest.update(f"{json.dumps(whole, sort_keys=True)}\n".encode())
    for record in others:
        named = (record.kind, record.id, record.ruleset, record.reason, record.person, record.evidence)
        more = [record.covers["findings"], json.loads(record.body)]
        digest.update(f"{json.dumps([*named, *more], sort_keys=True)}\n".encode())
    return digest.hexdigest()


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers that the file holds; no file is no waivers."""
    found = _read(path, _WaiverFile)
    return () if found is None else tuple(entry.waiver() for entry in found.waivers)


def read_attestations(path: Path) -> tuple[SignedStatement, ...]:
    """Return the attestations that the file holds; no file is no attestations."""
    found = _read(path, _AttestationFile)
    return () if found is None else tuple(entry.statement() for entry in found.attestations)


File = TypeVar("File", bound=Written)


def _read(path: Path, model: type[File]) -> File | None:
    """Return what the file says, None where there is none."""
    there = path.exists()
    return read(path, model, "decision", error=UsageError, context=path.parent.resolve()) if there else None


def _inside(name: str, info: ValidationInfo[Path]) -> str:
    """Refuse a file that does not lie beside the decisions."""
    folder = info.context
    if folder not in (folder / name).resolve().parents:
        raise Mistake("decisions.baseline-place", values={"word": name}).error()
    return name


class _Baseline(Written):
    """The list that a waiver of a baseline was approved for."""

    file: Annotated[Word, AfterValidator(_inside)]
    sha256: Word


def _fingerprints(value: object, info: ValidationInfo[Path]) -> frozenset[str]:
    """Return the fingerprints of a baseline's list, which must be the one that was approved."""
    named = _Baseline.model_validate(value, context=info.context)
    try:
        data = (info.context / named.file).read_bytes()
    except OSError as error:
        raise Mistake("decisions.baseline-missing", values={"word": refusal_words(error)}).error() from None
    if hashlib.sha256(data).hexdigest() != named.sha256:
        raise Mistake("decisions.baseline-changed", values={"word": named.file}).error()
    lines = data.decode("utf-8", "replace").splitlines()
    return frozenset(line.split(None, 1)[0] for line in lines if line.strip() and not line.startswith("#"))


class _Scope(Written):
    """What a waiver is about."""

    findings: Several = Field([])
    subjects: Several = Field([])
    groups: Several = Field([])
    departments: Several = Field([])
    baseline: Annotated[frozenset[str], BeforeValidator(_fingerprints)] = frozenset()

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield that it says nothing."""
        if not any(data.get(key) for key in cls.model_fields):
            yield Mistake("decisions.no-scope")


class _Granted(Written):
    """What a waiver was granted for."""

    parameters: dict[str, Any] | None = None
    facts: dict[str, dict[str, Any]] = Field({})


class _WaiverEntry(Written):
    """One waiver as the file has it."""

    may_be_empty: ClassVar = frozenset({"rule", "clause", "ticket", "granted_for"})
    id: Word
    rule: str = ""
    clause: str = ""
    scope: _Scope
    reason: Word
    text: Annotated[str, Field(min_length=1)]
    ticket: str = ""
    requester: Word
    approver: Word
    approved: Moment
    begins: Moment = Field(alias="from")
    ends: Moment = Field(alias="until")
    withdrawn: Moment | None = None
    granted_for: _Granted = _Granted()

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield a waiver that ends before it begins, and one of everything about its subjects."""
        begins, ends = moment_of(data.get("from")), moment_of(data.get("until"))
        if begins is not None and ends is not None and begins >= ends:
            yield Mistake("decisions.ends-first", ("until",))
        scope = data.get("scope")
        broad = isinstance(scope, dict) and any(scope.get(key) for key in ("subjects", "groups", "departments"))
        if broad and not data.get("rule") and not data.get("clause"):
            yield Mistake("decisions.no-aim")

    def waiver(self) -> Waiver:
        """Return the waiver."""
        scope = self.scope
        return Waiver(
            **{name: getattr(self, name) for name in _SAME},
            scope=Scope(
                frozenset(scope.findings) | scope.baseline,
                frozenset(scope.subjects),
                frozenset(scope.groups),
                frozenset(scope.departments),
            ),
            parameters=self.granted_for.parameters,
            facts=self.granted_for.facts,
            place=self.place,
        )


_SAME = (
    *("id", "rule", "clause", "reason", "text", "ticket", "requester", "approver"),
    *("approved", "begins", "ends", "withdrawn"),
)
"""What the file and a waiver call the same."""


def _digest(value: str) -> str:
    """Refuse what is no SHA-256."""
    if len(value) != 64 or set(value) - set("0123456789abcdef"):
        raise Mistake("decisions.no-hash").error()
    return value


class _Evidence(Written):
    """The document that was signed."""

    file: str = ""
    sha256: Annotated[Word, AfterValidator(_digest)]


class _AttestationEntry(Written):
    """One attestation as the file has it."""

    may_be_empty: ClassVar = frozenset({"subject", "valid_days", "finding", "text"})
    id: Word
    clause: Word
    subject: Word = "estate"
    person: Word
    signed: Moment
    evidence: _Evidence
    valid_days: Annotated[Whole, Field(ge=1, le=3660)] | None = None
    finding: str = ""
    withdrawn: Moment | None = None
    text: str = ""

    def statement(self) -> SignedStatement:
        """Return the attestation."""
        return SignedStatement(
            id=self.id,
            clause=self.clause,
            subject=self.subject,
            person=self.person,
            signed=self.signed,
            evidence=self.evidence.sha256,
            evidence_name=self.evidence.file,
            valid_days=self.valid_days,
            finding=self.finding,
            withdrawn=self.withdrawn,
            text=self.text,
            place=self.place,
        )


class _DecisionFile(Written):
    """What both files have."""

    may_be_empty: ClassVar = frozenset({"waivers", "attestations"})
    policycore: Literal["1"]

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield each entry whose id an earlier one has."""
        for key in ("waivers", "attestations"):
            ids: set[object] = set()
            for position, entry in entries_of(data.get(key)):
                name = entry.get("id")
                if isinstance(name, str) and name in ids:
                    yield Mistake("decisions.same-id", (key, position), {"word": name})
                ids.add(str(name))


class _WaiverFile(_DecisionFile):
    """The reviewed file of waivers."""

    waivers: tuple[_WaiverEntry, ...] = ()


class _AttestationFile(_DecisionFile):
    """The reviewed file of attestations."""

    attestations: tuple[_AttestationEntry, ...] = ()
