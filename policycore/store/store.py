"""The findings store: opened, created, and read or written in whole transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from policycore.errors import DataError, LockedError, Problem
from policycore.store.connect import connect, database_error, lock_writers, sqlite_path, unchanging, where
from policycore.store.kept.found_files import FileCache
from policycore.store.schema import VERSION, create_tables, metadata, version_of

__all__ = ["Store"]

_FORGET = {
    "sqlite": ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"),
    "postgresql": tuple(f"VACUUM FULL {table.name}" for table in metadata.sorted_tables),
}


class Store:
    """One findings store, opened.

    Every write is one transaction: after a crash either all of a run is there or nothing of it.
    """

    def __init__(self, address: str | Path, *, read_only: bool = False) -> None:
        """Open the store at `address` (a path or a ``postgresql://`` URL) ; its tables are created where it has none.

        Raises DataError when it is missing, damaged, of another schema, another program's, or out of reach.
        """
        self.engine = connect(str(address), read_only=read_only)
        self.address = where(self.engine)
        self.files = FileCache()
        with self.read() as connection:
            empty = self._is_empty(connection, allowed=not read_only)
        if empty:
            with self.write() as connection:
                # Another process may have created them while this one waited.
                if self._is_empty(connection, allowed=True):
                    create_tables(connection)

    @property
    def kind(self) -> str:
        """Return ``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store, whoever writes meanwhile.

        Raises LockedError when that could not be had: where no lock can be taken, what was read while
        another account wrote is worth nothing.
        """
        before = self._stamp()
        try:
            with self._in_words():
                connection = self.engine.connect().execution_options(files=self.files)
                if self.kind == "postgresql":
                    connection = connection.execution_options(isolation_level="REPEATABLE READ")
                with connection, connection.begin():
                    yield connection
        except DataError:
            self._require_unchanged(before)
            raise
        self._require_unchanged(before)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection inside the one writing transaction; leaving it with an error undoes everything."""
        with self._in_words(), self._writing() as connection, connection.begin():
            lock_writers(connection)
            yield connection

    def _writing(self) -> Connection:
        """Return a connection that writes."""
        return self.engine.connect().execution_options(files=self.files, writes=True)

    def check(self) -> None:
        """Raise DataError when the database itself says that it is damaged."""
        if not sqlite_path(self.engine):
            return
        with self.read() as connection:
            said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if said != "ok":
            raise DataError(Problem.of("store.corrupt", path=self.address))

    def forget(self) -> None:
        """Give back the space of what was removed, so that it can't be read from the file any more.

        Where somebody reads or writes meanwhile, SQLite does so later, when the space is used again.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in _FORGET[self.kind]:
                with suppress(DBAPIError):
                    connection.exec_driver_sql(statement)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_empty(self, connection: Connection, *, allowed: bool) -> bool:
        """Return whether the tables are still to be created; DataError unless they are ours or, where `allowed`, none.

        A PostgreSQL schema may be shared, as long as no table has the name of one of ours.
        """
        found = version_of(connection)
        if found == VERSION:
            return False
        if found is not None or not allowed:
            shown = "-" if found is None else found
            raise DataError(Problem.of("store.other-schema", path=self.address, found=shown, known=VERSION))
        tables = set(inspect(connection).get_table_names())
        if tables if sqlite_path(self.engine) else tables & set(metadata.tables):
            raise DataError(Problem.of("store.foreign", path=self.address))
        return True

    def _require_unchanged(self, before: tuple[tuple[int, int] | None, ...]) -> None:
        """Raise LockedError when somebody wrote since the stamp `before` was taken."""
        if self._stamp() != before:
            raise LockedError(Problem.of("store.changing", path=self.address)) from None

    def _stamp(self) -> tuple[tuple[int, int] | None, ...]:
        """Return what changes when somebody writes to a store that is read without locks; () for any other."""
        if not unchanging(self.engine):
            return ()
        path = sqlite_path(self.engine)
        return tuple(_size_and_time(Path(path + end)) for end in ("", "-wal"))

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Turn what the database raises into an error in words, without its data."""
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            raise database_error(error, self.address) from None


def _size_and_time(path: Path) -> tuple[int, int] | None:
    """Return a file's size in bytes and its time of change in nanoseconds, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
