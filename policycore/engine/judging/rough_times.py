"""Show a rule's SQL times known to the month or year at their ends, so that what it says of each can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from policycore.estate.views import history_of
from policycore.model.moments import with_latest
from policycore.model.schema import latest_of, table_schema, table_schemas
from policycore.plugin_api.paths import as_needs
from policycore.plugin_api.rule import Rule
from policycore.rulesets.sql.rule import SqlRule

if TYPE_CHECKING:
    from policycore.engine.session import EstateData

__all__ = ["Shown", "all_ends", "as_shown", "compared", "rough_times"]

Shown = Mapping[tuple[str, str], str]
"""By table and column, SQL over a row ``t`` of what is shown there."""

_MOST_BITS = 8

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


def all_ends(rough: Mapping[str, tuple[str, ...]], twice: Mapping[str, int]) -> list[Shown]:
    """Return how the times in `rough` may lie: each at both ends, with all others at either.

    That decides every comparison of two of them: what began in a month may have ended before what ended in it. `twice`
    are the tables of which rows are compared with one another, with the number of rows: of each two rows one and the
    other is at its latest alone, by the binary digits of their numbers (of more rows than 256, of most).
    """
    times = frozenset((table, name, "true") for table, names in rough.items() for name in names)
    each = [end for one in sorted(times) for end in (frozenset([one]), times - {one})]
    for table, rows in twice.items():
        number = f"row_number() OVER (ORDER BY {', '.join(table_schema(table).key)})"
        for bit in range(min(_MOST_BITS, rows.bit_length())):
            digit = f"(CAST({number} AS BIGINT) >> {bit}) & 1"
            each += [frozenset((table, name, f"{digit} = {late}") for name in rough[table]) for late in (0, 1)]
    ends = dict.fromkeys([frozenset[tuple[str, str, str]](), times, *each])
    return [_at(rough, {(table, name): where for table, name, where in late}) for late in ends]


def _at(rough: Mapping[str, tuple[str, ...]], late: Mapping[tuple[str, str], str]) -> Shown:
    """Return the times in `rough` as if one end were all that is known: the latest in the rows that `late` says."""
    ends = {
        (table, name): f"CASE WHEN {late.get((table, name), 'false')} THEN t.{latest_of(name)} ELSE t.{name} END"
        for table, names in rough.items()
        for name in names
    }
    return ends | {(table, latest_of(name)): end for (table, name), end in ends.items()}


def as_shown(sql: str, shown: Shown) -> str:
    """Return `sql` so that it sees what is `shown` in the place of what the tables hold."""
    words = set(_word.findall(sql.lower()))
    tables = []
    for table in dict.fromkeys(table for table, _ in shown):
        replaced = ", ".join(f"{value} AS {name}" for (of, name), value in shown.items() if of == table)
        # A name that WITH gives hides the table of that name, but for its own SELECT.
        tables += [f"{name} AS (SELECT t.* REPLACE ({replaced}) FROM {name} t)" for name in _relations(table) & words]
    if not tables:
        return sql
    named, written = f"WITH {', '.join(tables)}", sql.strip().rstrip(";")
    # Written on, it keeps its order; what names tables itself is put within.
    return f"{named} SELECT * FROM (\n{written}\n) policycore_rough" if "with" in words else f"{named} {written}"


def compared(table: str, sql: str) -> bool:
    """Return whether `sql` names a table twice, so that it may compare its rows with one another."""
    named = "|".join(map(re.escape, _relations(table)))
    return len(re.findall(rf"\b(?:{named})\b(?!\s*[.])", sql, re.IGNORECASE)) > 1


def _relations(table: str) -> set[str]:
    """Return the names under which SQL may read the rows of `table` with all their times."""
    groups = {"all_groups", "group_facts"} if table == "groups" else set()
    return {table, history_of(table), *groups} - {""}
