"""Where a store may lie: no password in words, and no database of another program."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from policycore.errors import DataError, UsageError
from policycore.store import connect
from policycore.store.store import Store


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:GEHEIM@127.0.0.1:1/d",
        "postgresql://u@127.0.0.1:1/d?password=GEHEIM",
        "postgresql://u@127.0.0.1:1/d?options=-cx%3DGEHEIM",
        "postgresql://u:x@GEHEIM@127.0.0.1:1/d",
        "postgresql:/u:GEHEIM@127.0.0.1:1/d",
        "postgresql//u:GEHEIM@127.0.0.1:1/d",
        "Postgres:u:GEHEIM@h/d",
        "u:GEHEIM@h/d",
    ],
)
def test_no_part_of_an_address_that_may_be_a_password_is_shown(address: str) -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises((DataError, UsageError)) as caught:
        Store(address)
    assert "GEHEIM" not in str(caught.value)


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///"])
def test_an_address_without_a_file_is_no_store(address: str) -> None:
    with pytest.raises(UsageError):
        Store(address)


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite3"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE bookmarks (id INTEGER PRIMARY KEY)")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(DataError) as caught:
        Store(path)
    assert caught.value.problems[0].code == "store.foreign"
    assert path.read_bytes() == before


def test_a_schema_that_another_program_uses_as_well(fresh_database: Any) -> None:
    address = fresh_database()
    engine = connect.connect(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bookmarks (id INTEGER PRIMARY KEY)")
    with Store(address):
        pass
    address = fresh_database()
    with connect.connect(address).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE runs (id INTEGER PRIMARY KEY)")
    with pytest.raises(DataError) as caught:
        Store(address)
    assert caught.value.problems[0].code == "store.foreign"
