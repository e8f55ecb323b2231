"""Describe the tables and recipes of an estate as JSON Schema, derived from the model."""

from __future__ import annotations

from typing import Any

from policycore.estate.recipe_model import CHECK_KEYS, COLUMN_KEYS, FORMATS, WAYS
from policycore.model.schema import table_schemas
from policycore.model.tables import TABLES

__all__ = ["estate_json_schema", "recipe_json_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def estate_json_schema() -> Schema:
    """Return the JSON Schema of one row (one JSON line) of every table, by the table's name."""
    return {name: {"$schema": _DRAFT, **model.model_json_schema()} for name, model in TABLES.items()}


def recipe_json_schema() -> Schema:
    """Return the JSON Schema of an import recipe, for editors."""
    text: Schema = {"type": ["string", "number", "boolean"]}
    truth: Schema = {"type": "boolean"}
    header = {"type": "integer", "minimum": 1}
    formats = {"enum": list(FORMATS)}
    file = _object({"match": text, "format": formats, "optional": truth, "sheet": text, "header": header}, "match")
    where = _object({"path": text, "is": text, "is_not": text, "exists": truth})
    check = _object({"path": text, "allowed": {"type": "array", "items": text, "minItems": 1}}, *CHECK_KEYS)
    source = _object({"name": text, "platform": text, "lacks": {"type": "array", "items": {"enum": _fields()}}}, "name")
    tables = {}
    for name, schema in table_schemas().items():
        needed = (column.name for column in schema.columns.values() if not column.nullable)
        rows = _object(
            {
                "from": text,
                "each": text,
                "source": text,
                "where": {"type": "array", "items": where},
                "checks": {"type": "array", "items": check},
                "columns": _object({column: _column() for column in schema.columns}, *needed),
            },
            "columns",
        )
        listed = {"type": "array", "minItems": 1, "items": rows}
        tables[name] = _object({"duplicates": {"enum": ["merge", "report"]}, "rows": listed}, "rows")
    titles: Schema = {"type": ["string", "object"]}
    return {
        "$schema": _DRAFT,
        "title": "policycore import recipe",
        **_object(
            {
                "policycore": {"const": 1},
                "recipe": text,
                "title": titles,
                "description": titles,
                "timezone": text,
                "sources": {"type": "array", "items": source},
                "files": {"type": "object", "minProperties": 1, "additionalProperties": file},
                "tables": _object(tables),
            },
            "policycore",
            "files",
            "tables",
        ),
    }


def _object(properties: Schema, *required: str) -> Schema:
    """Return the schema of a mapping with these keys and no others."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _column() -> Schema:
    """Return the schema of where a column comes from."""
    keys: Schema = {key: {} for key in COLUMN_KEYS}
    keys["first_of"] = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    keys["map"] = {"type": "object"}
    keys.update({key: {"type": "boolean"} for key in ("lower", "month_start", "distinguish")})
    ways = {**_object(keys), "oneOf": [{"required": [way]} for way in WAYS]}
    return {"oneOf": [{"type": "string"}, ways]}


def _fields() -> list[str]:
    """Return what a source can lack: tables and their columns."""
    schemas = table_schemas()
    return [*schemas, *(column.field for schema in schemas.values() for column in schema.columns.values())]
