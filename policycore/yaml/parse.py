"""Put a YAML file's events together to nodes, within bounds and without the parser's own constructor.

That keeps every scalar as it was written, needs no recursion, gives every key and value its place, and lets one
pass report all that is wrong: tags, anchors, duplicate keys.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from policycore.errors import Place, Problem
from policycore.language import Language, current_language, say
from policycore.yaml.long_lists import LongList, without_long_lists
from policycore.yaml.nodes import Node
from policycore.yaml.problems import problem
from policycore.yaml.scan import Bounds

__all__ = ["parse"]

_integer = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_number = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_endless = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_SIMPLE: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), ("null", None)),
    **dict.fromkeys(("true", "True", "TRUE"), ("boolean", True)),
    **dict.fromkeys(("false", "False", "FALSE"), ("boolean", False)),
}
_INCLUDE = "!include"
_CAUSES = (
    ("values are not allowed", "colon"),
    ("cannot start any token", "character"),
    ("quoted scalar", "quotes"),
    ("flow", "bracket"),
    ("simple key", "no-colon"),
    ("block", "indentation"),
    ("not allowed here", "indentation"),
)
"""Signs in what the parser says, and what they mean."""
_wide = re.compile(
    r"^[ ]*(?:-[ ]+)?(?:\{[ ]*)?[A-Za-z][\w./-]*[ ]*(?P<colon>：)"
    r"|(?P<comma>，)(?=[ ]*[A-Za-z][\w./-]*[ ]*[:：])"
    r"|^ *(?P<blank>[\t\u00a0\u3000])"
    r"|[:：,，\[{][ ]*(?P<open>[“”‘’｛［])|(?P<close>[｝］])[ ]*$"
)
"""Marks as a Chinese keyboard types them, where YAML would have its own."""
_NARROW = dict(zip("：，“”‘’｛［｝］", ":,\"\"''{[}]", strict=True))
_SHORT = 200_000
"""Characters of a text that is worth remembering: its nodes take some hundred bytes a word."""
_MOST = 200
_MOST_LINES = 20_000
_LONGEST_LINE = 2_000
_BOMB = 20
"""Anchors and aliases from which on a file is not read to its end: nothing in it is meant as it stands."""


def parse(text: str, shown: str, bounds: Bounds, *, includes: bool = False) -> tuple[Node | None, list[Problem]]:
    """Return the document in `text` and everything wrong with it as YAML; `shown` names the file in places.

    The tag ``!include`` is taken where `includes` says so, no other anywhere. None stands for a document that could
    not be read to its end: what it lacks would be called missing.

    A short text that was just read is not read again: a manifest is, several times in one check.
    """
    if includes or len(text) > _SHORT:  # an include puts other nodes into what was read
        return _read(text, shown, bounds, includes=includes)
    node, found = _remembered(text, shown, bounds, current_language())
    return node, list(found)


@lru_cache(maxsize=32)
def _remembered(text: str, shown: str, bounds: Bounds, _language: Language) -> tuple[Node | None, list[Problem]]:
    """Return what `_read` does; its sentences are in the language in force."""
    return _read(text, shown, bounds, includes=False)


def _read(text: str, shown: str, bounds: Bounds, *, includes: bool) -> tuple[Node | None, list[Problem]]:
    """Return the document in `text` and everything wrong with it as YAML."""
    short, taken = without_long_lists(text)
    assembly = _Assembly(shown, text, bounds, includes=includes, taken=taken)
    found = _parsed(short, assembly)
    if not taken:
        return found
    # What looked like a list was none, in a block of text for example, or was not reached.
    return _parsed(text, _Assembly(shown, text, bounds, includes=includes, taken={}))


def _parsed(text: str, assembly: _Assembly) -> tuple[Node | None, list[Problem]]:
    """Return the document in `text` as `assembly` puts it together."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    shown = assembly.shown
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if not assembly.take(event) or len(assembly.problems) >= _MOST:
                return None, assembly.problems
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown)
        wide = list(_wide_marks(shown, assembly.lines, place.line or 1))
        found = [problem("syntax", place, reason=_cause(f"{error.context} {error.problem}"))]
        # Such a mark stops the parser where it stands or on a later line: that tells nobody what is wrong.
        return None, [*assembly.problems, *wide, *(found if not wide or place < (wide[0].place or place) else ())]
    except (YAMLError, ValueError, RecursionError, LookupError, TypeError, AttributeError, AssertionError):
        # The parser raises plain Python errors on some broken input; none of them may reach a user.
        return None, [*assembly.problems, problem("syntax", assembly.last, reason=_cause(""))]
    return assembly.document or Node("null", Place(shown, 1, 1)), assembly.problems


def _wide_marks(shown: str, lines: Sequence[str], stopped: int) -> Iterator[Problem]:
    """Yield the full-width marks that stand where YAML has marks of its own, outside of quotes.

    What indents lines counts only beside the line where the parser `stopped`: a block of text may hold any blank.
    """
    for number, line in enumerate(lines[:_MOST_LINES], 1):
        for found in _wide.finditer(line[:_LONGEST_LINE]):
            at = found.start(str(found.lastgroup))
            if line.count('"', 0, at) % 2 == 0:
                mark = line[at]
                place = Place(shown, number, at + 1)
                if mark in _NARROW:
                    yield problem("wide", place, mark=mark, narrow=_NARROW[mark])
                elif stopped - 1 <= number <= stopped:
                    yield problem("blank", place, code_point=f"U+{ord(mark):04X}")


def _cause(told: str) -> str:
    """Return in the reader's language what the parser says in its own."""
    return say(f"yaml.cause.{next((cause for sign, cause in _CAUSES if sign in told), 'other')}")


class _Assembly:
    """The document that events are put together to, with a stack of its own; `take` says whether to go on."""

    def __init__(
        self, shown: str, text: str, bounds: Bounds, *, includes: bool, taken: dict[tuple[int, int], LongList]
    ) -> None:
        self.shown = shown
        self.taken = taken
        """Items of long lists that are still to be put back, by line and column of the first."""
        self.bounds = bounds
        self.includes = includes
        self.lines = text.split("\n")
        self.last = Place(shown)
        self.document: Node | None = None
        self.problems: list[Problem] = []
        self._documents = 0
        self._nodes = 0
        self._anchors = 0
        self._stack: list[Node] = []
        self._keys: list[tuple[str | None, Place] | None] = []

    def take(self, event: Any) -> bool:
        """Take in the next event; return whether the rest is worth reading."""
        from ruamel.yaml import events

        place = self.last = Place(self.shown, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, events.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self.problems.append(problem("documents", place))
                return False
        elif isinstance(event, events.AliasEvent):
            self._anchor(place)
            self._add(Node("null", place))
            return self._anchors < _BOMB
        elif isinstance(event, events.NodeEvent):
            return self._node(event, place)
        elif isinstance(event, events.CollectionEndEvent):
            self._stack.pop()
            self._keys.pop()
        return True

    def _node(self, event: Any, place: Place) -> bool:
        """Add a scalar, or open a mapping or list."""
        from ruamel.yaml import events

        self._nodes += 1
        if self._nodes > self.bounds.values:
            self.problems.append(problem("too-many-values", place, limit=self.bounds.values))
            return False
        if event.anchor:
            self._anchor(place)
        tag = str(event.ctag) if event.ctag is not None else ""
        is_scalar = isinstance(event, events.ScalarEvent)
        if tag and tag != "!" and not (is_scalar and self.includes and tag == _INCLUDE):
            self.problems.append(problem("tag", place, tag=tag))
        if is_scalar:
            self._add(self._scalar(event, place, tag))
            if self.taken and self._stack and self._stack[-1].kind == "list":
                self._put_back(self.taken.pop((place.line, place.column), None))
            return True
        is_map = isinstance(event, events.MappingStartEvent)
        opened = Node("map", place, {}, {}) if is_map else Node("list", place, [])
        self._add(opened)
        self._stack.append(opened)
        self._keys.append(None)
        if len(self._stack) > self.bounds.depth:
            self.problems.append(problem("too-deep", place, limit=self.bounds.depth))
            return False
        return True

    def _put_back(self, long: LongList | None) -> None:
        """Add the items of a long list of which the first was added."""
        for word, line, column in long.items if long is not None else ():
            self._stack[-1].value.append(_plain_scalar(word, Place(self.shown, line, column)))

    def _anchor(self, place: Place) -> None:
        """Report the first anchor or alias of a file: who made a thousand of them needs to hear it once."""
        if not self._anchors:
            self.problems.append(problem("anchor", place))
        self._anchors += 1

    def _scalar(self, event: Any, place: Place, tag: str) -> Node:
        """Return the node of one scalar; only plain ones are anything but text."""
        text = str(event.value)
        if tag == _INCLUDE and self.includes:
            return Node("include", place, text)
        if event.style or tag:
            indent = self._indent(place.line, text) if event.style == "|" else 0
            return Node("text", place, text, style=event.style, indent=indent)
        return _plain_scalar(text, place)

    def _indent(self, line: int, text: str) -> int:
        """Return how far the block after `line`, which reads `text`, is indented."""
        written = next((one for one in self.lines[line : line + 50] if one.strip()), "")
        content = next((one for one in text.split("\n") if one.strip()), "")
        return max(0, _leading_spaces(written) - _leading_spaces(content))

    def _add(self, node: Node) -> None:
        """Add a value to what is open, or keep it as a mapping's next key."""
        if not self._stack:
            self.document = node
            return
        parent = self._stack[-1]
        if parent.kind == "list":
            parent.value.append(node)
            return
        if self._keys[-1] is None:
            self._keys[-1] = (self._key(parent, node), node.place)
            return
        (key, place), self._keys[-1] = self._keys[-1], None
        if key is not None and key not in parent.value:
            # Keys are compared as text: 1 and "1" are the same word to a reader.
            parent.value[key] = node
            parent.keys[key] = place

    def _key(self, parent: Node, node: Node) -> str | None:
        """Return a mapping's key as text, None for what can't be one; report it, and a key that stood there before."""
        if node.kind in ("map", "list", "include", "null"):
            self.problems.append(problem("key-kind", node.place))
            return None
        key = node.text or str(node.value)
        if key in parent.value:
            self.problems.append(problem("duplicate-key", node.place, word=key, line=parent.keys[key].line))
        return key


def _plain_scalar(text: str, place: Place) -> Node:
    """Return the node of a scalar that stands without quotes."""
    if text in _SIMPLE:
        kind, value = _SIMPLE[text]
        return Node(kind, place, value, text=text if kind == "boolean" else "")
    if _integer.fullmatch(text):
        return Node("integer", place, int(text), text=text)
    if _endless.fullmatch(text):
        return Node("endless", place, text)
    if _number.fullmatch(text) and not _leading_zero(text):
        value = float(text)
        return Node("endless", place, text) if math.isinf(value) else Node("number", place, value, text=text)
    return Node("text", place, text)


def _leading_spaces(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _leading_zero(text: str) -> bool:
    """Return whether `text` is an integer padded with zeros, which is somebody's id and no number."""
    return text.lstrip("+-").isdigit()
