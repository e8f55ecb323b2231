"""Look at the expressions of SQL: which words they compare, and what of them can be tried before the first run."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from policycore.model.words import meant_word
from policycore.rulesets.sql.columns import Resolve
from policycore.rulesets.sql.decided import is_decided
from policycore.rulesets.sql.relations import Column, Word, Words
from policycore.rulesets.sql.results import is_constant
from policycore.rulesets.sql.tree import SqlFault, Tree, arguments, function_name, nodes, offset_of, place_of

__all__ = ["Expressions"]

_CHANGED: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "lcase": str.lower,
    "upper": str.upper,
    "ucase": str.upper,
}
_SAME = re.compile(
    r"min|max|any_value|first|last|arbitrary|mode|(first|last|nth)_value|lag|lead|arg_(max|min)|(max|min)_by|"
    r"nullif|list|array_agg|list_(distinct|unique|sort|extract|first|last)|unnest|array_extract"
)
"""Functions whose result holds no other words than their first argument."""
_ONE_OF = frozenset(["coalesce", "ifnull", "greatest", "least", "list_value"])
_FINDS_IN_LIST = re.compile(r"(list|array)_(contains|has|position|indexof|has_any|has_all)|&&|@>|<@")
_LIKE = re.compile(r"!?~~\*?|not_i?like_escape|i?like_escape")
_REGULAR = frozenset(["regexp_matches", "regexp_full_match", "~", "!~"])
_PARTS: dict[str, Callable[[str, str], bool]] = {
    "starts_with": str.startswith, "prefix": str.startswith, "^@": str.startswith,
    "ends_with": str.endswith, "suffix": str.endswith,
    "contains": str.__contains__, "instr": str.__contains__, "strpos": str.__contains__, "position": str.__contains__,
    "~~~": fnmatchcase,
}  # fmt: skip
_NUMBERS = {
    "local_hour": range(24), "hour": range(24), "local_weekday": range(1, 8), "isodow": range(1, 8),
    "dayofweek": range(7), "weekday": range(7), "dow": range(7), "day": range(1, 32), "dayofmonth": range(1, 32),
    "month": range(1, 13), "quarter": range(1, 5), "minute": range(60), "second": range(60),
}  # fmt: skip
"""What functions of times, and parts of times by name, can return."""
_ENDS = ("COMPARE_LESSTHAN", "COMPARE_LESSTHANOREQUALTO", "upper")
"""Where the number after the last one may stand: an hour before 24."""
_TURNED = {"LESS": "GREATER", "GREATER": "LESS"}
_LEAVES = ("COLUMN_REF", "CONSTANT", "PARAMETER")
_LARGEST_SAMPLE = 300


class Expressions:
    """What was found in the expressions of one statement: faults, and samples to be tried."""

    def __init__(
        self,
        sql: str,
        values: Mapping[str, object],
        aggregates: Collection[str],
        compute: Callable[[Sequence[Tree]], Sequence[object]],
        ordered: Callable[[Sequence[Tree]], Sequence[bytes]],
    ) -> None:
        self.sql = sql
        self.values = values
        self.aggregates = aggregates
        self.compute = compute
        self.faults: list[SqlFault] = []
        self.trials: list[tuple[Tree, int | None]] = []
        self.ordered = ordered
        self._seen: dict[int, Column] = {}
        """What is known of every expression looked at, by the identity of its node."""
        self._decided: set[int] = set()

    def look(self, node: Tree, resolve: Resolve) -> Column:
        """Return what is known of an expression; what is wrong in it goes to `faults`."""
        column = self._column(node, resolve)
        self._try(node, column)
        if any(function_name(one) in self.aggregates for one in nodes(column.sample)):
            return replace(column, sample=None)  # of what is counted nothing more can be counted
        if column.sample is not None and sum(1 for _ in nodes(column.sample)) > _LARGEST_SAMPLE:
            return replace(column, sample=None)
        return column

    def _try(self, node: Tree, column: Column) -> None:
        """Keep the sample of an expression that does something."""
        if column.sample is not None and node.get("class") not in _LEAVES:
            self.trials.append((column.sample, place_of(self.sql, node)))

    def _column(self, node: Tree, resolve: Resolve) -> Column:
        """Return what is known of an expression, with the same of all below it looked at."""
        kind = node.get("class")
        if kind == "COLUMN_REF":
            return resolve.column([str(name) for name in node.get("column_names", ())])
        if kind == "CONSTANT":
            literal = node.get("literal") or {}
            words = self._written([str(literal.get("text"))], node) if literal.get("kind") == "STRING" else None
            return Column(words, sample=node)
        if kind == "PARAMETER":
            return self._parameter(node)
        if kind == "LAMBDA":
            own = {name for part in nodes(node.get("lhs")) for name in part.get("column_names") or ()}
            free = any(names[0] not in own for part in nodes(node) if (names := part.get("column_names")))
            return Column(sample=None if free else node)
        below: dict[int, tuple[Tree, Column]] = {}
        sample = self._rebuilt(node, resolve, below, top=True)
        words = self._words(node, resolve)
        self._in_range(node)
        for code, wrong in (
            ("sql.null", _asks_null(node)),
            ("sql.constant", _asks_nothing(node) or self._is_decided(node)),
        ):
            self.faults += [SqlFault(code, place_of(self.sql, node))] * wrong
        name = function_name(node)
        if kind in ("SUBQUERY", "WINDOW", "STAR") or name == "unnest":
            sample = None
        for part, column in below.values():
            # Of a CASE only one branch is taken: the others are tried where they say what they are themselves.
            if sample is None or (kind == "CASE" and not any(one.get("class") == "COLUMN_REF" for one in nodes(part))):
                self._try(part, column)
        return Column(words, sample=sample, numbers=self._numbers_of(node))

    def _is_decided(self, node: Tree) -> bool:
        """Return whether a condition, and none within it, comes to the same whatever the values."""
        conditional = node.get("class") in ("CONJUNCTION", "BETWEEN") or node.get("type") == "OPERATOR_NOT"
        if not conditional or any(id(one) in self._decided for one in nodes(node)):
            return False
        if is_decided(node, lambda one: is_constant(one, self.aggregates) and not _is_null(one), self._order):
            self._decided.add(id(node))
        return id(node) in self._decided

    def _order(
        self, expression: Tree, constants: Sequence[Tree]
    ) -> tuple[Sequence[bytes], Callable[[Sequence[bytes]], bool]]:
        """Return where constants stand among the values of an expression, and what says if others stand between."""
        known = self._seen.get(id(expression), Column())
        typed = [] if known.sample is None else [known.sample]
        keys = self.ordered([*constants, *typed])[: len(constants)] if constants else []
        words, written = known.words, {str((one.get("literal") or {}).get("text")) for one in constants}
        whole = words is not None and bool(words.column) and written.issuperset(words.texts)
        return keys, lambda ends: not whole and not (typed and _follow(ends))

    def _rebuilt(self, tree: Any, resolve: Resolve, below: dict[int, tuple[Tree, Column]], *, top: bool = False) -> Any:
        """Return a tree with every expression below as its sample; None where one has none. They come into `below`."""
        if isinstance(tree, list):
            parts = [self._rebuilt(part, resolve, below) for part in tree]
            return None if any(new is None and old is not None for new, old in zip(parts, tree, strict=True)) else parts
        if not isinstance(tree, dict) or tree.get("class") == "TYPE":
            return tree
        if "class" in tree and not top:
            column = self._column(tree, resolve)
            self._seen[id(tree)] = column
            below[id(tree)] = (tree, column)
            return column.sample
        changed = {
            key: part if key == "subquery" else self._rebuilt(part, resolve, below) for key, part in tree.items()
        }
        return None if any(changed[key] is None and tree[key] is not None for key in tree) else changed

    def _written(self, texts: Sequence[str], node: Tree, parameter: str = "") -> Words:
        """Return words that are written down where they are compared."""
        place = node.get("query_location")
        return Words(tuple(Word(text, place, parameter) for text in texts), direct=True)

    def _parameter(self, node: Tree) -> Column:
        """Return what is known of a ``$name``."""
        name = str(node.get("identifier", ""))
        value = self.values.get(name)
        listed = list(value) if isinstance(value, (list, tuple)) else [value]
        texts = [item for item in listed if isinstance(item, str)]
        words = self._written(texts, node, name) if texts and len(texts) == len(listed) else None
        return Column(words, sample=node if name in self.values or name == "as_of" else None)

    def _words(self, node: Tree, resolve: Resolve) -> Words | None:
        """Return the words that an expression can hold, after comparing those below it that it compares."""

        def of(part: Any) -> Words | None:
            return self._seen.get(id(part), Column()).words

        kind = node.get("class")
        if kind == "SUBQUERY":
            relation = resolve.subquery(node["subquery"])
            first = next(iter(relation.columns.values()), Column())
            if node.get("subquery_type") == "ANY":
                self._compare(of(node.get("child")), first.words, node.get("query_location"))
            return first.words if node.get("subquery_type") == "SCALAR" else None
        for one, other in _compared(node):
            self._compare(of(one), of(other), node.get("query_location"))
        if kind == "CASE":
            branches = [check["then_expr"] for check in node.get("case_checks") or ()] + [node.get("else_expr")]
            found = _merged(branches, of)
            return None if found is None else replace(found, direct=False)
        if kind == "CAST":
            return of(node["child"]) if "VARCHAR" in str((node.get("type_expr") or {}).get("type_name")) else None
        given = arguments(node)
        if node.get("type") == "OPERATOR_COALESCE":
            return _merged(given, of)
        if node.get("type") == "ARRAY_EXTRACT":
            return of(given[0])
        name = function_name(node)
        known = self._function(name, given, of)
        return known if known is not None or name in self.aggregates else self._computed(node, given, of)

    def _computed(self, node: Tree, given: list[Tree], of: Callable[[Any], Words | None]) -> Words | None:
        """Return what a function of constants, and of one closed column at most, comes to, word by word."""
        asked = [number for number, one in enumerate(given) if one.get("class") != "CONSTANT"]
        if given and not asked and node.get("class") == "FUNCTION":
            (found, *_) = (*self.compute([node]), None)
            return self._written([found], node) if isinstance(found, str) else None
        words = of(given[asked[0]]) if len(asked) == 1 and node.get("class") == "FUNCTION" else None
        if words is None or words.direct or words.given:
            return None
        trials = []
        for text in words.texts:
            listed = list(node["arguments"])
            literal = {"kind": "STRING", "text": text}
            constant = {"class": "CONSTANT", "type": "VALUE_CONSTANT", "alias": "", "literal": literal}
            listed[asked[0]] = {**listed[asked[0]], "expression": {**constant, "query_location": 0}}
            trials.append({**node, "arguments": listed})
        told = self.compute(trials)
        texts = [one for one in told if isinstance(one, str)]
        return Words(tuple(map(Word, texts)), words.column) if texts and len(texts) == len(told) else None

    def _function(self, name: str, given: list[Tree], of: Callable[[Any], Words | None]) -> Words | None:
        """Return the words that a function returns, after comparing those that it compares."""
        first, second = [*map(of, given), None, None][:2]
        if _FINDS_IN_LIST.fullmatch(name) or name == "nullif":
            self._compare(first, second)
        elif _LIKE.fullmatch(name) or name in _REGULAR or name in _PARTS:
            self._match(name, first, second)
        if name in _CHANGED:
            return None if first is None else first.mapped(_CHANGED[name])
        if name in _ONE_OF:
            return _merged(given, of)
        if name == "if":
            found = _merged(given[1:], of)
            return None if found is None else replace(found, direct=False)
        return first if _SAME.fullmatch(name) else None

    def _numbers_of(self, node: Tree) -> range | None:
        """Return which numbers an expression can be, where it is a part of a time."""
        if node.get("class") == "CAST":
            return self._seen.get(id(node["child"]), Column()).numbers
        name, given = function_name(node), arguments(node)
        if name in ("date_part", "datepart") and given:
            name = str((given[0].get("literal") or {}).get("text")).lower()
        return _NUMBERS.get(name) if node.get("class") == "FUNCTION" else None

    def _in_range(self, node: Tree) -> None:
        """Report numbers that the part of a time with which they are compared never is."""
        pairs = [(one, other, str(node.get("type"))) for one, other in _compared(node)]
        if node.get("class") == "BETWEEN":
            pairs = [(node["input"], node[end], end) for end in ("lower", "upper")]
        pairs += [(other, one, re.sub("LESS|GREATER", lambda word: _TURNED[word[0]], how)) for one, other, how in pairs]
        for part, constant, how in pairs:
            known, literal = self._seen.get(id(part), Column()).numbers, constant.get("literal") or {}
            if known is None or literal.get("kind") not in ("INTEGER", "NUMERIC"):
                continue
            number = float(literal["text"])
            if number not in known and not (number == known.stop and how in _ENDS):
                place, ends = offset_of(self.sql, constant.get("query_location")), f"{known[0]}–{known[-1]}"
                self.faults.append(SqlFault("sql.out-of-range", place, literal["text"], known=(ends,)))

    def _compare(self, one: Words | None, other: Words | None, place: object = None) -> None:
        """Report words of either that the other never holds; a parameter may be a switch that only the SQL knows."""
        if one is None or other is None or (one.direct and other.direct):
            return
        if (one.given and not other.column) or (other.given and not one.column):
            return
        for asked, known in ((one, other), (other, one)):
            # What the SQL writes down must be met word by word; of two columns one word in common is enough.
            if not asked.column and not known.direct and (known.column or asked.direct):
                for word in asked.words:
                    if word.text not in known.texts:
                        self._report(word, known)
                return
        if not set(one.texts) & set(other.texts):
            asked, known = (one, other) if one.direct else (other, one)
            word = Word(asked.column, place) if asked.column else asked.words[0]
            self._report(word, known)

    def _match(self, name: str, one: Words | None, pattern: Words | None) -> None:
        """Report patterns that none of the words meets."""
        if one is None or pattern is None or one.direct or not pattern.direct:
            return
        for word in pattern.words:
            if not any(_meets(name, text, word.text) for text in one.texts):
                self._report(word, one)

    def _report(self, word: Word, known: Words) -> None:
        """Report a word that what it is compared with never holds."""
        texts = known.texts
        meant = meant_word(word.text, texts, known.column)
        self.faults.append(
            SqlFault(
                "sql.unknown-word",
                offset_of(self.sql, word.position),
                word.text,
                (meant,) if meant else texts,
                known.column,
                texts,
                word.parameter,
            )
        )


def _compared(node: Tree) -> Iterator[tuple[Tree, Tree]]:
    """Yield the expressions that a node itself compares with one another."""
    if node.get("class") == "COMPARISON":
        yield from _pairs(node["left"], node["right"])
    elif node.get("class") == "BETWEEN":
        yield from ((node["input"], node[end]) for end in ("lower", "upper"))
    elif node.get("type") in ("COMPARE_IN", "COMPARE_NOT_IN"):
        asked, *listed = node["children"]
        for one in listed:
            yield from _pairs(asked, one)


def _asks_nothing(node: Tree) -> bool:
    """Return whether a node asks for one of a list without values: IN (NULL), or IN () as DuckDB reads it."""
    if node.get("type") == "COMPARE_IN":
        return all(map(_is_null, node["children"][1:]))
    of = [one["expression"] for one in node.get("arguments") or ()] if function_name(node) == "contains" else []
    return bool(of) and function_name(of[0]) in ("row", "list_value") and not of[0]["arguments"]


def _asks_null(node: Tree) -> bool:
    """Return whether a node compares something with NULL, or asks that it be none of several that NULL is among."""
    listed = [node.get("left"), node.get("right")] if "DISTINCT" not in str(node.get("type")) else []
    if node.get("type") == "OPERATOR_NOT" and node["children"][0].get("type") == "COMPARE_IN":
        listed = node["children"][0]["children"]
    return any(map(_is_null, filter(None, listed)))


def _follow(ends: Sequence[bytes]) -> bool:
    """Return whether of two values, as they are sorted, one is the next after the other: 5 and 6, and no 5.5."""
    return len(set(map(len, ends))) == 1 and int.from_bytes(ends[-1]) - int.from_bytes(ends[0]) == 1


def _pairs(one: Tree, other: Tree) -> Iterator[tuple[Tree, Tree]]:
    """Yield what is compared with what: two rows place by place."""
    if function_name(one) == function_name(other) == "row":
        for first, second in zip(arguments(one), arguments(other), strict=False):
            yield from _pairs(first, second)
    else:
        yield one, other


def _is_null(node: Tree) -> bool:
    return (node.get("literal") or {}).get("kind") == "NULL_LITERAL"


def _merged(parts: Sequence[Any], of: Callable[[Any], Words | None]) -> Words | None:
    """Return the words of all parts; None where one of them can hold anything."""
    found: Words | None = None
    for part in parts:
        if part is None or _is_null(part):
            continue
        words = of(part)
        if words is None:
            return None
        found = words if found is None else found.beside(words)
    return found


def _meets(name: str, text: str, pattern: str) -> bool:
    """Return whether a word meets the pattern of a function; a pattern that cannot be read is another's business."""
    if name in _PARTS:
        return _PARTS[name](text, pattern)
    if name in _REGULAR:
        try:
            return re.search(pattern, text) is not None
        except re.error:
            return True
    ignore = name.endswith("*") or "ilike" in name
    expression = "".join(".*" if one == "%" else "." if one == "_" else re.escape(one) for one in pattern)
    return re.fullmatch(expression, text, re.IGNORECASE | re.DOTALL if ignore else re.DOTALL) is not None
