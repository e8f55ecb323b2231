"""Know what findings say about a group: its name, department and who answers for it, fetched once per group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pyarrow

from policycore.engine.session import EstateSession

__all__ = ["GroupCard", "group_cards"]

# Responsible is whom the policy calls directly responsible, the owner; the first responsible person
# stands in where the group has none.
_CARDS = """SELECT g.id, g.name, g.platform, g.department_id, d.name AS department,
    coalesce(po.id, pr.id) AS responsible_id, coalesce(po.name, pr.name, ao.name) AS responsible,
    coalesce(po.name, ao.name) AS owner, pr.name AS first_responsible, r._file AS file, r._row AS row
    FROM all_groups g JOIN wanted w ON w.id = g.id JOIN raw.groups r ON r.id = g.id
    LEFT JOIN departments d ON d.id = g.department_id
    LEFT JOIN accounts ao ON ao.id = g.owner_id
    LEFT JOIN people po ON po.id = ao.person_id
    LEFT JOIN people pr ON pr.id = g.responsible_id"""

ALL_AT_ONCE = 20_000
"""Groups up to which the first rule with a finding fetches every card: one query instead of one a rule."""


class GroupCard(NamedTuple):
    """Hold what a finding says about its group."""

    name: str | None
    platform: str | None
    department_id: str | None
    department: str | None
    responsible_id: str | None
    responsible: str | None
    owner: str | None
    first_responsible: str | None
    file: str | None
    row: int | None


class _Cards(NamedTuple):
    """Hold the cards made so far, and where each group's row is in the table that holds the others."""

    made: dict[str, GroupCard]
    place: dict[str, int]
    table: pyarrow.Table | None


def group_cards(session: EstateSession, groups: Iterable[str]) -> Mapping[str, GroupCard]:
    """Return the cards of `groups` (and of those asked for before); unknown ids have none."""
    cards: _Cards | None = session.memory.get("group cards")
    if cards is None:
        cards = session.memory["group cards"] = _all_at_once(session)
    missing = [group for group in dict.fromkeys(groups) if group not in cards.made]
    if not missing:
        return cards.made
    if cards.table is None:
        with session.relation("wanted", pyarrow.table({"id": missing})):
            rows = session.arrow(_CARDS)
    else:
        rows = cards.table.take([cards.place[group] for group in missing if group in cards.place])
    # Column by column: a dictionary per row would cost three times as much.
    columns = [column.to_pylist() for column in rows.columns]
    for group, *values in zip(*columns, strict=True):
        cards.made[group] = GroupCard._make(values)
    return cards.made


def _all_at_once(session: EstateSession) -> _Cards:
    """Return the cards of a small estate as one table, so that not every rule with findings asks again."""
    if session.table_count("all_groups") > ALL_AT_ONCE:
        return _Cards({}, {}, None)
    table = session.arrow(_CARDS.replace("JOIN wanted w ON w.id = g.id ", ""))
    return _Cards({}, {group: row for row, group in enumerate(table.column("id").to_pylist())}, table)
