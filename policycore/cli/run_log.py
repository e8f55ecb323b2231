"""Write a log of one run as JSON lines: what began, how each rule went, how it ended.

Names of rules, counts, codes, hashes and times; never what a finding says, never a name out of the
data, never an address or a key.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from policycore.errors import DataError, ExitCode, PolicycoreError, Problem, UsageError
from policycore.system.refusals import refusal_words

if TYPE_CHECKING:
    from policycore.operations.check import CheckOutcome, Event

__all__ = ["RunLog"]


class RunLog:
    """A log of lines in a file in a ``with`` block, or on stderr for ``-`` (stdout is the report's); None logs nothing.

    Every line is written and flushed at once, so that a run that is killed has said how far it came.
    """

    def __init__(self, place: str | None) -> None:
        self.place = place
        self._stream: TextIO | None = None
        self._began = time.monotonic()

    def __enter__(self) -> RunLog:
        """Open the log; UsageError for a folder, DataError where it can't be written."""
        if self.place == "-":
            self._stream = sys.stderr
        elif self.place is not None:
            try:
                self._stream = Path(self.place).open("a", encoding="utf-8")
            except OSError as error:
                problem = Problem.of("cli.log", kind=refusal_words(error))
                raise (UsageError if Path(self.place).is_dir() else DataError)(problem) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say what ended the run, where it was no result, and close the file."""
        if isinstance(error, PolicycoreError):
            codes = [problem.code for problem in error.problems]
            self.write("failed", exit_code=int(error.exit_code), problems=codes, seconds=self.seconds)
        elif isinstance(error, KeyboardInterrupt):
            self.write("interrupted", exit_code=130, seconds=self.seconds)
        elif error is not None:
            self.write("failed", kind=type(error).__name__, seconds=self.seconds)
        if self._stream is not None and self._stream is not sys.stderr:
            self._stream.close()
        self._stream = None

    @property
    def seconds(self) -> float:
        """Return how long the run has taken."""
        return round(time.monotonic() - self._began, 3)

    def write(self, event: str, **values: object) -> None:
        """Write one line; a log that can't be written any more stops nothing."""
        if self._stream is None:
            return
        head = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, "pid": os.getpid()}
        try:
            self._stream.write(json.dumps({**head, **values}, ensure_ascii=True) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._stream = None

    def event(self, event: Event) -> None:
        """Write what happened, but for what the line after it says as well."""
        from policycore.engine.run import RuleJudged
        from policycore.operations.check import CheckStarted, EstateOpened

        match event:
            case CheckStarted(ruleset=ruleset):
                self.write("started", ruleset=ruleset.name, ruleset_hash=ruleset.hash, rules=len(ruleset.rules))
            case EstateOpened(snapshot=snapshot):
                self.write("opened", snapshot=snapshot.id, rejected=snapshot.rejected, seconds=self.seconds)
            case RuleJudged():
                self.write(
                    "rule",
                    rule=event.rule.id,
                    name=event.rule.name,
                    seconds=round(event.outcome.seconds, 3),
                    verdicts={verdict.value: count for verdict, count in event.outcome.verdicts.items()},
                )

    def ended(self, outcome: CheckOutcome, code: ExitCode) -> None:
        """Write what the workspace kept, the codes of problems, and how the run ended.

        With the head of the audit trail: it proves a cut only outside the store. Of problems no words, which may name
        places of this machine.
        """
        if outcome.recorded is not None:
            run = outcome.recorded.run
            states = {state.value: count for state, count in run.states.items()}
            self.write("recorded", run=run.id, replay=run.replay, states=states, audit_head=run.head)
        for problem in outcome.result.problems:
            self.write("problem", code=problem.code)
        findings = len(outcome.findings)
        self.write("finished", run=outcome.run, exit_code=int(code), findings=findings, seconds=self.seconds)
