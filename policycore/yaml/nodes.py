"""YAML as nodes that know where they stand: the place of every key and every value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from policycore.errors import Place

__all__ = ["Kind", "Node", "PlacedMap", "deepest", "plain", "walk", "written"]

Kind = Literal["map", "list", "text", "integer", "number", "endless", "boolean", "null", "include"]
"""``endless`` is infinity, no number, or a number beyond all bounds, kept as text: it may be somebody's id."""


_no_keys: dict[str, Place] = {}


@dataclass(frozen=True, slots=True)
class Node:
    """One value: `items` of a mapping or list, else `value`; `keys` are the places of a mapping's keys."""

    kind: Kind
    place: Place
    value: Any = None
    keys: dict[str, Place] = field(default_factory=lambda: _no_keys)
    text: str = ""
    """A number or boolean as it is written: ``007`` and ``1.50`` are no others."""
    style: str | None = None
    """How a text was written: None (plain), a quote character, ``|`` or ``>``."""
    indent: int = 0
    """Columns before each line of a ``|`` block."""

    def get(self, key: str) -> Node | None:
        """Return the value under `key` of a mapping; None for any other node."""
        return self.value.get(key) if self.kind == "map" else None

    def items(self) -> Sequence[Node]:
        """Return the items of a list; nothing for any other node."""
        return self.value if self.kind == "list" else ()


def plain(node: Node) -> Any:
    """Return the value of `node` as dictionaries, lists and scalars."""
    if node.kind == "map":
        return {key: plain(item) for key, item in node.value.items()}
    return [plain(item) for item in node.value] if node.kind == "list" else node.value


class PlacedMap(dict[str, Any]):
    """A mapping as `written` returns it, with the place where it begins."""

    place = Place("")


def written(node: Node) -> Any:
    """Return the value of `node` with every scalar as the text that stands in the file; None for nothing."""
    if node.kind == "map":
        found = PlacedMap((key, written(item)) for key, item in node.value.items())
        found.place = node.place
        return found
    return [written(item) for item in node.value] if node.kind == "list" else node.text or node.value


def deepest(node: Node, path: Sequence[object]) -> tuple[Node, Place, tuple[object, ...]]:
    """Follow `path` as far as it leads; return the node there, the place of its key, and the steps that led on.

    Steps that lead nowhere are passed over: pydantic puts the names of a union's branches among them.
    """
    place = node.place
    followed: list[object] = []
    for step in path:
        if node.kind == "map" and step in node.value:
            place = node.keys[str(step)]
            node = node.value[step]
        elif node.kind == "list" and isinstance(step, int) and 0 <= step < len(node.value):
            node = node.value[step]
            place = node.place
        else:
            continue
        followed.append(step)
    return node, place, tuple(followed)


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and everything below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        if current.kind == "map":
            waiting.extend(current.value.values())
        elif current.kind == "list":
            waiting.extend(current.value)
