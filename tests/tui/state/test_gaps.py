"""What was not judged is found by group, by finding and by field."""

from __future__ import annotations

import pytest

from policycore.model.result import SubjectRef
from policycore.model.verdict import Severity, Subject
from policycore.reports.gaps import missing_fields
from policycore_tui.state.gaps import GapsOfGroups, gaps_hiding, gaps_of_field


@pytest.fixture
def gaps(make_gap):
    """Return gaps about groups, members, messages and people."""
    return (
        make_gap(("groups.kind",), ("g1", "g2"), severity=Severity.INFO),
        make_gap(("memberships.role",), ("g1/a1", "g1/a2", "g3/a1"), rule="ADM001", kind=Subject.MEMBERSHIP),
        make_gap(("messages.text",), ("m1", "m2"), rule="SEC001", kind=Subject.MESSAGE, source="archive"),
        make_gap(("groups.owner_id",), ("p1",), rule="OWN008", kind=Subject.PERSON),
    )


def test_every_group_has_its_gaps_counted_the_strictest_first(gaps):
    asked = []

    def groups_of(messages):
        asked.append(messages)
        return ["g2", "g2"]

    about = GapsOfGroups(gaps, groups_of)
    assert [(item.gap.rule, item.count) for item in about.of("g1")] == [("ADM001", 2), ("OWN001", 1)]
    assert [(item.gap.rule, item.count) for item in about.of("g2")] == [("SEC001", 2), ("OWN001", 1)]
    assert about.of("g4") == ()
    assert asked == [("m1", "m2")], "the snapshot is asked once a gap, not once a group"


@pytest.mark.parametrize(
    ("rule", "subject", "hidden"),
    [
        ("OWN001", SubjectRef(Subject.GROUP, "g1", "x", "g1"), True),
        ("OWN001", SubjectRef(Subject.MEMBERSHIP, "g1/a9", "x", "g1"), True),
        ("OWN001", SubjectRef(Subject.GROUP, "g9", "x", "g9"), False),
        ("ADM001", SubjectRef(Subject.MEMBERSHIP, "g1/a2", "x", "g1"), True),
        ("ADM001", SubjectRef(Subject.MEMBERSHIP, "g1/a3", "x", "g1"), False),
        ("ADM002", SubjectRef(Subject.MEMBERSHIP, "g1/a2", "x", "g1"), False),
    ],
)
def test_a_finding_is_hidden_by_the_gaps_of_its_rule_that_hold_it_or_its_group(gaps, rule, subject, hidden):
    assert bool(gaps_hiding(gaps, rule, subject)) is hidden


def test_a_field_has_the_gaps_that_wait_for_it_from_the_same_source(make_gap):
    gaps = (
        make_gap(("groups.kind", "groups.owner_id"), ("g1",), severity=Severity.INFO),
        make_gap(("groups.owner_id",), ("g2",)),
        make_gap(("groups.owner_id",), ("g3",), source="archive"),
        make_gap(("groups.kind",), ("g4",)),
    )
    owner = next(item for item in missing_fields(gaps) if item.field == "groups.owner_id" and item.source is None)
    assert gaps_of_field(gaps, owner) == (gaps[1], gaps[0])
