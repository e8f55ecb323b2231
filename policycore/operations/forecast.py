"""Find what time alone will bring: judge the same data at later times, and tell what was not there at the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from policycore.decisions.apply import apply_decisions
from policycore.decisions.names import named
from policycore.decisions.read import workspace_decisions
from policycore.decisions.standing import directory_of
from policycore.decisions.waiver_context import context_from, ruleset_context
from policycore.engine.run import Evaluation
from policycore.estate.snapshot import Snapshot, open_snapshot
from policycore.model.findings import Findings
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Verdict
from policycore.operations.choose_ruleset import choose_ruleset
from policycore.operations.moments import moment_of
from policycore.operations.snapshots import kept_snapshot
from policycore.plugin_api.plugins import PluginSet, load_plugins
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.store.kept.runs import find_run
from policycore.store.workspace import Workspace

__all__ = ["Coming", "coming", "forecast", "moments", "results_at"]

_SETTLED = frozenset({Verdict.WAIVED, Verdict.ATTESTED, Verdict.PASS})


@dataclass(frozen=True, slots=True)
class Coming:
    """A finding that will be open from `at` on; `was` names the verdict it has until then, if it has one."""

    at: datetime
    finding: Finding
    was: Verdict | None


def moments(begin: datetime, days: int, every: int = 1) -> list[datetime]:
    """Return `begin` and the same time of day on every so many of the following days, in the zone of `begin`."""
    # Wall-clock days: where the clock changes, a day has 23 or 25 hours.
    return [begin + timedelta(days=day) for day in range(0, days + 1, every)]


def results_at(
    workspace: Workspace, snapshot: Snapshot, ruleset: ResolvedRuleSet, times: Sequence[datetime]
) -> Iterator[RunResult]:
    """Yield what a check of `snapshot` would say at each of `times`, decisions applied; the estate is opened once."""
    # Read once: what people decide meanwhile must not hold for half of the days.
    read = workspace_decisions(workspace)
    told = ruleset_context(ruleset)
    with Evaluation(snapshot, ruleset, as_of=times[0], evidence_key=workspace.key()) as evaluation:
        for at in times:
            evaluation.move_to(at)
            result = evaluation.finish()
            decisions = named(read, told["names"], snapshot, Findings.of(result.findings)).decisions
            context = context_from(told, directory_of(snapshot, decisions.people()))
            yield apply_decisions(result, decisions.waivers, decisions.attestations, context).result


def forecast(
    workspace: Workspace,
    *,
    days: int = 30,
    every: int = 1,
    ruleset: str | Path | None = None,
    snapshot: str | None = None,
    as_of: datetime | str | None = None,
    plugins: PluginSet | None = None,
    tell: Callable[[int, int, datetime], None] = lambda _number, _total, _at: None,
) -> list[Coming]:
    """Return what time alone will bring within `days`, judging every so many of them.

    The data are those of the newest run that moved states, or of the kept snapshot whose id begins with `snapshot`;
    the rules those of that run, or `ruleset`. `tell` is called with how many of how many days are judged, and which.
    Raises UsageError where there is no run, no such snapshot or rule set.
    """
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        latest = find_run(connection, "latest")
    chosen = choose_ruleset(ruleset or f"@{latest.id}", plugins=plugins or load_plugins(), workspace=workspace)
    opened = open_snapshot(kept_snapshot(workspace, snapshot or latest.snapshot).folder)
    begin = moment_of(as_of, opened.timezone) or (latest.as_of if snapshot is None else opened.as_of)
    times = moments(begin.astimezone(ZoneInfo(opened.timezone)), days, every)

    def watched() -> Iterator[RunResult]:
        for number, result in enumerate(results_at(workspace, opened, chosen.ruleset, times), 1):
            tell(number, len(times), result.as_of)
            yield result

    return coming(watched())


def coming(results: Iterable[RunResult]) -> list[Coming]:
    """Return what is open, or open for another reason, in any of `results` and is not in the first.

    Each comes with the time of the first result in which it is so, and as it is then.
    """
    first: dict[str, Verdict] | None = None
    found: dict[tuple[str, Verdict], Coming] = {}
    for result in results:
        if first is None:
            first = {finding.fingerprint: finding.verdict for finding in result.findings}
            continue
        for finding in result.findings:
            key, was = (finding.fingerprint, finding.verdict), first.get(finding.fingerprint)
            if finding.verdict not in _SETTLED and finding.verdict is not was and key not in found:
                found[key] = Coming(result.as_of, finding, was)
    return sorted(found.values(), key=lambda item: (item.at, item.finding.rule, item.finding.subject.id))
