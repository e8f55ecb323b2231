"""Let a check use the workspace it runs in: one at a time, decisions applied, the result kept."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import click

from policycore.errors import PolicycoreError, Problem, UsageError
from policycore.language import say
from policycore.system.interruption import Interruption

if TYPE_CHECKING:
    from policycore.cli.run_log import RunLog
    from policycore.estate.snapshot import Snapshot
    from policycore.model.result import RunResult
    from policycore.operations.record_check import Settled
    from policycore.rulesets.resolved import ResolvedRuleSet
    from policycore.store.workspace import Workspace

__all__ = ["Keeping", "chosen_estate", "note_import"]


class Keeping:
    """Hold the workspace of one check in a ``with`` block; without a workspace nothing is kept.

    `failure` is what went wrong while keeping the result: the report is written all the same. What every
    recorded run has to tell goes to `log`, and unless `quiet` to stderr as well.
    """

    def __init__(
        self,
        *,
        keep: bool,
        store: str | None,
        wait: float,
        folder: Path | None = None,
        log: RunLog | None = None,
        quiet: bool = False,
    ) -> None:
        self.keep = keep
        self.store = store
        self.wait = wait
        self.folder = folder
        self.log = log
        self.quiet = quiet
        self.workspace: Workspace | None = None
        self.settled: Settled | None = None
        self.failure: PolicycoreError | None = None
        self.run: int | None = None
        """Number of the run once it is recorded."""
        self._interruption = Interruption()
        self._stack = ExitStack()
        self._began = time.monotonic()

    def __enter__(self) -> Keeping:
        """Find the workspace and take its lock."""
        from policycore.store.workspace import find_workspace

        self.workspace = find_workspace(self.folder, self.store)
        self._stack.enter_context(self._interruption)
        if self.workspace is not None and self.keep:
            lock = self._stack.enter_context(self.workspace.lock(wait_seconds=self.wait))
            if lock.took_over is not None:
                gone = lock.took_over
                _tell(say("cli.took-over", pid=gone.pid, host=gone.host, since=gone.since))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def interruption_taken(self) -> None:
        """Go on after a signal, with what was judged until then; the next signal ends the command."""
        self._interruption.came = False

    @property
    def evidence_key(self) -> bytes | None:
        """Return the workspace's secret for keyed hashes; without a workspace there is none."""
        return None if self.workspace is None else self.workspace.key()

    def settle(self, result: RunResult, snapshot: Snapshot, ruleset: ResolvedRuleSet) -> RunResult:
        """Return the result with the workspace's decisions applied."""
        self._interruption.halt()
        if self.workspace is None:
            return result
        from policycore.operations.record_check import settle

        self.settled = settle(self.workspace, result, snapshot, ruleset)
        for sentence in self.settled.words():
            _tell(sentence)
        return self.settled.result

    def record(
        self,
        result: RunResult,
        snapshot: Snapshot,
        ruleset: ResolvedRuleSet,
        *,
        complete: bool = True,
        question: bool = False,
    ) -> None:
        """Store the result and its rule set; what goes wrong is kept in `failure` until the report is written.

        A result by the rules of an earlier run answers a `question`, and changes no finding's state.
        """
        self._interruption.halt()
        if self.workspace is None or not self.keep:
            return
        from policycore.operations.record_check import record_run
        from policycore.store.kept_rulesets import keep_ruleset

        try:
            keep_ruleset(self.workspace, ruleset)
            recorded = record_run(
                self.workspace,
                result,
                snapshot,
                ruleset=ruleset,
                settled=self.settled,
                complete=complete,
                question=question,
                seconds=time.monotonic() - self._began,
            )
        except PolicycoreError as error:
            self.failure = error
            return
        self.run = recorded.run.id
        if self.log is not None:
            self.log.recorded(recorded.run)
        for sentence in recorded.warnings if self.quiet else recorded.words:
            _tell(sentence)


def note_import(snapshot: Snapshot, out: Path) -> None:
    """Leave an entry in the audit trail of the workspace that an import runs in, where there is one."""
    from policycore.store.workspace import find_workspace

    workspace = find_workspace()
    if workspace is None:
        return
    from policycore.store import audit

    rows = {name: table.rows for name, table in snapshot.tables.items()}
    details = {
        "snapshot": snapshot.id,
        "as_of": snapshot.as_of.isoformat(),
        "rows": rows,
        "rejected": snapshot.rejected,
    }
    with workspace.open_store() as store, store.write() as connection:
        audit.append(connection, "import", details | {"folder": out.name})


def chosen_estate(estate: Path | None, snapshot: str | None, folder: Path | None, store: str | None) -> Path:
    """Return the folder to check: the one given, or the kept snapshot whose id begins with `snapshot`."""
    if (estate is None) == (snapshot is None):
        raise UsageError(_problem("keep.one-estate"))
    if estate is not None:
        return estate
    from policycore.cli.in_workspace import needed_workspace
    from policycore.store.snapshots import kept_snapshots

    workspace = needed_workspace(folder, store)
    found = [item for item in kept_snapshots(workspace.snapshots) if item.id.startswith(snapshot or "")]
    if len(found) != 1:
        raise UsageError(_problem("no-snapshot", id=(snapshot or "")[:40]))
    return found[0].folder


def _problem(key: str, **values: object) -> Problem:
    """Return a problem whose sentences stand under `key`."""
    return Problem(key, say(f"cli.{key}", **values), say(f"cli.{key}.why"), say(f"cli.{key}.fix"))


def _tell(sentence: str) -> None:
    """Say one sentence on stderr."""
    from policycore.text.clean import clean

    click.echo(clean(sentence, limit=2000), err=True)
