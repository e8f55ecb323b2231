"""Keep a snapshot without what people wrote in chats: of each text the keyed hash stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policycore.estate.manifest import MANIFEST, StoredTable, manifest_text, read_manifest
from policycore.text.shown import keyed_hash

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot

__all__ = ["HASH", "holds_texts", "write_without_texts"]

HASH = "_text_hash"
"""The column that takes the place of a text."""

_TEXT = "text"
_TABLES = ("messages", "attachments")


def holds_texts(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the tables of a snapshot that hold what people wrote in chats."""
    return tuple(name for name in _TABLES if name in snapshot.tables and _texts(snapshot, name))


def _texts(snapshot: Snapshot, table: str) -> list[str]:
    """Return the columns of a table that hold such words: its text, and what an organization adds in words beside."""
    own = (one for one in snapshot.own if one.table == table and one.type in ("text", "list") and not one.references)
    return [name for name in (_TEXT, *(one.name for one in own)) if name in snapshot.tables[table].columns]


def write_without_texts(snapshot: Snapshot, folder: Path, key: bytes) -> None:
    """Write a snapshot's texts as hashes into `folder`, and the manifest; all other tables lie there already.

    What is written is a snapshot of its own, which names the one that it was.
    """
    from policycore.estate.snapshot import digest_of, identity

    manifest = read_manifest(snapshot.folder / MANIFEST)
    tables = dict(manifest.tables or {})
    names = holds_texts(snapshot)
    for name in names:
        held = tables[name]
        target = folder / held.file
        texts = _texts(snapshot, name)
        _write(snapshot.tables[name].path, target, texts, key)
        columns = tuple(column for column in held.columns if column not in texts)
        tables[name] = StoredTable(file=held.file, rows=held.rows, sha256=digest_of(target), columns=columns)
    withheld = tuple(f"{name}.{column}" for name in names for column in _texts(snapshot, name))
    draft = replace(manifest, tables=tables, made_of=snapshot.id, withheld=withheld)
    (folder / MANIFEST).write_text(manifest_text(replace(draft, id=identity(draft))), encoding="utf-8")


def _write(source: Path, target: Path, texts: list[str], key: bytes) -> None:
    """Write a table with the hash of each text in its place and without other `texts`, row group by row group."""
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(source) as held:
        groups = _hashed(held, texts, key)
        first = next(groups)
        with pyarrow.parquet.ParquetWriter(target, first.schema, compression="lz4") as writer:
            writer.write_table(first)
            for table in groups:
                writer.write_table(table)


def _hashed(held: Any, texts: list[str], key: bytes) -> Iterator[Any]:
    """Yield the row groups of a table with hashes for texts; at least one, be it empty."""
    import pyarrow

    groups = (held.read_row_group(number) for number in range(held.num_row_groups))
    for table in groups if held.num_row_groups else [held.schema_arrow.empty_table()]:
        without = table.drop_columns(texts)
        if _TEXT not in texts:
            yield without
            continue
        encoded = table.column(_TEXT).combine_chunks().cast(pyarrow.string()).dictionary_encode()
        hashes = [None if text is None else keyed_hash(text, key) for text in encoded.dictionary.to_pylist()]
        column = pyarrow.array(hashes, pyarrow.string()).take(encoded.indices)
        yield without.append_column(HASH, column)
