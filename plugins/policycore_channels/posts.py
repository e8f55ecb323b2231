"""What was posted in the groups of a channel, and whether one group has what another has."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

from policycore import RuleEstate, fold, spread, without_demands
from policycore_channels.publishers import PUBLISHED, PublisherParams

__all__ = ["Channel", "Post", "groups_since", "has", "read_channel"]

_POSTS = f"""SELECT messages.id, messages.group_id, groups.department_id, groups.name,
        groups.created_at, messages.sent_at,
        coalesce(messages.text, '') AS text, messages.recalled_at IS NOT NULL AS recalled,
        messages.reply_to IS NOT NULL AS addressed, f.message_key IS NOT NULL AS has_file,
        coalesce(f.hashes, []) AS hashes, coalesce(f.names, []) AS names, coalesce(f.read, '') AS read,
        {PUBLISHED} AS published
    FROM messages JOIN groups USING (group_key) LEFT JOIN (
        SELECT message_key, list_sort(list(sha256)) AS hashes, list_sort(list(name)) AS names,
            string_agg(text, chr(10) ORDER BY id) AS read
        FROM attachments GROUP BY message_key) f USING (message_key)
    WHERE messages.sent_at IS NOT NULL
    ORDER BY messages.sent_at, messages.id"""


_figures = re.compile("[0-9]+")
_SHORTEST, _SAME = 12, 0.85
"""Letters of a text below which nothing can be told, and the share of it that a picture of it holds as it was read."""


Slot = tuple[str | None, str]
"""A department, whose groups are one channel, and the name of one of them."""


@dataclass
class Post:
    """One message of a channel."""

    id: str
    group_id: str
    department_id: str | None
    name: str
    created_at: datetime | None
    sent_at: datetime
    text: str
    recalled: bool
    addressed: bool
    """Whether it answers a message."""
    has_file: bool
    hashes: list[str]
    names: list[str]
    read: str
    """What the import read in its files."""
    published: bool

    def __post_init__(self) -> None:
        """Leave out hashes that nobody knows, and write the others in one way."""
        self.hashes = [one.lower() for one in self.hashes if one]

    @cached_property
    def bare(self) -> str:
        """Return its text as it is compared: letters and figures alone, without what asks for a reply."""
        return _bare(self.text)

    @cached_property
    def carried(self) -> str:
        """Return what is compared with a post of another form: its text, or what was read in its files."""
        return _bare(self.read) if self.has_file else self.bare

    @cached_property
    def pairs(self) -> frozenset[tuple[str, int]]:
        """Return the pairs of characters of its text, each with its number among those that are the same."""
        return _numbered(map("".join, pairwise(self.bare)))

    @cached_property
    def carried_pairs(self) -> frozenset[tuple[str, int]]:
        """Return the pairs of characters of what it carries."""
        return _numbered(map("".join, pairwise(self.carried))) if self.has_file else self.pairs

    @cached_property
    def figures(self) -> frozenset[tuple[str, int]]:
        """Return the figures in what it carries."""
        return _numbered(_figures.findall(self.carried))

    @property
    def slot(self) -> Slot:
        """Return which group of its department's it is in: an old one and its successor may share a name."""
        return self.department_id, fold(self.name or self.group_id).strip()

    def likeness(self, other: Post) -> float:
        """Return from 0 to 1 how much of both texts is the same, by pairs of characters."""
        return len(self.pairs & other.pairs) / max(1, len(self.pairs), len(other.pairs))


def _numbered(parts: Iterable[str]) -> frozenset[tuple[str, int]]:
    """Return parts, each with its number among its like: what two texts share of them is then what is in both."""
    seen: Counter[str] = Counter()
    found = set()
    for part in parts:
        seen[part] += 1
        found.add((part, seen[part]))
    return frozenset(found)


def _bare(text: str) -> str:
    """Return the letters and figures of a text, without what asks for a reply."""
    return "".join(one for one in spread(without_demands(text)).lower() if one.isalnum())


@dataclass(slots=True)
class Channel:
    """The posts of one group name, in the order of time."""

    posts: list[Post]
    times: list[datetime] = field(init=False)
    _standing: dict[str, list[datetime]] = field(init=False)
    """When what stands was posted, by its text, or by the hash of each of its files."""

    def __post_init__(self) -> None:
        """Note the times, by which posts are found."""
        self.times = [post.sent_at for post in self.posts]
        self._standing = {}
        for post in self.posts:
            if not post.recalled:
                for one in post.hashes if post.has_file else [post.bare]:
                    self._standing.setdefault(one, []).append(post.sent_at)

    def stands(self, post: Post, within: timedelta) -> bool:
        """Return whether the very text of `post`, or each of its files, was posted at most `within` before or after it.

        What says the same in other words or in pieces is not asked for.
        """
        first = post.sent_at - within
        found = [self._standing.get(one, ()) for one in (post.hashes if post.has_file else [post.bare])]
        return bool(found) and all(
            (place := bisect_left(times, first)) < len(times) and times[place] <= post.sent_at + within
            for times in found
        )

    def around(self, moment: datetime, within: timedelta) -> list[Post]:
        """Return what was posted at most `within` before or after `moment`."""
        return self.posts[bisect_left(self.times, moment - within) : bisect_right(self.times, moment + within)]


def has(posts: Sequence[Post], wanted: Post) -> bool:
    """Return whether `posts` hold what `wanted` says: its files, or its text, whole or in pieces."""
    if any(_in_another_form(post, wanted) for post in posts if post.has_file is not wanted.has_file):
        return True
    if wanted.has_file:
        files = {one for post in posts for one in post.hashes}
        return bool(wanted.hashes) and files.issuperset(wanted.hashes)
    texts = [post.bare for post in posts if not post.has_file]
    if any(wanted.bare in text for text in texts):
        return True
    # In pieces, with other people's words between them.
    said = 0
    for text in texts:
        said += len(text) if wanted.bare.startswith(text, said) else 0
    return 0 < said == len(wanted.bare)


def read_channel(estate: RuleEstate, params: PublisherParams) -> dict[Slot, Channel]:
    """Return the posts of the groups to which the rule applies, by department and name of the group."""
    slots: dict[Slot, list[Post]] = {}
    for post in (Post(**row) for row in estate.rows(_POSTS, params)):
        slots.setdefault(post.slot, []).append(post)
    return {slot: Channel(posts) for slot, posts in slots.items()}


def groups_since(estate: RuleEstate) -> dict[str | None, dict[str, datetime | None]]:
    """Return by department and name of a group since when the channel has it; None where nobody says."""
    since: dict[str | None, dict[str, datetime | None]] = {}
    for row in estate.rows(
        "SELECT department_id, coalesce(name, id) AS name, created_at FROM groups ORDER BY created_at NULLS FIRST, name"
    ):
        since.setdefault(row["department_id"], {}).setdefault(fold(row["name"]).strip(), row["created_at"])
    return since


def _in_another_form(post: Post, wanted: Post) -> bool:
    """Return whether one is a text and the other a picture or file in which the import read the same, figures too."""
    text, read = sorted((post, wanted), key=lambda one: one.has_file)
    if min(len(text.carried), len(read.carried)) < _SHORTEST or not text.figures <= read.figures:
        return False
    return len(text.carried_pairs & read.carried_pairs) >= _SAME * len(text.carried_pairs)
