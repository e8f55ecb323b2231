"""WeChat histories that a user's exporter has already written as CSV.

Three layouts are read: WeChatMsg's (localId, TalkerId, Type, StrContent, StrTime, Remark, NickName, Sender), that of
PyWxDump and WeFlow (MsgSvrID, type_name, is_sender, talker, room_name, msg or content, CreateTime) and Chinese
headers (时间, 发送者, 类型, 内容). None tells owner, admins, members or how anybody came in; a remark is private and
no display name.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from policycore import SourceError, Text
from policycore_platforms.export import Export, ExportSource, open_export
from policycore_platforms.json_stream import Here
from policycore_platforms.tables import Tables, are_written_seconds, moment

__all__ = ["WeChatTable"]

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("msgsvrid", "msgid", "serverid", "消息id", "消息编号"),
    "type": ("type_name", "type", "消息类型", "类型"),
    "subtype": ("subtype",),
    "sender": ("sender", "talker", "发送者wxid", "微信号", "wxid", "发送人id"),
    "name": ("nickname", "发送者", "发送人", "昵称", "发送者昵称"),
    "mine": ("issender", "is_sender"),
    "group": ("room_name", "群聊", "群名", "群名称", "会话"),
    "text": ("msg", "strcontent", "content", "内容", "消息内容"),
    "time": ("createtime", "strtime", "时间", "发送时间", "消息时间"),
}
"""Columns by what they hold, the better one first."""
_LAYOUTS = (
    {"localid", "type", "strcontent", "createtime"},
    {"type_name", "is_sender", "talker", "createtime"},
)
_CHINESE = (
    ("时间", "发送时间", "消息时间"),
    ("发送者", "发送人", "昵称", "发送者昵称"),
    ("内容", "消息内容"),
    ("类型", "消息类型"),
)
_WORDS = {
    word: kind
    for kind, words in {
        "text": "文本 文字 文本消息 引用 引用消息 引用回复 带有引用的文本消息 群公告 text quote",
        "image": "图片 图片消息 image",
        "voice": "语音 语音消息 voice",
        "video": "视频 视频消息 video",
        "emoji": "表情 动画表情 表情包 sticker emoji",
        "file": "文件 文件消息 file",
        "link": "链接 卡片式链接 分享链接 小程序 link",
        "red_packet": "红包",
        "transfer": "转账",
        "poll": "接龙",
        "forward": "合并转发的聊天记录 合并转发 聊天记录",
        "system": "系统 系统消息 系统通知 拍一拍 system",
        "recall": "撤回 撤回消息",
    }.items()
    for word in words.split()
}
_NUMBERS = {
    "1": "text",
    "3": "image",
    "34": "voice",
    "43": "video",
    "47": "emoji",
    "10000": "system",
    "10002": "recall",
}
_SHARED = {
    "3": "link", "5": "link", "6": "file", "8": "emoji", "19": "forward", "33": "link", "36": "link", "53": "poll",
    "57": "text", "2000": "transfer", "2001": "red_packet", "87": "text",
}  # fmt: skip
"""SubTypes of Type 49, what is shared."""
_SAYS_NOTHING = ("image", "voice", "video", "emoji")
_copied = re.compile(
    r"^(?:副本|copy of)[ _-]*|(?:[ _]*(?:[(（]\d{1,4}[)）]|[-_–— ](?: ?[-_–—])? ?(?:副本|copy)(?: ?\d{1,3})?))+$",
    re.IGNORECASE,
)
_UNREADABLE = Text("不是UTF-8或GB18030编码的文本", "it is text neither in UTF-8 nor in GB18030")
_CSV = Text("这一行不是有效的CSV", "this line is no CSV")
_SHORT = Text("这一行的列数与表头不同", "this row has other columns than the header")
_FIELD = 16 * 1024**2
_ROWS = 8192


class WeChatTable(ExportSource):
    """The source of CSV files with WeChat histories; a group is called by a column, else by the file."""

    name = "wechat-csv"
    platform = "wechat"
    suffixes = (".csv", ".zip")
    lacks = (
        "groups.owner_id",
        "groups.creator_id",
        "groups.created_at",
        "groups.dissolved_at",
        "groups.join_approval",
        "groups.qr_join",
        "groups.announcement",
        "memberships",
        "events",
        "accounts.kind",
        "messages.reply_to",
        "messages.recalled_at",
        "messages.mentions",
        "attachments",
        "receipts",
    )

    def files(self, export: Export) -> list[str]:
        """Return the files that have such a beginning."""
        return [name for name in export.names if name.lower().endswith(".csv") and _is_history(export, name)]

    def read(self, path: Path) -> Mapping[str, Any]:
        """Return the groups, those who wrote, and their messages."""
        tables = Tables(
            self,
            accounts=("id", "platform", "name", "_unknown"),
            groups=("id", "name", "_unknown"),
            messages=("id", "group_id", "sent_at", "sender_id", "type", "text", "_unknown"),
        )
        with open_export(path) as export:
            for name in self.files(export):
                _History(tables, export, name).read()
        return tables.finish()


def _is_history(export: Export, name: str) -> bool:
    with export.open(name) as stream:
        line = stream.readline(4096)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            cells = next(csv.reader([line.decode(encoding)]), [])
        except (UnicodeDecodeError, csv.Error):
            continue
        header = {cell.strip().casefold() for cell in cells}
        return any(layout <= header for layout in _LAYOUTS) or all(header & set(names) for names in _CHINESE)
    return False


class _History:
    """One CSV, whose rows are put into the tables."""

    def __init__(self, tables: Tables, export: Export, name: str) -> None:
        self._tables = tables
        self._export = export
        self._name = name

    def read(self) -> None:
        """Read all rows."""
        stem = Path(self._name).stem.removesuffix("_utf8")
        # PyWxDump writes a chat in pieces: its id, then the first and the last row.
        group = re.sub(r"_\d+_\d+$", "", stem)
        # 新生群(2) may be a group of its own: saved again was only what lies beside the first.
        first = _copied.sub("", group).strip()
        if first not in ("", group) and self._export.has_beside(self._name, first):
            self._tables.tell("saved", self._export.place(self._name))
            with self._tables.counted_anew():
                self._rows(first)
        else:
            self._rows(group)

    def _rows(self, group: str) -> None:
        for numbers, columns in self._blocks():
            self._messages(columns, group, numbers)

    def _blocks(self) -> Iterator[tuple[list[int], dict[str, list[str]]]]:
        """Yield the lines of many rows and their cells by what they hold."""
        with self._export.open(self._name) as stream:
            decoder = codecs.getincrementaldecoder("utf-8")()
            try:
                while block := stream.read(1 << 20):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
                encoding = "utf-8-sig"
            except UnicodeDecodeError:
                encoding = "gb18030"
        csv.field_size_limit(_FIELD)
        with self._export.open(self._name) as stream, io.TextIOWrapper(stream, encoding, newline="") as text:
            reader = csv.reader(text, strict=True)
            line = 1
            try:
                header = [cell.strip().casefold() for cell in next(reader)]
                places = {
                    holds: [header.index(one) for one in names if one in header] for holds, names in _COLUMNS.items()
                }
                rows, numbers = list[list[str]](), list[int]()
                for row in reader:
                    first, line = line + 1, reader.line_num
                    if not any(row):
                        continue
                    if len(row) != len(header):
                        raise SourceError(_SHORT, "" if self._export.is_one_file else self._name, first)
                    rows.append(row)
                    numbers.append(first)
                    if len(rows) >= _ROWS:
                        yield numbers, _by_what_they_hold(rows, places)
                        rows, numbers = [], []
                if rows:
                    yield numbers, _by_what_they_hold(rows, places)
            except csv.Error:
                raise SourceError(_CSV, self._export.place(self._name), reader.line_num) from None
            except UnicodeDecodeError:
                raise SourceError(_UNREADABLE, self._export.place(self._name)) from None

    def _messages(self, cells: Mapping[str, Sequence[str]], group: str, numbers: Sequence[int]) -> None:
        tables, here = self._tables, Here(self._export, self._name, (f"line {numbers[0]}",))
        groups = [one.strip() or group for one in cells["group"]]
        for one in dict.fromkeys(groups):
            name = None if one.endswith("@chatroom") else tables.text(one, here)
            tables.group(one, here.beside(numbers[groups.index(one)]), name=name)
        names = [one.strip() for one in cells["name"]]
        # A name tells people apart in its own group at most, also where it stands in place of an id.
        senders = [
            f"{where}/{name}" if name and one.strip() in ("", name) and name != where else one.strip()
            for one, where, name in zip(cells["sender"], groups, names, strict=True)
        ]
        words = {pair: _type(*pair) for pair in set(zip(cells["type"], cells["subtype"], strict=True))}
        texts = [_said(one) if one[:1] == "{" else one for one in cells["text"]]
        kinds = [
            "recall" if (kind := words[pair]) == "system" and "撤回了一条消息" in text else kind
            for pair, text in zip(zip(cells["type"], cells["subtype"], strict=True), texts, strict=True)
        ]
        times = [one.strip() for one in cells["time"]]
        sent: Sequence[str | int | None] = (
            [*map(int, times)] if are_written_seconds(times) else [moment(one) or one or None for one in times]
        )
        # Whoever exported the chat is "I": in the file of somebody else that is another person.
        accounts = [
            None if kind in ("system", "recall") or sender in ("", "我", f"{where}/我", where) else sender
            for kind, sender, where in zip(kinds, senders, groups, strict=True)
        ]
        tables.called([(one, name or None) for one, name in zip(accounts, names, strict=True)], here, numbers, "wechat")
        own = [one.strip() for one in cells["id"]]
        ids = [
            f"{where}/{one if one not in ('', '0') else tables.unnamed(where, moment(time) or time or None, *said)}"
            for where, one, time, *said in zip(groups, own, times, senders, cells["type"], texts, strict=True)
        ]
        columns = (
            ids,
            groups,
            sent,
            accounts,
            kinds,
            [None if kind in _SAYS_NOTHING else text or None for kind, text in zip(kinds, texts, strict=True)],
            [None] * len(ids),
        )
        tables.add_many("messages", columns, here, numbers)


def _by_what_they_hold(rows: Sequence[list[str]], places: Mapping[str, Sequence[int]]) -> dict[str, list[str]]:
    """Return the cells of rows by what they hold; of several that may the first that says something."""
    cells = list(zip(*rows, strict=True))
    held = {}
    for holds, found in places.items():
        first, *others = [cells[place] for place in found] or [("",) * len(rows)]
        held[holds] = ["" if one.isspace() else one for one in first]
        for other in others:
            held[holds] = [one or ("" if two.isspace() else two) for one, two in zip(held[holds], other, strict=True)]
    return held


def _type(written: str, shared: str) -> str | None:
    """Return what a message is made of; None, unknown, for a word that nobody knows."""
    written, shared = written.strip(), shared.strip()
    if written == "49":
        return _SHARED.get(shared, "other" if shared else None)
    return _NUMBERS.get(written) or _WORDS.get(written.casefold()) or ("other" if written.isdigit() else None)


def _said(text: str) -> str:
    """Return a message's text; older exports wrap it as {"src": …, "msg": …}."""
    if text.startswith("{") and '"msg"' in text:
        try:
            wrapped = json.loads(text)
        except ValueError:
            return text
        if isinstance(wrapped, Mapping) and isinstance(wrapped.get("msg"), str):
            return str(wrapped["msg"])
    return text
