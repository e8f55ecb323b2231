"""Waivers, baselines and attestations from the command line to the next run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.kept.conftest import ONE_WAIVER

GIVEN = {
    "--reason": "transition",
    "--text": "待任命",
    "--requester": "张三",
    "--approver": "李四",
    "--until": "2024-05-01T00:00:00+08:00",
    "--approved": "2024-04-14T00:00:00+08:00",
}


def waive(office: Any, *names: str, **changes: str | None) -> Any:
    given = GIVEN | {f"--{name}": value for name, value in changes.items()}
    options = [part for name, value in given.items() if value is not None for part in (name, value)]
    return office.call("waive", *names, *options)


def test_a_waived_finding_is_waived_until_it_lapses(kept: Any) -> None:
    (finding,) = kept.ids("--group", "g1")
    assert waive(kept, finding).out == "W-20240414-1\n"
    kept.estate(16)
    ran = kept.check()
    assert ran.code == 1
    assert kept.states() == {"waived": 1, "open": 2}
    assert "W-20240414-1  2024-04-30 (that day included)  in force  1" in kept.call("waive", "--list").out
    kept.estate(25)
    assert "waiver W-20240414-1 expires in 6 days" in kept.check().err
    ran = kept.check("--as-of", "2024-05-01")
    assert "waiver W-20240414-1 has no effect: it has expired" in ran.err
    assert kept.states() == {"reopened": 1, "open": 2}
    assert "waiver or attestation no longer counts" in kept.call("history", finding).out


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"approver": "张三"}, "the approver is the person who asked for it"),
        ({"approver": "张三", "requester": "李四"}, "neither a rank nor a duty"),
        ({"approver": "王五"}, "not in post"),
        ({"approver": "赵六"}, "the directory has no “赵六” (--approver)"),
        ({"until": "2024-09-01T00:00:00+08:00"}, "longer than that severity allows"),
        ({"reason": "because"}, "not on the rule set's list"),
        ({"until": "soon"}, "--until"),
        ({"text": None}, "--text"),
        ({"from": "2024-05-01T00:00:00+08:00"}, "expired"),
    ],
)
def test_what_would_not_count_is_refused_and_not_written(kept: Any, changes: dict[str, str | None], words: str) -> None:
    ran = waive(kept, *kept.ids("--group", "g1"), **changes)
    assert ran.code == 2
    assert words in ran.err
    assert kept.call("waive", "--list").out == ""


def test_what_may_not_be_waived(kept: Any) -> None:
    text = (kept.folder / "set.yaml").read_text(encoding="utf-8")
    (kept.folder / "set.yaml").write_text(
        text.replace("severity: error", "severity: error\n    enforcement: mandatory without waivers"), encoding="utf-8"
    )
    kept.check()
    assert "allows no waiver" in waive(kept, *kept.ids("--group", "g1")).err
    assert waive(kept, "ATTEST").code == 2


def test_a_waiver_lapses_when_its_facts_change(kept: Any) -> None:
    waive(kept, *kept.ids("--group", "g1"))
    people = "id,name,status,status_since\np1,张三,active,\np2,李四,active,\np3,钱七,retired,2024-01-01\n"
    kept.estate(16, people=people)
    assert "the facts it was granted for have changed" in kept.check().err
    assert "waived" not in kept.states()


def test_a_waiver_that_is_withdrawn_stays_in_the_store_and_every_act_in_the_trail(kept: Any) -> None:
    waive(kept, *kept.ids("--group", "g1"))
    assert kept.call("waive", "--withdraw", "W-20240414-1").code == 0
    assert "withdrawn:" in kept.call("waive", "--export").out
    assert kept.call("waive", "--withdraw", "W-9").code == 2
    assert [line.split()[4] for line in kept.call("audit", "show").out.splitlines()] == [
        "init",
        "run",
        "waive",
        "withdraw",
    ]
    assert kept.call("audit", "verify").code == 0


@pytest.mark.parametrize("as_of", [(), ("--as-of", "2024-04-15T12:00:00+08:00")])
def test_what_is_withdrawn_counts_for_no_later_check_of_the_same_data(kept: Any, as_of: tuple[str, ...]) -> None:
    waive(kept, *kept.ids("--group", "g1"))
    kept.check()
    assert kept.states()["waived"] == 1
    ran = kept.call("waive", "--withdraw", "W-20240414-1")
    assert (ran.code, ran.out) == (0, "")
    assert "waiver W-20240414-1 is withdrawn" in ran.err
    assert "W-20240414-1  2024-04-30 (that day included)  it was withdrawn  0" in kept.call("waive", "--list").out
    before = kept.call("waive", "--export").out
    assert "was withdrawn before" in kept.call("waive", "--withdraw", "W-20240414-1").err
    assert kept.call("waive", "--export").out == before, "the time of the first withdrawal stays"
    kept.check(*as_of)
    assert kept.states() == {"reopened": 1, "open": 2}


def test_a_check_with_the_decisions_of_then_says_what_it_said_then(kept: Any, tmp_path: Path) -> None:
    def checked(*options: str) -> Any:
        result = json.loads(kept.check("--format", "json", *options).out)
        said = [(item["fingerprint"], item["verdict"]) for item in result["findings"]]
        return result["decisions_hash"], said

    waive(kept, *kept.ids("--group", "g1"))
    file = tmp_path / "then.yaml"
    assert kept.call("waive", "--export", str(file)).code == 0
    said_then = checked()
    kept.call("waive", "--withdraw", "W-20240414-1")
    assert checked() != said_then
    assert kept.call("init", str(tmp_path / "again")).code == 0
    again = ("--workspace", str(tmp_path / "again"), "--no-store")
    (tmp_path / "again" / ".policycore" / "waivers.yaml").write_bytes(file.read_bytes())
    assert checked(*again) == said_then
    assert kept.call("waive", "--import", "--workspace", str(tmp_path / "again")).code == 0
    assert checked(*again) == said_then


def test_undoing_leaves_no_decision_unless_a_run_has_seen_it(kept: Any) -> None:
    from policycore.decisions.read import workspace_decisions
    from policycore.operations.withdraw import undo
    from policycore.store.workspace import find_workspace

    workspace = find_workspace(None, None)
    assert workspace is not None
    for seen in (False, True):
        waive(kept, *kept.ids("--group", "g1"))
        if seen:
            kept.check()
        with workspace.open_store() as store:
            undo(workspace, store, ["W-20240414-1"])
        stands = [waiver.withdrawn is not None for waiver in workspace_decisions(workspace).waivers]
        assert stands == ([True] if seen else [])
        kept.check()
        assert "waived" not in kept.states()


def test_a_baseline_accepts_today_and_not_tomorrow(kept: Any) -> None:
    ran = waive(kept, "--baseline", reason="baseline")
    assert ran.out == "B-20240414-1\n"
    assert "1 finding may not be waived" in ran.err
    kept.estate(16, groups=kept.groups_without().replace("工作三群,standing,d2,a1", "工作三群,standing,d2,a3"))
    kept.check()
    assert kept.states() == {"waived": 2, "new": 1, "open": 1}
    listed = kept.call("waive", "--export").out
    assert sum(len(line.strip(" -")) == 32 for line in listed.splitlines()) == 2


def test_an_attestation_settles_its_clause_until_it_is_withdrawn(kept: Any) -> None:
    Path("scan.pdf").write_bytes(b"signed")
    options = ("--person", "李四", "--signed", "2024-04-10T00:00:00+08:00", "--evidence", "scan.pdf")
    assert kept.call("attest", "二-9", *options).code == 2
    assert kept.call("attest", "二-1", *options[:-1], "none.pdf").code == 3
    assert "not in post" in kept.call("attest", "二-1", "--person", "王五", *options[2:]).err
    assert kept.call("attest", "二-1", *options).out == "A-20240410-1\n"
    kept.check()
    assert kept.states() == {"attested": 1, "open": 2}
    assert "in force" in kept.call("attest", "--list").out
    assert "scan.pdf" in kept.call("attest", "--export").out
    kept.call("attest", "--withdraw", "A-20240410-1")
    assert "was withdrawn" not in kept.check().err
    assert kept.states() == {"reopened": 1, "open": 2}


def with_parameter(office: Any, parameter: str) -> None:
    """Write the rule set with another parameter in place of its approvers."""
    text = (office.folder / "set.yaml").read_text(encoding="utf-8")
    text = text.replace("waiver_approver_ranks: [中层正职]", parameter)
    (office.folder / "set.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "parameter",
    ["waiver_aprover_ranks: [x]", "waiver_approver_duties: []", "waiver_days_error: long", "waiver_days_info: -1"],
)
def test_a_mistyped_parameter_for_waivers_is_a_mistake_of_the_rule_set(kept: Any, parameter: str) -> None:
    with_parameter(kept, parameter)
    ran = kept.check()
    assert ran.code == 2
    assert "set.yaml:10:" in ran.err


def test_a_waiver_is_approved_on_the_date_of_the_data_unless_said_otherwise(kept: Any) -> None:
    ran = waive(kept, *kept.ids("--group", "g1"), approved=None)
    assert (ran.code, ran.out, ran.err) == (0, "W-20240415-1\n", "")
    kept.check()
    assert kept.states()["waived"] == 1


@pytest.mark.parametrize("wide", [False, True])
def test_every_reason_against_a_waiver_is_told_at_once_with_what_is_allowed(kept: Any, wide: bool) -> None:
    options = ("--group", "g1", "--rule", "local/owner-retired") if wide else tuple(kept.ids("--group", "g1"))
    ran = waive(kept, *options, approver="张三", reason="because", until="2024-09-01T00:00:00+08:00")
    assert ran.code == 2
    for words in ("the person who asked", "neither a rank nor a duty", "the reasons are transition, "):
        assert ran.err.count(words) == 1
    if not wide:
        assert "140 days are asked for and 90 are allowed: let it end by 2024-07-12 (that day included)" in ran.err
    ran = waive(kept, *options, approver="赵六", until="2024-04-01", approved=None)
    assert "no “赵六”" in ran.err
    assert "from 2024-04-15 00:00+08:00 to 2024-04-01 (that day included)" in ran.err
    assert "(--approved)" in ran.err
    assert "standing" not in ran.err.replace("standing is shown by the directory", ""), "nobody knows about theirs"


def test_a_waiver_from_later_on_is_told_in_the_zone_of_the_estate(kept: Any) -> None:
    (finding,) = kept.ids("--group", "g1")
    ran = waive(kept, finding, **{"from": "2024-04-15T16:30:00+00:00"})
    assert "counts from 2024-04-16 00:30+08:00, and the newest run's data is of 2024-04-15 00:00+08:00" in ran.err
    assert waive(kept, finding, **{"from": "2024-04-14T16:00:05+00:00"}).err == ""


@pytest.mark.parametrize(("command", "other"), [("waive", "statement"), ("attest", "waiver")])
def test_what_is_missing_is_told_in_words_of_the_command(kept: Any, command: str, other: str) -> None:
    ran = kept.call(command)
    assert (ran.code, other in ran.err) == (2, False)


def test_what_the_directory_does_not_tell_is_named_and_never_called_out_of_post(kept: Any) -> None:
    (finding,) = kept.ids("--group", "g1")
    Path("scan.pdf").write_bytes(b"signed")
    statement = ("二-1", "--person", "李四", "--signed", "2024-04-10", "--evidence", "scan.pdf")
    undated = "person_id,department_id,title,rank,duties\np1,d1,科长,科级,\np2,d1,处长,中层正职,党建\n"
    begun = "person_id,department_id,title,rank,duties,since\np2,d1,处长,中层正职,党建,2020-01-01\n"
    for appointments, gone in ((undated, ("since", "until")), (begun, ("until",))):
        kept.estate(appointments=appointments)
        kept.check()
        for ran in (waive(kept, finding), kept.call("attest", *statement)):
            assert ran.code == 2
            assert "not in post" not in ran.err
            assert tuple(name for name in ("since", "until") if f"appointments.{name}" in ran.err) == gone
        assert "免职时间（appointments.until）" in kept.call("--lang", "zh", "attest", *statement).err
    kept.estate()
    kept.check()
    assert waive(kept, finding).code == 0


def test_zero_days_allow_no_waiver(kept: Any) -> None:
    with_parameter(kept, "waiver_days_error: 0")
    kept.check()
    assert "longer than that severity allows" in waive(kept, *kept.ids("--group", "g1")).err


def test_a_rule_is_waived_for_a_whole_department(kept: Any) -> None:
    ran = waive(kept, "--department", "科研处", "--rule", "local/owner-retired")
    assert ran.out == "W-20240414-1\n"
    kept.estate(16, groups=kept.groups_without().replace("工作三群,standing,d2,a1", "工作三群,standing,d2,a3"))
    kept.check()
    assert kept.states() == {"waived": 2, "open": 2}
    text = kept.call("waive", "--export").out
    assert "departments:" in text
    assert "- d2" in text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--group", "g1"), "neither a rule nor a clause"),
        (("--group", "g9", "--clause", "一-1"), "has no “g9”"),
        (("--department", "x", "--rule", "nothing/such"), "no rule “nothing/such”"),
        (("--group", "工作一群", "--clause", "一-1", "--until", "2024-12-01T00:00:00+08:00"), "longer than"),
    ],
)
def test_a_wide_waiver_that_would_not_count(kept: Any, options: tuple[str, ...], words: str) -> None:
    until = None if "--until" in options else GIVEN["--until"]
    ran = waive(kept, *options, until=until)
    assert ran.code == 2
    assert words in ran.err


def test_a_decision_that_the_audit_trail_cannot_take_does_not_count(kept: Any) -> None:
    import sqlite3

    (finding,) = kept.ids("--group", "g1")
    # The commit is what fails: a deferred constraint is looked at only then.
    with sqlite3.connect(kept.folder / ".policycore" / "store.sqlite3") as store:
        store.execute("CREATE TABLE late (id INTEGER REFERENCES runs(id) DEFERRABLE INITIALLY DEFERRED)")
        store.execute("CREATE TRIGGER spoil AFTER INSERT ON audit BEGIN INSERT INTO late VALUES (-1); END")
    store.close()
    assert waive(kept, finding).code == 3
    assert kept.call("waive", "--list").out == ""
    assert "waive" not in kept.call("audit", "show").out
    with sqlite3.connect(kept.folder / ".policycore" / "store.sqlite3") as store:
        store.execute("DROP TRIGGER spoil")
    store.close()
    assert waive(kept, finding).code == 0


def test_decisions_that_were_written_by_hand_are_in_the_audit_trail_as_well(kept: Any) -> None:
    def told() -> dict[str, Any]:
        lines = kept.call("audit", "show", "--json").out.splitlines()
        details = [json.loads(line) for line in lines if json.loads(line)["action"] == "run"][-1]["details"]
        return {name: value for name, value in details.items() if name.startswith("decisions_") and name[10:] != "hash"}

    file = kept.folder / ".policycore" / "waivers.yaml"
    file.write_text(ONE_WAIVER, encoding="utf-8")
    kept.check()
    assert told() == {"decisions_added": ["waiver w1"]}
    kept.check()
    assert told() == {}
    file.write_text("policycore: 1\nwaivers: []\n", encoding="utf-8")
    kept.check()
    assert told() == {"decisions_removed": ["waiver w1"]}


RULE_WITH_PARAMETER = """\
  - use: ownership/owner-in-post
    clause: [一-1]
    with: {grace_days: 10}
attestations:
"""
SQL_RULE_WITH_PARAMETER = """\
  - id: LOCAL-3
    name: local/owns-more
    clause: [一-1]
    sql: SELECT min(id) AS group_id, count(*) AS owned FROM groups GROUP BY owner_id HAVING count(*) > $limit
    with: {limit: 1}
    floor: {limit: {max: 9}}
    message: {zh: "一人{owned}群", en: "owns {owned}"}
attestations:
"""


@pytest.mark.parametrize(
    ("rule", "entry", "parameter", "looser", "tighter"),
    [
        ("OWN002", RULE_WITH_PARAMETER, "grace_days: 10", "grace_days: 20", "grace_days: 5"),  # the rule says which way
        ("LOCAL-3", SQL_RULE_WITH_PARAMETER, "{limit: 1}", "{limit: 2}", "{limit: 0}"),  # the floor does
    ],
)
@pytest.mark.long
def test_loosening_a_parameter_leaves_a_waiver_and_tightening_ends_it(
    kept: Any, rule: str, entry: str, parameter: str, looser: str, tighter: str
) -> None:
    file = kept.folder / "set.yaml"
    text = file.read_text(encoding="utf-8").replace("attestations:\n", entry)
    file.write_text(text, encoding="utf-8")
    third = "g4,register,wechat,工作四群,standing,d2,a3,2023-01-01,\n"
    groups = kept.groups_without("nothing") + third
    kept.estate(16, groups=groups)
    kept.check()
    (finding, *_) = kept.ids("--rule", rule)
    assert waive(kept, finding).code == 0
    kept.check()
    assert kept.states()["waived"] == 1
    for value, state in ((looser, "waived"), (tighter, "reopened")):
        (kept.folder / "new.yaml").write_text(text.replace(parameter, value), encoding="utf-8")
        found = json.loads(kept.call("impact", "set.yaml", "new.yaml", "--json").out)
        lapsing = [item["status"] for item in found["lapse"]]
        assert lapsing == ([] if state == "waived" else ["parameters-changed"]), value
        file.write_text(text.replace(parameter, value), encoding="utf-8")
        ran = kept.check()
        assert kept.states().get(state) == 1, value
        assert ("were tightened" in ran.err) is (state == "reopened")


def test_a_date_is_in_the_zone_of_the_estate_wherever_the_machine_stands(
    kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        (finding,) = kept.ids("--group", "g1")
        assert waive(kept, finding, until="2024-04-30", approved="2024-04-14").code == 0
        written = kept.call("waive", "--export").out
    finally:
        monkeypatch.undo()
        time.tzset()
    assert "until: '2024-05-01T00:00:00+08:00'" in written
    assert "from: '2024-04-14T00:00:00+08:00'" in written
