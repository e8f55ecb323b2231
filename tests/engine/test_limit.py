"""What a rule may take: a text rule has more time where there is more to read, so that one text does not end it."""

from __future__ import annotations

from dataclasses import replace

import pyarrow.parquet as pq

from policycore import Case
from policycore.engine.limit import seconds_for
from policycore.engine.session import EstateSession
from policycore.plugin_api.rule import Rule, TextRule
from policycore.testing import estate_of


def estate_with(text):
    messages = [{"id": "m", "group_id": "g", "text": text}]
    return estate_of(Case("", given={"groups": [{"id": "g"}], "messages": messages}))


def seconds(data, rule):
    with EstateSession(data) as session:
        return seconds_for(rule, session)


def test_a_text_rule_has_more_time_the_more_there_is_to_read():
    few, many, most = (estate_with("x" * size) for size in (1_000, 3_000_000, 90_000_000))
    assert [seconds(one, TextRule()) for one in (few, many, most)] == [60, 120, 360]
    assert seconds(most, Rule()) == 60


def test_what_a_file_holds_counts_and_not_what_it_takes_on_a_disk(tmp_path):
    data, file = estate_with("密★" * 500_000), tmp_path / "it's.parquet"
    pq.write_table(data.relations["messages"], file, compression="zstd")
    assert seconds(replace(data, relations={**data.relations, "messages": file}), TextRule()) == 120
