"""Lists that WeCom's interfaces answer with: departments, contacts, and single groups.

``department/list`` and ``user/list`` tell departments and accounts; ``externalcontact/groupchat/get`` tells owner,
admins and members with display names and how they came in, of customer groups only; ``msgaudit/groupchat/get`` tells
name, creator and members, neither owner nor display names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from policycore import SourceError, Text
from policycore_platforms.export import Export, ExportSource, open_export
from policycore_platforms.json_stream import Here, read_json
from policycore_platforms.tables import Tables
from policycore_platforms.wecom import account_kind

__all__ = ["WeComLists"]

_known = re.compile(r'"(?:userlist|department)"\s*:\s*\[\s*[{\]]|"group_chat"\s*:\s*\{|"roomname"\s*:')
"""An answer of appchat/get has a userlist as well, of ids alone."""
_answer = re.compile(r'\{\s*"errcode"|\{\s*"(?:userlist|department|group_chat|roomname)"')
_SCENES = {1: "invite", 2: "link", 3: "qr"}
_REFUSED = Text("这是一个出错的应答，没有数据", "this is the answer to a call that failed; it holds no data")


class WeComLists(ExportSource):
    """The source of saved answers of WeCom's interfaces on contacts and groups."""

    name = "wecom-lists"
    platform = "wecom"
    suffixes = (".json", ".zip")
    lacks = ("groups.dissolved_at", "groups.join_approval", "groups.qr_join", "events", "messages", "receipts")

    def files(self, export: Export) -> list[str]:
        """Return the files that have such a beginning."""
        found = []
        for name in export.names:
            if name.lower().endswith(".json"):
                head = export.head(name)
                if _answer.match(head.lstrip()) and _known.search(head):
                    found.append(name)
        return found

    def read(self, path: Path) -> Mapping[str, Any]:
        """Return departments, accounts, groups and members, as far as the answers tell them."""
        tables = Tables(
            self,
            departments=("id", "name", "parent_id", "_unknown"),
            accounts=("id", "platform", "kind", "name", "_unknown"),
            groups=("id", "name", "owner_id", "creator_id", "created_at", "announcement", "_unknown"),
            memberships=(
                *("group_id", "account_id", "role", "display_name", "joined_at", "inviter_id", "join_scene"),
                "_unknown",
            ),
        )
        with open_export(path) as export:
            for name in self.files(export):
                _List(tables, export, name).read()
        # What no answer was asked for is unknown, not absent.
        return {name: table for name, table in tables.finish().items() if table.num_rows}


class _List:
    """One answer, whose parts are put into the tables."""

    def __init__(self, tables: Tables, export: Export, name: str) -> None:
        self._tables = tables
        self._export = export
        self._name = name

    def read(self) -> None:
        """Read everything that the answer holds."""
        answer: dict[str, Any] = {}
        for path, value in read_json(self._export, self._name, {(), ("userlist",), ("department",)}):
            here = Here(self._export, self._name, path)
            if len(path) == 1:
                answer[str(path[0])] = value
            elif not isinstance(value, Mapping):
                self._tables.tell("none", here)
            elif path[0] == "userlist":
                if self._account(value.get("userid"), here, value.get("name")) is None:
                    self._tables.tell("none", here)
            else:
                self._department(value, here)
        here = Here(self._export, self._name, ())
        if answer.get("errcode"):
            raise SourceError(_REFUSED, str(here))
        if isinstance(answer.get("group_chat"), Mapping):
            self._customer_group(answer["group_chat"], Here(self._export, self._name, ("group_chat",)))
        elif "roomname" in answer:
            self._room(answer, here)

    def _account(self, identity: object, here: Here, name: object = None) -> str | None:
        if not isinstance(identity, str) or not identity:
            return None
        return self._tables.account(identity, here, name, platform="wecom", kind=account_kind(identity))

    def _department(self, department: Mapping[str, Any], here: Here) -> None:
        """Read a department; the root's parent is 0, and newer applications see no names."""
        name, above = self._tables.text(department.get("name"), here), department.get("parentid")
        if department.get("id") is None or name is None:
            self._tables.tell("none", here)
            return
        row = {"id": str(department["id"]), "name": name, "parent_id": str(above) if above else None}
        self._tables.add("departments", row, here)

    def _customer_group(self, chat: Mapping[str, Any], here: Here) -> None:
        """Read the answer of externalcontact/groupchat/get."""
        tables, identity, owner = self._tables, chat.get("chat_id"), self._account(chat.get("owner"), here)
        if not isinstance(identity, str):
            tables.tell("none", here)
            return
        tables.group(
            identity,
            here,
            name=tables.text(chat.get("name"), here),
            owner_id=owner,
            created_at=tables.time(chat.get("create_time"), here, "seconds"),
            announcement=tables.text(chat.get("notice"), here),
        )
        if "notice" in chat:
            tables.none("groups", identity, "announcement")
        admins = (
            [admin.get("userid") for _, admin in _objects(chat.get("admin_list"))] if "admin_list" in chat else None
        )
        for number, member in _objects(chat.get("member_list")):
            here = Here(self._export, self._name, ("group_chat", "member_list", number))
            account = self._account(member.get("userid"), here, member.get("name"))
            if account is None:
                tables.tell("none", here)
                continue
            role = (
                "owner" if account == owner else None if admins is None else "admin" if account in admins else "member"
            )
            inviter = member["invitor"] if isinstance(member.get("invitor"), Mapping) else {}
            scene = _SCENES.get(member["join_scene"]) if isinstance(member.get("join_scene"), int) else None
            stay = {
                "group_id": identity,
                "account_id": account,
                "role": role,
                "display_name": tables.text(member.get("group_nickname"), here),
                "joined_at": tables.time(member.get("join_time"), here, "seconds"),
                "inviter_id": self._account(inviter.get("userid"), here),
                "join_scene": scene,
                "_unknown": [
                    *(() if "group_nickname" in member else ("display_name",)),
                    *(() if "invitor" in member or scene in ("link", "qr") else ("inviter_id",)),
                ],
            }
            tables.add("memberships", stay, here)

    def _room(self, room: Mapping[str, Any], here: Here) -> None:
        """Read the answer of msgaudit/groupchat/get, which does not repeat the id that was asked for."""
        tables = self._tables
        identity = str(room.get("roomid") or Path(self._name).stem)
        tables.group(
            identity,
            here,
            name=tables.text(room.get("roomname"), here),
            creator_id=self._account(room.get("creator"), here),
            created_at=tables.time(room.get("room_create_time"), here, "seconds"),
            announcement=tables.text(room.get("notice"), here),
        )
        if "notice" in room:
            tables.none("groups", identity, "announcement")
        for number, member in _objects(room.get("members")):
            here = Here(self._export, self._name, ("members", number))
            account = self._account(member.get("memberid"), here)
            if account is None:
                tables.tell("none", here)
                continue
            joined = tables.time(member.get("jointime"), here, "seconds")
            stay = {"group_id": identity, "account_id": account, "joined_at": joined}
            tables.add("memberships", {**stay, "_unknown": ["display_name", "inviter_id"]}, here)


def _objects(values: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects of a list with their positions."""
    if isinstance(values, list):
        yield from ((number, value) for number, value in enumerate(values) if isinstance(value, Mapping))
