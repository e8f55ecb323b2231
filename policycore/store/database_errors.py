"""Turn what a database raised into an error in words; only its kind leaves, never what it quotes."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from policycore.errors import DataError, LockedError, PolicycoreError, Problem

__all__ = ["database_error"]

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
    key = _sqlite(cause) if isinstance(cause, sqlite3.Error) else _postgresql(cause)
    reading = isinstance(error, DBAPIError) and (error.statement or "").lstrip().upper().startswith("SELECT")
    if (key == "store.failed" and gone) or (key == "store.read-only" and reading):
        # An account that may not even read is refused, which is more than that it may not write.
        key = "store.unreachable"
    problem = Problem.of(key, path=store, kind=type(cause).__name__)
    return LockedError(problem) if key == "store.busy" else DataError(problem)


def _sqlite(cause: sqlite3.Error) -> str:
    """Return the key of the sentences for an error of SQLite."""
    name = getattr(cause, "sqlite_errorname", "SQLITE_UNKNOWN")
    if name == "SQLITE_CONSTRAINT_TRIGGER" and str(cause) == _APPEND_ONLY:
        return "store.append-only"
    return _SQLITE.get(name.split("_")[1], "store.failed")


def _postgresql(cause: BaseException | None) -> str:
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
