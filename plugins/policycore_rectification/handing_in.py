"""What rules on handing in share: which departments are asked, what of theirs is missing, late or replaced."""

from __future__ import annotations

from datetime import datetime

from policycore import Field, Needs, Rule

__all__ = ["ASKED", "BESIDE", "HANDED_IN", "MAY_BE_REPLACED", "NEEDS", "HandingIn", "replaced"]

ASKED = """SELECT d.id, d.department_key FROM departments d
    WHERE list_contains($kinds, d.kind) AND NOT list_contains($exempt, d.name)"""
"""The departments that a notice asks to report."""

# The first that came of a kind counts: who corrects what was in time is not late. Nobody is accused of a medium of
# which something came that may have been in time.
HANDED_IN = f"""SELECT * FROM (
    SELECT a.id AS department_id, due.medium, CASE WHEN count(s.id) = 0 THEN 'missing' ELSE 'late' END AS reason,
        min(s.received_at) AS received_at,
        CAST(ceil(epoch(min(s.received_at) - $deadline) / 60) AS INTEGER) AS minutes
    FROM ({ASKED}) a, (SELECT unnest($media) AS medium) due
    LEFT JOIN submissions s ON s.department_id = a.id AND s.kind = $kind AND s.medium = due.medium
    GROUP BY ALL
) found WHERE as_of() > $deadline AND (reason = 'missing' OR received_at > $deadline) AND NOT EXISTS (
    SELECT 1 FROM submissions u WHERE u.department_id = found.department_id AND u.medium = found.medium
        AND coalesce(u.kind = $kind, true) AND coalesce(u.received_at <= $deadline, true)
        AND (u.kind IS NULL OR u.received_at IS NULL))"""

# A value that is not known matters only where everything that is still open could come to be in time by it: each
# medium has a row that may be of it, and there are as many such rows as open media. A department of which no row is
# there is asked about too: without the table nobody knows.
_OPEN = f"""asked AS ({ASKED}), may AS (
    SELECT a.id AS department_id, s.id AS row_id, s.medium,
        s.kind IS NOT NULL AND s.medium IS NOT NULL AND s.received_at IS NOT NULL AS known
    FROM asked a JOIN submissions s ON s.department_id = a.id AND coalesce(s.kind = $kind, true)
        AND coalesce(s.received_at <= $deadline, true) AND (s.medium IS NULL OR list_contains($media, s.medium))
), open AS (
    SELECT a.id AS department_id, due.medium FROM asked a, (SELECT unnest($media) AS medium) due
    WHERE as_of() > $deadline AND NOT EXISTS (
        SELECT 1 FROM may m WHERE m.department_id = a.id AND m.known AND m.medium = due.medium)
)"""
_VIA = f"""WITH {_OPEN}, undecided AS (
    SELECT o.department_id FROM open o GROUP BY o.department_id
    HAVING count(*) <= (SELECT count(*) FROM may m WHERE m.department_id = o.department_id AND NOT m.known)
        AND bool_and(EXISTS (
            SELECT 1 FROM may m WHERE m.department_id = o.department_id AND NOT m.known
                AND coalesce(m.medium = o.medium, true)))
)
SELECT department_id, row_id FROM may WHERE NOT known AND department_id IN (SELECT department_id FROM undecided)
UNION ALL SELECT department_id, NULL FROM open WHERE NOT EXISTS (SELECT 1 FROM submissions)"""

_SAME = ("department_id", "kind", "medium")


def _came_later(later: str, form: str) -> str:
    """Return SQL of whether one form came after another: when they came decides, else the days that stand on them."""
    dated = f"CASE WHEN {later}.dated <> {form}.dated THEN {later}.dated > {form}.dated END"
    return f"coalesce({later}.received_at > {form}.received_at, {dated})"


BESIDE = {"submissions.faults": "which file is a scan of another; where nobody read the forms there is none"}
"""What rules read without needing it: whether a form is the scan of one that came in a readable file too."""


def _beside(form: str) -> str:
    """Return SQL of whether a row of submissions is the scan of a form that came in a readable file too."""
    return f"coalesce(list_contains({form}.faults, 'scan-beside'), false)"


def replaced(form: str) -> str:
    """Return SQL that is true for a row ``form`` of submissions that another one of its department stands in for.

    That is a later one; and for the scan of a form the readable file beside it, whichever came first.
    """
    same = " AND ".join(f"later.{name} = {form}.{name}" for name in _SAME)
    later = f"{same} AND {_came_later('later', form)} AND NOT {_beside('later')}"
    return f"({_beside(form)} OR EXISTS (SELECT 1 FROM submissions later WHERE {later}))"


_MAY_REPLACE = " AND ".join(
    (
        "SELECT s.id AS submission_id, t.id AS row_id FROM submissions s JOIN submissions t ON t.id <> s.id",
        *(f"coalesce(t.{name} = s.{name}, true)" for name in _SAME),
        f"coalesce({_came_later('t', 's')}, true) AND NOT {_beside('t')} AND NOT {_beside('s')}",
    )
)
_UNDATED = f"""WITH may AS ({_MAY_REPLACE} AND NOT coalesce(t.dated <> s.dated, false))
    FROM may UNION SELECT submission_id, submission_id FROM may"""
_BOTH = f"WITH may AS ({_MAY_REPLACE}) FROM may UNION SELECT submission_id, submission_id FROM may"
MAY_BE_REPLACED = (
    *(Needs(f"submissions.{name}", via=_BOTH, null="unknown", stands="passes") for name in _SAME),
    Needs("submissions.received_at", via=_UNDATED, null="unknown", stands="passes"),
    Needs("submissions.dated", via=_BOTH, null="judged", stands="passes"),
)
"""Of several forms of one department the last counts: what is not known of the others can only excuse it."""

NEEDS = (
    Needs("departments.kind", when="NOT list_contains($exempt, departments.name)"),
    Needs("submissions.department_id", when=f"departments.id IN (WITH {_OPEN} SELECT department_id FROM open)"),
    *(Needs(f"submissions.{column}", null="unknown", via=_VIA) for column in ("kind", "medium", "received_at")),
)


class HandingIn(Rule.Params):
    """Who hands in what, how and until when."""

    kind: str = Field(
        "规范清理情况",
        description="what is handed in, as submissions.kind has it",
        json_schema_extra={"zh": "报送的材料（报送类型）"},
    )
    media: list[str] = Field(
        ["paper", "electronic"],
        description="the media in which it is due",
        json_schema_extra={"zh": "须报送的形式", "words": "submissions.medium"},
    )
    deadline: datetime = Field(
        datetime.fromisoformat("2024-03-27T11:00:00+08:00"),
        description="until when; that very moment is in time",
        json_schema_extra={"zh": "截止时间（该时刻仍算按时）"},
    )
    kinds: list[str] = Field(
        ["机关部门"],
        description="kinds of department that report",
        json_schema_extra={"zh": "须报送的部门类型"},
    )
    exempt: list[str] = Field(
        ["机关党委"],
        description="names of departments that report nothing",
        json_schema_extra={"zh": "不必报送的部门"},
    )
