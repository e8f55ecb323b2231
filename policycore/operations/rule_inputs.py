"""Say what one rule's answer rests on: code, settings, moment, and the tables it reads.

In doubt an input counts: a table too many costs a second look, one too few would cost the truth.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.engine.availability import path_fields
from policycore.engine.code import UNSEEN, own_parts, package_code
from policycore.estate.group_digests import BY_GROUP
from policycore.model.tables import TABLES
from policycore.model.verdict import Subject
from policycore.plugin_api.rule import TextRule
from policycore.rulesets.resolved import ResolvedRule

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot

__all__ = ["RunInputs", "reads_time", "repeatable", "sees_storage", "splits", "tables_read"]

# Every finding names its group, department and who answers for it.
_ALWAYS = frozenset({"groups", "departments", "accounts", "people"})
_OF_SUBJECT = {
    Subject.MEMBERSHIP: {"memberships"},
    Subject.MESSAGE: {"messages"},
    Subject.PERSON: {"appointments"},
    Subject.TASK: {"tasks"},
    Subject.SUBMISSION: {"submissions"},
}
# What stands behind the views that rules may name.
_VIEWS = {
    "all_groups": {"groups"},
    "group_facts": {"groups", "memberships", "messages", "accounts"},
    "group_counts": {"groups", "memberships", "messages", "accounts"},
    "membership_history": {"memberships"},
    "appointment_history": {"appointments"},
    "display_names": {"memberships"},
}
_word = re.compile(r"[a-z_][a-z0-9_]*")
# Names of what digests by group leave out.
_STORAGE = frozenset({"raw", "whole", "_file", "_row"})
# The moment of the run, as a rule may ask for it.
_MOMENT = frozenset({"as_of", "elapsed_days"})
# Answers that differ from one time to the next, or that hide which table they come from.
_FICKLE = frozenset(
    {
        *("now", "today", "yesterday", "tomorrow", "current_date", "current_time", "current_timestamp"),
        *("current_localtime", "current_localtimestamp", "localtime", "localtimestamp", "get_current_time"),
        *("get_current_timestamp", "transaction_timestamp", "random", "setseed", "uuid", "gen_random_uuid"),
        *("uuidv4", "uuidv7", "nextval", "currval", "sample", "tablesample", "query", "query_table"),
        *("duckdb_tables", "duckdb_columns", "information_schema", "pg_catalog", "version", "getenv", "getvariable"),
    }
)


def tables_read(resolved: ResolvedRule, asked: Iterable[str]) -> frozenset[str]:
    """Return every table of the model that the rule's answer may rest on, given the SQL that it asked."""
    rule = resolved.rule
    paths = [field for path in rule.requires_value for field in path_fields(path)]
    named = {field.partition(".")[0] for field in (*rule.requires, *paths)}
    named |= _OF_SUBJECT.get(rule.subject, set())
    if isinstance(rule, TextRule):
        named |= {"messages", "attachments"} | {field.partition(".")[0] for field in rule.reads}
    for text in (resolved.applies_to or "", rule.applies_when, *asked):
        named |= _words(text)
    for view, tables in _VIEWS.items():
        if view in named:
            named |= tables
    return (_ALWAYS | named) & frozenset(TABLES)


def splits(resolved: ResolvedRule) -> bool:
    """Return whether what a rule says of some groups can be asked without the others.

    The rule says so of itself; what it applies to and which values it needs must not look at other groups either.
    """
    rule = resolved.rule
    if not (rule.splits_by_group or rule.partner_fact):
        return False
    if any("select" in _words(text) for text in (resolved.applies_to or "", rule.applies_when)):
        return False
    later = [field for path in rule.requires_value for field in path_fields(path)[1:]]
    return not any(field.partition(".")[0] in BY_GROUP for field in later)


def sees_storage(asked: Iterable[str]) -> bool:
    """Return whether a rule looks behind the as-of state: at rows to come, at where rows stand in their files."""
    return any(_words(text) & _STORAGE for text in asked)


def reads_time(resolved: ResolvedRule, asked: Iterable[str]) -> bool:
    """Return whether a rule asks for the moment of the run: its answer holds for no other.

    What has begun or ended by then is no question of the rule's: the tables that it sees say so.
    """
    return any(_words(text) & _MOMENT for text in (resolved.applies_to or "", resolved.rule.applies_when, *asked))


def repeatable(resolved: ResolvedRule, asked: Iterable[str]) -> bool:
    """Return whether nothing the rule asked gives another answer by itself tomorrow."""
    return not any(_words(text) & _FICKLE for text in (resolved.applies_to or "", resolved.rule.applies_when, *asked))


def _words(sql: str) -> set[str]:
    """Return every name in `sql`, keywords and string literals included."""
    return set(_word.findall(sql.lower()))


@dataclass(frozen=True)
class RunInputs:
    """Hold what the answers of one run rest on besides the rule."""

    as_of: datetime
    timezone: str
    sources: tuple[tuple[str, tuple[str, ...]], ...]
    tables: Mapping[str, str]
    """Hash of rows and columns by table; a table that was not supplied is not in it."""
    evidence: str
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns that were supplied, by table."""
    digests: Path | None = None
    """The content group by group, where the run is as of the moment that they were made for."""
    digests_engine: str = ""
    """What made the digests; those of two engines can't be compared."""

    @classmethod
    def of(cls, snapshot: Snapshot, as_of: datetime | None, evidence_key: bytes | None) -> RunInputs:
        """Return the inputs of a run over `snapshot`."""
        from policycore.estate.manifest import read_manifest

        manifest = read_manifest(snapshot.folder / "manifest.yaml")
        stored, made = manifest.tables or {}, manifest.digests
        if as_of is not None and as_of != snapshot.as_of:
            made = None
        return cls(
            as_of=as_of or snapshot.as_of,
            timezone=snapshot.timezone,
            sources=tuple((source.name, tuple(sorted(source.lacks))) for source in snapshot.sources),
            # By content where that is known: the same rows may be packed in another way.
            tables={
                name: f"{made.engine} {made.tables[name]}" if made and name in made.tables else stored[name].sha256
                for name in snapshot.tables
            },
            evidence=hashlib.sha256(evidence_key or b"").hexdigest(),
            columns={name: table.columns for name, table in snapshot.tables.items()},
            digests=None if made is None else snapshot.digests,
            digests_engine="" if made is None else made.engine,
        )

    @cached_property
    def _common(self) -> list[object]:
        """Return what every rule's answer rests on."""
        return [self.timezone, self.sources, self.evidence, own_parts()]

    @property
    def moment(self) -> str:
        """Return the as-of time in one spelling."""
        return self.as_of.astimezone(UTC).isoformat()

    def key(self, resolved: ResolvedRule) -> str:
        """Return the hash of everything that the rule's answer rests on except the tables' rows and the moment."""
        rule = resolved.rule
        own = [
            resolved.id,
            resolved.name,
            list(resolved.clauses),
            resolved.severity.value,
            resolved.enforcement.value,
            resolved.params.model_dump(mode="json"),
            resolved.applies_to,
            repr(getattr(rule, "parts", None)),
            _code_of(type(rule).__module__),
        ]
        return hashlib.sha256(json.dumps([self._common, own], default=str).encode()).hexdigest()

    def digests_name(self, file: Path | None = None) -> str:
        """Return what tells the digests in `file` (those of this run when None) from all others. Raises OSError."""
        chosen = file or self.digests
        if chosen is None:
            return ""
        with chosen.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        return hashlib.sha256(f"{content} {self.digests_engine}".encode()).hexdigest()

    def supplied(self, tables: Iterable[str]) -> dict[str, list[str]]:
        """Return the columns that each of `tables` has."""
        return {name: list(self.columns.get(name, ())) for name in sorted(tables)}

    def contents(self, tables: Iterable[str]) -> dict[str, str]:
        """Return the hash of each of `tables`; '' for one that was not supplied."""
        return {name: self.tables.get(name, "") for name in sorted(tables)}


def _code_of(module: str) -> str:
    """Return what stands for the code of the package that a rule's module belongs to."""
    name = module.partition(".")[0]
    found = package_code(name)
    # Code nobody can look at: no two runs are known to use the same.
    return f"{found} {id(sys.modules.get(name))}" if found == UNSEEN else found
