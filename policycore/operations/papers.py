"""Write papers of a stored run: reports, letters, statements, lists of members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from policycore.errors import DataError, Problem, UsageError
from policycore.language import say
from policycore.model.forms import EXEMPT, REPORTING_KINDS
from policycore.operations.hand_ins import departments_meant, file_names, make_folder, reporting_departments
from policycore.operations.report import stored_result
from policycore.papers.kinds import Facts, papers_of
from policycore.papers.paper import write_paper
from policycore.store import schema
from policycore.store.lives.life_cycle import State
from policycore.store.workspace import Workspace

__all__ = ["write_papers"]


def write_papers(
    workspace: Workspace,
    kind: str,
    folder: Path,
    *,
    run: str = "latest",
    formats: Sequence[str] = ("docx",),
    departments: Sequence[str] = (),
    force: bool = False,
) -> list[Path]:
    """Write the papers of one kind of a run into `folder`, in each of the `formats`; return the files.

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
    return [write_paper(paper, folder, form, facts.result.as_of) for paper in papers for form in formats]


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
        return Facts(result, group_facts(session), asked, ZoneInfo(result.timezone), solved), named


def _solved(connection: Connection, ruleset: str) -> Mapping[tuple[str, str], int]:
    """Return how many findings of a rule set were put right, by department and rule."""
    finding = schema.findings.c
    rows = connection.execute(
        select(finding.department, finding.rule_name, func.count())
        .where(finding.ruleset == ruleset, finding.state == State.RESOLVED.value)
        .group_by(finding.department, finding.rule_name)
    )
    return {(department or "", rule): count for department, rule, count in rows}
