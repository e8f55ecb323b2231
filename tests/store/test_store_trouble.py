"""What cannot be opened, read or written ends in a clear error, and what was there stays."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy
from sqlalchemy import select

from policycore.errors import DataError, LockedError, UsageError
from policycore.language import use_language
from policycore.store import connect, schema
from policycore.store.kept.runs import list_runs
from policycore.store.lives.presence import everything_present
from policycore.store.record import record
from policycore.store.store import Store
from tests.databases import save, state_of

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("version", [9999, 0])
def test_a_store_of_another_schema_gets_a_clear_answer_and_is_left_alone(tmp_path: Path, version: int) -> None:
    path = tmp_path / "store.sqlite3"
    Store(path).close()
    with closing(sqlite3.connect(path)) as raw:
        if version:
            raw.execute("UPDATE policycore_schema SET version = ?", (version,))
        else:  # a store from before versions were kept
            raw.execute("DROP TABLE policycore_schema")
        raw.commit()
    before = path.read_bytes()
    for read_only in (False, True):
        for language in ("zh", "en"):
            with use_language(language), pytest.raises(DataError) as caught:
                Store(path, read_only=read_only)
            problem = caught.value.problems[0]
            assert problem.code == "store.other-schema"
            assert all(word in problem.what for word in (str(path), str(version), str(schema.VERSION)))
            assert problem.why
            assert "policycore init" in problem.fix
    assert path.read_bytes() == before


def test_an_empty_database_is_not_read_as_an_empty_history(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    sqlite3.connect(path).close()
    path.touch()
    with pytest.raises(DataError) as caught:
        Store(path, read_only=True)
    assert caught.value.problems[0].code == "store.other-schema"


def test_a_missing_store_is_not_created_by_reading(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        Store(tmp_path / "store.sqlite3", read_only=True)
    assert caught.value.problems[0].code == "store.missing"
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"this is a letter, not a database" * 500)
    with pytest.raises(DataError) as caught:
        Store(path)
    assert caught.value.problems[0].code == "store.corrupt"


def test_a_damaged_page_is_an_error_and_never_an_answer(tmp_path: Path, build: Any) -> None:
    path = tmp_path / "store.sqlite3"
    with Store(path) as store:
        save(store, build.result(*(build.finding(subject=f"g{number}") for number in range(300))))
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = raw.execute("PRAGMA page_size").fetchone()[0]
    raw.close()
    data = bytearray(path.read_bytes())
    for place in range(page * 3, len(data) - page, page):
        data[place : place + 64] = b"\xff" * 64
    path.write_bytes(data)
    with pytest.raises(DataError) as caught, Store(path) as store:
        store.check()
    assert caught.value.problems[0].code == "store.corrupt"


def test_reading_only_writes_nothing(tmp_path: Path, build: Any) -> None:
    path = tmp_path / "store.sqlite3"
    Store(path).close()
    with Store(path, read_only=True) as store, pytest.raises(DataError) as caught:
        save(store, build.result())
    assert caught.value.problems[0].code == "store.read-only"


def test_a_store_on_a_disk_that_cannot_be_written_is_read_without_a_trace(
    tmp_path: Path, build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a folder #1%20"
    folder.mkdir()
    path = folder / "store.sqlite3"
    with Store(path) as store:
        save(store, build.result(build.finding()))
    assert [item.name for item in folder.iterdir()] == ["store.sqlite3"]
    monkeypatch.setattr(connect.os, "access", lambda *_: False)
    before = path.read_bytes()
    with Store(path, read_only=True) as store:
        assert store.address == str(path)
        assert state_of(store) == {"g1": "new"}
        assert [item.name for item in folder.iterdir()] == ["store.sqlite3"]
        with pytest.raises(DataError) as caught:
            save(store, build.result())
    assert caught.value.problems[0].code == "store.read-only"
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits on Windows")
def test_a_full_disk_keeps_what_was_there(tmp_path: Path, build: Any) -> None:
    path = tmp_path / "store.sqlite3"
    with Store(path) as store:
        save(store, build.result(build.finding()))
    script = """
import resource, signal, sys
sys.path.insert(0, sys.argv[2])
from tests.results import Days, make_finding, make_result
from policycore.errors import PolicycoreError
from policycore.store.lives.presence import everything_present
from policycore.store.record import record
from policycore.store.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
many = [make_finding(subject=f"g{number}") for number in range(5000)]
try:
    record(store, make_result(*many, as_of=Days()(1)), presence=lambda asked: everything_present)
except PolicycoreError as error:
    print(error.problems[0].code)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(Path(__file__).parents[2])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "store.full", done.stderr
    with Store(path) as store:
        store.check()
        assert state_of(store) == {"g1": "new"}
        with store.read() as connection:
            assert [run.id for run in list_runs(connection)] == [1]
        save(store, build.result(build.finding(), as_of=build.day(1)))


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions to take away")
def test_a_store_without_write_permission(tmp_path: Path, build: Any) -> None:
    path = tmp_path / "store.sqlite3"
    with Store(path) as store:
        save(store, build.result(build.finding()))
    script = """
import sys
sys.path.insert(0, sys.argv[2])
from tests.results import Days, make_finding, make_result
from policycore.errors import DataError
from policycore.store.lives.presence import everything_present
from policycore.store.record import record
from policycore.store.kept.runs import list_runs
from policycore.store.store import Store
with Store(sys.argv[1], read_only=True) as store, store.read() as connection:
    print(len(list_runs(connection)))
try:
    record(Store(sys.argv[1]), make_result(as_of=Days()(1)), presence=lambda _: everything_present)
except DataError as error:
    print(error.problems[0].code)
"""
    command = [sys.executable, "-c", script, str(path), str(Path(__file__).parents[2])]
    if os.geteuid() == 0:
        # Root may write everywhere, unless it gives that up.
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everywhere, and there is no setpriv to take that away")
        command = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *command]
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        tmp_path.chmod(0o755)
    assert done.stdout.split() == ["1", "store.read-only"], done.stderr


@pytest.mark.parametrize(
    ("mounts", "path", "kind"),
    [
        (["1 0 8:1 / / rw - ext4 /dev/sda rw"], "/home/x/store", "ext4"),
        (["1 0 8:1 / / rw - ext4 d rw", "2 1 0:5 / /home rw shared:1 - nfs4 h:/e rw"], "/home/x", "nfs4"),
        (["1 0 8:1 / / rw - ext4 d rw", "2 1 0:5 / /home rw - nfs4 h:/e rw"], "/homes/x", "ext4"),
        (["1 0 8:1 / / rw - ext4 d rw", "2 1 0:5 / /a\\040b rw - cifs //h/e rw"], "/a b/store", "cifs"),
        (["1 0 8:1 / /d rw - nfs h rw", "2 1 0:5 / /d rw - xfs e rw"], "/d/store", "xfs"),
    ],
)
def test_the_innermost_mount_decides(mounts: list[str], path: str, kind: str) -> None:
    assert connect._kind_in(mounts, path) == kind


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "9p", "fuse.sshfs", "fuse.s3fs"])
def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(connect, "file_system_of", lambda _path: kind)
    with pytest.raises(DataError) as caught:
        Store(tmp_path / "store.sqlite3")
    assert caught.value.problems[0].code == "store.network"


@pytest.mark.parametrize("address", ["mysql://h/d", "http://h", "postgresql://[::1/x"])
def test_an_address_that_is_no_store(address: str) -> None:
    with pytest.raises((UsageError, DataError)):
        Store(address)


def test_a_server_that_is_not_there_and_no_password_in_words() -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(DataError) as caught:
        Store("postgresql://u:geheim@127.0.0.1:1/d")
    assert caught.value.problems[0].code == "store.unreachable"
    assert "geheim" not in str(caught.value)


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite3") as store, store.read() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["wal", 2, 1, 30_000]


def test_foreign_keys_hold(store: Store, build: Any) -> None:
    with pytest.raises(DataError), store.write() as connection:
        connection.execute(
            sqlalchemy.insert(schema.notes).values(id=1, finding_id=77, at=build.day(0), author="x", text="y")
        )


def test_waits_for_another_writer(store: Store, build: Any) -> None:
    import threading

    address = store.engine.url.render_as_string(hide_password=False)
    if store.kind == "postgresql":
        address = address.replace("postgresql+psycopg", "postgresql") + "?options=" + _search_path(store)
    with Store(address) as other:
        entered, done = threading.Event(), threading.Event()

        def second() -> None:
            entered.set()
            save(other, build.result(as_of=build.day(1)))
            done.set()

        with store.write() as connection:
            connection.execute(select(schema.runs))
            thread = threading.Thread(target=second)
            thread.start()
            entered.wait(5)
            assert not done.wait(0.3)
        thread.join(20)
        assert done.is_set()


def test_many_writers_at_once_lose_nothing(store: Store, build: Any) -> None:
    import threading

    address = store.engine.url.render_as_string(hide_password=False)
    if store.kind == "postgresql":
        address = address.replace("postgresql+psycopg", "postgresql") + "?options=" + _search_path(store)
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with Store(address) as other:
                for part in range(3):
                    save(other, build.result(build.finding(subject=f"g{number}-{part}"), ruleset=f"set{number}"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with store.read() as connection:
        assert [run.id for run in list_runs(connection)] == list(range(18, 0, -1))
        from policycore.store.kept import audit

        assert audit.verify(connection) is None


def _search_path(store: Store) -> str:
    """Return the option that leads another connection to the same schema."""
    with store.read() as connection:
        return f"-csearch_path%3D{connection.exec_driver_sql('SELECT current_schema()').scalar()}"


def test_an_error_is_told_by_its_code_and_not_by_the_words_it_quotes(store: Store, build: Any) -> None:
    values = {"id": 1, "finding_id": None, "at": build.day(0), "author": "x", "text": "database is locked; disk full"}
    with pytest.raises(DataError) as caught, store.write() as connection:
        connection.execute(sqlalchemy.insert(schema.notes).values(**values))
    assert caught.value.problems[0].code == "store.failed"
    assert "locked" not in str(caught.value)


def test_what_was_read_while_another_account_wrote_is_no_answer(
    tmp_path: Path, build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.sqlite3"
    with Store(path) as store:
        save(store, build.result(build.finding()))
    monkeypatch.setattr(connect.os, "access", lambda *_: False)

    def read_while_writing() -> None:
        with Store(path, read_only=True) as reader, Store(path) as writer, reader.read() as connection:
            list_runs(connection)
            save(writer, build.result(build.finding(), as_of=build.day(1)))

    with pytest.raises(LockedError) as caught:
        read_while_writing()
    assert caught.value.problems[0].code == "store.changing"


def test_a_server_that_goes_away_in_the_middle_keeps_nothing_half_done(fresh_database: Any, build: Any) -> None:
    with Store(fresh_database()) as store:
        save(store, build.result(build.finding()))

        def cut_off(_asked: Any) -> Any:
            engine = connect.connect(store.engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
            with engine.connect() as other:
                others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                other.exec_driver_sql(f"{others} AND application_name = 'policycore'")
            return everything_present

        with pytest.raises(DataError) as caught:
            record(store, build.result(build.finding(subject="g2"), as_of=build.day(1)), presence=cut_off)
        assert caught.value.problems[0].code == "store.unreachable"
        assert state_of(store) == {"g1": "new"}
        save(store, build.result(build.finding(), as_of=build.day(1)))
        assert state_of(store) == {"g1": "open"}


def test_an_account_that_may_not_read_is_refused_and_not_told_to_write(fresh_database: Any) -> None:
    address = fresh_database()
    with Store(address) as store, store.write() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS stranger")
        connection.exec_driver_sql("CREATE ROLE stranger LOGIN")
        name = connection.exec_driver_sql("SELECT current_schema()").scalar()
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA {name} TO stranger")
    with pytest.raises(DataError) as caught:
        Store(address.replace("policycore@", "stranger@"), read_only=True)
    assert caught.value.problems[0].code == "store.unreachable"
