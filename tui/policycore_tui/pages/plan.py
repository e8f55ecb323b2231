"""Write the plan of open steps: one in full, and all of them for the printer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import groupby
from zoneinfo import ZoneInfo

from policycore.language import say
from policycore.reports.words import named
from policycore.store.work import PlannedStep
from policycore_tui.pages.lines import Line, blank, labelled, paragraph, plain
from policycore_tui.pages.words import date_word

__all__ = ["PLAN_SUFFIXES", "by_date", "by_person", "doer", "plan_file", "plan_lines", "step_page"]

PLAN_SUFFIXES = {"xlsx": ".xlsx", "csv": ".csv", "text": ".txt"}
"""The formats that a plan is written in, with the ends of files' names."""


def by_person(step: PlannedStep) -> tuple[bool, str, bool, str, str]:
    """Return the order of a plan: people first, by name and date; then what nobody is named for."""
    return not step.person, step.person or step.who, step.due is None, str(step.due or ""), step.label


def by_date(step: PlannedStep) -> tuple[bool, bool, str, str, str]:
    """Return the order of the screen: what has a date, by person and date; then alike what has none."""
    nobody, who, undated, due, label = by_person(step)
    return undated, nobody, who, due, label


def doer(step: PlannedStep) -> str:
    """Return who has to do a step: the person whom the data names for the role, else the role.

    Whoever answers for the group does not stand in for another role: a check addresses the role as well.
    """
    return step.person or say(f"engine.who.{step.who}")


def _whole(step: PlannedStep) -> str:
    """Return the role and, where the data has one, the name."""
    role = say(f"engine.who.{step.who}")
    return f"{role} {named(step.person)}" if step.person else role


def plan_lines(steps: Iterable[PlannedStep], width: int, zone: ZoneInfo) -> list[Line]:
    """Return the plan, one block a person, the earliest date first."""
    ordered = sorted(steps, key=by_person)
    lines: list[Line] = []
    for person, block in groupby(ordered, doer):
        lines += [*paragraph(person, width, "title"), blank()]
        for step in block:
            place = "  ".join(part for part in (step.department, step.about) if part)
            lines += labelled(f"[ ] {date_word(step.due, zone):<10}", str(step.what), width)
            lines += paragraph(f"{step.label}  {place}", width, "muted", indent=15)
        lines.append(blank())
    return lines


def plan_file(name: str, steps: Sequence[PlannedStep], zone: ZoneInfo, width: int) -> bytes:
    """Return a plan as a file: a table in the order given, with room to tick, or a text of `width` cells by person."""
    if name == "text":
        return plain(plan_lines(steps, width, zone)).encode()
    from policycore.reports.table import write_table

    titles = [say(f"tui.column.{key}") for key in ("responsible", "due", "step", "subject", "department")]
    rows = [
        ("", _whole(one), date_word(one.due, zone), str(one.what), one.about, one.department or "", one.label)
        for one in steps
    ]
    stream = BytesIO()
    write_table(name, [say("tui.column.done"), *titles, "ID"], rows, stream)
    return stream.getvalue()


def step_page(step: PlannedStep, width: int, zone: ZoneInfo) -> list[Line]:
    """Return one step in full."""
    return [
        *paragraph(str(step.what), width, "title"),
        blank(),
        *labelled(say("tui.column.responsible"), _whole(step), width),
        *labelled(say("tui.column.due"), date_word(step.due, zone), width),
        *labelled(say("tui.column.subject"), step.about, width),
        *labelled(say("tui.column.department"), step.department or "-", width),
        *labelled("ID", step.label, width),
    ]
