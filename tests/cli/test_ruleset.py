from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from policycore.errors import ExitCode

Run = Callable[..., Any]


def test_a_good_set_is_counted(run: Run, ruleset: Path) -> None:
    ended = run("ruleset", "check", ruleset)
    assert (ended.code, ended.out, ended.err) == (ExitCode.CLEAN, "ok: 1 rule, 2 clauses, 1 covered\n", "")


@pytest.mark.parametrize("name", ["work-groups-base", "xxu-2024-wechat-groups"])
def test_shipped_sets_are_found_by_name(run: Run, name: str) -> None:
    ended = run("ruleset", "check", name)
    assert ended.code == ExitCode.CLEAN
    assert ended.out.startswith("ok: ")


def test_every_mistake_goes_to_stderr_with_its_place(run: Run, ruleset: Path) -> None:
    text = ruleset.read_text(encoding="utf-8").replace("owner-present", "owner-presnt").replace("error", "eror")
    ruleset.write_text(text.replace("[一]", "[三]"), encoding="utf-8")
    ended = run("ruleset", "check", ruleset)
    assert ended.code == ExitCode.USAGE
    assert ended.out == ""
    lines = ended.err.splitlines()
    assert [line.rpartition(f"{ruleset.name}:")[2].partition(": ")[0] for line in lines] == ["10:10", "12:15"]
    assert "did you mean ownership/owner-present" in lines[0]
    assert "did you mean error" in lines[1]


def test_a_warning_is_no_mistake(run: Run, ruleset: Path) -> None:
    ruleset.write_text(ruleset.read_text(encoding="utf-8") + "parameters: {spare: 1}\n", encoding="utf-8")
    ended = run("ruleset", "check", ruleset)
    assert ended.code == ExitCode.CLEAN
    assert "warning: the parameter spare is not used" in ended.err


def test_a_set_that_nobody_knows(run: Run) -> None:
    ended = run("ruleset", "check", "work-groups-bse")
    assert ended.code == ExitCode.USAGE
    assert "did you mean work-groups-base" in ended.err


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff" * 50, b"[" * 100_000, b"a: &a [*a, *a]", b"!!python/name:os.system"]
)
def test_no_content_ends_in_a_traceback(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    ended = run("ruleset", "check", path)
    assert ended.code == ExitCode.USAGE
    assert "Traceback" not in ended.err
    assert "a.yaml" in ended.err


def test_explain_in_both_forms(run: Run, ruleset: Path) -> None:
    ended = run("ruleset", "explain", ruleset, "OWN001")
    assert ended.code == ExitCode.CLEAN
    assert 'rules.ownership/owner-present.severity = "error"' in ended.out
    assert f"won  {ruleset}:12:15" in ended.out
    data = json.loads(run("ruleset", "explain", ruleset, "--format", "json").out)
    assert {
        "path": "ruleset",
        "value": "small",
        "won": {"file": str(ruleset), "line": 2, "column": 10},
        "lost": [],
    } in (data["values"])


def test_explain_of_a_rule_that_the_set_does_not_have(run: Run, ruleset: Path) -> None:
    ended = run("ruleset", "explain", ruleset, "OWN002")
    assert ended.code == ExitCode.USAGE
    assert "has no rule OWN002" in ended.err


def test_the_schema_is_a_json_schema(run: Run) -> None:
    schema = json.loads(run("ruleset", "schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"policycore": 1, "ruleset": "a", "title": {"zh": "甲"}}, schema)


def test_it_speaks_chinese(run: Run, ruleset: Path) -> None:
    assert run("--lang", "zh", "ruleset", "check", ruleset).out == "没有错误：规则1条，条款2个，已覆盖1个\n"
