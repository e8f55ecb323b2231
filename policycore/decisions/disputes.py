"""Find what disputes are about in a result: beside which findings they stand, and which of them new facts decide."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from policycore.model.facts import changed_facts
from policycore.model.findings import Findings
from policycore.model.result import Decision, Finding
from policycore.store.decided import Record
from policycore.store.lives.disputes import said_of

__all__ = ["disputed", "found_otherwise"]


def _about(disputes: Sequence[Record], findings: Findings) -> Iterator[tuple[Record, Finding]]:
    """Yield each dispute with the finding that it is about, under whatever name its rule has today."""
    wanted = {name: record for record in disputes for name in record.covers["findings"]}
    if not wanted:
        return
    index = findings.index.column("fingerprint").to_pylist()
    for rows in findings.rows:
        former = rows.table.column("former")
        if former.null_count == len(former):
            continue
        pairs = zip(rows.columns["fingerprint"], former.to_pylist(), strict=True)
        wanted |= {name: wanted[old] for name, names in pairs for old in names or () if old in wanted}
    places = [place for place, name in enumerate(index) if name in wanted]
    for finding in findings.only(places) if places else ():
        yield wanted[finding.fingerprint], finding


def disputed(disputes: Iterable[Record], findings: Findings) -> dict[str, Decision]:
    """Return by fingerprint what stands beside the findings that are disputed and that no decision settled."""
    about = _about([*disputes], findings)
    return {one.fingerprint: said_of(record) for record, one in about if one.decision is None}


def found_otherwise(disputes: Iterable[Record], findings: Findings) -> frozenset[str]:
    """Return the disputes whose findings are there for other facts than those that were disputed."""
    about = _about([*disputes], findings)
    return frozenset(
        record.id for record, one in about if changed_facts(json.loads(record.body).get("facts", {}), one.facts)
    )
