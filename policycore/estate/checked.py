"""Check parts row by row, and write what is set aside to the rejects file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from policycore.errors import Problem
from policycore.estate.convert import convert, expected
from policycore.estate.parts import Fault, Part, shown
from policycore.estate.problems import PRINTED, cap
from policycore.language import say
from policycore.model.schema import table_schema

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["REJECTS", "CheckedPart", "check_part", "fault_problems", "rejected_rows", "write_rejects"]


@dataclass(slots=True)
class CheckedPart:
    """A part with typed columns, its faults, and which of its rows are still good."""

    part: Part
    columns: dict[str, pyarrow.ChunkedArray]
    good: numpy.ndarray
    faults: list[Fault] = field(default_factory=list)

    def blame(self, code: str, column: str, bad: numpy.ndarray, wanted: str) -> None:
        """Note a fault at every position where `bad` is true and the row is still good."""
        import numpy

        positions = numpy.flatnonzero(bad)
        if len(positions):
            self.faults.append(Fault(self.part, code, column, positions, wanted))
            self.good[positions] = False


def check_part(part: Part, zone: ZoneInfo) -> CheckedPart:
    """Return the part typed, with the faults of its own cells: type, enumeration, missing value."""
    import numpy

    checked = CheckedPart(part, {}, numpy.ones(len(part.rows), dtype=bool))
    schema = table_schema(part.table)
    for name, values in part.columns.items():
        column = schema.columns[name]
        converted = convert(column, values, zone, trim=part.by_people)
        checked.columns[name] = converted.values
        bad = converted.bad.to_numpy()
        if bad.any():
            checked.blame("bad-value", name, bad, expected(column))
        if not column.nullable:
            missing = converted.values.is_null().to_numpy() & ~bad
            if missing.any():
                checked.blame("missing-value", name, missing, say("estate.expected-value"))
    for name in dict.fromkeys(column for _, column, _, _ in part.unresolved):
        _blame_unresolved(checked, name)
    return checked


def _blame_unresolved(checked: CheckedPart, name: str) -> None:
    """Note the names in one column that mean nobody for sure; they count as no reference any more."""
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    unresolved = numpy.zeros(len(checked.good), dtype=bool)
    kinds: dict[tuple[str, str], list[int]] = {}
    for position, column, code, wanted in checked.part.unresolved:
        if column == name:
            kinds.setdefault((code, wanted), []).append(position)
    for (code, wanted), positions in kinds.items():
        bad = numpy.zeros(len(checked.good), dtype=bool)
        bad[positions] = True
        checked.blame(code, name, bad, wanted)
        unresolved |= bad
    values = checked.columns[name]
    checked.columns[name] = pc.if_else(pa.array(unresolved), pa.scalar(None, values.type), values)


REJECTS = "rejects.jsonl"
_BLOCK = 10_000

Tables = Mapping[str, Sequence[CheckedPart]]


def fault_problems(tables: Tables, fatal: Sequence[Problem] = ()) -> tuple[Problem, ...]:
    """Return the problems of all parts in order of file and row, the first of them in full, the rest counted."""
    total = len(fatal)
    problems = list(fatal)
    for parts in tables.values():
        for part in parts:
            total += len(part.part.unreadable) + sum(len(fault) for fault in part.faults)
            places = [(item.row, item.problem(part.part)) for item in part.part.unreadable[:PRINTED]]
            for fault in part.faults:
                places += [
                    (part.part.rows[position].as_py(), fault.problem(position))
                    for position in fault.positions[:PRINTED].tolist()
                ]
            places.sort(key=lambda place: place[0])
            problems += [found for _, found in places[:PRINTED]]
    return cap(problems, total)


def rejected_rows(tables: Tables) -> int:
    """Return how many rows are not kept."""
    return sum(len(part.part.unreadable) + int((~part.good).sum()) for parts in tables.values() for part in parts)


def write_rejects(tables: Tables, path: Path) -> None:
    """Write one JSON line for every row that is not kept, with all of its content and all reasons.

    The content stands there unmasked, so that the row can be put right: the file is its owner's alone.
    """
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8", errors="surrogateescape") as stream:
        for parts in tables.values():
            for part in parts:
                for item in part.part.unreadable:
                    reason = {"code": f"estate.{item.code}", "expected": item.expected}
                    _write(stream, part, item.row, [reason], item.content)
                _write_set_aside(stream, part)


def _write_set_aside(stream: IO[str], part: CheckedPart) -> None:
    """Write the rows of one part that are not good."""
    import numpy
    import pyarrow as pa

    reasons: dict[int, list[dict[str, Any]]] = {}
    for fault in part.faults:
        for position in fault.positions.tolist():
            reason = {"column": fault.column, "code": f"estate.{fault.code}", "expected": fault.expected}
            reasons.setdefault(position, []).append(reason)
    positions = numpy.flatnonzero(~part.good)
    for start in range(0, len(positions), _BLOCK):
        block = pa.array(positions[start : start + _BLOCK])
        columns = {name: shown(values.take(block)) for name, values in part.part.columns.items()}
        rows = part.part.rows.take(block).to_pylist()
        for index, position in enumerate(block.to_pylist()):
            content = {name: values[index] for name, values in columns.items()}
            _write(stream, part, rows[index], reasons.get(position, []), content)


def _write(stream: IO[str], part: CheckedPart, row: int, reasons: list[dict[str, Any]], content: object) -> None:
    entry = {"table": part.part.table, "file": part.part.file, "row": row, "problems": reasons, "content": content}
    stream.write(json.dumps(entry, ensure_ascii=False, default=str) + "\n")
