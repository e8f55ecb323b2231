"""Know what findings say about a group: its name, department and who answers for it, fetched once per group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore.engine.found.facts import shown_ids, shown_texts
from policycore.engine.session import EstateSession
from policycore.estate.views import SELF_NAMED

if TYPE_CHECKING:
    import pyarrow

__all__ = ["SUMMARY", "group_summaries"]

SUMMARY = (
    *("group", "platform", "department_id", "department", "responsible_id", "responsible", "owner"),
    *("first_responsible", "file", "row"),
)
"""What is said of a group, by the names of the columns of findings."""

# Responsible is whom the policy calls directly responsible, the owner; the first responsible person
# stands in where the group has none.
# Only what the chosen groups refer to is looked up: whole registers would be hashed for a handful of groups.
_SUMMARIES = """WITH g AS MATERIALIZED (
    SELECT id, name, platform, department_key, department_id, owner_key, responsible_key, _file, _row
    FROM raw.groups WHERE {chosen}
), ao AS MATERIALIZED (
    SELECT account_key, person_key, {called} AS name FROM accounts WHERE account_key IN (SELECT owner_key FROM g)
), p AS MATERIALIZED (
    SELECT person_key, id, name FROM people
    WHERE person_key IN (SELECT person_key FROM ao UNION ALL SELECT responsible_key FROM g)
)
SELECT g.id, g.name AS "group", g.platform, g.department_id, d.name AS department,
    coalesce(po.id, pr.id) AS responsible_id, coalesce(po.name, pr.name, ao.name) AS responsible,
    coalesce(po.name, ao.name) AS owner, pr.name AS first_responsible, g._file AS file, g._row::BIGINT AS row
    FROM g LEFT JOIN departments d ON d.department_key = g.department_key
    LEFT JOIN ao ON ao.account_key = g.owner_key
    LEFT JOIN p po ON po.person_key = ao.person_key
    LEFT JOIN p pr ON pr.person_key = g.responsible_key"""
_TEXTS = ("group", "platform", "department", "responsible", "owner", "first_responsible", "file")

ALL_AT_ONCE = 20_000
"""Groups up to which the first rule with a finding fetches every summary: one query instead of one a rule."""


def _summaries(chosen: str) -> str:
    return _SUMMARIES.format(chosen=chosen, called=SELF_NAMED.format(name="name", account="id"))


def group_summaries(session: EstateSession, groups: pyarrow.ChunkedArray) -> pyarrow.Table:
    """Return for each of `groups`, ids that may repeat, what may be said of it; nulls for one in no register."""
    import pyarrow
    import pyarrow.compute

    groups = groups.combine_chunks().cast(pyarrow.string())
    made: pyarrow.Table | None = session.memory.get("group summaries")
    if made is None:
        small = session.table_count("all_groups") <= ALL_AT_ONCE
        made = session.arrow(_summaries("true" if small else "false"))
    missing = groups.filter(pyarrow.compute.invert(pyarrow.compute.is_in(groups, made.column("id")))).unique()
    if len(missing) and session.table_count("all_groups") > ALL_AT_ONCE:
        with session.relation("wanted", pyarrow.table({"id": missing})):
            made = pyarrow.concat_tables([made, session.arrow(_summaries("id IN (SELECT id FROM wanted)"))])
    session.memory["group summaries"] = made
    said = made.select(SUMMARY).take(pyarrow.compute.index_in(groups, made.column("id")))
    # Only what is said is looked at: most groups are found by no rule.
    key = session.evidence_key
    ways = {**dict.fromkeys(_TEXTS, shown_texts), "department_id": shown_ids, "responsible_id": shown_ids}
    columns = {
        name: ways[name](said.column(name), key) if name in ways else said.column(name).combine_chunks()
        for name in SUMMARY
    }
    return pyarrow.table(columns)
