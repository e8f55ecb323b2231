"""The workspace: one folder with the store, the snapshots, the decisions and the key of one office."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.errors import DataError, PolicycoreError, Problem, UsageError
from policycore.language import say
from policycore.store.password import FILE as PASSWORD_FILE
from policycore.store.password import keep_password, require_none, with_password, without_password
from policycore.system.atomic_files import write_atomically
from policycore.system.duration import spelled
from policycore.system.lock import RunLock
from policycore.system.refusals import refusal_words

if TYPE_CHECKING:
    from policycore.store.store import Store

__all__ = ["FOLDER", "Workspace", "find_workspace", "init_workspace", "needed_workspace"]

FOLDER = ".policycore"
"""Name of the folder that makes its parent a workspace."""

_GITIGNORE = """\
# What is decided is reviewed and kept; all else is derived or secret, half-written files that a kill left as well.
*
!.gitignore
!workspace.yaml
!waivers.yaml
!attestations.yaml
"""
_key = re.compile(r"(?:[0-9A-Fa-f]{2}){32,}")


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where everything of one workspace lies."""

    folder: Path
    store_address: str
    expected_every: timedelta | None = None
    """How often a check is due here; None where nobody said so."""
    keep_text: bool = True
    """Whether kept snapshots hold what people wrote in chats, or its keyed hashes alone."""
    precision_floor: int = 50
    """Percent of reviewed suspects below which a rule asks for attention."""

    @property
    def snapshots(self) -> Path:
        """Return the folder of kept snapshots."""
        return self.folder / "snapshots"

    @property
    def waivers(self) -> Path:
        """Return the reviewed file of waivers."""
        return self.folder / "waivers.yaml"

    @property
    def attestations(self) -> Path:
        """Return the reviewed file of attestations."""
        return self.folder / "attestations.yaml"

    @property
    def key_file(self) -> Path:
        """Return the file that holds the secret for keyed hashes."""
        return self.folder / "key"

    def key(self) -> bytes:
        """Return the secret for keyed hashes of evidence; raises what `every_key` raises."""
        return self.every_key()[0]

    def every_key(self, *, readable: bool = False) -> tuple[bytes, ...]:
        """Return the secret for keyed hashes, then those that it took the place of, the newest first.

        Raises DataError where the file is lost, damaged, or not for this account to read; of one that is lost or
        damaged those that are still `readable` are returned where they are asked for.
        """
        lines: list[str] = []
        try:
            lines = self.key_file.read_text(encoding="ascii", errors="replace").split()
        except IsADirectoryError:
            pass  # no key is in it
        except (FileNotFoundError, NotADirectoryError):
            if readable:
                return ()
            raise DataError(Problem.of("store.key-lost", code="workspace.key-lost", path=self.key_file)) from None
        except OSError as error:
            kind = refusal_words(error)
            raise DataError(
                Problem.of("store.key-closed", code="workspace.key-closed", path=self.key_file, kind=kind)
            ) from None
        keys = tuple(bytes.fromhex(line) for line in lines if _key.fullmatch(line))
        if not readable and (not keys or len(keys) < len(lines)):
            raise DataError(Problem.of("store.key-damaged", code="workspace.key-damaged", path=self.key_file))
        return keys

    def open_to_all(self) -> list[Path]:
        """Return the files with secrets in them that every account of the machine can read."""
        if os.name == "nt" or not self.folder.stat().st_mode & 0o001:
            return []
        store = [] if "://" in self.store_address else [Path(self.store_address)]
        files = (self.key_file, self.folder / PASSWORD_FILE, *store)
        return [file for file in files if file.is_file() and file.stat().st_mode & 0o004]

    def open_store(self, *, read_only: bool = False) -> Store:
        """Return the opened store."""
        # A check without a workspace must not pay for the database library.
        from policycore.store.store import Store

        return Store(self.store_address, read_only=read_only)

    def lock(self, *, wait_seconds: float = 0.0) -> RunLock:
        """Return the lock that one run at a time holds."""
        return RunLock(self.folder / "lock", wait_seconds=wait_seconds)


def find_workspace(start: Path | None = None, store: str | None = None) -> Workspace | None:
    """Return the workspace that `start` lies in, looking upwards; None when there is none.

    POLICYCORE_WORKSPACE names one directly. `store` (a path or URL) takes the place of the
    workspace's own store.
    """
    named = os.environ.get("POLICYCORE_WORKSPACE")
    if named and start is None:
        folder = Path(named) if Path(named).name == FOLDER else Path(named) / FOLDER
        if not folder.is_dir():
            raise UsageError(Problem.of("store.workspace.named", code="workspace.named", path=named))
        return _opened(folder, store)
    begin = (start or Path.cwd()).absolute()
    for parent in (begin, *begin.parents):
        if (parent / FOLDER / "workspace.yaml").is_file():
            return _opened(parent / FOLDER, store)
    return None


def needed_workspace(start: Path | None = None, store: str | None = None) -> Workspace:
    """Return what `find_workspace` finds; UsageError when there is none."""
    found = find_workspace(start, store)
    if found is None:
        raise UsageError(Problem.of("store.workspace.none", code="workspace.none"))
    return found


def _opened(folder: Path, store: str | None) -> Workspace:
    """Return the workspace at `folder` with the store that its settings, or the caller, name."""
    from policycore.store.settings import read_settings

    settings = read_settings(folder / "workspace.yaml")
    require_none(settings.store, folder / "workspace.yaml")
    address = store or os.environ.get("POLICYCORE_STORE") or with_password(_address(folder, settings.store), folder)
    return Workspace(folder, address, settings.expected_every, settings.keep_text == "yes", settings.precision_floor)


def _address(folder: Path, store: str) -> str:
    """Return where a store lies that is written as `store` in the settings of the workspace at `folder`."""
    return store if "://" in store or Path(store).is_absolute() else str(folder / store)


def _without(folder: Path, store: str) -> str:
    """Return where a store lies, without the password of a URL."""
    return without_password(_address(folder, store))[0]


def init_workspace(
    parent: Path, *, store: str | None = None, expected_every: timedelta | None = None, keep_text: bool | None = None
) -> Workspace:
    """Make `parent` a workspace and return it; one that is there already is opened and left as it is.

    A workspace is complete or not there: it is built beside its place and renamed into it, and goes
    again when its store can't be opened. Only how often a check is due, and whether texts are kept, is changed in one
    that is there.
    Raises UsageError when that one has another store than `store`.
    """
    folder = parent / FOLDER
    fresh = not folder.is_dir()
    try:
        parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            _build(folder, store)
        elif store is not None and _without(folder, store) != without_password(_opened(folder, None).store_address)[0]:
            raise UsageError(Problem.of("store.workspace.other-store", code="workspace.other-store", path=folder))
        password = without_password(store or "")[1]
        if password:
            keep_password(folder, password)
        if expected_every is not None:
            _set(folder / "workspace.yaml", "expected_every", spelled(expected_every))
        if keep_text is not None:
            _set(folder / "workspace.yaml", "keep_text", "yes" if keep_text else "no")
    except OSError as error:
        raise DataError(
            Problem.of("system.unwritable", code="store.unwritable", path=folder, kind=refusal_words(error))
        ) from None
    workspace = _opened(folder, None)
    try:
        _begin(workspace)
    except PolicycoreError:
        if fresh:
            # Else the next attempt, with the right address, would find a workspace with the wrong one.
            _remove(folder)
        raise
    return workspace


def _begin(workspace: Workspace) -> None:
    """Make the store and the first entry of its audit trail."""
    from policycore.store.kept import audit

    with workspace.open_store() as opened, opened.write() as connection:
        if audit.head(connection) == audit.GENESIS:
            audit.append(connection, "init", {"store": opened.kind})


def _build(folder: Path, store: str | None) -> None:
    """Fill a new folder and move it into place."""
    made = Path(tempfile.mkdtemp(prefix=f"{FOLDER}-", dir=folder.parent))
    try:
        _fill(made, store)
        made.rename(folder)
    except OSError:
        # Where another process was first, its workspace stands.
        if not folder.is_dir():
            raise
    finally:
        _remove(made)


def _fill(made: Path, store: str | None) -> None:
    """Write everything that a workspace has before its store is made."""
    # Readable by its owner alone, as made: the store holds names and a password may stand in the settings.
    (made / "snapshots").mkdir(mode=0o700)
    store = without_password(store)[0] if store else None
    settings = "policycore: 1\n" + (f"store: '{store.replace(chr(39), chr(39) * 2)}'\n" if store else "")
    (made / "workspace.yaml").write_text(settings, encoding="utf-8")
    (made / "waivers.yaml").write_text(say("store.file.waivers") + "policycore: 1\nwaivers: []\n", encoding="utf-8")
    (made / "attestations.yaml").write_text(
        say("store.file.attestations") + "policycore: 1\nattestations: []\n", encoding="utf-8"
    )
    (made / ".gitignore").write_text(_GITIGNORE, encoding="utf-8")
    descriptor = os.open(made / "key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _set(file: Path, name: str, value: str) -> None:
    """Write down one setting; every other line stays as it is."""
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(f"{name}:")]
    write_atomically(file, "\n".join([*kept, f"{name}: {value}", ""]).encode())


def _remove(folder: Path) -> None:
    """Remove a folder that was only half wanted."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
