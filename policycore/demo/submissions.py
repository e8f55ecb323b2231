"""What departments handed in, on paper and by mail: the report on their groups, and 附件1 with two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from policycore.demo.estate import COMMITTEE, DemoEstate, Office, Row, at, iso, offices
from policycore.demo.people import DEPUTY, LIAISON_DUTY, PARTY_DUTY, STAFF, Directory, Member

__all__ = ["DEADLINE", "designated", "hand_in", "phone_of"]

DEADLINE = at(2024, 3, 27, 11)
# Where the notice wants them: both places stand in its public text.
_PLACES = {"paper": "523室", "electronic": "机关党委邮箱"}
# By the number of the department, what is wrong with its form.
_FAULTS = {3: ("header@C2",), 8: ("left-over@B8", "no-date"), 11: ("merged@B3:B4",)}


def hand_in(estate: DemoEstate, directory: Directory) -> None:
    """Write one report and one form, each on paper and as a file, for each department; some come late."""
    for number, department in enumerate(offices()):
        if department.id == COMMITTEE:
            continue
        late = number % 9 == 4
        moment = (
            DEADLINE + timedelta(minutes=37) if late else DEADLINE - timedelta(hours=estate.random.randrange(1, 40))
        )
        for kind, medium in (("规范清理情况", "paper"), ("规范清理情况", "electronic"), ("附件1", "paper")):
            _submit(estate, department, kind, medium, moment)
        form = _submit(estate, department, "附件1", "electronic", moment)
        faults = _FAULTS.get(number, ())
        form.update(
            faults=list(faults), dated=None if "no-date" in faults else iso(at(2024, 3, 26, 0)), nil_return=False
        )
        _designate(estate, directory, department, number, form)
        estate.label(
            "rectification/form-as-issued",
            "fail" if faults else "pass",
            form["id"],
            ", ".join(faults) or "filled in as it was issued",
            kind="submission",
        )


def designated(directory: Directory, department: Office) -> list[tuple[Member, str, str]]:
    """Return whom a department names, with remark and role: who is in charge of Party work, and its liaison."""
    return [
        (person, remark, role)
        for duty, rank, remark, role in (
            (PARTY_DUTY, DEPUTY, "负责党建工作的副职", "deputy"),
            (LIAISON_DUTY, STAFF, "联络员", "liaison"),
        )
        for person in directory.of(department)
        if person.rank == rank and duty in person.person["_duties"]
    ]


def phone_of(number: int, row: int) -> str:
    """Return a telephone number: 190 0000 xxxx has the shape of a mobile one and belongs to nobody."""
    return f"1900000{number:02d}{row:02d}"


def _designate(estate: DemoEstate, directory: Directory, department: Office, number: int, form: Row) -> None:
    """Write the people of a form."""
    for row, (person, remark, role) in enumerate(designated(directory, department), start=1):
        estate.add(
            "designations",
            submission_id=form["id"],
            number=row,
            department_id=department.id,
            name=person.name,
            person_id=person.id,
            title=person.title,
            phone=phone_of(number, row),
            remark=remark,
            role=role,
        )


def _submit(estate: DemoEstate, department: Office, kind: str, medium: str, moment: datetime) -> Row:
    """Write one submission; the paper one carries the hash of the file it was printed from."""
    paper = medium == "paper"
    return estate.add(
        "submissions",
        id=estate.next_id("submissions", "s"),
        kind=kind,
        department_id=department.id,
        medium=medium,
        received_at=iso(moment),
        place=_PLACES[medium],
        receiver="机关党委综合科",
        sha256=sha256(f"{department.id}/{kind}".encode()).hexdigest(),
        signed=True if paper else None,
        sealed=True if paper else None,
    )
