"""The files of decisions: every mistake with its place, the same in a file as in the store."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policycore.decisions.attestations import SignedStatement
from policycore.decisions.read import holds, read_attestations, read_waivers
from policycore.decisions.records import decision_of, record_of, said
from policycore.decisions.write import file_of
from policycore.errors import DataError, UsageError
from policycore.system.atomic_files import write_atomically
from tests.decisions.conftest import NOON, waiver

WHOLE = """\
# reviewed on Monday
policycore: 1
waivers:
  - id: W-1   # the first
    rule: ownership/owner-in-post
    clause: 一(一)-3
    scope: {groups: [g1, "007"], departments: d1}
    reason: transition
    text: '待任命: 是'
    ticket: 12
    requester: p1
    approver: p2
    approved: 2024-04-15T00:00:00+08:00
    from: 2024-04-15T00:00:00+08:00
    until: 2024-05-15T00:00:00Z
    granted_for:
      parameters: {grace_days: 3, kinds: [a, b]}
      facts:
        aaaa: {owner: 张三, count: 7}
"""


def problems_of(path: Path, text: str) -> list[tuple[str, int, int]]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_waivers(path)
    return [(item.code, item.place.line, item.place.column) for item in caught.value.problems if item.place]


def test_a_whole_entry(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    (waiver,) = read_waivers(path)
    assert waiver.scope.groups == {"g1", "007"}
    assert waiver.scope.departments == {"d1"}
    assert waiver.ends == datetime(2024, 5, 15, tzinfo=UTC)
    assert waiver.ticket == "12"
    assert waiver.parameters == {"grace_days": "3", "kinds": ["a", "b"]}
    assert waiver.facts == {"aaaa": {"owner": "张三", "count": "7"}}
    assert waiver.place is not None
    assert waiver.place.line == 4


def test_no_file_is_no_decisions(tmp_path: Path) -> None:
    assert read_waivers(tmp_path / "none.yaml") == ()
    assert read_attestations(tmp_path / "none.yaml") == ()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes and devices in the file system")
@pytest.mark.timeout(30)
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "waivers.yaml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    with pytest.raises(UsageError) as caught:
        read_waivers(path)
    assert caught.value.problems[0].code in ("decision.no-plain-file", "decision.is-folder")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("    ticket: 12", "    tikcet: 12", [("decision.unknown-key", 10, 5)]),
        ("    reason: transition\n", "", [("decision.missing-key", 4, 5)]),
        ("2024-04-15T00:00:00+08:00\n    until", "2024-04-15T00:00:00\n    until", [("decision.no-offset", 14, 11)]),
        ("until: 2024-05-15T00:00:00Z", "until: soon", [("decision.not-a-time", 15, 12)]),
        # Whether it is withdrawn or not must not be a guess.
        ("    ticket: 12", "    withdrawn: false", [("decision.not-a-time", 10, 16)]),
        ("    ticket: 12", "    withdrawn:", [("decision.nothing-given", 10, 5)]),
        # A waiver that is tied to nothing would outlive every tightening.
        ("parameters: {grace_days: 3, kinds: [a, b]}", "parameters: 3", [("decision.wrong-type", 17, 19)]),
        (
            "scope: {groups",
            "scope: {baseline: {file: ../x, sha256: a, sha1: b}, groups",
            [("decision.baseline-place", 7, 30), ("decision.unknown-key", 7, 47)],
        ),
        ("until: 2024-05-15", "until: 2023-05-15", [("decision.ends-first", 15, 12)]),
        ('scope: {groups: [g1, "007"], departments: d1}', "scope: {}", [("decision.no-scope", 7, 12)]),
        ("groups: [g1", "gruops: [g1", [("decision.unknown-key", 7, 13)]),
        (
            'scope: {groups: [g1, "007"], departments: d1}',
            "scope: g1",
            [("decision.wrong-type", 7, 12)],
        ),
        ("    rule: ownership/owner-in-post\n    clause: 一(一)-3\n", "", [("decision.no-aim", 4, 5)]),
        ("      parameters:", "      params:", [("decision.unknown-key", 17, 7)]),
        ("policycore: 1\n", "policycore: 2\n", [("decision.unknown-word", 2, 13)]),
        ("    text: '待任命: 是'", "    text: [a]", [("decision.wrong-type", 9, 11)]),
        (
            "scope: {groups",
            "scope: {baseline: {file: ../../x, sha256: a}, groups",
            [("decision.baseline-place", 7, 30)],
        ),
        (
            "scope: {groups",
            "scope: {baseline: {file: x.txt, sha256: a}, groups",
            [("decision.baseline-missing", 7, 23)],
        ),
    ],
)
def test_every_mistake_has_its_place(
    tmp_path: Path, before: str, after: str, expected: list[tuple[str, int, int]]
) -> None:
    assert before in WHOLE
    assert problems_of(tmp_path / "w.yaml", WHOLE.replace(before, after)) == expected


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    text = "policycore: 1\nextra: 1\nwaivers:\n  - 7\n  - {id: a}\n  - {id: b, reason: x}\n"
    codes = [code for code, _, _ in problems_of(tmp_path / "w.yaml", text)]
    assert codes[:2] == ["decision.unknown-key", "decision.wrong-type"]
    assert codes.count("decision.missing-key") == 15


def test_one_id_twice(tmp_path: Path) -> None:
    entry = WHOLE.split("waivers:\n")[1]
    assert problems_of(tmp_path / "w.yaml", WHOLE + entry) == [("decision.same-id", 20, 5)]


@pytest.mark.parametrize("written", ["007", "1e3", "0o17", "2024-04-15", "yes", "'7'", "~x"])
def test_an_id_is_what_is_written(tmp_path: Path, written: str) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(WHOLE.replace("W-1 ", f"{written} "), encoding="utf-8")
    (waiver,) = read_waivers(path)
    assert waiver.id == written.strip("'")
    path.write_bytes(file_of("waiver", [waiver]))
    assert [one.id for one in read_waivers(path)] == [waiver.id]


@pytest.mark.parametrize(
    "text", ["waivers: [", "a: &x 1\nb: *x", "policycore: 1\npolicycore: 1", "!!python/name:os.system x"]
)
def test_what_is_no_plain_yaml(tmp_path: Path, text: str) -> None:
    assert problems_of(tmp_path / "w.yaml", text)


@example("\x85", {"\x85": "\u2028", "n": "\ufeff\x00"}, None)
@given(
    st.text(max_size=40),
    st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=10), max_size=3),
    st.sampled_from([None, NOON]),
)
def test_any_words_survive_file_and_store(
    tmp_path_factory: pytest.TempPathFactory, text: str, facts: dict[str, str], withdrawn: datetime | None
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    made = waiver(text=text or "x", facts={"ff": facts} if facts else {}, withdrawn=withdrawn)
    assert decision_of(record_of(made)) == made
    path.write_bytes(file_of("waiver", [made]))
    (filed,) = read_waivers(path)
    assert said(filed) == said(made)
    assert filed.withdrawn == withdrawn
    assert holds(made, filed)


def test_a_write_that_fails_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("policycore.system.atomic_files.os.fsync", full)
    with pytest.raises(DataError):
        write_atomically(path, b"new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["waivers.yaml"]
    monkeypatch.undo()
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


def test_attestations(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    signed = SignedStatement("A-1", "二(二)-1", "estate", "p1", NOON, "ab" * 32, "scan.pdf", 30)
    assert decision_of(record_of(signed)) == signed
    path.write_bytes(file_of("attestation", [signed]))
    (statement,) = read_attestations(path)
    assert replace(statement, place=None) == signed
    path.write_text(path.read_text(encoding="utf-8").replace("ab" * 32, "ab").replace("30", "0"), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_attestations(path)
    assert [item.code for item in caught.value.problems] == ["decision.no-hash", "decision.bound-greater-than-equal"]


def test_a_pipe_or_device_is_never_replaced_by_a_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(DataError):
        write_atomically(pipe, b"new")
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
