"""What departments handed in, and labels of what a check cannot know because a source lacks a field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from policycore.demo.estate import COMMITTEE, DemoEstate, Office, at, iso, offices
from policycore.demo.write import SOURCES

__all__ = ["DEADLINE", "NEEDS", "NEEDS_OF_WHOLE", "hand_in", "label_unknowns"]

DEADLINE = at(2024, 3, 27, 11)
# Where the notice wants them: both places stand in its public text.
_PLACES = {"paper": "523室", "electronic": "机关党委邮箱"}


def hand_in(estate: DemoEstate) -> None:
    """Write one report (paper and electronic) and one form (paper) for each department; a few come late."""
    for number, department in enumerate(offices()):
        if department.id == COMMITTEE:
            continue
        late = number % 9 == 4
        moment = (
            DEADLINE + timedelta(minutes=37) if late else DEADLINE - timedelta(hours=estate.random.randrange(1, 40))
        )
        for kind, medium in (("规范清理情况", "paper"), ("规范清理情况", "electronic"), ("附件1", "paper")):
            _submit(estate, department, kind, medium, moment)


def _submit(estate: DemoEstate, department: Office, kind: str, medium: str, moment: datetime) -> None:
    """Write one submission; the paper one carries the hash of the file it was printed from."""
    paper = medium == "paper"
    estate.add(
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


# Written down here and not read from the rules: a rule that forgets a field must show up as a miss.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "ownership/owner-present": ("groups.owner_id",),
    "ownership/owner-in-post": ("groups.owner_id",),
    "ownership/owner-of-department": ("groups.owner_id",),
    "ownership/creator-handover": ("groups.owner_id",),
    "ownership/admin-designated": ("groups.owner_id", "memberships.role"),
    "ownership/admin-in-post": ("memberships.role",),
    "admission/display-name-format": ("memberships.display_name",),
    "admission/name-in-directory": ("memberships.display_name",),
    "admission/unit-matches": ("memberships.display_name",),
    "admission/admitted-by-owner": ("groups.owner_id", "memberships.inviter_id", "memberships.join_scene"),
    "admission/approval-on": ("groups.join_approval",),
    "dormancy/ownerless-or-empty": ("groups.owner_id",),
}
# A rule about people counts over all groups: what one source lacks leaves the whole answer open.
NEEDS_OF_WHOLE: Mapping[str, tuple[str, ...]] = {"ownership/owns-too-many": ("groups.owner_id",)}


def label_unknowns(estate: DemoEstate) -> None:
    """Label every group of a source with each rule that needs what the source lacks."""
    for source, (_, lacks) in SOURCES.items():
        for rule, fields in NEEDS.items():
            missing = ", ".join(field for field in fields if field in lacks)
            for group in estate.tables["groups"]:
                if missing and group["source"] == source and group["dissolved_at"] is None:
                    estate.label(rule, "unknown", group["id"], f"{source} lacks {missing}")
        for rule, fields in NEEDS_OF_WHOLE.items():
            if any(field in lacks for field in fields):
                estate.label(rule, "unknown", "estate", f"{source} lacks {', '.join(fields)}", kind="estate")
