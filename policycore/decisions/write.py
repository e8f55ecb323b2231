"""Extend the reviewed files of waivers and attestations; comments and layout are kept."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from policycore.errors import DataError
from policycore.system.atomic_files import write_atomically
from policycore.yaml.nodes import Node, written
from policycore.yaml.problems import Problems
from policycore.yaml.read import document
from policycore.yaml.scan import DATA

__all__ = ["add_entries", "remove_entry", "set_withdrawn", "undone_on_failure"]

_unusual = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


@contextmanager
def undone_on_failure(path: Path) -> Iterator[None]:
    """Put the file back as it was when the block ends with an error.

    Around the transaction that holds a decision's audit entry: a decision never counts that the trail
    could not take.
    """
    before = path.read_bytes() if path.is_file() else None
    try:
        yield
    except BaseException:
        if before is None:
            path.unlink(missing_ok=True)
        elif path.read_bytes() != before:
            write_atomically(path, before)
        raise


def add_entries(path: Path, name: str, entries: Iterable[Mapping[str, object]]) -> None:
    """Add `entries` at the end of the list `name`, all or none; whatever else the file holds stays as it is."""
    whole, _ = _round_trip(path)
    listed = whole.get(name)
    added = [_quoted(dict(entry)) for entry in entries]
    if not listed:
        whole[name] = added
    else:
        listed.extend(added)
    _write(path, whole)


def _quoted(value: Any) -> Any:
    """Return `value` with every text in quotes and escapes that YAML would otherwise break a line at."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, dict):
        return {_quoted(key): _quoted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_quoted(item) for item in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) and _unusual.search(value) else value


def set_withdrawn(path: Path, name: str, entry_id: str, at: datetime) -> bool:
    """Mark an entry as withdrawn from `at` on; return False when there is no such entry."""
    whole, node = _round_trip(path)
    place = _place(node, name, entry_id)
    if place is None:
        return False
    whole[name][place]["withdrawn"] = at.isoformat(timespec="seconds")
    _write(path, whole)
    return True


def remove_entry(path: Path, name: str, entry_id: str) -> bool:
    """Take an entry out of the list `name`; return False when there is no such entry."""
    whole, node = _round_trip(path)
    place = _place(node, name, entry_id)
    if place is None:
        return False
    del whole[name][place]
    _write(path, whole)
    return True


def _place(node: Node | None, name: str, entry_id: str) -> int | None:
    """Return which entry of the list `name` has this id, as the file writes it (``007`` is no 7); None for none."""
    listed = node.get(name) if node is not None else None
    for place, entry in enumerate(listed.items() if listed is not None else ()):
        found = entry.get("id")
        if found is not None and written(found) == entry_id:
            return place
    return None


def _yaml() -> Any:
    """Return a reader and writer that keeps comments and layout."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _round_trip(path: Path) -> tuple[Any, Node | None]:
    """Return the document with its comments, and its nodes.

    Raises DataError for what the bounded reader does not take: only that may go to the one that keeps comments.
    """
    if not path.exists():
        return {"policycore": 1}, None
    node, found = document(path, str(path), DATA)
    if found or node is None:
        problems = Problems("decision")
        problems.extend(found)
        raise DataError(*problems.all())
    return _yaml().load(path.read_text(encoding="utf-8-sig")), node


def _write(path: Path, whole: Any) -> None:
    """Replace the file by the document, whole or not at all."""
    stream = io.BytesIO()
    _yaml().dump(whole, stream)
    write_atomically(path, stream.getvalue())
