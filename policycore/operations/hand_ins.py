"""Write blank forms for departments, and say what each has handed in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.model.forms import EXEMPT, FORMS, INVENTORY, MEMBERS, REPORTING_KINDS
from policycore.system.grouped import grouped
from policycore.text.shown import shown

if TYPE_CHECKING:
    from policycore.engine.session import EstateSession
    from policycore.plugin_api.plugins import PluginSet

__all__ = [
    "Due",
    "HandedIn",
    "Status",
    "blank_forms_for",
    "departments_meant",
    "due_by",
    "estate_session",
    "file_names",
    "handed_in",
    "make_folder",
    "reporting_departments",
    "span_words",
    "status_of",
    "time_words",
    "write_blank_forms",
    "write_blank_lists",
]

_DEADLINE = "2024-03-27T11:00"
_LONGEST_NAME = 200
"""Bytes of the name of a file; most systems take 255, and what is written takes some of them while it is."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that departments have to hand in: what, by which media, until when, and which departments."""

    kind: str
    media: Sequence[str]
    deadline: datetime | str = _DEADLINE
    kinds: Sequence[str] = REPORTING_KINDS
    exempt: Sequence[str] = EXEMPT


NOTICE = (Due(INVENTORY.kind, ("paper", "electronic")), Due(MEMBERS.kind, ("paper",)))
"""What the notice asks of every department: its inventory on paper and by mail, the signed form on paper."""


def due_by(
    ruleset: str | None,
    plugins: PluginSet,
    *,
    deadline: str | None = None,
    kinds: Sequence[str] = (),
    exempt: Sequence[str] = (),
) -> list[Due]:
    """Return what a rule set asks departments to hand in, the notice where none is named; what is given counts first.

    Raises UsageError where the rule set has no rule on handing in, RuleSetError where it cannot be read.
    """
    due: Sequence[Due] = NOTICE
    if ruleset is not None:
        from policycore.operations.choose_ruleset import choose_ruleset

        asked = [rule.params.model_dump() for rule in choose_ruleset(ruleset, plugins=plugins).ruleset.rules]
        names = [field.name for field in fields(Due)]
        due = [Due(**{name: values[name] for name in names}) for values in asked if values.keys() >= set(names)]
        if not due:
            raise UsageError(Problem.of("papers.nothing-due", ruleset=ruleset))
    return [
        replace(one, deadline=deadline or one.deadline, kinds=kinds or one.kinds, exempt=exempt or one.exempt)
        for one in due
    ]


@contextmanager
def estate_session(
    estate: str | Path, as_of: datetime | str | None, plugins: PluginSet | None
) -> Iterator[EstateSession]:
    """Open an estate as it stood at a moment, for questions in SQL."""
    from policycore.engine.session import EstateData, EstateSession
    from policycore.operations.import_estate import open_estate
    from policycore.operations.moments import moment_of

    with open_estate(estate, lenient=True, plugins=plugins) as snapshot:
        moment = moment_of(as_of, snapshot.timezone)
        with EstateSession(EstateData.from_snapshot(snapshot), moment) as session:
            yield session


def reporting_departments(
    session: EstateSession, kinds: Sequence[str] | None, exempt: Sequence[str]
) -> list[tuple[str, str]]:
    """Return id and name of the departments that have to report, in the order of the directory.

    Those of one of the `kinds`, or of any where it is None; where the estate knows no kinds, all that are above no
    other. `exempt` are not asked.
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
        if (kinds is None or (row["kind"] in kinds if known else not row["above"]))
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
    names = departments or ("",)
    files = file_names("-".join(filter(None, (title, name))) for name in names)
    planned = [
        (name, folder / f"{file}{suffix}") for name, file in zip(names, files, strict=True) for suffix in suffixes
    ]
    make_folder(folder, [path for _, path in planned], force=force)
    return planned


def make_folder(folder: Path, paths: Iterable[Path], *, force: bool) -> None:
    """Make the folder in which `paths` are to be written.

    Raises UsageError where one is there already and `force` is not given, and for the name of a file: a folder that
    looks like one is what nobody meant.
    """
    if folder.suffix.lower() in _SUFFIXES and not folder.is_dir():
        raise UsageError(Problem.of("papers.no-folder", path=folder))
    there = [path for path in paths if path.exists()]
    if there and not force:
        raise UsageError(*(Problem.of("papers.exists", path=path) for path in there[:20]))
    folder.mkdir(parents=True, exist_ok=True)


_SUFFIXES = (".xlsx", ".docx", ".pdf")
_device = re.compile(r"(?i)(?:CON|PRN|AUX|NUL|(?:COM|LPT)[0-9¹²³])(?:\..*)?")
"""What Windows takes for a device, whatever ending follows."""


def file_names(texts: Iterable[str]) -> list[str]:
    """Return texts as every system takes them for the names of files, no two alike."""
    names: dict[str, str] = {}
    for text in texts:
        plain = "".join("_" if one in '\\/:*?"<>|' or not one.isprintable() else one for one in text)
        plain = plain.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(" ").rstrip(" .") or "_"
        plain = f"_{plain}" if _device.fullmatch(plain) else plain
        tries = (plain, *(f"{plain}-{number}" for number in range(2, len(names) + 3)))
        name = next(one for one in tries if one.casefold() not in names)
        names[name.casefold()] = name
    return list(names.values())


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
    """``in-time``, ``late``, ``no-time`` (it is there, nobody noted when), ``missing``, or ``unclear`` where something
    came of which nobody noted the medium."""
    minutes_late: int | None = None
    instead: tuple[str, ...] = ()
    """By which other media it did come, where it is missing."""

    @property
    def words(self) -> str:
        """Return the state as people read it."""
        if self.instead:
            media = say("reports.and").join(say(f"papers.medium.{medium}") for medium in self.instead)
            return say("papers.state.missing-but", media=media)
        return say(f"papers.state.{self.state}", time=span_words(self.minutes_late or 0))


def handed_in(session: EstateSession, due: Sequence[tuple[Due, datetime]]) -> list[HandedIn]:
    """Return what each department has to hand in and has, by department; the first that came of a kind counts."""
    found: dict[tuple[str, str, str | None], list[Any]] = grouped(
        ((row["department_id"], row["kind"], row["medium"]), row["received_at"]) for row in _submissions(session)
    )
    everywhere = reporting_departments(session, None, ())
    asked = [(one, deadline, dict(reporting_departments(session, one.kinds, one.exempt))) for one, deadline in due]
    media = [((identity, kind), medium) for identity, kind, medium in sorted(found, key=str) if medium is not None]
    came = grouped(media)
    return [
        item
        if item.state != "missing"
        else replace(item, state="unclear")
        if (identity, one.kind, None) in found
        else replace(item, instead=tuple(came.get((identity, one.kind), ())))
        for identity, name in everywhere
        for one, deadline, departments in asked
        if identity in departments
        for medium in one.media
        for item in [_judged(identity, name, one.kind, medium, found.get((identity, one.kind, medium)), deadline)]
    ]


def _submissions(session: EstateSession) -> Iterator[Mapping[str, Any]]:
    """Yield what is known to have come."""
    return session.rows("SELECT department_id, kind, medium, received_at FROM submissions")


def others(session: EstateSession) -> list[tuple[str, str]]:
    """Return department and kind of what came as something that no form is called; it may be what is missing."""
    names = dict(reporting_departments(session, None, ()))
    kinds = {form.kind for form in FORMS.values()}
    came = {(row["department_id"], row["kind"]) for row in _submissions(session) if row["kind"] not in kinds}
    return [
        (names.get(department, department or say("papers.unknown")), kind or say("papers.unknown"))
        for department, kind in sorted(came, key=str)
    ]


def _judged(
    identity: str, name: str, kind: str, medium: str, times: list[datetime | None] | None, deadline: datetime
) -> HandedIn:
    """Return how what came of one kind stands to the deadline."""
    first = min((time for time in times or () if time is not None), default=None)
    if first is None:
        return HandedIn(identity, name, kind, medium, None, "missing" if times is None else "no-time")
    late = max(0, ceil((first - deadline).total_seconds() / 60))
    return HandedIn(identity, name, kind, medium, first, "late" if late else "in-time", late)


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
    others: Sequence[tuple[str, str]] = ()
    """Department and kind of what came and is nothing that is due."""

    def as_json(self) -> dict[str, Any]:
        """Return the status as JSON: times in the estate's zone, minutes until the deadline (below zero: past it)."""
        return {
            "policycore": 1,
            "as_of": self.as_of.astimezone(self.timezone).isoformat(),
            "deadline": self.deadline.astimezone(self.timezone).isoformat(),
            "minutes_left": int((self.deadline - self.as_of).total_seconds() // 60),
            "items": [
                {
                    **{
                        name: getattr(item, name) for name in ("department_id", "department", "kind", "medium", "state")
                    },
                    "received_at": item.received_at and item.received_at.astimezone(self.timezone).isoformat(),
                    "minutes_late": item.minutes_late,
                }
                for item in self.items
            ],
        }


def time_words(status: Status) -> str:
    """Return how long is left until the deadline, or how long ago it was."""
    minutes = int((status.deadline - status.as_of).total_seconds() // 60)
    key = "papers.status.left" if minutes >= 0 else "papers.status.over"
    deadline = status.deadline.astimezone(status.timezone).isoformat(sep=" ", timespec="minutes")
    return say(key, deadline=deadline, time=span_words(abs(minutes)))


def status_of(
    estate: str | Path,
    as_of: str | None,
    due: Sequence[Due],
    plugins: PluginSet | None = None,
) -> Status:
    """Return what the departments of an estate have handed in; UsageError where none has to.

    Of several deadlines the last is the one that is told.
    """
    from policycore.operations.moments import moment_in

    with estate_session(estate, as_of, plugins) as session:
        # A day lasts until its end.
        dated = [
            (one, moment_in(one.deadline, "--deadline", session.timezone, end=True))
            if isinstance(one.deadline, str)
            else (one, one.deadline)
            for one in due
        ]
        items = handed_in(session, dated)
        if not items:
            raise UsageError(Problem.of("papers.no-departments"))
        last = max(deadline for _, deadline in dated)
        return Status(items, last, session.as_of, session.timezone, others(session))


def blank_forms_for(
    estate: str | Path, names: Sequence[str], kind: str, due: Sequence[Due], plugins: PluginSet | None = None
) -> list[str]:
    """Return the departments of an estate that get a form: those called `names`, else all that have to hand it in."""
    with estate_session(estate, None, plugins) as session:
        if names:
            return departments_meant(session, names)
        asked = [one for one in due if one.kind == kind] or due
        departments = [row for one in asked for row in reporting_departments(session, one.kinds, one.exempt)]
    if not departments:
        raise UsageError(Problem.of("papers.no-departments"))
    return list(dict.fromkeys(name for _, name in departments))
