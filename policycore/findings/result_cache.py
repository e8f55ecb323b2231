"""Keep what each rule last said, so that a rule whose inputs are the same need not be judged again.

One file a rule and rule set, sealed with the workspace's key: a file that was cut short, changed or
brought from elsewhere is no answer, and the rule is judged.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from policycore.engine.pace import JudgedRule
from policycore.findings.bodies import finding_body, finding_from
from policycore.findings.rule_inputs import RunInputs, repeatable, tables_read
from policycore.model.resolved import ResolvedRule
from policycore.model.result import RuleOutcome
from policycore.model.verdict import Verdict

__all__ = ["ResultCache"]

_FORMAT = 1
MOST_FINDINGS = 50_000
"""Findings of one rule that are worth keeping; reading more back takes about as long as judging."""


class ResultCache:
    """Read and write the last answer of each rule; nothing that goes wrong here is worth an error."""

    def __init__(self, folder: Path, key: bytes, ruleset: str, inputs: RunInputs) -> None:
        self.folder = folder
        self.seal_key = key
        self.ruleset = ruleset
        self.inputs = inputs

    def _file(self, resolved: ResolvedRule) -> Path:
        """Return where the answer of a rule lies."""
        name = json.dumps([self.ruleset, resolved.id])
        return self.folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"

    def read(self, resolved: ResolvedRule) -> JudgedRule | None:
        """Return what the rule would say, None unless everything it rests on is the same."""
        try:
            head, _, rest = self._file(resolved).read_bytes().partition(b"\n")
            seal, body = rest.partition(b"\n")[::2]
            if not hmac.compare_digest(seal.decode("ascii"), self._seal(head + b"\n" + body)):
                return None
            said: dict[str, Any] = json.loads(head)
            if said["format"] != _FORMAT or said["key"] != self.inputs.key(resolved):
                return None
            if said["tables"] != self.inputs.contents(said["tables"]):
                return None
            zone = ZoneInfo(self.inputs.timezone)
            findings = tuple(finding_from(line, zone) for line in body.decode().split("\n") if line)
            verdicts = {Verdict(name): count for name, count in said["verdicts"].items()}
            outcome = RuleOutcome(resolved.id, resolved.name, resolved.clauses, verdicts, 0.0, said["rows"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return JudgedRule(outcome, findings)

    def write(self, resolved: ResolvedRule, judged: JudgedRule) -> None:
        """Keep what the rule said, unless it would say something else of the same estate tomorrow."""
        if len(judged.findings) > MOST_FINDINGS or not repeatable(resolved, judged.asked):
            self.forget(resolved)
            return
        said = {
            "format": _FORMAT,
            "key": self.inputs.key(resolved),
            "tables": self.inputs.contents(tables_read(resolved, judged.asked)),
            "verdicts": {verdict.value: count for verdict, count in judged.outcome.verdicts.items()},
            "rows": judged.outcome.rows,
        }
        head = json.dumps(said).encode() + b"\n"
        body = "\n".join(finding_body(finding) for finding in judged.findings).encode()
        self._put(resolved, head + self._seal(head + body).encode() + b"\n" + body)

    def forget(self, resolved: ResolvedRule) -> None:
        """Let go of a rule's answer; the empty file still says when it was last its turn."""
        self._put(resolved, b"")

    def _put(self, resolved: ResolvedRule, content: bytes) -> None:
        """Replace a rule's file in one step; what a crash leaves of it is no answer, for its seal is broken."""
        file = self._file(resolved)
        staged = file.with_suffix(f".{os.getpid()}")
        try:
            self._ready()
            staged.write_bytes(content)
            staged.replace(file)
        except OSError:
            with suppress(OSError):
                staged.unlink(missing_ok=True)

    def oldest_first(self, rules: Iterable[ResolvedRule]) -> list[ResolvedRule]:
        """Return the rules that were never judged, then those judged longest ago."""

        def judged_at(resolved: ResolvedRule) -> int:
            try:
                return self._file(resolved).stat().st_mtime_ns
            except OSError:
                return 0

        return sorted(rules, key=judged_at)

    def _seal(self, content: bytes) -> str:
        """Return what only this workspace can put on `content`."""
        return hmac.new(self.seal_key, b"policycore-result-1\0" + content, "sha256").hexdigest()

    def _ready(self) -> None:
        """Make the folder, which no repository shall take in."""
        if not self.folder.is_dir():
            self.folder.mkdir(exist_ok=True)
            (self.folder / ".gitignore").write_text("*\n", encoding="ascii")
