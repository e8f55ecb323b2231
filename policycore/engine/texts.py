"""Run all text rules of a rule set in one pass over the estate's texts, then let each confirm what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from policycore.engine.around import AROUND, around_message
from policycore.engine.file_places import FilePlaces
from policycore.engine.limit import RuleTimeoutError
from policycore.engine.session import EstateSession
from policycore.plugin_api.rule import Hit, TextRule
from policycore.rulesets.resolved import ResolvedRule
from policycore.text.engines import TooLargeError
from policycore.text.expression import Expression, ExpressionError
from policycore.text.matcher import ROWS_AT_A_TIME, Hits, Matcher, once
from policycore.text.patterns import Around, Likely, Pattern, Place, TextMatch, Words
from policycore.text.shown import keyed_hash

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["BadPatternError", "TextPass"]

# Where each readable text stands, and the keys of what it belongs to.
_TEXTS = {
    "messages.text": "SELECT group_id, id AS message_id, text AS __text FROM messages WHERE text IS NOT NULL",
    "attachments.name": """SELECT m.group_id, t.message_id, t.id AS attachment_id, t.name AS __text
        FROM attachments t JOIN messages m ON m.id = t.message_id WHERE t.name IS NOT NULL""",
    "attachments.text": """SELECT m.group_id, t.message_id, t.id AS attachment_id, t.text AS __text
        FROM attachments t JOIN messages m ON m.id = t.message_id WHERE t.text IS NOT NULL""",
    "groups.name": "SELECT id AS group_id, name AS __text FROM all_groups WHERE name IS NOT NULL",
    "groups.announcement": """SELECT id AS group_id, announcement AS __text FROM all_groups
        WHERE announcement IS NOT NULL""",
    "groups.purpose": "SELECT id AS group_id, purpose AS __text FROM all_groups WHERE purpose IS NOT NULL",
    "memberships.display_name": """SELECT group_id, account_id, display_name AS __text FROM membership_history
        WHERE display_name IS NOT NULL""",
    "events.detail": "SELECT group_id, id AS event_id, detail AS __text FROM events WHERE detail IS NOT NULL",
    "tasks.title": """SELECT g.id AS group_id, t.id AS task_id, t.title AS __text
        FROM all_groups g JOIN tasks t ON t.id = g.task_id WHERE t.title IS NOT NULL""",
}


MOST_OF_ONE = 1_000
"""Findings of one rule in one text: of what is found beyond them nobody reads more than that there is more."""
FEW_TEXTS, FEW_CHARACTERS = 5_000, 100_000
"""Texts, and characters in them, up to which the plain engine is done before the fast one is compiled."""


class BadPatternError(Exception):
    """The error of a rule whose pattern is outside the linear dialect; it names the pattern, quotes no text."""


class _Places(NamedTuple):
    """The places of what was hit in some texts: of each which text, which of the rule's expressions, where."""

    text_of: numpy.ndarray
    asked: numpy.ndarray
    begins: numpy.ndarray
    ends: numpy.ndarray

    def chosen(self, which: numpy.ndarray) -> _Places:
        """Return some of them."""
        return _Places(*(column[which] for column in self))


@dataclass(slots=True)
class _Asked:
    """What one rule looks for: its patterns, and for each expression of it which pattern and which word it is."""

    resolved: ResolvedRule
    reads: tuple[str, ...]
    patterns: tuple[Pattern | Words | Likely, ...]
    expressions: tuple[tuple[Expression, int, str], ...]
    numbers: numpy.ndarray = field(init=False)
    """The numbers that the matcher gives them, in order."""
    order: numpy.ndarray = field(init=False)
    """Which expression each of `numbers` is."""
    beside: numpy.ndarray = field(init=False)
    """Of each expression whether it matters only beside another one."""

    def number(self, numbers: Mapping[Expression, int]) -> None:
        """Learn the numbers that the matcher gives to the expressions."""
        import numpy

        mine = numpy.array([numbers[expression] for expression, _, _ in self.expressions], numpy.int64)
        self.order = numpy.argsort(mine, kind="stable")
        self.numbers = mine[self.order]
        self.beside = numpy.array([self.patterns[pattern].beside for _, pattern, _ in self.expressions], bool)

    def chosen(self, hits: Hits) -> _Places:
        """Return the rule's hits among `hits`: one may be of two patterns of it."""
        import numpy

        first = numpy.searchsorted(self.numbers, hits.which, "left")
        times = numpy.searchsorted(self.numbers, hits.which, "right") - first
        chosen = numpy.repeat(numpy.arange(len(times)), times)
        within = numpy.arange(len(chosen)) - numpy.repeat(numpy.cumsum(times) - times, times)
        return _Places(hits.rows[chosen], self.order[first[chosen] + within], hits.begins[chosen], hits.ends[chosen])

    def with_company(self, places: _Places) -> _Places:
        """Return `places` without those that matter only beside another one, where there is none."""
        import numpy

        if not self.beside.any():
            return places
        company = places.text_of[~self.beside[places.asked]]
        return places.chosen(numpy.isin(places.text_of, company))

    def asking_around(self, found: _Found) -> list[str]:
        """Return the messages in which a pattern hit that asks what stands around them."""
        import numpy

        asking = [
            number for number, (_, pattern, _) in enumerate(self.expressions) if self.patterns[pattern].asks_around
        ]
        if not asking or "message_id" not in found.rows.schema.names:
            return []
        texts = numpy.unique(found.places.text_of[numpy.isin(found.places.asked, asking)])
        rows = numpy.flatnonzero(numpy.isin(found.text_of, texts))
        ids: list[str] = found.rows.column("message_id").take(rows).to_pylist()
        return ids


@dataclass(slots=True)
class _Found:
    """What one rule's patterns hit in some texts of one column."""

    column: str
    texts: pyarrow.Array
    """The texts that were hit; one that stands in several rows is here once, where texts repeat."""
    rows: pyarrow.RecordBatch
    """The keys of what they belong to."""
    text_of: numpy.ndarray
    """Which of the texts stands in each row."""
    places: _Places
    """Where; words at once, other expressions once that is asked, and at -1 until then."""

    def place_of_rows(self, places: _Places) -> tuple[numpy.ndarray, _Places]:
        """Return `places`, which are in the order of the texts, once for each row, and the rows."""
        import numpy

        first = numpy.searchsorted(places.text_of, self.text_of, "left")
        times = numpy.searchsorted(places.text_of, self.text_of, "right") - first
        within = numpy.arange(times.sum()) - numpy.repeat(numpy.cumsum(times) - times, times)
        return numpy.repeat(numpy.arange(len(times)), times), places.chosen(numpy.repeat(first, times) + within)


@dataclass(slots=True)
class TextPass:
    """One scan for every text rule in `rules`, when the first of them is judged."""

    rules: Sequence[ResolvedRule]
    evidence_key: bytes | None = None
    """Secret of the workspace. With it a hit carries a keyed hash of the whole text, which proves later what
    was seen without holding it; without it there is none, because a plain hash of short text is soon guessed."""
    _found: dict[str, list[_Found]] | None = field(default=None)
    _asked: dict[str, _Asked] = field(default_factory=dict)
    _numbers: dict[Expression, int] = field(default_factory=dict)
    _refused: dict[str, str] = field(default_factory=dict)
    _matcher: Matcher | None = None
    _beside_messages: dict[str, tuple[Any, ...]] | None = None

    def begin_anew(self) -> None:
        """Forget what was found, as the estate stood at another moment; what is looked for stays compiled."""
        self._found = self._beside_messages = None

    def hits(self, session: EstateSession, resolved: ResolvedRule) -> pyarrow.Table | Iterator[Hit]:
        """Return what `resolved` confirms, with the keys of message and group and the column it was in.

        Raises BadPatternError when a pattern of the rule is outside the linear dialect.
        """
        if self._found is None:
            self._found = self._scan(session)
        if resolved.id in self._refused:
            raise BadPatternError(self._refused[resolved.id])
        if resolved.id not in self._asked:
            _asked_by(resolved)  # raises
        found = self._found.get(resolved.id, [])
        if getattr(type(resolved.rule), "confirm", None) is TextRule.confirm and not self.evidence_key:
            return self._every_place(self._asked[resolved.id], found)
        assert isinstance(resolved.rule, TextRule)  # noqa: S101 - tells the type checker what was asked
        cut: list[Hit] = []
        confirmed = self._confirmed(session, self._asked[resolved.id], found, cut)
        return chain(resolved.rule.conclude(confirmed, resolved.params), cut)

    def _every_place(self, asked: _Asked, found: Sequence[_Found]) -> pyarrow.Table:
        """Return every place that was hit, without a Python object for each."""
        import numpy
        import pyarrow

        names = pyarrow.array([one.id for one in asked.patterns])
        pattern_of = numpy.array([pattern for _, pattern, _ in asked.expressions])
        tables = []
        for one in found:
            rows, places = one.place_of_rows(self._all_places(asked, one))
            table = pyarrow.Table.from_batches([one.rows.take(rows)])
            for name, values in (
                ("field", pyarrow.array([one.column]).take(numpy.zeros(len(rows), numpy.int8))),
                ("pattern", names.take(pattern_of[places.asked])),
                ("offset", pyarrow.array(places.begins)),
                ("length", pyarrow.array(places.ends - places.begins)),
            ):
                table = table.append_column(name, values)
            tables.append(table)
        if not tables:
            return pyarrow.table({})
        every = pyarrow.concat_tables(tables, promote_options="default")
        # As `table_of_rows` orders the facts of rows that differ.
        alike = all(table.column_names == every.column_names for table in tables)
        return every if alike else every.select(sorted(every.column_names))

    def _confirmed(
        self, session: EstateSession, asked: _Asked, found: Sequence[_Found], cut: list[Hit]
    ) -> Iterator[Hit]:
        """Yield what the rule says of each text in which a pattern hit; add to `cut` those of which it says more."""
        rule, params = asked.resolved.rule, asked.resolved.params
        assert isinstance(rule, TextRule)  # noqa: S101 - tells the type checker what was asked
        around = self._around(session, asked)
        for one in found:
            places = FilePlaces(session, one.rows) if one.column == "attachments.text" else None
            hits: list[set[int]] = [set() for _ in range(len(one.texts))]
            for at, number in zip(one.places.text_of.tolist(), one.places.asked.tolist(), strict=True):
                hits[at].add(asked.expressions[number][1])
            listed: list[list[Place]] = []
            said: dict[int, tuple[Hit, ...]] = {}
            texts = one.texts.to_pylist()
            for keys, at in zip(one.rows.to_pylist(), one.text_of.tolist(), strict=True):
                text, confirmed = texts[at], said.get(at)
                if confirmed is None:
                    patterns = [asked.patterns[number] for number in sorted(hits[at])]
                    find_places = partial(self._places, asked, one, at, listed)
                    match = TextMatch(text, tuple(pattern.id for pattern in patterns), find_places)
                    asks = any(pattern.asks_around for pattern in patterns)
                    if asks:
                        match.find_around = partial(around, str(keys.get("message_id")))
                    confirmed = tuple(islice(rule.confirm(match, params), MOST_OF_ONE + 1))
                    if not (asks and match.looked_around):
                        # What hangs on the text alone is said once, however often the text was sent.
                        said[at] = confirmed
                if len(confirmed) > MOST_OF_ONE:
                    cut.append({**keys, "verdict": "unknown", "missing": one.column})
                for facts in confirmed[:MOST_OF_ONE]:
                    place = places.of(keys["attachment_id"], facts.get("offset")) if places else {}
                    yield {**keys, "field": one.column, **self._evidence(text), **place, **facts}

    def _places(self, asked: _Asked, found: _Found, at: int, listed: list[list[Place]]) -> list[Place]:
        """Return where the hits in one text are; `listed` has them for every text once one was asked."""
        if not listed:
            listed.extend([] for _ in range(len(found.texts)))
            every = self._all_places(asked, found)
            for text, number, begin, end in zip(*(column.tolist() for column in every), strict=True):
                _, pattern, word = asked.expressions[number]
                listed[text].append(Place(asked.patterns[pattern].id, begin, end, word))
        return listed[at]

    def _all_places(self, asked: _Asked, found: _Found) -> _Places:
        """Return where everything is that was hit in some texts; looked up for all of them when first asked."""
        import numpy

        missing = found.places.begins < 0
        if missing.any():
            assert self._matcher is not None  # noqa: S101 - it found them
            known, sought = found.places.chosen(~missing), found.places.chosen(missing)
            texts = numpy.unique(sought.text_of)
            numbers = asked.numbers[numpy.isin(asked.order, sought.asked)]
            more = asked.chosen(self._matcher.scan(found.texts.take(texts), only=numbers))
            more = more._replace(text_of=texts[more.text_of])
            several = len(asked.expressions)
            there = numpy.isin(more.text_of * several + more.asked, sought.text_of * several + sought.asked)
            both = _Places(*map(numpy.concatenate, zip(known, more.chosen(there), strict=True)))
            found.places = both.chosen(numpy.lexsort((both.asked, both.ends, both.begins, both.text_of)))
        return found.places

    def _around(self, session: EstateSession, asked: _Asked) -> Callable[[str], Around | None]:
        """Return what tells what stands around a message; it is read for all rules when the first of them asks."""
        if self._beside_messages is None:
            ids = dict.fromkeys(
                message
                for rule, found in (self._found or {}).items()
                for one in found
                for message in self._asked[rule].asking_around(one)
            )
            self._beside_messages = {}
            if ids:
                columns = session.arrow(AROUND, {"ids": list(ids)}).to_pydict()
                self._beside_messages |= zip(columns.pop("id"), zip(*columns.values(), strict=True), strict=True)
        return partial(around_message, self._beside_messages, session.timezone, asked.resolved.calendar)

    def _evidence(self, text: str) -> dict[str, str]:
        """Return the keyed hash of the text of a hit, where there is a key."""
        if self.evidence_key is None:
            return {}
        return {"evidence": keyed_hash(text, self.evidence_key)}

    def _scan(self, session: EstateSession) -> dict[str, list[_Found]]:
        """Return what was found for every text rule, in the order in which the texts stand."""
        for resolved in self.rules if self._matcher is None else ():
            if isinstance(resolved.rule, TextRule):
                try:
                    self._asked[resolved.id] = _asked_by(resolved)
                except RuleTimeoutError:
                    raise
                except BaseException:  # noqa: S112 - whatever it raises, it raises again when its own turn comes
                    continue
        self._matcher = self._matcher or self._compiled(few=self._are_few(session))
        found: dict[str, list[_Found]] = {}
        for column, sql in _TEXTS.items():
            here = {rule: one for rule, one in self._asked.items() if column in one.reads}
            for batch in session.batches(sql, ROWS_AT_A_TIME) if here else ():
                for rule, one in self._found_in(batch, column, here):
                    found.setdefault(rule, []).append(one)
        return found

    def _are_few(self, session: EstateSession) -> bool:
        """Return whether all texts that are asked for are so few that compiling the fast engine would not pay."""
        columns = sorted({column for asked in self._asked.values() for column in asked.reads if column in _TEXTS})
        if sum(session.data.rows.get(column.partition(".")[0], 0) for column in columns) > FEW_TEXTS:
            return False
        named = (column.split(".") for column in columns)
        lengths = [f"coalesce((SELECT sum(length({name})) FROM raw.{table}), 0)" for table, name in named]
        return not lengths or session.scalar(f"SELECT {' + '.join(lengths)}") <= FEW_CHARACTERS

    def _compiled(self, *, few: bool) -> Matcher:
        """Return the matcher for all expressions; rules with one that is too large for it are left out."""
        while True:
            self._numbers.clear()
            for asked in self._asked.values():
                for expression, _, _ in asked.expressions:
                    self._numbers.setdefault(expression, len(self._numbers))
            expressions = list(self._numbers)
            for asked in self._asked.values():
                asked.number(self._numbers)
            try:
                return Matcher(expressions, few=few, beside=self._beside())
            except TooLargeError as error:
                for rule, asked in list(self._asked.items()):
                    for expression, pattern, _ in asked.expressions:
                        if expression == expressions[error.number]:
                            self._refused[rule] = f"{asked.patterns[pattern].id}: too large"
                            self._asked.pop(rule, None)

    def _beside(self) -> dict[int, set[int]]:
        """Return what no rule asks for but beside others, with those others."""
        alone: set[int] = set()
        others: dict[int, set[int]] = {}
        for asked in self._asked.values():
            beside = asked.beside[asked.order]
            mine = set(asked.numbers[~beside].tolist())
            alone |= mine
            for number in asked.numbers[beside].tolist():
                others.setdefault(number, set()).update(mine)
        return {number: near for number, near in others.items() if number not in alone}

    def _found_in(
        self, batch: pyarrow.RecordBatch, column: str, here: Mapping[str, _Asked]
    ) -> Iterator[tuple[str, _Found]]:
        """Yield what was found in one batch of texts for each rule that reads them."""
        import numpy

        assert self._matcher is not None  # noqa: S101 - made before the first batch is read
        texts, text_of = once(batch.column("__text"))
        keys = batch.drop_columns(["__text"])
        hits = self._matcher.scan(texts, places=False)
        for rule, asked in here.items():
            places = asked.with_company(asked.chosen(hits))
            if len(places.text_of):
                hit, at = numpy.unique(places.text_of, return_inverse=True)
                rows = numpy.flatnonzero(numpy.isin(text_of, hit))
                mine = numpy.searchsorted(hit, text_of[rows])
                yield rule, _Found(column, texts.take(hit), keys.take(rows), mine, places._replace(text_of=at))


def _asked_by(resolved: ResolvedRule) -> _Asked:
    """Return what a text rule looks for. Raises BadPatternError where a pattern is outside the linear dialect."""
    assert isinstance(resolved.rule, TextRule)  # noqa: S101 - tells the type checker what judge() looked up
    patterns = tuple(resolved.rule.patterns(resolved.params))
    expressions: dict[tuple[Expression, int], tuple[Expression, int, str]] = {}
    for number, pattern in enumerate(patterns):
        try:
            read = pattern.expressions()
        except ExpressionError as error:
            raise BadPatternError(f"{pattern.id}: {error}") from None
        words = pattern.words if isinstance(pattern, Words) else ("",)
        for expression, word in zip(read, words, strict=True):
            expressions.setdefault((expression, number), (expression, number, word))
    reads = (*resolved.rule.reads, *resolved.rule.also_reads)
    return _Asked(resolved, reads, patterns, tuple(expressions.values()))
