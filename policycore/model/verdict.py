"""Verdicts, severities and kinds of subject (domain: missing data is never a pass)."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["VIOLATIONS", "Enforcement", "Severity", "Subject", "Verdict", "rank"]


class Verdict(StrEnum):
    """What a rule can say about one subject."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    SUSPECT = "suspect"
    UNKNOWN = "unknown"
    NEEDS_ATTESTATION = "needs-attestation"
    ATTESTED = "attested"
    WAIVED = "waived"
    NOT_APPLICABLE = "not-applicable"
    ERROR = "error"


VIOLATIONS = (Verdict.FAIL, Verdict.SUSPECT)
"""What counts as something to put right; missing data, broken rules and missing statements are counted beside it."""


class Severity(StrEnum):
    """How strictly the policy words an obligation: must, should, for information."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def weight(self) -> int:
        """Return 3 for error, 2 for warning, 1 for info, so that severities compare."""
        return {"error": 3, "warning": 2, "info": 1}[self.value]


class Enforcement(StrEnum):
    """How binding a rule is and whether a waiver may set it aside."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    MANDATORY_WITHOUT_WAIVERS = "mandatory without waivers"


_PRESSING = (Verdict.FAIL, Verdict.SUSPECT, Verdict.ERROR, Verdict.NEEDS_ATTESTATION)


def rank(verdict: Verdict, severity: Severity, enforcement: Enforcement) -> int:
    """Return the place of such a finding among others, the most pressing first: 0 comes before all.

    What no waiver may set aside (secrecy) comes before form, then the stricter severity, then fail before suspect.
    """
    binding = enforcement is Enforcement.MANDATORY_WITHOUT_WAIVERS
    place = _PRESSING.index(verdict) if verdict in _PRESSING else len(_PRESSING)
    return (0 if binding else 100) + (3 - severity.weight) * 10 + place


class Subject(StrEnum):
    """What a rule judges; the value is the kind shown in findings."""

    GROUP = "group"
    MEMBERSHIP = "membership"
    MESSAGE = "message"
    PERSON = "person"
    DEPARTMENT = "department"
    TASK = "task"
    SUBMISSION = "submission"
    ESTATE = "estate"

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the columns by which a query names one subject of this kind.

        Memberships and messages also name their group, so that scope and missing fields can be
        decided group by group.
        """
        return _KEYS[self]


_KEYS: dict[Subject, tuple[str, ...]] = {
    Subject.GROUP: ("group_id",),
    Subject.MEMBERSHIP: ("group_id", "account_id"),
    Subject.MESSAGE: ("group_id", "message_id"),
    Subject.PERSON: ("person_id",),
    Subject.DEPARTMENT: ("department_id",),
    Subject.TASK: ("task_id",),
    Subject.SUBMISSION: ("submission_id",),
    Subject.ESTATE: (),
}
