"""Show the message that a finding is about among those around it, as far as it may be shown.

Of a suspect a person must see what was written, or nobody could judge it; what a rule of secrecy found in a message
stays out of view under every rule, and to see that leaves an entry in the audit trail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from policycore.errors import PolicycoreError
from policycore.model.result import Finding
from policycore.model.verdict import Subject, Verdict
from policycore.store import schema
from policycore.store.estate_view import EstateView, MessageLine
from policycore.store.kept.runs import find_run, list_runs
from policycore.store.lives.history import FindingHistory
from policycore.store.lives.last_words import last_words
from policycore.store.lives.reviews import REVIEWS
from policycore.store.store import Store
from policycore.store.workspace import Workspace
from policycore.text.shown import is_withheld, shown

__all__ = ["messages_around", "passage", "view_where_said"]

_AROUND = 60
"""Characters of a text that are shown before and after what was found."""


def messages_around(store: Store, view: EstateView, finding: Finding, lines: int = 3) -> tuple[MessageLine, ...]:
    """Return the message of a finding with so many before and after it; none where that is about no message.

    '' is the text of a message that is kept from view; of the finding's own one it is the passage.
    """
    near = view.around(finding.subject.id, lines) if finding.subject.kind is Subject.MESSAGE else []
    kept, own = _kept_from_view(store, [line.id for line in near]), finding.subject.id
    read = (line if line.id != own else replace(line, text=_around_place(view, finding) or line.text) for line in near)
    return tuple(replace(line, text="") if line.id in kept else line for line in read)


def passage(store: Store, view: EstateView, finding: Finding) -> str:
    """Return the text in which a finding was found, as it may be shown, masked; '' where it is kept from view."""
    if "field" not in finding.facts or _kept_from_view(store, [finding.subject.id]):
        return ""
    said = shown(view.clear_text(finding))
    return "" if is_withheld(said) else said


def view_where_said(workspace: Workspace, store: Store, life: FindingHistory) -> EstateView | None:
    """Return the snapshot in which a finding was found last; None where that is no longer kept."""
    last = life.said[-1].last_run
    with store.read() as connection:
        newest = list_runs(connection, ruleset=life.ruleset, limit=1, replays=False)
        run = find_run(connection, str(last)) if last else newest[0]
    try:
        return EstateView.of_run(workspace, run.snapshot, run.as_of)
    except PolicycoreError:
        return None


def _around_place(view: EstateView, finding: Finding) -> str:
    """Return what stands around the place of a finding, and the place in brackets; '' where it has none."""
    facts = finding.facts
    if "field" not in facts:
        return ""
    text = view.clear_text(finding)
    said = shown(text)
    begin = int(str(facts.get("offset", 0)))
    end = begin + int(str(facts.get("length", 0)))
    # A text that is withheld has other places, and of one that was not kept there is nothing; one that is masked has
    # the same places.
    if not said or is_withheld(said) or len(said) != len(text) or begin == end:
        return said
    return f"{said[max(0, begin - _AROUND) : begin]}⟦{said[begin:end]}⟧{said[end : end + _AROUND]}"


def _kept_from_view(store: Store, messages: Sequence[str]) -> frozenset[str]:
    """Return those of a few messages whose text a finding keeps from view."""
    found = schema.findings.c
    about = found.subject_kind == Subject.MESSAGE, found.subject_id.in_(messages)
    with store.read() as connection:
        query = select(found.id, found.subject_id).where(*about)
        subjects = {row.id: row.subject_id for row in connection.execute(query)}
        said = last_words(connection, list(subjects))
    return frozenset(subjects[number] for number, one in said.items() if _keeps(one))


def _keeps(finding: Finding) -> bool:
    """Return whether a finding keeps its text from view: that of a suspect, before and after its review, is shown."""
    if finding.name.startswith("secrecy/"):
        return True
    judged = finding.decision is not None and finding.decision.kind in REVIEWS
    return {"evidence", "field"} <= finding.facts.keys() and finding.verdict is not Verdict.SUSPECT and not judged
