"""Read a file with the files it includes, all of them inside the folder of the first."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from policycore.errors import Place, Problem
from policycore.rulesets.layers.lexicon import is_lexicon, lexicon
from policycore.rulesets.layers.problems import problem
from policycore.yaml.nodes import Node
from policycore.yaml.parse import parse
from policycore.yaml.problems import Problems
from policycore.yaml.scan import WRITTEN, decode, read_bytes

__all__ = ["FileReader", "shown_path"]

MAX_FILES = 100
_READABLE = (".txt", ".yaml", ".yml", ".json")


def shown_path(path: Path) -> str:
    """Return how a file is named in problems: relative to the current folder where it lies below."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


class FileReader:
    """A reader of rule set files, with the content hash of each, for the set's own hash."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.hashes: dict[Path, str] = {}
        self._reads = 0
        self._bytes = 0

    def document(self, path: Path) -> Node | None:
        """Return the document at `path` with its includes put in; None when there is none to speak of."""
        return self._read(path, Place(shown_path(path)), path.parent.resolve(), ())

    def _read(self, path: Path, asked_at: Place, root: Path, chain: tuple[Path, ...]) -> Node | None:
        """Read one file; `asked_at` is where it is asked for, `chain` the files on the way."""
        shown = shown_path(path)
        # One small file that includes another many times over, and so on, must not grow without end.
        if self._reads >= MAX_FILES or self._bytes > WRITTEN.bytes:
            self.problems.add(problem("too-many-files", asked_at, limit=MAX_FILES))
            return None
        self._reads += 1
        content = read_bytes(path, shown, WRITTEN.bytes)
        if isinstance(content, Problem):
            # A file that is not there is a mistake of the place that asks for it.
            self.problems.add(replace(content, place=asked_at) if chain else content)
            return None
        self._bytes += len(content)
        self.hashes[path] = hashlib.sha256(content).hexdigest()
        text = decode(content, shown)
        if isinstance(text, Problem):
            self.problems.add(text)
            return Node("list", text.place or asked_at, []) if chain else None
        if chain and is_lexicon(path.name):
            words, found = lexicon(text, shown)
            self.problems.extend(found)
            return words
        node, found = parse(text, shown, WRITTEN, includes=True)
        self.problems.extend(found)
        if node is not None and node.kind == "null" and not found:
            self.problems.add(problem("yaml.empty", node.place))
        return None if node is None or node.kind == "null" else self._with_includes(node, path, root, (*chain, path))

    def _with_includes(self, node: Node, path: Path, root: Path, chain: tuple[Path, ...]) -> Node:
        """Return `node` with every include replaced by what the file holds."""
        if node.kind == "include":
            return self._included(node, path, root, chain) or Node("null", node.place)
        waiting = [node]
        while waiting:
            current = waiting.pop()
            if current.kind not in ("map", "list"):
                continue
            keys = list(current.value) if current.kind == "map" else range(len(current.value))
            # A lexicon among other words stands for its words.
            spliced = [
                key
                for key in keys
                if current.value[key].kind == "include" and is_lexicon(str(current.value[key].value))
            ]
            for key in keys:
                item = current.value[key]
                if item.kind == "include":
                    current.value[key] = self._included(item, path, root, chain) or Node("list", item.place, [])
                else:
                    waiting.append(item)
            if current.kind == "list":
                for key in reversed(spliced):
                    current.value[key : key + 1] = current.value[key].items()
        return node

    def _included(self, node: Node, path: Path, root: Path, chain: tuple[Path, ...]) -> Node | None:
        """Return what an include stands for; None after saying why it stands for nothing."""
        name = str(node.value)
        try:
            target = Path(os.path.realpath(path.parent / name))
            inside = bool(name) and target.is_relative_to(root)
        except (OSError, ValueError, RuntimeError):
            inside = False
        if not inside:
            self.problems.add(problem("include-outside", node.place, name=name))
            return None
        if target in [known.resolve() for known in chain]:
            links = " -> ".join([*(known.name for known in chain), target.name])
            self.problems.add(problem("include-cycle", node.place, chain=links))
            return None
        if target.is_file() and target.suffix.lower() not in _READABLE:
            # Read as YAML, the lines of another list would be one long word, and nobody would be told.
            self.problems.add(problem("include-kind", node.place, name=name))
            return None
        return self._read(target, node.place, root, chain)
