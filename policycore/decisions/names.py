"""Take names in decisions as people write them: a unique one becomes an id, one that nothing bears is told by place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from policycore.decisions.read import Decisions
from policycore.decisions.standing import names_in, rows_called_by
from policycore.decisions.waivers import Scope, Waiver
from policycore.errors import Place, Problem
from policycore.model.findings import Findings
from policycore.text.clauses import clause_named
from policycore.text.clean import clean
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import Node, written
from policycore.yaml.read import document
from policycore.yaml.scan import DATA

if TYPE_CHECKING:
    from policycore.estate.snapshot import Snapshot

__all__ = ["Named", "named"]

_whole = re.compile(r"[0-9a-f]{32}")
_short = re.compile(r"(.+)-([0-9a-f]{12})")
_REGISTERS = ("groups", "departments", "people", "tasks", "submissions", "messages")


_Told = tuple[tuple[str, ...], str, str, tuple[str, ...]]
"""The keys that lead to a word, what is wrong with it, the word, and those that it may be meant to be."""


@dataclass(frozen=True, slots=True)
class Named:
    """Decisions by ids alone, and what they name that is not there; `lost` are the waivers that do so."""

    decisions: Decisions
    problems: tuple[Problem, ...] = ()
    lost: frozenset[str] = frozenset()


def named(
    decisions: Decisions,
    rules: Mapping[str, str],
    snapshot: Snapshot,
    findings: Findings,
    clauses: Collection[str] = (),
    silent: Collection[str] = (),
) -> Named:
    """Return `decisions` with ids for names; `rules` has the id of a rule by every word that means one.

    `clauses` are those of the rule set; without them nothing is said of clauses. Of waivers that were taken back, and
    of `silent` ones, nothing is told.
    """
    reading = _Reading(rules, snapshot, findings, decisions, clauses, silent)
    waivers = tuple(reading.waiver(waiver) for waiver in decisions.waivers)
    statements = tuple(
        replace(item, person=reading.person(item.person) or item.person) for item in decisions.attestations
    )
    whole = replace(decisions, waivers=waivers, attestations=statements)
    return Named(whole, tuple(reading.problems), frozenset(reading.lost))


@dataclass
class _Reading:
    """What the names of a file mean in one estate."""

    rules: Mapping[str, str]
    snapshot: Snapshot
    findings: Findings
    decisions: Decisions
    clauses: Collection[str]
    silent: Collection[str] = ()
    problems: list[Problem] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        waivers = self.decisions.waivers
        subjects = {word for waiver in waivers for word in waiver.scope.subjects}
        people = self.decisions.people() | subjects
        wanted = {
            "people": people,
            "groups": subjects | {word for waiver in waivers for word in waiver.scope.groups},
            "departments": subjects | {word for waiver in waivers for word in waiver.scope.departments},
            **dict.fromkeys(_REGISTERS[3:], subjects),
        }
        # A member is written as group/account.
        wanted["groups"] = wanted["groups"] | {word.partition("/")[0] for word in subjects}
        self.called = {table: rows_called_by(self.snapshot, table, words) for table, words in wanted.items()}
        tails = {found[2] for waiver in waivers for word in waiver.scope.findings if (found := _short.fullmatch(word))}
        self.fingerprints = _by_beginning(self.findings, tails)

    def person(self, word: str) -> str | None:
        """Return the id of the one person whom `word` means."""
        found = self.called["people"].get(word, ())
        return found[0] if len(found) == 1 else None

    def waiver(self, waiver: Waiver) -> Waiver:
        """Return a waiver by ids alone; what it names in vain is told."""
        told: list[_Told] = []
        if waiver.rule and self.rules and waiver.rule not in self.rules:
            told.append((("rule",), "no-rule", waiver.rule, tuple(self.rules)))
        clause = clause_named(waiver.clause, self.clauses) or waiver.clause
        if clause and self.clauses and clause not in self.clauses:
            told.append((("clause",), "no-clause", clause, tuple(self.clauses)))
        for key in ("requester", "approver"):
            word = getattr(waiver, key)
            if self.snapshot.tables.get("people") is not None and self.person(word) is None:
                told.append(self._told((key,), "people", word))
        scope = Scope(
            findings=frozenset(self._finding(word, told) for word in waiver.scope.findings),
            subjects=frozenset(self._subject(word, told) for word in waiver.scope.subjects),
            groups=frozenset(self._ids("groups", word, told) for word in waiver.scope.groups),
            departments=frozenset(self._ids("departments", word, told) for word in waiver.scope.departments),
        )
        if told and waiver.withdrawn is None and waiver.id not in self.silent:
            self.lost.add(waiver.id)
            self.problems += _placed(waiver, told)
        requester, approver = (self.person(word) or word for word in (waiver.requester, waiver.approver))
        return replace(waiver, clause=clause, requester=requester, approver=approver, scope=scope)

    def _told(self, path: tuple[str, ...], table: str, word: str) -> _Told:
        """Return what is to be told of a word that means nobody, or several."""
        several = self.called[table].get(word, ())
        known = several or tuple(names_in(self.snapshot, table))
        return path, f"{'many' if several else 'no'}-{table}", word, known

    def _ids(self, table: str, word: str, told: list[_Told]) -> str:
        """Return the id that a word of the scope means, the word itself where it means none or several."""
        found = self.called[table].get(word, ())
        if len(found) != 1:
            told.append(self._told(("scope", table, word), table, word))
            return word
        return found[0]

    def _subject(self, word: str, told: list[_Told]) -> str:
        """Return the id of the subject that a word means."""
        found = {one for table in _REGISTERS for one in self.called[table].get(word, ())}
        group, slash, _ = word.partition("/")
        if word in found or word == "estate" or (slash and self.called["groups"].get(group) == (group,)):
            return word
        if len(found) == 1:
            return found.pop()
        told.append((("scope", "subjects", word), "many-subjects" if found else "no-subjects", word, tuple(found)))
        return word

    def _finding(self, word: str, told: list[_Told]) -> str:
        """Return the fingerprint of the finding that a word means."""
        short = _short.fullmatch(word)
        if _whole.fullmatch(word) or (short and (short[1] in self.rules or short[1].startswith("ATTEST"))):
            found = self.fingerprints.get(short[2], ()) if short else ()
            return next(iter(found)) if len(found) == 1 else word
        told.append((("scope", "findings", word), "no-findings", word, ()))
        return word


def _by_beginning(findings: Findings, wanted: Iterable[str]) -> dict[str, set[str]]:
    """Return the fingerprints that begin with each of the `wanted` twelve digits."""
    found: dict[str, set[str]] = {tail: set() for tail in wanted}
    if found:
        listed = [one for rows in findings.rows for one in rows.columns["fingerprint"]]
        for fingerprint in (*listed, *(finding.fingerprint for finding in findings.loose)):
            if fingerprint[:12] in found:
                found[fingerprint[:12]].add(fingerprint)
    return found


def _placed(waiver: Waiver, told: Iterable[_Told]) -> Iterator[Problem]:
    """Yield the problems of one waiver, each at the place of the word in the file."""
    entry = _entry(waiver)
    for path, kind, word, known in told:
        key = f"decisions.named.{kind}"
        hint = suggestion(word, known) if known else ""
        place = _place(entry, path) or waiver.place
        yield Problem.of(key, code=f"decision.{kind}", place=place, fix=hint, word=clean(word, limit=60), id=waiver.id)


def _entry(waiver: Waiver) -> Node | None:
    """Return the entry of a waiver as the file has it."""
    if waiver.place is None:
        return None
    node, _ = document(Path(waiver.place.file), waiver.place.file, DATA)
    listed = node.get("waivers") if node is not None else None
    entries = listed.items() if listed is not None else ()
    return next((one for one in entries if (found := one.get("id")) is not None and written(found) == waiver.id), None)


def _place(entry: Node | None, path: tuple[str, ...]) -> Place | None:
    """Return where the value under the keys `path` stands; the last of them may be an item of a list."""
    node = entry
    for step in path:
        if node is None:
            return None
        if node.kind == "list":
            node = next((one for one in node.items() if written(one) == step), node)
        elif node.kind == "map":
            node = node.get(step)
    return None if node is None else node.place
