"""Verify the audit trail of a workspace, and keep its heads elsewhere: only they show that it was cut off."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from sqlalchemy import Connection, func, select

from policycore.errors import DataError, Problem, UsageError
from policycore.language import say
from policycore.store import schema
from policycore.store.kept import audit
from policycore.store.kept.seal import ERASE
from policycore.store.snapshots import altered_snapshots, kept_snapshots
from policycore.store.verify import alterations
from policycore.store.workspace import Workspace
from policycore.system.refusals import refusal_words
from policycore.text.clean import clean

__all__ = ["heads_in", "keep_head", "require_place", "verify_audit"]

_SECONDS = 20
"""How long the other side may take to answer."""


def verify_audit(workspace: Workspace, heads: Iterable[str] = ()) -> tuple[int, str]:
    """Return how many entries the trail has and its head.

    `heads` are heads that were noted elsewhere and must stand in it: only they prove that nothing was cut off. Raises
    UsageError for a head that can be none, DataError where the chain is broken or anything that it seals was altered.
    """
    noted = tuple(head.strip().lower() for head in heads)
    for head in noted:
        if len(head) != len(audit.GENESIS) or not set(head) <= set("0123456789abcdef"):
            raise UsageError(_problem("no-head", "audit.no-head", word=clean(head, limit=80)))
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        fault = audit.verify(connection, noted)
        count = connection.scalar(select(func.count()).select_from(schema.audit)) or 0
        head = audit.head(connection)
        if fault is not None:
            raise DataError(_problem(fault.kind, "audit", sequence=fault.sequence))
        problems = tuple(alterations(connection))
        going = _erased_snapshots(connection)
    altered = altered_snapshots(workspace.snapshots)
    problems += tuple(Problem.of("store.altered", what=f"snapshots/{one}") for one in altered)
    left = [one.id for one in kept_snapshots(workspace.snapshots) if one.id in going]
    problems += tuple(Problem.of("store.snapshot-left", id=one, entry=going[one]) for one in left)
    if problems:
        raise DataError(*problems)
    return count, head


def _erased_snapshots(connection: Connection) -> dict[str, int]:
    """Return the snapshots that went with a person, and no run judged since, with the entry of the trail that says so.

    Whoever ended the erasure midway, or has the same snapshot in a workspace of their own, still has the person.
    """
    found: dict[str, int] = {}
    for entry in audit.entries(connection):
        if entry.action == ERASE:
            found |= dict.fromkeys(json.loads(entry.details).get("snapshots", ()), entry.sequence)
        elif entry.action == "run":
            found.pop(json.loads(entry.details)["snapshot"], None)
    return found


def _problem(kind: str, advice: str, **values: object) -> Problem:
    """Return a problem of that kind; why it matters and what to try stand under `advice`."""
    what = say(f"operations.audit.{kind}", **values)
    return Problem(f"audit.{kind}", what, say(f"operations.{advice}.why"), say(f"operations.{advice}.fix"))


def require_place(place: str) -> None:
    """Raise UsageError unless heads can be kept at `place`: a file in a folder that is there, or an https URL."""
    if "://" in place:
        usable = urlsplit(place).scheme == "https" and bool(urlsplit(place).hostname)
    else:
        usable = Path(place).absolute().parent.is_dir() and not Path(place).is_dir()
    if not usable:
        raise UsageError(Problem.of("operations.heads.no-place", where=_shown(place)))


def keep_head(place: str, head: str, run: int) -> None:
    """Add the head after a run to the file at `place`, or send it there as one line of text.

    Raises DataError where it could not be kept: the run itself is recorded all the same.
    """
    line = f"{head}  {datetime.now(UTC).isoformat(timespec='seconds')}  {run}\n".encode()
    try:
        if "://" in place:
            require_place(place)
            with urlopen(Request(place, line, {"Content-Type": "text/plain"}), timeout=_SECONDS):  # noqa: S310 - https
                return
        with Path(place).open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, URLError, ValueError) as error:
        kind = refusal_words(error)
        raise DataError(Problem.of("operations.heads.not-kept", where=_shown(place), kind=kind)) from None


def heads_in(file: Path) -> tuple[str, ...]:
    """Return the heads that a file holds, one at the beginning of each line; DataError where it can't be read."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        kind = refusal_words(error)
        raise DataError(Problem.of("operations.heads.unreadable", where=_shown(str(file)), kind=kind)) from None
    return tuple(line.split()[0] for line in lines if line.strip())


def _shown(place: str) -> str:
    """Return a place as a person may see it, without what may be a secret in a URL."""
    parts = urlsplit(place)
    return clean(f"{parts.scheme}://{parts.hostname or ''}" if "://" in place else place, limit=200)
