"""Open the part of an estate that changed: some groups with all that is theirs, and every register whole.

A rule whose answer about a group rests on that group's own rows and on registers says of these groups
what it would say of them in the whole estate. What such a rule costs is then what has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

import pyarrow

from policycore.engine.limit import RuleAbandonedError, run_limited
from policycore.engine.session import IN_MEMORY_ROWS, EstateData, EstateSession
from policycore.estate.group_digests import BY_GROUP
from policycore.estate.views import as_of_views, raw_view
from policycore.model.schema import table_schemas
from policycore.rulesets.resolved import ResolvedRule

__all__ = ["PartSession", "open_part"]

REGISTER_ROWS = 1_000_000
"""Up to this many rows a register is copied into memory."""


def open_part(
    data: EstateData,
    as_of: datetime | None,
    changed: Sequence[str],
    rules: Iterable[ResolvedRule],
    *,
    threads: int | None = None,
) -> PartSession:
    """Return a session over the groups in `changed` and those that `rules` compare them with.

    What a rule's `partners` raises is kept in the session's `failed` for that rule; the others go on.
    """
    session = PartSession(data, as_of, threads=threads)
    try:
        session.begin(changed)
        partners: set[str] = set()
        for resolved in rules:
            try:
                partners.update(run_limited(partial(_partners, session, resolved), session, resolved.rule.time_limit))
            except RuleAbandonedError:
                raise  # its thread may still hold the connection
            except Exception as error:  # whatever a rule raises is that rule's error alone
                session.failed[resolved.id] = error
        session.cut_to(sorted(partners.union(changed)))
    except BaseException:
        session.close()
        raise
    return session


def _partners(session: PartSession, resolved: ResolvedRule) -> list[str]:
    """Return the groups that a rule compares with the changed ones."""
    query = resolved.rule.partners(session, resolved.params)
    if query is None:
        return []
    found: list[str] = session.arrow(query.sql, query.values).column("group_id").to_pylist()
    return found


class PartSession(EstateSession):
    """Answer queries over part of an estate; ``whole.<table>`` stays what is stored."""

    _schema = "whole"
    # Not yet: until the part is cut out, most of what they would hold is never asked for.
    _kept_as_of = ()

    def _open_raw(self) -> None:
        super()._open_raw()
        self.connection.execute("CREATE SCHEMA raw")
        for name in table_schemas():
            self.connection.execute(f"CREATE VIEW raw.{name} AS SELECT * FROM whole.{name}")

    def _stays_on_disk(self, table: str) -> bool:
        """Return whether every query reads a table where it lies.

        One that is cut down is read once or twice. Registers are what is left for the rules to read: a million rows
        in memory cost less than a dozen rules reading them from files.
        """
        return table in BY_GROUP or self.data.rows.get(table, 0) > REGISTER_ROWS

    @cached_property
    def failed(self) -> dict[str, Exception]:
        """Return what was raised by the rules that could not say which groups they compare, by rule id."""
        return {}

    def begin(self, changed: Sequence[str]) -> None:
        """List the groups in `changed` as ``changed_groups`` for the rules that look for partners."""
        with self.relation("listed", pyarrow.table({"id": pyarrow.array(changed, pyarrow.string())})):
            self.connection.execute("CREATE TABLE changed_groups AS SELECT id FROM listed")

    def cut_to(self, groups: Sequence[str]) -> None:
        """Leave only what belongs to `groups` in the tables whose rows belong to groups; registers stay whole."""
        run = self.connection.execute
        run("BEGIN")
        with self.relation("listed", pyarrow.table({"id": pyarrow.array(groups, pyarrow.string())})):
            run("CREATE TABLE part_groups AS SELECT id FROM listed")
        # Messages come before what hangs on them: the order is the model's.
        for name, link in BY_GROUP.items():
            owners = "raw.messages" if link == "message_id" else "part_groups"
            run(f"DROP VIEW raw.{name}")
            run(f"CREATE TABLE raw.{name} AS {self._rows(name, link, owners)}")
        views = as_of_views(self.data.columns)
        for name in EstateSession._kept_as_of:
            run(f"DROP VIEW {name}")
            run(f"CREATE TABLE {name} AS {views[name]}")
        run("COMMIT")
        # Counts of the whole estate hold for the part no longer.
        self._counts.clear()

    def _rows(self, table: str, link: str, owners: str) -> str:
        """Return a SELECT of the stored rows of `table` whose column `link` names one of the ids in `owners`.

        In a large file the rows are found by that column first and then fetched by their numbers: DuckDB does not
        read past what a number excludes, while a condition on a text makes it read every column of every row.
        """
        chosen = f"{link} IN (SELECT id FROM {owners})"
        relation, columns = self.data.relations.get(table), self.data.columns.get(table, ())
        if not isinstance(relation, Path) or link not in columns or self.data.rows.get(table, 0) <= IN_MEMORY_ROWS:
            return f"SELECT * FROM whole.{table} WHERE {chosen}"
        numbered = "read_parquet('{}', file_row_number = true)".format(str(relation).replace("'", "''"))
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE chosen AS SELECT file_row_number AS number FROM {numbered} WHERE {chosen}"
        )
        source = f"{numbered} WHERE file_row_number IN (SELECT number FROM chosen)"
        return raw_view(table_schemas()[table], source, columns)
