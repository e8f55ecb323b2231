"""Columns of findings with hostile names and facts of every type, for property tests."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from typing import Any

import pyarrow
from hypothesis import strategies as st

from policycore.language import Text
from policycore.model.found import FACT, STANDARD, FoundRows, PlannedStep, RuleTexts, fingerprint
from policycore.model.result import Finding
from policycore.model.verdict import Enforcement, Severity, Subject

_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=1+1", "a\u0301\u0301\u0301\u0301\u0301", "[red]", "\x1b[2J", "\u202eabc", "retired", "教务处-张敏", '"\\"']
)
_facts = st.one_of(
    st.lists(st.none() | _texts, min_size=1, max_size=5),
    st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=5),
    st.lists(st.none() | st.booleans(), min_size=1, max_size=5),
    st.lists(st.floats(allow_nan=False), min_size=1, max_size=5),
    st.lists(st.none() | st.datetimes(timezones=st.just(UTC)), min_size=1, max_size=5),
    st.lists(st.none() | st.dates(), min_size=1, max_size=5),
    st.lists(st.none() | st.lists(_texts, max_size=3), min_size=1, max_size=5),
)


@st.composite
def found_rows(draw: st.DrawFn, rule: str = "OWN001") -> FoundRows:
    """Return columns of one to five findings with hostile names and facts of every type."""
    count = draw(st.integers(1, 5))
    column = st.lists(st.none() | _texts, min_size=count, max_size=count)
    columns: dict[str, Any] = {name: pyarrow.array(draw(column), pyarrow.string()) for name in STANDARD}
    columns["fingerprint"] = pyarrow.array(
        [fingerprint(rule, Subject.PERSON, str(place), {}) for place in range(count)]
    )
    columns["subject_id"] = pyarrow.array(
        sorted(draw(st.lists(_texts.filter(bool), min_size=count, max_size=count))), pyarrow.string()
    )
    columns["name"] = columns["subject_id"]
    columns["row"] = pyarrow.array(range(count), pyarrow.int64())
    columns["verdict"] = pyarrow.array(["fail"] * count)
    columns["former"] = pyarrow.nulls(count, pyarrow.list_(pyarrow.string()))
    for name in draw(st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=5), unique=True, max_size=4)):
        values = draw(_facts)
        columns[FACT + name] = pyarrow.array([values[place % len(values)] for place in range(count)])
    columns[FACT + "reason"] = pyarrow.array(draw(st.lists(st.sampled_from("xy"), min_size=count, max_size=count)))
    ends = draw(st.sampled_from([(2024, 3, 2), (2024, 3, 31, 15, 59), (2024, 12, 31)]))
    for name, moment in (("seen", datetime(2024, 2, 29, 16, tzinfo=UTC)), ("seen_latest", datetime(*ends, tzinfo=UTC))):
        columns[FACT + name] = pyarrow.array([moment] * count, pyarrow.timestamp("us", "UTC"))
    message = Text("{name}：{a}{b}{limit}", "{group} has {a}, {zz}")
    return FoundRows(
        RuleTexts(
            rule,
            f"ownership/{rule.lower()}",
            Text("题", draw(_texts)),
            ("一(一)-1",),
            Severity.ERROR,
            Enforcement.MANDATORY,
            Subject.PERSON,
            {"": message},
            (PlannedStep("owner", message, 3), PlannedStep("committee", Text("办", "do it"), None, ("x",))),
            {"limit": Text("五", "five")},
        ),
        pyarrow.table(columns).sort_by([("subject_id", "ascending"), ("fingerprint", "ascending")]),
    )


def rows_of(*findings: Finding) -> FoundRows:
    """Return columns of findings of one rule that were made by hand, with texts of their own."""
    first = findings[0]
    held = sorted(findings, key=lambda item: (item.subject.id, item.fingerprint))
    columns: dict[str, Any] = dict.fromkeys(STANDARD, [None] * len(held))
    columns |= {name: [getattr(item.subject, name) for item in held] for name in STANDARD[2:10]}
    columns |= {
        "fingerprint": [item.fingerprint for item in held],
        "subject_id": [item.subject.id for item in held],
        "verdict": [item.verdict.value for item in held],
        "file": [item.source.file if item.source else None for item in held],
        "row": [item.source.row if item.source else None for item in held],
        "former": [list(item.former) or None for item in held],
    }
    columns |= {FACT + name: [item.facts[name] for item in held] for name in first.facts}
    kinds = {"row": pyarrow.int64(), "former": pyarrow.list_(pyarrow.string())}
    arrays = {
        name: pyarrow.array(values, None if name.startswith(FACT) else kinds.get(name, pyarrow.string()))
        for name, values in columns.items()
    }
    texts = RuleTexts(
        first.rule,
        first.name,
        first.title,
        first.clauses,
        first.severity,
        first.enforcement,
        first.subject.kind,
        {"": Text("{name}的群主{owner}已退休", "owner {owner} of {name} has retired")},
        (PlannedStep("department", Text("更换{owner}", "replace {owner}"), 14),),
        {},
    )
    return FoundRows(texts, pyarrow.table(arrays))
