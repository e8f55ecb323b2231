"""Open the store's database safely, SQLite on a local disk or PostgreSQL by URL, and put its errors into words."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from policycore.errors import DataError, LockedError, PolicycoreError, Problem, UsageError

__all__ = [
    "connect",
    "database_error",
    "file_system_of",
    "lock_writers",
    "overwrite_removed",
    "sqlite_path",
    "unchanging",
    "where",
]

BUSY_SECONDS = 30
"""How long a writer waits for another one before it gives up."""

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "glusterfs", "lustre"}
    | {"beegfs", "gpfs", "9p", "sshfs", "davfs", "davfs2", "webdav"}
)
"""File systems on which SQLite's locks or shared memory cannot be trusted; any ``fuse.`` of them too."""

_REMOTE_FUSE = frozenset({"fuse.s3fs", "fuse.rclone", "fuse.gvfsd-fuse", "fuse.smbnetfs"})

_PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""After how long a server that went away is given up (seconds, but the last in milliseconds): a run must end."""

_almost_url = re.compile(r"postgres(ql)?(\+\w+)?:", re.IGNORECASE)
_password = re.compile(r":[^@]*@")

# Any fixed number will do; every policycore process must use the same one.
_ADVISORY_KEY = 0x706F6C69637963


def connect(store: str, *, read_only: bool = False) -> Engine:
    """Return an engine for `store`: a path of an SQLite file or a ``postgresql://`` URL.

    Raises UsageError for an address it does not understand and DataError for a place SQLite is
    not safe in.
    """
    if "://" not in store:
        if _almost_url.match(store):
            # Taken for a file's name it would be shown, and a password with it.
            raise UsageError(Problem.of("store.url-unreadable", code="store.url"))
        return _sqlite(Path(store), read_only)
    try:
        url = make_url(store)
    except (ArgumentError, ValueError) as error:
        raise UsageError(Problem.of("store.url-unreadable", code="store.url")) from error
    if url.get_backend_name() == "sqlite":
        if not url.database:
            raise UsageError(Problem.of("store.url-unreadable", code="store.url"))
        return _sqlite(Path(url.database or ""), read_only)
    if url.get_backend_name() != "postgresql":
        raise UsageError(Problem.of("store.url-unknown", code="store.url", kind=url.get_backend_name()))
    return _postgresql(url, read_only)


def where(engine: Engine) -> str:
    """Return the store's address as a person may see it, without a password."""
    path = sqlite_path(engine)
    if path:
        return _shown(path)
    url = engine.url
    # Options may hold a password too, and so may what stands before the last @ of a mistyped host.
    host = (url.host or "").rpartition("@")[2]
    port = f":{url.port}" if url.port else ""
    user = f"{url.username}@" if url.username else ""
    return f"{url.get_backend_name()}://{user}{host}{port}/{url.database or ''}"


def _shown(path: Path | str) -> str:
    """Return a path with whatever could be a password masked: a URL mistyped is a path."""
    return _password.sub(":***@", str(path))


def unchanging(engine: Engine) -> bool:
    """Return whether an SQLite store is read without locks, on a disk that nobody here can write."""
    return "immutable" in engine.url.query


def sqlite_path(engine: Engine) -> str:
    """Return the path of an SQLite store, '' for another database."""
    if engine.dialect.name != "sqlite":
        return ""
    database = str(engine.url.database or "")
    return unquote(database.removeprefix("file:")) if "uri" in engine.url.query else database


def _sqlite(path: Path, read_only: bool) -> Engine:
    """Return an engine whose transactions really begin, with every write on disk before it counts."""
    kind = file_system_of(path)
    if kind.removeprefix("fuse.") in _NETWORK or kind in _REMOTE_FUSE:
        raise DataError(Problem.of("store.network", path=_shown(path), kind=kind))
    if path.is_dir() or not path.parent.is_dir():
        raise DataError(Problem.of("store.missing", path=_shown(path)))
    if read_only and not path.exists():
        raise DataError(Problem.of("store.missing", path=_shown(path)))
    if not read_only:
        # What SQLite makes beside a store gets its permissions.
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    url = _sqlite_url(path, read_only)
    alone = read_only and "uri" not in url.query and _no_room(path)
    engine = create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
        # The driver's own transactions leave DDL outside of them; ours cover everything.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        if alone:
            # Whoever reads alone shares no memory, and needs no room for it.
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute("PRAGMA temp_store=MEMORY")
        # As in PostgreSQL; and only so can a pattern with a fixed beginning use an index.
        connection.execute("PRAGMA case_sensitive_like=ON")
        if read_only:
            connection.execute("PRAGMA query_only=ON")
        else:
            # A disk that cannot be written still allows reading; the first write will say so.
            with contextlib.suppress(sqlite3.OperationalError):
                if _ours_or_empty(connection):
                    connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred BEGIN fails as soon as two writers meet: the lock is taken at once.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _no_room(path: Path) -> bool:
    """Return whether a store lies on a disk that is too full for the file in which its readers share memory."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.OperationalError as error:
        return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR"))
    except sqlite3.Error:
        pass  # the first statement says what is wrong
    return False


def _ours_or_empty(connection: sqlite3.Connection) -> bool:
    """Return whether a database is a store or nothing yet; the mode of any other is its owner's business."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return not names or "policycore_schema" in names


def _sqlite_url(path: Path, read_only: bool) -> URL:
    """Return the address of the file; one that nobody here can write is opened as unchanging.

    Reading needs a shared-memory file beside the store, which a read-only disk has no room for. With
    a journal beside it the newest runs are in there, so it is then opened as usual, or not at all.
    """
    journal = path.with_name(path.name + "-wal")
    pending = journal.exists() and journal.stat().st_size > 0
    if not read_only or pending or os.access(path.parent, os.W_OK):
        return URL.create("sqlite", database=str(path))
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    return URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=query)


def _postgresql(url: URL, read_only: bool) -> Engine:
    """Return an engine for a PostgreSQL store through psycopg 3."""
    try:
        import psycopg  # noqa: F401 - whether it is there; SQLAlchemy loads it
    except ImportError as error:
        raise UsageError(Problem.of("store.no-driver", code="store.driver")) from error
    given = url.query.get("options", "")
    options = f"{given if isinstance(given, str) else ' '.join(given)} -c lock_timeout={BUSY_SECONDS}s"
    if read_only:
        options += " -c default_transaction_read_only=on"
    return create_engine(
        url.set(drivername="postgresql+psycopg").difference_update_query(["options"]),
        poolclass=NullPool,
        connect_args={"options": options, "application_name": "policycore"}
        | {name: value for name, value in _PATIENCE.items() if name not in url.query},
    )


def lock_writers(connection: Connection) -> None:
    """Let one writer at a time in until this transaction ends; readers go on."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_KEY})


def overwrite_removed(connection: Connection) -> None:
    """Let SQLite write nothings over what this connection removes: it would lie in the file until used again."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")


def file_system_of(path: Path) -> str:
    """Return the kind of file system that `path` lies on, '' where the system does not tell."""
    if sys.platform == "win32":
        import ctypes

        anchor = path.resolve().anchor
        return "smb" if ctypes.windll.kernel32.GetDriveTypeW(anchor) == 4 else ""
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    return _kind_in(mounts, os.path.realpath(path))


def _kind_in(mounts: list[str], path: str) -> str:
    """Return the kind of the innermost mount that holds `path`; a later mount hides an earlier one."""
    best, kind = -1, ""
    for line in mounts:
        fields = line.split(" ")
        mount = fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        inside = path == mount or path.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= best:
            best, kind = len(mount), fields[fields.index("-") + 1]
    return kind


# https://www.sqlite.org/rescode.html; the part before the second underscore names the family.
_SQLITE = {
    "BUSY": "store.busy",
    "LOCKED": "store.busy",
    "READONLY": "store.read-only",
    "FULL": "store.full",
    "IOERR": "store.full",
    "CORRUPT": "store.corrupt",
    "NOTADB": "store.corrupt",
    "CANTOPEN": "store.missing",
}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: whole codes first, then classes.
_POSTGRESQL = {
    "55P03": "store.busy",
    "40001": "store.busy",
    "40P01": "store.busy",
    "25006": "store.read-only",
    "42501": "store.read-only",
    "53100": "store.full",
    "XX001": "store.corrupt",
    "XX002": "store.corrupt",
    "57P": "store.unreachable",
    "08": "store.unreachable",
    "28": "store.unreachable",
    "3D": "store.unreachable",
    "53": "store.unreachable",
}
_APPEND_ONLY = "audit is append-only"


def database_error(error: DBAPIError | sqlite3.Error, store: str) -> PolicycoreError:
    """Return the error to show for what the database of `store` raised.

    Judged by the code that the database gives, for its words repeat statements and values.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    gone = isinstance(error, DBAPIError) and error.connection_invalidated
    key = _key_of_sqlite(cause) if isinstance(cause, sqlite3.Error) else _key_of_postgresql(cause)
    reading = isinstance(error, DBAPIError) and (error.statement or "").lstrip().upper().startswith("SELECT")
    if (key == "store.failed" and gone) or (key == "store.read-only" and reading):
        # An account that may not even read is refused, which is more than that it may not write.
        key = "store.unreachable"
    problem = Problem.of(key, path=store, kind=type(cause).__name__)
    return LockedError(problem) if key == "store.busy" else DataError(problem)


def _key_of_sqlite(cause: sqlite3.Error) -> str:
    """Return the key of the sentences for an error of SQLite."""
    name = getattr(cause, "sqlite_errorname", "SQLITE_UNKNOWN")
    if name == "SQLITE_CONSTRAINT_TRIGGER" and str(cause) == _APPEND_ONLY:
        return "store.append-only"
    return _SQLITE.get(name.split("_")[1], "store.failed")


def _key_of_postgresql(cause: BaseException | None) -> str:
    """Return the key of the sentences for an error of psycopg."""
    code = getattr(cause, "sqlstate", None)
    if code is None:
        # The server did not answer at all: psycopg's own words, and no code.
        kinds = {kind.__name__ for kind in type(cause).__mro__}
        return "store.unreachable" if "OperationalError" in kinds else "store.failed"
    message = getattr(getattr(cause, "diag", None), "message_primary", None)
    if code == "P0001" and message == _APPEND_ONLY:
        return "store.append-only"
    found = (_POSTGRESQL[part] for part in (code, code[:3], code[:2]) if part in _POSTGRESQL)
    return next(found, "store.failed")
