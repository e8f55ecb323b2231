"""WeCom's message archive (会话内容存档) as a program of the organization has already decrypted it: JSON lines.

It tells messages of groups, who sent them and what was recalled. It never tells the name of a group, its owner,
admins, display names or receipts; messages between two people are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from policycore_platforms.export import Export, ExportSource, open_export
from policycore_platforms.json_stream import Here, read_json, read_lines
from policycore_platforms.tables import Tables

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
    "agree": "system",
    "disagree": "system",
}
_SAID = ("content", "title", "votetitle", "room_name", "topic", "filename", "description", "feed_desc", "wish")
"""Where bodies of messages hold words, in the order in which they are read."""
_any = msgspec.json.Decoder()
_external = re.compile(r"w[om][A-Za-z0-9_-]{30}")
_bot = re.compile(r"wb[A-Za-z0-9_-]{30}")


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
        recalled: dict[str, str | None] = {}
        with open_export(path) as export:
            for name in self.files(export):
                for value, here in _messages(export, name):
                    _read(tables, value, here, recalled)
        return _with_recalls(tables.finish(), recalled)


def _messages(export: Export, name: str) -> Iterator[tuple[Any, Here]]:
    """Yield the messages of a file: of JSON lines, of a list, or of the list chatdata."""
    head = export.head(name, 4096).lstrip()
    if head.startswith("[") or re.match(r'\{\s*"(?:errcode|chatdata)"', head):
        for path, value in read_json(export, name, {(), ("chatdata",)}):
            if path and isinstance(path[-1], int):
                yield value, Here(export, name, path)
    else:
        for pieces in read_lines(export, name):
            for number, value, other in pieces.read_by(_any):
                yield other if value is None else value, pieces.place(number)


def _read(tables: Tables, message: Any, here: Here, recalled: dict[str, str | None]) -> None:
    """Read one message; programs that pull the archive often wrap what they decrypted."""
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
    tables.group(group, here)
    if isinstance(sender, str) and sender:
        tables.account(sender, here, platform="wecom", kind=account_kind(sender))
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
        recalled[body["pre_msgid"]] = sent
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
    items = body.get("item") or body.get("votitem") or body.get("voteitem")
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
