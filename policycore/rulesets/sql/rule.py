"""Make a rule out of the ``sql:`` of a rule set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, create_model

from policycore.model.schema import latest_of
from policycore.model.verdict import Subject
from policycore.model.workdays import CalendarYear
from policycore.plugin_api.rule import Case, Needs, Query, Rule, RuleEstate
from policycore.rulesets.written import WrittenParts, WrittenRule, members_of

__all__ = [
    "ROW_LIMIT",
    "TOO_MANY_ROWS",
    "ParameterKinds",
    "SqlRule",
    "SqlRuleParts",
    "asks_workdays",
    "kind_of_value",
    "make_sql_rule",
    "subject_of",
]

ParameterKinds = tuple[tuple[str, str], ...]
"""Name and kind of each parameter, sorted."""

ROW_LIMIT = 1_000_000
"""Findings beyond this many mean a join that multiplies; the rule becomes an error, never a shortened list."""

TOO_MANY_ROWS = "policycore: too many rows"
"""What the database says of more rows than that."""

# By the finest unit that functions look at, their names.
_CLOCK = {
    "hour": "local_hour|hour|minute|date_part|datepart|extract|strftime",
    "day": "local_weekday|is_workday|isodow|dayofweek|weekday|dayname|day",
}

# From the most particular: a row with group and account is about a membership, not about the group.
_SUBJECTS = (
    Subject.MESSAGE,
    Subject.MEMBERSHIP,
    Subject.GROUP,
    Subject.PERSON,
    Subject.DEPARTMENT,
    Subject.TASK,
    Subject.SUBMISSION,
)


def subject_of(columns: Mapping[str, object]) -> Subject | None:
    """Return what rows with these columns are about, or None when no key column is among them."""
    return next((subject for subject in _SUBJECTS if all(key in columns for key in subject.keys)), None)


@dataclass(frozen=True, slots=True)
class SqlRuleParts(WrittenParts):
    """What a rule set says about a rule in SQL, and what was derived from its SQL."""

    sql: str
    kinds: ParameterKinds = ()
    calendar: Mapping[str, CalendarYear] = field(default_factory=dict)
    """By year, what the rule set says of its days; only where the SQL asks for working days."""


class SqlRule(WrittenRule):
    """A rule that is a SELECT written in a rule set; it runs where it can reach no file, network or setting."""

    time_limit = 30.0
    parts: SqlRuleParts

    @property
    def asks_workdays(self) -> bool:
        """Return whether the SQL asks for working days."""
        return asks_workdays(self.parts.sql)

    def check(self, estate: RuleEstate, params: Any) -> Query:
        """Return the rule's own SELECT, with an end to the number of its rows."""
        return estate.query(
            f"""WITH policycore_result AS MATERIALIZED (SELECT * FROM (
{self.parts.sql}
) LIMIT {ROW_LIMIT + 1})
SELECT * FROM policycore_result
WHERE CASE WHEN (SELECT count(*) FROM policycore_result) > {ROW_LIMIT} THEN error('{TOO_MANY_ROWS}') ELSE true END""",  # noqa: S608 - checked SQL of the rule set
            params,
        )


def asks_workdays(sql: str) -> bool:
    """Return whether `sql` asks for working days."""
    return "is_workday" in sql.lower()


def make_sql_rule(parts: SqlRuleParts, cases: tuple[Case, ...] = ()) -> SqlRule:
    """Return the rule that `parts` describe, with the cases that show it at work."""
    own = {"__module__": __name__, "Params": _params_model(parts.kinds)}
    members = {**members_of(parts, cases), "requires": tuple(_needed(parts.sql, path) for path in parts.requires)}
    made: SqlRule = type("SqlRule", (SqlRule,), {**members, **own})()
    return made


def _needed(sql: str, path: str) -> str | Needs:
    """Return what the SQL asks of a column: of a time by its hour or weekday, that these are known of it.

    Both ends of what is known of a time say nothing of the hours and days between.
    """
    name = path.rpartition(".")[2]
    for unit, words in _CLOCK.items():
        if re.search(rf"\b(?:{words})\s*\([^()]*(?:\([^()]*)?\b{name}\b", sql, re.IGNORECASE):
            return Needs(path, when=f"date_trunc('{unit}', {path}) <> date_trunc('{unit}', {latest_of(path)})")
    return path


@lru_cache(maxsize=256)
def _params_model(kinds: ParameterKinds) -> type[BaseModel]:
    """Return the parameters' model; rules with the same parameters share one, for making it is slow."""
    if not kinds:
        return Rule.Params
    fields: dict[str, Any] = {name: (_annotation(kind), ...) for name, kind in kinds}
    return create_model("Params", __base__=Rule.Params, __module__=__name__, **fields)


def kind_of_value(value: object) -> str:
    """Return the word for the type of a parameter by the value the rule set first gives it."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, (list, tuple)):
        kinds = {kind_of_value(item) for item in value}
        return f"list of {kinds.pop()}" if len(kinds) == 1 else "list of any"
    return "text"


def _annotation(kind: str) -> Any:
    """Return the annotation for a kind of parameter."""
    if kind.startswith("list of "):
        # The item's type is known only at run time, which a subscript cannot say to a type checker.
        return list.__class_getitem__(_annotation(kind.removeprefix("list of ")))
    known: dict[str, Any] = {"boolean": bool, "integer": int, "number": float, "text": str}
    return known.get(kind, str | int | float | bool)
