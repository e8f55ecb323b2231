"""Telegram Desktop's export as JSON: one chat or a whole account, with the files that it holds beside it.

It tells messages, service events and senders. It never tells who is a member, who owns a group, who was only
named in an event (names alone, no ids), and what was deleted; an edited message has its last text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import msgspec

from policycore import SourceError, Text
from policycore_platforms import json_stream
from policycore_platforms.export import Export, ExportSource, open_export
from policycore_platforms.json_stream import Here, Pieces, read_json
from policycore_platforms.tables import Tables, are_written_seconds, with_links

__all__ = ["TelegramExport"]

_KINDS = r"(?:personal_chat|bot_chat|saved_messages|(?:private|public)_(?:group|supergroup|channel))"
_one_chat = re.compile(rf'"type"\s*:\s*"{_KINDS}"')
_account = re.compile(r'^\s*\{\s*"about"\s*:\s*"[^"]*Telegram', re.DOTALL)
_local_time = re.compile(r"(?:19[7-9]|20[0-9])\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d")
_PRIVATE = ("personal_chat", "bot_chat", "saved_messages")
_WALKED = {(), ("messages",)} | {
    path
    for part in ("chats", "left_chats")
    for path in ((part,), (part, "list"), (part, "list", "*"), (part, "list", "*", "messages"))
}
_MEDIA = {
    "sticker": "emoji",
    "voice_message": "voice",
    "video_message": "video",
    "video_file": "video",
    "animation": "video",
    "audio_file": "file",
}
_EVENTS = {
    "create_group": "create",
    "create_channel": "create",
    "edit_group_title": "rename",
    "invite_members": "join",
    "join_group_by_link": "join",
    "join_group_by_request": "join",
    "remove_members": "remove",
}
_CARDS = ("rich_message", "poll", "todo_list", "contact_information")
"""What says something in a message without a text."""
_NO_WORDS = ("type", "id", "document_id", "user_id", "language")
_BY_ONESELF = ("join_group_by_link", "join_group_by_request")
_NO_ID = Text("消息之前没有聊天的编号（id）", "the id of the chat does not stand before its messages")
_NO_CHATS = Text("其中没有聊天（chats或messages）", "it holds no chat: neither chats nor messages")


class TelegramExport(ExportSource):
    """The source of result.json of Telegram Desktop, alone, in its folder or in a ZIP archive."""

    name = "telegram"
    platform = "telegram"
    suffixes = (".json", ".zip")
    folders = True
    lacks = (
        "groups.owner_id",
        "groups.join_approval",
        "groups.qr_join",
        "groups.dissolved_at",
        "groups.announcement",
        "memberships",
        "accounts.kind",
        "messages.recalled_at",
        "messages.mentions",
        "receipts",
    )

    def files(self, export: Export) -> list[str]:
        """Return the files that are results of such an export."""
        named = [PurePosixPath(name) for name in export.names if name.lower().endswith(".json")]
        found = [
            one
            for one in named
            if (export.is_one_file or one.name.startswith("result"))
            and not (export.is_folder and len(one.parts) > 1)
            and (_one_chat.search(head := export.head(str(one))) or _account.search(head))
        ]
        # What lies below an export was sent in its chats.
        roots = {one.parent for one in found}
        return [str(one) for one in found if roots.isdisjoint(one.parent.parents)]

    def read(self, path: Path) -> Mapping[str, Any]:
        """Return groups, accounts, events, messages and attachments."""
        tables = Tables(
            self,
            accounts=("id", "platform", "name", "_unknown"),
            groups=("id", "name", "creator_id", "created_at", "_unknown"),
            events=("id", "group_id", "at", "kind", "actor_id", "subject_id", "detail", "_unknown"),
            messages=("id", "group_id", "sent_at", "sender_id", "type", "text", "reply_to", "_unknown"),
            attachments=("id", "message_id", "name", "media_type", "size", "path"),
        )
        with open_export(path) as export:
            for name in self.files(export):
                _read_result(tables, export, name)
        return tables.finish()


def _read_result(tables: Tables, export: Export, name: str) -> None:
    chats: dict[json_stream.Path, dict[str, Any]] = {}
    found = False
    reading: _Chat | None = None
    read_of: json_stream.Path | None = None
    for path, value in read_json(export, name, _WALKED, _Plain):
        if len(path) > 1 and path[-2] == "messages":
            here = Here(export, name, path)
            if read_of != path[:-2]:
                found, read_of = True, path[:-2]
                reading = _reader(tables, chats.get(read_of, {}), here)
            if reading is not None:
                (reading.read_many if isinstance(value, Pieces) else reading.read)(value, here)
        elif len(path) in (1, 4):
            chat = chats.setdefault(path[:-1], {})
            chat[str(path[-1])] = value
            found = found or path[-1] == "messages" or len(path) == 4
    if not found and not any("messages" in chat or "id" in chat for chat in chats.values()):
        raise SourceError(_NO_CHATS, export.place(name))
    for path, chat in chats.items():
        if chat.get("type") in _PRIVATE:
            tables.tell("private")
        elif "id" in chat:
            here = Here(export, name, path)
            tables.group(str(chat["id"]), here, name=tables.text(chat.get("name"), here))


def _reader(tables: Tables, chat: Mapping[str, Any], here: Here) -> _Chat | None:
    """Return what reads the messages of a chat, None for a private one; SourceError where its id is not known yet."""
    if "id" not in chat:
        raise SourceError(_NO_ID, str(here))
    return None if chat.get("type") in _PRIVATE else _Chat(tables, str(chat["id"]))


class _Styled(msgspec.Struct):
    """A formatted piece of a text; an address may lie behind its words."""

    text: str
    href: str = ""


class _Plain(msgspec.Struct, forbid_unknown_fields=True):
    """A message that is nothing but text by somebody: what most are, read in a third of the time."""

    id: int
    type: Literal["message"]
    date_unixtime: str
    from_id: str
    text: str | list[str | _Styled]
    sender: str | None = msgspec.field(name="from", default=None)
    reply_to_message_id: int | None = None
    date: Any = None
    edited: Any = None
    edited_unixtime: Any = None
    text_entities: msgspec.Raw = msgspec.Raw()
    reactions: msgspec.Raw = msgspec.Raw()


def _joined(text: str | list[str | _Styled]) -> str:
    if isinstance(text, str):
        return text
    words = "".join(one if isinstance(one, str) else one.text for one in text)
    return with_links(words, [one.href for one in text if isinstance(one, _Styled)])


def _say_something(messages: Sequence[_Plain]) -> bool:
    """Return whether each message says something, and when."""
    return are_written_seconds([one.date_unixtime for one in messages]) and all(_joined(one.text) for one in messages)


class _Chat:
    """One group, whose messages are put into the tables."""

    def __init__(self, tables: Tables, group: str) -> None:
        self._tables = tables
        self._group = group

    def read_many(self, pieces: Pieces[_Plain], here: Here) -> None:
        """Read messages that stand one behind the other, from `here` on."""
        for numbers, messages, value in pieces.runs(_say_something):
            if not messages:
                self.read(value, here.beside(numbers[0]))
                continue
            group = self._group
            self._tables.called([(one.from_id, one.sender) for one in messages], here, numbers, "telegram")
            answered = [one.reply_to_message_id for one in messages]
            if changed := [
                number for number, one in zip(numbers, messages, strict=True) if _is_edited(one.edited_unixtime)
            ]:
                self._tables.tell("edited", here.beside(changed[0]), len(changed))
            columns = (
                [f"{group}/{one.id}" for one in messages],
                [group] * len(messages),
                [int(one.date_unixtime) for one in messages],
                [one.from_id for one in messages],
                ["text"] * len(messages),
                [_joined(one.text) for one in messages],
                [None if one is None else f"{group}/{one}" for one in answered],
                [None] * len(messages),
            )
            self._tables.add_many("messages", columns, here, numbers)

    def read(self, message: Any, here: Here) -> None:
        """Read one message or service event; one without an id is counted."""
        if not isinstance(message, Mapping) or not isinstance(message.get("id"), (int, str)):
            self._tables.tell("none", here)
            return
        identity = f"{self._group}/{message['id']}"
        sent = self._tables.time(message.get("date_unixtime"), here)
        # Older exports have a local time alone, without an offset, so that the import's zone holds.
        if sent is None and isinstance(message.get("date"), str) and _local_time.fullmatch(message["date"]):
            sent = message["date"]
        if message.get("type") == "service":
            self._service(message, identity, sent, here)
            return
        if _is_edited(message.get("edited_unixtime", message.get("edited"))):
            self._tables.tell("edited", here)
        said = _said(message)
        reply = message.get("reply_to_message_id") if "reply_to_peer_id" not in message else None
        added = self._tables.add(
            "messages",
            {
                "id": identity,
                "group_id": self._group,
                "sent_at": sent,
                "sender_id": self._account(message, "from", here),
                "type": _type(message, said),
                "text": self._tables.text(said, here),
                "reply_to": None if reply is None else f"{self._group}/{reply}",
            },
            here,
        )
        if added and ("file" in message or "photo" in message):
            self._attachments(message, identity, here)

    def _account(self, message: Mapping[str, Any], role: str, here: Here) -> str | None:
        """Return the account that a message names; a deleted one has an id and no name."""
        identity = message.get(f"{role}_id")
        if identity is None:
            return None
        # Until 2021 ids were numbers.
        account = f"user{identity}" if isinstance(identity, int) else str(identity)
        return self._tables.account(account, here, message.get(role), platform="telegram")

    def _service(self, message: Mapping[str, Any], identity: str, sent: str | None, here: Here) -> None:
        """Read a service message: it is an event, or several, and a message of the system."""
        tables, action = self._tables, str(message.get("action"))
        actor = self._account(message, "actor", here)
        row = {"id": identity, "group_id": self._group, "sent_at": sent, "sender_id": actor, "type": "system"}
        if not tables.add("messages", row, here):
            return
        kind = _EVENTS.get(action, "other")
        if kind == "create":
            tables.group(self._group, here, creator_id=actor, created_at=sent)
        details: list[str | None] = [tables.text(message.get("title") or action, here)]
        if action in ("invite_members", "remove_members"):
            names = message.get("members")
            # People are named without their ids: whom it was done to is unknown, never guessed from a name.
            details = [tables.text(name, here) for name in names] if isinstance(names, list) and names else [None]
        for number, detail in enumerate(details):
            # Somebody who leaves is written as removing the person of the same name.
            left = action == "remove_members" and detail is not None and detail == message.get("actor")
            event = {
                "id": identity if number == 0 else f"{identity}/{number}",
                "group_id": self._group,
                "at": sent,
                "kind": "leave" if left else kind,
                "actor_id": actor,
                "subject_id": actor if action in _BY_ONESELF else None,
                "detail": detail,
                "_unknown": ["actor_id"] if actor is None else None,
            }
            tables.add("events", event, here)

    def _attachments(self, message: Mapping[str, Any], identity: str, here: Here) -> None:
        """Read the file or picture of a message; the export may name one that it does not include."""
        for key in ("file", "photo"):
            path = message.get(key)
            if isinstance(path, str):
                named = message.get("file_name") if key == "file" else None
                # In place of a file that was left out stands why: (File not included. …)
                held = None if path.startswith("(") else PurePosixPath(path)
                if held is not None and here.export.is_archive:
                    self._tables.tell("packed", here)
                size = message.get(f"{key}_size", message.get("photo_file_size") if key == "photo" else None)
                attachment = {
                    "id": f"{identity}/{key}",
                    "message_id": identity,
                    "name": self._tables.text(named or (held and held.name), here),
                    "media_type": self._tables.text(message.get("mime_type")) if key == "file" else None,
                    "size": size if isinstance(size, int) else None,
                    "path": None if here.export.is_archive else _within(held),
                }
                self._tables.add("attachments", attachment, here)


def _within(path: PurePosixPath | None) -> str | None:
    """Return the path of a file that lies with the export; None for one that could lead elsewhere."""
    plain = path is not None and not path.is_absolute() and ".." not in path.parts and ":" not in str(path)[:2]
    return str(path) if plain and "://" not in str(path) else None


def _is_edited(stamp: object) -> bool:
    """Return whether a stamp tells when a message was changed; older exports write the beginning of 1970 for never."""
    return bool(stamp) and not str(stamp).startswith("1970-") and str(stamp) != "0"


def _type(message: Mapping[str, Any], said: str) -> str:
    """Return what a message is made of that says this much."""
    if "forwarded_from" in message or "forwarded_from_id" in message:
        return "forward"
    media = message.get("media_type")
    if isinstance(media, str):
        return _MEDIA.get(media, "other")
    for key, kind in (("photo", "image"), ("file", "file"), ("poll", "poll")):
        if key in message:
            return kind
    return "text" if said else "other"


def _said(message: Mapping[str, Any]) -> str:
    """Return the text of a message, its formatted pieces joined; of a poll, a list or a card what stands on it."""
    for key in ("text", "text_entities", *_CARDS):
        links: list[str] = []
        if said := _words(message.get(key), links):
            return with_links(said, links)
    return ""


def _words(said: object, links: list[str]) -> str:
    """Return a text that is one, or a list of plain and formatted pieces; what is no piece is a line of its own.

    The addresses behind its words are added to `links`.
    """
    if isinstance(said, str):
        return said
    if isinstance(said, Mapping):
        if "type" in said and "text" in said and not isinstance(said.get("blocks"), list):
            links += [said["href"]] if isinstance(said.get("href"), str) else []
            return _words(said["text"], links)
        return "\n".join(filter(None, (_words(value, links) for key, value in said.items() if key not in _NO_WORDS)))
    pieces = said if isinstance(said, list) else ()
    # What begins with a text goes on with it; blocks and answers are lines of their own.
    flows = any(isinstance(one, str) for one in pieces) or all(_is_piece(one) for one in pieces)
    return ("" if flows else "\n").join(filter(None, (_words(one, links) for one in pieces)))


def _is_piece(part: object) -> bool:
    return isinstance(part, Mapping) and "type" in part and isinstance(part.get("text"), str)
