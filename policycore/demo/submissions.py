"""What departments handed in, on paper and by mail: the report on their groups, and 附件1 with two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from policycore.demo.estate import COMMITTEE, DEPARTMENTS, DemoEstate, Office, Row, at, iso, offices
from policycore.demo.people import DEPUTY, LIAISON_DUTY, PARTY_DUTY, STAFF, Directory, Member

__all__ = ["DEADLINE", "designated", "hand_in", "phone_of", "take_stock"]

DEADLINE = at(2024, 3, 27, 11)
# Where the notice wants them: both places stand in its public text.
_PLACES = {"paper": "523室", "electronic": "机关党委邮箱"}
# By the number of the department, what is wrong with its form.
_FAULTS = {3: ("header@C2",), 8: ("left-over@B8", "no-date"), 11: ("merged@B3:B4",)}
_BAD_PHONE = 6
_NOT_SENT, _OTHER_ROOM, _OTHER_FILE, _UNSIGNED = 2, 10, 14, 16
_REPORT, _FORM = "规范清理情况", "附件1"


def hand_in(estate: DemoEstate, directory: Directory) -> None:
    """Write one report and one form, each on paper and as a file, for each department; some come late."""
    for number, department in enumerate(offices()):
        if department.id == COMMITTEE:
            continue
        late = number % 9 == 4
        moment = (
            DEADLINE + timedelta(minutes=37) if late else DEADLINE - timedelta(hours=estate.random.randrange(1, 40))
        )
        paper = _submit(estate, department, _REPORT, "paper", moment)
        file = None if number == _NOT_SENT else _submit(estate, department, _REPORT, "electronic", moment)
        if file is not None:
            file["nil_return"] = False
            if number == _OTHER_FILE:
                file["sha256"] = sha256(b"another version").hexdigest()
        signed = _submit(estate, department, _FORM, "paper", moment)
        if number == _OTHER_ROOM:
            paper["place"] = "办公楼510室"
        if number == _UNSIGNED:
            signed["sealed"] = False
        form = _submit(estate, department, _FORM, "electronic", moment)
        faults = _FAULTS.get(number, ())
        dated = None if "no-date" in faults else iso(at(2024, 3, 26, 0))
        form.update(faults=list(faults), dated=dated, nil_return=False)
        _designate(estate, directory, department, number, form)
        _label(estate, number, department, late=late)
        _label_form(estate, number, paper["id"], signed["id"], form["id"])
        roles = sorted(role for _, _, role in designated(directory, department))
        named = "pass" if roles == ["deputy", "liaison"] else "fail"
        estate.label("rectification/two-roles", named, form["id"], f"names {', '.join(roles)}", kind="submission")
    college = DEPARTMENTS[-1]
    scan = _submit(estate, college, _FORM, "electronic", DEADLINE)
    scan.update(faults=["scan"], dated=None)
    estate.label("rectification/two-roles", "suspect", scan["id"], "only a scan came", kind="submission")
    estate.label("rectification/form-as-issued", "pass", scan["id"], "a scan is no changed form", kind="submission")


def _label(estate: DemoEstate, number: int, department: Office, *, late: bool) -> None:
    for rule, wrong, why in (
        ("inventory-handed-in", late or number == _NOT_SENT, "37 minutes late, or nothing by mail"),
        ("form-handed-in", late, "37 minutes late"),
        ("copies-agree", number == _OTHER_FILE, "the file is another version"),
    ):
        verdict = "fail" if wrong else "pass"
        estate.label(f"rectification/{rule}", verdict, department.id, why if wrong else "as due", kind="department")


def _label_form(estate: DemoEstate, number: int, paper: str, signed: str, form: str) -> None:
    faults = _FAULTS.get(number, ())
    for rule, said, subject, why in (
        ("right-place", "fail" if number == _OTHER_ROOM else "pass", paper, "which room it came to"),
        ("form-signed", "fail" if number == _UNSIGNED else "pass", signed, "whether it is sealed"),
        ("form-as-issued", "fail" if faults else "pass", form, ", ".join(faults) or "filled in as it was issued"),
        ("designated-person", "fail" if number == _BAD_PHONE else "pass", form, "whether the number is one"),
    ):
        estate.label(f"rectification/{rule}", said, subject, why, kind="submission")


def take_stock(estate: DemoEstate) -> None:
    """Write into the inventories the groups of each department; a few are forgotten, a few only said to be gone."""
    reports = {
        row["department_id"]: row
        for row in sorted(estate.tables["submissions"], key=lambda row: str(row["medium"]), reverse=True)
        if row["kind"] == _REPORT
    }
    asked = [
        group
        for group in sorted(estate.tables["groups"], key=lambda row: str(row["id"]))
        if group["department_id"] in reports and str(group["created_at"]) <= str(iso(DEADLINE))
    ]
    living = [group for group in asked if group["dissolved_at"] is None]
    forgotten, said, soon = living[0], living[5], living[9]
    for group in asked:
        handling, done = ("keep", None) if group["dissolved_at"] is None else ("dissolve", group["dissolved_at"])
        if group is said:
            handling, done = "dissolve", iso(at(2024, 3, 25))
        elif group is soon:
            handling, done = "merge", iso(at(2024, 4, 14))
        if group is not forgotten:
            estate.add(
                "listings",
                submission_id=reports[group["department_id"]]["id"],
                listed_id=group["id"],
                handling=handling,
                done_at=done,
            )
    estate.label("rectification/group-listed", "fail", forgotten["id"], "in nobody's inventory")
    estate.label("rectification/change-done", "fail", said["id"], "said to be dissolved three weeks ago")
    estate.label("rectification/change-done", "pass", soon["id"], "said to be merged a day ago")
    estate.label("rectification/group-listed", "pass", soon["id"], "its department lists it")


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
        bad = number == _BAD_PHONE and role == "liaison"
        estate.add(
            "designations",
            submission_id=form["id"],
            number=row,
            department_id=department.id,
            name=person.name,
            person_id=person.id,
            title=person.title,
            phone="12345" if bad else phone_of(number, row),
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
