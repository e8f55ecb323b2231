"""Know, before names are looked up, who stands in several files under several ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from policycore.estate.inputs import FilledSheet
from policycore.estate.parts import Part
from policycore.estate.several.same_ids import pairs_of
from policycore.model.words import fold_word
from policycore.system.grouped import grouped

__all__ = ["join_people"]

Signs = dict[str, set[tuple[str, ...]]]
"""By id, the names and departments that a person is known by."""


def join_people(
    known: Mapping[str, set[str]],
    sheets: Sequence[FilledSheet],
    parts: Sequence[Part],
    department_of: Callable[[str], str],
) -> None:
    """Let each name in `known` mean one id of whom several files know by several, in one department.

    `known` holds ids by what they are called; an id that is only the name gives way, else the later one.
    """
    earlier: Signs = {}
    for here in _signs(sheets, parts, department_of).values():
        for late, early in pairs_of(earlier, here).items():
            for called, bearers in known.items():
                if {late, early} <= bearers:
                    bearers.discard(early if early == called else late)
        for identity, found in here.items():
            earlier.setdefault(identity, set()).update(found)


def _signs(
    sheets: Sequence[FilledSheet], parts: Sequence[Part], department_of: Callable[[str], str]
) -> dict[str, Signs]:
    """Return by file and id the names and departments by which people are known."""
    listed = [
        (sheet.workbook, row.get("id"), row.get("name"), row.get("department_id"))
        for sheet in sheets
        for row in sheet.rows
    ]
    posts = grouped(_columns(parts, "appointments", "person_id", "department_id"))
    for identity, name in _columns(parts, "people", "id", "name"):
        listed += [("", identity, name, department) for department in posts.get(identity, ())]
    signs: dict[str, Signs] = {}
    for file, identity, name, department in listed:
        if identity and name and department:
            sign = fold_word(name), department_of(department)
            signs.setdefault(file, {}).setdefault(identity, set()).add(sign)
    return signs


def _columns(parts: Sequence[Part], table: str, first: str, second: str) -> Iterator[tuple[str | None, str | None]]:
    """Yield two columns of a table, row by row, of the parts that have both."""
    for part in parts:
        if part.table == table and first in part.columns and second in part.columns:
            for row in zip(part.columns[first].to_pylist(), part.columns[second].to_pylist(), strict=True):
                yield tuple(None if value is None else str(value) for value in row)  # type: ignore[misc] # two, as `zip` took two
