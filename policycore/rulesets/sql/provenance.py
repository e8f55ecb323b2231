"""Follow people's words through the expressions of SQL, so that a rule set carries no text out in pieces or as numbers.

A result column may hold a text whole, for the engine masks it and withholds what bears a mark; its length; and how many
there are. Anything else made of a text is refused: `unicode(substr(name, 1, 1))` would spell it out. What a comparison
says of a text is one bit; `MOST_BITS` of them may stand in the columns of one rule, beside the one that every hit is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from policycore.rulesets.sql.columns import Resolve
from policycore.rulesets.sql.relations import Column, Relation
from policycore.rulesets.sql.told import ENDLESS, NOTHING, UNSEEN, Told, one_answer
from policycore.rulesets.sql.tree import (
    SqlFault,
    Tree,
    alias_of,
    arguments,
    function_name,
    nodes,
    offset_of,
    place_of,
    selected,
)

__all__ = ["MOST_BITS", "MOST_QUESTIONS", "Provenance"]

MOST_BITS = 8
"""Yes-or-no answers about texts that the columns of one rule may hold."""
MOST_QUESTIONS = 32
"""How often one rule may ask of texts: asking another thing of every row makes each finding another answer."""

_KEEPS = re.compile(
    r"min|max|any_value|first|last|arbitrary|mode|(first|last|nth)_value|lag|lead|arg_(max|min)|(max|min)_by|"
    r"(list|array)_(distinct|unique|sort|reverse_sort|first|last|slice|filter)|flatten|lower|lcase|upper|ucase|trim"
)
"""Functions that return texts whole, or lists of whole texts, of their first argument."""
_GATHERS = re.compile("list|array_agg|list_value|row|struct_pack|(list|array)_(concat|cat)")
_LISTS = re.compile("list_value|(list|array)_(concat|cat)")
_COMPARES_WITHIN = re.compile("(list|array)_(distinct|unique|sort|reverse_sort)|mode|min|max")
_MULTIPLIES = ("unnest", "range", "generate_series", "generate_subscripts")
_TAKES_OUT = ("unnest", "list_extract", "array_extract", "list_element")
_MEASURES = re.compile(r"len|length|strlen|char_length|character_length|array_length|count|approx_count_distinct")
_MADE = re.compile(r"range|generate_series|generate_subscripts|row_number|rank|dense_rank|ntile|cume_dist|percent_rank")
_ANSWERS = re.compile(
    r"regexp_matches|regexp_full_match|!?~~\*?|!?~|~~~|not_i?like_escape|i?like_escape|contains|starts_with|prefix|suffix|"
    r"ends_with|\^@|(list|array)_(contains|has|has_any|has_all)|bool_(and|or)"
)
_EQUALS = re.compile(
    r"COMPARE_(EQUAL|NOTEQUAL|IN|NOT_IN|(NOT_)?DISTINCT_FROM)|(list|array)_(contains|has|has_any|has_all)"
)
_CHANGES_ALL = re.compile(r"\|\||concat|concat_ws|replace|strip_accents|nfc_normalize|l?r?trim")
"""Functions that put something to texts, or take something from them wherever it stands."""
_ORDERS = re.compile("COMPARE_(LESS|GREATER|BETWEEN|NOT_BETWEEN)|BETWEEN")
_ORDERED_BY = ("order_bys", "orders", "arg_orders")
_JOINING = ("string_agg", "group_concat", "listagg")
# Put between texts, this lets none of them look like part of another word.
_separator = re.compile(r"[ ]*[、，,;；/|\n][ ]*")


class Provenance:
    """What was found about the words in one statement; `look` is called with every expression of it."""

    def __init__(self, sql: str, aggregates: Collection[str]) -> None:
        self.sql = sql
        self.aggregates = aggregates
        self.questions = 0
        self._counted: dict[str, SqlFault] = {}
        self._columns: list[SqlFault] = []
        self._known: dict[int, Told] = {}
        """What every expression looked at holds, by the identity of its node."""

    def look(self, node: Tree, resolve: Resolve) -> Column:
        """Return which people's words an expression holds."""
        return Column(told=self._told(node, resolve))

    def refused(self, tree: Tree, result: Relation, read: frozenset[str]) -> Iterator[SqlFault]:
        """Yield what the columns of a statement's result would carry out; `read` are the fields of words it reads."""
        yield from (*self._counted.values(), *self._columns)
        listed = {alias_of(item): offset_of(self.sql, item.get("query_location")) for item in selected(tree)}
        bits = 0
        for name, column in result.columns.items():
            told = column.told
            fields = sorted(read if "" in told.fields else told.fields)
            if fields and not told.whole:
                yield SqlFault("sql.pieces", listed.get(name), name, column=fields[0])
            bits += told.bits
        if result.asks >= ENDLESS:
            yield SqlFault("sql.counted-up", None, column=min(read))
        elif bits > MOST_BITS:
            yield SqlFault("sql.bits", None, str(MOST_BITS))
        elif self.questions > MOST_QUESTIONS:
            yield SqlFault("sql.bits", None, str(MOST_QUESTIONS))

    def _told(self, node: Tree, resolve: Resolve) -> Told:
        """Return which words an expression holds, after looking at all below it."""
        if id(node) not in self._known:
            self._known[id(node)] = self._looked_at(node, resolve)
        return self._known[id(node)]

    def _looked_at(self, node: Tree, resolve: Resolve) -> Told:
        """Return which words an expression holds that was not looked at before."""
        kind, name = node.get("class"), function_name(node)
        if kind == "COLUMN_REF":
            return _of_reference([str(part) for part in node.get("column_names", ())], resolve)
        if kind in ("CONSTANT", "PARAMETER", "TYPE", "DEFAULT"):
            return NOTHING
        if kind == "SUBQUERY":
            return self._subquery(node, resolve)
        if kind == "LAMBDA":
            return self._lambda(node, resolve)
        if kind == "CASE":
            checks = node.get("case_checks") or ()
            asked = _all(self._told(check["when_expr"], resolve) for check in checks)
            branches = [*(check["then_expr"] for check in checks), node.get("else_expr")]
            said = [self._told(one, resolve) for one in branches if one]
            self.questions += max(0, sum(one.cut for one in said) - 1)
            mixed = _all(said)
            return replace(mixed, bits=mixed.bits + asked.bits + asked.cut, rows=mixed.rows | asked.rows)
        below = [self._told(part, resolve) for part in _parts(node)]
        if kind in ("FUNCTION", "WINDOW"):
            return self._called(node, name, below, resolve)
        return self._combined(node, below)

    def _combined(self, node: Tree, below: list[Told]) -> Told:
        """Return which words an operator makes of those `below` it."""
        kind, mixed = node.get("class"), _all(below)
        if kind == "CONJUNCTION" or node.get("type") in ("OPERATOR_NOT", "OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL"):
            cut = sum(one.cut for one in below)
            self.questions += cut
            return Told(bits=one_answer(mixed.bits + cut), rows=mixed.rows)
        whole = kind == "COMPARISON" and all(one.fields and one.whole for one in below)
        if whole and not mixed.made and not (len(mixed.rows) > 1 and _ORDERS.match(str(node.get("type")))):
            # Two texts of the estate, whole: nobody chose what they are asked.
            return Told(bits=one_answer(mixed.bits), rows=mixed.rows)
        if kind in ("COMPARISON", "BETWEEN") or node.get("type") in ("COMPARE_IN", "COMPARE_NOT_IN"):
            return self._asks(node, below)
        if kind == "CAST":
            plain = "VARCHAR" in str((node.get("type_expr") or {}).get("type_name")) and not mixed.depth
            return mixed if plain or not mixed.fields else replace(mixed, whole=False, pieces=True)
        if kind == "OPERATOR" and node.get("type") == "OPERATOR_COALESCE":
            return mixed
        if node.get("type") in ("ARRAY_EXTRACT", "STRUCT_EXTRACT", "ARRAY_SLICE"):
            return self._taken(node, below, out=node["type"] != "ARRAY_SLICE")
        if node.get("columns"):
            self._columns.append(SqlFault("sql.columns", offset_of(self.sql, node.get("query_location"))))
        return replace(mixed, whole=False, pieces=True) if mixed.fields else UNSEEN

    def _called(self, node: Tree, name: str, below: list[Told], resolve: Resolve) -> Told:
        """Return which words a function returns, going by what it is called with and what its rows go by."""
        given = [self._told(one, resolve) for one in arguments(node)]
        first, mixed = (given[0] if given else NOTHING), _all(given)
        chosen = _all(self._told(node[key], resolve) for key in ("filter", "filter_expr") if node.get(key))
        frame = _all(self._told(node[key], resolve) for key in ("start_expr", "end_expr") if node.get(key))
        groups = _all(self._told(one, resolve) for one in node.get("partitions") or ())
        orders = _all(self._told(one, resolve) for one in _parts([node.get(key) for key in _ORDERED_BY]))
        for one in (groups, orders):
            self._unmixed(node, replace(one, made=one.made or one.pieces, rows=frozenset()))
        if frame.fields or frame.bits:
            # As many rows as a text says tell of it, whatever is counted in them.
            return replace(mixed.beside(frame), fields=mixed.fields | frame.fields | UNSEEN.fields, whole=False)
        if orders.fields and not (orders.whole and first.fields and first.whole):
            # Which comes first, or how many come before, tells of the words that rows go by.
            return replace(mixed.beside(orders), whole=False)
        bits = chosen.bits + chosen.cut
        if node.get("class") == "WINDOW" and not _KEEPS.fullmatch(name):
            counts = not mixed.fields or (name == "count" and mixed.whole)
            return Told(made=True, bits=bits + mixed.bits) if counts else replace(mixed, whole=False, pieces=True)
        if name in _MULTIPLIES and not mixed.whole:
            # As many rows as a text says tell of it, whatever is in them.
            self._unmixed(node, replace(mixed, made=True))
        if name == "count_star" or (_MEASURES.fullmatch(name) and mixed.whole):
            counts = name.startswith(("count", "approx"))
            return Told(made=counts, bits=mixed.bits + bits, rows=frozenset() if counts else mixed.rows)
        found = self._returned(node, name, given)
        return replace(found, bits=_all(below).bits if found is mixed else found.bits + bits)

    def _returned(self, node: Tree, name: str, given: list[Told]) -> Told:
        """Return which words a function returns of those it is given."""
        first, mixed, others = (given[0] if given else NOTHING), _all(given), _all(given[1:])
        if _MADE.fullmatch(name):
            return replace(mixed, made=True, whole=not mixed.fields, pieces=bool(mixed.fields))
        if _ANSWERS.fullmatch(name) and (len(given) > 1 or name.startswith("bool")):
            return self._asks(node, given)
        if name in _TAKES_OUT:
            return self._taken(node, given, out=True)
        if _GATHERS.fullmatch(name):
            listed = bool(_LISTS.fullmatch(name) and mixed.fields and not all(one.fields for one in given))
            deeper = 0 if name.endswith("cat") else 1
            apart = bool(mixed.fields) and len(mixed.rows) > 1 and any(one.rows and not one.fields for one in given)
            mingled = mixed.mingled or apart
            return replace(mixed, depth=mixed.depth + deeper, made=mixed.made or listed, mingled=mingled)
        if (
            _KEEPS.fullmatch(name)
            and not others.fields
            and not any(one.get("class") == "LAMBDA" for one in arguments(node))
        ):
            if _COMPARES_WITHIN.fullmatch(name):
                # Structures would bring what stands beside a text along, in the order of texts.
                deep = first.depth > name.startswith(("list", "array"))
                self._unmixed(node, replace(first, made=first.made or deep, rows=frozenset()))
            return replace(first, whole=first.whole and not (first.fields and name == "trim" and len(given) > 1))
        self._unmixed(node, mixed)
        if name in self.aggregates and not mixed.fields:
            return replace(mixed, made=True)
        if name in _JOINING and not mixed.depth and _separates(arguments(node)[1:]):
            return mixed
        pieces = bool(mixed.fields) and not (_CHANGES_ALL.fullmatch(name) and not (name == "replace" and others.fields))
        return replace(mixed, whole=mixed.whole and not mixed.fields, pieces=mixed.pieces or pieces)

    def _asks(self, node: Tree, below: list[Told]) -> Told:
        """Return yes or no, as a comparison of what stands `below` it says."""
        mixed, equal = _all(below), _is_equality(node)
        mixed = replace(mixed, made=mixed.made or mixed.mingled)
        # A part of a text may be a whole one elsewhere (a unit in front of a name), not a part of one or within one.
        parts = sum(one.pieces for one in below)
        whole = not parts or (equal and parts == 1 and all(one.whole or one.pieces for one in below))
        whole = whole and not _ORDERS.match(str(node.get("type") or node.get("class")))
        self._unmixed(node, mixed, words_alone=whole and all(one.fields or not one.rows for one in below))
        self.questions += bool(mixed.fields)
        return Told(bits=one_answer(mixed.bits + bool(mixed.fields)), rows=mixed.rows)

    def _taken(self, node: Tree, below: list[Told], *, out: bool) -> Told:
        """Return what is taken `out` of the first, or a part of it; which one must no word say."""
        first, chosen_by = below[0], _all(below[1:])
        self._unmixed(node, replace(chosen_by, made=chosen_by.made or first.made))
        found = replace(first, depth=first.depth - out, whole=first.whole and first.depth > 0)
        found = replace(found, bits=first.bits + chosen_by.bits, rows=first.rows | chosen_by.rows)
        if not first.fields:
            found = replace(
                found, made=found.made or bool(chosen_by.rows) or function_name(node) == "unnest", whole=True
            )
        found = replace(found, pieces=found.pieces or found.cut)
        return replace(found.beside(chosen_by), whole=False, pieces=True) if chosen_by.fields else found

    def _unmixed(self, node: Tree, told: Told, *, words_alone: bool = False) -> None:
        """Report words that are compared, or computed, with what the SQL counts up, or with values of other rows.

        The finding would say which value it was: they find any text. Texts of other rows, `words_alone`, are masked.
        """
        apart = len(told.rows) > 1 and not words_alone and not (told.whole and _is_equality(node))
        if told.fields and (told.made or apart):
            field = min(told.fields)
            self._counted.setdefault(field, SqlFault("sql.counted-up", place_of(self.sql, node), column=field))

    def _subquery(self, node: Tree, resolve: Resolve) -> Told:
        """Return which words a subquery returns; whether there is anything, or among it, is one bit."""
        relation = resolve.subquery(node["subquery"])
        first = next(iter(relation.columns.values()), Column()).told
        if node.get("subquery_type") == "SCALAR":
            return replace(first, bits=first.bits + relation.asks)
        child = self._told(node["child"], resolve) if node.get("child") else NOTHING
        found = self._asks(node, [first, child])
        return replace(found, bits=one_answer(found.bits + relation.asks))

    def _lambda(self, node: Tree, resolve: Resolve) -> Told:
        """Return which words from around it a lambda holds: in pieces, for what it makes of them nobody follows."""
        own = {str(name).lower() for part in nodes(node.get("lhs")) for name in part.get("column_names") or ()}
        found = NOTHING
        for part in nodes(node.get("expr")):
            names = [str(name) for name in part.get("column_names") or ()]
            if names and names[0].lower() not in own:
                found = found.beside(_of_reference(names, resolve))
        return replace(found, whole=not found.fields, pieces=bool(found.fields))


def _of_reference(names: list[str], resolve: Resolve) -> Told:
    """Return which words a reference means; what follows the name of a column is a part of it."""
    for length in range(len(names), 0, -1):
        column = resolve.column(names[:length])
        if "" not in column.told.fields:
            parts = len(names) - length
            return replace(column.told, depth=max(0, column.told.depth - parts)) if parts else column.told
    return UNSEEN


def _parts(tree: Any) -> Iterator[Tree]:
    """Yield the expressions right below one."""
    for value in tree.values() if isinstance(tree, dict) else tree:
        if isinstance(value, dict) and "class" in value:
            yield value
        elif isinstance(value, (dict, list)):
            yield from _parts(value)


def _all(told: Any) -> Told:
    """Return what several expressions hold together."""
    whole = NOTHING
    for one in told:
        whole = whole.beside(one)
    return whole


def _is_equality(node: Tree) -> bool:
    """Return whether a node asks only whether things are the same."""
    return bool(_EQUALS.fullmatch(str(node.get("type") or "")) or _EQUALS.fullmatch(function_name(node)))


def _separates(given: list[Tree]) -> bool:
    """Return whether what texts are joined with keeps them apart."""
    texts = [str((one.get("literal") or {}).get("text", "")) for one in given]
    return len(texts) == 1 and _separator.fullmatch(texts[0]) is not None
