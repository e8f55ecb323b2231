"""Show a rule's SQL times known to the month or year at one of their ends, so that both answers can be compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from policycore.estate.views import history_of
from policycore.model.moments import with_latest
from policycore.model.schema import latest_of, table_schemas
from policycore.plugin_api.paths import as_needs
from policycore.plugin_api.rule import Rule
from policycore.rulesets.sql.rule import SqlRule

if TYPE_CHECKING:
    from policycore.engine.session import EstateData

__all__ = ["End", "at_end", "rough_times"]

End = Literal["earliest", "latest"]

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


def at_end(sql: str, rough: dict[str, tuple[str, ...]], end: End) -> str:
    """Return `sql` so that it sees the times in `rough` as if the one end were all that is known of them."""
    words = set(_word.findall(sql.lower()))
    tables = []
    for table, times in rough.items():
        pairs = [(name, latest_of(name)) if end == "earliest" else (latest_of(name), name) for name in times]
        replaced = ", ".join(f"{value} AS {column}" for value, column in pairs)
        # A name that WITH gives hides the table of that name, but for its own SELECT.
        tables += [f"{name} AS (SELECT * REPLACE ({replaced}) FROM {name})" for name in _relations(table) & words]
    return f"WITH {', '.join(tables)} SELECT * FROM (\n{sql.strip().rstrip(';')}\n) policycore_rough"


def _relations(table: str) -> set[str]:
    """Return the names under which SQL may read the rows of `table` with all their times."""
    groups = {"all_groups", "group_facts"} if table == "groups" else set()
    return {table, history_of(table), *groups} - {""}
