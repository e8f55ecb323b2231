"""Put together the tables of an export: each row once, references only to what is there, what was mended told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from policycore import Source, Text, since_1970
from policycore_platforms.json_stream import Here
from policycore_platforms.told import NOTES

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["Tables", "are_moments", "are_written_seconds", "moment", "with_links"]

_LISTS = ("mentions", "aliases", "_unknown")
_BESIDE = ("_unknown", "_file", "_row")
_BATCH = 16_384
_FIGURES = 10
_IN_WORDS = ("text", "link", "forward", "poll", "other")
"""What messages are made of that say something: one without a text is one whose text the export lost."""
_UNITS = ("seconds", "milliseconds", "microseconds")


def moment(value: object, unit: str | None = None) -> str | None:
    """Return in ISO 8601 what a number since 1970 means; the `unit` is known by its size where none is given."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    return since_1970(f"{value:.6f}" if isinstance(value, float) else str(value).strip(), unit)


def are_moments(numbers: Sequence[int], *units: str) -> bool:
    """Return whether numbers count one of `units` since 1970, any by default: so they may stand as times of rows."""
    # What can be read is one stretch of time.
    return any(all(since_1970(str(bound(numbers)), unit) for bound in (min, max)) for unit in units or _UNITS)


def are_written_seconds(texts: Sequence[str]) -> bool:
    """Return whether texts are seconds since 1970 in ten figures."""
    figures = "".join(texts)
    whole = figures.isascii() and figures.isdecimal() and {*map(len, texts)} == {_FIGURES}
    return whole and are_moments([*map(int, texts)], "seconds")


def with_links(words: str, links: Iterable[str]) -> str:
    """Return a text with the addresses behind its words that it does not show itself: readers see the words alone."""
    return " ".join([words, *(one for one in dict.fromkeys(links) if one and one not in words)])


def _times(cells: Sequence[str | int | None]) -> pyarrow.Array:
    """Return times as texts, of which some are numbers since 1970, whose unit is known by their size."""
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = {*map(type, cells)} == {int}
    numbers = numpy.array(cells if whole else [one for one in cells if isinstance(one, int)], dtype="int64")
    size = numpy.searchsorted((10**11, 10**14), numbers)
    thousandths = numpy.choose(size, (numbers * 1000, numbers, numbers // 1000))
    shown = pa.array(thousandths * 1000).cast(pa.timestamp("us")).cast(pa.string()).buffers()[2]
    figures = numpy.frombuffer(shown, dtype="uint8", count=26 * len(numbers)).reshape(-1, 26)
    times = _ended(figures[:, :19])
    if (thousandths % 1000).any():
        times = pc.if_else(pa.array(thousandths % 1000 == 0), times, _ended(figures))
    if whole:
        return times
    told = iter(times.to_pylist())
    return pa.array([next(told) if isinstance(one, int) else one for one in cells], pa.string())


def _holds_nul(texts: pyarrow.Array) -> bool:
    """Return whether a text holds the character NUL, which anybody can send and no table keeps."""
    data = texts.buffers()[2]
    return data is not None and b"\0" in memoryview(data).tobytes()


def _ended(figures: numpy.ndarray) -> pyarrow.Array:
    """Return times in UTC, of which these are the characters, as texts in ISO 8601."""
    import numpy
    import pyarrow as pa

    count, width = figures.shape
    texts = numpy.empty((count, width + 6), dtype="uint8")
    texts[:, :width], texts[:, width:], texts[:, 10] = figures, numpy.frombuffer(b"+00:00", dtype="uint8"), ord("T")
    ends = numpy.arange(0, texts.size + 1, width + 6, dtype="int32")
    return pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(texts))


class Tables:
    """The rows of an export by table, each table with the columns it is declared with."""

    def __init__(self, source: Source, **columns: Sequence[str]) -> None:
        self._source = source
        self._columns = {name: (*of, "_file", "_row") for name, of in columns.items()}
        self._cells: dict[str, list[list[Any]]] = {name: [[] for _ in of] for name, of in self._columns.items()}
        self._batches: dict[str, list[pyarrow.RecordBatch]] = {name: [] for name in columns}
        self._seen: dict[str, set[Any]] = {}
        """By table, the ids of its rows, as soon as a row comes alone: many at once are looked through in the end."""
        self._later: dict[str, dict[str, dict[str, Any]]] = {"accounts": {}, "groups": {}}
        self._names: dict[str, object] = {}
        """By account, the name that was noted last."""
        self._withheld: set[str] = set()
        self._alike: dict[bytes, int] = {}
        self._told: dict[str, list[Any]] = {}
        self._again: list[Mapping[str, Any]] = []
        """The messages that bear the id of one before."""

    def tell(self, kind: str, at: object = "", count: int = 1) -> None:
        """Count something that was mended or left out; where it happened first is kept."""
        self._told.setdefault(kind, [0, at])[0] += count

    def text(self, value: object, at: object = "") -> str | None:
        """Return a text that can be stored, None where there is none; half characters are mended and counted."""
        if not isinstance(value, str):
            return None if value is None or isinstance(value, (dict, list)) else str(value)
        if "\0" in value:
            self.tell("nul", at)
            value = value.replace("\0", "")
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

    @contextmanager
    def counted_anew(self) -> Iterator[None]:
        """Give rows without ids, as long as this is open, the ids that they would have alone."""
        before, self._alike = self._alike, {}
        yield
        self._alike = before

    def account(self, identity: str, at: object, name: object = None, **cells: Any) -> str:
        """Note an account, of which the latest that is known counts; return its id."""
        if self._names.get(identity, 0) != name:
            self._names[identity] = name
            cells["name"] = self.text(name, at)
        return self._keep("accounts", identity, at, cells)

    def called(
        self, named: Sequence[tuple[str | None, str | None]], here: Here, numbers: Sequence[int], platform: str | None
    ) -> None:
        """Note under which names accounts wrote in rows that stand beside `here` at these numbers."""
        first = dict(zip(reversed(named), range(len(named) - 1, -1, -1), strict=True))
        turns: Iterable[tuple[int, tuple[str | None, str | None]]] = enumerate(named)
        if len({account for account, _ in first}) == len(first):
            # Nobody has several, so that it is enough where each stands first.
            turns = sorted(((place, one) for one, place in first.items()), key=itemgetter(0))
        for place, (account, name) in turns:
            if account is not None:
                self.account(account, here.beside(numbers[place]), name, platform=platform)

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
        key = str(row["id"]) if "id" in row else (str(row["group_id"]), str(row["account_id"]))
        seen = self._seen[table] if table in self._seen else self._looked_through(table)
        file, number = at.counted() if isinstance(at, Here) else ("", 0)
        whole = {**row, "_file": file, "_row": number}
        if key in seen:
            self.tell("twice", at)
            if table == "messages":
                self._again.append(whole)
            return False
        seen.add(key)
        self._append(table, [[whole.get(name)] for name in self._columns[table]])
        return True

    def add_many(self, table: str, columns: Sequence[Sequence[Any]], here: Here, numbers: Sequence[int]) -> None:
        """Add rows that stand beside `here` at these numbers, by the columns of the table, those of its key first.

        A time may be a number since 1970 (`are_moments`). None is kept twice.
        """
        if table in self._seen:
            new, seen = set(self._keys(table, columns)), self._seen[table]
            if len(new) < len(numbers) or not seen.isdisjoint(new):
                for *cells, number in zip(*columns, numbers, strict=True):
                    self.add(table, dict(zip(self._columns[table], cells, strict=False)), here.beside(number))
                return
            seen |= new
        self._append(table, (*columns, [here.counted()[0]] * len(numbers), numbers))

    def _keys(self, table: str, columns: Sequence[Sequence[Any]]) -> Iterable[Any]:
        """Return what tells rows apart: ids, or the groups and accounts of members."""
        return columns[0] if self._columns[table][0] == "id" else zip(*columns[:2], strict=True)

    def _looked_through(self, table: str) -> set[Any]:
        """Return the keys of the rows that are there, of which those that came again are counted and taken out."""
        seen = self._seen[table] = set[Any]()
        self._flush(table)
        for place, batch in enumerate(self._batches[table]):
            new = []
            for one in self._keys(table, [column.to_pylist() for column in batch.columns[:2]]):
                new.append(one not in seen)
                seen.add(one)
            if not all(new):
                file, number = (batch.column(name)[new.index(False)].as_py() for name in ("_file", "_row"))
                line = ": ".join(filter(None, (file, f"line {number}")))
                self.tell("twice", file.replace("[*]", f"[{number}]") if "[*]" in file else line, new.count(False))
                if table == "messages":
                    self._again += batch.filter([not one for one in new]).to_pylist()
                self._batches[table][place] = batch.filter(new)
        return seen

    def _append(self, table: str, columns: Sequence[Sequence[Any]]) -> None:
        for held, cells in zip(self._cells[table], columns, strict=True):
            held += cells
        if len(self._cells[table][0]) >= _BATCH:
            self._flush(table)

    def _flush(self, table: str) -> None:
        import pyarrow as pa

        names = self._columns[table]
        arrays = [self._array(name, cells) for name, cells in zip(names, self._cells[table], strict=True)]
        self._batches[table].append(pa.record_batch(arrays, names=names))
        self._cells[table] = [[] for _ in names]

    def _array(self, name: str, cells: Sequence[Any]) -> pyarrow.Array:
        """Return a column; numbers become texts, and ids, too, may hold half characters."""
        import pyarrow as pa

        text = pa.string()
        kinds = {"_row": pa.int32(), "_file": pa.dictionary(pa.int32(), text), **dict.fromkeys(_LISTS, pa.list_(text))}
        try:
            if name == "sent_at" and int in {*map(type, cells)}:
                return _times(cells)
            array = pa.array(cells, kinds.get(name, text))
            if array.type != text or not _holds_nul(array):
                return array
        except (UnicodeEncodeError, pa.ArrowInvalid, pa.ArrowTypeError):
            pass
        mended = [[self.text(one) for one in cell] if isinstance(cell, list) else self.text(cell) for cell in cells]
        return pa.array(mended, kinds.get(name, text))

    def finish(self) -> dict[str, pyarrow.Table]:
        """Return the tables, and tell what was mended and left out."""
        import pyarrow as pa
        import pyarrow.compute as pc

        for table, rows in self._later.items():
            for row in rows.values():
                # Of what nobody said anything is unknown.
                silent = [name for name in self._columns[table] if name not in row and name not in _BESIDE]
                self.add(table, {**row, "_unknown": [*row.get("_unknown", ()), *silent]}, row["_at"])
        if "messages" in self._columns:
            self._take_out_repeated("messages")
        if self._again:
            self._keep_other_texts()
        tables = {}
        for table in self._columns:
            if table in self._withheld:
                continue
            self._take_out_repeated(table)
            tables[table] = pa.Table.from_batches(self._batches[table]).unify_dictionaries()
        if "messages" in tables:
            messages = tables["messages"]
            wordless = pc.and_(
                pc.is_in(messages.column("type"), pa.array(_IN_WORDS)), messages.column("text").is_null()
            )
            messages = _marked(messages, wordless, "text")
            tables["messages"] = self._only_answers_to(messages) if "reply_to" in messages.column_names else messages
        # A hundred bytes for every message, which are wanted for what follows.
        self._seen.clear()
        # What this took and does not hold any more, so that what follows can have it.
        pa.default_memory_pool().release_unused()
        for kind, (count, at) in ((kind, told) for kind, told in self._told.items() if told[0]):
            self._source.note(Text(*NOTES[kind]).fill(count=count), str(at))
        return tables

    def _only_answers_to(self, messages: pyarrow.Table) -> pyarrow.Table:
        """Return messages without the answers to what the export does not hold: to which is unknown."""
        import pyarrow as pa
        import pyarrow.compute as pc

        answered = messages.column("reply_to")
        if answered.null_count == len(answered):
            return messages
        absent = pc.and_(answered.is_valid(), pc.invert(pc.is_in(answered, messages.column("id").combine_chunks())))
        count = pc.sum(absent).as_py()
        if not count:
            return messages
        self.tell("reply", count=count)
        kept = pc.if_else(absent, pa.scalar(None, pa.string()), answered)
        messages = messages.set_column(messages.column_names.index("reply_to"), "reply_to", kept)
        return _marked(messages, absent, "reply_to")

    def _take_out_repeated(self, table: str) -> None:
        """Take out what came again, unless each row was looked at as it came."""
        import pyarrow as pa

        self._flush(table)
        if table not in self._seen:
            ids = pa.chunked_array([batch.column(0) for batch in self._batches[table]])
            if len(ids.unique()) < len(ids):
                self._looked_through(table)

    def _keep_other_texts(self) -> None:
        """Keep messages that bear the id of one before and say something else, under ids of their own."""
        import pyarrow as pa
        import pyarrow.compute as pc

        self._flush("messages")
        whole = pa.Table.from_batches(self._batches["messages"]).select(["id", "text"]).combine_chunks()
        rows = {(self.text(row["id"]), self.text(row.get("text"))): row for row in reversed(self._again)}
        first = whole.column("text").take(
            pc.index_in(pa.array([one for one, _ in rows], pa.string()), whole.column("id"))
        )
        others = [row for (key, row), said in zip(rows.items(), first.to_pylist(), strict=True) if key[1] != said]
        for number, row in enumerate(reversed(others), start=2):
            cells = {**row, "id": f"{row['id']}#{number}"}
            self._append("messages", [[cells.get(name)] for name in self._columns["messages"]])
        if others:
            told = self._told["twice"]
            self.tell("differ", told[1], len(others))
            told[0] -= len(others)


def _marked(messages: pyarrow.Table, which: Any, name: str) -> pyarrow.Table:
    """Return messages of which a column is unknown in those rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.any(which).as_py():
        return messages
    unknown: Iterable[list[str] | None] = messages.column("_unknown").to_pylist()
    marks = [
        [*(names or ()), name] if marked else names for names, marked in zip(unknown, which.to_pylist(), strict=True)
    ]
    place = messages.column_names.index("_unknown")
    return messages.set_column(place, "_unknown", pa.array(marks, pa.list_(pa.string())))
