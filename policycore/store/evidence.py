"""Find where the keyed hash of a text stands in what runs found."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from policycore.model.found import FoundRows
from policycore.store import schema
from policycore.store.kept.found_files import read_rows

__all__ = ["Borne", "findings_that_hold"]


@dataclass(frozen=True, slots=True)
class Borne:
    """A finding that holds a keyed hash, by the id that people know it by, and the runs in which it does."""

    finding: str
    rule: str
    first_run: int
    last_run: int


def findings_that_hold(connection: Connection, hashes: Collection[str]) -> list[Borne]:
    """Return the findings of all runs that hold one of some keyed hashes, by rule and id."""
    kept = schema.run_files.c
    runs = select(kept.texts, kept.file, func.min(kept.run_id), func.max(kept.run_id)).group_by(kept.texts, kept.file)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for texts, file, first, last in connection.execute(runs.order_by(func.min(kept.run_id))).all():
        rows = read_rows(connection, texts, file)
        for fingerprint in _holding(rows, hashes):
            name = rows.texts.rule, f"{rows.texts.rule}-{fingerprint[:12]}"
            known = found.get(name, (first, last))
            found[name] = min(first, known[0]), max(last, known[1])
    return [Borne(label, rule, *when) for (rule, label), when in sorted(found.items())]


def _holding(rows: FoundRows, hashes: Collection[str]) -> Iterator[str]:
    """Yield the fingerprints of the rows in which one of `hashes` stands, alone or inside what is shown of a text."""
    import pyarrow
    import pyarrow.compute

    held = None
    for name, kind in zip(rows.table.column_names, rows.table.schema.types, strict=True):
        if pyarrow.types.is_string(kind) and name != "fingerprint":
            for one in hashes:
                here = pyarrow.compute.match_substring(rows.table.column(name), one).fill_null(False)
                held = here if held is None else pyarrow.compute.or_(held, here)
    if held is not None:
        yield from rows.table.column("fingerprint").filter(held).to_pylist()
