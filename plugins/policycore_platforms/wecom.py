"""WeCom's message archive (会话内容存档) as a program of the organization has already decrypted it: JSON lines.

It tells messages of groups, who sent them and what was recalled. It never tells the name of a group, its owner,
admins, display names or receipts; messages between two people are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from policycore import since_1970
from policycore_platforms.export import Export, ExportSource, open_export
from policycore_platforms.json_stream import Here, Pieces, read_json, read_lines
from policycore_platforms.tables import Tables, are_moments

__all__ = ["WeComArchive", "account_kind"]

_line = re.compile(r'"msgid"\s*:.*?"(?:msgtime|time)"\s*:', re.DOTALL)
_encrypted = re.compile(r'"encrypt_(?:chat_msg|random_key)"')
_TYPES = {
    "text": "text",
    "markdown": "text",
    "mixed": "text",
    "image": "image",
    "voice": "voice",
    "meeting_voice_call": "voice",
    "video": "video",
    "file": "file",
    "docmsg": "file",
    "qydiskfile": "file",
    "link": "link",
    "weapp": "link",
    "news": "link",
    "sphfeed": "link",
    "emotion": "emoji",
    "redpacket": "red_packet",
    "external_redpacket": "red_packet",
    "vote": "poll",
    "collect": "poll",
    "chatrecord": "forward",
    "revoke": "recall",
    "voiptext": "voice",
    "agree": "system",
    "disagree": "system",
}
_SAID = (
    *("content", "title", "votetitle", "room_name", "topic", "filename", "description", "feed_desc", "wish", "ques"),
    *("remarks", "place", "address", "corpname"),
)
"""Where bodies of messages hold words, in the order in which they are read."""
_ITEMS = ("item", "votitem", "voteitem", "details", "demofiledata")
_external = re.compile(r"w[om][A-Za-z0-9_-]{30}")
_bot = re.compile(r"wb[A-Za-z0-9_-]{30}")


class _Words(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """The body of a text."""

    content: str


class _Media(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """The body of a picture, a recording or a sticker, which holds no words."""

    sdkfileid: Any = None
    md5sum: Any = None
    filesize: Any = None
    voice_size: Any = None
    play_length: Any = None
    type: Any = None
    width: Any = None
    height: Any = None
    imagesize: Any = None


class _File(msgspec.Struct, kw_only=True, gc=False, forbid_unknown_fields=True):
    """The body of a file, of which its name is what it says."""

    filename: str
    filesize: int | None = None
    sdkfileid: Any = None
    md5sum: Any = None
    fileext: Any = None


class _Revoke(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """The body of what takes a message back."""

    pre_msgid: str


class _Sent(msgspec.Struct, kw_only=True, gc=False):
    """What nearly every message is: a text, picture, recording or file that somebody sent to a group or took back."""

    msgid: str
    action: Literal["send", "recall"]
    sender: Annotated[str, msgspec.Meta(min_length=1)] = msgspec.field(name="from")
    roomid: Annotated[str, msgspec.Meta(min_length=1)]
    msgtime: int
    msgtype: Literal["text", "image", "voice", "video", "emotion", "file", "revoke"]
    text: _Words | None = None
    file: _File | None = None
    revoke: _Revoke | None = None
    image: _Media | None = None
    voice: _Media | None = None
    video: _Media | None = None
    emotion: _Media | None = None


_BODIES = frozenset({"text", "file", "revoke"})
"""Types of messages that say something only by their body."""
_sent = msgspec.json.Decoder(_Sent)


def _are_whole(sent: Sequence[_Sent]) -> bool:
    """Return whether messages have a time, and each that is a text has words."""
    bodies = all(one.msgtype not in _BODIES or getattr(one, one.msgtype) is not None for one in sent)
    return bodies and are_moments([one.msgtime for one in sent], "milliseconds")


def _text(one: _Sent) -> str | None:
    if one.msgtype == "text" and one.text is not None:
        return one.text.content or None
    return (one.file.filename or None) if one.msgtype == "file" and one.file is not None else None


def account_kind(identity: str) -> str:
    """Return whose account an id of WeCom is: it says so itself."""
    return "bot" if _bot.fullmatch(identity) else "external" if _external.fullmatch(identity) else "internal"


class WeComArchive(ExportSource):
    """The source of decrypted messages of WeCom's archive, one JSON object a line."""

    name = "wecom-archive"
    platform = "wecom"
    suffixes = (".jsonl", ".json", ".txt", ".zip")
    lacks = (
        "groups.name",
        "groups.owner_id",
        "groups.creator_id",
        "groups.created_at",
        "groups.dissolved_at",
        "groups.join_approval",
        "groups.qr_join",
        "groups.announcement",
        "memberships",
        "events",
        "messages.reply_to",
        "messages.mentions",
        "receipts",
    )

    def files(self, export: Export) -> list[str]:
        """Return the files that hold decrypted messages."""
        found = []
        for name in export.names:
            if name.lower().endswith((".jsonl", ".json", ".txt")):
                head = export.head(name, 16_384)
                if _line.search(head) and '"from"' in head and not _encrypted.search(head):
                    found.append(name)
        return found

    def read(self, path: Path) -> Mapping[str, Any]:
        """Return the groups, those who wrote, their messages and files."""
        tables = Tables(
            self,
            accounts=("id", "platform", "kind", "_unknown"),
            groups=("id", "_unknown"),
            messages=("id", "group_id", "sent_at", "sender_id", "type", "text", "_unknown"),
            attachments=("id", "message_id", "name", "size"),
        )
        reading = _Reading(tables)
        with open_export(path) as export:
            for name in self.files(export):
                for value, here in _messages(export, name):
                    if isinstance(value, Pieces):
                        reading.many(value)
                    else:
                        reading.message(value, here)
        return _with_recalls(tables.finish(), reading.recalled)


def _messages(export: Export, name: str) -> Iterator[tuple[Any, Here]]:
    """Yield the messages of a file, many at once where it can be: of JSON lines, of a list, or of the list chatdata."""
    head = export.head(name, 4096).lstrip()
    if head.startswith("[") or re.match(r'\{\s*"(?:errcode|chatdata)"', head):
        for path, value in read_json(export, name, {(), ("chatdata",)}, _Sent):
            if path and isinstance(path[-1], int):
                yield value, Here(export, name, path)
    else:
        for pieces in read_lines(export, name, _sent):
            yield pieces, pieces.here


class _Reading:
    """Messages on their way into the tables."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._met: set[tuple[str, str]] = set()
        """Groups and senders that are noted."""
        self.recalled: dict[str, str | None] = {}
        """When messages were taken back, by their ids."""

    def many(self, pieces: Pieces[_Sent]) -> None:
        """Read messages that stand one behind the other: those like nearly all column by column, the others each."""
        for numbers, alike, value in pieces.runs(_are_whole):
            if alike:
                self._alike(alike, numbers, pieces.here)
            else:
                self.message(value, pieces.here.beside(numbers[0]))

    def _alike(self, sent: Sequence[_Sent], numbers: Sequence[int], here: Here) -> None:
        """Read messages column by column."""
        tables = self._tables
        for kind, named in (("groups", [one.roomid for one in sent]), ("accounts", [one.sender for one in sent])):
            for identity in dict.fromkeys(named):
                if (kind, identity) not in self._met:
                    self._note(kind, identity, here.beside(numbers[named.index(identity)]))
        columns = (
            [one.msgid for one in sent],
            [one.roomid for one in sent],
            [one.msgtime for one in sent],
            [one.sender for one in sent],
            ["recall" if one.action == "recall" else _TYPES[one.msgtype] for one in sent],
            [_text(one) for one in sent],
            [None] * len(sent),
        )
        tables.add_many("messages", columns, here, numbers)
        self.recalled |= {
            one.revoke.pre_msgid: since_1970(str(one.msgtime), "milliseconds")
            for one in sent
            if one.msgtype == "revoke" and one.revoke is not None
        }
        files = [(one.msgid, one.file, n) for one, n in zip(sent, numbers, strict=True) if one.msgtype == "file"]
        if files:
            attached = zip(*((f"{id_}/file", id_, f.filename, f.filesize) for id_, f, _ in files if f), strict=True)
            tables.add_many("attachments", list(attached), here, [number for *_, number in files])

    def _note(self, kind: str, identity: str, here: Here) -> None:
        """Note a group or an account that is met for the first time."""
        if (kind, identity) not in self._met:
            self._met.add((kind, identity))
            if kind == "groups":
                self._tables.group(identity, here)
            else:
                self._tables.account(identity, here, platform="wecom", kind=account_kind(identity))

    def message(self, message: Any, here: Here) -> None:
        """Read one message; programs that pull the archive often wrap what they decrypted."""
        tables = self._tables
        for wrapping in ("msg", "chat_msg", "decrypted"):
            if isinstance(message, Mapping) and isinstance(message.get(wrapping), Mapping):
                message = message[wrapping]
        if not isinstance(message, Mapping) or not isinstance(message.get("msgid"), str):
            tables.tell("none", here)
            return
        if message.get("action") == "switch":
            return  # somebody changed to another organization: no message
        group, sender, kind = message.get("roomid"), message.get("from"), str(message.get("msgtype"))
        if not isinstance(group, str) or not group:
            tables.tell("alone", here)
            return
        self._note("groups", group, here)
        if isinstance(sender, str) and sender:
            self._note("accounts", sender, here)
        else:
            sender = None
        sent = tables.time(message.get("msgtime"), here, "milliseconds")
        body = _body(message, kind)
        row = {
            "id": message["msgid"],
            "group_id": group,
            "sent_at": sent,
            "sender_id": sender,
            "type": "recall" if message.get("action") == "recall" else _TYPES.get(kind, "other"),
            "text": tables.text("\n".join(_words(body)), here),
        }
        if not tables.add("messages", row, here):
            return
        if isinstance(body.get("pre_msgid"), str):
            self.recalled[body["pre_msgid"]] = sent
        if isinstance(body.get("filename"), str):
            size = body.get("filesize")
            attachment = {
                "id": f"{message['msgid']}/file",
                "message_id": message["msgid"],
                "name": tables.text(body["filename"], here),
                "size": size if isinstance(size, int) else None,
            }
            tables.add("attachments", attachment, here)


def _body(message: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """Return the part of a message that is called after its type, or ``info``, ``doc``."""
    for name in (kind, "info", "doc"):
        if isinstance(message.get(name), Mapping):
            body: Mapping[str, Any] = message[name]
            return body
    return {}


def _words(body: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """Yield what a body says, with what is inside mixed and forwarded messages."""
    for name in _SAID:
        said = body.get(name)
        if isinstance(said, str) and said:
            yield said
    items = next((body[name] for name in _ITEMS if body.get(name)), None)
    for item in items if isinstance(items, list) and depth < 5 else ():
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping):
            content = item.get("content")
            try:
                inner = json.loads(content) if isinstance(content, str) else content
            except (ValueError, RecursionError):
                inner = None
            yield from _words(inner if isinstance(inner, Mapping) else item, depth + 1)


def _with_recalls(tables: dict[str, Any], recalled: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the tables with the moments at which messages were recalled: a recall tells which it takes back."""
    import pyarrow as pa
    import pyarrow.compute as pc

    messages = tables["messages"]
    places = pc.index_in(messages.column("id"), value_set=pa.array(recalled, pa.string()))
    times = pa.array(recalled.values(), pa.string()).take(places.combine_chunks())
    return {**tables, "messages": messages.append_column("recalled_at", times)}
