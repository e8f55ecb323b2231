"""Plant violations of who may come in, who must go, and who is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

from policycore.demo.estate import EFFECTIVE, ago, at
from policycore.demo.groups import ChatGroup, join
from policycore.demo.people import hire
from policycore.demo.violations.plant import Plant, Planting

__all__ = ["PLANTS"]

_ADMITTED, _SCOPE, _DEPARTED = "admission/admitted-by-owner", "admission/outside-scope", "admission/departed-member"


def _let_in_by_others(plant: Planting) -> None:
    """Write joins by QR code and by a member, after the notice took effect and before it."""
    group = plant.group(size=12)
    inviter = group.people[5].account
    for verdict, after, scene, by, why in (
        ("fail", timedelta(days=6, hours=9), "qr", inviter, "came in by QR code after the notice"),
        ("fail", timedelta(days=8, hours=9), "invite", inviter, "brought in by another member after the notice"),
        ("pass", -timedelta(days=30), "qr", inviter, "came in by QR code before the notice took effect"),
        ("pass", timedelta(days=5, hours=9), "invite", group.owner.account, "brought in by the owner"),
    ):
        stay = _join(plant, group, joined=EFFECTIVE + after, scene=scene, inviter=by)
        plant.estate.label(_ADMITTED, verdict, stay, why, kind="membership")


def _join(plant: Planting, group: ChatGroup, *, joined: datetime, scene: str, inviter: str) -> str:
    """Let a new person of the department join, in scope; return the subject of the stay."""
    member = hire(plant.estate, group.department)
    group.row["scope"]["people"].append(member.id)
    return plant.stay(join(plant.estate, group, member, joined=joined, scene=scene, inviter=inviter))


def _open_door(plant: Planting) -> None:
    """Write a group that anyone can enter, and one whose QR code is on but asks the owner."""
    group = plant.group(row={"join_approval": False})
    plant.estate.label("admission/approval-on", "fail", group.id, "joining needs nobody's approval")
    group = plant.group(row={"qr_join": True})
    plant.estate.label(
        "admission/approval-on", "pass", group.id, "a QR code is shown, and the owner approves each join"
    )


def _outside_scope(plant: Planting) -> None:
    """Write members who do not belong, and one who belongs by duty and not by name."""
    group = plant.group(size=10)
    stranger = hire(plant.estate, plant.other_department(group.department))
    stay = join(plant.estate, group, stranger)
    plant.estate.label(
        _SCOPE, "fail", plant.stay(stay), "the member is in none of the scope's lists", kind="membership"
    )
    group = plant.group(size=10)
    duty = f"{group.department.works[0]}协作-{group.id}"
    group.row["scope"]["duties"] = [duty]
    helper = hire(plant.estate, plant.other_department(group.department), duties=[duty])
    stay = join(plant.estate, group, helper)
    plant.estate.label(_SCOPE, "pass", plant.stay(stay), "the member belongs by duty", kind="membership")
    second = hire(plant.estate, group.department, second_account=1.0)
    group.row["scope"]["people"].append(second.id)
    join(plant.estate, group, second)
    stay = join(plant.estate, group, second, account=str(second.accounts[1]["id"]))
    plant.estate.label(_SCOPE, "pass", plant.stay(stay), "a second account of a person in scope", kind="membership")


def _departed(plant: Planting) -> None:
    """Write members who retired or departed, past grace and within it."""
    group = plant.group(size=10)
    for status, days, verdict, why in (
        ("retired", 45, "fail", "retired 45 days ago and still a member"),
        ("departed", 12, "fail", "departed 12 days ago and still a member"),
        ("departed", 1, "pass", "left yesterday, within grace"),
    ):
        leaver = hire(plant.estate, group.department, status=status, status_since=ago(days))
        group.row["scope"]["people"].append(leaver.id)
        plant.estate.label(_DEPARTED, verdict, plant.stay(join(plant.estate, group, leaver)), why, kind="membership")
    leaver = hire(plant.estate, group.department, status="departed", status_since=ago(40))
    group.row["scope"]["people"].append(leaver.id)
    join(plant.estate, group, leaver).update(left_at=at(2024, 3, 8).isoformat())


def _missing(plant: Planting) -> None:
    """Write a group that lacks somebody of its scope."""
    group = plant.group(size=10)
    absent = hire(plant.estate, group.department)
    group.row["scope"]["people"].append(absent.id)
    plant.estate.label(
        "admission/expected-member-missing", "fail", group.id, "one person of the scope is not in the group"
    )


PLANTS = (
    Plant(1, _let_in_by_others),
    Plant(2, _open_door),
    Plant(2, _outside_scope),
    Plant(1, _departed),
    Plant(1, _missing),
)
