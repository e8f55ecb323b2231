"""Put together the tables of an export: each row once, references only to what is there, what was mended told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from policycore import Source, Text, since_1970
from policycore_platforms.json_stream import Here

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Tables", "moment"]

_LISTS = ("mentions", "aliases", "_unknown")
_BATCH = 16_384
_NOTES = {
    "half": ("{count}处半个字符换成了U+FFFD", "{count} {count:text|texts} held half a character; U+FFFD stands for it"),
    "twice": (
        "{count}行重复，只留第一次",
        "{count} {count:row|rows} came again under the same id; the first of each counts",
    ),
    "time": ("{count}处时间读不出，记作未知", "{count} {count:time|times} cannot be read and count as unknown"),
    "reply": (
        "{count}条消息回复的是导出中没有的消息，记作未知",
        "{count} {count:message answers|messages answer} one that the export does not hold; which one counts as "
        "unknown",
    ),
    "private": (
        "{count}个单聊没有读取：不是群",
        "{count} private {count:chat is|chats are} not read: they are no groups",
    ),
    "none": ("{count}项没有编号，没有读取", "{count} {count:item has|items have} no id and are not read"),
    "members": (
        "{count}个聊天没有成员名单：这次导出的成员都记作未知",
        "{count} {count:chat has|chats have} no list of members: of this export all members count as unknown",
    ),
    "alone": (
        "{count}条消息不在群里，没有读取",
        "{count} {count:message was|messages were} sent in no group and are not read",
    ),
}


def moment(value: object, unit: str | None = None) -> str | None:
    """Return in ISO 8601 what a number since 1970 means; the `unit` is known by its size where none is given."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    return since_1970(f"{value:.6f}" if isinstance(value, float) else str(value).strip(), unit)


class Tables:
    """The rows of an export by table, each table with the columns it is declared with."""

    def __init__(self, source: Source, **columns: Sequence[str]) -> None:
        self._source = source
        self._columns = columns
        self._rows: dict[str, list[Mapping[str, Any]]] = {name: [] for name in columns}
        self._batches: dict[str, list[pyarrow.RecordBatch]] = {name: [] for name in columns}
        self._seen: dict[str, set[str]] = {name: set() for name in columns}
        self._later: dict[str, dict[str, dict[str, Any]]] = {"accounts": {}, "groups": {}}
        self._withheld: set[str] = set()
        self._alike: dict[bytes, int] = {}
        self._told: dict[str, list[Any]] = {}
        self._places: dict[str, list[object]] = {name: [] for name in columns}

    def tell(self, kind: str, at: object = "", count: int = 1) -> None:
        """Count something that was mended or left out; where it happened first is kept."""
        self._told.setdefault(kind, [0, at])[0] += count

    def text(self, value: object, at: object = "") -> str | None:
        """Return a text that can be stored, None where there is none; half characters are mended and counted."""
        if not isinstance(value, str):
            return None if value is None or isinstance(value, (dict, list)) else str(value)
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                # The halves of one character may come from two fragments that were joined.
                mended = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
                if mended.count("\ufffd") > value.count("\ufffd"):
                    self.tell("half", at)
                value = mended
        return value or None

    def time(self, value: object, at: object, unit: str | None = None) -> str | None:
        """Return a moment that is written as a number since 1970; one that cannot be read is counted."""
        found = since_1970(value, unit) if isinstance(value, str) else moment(value, unit)
        if found is None and isinstance(value, str):
            found = moment(value, unit)
        if found is None and value is not None:
            self.tell("time", at)
        return found

    def unnamed(self, *parts: object) -> str:
        """Return an id for a row that has none, from what it says; rows that say the same are told apart by number.

        It does not depend on what else the export holds, so that a longer export of the same chat gives the same ids.
        """
        whole = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
        digest = blake2b(whole, digest_size=12).digest()
        number = self._alike.get(digest, 0)
        self._alike[digest] = number + 1
        return digest.hex() + (f"-{number}" if number else "")

    def account(self, identity: str, at: object, **cells: Any) -> str:
        """Note an account, of which the latest that is known counts; return its id."""
        return self._keep("accounts", identity, at, cells)

    def group(self, identity: str, at: object, **cells: Any) -> str:
        """Note a group, of which the latest that is known counts; return its id."""
        return self._keep("groups", identity, at, cells)

    def withhold(self, table: str, at: object) -> None:
        """Give a table away as unknown: a group of which it says nothing would seem to have none of it."""
        self._withheld.add(table)
        self.tell("members", at)

    def none(self, table: str, identity: str, *names: str) -> None:
        """Note that an account or group has nothing in these columns, unless something is known."""
        for name in names:
            self._later[table][identity].setdefault(name, None)

    def _keep(self, table: str, identity: str, at: object, cells: Mapping[str, Any]) -> str:
        rows = self._later[table]
        row = rows.get(identity)
        if row is None:
            row = rows[identity] = {"id": identity, "_at": at}
        for name, value in cells.items():
            if value is not None:
                row[name] = value
        return identity

    def add(self, table: str, row: Mapping[str, Any], at: object = "") -> bool:
        """Add a row to a table; return False for one that came before, which is counted."""
        key = str(row["id"]) if "id" in row else "\x1f".join(map(str, (row["group_id"], row["account_id"])))
        seen = self._seen[table]
        if key in seen:
            self.tell("twice", at)
            return False
        seen.add(key)
        rows = self._rows[table]
        rows.append(row)
        self._places[table].append(at)
        if len(rows) >= _BATCH:
            self._flush(table)
        return True

    def add_many(self, table: str, rows: Sequence[Mapping[str, Any]], here: Here, numbers: Sequence[int]) -> None:
        """Add rows of one list, in which `here` stands as well, with their numbers in it; none is kept twice."""
        new, seen = {row["id"] for row in rows}, self._seen[table]
        if len(new) < len(rows) or not seen.isdisjoint(new):
            for row, number in zip(rows, numbers, strict=True):
                self.add(table, row, here._replace(path=(*here.path[:-1], number)))
            return
        seen |= new
        self._rows[table] += rows
        inside = here.counted()[0]
        self._places[table] += [(inside, number) for number in numbers]
        if len(self._rows[table]) >= _BATCH:
            self._flush(table)

    def _flush(self, table: str) -> None:
        import pyarrow as pa

        rows, names = self._rows[table], self._columns[table]
        kinds = [pa.list_(pa.string()) if name in _LISTS else pa.string() for name in names]
        arrays = [self._array([row.get(name) for row in rows], kind) for name, kind in zip(names, kinds, strict=True)]
        files, numbers = self._counted(self._places[table])
        arrays += [pa.array(files, pa.dictionary(pa.int32(), pa.string())), pa.array(numbers, pa.int32())]
        self._batches[table].append(pa.record_batch(arrays, names=[*names, "_file", "_row"]))
        self._rows[table], self._places[table] = [], []

    def _counted(self, places: Sequence[object]) -> tuple[list[str], list[int]]:
        """Return what the number of each place counts, and the number; those of one list count the same."""
        files, numbers = [], []
        lists: dict[tuple[str, object], str] = {}
        for at in places:
            if type(at) is tuple:
                file, number = at
            elif not isinstance(at, Here):
                file, number = "", 0
            elif at.path and isinstance(at.path[-1], int):
                key, number = (at.file, at.path[:-1]), at.path[-1]
                if key not in lists:
                    lists[key] = at.counted()[0]
                file = lists[key]
            else:
                file, number = at.counted()
            files.append(file)
            numbers.append(number)
        return files, numbers

    def _array(self, cells: list[Any], kind: pyarrow.DataType) -> pyarrow.Array:
        """Return a column; numbers become texts, and ids, too, may hold half characters."""
        import pyarrow as pa

        try:
            return pa.array(cells, kind)
        except (UnicodeEncodeError, pa.ArrowInvalid, pa.ArrowTypeError):
            mended = [[self.text(one) for one in cell] if isinstance(cell, list) else self.text(cell) for cell in cells]
            return pa.array(mended, kind)

    def finish(self) -> dict[str, pyarrow.Table]:
        """Return the tables, and tell what was mended and left out."""
        import pyarrow as pa

        for table, rows in self._later.items():
            for row in rows.values():
                # Of what nobody said anything is unknown.
                silent = [name for name in self._columns[table] if name not in row and name != "_unknown"]
                unknown = [*row.get("_unknown", ()), *silent]
                self.add(table, {**row, "_unknown": unknown or None}, row["_at"])
        tables = {}
        for table in self._columns:
            if table in self._withheld:
                continue
            self._flush(table)
            tables[table] = pa.Table.from_batches(self._batches[table]).unify_dictionaries()
        # A hundred bytes for every message, which are wanted for what follows.
        self._seen.clear()
        if "reply_to" in self._columns.get("messages", ()):
            tables["messages"] = self._only_answers_to(tables["messages"])
        # What this took and does not hold any more, so that what follows can have it.
        pa.default_memory_pool().release_unused()
        for kind, (count, at) in self._told.items():
            zh, en = (text.replace("{count}", str(count)) for text in _NOTES[kind])
            self._source.note(Text(zh, en), str(at))
        return tables

    def _only_answers_to(self, messages: pyarrow.Table) -> pyarrow.Table:
        """Return messages without the answers to what the export does not hold: to which is unknown."""
        import pyarrow as pa
        import pyarrow.compute as pc

        answered = messages.column("reply_to")
        absent = pc.and_(answered.is_valid(), pc.invert(pc.is_in(answered, messages.column("id").combine_chunks())))
        count = pc.sum(absent).as_py() or 0
        if not count:
            return messages
        self.tell("reply", count=count)
        unknown: Iterable[list[str] | None] = messages.column("_unknown").to_pylist()
        marks = [
            [*(names or ()), "reply_to"] if gone else names
            for names, gone in zip(unknown, absent.to_pylist(), strict=True)
        ]
        names = messages.column_names
        kept = pc.if_else(absent, pa.scalar(None, pa.string()), answered)
        messages = messages.set_column(names.index("reply_to"), "reply_to", kept)
        return messages.set_column(names.index("_unknown"), "_unknown", pa.array(marks, pa.list_(pa.string())))
