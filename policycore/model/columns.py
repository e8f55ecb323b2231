"""Describe one column of an estate table: bilingual label, reference, foreign headers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

__all__ = ["LATEST", "PostTime", "Row", "Time", "Within", "column"]

# Year 1 and year 9999 are what broken exporters write. No chat group is older than this; who holds a post may be.
EARLIEST = "1990-01-01T00:00:00+00:00"
EARLIEST_POST = "1899-12-31T00:00:00+00:00"
"""The first day of 1900, whatever the zone."""
LATEST = "2200-01-01T00:00:00+00:00"


@dataclass(frozen=True, slots=True)
class Within:
    """The bound of a time column: `earliest` is the first moment that can be true."""

    earliest: str

    def __call__(self, value: datetime) -> datetime:
        """Refuse the placeholder years that exporters write for "no time"."""
        if not datetime.fromisoformat(self.earliest) <= value < datetime.fromisoformat(LATEST):
            raise ValueError(f"expected a time between {self.earliest[:4]} and {LATEST[:4]}")
        return value


Time = Annotated[datetime, AfterValidator(Within(EARLIEST))]
PostTime = Annotated[datetime, AfterValidator(Within(EARLIEST_POST))]


class Row(BaseModel):
    """One row of an estate table; subclasses are the schema of that table."""

    # Most of what asks for a table wants its columns: the validator is built by the first who validates a row.
    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=True, defer_build=True)


def column(
    zh: str,
    en: str,
    *,
    key: bool = False,
    required: bool = False,
    references: str = "",
    headers: tuple[str, ...] = (),
    always: bool | str = False,
    ends: bool = False,
) -> Any:
    """Return a pydantic field for one column.

    `zh` is its Chinese name (and the first header an import recognises), `en` one English
    sentence for the reference page, `references` the table whose ``id`` it holds, `headers` more
    spreadsheet headers that mean this column. `key` marks a part of the row's identity. `always` says that
    there must be a value (a person has a status), or in which rows, as SQL over ``{row}``: a null there is unknown,
    not "none". `ends` says that a row without it goes on, also where nobody supplies the column.
    """
    extra: dict[str, Any] = {"zh": zh, "headers": [zh, *headers], "key": key, "ends": ends}
    extra["always"] = always if isinstance(always, str) else "true" if always else ""
    if references:
        extra["references"] = references
    return Field(... if required else None, description=en, json_schema_extra=extra)
