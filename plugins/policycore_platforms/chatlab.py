"""ChatLab's neutral format 0.0.2, JSON or JSON lines: one chat of any platform.

It tells members with roles and names, and messages. It never tells when or through whom somebody came in; its
`ownerId` may be whoever exported the chat, so that only a role says who the owner is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import astuple

from policycore import SourceError, Text, since_1970
from policycore_platforms.export import Export, ExportSource, open_export
from policycore_platforms.json_stream import Here, Pieces, read_json, read_lines
from policycore_platforms.tables import Tables, are_moments

__all__ = ["ChatLab"]

_header = re.compile(r'"chatlab"\s*:\s*\{')
_TYPES = {
    0: "text",
    1: "image",
    2: "voice",
    3: "video",
    4: "file",
    5: "emoji",
    7: "link",
    20: "red_packet",
    21: "transfer",
    24: "link",
    25: "text",
    26: "forward",
    80: "system",
    81: "recall",
}
"""Places, calls, cards and pokes are something else."""
_SAYS_NOTHING = ("image", "voice", "video", "emoji")
_NO_META = Text(
    "消息之前没有meta（群名、平台）", "no meta with the name and platform of the chat stands before its messages"
)
_VERSION = Text("不认识这个版本（只读0.0.x）", "its version is none that is known (0.0.x)")


class ChatLab(ExportSource):
    """The source of chats in ChatLab's format."""

    name = "chatlab"
    suffixes = (".json", ".jsonl", ".zip")
    lacks = (
        "groups.creator_id",
        "groups.created_at",
        "groups.dissolved_at",
        "groups.join_approval",
        "groups.qr_join",
        "groups.announcement",
        "memberships.joined_at",
        "memberships.inviter_id",
        "memberships.join_scene",
        "accounts.kind",
        "events",
        "messages.recalled_at",
        "messages.mentions",
        "attachments",
        "receipts",
    )

    def files(self, export: Export) -> list[str]:
        """Return the files that hold such a chat."""
        return [
            name
            for name in export.names
            if name.lower().endswith((".json", ".jsonl")) and _header.search(export.head(name, 8192))
        ]

    def read(self, path: Path) -> Mapping[str, Any]:
        """Return the group, its accounts, members and messages."""
        tables = Tables(
            self,
            accounts=("id", "platform", "name", "_unknown"),
            groups=("id", "platform", "name", "owner_id", "_unknown"),
            memberships=("group_id", "account_id", "role", "display_name", "_unknown"),
            messages=("id", "group_id", "sent_at", "sender_id", "type", "text", "reply_to", "_unknown"),
        )
        with open_export(path) as export:
            for name in self.files(export):
                _Chat(tables, export, name).read()
        return tables.finish()


class _Plain(msgspec.Struct, kw_only=True, gc=False):
    """A message with what nearly all have, which is read in a tenth of the time; what else it has does not count."""

    sender: str | None = None
    accountName: str | None = None  # noqa: N815 (as the format calls it)
    timestamp: int
    type: int
    content: str | None = None
    platformMessageId: str | int | None = None  # noqa: N815
    replyToMessageId: str | int | None = None  # noqa: N815


class _Line(_Plain, kw_only=True, gc=False, tag_field="_type", tag="message"):
    """Such a message as a line, which says that it is one."""


_line = msgspec.json.Decoder(_Line)
_any = msgspec.json.Decoder()


class _Chat:
    """One file, whose parts are put into the tables."""

    def __init__(self, tables: Tables, export: Export, name: str) -> None:
        self._tables = tables
        self._export = export
        self._name = name
        self._group = ""
        self._private = False
        self._members = 0
        self._platform: str | None = None

    def read(self) -> None:
        """Read header, members and messages."""
        if self._name.lower().endswith(".jsonl"):
            for lines in read_lines(self._export, self._name, _line):
                self._many(lines)
        else:
            for path, value in read_json(self._export, self._name, {(), ("members",), ("messages",)}, _Plain):
                kind = str(path[0]) if path else ""
                if isinstance(value, Pieces) and kind == "messages":
                    self._many(value)
                    continue
                kind = kind.removesuffix("s") if len(path) == 2 else kind
                here = Here(self._export, self._name, path)
                several = value.read_by(_any) if isinstance(value, Pieces) else [(0, value, None)]
                for number, one, other in several:
                    at = here.beside(number) if isinstance(value, Pieces) else here
                    self._take(kind, other if one is None else one, at)
        if not self._group and not self._private:
            raise SourceError(_NO_META, self._export.place(self._name))
        if self._group and not self._members:
            self._tables.withhold("memberships", self._export.place(self._name))

    def _take(self, kind: str, value: Any, here: Here) -> None:
        """Read header, member or message; a private chat has none that count."""
        if kind in ("header", "chatlab", "meta"):
            self._header(value if kind == "header" else {kind: value}, here)
        elif kind in ("member", "message") and not self._private:
            if not self._group:
                raise SourceError(_NO_META, str(here))
            if not isinstance(value, Mapping):
                self._tables.tell("none", here)
            elif kind == "member":
                self._member(value, here)
            else:
                self._message(value, here)

    def _many(self, pieces: Pieces[Any]) -> None:
        """Read lines or messages that stand one behind the other, but of a private chat."""
        if self._private:
            return
        for numbers, messages, value in pieces.runs(lambda run: are_moments([one.timestamp for one in run])):
            if messages and self._group:
                self._plain(messages, numbers, pieces.here)
                continue
            kind = str(value.get("_type", "message")) if isinstance(value, Mapping) else "message"
            self._take(kind, value, pieces.here.beside(numbers[0]))
            if self._private:
                return

    def _plain(self, messages: Sequence[_Plain], numbers: Sequence[int], here: Here) -> None:
        """Read messages column by column, which takes a third of the time."""
        group, tables = self._group, self._tables
        written, names, sent, types, contents, own, replies, *_ = zip(*map(astuple, messages), strict=True)
        senders = [one or None for one in written]
        tables.called(list(zip(senders, names, strict=True)), here, numbers, self._platform)
        ids = [
            f"{group}/{one}" if one or one == 0 else f"{group}/{self._unnamed(messages[place])}"
            for place, one in enumerate(own)
        ]
        kinds = [_TYPES.get(one, "other") for one in types]
        columns = (
            ids,
            [group] * len(ids),
            sent,
            senders,
            kinds,
            [None if kind in _SAYS_NOTHING else content or None for content, kind in zip(contents, kinds, strict=True)],
            [f"{group}/{one}" if one or one == 0 else None for one in replies],
            [None] * len(ids),
        )
        tables.add_many("messages", columns, here, numbers)

    def _unnamed(self, message: _Plain) -> str:
        sent = since_1970(str(message.timestamp))
        return self._tables.unnamed(self._group, sent, message.sender or None, message.type, message.content)

    def _header(self, header: Mapping[str, Any], here: Here) -> None:
        about, meta = header.get("chatlab"), header.get("meta")
        if isinstance(about, Mapping) and not str(about.get("version", "")).startswith("0.0."):
            raise SourceError(_VERSION, str(here))
        if not isinstance(meta, Mapping):
            return
        if meta.get("type") == "private":
            self._tables.tell("private", here)
            self._private = True
            return
        self._platform = self._tables.text(meta.get("platform"), here)
        name = self._tables.text(meta.get("name"), here)
        # Without an id the name of the chat is all that there is.
        self._group = str(meta.get("groupId") or name or "")
        if self._group:
            self._tables.group(self._group, here, name=name, platform=self._platform)

    def _account(self, identity: object, name: object, here: Here) -> str | None:
        if identity is None or identity == "":
            return None
        return self._tables.account(str(identity), here, name, platform=self._platform)

    def _member(self, member: Mapping[str, Any], here: Here) -> None:
        """Read a member; without a list of roles the role is unknown."""
        tables = self._tables
        account = self._account(member.get("platformId"), member.get("accountName"), here)
        if account is None:
            tables.tell("none", here)
            return
        self._members += 1
        roles = member.get("roles")
        named = [role.get("id") for role in roles if isinstance(role, Mapping)] if isinstance(roles, list) else None
        role = None if named is None else next((one for one in ("owner", "admin") if one in named), "member")
        if role == "owner":
            tables.group(self._group, here, owner_id=account)
        tables.add(
            "memberships",
            {
                "group_id": self._group,
                "account_id": account,
                "role": role,
                "display_name": tables.text(member.get("groupNickname"), here),
                "_unknown": None if "groupNickname" in member else ["display_name"],
            },
            here,
        )

    def _message(self, message: Mapping[str, Any], here: Here) -> None:
        """Read a message; one without an id gets one from what it says."""
        tables = self._tables
        sender = self._account(message.get("sender"), message.get("accountName"), here)
        number, content, reply = message.get("type"), message.get("content"), message.get("replyToMessageId")
        kind = _TYPES.get(number, "other") if isinstance(number, int) else None
        sent = tables.time(message.get("timestamp"), here)
        own = message.get("platformMessageId")
        if own is None or own == "":
            own = tables.unnamed(self._group, sent, sender, number, content)
        # What stands for a picture or recording (its name, its path) is not what it says.
        text = None if kind in _SAYS_NOTHING else tables.text(content, here)
        row = {
            "id": f"{self._group}/{own}",
            "group_id": self._group,
            "sent_at": sent,
            "sender_id": sender,
            "type": kind,
            "text": text,
            "reply_to": None if reply is None or reply == "" else f"{self._group}/{reply}",
        }
        tables.add("messages", row, here)
