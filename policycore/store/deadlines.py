"""Count deadlines from the day on which a finding began, however often it is reported again.

A check counts "within 14 days" from its own as-of time: it knows no history, and the same inputs must give the same
report. A workspace knows since when a finding stands. There a deadline runs from the run that first reported it, or
reported it again after it was resolved or settled; it does not move on with every run in which nobody did anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from policycore.model.result import Finding, RemediationStep

__all__ = ["dated", "span"]


def span(due: datetime | None, as_of: datetime) -> timedelta | None:
    """Return what lies between an as-of time and a deadline by the clocks of their zone; None for no deadline."""
    if due is None:
        return None
    return due.astimezone(as_of.tzinfo).replace(tzinfo=None) - as_of.replace(tzinfo=None)


def dated(finding: Finding, then: datetime, now: datetime) -> Finding:
    """Return a finding whose deadlines were counted from `then` with deadlines that are counted from `now`.

    Both times are in the zone of the run.
    """
    if then == now or all(step.due is None for step in finding.remediation):
        return finding
    steps = tuple(_dated(step, then, now) for step in finding.remediation)
    return replace(finding, remediation=steps)


def _dated(step: RemediationStep, then: datetime, now: datetime) -> RemediationStep:
    """Return a step with its deadline counted from `now`."""
    left = span(step.due, then)
    return step if left is None else replace(step, due=now + left)
