"""What a text rule looks for, and what it is shown of a text in which something was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from policycore.text.expression import Expression, ExpressionError, Series, read, word
from policycore.text.fold import fold
from policycore.text.learned import Learned

__all__ = ["Around", "Likely", "Pattern", "Place", "TextMatch", "Words"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One expression in the linear dialect (see `policycore.text.expression`), matched on folded text."""

    id: str
    expression: str
    caseless: bool = False
    asks_around: bool = False
    """Whether the rule wants to see what stands around a hit of this pattern (`TextMatch.around`)."""
    beside: bool = False
    """Whether it matters only beside a hit of another pattern of the rule: alone it is not shown to the rule."""

    def expressions(self) -> tuple[Expression, ...]:
        """Return what is looked for. Raises ExpressionError where it is outside the dialect."""
        return (read(self.expression, caseless=self.caseless),)


@dataclass(frozen=True, slots=True)
class Words:
    """Words to find as they stand, however they are spelled, by the thousand at no cost."""

    id: str
    words: tuple[str, ...]
    caseless: bool = True
    asks_around: bool = False
    """Whether the rule wants to see what stands around a hit of these words (`TextMatch.around`)."""
    beside: bool = False
    """Whether they matter only beside a hit of another pattern of the rule: alone they are not shown to the rule."""
    skipped: str = ""
    """What may stand between the characters of a word, a class as in brackets: 红 包, 团*购."""
    most_skipped: int | None = None
    """How many such characters may stand between two of a word; any number where it is None."""

    def expressions(self) -> tuple[Expression, ...]:
        """Return what is looked for, word by word.

        Raises ExpressionError for a word of which nothing is seen; its place is the word's number.
        """
        found = []
        for number, one in enumerate(self.words):
            try:
                found.append(word(one, caseless=self.caseless, skipped=self.skipped, most=self.most_skipped))
            except ExpressionError as error:
                raise ExpressionError(str(error), number) from None
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Likely:
    """Texts that are of a kind as probably as `percent`, by what was learned; such a hit has no place."""

    id: str
    learned: Learned
    percent: int
    asks_around: bool = False
    """Whether the rule wants to see what stands around such a text (`TextMatch.around`)."""
    beside: ClassVar[bool] = False

    def expressions(self) -> tuple[Expression, ...]:
        """Return what is looked for."""
        return (Expression(Series(()), likely=self.learned, percent=self.percent),)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pattern hit: the characters from `begin` to before `end`, in the text as it was written."""

    pattern: str
    begin: int
    end: int
    word: str = ""
    """Which of `Words` it is, as the rule wrote it."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a message; what nobody knows is None."""

    group_kind: str | None
    sender_id: str | None
    sender_kind: str | None
    """Whether the sender is internal, external or a bot."""
    sender_role: str | None
    """Whether the sender is the group's owner, an admin or a member."""
    sent_at: datetime | None
    """In the estate's time zone: ask its ``hour`` and ``isoweekday()``."""
    working_day: bool | None
    """Whether it was sent on a working day by the rule set's calendar; None where that does not list the year."""
    previous: str
    """What the sender wrote before in the group, within ten minutes; empty where there is nothing."""
    following: str
    """What the sender wrote next in the group, within ten minutes."""
    recalled: bool
    """Whether the source says that it was recalled."""
    replies: bool
    """Whether the source says that it answers a message."""


@dataclass(slots=True)
class TextMatch:
    """One text in which patterns of the rule hit, for the rule to confirm."""

    text: str
    patterns: tuple[str, ...]
    """The ids of the patterns that hit, in the order in which the rule names them."""
    find_places: Callable[[], Sequence[Place]]
    find_around: Callable[[], Around | None] = lambda: None
    looked_around: bool = field(default=False, init=False)
    """Whether the rule has asked what stands around."""
    _folded: str | None = field(default=None, init=False, repr=False)

    @property
    def around(self) -> Around | None:
        """Return what stands around the message, where a pattern that hit asks for it."""
        self.looked_around = True
        return self.find_around()

    @property
    def folded(self) -> str:
        """Return the text folded; the length is the same, so that offsets are valid in both."""
        if self._folded is None:  # rules ask for it at every place of a text
            self._folded = fold(self.text)
        return self._folded

    @property
    def places(self) -> Sequence[Place]:
        """Return where the patterns hit, in the order of the text; what overlaps stands there too."""
        return self.find_places()
