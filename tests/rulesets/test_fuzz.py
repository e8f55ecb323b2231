"""Whatever a rule set holds, it loads or ends in a RuleSetError: never in anything else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policycore.errors import RuleSetError
from policycore.plugin_api.rule_catalogue import RuleCatalogue
from policycore.rulesets.load import Loading

VALID = """policycore: 1
ruleset: a
title: {zh: 甲, en: A}
document:
  title: 通知
  date: 2024-03-22
  clauses:
    - {id: 一, text: 甲}
    - {id: 二, text: 乙, parent: 一}
parameters: {grace: 3}
rules:
  - use: test/small
    clause: [一]
    severity: error
    enforcement: mandatory
    with: {days: $grace, strict: false, words: [甲, 乙]}
    floor: {days: {max: 7}, severity: any}
    applies_to: "kind <> 'standing'"
  - id: LOCAL-1
    name: local/large
    sql: "SELECT id AS group_id, member_count FROM group_facts WHERE member_count > $limit"
    with: {limit: 200}
    message: {zh: "{member_count}人"}
    remediation: [{who: owner, what: {zh: 清理}, within_days: 3}]
attestations:
  - {clause: 二, asks: {zh: 确认}, valid_days: 180}
"""


def outcome(catalogue: RuleCatalogue, content: bytes) -> str:
    """Load `content`; return "ok" or "refused", and let anything else through."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.yaml")
        path.write_bytes(content)
        refusal: RuleSetError | None = None
        try:
            Loading(catalogue, [Path(folder)]).load(path.resolve())
        except RuleSetError as error:
            refusal = error
    if refusal is None:
        return "ok"
    assert refusal.problems
    for problem in refusal.problems:
        assert problem.place is not None
        assert len(str(problem)) < 2500
    return "refused"


def test_the_set_that_is_mutated_is_valid(catalogue: RuleCatalogue) -> None:
    assert outcome(catalogue, VALID.encode()) == "ok"


@given(content=st.binary(max_size=300))
@example(content=b"%YAML 1.1\n---\na: 1\n")
@example(content=b"%TAG ! tag:x,2000:\n---\n!foo a\n")
@example(content=b"? a\n? b\n")
@example(content=b"a: |99\n x\n")
@example(content=b"\xef\xbb\xbf\xef\xbb\xbf")
def test_random_bytes(catalogue: RuleCatalogue, content: bytes) -> None:
    outcome(catalogue, content)


@given(text=st.text(alphabet="policy: -{}[],&*!|>'\"%@`#\n\t 一$0.e~?<", max_size=200))
def test_random_punctuation(catalogue: RuleCatalogue, text: str) -> None:
    outcome(catalogue, text.encode())


WORDS = """policycore ruleset title document clauses extends parameters rules attestations use id name sql
    clause severity
    enforcement
    with floor applies_to message off zh en text parent min max one_of includes days strict words mode
    test/small LOCAL-1 local/x
    error mandatory any a 一 二 $grace $$ valid_days asks remediation who what owner"""
words = st.sampled_from(WORDS.split())
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words | st.text(max_size=8)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5),
    max_leaves=25,
)


@given(tree=st.dictionaries(words, trees, max_size=8))
def test_random_trees(catalogue: RuleCatalogue, tree: dict[str, Any]) -> None:
    import json

    # JSON is YAML, and says exactly what the tree is.
    outcome(catalogue, json.dumps({"policycore": 1, "ruleset": "a", "title": {"zh": "甲"}, **tree}).encode())


@given(
    line=st.integers(0, VALID.count("\n") - 1),
    other=st.integers(0, VALID.count("\n") - 1),
    kind=st.sampled_from(["drop", "double", "swap", "cut", "indent", "replace", "insert"]),
    value=scalars,
    at=st.integers(0, 60),
)
def test_mutations_of_a_valid_set(
    catalogue: RuleCatalogue, line: int, other: int, kind: str, value: Any, at: int
) -> None:
    lines = VALID.splitlines()
    if kind == "drop":
        del lines[line]
    elif kind == "double":
        lines.insert(other, lines[line])
    elif kind == "swap":
        lines[line], lines[other] = lines[other], lines[line]
    elif kind == "cut":
        lines[line] = lines[line][:at]
    elif kind == "indent":
        lines[line] = " " * (at % 8) + lines[line]
    elif kind == "replace":
        head, colon, _ = lines[line].partition(": ")
        lines[line] = f"{head}{colon}{value!r}"
    else:
        lines[line] = f"{lines[line][:at]}{value}{lines[line][at:]}"
    outcome(catalogue, "\n".join(lines).encode("utf-8", "replace"))


@given(sql=st.text(alphabet="SELECT idFROMgroups(),;'\"*$-/\n一=<>|", max_size=80))
def test_random_sql(catalogue: RuleCatalogue, sql: str) -> None:
    import json

    rule = {"id": "L-1", "name": "local/x", "sql": f"SELECT id AS group_id FROM groups {sql}", "message": {"zh": "甲"}}
    both = {
        "policycore": 1,
        "ruleset": "a",
        "title": {"zh": "甲"},
        "rules": [rule, {"use": "TST001", "applies_to": sql}],
    }
    outcome(catalogue, json.dumps(both).encode())


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "rules: " + "[" * 29 + "]" * 29,
        "rules:\n" + "  - {use: test/small}\n" * 5000,
        "rules:\n" + "  - {use: nobody/knows}\n" * 3000,
        "parameters: {" + ", ".join(f"p{n}: $p{n + 1}" for n in range(2000)) + "}",
        "document: {title: d, clauses: ["
        + ", ".join(f"{{id: c{n}, text: t, parent: c{n + 1}}}" for n in range(3000))
        + "]}",
        "document: {title: d, clauses: [" + ", ".join(f"{{id: c, text: t{n}}}" for n in range(5000)) + "]}",
        'rules: [{use: test/small, applies_to: "' + "(" * 5000 + "true" + ")" * 5000 + '"}]',
        'rules: [{use: test/small, applies_to: "' + "NOT " * 5000 + 'true"}]',
        'rules: [{use: test/small, applies_to: "' + " AND ".join(["kind = 'a'"] * 1500) + '"}]',
        "rules: [{use: test/small, with: {words: [" + ", ".join(["甲"] * 20000) + "]}}]",
    ],
    ids=lambda text: text[:34],
)
def test_large_and_strange_sets_end(catalogue: RuleCatalogue, text: str) -> None:
    outcome(catalogue, ("policycore: 1\nruleset: a\ntitle: {zh: 甲}\n" + text + "\n").encode())
