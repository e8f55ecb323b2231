"""Match without a library: an automaton over 16-bit units, made as far as texts need it.

Slow (a hundredth of what hyperscan does), linear, and for systems for which there is no hyperscan.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from policycore.text.expression import Chars, Choice, Edge, Node, Ranges, Series

__all__ = ["Automaton"]

MOST_STATES = 20_000
"""Sets of states that are remembered; where a text needs more, what was remembered is made again."""

_Ways = tuple[dict[int, list[int]], list[int]]


class Automaton:
    """Several parts in units (see `policycore.text.units`) to look for at once, by number.

    Where it is `anchored` they begin at one place, and nowhere else.
    """

    def __init__(self, parts: Sequence[Node], *, anchored: bool = False) -> None:
        self._ranges: list[Ranges] = []
        self._follow: list[frozenset[int]] = []
        self._accept: dict[int, int] = {}
        begins: set[int] = set()
        for number, part in enumerate(parts):
            end = self._state(())
            self._accept[end] = number
            begins |= self._build(part, frozenset({end}))
        self._begins = frozenset(begins)
        self._first = self._begins if anchored else frozenset()
        self._restart = self._ways(self._begins - self._first)
        self._begun: dict[int, frozenset[int]] = {}
        self._active: dict[tuple[int, ...], _Active] = {}
        self._forget()

    def _forget(self) -> None:
        """Begin anew with the one set of states before any unit was read."""
        self._sets: dict[frozenset[int], int] = {self._first: 0}
        self._members: list[frozenset[int]] = [self._first]
        self._out: dict[int, _Ways] = {}
        self._moves: list[dict[int, int]] = [{}]
        self._found: list[tuple[int, ...]] = [()]

    def _state(self, ranges: Ranges) -> int:
        """Return a new state that one unit out of `ranges` leaves."""
        self._ranges.append(ranges)
        self._follow.append(frozenset())
        return len(self._ranges) - 1

    def _build(self, node: Node, after: frozenset[int]) -> frozenset[int]:
        """Return the states in which `node` begins, when `after` follow it."""
        if isinstance(node, Chars):
            state = self._state(node.ranges)
            self._follow[state] = after
            return frozenset({state})
        if isinstance(node, Series):
            for part in reversed(node.parts):
                after = self._build(part, after)
            return after
        if isinstance(node, Choice):
            return frozenset().union(*(self._build(part, after) for part in node.parts))
        if isinstance(node, Edge):
            raise TypeError("an edge is a unit by now")
        begins = after
        if node.most is None:
            begins = self._loop(node.part, after) | after
        for _ in range((node.most or node.least) - node.least):
            begins = self._build(node.part, begins) | after
        for _ in range(node.least):
            begins = self._build(node.part, begins)
        return begins

    def _loop(self, node: Node, after: frozenset[int]) -> frozenset[int]:
        """Return the states in which any number of `node` begins: what leads out of it leads back there too."""
        first = len(self._ranges)
        begins = self._build(node, after)
        for state in range(first, len(self._ranges)):
            if self._follow[state] & after:
                self._follow[state] |= begins
        return begins

    def ends(self, units: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield the number of a part and where it ends, for every place where one ends."""
        current = 0
        for place, unit in enumerate(units, 1):
            following = self._moves[current].get(unit)
            current = self._move(current, unit) if following is None else following
            if self._found[current]:
                for number in self._found[current]:
                    yield number, place

    def _ways(self, states: Iterable[int]) -> _Ways:
        """Return the states that one unit leaves by that unit, and the other ones: thousands of words differ in it."""
        single: dict[int, list[int]] = {}
        others = []
        for state in states:
            ranges = self._ranges[state]
            if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
                single.setdefault(ranges[0][0], []).append(state)
            elif ranges:
                others.append(state)
        return single, others

    def _after(self, ways: _Ways, unit: int) -> frozenset[int]:
        """Return the states that follow those that a unit leaves."""
        reached: frozenset[int] = frozenset()
        for state in ways[0].get(unit, ()):
            reached |= self._follow[state]
        for state in ways[1]:
            if _holds(self._ranges[state], unit):
                reached |= self._follow[state]
        return reached

    def farthest(self, units: Iterable[int]) -> tuple[int, int]:
        """Return how many of `units` the longest stretch takes that begins with the first, and how many were read."""
        current = longest = read = 0
        for read, unit in enumerate(units, 1):
            following = self._moves[current].get(unit)
            current = self._move(current, unit) if following is None else following
            if self._found[current]:
                longest = read
            if not self._members[current]:
                break
        return longest, read

    def _move(self, current: int, unit: int) -> int:
        """Find out where a unit leads, and remember it."""
        like = self._like(unit)
        known = self._moves[current].get(like)
        if known is not None:
            self._moves[current][unit] = known
            return known
        unit = like
        begun = self._begun.get(unit)
        if begun is None:
            begun = self._begun[unit] = self._after(self._restart, unit)
        if current not in self._out:
            self._out[current] = self._ways(self._members[current])
        after = self._after(self._out[current], unit)
        members = after | begun if after else begun
        if members not in self._sets:
            if len(self._sets) >= MOST_STATES:
                self._forget()
                current = -1
            self._sets[members] = len(self._members)
            self._members.append(members)
            self._moves.append({})
            self._found.append(tuple(sorted({self._accept[one] for one in members if one in self._accept})))
        if current >= 0:
            self._moves[current][unit] = self._sets[members]
        return self._sets[members]

    def _like(self, unit: int) -> int:
        """Return the first of the units that no state tells from this one: in Chinese a text has thousands of them."""
        return self._borders[bisect_right(self._borders, unit) - 1]

    @cached_property
    def _borders(self) -> list[int]:
        """Return the units with which something begins or has ended."""
        borders = {border for ranges in self._ranges for first, last in ranges for border in (first, last + 1)}
        return sorted({0, *borders})

    def stretches(self, units: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield for every place where a part ends where it ends and the first place where it may begin."""
        active = self._active.setdefault((), _Active((), ()))
        begun: list[int] = []
        for place, unit in enumerate(units):
            begun.append(place)
            active, ways = active.moves.get(unit) or self._step(active, unit)
            begun = [begun[way[0]] if len(way) == 1 else min([begun[one] for one in way]) for way in ways]
            if active.accepted:
                yield min([begun[one] for one in active.accepted]), place + 1

    def _step(self, active: _Active, unit: int) -> tuple[_Active, tuple[tuple[int, ...], ...]]:
        """Find out which states a unit leads to, and from which of the ones before each; remember it."""
        like = self._like(unit)
        if like != unit:
            active.moves[unit] = active.moves.get(like) or self._step(active, like)
            return active.moves[unit]
        sources = [*enumerate(active.states), *((len(active.states), one) for one in self._begins - {*active.states})]
        reached: dict[int, list[int]] = {}
        for number, state in sources:
            if _holds(self._ranges[state], unit):
                for following in self._follow[state]:
                    reached.setdefault(following, []).append(number)
        states = tuple(sorted(reached))
        if len(self._active) >= MOST_STATES:
            self._active.clear()
            active.moves.clear()
        accepted = tuple(number for number, state in enumerate(states) if state in self._accept)
        after = self._active.setdefault(states, _Active(states, accepted))
        active.moves[unit] = after, tuple(tuple(reached[state]) for state in states)
        return active.moves[unit]


@dataclass(slots=True)
class _Active:
    """States that are active together, and what is remembered of where each unit leads from them."""

    states: tuple[int, ...]
    accepted: tuple[int, ...]
    """The numbers, among them, of those in which a part ends."""
    moves: dict[int, tuple[_Active, tuple[tuple[int, ...], ...]]] = field(default_factory=dict)


def _holds(ranges: Ranges, unit: int) -> bool:
    """Return whether `unit` lies in one of `ranges`."""
    place = bisect_right(ranges, (unit, 0x110000)) - 1
    return place >= 0 and ranges[place][0] <= unit <= ranges[place][1]
