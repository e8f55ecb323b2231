"""Look at what the SQL of a rule set returns: whether rows are kept out of it, and whether it can say who is meant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from policycore.model.schema import table_schema
from policycore.model.verdict import Verdict
from policycore.rulesets.sql.empty_schema import BoundSql
from policycore.rulesets.sql.relations import Column, Relation
from policycore.rulesets.sql.tree import (
    SqlFault,
    Tree,
    alias_of,
    bare,
    cte_entries,
    cte_query,
    function_name,
    nodes,
    offset_of,
    place_of,
)

__all__ = ["cut_short", "is_constant", "never_changing", "wrong_results"]

Compute = Callable[[Sequence[Tree]], Sequence[object]]
_LEAVES = frozenset(["COLUMN_REF", "PARAMETER", "SUBQUERY", "WINDOW", "STAR", "POSITIONAL_REFERENCE"])
_OF_THE_MOMENT = ("count_star", "as_of", "elapsed_days", "days_after", "is_workday")
"""What comes to something else than here, by the rows, the moment or the calendar of a run."""
_NEVER_OF_ITSELF = ("COMPARE_NOTEQUAL", "COMPARE_LESSTHAN", "COMPARE_GREATERTHAN")


def cut_short(
    sql: str, query: Tree, compute: Compute, aggregates: Collection[str], named: Mapping[str, Tree] | None = None
) -> Iterator[SqlFault]:
    """Yield what keeps rows out of the result, in the query itself and in what its rows come from alone.

    That is a LIMIT, a condition that never holds, and an aggregate, a QUALIFY or a DISTINCT ON that keeps one row of
    many subjects.
    """
    known = {**(named or {}), **{name: found for name, found, _ in map(cte_query, cte_entries(query))}}
    for modifier in query.get("modifiers") or ():
        if modifier.get("type") == "LIMIT_MODIFIER":
            yield SqlFault("sql.limit", place_of(sql, modifier))
    yield from _never(sql, query, compute, aggregates)
    yield from _one_of_many(sql, query, aggregates)
    parts = [part for part in (query.get("left"), query.get("right"), *(query.get("children") or ())) if part]
    if query.get("setop_type") == "EXCEPT" and len({bare(part) for part in parts}) == 1:
        yield SqlFault("sql.empty", None)
    for part in parts:
        yield from cut_short(sql, part, compute, aggregates, known)
    source = query.get("from_table") or {}
    if source.get("type") == "SUBQUERY":
        yield from cut_short(sql, source["subquery"]["node"], compute, aggregates, known)
    elif source.get("type") == "BASE_TABLE":
        name = str(source.get("table_name", "")).lower()
        if name in known:
            yield from cut_short(sql, known.pop(name), compute, aggregates, known)
    for node in nodes(query.get("where_clause")):
        if node.get("class") == "SUBQUERY" and node.get("subquery_type") == "ANY":
            yield from cut_short(sql, node["subquery"]["node"], compute, aggregates, known)


def _never(sql: str, query: Tree, compute: Compute, aggregates: Collection[str]) -> Iterator[SqlFault]:
    """Yield each condition of one SELECT that holds for no row: a constant that is not true, or x <> x."""
    wanted = [query.get("where_clause"), query.get("having"), query.get("qualify"), *_joined(query.get("from_table"))]
    for one in _conjuncts(wanted):
        value = _constant(one, compute, aggregates)
        if value is not None and not value[0]:
            yield SqlFault("sql.empty", place_of(sql, one))


def never_changing(sql: str, condition: Tree, compute: Compute, aggregates: Collection[str]) -> Iterator[SqlFault]:
    """Yield each part of a condition, by itself or beside AND, OR and NOT, that is the same for every group."""
    if condition.get("class") == "CONJUNCTION" or condition.get("type") == "OPERATOR_NOT":
        for one in condition["children"]:
            yield from never_changing(sql, one, compute, aggregates)
    elif _constant(condition, compute, aggregates) is not None:
        yield SqlFault("sql.constant", place_of(sql, condition))


def _constant(one: Tree, compute: Compute, aggregates: Collection[str]) -> tuple[object] | None:
    """Return what a condition comes to whatever the row, as x <> x does; None where it depends, or cannot be told."""
    if one.get("class") == "COMPARISON" and bare(one["left"]) == bare(one["right"]):
        return (one["type"] not in _NEVER_OF_ITSELF,)
    told = compute([one]) if is_constant(one, aggregates) else ()
    return (told[0],) if told else None


def is_constant(one: Tree, aggregates: Collection[str]) -> bool:
    """Return whether an expression comes to the same whatever the row, the moment and the parameters."""
    leaves = {str(node.get("class")) for node in nodes(one)}
    return not (leaves & _LEAVES or {function_name(node) for node in nodes(one)} & {*aggregates, *_OF_THE_MOMENT})


def _joined(source: Tree | None) -> Iterator[Tree | None]:
    """Yield the conditions of inner joins: no row is there without them."""
    if source and source.get("type") == "JOIN":
        if source.get("join_type") == "INNER":
            yield source.get("condition")
        yield from _joined(source["left"])
        yield from _joined(source["right"])


def _conjuncts(conditions: Iterable[Tree | None]) -> Iterator[Tree]:
    """Yield what must hold all at once."""
    for one in conditions:
        if one and one.get("type") == "CONJUNCTION_AND":
            yield from _conjuncts(one["children"])
        elif one:
            yield one


def _one_of_many(sql: str, query: Tree, aggregates: Collection[str]) -> Iterator[SqlFault]:
    """Yield what keeps one row of all subjects, where each was to be told."""
    selected = query.get("select_list") or ()
    key = next((name for name in map(alias_of, selected) if name in _KEYS), None)
    if key is None:
        return
    grouped = query.get("group_expressions") or query.get("aggregate_handling") == "FORCE_AGGREGATES"
    # What stands in a subquery is of rows of its own.
    inside = {id(node) for one in nodes(selected) if "subquery" in one for node in nodes(one["subquery"])}
    for node in () if grouped else nodes(selected):
        if node.get("class") == "FUNCTION" and function_name(node) in aggregates and id(node) not in inside:
            yield SqlFault("sql.cut", offset_of(sql, node.get("query_location")), function_name(node), column=key)
            break
    for node in nodes(query.get("qualify")):
        if node.get("class") == "WINDOW" and not _goes_by(node.get("partitions")):
            yield SqlFault("sql.cut", offset_of(sql, node.get("query_location")), "QUALIFY", column=key)
    for modifier in query.get("modifiers") or ():
        on = modifier.get("distinct_on_targets")
        if on and not _goes_by(on):
            yield SqlFault("sql.cut", offset_of(sql, on[0].get("query_location")), "DISTINCT ON", column=key)


def _goes_by(expressions: Sequence[Tree] | None) -> bool:
    """Return whether a column is among some expressions."""
    return any(node.get("class") == "COLUMN_REF" for node in nodes(list(expressions or ())))


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
        if name.lower() == "verdict" and kind != '"NULL"':
            yield from _wrong_verdict(sql, name, column, offset)
        if name not in _KEYS:
            continue
        table, _, own = column.field.partition(".")
        if kind not in ("VARCHAR", '"NULL"'):
            yield SqlFault("sql.key-type", offset, name, column=kind)
        elif table and not ((table == _KEYS[name] and own == "id") or _refers(table, own) == _KEYS[name]):
            yield SqlFault("sql.not-an-id", offset, name, column=column.field)


def _wrong_verdict(sql: str, name: str, column: Column, offset: int | None) -> Iterator[SqlFault]:
    """Yield what a column of verdicts can hold that is none which a rule may give."""
    if name != "verdict" or column.words is None:
        yield SqlFault("sql.verdict", offset, name, known=_VERDICTS)
        return
    for word in column.words.words:
        if word.text not in _VERDICTS:
            place = offset_of(sql, word.position)
            yield SqlFault("sql.unknown-word", place, word.text, _VERDICTS, "verdict", _VERDICTS)


def _refers(table: str, column: str) -> str | None:
    """Return the table whose ids a column of the model holds."""
    return table_schema(table).columns[column].references
