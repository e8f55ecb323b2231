"""A settled finding says in JSON which decision settled it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema

from policycore import Verdict
from policycore.model.result import Decision
from policycore.reports import formats
from policycore.reports.schema import json_schema


def test_the_decision_is_written_and_keeps_to_the_schema(make_result, make_finding):
    decision = Decision("waiver", "W-7", "merging", "合并到新群", "李四", datetime(2024, 5, 1, tzinfo=UTC))
    first = replace(make_finding(1), verdict=Verdict.WAIVED, decision=decision)
    result = make_result((first, make_finding(2)))
    stream = io.BytesIO()
    formats()["json"].write(result, stream, "zh")
    written = json.loads(stream.getvalue())
    jsonschema.validate(written, json_schema())
    assert written["findings"][0]["decision"] == {
        "kind": "waiver",
        "id": "W-7",
        "reason": "merging",
        "text": "合并到新群",
        "decided_by": "李四",
        "until": "2024-05-01T00:00:00+00:00",
    }
    assert written["findings"][1]["decision"] is None
