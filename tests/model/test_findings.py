"""The sequence of a run's findings says by column what it says by object."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from policycore.model.findings import Findings
from policycore.model.found import FoundRows
from policycore.model.result import Decision, Kind
from policycore.model.verdict import Verdict
from policycore.reports.summary import most_urgent_first, urgency
from tests.found import found_rows
from tests.results import make_finding

_AS_OF = datetime(2024, 4, 15, 12, tzinfo=UTC)
_SETTLED = Decision("waiver", "W1", "a reason", "a text", "张敏", _AS_OF)


def _findings(*rows: FoundRows) -> Findings:
    loose = (make_finding("OWN001", "estate"), make_finding("ZZZ999", "g1"))
    return Findings(rows, loose, _AS_OF, "Asia/Shanghai")


@given(found_rows("OWN002"), found_rows("OWN001"), st.booleans())
def test_the_index_says_what_the_objects_say(one: FoundRows, other: FoundRows, settle: bool) -> None:
    findings = _findings(one, other)
    if settle:
        findings = findings.settled({one.columns["fingerprint"][0]: _SETTLED, findings.loose[0].fingerprint: _SETTLED})
    listed = list(findings)
    assert len(listed) == len(findings) == findings.index.num_rows
    assert listed == sorted(listed, key=lambda finding: (finding.rule, finding.subject.id, finding.fingerprint))
    for row, finding in zip(findings.index.to_pylist(), listed, strict=True):
        subject = finding.subject
        assert (row["rule"], row["verdict"], row["fingerprint"]) == (finding.rule, finding.verdict, finding.fingerprint)
        assert (row["subject_id"], row["group_id"], row["department"]) == (
            subject.id,
            subject.group_id,
            subject.department,
        )
        assert findings.at(row["part"], [row["place"]]) == [finding]
    assert sum(finding.verdict is Verdict.WAIVED for finding in listed) == 2 * settle
    assert findings.dues == [finding.due for finding in listed]
    assert findings.clauses == [finding.clauses for finding in listed]
    ordered = [*findings.each(most_urgent_first(findings))]
    assert [*map(urgency, ordered)] == sorted(map(urgency, listed))
    assert sorted(one.fingerprint for one in ordered) == sorted(one.fingerprint for one in listed)


@given(found_rows("OWN002"), found_rows("OWN001"))
def test_kinds_count_what_the_objects_are(one: FoundRows, other: FoundRows) -> None:
    findings = _findings(one, other).settled({other.columns["fingerprint"][0]: _SETTLED})
    counted = Counter(
        Kind(
            finding.rule,
            finding.clauses,
            finding.verdict,
            finding.severity,
            finding.subject.department,
            finding.subject.department_id,
        )
        for finding in findings
    )
    assert findings.kinds == counted


def test_findings_made_by_hand_are_a_sequence_like_any_other() -> None:
    made = (make_finding("OWN001", "g1"), make_finding("OWN001", "g2"))
    findings = Findings.of(made)
    assert tuple(findings) == findings == made
    assert findings[0] == made[0]
    assert findings[1:] == made[1:]
    assert Findings.of(findings) is findings
    assert not Findings()
