"""Put into words what findings said last: their rows in the files of the run that reported them last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, func, select

from policycore.model.findings import Findings
from policycore.model.found import FoundRows
from policycore.model.result import Finding
from policycore.store import schema
from policycore.store.kept.found_files import Beside, read_beside, read_rows
from policycore.store.kept.loose import counted_from
from policycore.store.lives.previous_state import AT_ONCE

__all__ = ["RunWords", "Saying", "each_of", "last_words", "last_words_up_to", "said_last_in", "sayings", "words_of"]


class Saying(NamedTuple):
    """What it takes to say what a finding said in a run; deadlines count from when its life has `begun`."""

    id: int
    rule: str
    fingerprint: str
    run: int
    begun: datetime


def said_last_in() -> ColumnElement[int]:
    """Return the last run that reported a finding: the newest one where nothing ended it."""
    run, finding = schema.runs.c, schema.findings.c
    newest = select(func.max(run.id)).where(run.ruleset == finding.ruleset, run.replay.is_(False)).scalar_subquery()
    return func.coalesce(finding.last_run, newest)


def sayings() -> Select[Any]:
    """Return the query for what `words_of` takes."""
    finding = schema.findings.c
    return select(finding.id, finding.rule, finding.fingerprint, said_last_in(), finding.begun)


def last_words(connection: Connection, numbers: Sequence[int]) -> dict[int, Finding]:
    """Return by number what findings said last, deadlines counted from when each began."""
    return words_of(connection, _sayings_of(connection, numbers))


def last_words_up_to(connection: Connection, run: int, numbers: Sequence[int]) -> dict[int, Finding]:
    """Return by number what findings said last in `run` or before it."""
    asked = _sayings_of(connection, numbers)
    found = words_of(connection, (one for one in asked if one.run <= run))
    runs = schema.runs.c
    ruleset = select(runs.ruleset).where(runs.id == run).scalar_subquery()
    query = select(runs.id).where(runs.ruleset == ruleset, runs.replay.is_(False), runs.id <= run)
    # Those that were reported again since: the run that reported them before is one of the last.
    for earlier in connection.scalars(query.order_by(runs.id.desc())).all():
        left = [one._replace(run=earlier) for one in asked if one.id not in found]
        if not left:
            break
        found |= words_of(connection, left)
    return found


def _sayings_of(connection: Connection, numbers: Sequence[int]) -> list[Saying]:
    """Return what it takes to say what findings said last."""
    found = []
    for begin in range(0, len(numbers), AT_ONCE):
        some = sayings().where(schema.findings.c.id.in_(numbers[begin : begin + AT_ONCE]))
        found += [Saying(*row) for row in connection.execute(some)]
    return found


class RunWords:
    """What one run said of each finding, file by file as it is asked."""

    def __init__(self, connection: Connection, run: int) -> None:
        self._connection, runs, bodies = connection, schema.runs.c, schema.run_bodies.c
        query = select(runs.as_of, runs.timezone, bodies.beside).outerjoin_from(schema.runs, schema.run_bodies)
        as_of, name, self._beside = connection.execute(query.where(runs.id == run)).one()
        self.zone = ZoneInfo(name)
        self.as_of = as_of.astimezone(self.zone)
        kept = schema.run_files.c
        query = select(kept.rule, kept.texts, kept.file).where(kept.run_id == run)
        self._files = {rule: (texts, file) for rule, texts, file in connection.execute(query)}

    def rows(self, rule: str) -> FoundRows | None:
        """Return the columns of what a rule found; None where it found nothing."""
        return read_rows(self._connection, *self._files[rule]) if rule in self._files else None

    @property
    def beside(self) -> Beside:
        """Return what stands beside the columns."""
        if self._beside is None:
            # What the run found was let go for its age.
            return Beside((), {})
        return read_beside(self._connection, self._beside, self.zone)

    def findings(self, rule: str, fingerprints: Sequence[str], begun: Sequence[datetime]) -> dict[str, Finding]:
        """Return by fingerprint what the run said, deadlines counted from when each has `begun`."""
        return {one.fingerprint: one for one in self.each(rule, fingerprints, begun)}

    def each(self, rule: str, fingerprints: Sequence[str], begun: Sequence[datetime]) -> Iterator[Finding]:
        """Yield what the run said, deadlines counted from when each has `begun`.

        A few thousand at once: a column that becomes a list keeps every other thread waiting, and so do objects of
        which many are alive.
        """
        import pyarrow
        import pyarrow.compute

        since = dict(zip(fingerprints, begun, strict=True))
        found = set[str]()
        rows, beside = self.rows(rule), self.beside
        if rows is not None:
            wanted = pyarrow.array(fingerprints, pyarrow.string())
            places = pyarrow.compute.index_in(wanted, rows.table.column("fingerprint").combine_chunks())
            there = pyarrow.compute.drop_null(places).to_pylist()
            for begin in range(0, len(there), AT_ONCE):
                some = rows.take(there[begin : begin + AT_ONCE])
                names = some.table.column("fingerprint").to_pylist()
                found.update(names)
                yield from some.findings(self.zone, [since[one] for one in names], beside.decisions)
        if len(found) < len(fingerprints):
            said = {one.fingerprint: one for one in Findings(loose=beside.loose).settled(beside.decisions)}
            for fingerprint in since.keys() & said.keys() - found:
                moment = since[fingerprint].astimezone(self.zone)
                yield counted_from(said[fingerprint], self.as_of, moment)

    def named(self, rule: str, names: Sequence[str], begun: datetime) -> Finding | None:
        """Return what the run said of the finding that has or had one of `names`, under whichever id of its rule."""
        asked = ([rule], sorted(self._files.keys() - {rule}))
        for some, rules in (names[:1], asked[0]), (names[1:], asked[1]):
            for one in rules if some else ():
                found = self.findings(one, some, [begun] * len(some))
                if found:
                    return next(iter(found.values()))
        return None


def words_of(connection: Connection, asked: Iterable[Saying]) -> dict[int, Finding]:
    """Return by number what each finding said in its run; what is not in there any more is left out."""
    return dict(each_of(connection, asked))


def each_of(connection: Connection, asked: Iterable[Saying]) -> Iterator[tuple[int, Finding]]:
    """Yield each finding's number and what it said in its run; what is not in there any more is left out."""
    by_run: dict[int, dict[str, list[Saying]]] = {}
    for life in asked:
        by_run.setdefault(life.run, {}).setdefault(life.rule, []).append(life)
    for run, by_rule in by_run.items():
        words = RunWords(connection, run)
        for rule, some in by_rule.items():
            numbers: dict[str, list[int]] = {}
            for life in some:
                numbers.setdefault(life.fingerprint, []).append(life.id)
            for one in words.each(rule, [life.fingerprint for life in some], [life.begun for life in some]):
                yield from ((number, one) for number in numbers[one.fingerprint])
