"""Review suspects: confirm or dismiss them, list what was decided, take it back, tell how often each rule is right.

A confirmed suspect fails from the next check on; a dismissed one passes, and so does what the same rule finds in the
very same text, from the same class of sender, in the same kind of group.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from policycore.errors import UsageError
from policycore.language import say
from policycore.model.facts import lasting_facts
from policycore.model.verdict import Verdict
from policycore.operations.around import passage, view_where_said
from policycore.operations.decide import decision_problem, next_id
from policycore.store import schema
from policycore.store.decided import IN_FORCE, Record, add_records, end_record, records
from policycore.store.kept import audit
from policycore.store.kept.runs import list_runs, load_header
from policycore.store.lives.history import find_finding, history_of
from policycore.store.lives.life_cycle import ACTIVE
from policycore.store.lives.reviews import (
    DISMISSED,
    REVIEWS,
    Precision,
    Reviewed,
    exception_of,
    open_reviews,
    precision,
)
from policycore.store.query import FindingFilter, FindingRow, count_findings, page_of_findings, rows_of
from policycore.store.store import Store
from policycore.store.verify import require_life
from policycore.store.workspace import Workspace
from policycore.text.clean import clean
from policycore.text.shown import shown
from policycore.text.suggest import suggestion

__all__ = [
    "FEWEST",
    "imprecise",
    "labels_of",
    "learn_from",
    "listed_reviews",
    "queue",
    "review",
    "rule_called",
    "said_precise",
    "waiting",
    "withdraw_review",
]

FEWEST = 10
"""Reviews below which nobody can tell how precise a rule is."""
_LONGEST = 400
_PAGE = 200


def review(store: Store, names: Iterable[str | int], kind: str, text: str = "", person: str = "") -> tuple[str, ...]:
    """Record that suspects, by number or by the beginning of their ids, are confirmed or dismissed, all or none.

    `kind` is one of `REVIEWS`, `text` may say why, `person` who says so, whoever acts by default. Returns the ids of
    the reviews. Raises UsageError for what is no open suspect or was reviewed already, DataError where it was altered.
    """
    now = datetime.now(UTC)
    with store.write() as connection:
        made = records(connection, *REVIEWS)
        known = [record.id for record in made]
        begun, reviews = len(known), Reviewed(record for record in made if record.state == IN_FORCE)
        named = [name if isinstance(name, int) else find_finding(connection, name) for name in names]
        for row in rows_of(connection, [*dict.fromkeys(named)]):
            number, finding = row.id, row.finding
            require_life(connection, number)
            if finding.verdict is not Verdict.SUSPECT or row.state not in ACTIVE:
                raise UsageError(decision_problem("review.no-suspect", id=finding.id))
            before = reviews.of(finding)
            if before is not None and before.id in known[begun:]:
                continue  # the very same text as one that was named before it
            if before is not None:
                raise UsageError(decision_problem("review.already", id=finding.id, review=before.id))
            covers = {"findings": finding.fingerprints, "numbers": [str(number)], "rules": [finding.name]}
            if kind == DISMISSED and (exception := exception_of(finding)):
                covers["texts"] = [exception]
            record = Record(
                kind=kind,
                id=next_id("R", now, known),
                body=json.dumps({"facts": lasting_facts(finding.facts)}, ensure_ascii=True, sort_keys=True),
                at=now,
                ruleset=row.ruleset,
                covers=covers,
                reason=shown(clean(text, limit=_LONGEST)).strip(),
                person=clean(person or audit.this_person(), limit=60),
                evidence=str(finding.facts.get("evidence") or ""),
            )
            known.append(record.id)
            reviews.add(record)
            details = {"review": record.id, "finding": finding.id, "rule": finding.name, "person": record.person}
            action = "dismiss" if kind == DISMISSED else "confirm"
            audit.append(connection, action, details, at=now, holds=add_records(connection, [record]))
    return tuple(known[begun:])


def withdraw_review(store: Store, name: str) -> None:
    """Take a review back: from the next check on the suspect waits again. UsageError where none of that id stands."""
    with store.write() as connection:
        standing = {record.id: record for record in open_reviews(connection)}
        if name not in standing:
            raise UsageError(decision_problem("review.none", name=clean(name, limit=60)))
        holds = end_record(
            connection, standing[name].kind, name, "withdrawn", at=datetime.now(UTC), by=audit.this_person()
        )
        audit.append(connection, "review-withdrawn", {"review": name}, holds=holds)


def queue(store: Store, rule: str = "", skipped: Iterable[int] = ()) -> Iterator[FindingRow]:
    """Yield the suspects that nobody has reviewed, the most pressing first; what is decided meanwhile is left out.

    `rule` narrows them to one rule, by name; `skipped` are the numbers of those that are left out.
    """
    seen, offset = {*skipped}, 0
    while True:
        with store.read() as connection:
            page = page_of_findings(connection, _suspects(rule), offset=offset, limit=_PAGE)
            as_read = _reviews_made(connection)
        for row in page:
            if row.id in seen:
                continue
            seen.add(row.id)
            with store.read() as connection:
                now = row if _reviews_made(connection) == as_read else rows_of(connection, [row.id])[0]
            if now.finding.decision is None or now.finding.decision.kind not in REVIEWS:
                yield now
        if len(page) < _PAGE:
            return
        offset += _PAGE


def _reviews_made(connection: Connection) -> object:
    """Return what is another one as soon as a review was made or taken back."""
    table = schema.decisions.c
    query = select(func.max(table.number), func.count(table.ended)).where(table.kind.in_(REVIEWS))
    return connection.execute(query).one()


def waiting(store: Store, rule: str = "") -> int:
    """Return how many suspects wait; those that were dismissed since the last check among them."""
    with store.read() as connection:
        return count_findings(connection, _suspects(rule))


def _suspects(rule: str) -> FindingFilter:
    """Return which findings are suspects, of one rule or of all."""
    return FindingFilter(any_of={"verdict": (Verdict.SUSPECT.value,), "name": (rule,) if rule else ()})


def rule_called(store: Store, word: str) -> str:
    """Return the name of the rule that a word means, by id or name; UsageError where the store knows none, '' of ''."""
    if not word:
        return ""
    with store.read() as connection:
        newest = {run.ruleset: run for run in reversed(list_runs(connection, replays=False))}
        outcomes = [one for run in newest.values() for one in load_header(connection, run).outcomes]
    known = {name: one.name for one in outcomes for name in (one.rule, one.name)}
    if word not in known:
        fix = suggestion(word, known) or say("decisions.review.no-rule.fix")
        raise UsageError(decision_problem("review.no-rule", rule=clean(word, limit=60), fix=fix))
    return known[word]


def listed_reviews(store: Store, *, everything: bool = False) -> Sequence[Record]:
    """Return the reviews that stand, or all, in the order in which they were made."""
    with store.read() as connection:
        return [one for one in records(connection, *REVIEWS) if everything or one.state == IN_FORCE]


def labels_of(connection: Connection, reviews: Sequence[Record]) -> dict[str, str]:
    """Return by the id of each review the label of the suspect that it is about."""
    table = schema.findings.c
    numbers = {one.id: int(one.covers["numbers"][0]) for one in reviews}
    labels = dict(connection.execute(select(table.id, table.label).where(table.id.in_(numbers.values()))).all())
    return {name: labels[number] for name, number in numbers.items() if number in labels}


def learn_from(store: Store, workspace: Workspace, rule: str = "") -> tuple[list[str], int, int, int]:
    """Return the weights that reviews teach, as lines of a file; texts confirmed and dismissed, percent told right.

    Texts are learned from as they may be shown, masked; those that are withheld, or that no kept snapshot holds, are
    left out. `rule` narrows them to one rule. Raises UsageError where there are too few of either side.
    """
    from policycore.text.learned import FEWEST_OF_EACH, learn

    said: dict[str, bool] = {}
    days = []
    for record in listed_reviews(store):
        if rule and rule not in record.covers["rules"]:
            continue
        number = int(record.covers["numbers"][0])
        with store.read() as connection:
            life = history_of(connection, number)
        view = view_where_said(workspace, store, life) if life.said else None
        text = passage(store, view, life.finding) if view is not None else ""
        if text:
            # Confirmed once, under whatever rule, it is of the kind.
            said[text] = said.get(text, False) or record.kind != DISMISSED
            days.append(record.at)
    confirmed = sum(said.values())
    try:
        learned, right = learn([*said], [*said.values()])
    except ValueError:
        counted = {"confirmed": confirmed, "dismissed": len(said) - confirmed, "fewest": FEWEST_OF_EACH}
        raise UsageError(decision_problem("review.too-few", **counted)) from None
    head = [f"# source: {len(said)} reviews", f"# date: {max(days).date()}"]
    return [*head, *learned.lines()], confirmed, len(said) - confirmed, right


def said_precise(one: Precision) -> str:
    """Return in words how often a rule was right; of a few reviews no share is told."""
    key = "operations.precision" if one.count >= FEWEST else "operations.precision.few"
    return say(key, percent=one.percent, confirmed=one.confirmed, dismissed=one.dismissed, fewest=FEWEST)


def imprecise(reviews: Sequence[Record], floor: int) -> list[Precision]:
    """Return the rules that enough was reviewed of and that were right in less than `floor` percent of it."""
    counted = precision(reviews)
    return [one for one in counted if one.count >= FEWEST and one.percent < floor]
