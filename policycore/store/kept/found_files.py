"""Keep what runs found, each content once under its hash, and read it back only as what it was.

The columns of one rule are one file; so is what stands beside the columns of a run: its loose findings, and by which
decision each finding was settled. A run names its files; where nothing changed two runs name the same one.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Table, delete, insert, select, union

from policycore.errors import DataError, Problem
from policycore.model.findings import Findings
from policycore.model.found import FoundRows, RuleTexts, unpack
from policycore.model.result import Decision, Finding
from policycore.store import schema
from policycore.store.kept.loose import loose_body, loose_from

__all__ = [
    "Beside",
    "FileCache",
    "changed_beside",
    "found_files",
    "keep_bodies",
    "keep_found",
    "read_beside",
    "read_rows",
    "remove_unnamed",
    "texts_hash",
]

_KEPT = 96
"""Files that one store remembers once they were read: those of two or three runs."""

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class Beside:
    """What a run found that no columns hold: loose findings, and decisions by fingerprint."""

    loose: tuple[Finding, ...]
    decisions: Mapping[str, Decision]


class FileCache:
    """The files of one store that were read last, by their hash: what is under a hash never changes."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, ...], Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...], read: Callable[[], Content]) -> Content:
        """Return what `read` returned when it was asked for the first time."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return cast("Content", self._held[key])
        found = read()
        with self._lock:
            self._held[key] = found
            if len(self._held) > _KEPT:
                self._held.popitem(last=False)
        return found


def found_files(connection: Connection) -> FileCache:
    """Return the cache of the store that `connection` belongs to."""
    return connection.get_execution_options().get("files") or FileCache()


def texts_hash(texts: RuleTexts) -> str:
    """Return the hash under which a rule's texts are kept."""
    return hashlib.sha256(msgspec.json.encode(texts)).hexdigest()


def keep_found(connection: Connection, run: int, findings: Findings, zone: ZoneInfo) -> str:
    """Keep what `run` found and return the hash of what stands beside the columns."""
    named, texts, files = [], {}, {}
    for rows in findings.rows:
        digest = texts_hash(rows.texts)
        texts[digest] = lambda rows=rows: msgspec.json.encode(rows.texts)
        files[rows.address] = lambda rows=rows: rows.packed
        named.append((run, rows.texts.rule, digest, rows.address, len(rows)))
    beside = _beside_body(findings, zone)
    digest = hashlib.sha256(beside).hexdigest()
    keep_bodies(connection, schema.texts, texts)
    keep_bodies(connection, schema.files, files | {digest: lambda: beside})
    names = ("run_id", "rule", "texts", "file", "row_count")
    if named:
        connection.execute(insert(schema.run_files), [dict(zip(names, row, strict=True)) for row in named])
    return digest


def keep_bodies(connection: Connection, table: Table, bodies: Mapping[str, Callable[[], bytes]]) -> None:
    """Keep each body that is not there yet under its hash."""
    known = set(connection.scalars(select(table.c.hash).where(table.c.hash.in_(bodies))))
    rows = [{"hash": digest, "body": body()} for digest, body in bodies.items() if digest not in known]
    if rows:
        connection.execute(insert(table), rows)


def _beside_body(findings: Findings, zone: ZoneInfo) -> bytes:
    """Return loose findings and decisions as one file; the same ones give the same bytes."""
    places: dict[Decision, int] = {}
    settled = {
        fingerprint: places.setdefault(decision, len(places))
        for fingerprint, decision in sorted(findings.decisions.items())
    }
    loose = sorted(findings.loose, key=lambda item: (item.rule, item.subject.id, item.fingerprint))
    content = {
        "loose": [loose_body(finding) for finding in loose],
        "decisions": [_plain(decision, zone) for decision in places],
        "settled": settled,
    }
    return _packed(content)


def _packed(content: Mapping[str, Any]) -> bytes:
    """Return what stands beside columns as it is kept."""
    return zlib.compress(json.dumps(content).encode(), 6)


def changed_beside(connection: Connection, digest: str, change: Callable[[Any], Any]) -> str:
    """Return the hash of what stands beside columns once `change` has been at it; it is kept under that."""
    content = json.loads(zlib.decompress(_body(connection, schema.files, digest)))
    changed = change(content)
    if changed == content:
        return digest
    body = _packed(changed)
    after = hashlib.sha256(body).hexdigest()
    keep_bodies(connection, schema.files, {after: lambda: body})
    return after


def remove_unnamed(connection: Connection) -> None:
    """Remove what no run names any more."""
    files, kept, bodies = schema.files, schema.run_files.c, schema.run_bodies.c
    named = union(select(kept.file), select(bodies.beside))
    connection.execute(delete(files).where(files.c.hash.not_in(named)))
    connection.execute(delete(schema.texts).where(schema.texts.c.hash.not_in(select(kept.texts))))


def _plain(decision: Decision, zone: ZoneInfo) -> list[Any]:
    """Return a decision as JSON can hold it."""
    until = None if decision.until is None else decision.until.astimezone(zone).isoformat()
    return [decision.kind, decision.id, decision.reason, decision.text, decision.decided_by, until]


def read_rows(connection: Connection, texts: str, file: str) -> FoundRows:
    """Return the columns under one hash in the words under another; DataError where they are not what was kept."""

    def read() -> FoundRows:
        words = msgspec.json.decode(_body(connection, schema.texts, texts), type=RuleTexts)
        rows = FoundRows(words, unpack(_body(connection, schema.files, file)))
        vars(rows)["address"] = file
        return rows

    return found_files(connection).get((texts, file), read)


def read_beside(connection: Connection, digest: str, zone: ZoneInfo) -> Beside:
    """Return what stood beside the columns of a run, times in `zone`; DataError where it is not what was kept."""
    return found_files(connection).get((digest, zone.key), lambda: _read_beside(connection, digest, zone))


def _body(connection: Connection, table: Table, digest: str) -> bytes:
    """Return what is kept under a hash; DataError where it is gone, or something else."""
    body = connection.scalar(select(table.c.body).where(table.c.hash == digest))
    if not isinstance(body, bytes) or hashlib.sha256(body).hexdigest() != digest:
        raise DataError(Problem.of("store.altered", what=f"{table.name} {digest[:12]}"))
    return body


def _read_beside(connection: Connection, digest: str, zone: ZoneInfo) -> Beside:
    content = json.loads(zlib.decompress(_body(connection, schema.files, digest)))
    decisions = [
        Decision(kind, name, reason, text, by, until and datetime.fromisoformat(until).astimezone(zone))
        for kind, name, reason, text, by, until in content["decisions"]
    ]
    return Beside(
        tuple(loose_from(data, zone) for data in content["loose"]),
        {fingerprint: decisions[place] for fingerprint, place in content["settled"].items()},
    )
