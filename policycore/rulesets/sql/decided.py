"""Tell whether a condition comes to the same whatever the value of an expression that it compares with constants.

The constants that an expression is compared with part its values: each of them, what lies between two, below the first,
above the last, and none at all. A condition is asked of each part; what it says of other expressions may be anything.
``x > 5 AND x < 3`` holds in none, ``x <> 1 OR x <> 2`` in each. Two expressions that are compared with each other count
as one, their difference, that is compared with nought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set

from policycore.rulesets.sql.tree import Tree, arguments, bare, function_name

__all__ = ["is_decided"]

_FALSE, _NULL, _TRUE = 0, 1, 2
_ANY = frozenset([_FALSE, _NULL, _TRUE])
_HOLDS: dict[str, Callable[[int, int], bool]] = {
    "COMPARE_EQUAL": int.__eq__,
    "COMPARE_NOTEQUAL": int.__ne__,
    "COMPARE_LESSTHAN": int.__lt__,
    "COMPARE_LESSTHANOREQUALTO": int.__le__,
    "COMPARE_GREATERTHAN": int.__gt__,
    "COMPARE_GREATERTHANOREQUALTO": int.__ge__,
    "COMPARE_DISTINCT_FROM": int.__ne__,
    "COMPARE_NOT_DISTINCT_FROM": int.__eq__,
}
_OF_NULL = {"COMPARE_DISTINCT_FROM": _TRUE, "COMPARE_NOT_DISTINCT_FROM": _FALSE}
_LIKE = frozenset(["~~", "!~~", "~~*", "!~~*", "like_escape", "not_like_escape", "ilike_escape", "not_ilike_escape"])
_MOST_CONSTANTS = 40
_NOUGHT: Tree = {"class": "NOUGHT"}
"""What the difference of two expressions is compared with."""

Ordered = Callable[[Tree, Sequence[Tree]], tuple[Sequence[bytes], Callable[[Sequence[bytes]], bool]]]
"""Says of constants where they stand among the values of an expression, and what says whether there are values beside
one of those places, or between two."""


def is_decided(node: Tree, is_constant: Callable[[Tree], bool], ordered: Ordered) -> bool:
    """Return whether a condition never holds, or an OR always, for one of the expressions that it asks about."""
    asked: dict[str, list[tuple[Tree, Tree]]] = {}
    for expression, constant in _leaves(node, is_constant):
        asked.setdefault(bare(expression), []).append((expression, constant))
    for name, pairs in asked.items():
        constants = {bare(constant): constant for _, constant in pairs if constant}
        if len(pairs) < 2 or len(constants) > _MOST_CONSTANTS:
            continue
        if pairs[0][1] is _NOUGHT:
            if _Condition(name, {bare(_NOUGHT): 1}, is_constant).is_same((0, 1, 2), node):
                return True
            continue
        keys, others = ordered(pairs[0][0], list(constants.values()))
        if len(keys) == len(constants):
            ranks = sorted(set(keys))
            places = {one: 2 * ranks.index(key) + 1 for one, key in zip(constants, keys, strict=True)}
            between = [2 * number for number in range(len(ranks) + 1) if others(ranks[max(0, number - 1) : number + 1])]
            if _Condition(name, places, is_constant).is_same([*between, *places.values()], node):
                return True
    return False


def _sides(node: Tree, is_constant: Callable[[Tree], bool]) -> tuple[Tree, str, Tree] | None:
    """Return what a comparison compares, how, and with which constant; None where both are constant."""
    left, how, right = node["left"], str(node["type"]), node["right"]
    if how not in _HOLDS or (is_constant(left) and is_constant(right)):
        return None
    pair = not is_constant(left) and not is_constant(right)
    if is_constant(left) or (pair and bare(right) < bare(left)):
        swapped = how.replace("LESS", "?").replace("GREATER", "LESS").replace("?", "GREATER")
        left, how, right = right, swapped, left
    return ({"pair": [left, right]}, how, _NOUGHT) if pair else (left, how, right)


def _leaves(node: Tree, is_constant: Callable[[Tree], bool]) -> Iterator[tuple[Tree, Tree]]:
    """Yield each expression that a condition asks about, and the constant with which it compares it; {} for none."""
    kind, below = node.get("type"), node.get("children") or []
    if node.get("class") == "CONJUNCTION" or kind == "OPERATOR_NOT":
        for one in below:
            yield from _leaves(one, is_constant)
    elif kind in ("OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL"):
        yield below[0], {}
    elif kind == "COMPARE_IN" and all(map(is_constant, below[1:])):
        yield from ((below[0], constant) for constant in below[1:])
    elif node.get("class") == "BETWEEN":
        yield from ((node["input"], node[end]) for end in ("lower", "upper") if is_constant(node[end]))
    elif node.get("class") == "COMPARISON":
        sides = _sides(node, is_constant)
        if sides:
            yield sides[0], sides[2]
            yield from ((one, {}) for one in sides[0].get("pair", ()))
    elif function_name(node) in _LIKE:
        yield arguments(node)[0], {}


class _Condition:
    """A condition of which one expression, by what it says, is tried with values that stand among its constants."""

    def __init__(self, name: str, places: dict[str, int], is_constant: Callable[[Tree], bool]) -> None:
        self.name, self.places, self.is_constant = name, places, is_constant

    def is_same(self, places: Sequence[int], node: Tree) -> bool:
        """Return whether an OR holds for all values at some places, or another condition for none, nor for no value."""
        of_values = frozenset[int]().union(*(self.truth(node, one) for one in places))
        of_null = self.truth(node, None)
        if node.get("type") == "CONJUNCTION_OR":
            return of_values == {_TRUE} and _FALSE not in of_null
        return _TRUE not in of_values | of_null

    def truth(self, node: Tree, at: int | None) -> Set[int]:
        """Return what a condition can come to where the expression has a value at this place; None for no value."""
        kind, below = str(node.get("type")), node.get("children") or []
        if kind in ("CONJUNCTION_AND", "CONJUNCTION_OR"):
            chosen = min if kind == "CONJUNCTION_AND" else max
            found: Set[int] = {_TRUE if chosen is min else _FALSE}
            for one in below:
                found = {chosen(first, second) for first in found for second in self.truth(one, at)}
            return found
        if kind == "OPERATOR_NOT":
            return {_TRUE - one for one in self.truth(below[0], at)}
        if kind in ("OPERATOR_IS_NULL", "OPERATOR_IS_NOT_NULL"):
            is_so = (at is None) == (kind == "OPERATOR_IS_NULL")
            return {_TRUE if is_so else _FALSE} if bare(below[0]) == self.name else _ANY
        if kind == "COMPARE_IN":
            known = bare(below[0]) == self.name and all(map(self.is_constant, below[1:]))
            return {max(self._compared("COMPARE_EQUAL", one, at) for one in below[1:])} if known else _ANY
        if node.get("class") == "BETWEEN":
            return self._between(node, at)
        if node.get("class") == "COMPARISON":
            sides = _sides(node, self.is_constant)
            if sides is None or (at is None and "pair" in sides[0] and sides[1] in _OF_NULL):
                return _ANY
            if bare(sides[0]) == self.name:
                return {self._compared(sides[1], sides[2], at)}
            return self._beside_null(sides[0].get("pair", ()), at)
        return self._beside_null(arguments(node)[:1], at) if function_name(node) in _LIKE else _ANY

    def _beside_null(self, operands: Sequence[Tree], at: int | None) -> Set[int]:
        """Return what becomes of operands that may be anything, but of nothing where the expression has no value."""
        return {_NULL} if at is None and self.name in map(bare, operands) else _ANY

    def _between(self, node: Tree, at: int | None) -> Set[int]:
        """Return what a BETWEEN can come to, of which one end may be anything."""
        if bare(node["input"]) != self.name:
            return _ANY
        ends = (("lower", "COMPARE_GREATERTHANOREQUALTO"), ("upper", "COMPARE_LESSTHANOREQUALTO"))
        found: Set[int] = {_TRUE}
        for end, how in ends:
            other = {self._compared(how, node[end], at)} if self.is_constant(node[end]) else _ANY
            found = {min(first, second) for first in found for second in other}
        return found

    def _compared(self, how: str, constant: Tree, at: int | None) -> int:
        """Return what a comparison with a constant comes to."""
        if at is None:
            return _OF_NULL.get(how, _NULL)
        return _TRUE if _HOLDS[how](at, self.places[bare(constant)]) else _FALSE
