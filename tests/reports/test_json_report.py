from __future__ import annotations

import dataclasses
import io
import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import jsonschema
import pytest

from policycore.errors import Problem
from policycore.model.result import Finding, RunResult
from policycore.reports import Presentation, formats
from policycore.reports.json_report import encoded
from policycore.reports.schema import json_schema
from policycore.text.clean import clean

Make = Callable[..., RunResult]


def written(result: RunResult, *, profile: bool = False) -> bytes:
    stream = io.BytesIO()
    formats(presentation=Presentation(profile=profile))["json"].write(result, stream, "zh")
    return stream.getvalue()


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def test_the_report_keeps_the_contract(make_result: Make, broken_problem: Problem) -> None:
    report = json.loads(written(make_result(problems=(broken_problem,))))
    jsonschema.validate(report, json_schema(), cls=jsonschema.Draft202012Validator)
    assert report["policycore"] == 1
    assert report["ruleset"] == "xxu-2024-wechat-groups"
    assert report["as_of"] == "2024-04-15T00:00:00+08:00"
    assert list(report["summary"])[:4] == ["by_verdict", "by_severity", "by_rule", "by_clause"]
    finding = next(one for one in report["findings"] if one["rule"] == "OWN001")
    assert finding["subject"]["kind"] == "group"
    assert finding["clause"] == ["一(一)-3"]
    assert finding["message"] == {"zh": "没有群主", "en": "the group has no owner"}
    assert finding["facts"]["created"] == "2023-09-01T08:30:00+08:00"
    assert finding["source"] == {"file": "groups.csv", "row": 1}
    assert report["problems"][0]["file"] == "rules.yaml"
    assert (report["problems"][0]["line"], report["problems"][0]["column"]) == (7, 3)


def test_gaps_stand_beside_the_findings_and_list_their_subjects_when_asked(make_result: Make) -> None:
    [gap] = json.loads(written(make_result()))["gaps"]
    assert gap == {
        "rule": "OWN001",
        "name": "ownership/owner-present",
        "clause": ["一(一)-3"],
        "severity": "error",
        "kind": "group",
        "source": "register",
        "fields": ["groups.owner_id"],
        "count": 2,
        "remedy": {
            "zh": "在来源“register”中补上工作群台账的“群主 / owner_id”列，或从其他来源导入",
            "en": "add column owner_id of groups to source “register”, or import it from another source",
        },
    }
    stream = io.BytesIO()
    formats(presentation=Presentation(gap_subjects=True))["json"].write(make_result(), stream, "zh")
    report = json.loads(stream.getvalue())
    jsonschema.validate(report, json_schema(), cls=jsonschema.Draft202012Validator)
    assert report["gaps"] == [gap | {"subjects": ["g2", "g8"]}]


def test_the_schema_is_valid_and_refuses_what_breaks_the_contract(make_result: Make) -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    report = json.loads(written(make_result()))
    report["findings"][0]["verdict"] = "ok"
    with pytest.raises(jsonschema.ValidationError, match="ok"):
        jsonschema.validate(report, schema)
    del report["snapshot"]
    assert not jsonschema.Draft202012Validator(schema).is_valid(report)


def test_the_same_result_gives_the_same_bytes_in_either_language(make_result: Make) -> None:
    stream = io.BytesIO()
    formats()["json"].write(make_result(), stream, "en")
    assert stream.getvalue() == written(make_result())


def test_timings_are_written_only_when_asked_for(make_result: Make) -> None:
    quick = make_result()
    slow = dataclasses.replace(
        quick, outcomes=tuple(dataclasses.replace(outcome, seconds=outcome.seconds * 7) for outcome in quick.outcomes)
    )
    assert written(quick) == written(slow)
    profile = json.loads(written(quick, profile=True))["profile"]
    assert [(line["rule"], line["rows"]) for line in profile] == [("DOR002", 5), ("ADM001", 10), ("OWN001", 2)]


def test_an_empty_result_is_whole(make_result: Make) -> None:
    report = json.loads(written(make_result(findings=(), clauses=(), outcomes=())))
    assert report["findings"] == report["clauses"] == report["problems"] == []


def test_facts_of_every_type_can_be_written(make_finding: Callable[..., Finding], make_result: Make) -> None:
    facts = {
        "d": date(2024, 1, 1),
        "nan": float("nan"),
        "f": 0.5,
        "n": None,
        "b": True,
        "m": {"z": 1, "a": {"x"}},
        "t": (1, 2),
    }
    report = json.loads(written(make_result((make_finding(1, facts=facts),))))
    expected = {"b": True, "d": "2024-01-01", "f": 0.5, "m": {"a": ["x"], "z": 1}, "n": None, "nan": "nan", "t": [1, 2]}
    assert report["findings"][0]["facts"] == expected
    assert list(report["findings"][0]["facts"]) == sorted(expected)


def test_hostile_names_come_out_clean(hostile_result: RunResult) -> None:
    report = json.loads(written(hostile_result))
    jsonschema.validate(report, json_schema())
    assert len(report["findings"]) == 1000
    assert all(text == clean(text) for text in strings(report))


def test_no_text_that_cleaning_would_change_passes_as_clean() -> None:
    marks = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] == "M"]
    assert len(marks) > 2000
    assert [hex(ord(mark)) for mark in marks if json.loads(encoded(f"字{mark * 9}")) != clean(f"字{mark * 9}")] == []
    unprintable = [chr(code) for code in range(0x3100) if not chr(code).isprintable()]
    assert [hex(ord(one)) for one in unprintable if json.loads(encoded(f"字{one}")) != clean(f"字{one}")] == []
