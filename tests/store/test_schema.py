"""A store's tables are created in one piece or not at all, once, and by one process."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from policycore.store import schema
from policycore.store.store import Store


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
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT version FROM policycore_schema").fetchall() == [(schema.VERSION,)]


def test_opening_again_changes_nothing(store: Store) -> None:
    with Store(store.engine.url.render_as_string(hide_password=False)) as again, again.read() as connection:
        assert schema.version_of(connection) == schema.VERSION


@pytest.mark.long
def test_a_kill_while_the_tables_are_created_leaves_all_or_nothing(tmp_path: Path) -> None:
    path, seen = tmp_path / "store.sqlite3", set()
    script = """
import sys
from policycore.store.store import Store
print("ready", flush=True)
Store(sys.argv[1])
sys.stdin.read()
"""
    chance = random.Random(6)  # noqa: S311 - moments, no secrets
    for _ in range(12):
        for file in tmp_path.iterdir():
            file.unlink()
        command = [sys.executable, "-c", script, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.15))
            worker.kill()
        with Store(path) as store, store.read() as connection:
            assert schema.version_of(connection) == schema.VERSION
        with closing(sqlite3.connect(path)) as raw:
            tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert tables == set(schema.metadata.tables)
        seen.add(len(tables))
    assert seen == {len(schema.metadata.tables)}
