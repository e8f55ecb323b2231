"""Put facts into words: values in the reader's language, personal numbers masked, lengths bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from policycore.engine.catalogue import TEXTS
from policycore.language import PLACE, Language, Text, say_both
from policycore.model.result import RemediationStep
from policycore.model.schema import table_schema
from policycore.plugin_api.rule import Step
from policycore.text.mask import mask

__all__ = ["field_names", "plain_facts", "shown_text", "steps", "worded"]

_LONGEST_WORD = 16
LONGEST_FACT = 500
"""Characters of a text that a finding keeps; a display name of a megabyte is evidence of nothing more."""


@cache
def _parts(template: str) -> tuple[str, ...]:
    """Return a template's literal parts and, between them, the names to put in; templates are few."""
    return tuple(PLACE.split(template))


# The same groups, people and departments stand in most findings: masking is half of what a finding costs.
@lru_cache(16_384)
def shown_text(text: str | None) -> str | None:
    """Return `text` as findings may hold it: masked and bounded."""
    if text is None:
        return None
    return mask(text if len(text) <= LONGEST_FACT else text[:LONGEST_FACT] + "…")


def plain_facts(row: Mapping[str, object], timezone: ZoneInfo) -> dict[str, object]:
    """Return the facts of a hit as data: times in the estate's zone, texts masked and bounded."""
    return {name: _plain(value, timezone) for name, value in row.items()}


def _plain(value: object, timezone: ZoneInfo) -> object:
    """Return one value as JSON can hold it (times stay datetimes until they are written)."""
    if isinstance(value, str):
        return shown_text(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(timezone) if value.tzinfo else value.replace(tzinfo=timezone)
    if isinstance(value, date):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item, timezone) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return [_plain(item, timezone) for item in value]
    return str(value)


def worded(template: Text, facts: Mapping[str, object]) -> Text:
    """Return `template` with `facts` put in, each language with its own words for the values."""
    if "{" not in template.zh and "{" not in template.en:
        return template
    return Text(_filled(template.zh, facts, "zh"), _filled(template.en, facts, "en"))


def _filled(template: str, facts: Mapping[str, object], language: Language) -> str:
    """Return `template` with the values it names in words of `language`."""
    parts = _parts(template)
    if len(parts) == 1:
        return template
    filled = list(parts)
    for place in range(1, len(parts), 2):
        name = parts[place]
        filled[place] = _word(facts[name], language) if name in facts else f"{{{name}}}"
    return "".join(filled)


def _word(value: object, language: Language) -> str:
    """Return one value as a person of that language reads it."""
    if isinstance(value, str):
        # Words of the model's enumerations are English; no name or id of a group reads like one by chance often
        # enough to matter, and the facts themselves keep the original.
        known = TEXTS.get(f"engine.value.{value}") if len(value) < _LONGEST_WORD else None
        return value if known is None else known[0 if language == "zh" else 1]
    if value is None:
        return say_both("engine.nothing").in_language(language)
    if isinstance(value, bool):
        return say_both("engine.yes" if value else "engine.no").in_language(language)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if (value.hour, value.minute) == (0, 0) else "%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return ("、" if language == "zh" else ", ").join(_word(item, language) for item in value)
    return str(value)


def steps(
    planned: Iterable[Step], facts: Mapping[str, object], people: Mapping[str, str | None], as_of: datetime
) -> tuple[RemediationStep, ...]:
    """Return a rule's steps for one finding; `people` maps a role to the name that the data has for it."""
    return tuple(
        RemediationStep(
            who=step.who,
            person=people.get(step.who),
            what=worded(step.what, facts),
            due=None if step.within_days is None else as_of + timedelta(days=step.within_days),
        )
        for step in planned
    )


def field_names(fields: Iterable[str]) -> Text:
    """Return fields for a person: the Chinese column name with the technical one, or the technical one."""
    listed = list(fields)
    chinese = []
    for field in listed:
        table, _, column = field.partition(".")
        schema = table_schema(table).columns.get(column) if column else None
        chinese.append(f"{schema.zh}（{field}）" if schema else field)
    return Text("、".join(chinese), ", ".join(listed))
