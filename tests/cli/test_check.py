from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from policycore.errors import ExitCode
from policycore.reports.formats import FORMAT_NAMES
from policycore.reports.schema import json_schema

Run = Callable[..., Any]
LOCAL = "  - {id: LOCAL-1, name: local/broken, clause: [二], message: {zh: 坏, en: bad}, sql: "


def checked(run: Run, ruleset: Path, estate: Path, *more: object) -> Any:
    return run("check", "--no-store", "--ruleset", ruleset, "--estate", estate, *more)


def report(run: Run, ruleset: Path, estate: Path, *more: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(checked(run, ruleset, estate, "--format", "json", *more).out)
    return found


def own_everything(estate: Path) -> None:
    groups = estate / "groups.csv"
    groups.write_text(groups.read_text(encoding="utf-8").replace("后勤群,,", "后勤群,a1,"), encoding="utf-8")


def test_findings_end_with_1_and_the_report_says_what(run: Run, ruleset: Path, estate: Path) -> None:
    ended = checked(run, ruleset, estate)
    assert ended.code == ExitCode.FINDINGS
    assert ended.err == ""
    assert "后勤群 (g2)" in ended.out
    assert "the group has no owner" in ended.out
    assert "教务处群" not in ended.out


def test_nothing_open_ends_with_0(run: Run, ruleset: Path, estate: Path) -> None:
    own_everything(estate)
    ended = checked(run, ruleset, estate)
    assert ended.code == ExitCode.CLEAN
    assert "Nothing is open." in ended.out


def test_the_json_report_keeps_its_schema(run: Run, ruleset: Path, estate: Path) -> None:
    found = report(run, ruleset, estate)
    jsonschema.validate(found, json_schema())
    (finding,) = found["findings"]
    assert (finding["rule"], finding["subject"]["id"], finding["verdict"]) == ("OWN001", "g2", "fail")
    assert finding["source"] == {"file": "groups.csv", "row": 3}
    assert found["summary"]["by_clause"] == {"一": {"pass": 1, "fail": 1}, "二": {}}


def test_missing_data_is_a_gap_and_no_pass(run: Run, ruleset: Path, estate: Path) -> None:
    (estate / "groups.csv").write_text("id,name\ng1,教务处群\n", encoding="utf-8")
    ended = checked(run, ruleset, estate)
    assert ended.code == ExitCode.FINDINGS
    assert "column owner_id of groups" in ended.out
    assert checked(run, ruleset, estate, "--gaps", "warn").code == ExitCode.CLEAN
    found = report(run, ruleset, estate, "--gap-subjects")
    assert found["findings"] == []
    assert [(gap["fields"], gap["subjects"]) for gap in found["gaps"]] == [(["groups.owner_id"], ["g1"])]


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"), [("warning", "error", 0), ("warning", "warning", 1), ("info", "info", 1)]
)
def test_fail_on_decides_what_ends_with_1(
    severity: str, fail_on: str, code: int, run: Run, ruleset: Path, estate: Path
) -> None:
    text = ruleset.read_text(encoding="utf-8").replace("severity: error", f"severity: {severity}")
    ruleset.write_text(text, encoding="utf-8")
    assert checked(run, ruleset, estate, "--fail-on", fail_on).code == code


def test_a_wrong_rule_set_ends_with_2_and_names_every_place(run: Run, ruleset: Path, estate: Path) -> None:
    text = ruleset.read_text(encoding="utf-8").replace("owner-present", "owner-presnt")
    text += "  - use: ownership/owner-in-post\n    clause: [九]\n"
    ruleset.write_text(text, encoding="utf-8")
    ended = checked(run, ruleset, estate)
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    lines = ended.err.splitlines()
    assert len(lines) == 2
    assert [line.split(": ")[0].split(":")[1] for line in lines] == ["10", "14"]
    assert "ownership/owner-present" in ended.err


def test_wrong_data_ends_with_3_and_names_every_row(run: Run, ruleset: Path, estate: Path) -> None:
    with (estate / "groups.csv").open("a", encoding="utf-8") as file:
        file.write("g3,x,a1,forever\ng3,y,a1,standing\n")
    ended = checked(run, ruleset, estate)
    assert (ended.code, ended.out) == (ExitCode.DATA, "")
    assert "forever" in ended.err
    assert len(ended.err.splitlines()) >= 2


def test_lenient_sets_bad_rows_aside_and_says_how_many(run: Run, ruleset: Path, estate: Path) -> None:
    with (estate / "groups.csv").open("a", encoding="utf-8") as file:
        file.write(",x,a1,standing\n")
    ended = checked(run, ruleset, estate, "--lenient", "--format", "json")
    # A violation may have stood in that row: what is left is no complete answer, and the report says so as well.
    assert ended.code == ExitCode.DATA
    assert "1 bad row was set aside" in ended.err
    assert [problem["code"] for problem in json.loads(ended.out)["problems"]] == ["cli.rejected"]


def test_a_snapshot_that_was_imported_leniently_stays_incomplete(run: Run, ruleset: Path, estate: Path) -> None:
    with (estate / "groups.csv").open("a", encoding="utf-8") as file:
        file.write(",x,a1,standing\n")
    snapshot = estate.parent / "snapshot"
    run("import", str(estate), "--estate", str(snapshot), "--lenient")
    ended = checked(run, ruleset, snapshot)
    assert (ended.code, "1 bad row was set aside" in ended.err) == (ExitCode.DATA, True)


def test_a_missing_estate_ends_with_3(run: Run, ruleset: Path, tmp_path: Path) -> None:
    ended = checked(run, ruleset, tmp_path / "nowhere")
    assert ended.code == ExitCode.DATA
    assert "nowhere" in ended.err


def test_a_rule_that_breaks_ends_with_4_and_the_report_is_written(run: Run, ruleset: Path, estate: Path) -> None:
    with ruleset.open("a", encoding="utf-8") as file:
        condition = "CASE WHEN length(name) > 2 THEN CAST(name AS INTEGER) END > 1"
        file.write(f'{LOCAL}"SELECT id AS group_id FROM groups WHERE {condition}"}}\n')
    ended = checked(run, ruleset, estate, "--format", "json")
    assert ended.code == ExitCode.INCOMPLETE
    found = json.loads(ended.out)
    assert {finding["verdict"] for finding in found["findings"]} == {"fail", "error"}
    assert found["problems"]
    # The database's own message would quote the group's name.
    assert "教务处群" not in ended.err
    assert "local/broken" in ended.err


def test_a_plugin_that_is_missing_ends_with_4_and_stands_in_the_report(
    run: Run, ruleset: Path, estate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYCORE_PLUGINS", "ownership,nothing-of-the-kind")
    ended = checked(run, ruleset, estate, "--format", "json")
    assert ended.code == ExitCode.INCOMPLETE
    assert [problem["code"] for problem in json.loads(ended.out)["problems"]] == ["plugin.not-found"]
    assert "nothing-of-the-kind" in ended.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--format", "pdf"], "text, json, csv"),
        (["--as-of", "yesterday"], "--as-of"),
        (["--output", "."], "is a folder"),
    ],
)
def test_wrong_options_end_with_2_before_anything_is_written(
    options: list[str], words: str, run: Run, ruleset: Path, estate: Path
) -> None:
    ended = checked(run, ruleset, estate, *options)
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert words in ended.err


def test_as_of_without_an_offset_is_in_the_estates_zone(run: Run, ruleset: Path, estate: Path) -> None:
    assert report(run, ruleset, estate, "--as-of", "2024-04-01T09:00")["as_of"] == "2024-04-01T09:00:00+08:00"
    assert report(run, ruleset, estate, "--as-of", "2024-04-01T00:00Z")["as_of"] == "2024-04-01T08:00:00+08:00"


def test_as_of_after_the_data_is_said_to_be_incomplete(run: Run, ruleset: Path, estate: Path) -> None:
    ended = checked(run, ruleset, estate, "--as-of", "2024-05-01")
    assert ended.code == ExitCode.INCOMPLETE
    assert "2024-04-15" in ended.err


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_every_format_goes_to_a_file_and_nothing_to_the_screen(
    name: str, run: Run, ruleset: Path, estate: Path, tmp_path: Path
) -> None:
    path = tmp_path / "report"
    ended = checked(run, ruleset, estate, "--format", name, "--output", path)
    assert (ended.code, ended.out, ended.err) == (ExitCode.FINDINGS, "", "")
    assert path.stat().st_size > 100


def test_profile_adds_time_and_rows(run: Run, ruleset: Path, estate: Path) -> None:
    assert "profile" not in report(run, ruleset, estate)
    (line,) = report(run, ruleset, estate, "--profile")["profile"]
    assert (line["rule"], line["rows"]) == ("OWN001", 1)


@pytest.mark.parametrize("broken", [False, True])
def test_a_check_in_a_process_that_goes_on_leaves_no_copy_of_the_estate(
    run: Run, ruleset: Path, estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    if broken:
        (estate / "groups.csv").write_text("id,name\n,a\n", encoding="utf-8")
    ended = run("check", "--no-store", "--ruleset", ruleset, "--estate", estate)
    assert ended.code == (3 if broken else 1), ended.err
    assert list(place.iterdir()) == []


def on_terminal(arguments: list[str], **environment: str) -> str:
    """Return what a person sees who runs a command on a terminal."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "policycore", *arguments],
        stdout=follower,
        stderr=follower,
        stdin=follower,
        env={**os.environ, "TERM": "xterm", "PYTHONUTF8": "1", **environment},
    )
    os.close(follower)
    seen = b""
    while True:
        try:
            block = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not block:
            break
        seen += block
    process.wait(60)
    os.close(leader)
    return seen.decode()


def test_a_terminal_gets_progress_and_colour_unless_it_objects(ruleset: Path, estate: Path) -> None:
    arguments = ["check", "--no-store", "--ruleset", str(ruleset), "--estate", str(estate), "--lang", "en"]
    seen = on_terminal(arguments)
    assert "1/1 ownership/owner-present" in seen
    imported = on_terminal(["import", str(estate), "--estate", str(estate.parent / "imported"), "--lang", "en"])
    assert "\x1b[Kreading the files\r\x1b[Kchecking what was read\r\x1b[K" in imported
    assert imported.rindex("writing the snapshot\r\x1b[K") < imported.index("snapshot ", imported.rindex("\x1b[K"))
    assert "\x1b[31m" in seen
    plain = on_terminal(arguments, NO_COLOR="1")
    assert "\x1b[31m" not in plain
    assert "the group has no owner" in plain


def test_a_workbook_is_not_thrown_at_a_terminal(ruleset: Path, estate: Path) -> None:
    arguments = ["check", "--no-store", "--ruleset", str(ruleset), "--estate", str(estate), "--format", "xlsx"]
    seen = on_terminal([*arguments, "--lang", "en"])
    assert "--output FILE" in seen
    assert "PK" not in seen


def test_an_encoding_without_chinese_shows_marks_and_does_not_break(start: Run, ruleset: Path, estate: Path) -> None:
    arguments = [sys.executable, "-m", "policycore", "check", "--no-store", "--ruleset", ruleset, "--estate", estate]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ended = subprocess.run([*map(str, arguments), "--lang", "en"], env=environment, capture_output=True, check=False)
    assert ended.returncode == ExitCode.FINDINGS
    assert b"the group has no owner" in ended.stdout
    gbk = subprocess.run(
        list(map(str, arguments)), env={**environment, "PYTHONIOENCODING": "gbk"}, capture_output=True, check=False
    )
    assert "没有群主" in gbk.stdout.decode("gbk")


def test_json_that_is_asked_for_says_why_there_is_no_result(run: Run, ruleset: Path, estate: Path) -> None:
    with ruleset.open("a", encoding="utf-8") as file:
        file.write(f"{LOCAL}\"SELECT id AS group_id FROM groups WHERE kind = '临时'\"}}\n")
    ended = checked(run, ruleset, estate, "--format", "json")
    assert ended.code == ExitCode.USAGE
    said = json.loads(ended.out)
    assert said["findings"] == []
    assert said["summary"]["by_rule"] == {}
    assert [problem["code"] for problem in said["problems"]] == ["sql.unknown-word"]
    assert checked(run, ruleset, estate).out == ""
