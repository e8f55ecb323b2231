"""Findings that are kept as bytes come back as they were, whatever they say; what was changed never does."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policycore.language import Text
from policycore.model.result import Decision, Finding, RemediationStep, RunResult, Source, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict
from policycore.reports.json_report import JsonReport
from policycore.store import kept_answers
from policycore.store.bodies import finding_body, said_hash
from policycore.store.kept_answers import arrange, read_answer, write_answer
from policycore.store.kept_findings import KeptFindings

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2024, 4, 15, tzinfo=SHANGHAI)
# Half a character has no bytes: a rule that says one is judged every time.
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["教务处-张三", 'a"b\\c', "\u202e倒", "é\u0301", "<script>", "\x1b[31m", "=1+1", "👨\u200d👩"]
)
texts = st.builds(Text, text, text)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.astimezone(SHANGHAI)
)
simple = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | text
facts = st.dictionaries(
    text,
    simple | moments | st.dates() | st.lists(simple, max_size=3) | st.lists(moments, max_size=2)
    | st.tuples(simple, simple) | st.dictionaries(text, simple, max_size=2),
    max_size=4,
)  # fmt: skip
optional = st.none() | text
subjects = st.builds(
    SubjectRef,
    st.sampled_from(Subject),
    text,
    text,
    optional,
    optional,
    optional,
    optional,
    optional,
    optional,
    optional,
)
steps = st.builds(RemediationStep, text, optional, texts, st.none() | moments)
sources = st.none() | st.builds(Source, text, st.integers(0, 2**31 - 1))
one = st.builds(
    Finding,
    id=text, rule=text, name=text, title=texts, clauses=st.lists(text, max_size=2).map(tuple),
    verdict=st.sampled_from(Verdict), severity=st.sampled_from(Severity), enforcement=st.sampled_from(Enforcement),
    subject=subjects, message=texts, facts=facts, remediation=st.lists(steps, max_size=2).map(tuple),
    fingerprint=text, source=sources, former=st.lists(text, max_size=2).map(tuple),
)  # fmt: skip
several = st.lists(one, max_size=5)


def line(finding: Finding) -> bytes:
    """Return a finding's line in the JSON report."""
    result = RunResult("r", Text("r", "r"), "", "", datetime(2024, 1, 1, tzinfo=UTC), "UTC", "0", (finding,), (), ())
    stream = BytesIO()
    JsonReport().write(result, stream, "zh")
    return stream.getvalue().partition(b'"findings":[')[2]


def back(findings: list[Finding]) -> list[Finding]:
    """Return findings as the next run reads them."""
    kept = KeptFindings.read(KeptFindings.of(findings, AS_OF).packed(), AS_OF)
    assert len(kept) == len(findings)
    return kept.findings(range(len(findings)), [finding.source for finding in findings])


@settings(deadline=None, max_examples=60)
@given(several)
def test_they_come_back_as_they_were(findings: list[Finding]) -> None:
    fresh = [replace(finding) for finding in findings]
    recalled = back(findings)
    for before, after in zip(fresh, recalled, strict=True):
        # Hash and line first: they must not need what is read back when it is first asked for.
        assert said_hash(after, AS_OF) == said_hash(before, AS_OF)
        assert line(after) == line(before)
        assert after == before
        assert finding_body(after) == finding_body(before)
        for name, value in after.facts.items():
            assert type(value) is type(before.facts[name])
        assert [step.due and step.due.tzinfo for step in after.remediation] == [
            step.due and step.due.tzinfo for step in before.remediation
        ]


def finding(number: int, **changes: Any) -> Finding:
    """Return a plain finding."""
    subject = SubjectRef(Subject.GROUP, f"g{number}", f"群{number}", f"g{number}", f"群{number}")
    values: dict[str, Any] = {"facts": {"days": number, "seen": date(2024, 4, number % 28 + 1)}}
    return Finding(
        id=f"T-{number}", rule="T", name="test/t", title=Text("题", "title"), clauses=("1",), verdict=Verdict.FAIL,
        severity=Severity.ERROR, enforcement=Enforcement.MANDATORY, subject=subject, message=Text("错", "wrong"),
        remediation=(), fingerprint=f"{number:032x}", source=Source("g.csv", number), **(values | changes),
    )  # fmt: skip


def test_a_copy_that_says_something_else_is_not_taken_for_what_is_kept() -> None:
    [recalled] = back([finding(1)])
    decision = Decision("waiver", "W1", "reason", "text", "somebody", datetime(2025, 1, 1, tzinfo=UTC))
    waived = replace(recalled, verdict=Verdict.WAIVED, decision=decision)
    assert waived.kept is None
    assert waived.message == Text("错", "wrong")
    assert b'"verdict":"waived"' in line(waived)
    assert b'"kind":"waiver"' in line(waived)
    assert said_hash(waived, AS_OF) != said_hash(recalled, AS_OF)


def test_only_words_are_read_late_and_unknown_names_are_errors() -> None:
    [recalled] = back([finding(1)])
    for field in fields(Finding):
        getattr(recalled, field.name)
    assert repr(recalled) == repr(finding(1))
    with pytest.raises(AttributeError):
        recalled.colour  # type: ignore[attr-defined] # noqa: B018 - it is the access that fails
    with pytest.raises(AttributeError):
        Finding.__new__(Finding).message  # noqa: B018 - as above


@pytest.mark.parametrize("fact", [2**80, "\ud800", {"a": object()}])
def test_what_the_form_cannot_hold_is_refused(fact: object) -> None:
    with pytest.raises((OverflowError, UnicodeEncodeError, TypeError)):
        KeptFindings.of([finding(1, facts={"fact": fact})], AS_OF)


def named(holders: list[KeptFindings], files: dict[str, bytes]) -> None:
    """Put findings into files."""
    for kept in holders:
        if not kept.name:
            kept.name = f"file{len(files)}"
            files[kept.name] = kept.packed()


def recalled(answer: bytes, files: dict[str, bytes]) -> list[Finding]:
    """Return what a later run reads."""

    def opened(name: str) -> KeptFindings:
        kept = KeptFindings.read(files[name], AS_OF)
        kept.name = name
        return kept

    return read_answer(answer).findings(opened)


def test_an_answer_grows_by_what_is_new_until_it_is_written_anew() -> None:
    files: dict[str, bytes] = {}
    known = [finding(number) for number in range(20)]
    holders, listed = arrange(known, AS_OF)
    named(holders, files)
    sizes = [len(holders)]
    for turn in range(12):
        before = recalled(write_answer(listed), files)
        # One is gone, one says something else, one moved, one is new.
        fresh = [finding(turn + 5, facts={"days": -turn}), finding(100 + turn)]
        kept = [item for item in before if item.fingerprint not in {fresh[0].fingerprint, f"{turn:032x}"}]
        moved = replace(kept[-1].source or Source("", 0), row=1000 + turn)
        object.__setattr__(kept[-1], "source", moved)
        known = [*kept, *fresh]
        said = {item.fingerprint: replace(item) for item in known}
        holders, listed = arrange(known, AS_OF)
        named(holders, files)
        sizes.append(len(holders))
        after = {item.fingerprint: item for item in recalled(write_answer(listed), files)}
        assert after == said
        assert len(after) == len(known)
    assert max(sizes) <= kept_answers.MOST_FILES
    assert 1 in sizes[1:], "written anew at least once"
    assert 3 in sizes, "and not every time"


def test_an_answer_that_says_little_of_what_its_files_hold_is_written_anew() -> None:
    files: dict[str, bytes] = {}
    holders, listed = arrange([finding(number) for number in range(20)], AS_OF)
    named(holders, files)
    few = recalled(write_answer(listed), files)[:8]
    holders, _ = arrange(few, AS_OF)
    assert [len(kept) for kept in holders] == [8]
    assert not holders[0].name
