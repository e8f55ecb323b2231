"""Show a rule's SQL times known to the month or year at their ends, so that what it says of each can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from policycore.estate.views import history_of
from policycore.model.moments import with_latest
from policycore.model.schema import latest_of, table_schemas
from policycore.plugin_api.paths import as_needs
from policycore.plugin_api.rule import Rule
from policycore.rulesets.sql.rule import SqlRule

if TYPE_CHECKING:
    from policycore.engine.session import EstateData

__all__ = ["Late", "all_ends", "at_ends", "rough_times"]

Late = frozenset[tuple[str, str]]
"""The times, by table and name, that are shown at their latest; all others are at their earliest."""

_word = re.compile(r"\w+")


def rough_times(data: EstateData, rule: Rule, sql: str) -> dict[str, tuple[str, ...]]:
    """Return by table the times in `sql` of which some are known to the month or year only.

    Left out is what a rule in Python looks at both ends of by itself; that of a rule set is not relied on.
    """
    words = set(_word.findall(sql.lower()))
    asked = {
        (need.path.split(".")[-1], latest_of(need.path.split(".")[-1]) in with_latest(need.when))
        for need in as_needs(rule.requires)
    }
    found = {}
    for table, schema in table_schemas().items():
        times = [
            name
            for name in schema.times
            if name in words
            and latest_of(name) in data.columns.get(table, ())
            and (isinstance(rule, SqlRule) or not (latest_of(name) in words or (name, True) in asked))
        ]
        if times and not words.isdisjoint(_relations(table)):
            found[table] = tuple(times)
    return found


def all_ends(rough: Mapping[str, tuple[str, ...]]) -> list[Late]:
    """Return how the times in `rough` may lie: each at both ends, with all others at either.

    That decides every comparison of two of them: what began in a month may have ended before what ended in it.
    """
    times = frozenset((table, name) for table, names in rough.items() for name in names)
    each = [end for one in sorted(times) for end in (frozenset([one]), times - {one})]
    return list(dict.fromkeys([frozenset[tuple[str, str]](), times, *each]))


def at_ends(sql: str, rough: Mapping[str, tuple[str, ...]], late: Late) -> str:
    """Return `sql` so that it sees the times in `rough` as if the end that `late` says were all that is known."""
    words = set(_word.findall(sql.lower()))
    tables = []
    for table, times in rough.items():
        pairs = [(latest_of(name), name) if (table, name) in late else (name, latest_of(name)) for name in times]
        replaced = ", ".join(f"{value} AS {column}" for value, column in pairs)
        # A name that WITH gives hides the table of that name, but for its own SELECT.
        tables += [f"{name} AS (SELECT * REPLACE ({replaced}) FROM {name})" for name in _relations(table) & words]
    if not tables:
        return sql
    named, written = f"WITH {', '.join(tables)}", sql.strip().rstrip(";")
    # Written on, it keeps its order; what names tables itself is put within.
    return f"{named} SELECT * FROM (\n{written}\n) policycore_rough" if "with" in words else f"{named} {written}"


def _relations(table: str) -> set[str]:
    """Return the names under which SQL may read the rows of `table` with all their times."""
    groups = {"all_groups", "group_facts"} if table == "groups" else set()
    return {table, history_of(table), *groups} - {""}
