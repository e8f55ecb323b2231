"""Plant groups that outlived their work, and groups that only look so."""

from __future__ import annotations

from policycore.demo.chats import chat, post
from policycore.demo.groups import ChatGroup
from policycore.demo.moments import ago, iso
from policycore.demo.violations.plant import Plant, Planting

__all__ = ["PLANTS"]


def _task_of(plant: Planting, group: ChatGroup) -> dict[str, object]:
    """Return the row of the task that a group was made for."""
    return next(row for row in plant.estate.tables["tasks"] if row["id"] == group.row["task_id"])


def _finished(plant: Planting) -> None:
    """Write project groups whose work is done: long ago, and yesterday."""
    for days, kind in ((50, "project"), (80, "temporary"), (1, "project")):
        group = plant.group(kind=kind, source="register")
        _task_of(plant, group).update(state="done", done_at=iso(ago(days)))
        if days > 1:
            plant.fails("dormancy/finished-not-dissolved", group.id, f"the task was done {days} days ago")
        else:
            plant.passes("dormancy/finished-not-dissolved", group.id, "the task was done yesterday, within grace")


def _quiet(plant: Planting) -> None:
    """Write a group silent for a year, one in which only the system speaks, and a quiet but new one."""
    group = plant.group(talk=False, created=ago(700))
    chat(plant.estate, group, 10, until=ago(380))
    plant.suspect("dormancy/quiet", group.id, "nobody has written for 380 days")
    group = plant.group(talk=False, created=ago(700))
    chat(plant.estate, group, 8, until=ago(300))
    post(plant.estate, group, ago(5), None, "system", "群公告已更新")
    plant.suspect("dormancy/quiet", group.id, "only a system message in 300 days")
    group = plant.group(talk=False, created=ago(12))
    plant.passes("dormancy/quiet", group.id, "no message yet, but only 12 days old")


def _left_over(plant: Planting) -> None:
    """Write names that tell of work long past, and names with a year that do not."""
    for name, why in (
        ("{unit}2022年{work}群", "a past year in the name"),
        ("{unit}{work}筹备群", "筹备 in the name"),
        ("{unit}{work}专班群", "专班 in the name"),
    ):
        department = plant.department()
        group = plant.group(
            department, source="register", name=name.format(unit=department.name, work=department.works[0])
        )
        plant.suspect("dormancy/leftover-name", group.id, why)
    for name, why in (
        ("{unit}2024年{work}群", "this year in the name"),
        ("{unit}2024-2028规划{work}群", "a span that is not over"),
    ):
        department = plant.department()
        group = plant.group(
            department, source="register", name=name.format(unit=department.name, work=department.works[0])
        )
        plant.passes("dormancy/leftover-name", group.id, why)


def _no_task(plant: Planting) -> None:
    """Write a project group that names no task."""
    group = plant.group(kind="project")
    tasks = plant.estate.tables["tasks"]
    tasks.remove(_task_of(plant, group))
    group.row["task_id"] = None
    plant.fails("dormancy/task-unknown", group.id, "a project group names no task")


def _doubles(plant: Planting) -> None:
    """Write two groups with the same people, and a pair where one is a small part of the other."""
    department = plant.department()
    first = plant.group(department, size=12)
    second = plant.group(department, people=[first.people[2], first.people[3], *first.people[:2], *first.people[4:]])
    for group, other in ((first, second), (second, first)):
        plant.suspect("dormancy/overlapping-groups", group.id, f"the same members as {other.id}")
    large = plant.group(department, size=14)
    small = plant.group(department, people=large.people[2:7])
    plant.passes("dormancy/overlapping-groups", small.id, "a small part of another group is no double of it")


PLANTS = (Plant(3, _finished), Plant(3, _quiet), Plant(5, _left_over), Plant(1, _no_task), Plant(4, _doubles))
