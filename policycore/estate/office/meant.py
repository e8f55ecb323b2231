"""Put ids in place of the names that a list holds; where nobody knows whom one means, the cell stays unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policycore.errors import Place
from policycore.estate.cells.words import says_unknown
from policycore.estate.inputs import FilledSheet
from policycore.estate.office.directory import Directory, scope_meant
from policycore.estate.office.draft import Draft
from policycore.model.forms import kind_meant
from policycore.model.schema import table_schema

__all__ = ["meant_id", "resolve"]


def resolve(
    draft: Draft, kept: dict[str, str | None], name: str, row: Mapping[str, str | None], directory: Directory
) -> None:
    """Put the id in place of what a reference column says; leave the cell unknown where nobody knows what it means."""
    column = table_schema(draft.table).columns[name]
    target, text = column.references, row.get(name)
    if text and says_unknown(text, column.field) and (column.nullable or target):
        draft.doubt(name, "undated" if column.field == "memberships.left_at" else "said-unknown")
        return
    if text and column.field == "submissions.kind":
        kept[name] = kind_meant(text)
        return
    meant = scope_meant(text, row.get("department_id"), directory) if text and column.field == "groups.scope" else None
    if meant is not None:
        kept[name] = meant
        return
    if target is None or not text or (target not in directory.known and target not in ("accounts", "people")):
        return
    if target in ("accounts", "people") and directory.is_empty:
        directory.asked_in.add(draft.sheet.file)
        return
    # Of several of one name a group's own department tells who is meant.
    identity = meant_id(draft.sheet, name, text, target, row.get("department") or row.get("department_id"), directory)
    if isinstance(identity, str):
        kept[name] = identity
    else:
        draft.doubt(name, identity.code)


@dataclass(frozen=True, slots=True)
class _Unknown:
    """Why nobody knows what a name means."""

    code: str


def meant_id(
    sheet: FilledSheet, column: str, text: str, target: str, department: str | None, directory: Directory
) -> str | _Unknown:
    """Return the id that a cell means, noted where it is not what stands there; ask where several may be meant.

    An owner is looked up once as the group's owner, which is noted, and once as its member.
    """
    identity, code = directory.find(target, text, department)
    if identity is None:
        if code.startswith("ambiguous"):
            directory.ask(text, department, Place(sheet.file))
        return _Unknown(code)
    if identity != text and column:
        known = directory.known.get("people" if target == "accounts" else target, {})
        sheet.reading.took(column, text, identity, 0, plain=text in known)
    return identity
