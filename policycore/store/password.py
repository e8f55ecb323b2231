"""Keep the password of a store's URL apart from settings that git takes: in a file of its own, for its owner alone."""

from __future__ import annotations

from pathlib import Path

from policycore.errors import DataError, Problem
from policycore.system.atomic_files import write_atomically
from policycore.system.refusals import refusal_words

__all__ = ["FILE", "keep_password", "require_none", "with_password", "without_password"]

FILE = "store-password"
"""The file's name in the workspace's folder, which its ``.gitignore`` lists."""


def without_password(store: str) -> tuple[str, str]:
    """Return an address without the password that a URL holds, and that, '' where there is none."""
    if "://" not in store:
        return store, ""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(store)
    except (ArgumentError, ValueError):
        # Opening it says what is wrong with it.
        return store, ""
    said = url.query.get("password", "")
    password = str(url.password or (said if isinstance(said, str) else said[-1]))
    if not password:
        return store, ""
    # `set` takes None for "as it is".
    bare = url._replace(password=None).difference_update_query(["password"])
    return bare.render_as_string(hide_password=False), password


def with_password(store: str, folder: Path) -> str:
    """Return an address with the password that is kept in a workspace's `folder`, where it needs one.

    Where nothing is kept PostgreSQL's own ways are left: PGPASSWORD, and ``~/.pgpass``. Raises DataError where the file
    can't be read.
    """
    file = folder / FILE
    if "://" not in store or without_password(store)[1]:
        return store
    try:
        password = file.read_text(encoding="utf-8").rstrip("\r\n")
    except FileNotFoundError:
        return store
    except (OSError, ValueError) as error:
        kind = refusal_words(error)
        raise DataError(Problem.of("store.password-closed", path=file, kind=kind)) from None
    from sqlalchemy.engine import make_url

    return make_url(store).set(password=password).render_as_string(hide_password=False)


def keep_password(folder: Path, password: str) -> None:
    """Keep a password in `folder`, and git away from it."""
    ignored = folder / ".gitignore"
    lines = ignored.read_text(encoding="utf-8") if ignored.is_file() else ""
    if not {FILE, "*"} & set(lines.split()):
        write_atomically(ignored, f"{lines}{FILE}\n".encode())
    write_atomically(folder / FILE, f"{password}\n".encode())


def require_none(store: str, file: Path) -> None:
    """Raise DataError where the address in a settings `file` holds a password."""
    if without_password(store)[1]:
        raise DataError(Problem.of("store.password-in-settings", path=file, name=FILE))
