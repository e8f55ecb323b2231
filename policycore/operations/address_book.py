"""Show who answers for findings and whether an address of theirs is known, and take a filled-in list of them in."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from policycore.errors import DataError, Place, Problem, UsageError
from policycore.language import say, say_both
from policycore.notices.addresses import FILE, addresses_of, named_people
from policycore.notices.send import require_services
from policycore.store import schema
from policycore.store.workspace import Workspace
from policycore.system.atomic_files import write_atomically
from policycore.system.refusals import refusal_words
from policycore.text.shown import shown

__all__ = ["address_book", "address_columns", "book_without", "take_addresses"]

_COLUMNS = ("person", "name", "department", "findings", "address")
_HIDDEN = "://…"


def address_columns() -> tuple[str, ...]:
    """Return the columns of the book in the language in force."""
    return tuple(say(f"operations.addresses.{name}") for name in _COLUMNS)


def address_book(workspace: Workspace) -> list[tuple[str, str, str, int, str]]:
    """Return a row for everybody who answers for open findings, then for others who have an address.

    That is: id, name, department, open findings, and of the address how it begins: it may hold a secret.
    """
    finding = schema.findings.c
    query = (
        select(finding.responsible_id, func.max(finding.responsible), func.max(finding.department), func.count())
        .where(finding.active.is_(True), finding.responsible_id.is_not(None))
        .group_by(finding.responsible_id)
    )
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        named = connection.execute(query).all()
    known = addresses_of(workspace, ()).people
    rows = [
        (str(person), shown(name or ""), shown(department or ""), int(count), _begins(known.get(person, ())))
        for person, name, department, count in named
    ]
    rows.sort(key=lambda row: (-row[3], row[0]))
    answering = {row[0] for row in rows}
    return rows + [(person, "", "", 0, _begins(known[person])) for person in sorted(known) if person not in answering]


def _begins(addresses: Sequence[str]) -> str:
    return " ".join(f"{address.partition(':')[0]}{_HIDDEN}" for address in addresses)


def take_addresses(workspace: Workspace, file: Path) -> int:
    """Write the addresses of a filled-in list (CSV) into the workspace's ``notices.yaml``; return how many.

    A row without an address, or with what the list showed of one, changes nothing. Raises DataError for a list without
    the columns of persons and addresses, UsageError for an address that is none; then nothing is written.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(Problem.of("operations.addresses.unreadable", path=file, kind=refusal_words(error))) from None
    rows = list(csv.reader(io.StringIO(text, newline="")))
    places = [_column(rows[0] if rows else [], name) for name in ("person", "address")]
    if None in places:
        raise DataError(Problem.of("operations.addresses.columns", place=Place(str(file), 1, 1)))
    person, address = (place or 0 for place in places)
    filled = {row[person].strip(): row[address].strip() for row in rows[1:] if len(row) > max(person, address)}
    new = {key: value for key, value in filled.items() if key and value and not value.endswith(_HIDDEN)}
    book = workspace.folder / FILE
    before = book.read_bytes() if book.is_file() else None
    addresses_of(workspace, ())  # what is wrong with the file is said before it is changed
    write_atomically(book, _changed(before or b"policycore: 1\n", lambda people: people.update(new)))
    try:
        require_services(addresses_of(workspace, ()))
    except UsageError:
        if before is None:
            book.unlink()
        else:
            write_atomically(book, before)
        raise
    return len(new)


def book_without(workspace: Workspace, people: Iterable[str]) -> tuple[Path, bytes] | None:
    """Return ``notices.yaml`` and what it is without the addresses of some people; None where it holds none of them.

    Raises UsageError for a file that is wrong.
    """
    book = workspace.folder / FILE
    listed = named_people(workspace)
    going = [one for one in people if one in listed]
    return (book, _changed(book.read_bytes(), lambda held: [held.pop(one) for one in going])) if going else None


def _changed(content: bytes, change: Callable[[Any], object]) -> bytes:
    """Return a file of addresses with those of single people changed, all else as it is written."""
    from ruamel.yaml import YAML

    yaml, stream = YAML(), io.BytesIO()
    document: Any = yaml.load(content.decode("utf-8"))
    change(document.setdefault("people", {}))
    yaml.dump(document, stream)
    return stream.getvalue()


def _column(header: Sequence[str], name: str) -> int | None:
    """Return the place of a column, whichever language its header is in."""
    words = say_both(f"operations.addresses.{name}")
    return next((place for place, word in enumerate(header) if word.strip() in (words.zh, words.en)), None)
