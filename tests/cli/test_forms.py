"""Blank forms go out for every department, and what came back is told."""

from __future__ import annotations

import json
from pathlib import Path

from policycore.demo.generate import generate_demo
from tests.command_line import Run


def test_forms_go_out_and_what_came_back_is_told(tmp_path: Path, run: Run) -> None:
    generate_demo(tmp_path)
    estate = tmp_path / "estate"
    out = run("form", "members", "--estate", estate, "--output", tmp_path / "blank", "--format", "xlsx")
    assert (out.code, len(out.out.splitlines())) == (0, 21)
    assert run("form", "members", "--department", "x", "--estate", estate, "--output", tmp_path / "b").code == 2
    again = run("form", "members", "--estate", estate, "--output", tmp_path / "blank", "--format", "xlsx")
    assert again.code == 2
    status = json.loads(run("forms", "status", "--estate", estate, "--format", "json").out)
    states = {item["state"] for item in status["items"]}
    assert (len(status["items"]), states) == (63, {"in-time", "late", "missing"})
    assert {item["minutes_late"] for item in status["items"] if item["state"] == "late"} == {37}
    early = json.loads(run("forms", "status", "--estate", estate, "--as-of", "2024-03-26", "--format", "json").out)
    assert early["minutes_left"] == 11 * 60
    assert "missing" in {item["state"] for item in early["items"]}
    own = tmp_path / "own.yaml"
    own.write_text(
        "policycore: 1\nruleset: own\ntitle: {zh: 自定}\nextends: [xxu-2024-wechat-groups]\n"
        "parameters: {report_deadline: 2024-03-27T12:00:00+08:00, effective: 2024-03-22}\n",
        encoding="utf-8",
    )
    ended = run("forms", "status", "--ruleset", own, "--estate", estate, "--format", "json")
    later = json.loads(ended.out)
    assert (later["deadline"], len(later["items"])) == ("2024-03-27T12:00:00+08:00", 63)
    assert "late" not in {item["state"] for item in later["items"]}
    given = run("forms", "status", "--ruleset", own, "--deadline", "2024-03-27T11:00", "--estate", estate)
    assert "late" in given.out
    assert run("forms", "status", "--ruleset", "work-groups-base", "--estate", estate).code == 2
