"""Plant groups that outlived their work, and groups that only look so."""

from __future__ import annotations

from policycore.demo.chats import chat, post
from policycore.demo.estate import ago, iso
from policycore.demo.groups import ChatGroup, join_account
from policycore.demo.people import hire
from policycore.demo.violations.plant import Plant, Planting

__all__ = ["PLANTS"]


def _task_of(plant: Planting, group: ChatGroup) -> dict[str, object]:
    """Return the row of the task that a group was made for."""
    return next(row for row in plant.estate.tables["tasks"] if row["id"] == group.row["task_id"])


def _finished(plant: Planting) -> None:
    """Write project groups whose work is over: long ago, yesterday, at a time nobody wrote down."""
    rule = "dormancy/finished-not-dissolved"
    department = plant.department()
    # Five groups are as many as one person may own, and nobody knows who owns those in the archive: with one of them
    # it is just that many. `_left_over` gives another person six.
    owner = hire(plant.estate, department, title="信息员")
    plant.estate.label(
        "ownership/owns-too-many", "pass", owner.id, "owns four, perhaps five, and no more", kind="person"
    )
    for kind, state, days in (("project", "done", 50), ("temporary", "done", 80), ("project", "cancelled", 30)):
        group = plant.group(department, owner=owner, kind=kind, source="register")
        _task_of(plant, group).update(state=state, done_at=iso(ago(days)))
        plant.estate.label(rule, "fail", group.id, f"the task was {state} {days} days ago")
    group = plant.group(department, owner=owner, kind="project", source="register")
    _task_of(plant, group).update(state="done", done_at=iso(ago(1)))
    plant.estate.label(rule, "pass", group.id, "the task was done yesterday, within grace")
    group = plant.group(department, kind="project", source="register")
    _task_of(plant, group).update(state="done")
    plant.estate.label(rule, "suspect", group.id, "the task was done, nobody wrote down when")


def _quiet(plant: Planting) -> None:
    """Write a group silent for a year, one in which only the system speaks, and a quiet but new one."""
    group = plant.group(talk=False, created=ago(700))
    chat(plant.estate, group, 10, until=ago(380))
    plant.estate.label("dormancy/quiet", "suspect", group.id, "nobody has written for 380 days")
    group = plant.group(talk=False, created=ago(700))
    chat(plant.estate, group, 8, until=ago(300))
    post(plant.estate, group, ago(5), None, "system", "群公告已更新")
    plant.estate.label("dormancy/quiet", "suspect", group.id, "only a system message in 300 days")
    group = plant.group(talk=False, created=ago(12))
    plant.estate.label("dormancy/quiet", "pass", group.id, "no message yet, but only 12 days old")


def _left_over(plant: Planting) -> None:
    """Write names that tell of work long past, and names that only seem to; one person owns them all."""
    rule = "dormancy/leftover-name"
    department = plant.department()
    unit, work = department.name, department.works[0]
    owner = hire(plant.estate, department, title="信息员")
    for name, verdict, why in (
        (f"{unit}2022年{work}群", "suspect", "a past year in the name"),
        (f"{unit}{work}筹备群", "suspect", "筹备 in the name, no task on record"),
        (f"{unit}{work}专班", "suspect", "专班 in the name, no task on record"),
        (f"{unit}2024年{work}群", "pass", "this year in the name"),
        (f"{unit}{work}2023-2024学年群", "pass", "a school year that is not over"),
        (f"{unit}{work}2021级联络群", "pass", "a cohort, not a year of work"),
    ):
        plant.estate.label(rule, verdict, plant.group(department, owner=owner, source="register", name=name).id, why)
    plant.estate.label("ownership/owns-too-many", "fail", owner.id, "owns six groups", kind="person")
    name = f"{unit}{work}临时群"
    group = plant.group(department, kind="temporary", source="register", name=name)
    plant.estate.label(rule, "pass", group.id, "临时 in the name, and its task is open")


def _no_task(plant: Planting) -> None:
    """Write a project group that names no task, and a group of no kind."""
    why = "neither kind nor task says when the group should end"
    for kind in ("project", None):
        group = plant.group(kind="project")
        plant.estate.tables["tasks"].remove(_task_of(plant, group))
        group.row.update(task_id=None, kind=kind)
        plant.estate.label("dormancy/task-unknown", "fail", group.id, why)
        plant.estate.label("dormancy/finished-not-dissolved", "unknown", group.id, why)
    standing = next(
        row for row in plant.estate.tables["groups"] if row["kind"] == "standing" and not row["dissolved_at"]
    )
    plant.estate.label("dormancy/task-unknown", "pass", str(standing["id"]), "a standing group needs no task")


def _deserted(plant: Planting) -> None:
    """Write a group of two people and a bot, and one of three people."""
    for size, verdict, why in (
        (2, "fail", "only two people and a bot are left"),
        (3, "pass", "three people are enough"),
    ):
        group = plant.group(size=size, talk=False)
        chat(plant.estate, group, 6)
        machine = plant.estate.add(
            "accounts",
            id=plant.estate.next_id("accounts", "wx"),
            platform="wecom",
            person_id=None,
            kind="bot",
            name="值班提醒",
        )
        bot = join_account(plant.estate, group, str(machine["id"]), "值班提醒")
        for rule in ("admission/display-name-format", "admission/name-in-directory", "admission/outside-scope"):
            plant.estate.label(rule, "pass", plant.stay(bot), "a bot is no person", kind="membership")
        plant.estate.label("dormancy/ownerless-or-empty", verdict, group.id, why)


def _doubles(plant: Planting) -> None:
    """Write two groups with the same people, and a pair where one is a small part of the other."""
    department = plant.department()
    first = plant.group(department, size=12)
    second = plant.group(department, people=[first.people[2], first.people[3], *first.people[:2], *first.people[4:]])
    # A pair is one finding, reported at the smaller id.
    low, high = sorted((first.id, second.id))
    plant.estate.label("dormancy/overlapping-groups", "suspect", low, f"the same members as {high}")
    large = plant.group(department, size=14)
    small = plant.group(department, people=large.people[2:7])
    plant.estate.label(
        "dormancy/overlapping-groups", "pass", small.id, "a small part of another group is no double of it"
    )


PLANTS = (
    Plant(5, _finished),
    Plant(3, _quiet),
    Plant(7, _left_over),
    Plant(2, _no_task),
    Plant(2, _deserted),
    Plant(4, _doubles),
)
