"""ChatLab's neutral format 0.0.2, JSON or JSON lines: one chat of any platform.

It tells members with roles and names, and messages. It never tells when or through whom somebody came in; its
`ownerId` may be whoever exported the chat, so that only a role says who the owner is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from policycore import SourceError, Text, since_1970
from policycore_platforms.export import Export, ExportSource, open_export
from policycore_platforms.json_stream import Here, Pieces, read_json, read_lines
from policycore_platforms.tables import Tables

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
_OTHER = ("other", True)
_KINDS = {number: (kind, kind not in _SAYS_NOTHING) for number, kind in _TYPES.items()}
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


class _Line(_Plain, gc=False):
    """Such a message as a line, which says that it is one."""

    kind: Literal["message"] = msgspec.field(name="_type")


P = TypeVar("P", bound=_Plain)
_plain, _line, _any = msgspec.json.Decoder(_Plain), msgspec.json.Decoder(_Line), msgspec.json.Decoder()


class _Chat:
    """One file, whose parts are put into the tables."""

    def __init__(self, tables: Tables, export: Export, name: str) -> None:
        self._tables = tables
        self._export = export
        self._name = name
        self._group = ""
        self._private = False
        self._members = 0
        self._senders: dict[str, str | None] = {}
        """By sender, the name that was last noted."""
        self._platform: str | None = None

    def read(self) -> None:
        """Read header, members and messages."""
        if self._name.lower().endswith(".jsonl"):
            for pieces in read_lines(self._export, self._name):
                self._many(pieces, _line)
        else:
            for path, value in read_json(self._export, self._name, {(), ("members",), ("messages",)}, pieces=True):
                kind = str(path[0]) if path else ""
                if isinstance(value, Pieces) and kind == "messages":
                    self._many(value, _plain)
                    continue
                kind = kind.removesuffix("s") if len(path) == 2 else kind
                several = value.read_by(_any) if isinstance(value, Pieces) else [(0, value, None)]
                for number, one, other in several:
                    here = value.place(number) if isinstance(value, Pieces) else Here(self._export, self._name, path)
                    self._take(kind, other if one is None else one, here)
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

    def _many(self, pieces: Pieces, decoder: msgspec.json.Decoder[P]) -> None:
        """Read lines or messages that stand one behind the other, but of a private chat."""
        group, rows, numbers = self._group, list[Sequence[Any]](), list[int]()
        whole = pieces.all_by(decoder) if group and decoder is _line else None
        if whole is not None and self._are_read(whole, pieces):
            return
        for number, one, value in pieces.read_by(decoder):
            sent = since_1970(str(one.timestamp)) if one is not None and group else None
            if self._private:
                return
            if one is None or sent is None:
                self._add(rows, pieces, numbers)
                rows, numbers = [], []
                value = pieces.value(number) if one is not None else value
                kind = str(value.get("_type", "message")) if isinstance(value, Mapping) else "message"
                self._take(kind, value, pieces.place(number))
                group = self._group
                continue
            sender = one.sender or None
            if sender is not None and self._senders.get(sender, 0) != one.accountName:
                self._account(sender, one.accountName, pieces.place(number))
                self._senders[sender] = one.accountName
            kind, says = _KINDS.get(one.type, _OTHER)
            own, reply = one.platformMessageId, one.replyToMessageId
            if own is None or own == "":
                own = self._tables.unnamed(group, sent, sender, one.type, one.content)
            answered = None if reply is None or reply == "" else f"{group}/{reply}"
            text = (one.content or None) if says else None
            rows.append((f"{group}/{own}", group, sent, sender, kind, text, answered, None))
            numbers.append(number)
        self._add(rows, pieces, numbers)

    def _add(self, rows: Sequence[Sequence[Any]], pieces: Pieces, numbers: Sequence[int]) -> None:
        if rows:
            self._tables.add_many("messages", list(zip(*rows, strict=True)), pieces, numbers)

    def _are_read(self, messages: Sequence[_Plain], pieces: Pieces) -> bool:
        """Read messages column by column, which takes a third of the time; return False where one has no time.

        Nothing is read then.
        """
        group, tables = self._group, self._tables
        sent = tables.times([one.timestamp for one in messages])
        if sent is None:
            return False
        # One for each name that somebody had, in the order in which they had them.
        named = {(one.sender, one.accountName): None for one in reversed(messages) if one.sender}
        for sender, name in reversed(named):
            if self._senders.get(sender, 0) != name:
                self._senders[sender] = name
                self._account(sender, name, pieces.here)
        kinds = [_KINDS.get(one.type, _OTHER) for one in messages]
        ids = [
            f"{group}/{one.platformMessageId}"
            if one.platformMessageId or one.platformMessageId == 0
            else f"{group}/{tables.unnamed(group, at, one.sender or None, one.type, one.content)}"
            for one, at in zip(messages, sent, strict=True)
        ]
        columns = (
            ids,
            [group] * len(ids),
            sent,
            [one.sender or None for one in messages],
            [kind for kind, _ in kinds],
            [(one.content or None) if says else None for one, (_, says) in zip(messages, kinds, strict=True)],
            [
                f"{group}/{one.replyToMessageId}" if one.replyToMessageId or one.replyToMessageId == 0 else None
                for one in messages
            ],
            [None] * len(ids),
        )
        tables.add_many("messages", columns, pieces, pieces.numbers)
        return True

    def _header(self, header: Mapping[str, Any], here: Here) -> None:
        """Take what the header says of the chat."""
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
        return self._tables.account(str(identity), here, platform=self._platform, name=self._tables.text(name, here))

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
