"""Check parts row by row, and write what is set aside to the rejects file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from policycore.errors import Problem, located
from policycore.estate.cells.convert import convert, expected
from policycore.estate.parts import Fault, Part, shown
from policycore.estate.problems import PRINTED, cap
from policycore.language import say
from policycore.model.schema import UNKNOWN_COLUMN, latest_of, table_schema
from policycore.system.grouped import grouped

__all__ = ["REJECTS", "CheckedPart", "check_part", "fault_problems", "marks_of", "rejected_rows", "write_rejects"]


@dataclass(slots=True)
class CheckedPart:
    """A part with typed columns, its faults, and which of its rows are still good.

    Where it is `forgiving`, a cell that is wrong costs no row: the row stays, and the cell is unknown.
    """

    part: Part
    columns: dict[str, pa.ChunkedArray]
    good: numpy.ndarray
    forgiving: bool = False
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)
    """What is wrong with cells that are unknown now, in rows that stay."""
    latest: dict[str, pa.ChunkedArray] = field(default_factory=dict)
    """By column, the latest moment of times that are known to the month or year only."""
    unknown: dict[str, numpy.ndarray] = field(default_factory=dict)
    """By column, in which rows its cell is unknown."""

    def blame(self, code: str, column: str, bad: numpy.ndarray, wanted: str, *, whole_row: bool = False) -> None:
        """Note a fault at every position where `bad` is true: a row that cannot stay, or a cell that is unknown."""
        positions = numpy.flatnonzero(bad)
        if not len(positions):
            return
        fault = Fault(self.part, code, column, positions, wanted)
        if self.forgiving and not whole_row and table_schema(self.part.table).columns[column].nullable:
            self.doubts.append(fault)
            self.leave_unknown(column, bad)
        else:
            self.faults.append(fault)
            self.good[positions] = False

    def values(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Yield row by row what stands in the columns `names`; None for one that the part does not have."""
        nothing = [None] * len(self.good)
        columns = (self.columns[name].to_pylist() if name in self.columns else nothing for name in names)
        return zip(*columns, strict=True)

    def is_known(self, column: str) -> numpy.ndarray:
        """Return in which rows nothing says that the cell of a column is unknown."""
        cells = self.unknown.get(column)
        return numpy.ones(len(self.good), dtype=bool) if cells is None else ~cells

    def is_doubted(self) -> numpy.ndarray:
        """Return which rows have cells that are unknown because something is wrong with them."""
        rows = numpy.zeros(len(self.good), dtype=bool)
        for fault in self.doubts:
            rows[fault.positions] = True
        return rows

    def leave_unknown(self, column: str, cells: numpy.ndarray) -> None:
        """Make cells of a column unknown; what stands there goes, save where every row must have something."""
        self.unknown[column] = cells | ~self.is_known(column)
        if table_schema(self.part.table).columns[column].nullable:
            for kept in (self.columns, self.latest):
                if column in kept:
                    kept[column] = pc.if_else(pa.array(cells), pa.scalar(None, kept[column].type), kept[column])


def marks_of(unknown: Mapping[str, numpy.ndarray], table: str, count: int) -> pa.Array:
    """Return for each of `count` rows of `table` the names of its unknown cells, null where there are none."""
    names = [name for name in table_schema(table).columns if name in unknown]
    rows = [numpy.flatnonzero(unknown[name]) for name in names]
    which = numpy.repeat(numpy.arange(len(names)), [len(positions) for positions in rows])
    where = numpy.concatenate(rows) if rows else numpy.zeros(0, dtype="int64")
    counts = numpy.bincount(where, minlength=count)
    offsets = numpy.concatenate([[0], numpy.cumsum(counts)]).astype("int32")
    values = pa.array(names, pa.string()).take(pa.array(which[numpy.argsort(where, kind="stable")]))
    return pa.ListArray.from_arrays(offsets, values, mask=pa.array(counts == 0))


def check_part(part: Part, zone: ZoneInfo, *, lenient: bool = False, strict: bool = False) -> CheckedPart:
    """Return the part typed, with the faults of its own cells: type, enumeration, missing value.

    What people wrote into a spreadsheet is forgiven as what is imported `lenient`ly, but for `strict`: a wrong
    cell is unknown.
    """
    checked = CheckedPart(part, {}, numpy.ones(len(part.rows), dtype=bool), lenient or (part.by_people and not strict))
    schema = table_schema(part.table)
    marked = _marked(checked, zone)
    for name in [name for name in part.columns if name not in schema.beside]:
        column = schema.columns[name]
        converted = convert(column, part.columns[name], zone, trim=part.by_people)
        checked.columns[name] = converted.values
        if converted.latest is not None:
            checked.latest[name] = converted.latest
        if part.reading is not None:
            _tell_meanings(checked, name, zone)
        if name in marked:
            checked.leave_unknown(name, marked[name])
        _leave_undecided(checked, name)
        _refuse_shortened(checked, name)
        bad = converted.bad.to_numpy()
        if bad.any():
            checked.blame("bad-value", name, bad & checked.is_known(name), expected(column))
        elif column.type != "text":
            # It would stand in memory twice, as it is written and as it is meant.
            part.let_go(name)
        if not column.nullable:
            missing = converted.values.is_null().to_numpy() & ~bad
            if missing.any():
                checked.blame("missing-value", name, missing, say("estate.expected-value"))
    _take_latest(checked, zone)
    return checked


_MANY = 2000
"""Rows of a list beyond which what its words are taken for is not told one by one."""


def _tell_meanings(checked: CheckedPart, name: str, zone: ZoneInfo) -> None:
    """Tell the reading what words for dates and closed columns were taken for."""
    reading, column = checked.part.reading, table_schema(checked.part.table).columns[name]
    if reading is None or column.type not in ("time", "enum", "boolean") or len(checked.good) > _MANY:
        return
    written, values = checked.part.columns[name].to_pylist(), checked.columns[name].to_pylist()
    ends = checked.latest[name].to_pylist() if name in checked.latest else [None] * len(values)
    for text, value, end, row in zip(written, values, ends, checked.part.rows.to_pylist(), strict=True):
        if text is None or value is None or str(text) == str(value):
            continue
        if column.type == "time":
            first = value.astimezone(zone)
            meaning = f"{first:%Y-%m-%d}" if (first.hour, first.minute) == (0, 0) else f"{first:%Y-%m-%d %H:%M}"
            if end is not None:
                meaning += f"…{end.astimezone(zone):%Y-%m-%d}"
        else:
            meaning = say("estate.yes" if value else "estate.no") if column.type == "boolean" else str(value)
        if meaning != text:
            reading.took(name, str(text), meaning, row)


def _take_latest(checked: CheckedPart, zone: ZoneInfo) -> None:
    """Take the latest moments that the file itself has beside the earliest."""
    schema = table_schema(checked.part.table)
    for name in schema.times:
        if name not in checked.columns or latest_of(name) not in checked.part.columns:
            continue
        given = convert(schema.columns[name], checked.part.columns[latest_of(name)], zone)
        before = pc.fill_null(pc.less(given.values, checked.columns[name]), False)
        checked.blame("bad-value", name, pc.or_(given.bad, before).to_numpy(), expected(schema.columns[name]))
        later = given.values if name not in checked.latest else pc.coalesce(given.values, checked.latest[name])
        checked.latest[name] = pc.if_else(checked.columns[name].is_valid(), later, None)


def _marked(checked: CheckedPart, zone: ZoneInfo) -> dict[str, numpy.ndarray]:
    """Return by column the cells that the file itself says are unknown; blame rows that name no column."""
    if UNKNOWN_COLUMN not in checked.part.columns:
        return {}
    table = table_schema(checked.part.table)
    column = replace(table_schema("departments").columns["aliases"], table=table.name, name=UNKNOWN_COLUMN)
    converted = convert(column, checked.part.columns[UNKNOWN_COLUMN], zone)
    marks = converted.values.combine_chunks()
    named, rows = marks.flatten(), pc.list_parent_indices(marks).to_numpy()
    wrong = converted.bad.to_numpy().copy()
    found = {}
    for name in pc.unique(named).to_pylist():
        there = numpy.zeros(len(checked.good), dtype=bool)
        there[rows[pc.equal(named, name).to_numpy(zero_copy_only=False)]] = True
        if name not in table.columns:
            wrong |= there
        else:
            found[name] = there
    wanted = say("text.one-of", names=", ".join(table.columns))
    checked.blame("bad-value", UNKNOWN_COLUMN, wrong, wanted, whole_row=True)
    return found


_SHORTENED = r"^[0-9](?:[.][0-9]+)?[eE][+]?[0-9]{1,3}$"
_REGISTERS = frozenset({"departments", "people", "accounts", "groups", "tasks"})
"""Tables that declare ids; what a shortened number elsewhere refers to is not among them, which is told anyway."""


def _refuse_shortened(checked: CheckedPart, name: str) -> None:
    """Blame ids that a spreadsheet shortened to 4.1E+17: two people of one beginning would be one."""
    column = table_schema(checked.part.table).columns[name]
    looked_at = checked.part.by_people or checked.part.table in _REGISTERS
    if column.type == "text" and (column.key or column.references) and looked_at and not checked.part.derived:
        found = pc.fill_null(pc.match_substring_regex(checked.columns[name], _SHORTENED), False)
        if pc.any(found).as_py():
            checked.blame("shortened", name, found.to_numpy(), say("estate.expected-unshortened"))


def _leave_undecided(checked: CheckedPart, name: str) -> None:
    """Make the cells of one column unknown of which the part says that they mean nothing for sure."""
    kinds = grouped(
        ((code, wanted), position) for position, column, code, wanted in checked.part.undecided if column == name
    )
    for (code, wanted), positions in kinds.items():
        cells = numpy.zeros(len(checked.good), dtype=bool)
        cells[positions] = True
        checked.doubts.append(Fault(checked.part, code, name, numpy.flatnonzero(cells), wanted))
        checked.leave_unknown(name, cells)


REJECTS = "rejects.jsonl"
_BLOCK = 10_000

Tables = Mapping[str, Sequence[CheckedPart]]


def fault_problems(tables: Tables, fatal: Sequence[Problem] = (), *, doubts: bool = False) -> tuple[Problem, ...]:
    """Return the problems of all parts in order of file and row, the first of them in full, the rest counted.

    With `doubts` those of the cells that are unknown now are among them, one for each column and what is the matter;
    what that means is said once.
    """
    total = len(fatal)
    unknown = iter([say("estate.left-unknown")])
    problems = list(fatal)
    for parts in tables.values():
        for part in parts:
            # A column that the list does not have says nothing: what is unknown of it is told where it was written.
            told = [one for one in part.doubts if one.code != "said-unknown" or one.column in part.part.headers]
            told = told if doubts else []
            total += len(part.part.unreadable) + len(told) + sum(map(len, part.faults))
            places = [(item.row, item.problem(part.part)) for item in part.part.unreadable[:PRINTED]]
            for fault in part.faults:
                places += [
                    (part.part.rows[position].as_py(), fault.problem(position))
                    for position in fault.positions[:PRINTED].tolist()
                ]
            places += [
                (part.part.rows[fault.positions[0]].as_py(), replace(fault.folded(), why=next(unknown, "")))
                for fault in sorted(told, key=lambda fault: int(fault.positions[0]))
            ]
            places.sort(key=lambda place: place[0])
            problems += [found for _, found in places[:PRINTED]]
    return cap(problems, total)


def rejected_rows(tables: Tables) -> int:
    """Return how many rows are not kept."""
    return sum(len(part.part.unreadable) + int((~part.good).sum()) for parts in tables.values() for part in parts)


def write_rejects(tables: Tables, path: Path) -> None:
    """Write one JSON line for every row that is not kept, with all of its content and all reasons.

    Rows that are kept with unknown cells follow those of their file, as ``kept``. The content stands there unmasked,
    so that the row can be put right: the file is its owner's alone.
    """
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8", errors="surrogateescape") as stream:
        for parts in tables.values():
            for part in parts:
                for item in part.part.unreadable:
                    reason = {"code": f"estate.{item.code}", "expected": item.expected}
                    _write(stream, part, item.file or part.part.file, item.row, [reason], item.content)
                _write_set_aside(stream, part)


def _write_set_aside(stream: IO[str], part: CheckedPart) -> None:
    """Write the rows of one part that are not good, and those of which cells are unknown."""
    reasons = grouped(
        (position, {"column": fault.column, "code": f"estate.{fault.code}", "expected": fault.expected})
        for fault in (*part.faults, *part.doubts)
        for position in fault.positions.tolist()
    )
    positions = numpy.concatenate([numpy.flatnonzero(~part.good), numpy.flatnonzero(part.is_doubted() & part.good)])
    for start in range(0, len(positions), _BLOCK):
        block = pa.array(positions[start : start + _BLOCK])
        columns = {name: shown(values.take(block)) for name, values in part.part.written().items()}
        rows = part.part.rows.take(block).to_pylist()
        for index, position in enumerate(block.to_pylist()):
            content = {name: values[index] for name, values in columns.items()}
            file, kept = part.part.file_at(position), bool(part.good[position])
            _write(stream, part, file, rows[index], reasons.get(position, []), content, kept=kept)


def _write(
    stream: IO[str],
    part: CheckedPart,
    file: str,
    row: int,
    reasons: list[dict[str, Any]],
    content: object,
    *,
    kept: bool = False,
) -> None:
    name, inside = located(file, row)
    place: dict[str, Any] = {"place": inside} if inside else {"row": row}
    more = {"kept": True} if kept else {}
    entry = {"table": part.part.table, "file": name, **place, "problems": reasons, "content": content, **more}
    stream.write(json.dumps(entry, ensure_ascii=False, default=str) + "\n")
