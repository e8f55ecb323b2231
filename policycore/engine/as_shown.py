"""Put what may be shown in the place of the texts of a table, in SQL."""

from __future__ import annotations

from policycore.model.schema import ColumnSchema, all_schemas
from policycore.model.tables import Scope
from policycore.text.shown import MAY_BEAR_PATTERN

__all__ = ["select_shown"]

_MAY_BEAR = MAY_BEAR_PATTERN.replace("'", "''")
_IN_LIST = "list_transform({}, lambda item: {})"
_OF_TEXTS = ("text", "list", "scope")


def select_shown(table: str, select: str) -> str:
    """Return what selects the same rows of a table as `select`, with the functions ``shown_text`` and ``shown_id``."""
    columns = [one for one in all_schemas()[table].columns.values() if one.type in _OF_TEXTS]
    replaced = ", ".join(f'{_as_shown(one)} AS "{one.name}"' for one in columns)
    return f"SELECT * REPLACE ({replaced}) FROM ({select})" if replaced else select


def _as_shown(column: ColumnSchema) -> str:
    """Return SQL for a column with what may be shown in the place of every text in it."""
    is_id = column.key or column.references is not None or column.name == "source"

    def of(one: str) -> str:
        # Ids are looked at where they may bear a mark at all: a call for each of ten million costs seconds.
        looked = f"CASE WHEN regexp_matches({one}, '{_MAY_BEAR}') THEN shown_id({one}) ELSE {one} END"
        return looked if is_id else f"shown_text({one})"

    name = f'"{column.name}"'
    if column.type == "text":
        return of(name)
    if column.type == "list":
        return _IN_LIST.format(name, of("item"))
    parts = (f"{part} := {_IN_LIST.format(f'{name}.{part}', of('item'))}" for part in Scope.model_fields)
    return f"CASE WHEN {name} IS NOT NULL THEN struct_pack({', '.join(parts)}) END"
