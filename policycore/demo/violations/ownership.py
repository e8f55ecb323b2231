"""Plant violations of the ownership rules: who answers for a group."""

from __future__ import annotations

from datetime import timedelta

from policycore.demo.estate import ago, at, iso
from policycore.demo.groups import add_event, join, make_task
from policycore.demo.people import SECTION, STAFF, hire
from policycore.demo.violations.plant import Plant, Planting

__all__ = ["PLANTS"]


def _no_owner(plant: Planting) -> None:
    """Write a group whose owner gave it up and nobody took it over."""
    group = plant.group(row={"owner_id": None})
    group.memberships[0]["role"] = "member"
    plant.estate.label("ownership/owner-present", "fail", group.id, "the group has no owner")
    plant.estate.label("dormancy/ownerless-or-empty", "pass", group.id, "without an owner, but full of people")
    department = plant.department()
    owner = hire(plant.estate, department, second_account=1.0)
    second = str(owner.accounts[1]["id"])
    group = plant.group(department, owner=owner, row={"owner_id": second})
    group.memberships[0]["account_id"] = second
    plant.estate.label("ownership/owner-present", "pass", group.id, "owned by a second account of a person in post")
    plant.estate.label("ownership/creator-handover", "pass", group.id, "created and owned by the same person")


def _owner_gone(plant: Planting) -> None:
    """Write an owner who retired two months ago, and one who left the university a month ago."""
    for status, what, days, age, options in (
        ("retired", "retired", 60, 400, {"title": "调研员"}),
        ("departed", "left the university", 30, 500, {"until": ago(30)}),
    ):
        department = plant.department()
        owner = hire(plant.estate, department, status=status, status_since=ago(days), **options)
        group = plant.group(department, owner=owner, created=ago(age))
        stay = plant.stay(group.memberships[0])
        plant.estate.label("ownership/owner-in-post", "fail", group.id, f"the owner {what} {days} days ago")
        plant.estate.label(
            "admission/departed-member", "fail", stay, f"the {status} owner is still a member", kind="membership"
        )


def _owner_seconded(plant: Planting) -> None:
    """Write one owner seconded yesterday, who is within grace, and one on leave, who is still in post."""
    for status, why in (("seconded", "seconded yesterday, within grace"), ("leave", "on leave is still in post")):
        department = plant.department()
        owner = hire(plant.estate, department, status=status, status_since=ago(1))
        group = plant.group(department, owner=owner, created=ago(350))
        plant.estate.label("ownership/owner-in-post", "pass", group.id, why)


def _owner_of_other_department(plant: Planting) -> None:
    """Write an owner from elsewhere; beside it one who holds a second post in the group's department."""
    department = plant.department()
    stranger = hire(plant.estate, plant.other_department(department))
    group = plant.group(department, owner=stranger)
    plant.estate.label(
        "ownership/owner-of-department", "fail", group.id, "the owner has no post in the group's department"
    )
    department = plant.department()
    double = hire(plant.estate, plant.other_department(department), title="兼职副科长")
    plant.estate.add(
        "appointments",
        person_id=double.id,
        department_id=department.id,
        title="联络员",
        rank=SECTION,
        duties=["综合"],
        since=iso(at(2022, 3, 1)),
        until=None,
    )
    group = plant.group(department, owner=double)
    plant.estate.label(
        "ownership/owner-of-department", "pass", group.id, "the owner holds a second post in the department"
    )


def _creator_handed_over(plant: Planting) -> None:
    """Write a group whose owner is not its creator, without and with a recorded hand-over."""
    for recorded in (False, True):
        department = plant.department()
        group = plant.group(department)
        creator = group.people[2]
        group.row["creator_id"] = creator.account
        for stay in group.memberships:
            created = stay["account_id"] == creator.account
            stay["inviter_id"] = None if created else creator.account
            stay["join_scene"] = "created" if created else "invite"
        if recorded:
            moment = group.created + timedelta(days=40)
            add_event(plant.estate, group, moment, "transfer", creator.account, group.owner.account, "群主已转让")
            plant.estate.label("ownership/creator-handover", "pass", group.id, "the hand-over is on record")
        else:
            plant.estate.label(
                "ownership/creator-handover", "fail", group.id, "creator and owner differ, no hand-over on record"
            )


def _no_admin(plant: Planting) -> None:
    """Write a group with nobody beside the owner, and one with two admins."""
    group = plant.group()
    group.memberships[1]["role"] = "member"
    plant.estate.label("ownership/admin-designated", "fail", group.id, "no admin is designated")
    group = plant.group()
    group.memberships[2]["role"] = "admin"
    plant.estate.label("ownership/admin-designated", "pass", group.id, "two admins are more than enough")


def _admin_left(plant: Planting) -> None:
    """Write an admin who departed three weeks ago, and one who retired yesterday."""
    for days, verdict, why, left in (
        (21, "fail", "an admin left 21 days ago", "left 21 days ago"),
        (1, "pass", "the admin left yesterday, within grace", "left yesterday"),
    ):
        department = plant.department()
        leaver = hire(plant.estate, department, status="departed", status_since=ago(days), title="科员")
        group = plant.group(department)
        # Two more admins would hide nothing: every admin must be in post.
        group.row["scope"]["people"].append(leaver.id)
        stay = join(plant.estate, group, leaver, role="admin")
        plant.estate.label("ownership/admin-in-post", verdict, group.id, why)
        plant.estate.label("admission/departed-member", verdict, plant.stay(stay), left, kind="membership")


def _responsible(plant: Planting) -> None:
    """Write a group without a first responsible person, one whose has retired, one with a deputy."""
    group = plant.group(row={"responsible_id": None})
    plant.estate.label(
        "ownership/responsible-named", "fail", group.id, "the register names no first responsible person"
    )
    group = plant.group()
    retired = hire(plant.estate, group.department, title="原处长", status="retired", status_since=ago(90))
    group.row["responsible_id"] = retired.id
    plant.estate.label(
        "ownership/responsible-named", "fail", group.id, "the first responsible person retired 90 days ago"
    )
    group = plant.group()
    group.row["responsible_id"] = plant.directory.of(group.department)[1].id
    plant.estate.label("ownership/responsible-named", "pass", group.id, "a deputy may be first responsible")


def _unregistered(plant: Planting) -> None:
    """Write a group that no register knows."""
    plant.estate.label(
        "ownership/registered", "fail", plant.group(row={"registered_at": None}).id, "no register knows it"
    )


def _ranks(plant: Planting) -> None:
    """Write a group that a clerk owns, and one that a head of section owns."""
    for rank, verdict, why in ((STAFF, "fail", "a clerk owns it"), (SECTION, "pass", "a section's head does")):
        department = plant.department()
        owner = hire(plant.estate, department, rank=rank, title="信息员")
        group = plant.group(department, owner=owner)
        plant.estate.label("ownership/owner-of-rank", verdict, group.id, why)
        plant.estate.label("ownership/registered", "pass", group.id, "registered within two days")


def _past_due(plant: Planting) -> None:
    """Write a task that was due three weeks ago, and one that is due tomorrow."""
    group = plant.group(kind="project")
    made = next(row for row in plant.estate.tables["tasks"] if row["id"] == group.row["task_id"])
    for task, days, verdict, why in (
        (made, 21, "fail", "due three weeks ago"),
        (make_task(plant.estate, group.department), -1, "pass", "due tomorrow"),
    ):
        task.update(due_at=iso(ago(days)), person_id=group.people[2].id)
        plant.estate.label("ownership/task-past-due", verdict, str(task["id"]), why, kind="task")


PLANTS = (
    Plant(2, _no_owner),
    Plant(2, _owner_gone),
    Plant(2, _owner_seconded),
    Plant(2, _owner_of_other_department),
    Plant(2, _creator_handed_over),
    Plant(2, _no_admin),
    Plant(2, _admin_left),
    Plant(3, _responsible),
    Plant(1, _unregistered),
    Plant(2, _ranks),
    Plant(1, _past_due),
)
