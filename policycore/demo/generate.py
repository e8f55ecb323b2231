"""Generate the demo: the directory, the committee's groups, the plants, then clean groups up to the number."""

from __future__ import annotations

from pathlib import Path
from random import Random

from policycore.demo.chats import chat
from policycore.demo.estate import DEPARTMENTS, DemoEstate, offices, write_labels
from policycore.demo.forms import write_forms
from policycore.demo.groups import make_group
from policycore.demo.notice import committee_groups
from policycore.demo.people import Directory, fill_directory
from policycore.demo.submissions import hand_in, take_stock
from policycore.demo.unknowns import label_unknowns
from policycore.demo.violations import Planting, all_plants
from policycore.demo.violations.channels import plant_channel
from policycore.demo.write import write_interchange

__all__ = ["DEFAULT_GROUPS", "DEFAULT_SEED", "MINIMUM_GROUPS", "generate_demo"]

DEFAULT_SEED = 2024
DEFAULT_GROUPS = 81
MINIMUM_GROUPS = 78


def generate_demo(folder: Path, *, seed: int = DEFAULT_SEED, groups: int = DEFAULT_GROUPS) -> DemoEstate:
    """Write the estate, the forms and the labels below `folder`; the same seed gives the same bytes.

    Raises ValueError for fewer groups than the plants need.
    """
    if groups < MINIMUM_GROUPS:
        raise ValueError(f"the demo needs at least {MINIMUM_GROUPS} groups")
    estate = DemoEstate(Random(seed), groups)  # noqa: S311 - the demo must repeat itself
    directory = fill_directory(estate)
    plant_channel(estate, *committee_groups(estate, directory))
    hand_in(estate, directory)
    _whole_departments(estate, directory)
    planting = Planting(estate, directory)
    for _ in range(max(1, groups // MINIMUM_GROUPS)):
        for plant in all_plants():
            plant.plant(planting)
    # Groups that break no rule until the wanted number is reached.
    for number in range(estate.groups_left):
        department = DEPARTMENTS[1 + number % (len(DEPARTMENTS) - 1)]
        source = _SOURCES[number % len(_SOURCES)]
        chat(estate, make_group(estate, directory, department, source=source, kind=estate.random.choice(_KINDS)))
    take_stock(estate)
    label_unknowns(estate)
    for table, columns in _ORDERS.items():
        estate.tables[table].sort(key=lambda row, columns=columns: [str(row[column]) for column in columns])  # type: ignore[misc] # no lambda with a default
    folder.mkdir(parents=True, exist_ok=True)
    write_forms(estate, directory, folder / "forms")
    write_interchange(estate, folder / "estate")
    write_labels(estate.labels, folder / "labels.jsonl")
    return estate


def _whole_departments(estate: DemoEstate, directory: Directory) -> None:
    """Write groups whose scope is a department or a title, so that not every scope is a list of people."""
    for department in DEPARTMENTS[-3:-1]:
        people = directory.of(department)
        group = make_group(
            estate,
            directory,
            department,
            name=f"{department.name}全体职工群",
            people=[people[1], people[3], *(person for person in people if person not in (people[1], people[3]))],
            scope={"departments": [department.id]},
        )
        chat(estate, group)
    titled = [
        person for people in directory.by_department.values() for person in people if person.title == "综合科科长"
    ]
    first = next(person for person in titled if person.department is offices()[1])
    group = make_group(
        estate,
        directory,
        offices()[1],
        name="综合科科长工作群",
        people=[first, *(person for person in titled if person is not first)],
        scope={"titles": ["综合科科长"]},
    )
    chat(estate, group)


# Of twenty clean groups so many come from each source.
_SOURCES = ("archive", "register", *("wecom",) * 2, "register", *("wecom",) * 7, *("register",) * 4, *("wecom",) * 4)
_KINDS = ("standing",) * 6 + ("project",) * 3 + ("temporary",)
_ORDERS = {
    "groups": ("id",),
    "memberships": ("group_id",),
    "events": ("at", "id"),
    "messages": ("sent_at", "id"),
    "tasks": ("id",),
}
"""By what rows are sorted, as an export would, so that the order of planting shows nowhere."""
