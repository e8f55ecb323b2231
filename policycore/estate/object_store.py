"""Fetch a snapshot from an object store: by an address that holds no secret, from a store that may be slow or silent.

What speaks to the store is a process of its own (`policycore.estate.store_reader`). The libraries for that try for
minutes, some end their process, and a call into them cannot be broken off; a process can. Each store's own settings say
who asks (variables, files, the identity of the machine), so that nothing of it stands in an address, a list of
processes or a job file.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote

from policycore.errors import DataError, Place, Problem, UsageError
from policycore.estate.manifest import MANIFEST, read_manifest
from policycore.estate.problems import problem
from policycore.estate.snapshot import Snapshot, open_snapshot
from policycore.system.temporary_folders import PrivateFolder, sweep_private_folders
from policycore.text.clean import clean
from policycore.text.shown import shown_line

__all__ = ["fetch_snapshot", "is_address", "require_address", "shown_address"]

MOST_SILENT = 60.0
"""Seconds in which some of a file must come."""

# Neither who asks nor what proves it has a place in it: what does not match is refused and never shown.
_address = re.compile(
    r"(?:(?:s3|gs|gcs)://(?:anonymous@)?|abfss?://(?:[\w.-]+@)?)(?P<host>[\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?"
    r"(?:/[^/?#@\\\x00-\x1f]+)*/?(?:\?(?P<settings>(?:[a-z_]+=[\w./:\[\]-]+&?)+))?"
)
_SETTINGS = frozenset(
    {
        *("region", "scheme", "endpoint_override", "tls_ca_file_path", "force_virtual_addressing"),
        *("retry_limit_seconds", "enable_tls", "credential_kind", "tenant_id", "client_id"),
        *("blob_storage_authority", "dfs_storage_authority"),
    }
)
_here = re.compile(r"(?:[a-z]+://)?(?:127(?:\.\d+){3}|localhost|\[::1\])(?::\d+)?/?")


def is_address(estate: str | Path) -> bool:
    """Return whether an estate is named by an address, of whatever kind, and not by a folder."""
    return isinstance(estate, str) and "://" in estate


def require_address(address: str) -> None:
    """Raise UsageError for an address that names no store, may hold a secret, or would let everybody listen."""
    found = _address.fullmatch(address)
    if found is None:
        raise UsageError(problem("store-address", scheme=address.partition("://")[0]))
    settings = dict(parse_qsl(found["settings"] or ""))
    for name in settings:
        if name not in _SETTINGS:
            raise UsageError(problem("store-setting", name=name))
    named = [settings[one] for one in ("endpoint_override", "blob_storage_authority") if one in settings]
    plain = settings.get("scheme") == "http" or settings.get("enable_tls") == "false"
    if address.startswith("s3:") and not named:
        named = [one for name in ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL") if (one := os.environ.get(name))][:1]
    plain = plain or any(one.startswith("http:") for one in named)
    if plain and not any(map(_here.fullmatch, named or [found["host"]])):
        raise UsageError(problem("store-plain", Place(shown_address(address))))


def shown_address(address: str) -> str:
    """Return an address without its settings, as it may be shown."""
    return unquote(address.partition("?")[0]).rstrip("/")


def fetch_snapshot(address: str) -> Snapshot:
    """Return the snapshot at an address, in a folder of this process alone that closing it removes.

    Raises UsageError as `require_address` does; DataError where the store does not answer or does not let us in, where
    no snapshot lies there, and for every file that is not what the manifest promises.
    """
    require_address(address)
    sweep_private_folders()
    there = shown_address(address)
    with ExitStack() as undone:
        private = PrivateFolder()
        undone.callback(private.close)
        with _Store(address, private.path) as store:
            store.fetch(MANIFEST, Place(there), "store-nothing")
            manifest = read_manifest(private.path / MANIFEST, f"{there}/{MANIFEST}")
            if manifest.tables is None:
                raise DataError(problem("no-snapshot", Place(there)))
            for table in manifest.tables.values():
                store.fetch(table.file, Place(f"{there}/{table.file}"), "store-incomplete")
        try:
            snapshot = open_snapshot(private.path)
        except DataError as error:
            raise DataError(*(_incomplete(one, there) for one in error.problems)) from None
        undone.pop_all()
        return replace(snapshot, temporary=private, address=address)


def _incomplete(found: Problem, there: str) -> Problem:
    """Return what is wrong with a file that was fetched, as what is wrong with the one in the store."""
    place = Place(there) if found.place is None else Place(f"{there}/{Path(found.place.file).name}", found.place.line)
    return problem("store-incomplete", place) if found.code == "estate.changed" else replace(found, place=place)


class _Store:
    """A process that fetches files from a store into a folder, for a ``with`` block."""

    def __init__(self, address: str, folder: Path) -> None:
        self._folder = folder
        self._child = subprocess.Popen(
            [sys.executable, "-m", "policycore.estate.store_reader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # its libraries would print whatever they like
            text=True,
            encoding="ascii",
        )
        self._tell([address, str(folder)])

    def __enter__(self) -> _Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()
        self._child.communicate()

    def _tell(self, what: Any) -> None:
        assert self._child.stdin is not None  # noqa: S101 - a pipe
        try:
            self._child.stdin.write(json.dumps(what) + "\n")
            self._child.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended, and its answer says so

    def fetch(self, name: str, place: Place, missing: str) -> None:
        """Fetch one file; DataError where it does not come: under the key `missing` where there is none."""
        self._tell(name)
        answer = self._answer(self._folder / name)
        if answer is None:
            raise DataError(problem("store-silent", place, seconds=f"{MOST_SILENT:g}"))
        kind, words = json.loads(answer) if answer else ("failed", f"exit code {self._child.wait()}")
        if kind == "missing":
            raise DataError(problem(missing, place))
        if kind != "fetched":
            raise DataError(Problem.of(f"estate.store-{kind}", place=place, words=clean(shown_line(words))))

    def _answer(self, file: Path) -> str | None:
        """Return what the process answers; None where no more of the file comes."""
        said: Queue[str] = Queue()
        assert self._child.stdout is not None  # noqa: S101 - a pipe
        line = self._child.stdout.readline
        Thread(target=lambda: said.put(line()), daemon=True).start()
        size = 0
        while True:
            try:
                return said.get(timeout=MOST_SILENT)
            except Empty:
                before, size = size, file.stat().st_size if file.exists() else 0
                if size == before:
                    return None
