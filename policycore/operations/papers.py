"""Write papers of a stored run: reports, letters, statements, lists of members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from policycore.errors import DataError, Problem, UsageError
from policycore.estate.views import SELF_NAMED
from policycore.language import say
from policycore.model.forms import EXEMPT, REPORTING_KINDS
from policycore.model.result import RunResult
from policycore.model.verdict import Subject, Verdict
from policycore.operations.hand_ins import departments_meant, file_names, make_folder, reporting_departments
from policycore.operations.report import stored_result
from policycore.papers.kinds import Facts, answers, papers_of
from policycore.papers.paper import write_paper
from policycore.plugin_api.plugins import load_plugins
from policycore.store import schema
from policycore.store.kept_rulesets import kept_ruleset
from policycore.store.lives.life_cycle import State
from policycore.store.workspace import Workspace

if TYPE_CHECKING:
    from policycore.engine.session import EstateSession

__all__ = ["Written", "write_papers"]


class Written(NamedTuple):
    """The files that were written, and what somebody who sends them has to know."""

    files: list[Path]
    notes: list[str]


def write_papers(
    workspace: Workspace,
    kind: str,
    folder: Path,
    *,
    run: str = "latest",
    formats: Sequence[str] = ("docx",),
    departments: Sequence[str] = (),
    force: bool = False,
) -> Written:
    """Write the papers of one kind of a run into `folder`, in each of the `formats`.

    Raises UsageError where the run has nothing of the kind, a department that nobody knows is named, or a file is there
    already and `force` is not given; DataError where the run's snapshot is no longer kept.
    """
    facts, named = _facts(workspace, run, departments)
    papers = list(papers_of(kind, facts, named))
    if not papers:
        raise UsageError(Problem.of("papers.none-due", kind=say(f"papers.kind.{kind}")))
    for paper, name in zip(papers, file_names(paper.name for paper in papers), strict=True):
        paper.name = name
    make_folder(folder, [folder / f"{paper.name}.{form}" for paper in papers for form in formats], force=force)
    files = [write_paper(paper, folder, form, facts.result.as_of) for paper in papers for form in formats]
    return Written(files, list(_notes(kind, facts)))


def _notes(kind: str, facts: Facts) -> Iterator[str]:
    """Yield what the papers leave to people: who sends them, suspects, what nobody answers for."""
    if facts.issuer is None:
        yield say("papers.note.issuer")
    if kind in ("letters", "membership") and facts.suspects:
        yield say("papers.note.suspects", count=len(facts.suspects))
    unaddressed = [one for one in facts.established if answers(one) is None]
    if kind == "letters" and unaddressed:
        yield say("papers.note.unaddressed", count=len(unaddressed))


def _facts(workspace: Workspace, run: str, departments: Sequence[str]) -> tuple[Facts, list[str]]:
    """Return what the papers of a run are made of, and the official names of the `departments`."""
    from policycore.engine.session import EstateData, EstateSession
    from policycore.estate.snapshot import open_snapshot
    from policycore.papers.group_facts import group_facts

    result, _ = stored_result(workspace, run)
    kept = workspace.snapshots / result.snapshot
    if not (kept / "manifest.yaml").is_file():
        raise DataError(Problem.of("store.no-snapshot", code="estate-view.gone", id=result.snapshot))
    with workspace.open_store(read_only=True) as store, store.read() as connection:
        solved = _solved(connection, result.ruleset)
    with EstateSession(EstateData.from_snapshot(open_snapshot(kept)), result.as_of) as session:
        named = departments_meant(session, departments)
        listed = reporting_departments(session, REPORTING_KINDS, EXEMPT)
        everywhere = list(session.rows("SELECT id, name FROM departments ORDER BY department_key")) if named else []
        asked = [(row["id"], row["name"]) for row in everywhere if row["name"] in named] if named else listed
        sent = _sent(session, result)
        zone = ZoneInfo(result.timezone)
        return Facts(result, group_facts(session), asked, zone, solved, sent, _issuer(workspace, result)), named


def _sent(session: EstateSession, result: RunResult) -> dict[str, tuple[datetime | None, str | None]]:
    """Return of the messages in which something was found when they were sent, and by whom."""
    import pyarrow

    found = [one.subject.id for one in result.findings if one.subject.kind is Subject.MESSAGE]
    called = SELF_NAMED.format(name="a.name", account="a.id")
    with session.relation("wanted", pyarrow.table({"id": pyarrow.array(found, pyarrow.string())})):
        rows = session.rows(
            f"""SELECT m.id, m.sent_at, coalesce(p.name, {called}, m.sender_id) AS sender
                FROM messages m SEMI JOIN wanted ON wanted.id = m.id LEFT JOIN accounts a ON a.id = m.sender_id
                LEFT JOIN people p ON p.id = a.person_id"""  # noqa: S608 - constants
        )
        return {row["id"]: (row["sent_at"], row["sender"]) for row in rows}


def _issuer(workspace: Workspace, result: RunResult) -> str | None:
    """Return who issued the policy of the rule set that a run used; None where it does not say so, or is gone."""
    try:
        return kept_ruleset(workspace, result.ruleset_hash, load_plugins().rules).document.issuer or None
    except UsageError:
        return None


def _solved(connection: Connection, ruleset: str) -> Mapping[tuple[str, str], int]:
    """Return how many findings of a rule set were put right, by department and rule."""
    finding = schema.findings.c
    rows = connection.execute(
        select(finding.department, finding.rule_name, func.count())
        # A suspect that nobody confirmed was never wrong, and what was dismissed even less.
        .where(finding.ruleset == ruleset, finding.state == State.RESOLVED.value, finding.verdict == Verdict.FAIL.value)
        .group_by(finding.department, finding.rule_name)
    )
    return {(department or "", rule): count for department, rule, count in rows}
