"""Set rows aside without losing anything: where they stood, what they held, what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from policycore.errors import Problem
from policycore.estate.checked import CheckedPart
from policycore.estate.parts import shown
from policycore.estate.problems import PRINTED, cap

__all__ = ["REJECTS", "fault_problems", "rejected_rows", "write_rejects"]

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
