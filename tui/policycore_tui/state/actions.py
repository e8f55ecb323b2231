"""Do what people decide about findings; each act returns what is remembered to take it back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policycore.decisions.waivers import Standing, WaiverPolicy
from policycore.errors import PolicycoreError, Problem, UsageError
from policycore.language import Text, fill, say, say_both
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
from policycore.operations.dispute import dispute, end_dispute
from policycore.operations.review import review, withdraw_review
from policycore.operations.withdraw import undo
from policycore.store import work
from policycore.store.kept.runs import find_run, list_runs
from policycore.system.atomic_files import write_atomically
from policycore.system.refusals import refusal_words
from policycore.text.clean import clean
from policycore_tui.state.findings import FindingsRepository

__all__ = ["Actions", "Done", "errors_by_field", "refused"]

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


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, and how it is taken back; `undo` raises when it can't be any more."""

    what: Text
    undo: Callable[[], object]
    later: bool = False
    """Whether it counts from the next check only."""
    quiet: bool = False
    """Whether the list shows it where the eye is, so that no words need stand over it."""


class Actions:
    """What people do about findings: each act is written to the store."""

    def __init__(self, repository: FindingsRepository) -> None:
        self.workspace = repository.workspace
        self.store = repository.store

    def note(self, numbers: Sequence[int], text: str) -> Done:
        """Add a note to findings."""
        made = work.add_notes(self.store, numbers, text)
        return Done(say_both("tui.done.note", count=len(made)), lambda: work.remove_notes(self.store, made))

    def dispute(self, numbers: Sequence[int], text: str) -> Done:
        """Dispute findings; undo takes the disputes back."""
        names = dispute(self.store, numbers, text)

        def undo() -> None:
            for name in names:
                end_dispute(self.store, name, withdrawn=True)

        return Done(say_both("tui.done.dispute", ids=", ".join(names)), undo)

    def review(self, numbers: Sequence[int], kind: str) -> Done:
        """Confirm or dismiss suspects; undo takes the reviews back."""
        names = review(self.store, numbers, kind)

        def undo() -> None:
            for name in names:
                withdraw_review(self.store, name)

        return Done(say_both(f"tui.done.{kind}", ids=", ".join(names)), undo)

    def assign(self, numbers: Sequence[int], person: str | None) -> Done:
        """Hand findings to a person, or to nobody."""
        before = work.assign(self.store, numbers, person)

        def undo() -> None:
            for who in set(before.values()):
                work.assign(self.store, [number for number, was in before.items() if was == who], who)

        return Done(say_both("tui.done.assign", count=len(before), person=person or "-"), undo)

    def tick(self, number: int, position: int, step: Text) -> Done:
        """Tick a step, or untick it when it is ticked; `step` says what it is."""
        ticked = work.tick(self.store, number, position)
        if not ticked:
            work.untick(self.store, number, position)
        said = say_both("tui.done.tick" if ticked else "tui.done.untick", number=position + 1)
        zh, en = ({"step": clean(name, limit=40)} for name in (step.zh, step.en))
        take_back = work.untick if ticked else work.tick
        return Done(Text(fill(said.zh, zh), fill(said.en, en)), lambda: take_back(self.store, number, position))

    def reveal(self, number: int, reason: str) -> None:
        """Leave the entry that revealing requires; it can't be taken back."""
        work.reveal(self.store, number, reason)

    def case(self, ruleset: str) -> Case:
        """Return what decisions about a rule set's findings are judged against."""
        with self.store.read() as connection:
            runs = list_runs(connection, ruleset=ruleset, limit=1, replays=False)
            return case_of(self.workspace, connection, runs[0] if runs else find_run(connection, "latest"))

    def judge_waiver(self, ruleset: str, findings: Sequence[Finding], request: Request) -> None:
        """Raise PolicycoreError with every reason why a waiver would not count; nothing is written."""
        planned_waivers(self.workspace, self.store, self.case(ruleset), findings, request)

    def waive(self, ruleset: str, findings: Sequence[Finding], request: Request) -> Done:
        """Record waivers; undo takes them out again.

        Raises PolicycoreError with every reason why one would not count.
        """
        with self.workspace.lock():
            names = waive(self.workspace, self.store, self.case(ruleset), findings, request)
        what = say_both("tui.done.waive", ids=", ".join(names), count=len(findings))
        return Done(what, lambda: self._undo(names), later=True)

    def judge_statement(self, ruleset: str, findings: Sequence[Finding], statement: Mapping[str, Any]) -> None:
        """Raise PolicycoreError with every reason why a signed statement would not count; nothing is written."""
        case, problems = self.case(ruleset), list[Problem]()
        for one in findings:
            try:
                planned_statement(self.workspace, self.store, case, [one], clause=one.fingerprint, **statement)
            except PolicycoreError as error:
                problems += error.problems
        if problems:
            raise UsageError(*dict.fromkeys(problems))

    def attest(self, ruleset: str, findings: Sequence[Finding], statement: Mapping[str, Any]) -> Done:
        """Record one signed statement (person, signed, evidence, text) for each finding; undo takes all out again."""
        self.judge_statement(ruleset, findings, statement)
        with self.workspace.lock():
            case = self.case(ruleset)
            names = [
                attest(self.workspace, self.store, case, [one], clause=one.fingerprint, **statement) for one in findings
            ]
        what = say_both("tui.done.attest", ids=", ".join(names), count=len(findings))
        return Done(what, lambda: self._undo(names), later=True)

    def _undo(self, names: Sequence[str]) -> None:
        """Take back decisions of this session; those that a check has seen meanwhile are withdrawn."""
        with self.workspace.lock():
            undo(self.workspace, self.store, names)

    def waiver_policy(self, ruleset: str) -> WaiverPolicy:
        """Return for which reasons the rule set lets findings be waived, and by whom."""
        return WaiverPolicy.of(self.case(ruleset).context.get("set", {}))

    def write_files(self, contents: Mapping[Path, bytes]) -> Done:
        """Write files, all or as many as can be; undo puts back what was there, unless somebody changed it meanwhile.

        Raises OSError for the first one that can't be written.
        """
        before = {path: path.read_bytes() if path.exists() else None for path in contents}
        written = {path: hashlib.sha256(content).digest() for path, content in contents.items()}
        for path, content in contents.items():
            write_atomically(path, content)

        def undo() -> None:
            for path, digest in written.items():
                if hashlib.sha256(path.read_bytes()).digest() != digest:
                    raise UsageError(Problem("tui.file-changed", say("tui.file-changed", path=path)))
            for path, content in before.items():
                path.unlink() if content is None else write_atomically(path, content)

        first, more = next(iter(contents)), len(contents) - 1
        key = "tui.done.files" if more else "tui.done.file"
        return Done(say_both(key, path=first, folder=first.parent, count=more + 1), undo)


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


def refused(act: Callable[[], object]) -> Mapping[str, str]:
    """Return why an act was refused, by field; empty when it was carried out."""
    try:
        act()
    except PolicycoreError as error:
        return errors_by_field(error)
    except OSError as error:
        return {"": refusal_words(error)}
    return {}
