"""What is missing, by worth: one line for each field and source, with the verdicts that it would settle."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from policycore.language import Text, find_text, say, say_both
from policycore.model.gap import UNNAMED_SOURCE, Gap
from policycore.model.schema import all_schemas
from policycore.model.verdict import Severity
from policycore.model.workdays import CALENDAR
from policycore.text.clean import clean

__all__ = [
    "MissingField",
    "RuleLacking",
    "field_words",
    "missing_fields",
    "missing_words",
    "named",
    "remedy_of",
    "remedy_words",
    "source_words",
]


@dataclass(frozen=True, slots=True)
class RuleLacking:
    """A rule for want of a field, and how many of its verdicts wait for it."""

    id: str
    name: str
    title: Text
    severity: Severity
    clauses: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class MissingField:
    """A field that one source lacks, or that nobody supplies in full, and what it would settle."""

    field: str
    """``table.column``."""
    source: str | None
    settles: int
    """Verdicts for which nothing else is missing."""
    others: int
    """Verdicts for which something else is missing as well."""
    rules: tuple[RuleLacking, ...]
    """Those whose verdicts wait for it, the strictest first, then by number."""

    @property
    def severity(self) -> Severity:
        """Return the strictest severity among its rules."""
        return self.rules[0].severity

    @property
    def clauses(self) -> tuple[str, ...]:
        """Return the clauses that its rules enforce, each once."""
        return tuple(dict.fromkeys(clause for rule in self.rules for clause in rule.clauses))

    @property
    def fingerprint(self) -> str:
        """Return 32 hex digits that stay the same as long as it is the same field of the same source."""
        return hashlib.sha256(f"{self.field}\0{self.source or ''}".encode()).hexdigest()[:32]


def missing_fields(gaps: Iterable[Gap]) -> tuple[MissingField, ...]:
    """Return every missing field and source, those first that would settle most by themselves."""
    settles: Counter[tuple[str, str | None]] = Counter()
    others: Counter[tuple[str, str | None]] = Counter()
    waiting: dict[tuple[str, str | None], Counter[str]] = {}
    rules: dict[str, Gap] = {}
    for gap in gaps:
        rules.setdefault(gap.rule, gap)
        for field in gap.fields:
            key = field, gap.source
            (settles if len(gap.fields) == 1 else others)[key] += gap.count
            waiting.setdefault(key, Counter())[gap.rule] += gap.count
    found = [
        MissingField(
            field, source, settles[field, source], others[field, source], _lacking(rules, waiting[field, source])
        )
        for field, source in waiting
    ]
    return tuple(sorted(found, key=lambda item: (-item.settles, -item.others, item.field, item.source or "")))


def _lacking(rules: dict[str, Gap], counts: Counter[str]) -> tuple[RuleLacking, ...]:
    """Return the rules with their counts."""
    lacking = [
        RuleLacking(gap.rule, gap.name, gap.title, gap.severity, gap.clauses, count)
        for gap, count in ((rules[rule], count) for rule, count in counts.items())
    ]
    return tuple(sorted(lacking, key=lambda item: (-item.severity.weight, -item.count, item.name)))


def field_words(field: str) -> Text:
    """Return a field as people call it: its column and table, in Chinese with the column's header."""
    table, _, column = field.partition(".")
    if table == CALENDAR:
        return say_both("reports.gap.calendar", year=column if column.isdigit() else "…")
    schema = all_schemas().get(table)
    known = schema.columns.get(column) if schema else None
    if known is None:
        return Text(field, field)
    name = find_text(f"reports.table.{table}") or Text(table, table)
    return Text(
        say_both("reports.gap.column", table=name.zh, column=f"{known.zh} / {column}").zh,
        say_both("reports.gap.column", table=table, column=column).en,
    )


def remedy_words(field: str, source: str | None) -> Text:
    """Return how to supply `field`: which column of which table, from which source."""
    table, _, column = field.partition(".")
    if table == CALENDAR:
        return say_both("reports.gap.supply-calendar", year=column if column.isdigit() else "…")
    if field == "submissions.received_at":
        return say_both("reports.gap.supply-received")
    if field == "attachments.text":
        return say_both("reports.gap.supply-files")
    if field == "messages.text" and source is None:
        return say_both("reports.gap.supply-messages")
    if source is None and column == "id":
        shown, key = find_text(f"reports.table.{table}") or Text(table, table), "reports.gap.supply-table"
    else:
        shown, key = field_words(field), "reports.gap.supply" if source is None else "reports.gap.supply-from"
    called = source_words(source) if source else Text("", "")
    zh = say_both(key, field=shown.zh, source=called.zh)
    en = say_both(key, field=shown.en, source=called.en)
    return Text(zh.zh, en.en)


def source_words(source: str) -> Text:
    """Return how a source is called: its name, quoted; what was imported without one is what was imported."""
    if source == UNNAMED_SOURCE:
        return say_both("reports.gap.unnamed")
    return say_both("reports.gap.named", source=clean(source, limit=80))


def remedy_of(gap: Gap) -> Text:
    """Return how to supply everything that a gap lacks."""
    steps = [remedy_words(field, gap.source) for field in gap.fields]
    return Text("；".join(step.zh for step in steps), "; ".join(step.en for step in steps))


def named(item: MissingField) -> str:
    """Return which field of which source is missing."""
    field = field_words(item.field).in_language()
    if item.source is None:
        return field
    return say("reports.gap.of-source", field=field, source=source_words(item.source).in_language())


def missing_words(item: MissingField) -> str:
    """Return one missing field in words: what it would settle, of which rules, and what waits for more than it."""
    rules = say("reports.and").join(
        say("reports.gap.rule", title=rule.title.in_language(), count=rule.count) for rule in item.rules
    )
    parts = [say("reports.gap.settles", count=item.settles)] if item.settles or not item.others else []
    if item.others:
        parts.append(say("reports.gap.others" if parts else "reports.gap.only-others", count=item.others))
    return say("reports.gap.line", field=named(item), worth=say("reports.and").join(parts), rules=rules)
