"""What a plant is given: the estate, the directory, and short ways to make one group and label it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policycore.demo.chats import chat, post
from policycore.demo.estate import DemoEstate, Office, Row, offices
from policycore.demo.groups import ChatGroup, make_group
from policycore.demo.people import Directory

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

    def message(
        self,
        rule: str,
        verdict: str,
        why: str,
        group: ChatGroup,
        moment: datetime,
        sender: str | None,
        text: str,
        *,
        kind: str = "text",
    ) -> Row:
        """Post a message, label what `rule` must answer about it, and return its row."""
        row = post(self.estate, group, moment, sender, kind, text)
        self.estate.label(rule, verdict, row["id"], why, kind="message")
        return row

    @staticmethod
    def stay(row: Row) -> str:
        """Return the subject id of a membership."""
        return f"{row['group_id']}/{row['account_id']}"
