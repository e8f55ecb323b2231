"""Stores on every database that is there: a pytest plugin for all folders."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from policycore.model.result import RunResult
from policycore.store import schema
from policycore.store.lives.presence import everything_present
from policycore.store.record import record
from policycore.store.store import Store


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a real PostgreSQL on a loopback port and give its URL; skip where it is not installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.skip("PostgreSQL is not installed (no initdb under /usr/lib/postgresql)")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    yield from _server(programs[-1].parent)


def _server(programs: Path) -> Iterator[str]:
    """Run a server in a folder of its own, as an unprivileged account when started by root."""
    import socket
    import tempfile

    as_account: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="policycore-pg-"))
    if os.geteuid() == 0:
        # The server refuses to run as root; Debian's package brings this account.
        shutil.chown(folder, "postgres", "postgres")
        path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
        as_account = [shutil.which("runuser", path=path) or "runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        done = subprocess.run(
            [*as_account, *command], cwd=folder, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            pytest.skip(f"PostgreSQL did not start: {done.stdout[-500:]} {done.stderr[-500:]}")

    data = str(folder / "data")
    try:
        run(
            str(programs / "initdb"),
            "-D",
            data,
            "-U",
            "policycore",
            "--auth=trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        run(str(programs / "pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        yield f"postgresql://policycore@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [*as_account, str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop"],
            cwd=folder,
            capture_output=True,
            timeout=60,
            check=False,
        )
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def fresh_database(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Give the means to make empty stores on PostgreSQL, each in a schema of its own, dropped after the test."""
    import uuid

    import psycopg

    server = request.getfixturevalue("postgresql")
    made: list[str] = []

    def make() -> str:
        made.append(f"t{uuid.uuid4().hex[:12]}")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {made[-1]}")
        return f"{server}?options=-csearch_path%3D{made[-1]}"

    yield make
    with psycopg.connect(server, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give an empty store, once on each database."""
    if request.param == "sqlite":
        address = str(tmp_path / "store.sqlite3")
    else:
        address = request.getfixturevalue("fresh_database")()
    with Store(address) as opened:
        yield opened


def save(store: Store, result: RunResult, **options: Any) -> Any:
    """Record a run over an estate in which everything is there, and return its summary."""
    return record(store, result, presence=lambda _asked: everything_present, **options)


def state_of(store: Store) -> dict[str, str]:
    """Return the state of every finding by its subject."""
    with store.read() as connection:
        table = schema.findings.c
        return dict(connection.execute(select(table.subject_id, table.state)).all())
