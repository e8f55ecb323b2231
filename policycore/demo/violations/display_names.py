"""Plant display names that hide who is speaking, and beside them every clean way of writing one."""

from __future__ import annotations

from collections.abc import Callable

from policycore.demo.groups import ChatGroup
from policycore.demo.people import Member, hire
from policycore.demo.violations.plant import Plant, Planting

__all__ = ["PLANTS"]

_FORMAT, _NAME, _UNIT = "admission/display-name-format", "admission/name-in-directory", "admission/unit-matches"

Writing = Callable[[Member], str]

# The shapes that no reader could turn into a unit and a name.
_UNREADABLE: tuple[tuple[Writing, str], ...] = (
    (lambda _: "云淡风轻", "neither a unit nor a name of the directory"),
    (lambda member: member.name, "a name without a unit"),
    (lambda member: member.department.name, "a unit without a name"),
    (lambda member: f"{member.department.name}-{member.name}（值班）", "more than unit and name"),
    (lambda member: f"{member.department.name}-{member.name}-19000000000", "a phone number in it"),
    (lambda member: f"{member.department.name}-{member.name}🌸", "an emoji in it"),
)
# The shapes that look odd and are right.
_READABLE: tuple[tuple[Writing, str], ...] = (
    (lambda member: f"{member.department.name}－{member.name}", "a full-width hyphen"),
    (lambda member: f"{member.department.name}　{member.name}", "an ideographic space"),
    (lambda member: f"{member.department.name}—{member.name}", "a dash"),
    (lambda member: f"{member.department.name}{member.name}", "nothing between unit and name"),
    (lambda member: f"{member.department.aliases[0]}-{member.name}", "an alias of the unit"),
    (lambda member: f"{member.department.aliases[0]}－{member.name}", "an alias and a full-width hyphen"),
)


def _unreadable(plant: Planting) -> None:
    """Write a group in which several display names break the format."""
    group = plant.group(size=14)
    for member, (writing, why) in zip(group.people[3:], _UNREADABLE, strict=False):
        stay = _show(group, member, writing(member))
        plant.estate.label(_FORMAT, "fail", plant.stay(stay), why, kind="membership")


def _readable(plant: Planting) -> None:
    """Write a group in which every display name looks different and all are right."""
    group = plant.group(size=14)
    for member, (writing, why) in zip(group.people[2:], _READABLE, strict=False):
        stay = _show(group, member, writing(member))
        for rule in (_FORMAT, _NAME, _UNIT):
            plant.estate.label(rule, "pass", plant.stay(stay), why, kind="membership")


def _stranger(plant: Planting) -> None:
    """Write a member who shows a name that nobody in the directory has, and two of the same name."""
    department = plant.department()
    group = plant.group(department, size=12)
    member = group.people[4]
    stay = _show(group, member, f"{member.department.name}-{next(plant.estate.names)}")
    plant.estate.label(_NAME, "fail", plant.stay(stay), "the name shown is not in the directory", kind="membership")
    other = plant.other_department(department)
    name = next(plant.estate.names)
    namesakes = [hire(plant.estate, department, name=name), hire(plant.estate, other, name=name)]
    group = plant.group(department, people=[*plant.directory.of(department)[3:8], *namesakes])
    for member in namesakes:
        for rule in (_NAME, _UNIT):
            stay = group.membership_of(member)
            plant.estate.label(
                rule, "pass", plant.stay(stay), "two people share a name, each shows the right unit", kind="membership"
            )


def _wrong_unit(plant: Planting) -> None:
    """Write a member who shows the unit of somebody else."""
    group = plant.group(size=12)
    member = group.people[3]
    shown = plant.other_department(member.department)
    stay = _show(group, member, f"{shown.name}-{member.name}")
    plant.estate.label(_UNIT, "fail", plant.stay(stay), "the unit shown is not the member's", kind="membership")


def _show(group: ChatGroup, member: Member, name: str) -> dict[str, object]:
    """Let `member` show `name` in `group`; return the stay."""
    stay = group.membership_of(member)
    stay["display_name"] = name
    return stay


PLANTS = (Plant(1, _unreadable), Plant(1, _readable), Plant(2, _stranger), Plant(1, _wrong_unit))
