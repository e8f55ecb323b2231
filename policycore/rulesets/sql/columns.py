"""Follow the columns of SQL through aliases, joins, subqueries and named subqueries, back to the estate's tables.

Of each expression this tells which words it can hold where those are few, and a sample of its type: what compares a
closed column with a word that it never holds would never find anything, or always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any

from policycore.rulesets.sql.relations import UNKNOWN, Column, Relation, at_place, both, united
from policycore.rulesets.sql.told import ENDLESS, Told, one_answer
from policycore.rulesets.sql.tree import Tree, alias_of, arguments, cte_entries, cte_query, function_name

__all__ = ["Columns", "Resolve"]


@dataclass(slots=True)
class _Scope:
    """The relations that names are looked up in, and the scope around them."""

    around: _Scope | None
    places: Iterator[int]
    """Numbers for the places that rows come from."""
    relations: list[tuple[str, Relation, int]] = field(default_factory=list)
    aliases: dict[str, Column] = field(default_factory=dict)
    asks: int = 0
    """What a condition asked for words of people, as `Relation` counts it."""

    def column(self, names: Sequence[str]) -> Column:
        """Return the column that a reference means; an unknown one where that cannot be told."""
        path = [name.lower() for name in names]
        for alias, relation, place in self.relations:
            if len(path) > 1 and alias == path[0]:
                # What follows a column is a part of it.
                return at_place(relation.columns.get(path[1], UNKNOWN), place) if len(path) == 2 else UNKNOWN
        for _, relation, place in self.relations:
            if path[0] in relation.columns:
                return at_place(relation.columns[path[0]], place) if len(path) == 1 else UNKNOWN
        if len(path) == 1 and path[0] in self.aliases:
            return self.aliases[path[0]]
        if self.around is None or any(relation.open for _, relation, _ in self.relations):
            return UNKNOWN
        return self.around.column(names)


class Columns:
    """A walk over one statement; `look` is called with every expression of it, and how to resolve what is in it."""

    def __init__(self, tables: Mapping[str, Relation], look: Callable[[Tree, Resolve], Column]) -> None:
        self.tables = tables
        self.look = look
        self._places = count()

    def query(self, node: Tree, around: _Scope | None = None, named: Mapping[str, Relation] | None = None) -> Relation:
        """Return the columns of a query's result."""
        known = dict(named or {})
        for entry in cte_entries(node):
            name, query, names = cte_query(entry)
            known[name] = self.query(query, around, known).renamed(names)
        kind = node.get("type")
        if kind == "SELECT_NODE":
            return self._select(node, around, known, within=named is not None)
        parts = [part for part in (node.get("left"), node.get("right"), *(node.get("children") or ())) if part]
        if not parts:
            return Relation(open=True)
        first = self.query(parts[0], around, known)
        if kind == "RECURSIVE_CTE_NODE":
            names = [str(name).lower() for name in node.get("aliases") or ()]
            again = {
                name: Column(told=replace(column.told, made=True))
                for name, column in first.renamed(names).columns.items()
            }
            known[str(node.get("cte_name")).lower()] = Relation(again, first.open)
        whole = first
        for part in parts[1:]:
            whole = united(whole, self.query(part, around, known), str(node.get("setop_type")))
        scope = _Scope(around, self._places, [("", whole, next(self._places))])
        self._ordered(node, scope, known, within=named is not None)
        return replace(whole, asks=max(whole.asks, scope.asks))

    def _select(self, node: Tree, around: _Scope | None, named: Mapping[str, Relation], *, within: bool) -> Relation:
        """Return the columns of one SELECT."""
        scope = _Scope(around, self._places)
        self._source(node.get("from_table") or {}, scope, named)
        apart = ("select_list", "from_table", "cte_map", "modifiers", "group_expressions")
        rest = {key: value for key, value in node.items() if key not in apart}
        result = Relation()
        for item in node.get("select_list") or ():
            if item.get("class") == "STAR":
                if item.get("columns"):
                    self._seen(item, scope, named)
                self._star(item, scope, named, result)
                continue
            column = _derived(self._seen(item, scope, named))
            name = alias_of(item) or f"column {len(result.columns)}"
            result.columns[name] = column
            if item.get("alias"):
                scope.aliases[name] = column
        self._expressions(rest, scope, named)
        for one in _meant(node, node.get("group_expressions") or ()):
            self._grouped(one, scope, named)
        self._ordered(node, scope, named, within=within)
        result.asks = scope.asks
        return result

    def _ordered(self, node: Tree, scope: _Scope, named: Mapping[str, Relation], *, within: bool) -> None:
        """Look at what follows a query: where rows are taken in the order of texts, that tells their order."""
        modifiers = node.get("modifiers") or ()
        first_ones = _meant(node, [one for modifier in modifiers for one in modifier.get("distinct_on_targets") or ()])
        for one in first_ones:
            self._grouped(one, scope, named)
        for modifier in modifiers:
            if modifier.get("type") == "ORDER_MODIFIER":
                for one in _meant(node, [one["expression"] for one in modifier.get("orders") or ()]):
                    if self._asked(one, scope, named).fields and (within or first_ones):
                        scope.asks = ENDLESS
            elif modifier.get("type") == "LIMIT_MODIFIER":
                for one in filter(None, (modifier.get("limit"), modifier.get("offset"))):
                    told = self._asked(one, scope, named)
                    if told.fields or told.bits:
                        scope.asks = ENDLESS  # as many rows as a text says
            elif not first_ones:
                self._expressions(modifier, scope, named)

    def _grouped(self, expression: Tree, scope: _Scope, named: Mapping[str, Relation]) -> None:
        """Look at what rows are put together by: texts alike, but not parts of them, nor texts that the SQL lists."""
        told = self._asked(expression, scope, named)
        if told.fields and (told.made or told.pieces):
            scope.asks = ENDLESS

    def _star(self, item: Tree, scope: _Scope, named: Mapping[str, Relation], result: Relation) -> None:
        """Add what ``*`` stands for."""
        whose = str(item.get("relation_name") or "").lower()
        left_out = {str(name).lower() for name in item.get("exclude_list") or ()}
        if item.get("columns") or item.get("expr") or item.get("rename_list") or item.get("qualified_exclude_list"):
            result.open = True
        for alias, relation, place in scope.relations:
            if not whose or alias == whose:
                result.open = result.open or relation.open
                result.columns |= {n: at_place(one, place) for n, one in relation.columns.items() if n not in left_out}
        for entry in item.get("replace_list") or ():
            result.columns[str(entry["key"]).lower()] = _derived(self._seen(entry["value"], scope, named))

    def _source(self, node: Tree, scope: _Scope, named: Mapping[str, Relation]) -> None:
        """Put what a query reads from into its scope."""
        kind = node.get("type")
        if kind == "JOIN":
            self._joined(node, scope, named)
            return
        if kind in (None, "EMPTY"):
            return
        alias, relation = str(node.get("alias") or "").lower(), Relation(open=True)
        if kind == "BASE_TABLE":
            path = (node.get("qualified_name") or {}).get("path") or [node.get("table_name", "")]
            name = str(path[-1]).lower()
            relation = named.get(name) or self.tables.get(name) or relation
            alias = alias or name
        elif kind == "SUBQUERY":
            # Behind LATERAL, and only there, it sees what stands before it: no name means something else without.
            relation = self.query(node["subquery"]["node"], scope, named)
        elif kind == "EXPRESSION_LIST":
            relation = self._values(node, scope, named)
        elif kind == "TABLE_FUNCTION":
            function, told = node.get("function") or {}, Told()
            for one in arguments(function):
                told = told.beside(self._seen(one, scope, named).told)
            if function_name(function) in ("unnest", "range", "generate_series"):
                self._seen(function, scope, named)
            told = replace(
                told,
                depth=max(0, told.depth - 1),
                whole=told.whole and told.depth > 0,
                made=told.made or not told.fields,
                rows=frozenset([next(self._places)]),
            )
            relation = Relation({str(function.get("function_name")).lower(): Column(told=told)}, open=True)
        names = [str(name).lower() for name in node.get("column_name_alias") or ()]
        scope.asks = max(scope.asks, relation.asks // ENDLESS * ENDLESS)  # whichever of its columns are read
        if relation.asks:
            # What was chosen by its words tells of them, whatever stands in it.
            columns = {
                name: replace(column, told=replace(column.told, bits=column.told.bits + relation.asks))
                for name, column in relation.columns.items()
            }
            relation = replace(relation, columns=columns, asks=0)
        scope.relations.append((alias, relation.renamed(names), next(self._places)))

    def _joined(self, node: Tree, scope: _Scope, named: Mapping[str, Relation]) -> None:
        """Put both sides of a join into a scope, and look at what they are joined by."""
        begin = len(scope.relations)
        self._source(node["left"], scope, named)
        middle = len(scope.relations)
        self._source(node["right"], scope, named)
        self._expressions(node.get("condition"), scope, named)
        sides = (scope.relations[begin:middle], scope.relations[middle:])
        names = [str(one).lower() for one in node.get("using_columns") or ()]
        if node.get("ref_type") == "NATURAL":
            names += sorted(set.intersection(*({name for _, one, _ in side for name in one.columns} for side in sides)))
        for name in names:
            first, second = ({"class": "COLUMN_REF", "type": "COLUMN_REF", "column_names": [side]} for side in "01")
            equal = {"class": "COMPARISON", "type": "COMPARE_EQUAL", "left": first, "right": second}
            found = [_Scope(None, self._places, side).column([name]) for side in sides]
            told = self.look(equal, Resolve(partial(_side, found), _no_subquery)).told
            scope.asks = max(scope.asks, one_answer(told.bits))

    def _values(self, node: Tree, scope: _Scope, named: Mapping[str, Relation]) -> Relation:
        """Return the columns of a list of rows."""
        rows = node.get("values") or []
        columns: dict[str, Column] = {}
        for number, cells in enumerate(zip(*rows, strict=False)):
            seen = [_derived(self._seen(cell, scope, named)) for cell in cells]
            whole = replace(seen[0], told=replace(seen[0].told, made=True))
            for one in seen[1:]:
                whole = Column(both(whole.words, one.words), told=whole.told.beside(one.told))
            columns[f"col{number}"] = whole
        names = [str(name).lower() for name in node.get("expected_names") or ()]
        return Relation(columns).renamed(names)

    def _expressions(self, tree: Any, scope: _Scope, named: Mapping[str, Relation]) -> None:
        """Look at every expression in a part of a query."""
        if isinstance(tree, list):
            for part in tree:
                self._expressions(part, scope, named)
        elif isinstance(tree, dict):
            if "class" in tree:
                self._asked(tree, scope, named)
            else:
                self._expressions(list(tree.values()), scope, named)

    def _asked(self, expression: Tree, scope: _Scope, named: Mapping[str, Relation]) -> Told:
        """Return which words a part of a query holds that decides which rows there are."""
        told = self._seen(expression, scope, named).told
        scope.asks = max(scope.asks, one_answer(told.bits + told.cut))
        return told

    def _seen(self, expression: Tree, scope: _Scope, named: Mapping[str, Relation]) -> Column:
        """Return what is known of an expression, after looking at it."""
        return self.look(expression, Resolve(scope.column, lambda subquery: self.query(subquery["node"], scope, named)))


@dataclass(frozen=True, slots=True)
class Resolve:
    """The ways to resolve what stands in one expression."""

    column: Callable[[Sequence[str]], Column]
    """What a reference to a column means."""
    subquery: Callable[[Tree], Relation]
    """What a subquery returns; its own expressions are looked at on the way."""


def _derived(column: Column) -> Column:
    """Return a column of a result: its words stand elsewhere than where they are compared."""
    return replace(column, words=None if column.words is None else replace(column.words, direct=False))


def _meant(node: Tree, expressions: Sequence[Tree]) -> list[Tree]:
    """Return what a query is grouped or ordered by, where it says ALL or gives the number of a column as well."""
    selected = [one for one in node.get("select_list") or () if one.get("class") != "STAR"]
    everything = any(one.get("class") == "STAR" for one in expressions)
    if everything or (not expressions and node.get("aggregate_handling") == "FORCE_AGGREGATES"):
        return selected
    numbers = (str((one.get("literal") or {}).get("text", "")) for one in expressions)
    return [
        selected[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(selected) else one
        for one, number in zip(expressions, numbers, strict=True)
    ]


def _side(columns: Sequence[Column], names: Sequence[str]) -> Column:
    """Return the column of one side of a join, named by its number."""
    return columns[int(names[0])]


def _no_subquery(node: Tree) -> Relation:
    raise ValueError(node)  # names of two columns hold none
