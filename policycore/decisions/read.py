"""Read the reviewed files of waivers and attestations.

Every mistake is an error with file, line and column, all of them at once: a decision that nobody
can read must never count, and must never be passed over in silence either.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from policycore.decisions.attestations import SignedStatement
from policycore.decisions.decision_hash import decisions_hash
from policycore.decisions.waivers import Scope, Waiver
from policycore.errors import DataError, Place, Problem, UsageError
from policycore.language import say
from policycore.model.result import NO_DECISIONS
from policycore.store.workspace import Workspace
from policycore.text.clean import clean
from policycore.yaml.marked_yaml import MarkedList, MarkedMap, Scalar, read_yaml

__all__ = ["Decisions", "load_decisions", "read_attestations", "read_waivers"]

_SCOPE = ("findings", "subjects", "groups", "departments", "baseline")
_WAIVER = ("id", "reason", "text", "requester", "approver", "approved", "from", "until", "scope")
_WAIVER_MORE = ("rule", "clause", "ticket", "withdrawn", "granted_for")
_STATEMENT = ("id", "clause", "person", "signed", "evidence")
_STATEMENT_MORE = ("subject", "valid_days", "finding", "withdrawn", "text")


@dataclass(frozen=True, slots=True)
class Decisions:
    """Hold what people decided in one workspace, and the hash of all of it."""

    waivers: tuple[Waiver, ...] = ()
    attestations: tuple[SignedStatement, ...] = ()
    hash: str = NO_DECISIONS

    def people(self) -> frozenset[str]:
        """Return everybody whose standing matters."""
        return frozenset(
            [waiver.approver for waiver in self.waivers]
            + [waiver.requester for waiver in self.waivers]
            + [item.person for item in self.attestations]
        )


def load_decisions(workspace: Workspace) -> Decisions:
    """Return every decision of a workspace.

    Raises UsageError with every mistake of both files.
    """
    problems: list[Problem] = []
    waivers: tuple[Waiver, ...] = ()
    statements: tuple[SignedStatement, ...] = ()
    try:
        waivers = read_waivers(workspace.waivers)
    except UsageError as error:
        problems += error.problems
    try:
        statements = read_attestations(workspace.attestations)
    except UsageError as error:
        problems += error.problems
    if problems:
        raise UsageError(*problems)
    return Decisions(waivers, statements, decisions_hash(waivers, statements))


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the waivers that the file holds; no file is no waivers."""
    reader = _Reader(path)
    return tuple(reader.entries("waivers", _WAIVER, _WAIVER_MORE, reader.waiver))


def read_attestations(path: Path) -> tuple[SignedStatement, ...]:
    """Return the attestations that the file holds; no file is no attestations."""
    reader = _Reader(path)
    return tuple(reader.entries("attestations", _STATEMENT, _STATEMENT_MORE, reader.statement))


class _Reader:
    """Read one file, collecting every mistake."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def entries(
        self, name: str, needed: tuple[str, ...], more: tuple[str, ...], make: Callable[[MarkedMap], Any]
    ) -> list[Any]:
        """Return the entries under `name`; raise UsageError when anything in the file is wrong."""
        if not self.path.exists():
            return []
        if not (self.path.is_file() or self.path.is_dir()):
            # A pipe would be waited for, and what it said could not be read again.
            raise UsageError(self._problem("unreadable", Place(str(self.path)), word=os.strerror(errno.EINVAL)))
        try:
            document = read_yaml(self.path)
        except DataError as error:
            raise UsageError(*error.problems) from None
        except OSError as error:
            raise UsageError(self._problem("unreadable", Place(str(self.path)), word=error.strerror or "")) from None
        found = []
        for entry in self._list(document, name):
            before = len(self.problems)
            if self._keys(entry, needed, more):
                made = make(entry)
                if len(self.problems) == before:
                    found.append(made)
        self._unique(found)
        if self.problems:
            raise UsageError(*self.problems)
        return found

    def _list(self, document: Any, name: str) -> Iterable[MarkedMap]:
        """Yield the entries of a document that is built as it should be."""
        top = Place(str(self.path), 1, 1)
        if not isinstance(document, MarkedMap) or document.get("policycore") != "1":
            self._add("not-ours", top, word=name)
            return
        for key in document:
            if key not in ("policycore", name):
                self._add("unknown-key", document.keys_at[key], word=key)
        listed = document.get(name)
        if listed is None:
            return
        if not isinstance(listed, MarkedList):
            self._add("not-a-list", document.values_at.get(name, top), word=name)
            return
        for entry, place in zip(listed, listed.items_at, strict=True):
            if isinstance(entry, MarkedMap):
                yield entry
            else:
                self._add("not-an-entry", place)

    def _keys(self, entry: MarkedMap, needed: tuple[str, ...], more: tuple[str, ...]) -> bool:
        """Return whether an entry has every key it needs; name every one that nobody knows."""
        self._known(entry, *needed, *more)
        missing = [key for key in needed if entry.get(key) in (None, "")]
        for key in missing:
            self._add("missing-key", entry.place, word=key)
        return not missing

    def _known(self, entry: MarkedMap, *known: str) -> None:
        """Name every key of a mapping that nobody knows."""
        for key in entry:
            if key not in known:
                self._add("unknown-key", entry.keys_at[key], word=key)

    def waiver(self, entry: MarkedMap) -> Waiver:
        """Return one waiver."""
        scope = self._scope(entry)
        broad = scope.subjects or scope.groups or scope.departments
        if broad and not entry.get("rule") and not entry.get("clause"):
            self._add("no-aim", entry.place)
        granted = self._map(entry, "granted_for")
        self._known(granted, "parameters", "facts")
        facts = self._map(granted, "facts")
        begins, ends = self._time(entry, "from"), self._time(entry, "until")
        if begins >= ends and _NEVER not in (begins, ends):
            self._add("ends-first", entry.values_at["until"])
        return Waiver(
            id=self._text(entry, "id"),
            rule=self._text(entry, "rule"),
            clause=self._text(entry, "clause"),
            scope=scope,
            reason=self._text(entry, "reason"),
            text=self._text(entry, "text"),
            ticket=self._text(entry, "ticket"),
            requester=self._text(entry, "requester"),
            approver=self._text(entry, "approver"),
            approved=self._time(entry, "approved"),
            begins=begins,
            ends=ends,
            withdrawn=self._time(entry, "withdrawn") if "withdrawn" in entry else None,
            parameters=_plain(self._map(granted, "parameters")) if "parameters" in granted else None,
            facts={name: _plain(self._map(facts, name)) for name in facts},
            place=entry.place,
        )

    def statement(self, entry: MarkedMap) -> SignedStatement:
        """Return one attestation."""
        evidence = self._map(entry, "evidence")
        self._known(evidence, "file", "sha256")
        digest = self._text(evidence, "sha256")
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            self._add("no-hash", entry.values_at["evidence"])
        days = entry.get("valid_days")
        if days is not None and (getattr(days, "kind", "") != "integer" or not 0 < int(days) <= 3660):
            self._add("not-days", entry.values_at["valid_days"])
            days = None
        return SignedStatement(
            id=self._text(entry, "id"),
            clause=self._text(entry, "clause"),
            subject=self._text(entry, "subject") or "estate",
            person=self._text(entry, "person"),
            signed=self._time(entry, "signed"),
            evidence=digest,
            evidence_name=self._text(evidence, "file"),
            valid_days=None if days is None else int(days),
            finding=self._text(entry, "finding"),
            withdrawn=self._time(entry, "withdrawn") if "withdrawn" in entry else None,
            text=self._text(entry, "text"),
            place=entry.place,
        )

    def _scope(self, entry: MarkedMap) -> Scope:
        """Return what a waiver is about."""
        scope = self._map(entry, "scope")
        listed: dict[str, frozenset[str]] = {}
        for key in scope:
            if key not in _SCOPE:
                self._add("unknown-key", scope.keys_at[key], word=key)
            elif key != "baseline":
                listed[key] = self._texts(scope, key)
        if "baseline" in scope:
            listed["findings"] = listed.get("findings", frozenset()) | self._baseline(scope)
        found = Scope(**listed)
        if not found:
            self._add("no-scope", entry.values_at["scope"])
        return found

    def _baseline(self, scope: MarkedMap) -> frozenset[str]:
        """Return the fingerprints of a baseline's list, which must be the one that was approved."""
        named = self._map(scope, "baseline")
        self._known(named, "file", "sha256")
        file, digest = self._text(named, "file"), self._text(named, "sha256")
        place = scope.values_at["baseline"]
        folder = self.path.parent.resolve()
        path = (folder / file).resolve()
        if not file or folder not in path.parents:
            self._add("baseline-place", place, word=file)
            return frozenset()
        try:
            data = path.read_bytes()
        except OSError as error:
            self._add("baseline-missing", place, word=error.strerror or file)
            return frozenset()
        if hashlib.sha256(data).hexdigest() != digest:
            self._add("baseline-changed", place, word=file)
            return frozenset()
        lines = data.decode("utf-8", "replace").splitlines()
        return frozenset(line.split(None, 1)[0] for line in lines if line.strip() and not line.startswith("#"))

    def _map(self, entry: MarkedMap, key: str) -> MarkedMap:
        """Return the mapping under `key`, an empty one where there is none."""
        value = entry.get(key)
        if isinstance(value, MarkedMap):
            return value
        if value is not None:
            self._add("not-a-mapping", entry.values_at[key], word=key)
        return MarkedMap(entry.place)

    def _text(self, entry: MarkedMap, key: str) -> str:
        """Return the text under `key`, '' where there is none."""
        value = entry.get(key)
        if value is None:
            return ""
        if isinstance(value, (MarkedMap, MarkedList)):
            self._add("not-a-text", entry.values_at[key], word=key)
            return ""
        return str(value)

    def _texts(self, entry: MarkedMap, key: str) -> frozenset[str]:
        """Return the texts under `key`; one text counts as a list of one."""
        value = entry.get(key)
        if isinstance(value, MarkedList) and all(isinstance(item, Scalar) and item for item in value):
            return frozenset(str(item) for item in value)
        if isinstance(value, Scalar) and value:
            return frozenset([str(value)])
        self._add("not-a-list", entry.values_at[key], word=key)
        return frozenset()

    def _time(self, entry: MarkedMap, key: str) -> datetime:
        """Return the time under `key`, which must name its offset."""
        text = self._text(entry, key)
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            # Nothing at all has no place of its own.
            self._add("not-a-time", (entry.values_at if text else entry.keys_at)[key], word=key)
            return _NEVER
        if found.tzinfo is None:
            self._add("no-offset", entry.values_at[key], word=key)
            return _NEVER
        return found

    def _unique(self, found: Iterable[Any]) -> None:
        """Refuse two entries with one id."""
        ids: set[str] = set()
        for item in found:
            if item.id in ids:
                self._add("same-id", item.place, word=item.id)
            ids.add(item.id)

    def _add(self, code: str, place: Place, **values: str) -> None:
        self.problems.append(self._problem(code, place, **values))

    def _problem(self, code: str, place: Place, **values: str) -> Problem:
        """Return the problem whose sentences stand under ``decisions.file.<code>``."""
        words = {name: clean(value, limit=60) for name, value in values.items()}
        key = f"decisions.file.{code}"
        return Problem(f"decision.{code}", say(key, **words), say(f"{key}.why"), say(f"{key}.fix"), place)


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _plain(value: Any) -> Any:
    """Return what a file says as plain values."""
    if isinstance(value, MarkedMap):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, MarkedList):
        return [_plain(item) for item in value]
    return None if value is None else str(value)
