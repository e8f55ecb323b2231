"""What a plant is given: the estate, the directory, and short ways to make one group and label it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from policycore.demo.chats import chat
from policycore.demo.estate import DemoEstate, Office, Row, offices
from policycore.demo.groups import ChatGroup, make_group
from policycore.demo.people import Directory, Member, hire

__all__ = ["Plant", "Planting"]


@dataclass(frozen=True, slots=True)
class Plant:
    """How many groups one planting makes, and the function that makes them."""

    groups: int
    plant: Callable[[Planting], None]


@dataclass(slots=True)
class Planting:
    """What a plant needs; labels name what a check must answer."""

    estate: DemoEstate
    directory: Directory
    _turn: list[Office] = field(default_factory=list)

    def department(self) -> Office:
        """Return the next office, so that violations spread over all; the committee and the colleges stay clean."""
        if not self._turn:
            self._turn = list(offices()[1:])
            self.estate.random.shuffle(self._turn)
        return self._turn.pop()

    def other_department(self, department: Office) -> Office:
        """Return another office than `department`."""
        return self.estate.random.choice([office for office in offices()[1:] if office is not department])

    def group(
        self, department: Office | None = None, *, talk: bool = True, row: Row | None = None, **options: Any
    ) -> ChatGroup:
        """Return a clean group with a chat; `row` is what the register then says otherwise."""
        group = make_group(self.estate, self.directory, department or self.department(), **options)
        group.row.update(row or {})
        if talk:
            chat(self.estate, group)
        return group

    def hire(self, department: Office, **options: Any) -> Member:
        """Return a new person, so that what happens to them touches no other group."""
        return hire(self.estate, department, **options)

    def fails(self, rule: str, subject: str, why: str, *, kind: str = "group") -> None:
        """Label a violation."""
        self.estate.label(rule, "fail", subject, why, kind=kind)

    def suspect(self, rule: str, subject: str, why: str, *, kind: str = "group") -> None:
        """Label an indicator that a person must confirm."""
        self.estate.label(rule, "suspect", subject, why, kind=kind)

    def unknown(self, rule: str, subject: str, why: str) -> None:
        """Label what nobody can judge, because the data does not say it."""
        self.estate.label(rule, "unknown", subject, why)

    def passes(self, rule: str, subject: str, why: str, *, kind: str = "group") -> None:
        """Label a look-alike that must pass."""
        self.estate.label(rule, "pass", subject, why, kind=kind)

    @staticmethod
    def stay(row: Row) -> str:
        """Return the subject id of a membership."""
        return f"{row['group_id']}/{row['account_id']}"
