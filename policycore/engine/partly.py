"""Judge only the groups that changed, and put what that gives together with what is known of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import pyarrow
import pyarrow.compute

from policycore.engine.judge import Judgement
from policycore.engine.pace import PartlyKnown
from policycore.engine.part import PartSession, open_part
from policycore.engine.session import EstateData
from policycore.engine.tally import GroupTally
from policycore.engine.texts import TextPass
from policycore.engine.wording import shown_text
from policycore.model.result import Finding, Source
from policycore.model.verdict import Subject, Verdict
from policycore.rulesets.resolved import ResolvedRule

__all__ = ["ChangedPart", "put_together"]

_TABLES = {Subject.GROUP: "groups", Subject.MEMBERSHIP: "memberships", Subject.MESSAGE: "messages"}
"""By kind of subject, the table in which its row stands."""

# Where each subject's rows stand in the estate now; the same choice among several as `enrich` makes.
_PLACES = {
    Subject.GROUP: "SELECT n, _file, _row FROM whole.groups g JOIN wanted w ON w.key = g.id",
    Subject.MESSAGE: "SELECT n, _file, _row FROM whole.messages m JOIN wanted w ON w.key = m.id",
    Subject.MEMBERSHIP: """SELECT n, min_by(_file, (_row, _file)), min(_row)
        FROM whole.memberships m JOIN wanted w ON w.key = m.account_id AND w.group_id = m.group_id
        WHERE joined_at IS NULL OR joined_at <= as_of() GROUP BY n""",
}


class ChangedPart:
    """Hold the session over what changed for all rules of a run that are partly known."""

    def __init__(
        self,
        data: EstateData,
        as_of: datetime,
        known: Mapping[str, PartlyKnown],
        rules: Sequence[ResolvedRule],
        *,
        threads: int | None = None,
        evidence_key: bytes | None = None,
    ) -> None:
        self.data = data
        self.as_of = as_of
        self.known = known
        self.rules = rules
        self.threads = threads
        self.texts = TextPass(tuple(rules), evidence_key)
        self._session: PartSession | None = None

    @cached_property
    def places(self) -> Mapping[tuple[Subject, str], Source]:
        """Return where the rows of every subject stand now that did not move alike with those of its group.

        One look for all rules.
        """
        moved: dict[tuple[Subject, str], str] = {}
        for known in self.known.values():
            moved |= {(item.subject.kind, item.subject.id): item.subject.group_id or "" for item in _scattered(known)}
        found: dict[tuple[Subject, str], Source] = {}
        for kind, sql in _PLACES.items():
            subjects = [(key, group) for (one, key), group in moved.items() if one is kind]
            if not subjects:
                continue
            # A membership's id is the group's, a slash, and the account's.
            keys = [key[len(group) + 1 :] if kind is Subject.MEMBERSHIP else key for key, group in subjects]
            groups = [group for _, group in subjects]
            wanted = pyarrow.table({"n": range(len(subjects)), "key": keys, "group_id": groups})
            with self.session.relation("wanted", wanted):
                columns: list[list[Any]] = [column.to_pylist() for column in self.session.arrow(sql, own=True).columns]
            for number, file, row in zip(*columns, strict=True):
                if file is not None:
                    found[kind, subjects[number][0]] = Source(shown_text(file) or "", row or 0)
        return found

    @property
    def session(self) -> PartSession:
        """Return the session, opened when a rule first needs it. Raises what the SQL of a `partners` raises."""
        if self._session is None:
            changed = sorted({group for known in self.known.values() for group in known.changed})
            pairs = [resolved for resolved in self.rules if resolved.rule.partner_fact]
            self._session = open_part(self.data, self.as_of, changed, pairs, threads=self.threads)
        return self._session

    def abandon(self) -> None:
        """Let go of a session that a thread may still hold; the next rule opens another."""
        self._session = None

    def close(self) -> None:
        """Close the session, where one was opened."""
        if self._session is not None:
            self._session.close()


def _scattered(known: PartlyKnown) -> Iterator[Finding]:
    """Yield the findings whose row must be looked for."""
    for finding, by in _steps(known, known.findings):
        if by is None:
            yield finding


def _steps(known: PartlyKnown, findings: Iterable[Finding]) -> Iterator[tuple[Finding, int | None]]:
    """Yield the findings whose row stands elsewhere now, with how much further down; None where nobody knows."""
    # By identity: members of an enumeration hash slowly, and there may be a hundred thousand findings.
    moved = {id(kind): known.moved[table] for kind, table in _TABLES.items() if known.moved.get(table)}
    if not moved:
        return
    nothing: Mapping[str, int | None] = {}
    for finding in findings:
        subject = finding.subject
        by = moved.get(id(subject.kind), nothing).get(subject.group_id or "", 0)
        if by != 0:
            yield finding, by


def put_together(
    resolved: ResolvedRule,
    known: PartlyKnown,
    judgement: Judgement,
    found: list[Finding],
    places: Callable[[], Mapping[tuple[Subject, str], Source]],
) -> tuple[Judgement, list[Finding]]:
    """Return what the rule says of the whole estate; `judgement` and `found` are about the groups of the part.

    `places` says where the rows of subjects stand now, and is asked only where that can't be worked out.

    Raises TypeError when the rule's answer about the part cannot be counted by group.
    """
    if judgement.tally is None:
        raise TypeError("a part was judged that is not counted by group")
    part = set(judgement.tally.ids.to_pylist())
    if resolved.rule.partner_fact:
        kept, fresh = _pairs(resolved.rule.partner_fact, known, found)
        tally = _pair_tally(known, judgement.tally, kept, fresh)
    else:
        old = part.union(known.gone)
        kept, fresh = [finding for finding in known.findings if finding.subject.group_id not in old], found
        tally = _filled(known.tally, judgement.tally, part)
    for finding, by in _steps(known, kept):
        stands = finding.source
        if by is None:
            stands = places().get((finding.subject.kind, finding.subject.id))
        elif stands is not None:
            stands = Source(stands.file, stands.row + by)
        # Read back a moment ago and held by nobody else: to make fifty thousand anew would cost ten times as much.
        object.__setattr__(finding, "source", stands)
    findings = kept + fresh
    rows = sum(1 for finding in findings if finding.verdict is not Verdict.UNKNOWN)
    whole = Judgement(passes=tally.passed, not_applicable=tally.outside, rows=rows, tally=tally)
    return whole, findings


def _filled(known: GroupTally, fresh: GroupTally, groups: Iterable[str]) -> GroupTally:
    """Return the known tally with the places of `groups` filled from the fresh one."""
    wanted = pyarrow.array(sorted(groups), pyarrow.string())
    there = pyarrow.compute.index_in(wanted.cast(known.ids.type), value_set=known.ids).to_numpy(zero_copy_only=False)
    here = pyarrow.compute.index_in(wanted.cast(fresh.ids.type), value_set=fresh.ids).to_numpy(zero_copy_only=False)
    passes, outside = known.passes.copy(), known.not_applicable.copy()
    passes[there] = fresh.passes[here]
    outside[there] = fresh.not_applicable[here]
    return GroupTally(known.ids, passes, outside)


def _pairs(fact: str, known: PartlyKnown, found: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Return the known findings of pairs in which nothing changed, and the new ones of pairs in which something did."""
    changed = {*known.changed, *known.gone}

    def touches(finding: Finding) -> bool:
        return finding.subject.group_id in changed or finding.facts.get(fact) in changed

    return [item for item in known.findings if not touches(item)], [item for item in found if touches(item)]


def _pair_tally(known: PartlyKnown, fresh: GroupTally, kept: Iterable[Finding], found: Iterable[Finding]) -> GroupTally:
    """Return the tally of a rule about pairs: a group that did not change may have won or lost a partner."""
    tally = _filled(known.tally, fresh, known.changed)
    places = {group: place for place, group in enumerate(tally.ids.to_pylist())}
    hit = {finding.subject.group_id for finding in (*kept, *found) if finding.verdict is not Verdict.UNKNOWN}
    had = {finding.subject.group_id for finding in known.findings if finding.verdict is not Verdict.UNKNOWN}
    for group in (hit | had).difference(known.changed):
        place = places.get(group or "")
        if place is not None:
            # It was judged, whether it passed or was found; now it passes unless it is found.
            tally.passes[place] = 0 if group in hit else 1
    return tally
