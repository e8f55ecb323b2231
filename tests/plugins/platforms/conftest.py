"""Fixtures: import an export as a user would, with the sources of the platforms alone."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from policycore.errors import DataError
from policycore.estate.importing import import_estate
from policycore.language import use_language
from policycore_platforms import policycore_sources


@pytest.fixture(autouse=True)
def _english():
    with use_language("en"):
        yield


class Imported:
    """What an import stored: rows by table, and what it told."""

    def __init__(self, path: Path, out: Path) -> None:
        snapshot = import_estate([path], out, sources=lambda: [source() for source in policycore_sources()])
        self.told = [str(note) for note in snapshot.notes if note.code == "estate.source-note"]
        self.unread = [str(note) for note in snapshot.notes if note.code == "estate.unread-folder"]
        self.lacks = {source.name: source.lacks for source in snapshot.sources}
        self._snapshot = snapshot

    def rows(self, table: str) -> list[dict[str, Any]]:
        return pq.read_table(self._snapshot.tables[table].path).to_pylist()

    def cells(self, table: str, *names: str) -> list[tuple[Any, ...]]:
        return [tuple(row[name] for name in names) for row in self.rows(table)]

    def ids(self, table: str) -> set[str]:
        return {row["id"] for row in self.rows(table)} if table in self._snapshot.tables else set()

    def unknown(self, table: str) -> dict[str, list[str]]:
        return {row["id"]: row["_unknown"] for row in self.rows(table) if row.get("_unknown")}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes files of JSON (or text) below a folder of its own."""

    def write(files: Mapping[str, Any], *, folder: str = "export", packed: bool = False) -> Path:
        texts = {
            name: content if isinstance(content, (str, bytes)) else json.dumps(content)
            for name, content in files.items()
        }
        base = tmp_path / folder
        if packed:
            path = base.with_suffix(".zip")
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, text in texts.items():
                    archive.writestr(name, text)
            return path
        for name, text in texts.items():
            file = base / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return base

    return write


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Path], Imported]:
    """Return a function that imports a file, folder or archive."""
    count = iter(range(1000))
    return lambda path: Imported(path, tmp_path / f"estate{next(count)}")


@pytest.fixture
def refused(tmp_path: Path) -> Callable[[Path], str]:
    """Return a function that imports what is broken and returns what is said of it."""

    def refused(path: Path) -> str:
        with pytest.raises(DataError) as caught:
            Imported(path, tmp_path / "refused")
        return "\n".join(str(problem) for problem in caught.value.problems)

    return refused
