"""Slack's export: channels, users and a folder of day files for each channel.

It tells who is in a channel on the day of the export, who created it and what was written. It never tells who
owns or manages a channel, how somebody came in by whom, and what was deleted; an edited message has its last text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import msgspec

from policycore import SourceError, Text
from policycore_platforms.export import Export, ExportSource, open_export
from policycore_platforms.json_stream import Here, Pieces, read_json
from policycore_platforms.tables import Tables, are_moments, with_links

__all__ = ["SlackExport"]

_LISTS = ("channels.json", "groups.json")
"""Public and private channels; direct messages are no groups."""
_day = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_mention = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_EVENTS = {
    "channel_join": "join",
    "group_join": "join",
    "channel_leave": "leave",
    "group_leave": "leave",
    "channel_name": "rename",
    "group_name": "rename",
    "channel_archive": "dissolve",
    "group_archive": "dissolve",
}
_SYSTEM = re.compile(r"(channel|group)_|pinned_item|reminder_|bot_(add|remove)|huddle")
_NO_FOLDER = Text("没有哪个频道叫这个名称", "no channel has the name of this folder")
_NO_LIST = Text("这里应是一个列表", "a list is expected here")


class SlackExport(ExportSource):
    """The source of exports of Slack: its folder, or the ZIP archive as Slack gives it."""

    name = "slack"
    platform = "slack"
    suffixes = (".zip",)
    folders = True
    lacks = (
        "groups.owner_id",
        "groups.join_approval",
        "groups.qr_join",
        "memberships.role",
        "memberships.display_name",
        "memberships.joined_at",
        "memberships.inviter_id",
        "memberships.join_scene",
        "messages.recalled_at",
        "receipts",
    )

    def files(self, export: Export) -> list[str]:
        """Return the lists of an export, none where it is something else."""
        root = _root(export)
        return [] if root is None else [root + name for name in ("users.json", *_LISTS) if root + name in export.names]

    def read(self, path: Path) -> Mapping[str, Any]:
        """Return groups, accounts, memberships, events, messages and attachments."""
        tables = Tables(
            self,
            accounts=("id", "platform", "name", "kind", "_unknown"),
            groups=("id", "name", "purpose", "creator_id", "created_at", "dissolved_at", "_unknown"),
            memberships=("group_id", "account_id"),
            events=("id", "group_id", "at", "kind", "actor_id", "subject_id", "detail", "_unknown"),
            messages=("id", "group_id", "sent_at", "sender_id", "type", "text", "reply_to", "mentions", "_unknown"),
            attachments=("id", "message_id", "name", "media_type", "size"),
        )
        with open_export(path) as export:
            _Slack(tables, export, _root(export) or "").read()
        return tables.finish()


def _root(export: Export) -> str | None:
    """Return the folder inside an export that holds its lists, with a slash; None where there is none."""
    names = set(export.names)
    roots = {name.removesuffix(ending) for ending in _LISTS for name in names if name.endswith(ending)}
    if export.is_folder:
        roots &= {""}
    return next(
        (root for root in sorted(roots) if f"{root}users.json" in names and root in ("", f"{root[:-1]}/")), None
    )


class _Profile(msgspec.Struct, frozen=True, gc=False):
    """What a message says of who wrote it."""

    real_name: str | None = None


class _Plain(msgspec.Struct, kw_only=True, gc=False):
    """A message that is nothing but text by somebody: what most are, read in a fifth of the time."""

    ts: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{10}\.[0-9]{6}$")]
    user: Annotated[str, msgspec.Meta(min_length=1)]
    text: Annotated[str, msgspec.Meta(min_length=1)]
    thread_ts: str | None = None
    user_profile: _Profile = _Profile()
    subtype: None = None
    edited: None = None
    files: None = None
    attachments: None = None


class _Slack:
    """One export, whose parts are put into the tables."""

    def __init__(self, tables: Tables, export: Export, root: str) -> None:
        self._tables = tables
        self._export = export
        self._root = root
        self._channels: dict[str, str] = {}
        self._live: set[str] = set()

    def read(self) -> None:
        """Read users, channels and day files."""
        for user, here in self._entries(f"{self._root}users.json"):
            self._user(user, here)
        for list_name in _LISTS:
            if self._root + list_name in self._export.names:
                for channel, here in self._entries(self._root + list_name):
                    self._channel(channel, here)
        for name in self._export.names:
            file = PurePosixPath(name.removeprefix(self._root))
            if not name.startswith(self._root) or len(file.parts) != 2 or not _day.fullmatch(file.name):
                continue
            folder = file.parts[0]
            if folder not in self._channels:
                # Direct messages lie in folders called by their ids.
                if not re.fullmatch(r"[DGC][A-Z0-9]{6,}|mpdm-.*", folder):
                    raise SourceError(_NO_FOLDER, self._export.place(name))
                self._tables.tell("private", self._export.place(name))
                continue
            self._day(name, self._channels[folder])

    def _day(self, name: str, group: str) -> None:
        for message, here in self._entries(name, _Plain):
            if isinstance(message, Pieces):
                self._many(message, group)
            else:
                self._message(message, group, here)

    def _entries(self, name: str, item: type[Any] | None = None) -> Iterable[tuple[Any, Here]]:
        """Yield the objects of a list, many at once where most are an `item`; what is none is counted."""
        for path, value in read_json(self._export, name, {()}, item):
            here = Here(self._export, name, path)
            if len(path) != 1 or not isinstance(path[0], int):
                raise SourceError(_NO_LIST, str(here))
            if isinstance(value, Mapping | Pieces):
                yield value, here
            else:
                self._tables.tell("none", here)

    def _user(self, user: Mapping[str, Any], here: Here) -> None:
        """Read a user; one who left is still an account, guests are outsiders."""
        identity = user.get("id")
        if not isinstance(identity, str):
            self._tables.tell("none", here)
            return
        profile = user["profile"] if isinstance(user.get("profile"), Mapping) else {}
        name = profile.get("real_name") or user.get("real_name") or user.get("name")
        guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
        kind = "bot" if user.get("is_bot") or identity == "USLACKBOT" else "external" if guest else None
        if kind is None and "is_bot" in user and "is_restricted" in user:
            kind = "internal"
        self._account(identity, here, name, kind=kind)

    def _account(self, identity: str, here: Here, name: object = None, **cells: Any) -> str:
        return self._tables.account(identity, here, name, platform="slack", **cells)

    def _channel(self, channel: Mapping[str, Any], here: Here) -> None:
        """Read a channel with its members; a renamed one has the name that its folder bears."""
        tables, identity = self._tables, channel.get("id")
        if not isinstance(identity, str):
            tables.tell("none", here)
            return
        name = channel.get("name")
        self._channels[str(name)] = self._channels[identity] = identity
        purpose = channel["purpose"] if isinstance(channel.get("purpose"), Mapping) else {}
        creator = channel.get("creator")
        archived = channel.get("is_archived")
        tables.group(
            identity,
            here,
            name=tables.text(name, here),
            purpose=tables.text(purpose.get("value"), here),
            creator_id=self._account(creator, here) if isinstance(creator, str) and creator else None,
            created_at=tables.time(channel.get("created"), here, "seconds"),
        )
        if "value" in purpose:
            tables.none("groups", identity, "purpose")
        if archived is False:
            tables.none("groups", identity, "dissolved_at")
            self._live.add(identity)
        members = channel.get("members")
        if not isinstance(members, list):
            tables.withhold("memberships", here)
        for member in members if isinstance(members, list) else ():
            if isinstance(member, str):
                self._account(member, here)
                tables.add("memberships", {"group_id": identity, "account_id": member}, here)

    def _many(self, pieces: Pieces[_Plain], group: str) -> None:
        """Read messages of a day file that stand one behind the other."""
        here = pieces.here
        for numbers, messages, value in pieces.runs(
            lambda run: are_moments([int(one.ts[:10]) for one in run], "seconds")
        ):
            if not messages:
                if isinstance(value, Mapping):
                    self._message(value, group, here.beside(numbers[0]))
                else:
                    self._tables.tell("none", here.beside(numbers[0]))
                continue
            named = [(one.user, one.user_profile.real_name or None) for one in messages]
            self._tables.called(named, here, numbers, "slack")
            columns = (
                [f"{group}/{one.ts}" for one in messages],
                [group] * len(messages),
                [int(one.ts[:10] + one.ts[11:14]) for one in messages],
                [one.user for one in messages],
                ["text"] * len(messages),
                [_plain(one.text) or None for one in messages],
                [
                    f"{group}/{one.thread_ts}" if one.thread_ts is not None and one.thread_ts != one.ts else None
                    for one in messages
                ],
                [_mention.findall(one.text) if "<@" in one.text else [] for one in messages],
                [None] * len(messages),
            )
            self._tables.add_many("messages", columns, here, numbers)

    def _message(self, message: Mapping[str, Any], group: str, here: Here) -> None:
        """Read a message of a day file; its time is its id within the channel."""
        tables, stamp, kind = self._tables, message.get("ts"), str(message.get("subtype") or "")
        if not isinstance(stamp, str):
            tables.tell("none", here)
            return
        identity = f"{group}/{stamp}"
        sender = message.get("user") or message.get("bot_id")
        if isinstance(sender, str):
            profile = message["user_profile"] if isinstance(message.get("user_profile"), Mapping) else {}
            bot = "bot" if "user" not in message else None
            name = message.get("username") if bot else profile.get("real_name")
            self._account(sender, here, name, kind=bot)
        else:
            sender = None
        if isinstance(message.get("edited"), Mapping):
            tables.tell("edited", here)
        text = _said(message)
        sent, thread = tables.time(stamp, here, "seconds"), message.get("thread_ts")
        row = {
            "id": identity,
            "group_id": group,
            "sent_at": sent,
            "sender_id": sender,
            "type": _type(message, kind, text),
            "text": tables.text(_plain(text), here),
            "reply_to": f"{group}/{thread}" if isinstance(thread, str) and thread != stamp else None,
            "mentions": _mention.findall(text),
        }
        if not tables.add("messages", row, here):
            return
        if kind in _EVENTS:
            inviter = message.get("inviter")
            event = {
                "id": identity,
                "group_id": group,
                "at": sent,
                "kind": _EVENTS[kind],
                "actor_id": self._account(inviter, here) if isinstance(inviter, str) else sender,
                "subject_id": sender if _EVENTS[kind] in ("join", "leave") else None,
                "detail": tables.text(message.get("name"), here),
                "_unknown": None if sender else ["actor_id"],
            }
            tables.add("events", event, here)
            if _EVENTS[kind] == "dissolve" and group not in self._live:
                tables.group(group, here, dissolved_at=sent)
        for number, file in enumerate(_files(message)):
            attachment = {
                "id": f"{identity}/{file.get('id', number)}",
                "message_id": identity,
                "name": tables.text(file.get("name") or file.get("title"), here),
                "media_type": tables.text(file.get("mimetype"), here),
                "size": file["size"] if isinstance(file.get("size"), int) else None,
            }
            tables.add("attachments", attachment, here)


def _files(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    files = message.get("files")
    return [file for file in files if isinstance(file, Mapping)] if isinstance(files, list) else []


def _said(message: Mapping[str, Any]) -> str:
    """Return what a message says: its text, else its blocks or attachments; and the messages that it shares."""
    text = message.get("text")
    text = text if isinstance(text, str) else ""
    shared = message.get("attachments")
    cards = [one for one in shared if isinstance(one, Mapping)] if isinstance(shared, list) else []
    beside = [one for one in cards if not text or one.get("is_share")]
    changed = [message.get(name) for name in ("message", "previous_message") if not text]
    blocks = message.get("blocks") if not text else None
    return "\n".join(filter(None, (text, *map(_words, (blocks, *beside, *changed)))))


_LINES = ("rich_text_section", "rich_text_quote", "rich_text_preformatted")
_WORDS = ("pretext", "title", "text", "value", "alt_text", "fields", "blocks", "elements", "message_blocks")


def _words(part: object, between: str = "\n") -> str:
    """Return what blocks and attachments say: the pieces of one line joined, everything else line by line."""
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return between.join(filter(None, map(_words, part)))
    if not isinstance(part, Mapping):
        return ""
    inside = "" if part.get("type") in _LINES else "\n"
    said = "\n".join(filter(None, (_words(part.get(name), inside) for name in _WORDS)))
    return said or _words(part.get("fallback") or part.get("url"))


def _type(message: Mapping[str, Any], kind: str, said: str) -> str:
    if kind == "tombstone":
        return "recall"
    if _SYSTEM.match(kind):
        return "system"
    shared = message.get("attachments")
    if isinstance(shared, list) and any(isinstance(one, Mapping) and one.get("is_share") for one in shared):
        return "forward"
    files = _files(message)
    if files:
        media = str(files[0].get("mimetype")).partition("/")[0]
        return {"image": "image", "video": "video", "audio": "voice"}.get(media, "file")
    return "text" if said else "other"


def _plain(text: str) -> str:
    """Return a text as people read it: addresses behind it, &amp; &lt; &gt; as what they stand for."""
    if "<" not in text and "&" not in text:
        return text
    links: list[str] = []

    def words(found: re.Match[str]) -> str:
        links.append(found[1])
        return found[2] or found[1]

    text = with_links(re.sub(r"<([^@#!>|][^>|]*)(?:\|([^>]*))?>", words, text), links)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
