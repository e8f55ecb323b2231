"""What each worker opens or compiles once for all its tests, because nothing in it changes: a pytest plugin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest
from ruamel.yaml import YAML
from sqlalchemy import Engine

from policycore.engine.session import EstateSession
from policycore.estate.database import MemoryDatabase
from policycore.model.schema import own_columns
from policycore.rulesets.sql.empty_schema import EmptyEstate
from policycore.store import connect
from policycore.testing import TIMEZONE


@pytest.fixture(scope="session", autouse=True)
def _one_empty_estate() -> Iterator[None]:
    """Bind all SQL against few empty estates a worker, with keys and without; they are locked, nothing changes them."""
    make = EmptyEstate.__init__
    shared: dict[object, EmptyEstate] = {}

    def borrow(self: EmptyEstate, *, keys: bool = False) -> None:
        schema = keys, own_columns()
        if schema not in shared:
            shared[schema] = EmptyEstate.__new__(EmptyEstate)
            make(shared[schema], keys=keys)
        self.__dict__ = shared[schema].__dict__

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmptyEstate, "__init__", borrow)
        patch.setattr(EmptyEstate, "close", lambda _: None)
        yield
    for estate in shared.values():
        estate.connection.close()


class _Part:
    """A database of its own in a DuckDB that several share, closed as a `MemoryDatabase` is."""

    def __init__(self, whole: duckdb.DuckDBPyConnection, name: str) -> None:
        self.connection = whole.cursor()
        self.connection.execute(f"ATTACH ':memory:' AS {name}; USE {name}")
        self._end = f"USE memory; DETACH {name}"

    def close(self) -> None:
        """Remove all that is in it; harmless when that is done already."""
        with suppress(duckdb.Error):
            self.connection.execute(self._end)
            self.connection.close()


@pytest.fixture(scope="session", autouse=True)
def _one_database() -> Iterator[None]:
    """Let sessions over tables in memory, as those of cases are, share one locked DuckDB: to open it costs most."""
    make = EstateSession._locked
    shared: list[MemoryDatabase] = []
    numbers = count(1)

    def borrow(self: EstateSession, threads: int | None) -> MemoryDatabase:
        if (
            threads != 1
            or self.timezone.key != TIMEZONE
            or any(isinstance(one, Path) for one in self.data.relations.values())
        ):
            return make(self, threads)
        if not shared:
            shared.append(make(self, threads))
        return cast("MemoryDatabase", _Part(shared[0].connection, f"session_{next(numbers)}"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EstateSession, "_locked", borrow)
        yield
    for database in shared:
        database.close()


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """Let all stores on one kind of database share what SQLAlchemy made of their statements, which are the same."""
    make = connect.create_engine
    shared: dict[str, Engine] = {}

    def create(*arguments: Any, **options: Any) -> Engine:
        engine = make(*arguments, **options)
        first = shared.get(engine.dialect.name)
        if first is None or first.dialect.server_version_info is None:  # which the first connection asks
            first = shared[engine.dialect.name] = engine
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connect, "create_engine", create)
        yield


@pytest.fixture(scope="session", autouse=True)
def _texts_parsed_once() -> Iterator[None]:
    """Keep the events of YAML that was read to its end: manifests and rule sets are the same in most tests."""
    parse = YAML.parse
    kept: dict[str, list[object]] = {}

    def remembered(self: YAML, text: str) -> Iterator[object]:
        if text in kept:
            yield from kept[text]
            return
        events = []
        for event in parse(self, text):
            events.append(event)
            yield event
        kept[text] = events

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(YAML, "parse", remembered)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_search_for_dates() -> Iterator[None]:
    """Say that dateutil is not there where it is not: pyarrow looks for it whenever it is given a value of Python."""
    with pytest.MonkeyPatch.context() as patch:
        if find_spec("dateutil") is None:
            patch.setitem(sys.modules, "dateutil", None)
        yield
