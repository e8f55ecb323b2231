"""Bring the store's schema up to date: checked on every start, in one transaction, after a backup."""

from __future__ import annotations

import logging
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect

from policycore.errors import DataError, Problem
from policycore.language import say
from policycore.store.connect import lock_writers, sqlite_path, where
from policycore.store.schema import REVISION, metadata

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

__all__ = ["SCRIPTS", "current_revision", "migrate"]

SCRIPTS = Path(__file__).parent / "migrations"


def current_revision(connection: Connection) -> str | None:
    """Return the schema revision of the database, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def migrate(engine: Engine, scripts: Path = SCRIPTS) -> str | None:
    """Upgrade the schema when it is older; return the backup's path when one was made.

    Raises DataError, changing nothing, when the schema is newer than this program.
    """
    with engine.connect() as connection:
        current = current_revision(connection)
        if current is None:
            # The tables first: a store that is made meanwhile has its revision as soon as it has tables.
            tables = frozenset(inspect(connection).get_table_names())
            current = current_revision(connection)
            if current is None:
                _refuse_foreign(engine, tables)
    if current == REVISION and scripts == SCRIPTS:
        return None
    from alembic.script import ScriptDirectory

    directory = ScriptDirectory(str(scripts))
    if current == directory.get_current_head():
        return None
    _refuse_newer(directory, current, where(engine))
    backup = _back_up(engine, current) if current is not None else None
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        lock_writers(connection)
        _upgrade(directory, connection)
    return backup


def _refuse_foreign(engine: Engine, tables: frozenset[str]) -> None:
    """Raise DataError for a database that another program made: nothing is added to it.

    A PostgreSQL schema may be shared, as long as no table has the name of one of ours.
    """
    taken = tables if sqlite_path(engine) else tables & frozenset(metadata.tables)
    if taken:
        key = "store.foreign"
        what = say(key, path=where(engine))
        raise DataError(Problem(key, what, say(f"{key}.why"), say(f"{key}.fix")))


def _refuse_newer(directory: ScriptDirectory, current: str | None, store: str) -> None:
    """Raise DataError for a revision that this program does not know."""
    known = {script.revision for script in directory.walk_revisions()}
    if current is not None and current not in known:
        raise DataError(
            Problem(
                "store.newer",
                say("store.newer", path=store, revision=current),
                say("store.newer.why"),
                say("store.newer.fix"),
            )
        )


def _upgrade(directory: ScriptDirectory, connection: Connection) -> None:
    """Run the missing migrations on a connection that is inside an explicit transaction.

    The revision is read again here: another process may have upgraded while we waited.
    """
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    def missing(revision: object, _context: MigrationContext) -> object:
        return directory._upgrade_revs("head", revision)  # type: ignore[arg-type]

    logging.getLogger("alembic").setLevel(logging.WARNING)
    context = MigrationContext.configure(
        connection,
        opts={"fn": missing, "script": directory, "render_as_batch": True, "transactional_ddl": True},
    )
    with Operations.context(context):
        context.run_migrations()


def _back_up(engine: Engine, current: str) -> str | None:
    """Copy an SQLite store beside itself before its schema changes; PostgreSQL rolls back DDL itself.

    The copy has the name of a backup only once it is whole and on the disk.
    """
    path = sqlite_path(engine)
    if not path:
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    target = f"{path}.{current}.{stamp}.backup"
    staged = Path(f"{target}.{os.getpid()}.part")
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("VACUUM INTO ?", (str(staged),))
        with staged.open("rb") as file:
            os.fsync(file.fileno())
        staged.replace(target)
    finally:
        connection.close()
        staged.unlink(missing_ok=True)
    return target
