"""The audit trail shows what was tampered with, and the database refuses the tampering it can see."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from policycore.errors import DataError
from policycore.store import schema
from policycore.store.kept import audit
from policycore.store.lives.presence import everything_present
from policycore.store.record import record
from policycore.store.store import Store


def fill(store: Store, count: int) -> list[str]:
    heads = []
    for number in range(count):
        with store.write() as connection:
            heads.append(audit.append(connection, "note", {"number": number, "words": "甲\x00"}, actor=f"p{number}"))
    return heads


def fault(store: Store, *heads: str) -> Any:
    with store.read() as connection:
        return audit.verify(connection, heads)


def test_a_whole_trail_holds_and_knows_its_heads(store: Store) -> None:
    heads = fill(store, 5)
    assert fault(store) is None
    assert fault(store, heads[1], heads[4]) is None
    with store.read() as connection:
        assert audit.head(connection) == heads[-1]
        assert [entry.actor for entry in audit.entries(connection, since=3)] == ["p3", "p4"]


def test_a_run_writes_its_entry_in_the_same_transaction(store: Store, build: Any) -> None:
    run = record(store, build.result(build.finding()), presence=lambda _: everything_present)
    with store.read() as connection:
        (entry,) = audit.entries(connection)
        assert entry.hash == run.head == audit.head(connection)
        assert entry.action == "run"


@pytest.mark.parametrize("statement", [update(schema.audit).values(actor="x"), delete(schema.audit)])
def test_the_database_refuses_to_change_or_remove_entries(store: Store, statement: Any) -> None:
    fill(store, 3)
    with pytest.raises(DataError) as caught, store.write() as connection:
        connection.execute(statement)
    assert caught.value.problems[0].code == "store.append-only"
    assert fault(store) is None


@pytest.fixture
def tampered(tmp_path: Path) -> Any:
    """Give the means to change the file behind the program's back."""
    path = tmp_path / "store.sqlite3"
    with Store(path) as store:
        heads = fill(store, 6)

    def change(*statements: str) -> tuple[Store, list[str]]:
        raw = sqlite3.connect(path)
        for action in ("update", "delete"):
            raw.execute(f"DROP TRIGGER audit_no_{action}")
        for statement in statements:
            raw.execute(statement)
        raw.commit()
        raw.close()
        return Store(path), heads

    return change


@pytest.mark.parametrize("column", ["at", "actor", "action", "details", "hash"])
def test_the_first_changed_entry_is_named(tampered: Any, column: str) -> None:
    store, _ = tampered(f"UPDATE audit SET {column} = 7 WHERE sequence IN (3, 5)")
    assert fault(store) == audit.AuditFault(3, "changed")


@pytest.mark.parametrize("value", ["'gestern'", "1e300", "x'ff00'", "CAST(x'ff' AS TEXT)", "9223372036854775807"])
@pytest.mark.parametrize("column", ["at", "actor", "details", "previous", "hash"])
def test_an_entry_that_cannot_even_be_read_is_named(tampered: Any, column: str, value: str) -> None:
    store, heads = tampered(f"UPDATE audit SET {column} = {value} WHERE sequence = 4")
    found = fault(store, heads[5])
    assert (found.sequence, found.kind) in {(4, "changed"), (4, "unlinked")}


def test_a_missing_entry_is_named(tampered: Any) -> None:
    store, _ = tampered("DELETE FROM audit WHERE sequence = 4")
    assert fault(store) == audit.AuditFault(4, "gap")


def test_a_swapped_entry_with_a_right_seal_does_not_link(tampered: Any) -> None:
    entry = audit.AuditEntry(3, audit.datetime.fromtimestamp(0, audit.UTC), "x", "y", "{}", "f" * 64, "")
    store, _ = tampered(
        "UPDATE audit SET at = 0, actor = 'x', action = 'y', details = '{}', "
        f"previous = '{'f' * 64}', hash = '{entry.expected_hash()}' WHERE sequence = 3"
    )
    assert fault(store) == audit.AuditFault(3, "unlinked")


def test_a_cut_tail_shows_only_against_a_head_kept_elsewhere(tampered: Any) -> None:
    store, heads = tampered("DELETE FROM audit WHERE sequence > 4")
    assert fault(store) is None
    assert fault(store, heads[5]) == audit.AuditFault(5, "cut-off")
    assert fault(store, heads[3]) is None


def test_an_entry_can_be_read_by_people(store: Store) -> None:
    fill(store, 1)
    with store.read() as connection:
        details = connection.scalar(select(schema.audit.c.details))
    assert r'"number": 0, "words": "\u7532\u0000"}' in details
