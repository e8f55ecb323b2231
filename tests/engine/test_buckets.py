"""Buckets of groups that are judged apart say together what the whole says."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow
import pytest

from policycore import Hit, Pattern, Query, Subject, TextRule
from policycore.engine import buckets as engine_buckets
from policycore.engine import run as engine_run
from policycore.engine.bucket_work import BucketJudge
from policycore.engine.buckets import Bucket, SharedWork
from policycore.engine.judging import hits as engine_hits
from policycore.engine.judging import result_shape
from policycore.engine.judging.judgement import Judgement
from policycore.engine.run import BucketJudged, Evaluation, RuleJudged
from policycore.engine.session import EstateData
from policycore.errors import DataError
from policycore.estate.snapshot import EstateSource, Snapshot, write_tables
from policycore.testing import ruleset_of


class Here:
    """Judge the last bucket first, in this process, from what another one would be sent."""

    workers = 8

    def __init__(self) -> None:
        self.sent: list[tuple[SharedWork, Bucket]] = []

    def judge(self, work: SharedWork, buckets: Sequence[Bucket]) -> Iterator[tuple[int, Mapping[str, Judgement]]]:
        self.sent += [(work, bucket) for bucket in buckets]
        return self._answers(work, buckets)

    def _answers(self, work: SharedWork, buckets: Sequence[Bucket]) -> Iterator[tuple[int, Mapping[str, Judgement]]]:
        for place, bucket in reversed(list(enumerate(buckets))):
            yield place, pickle.loads(pickle.dumps(BucketJudge(work)(bucket)))  # noqa: S301 - made in this line


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_buckets, "LEAST_IN_BUCKET", 1)


@pytest.fixture
def snapshot(tmp_path: Path, estate) -> Snapshot:
    """Return a snapshot of nine groups, one of them of later, each with two messages, from two sources."""
    groups = [
        {
            "id": f"g{number}",
            "name": f"群{number}",
            "source": ("register", "platform")[number % 2],
            "owner_id": None if number % 3 else f"a{number}",
            "created_at": "2024-05-01T00:00:00+08:00" if number == 4 else "2024-01-01T00:00:00+08:00",
        }
        for number in range(9)
    ]
    texts = [f"第{row}条,机密★{row}年" if row % 4 else "收到" for row in range(18)]
    data = estate(
        {
            "groups": groups,
            "accounts": [{"id": f"a{number}"} for number in range(9)],
            "memberships": [{"group_id": f"g{number}", "account_id": f"a{number}"} for number in range(9)],
            "messages": [
                {
                    "id": f"m{row}",
                    "group_id": f"g{row // 2}",
                    "sender_id": f"a{row // 2}",
                    "type": "text",
                    "text": text,
                    "sent_at": "2024-03-01T10:00:00+08:00",
                }
                for row, text in enumerate(texts)
            ],
            "attachments": [
                {"id": f"f{row}", "message_id": f"m{row}", "name": f"机密★{row}.pdf"} for row in (1, 5, 17)
            ],
        }
    )
    tables = {
        name: table.select([column for column in table.column_names if not column.endswith(("_key", "_unknown"))])
        for name, table in data.relations.items()
        if isinstance(table, pyarrow.Table)
    }
    sources = [EstateSource("register", "wechat", ("groups.owner_id",)), EstateSource("platform", "wecom")]
    return write_tables(tables, tmp_path / "snapshot", as_of=data.as_of, sources=sources)


@pytest.fixture
def rules(no_owner) -> list[Any]:
    """Return rules of every form, one of them broken over some groups, one that looks at all groups together."""

    class Owner(no_owner):
        per_group = True

    class Facts(no_owner):
        id, name, per_group = "TST002", "test/facts", True
        subject = Subject.MEMBERSHIP
        requires = ("memberships.account_id",)

        def check(self, estate, params) -> Iterator[Hit]:
            for row in estate.rows("SELECT group_id, account_id FROM memberships"):
                number = int(row["group_id"][1:])
                extra = [{"zulu": "乙"}, {"alpha": None}, {}][number % 3]
                yield {**row, **extra, "beta": number}

    class Types(no_owner):
        id, name, per_group = "TST006", "test/types", True

        def check(self, estate, params) -> Iterator[Hit]:
            for row in estate.rows("SELECT id AS group_id FROM groups"):
                number = int(row["group_id"][1:])
                yield {**row, "number": number if number % 2 else number / 4, "words": ["甲"] * (number % 2)}

    class Breaks(no_owner):
        id, name, per_group = "TST003", "test/breaks", True

        def check(self, estate, params) -> Iterator[Hit]:
            for row in estate.rows("SELECT id AS group_id FROM groups"):
                yield {**row, "part": 1 / (int(row["group_id"][1:]) - 5)}

    class Marks(TextRule, no_owner):
        id, name, subject, requires = "TST004", "test/marks", Subject.MESSAGE, ()
        reads = ("messages.text", "attachments.name")
        key_facts = ("field", "offset")

        def patterns(self, params) -> Iterator[Pattern]:
            yield Pattern("mark", "机密★")

    class Whole(no_owner):
        id, name, requires = "TST005", "test/whole", ("groups.id",)

        def check(self, estate, params) -> Query:
            return estate.query("SELECT id AS group_id, (SELECT count(*) FROM groups) AS there FROM groups")

    return [Owner, Facts, Breaks, Marks, Whole, Types]


def _said(snapshot: Snapshot | EstateData, rules: Sequence[Any], executor: Here | None) -> Any:
    """Return everything that a result says but how long it took."""
    from policycore import Case

    sets = [ruleset_of(rule(), Case("", given={})) for rule in rules]
    ruleset = replace(sets[0], rules=tuple(one.rules[0] for one in sets))
    with Evaluation(snapshot, ruleset, evidence_key=b"k" * 32, executor=executor) as evaluation:
        result = evaluation.finish()
    outcomes = [(one.rule, one.verdicts, one.rows) for one in result.outcomes]
    return [one.address for one in result.findings.rows], result.findings.loose, result.gaps, outcomes, result.problems


def test_buckets_say_together_what_the_whole_says(snapshot, rules, monkeypatch):
    executor, together = Here(), {}

    def put_together(rule, parts):
        together[rule.id] = engine_buckets.put_together(rule, parts)
        return together[rule.id]

    monkeypatch.setattr(engine_run, "put_together", put_together)
    assert _said(snapshot, rules, executor) == _said(snapshot, rules, None)
    assert [rule for rule, judgement in together.items() if judgement is None] == ["TST003", "TST006"]
    work, buckets = executor.sent[0][0], [bucket for _, bucket in executor.sent]
    assert len(buckets) == 8  # what is not there yet lies with a group that is
    assert [rule.id for rule in work.ruleset.rules] == ["TST001", "TST002", "TST003", "TST004", "TST006"]
    assert "kkkk" not in repr(work)
    assert all(one.last + 1 == other.first for one, other in pairwise(buckets))


@pytest.mark.long
def test_what_is_too_much_to_list_is_counted_alike(snapshot, rules, monkeypatch):
    for module in (engine_buckets, engine_hits):
        monkeypatch.setattr(module, "MOST_FINDINGS", 5)
    assert _said(snapshot, rules, Here()) == _said(snapshot, rules, None)


def test_a_rule_that_yields_too_many_rows_in_all_breaks_alike(snapshot, rules, monkeypatch):
    """Of no bucket are they too many: somebody has to see that they are in all, with those that are dropped again."""
    for module in (engine_buckets, result_shape):
        monkeypatch.setattr(module, "MOST_ROWS", 8)  # the ninth is of a group that is not there yet
    shared = _said(snapshot, rules, Here())
    assert shared == _said(snapshot, rules, None)
    assert any("test/facts" in str(problem) for problem in shared[-1])


def test_what_others_judge_comes_last_and_tells_how_far_it_is(snapshot, rules):
    from policycore import Case

    ruleset = replace(
        ruleset_of(rules[0](), Case("", given={})),
        rules=tuple(ruleset_of(rule(), Case("", given={})).rules[0] for rule in (rules[0], rules[4])),
    )
    with Evaluation(snapshot, ruleset, executor=Here()) as evaluation:
        events = [event for event in evaluation if not hasattr(event, "rule") or isinstance(event, RuleJudged)]
    assert [event.rule.id if isinstance(event, RuleJudged) else event.done for event in events] == [
        *("TST005", *range(1, 9), "TST001")
    ]
    assert BucketJudged(8, 8) in events


@pytest.mark.long
def test_another_snapshot_under_the_same_path_is_refused(snapshot, rules):
    executor = Here()
    _said(snapshot, rules, executor)
    work, bucket = executor.sent[0]
    with pytest.raises(DataError):
        BucketJudge(replace(work, snapshot="another"))(bucket)


def test_an_estate_in_memory_or_without_groups_is_judged_here(estate, rules, tmp_path):
    data = estate({"groups": [{"id": "g1", "owner_id": "a1"}], "accounts": [{"id": "a1"}]})
    executor = Here()
    assert _said(data, rules[:1], executor) == _said(data, rules[:1], None)
    empty = write_tables(
        {"groups": pyarrow.table({"id": pyarrow.array([], pyarrow.string())})}, tmp_path / "empty", as_of=data.as_of
    )
    assert _said(empty, rules[:1], executor) == _said(empty, rules[:1], None)
    assert not executor.sent


def test_what_a_worker_fetched_of_a_snapshot_goes_when_the_work_is_forgotten(
    snapshot, rules, little_store, tmp_path, monkeypatch
):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    executor = Here()
    _said(snapshot, rules, executor)
    work, bucket = executor.sent[0]
    judge = BucketJudge(replace(work, place=little_store.put("b/a", snapshot.folder)))
    assert judge(bucket).keys() == BucketJudge(work)(bucket).keys()
    assert len(list((tmp_path / "temporary").iterdir())) == 1
    del judge
    assert not list((tmp_path / "temporary").iterdir())
