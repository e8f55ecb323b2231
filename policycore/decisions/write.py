"""Write waivers and attestations as the reviewed files have them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from policycore.decisions.records import Granted
from policycore.decisions.waivers import Scope, Waiver
from policycore.model.facts import plain
from policycore.system.atomic_files import write_atomically

__all__ = ["file_of", "undone_on_failure"]

_unusual = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_MAY_BE_LEFT_OUT = ("rule", "clause", "ticket", "granted_for", "finding", "valid_days", "text")


@contextmanager
def undone_on_failure(path: Path) -> Iterator[None]:
    """Put the file back as it was when the block, around the transaction of its audit entry, ends with an error."""
    before = path.read_bytes() if path.is_file() else None
    try:
        yield
    except BaseException:  # an interruption too must leave the file as it was
        if before is None:
            with suppress(FileNotFoundError, IsADirectoryError, PermissionError):  # the first error is told
                path.unlink()
        elif path.read_bytes() != before:
            write_atomically(path, before)
        raise


def file_of(kind: str, items: Iterable[Granted]) -> bytes:
    """Return decisions of one kind as the file of that kind, times with the offsets that they have."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.width = 4096
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.BytesIO()
    yaml.dump({"policycore": 1, f"{kind}s": [_quoted(_entry(item)) for item in items]}, stream)
    return stream.getvalue()


def _entry(item: Granted) -> dict[str, Any]:
    """Return a decision as a file writes it."""
    if isinstance(item, Waiver):
        granted = {
            "parameters": plain(item.parameters or {}),
            "facts": {fingerprint: dict(values) for fingerprint, values in item.facts.items() if values},
        }
        entry: dict[str, Any] = {
            "id": item.id,
            "rule": item.rule,
            "clause": item.clause,
            "scope": {part.name: named for part in fields(Scope) if (named := sorted(getattr(item.scope, part.name)))},
            "reason": item.reason,
            "text": item.text,
            "ticket": item.ticket,
            "requester": item.requester,
            "approver": item.approver,
            "approved": _moment(item.approved),
            "from": _moment(item.begins),
            "until": _moment(item.ends),
            "granted_for": {name: value for name, value in granted.items() if value},
        }
    else:
        entry = {
            "id": item.id,
            "clause": item.clause,
            "finding": item.finding,
            "subject": item.subject,
            "person": item.person,
            "signed": _moment(item.signed),
            "evidence": {"file": item.evidence_name, "sha256": item.evidence},
            "valid_days": item.valid_days,
            "text": item.text,
        }
    if item.withdrawn is not None:
        made = item.approved if isinstance(item, Waiver) else item.signed
        entry["withdrawn"] = _moment(item.withdrawn.astimezone(made.tzinfo))
    return {name: value for name, value in entry.items() if value or name not in _MAY_BE_LEFT_OUT}


def _moment(value: datetime) -> str:
    """Return a time as a file writes it."""
    return value.isoformat(timespec="seconds")


def _quoted(value: Any) -> Any:
    """Return `value` with every text in quotes and escapes that YAML would otherwise break a line at."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, dict):
        return {_quoted(key): _quoted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_quoted(item) for item in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) and _unusual.search(value) else value
