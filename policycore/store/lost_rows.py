"""Notice that the rows a finding rested on are gone while its subject is still listed.

A group whose members are no longer listed at all, or a message whose attachments are not, breaks no
rule any more; that says something about the data and nothing about the group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.model.verdict import Subject

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot
    from policycore.rulesets.resolved import ResolvedRuleSet
    from policycore.store.before import Vanished

__all__ = ["Losses", "evidence_tables", "lost_subjects", "nothing_lost"]

Losses = Callable[[Sequence["Vanished"]], frozenset[tuple[str, str, str]]]
"""Called with the findings that a run no longer reports; returns rule, kind and id of those whose rows are gone."""

_SUBJECT_TABLE = {Subject.MEMBERSHIP: "memberships", Subject.MESSAGE: "messages"}
_OF_GROUP = frozenset({"memberships", "events", "messages"})
_OF_MESSAGE = frozenset({"attachments", "receipts", "approvals"})


def nothing_lost(_gone: Sequence[Vanished]) -> frozenset[tuple[str, str, str]]:
    """Say of no finding that its rows are gone: for results whose estate is not at hand to ask."""
    return frozenset()


def evidence_tables(ruleset: ResolvedRuleSet) -> Mapping[str, frozenset[str]]:
    """Return by rule id the tables below a group or message that its findings rest on."""
    from policycore.plugin_api.paths import as_needs, need_fields
    from policycore.plugin_api.rule import TextRule

    found = {}
    for resolved in ruleset.rules:
        rule = resolved.rule
        fields = {field for need in as_needs(rule.requires) for field in need_fields(need.path)}
        fields.update(rule.reads if isinstance(rule, TextRule) else ())
        tables = {field.partition(".")[0] for field in fields} | {_SUBJECT_TABLE.get(rule.subject, "")}
        found[resolved.id] = frozenset(tables & (_OF_GROUP | _OF_MESSAGE))
    return found


def lost_subjects(
    now: Snapshot, kept: Path, tables: Mapping[str, frozenset[str]], gone: Sequence[Vanished]
) -> frozenset[tuple[str, str, str]]:
    """Return rule, kind and id of the `gone` findings whose rows in one of `tables` are gone as well.

    Compared are `now` and the snapshot under `kept` in which each was last seen; where that one is no
    longer kept, rows are taken to have been there. A table that is not supplied at all is the engine's
    to report.
    """
    asked = [
        (item, table, owner)
        for item in gone
        for table in tables.get(item.known.rule, ())
        if table in now.tables and (owner := _owner(item, table)) is not None
    ]
    files = {name: table.path for name, table in now.tables.items()}
    present = _owners(((table, owner) for _, table, owner in asked), files)
    lost = set()
    for snapshot in {item.snapshot for item, _, _ in asked}:
        missing = [entry for entry in asked if entry[0].snapshot == snapshot and entry[1:] not in present]
        files = {table: kept / snapshot / f"{table}.parquet" for _, table, _ in missing}
        before = _owners(((table, owner) for _, table, owner in missing), files)
        lost |= {
            (item.known.rule, item.known.kind, item.known.subject_id)
            for item, table, owner in missing
            if (table, owner) in before
        }
    return frozenset(lost)


def _owner(item: Vanished, table: str) -> str | None:
    """Return the id that the finding's rows of `table` carry, None where it has none there."""
    known = item.known
    if table in _OF_GROUP:
        return known.group_id
    return known.subject_id if known.kind == Subject.MESSAGE.value else None


def _owners(asked: Iterable[tuple[str, str]], files: Mapping[str, Path]) -> frozenset[tuple[str, str]]:
    """Return which of the (table, id) have rows in the tables' `files`; all of a file that can't be read."""
    wanted: dict[str, set[str]] = {}
    for table, owner in asked:
        wanted.setdefault(table, set()).add(owner)
    found: set[tuple[str, str]] = set()
    for table, owners in wanted.items():
        column = "group_id" if table in _OF_GROUP else "message_id"
        found |= {(table, owner) for owner in _held(files[table], column, owners)}
    return frozenset(found)


def _held(path: Path, column: str, owners: set[str]) -> set[str]:
    """Return which of `owners` the column of a Parquet file names."""
    import pyarrow
    import pyarrow.compute
    import pyarrow.dataset

    wanted = pyarrow.array(sorted(owners), pyarrow.string())
    try:
        rows = pyarrow.dataset.dataset(path, format="parquet").to_table(
            columns=[column], filter=pyarrow.compute.field(column).isin(wanted)
        )
    except (OSError, ValueError):
        return owners
    return set(rows.column(column).unique().to_pylist())
