"""Read YAML as plain data that remembers where it stood, bounded before anything can explode.

Events are put together here instead of by the parser's own constructor: that keeps every scalar as
it was written (``007`` stays ``007``), refuses tags, anchors and duplicate keys, needs no recursion, and gives
every key and item its line and column.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from policycore.errors import DataError, Place
from policycore.estate.problems import problem

__all__ = ["MarkedList", "MarkedMap", "Scalar", "place_of", "read_yaml"]

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 60

_null = re.compile(r"~|null|Null|NULL|")
_bool = re.compile(r"true|True|TRUE|false|False|FALSE")
_int = re.compile(r"[-+]?[0-9]+")
_float = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


class Scalar(str):
    """Be the text of a scalar as written; `kind` is ``text``, ``boolean``, ``integer`` or ``number``."""

    __slots__ = ("kind",)
    kind: str

    def __new__(cls, text: str, kind: str = "text") -> Scalar:
        """Return `text` with its kind."""
        scalar = super().__new__(cls, text)
        scalar.kind = kind
        return scalar


class MarkedMap(dict[str, Any]):
    """Be a mapping that knows the place of each of its keys and values."""

    __slots__ = ("keys_at", "place", "values_at")

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.keys_at: dict[str, Place] = {}
        self.values_at: dict[str, Place] = {}


class MarkedList(list[Any]):
    """Be a list that knows the place of each of its items."""

    __slots__ = ("items_at", "place")

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.items_at: list[Place] = []


def place_of(value: object, fallback: Place) -> Place:
    """Return where a mapping or list begins, else `fallback`."""
    return value.place if isinstance(value, (MarkedMap, MarkedList)) else fallback


def read_yaml(path: Path, name: str | None = None, *, limit: int = MAX_BYTES) -> Any:
    """Return the one document of a YAML file: `MarkedMap`, `MarkedList`, `Scalar` or None.

    `name` is what places call the file. Raises DataError for anything but one plain, bounded document.
    """
    shown = name or str(path)
    try:
        size = path.stat().st_size
        if size > limit:
            raise DataError(problem("yaml-too-big", Place(shown), size=size, limit=limit))
        with path.open("rb") as file:
            # What has no length, such as a device, has no end either.
            data = file.read(limit + 1)
        if len(data) > limit:
            raise DataError(problem("yaml-too-big", Place(shown), size=len(data), limit=limit))
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise DataError(problem("unreadable", Place(shown), reason=error.strerror or type(error).__name__)) from None
    except UnicodeDecodeError as error:
        raise DataError(problem("yaml-encoding", Place(shown), offset=error.start)) from None
    return parse_yaml(text, shown)


def parse_yaml(text: str, name: str) -> Any:
    """Return the one document of `text`; places name the file `name`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    assembly = _Assembly(name)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            assembly.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        raise DataError(problem("yaml-syntax", place, reason=str(error.problem or error.context))) from None
    except (YAMLError, ValueError, RecursionError, IndexError, KeyError, TypeError, AttributeError) as error:
        # The parser raises plain Python errors on some broken input; none of them may reach a user.
        reason = str(getattr(error, "reason", "") or type(error).__name__)
        raise DataError(problem("yaml-syntax", Place(name), reason=reason)) from None
    return assembly.document


class _Assembly:
    """Put events together to a document, with a stack of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.document: Any = None
        self.documents = 0
        self.stack: list[MarkedMap | MarkedList] = []
        self.keys: list[tuple[str, Place] | None] = []

    def take(self, event: Any) -> None:
        """Take in the next event."""
        from ruamel.yaml import events

        place = Place(self.name, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, events.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise DataError(problem("yaml-documents", place))
        elif isinstance(event, events.AliasEvent) or getattr(event, "anchor", None):
            raise DataError(problem("yaml-anchor", place))
        elif isinstance(event, events.ScalarEvent):
            self._refuse_tag(event, place)
            self._add(_scalar(event), place)
        elif isinstance(event, (events.MappingStartEvent, events.SequenceStartEvent)):
            self._refuse_tag(event, place)
            opened = MarkedMap(place) if isinstance(event, events.MappingStartEvent) else MarkedList(place)
            self._add(opened, place)
            self.stack.append(opened)
            self.keys.append(None)
            if len(self.stack) > MAX_DEPTH:
                raise DataError(problem("yaml-depth", place, limit=MAX_DEPTH))
        elif isinstance(event, (events.MappingEndEvent, events.SequenceEndEvent)):
            self.stack.pop()
            self.keys.pop()

    def _refuse_tag(self, event: Any, place: Place) -> None:
        tag = str(event.ctag or "") if event.ctag is not None else ""
        if tag and tag not in ("!", "tag:yaml.org,2002:str"):
            raise DataError(problem("yaml-tag", place, tag=tag))

    def _add(self, value: Any, place: Place) -> None:
        """Add a value to the collection that is open, or keep a mapping's next key."""
        if not self.stack:
            self.document = value
            return
        parent = self.stack[-1]
        if isinstance(parent, MarkedList):
            parent.append(value)
            parent.items_at.append(place)
            return
        waiting = self.keys[-1]
        if waiting is None:
            if value is not None and not isinstance(value, Scalar):
                raise DataError(problem("yaml-key", place))
            key = "null" if value is None else str(value)
            if key in parent:
                raise DataError(problem("yaml-duplicate", place, word=key, line=parent.keys_at[key].line))
            parent.keys_at[key] = place
            self.keys[-1] = (key, place)
            return
        key = waiting[0]
        parent[key] = value
        parent.values_at[key] = place
        self.keys[-1] = None


def _scalar(event: Any) -> Scalar | None:
    """Return a scalar with its kind; None for null."""
    text = event.value
    if event.style or event.ctag is not None:
        return Scalar(text)
    if _null.fullmatch(text):
        return None
    if _bool.fullmatch(text):
        return Scalar(text, "boolean")
    if _int.fullmatch(text):
        return Scalar(text, "integer")
    if _float.fullmatch(text):
        return Scalar(text, "number")
    return Scalar(text)
