"""Labels of what a check cannot know: whatever the value that is missing may be, it could change the verdict.

Written down here and not read from the rules: a rule that forgets a field, or asks for one that cannot matter, must
show up as a difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from policycore.demo.estate import EFFECTIVE, DemoEstate, Row, iso
from policycore.demo.write import SOURCES

__all__ = ["label_unknowns"]

# Whatever the missing value is, with it these rules could say either.
_ALWAYS: Mapping[str, tuple[str, ...]] = {
    "groups.owner_id": (
        "ownership/owner-present",
        "ownership/owner-in-post",
        "ownership/owner-of-department",
        "ownership/creator-handover",
        "ownership/admin-designated",
    ),
    "groups.join_approval": ("admission/approval-on",),
    "memberships.role": ("ownership/admin-designated",),
}
_NAMES = ("admission/display-name-format", "admission/name-in-directory", "admission/unit-matches")
_READING = tuple(
    f"secrecy/{name}"
    for name in (
        "classification-mark",
        "bulk-personal-data",
        "credential",
        "passed-on",
        "listed-phrases",
        "not-to-be-passed-on",
    )
)
"""Rules that read what is in pictures and files, in dissolved groups too."""
_READING_IN_USE = ("content/unrelated-topic", "content/unverified-news", "content/sensitive-topic")
"""Rules that read it in groups that are not dissolved."""
_MOST_OWNED = 5
_PAST = ("明天下午5点前", "今天下班前", "4月12日下班前")
"""Deadlines in notices that were over before the as-of time."""


def label_unknowns(estate: DemoEstate) -> None:
    """Label every subject whose verdict hangs on something that its source lacks, or that nobody read."""
    people = {row["id"]: row for row in estate.tables["people"]}
    accounts = {row["id"]: row for row in estate.tables["accounts"]}
    for group in estate.tables["groups"]:
        if group["dissolved_at"] is not None:
            continue
        lacks = SOURCES[group["source"]][1]
        members = [
            row
            for row in estate.tables["memberships"]
            if row["group_id"] == group["id"] and row.get("left_at") is None
            if accounts[row["account_id"]]["kind"] != "bot"
        ]
        for field in lacks:
            for rule in _ALWAYS.get(field, ()):
                estate.label(rule, "unknown", group["id"], f"{group['source']} lacks {field}")
        if "groups.owner_id" in lacks and not members:
            estate.label("dormancy/ownerless-or-empty", "unknown", group["id"], "nobody, and perhaps no owner")
        if "memberships.role" in lacks and any(_left(people, accounts[row["account_id"]]) for row in members):
            estate.label("ownership/admin-in-post", "unknown", group["id"], "one who left may be an admin")
        for row in members:
            for rule, why in _of_member(row, lacks):
                estate.label(rule, "unknown", f"{group['id']}/{row['account_id']}", why, kind="membership")
    _label_owners(estate, accounts)
    _label_unread(estate)
    _label_notices(estate, accounts)
    # The more groups the demo has, the less is certain of who passed in a small one.
    unknown = {(label.rule, label.subject_id) for label in estate.labels if label.verdict == "unknown"}
    estate.labels = [
        label for label in estate.labels if label.verdict != "pass" or (label.rule, label.subject_id) not in unknown
    ]


def _left(people: Mapping[str, Row], account: Row) -> bool:
    """Return whether an account's person is no longer in post, or nobody knows who it is."""
    person = people.get(account["person_id"])
    return person is None or person["status"] != "active"


def _of_member(row: Row, lacks: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the rules that cannot judge one member, and why."""
    if "memberships.display_name" in lacks:
        yield from ((rule, "nobody knows the display name") for rule in _NAMES)
    since = row.get("joined_at")
    # What happened before the notice is no business of its rules.
    recent = since is None or since >= (iso(EFFECTIVE) or "")
    if "memberships.inviter_id" in lacks and recent and row.get("role") != "owner":
        yield "admission/admitted-by-owner", "nobody knows who let them in"


def _label_owners(estate: DemoEstate, accounts: Mapping[str, Row]) -> None:
    """Label whoever would own too many groups if those without a known owner were theirs too."""
    standing = [row for row in estate.tables["groups"] if row["dissolved_at"] is None]
    lacking = {source for source, (_, lacks) in SOURCES.items() if "groups.owner_id" in lacks}
    unknown = sum(row["source"] in lacking for row in standing)
    owned = Counter(
        accounts[row["owner_id"]]["person_id"]
        for row in standing
        if row["source"] not in lacking and row["owner_id"] is not None
    )
    for person in estate.tables["people"]:
        if owned[person["id"]] <= _MOST_OWNED < owned[person["id"]] + unknown:
            estate.label("ownership/owns-too-many", "unknown", person["id"], "may own one more", kind="person")


def _label_unread(estate: DemoEstate) -> None:
    """Label every picture and file whose content nobody read: whatever its name bears, there may be more."""
    standing = {row["id"] for row in estate.tables["groups"] if row["dissolved_at"] is None}
    used = {row["id"]: row["type"] for row in estate.tables["messages"] if row["group_id"] in standing}
    for row in estate.tables["attachments"]:
        kind = used.get(row["message_id"], "") if row.get("text") is None else None
        in_use = (*_READING_IN_USE, *(("content/picture-quality",) if kind == "image" else ())) if kind else ()
        for rule in (*_READING, *in_use) if kind is not None else ():
            estate.label(rule, "unknown", row["message_id"], "nobody read what is in it", kind="message")


def _label_notices(estate: DemoEstate, accounts: Mapping[str, Row]) -> None:
    """Label notices whose senders nobody says may post them, and those of which no receipts tell who has read them."""
    groups = {row["id"]: row for row in estate.tables["groups"] if row["dissolved_at"] is None}
    may = {(row["group_id"], row["account_id"]) for row in estate.tables["memberships"] if row["role"] != "member"}
    approved = {row["message_id"] for row in estate.tables["approvals"]}
    received = {row["message_id"] for row in estate.tables["receipts"]}
    for row in estate.tables["messages"]:
        group = groups.get(row["group_id"])
        heading = row["text"].partition("】")[0]
        recent = row["sent_at"] >= (iso(EFFECTIVE) or "") and row["recalled_at"] is None
        if group is None or "通知" not in heading or not heading.startswith("【") or not recent:
            continue
        lacks = SOURCES[group["source"]][1]
        responsible = accounts[row["sender_id"]]["person_id"] == group["responsible_id"]
        lost = {"groups.owner_id", "memberships.role"} & set(lacks)
        if not responsible and row["id"] not in approved:
            if lost:
                why = "nobody knows owner and admins"
                estate.label("channels/notice-authorised", "unknown", row["id"], why, kind="message")
            elif row["sender_id"] != group["owner_id"] and (group["id"], row["sender_id"]) not in may:
                why = "posted by neither owner, admin nor first responsible person"
                estate.label("channels/notice-authorised", "fail", row["id"], why, kind="message")
        if any(word in row["text"] for word in _PAST) and row["id"] not in received:
            why = "the platform gives no receipts"
            estate.label("channels/read-by-deadline", "unknown", row["id"], why, kind="message")
