"""Put together the tables of an export: each row once, references only to what is there, what was mended told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from policycore import Source, Text, since_1970
from policycore_platforms.json_stream import Here, Pieces

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Tables", "moment"]

_LISTS = ("mentions", "aliases", "_unknown")
_BATCH = 16_384
_FIGURES = 10
_TWO = tuple(f"{number:02}" for number in range(60))
_NOTES = {
    "half": ("{count}处半个字符换成了U+FFFD", "{count} {count:text|texts} held half a character; U+FFFD stands for it"),
    "twice": (
        "{count}行重复，只留第一次",
        "{count} {count:row|rows} came again under the same id; the first of each counts",
    ),
    "time": (
        "{count}处时间读不出，记作未知",
        "{count} {count:time|times} cannot be read and {count:counts|count} as unknown",
    ),
    "reply": (
        "{count}条消息回复的是导出中没有的消息，记作未知",
        "{count} {count:message answers|messages answer} one that the export does not hold; which one counts as "
        "unknown",
    ),
    "private": (
        "{count}个单聊没有读取：不是群",
        "{count} private {count:chat is|chats are} not read: they are no groups",
    ),
    "none": ("{count}项没有编号，没有读取", "{count} {count:item has no id and is|items have no id and are} not read"),
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


class _Days(dict[int, str]):
    """Days by how many they are after that of 1970-01-01: exports have few of them and many messages."""

    def __missing__(self, number: int) -> str:
        day = self[number] = (since_1970(str(number * 86_400), "seconds") or "")[:10]
        return day


class Tables:
    """The rows of an export by table, each table with the columns it is declared with."""

    def __init__(self, source: Source, **columns: Sequence[str]) -> None:
        self._source = source
        self._columns = columns
        self._cells: dict[str, list[list[Any]]] = {name: [[] for _ in of] for name, of in columns.items()}
        self._batches: dict[str, list[pyarrow.RecordBatch]] = {name: [] for name in columns}
        self._seen: dict[str, set[str]] = {name: set() for name in columns}
        self._later: dict[str, dict[str, dict[str, Any]]] = {"accounts": {}, "groups": {}}
        self._withheld: set[str] = set()
        self._days = _Days()
        self._alike: dict[bytes, int] = {}
        self._told: dict[str, list[Any]] = {}
        self._places: dict[str, list[tuple[str, Sequence[int]]]] = {name: [] for name in columns}

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

    def second(self, text: str) -> str | None:
        """Return a moment that is written as ten figures of seconds since 1970, None for any other text."""
        if len(text) != _FIGURES or not (text.isascii() and text.isdecimal()):
            return None
        found = self.times((int(text),))
        return None if found is None else found[0]

    def times(self, seconds: Sequence[int], fractions: Sequence[str] | None = None) -> list[str] | None:
        """Return moments that are written as seconds since 1970, None where one is none that can be.

        `fractions` stand behind the seconds, each with its point.
        """
        days, two = self._days, _TWO
        # What can be read is one stretch of time.
        if not all(days[bound(seconds) // 86_400] for bound in (min, max)):
            return None
        return [
            f"{days[one // 86_400]}T{two[one // 3600 % 24]}:{two[one // 60 % 60]}:{two[one % 60]}{behind}+00:00"
            for one, behind in zip(seconds, fractions or repeat(""), strict=False)
        ]

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
        file, number = at.counted() if isinstance(at, Here) else ("", 0)
        self._append(table, [[row.get(name)] for name in self._columns[table]], file, [number])
        return True

    def add_many(self, table: str, columns: Sequence[Sequence[Any]], pieces: Pieces, numbers: Sequence[int]) -> None:
        """Add rows of `pieces` with these numbers, column by column in the order of the table's, its ids first.

        None is kept twice.
        """
        new, seen = set(columns[0]), self._seen[table]
        if len(new) < len(numbers) or not seen.isdisjoint(new):
            for *cells, number in zip(*columns, numbers, strict=True):
                self.add(table, dict(zip(self._columns[table], cells, strict=True)), pieces.place(number))
            return
        seen |= new
        self._append(table, columns, pieces.here.counted()[0], numbers)

    def _append(self, table: str, columns: Sequence[Sequence[Any]], file: str, numbers: Sequence[int]) -> None:
        for held, cells in zip(self._cells[table], columns, strict=True):
            held += cells
        self._places[table].append((file, numbers))
        if len(self._cells[table][0]) >= _BATCH:
            self._flush(table)

    def _flush(self, table: str) -> None:
        import pyarrow as pa

        names = self._columns[table]
        kinds = [pa.list_(pa.string()) if name in _LISTS else pa.string() for name in names]
        arrays = [self._array(cells, kind) for cells, kind in zip(self._cells[table], kinds, strict=True)]
        files = list(chain.from_iterable([file] * len(numbers) for file, numbers in self._places[table]))
        places = list(chain.from_iterable(numbers for _, numbers in self._places[table]))
        arrays += [pa.array(files, pa.dictionary(pa.int32(), pa.string())), pa.array(places, pa.int32())]
        self._batches[table].append(pa.record_batch(arrays, names=[*names, "_file", "_row"]))
        self._cells[table], self._places[table] = [[] for _ in names], []

    def _array(self, cells: Sequence[Any], kind: pyarrow.DataType) -> pyarrow.Array:
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
        if "reply_to" in self._columns.get("messages", ()):
            tables["messages"] = self._only_answers_to(tables["messages"])
        # A hundred bytes for every message, which are wanted for what follows.
        self._seen.clear()
        # What this took and does not hold any more, so that what follows can have it.
        pa.default_memory_pool().release_unused()
        for kind, (count, at) in self._told.items():
            self._source.note(Text(*_NOTES[kind]).fill(count=count), str(at))
        return tables

    def _only_answers_to(self, messages: pyarrow.Table) -> pyarrow.Table:
        """Return messages without the answers to what the export does not hold: to which is unknown."""
        import pyarrow as pa
        import pyarrow.compute as pc

        answered = messages.column("reply_to")
        gone = [one for one in answered.unique().to_pylist() if one is not None and one not in self._seen["messages"]]
        if not gone:
            return messages
        absent = pc.is_in(answered, pa.array(gone, pa.string()))
        count = pc.sum(absent).as_py()
        self.tell("reply", count=count)
        unknown: Iterable[list[str] | None] = messages.column("_unknown").to_pylist()
        marks = [
            [*(names or ()), "reply_to"] if lost else names
            for names, lost in zip(unknown, absent.to_pylist(), strict=True)
        ]
        names = messages.column_names
        kept = pc.if_else(absent, pa.scalar(None, pa.string()), answered)
        messages = messages.set_column(names.index("reply_to"), "reply_to", kept)
        return messages.set_column(names.index("_unknown"), "_unknown", pa.array(marks, pa.list_(pa.string())))
