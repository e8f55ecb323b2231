"""Look at what the SQL of a rule set returns: whether rows are kept out of it, and whether it can say who is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policycore.model.schema import table_schema
from policycore.model.verdict import Verdict
from policycore.rulesets.sql.columns import Column, Relation
from policycore.rulesets.sql.empty_schema import BoundSql
from policycore.rulesets.sql.tree import SqlFault, Tree, alias_of, cte_entries, cte_query, nodes, offset_of

__all__ = ["cut_short", "wrong_results"]


def cut_short(sql: str, query: Tree, named: Mapping[str, Tree] | None = None) -> Iterator[SqlFault]:
    """Yield each LIMIT that keeps rows out of the result, in the query itself and in what its rows come from alone."""
    known = {**(named or {}), **{name: found for name, found, _ in map(cte_query, cte_entries(query))}}
    for modifier in query.get("modifiers") or ():
        if modifier.get("type") == "LIMIT_MODIFIER":
            ends = (offset_of(sql, node.get("query_location")) for node in nodes(modifier))
            yield SqlFault("sql.limit", next((offset for offset in ends if offset is not None), None))
    for part in (query.get("left"), query.get("right"), *(query.get("children") or ())):
        if part:
            yield from cut_short(sql, part, known)
    source = query.get("from_table") or {}
    if source.get("type") == "SUBQUERY":
        yield from cut_short(sql, source["subquery"]["node"], known)
    elif source.get("type") == "BASE_TABLE":
        name = str(source.get("table_name", "")).lower()
        if name in known:
            yield from cut_short(sql, known.pop(name), known)
    for node in nodes(query.get("where_clause")):
        if node.get("class") == "SUBQUERY" and node.get("subquery_type") == "ANY":
            yield from cut_short(sql, node["subquery"]["node"], known)


_KEYS = {
    "group_id": "groups",
    "account_id": "accounts",
    "message_id": "messages",
    "person_id": "people",
    "department_id": "departments",
    "task_id": "tasks",
    "submission_id": "submissions",
}
_VERDICTS = (Verdict.FAIL.value, Verdict.SUSPECT.value)


def wrong_results(sql: str, tree: Tree, result: Relation, bound: BoundSql) -> Iterator[SqlFault]:
    """Yield the columns of a result that cannot say who is meant, and words that are no verdict of a finding."""
    listed = {alias_of(item): offset_of(sql, item.get("query_location")) for item in tree.get("select_list") or ()}
    for name, kind in bound.columns.items():
        column, offset = result.columns.get(name.lower(), Column()), listed.get(name.lower())
        if name.startswith("__"):
            yield SqlFault("sql.own-name", offset, name)
        if name == "verdict" and column.words is not None:
            for word in column.words.words:
                if word.text not in _VERDICTS:
                    place = offset_of(sql, word.position)
                    yield SqlFault("sql.unknown-word", place, word.text, _VERDICTS, "verdict", _VERDICTS)
        elif name == "verdict" and kind != '"NULL"':
            yield SqlFault("sql.verdict", offset, name, known=_VERDICTS)
        if name not in _KEYS:
            continue
        table, _, own = column.field.partition(".")
        if kind not in ("VARCHAR", '"NULL"'):
            yield SqlFault("sql.key-type", offset, name, column=kind)
        elif table and not ((table == _KEYS[name] and own == "id") or _refers(table, own) == _KEYS[name]):
            yield SqlFault("sql.not-an-id", offset, name, column=column.field)


def _refers(table: str, column: str) -> str | None:
    """Return the table whose ids a column of the model holds."""
    return table_schema(table).columns[column].references
