"""Know what findings say about a group: its name, department and who answers for it, fetched once per group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pyarrow

from policycore.engine.session import EstateSession

__all__ = ["GroupSummary", "group_summaries"]

# Responsible is whom the policy calls directly responsible, the owner; the first responsible person
# stands in where the group has none.
# Only what the chosen groups refer to is looked up: whole registers would be hashed for a handful of groups.
_SUMMARIES = """WITH g AS MATERIALIZED (
    SELECT id, name, platform, department_key, department_id, owner_key, responsible_key, _file, _row
    FROM raw.groups WHERE {chosen}
), ao AS MATERIALIZED (
    SELECT account_key, person_key, name FROM accounts WHERE account_key IN (SELECT owner_key FROM g)
), p AS MATERIALIZED (
    SELECT person_key, id, name FROM people
    WHERE person_key IN (SELECT person_key FROM ao UNION ALL SELECT responsible_key FROM g)
)
SELECT g.id, g.name, g.platform, g.department_id, d.name AS department,
    coalesce(po.id, pr.id) AS responsible_id, coalesce(po.name, pr.name, ao.name) AS responsible,
    coalesce(po.name, ao.name) AS owner, pr.name AS first_responsible, g._file AS file, g._row AS row
    FROM g LEFT JOIN departments d ON d.department_key = g.department_key
    LEFT JOIN ao ON ao.account_key = g.owner_key
    LEFT JOIN p po ON po.person_key = ao.person_key
    LEFT JOIN p pr ON pr.person_key = g.responsible_key"""

ALL_AT_ONCE = 20_000
"""Groups up to which the first rule with a finding fetches every card: one query instead of one a rule."""


class GroupSummary(NamedTuple):
    """What a finding says about its group."""

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


class _Summaries(NamedTuple):
    """The summaries made so far, and where each group's row is in the table that holds the others."""

    made: dict[str, GroupSummary]
    place: dict[str, int]
    table: pyarrow.Table | None


def group_summaries(session: EstateSession, groups: Iterable[str]) -> Mapping[str, GroupSummary]:
    """Return the summaries of `groups` (and of those asked for before); unknown ids have none."""
    summaries: _Summaries | None = session.memory.get("group summaries")
    if summaries is None:
        summaries = session.memory["group summaries"] = _all_at_once(session)
    missing = [group for group in dict.fromkeys(groups) if group not in summaries.made]
    if not missing:
        return summaries.made
    if summaries.table is None:
        with session.relation("wanted", pyarrow.table({"id": missing})):
            rows = session.arrow(_SUMMARIES.format(chosen="id IN (SELECT id FROM wanted)"))
    else:
        rows = summaries.table.take([summaries.place[group] for group in missing if group in summaries.place])
    # Column by column: a dictionary per row would cost three times as much.
    columns = [column.to_pylist() for column in rows.columns]
    for group, *values in zip(*columns, strict=True):
        summaries.made[group] = GroupSummary._make(values)
    return summaries.made


def _all_at_once(session: EstateSession) -> _Summaries:
    """Return the summaries of a small estate as one table, so that not every rule with findings asks again."""
    if session.table_count("all_groups") > ALL_AT_ONCE:
        return _Summaries({}, {}, None)
    table = session.arrow(_SUMMARIES.format(chosen="true"))
    return _Summaries({}, {group: row for row, group in enumerate(table.column("id").to_pylist())}, table)
