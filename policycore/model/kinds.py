"""Count findings by what they have in common, a hundred thousand at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from policycore.model.result import Finding
from policycore.model.verdict import Severity, Verdict

__all__ = ["Kind", "count_kinds"]


class Kind(NamedTuple):
    """Be what the counts of a result tell findings apart by."""

    rule: str
    clauses: tuple[str, ...]
    verdict: Verdict
    severity: Severity
    department: str | None
    department_id: str | None


def count_kinds(findings: Sequence[Finding]) -> Counter[Kind]:
    """Return how many findings there are of each kind."""
    columns = [[*map(attrgetter(name), findings)] for name in ("rule", "clauses", "verdict", "severity")]
    # Clauses and members of enumerations are told apart by identity while they are counted: their hash is worked out
    # anew each time and takes several times as long as all else here. The columns keep them where they are.
    parts = {id(part): part for column in columns[1:] for part in column}
    rules, *others = columns
    places = (map(attrgetter(f"subject.{name}"), findings) for name in ("department", "department_id"))
    kinds: Counter[Kind] = Counter()
    for (rule, clauses, verdict, severity, *place), number in Counter(
        zip(rules, *(map(id, column) for column in others), *places, strict=True)
    ).items():
        kinds[Kind(rule, parts[clauses], parts[verdict], parts[severity], *place)] += number
    return kinds
