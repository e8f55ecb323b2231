"""Turn waivers and attestations into the store's records and back, and compare them wherever they were written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from policycore.decisions.attestations import SignedStatement
from policycore.decisions.waivers import Scope, Waiver
from policycore.errors import DataError, Problem
from policycore.model.facts import same_words
from policycore.store.decided import Record
from policycore.text.clean import clean

__all__ = ["KINDS", "WITHDRAWN", "Granted", "body_of", "decision_of", "from_body", "kind_of", "record_of", "said"]

Granted = Waiver | SignedStatement
KINDS: Mapping[str, type[Granted]] = {"waiver": Waiver, "attestation": SignedStatement}
WITHDRAWN = "withdrawn"
_OWN_COLUMNS = frozenset({"scope", "withdrawn", "place"})
"""What the store keeps in columns, or nobody keeps."""

Kind = TypeVar("Kind")


def kind_of(item: Granted) -> str:
    """Return what the store calls the kind of a decision."""
    return "waiver" if isinstance(item, Waiver) else "attestation"


def record_of(item: Granted, ruleset: str = "") -> Record:
    """Return a waiver or attestation as the store keeps it; `ruleset` is the one whose run it was made on."""
    withdrawn: dict[str, Any] = {} if item.withdrawn is None else {"state": WITHDRAWN, "ended": item.withdrawn}
    if isinstance(item, Waiver):
        covers = {part.name: sorted(getattr(item.scope, part.name)) for part in fields(Scope)}
        covers |= {"rules": [item.rule], "clauses": [item.clause]}
        return Record(
            kind="waiver",
            id=item.id,
            body=body_of(item),
            at=item.approved,
            ruleset=ruleset,
            covers={name: values for name, values in covers.items() if any(values)},
            reason=item.reason,
            person=item.approver,
            until=item.ends,
            **withdrawn,
        )
    covers = {"clauses": [item.clause], "subjects": [item.subject], "findings": [item.finding]}
    return Record(
        kind="attestation",
        id=item.id,
        body=body_of(item),
        at=item.signed,
        ruleset=ruleset,
        covers={name: values for name, values in covers.items() if any(values)},
        person=item.person,
        evidence=item.evidence,
        **withdrawn,
    )


def decision_of(record: Record) -> Granted:
    """Return the waiver or attestation that a record keeps."""
    more: dict[str, Any] = {}
    if record.kind == "waiver":
        more["scope"] = {part.name: record.covers.get(part.name, ()) for part in fields(Scope)}
    item = from_body(record, KINDS[record.kind], **more)
    return replace(item, withdrawn=record.ended if record.state == WITHDRAWN else None)


def body_of(item: Any) -> str:
    """Return what a decision says as JSON, but for what the store has columns for."""
    said = {name: value for name, value in msgspec.to_builtins(item).items() if name not in _OWN_COLUMNS}
    return json.dumps(said, ensure_ascii=True, sort_keys=True)


def from_body(record: Record, kind: type[Kind], **more: Any) -> Kind:
    """Return what a record says; DataError where that can't be read."""
    try:
        return msgspec.convert({**json.loads(record.body), **more}, kind)
    except (ValueError, TypeError) as error:
        what = clean(f"{record.kind} {record.id}", limit=80)
        raise DataError(Problem.of("store.altered", what=what)) from error


def said(item: Granted) -> dict[str, object]:
    """Return all that a decision says but whether it was withdrawn, the same however a file or the store wrote it."""
    return {part.name: _plain(getattr(item, part.name)) for part in fields(item) if part.name not in _LEFT_OUT}


_LEFT_OUT = frozenset({"withdrawn", "place"})


def _plain(value: object) -> object:
    """Return sets and lists in the order that they have, times in UTC, and everything else as a file writes it."""
    if isinstance(value, Scope):
        return {part.name: sorted(getattr(value, part.name)) for part in fields(Scope)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return same_words(value)
