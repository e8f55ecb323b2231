"""See whether what a rule returned is a result at all: rows of facts, reasons and verdicts that there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow
import pyarrow.compute

from policycore.engine.judging.existing import BrokenRuleError
from policycore.language import Text, say_both
from policycore.model.schema import table_schemas
from policycore.model.verdict import Severity, Verdict
from policycore.plugin_api.rule import Rule

__all__ = ["MOST_ROWS", "UNTOLD", "check_words", "parted", "table_of_rows"]

MOST_ROWS = 1_000_000
"""Rows that a python or text rule may yield: each is a Python object, and one that never ends would take all memory."""
_VERDICTS = (Verdict.FAIL.value, Verdict.SUSPECT.value)
UNTOLD = "missing"
"""The column in which a row of verdict unknown names the ``table.column`` whose text does not say what decides."""


def table_of_rows(answer: object) -> pyarrow.Table:
    """Return the rows that a python rule yields as one table.

    Where columns differ from row to row they stand in the order of their names, whichever row comes first. Raises
    BrokenRuleError for what is no rows.
    """
    if isinstance(answer, (str, bytes, Mapping)) or not isinstance(answer, Iterable):
        raise _broken("no-rows", kind=type(answer).__name__)
    listed: list[dict[Any, Any]] = []
    for row in answer:
        if not isinstance(row, Mapping):
            raise _broken("row", kind=type(row).__name__)
        if len(listed) == MOST_ROWS:
            raise _broken("rows", limit=MOST_ROWS)
        listed.append(dict(row))
    shapes = {tuple(row): None for row in listed}
    names = list(dict.fromkeys(name for shape in shapes for name in shape))
    if not all(isinstance(name, str) for name in names):
        raise _broken("name", kind=next(type(name).__name__ for name in names if not isinstance(name, str)))
    if len(shapes) > 1:
        names.sort()
    # A row that says nothing is one nevertheless.
    names = names or (["reason"] if listed else [])
    return pyarrow.table({name: _column(name, [row.get(name) for row in listed]) for name in names})


def _column(name: str, values: list[object]) -> pyarrow.Array:
    """Return the values of one fact; BrokenRuleError where they are of no kind, or of several."""
    try:
        return pyarrow.array(values)
    except Exception as error:  # whatever Arrow, or an object that poses as a number, says of the values
        kinds = sorted({type(value).__name__ for value in values if value is not None})
        raise _broken("fact", column=name[:40], kinds=", ".join(kinds[:5])) from error


def check_words(rule: Rule, rows: pyarrow.Table) -> None:
    """Raise BrokenRuleError where a verdict, a reason or the name of a column is none that a rule may give."""
    for name in rows.column_names:
        if name.startswith("__"):
            raise _broken("own-name", column=name[:40])
    if not rows.num_rows:
        return
    if _strange(rows, "verdict", _VERDICTS):
        raise _broken("verdict")
    if _strange(rows, "severity", tuple(Severity)):
        raise _broken("severity")
    if not isinstance(rule.message, Text) and _strange(rows, "reason", tuple(rule.message), needed=True):
        raise _broken("reason")


def parted(rows: pyarrow.Table) -> tuple[pyarrow.Table, pyarrow.Table]:
    """Return the rows that found something, and those in which the rule says that what it read does not tell.

    Raises BrokenRuleError for a verdict that is none, and where one of those names no column of the model.
    """
    if not rows.num_rows or "verdict" not in rows.column_names:
        return rows, rows.slice(0, 0)
    if _strange(rows, "verdict", (*_VERDICTS, Verdict.UNKNOWN.value)):
        raise _broken("verdict")
    untold = pyarrow.compute.fill_null(pyarrow.compute.equal(rows.column("verdict"), Verdict.UNKNOWN.value), False)
    open_rows = rows.filter(untold)
    known = {column.field for schema in table_schemas().values() for column in schema.columns.values()}
    if open_rows.num_rows and not (
        UNTOLD in rows.column_names and known.issuperset(open_rows.column(UNTOLD).to_pylist())
    ):
        raise _broken("untold", column=UNTOLD)
    return rows.filter(pyarrow.compute.invert(untold)), open_rows


def _broken(what: str, **values: object) -> BrokenRuleError:
    """Return the error whose sentence stands under ``engine.broken``."""
    return BrokenRuleError(say_both(f"engine.broken.{what}", **values))


def _strange(rows: pyarrow.Table, name: str, known: tuple[str, ...], *, needed: bool = False) -> bool:
    """Return whether a column holds anything that is not `known`; null goes unless the column is `needed`."""
    if name not in rows.column_names:
        return needed
    found = pyarrow.compute.unique(rows.column(name)).to_pylist()
    return any(value not in known and (needed or value is not None) for value in found)
