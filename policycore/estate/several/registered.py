"""Find which file that came each row of a register of what came in speaks of (交表登记: 部门, 收到时间, 介质, 文件).

A row that has a file's hash is that file and no other. Else a row and a file are one by the file's name, or where there
is one row for the electronic version of a department and one file of that department. Where that does not decide, they
stay two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath

from policycore.estate.checked import CheckedPart
from policycore.model.words import fold_word
from policycore.system.grouped import grouped

__all__ = ["files_of_registers"]

_COLUMNS = ("id", "department_id", "kind", "medium", "file", "sha256", "faults")
_Row = dict[str, object]


def files_of_registers(parts: Sequence[CheckedPart]) -> dict[str, str]:
    """Return by id of a register's row the id of the file that it speaks of."""
    files = [row for part in parts if part.part.is_hand_in for row in _rows(part)]
    listed = [row for part in parts if not part.part.is_hand_in for row in _rows(part) if row["medium"] != "paper"]
    found: dict[str, str] = {}
    for signs in (_by_hash, _by_name, _by_department):
        taken = set(found.values())
        left = [file for file in files if file["id"] not in taken]
        bearers = grouped((sign, str(file["id"])) for file in left for sign in signs(file, files))
        named = grouped(
            (str(row["id"]), one)
            for row in listed
            if row["id"] not in found
            for sign in signs(row, ())
            for one in bearers.get(sign, ())
        )
        meant = {row: set(ids) for row, ids in named.items()}
        wanted = Counter(one for ids in meant.values() for one in ids)
        found |= {row: min(ids) for row, ids in meant.items() if len(ids) == 1 and wanted[min(ids)] == 1}
    return found


def _rows(part: CheckedPart) -> Iterable[_Row]:
    """Yield the good rows of a part; None for a column that it does not have."""
    rows = zip(part.good.tolist(), part.values(*_COLUMNS), strict=True)
    return (dict(zip(_COLUMNS, values, strict=True)) for good, values in rows if good)


_Signs = Callable[[_Row, Sequence[_Row]], list[object]]


def _by_hash(row: _Row, _: Sequence[_Row]) -> list[object]:
    return [str(row["sha256"]).casefold()] if row["sha256"] else []


def _by_name(row: _Row, files: Sequence[_Row]) -> list[object]:
    """Return the name of a file as a register may write it: without its folder, and with or without its ending."""
    name = PurePosixPath(str(row["file"] or "").replace("\\", "/")).name
    short = [PurePosixPath(name).stem] if files else []
    return [fold_word(one) for one in (name, *short) if one and (files or not row["sha256"])]


def _by_department(row: _Row, files: Sequence[_Row]) -> list[object]:
    """Return the department with what came of it, where the row names no file; a scan beside a form is no form."""
    unit, kind = row["department_id"], row["kind"]
    named = row["file"] or row["sha256"] or row["medium"] != "electronic"
    if not unit or (named and not files) or "scan-beside" in (row["faults"] or ()):  # type: ignore[operator] # a list in this column
        return []
    # A register of one kind of form need not say which.
    return [(unit, kind), (unit, None)] if files else [(unit, kind)]
