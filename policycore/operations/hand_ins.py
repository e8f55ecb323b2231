"""Write blank forms for departments, and say what each has handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.model.forms import FORMS, INVENTORY, MEMBERS
from policycore.text.shown import shown

if TYPE_CHECKING:
    from policycore.engine.session import EstateSession
    from policycore.plugin_api.plugins import PluginSet

__all__ = [
    "DUE",
    "HandedIn",
    "Status",
    "blank_forms_for",
    "departments_meant",
    "estate_session",
    "file_name",
    "handed_in",
    "reporting_departments",
    "span_words",
    "status_of",
    "time_words",
    "write_blank_forms",
    "write_blank_lists",
]

DUE: tuple[tuple[str, str], ...] = (
    (INVENTORY.kind, "paper"),
    (INVENTORY.kind, "electronic"),
    (MEMBERS.kind, "paper"),
)
"""What the notice asks of every department: its inventory on paper and by mail, the signed form on paper."""


@contextmanager
def estate_session(estate: Path, as_of: datetime | str | None, plugins: PluginSet | None) -> Iterator[EstateSession]:
    """Open an estate as it stood at a moment, for questions in SQL."""
    from policycore.engine.session import EstateData, EstateSession
    from policycore.operations.import_estate import open_estate
    from policycore.operations.moments import moment_of

    with open_estate(estate, lenient=True, plugins=plugins) as snapshot:
        moment = moment_of(as_of, snapshot.timezone)
        with EstateSession(EstateData.from_snapshot(snapshot), moment) as session:
            yield session


def reporting_departments(session: EstateSession, kinds: Sequence[str], exempt: Sequence[str]) -> list[tuple[str, str]]:
    """Return id and name of the departments that have to report, in the order of the directory.

    Those of one of the `kinds`; where the estate knows no kinds, all that are above no other. `exempt` are not asked.
    """
    rows = list(
        session.rows(
            """SELECT id, name, aliases, kind, id IN (SELECT parent_id FROM departments) AS above
            FROM departments ORDER BY department_key"""
        )
    )
    known = any(row["kind"] for row in rows)
    return [
        (row["id"], shown(row["name"]))
        for row in rows
        if (row["kind"] in kinds if known else not row["above"])
        and not {row["id"], row["name"], *(row["aliases"] or ())} & set(exempt)
    ]


def write_blank_forms(
    form: str,
    folder: Path,
    departments: Sequence[str],
    suffixes: Sequence[str],
    *,
    force: bool = False,
) -> list[Path]:
    """Write the blank form called `form` for each of the `departments` into `folder`; return the files.

    Raises UsageError where a file is there already and `force` is not given, DataError where one cannot be written.
    """
    from policycore.papers.blank_forms import write_blank_form

    layout = FORMS[form]
    planned = _planned(layout.kind, folder, departments, suffixes, force=force)
    for name, path in planned:
        write_blank_form(layout, name, path)
    return [path for _, path in planned]


def write_blank_lists(name: str, folder: Path, departments: Sequence[str], *, force: bool = False) -> list[Path]:
    """Write the blank list called `name` for each of the `departments`, or for any; return the files.

    Raises UsageError where a file is there already and `force` is not given, DataError where one cannot be written.
    """
    from policycore.papers.list_templates import LISTS, write_list_template

    planned = _planned(LISTS[name].title, folder, departments, [".xlsx"], force=force)
    for department, path in planned:
        write_list_template(name, department, path)
    return [path for _, path in planned]


def _planned(
    title: str, folder: Path, departments: Sequence[str], suffixes: Sequence[str], *, force: bool
) -> list[tuple[str, Path]]:
    """Return the department and the file of each blank to write; make the folder, refuse files that are there."""
    planned = [
        (name, folder / f"{'-'.join(filter(None, (title, file_name(name))))}{suffix}")
        for name in departments or ("",)
        for suffix in suffixes
    ]
    there = [path for _, path in planned if path.exists()]
    if there and not force:
        raise UsageError(*(Problem.of("papers.exists", path=path) for path in there[:20]))
    folder.mkdir(parents=True, exist_ok=True)
    return planned


def file_name(text: str) -> str:
    """Return a department's name as every system takes it in the name of a file."""
    return "".join("_" if character in '\\/:*?"<>|' or not character.isprintable() else character for character in text)


def departments_meant(session: EstateSession, names: Sequence[str]) -> list[str]:
    """Return the official names of the departments that people call `names`; UsageError for one nobody knows."""
    called: dict[str, str] = {}
    for row in session.rows("SELECT id, name, aliases FROM departments"):
        called.update(dict.fromkeys((row["id"], row["name"], *(row["aliases"] or ())), shown(row["name"])))
    strange = [name for name in names if name not in called]
    if strange:
        raise UsageError(*(Problem.of("papers.no-department", name=name) for name in strange))
    return [called[name] for name in names]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One thing that a department has to hand in: when it came, and how that stands to the deadline."""

    department_id: str
    department: str
    kind: str
    medium: str
    received_at: datetime | None
    state: str
    """``in-time``, ``late``, ``no-time`` (it is there, nobody noted when) or ``missing``."""
    minutes_late: int | None = None

    @property
    def words(self) -> str:
        """Return the state as people read it."""
        return say(f"papers.state.{self.state}", time=span_words(self.minutes_late or 0))


def handed_in(session: EstateSession, deadline: datetime, departments: Sequence[tuple[str, str]]) -> list[HandedIn]:
    """Return what each department has to hand in and has; the first that came of a kind counts."""
    found: dict[tuple[str, str, str], list[Any]] = {}
    for row in session.rows("SELECT department_id, kind, medium, received_at FROM submissions"):
        found.setdefault((row["department_id"], row["kind"], row["medium"]), []).append(row["received_at"])
    return [
        _judged(identity, name, kind, medium, found.get((identity, kind, medium)), deadline)
        for identity, name in departments
        for kind, medium in DUE
    ]


def _judged(
    identity: str, name: str, kind: str, medium: str, times: list[datetime | None] | None, deadline: datetime
) -> HandedIn:
    """Return how what came of one kind stands to the deadline."""
    if times is None:
        return HandedIn(identity, name, kind, medium, None, "missing")
    known = [time for time in times if time is not None]
    if not known:
        return HandedIn(identity, name, kind, medium, None, "no-time")
    first = min(known)
    late = ceil((first - deadline).total_seconds() / 60)
    if late > 0:
        return HandedIn(identity, name, kind, medium, first, "late", late)
    return HandedIn(identity, name, kind, medium, first, "in-time", 0)


def span_words(minutes: int) -> str:
    """Return a span of time as people say it."""
    hours, rest = divmod(minutes, 60)
    days, left = divmod(hours, 24)
    if days:
        return say("papers.days", days=days, hours=left)
    return say("papers.hours", hours=hours, minutes=rest) if hours else say("papers.minutes", minutes=rest)


@dataclass(frozen=True, slots=True)
class Status:
    """What every department has handed in at a moment."""

    items: Sequence[HandedIn]
    deadline: datetime
    as_of: datetime
    timezone: ZoneInfo

    def as_json(self) -> dict[str, Any]:
        """Return the status as JSON: times in the estate's zone, minutes until the deadline (below zero: past it)."""
        left = int((self.deadline - self.as_of).total_seconds() // 60)
        return {
            "policycore": 1,
            "as_of": self.as_of.astimezone(self.timezone).isoformat(),
            "deadline": self.deadline.astimezone(self.timezone).isoformat(),
            "minutes_left": left,
            "items": [
                {
                    **{
                        name: getattr(item, name) for name in ("department_id", "department", "kind", "medium", "state")
                    },
                    "received_at": _in_zone(item.received_at, self.timezone),
                    "minutes_late": item.minutes_late,
                }
                for item in self.items
            ],
        }


def _in_zone(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat()


def time_words(status: Status) -> str:
    """Return how long is left until the deadline, or how long ago it was."""
    minutes = int((status.deadline - status.as_of).total_seconds() // 60)
    key = "papers.status.left" if minutes >= 0 else "papers.status.over"
    deadline = status.deadline.astimezone(status.timezone).isoformat(sep=" ", timespec="minutes")
    return say(key, deadline=deadline, time=span_words(abs(minutes)))


def status_of(
    estate: Path,
    as_of: str | None,
    deadline: str,
    kinds: Sequence[str],
    exempt: Sequence[str],
    plugins: PluginSet | None = None,
) -> Status:
    """Return what the departments of an estate have handed in; UsageError where none has to."""
    from policycore.operations.moments import moment_in

    with estate_session(estate, as_of, plugins) as session:
        departments = reporting_departments(session, kinds, exempt)
        if not departments:
            raise UsageError(Problem.of("papers.no-departments"))
        due = moment_in(deadline, "--deadline", session.timezone, end=True)
        return Status(handed_in(session, due, departments), due, session.as_of, session.timezone)


def blank_forms_for(
    estate: Path, names: Sequence[str], kinds: Sequence[str], exempt: Sequence[str], plugins: PluginSet | None = None
) -> list[str]:
    """Return the departments of an estate that get a form: those called `names`, else all that have to report."""
    with estate_session(estate, None, plugins) as session:
        if names:
            return departments_meant(session, names)
        departments = reporting_departments(session, kinds, exempt)
    if not departments:
        raise UsageError(Problem.of("papers.no-departments"))
    return [name for _, name in departments]
