"""Fixtures of the estate tests: write an interchange folder, import it, read what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from policycore.errors import DataError
from policycore.estate.importing import import_estate
from policycore.estate.snapshot import Snapshot
from policycore.language import use_language

MANIFEST = """\
policycore: 1
as_of: 2024-04-15T00:00:00+08:00
timezone: Asia/Shanghai
sources:
  - {name: register, platform: wechat, lacks: []}
"""


@pytest.fixture(autouse=True)
def _english():
    with use_language("en"):
        yield


class Estate:
    """A folder to fill and import."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "in"
        self.folder.mkdir()
        self.out = folder / "out"
        self.write("manifest.yaml", MANIFEST)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, **options: Any) -> Snapshot:
        return import_estate([self.folder], self.out, **options)

    def problems(self, **options: Any) -> list[tuple[str, str]]:
        """Return code and text of everything that a strict import says."""
        with pytest.raises(DataError) as caught:
            self.run(**options)
        assert not self.out.exists()
        assert [path.name for path in self.out.parent.iterdir()] == [self.folder.name]
        return [(problem.code.removeprefix("estate."), str(problem)) for problem in caught.value.problems]

    def codes(self, **options: Any) -> list[str]:
        return [code for code, _ in self.problems(**options)]


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    return Estate(tmp_path)


@pytest.fixture
def rows() -> Callable[..., list[dict[str, Any]]]:
    """Return a function that reads one table of a snapshot without its origin."""

    def read(snapshot: Snapshot, table: str, *, origin: bool = False) -> list[dict[str, Any]]:
        content = pq.read_table(snapshot.tables[table].path)
        keys = [name for name in content.column_names if name.endswith("_key")]
        return content.drop_columns(keys if origin else [*keys, "_file", "_row"]).to_pylist()

    return read


@pytest.fixture
def rejects() -> Callable[[Snapshot], list[Mapping[str, Any]]]:
    def read(snapshot: Snapshot) -> list[Mapping[str, Any]]:
        return [json.loads(line) for line in (snapshot.folder / "rejects.jsonl").read_text("utf-8").splitlines()]

    return read
