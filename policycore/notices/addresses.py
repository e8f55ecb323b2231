"""Know where notices go; an address may hold a password or a token and is never shown, stored or logged."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal
from urllib.parse import quote

from pydantic import Field

from policycore.errors import Problem, UsageError
from policycore.store.workspace import Workspace
from policycore.yaml.read import read
from policycore.yaml.scan import WRITTEN
from policycore.yaml.written import Several, Word, Written

__all__ = ["Addresses", "addresses_of", "named_people"]

FILE = "notices.yaml"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses: those that get every notice, and those of single people by person id."""

    everybody: tuple[str, ...] = ()
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.everybody or self.people)

    def __repr__(self) -> str:
        return f"Addresses({len(self.everybody)}, {len(self.people)})"


def addresses_of(workspace: Workspace, given: Sequence[str]) -> Addresses:
    """Return the addresses: those `given`, else POLICYCORE_NOTIFY's, and those of ``notices.yaml``.

    ``env:NAME`` stands for what the environment holds under that name, so that the file needs no secret.
    Raises UsageError for a file that is wrong, and with every variable that is empty.
    """
    named = given or tuple(os.environ.get("POLICYCORE_NOTIFY", "").split())
    file = workspace.folder / FILE
    problems: dict[Problem, None] = {}

    def resolved(items: Sequence[str], server: str | None = None) -> Iterator[str]:
        for item in items:
            try:
                yield _resolved(item, server)
            except UsageError as error:
                problems.update(dict.fromkeys(error.problems))

    listed = read(file, _AddressFile, "notice", bounds=WRITTEN, error=UsageError) if file.is_file() else None
    # Where the server's own variable is empty that is told, and not each mailbox that is written to through it.
    server = None if listed is None or listed.mail is None else next(resolved([listed.mail]), "")
    found = Addresses(
        everybody=tuple(resolved((*named, *(() if given or listed is None else listed.everybody)), server)),
        people={person: tuple(resolved(items, server)) for person, items in (listed.people if listed else {}).items()},
    )
    if problems:
        raise UsageError(*problems)
    return found


def named_people(workspace: Workspace) -> frozenset[str]:
    """Return the ids of the people whose addresses ``notices.yaml`` lists; UsageError for a file that is wrong."""
    file = workspace.folder / FILE
    listed = read(file, _AddressFile, "notice", bounds=WRITTEN, error=UsageError) if file.is_file() else None
    return frozenset(listed.people if listed else ())


class _AddressFile(Written):
    """What ``notices.yaml`` lists: addresses for everything, and those of single people by person id."""

    may_be_empty: ClassVar = frozenset({"everybody", "people"})
    policycore: Literal["1"]
    mail: Word | None = None
    """The address of the server that mailboxes are written to through, without a receiver."""
    everybody: Several = Field([])
    people: dict[str, Several] = Field({})


def _resolved(item: str, server: str | None = None) -> str:
    """Return the address itself where `item` names a variable of the environment, or a mailbox written to by `server`.

    Raises UsageError for a variable that is empty and for a mailbox without a server.
    """
    if "@" in item and ":" not in item:
        if server is None:
            raise UsageError(Problem.of("notices.mail"))
        return f"{server}{'&' if '?' in server else '?'}to={quote(item, safe='@')}"
    if not item.startswith("env:"):
        return item
    found = os.environ.get(item.removeprefix("env:"))
    if not found:
        raise UsageError(_problem("notices.variable", item.removeprefix("env:")[:80]))
    return found


def _problem(key: str, name: str) -> Problem:
    """Return a problem whose sentences stand under `key`."""
    return Problem.of(key, name=name)
