"""What is written column by column is what an object for each finding would give."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given

from policycore.model.found import FoundRows
from policycore.model.result import Decision
from policycore.reports.json_report import encoded, finding_object
from policycore.reports.json_rows import json_rows
from tests.found import found_rows


@given(found_rows())
def test_lines_are_what_the_objects_would_give(rows: FoundRows) -> None:
    zone, as_of = ZoneInfo("Asia/Shanghai"), datetime(2024, 4, 15, 12, tzinfo=UTC)
    decisions = {rows.columns["fingerprint"][0]: Decision("waiver", "W1", "r", "t\x1b", "张敏", as_of)}
    plain = [encoded(finding_object(finding)) for finding in rows.findings(zone, as_of, decisions)]
    assert list(json_rows(rows, zone, as_of, decisions)) == plain
