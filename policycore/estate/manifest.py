"""Read and write ``manifest.yaml``: as-of time, zone, sources and what they lack, stored tables."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from policycore.errors import DataError, Place, Problem
from policycore.estate.problems import cap, excerpt, problem, suggestion
from policycore.estate.times import parse_time
from policycore.model.schema import table_schemas
from policycore.yaml.marked_yaml import MarkedList, MarkedMap, Scalar, read_yaml

__all__ = [
    "MANIFEST",
    "EstateSource",
    "Manifest",
    "ManifestReader",
    "StoredTable",
    "is_timezone",
    "manifest_text",
    "parse_manifest",
    "read_manifest",
]

MANIFEST = "manifest.yaml"
VERSION = "1"
MAX_BYTES = 4 * 1024 * 1024
_TOP = ("policycore", "as_of", "timezone", "sources", "snapshot")
_SOURCE = ("name", "platform", "lacks")
_SNAPSHOT = ("id", "rejected", "tables")
_TABLE = ("file", "rows", "sha256", "columns")


@dataclass(frozen=True, slots=True)
class EstateSource:
    """Name where groups came from, their platform, and the ``table.column`` fields it cannot supply."""

    name: str
    platform: str | None = None
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StoredTable:
    """Say what the manifest of a snapshot promises about one table."""

    file: str
    rows: int
    sha256: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Be a checked manifest; `tables` is None for an interchange folder."""

    as_of: datetime | None = None
    timezone: str | None = None
    sources: tuple[EstateSource, ...] = ()
    id: str = ""
    rejected: int = 0
    tables: Mapping[str, StoredTable] | None = None
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)


def is_timezone(name: str) -> bool:
    """Return whether `name` is a time zone such as Asia/Shanghai."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def read_manifest(path: Path, name: str | None = None) -> Manifest:
    """Return the manifest in `path`; DataError with every mistake, each with line and column."""
    shown = name or str(path)
    return parse_manifest(read_yaml(path, shown, limit=MAX_BYTES), shown)


def parse_manifest(document: Any, name: str) -> Manifest:
    """Return the manifest that a YAML document spells; DataError with every mistake."""
    reader = ManifestReader(name)
    manifest = reader.manifest(document)
    if reader.problems:
        raise DataError(*cap(reader.problems))
    return manifest


class ManifestReader:
    """Check a manifest key by key and collect what is wrong."""

    def __init__(self, name: str) -> None:
        self.place = Place(name, 1, 1)
        self.problems: list[Problem] = []

    def wrong(self, place: Place, path: str, expected: str, value: object) -> None:
        """Note a value that is not what was expected."""
        shown = "null" if value is None else excerpt(value)
        if isinstance(value, (MarkedMap, MarkedList)):
            shown = "{…}" if isinstance(value, MarkedMap) else "[…]"
        self.problems.append(problem("manifest-value", place, path=path, expected=expected, value=shown))

    def mapping(self, value: Any, place: Place, path: str, known: Sequence[str]) -> MarkedMap:
        """Return `value` as a mapping of known keys."""
        if not isinstance(value, MarkedMap):
            self.wrong(place, path, "a mapping", value)
            return MarkedMap(place)
        for key in value:
            if key not in known:
                hint = suggestion(key, known)
                self.problems.append(problem("manifest-key", value.keys_at[key], suggested=hint, word=key, path=path))
        return value

    def manifest(self, document: Any) -> Manifest:
        """Return the manifest, as far as it can be read."""
        top = self.mapping(document, self.place, "manifest", _TOP)
        places = top.values_at
        if top.get("policycore") != VERSION and isinstance(document, MarkedMap):
            self.wrong(places.get("policycore", self.place), "policycore", VERSION, top.get("policycore"))
        zone = self.text(top, "timezone", "timezone")
        if zone is not None and not is_timezone(zone):
            self.wrong(places["timezone"], "timezone", "a time zone such as Asia/Shanghai", zone)
            zone = None
        moment = None
        written = self.text(top, "as_of", "as_of")
        if written is not None:
            moment = parse_time(written, ZoneInfo(zone or "UTC"))
            if moment is None:
                self.wrong(places["as_of"], "as_of", "a time such as 2024-04-15T00:00:00+08:00", written)
            elif zone is None and parse_time(written, ZoneInfo("Pacific/Kiritimati")) != moment:
                self.wrong(places["as_of"], "as_of", "an offset such as +08:00, or a timezone", written)
        sources = self.sources(top)
        if "snapshot" not in top:
            return Manifest(moment, zone, sources, places=places)
        stored = self.mapping(top["snapshot"], places["snapshot"], "snapshot", _SNAPSHOT)
        tables = self.stored_tables(stored)
        rejected = self.count(stored, "rejected", "snapshot.rejected") if "rejected" in stored else 0
        for key, value in (("as_of", moment), ("timezone", zone)):
            if value is None and key not in top:
                self.wrong(self.place, key, "a value", None)
        identity = self.text(stored, "id", "snapshot.id") or ""
        return Manifest(moment, zone, sources, identity, rejected, tables, places)

    def text(self, mapping: MarkedMap, key: str, path: str) -> str | None:
        """Return a text, or None where the key is absent."""
        if key not in mapping:
            return None
        value = mapping[key]
        if not isinstance(value, Scalar) or not value.strip():
            self.wrong(mapping.values_at[key], path, "a text", value)
            return None
        return str(value)

    def count(self, mapping: MarkedMap, key: str, path: str) -> int:
        """Return a count of rows."""
        value = mapping.get(key)
        if isinstance(value, Scalar) and value.kind == "integer" and value.isdigit() and len(value) < 16:
            return int(value)
        self.wrong(mapping.values_at.get(key, mapping.place), path, "a number of rows", value)
        return 0

    def texts(self, mapping: MarkedMap, key: str, path: str) -> list[tuple[str, Place]]:
        """Return a list of texts with their places; an absent or null list is empty."""
        value = mapping.get(key)
        if value is None:
            return []
        if not isinstance(value, MarkedList):
            self.wrong(mapping.values_at[key], path, "a list", value)
            return []
        found = []
        for item, place in zip(value, value.items_at, strict=True):
            if isinstance(item, Scalar):
                found.append((str(item), place))
            else:
                self.wrong(place, path, "a text", item)
        return found

    def sources(self, top: MarkedMap) -> tuple[EstateSource, ...]:
        """Return the sources; each name once, each lacking field one that exists."""
        listed = top.get("sources")
        if listed is None:
            return ()
        if not isinstance(listed, MarkedList):
            self.wrong(top.values_at["sources"], "sources", "a list", listed)
            return ()
        found: dict[str, EstateSource] = {}
        for position, (item, place) in enumerate(zip(listed, listed.items_at, strict=True)):
            path = f"sources[{position}]"
            source = self.mapping(item, place, path, _SOURCE)
            name = self.text(source, "name", f"{path}.name")
            if name is None:
                if "name" not in source and isinstance(item, MarkedMap):
                    self.wrong(place, f"{path}.name", "a text", None)
                continue
            if name in found:
                self.problems.append(problem("source-twice", source.values_at["name"], name=name))
            lacks = self.lacks(source, path)
            found[name] = EstateSource(name, self.text(source, "platform", f"{path}.platform"), lacks)
        return tuple(found.values())

    def lacks(self, source: MarkedMap, path: str) -> frozenset[str]:
        """Return what a source lacks: ``table.column``, or a table for all of its columns."""
        schemas = table_schemas()
        known = {column.field for schema in schemas.values() for column in schema.columns.values()}
        found = set()
        for field_name, place in self.texts(source, "lacks", f"{path}.lacks"):
            if field_name in known:
                found.add(field_name)
            elif field_name in schemas:
                found.update(column.field for column in schemas[field_name].columns.values())
            else:
                hint = suggestion(field_name, known)
                self.problems.append(problem("lacks-unknown", place, suggested=hint, field=field_name))
        return frozenset(found)

    def stored_tables(self, stored: MarkedMap) -> dict[str, StoredTable]:
        """Return what a snapshot's manifest says about its tables."""
        found = {}
        schemas = table_schemas()
        tables = self.mapping(stored.get("tables"), stored.place, "snapshot.tables", tuple(schemas))
        for name, value in tables.items():
            if name not in schemas:
                continue
            path = f"snapshot.tables.{name}"
            entry = self.mapping(value, tables.values_at[name], path, _TABLE)
            columns = self.texts(entry, "columns", f"{path}.columns")
            for column, place in columns:
                if column not in schemas[name].columns:
                    hint = suggestion(column, schemas[name].columns)
                    self.problems.append(problem("unknown-column", place, suggested=hint, column=column, table=name))
            file, digest = self.text(entry, "file", f"{path}.file"), self.text(entry, "sha256", f"{path}.sha256")
            if file is None or digest is None or Path(file).name != file:
                self.wrong(entry.place, path, "file and sha256", file)
                continue
            rows = self.count(entry, "rows", f"{path}.rows")
            found[name] = StoredTable(file, rows, digest, tuple(column for column, _ in columns))
        return found


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
    if manifest.tables is not None:
        document["snapshot"] = {
            "id": manifest.id,
            "rejected": manifest.rejected,
            "tables": {
                name: {"file": table.file, "rows": table.rows, "sha256": table.sha256, "columns": list(table.columns)}
                for name, table in manifest.tables.items()
            },
        }
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = None
    writer.allow_unicode = True
    writer.representer.sort_base_mapping_type_on_output = False
    writer.width = 100_000
    stream = io.StringIO()
    writer.dump(document, stream)
    return stream.getvalue()
