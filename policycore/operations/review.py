"""Review suspects: confirm or dismiss them, list what was decided, take it back, tell how often each rule is right.

A confirmed suspect fails from the next check on; a dismissed one passes, and so does what the same rule finds in the
very same text, from the same class of sender, in the same kind of group.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from policycore.decisions.facts import lasting_facts
from policycore.decisions.reviews import Reviewed, exception_of
from policycore.errors import PolicycoreError, UsageError
from policycore.model.verdict import Verdict
from policycore.operations.decide import decision_problem, next_id
from policycore.store.decided import IN_FORCE, Record, add_records, end_record, records
from policycore.store.estate_view import EstateView
from policycore.store.kept import audit
from policycore.store.lives.history import find_finding, history_of
from policycore.store.lives.life_cycle import ACTIVE
from policycore.store.lives.reviews import DISMISSED, REVIEWS, Precision, open_reviews, precision
from policycore.store.query import FindingFilter, FindingRow, page_of_findings
from policycore.store.store import Store
from policycore.store.verify import require_life
from policycore.store.workspace import Workspace
from policycore.text.clean import clean
from policycore.text.shown import is_withheld, shown

__all__ = ["FEWEST", "imprecise", "learn_from", "listed_reviews", "queue", "review", "withdraw_review"]

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
        known = [record.id for record in records(connection, *REVIEWS)]
        begun = len(known)
        for number in dict.fromkeys(
            name if isinstance(name, int) else find_finding(connection, name) for name in names
        ):
            require_life(connection, number)
            life = history_of(connection, number)
            finding = life.finding
            if finding.verdict is not Verdict.SUSPECT or life.state not in ACTIVE:
                raise UsageError(decision_problem("review.no-suspect", id=finding.id))
            before = Reviewed(open_reviews(connection)).of(finding)
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
                ruleset=life.ruleset,
                covers=covers,
                reason=shown(clean(text, limit=_LONGEST)).strip(),
                person=clean(person or audit.this_person(), limit=60),
                evidence=str(finding.facts.get("evidence") or ""),
            )
            known.append(record.id)
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

    `rule` narrows them to one rule, by id or name; `skipped` are the numbers of those that are left out.
    """
    seen, offset = {*skipped}, 0
    facets = {"verdict": (Verdict.SUSPECT.value,)}
    while True:
        with store.read() as connection:
            page = page_of_findings(connection, FindingFilter(any_of=facets), offset=offset, limit=_PAGE)
        for row in page:
            if row.id in seen or (rule and rule not in (row.rule, row.rule_name)):
                continue
            seen.add(row.id)
            with store.read() as connection:
                decided = Reviewed(open_reviews(connection)).of(row.finding)
            if decided is None:
                yield row
        if len(page) < _PAGE:
            return
        offset += _PAGE


def listed_reviews(store: Store, *, everything: bool = False) -> Sequence[Record]:
    """Return the reviews that stand, or all, in the order in which they were made."""
    with store.read() as connection:
        return [one for one in records(connection, *REVIEWS) if everything or one.state == IN_FORCE]


def learn_from(store: Store, workspace: Workspace, rule: str = "") -> tuple[list[str], int, int, int]:
    """Return the weights that reviews teach, as lines of a file; texts confirmed and dismissed, percent told right.

    Texts are learned from as they may be shown, masked; those that are withheld, or that no kept snapshot holds, are
    left out. `rule` narrows them to one rule. Raises UsageError where there are too few of either side.
    """
    from policycore.store.kept.runs import list_runs
    from policycore.text.learned import FEWEST_OF_EACH, learn

    views: dict[str, EstateView | None] = {}
    said: dict[str, bool] = {}
    days = []
    for record in listed_reviews(store):
        if rule and rule not in record.covers["rules"]:
            continue
        with store.read() as connection:
            finding = history_of(connection, int(record.covers["numbers"][0])).finding
            if record.ruleset not in views:
                runs = list_runs(connection, ruleset=record.ruleset, limit=1, replays=False)
                views[record.ruleset] = _view(workspace, runs[0].snapshot, runs[0].as_of) if runs else None
        view = views[record.ruleset]
        text = shown(view.clear_text(finding)) if view is not None and "field" in finding.facts else ""
        if text and not is_withheld(text):
            said[text] = record.kind != DISMISSED
            days.append(record.at)
    confirmed = sum(said.values())
    try:
        learned, right = learn([*said], [*said.values()])
    except ValueError:
        counted = {"confirmed": confirmed, "dismissed": len(said) - confirmed, "fewest": FEWEST_OF_EACH}
        raise UsageError(decision_problem("review.too-few", **counted)) from None
    head = [f"# source: {len(said)} reviews", f"# date: {max(days).date()}"]
    return [*head, *learned.lines()], confirmed, len(said) - confirmed, right


def _view(workspace: Workspace, snapshot: str, as_of: datetime) -> EstateView | None:
    """Return the view of a snapshot; None where it is no longer kept."""
    try:
        return EstateView.of_run(workspace, snapshot, as_of)
    except PolicycoreError:
        return None


def imprecise(reviews: Sequence[Record], floor: int) -> list[Precision]:
    """Return the rules that enough was reviewed of and that were right in less than `floor` percent of it."""
    counted = precision(reviews)
    return [one for one in counted if one.confirmed + one.dismissed >= FEWEST and one.percent < floor]
