"""SARIF, JUnit and Prometheus: read by the readers that dashboards and CI servers use."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from lxml import etree
from prometheus_client.parser import text_string_to_metric_families

from policycore.errors import Problem
from policycore.model.result import RunResult
from policycore.model.verdict import Verdict
from policycore.reports import Presentation, formats

Make = Callable[..., RunResult]
FIXTURES = Path(__file__).parent / "fixtures"


def written(result: RunResult, name: str, **presentation: Any) -> bytes:
    stream = io.BytesIO()
    formats(presentation=Presentation(**presentation))[name].write(result, stream, "en")
    return stream.getvalue()


def sarif(result: RunResult) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(written(result, "sarif"))
    return log


def junit(result: RunResult) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(written(result, "junit"), parser)


def metrics(result: RunResult, **presentation: Any) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    text = written(result, "prom", **presentation).decode()
    return {
        family.name: {
            tuple(sorted(label for label in one.labels.items() if label[0] != "ruleset")): one.value
            for one in family.samples
        }
        for family in text_string_to_metric_families(text)
    }


def test_sarif_has_one_result_a_finding_that_points_at_rule_and_row(make_result: Make) -> None:
    log = sarif(make_result())
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    assert len(run["results"]) == 5
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    first = run["results"][0]
    assert (first["level"], first["kind"]) == ("error", "fail")
    assert first["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert first["partialFingerprints"] == {"policycore/v1": f"{1:032x}"}


def test_sarif_suppresses_what_is_waived_and_nothing_else(make_result: Make) -> None:
    results = sarif(make_result())["runs"][0]["results"]
    assert [result["properties"]["verdict"] for result in results if "suppressions" in result] == ["waived"]
    assert [result["level"] for result in results] == ["error", "error", "warning", "note", "error"]


def test_sarif_says_when_a_run_was_incomplete(make_result: Make, broken_problem: Problem) -> None:
    assert sarif(make_result())["runs"][0]["invocations"][0]["executionSuccessful"] is True
    invocation = sarif(make_result(problems=(broken_problem,)))["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False
    place = invocation["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "rules.yaml"}, "region": {"startLine": 7, "startColumn": 3}}


def test_sarif_keeps_the_published_schema(
    make_result: Make, broken_problem: Problem, hostile_result: RunResult
) -> None:
    named = os.environ.get("POLICYCORE_SARIF_SCHEMA")
    if not named:
        pytest.skip("POLICYCORE_SARIF_SCHEMA does not name a copy of sarif-schema-2.1.0.json (it is not ours to ship)")
    schema = json.loads(Path(named).read_text(encoding="utf-8"))
    for result in (make_result(problems=(broken_problem,)), make_result((), outcomes=()), hostile_result):
        gone = {"baseline": {f"{1:032x}": "absent"}, "absent": make_result().findings[:1]}
        jsonschema.validate(json.loads(written(result, "sarif", **gone)), schema)
        jsonschema.validate(sarif(result), schema, format_checker=jsonschema.FormatChecker())


def test_sarif_lists_what_is_gone_after_what_is_there(make_result: Make) -> None:
    result = make_result()
    first, second, *_ = result.findings
    earlier = replace(first, rule="GONE001", name="gone/rule", fingerprint="a" * 32)
    lost = replace(second, verdict=Verdict.UNKNOWN, fingerprint="b" * 32)
    states = {earlier.fingerprint: "absent", lost.fingerprint: "updated", first.fingerprint: "unchanged"}
    run = json.loads(written(result, "sarif", baseline=states, lost=(lost,), absent=(earlier,)))["runs"][0]
    assert [item.get("baselineState") for item in run["results"][-2:]] == ["updated", "absent"]
    assert len(run["results"]) == len(result.findings) + len(result.gaps) + 2
    for item in run["results"]:
        assert run["tool"]["driver"]["rules"][item["ruleIndex"]]["id"] == item["ruleId"]
    # The published enumeration, and the state of the run as a whole is not touched by what is gone.
    assert {item.get("baselineState") for item in run["results"]} <= {None, "new", "unchanged", "updated", "absent"}
    assert run["invocations"][0]["executionSuccessful"] is True


def test_sarif_addresses_hold_only_what_an_address_may_hold(hostile_result: RunResult) -> None:
    run = sarif(hostile_result)["runs"][0]
    *results, _missing_field = run["results"]
    for result in results:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[\w.~/-]|%[0-9A-F]{2})+", uri, re.ASCII)
        assert ":" not in uri.split("/")[0]
        assert unquote(uri).isprintable()
    assert len(results) == 1000


def test_junit_keeps_the_schema_that_ci_servers_use(
    make_result: Make, broken_problem: Problem, hostile_result: RunResult
) -> None:
    schema = etree.XMLSchema(etree.parse(FIXTURES / "junit-10.xsd"))
    for result in (make_result(), make_result((), outcomes=()), hostile_result):
        schema.assertValid(junit(result))


def test_junit_counts_what_it_lists(make_result: Make) -> None:
    root = junit(make_result())
    for element in (root, *root.findall("testsuite")):
        assert int(element.get("tests", "")) == len(element.findall(".//testcase"))
        assert int(element.get("failures", "")) == len(element.findall(".//failure"))
        assert int(element.get("errors", "")) == len(element.findall(".//error"))
    assert len(root.findall(".//skipped")) == 1
    # Unknown is an error there: a test that could not come to an answer, and no pass.
    assert [error.get("type") for error in root.findall(".//error")] == ["unknown"]


def test_no_machine_takes_a_rule_that_nobody_judged_for_one_that_passed(make_result: Make) -> None:
    cut = replace(make_result(), unreached=("local/one", "local/two"))
    root = junit(cut)
    etree.XMLSchema(etree.parse(FIXTURES / "junit-10.xsd")).assertValid(root)
    errors = root.findall(".//testcase/error[@type='unknown']..")
    assert {case.get("name") for case in errors} >= {"local/one", "local/two"}
    assert int(root.get("errors", 0)) == len(root.findall(".//error"))
    assert int(root.get("tests", 0)) == len(root.findall(".//testcase"))


def test_junit_names_are_unlike_one_another(hostile_result: RunResult) -> None:
    names = [(case.get("classname"), case.get("name")) for case in junit(hostile_result).findall(".//testcase")]
    assert len(set(names)) == len(names) == 1004


def test_metrics_count_by_severity_rule_and_clause(make_result: Make) -> None:
    found = metrics(make_result())
    assert found["policycore_findings"] == {
        (("severity", "error"),): 1, (("severity", "info"),): 1, (("severity", "warning"),): 1,
    }  # fmt: skip
    assert sum(found["policycore_rule_findings"].values()) == 3
    assert found["policycore_clause_findings"][("clause", "一(一)-3"), ("severity", "error")] == 1
    assert found["policycore_missing_data"] == {(("field", "groups.owner_id"), ("source", "register")): 2}
    assert found["policycore_verdicts"][("verdict", "unknown"),] == 2
    assert found["policycore_verdicts"][("verdict", "pass"),] == 70
    assert found["policycore_as_of_timestamp_seconds"][()] == 1713110400


def test_what_is_not_found_is_a_zero_and_not_absent(make_result: Make) -> None:
    found = metrics(make_result(()))
    for name in ("findings", "rule_findings", "clause_findings"):
        assert set(found[f"policycore_{name}"].values()) == {0}, name
    for line in written(make_result(()), "prom", estate="office").decode().splitlines():
        assert line.startswith("#") or ('ruleset="' in line and 'estate="office"' in line)


def test_success_is_claimed_only_by_a_complete_run(make_result: Make, broken_problem: Problem) -> None:
    finished = datetime(2024, 4, 15, 3, tzinfo=UTC)
    good = metrics(make_result(), finished=finished)
    assert good["policycore_last_success_timestamp_seconds"] == {(): finished.timestamp()}
    bad = metrics(make_result(problems=(broken_problem,)), finished=finished)
    assert bad["policycore_last_run_timestamp_seconds"] == {(): finished.timestamp()}
    assert bad["policycore_last_success_timestamp_seconds"] == {(): 0}
    assert "policycore_last_run_timestamp_seconds" not in metrics(make_result())


def test_no_metric_names_a_group_or_a_person(make_result: Make, hostile_result: RunResult) -> None:
    text = written(make_result(), "prom").decode()
    assert not [name for name in ("教务处", "通知群", "张三", "李四", "g1") if name in text]
    assert metrics(hostile_result)["policycore_findings"][("severity", "error"),] == 1000


def test_label_values_are_escaped(make_result: Make) -> None:
    result = replace(make_result(), ruleset='a"b\\c\nd')
    (line,) = [one for one in written(result, "prom").decode().splitlines() if one.startswith("policycore_problems")]
    (family,) = text_string_to_metric_families(line)
    assert family.samples[0].labels["ruleset"] == 'a"b\\c d'
