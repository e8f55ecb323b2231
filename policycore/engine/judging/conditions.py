"""Tell which columns a SQL condition names."""

from __future__ import annotations

import re

from policycore.model.schema import table_schema

__all__ = ["fields_of_condition"]

_word = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def fields_of_condition(condition: str, table: str) -> tuple[str, ...]:
    """Return the columns of `table` that a SQL condition names, string literals left aside.

    SQL knows a column in any case (``KIND``). A condition over whole rows (``COLUMNS(…)``, the table as
    a value) reads every column: rather too many groups are unknown than one passes unseen.
    """
    import duckdb

    encoded = condition.encode()
    tokens = duckdb.tokenize(condition)
    ends = [start for start, _ in tokens[1:]] + [len(encoded)]
    bare = " ".join(
        encoded[start:end].decode(errors="replace")
        for (start, kind), end in zip(tokens, ends, strict=False)
        if kind is not duckdb.token_type.string_const
    ).lower()
    words = set(_word.findall(bare))
    whole = "columns" in words or re.search(rf"\b(all_)?{table}\b(?!\"?\s*\.)", bare)
    columns = table_schema(table).columns.values()
    return tuple(column.field for column in columns if whole or column.name.lower() in words)
