"""Snapshots: write them, open them, know when they were changed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from policycore.errors import DataError, Place, Problem
from policycore.estate.keys import with_keys
from policycore.estate.manifest import (
    MANIFEST,
    EstateSource,
    Manifest,
    StoredTable,
    manifest_text,
    read_manifest,
)
from policycore.estate.parts import FILE_COLUMN, ROW_COLUMN, arrow_schema
from policycore.estate.problems import problem
from policycore.estate.staging import Staging, staged
from policycore.model.schema import ColumnSchema, all_schemas, own_columns, table_schema
from policycore.system.atomic_files import flush_to_disk
from policycore.system.refusals import refusal_words
from policycore.system.temporary_folders import PrivateFolder
from policycore.text.suggest import suggestion
from policycore.yaml.own_columns import own_texts

if TYPE_CHECKING:
    import pyarrow


__all__ = [
    "EstateSource",
    "Snapshot",
    "TableFile",
    "digest_of",
    "identity",
    "is_snapshot",
    "open_snapshot",
    "write_snapshot",
    "write_tables",
]


ROW_GROUP = 250_000


@dataclass(frozen=True, slots=True)
class TableFile:
    """Where one table of a snapshot lies, how many rows it has and which columns it supplies."""

    path: Path
    rows: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An estate on disk that does not change any more."""

    folder: Path
    id: str
    as_of: datetime
    timezone: str
    sources: tuple[EstateSource, ...]
    tables: Mapping[str, TableFile] = field(default_factory=dict)
    rejected: int = 0
    withheld: tuple[str, ...] = ()
    """Fields that were there and are not kept by choice."""
    notes: tuple[Problem, ...] = ()
    own: tuple[ColumnSchema, ...] = ()
    """What the organization adds to the model."""
    unread: tuple[str, ...] = ()
    """Files that were handed in and of which nothing could be read."""
    temporary: PrivateFolder | None = field(default=None, compare=False)
    """The folder that goes with it, for a snapshot made, or fetched, only for one run."""
    address: str = field(default="", compare=False)
    """Where it was fetched from, and others can."""

    def __enter__(self) -> Snapshot:
        return self

    def __exit__(self, *_: object) -> None:
        if self.temporary is not None:
            self.temporary.close()


def is_snapshot(folder: Path) -> bool:
    """Return whether `folder` claims to be a snapshot: its manifest, not read yet, has a ``snapshot`` part."""
    path = folder / MANIFEST
    try:
        if path.is_file():
            with path.open("rb") as lines:
                return any(line.startswith(b"snapshot:") for line in lines)
    except OSError:
        pass  # who reads it as a folder of tables says what is wrong with it
    return False


def open_snapshot(folder: Path) -> Snapshot:
    """Open a snapshot after checking that every table is what was written.

    Raises DataError when `folder` is no snapshot, or naming every file that is missing or changed.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise DataError(problem("no-manifest", Place(str(folder))))
    manifest = read_manifest(path)
    if manifest.tables is None or manifest.as_of is None or manifest.timezone is None:
        raise DataError(problem("no-snapshot", Place(str(path))))
    problems = []
    for name, table in manifest.tables.items():
        place = Place(str(folder / table.file))
        try:
            digest = digest_of(folder / table.file)
        except OSError as error:
            problems.append(problem("unreadable", place, reason=refusal_words(error)))
            continue
        if digest != table.sha256:
            problems.append(problem("changed", place, table=name))
    if identity(manifest) != manifest.id:
        problems.append(problem("changed", Place(str(path)), table="manifest"))
    if problems:
        raise DataError(*problems)
    return _snapshot(folder, manifest)


def write_tables(
    tables: Mapping[str, pyarrow.Table],
    out: Path,
    *,
    as_of: datetime,
    timezone: str = "Asia/Shanghai",
    sources: Sequence[EstateSource] = (),
    force: bool = False,
) -> Snapshot:
    """Write tables that a program made straight to a snapshot.

    Columns are cast to the model's types; `_file` and `_row` are added where absent. The values are
    trusted: use `import_estate` for data of others. Raises DataError for unknown tables and columns.
    """
    import pyarrow as pa

    problems = []
    typed: dict[str, pa.Table] = {}
    for name, table in tables.items():
        if name not in all_schemas():
            problems.append(problem("unknown-table", suggested=suggestion(name, all_schemas()), table=name))
            continue
        schema = table_schema(name)
        supplied = [column for column in table.column_names if column not in (FILE_COLUMN, ROW_COLUMN)]
        unknown = [column for column in supplied if column not in (*schema.columns, *schema.beside)]
        problems.extend(
            problem("unknown-column", suggested=suggestion(column, schema.columns), column=column, table=name)
            for column in unknown
        )
        if not unknown:
            typed[name] = _with_origin(table, name).select([*supplied, FILE_COLUMN, ROW_COLUMN])
            typed[name] = typed[name].cast(arrow_schema(schema, tuple(supplied)))
    if problems:
        raise DataError(*problems)
    return write_snapshot(typed, out, Manifest(as_of, timezone, tuple(sources), own=own_columns()), force=force)


def _with_origin(table: pyarrow.Table, name: str) -> pyarrow.Table:
    """Return the table with `_file` and `_row`."""
    import pyarrow as pa

    if FILE_COLUMN not in table.column_names:
        indices = pa.repeat(pa.scalar(0, pa.int32()), table.num_rows)
        table = table.append_column(FILE_COLUMN, pa.DictionaryArray.from_arrays(indices, [f"{name}.parquet"]))
    if ROW_COLUMN not in table.column_names:
        import numpy

        table = table.append_column(ROW_COLUMN, pa.array(numpy.arange(1, table.num_rows + 1, dtype="int32")))
    return table


def write_snapshot(
    tables: Mapping[str, pyarrow.Table],
    out: Path,
    manifest: Manifest,
    *,
    force: bool = False,
    rejects: Path | None = None,
) -> Snapshot:
    """Write typed tables, atomically, as the snapshot `out`.

    The same content again changes nothing; other content is refused without `force`. `rejects` is a
    file that moves into the snapshot.
    """
    import pyarrow.parquet as pq

    out = out.absolute()
    tables = with_keys(tables)
    with staged(out) as staging:
        stage, stored = staging.folder, {}
        for name in all_schemas():
            if name not in tables:
                continue
            file = stage / f"{name}.parquet"
            # LZ4: a third larger than ZSTD and read in half the time, which every check pays.
            pq.write_table(tables[name], file, compression="lz4", row_group_size=ROW_GROUP)
            known = (*table_schema(name).columns, *table_schema(name).beside)
            columns = tuple(c for c in tables[name].column_names if c in known)
            stored[name] = StoredTable(
                file=file.name, rows=tables[name].num_rows, sha256=digest_of(file), columns=columns
            )
        if rejects is not None:
            shutil.move(rejects, stage / rejects.name)
        draft = replace(manifest, id="", tables=stored)
        final = replace(draft, id=identity(draft))
        (stage / MANIFEST).write_text(manifest_text(final), encoding="utf-8")
        written = _publish(staging, final, force=force)
    snapshot = _snapshot(out, final) if written else open_snapshot(out)
    return replace(snapshot, notes=staging.notes)


def _publish(staging: Staging, manifest: Manifest, *, force: bool) -> bool:
    """Move the staged folder to its place; False when the same snapshot stands there already."""
    stage, out = staging.folder, staging.out
    old: Path | None = None
    replaces = out.exists() and not (out.is_dir() and not any(out.iterdir()))
    if replaces:
        if not out.is_dir() or not is_snapshot(out):
            # Never replace what this program did not write, whatever was asked for.
            raise DataError(problem("not-ours", Place(str(out))))
        if read_manifest(out / MANIFEST).id == manifest.id:
            return False
        if not force:
            raise DataError(problem("exists", Place(str(out))))
    for path in stage.iterdir():
        flush_to_disk(path)
    flush_to_disk(stage)
    if replaces:
        old = staging.set_aside()
    # It stays readable for its owner only: an estate is personal data.
    try:
        stage.rename(out)
    except OSError:
        if old is None and is_snapshot(out) and read_manifest(out / MANIFEST).id == manifest.id:
            return False  # another import of the same rows was quicker
        raise
    flush_to_disk(out.parent)
    if old is not None:
        shutil.rmtree(old)
    return True


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def identity(manifest: Manifest) -> str:
    """Return the snapshot id: a hash over the tables' content, as-of time, zone and sources."""
    parts = [f"{name}={table.sha256}" for name, table in sorted((manifest.tables or {}).items())]
    parts += [manifest.as_of.astimezone(UTC).isoformat() if manifest.as_of else "", manifest.timezone or ""]
    parts += [f"{source.name}\t{source.platform}\t{','.join(sorted(source.lacks))}" for source in manifest.sources]
    # An estate without any keeps the id that it always had.
    parts += [repr(own_texts(manifest.own))] if manifest.own else []
    parts += [repr(manifest.unread)] if manifest.unread else []
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _snapshot(folder: Path, manifest: Manifest) -> Snapshot:
    assert manifest.as_of is not None  # noqa: S101 - checked by both callers
    assert manifest.timezone is not None  # noqa: S101 - as above
    tables = {
        name: TableFile(folder / table.file, table.rows, table.columns)
        for name, table in (manifest.tables or {}).items()
    }
    return Snapshot(
        folder,
        manifest.id,
        manifest.as_of,
        manifest.timezone,
        manifest.sources,
        MappingProxyType(tables),
        manifest.rejected,
        manifest.withheld,
        own=manifest.own,
        unread=manifest.unread,
    )
