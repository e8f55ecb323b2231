"""Keep what each rule last said, so that a rule whose inputs are the same need not be judged again.

Where only rows of some groups differ, and the rule speaks of each group by itself, only those groups are
judged. One file a rule and rule set, sealed with the workspace's key: a file that was cut short, changed or
brought from elsewhere is no answer, and the rule is judged. What was found lies in files of its own, which are
never changed: an answer about a few groups adds one more and leaves what it keeps of the others where it lies.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from policycore.engine.pace import JudgedRule, PartlyKnown
from policycore.engine.tally import GroupTally
from policycore.estate.group_digests import BY_GROUP
from policycore.model.result import RuleOutcome
from policycore.model.verdict import Verdict
from policycore.operations.group_changes import GroupChanges, compare_digests
from policycore.operations.rule_inputs import RunInputs, reads_time, repeatable, sees_storage, splits, tables_read
from policycore.rulesets.resolved import ResolvedRule
from policycore.store.kept_answers import KeptAnswer, arrange, read_answer, write_answer
from policycore.store.kept_findings import KeptFindings

__all__ = ["ResultCache"]

_FORMAT = 3
_SUFFIX = ".answer"
_FINDINGS = ".findings"
_DIGESTS = ".digests"
_SEAL = 32
_NAME = 32
MOST_FINDINGS = 250_000
"""Findings of one rule that are worth keeping; there is hardly a rule that lists more, and their files grow large."""
MOST_CHANGED = 0.25
"""Share of the groups up to which only those that changed are judged; beyond it, all of them cost hardly more."""


class ResultCache:
    """Read and write the last answer of each rule; nothing that goes wrong here is worth an error."""

    def __init__(self, folder: Path, key: bytes, ruleset: str, inputs: RunInputs) -> None:
        self.folder = folder
        self.seal_key = key
        self.ruleset = ruleset
        self.inputs = inputs
        self._changes: dict[str, GroupChanges | None] = {}
        self._digests_name = ""
        self._read_before: dict[str, frozenset[str]] = {}
        self._timed_before: dict[str, bool] = {}
        self._as_of = inputs.as_of.astimezone(UTC).astimezone(ZoneInfo(inputs.timezone))
        self._swept = False

    def _file(self, resolved: ResolvedRule) -> Path:
        """Return where the answer of a rule lies."""
        name = json.dumps([self.ruleset, resolved.id])
        return self.folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}{_SUFFIX}"

    def read(self, resolved: ResolvedRule) -> JudgedRule | PartlyKnown | None:
        """Return what the rule would say, or would say of groups that did not change; None where neither is known."""
        try:
            head, _, rest = self._file(resolved).read_bytes().partition(b"\n")
            seal, body = rest[:_SEAL], rest[_SEAL:]
            said: dict[str, Any] = json.loads(head)
            if said["format"] != _FORMAT or said["key"] != self.inputs.key(resolved) or not self._holds_now(said):
                return None
            differ = [
                name
                for name, content in self.inputs.contents(said["tables"]).items()
                if content != said["tables"][name]
            ]
            if differ and not self._may_split(resolved, said, differ):
                return None
            if not hmac.compare_digest(seal, self._seal(head + body)):
                return None
            answer = read_answer(body)
            if differ:
                return self._part(resolved, said, answer)
            verdicts = {Verdict(name): count for name, count in said["verdicts"].items()}
            outcome = RuleOutcome(resolved.id, resolved.name, resolved.clauses, verdicts, 0.0, said["rows"])
            return JudgedRule(outcome, tuple(answer.findings(self._opened)))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
            return None

    def _holds_now(self, said: dict[str, Any]) -> bool:
        """Return whether an answer holds at the moment of this run.

        One of another moment does where the rule did not ask for it and the tables are told apart by what rules see of
        them then, not by what lies in their files.
        """
        return bool(said["moment"] == self.inputs.moment or (said["timeless"] and self.inputs.digests is not None))

    def _opened(self, name: str) -> KeptFindings:
        """Return the findings in a file. Raises OSError and ValueError for one that is gone or was changed."""
        content = (self.folder / f"{name}{_FINDINGS}").read_bytes()
        if not hmac.compare_digest(name, self._name_of(content)):
            raise ValueError("changed")
        kept = KeptFindings.read(content, self._as_of)
        kept.name = name
        return kept

    def _name_of(self, content: bytes) -> str:
        """Return what a file of findings is called: a seal over what is in it."""
        return self._seal(content, b"findings").hex()[:_NAME]

    def _may_split(self, resolved: ResolvedRule, said: dict[str, Any], differ: Iterable[str]) -> bool:
        """Return whether only rows of groups differ, and nothing but those of the groups themselves matters."""
        return (
            splits(resolved)
            and not set(differ) - BY_GROUP.keys()
            and said["columns"] == self.inputs.supplied(said["tables"])
            and bool(said["digests"] and self.inputs.digests)
        )

    def _part(self, resolved: ResolvedRule, said: dict[str, Any], answer: KeptAnswer) -> PartlyKnown | None:
        """Return what the rule said of the groups that are as they were; None where too much has changed."""
        changes = self._since(said["digests"])
        if changes is None:
            return None
        tables = frozenset(said["tables"])
        changed = changes.of_tables(tables)
        counted = answer.counted(len(changes.then))
        if changed is None or counted is None:
            return None
        now = changes.there_now(changed)
        if not len(changes.now) or len(now) > MOST_CHANGED * len(changes.now):
            return None
        findings = answer.findings(self._opened)
        if any(item.subject.group_id is None for item in findings):
            return None
        passes, outside = (changes.carried(values) for values in counted)
        self._read_before[resolved.id] = tables
        self._timed_before[resolved.id] = not said["timeless"]
        return PartlyKnown(
            findings=tuple(findings),
            tally=GroupTally(changes.now, passes, outside),
            changed=tuple(sorted(now)),
            gone=tuple(sorted(changed - now)),
            moved=changes.moved,
        )

    def _since(self, digests: str) -> GroupChanges | None:
        """Return what changed since the snapshot whose digests were kept under a name; None when they are gone."""
        if digests not in self._changes:
            then, now = self.folder / f"{digests}{_DIGESTS}", self.inputs.digests
            # A copy that was changed, or that another engine made, is none.
            same = now is not None and then.is_file() and self.inputs.digests_name(then) == digests
            self._changes[digests] = compare_digests(then, now) if same and now is not None else None
        return self._changes[digests]

    def write(self, resolved: ResolvedRule, judged: JudgedRule) -> None:
        """Keep what the rule said, unless it would say something else of the same estate tomorrow."""
        if len(judged.findings) > MOST_FINDINGS or not repeatable(resolved, judged.asked):
            self.forget(resolved)
            return
        tables = tables_read(resolved, judged.asked) | self._read_before.get(resolved.id, frozenset())
        tally = judged.tally if splits(resolved) and not sees_storage(judged.asked) else None
        self._sweep()
        said = {
            "format": _FORMAT,
            "key": self.inputs.key(resolved),
            "moment": self.inputs.moment,
            "timeless": not (self._timed_before.get(resolved.id, False) or reads_time(resolved, judged.asked)),
            "tables": self.inputs.contents(tables),
            "columns": self.inputs.supplied(tables),
            "digests": self._keep_digests() if tally is not None else "",
            "verdicts": {verdict.value: count for verdict, count in judged.outcome.verdicts.items()},
            "rows": judged.outcome.rows,
        }
        try:
            holders, listed = arrange(judged.findings, self._as_of)
            for kept in holders:
                self._keep(kept)
        except (OverflowError, UnicodeEncodeError, TypeError, OSError):
            # A fact that the form cannot hold, or a disk that takes no more: the rule is judged every time.
            self.forget(resolved)
            return
        counted = (None, None) if tally is None else (tally.passes, tally.not_applicable)
        body = write_answer(listed, *counted)
        said["findings"] = sorted(kept.name for kept in holders)
        head = json.dumps(said).encode()
        self._put(resolved, head + b"\n" + self._seal(head + body) + body)

    def _keep(self, kept: KeptFindings) -> None:
        """Write findings to a file, unless they lie in one. Raises OSError."""
        if kept.name:
            return
        content = kept.packed()
        name = self._name_of(content)
        self._ready()
        target = self.folder / f"{name}{_FINDINGS}"
        # Even where a file of that name is there: it may be the damaged one for which the rule was judged again.
        staged = target.with_suffix(f".{os.getpid()}")
        staged.write_bytes(content)
        staged.replace(target)
        kept.name = name

    def _keep_digests(self) -> str:
        """Keep the digests that the answers of this run rest on, let go of those that none does; return their name."""
        source = self.inputs.digests
        if source is None:
            return ""
        try:
            name = self._digests_name = self._digests_name or self.inputs.digests_name()
            target = self.folder / f"{name}{_DIGESTS}"
            self._ready()
            if not target.is_file():
                staged = target.with_suffix(f".{os.getpid()}")
                shutil.copyfile(source, staged)
                staged.replace(target)
        except OSError:
            return ""
        return name

    def _sweep(self) -> None:
        """Remove once a run what no answer rests on: digests, findings, and answers in the form of older versions."""
        if self._swept:
            return
        self._swept = True
        used = set()
        for file in self.folder.glob(f"*{_SUFFIX}"):
            with suppress(OSError, ValueError, KeyError, AttributeError), file.open("rb") as stream:
                said = json.loads(stream.readline())
                used |= {f"{said['digests']}{_DIGESTS}", *(f"{name}{_FINDINGS}" for name in said["findings"])}
        for file in self.folder.glob("*.*"):
            # A number is the process that was killed while it wrote the file: the workspace's lock keeps others away.
            if file.name not in used and (file.suffix in (_DIGESTS, _FINDINGS, ".json") or file.suffix[1:].isdigit()):
                with suppress(OSError):
                    file.unlink()

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

    def _seal(self, content: bytes, kind: bytes = b"result") -> bytes:
        """Return what only this workspace can put on `content` of a kind."""
        seal = hmac.new(self.seal_key, b"policycore-%b-%d\0" % (kind, _FORMAT), "sha256")
        seal.update(content)
        return seal.digest()

    def _ready(self) -> None:
        """Make the folder, which no repository shall take in."""
        if not self.folder.is_dir():
            self.folder.mkdir(exist_ok=True)
            (self.folder / ".gitignore").write_text("*\n", encoding="ascii")
