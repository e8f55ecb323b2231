"""Part an estate into buckets of whole groups, and put together what rules say of each.

A rule that judges group by group (`Rule.per_group`) says of a group what it says of it in an estate of a few groups
with the same registers. So several processes, or machines, can judge a bucket each: their judgements add up to the one
that the rule gives of the whole. Where they do not (the rule broke over one of them, its facts are of different types),
nothing is put together, and whoever asked judges the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pyarrow

from policycore.engine.judging.hits import MOST_FINDINGS
from policycore.engine.judging.judgement import Judgement
from policycore.engine.judging.result_shape import MOST_ROWS
from policycore.engine.session import EstateData, EstateSession
from policycore.estate.database import MemoryDatabase
from policycore.model.schema import key_columns
from policycore.plugin_api.rule import Rule
from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["Bucket", "Executor", "SharedWork", "buckets_of", "is_parted", "put_together", "small_estate"]

PER_WORKER = 3
"""Buckets for each worker: enough that none waits long for the last, few enough that reading costs little."""
LEAST_IN_BUCKET, MOST_IN_BUCKET = 50_000, 1_000_000
"""Rows of members and messages in a bucket: what each costs beside them (compiling words, planning SQL) takes as long
as judging fewer, and more take too much of a worker's memory."""

_ROWS = """SELECT g.group_key, 1 + coalesce(m.rows, 0) + coalesce(t.rows, 0) AS rows FROM all_groups g
    LEFT JOIN (SELECT group_key, count(*) AS rows FROM raw.memberships GROUP BY 1) m USING (group_key)
    LEFT JOIN (SELECT group_key, count(*) AS rows FROM raw.messages GROUP BY 1) t USING (group_key)
    ORDER BY group_key"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """The groups whose keys lie from `first` to `last`, with everything that belongs to them."""

    number: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class SharedWork:
    """What somebody elsewhere needs to judge buckets: where the snapshot lies, by which rules, as of when."""

    place: Path | str
    """Its folder, or its address in an object store."""
    snapshot: str
    ruleset: ResolvedRuleSet
    """With the rules only that judge group by group."""
    as_of: datetime
    time_limit: float | None
    evidence_key: bytes | None = field(repr=False)


class Executor(Protocol):
    """What judges buckets in other processes, or on other machines; see `policycore.engine.bucket_work`."""

    @property
    def workers(self) -> int:
        """Return how many buckets it judges at once."""
        ...

    def judge(self, work: SharedWork, buckets: Sequence[Bucket]) -> Iterator[tuple[int, Mapping[str, Judgement]]]:
        """Begin with all `buckets` and return an iterator of places among them and what the rules say of each.

        In the order in which they come; a rule that breaks says nothing.
        """
        ...


def is_parted(rule: Rule) -> bool:
    """Return whether a rule can be judged bucket by bucket."""
    return rule.per_group and "group_id" in rule.subject.keys


def buckets_of(session: EstateSession, workers: int) -> list[Bucket]:
    """Return the buckets of an estate for so many workers, about equally large; none where it has no group.

    Every bucket holds a group that is there at the moment, and every key of a group lies in one of them.
    """
    listed = session.arrow(_ROWS)
    keys, rows = listed.column("group_key").to_pylist(), listed.column("rows").to_pylist()
    size = min(MOST_IN_BUCKET, max(LEAST_IN_BUCKET, sum(rows) // (PER_WORKER * workers) + 1))
    ends, held = [], 0
    for key, number in zip(keys, rows, strict=True):
        held += number
        if held >= size:
            ends.append(key)
            held = 0
    if keys:
        ends = [*(end for end in ends if end != keys[-1]), _LAST_KEY]
    firsts = [_FIRST_KEY, *(end + 1 for end in ends)]
    return [Bucket(number, first, last) for number, (first, last) in enumerate(zip(firsts, ends, strict=False))]


_FIRST_KEY, _LAST_KEY = 0, 2**31 - 1


def small_estate(data: EstateData, bucket: Bucket) -> EstateData:
    """Return an estate of the groups of a bucket: what belongs to them in memory, all other tables as they are.

    What names no group at all stands in every bucket: where it makes a rule break, it does so everywhere.
    """
    relations: dict[str, Path | pyarrow.Table] = dict(data.relations)
    within = f"BETWEEN {bucket.first} AND {bucket.last}"
    with MemoryDatabase() as connection:
        # In the order of the files: some rules go by which of several rows comes first.
        connection.execute(f"SET threads = 1; SET TimeZone = '{data.timezone}'")
        messages = _read(data, "messages")
        for name in data.relations:
            key = _key(data, name)
            if key == "group_key":
                chosen = f"group_key {within}"
            elif key == "message_key" and "group_id" in data.columns.get("messages", ()):
                chosen = f"message_key IN (SELECT message_key FROM {messages} WHERE group_key {within})"
            else:
                continue
            # Apart, so that row groups without such rows are left out unread.
            sql = " UNION ALL ".join(
                f"SELECT * FROM {_read(data, name)} WHERE {one}" for one in (chosen, f"{key} IS NULL")
            )
            relations[name] = connection.sql(sql).to_arrow_table()
    rows = {name: table.num_rows for name, table in relations.items() if isinstance(table, pyarrow.Table)}
    return replace(data, relations=relations, rows={**data.rows, **rows})


def _read(data: EstateData, table: str) -> str:
    """Return SQL that reads the file of a table."""
    path = str(data.relations.get(table, "")).replace("'", "''")
    return f"read_parquet('{path}')"


def _key(data: EstateData, table: str) -> str:
    """Return the key by which a row belongs to its group, or to a message of it; '' for what stands in every bucket.

    Which source knows which groups is asked of the estate as a whole.
    """
    columns = key_columns().get(table, {})
    name = "id" if table == "groups" else next((one for one in ("group_id", "message_id") if one in columns), "")
    supplied = name in data.columns.get(table, ()) and table != "group_sources"
    return columns[name][0] if supplied else ""


def put_together(rule: Rule, parts: Sequence[Judgement | None]) -> Judgement | None:
    """Return the judgement that those of all buckets add up to; None where one is missing, or they do not."""
    said = [part for part in parts if part is not None]
    if len(said) < len(parts) or sum(part.yielded for part in said) > MOST_ROWS:
        return None  # of so many rows in one answer the rule would break
    # Those without rows too: what was dropped again may have made a fact what it is.
    tables = [one.hits for one in said if one.hits.num_columns]
    hits, unlisted = said[0].hits, sum(one.unlisted for one in said)
    if tables:
        names = max((table.column_names for table in tables), key=len)
        if len({tuple(name for name in table.column_names if name[:2] != "__") for table in tables}) > 1:
            # As `table_of_rows` orders the facts of rows that differ.
            names = sorted({name for table in tables for name in table.column_names})
        try:
            hits = pyarrow.concat_tables(tables, promote_options="default").select(names)
        except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
            return None
    if hits.num_rows > MOST_FINDINGS:
        keys = list(rule.subject.keys)
        hits = hits.sort_by([(key, "ascending") for key in keys])
        last, next_one = hits.select(keys).slice(MOST_FINDINGS - 1, 2).to_pylist()
        if last == next_one:
            return None  # which of the two is listed, only the rule's own order tells
        hits, unlisted = hits.slice(0, MOST_FINDINGS), unlisted + hits.num_rows - MOST_FINDINGS
    return Judgement(
        hits=hits,
        gaps=[gap for one in said for gap in one.gaps],
        passes=sum(one.passes for one in said),
        not_applicable=sum(one.not_applicable for one in said),
        unlisted=unlisted,
        seconds=sum(one.seconds for one in said),
    )
