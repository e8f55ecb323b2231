"""Read and write ``manifest.yaml``: as-of time, zone, sources and what they lack, stored tables."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from policycore.estate.cells.times import parse_moment, parse_time
from policycore.model.schema import ColumnSchema, all_schemas, declared, own_columns, table_schemas
from policycore.yaml.own_columns import OwnPart, columns_in, own_texts, read_own
from policycore.yaml.read import read
from policycore.yaml.written import Mistake, Whole, Word, Written, entries_of

__all__ = [
    "MANIFEST",
    "EstateSource",
    "Manifest",
    "Origin",
    "SourceEntry",
    "StoredTable",
    "Zone",
    "is_timezone",
    "manifest_text",
    "read_manifest",
    "sources_twice",
]

MANIFEST = "manifest.yaml"


@dataclass(frozen=True, slots=True)
class EstateSource:
    """A source that groups came from, its platform, and the ``table.column`` fields it cannot supply."""

    name: str
    platform: str | None = None
    lacks: frozenset[str] = frozenset()


def is_timezone(name: str) -> bool:
    """Return whether `name` is a time zone such as Asia/Shanghai."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _zone(name: str) -> str:
    if not is_timezone(name):
        raise Mistake("estate.timezone", values={"name": name}).error()
    return name


def _field(name: str) -> str:
    if name not in table_schemas() and name not in _fields():
        raise Mistake("estate.lacks-unknown", values={"field": name}, known=_fields()).error()
    return name


def _fields() -> frozenset[str]:
    return frozenset(column.field for schema in table_schemas().values() for column in schema.columns.values())


def _beside(name: str) -> str:
    if Path(name).name != name:
        raise Mistake("estate.stored-place", values={"file": name}).error()
    return name


Zone = Annotated[Word, AfterValidator(_zone)]
_FileName = Annotated[Word, AfterValidator(_beside)]
_Count = Annotated[Whole, Field(ge=0)]


class SourceEntry(Written):
    """A source as a manifest or recipe names it."""

    may_be_empty: ClassVar = frozenset({"lacks"})
    name: Word
    platform: Word | None = None
    lacks: tuple[Annotated[Word, AfterValidator(_field)], ...] = ()
    """``table.column``, or a table for all of its columns."""

    def source(self) -> EstateSource:
        """Return the source."""
        schemas = table_schemas()
        lacks = {
            column
            for name in self.lacks
            for column in ([c.field for c in schemas[name].columns.values()] if name in schemas else [name])
        }
        return EstateSource(self.name, self.platform, frozenset(lacks))


def sources_twice(data: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield each source in a file's ``sources`` that an earlier one is called like."""
    seen = set()
    for position, entry in entries_of(data.get("sources")):
        name = entry.get("name")
        if isinstance(name, str) and name in seen:
            yield Mistake("estate.source-twice", ("sources", position, "name"), {"name": name})
        seen.add(str(name))


class StoredTable(Written):
    """What the manifest of a snapshot promises about one table."""

    file: _FileName
    rows: _Count
    sha256: Word
    columns: tuple[str, ...] = ()


class Origin(Written):
    """A file or folder that a snapshot was made of, by its path from beside the snapshot, and what recipe read it."""

    path: Word
    recipe: Word | None = None


class _Snapshot(Written):
    """What a manifest says when the folder is a snapshot."""

    id: Word
    inputs: tuple[Origin, ...] = ()
    rejected: _Count = 0
    unread: tuple[Word, ...] = ()
    made_of: Word | None = None
    withheld: tuple[Annotated[Word, AfterValidator(_field)], ...] = ()
    tables: dict[str, StoredTable]

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield tables and columns that there are not."""
        schemas = all_schemas()
        for name, table in entries_of(data.get("tables")):
            if name not in schemas:
                yield Mistake("estate.unknown-table", ("tables", name), {"table": name}, schemas, on_key=True)
                continue
            columns = table.get("columns")
            for position, column in enumerate(columns if isinstance(columns, list) else ()):
                if isinstance(column, str) and column not in (*schemas[name].columns, *schemas[name].beside):
                    at = ("tables", name, "columns", position)
                    said = {"column": column, "table": name}
                    yield Mistake("estate.unknown-column", at, said, schemas[name].columns)


class _ManifestFile(OwnPart):
    may_be_empty: ClassVar = frozenset({"sources", "own"})
    policycore: Literal["1"]
    as_of: Word | None = None
    timezone: Zone | None = None
    sources: tuple[SourceEntry, ...] = ()
    snapshot: _Snapshot | None = None

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield a time that is none or could be any of several, a source named twice, what a snapshot needs."""
        yield from super().mistakes(data)
        yield from sources_twice(data)
        zone, written = data.get("timezone"), data.get("as_of")
        if "snapshot" in data:
            yield from (
                Mistake("missing-key", values={"word": key}) for key in ("as_of", "timezone") if key not in data
            )
        if isinstance(written, str) and written:
            known = isinstance(zone, str) and is_timezone(zone)
            moment = parse_time(written, ZoneInfo(zone if known and zone else "UTC"))
            if moment is None:
                yield Mistake("not-a-time", ("as_of",), {"value": written})
            elif "timezone" not in data and parse_time(written, ZoneInfo("Pacific/Kiritimati")) != moment:
                yield Mistake("no-offset", ("as_of",), {"value": written})


@dataclass(frozen=True, slots=True)
class Manifest:
    """A checked manifest; `tables` is None for an interchange folder."""

    as_of: datetime | None = None
    timezone: str | None = None
    sources: tuple[EstateSource, ...] = ()
    id: str = ""
    rejected: int = 0
    tables: Mapping[str, StoredTable] | None = None
    inputs: tuple[Origin, ...] = ()
    made_of: str = ""
    """The id of the snapshot that this one is, but for what is `withheld`."""
    withheld: tuple[str, ...] = ()
    """Fields that were there and are not kept by choice."""
    own: tuple[ColumnSchema, ...] = ()
    """What the organization adds to the model."""
    unread: tuple[str, ...] = ()
    """Files that were handed in and of which nothing could be read."""


def read_manifest(path: Path, name: str | None = None) -> Manifest:
    """Return the manifest in `path`; DataError with every mistake, each with line and column."""
    # A source may lack what another manifest of the same import declares.
    own = {column.field: column for column in (*own_columns(), *read_own(path, name or str(path)))}
    with declared(own.values()):
        file = read(path, _ManifestFile, "estate", shown=name)
        sources = tuple(entry.source() for entry in file.sources)
    moment = None if file.as_of is None else parse_moment(file.as_of, ZoneInfo(file.timezone or "UTC"))
    common = Manifest(moment, file.timezone, sources, own=columns_in(file))
    stored = file.snapshot
    if stored is None:
        return common
    return replace(
        common,
        id=stored.id,
        rejected=stored.rejected,
        tables=stored.tables,
        inputs=stored.inputs,
        made_of=stored.made_of or "",
        withheld=stored.withheld,
        unread=stored.unread,
    )


def manifest_text(manifest: Manifest) -> str:
    """Return the manifest as YAML."""
    from ruamel.yaml import YAML

    document: dict[str, Any] = {"policycore": 1}
    if manifest.as_of is not None:
        zone = ZoneInfo(manifest.timezone or "UTC")
        document["as_of"] = manifest.as_of.astimezone(zone).isoformat()
    if manifest.timezone is not None:
        document["timezone"] = manifest.timezone
    document["sources"] = [
        {
            "name": source.name,
            **({"platform": source.platform} if source.platform is not None else {}),
            "lacks": sorted(source.lacks),
        }
        for source in manifest.sources
    ]
    if manifest.own:
        document["own"] = own_texts(manifest.own)
    if manifest.tables is not None:
        document["snapshot"] = {
            "id": manifest.id,
            "rejected": manifest.rejected,
            "tables": {
                name: {"file": table.file, "rows": table.rows, "sha256": table.sha256, "columns": list(table.columns)}
                for name, table in manifest.tables.items()
            },
        }
        if manifest.unread:
            document["snapshot"]["unread"] = list(manifest.unread)
        if manifest.withheld:
            document["snapshot"] |= {"made_of": manifest.made_of, "withheld": list(manifest.withheld)}
        if manifest.inputs:
            document["snapshot"]["inputs"] = [
                {"path": one.path, **({"recipe": one.recipe} if one.recipe is not None else {})}
                for one in manifest.inputs
            ]
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = None
    writer.allow_unicode = True
    writer.representer.sort_base_mapping_type_on_output = False
    writer.width = 100_000
    stream = io.StringIO()
    writer.dump(document, stream)
    return stream.getvalue()
