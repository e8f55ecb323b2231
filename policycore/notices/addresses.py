"""Know where notices go; an address may hold a password or a token and is never shown, stored or logged."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.store.workspace import Workspace

__all__ = ["Addresses", "addresses_of"]

FILE = "notices.yaml"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Hold addresses: those that get every notice, and those of single people by person id."""

    everybody: tuple[str, ...] = ()
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.everybody or self.people)

    def __repr__(self) -> str:
        return f"Addresses({len(self.everybody)}, {len(self.people)})"


def addresses_of(workspace: Workspace, given: Sequence[str]) -> Addresses:
    """Return the addresses: those `given`, else POLICYCORE_NOTIFY's, and those of ``notices.yaml``.

    ``env:NAME`` stands for what the environment holds under that name, so that the file needs no secret.
    Raises UsageError for a file that is wrong.
    """
    named = given or tuple(os.environ.get("POLICYCORE_NOTIFY", "").split())
    everybody, people = _from_file(workspace)
    return Addresses(
        everybody=tuple(_resolved(item) for item in (*named, *(() if given else everybody))),
        people={person: tuple(_resolved(item) for item in items) for person, items in people.items()},
    )


def _from_file(workspace: Workspace) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return what ``notices.yaml`` lists."""
    from policycore.yaml.marked_yaml import read_yaml

    file = workspace.folder / FILE
    if not file.is_file():
        return (), {}
    read = read_yaml(file)
    if not isinstance(read, dict) or set(read) - {"policycore", "everybody", "people"} or read.get("policycore") != "1":
        raise UsageError(_problem("notices.file", FILE))
    people = read.get("people") or {}
    if not isinstance(people, dict):
        raise UsageError(_problem("notices.file", FILE))
    return _texts(read.get("everybody")), {str(person): _texts(items) for person, items in people.items()}


def _texts(value: object) -> tuple[str, ...]:
    """Return one address or several."""
    items = [value] if isinstance(value, str) else ([] if value is None else value)
    if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
        raise UsageError(_problem("notices.file", FILE))
    return tuple(str(item) for item in items)


def _resolved(item: str) -> str:
    """Return the address itself where `item` names a variable of the environment."""
    if not item.startswith("env:"):
        return item
    found = os.environ.get(item.removeprefix("env:"))
    if not found:
        raise UsageError(_problem("notices.variable", item.removeprefix("env:")[:80]))
    return found


def _problem(key: str, name: str) -> Problem:
    """Return a problem whose sentences stand under `key`."""
    return Problem(key, say(key, name=name), say(f"{key}.why"), say(f"{key}.fix"))
