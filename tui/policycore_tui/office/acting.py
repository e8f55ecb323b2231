"""Do what people decide about findings; each act returns what is remembered to take it back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from policycore.decisions.waivers import Standing, WaiverPolicy
from policycore.errors import PolicycoreError, Problem, UsageError
from policycore.language import Text, say, say_both
from policycore.model.result import Finding
from policycore.operations.decide import (
    Case,
    Request,
    attest,
    case_of,
    planned_statement,
    planned_waivers,
    waive,
)
from policycore.operations.withdraw import undo
from policycore.store import work
from policycore.store.runs import find_run, list_runs
from policycore.text.clean import clean
from policycore_tui.office.reading import Office
from policycore_tui.state.undo import Done

__all__ = ["Acts", "errors_by_field"]

_FIELD_OF = {
    Standing.SAME_PERSON: "approver",
    Standing.NOT_IN_POST: "approver",
    Standing.UNTOLD: "approver",
    Standing.NO_AUTHORITY: "approver",
    Standing.UNKNOWN_REASON: "reason",
    Standing.TOO_LONG: "until",
    Standing.EXPIRED: "until",
    Standing.NOT_YET: "until",
}
_FIELD_OF_CODE = {"decide.no-evidence": "evidence"}
_OPTION_OF = {
    "--requester": "requester",
    "--approver": "approver",
    "--person": "person",
    "--until": "until",
    "--approved": "until",
}


class Acts:
    """Write to the store and the files of decisions."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.count = 0
        """How many acts there were, so that a screen knows when what it shows is old."""

    def note(self, numbers: Sequence[int], text: str) -> Done:
        """Add a note to findings."""
        store = self.office.store
        made = work.add_notes(store, numbers, text)
        return Done(say_both("tui.done.note", count=len(made)), lambda: work.remove_notes(store, made))

    def assign(self, numbers: Sequence[int], person: str | None) -> Done:
        """Hand findings to a person, or to nobody."""
        store = self.office.store
        before = work.assign(store, numbers, person)

        def undo() -> None:
            for who in set(before.values()):
                work.assign(store, [number for number, was in before.items() if was == who], who)

        return Done(say_both("tui.done.assign", count=len(before), person=person or "-"), undo)

    def tick(self, number: int, position: int, step: Text) -> Done:
        """Tick a step, or untick it when it is ticked; `step` says what it is."""
        store = self.office.store
        told = {language: clean(getattr(step, language), limit=40) for language in ("zh", "en")}
        if work.tick(store, number, position):
            return Done(
                _of_step("tui.done.tick", position, told), lambda: _ignore(work.untick(store, number, position))
            )
        work.untick(store, number, position)
        return Done(_of_step("tui.done.untick", position, told), lambda: _ignore(work.tick(store, number, position)))

    def reveal(self, number: int, reason: str) -> None:
        """Leave the entry that revealing requires; it can't be taken back."""
        work.reveal(self.office.store, number, reason)

    def case(self, ruleset: str) -> Case:
        """Return what decisions about a rule set's findings are judged against."""
        with self.office.store.read() as connection:
            runs = list_runs(connection, ruleset=ruleset, limit=1, replays=False)
            return case_of(self.office.workspace, connection, runs[0] if runs else find_run(connection, "latest"))

    def judge_waiver(self, ruleset: str, findings: Sequence[Finding], request: Request) -> None:
        """Raise PolicycoreError with every reason why a waiver would not count; nothing is written."""
        planned_waivers(self.office.workspace, self.case(ruleset), findings, request)

    def waive(self, ruleset: str, findings: Sequence[Finding], request: Request) -> Done:
        """Record waivers; undo takes them out of the file again.

        Raises PolicycoreError with every reason why one would not count.
        """
        workspace, store = self.office.workspace, self.office.store
        with workspace.lock():
            names = waive(workspace, store, self.case(ruleset), findings, request)
        return Done(say_both("tui.done.waive", ids=", ".join(names)), lambda: self._undo(names))

    def judge_statement(self, ruleset: str, finding: Finding, statement: Mapping[str, Any]) -> None:
        """Raise PolicycoreError with the reason why a signed statement would not count; nothing is written."""
        planned_statement(self.office.workspace, self.case(ruleset), [finding], clause=finding.fingerprint, **statement)

    def attest(self, ruleset: str, finding: Finding, statement: Mapping[str, Any]) -> Done:
        """Record a signed statement (person, signed, evidence, text); undo takes it out of the file again."""
        workspace, store = self.office.workspace, self.office.store
        with workspace.lock():
            name = attest(workspace, store, self.case(ruleset), [finding], clause=finding.fingerprint, **statement)
        return Done(say_both("tui.done.attest", id=name), lambda: self._undo([name]))

    def _undo(self, names: Sequence[str]) -> None:
        """Take back decisions of this session; those that a check has seen meanwhile are withdrawn."""
        workspace = self.office.workspace
        with workspace.lock():
            undo(workspace, self.office.store, names)

    def reasons(self, ruleset: str) -> tuple[str, ...]:
        """Return the reasons for waivers that the rule set lists."""
        return WaiverPolicy.of(self.case(ruleset).grounds.get("set", {})).reasons

    def write_file(self, path: Path, content: bytes) -> Done:
        """Write a file; undo puts back what was there, unless somebody changed it meanwhile."""
        from policycore.system.atomic_files import write_atomically

        before = path.read_bytes() if path.exists() else None
        write_atomically(path, content)
        digest = hashlib.sha256(content).digest()

        def undo() -> None:
            if hashlib.sha256(path.read_bytes()).digest() != digest:
                raise UsageError(Problem("tui.file-changed", say("tui.file-changed", path=path)))
            if before is None:
                path.unlink()
            else:
                write_atomically(path, before)

        return Done(say_both("tui.done.file", path=path), undo)


def _of_step(key: str, position: int, told: Mapping[str, str]) -> Text:
    """Return what was done to a step, in both languages."""
    words = {language: say_both(key, number=position + 1, step=told[language]) for language in told}
    return Text(words["zh"].zh, words["en"].en)


def _ignore(_value: object) -> None:
    """Drop what an undo returns."""


def errors_by_field(error: PolicycoreError) -> Mapping[str, str]:
    """Return a refusal's problems by the form's field that each is about, '' for the whole form.

    Of several about one field the first is said, and how many more there are.
    """
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        text = str(problem)
        name = _FIELD_OF_CODE.get(problem.code, "")
        for option, field in _OPTION_OF.items():
            # A form has fields and no options; each language has its own brackets.
            for named in (f" ({option})", f"（{option}）"):
                if named in text:
                    text, name = text.replace(named, ""), field
        for standing, field in _FIELD_OF.items():
            if say(f"decisions.standing.{standing.value}") in text:
                name = field
        found.setdefault(name, []).append(text)
    return {
        name: texts[0] if len(texts) == 1 else say("tui.form.more", text=texts[0], count=len(texts) - 1)
        for name, texts in found.items()
    }
