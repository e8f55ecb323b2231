"""What departments handed in, on paper and by mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from policycore.demo.estate import COMMITTEE, DemoEstate, Office, at, iso, offices

__all__ = ["DEADLINE", "hand_in"]

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
