"""Follow a recipe's paths into a document: ``groups[*].owners[*]``, ``^.email-id``, ``@key``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policycore.errors import Place
from policycore.yaml.nodes import Node

__all__ = ["Item", "RecipePath", "ShapeError", "items_of", "parse_path", "said", "values_of"]

_step = re.compile(r"(?P<name>[^.\[\]{}^@\s][^.\[\]{}^]*)|\[(?P<index>[0-9]{1,6}|\*)\]|(?P<each>\{\*\})")
CONTEXT = ("@key", "@file", "@folder", "@as_of")


class ShapeError(Exception):
    """A document that is not shaped as a path needs it, and where."""

    def __init__(self, place: Place, wanted: str) -> None:
        super().__init__(wanted)
        self.place = place
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class RecipePath:
    """A parsed path: how many items up, what it asks of the context, and the steps down."""

    text: str
    up: int = 0
    context: str = ""
    steps: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One value that ``each`` led to, with its key and the item it lies in."""

    value: Node
    key: str | None = None
    parent: Item | None = None


def parse_path(text: str) -> RecipePath:
    """Return the path that `text` spells; ValueError when it spells none."""
    rest = text.strip()
    up = len(rest) - len(rest.lstrip("^"))
    rest = rest[up:].removeprefix("." if up else "")
    if rest.startswith("@"):
        if rest not in CONTEXT:
            raise ValueError(rest)
        return RecipePath(text, up, rest)
    if not rest and not up:
        raise ValueError(text)
    return RecipePath(text, up, "", () if rest in ("", ".") else tuple(_steps(rest)))


def _steps(rest: str) -> Iterator[str | int]:
    """Yield the steps of a path; ValueError from where it makes no sense."""
    position = 0
    while position < len(rest):
        dotted = position > 0 and rest[position] == "."
        position += dotted
        found = _step.match(rest, position)
        if not found or (found["name"] is not None and position and not dotted):
            raise ValueError(rest[position:])
        if found["index"] not in (None, "*"):
            yield int(found["index"])
        else:
            yield found["name"] or f"{found[0]}"
        position = found.end()


def said(node: Node) -> str:
    """Return the text of a scalar as it is written, "" for nothing."""
    return node.text or ("" if node.value is None else str(node.value))


def items_of(path: RecipePath | None, document: Node) -> Iterator[Item | ShapeError]:
    """Yield what `path` leads to, an item for every ``[*]`` and ``{*}`` on the way.

    Nothing comes of what is absent or null; what has the wrong shape is yielded as an error.
    """
    top = Item(document)
    if path is None:
        yield top
        return
    yield from _descend(top, path.steps)


def _descend(item: Item, steps: tuple[str | int, ...]) -> Iterator[Item | ShapeError]:
    value = item.value
    try:
        for position, step in enumerate(steps):
            if value.kind == "null":
                return
            if step in ("[*]", "{*}"):
                for child in _children(value, str(step), item):
                    yield from _descend(child, steps[position + 1 :])
                return
            found = _step_into(value, step)
            if found is None:
                return
            value = found
    except ShapeError as error:
        yield error
        return
    if value.kind != "null":
        yield item if value is item.value else Item(value, item.key, item)


def _children(value: Node, step: str, parent: Item) -> list[Item]:
    """Return an item for everything in a list or a mapping."""
    _require(value, is_list=step == "[*]")
    pairs = enumerate(value.value) if step == "[*]" else value.value.items()
    return [Item(child, str(key), parent) for key, child in pairs]


def _step_into(value: Node, step: str | int) -> Node | None:
    """Return what lies under one name or index; None where nothing does."""
    _require(value, is_list=isinstance(step, int))
    if isinstance(step, int):
        return value.value[step] if step < len(value.value) else None
    return value.get(step)


def _require(value: Node, *, is_list: bool) -> None:
    """Raise ShapeError for what is no list, or no mapping."""
    if value.kind != ("list" if is_list else "map"):
        raise ShapeError(value.place, "list" if is_list else "mapping")


def values_of(path: RecipePath, item: Item, context: Mapping[str, str]) -> list[Node]:
    """Return the values that `path` leads to from `item`, without nulls; ShapeError for a wrong shape."""
    for _ in range(path.up):
        if item.parent is None:
            raise ShapeError(item.value.place, "parent")
        item = item.parent
    place = item.value.place
    if path.context == "@key":
        return [] if item.key is None else [Node("text", place, item.key)]
    if path.context:
        return [Node("text", place, context[path.context])]
    found = list(_descend(item, path.steps))
    wrong = [one for one in found if isinstance(one, ShapeError)]
    if wrong:
        raise wrong[0]
    return [one.value for one in found if isinstance(one, Item)]
