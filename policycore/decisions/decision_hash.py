"""Give every decision that a run considers one hash, which its report carries."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policycore.decisions.attestations import SignedStatement
    from policycore.decisions.waivers import Waiver

__all__ = ["decisions_hash"]


def decisions_hash(waivers: Iterable[Waiver], attestations: Iterable[SignedStatement]) -> str:
    """Return the SHA-256 of all that the files of decisions say, entry by entry in the files' order.

    Every field counts, the lists of baselines too; comments, layout and where the files lie do not. Without
    decisions it is the hash of nothing, `policycore.model.result.NO_DECISIONS`.
    """
    digest = hashlib.sha256()
    for kind, entries in (("waiver", waivers), ("attestation", attestations)):
        for entry in entries:
            said = {name: value for name, value in asdict(entry).items() if name != "place"}
            digest.update(f"{json.dumps([kind, said], sort_keys=True, default=_plain)}\n".encode())
    return digest.hexdigest()


def _plain(value: object) -> object:
    """Return sets in order and times with their offset."""
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
