"""What a rule set may say of the words and expressions that a rule looks for, and of what must stand around them."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from policycore.model.words import meant_word

__all__ = ["CONTEXTS", "KINDS", "READABLE", "ROLES", "Context", "Exceptions", "QuietHours", "Readable", "Sought"]

Readable = Literal[
    "messages.text", "attachments.name", "attachments.text", "groups.name", "groups.announcement", "groups.purpose"
]
"""The columns of texts that such a rule may look through."""
READABLE: tuple[Readable, ...] = Readable.__args__  # type: ignore[attr-defined]  # a Literal has them

_TEXT = {"type": "string", "minLength": 1}
Listed = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=4000)]],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}),
]
"""One word, or a list of them; ``$name`` is a parameter of the set."""


class _Entry(BaseModel):
    """One mapping of a rule: no unknown keys, no guessing of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class Exceptions(_Entry):
    """Words and expressions that are something else than what is looked for."""

    words: Listed = Field([], description="words, any of them")
    patterns: Listed = Field([], description="expressions, any of them")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not (self.words or self.patterns):
            raise PydanticCustomError("no_context", "nothing is named")
        return self


class Context(Exceptions):
    """Words and expressions that stand near what is looked for."""

    within: Annotated[int, Field(ge=0, le=1000)] | None = Field(
        None, description="characters between the two at most; directly beside, or anywhere in the text, when not given"
    )


def _or_more(model: type[BaseModel]) -> tuple[BeforeValidator, WithJsonSchema]:
    """Return what takes a list of words, or a mapping that says more."""
    return (
        BeforeValidator(lambda value: {"words": value} if isinstance(value, (str, list)) else value),
        WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}, model.model_json_schema()]}),
    )


Around = Annotated[Context, *_or_more(Context)]
Except = Annotated[Exceptions, *_or_more(Exceptions)]


_hour = re.compile(r"([01]?[0-9]|2[0-4])[:：]([0-5][0-9])")
_DAY = 24 * 60


def minutes_of(hour: object) -> int:
    """Return how many minutes past midnight an hour is (22, "22:30"), -1 where it is none."""
    read = _hour.fullmatch(hour) if isinstance(hour, str) else None
    minutes = int(read[1]) * 60 + int(read[2]) if read else hour * 60 if type(hour) is int else -1
    return minutes if 0 <= minutes <= _DAY else -1


def _an_hour(value: object) -> object:
    if minutes_of(value) < 0:
        raise PydanticCustomError("no_hour", "no hour")
    return value


Hour = Annotated[
    int | str,
    BeforeValidator(_an_hour),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0, "maximum": 24}, {"type": "string"}]}),
]


class QuietHours(_Entry):
    """The hours outside which a message is no matter of the rule, in the estate's time zone."""

    begins: Hour | None = Field(None, description="hour from which on they count: 22, or '22:30'")
    ends: Hour | None = Field(None, description="hour before which they count; past midnight where it is earlier")
    days_off: bool = Field(False, description="whether days without work count as a whole, by the set's calendar")

    @model_validator(mode="after")
    def _some_hours(self) -> QuietHours:
        begins, ends = minutes_of(self.begins), minutes_of(self.ends)
        # Hours that end when they begin are none, or all of them: who writes them means neither.
        if (begins < 0) != (ends < 0) or ((begins - ends) % _DAY == 0 and not (begins < 0 and self.days_off)):
            raise PydanticCustomError("no_hours", "no hours")
        return self

    def holds(self, hour: int, minute: int) -> bool:
        """Return whether a time of day lies in them."""
        begins, ends, now = minutes_of(self.begins), minutes_of(self.ends), hour * 60 + minute
        return begins <= now < ends if begins <= ends else now >= begins or now < ends


_Sender = Literal["owner", "admin", "member", "internal", "external", "bot"]


def _senders(value: object) -> object:
    """Return roles and kinds of senders in the model's words, where people wrote their own."""
    named = [value] if isinstance(value, str) else value
    if not isinstance(named, list):
        return value
    return [
        meant_word(str(one), ROLES, "memberships.role") or meant_word(str(one), KINDS, "accounts.kind") or one
        for one in named
    ]


ROLES, KINDS = ("owner", "admin", "member"), ("internal", "external", "bot")
Senders = Annotated[list[_Sender], BeforeValidator(_senders)]


CONTEXTS = ("not_after", "not_before", "only_after", "only_before", "only_in", "not_in", "except")
"""Keys of what must, or must not, stand near what is looked for."""


def _places(value: object) -> object:
    if not re.fullmatch("[1-9][0-9]{0,3}", str(value)):
        raise PydanticCustomError("no_places", "no number of places")
    return value


class Sought(_Entry):
    """What a rule looks for in texts, and where it counts."""

    words: Listed = Field([], description="words to find, however they are spelled; often !include of a lexicon")
    patterns: Listed = Field([], description="expressions to find, in the linear dialect")
    gaps: int = Field(
        0, ge=0, le=5, description="characters that are neither letters nor digits which may stand within a word"
    )
    quotes: bool = Field(False, description="whether it counts too in a message that is quoted above an answer to it")
    not_after: Around | None = Field(None, description="not where one of these stands before, in the same sentence")
    not_before: Around | None = Field(None, description="not where one of these stands behind, in the same sentence")
    only_after: Around | None = Field(None, description="only where one of these stands before, in the same sentence")
    only_before: Around | None = Field(None, description="only where one of these stands behind, in the same sentence")
    only_in: Around | None = Field(None, description="only in a text that holds one of these too, `within` characters")
    not_in: Around | None = Field(None, description="not in a text that holds one of these too, `within` characters")
    except_: Except | None = Field(None, alias="except", description="not as a part of one of these")
    at_least: int = Field(1, ge=1, le=10_000, description="places in one text below which nothing is found")
    verdict: Literal["suspect", "fail"] = Field(
        "suspect", description="what a place is: an indicator that a person must confirm, or a failure"
    )
    fail_from: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        None, description="places in one text from which on it is a failure whatever `verdict` says"
    )
    by_count: dict[Annotated[str, BeforeValidator(_places)], Literal["error", "warning", "info"]] = Field(
        {}, description="how severe it is from so many places in one text on; the rule's severity below the first"
    )
    quiet_hours: QuietHours | None = Field(None, description="only what was sent in these hours")
    senders: Senders = Field([], description="only what these sent: roles in the group, kinds of accounts, any of them")
    not_senders: Senders = Field([], description="not what these sent")
