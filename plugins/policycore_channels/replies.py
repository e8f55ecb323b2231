"""Who was asked for a reply, until when, and which departments answered."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from policycore import Field, OfficeHours, RuleEstate, reply_demands, stated_deadline
from policycore_channels.publishers import PUBLISHED, PublisherParams

__all__ = ["ASKING", "Answer", "Asked", "Department", "ReplyParams", "answers_of", "asked_in", "departments_of"]

# Only what has one of these words can ask for a reply.
ASKING = """regexp_matches(messages.text, '[回扣打接签吱举点报冒确复发]|(?i)please') IS NOT FALSE
    AND messages.sent_at >= coalesce($effective, DATE '1900-01-01') IS NOT FALSE"""
_ASKED = f"""SELECT messages.id, messages.group_id, messages.sent_at, messages.text
    FROM messages JOIN groups USING (group_key)
    WHERE {ASKING} AND {PUBLISHED} AND messages.text IS NOT NULL AND messages.sent_at IS NOT NULL
        AND messages.recalled_at IS NULL
    ORDER BY messages.sent_at, messages.id"""
# Each member's departments, but those that publish.
_MEMBERS = """SELECT h.group_id, h.account_id, h.joined_at, h.left_at, d.id, d.name, t.since, t.until
    FROM membership_history h JOIN groups g USING (group_key) JOIN accounts a ON a.account_key = h.account_key
    JOIN appointment_history t ON t.person_key = a.person_key JOIN departments d ON d.department_key = t.department_key
    WHERE NOT (len($publishers) = 0 AND d.department_key IS NOT DISTINCT FROM g.department_key
        OR list_contains($publishers, d.id) OR list_contains($publishers, d.name))
    ORDER BY d.id"""
_ANSWERS = """SELECT messages.group_id, messages.sender_id, messages.sent_at, messages.reply_to
    FROM messages JOIN groups USING (group_key)
    WHERE messages.sent_at IS NOT NULL AND messages.sender_id IS NOT NULL ORDER BY messages.sent_at, messages.id"""


class ReplyParams(PublisherParams):
    """How long there is to reply."""

    default_hours: int | None = Field(
        None,
        ge=1,
        le=744,
        description="hours to reply where a request states no deadline; none: then nothing can be told",
        json_schema_extra={"zh": "没有写明期限时的回复小时数；不填则无法判断"},
    )
    office_ends: str = Field(
        "17:30",
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="when the office closes: what 下班前 means",
        json_schema_extra={"zh": "下班时间：“下班前”指几点"},
    )
    office_begins: str = Field(
        "08:00",
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="when the office opens: what 上班前 means",
        json_schema_extra={"zh": "上班时间：“上班前”指几点"},
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for replies; `deadline` is None where it names none that there is."""

    id: str
    group_id: str
    sent_at: datetime
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A message of a member, and the request that it answers; `named` says that it names that request."""

    account: str
    sent_at: datetime
    asked: str
    named: bool


@dataclass(frozen=True, slots=True)
class Department:
    """One post of one member, and since when and until when it and the stay in the group last."""

    group_id: str
    account_id: str
    joined_at: datetime | None
    left_at: datetime | None
    id: str
    name: str
    since: datetime | None
    until: datetime | None

    def holds(self, begin: datetime, end: datetime) -> bool:
        """Return whether the member was there from `begin` to `end` and held the post when that began."""
        there = (self.joined_at is None or self.joined_at <= begin) and (self.left_at is None or self.left_at > end)
        return there and (self.since is None or self.since <= begin) and (self.until is None or self.until > begin)


def asked_in(estate: RuleEstate, params: ReplyParams) -> Iterator[Asked]:
    """Yield what publishers asked for, in the order of time."""
    office = OfficeHours(
        begins=datetime.strptime(params.office_begins, "%H:%M").time(),
        ends=datetime.strptime(params.office_ends, "%H:%M").time(),
    )
    for row in estate.rows(_ASKED, params):
        text, sent = row.pop("text"), row["sent_at"].astimezone(estate.timezone)
        if reply_demands(text):
            stated = stated_deadline(text, sent, office)
            if stated is not None:
                yield Asked(**row, deadline=None if stated.fault else stated.moment)
            else:
                yield Asked(
                    **row, deadline=sent + timedelta(hours=params.default_hours) if params.default_hours else None
                )


def departments_of(estate: RuleEstate, params: ReplyParams) -> list[Department]:
    """Return the posts of all members, but those in the departments that publish."""
    return [Department(**row) for row in estate.rows(_MEMBERS, params)]


def answers_of(estate: RuleEstate, params: ReplyParams, asked: Sequence[Asked]) -> Iterator[Answer]:
    """Yield each message after a request: it answers the one that it names, else the last one before it."""
    in_group: dict[str, list[Asked]] = {}
    for one in asked:
        in_group.setdefault(one.group_id, []).append(one)
    times = {group: [one.sent_at for one in requests] for group, requests in in_group.items()}
    known = {one.id for one in asked}
    for row in estate.rows(_ANSWERS, params):
        before = bisect_left(times.get(row["group_id"], []), row["sent_at"])
        if row["reply_to"] in known:
            yield Answer(row["sender_id"], row["sent_at"], row["reply_to"], named=True)
        elif before and row["reply_to"] is None:
            yield Answer(row["sender_id"], row["sent_at"], in_group[row["group_id"]][before - 1].id, named=False)
