"""Reviews of suspects: a person confirms one, or dismisses it, which makes an exception for the same text.

A review is a record of the store. The next check applies it; until then it is shown beside the finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, exists, select

from policycore.model.result import Decision
from policycore.store import schema
from policycore.store.decided import IN_FORCE, Record, records

__all__ = ["CONFIRMED", "DISMISSED", "REVIEWS", "Precision", "open_reviews", "precision", "review_said"]

CONFIRMED, DISMISSED = "confirmation", "dismissal"
REVIEWS = (CONFIRMED, DISMISSED)
"""The kinds of record; what each makes of a suspect, `policycore.model.result.Decision.verdict` says."""


@dataclass(frozen=True, slots=True)
class Precision:
    """How often people who looked found that a rule was right."""

    rule: str
    confirmed: int
    dismissed: int

    @property
    def percent(self) -> int:
        """Return the share of what was confirmed, in percent, rounded down."""
        return 100 * self.confirmed // (self.confirmed + self.dismissed)


def open_reviews(connection: Connection) -> list[Record]:
    """Return the reviews that nobody took back, in the order in which they were made."""
    table = schema.decisions.c
    if not connection.scalar(select(exists().where(table.kind.in_(REVIEWS), table.state == IN_FORCE))):
        return []
    return [record for record in records(connection, *REVIEWS) if record.state == IN_FORCE]


def review_said(record: Record) -> Decision:
    """Return what is shown beside a finding that was reviewed, and settles it in a check."""
    return Decision(record.kind, record.id, record.kind, record.reason, record.person, None)


def precision(reviews: Iterable[Record]) -> list[Precision]:
    """Return by rule what reviews say of it, the least precise first."""
    counted = Counter((record.covers["rules"][0], record.kind) for record in reviews)
    rules = {rule for rule, _ in counted}
    found = [Precision(rule, counted[rule, CONFIRMED], counted[rule, DISMISSED]) for rule in rules]
    return sorted(found, key=lambda one: (one.percent, one.rule))
