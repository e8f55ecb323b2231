"""The schema is brought up to date in one piece or not at all."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select

from policycore.store import schema
from policycore.store.migrate import SCRIPTS, current_revision, migrate
from policycore.store.presence import everything_present
from policycore.store.record import record
from policycore.store.store import Store

NEXT = """
import sqlalchemy as sa
from alembic import op
revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
    with op.batch_alter_table("notes") as batch:
        batch.add_column(sa.Column("kind", sa.Text()))
    {end}
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Any:
    """Give the means to lay the real migrations beside one more."""

    def make(end: str) -> Path:
        folder = tmp_path / f"migrations-{len(end)}"
        shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "0003_next.py").write_text(NEXT.replace("{end}", end))
        return folder

    return make


def test_the_migrations_make_just_the_tables_that_the_program_uses(store: Store) -> None:
    with store.read() as connection:
        # Every time is a plain number in the database, which the migration says without the type around it.
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, schema.metadata) == []
        kinds = {
            (table, column["name"]): str(column["type"].as_generic())
            for table in inspect(connection).get_table_names()
            for column in inspect(connection).get_columns(table)
        }
    for table in schema.metadata.tables.values():
        for column in table.columns:
            generic = column.type.impl if isinstance(column.type, schema.Moment) else column.type
            found = kinds[table.name, column.name]
            assert found == str(generic) or {found, str(generic)} <= {"FLOAT", "DOUBLE", "REAL"}, (
                table.name,
                column.name,
            )


def test_the_program_knows_its_newest_migration() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_current_head() == schema.REVISION


def test_an_upgrade_keeps_the_data_and_makes_a_backup(store: Store, scripts: Any, build: Any) -> None:
    record(store, build.result(build.finding()), presence=lambda _: everything_present)
    backup = migrate(store.engine, scripts("pass"))
    with store.read() as connection:
        assert current_revision(connection) == "0003"
        assert len(connection.execute(select(schema.findings.c.id)).all()) == 1
        assert "kind" in {column["name"] for column in inspect(connection).get_columns("notes")}
    if store.kind == "sqlite":
        assert backup is not None
        assert re.search(r"\.0002\.\d{8}T\d{6}\.backup$", backup)
        with Store(backup, read_only=True) as saved, saved.read() as connection:
            assert len(connection.execute(select(schema.findings.c.id)).all()) == 1


def test_an_upgrade_that_fails_midway_leaves_the_old_schema(store: Store, scripts: Any, build: Any) -> None:
    record(store, build.result(build.finding()), presence=lambda _: everything_present)
    with pytest.raises(RuntimeError, match="midway"):
        migrate(store.engine, scripts("raise RuntimeError('midway')"))
    with store.read() as connection:
        assert current_revision(connection) == "0002"
        assert not inspect(connection).has_table("later")
        assert "kind" not in {column["name"] for column in inspect(connection).get_columns("notes")}
    record(store, build.result(build.finding(), as_of=build.day(1)), presence=lambda _: everything_present)


def test_many_programs_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    path, failures = tmp_path / "store.sqlite3", []

    def open_it() -> None:
        try:
            Store(path).close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
    raw.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits on Windows")
def test_a_backup_for_which_there_is_no_room_is_an_error_in_words(tmp_path: Path, scripts: Any, build: Any) -> None:
    path = tmp_path / "store.sqlite3"
    with Store(path) as store:
        record(store, build.result(build.finding()), presence=lambda _: everything_present)
    script = """
import resource, signal, sys
from pathlib import Path
from policycore.errors import DataError
from policycore.store import store
store.migrate.__defaults__ = (Path(sys.argv[2]),)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    store.Store(sys.argv[1])
except DataError as error:
    print(error.problems[0].code)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(scripts("pass"))], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "store.full", done.stderr
    assert [item.name for item in tmp_path.iterdir() if ".backup" in item.name] == []
    with Store(path) as store, store.read() as connection:
        assert current_revision(connection) == "0002"


@pytest.mark.long
def test_a_kill_while_the_schema_is_upgraded_leaves_all_or_nothing(tmp_path: Path, scripts: Any, build: Any) -> None:
    path = tmp_path / "store.sqlite3"
    with Store(path) as store:
        many = [build.finding(subject=f"g{number}") for number in range(400)]
        record(store, build.result(*many), presence=lambda _: everything_present)
    fresh, folder = path.read_bytes(), scripts("pass")
    script = """
import sys
from pathlib import Path
from policycore.store import store
from policycore.store.store import Store
opened = Store(sys.argv[1])
print("ready", flush=True)
store.migrate(opened.engine, Path(sys.argv[2]))
"""
    seen = set()
    chance = random.Random(6)  # noqa: S311 - moments, no secrets
    for _ in range(8):
        path.write_bytes(fresh)
        for name in (f"{path.name}-wal", f"{path.name}-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        command = [sys.executable, "-c", script, str(path), str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.5))
            worker.kill()
        connection = sqlite3.connect(path)
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        later = connection.execute("SELECT name FROM sqlite_master WHERE name = 'later'").fetchall()
        columns = {row[1] for row in connection.execute("PRAGMA table_info(notes)")}
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
        assert (revision, bool(later), "kind" in columns) in {("0002", False, False), ("0003", True, True)}
        seen.add(revision)
        for backup in tmp_path.glob("*.backup"):
            with Store(backup, read_only=True) as saved, saved.read() as connection:
                assert len(connection.execute(select(schema.findings.c.id)).all()) == 400
            backup.unlink()
    assert "0002" in seen
