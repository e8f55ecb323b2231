"""Make one row of what several sources say about the same one.

Rows are the same where their keys are, or, where a part of the key that may be empty differs, where there is one on
each side. Of each cell the first source that says something counts, also where it says that there is none; a column
that a source does not have, and a cell of which it is not sure, says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from policycore.estate.checked import CheckedPart, marks_of
from policycore.estate.parts import FILE_COLUMN, ROW_COLUMN, arrow_schema, arrow_type
from policycore.estate.several.same_ids import by_hand_in
from policycore.model.schema import UNKNOWN_COLUMN, ColumnSchema, TableSchema, latest_of, table_schema

__all__ = ["Differing", "StackedRows", "unite"]

# What tells sources apart differs by its nature.
_NOT_COMPARED = ("id", "source", "file")


@dataclass(frozen=True, slots=True)
class Differing:
    """The cells of one column of which two sources say different things, by their positions among all rows."""

    rows: StackedRows
    column: str
    counts: numpy.ndarray
    other: numpy.ndarray


@dataclass(slots=True)
class StackedRows:
    """The good rows of all parts of a table, one under the other, in the order in which their sources count."""

    schema: TableSchema
    parts: list[CheckedPart]
    columns: dict[str, pa.Array] = field(default_factory=dict)
    latest: dict[str, pa.Array] = field(default_factory=dict)
    has: dict[str, numpy.ndarray] = field(default_factory=dict)
    """By column, the rows of which the file has it."""
    doubted: dict[str, numpy.ndarray] = field(default_factory=dict)
    """By column, the rows of which nobody knows what the cell says."""
    says: dict[str, numpy.ndarray] = field(default_factory=dict)
    """By column, the rows whose cell says something, be it that there is none."""
    part_of: numpy.ndarray = field(init=False)

    def __post_init__(self) -> None:
        """Stack the columns that any part has."""
        counts = [int(part.good.sum()) for part in self.parts]
        self.part_of = numpy.repeat(numpy.arange(len(self.parts), dtype="int32"), counts)
        for name, column in self.schema.columns.items():
            if not any(name in part.columns for part in self.parts):
                continue
            kind = arrow_type(column)
            self.columns[name] = self._stacked([part.columns.get(name) for part in self.parts], kind)
            if any(name in part.latest for part in self.parts):
                self.latest[name] = self._stacked([part.latest.get(name) for part in self.parts], kind)
            self.has[name] = numpy.repeat([name in part.columns for part in self.parts], counts)
            self.doubted[name] = ~numpy.concatenate([part.is_known(name)[part.good] for part in self.parts])
            self.says[name] = self.has[name] & ~self.doubted[name]
            if column.always:
                # Where there must be something, nothing is no answer.
                self.says[name] &= self.columns[name].is_valid().to_numpy(zero_copy_only=False)

    def _stacked(self, arrays: Sequence[Any], kind: pa.DataType) -> pa.Array:
        """Return the good cells of one column over all parts; null where a part does not have it."""
        chunks: list[Any] = []
        for part, values in zip(self.parts, arrays, strict=True):
            if values is None:
                chunks.append(pa.nulls(int(part.good.sum()), kind))
            else:
                kept = values if part.good.all() else values.filter(pa.array(part.good))
                chunks += kept.chunks
        return pa.chunked_array(chunks, kind).combine_chunks()

    def origin(self, positions: numpy.ndarray) -> list[pa.Array]:
        """Return file and row of the rows at `positions`."""
        rows = [part.part.rows.filter(pa.array(part.good)) for part in self.parts]
        files = [part.part.origin().filter(pa.array(part.good)) for part in self.parts]
        return [
            pa.chunked_array(kept).unify_dictionaries().combine_chunks().take(pa.array(positions))
            for kept in (files, [numbers.cast(pa.int32()) for numbers in rows])
        ]

    def hand_ins(self) -> list[numpy.ndarray]:
        """Return the positions of the rows of each hand-in, in the order in which they count."""
        places = [part.part.handed_in.place for part in self.parts]
        return [
            numpy.flatnonzero(numpy.isin(self.part_of, [n for n, other in enumerate(places) if other == place])).astype(
                "int32"
            )
            for place in dict.fromkeys(places)
        ]


def unite(
    table: str, parts: Sequence[CheckedPart], holders: Mapping[str, str], zone: ZoneInfo
) -> tuple[pa.Table, list[Differing]]:
    """Return the rows of a table, each once, and where its sources differ.

    `holders` are the persons by account: two accounts of one person are not two answers. Nor are, in `zone`, a
    month, a day of it and an hour of that day.
    """
    stacked = StackedRows(table_schema(table), [part for listed in by_hand_in(parts).values() for part in listed])
    chosen = _Chosen(stacked, holders, zone)
    for positions in stacked.hand_ins():
        chosen.add(positions)
    return chosen.table(), chosen.differing


@dataclass(slots=True)
class _Chosen:
    """For each row of the result, where its cells come from: positions among the stacked rows, -1 for nowhere."""

    stacked: StackedRows
    holders: Mapping[str, str]
    zone: ZoneInfo
    differing: list[Differing] = field(default_factory=list)
    first: numpy.ndarray = field(init=False)
    cells: dict[str, numpy.ndarray] = field(init=False)
    had: dict[str, numpy.ndarray] = field(init=False)
    doubted: dict[str, numpy.ndarray] = field(init=False)
    codes: dict[str, numpy.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with no row."""
        self.first = numpy.zeros(0, dtype="int32")
        self.cells = dict.fromkeys(self.stacked.columns, self.first)
        self.had = dict.fromkeys(self.stacked.columns, numpy.zeros(0, dtype=bool))
        self.doubted = dict(self.had)
        self.codes = {
            name: _codes(self.stacked.columns[name]) for name in self.stacked.schema.key if name in self.cells
        }

    def add(self, positions: numpy.ndarray) -> None:
        """Take in the rows of one hand-in."""
        targets, rows = self._matched(positions)
        for name in self.cells:
            self._fill(name, targets, rows)
        rest = positions[~numpy.isin(positions, rows)]
        self.first = numpy.concatenate([self.first, rest])
        for name, cells in self.cells.items():
            said = numpy.where(self.stacked.says[name][rest], rest, numpy.int32(-1))
            self.cells[name] = numpy.concatenate([cells, said])
            self.had[name] = numpy.concatenate([self.had[name], self.stacked.has[name][rest]])
            self.doubted[name] = numpy.concatenate([self.doubted[name], self.stacked.doubted[name][rest]])

    def _fill(self, name: str, targets: numpy.ndarray, rows: numpy.ndarray) -> None:
        """Let `rows` say what nothing says yet of `targets`; note where they say something else."""
        cells = self.cells[name]
        here, says = cells[targets], self.stacked.says[name][rows]
        self.had[name][targets] |= self.stacked.has[name][rows]
        self.doubted[name][targets] |= self.stacked.doubted[name][rows]
        both = (here >= 0) & says
        if name not in _NOT_COMPARED and both.any():
            counts, other = here[both], rows[both]
            differ = self._differ(self.stacked.schema.columns[name], counts, other)
            if differ.any():
                self.differing.append(Differing(self.stacked, name, counts[differ], other[differ]))
        silent = (here < 0) & says
        cells[targets[silent]] = rows[silent]

    def _differ(self, column: ColumnSchema, counts: numpy.ndarray, other: numpy.ndarray) -> numpy.ndarray:
        """Return where the cells of a column at two lists of positions say different things."""
        values = self.stacked.columns[column.name]
        ours, theirs = (values.take(pa.array(positions)) for positions in (counts, other))
        if column.type in ("list", "scope"):
            pairs = zip(map(_sets, ours.to_pylist()), map(_sets, theirs.to_pylist()), strict=True)
            return numpy.array([mine != yours for mine, yours in pairs], dtype=bool)
        one_null = pc.xor(pc.is_null(ours), pc.is_null(theirs))
        if column.references == "accounts":
            ours, theirs = (
                pa.array([self.holders.get(one, one) for one in side.to_pylist()], pa.string())
                for side in (ours, theirs)
            )
        if column.type == "time":
            latest = self.stacked.latest.get(column.name, values)
            ends = [
                pc.coalesce(latest.take(pa.array(positions)), side)
                for positions, side in ((counts, ours), (other, theirs))
            ]
            unequal = _apart(ours, ends[0], theirs, ends[1], self.zone)
        else:
            unequal = pc.not_equal(ours, theirs)
        found: numpy.ndarray = pc.or_(one_null, pc.fill_null(unequal, False)).to_numpy(zero_copy_only=False)
        return found

    def _matched(self, positions: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return, pair by pair, which results and which of the rows at `positions` are the same."""
        columns = self.stacked.schema.columns
        everywhere = [name for name in self.codes if self.had[name].all() and self.stacked.has[name][positions].all()]
        always = [name for name in self.codes if not columns[name].nullable]
        targets = numpy.arange(len(self.first))
        found_targets, found_rows = targets[:0], positions[:0]
        for key in dict.fromkeys((tuple(everywhere), tuple(always))):
            pairs = _one_to_one(*self._keys(key, targets, positions))
            found_targets = numpy.concatenate([found_targets, targets[pairs[0]]])
            found_rows = numpy.concatenate([found_rows, positions[pairs[1]]])
            targets, positions = numpy.delete(targets, pairs[0]), numpy.delete(positions, pairs[1])
        return found_targets, found_rows

    def _keys(
        self, key: Sequence[str], targets: numpy.ndarray, positions: numpy.ndarray
    ) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return one number for the values of the columns `key`, of the results and of the rows at `positions`."""
        together = numpy.zeros(len(targets) + len(positions), dtype="int64")
        for name in key:
            cells = numpy.where(self.cells[name] < 0, self.first, self.cells[name])[targets]
            codes = self.codes[name][numpy.concatenate([cells, positions])]
            together = numpy.unique(together, return_inverse=True)[1].astype("int64")
            together = together * (int(codes.max(initial=0)) + 1) + codes
        return together[: len(targets)], together[len(targets) :]

    def table(self) -> pa.Table:
        """Return the result, with what is unknown in it and where each row stands first."""
        stacked, unknown, arrays = self.stacked, {}, {}
        for name, cells in self.cells.items():
            column = stacked.schema.columns[name]
            silent = cells < 0
            # A list without end dates is a list of what goes on.
            nowhere = ~self.had[name] & (not column.ends)
            if (silent & (self.doubted[name] | nowhere)).any():
                unknown[name] = silent & (self.doubted[name] | nowhere)
            where = pa.array(numpy.where(silent, self.first, cells), mask=silent & column.nullable)
            arrays[name] = stacked.columns[name].take(where)
            if name in stacked.latest:
                arrays[latest_of(name)] = stacked.latest[name].take(where)
        times = [latest_of(name) for name in stacked.latest]
        named = (*self.cells, *times, *([UNKNOWN_COLUMN] if unknown else []))
        if unknown:
            arrays[UNKNOWN_COLUMN] = marks_of(unknown, stacked.schema.name, len(self.first))
        columns = [arrays[name] for name in named] + stacked.origin(self.first)
        return pa.table(columns, names=[*named, FILE_COLUMN, ROW_COLUMN]).cast(arrow_schema(stacked.schema, named))


def _codes(values: pa.Array) -> numpy.ndarray:
    """Return a small number for each value, 0 for null."""
    codes: numpy.ndarray = values.dictionary_encode().indices.fill_null(-1).to_numpy().astype("int64") + 1
    return codes


def _one_to_one(left: numpy.ndarray, right: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Return the positions, pair by pair, of the numbers that stand once on each side."""
    sides = []
    for side in (left, right):
        values, where, counts = numpy.unique(side, return_index=True, return_counts=True)
        sides.append((values[counts == 1], where[counts == 1]))
    (ours, at_ours), (theirs, at_theirs) = sides
    _, first, second = numpy.intersect1d(ours, theirs, assume_unique=True, return_indices=True)
    return at_ours[first], at_theirs[second]


def _apart(ours: Any, ends: Any, theirs: Any, other_ends: Any, zone: ZoneInfo) -> Any:
    """Return where two times, each with the latest that it may be, cannot be the same one; a day alone is all of it."""
    local = [pc.local_timestamp(side.cast(pa.timestamp("us", zone.key))) for side in (ours, theirs)]
    days = [pc.floor_temporal(side, unit="day") for side in local]
    whole_day = pc.or_(*(pc.equal(side, day) for side, day in zip(local, days, strict=True)))
    alike = pc.and_(whole_day, pc.equal(*days))
    return pc.and_(pc.or_(pc.less(ends, theirs), pc.less(other_ends, ours)), pc.invert(alike))


def _sets(value: Any) -> Any:
    """Return a list or scope without its order."""
    if isinstance(value, dict):
        return {name: frozenset(items or ()) for name, items in value.items()}
    return None if value is None else frozenset(value)
