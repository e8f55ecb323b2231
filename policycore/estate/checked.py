"""Check parts against the model: every cell typed, every fault noted, nothing dropped yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from policycore.estate.convert import convert, expected
from policycore.estate.parts import Fault, Part
from policycore.language import say
from policycore.model.schema import table_schema

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["CheckedPart", "check_part"]


@dataclass(slots=True)
class CheckedPart:
    """Be a part with typed columns, its faults, and which of its rows are still good."""

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
