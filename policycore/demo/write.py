"""Write the estate as an interchange folder: the same seed gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from policycore.demo.estate import AS_OF, TIMEZONE, DemoEstate, Row, iso
from policycore.model.schema import TableSchema, table_schema

__all__ = ["SOURCES", "write_interchange"]

# What each source of the demo cannot say; a check must answer "unknown" there, never "pass".
SOURCES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "wecom": ("wecom", ("receipts.read_at",)),
    "register": (
        "wechat",
        (
            "groups.join_approval",
            "groups.qr_join",
            "memberships.inviter_id",
            "memberships.join_scene",
            "receipts.read_at",
        ),
    ),
    "archive": (
        "wecom",
        ("groups.owner_id", "groups.join_approval", "memberships.role", "memberships.display_name", "receipts.read_at"),
    ),
    "feishu": ("feishu", ()),
}
# Nested or long texts read better as JSON lines, where an empty list is not the same as none; the rest is what a
# spreadsheet would give.
_AS_JSON_LINES = ("groups", "messages", "submissions")


def write_interchange(estate: DemoEstate, folder: Path) -> None:
    """Write every table that has rows, and the manifest, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    _blank_what_sources_lack(estate)
    for name, rows in estate.tables.items():
        if not rows:
            continue
        ending, text_of = ("jsonl", _json_lines) if name in _AS_JSON_LINES else ("csv", _comma_separated)
        _write(folder / f"{name}.{ending}", text_of(table_schema(name), rows))
    # Plain enough to be written by hand.
    sources = (
        f"  - {{name: {name}, platform: {platform}, lacks: [{', '.join(lacks)}]}}\n"
        for name, (platform, lacks) in SOURCES.items()
    )
    head = f"policycore: 1\nas_of: {iso(AS_OF)}\ntimezone: {TIMEZONE}\nsources:\n"
    _write(folder / "manifest.yaml", head + "".join(sources))


def _write(path: Path, text: str) -> None:
    """Write `text` with the same line ends on every system."""
    path.write_text(text, encoding="utf-8", newline="")


def _blank_what_sources_lack(estate: DemoEstate) -> None:
    """Take out of the rows what their group's source cannot supply."""
    source_of = {row["id"]: row["source"] for row in estate.tables["groups"]}
    for source, (_, lacks) in SOURCES.items():
        for field in lacks:
            table, _, column = field.partition(".")
            key = "id" if table == "groups" else "group_id"
            for row in estate.tables[table]:
                if source_of.get(row.get(key)) == source and column in row:
                    row[column] = None


def _json_lines(schema: TableSchema, rows: Iterable[Row]) -> str:
    """Return `rows` as JSON lines with the columns in the model's order."""
    known = ({column: row[column] for column in schema.columns if column in row} for row in rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in known)


def _comma_separated(schema: TableSchema, rows: list[Row]) -> str:
    """Return `rows` as CSV: lists joined by ``|``, nothing for null."""
    columns = [column for column in schema.columns if any(column in row for row in rows)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "|".join(str(item) for item in value) if isinstance(value, (list, tuple)) else str(value)
