"""Sets that extend sets: what wins, what may not be loosened, which conflicts are reported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policycore.model.verdict import Enforcement, Severity
from policycore.rulesets.load import LoadedRuleSet
from policycore.rulesets.resolved import ResolvedRuleSet

Write = Callable[..., Path]
Load = Callable[[Path], LoadedRuleSet]
Mistakes = Callable[[Path], list[str]]

BASE = """document: {title: 上级, clauses: [{id: 一, text: 甲}]}
parameters: {grace: 5}
rules:
  - use: test/small
    clause: [一]
    with: {days: $grace}
    floor: {days: {max: 7}}
  - use: test/other
    clause: [一]
    enforcement: advisory
"""


def first(ruleset: ResolvedRuleSet) -> Any:
    """Return the small rule of a set."""
    return ruleset.rules[0]


@pytest.mark.parametrize("word", ["test/small", "TST001", "test/former"])
def test_a_later_set_changes_a_rule_by_any_of_its_names(write: Write, load: Load, word: str) -> None:
    write(BASE, "base.yaml")
    loaded = load(write(f"extends: [base]\nrules:\n  - {{use: {word}, severity: error, with: {{days: 3}}}}\n"))
    resolved = first(loaded.ruleset)
    assert resolved.params.days == 3
    assert resolved.severity is Severity.ERROR
    assert resolved.clauses == ("一",)
    assert [rule.id for rule in loaded.ruleset.rules] == ["TST001", "TST002"]


def test_parameters_of_the_set_reach_inherited_rules(write: Write, load: Load) -> None:
    write(BASE, "base.yaml")
    loaded = load(write("extends: [base]\nparameters: {grace: 2}\n"))
    assert first(loaded.ruleset).params.days == 2
    assert loaded.ruleset.parameters == {"grace": 2}


def test_a_parameter_may_be_a_date_or_a_list(write: Write, load: Load) -> None:
    text = "parameters: {since: 2024-03-22, words: [乙, 丙]}\nrules:\n  - use: test/small\n"
    loaded = load(write(text + "    with: {since: $since, words: $words}\n"))
    assert first(loaded.ruleset).params.since == date(2024, 3, 22)
    assert first(loaded.ruleset).params.words == ("乙", "丙")


def test_two_dollars_are_one(write: Write, load: Load) -> None:
    loaded = load(write("rules:\n  - use: test/small\n    with: {words: [$$since]}\n"))
    assert first(loaded.ruleset).params.words == ("$since",)


def test_what_no_rule_takes_is_a_warning(write: Write, load: Load) -> None:
    loaded = load(write("parameters: {since: 1, used: 2}\nrules:\n  - {use: test/small, with: {days: $used}}\n"))
    assert [(warning.code, str(warning.place).rpartition("/")[2]) for warning in loaded.warnings] == [
        ("ruleset.unused-parameter", "a.yaml:4:14")
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("with: {days: 8}", "outside-floor a.yaml:7:18"),
        ("severity: info", "looser-severity a.yaml:7:15"),
        ("enforcement: advisory", "looser-enforcement a.yaml:7:18"),
        ("off: 本校没有这类群", "looser-off a.yaml:7:10"),
        ("applies_to: kind = 'project'", "looser-scope a.yaml:7:17"),
        ("floor: {days: {max: 9}}", "looser-floor a.yaml:7:13"),
    ],
)
def test_nothing_that_binds_can_be_loosened(write: Write, mistakes: Mistakes, change: str, expected: str) -> None:
    write(BASE, "base.yaml")
    assert mistakes(write(f"extends: [base]\nrules:\n  - use: test/small\n    {change}\n")) == [expected]


@pytest.mark.parametrize(
    "change",
    [
        "with: {days: 7}",
        "severity: error",
        "enforcement: mandatory without waivers",
        "applies_to: null",
        "floor: {days: {max: 6}}",
    ],
)
def test_everything_can_be_tightened(write: Write, load: Load, change: str) -> None:
    write(BASE, "base.yaml")
    load(write(f"extends: [base]\nrules:\n  - use: test/other\n  - use: test/small\n    {change}\n"))


@pytest.mark.parametrize(
    ("change", "key"),
    [("severity: info", "severity"), ("enforcement: advisory", "enforcement"), ("off: 本校没有这类群", "off")],
)
def test_a_base_can_let_go_of_one_thing(write: Write, load: Load, change: str, key: str) -> None:
    write(f"rules:\n  - use: test/small\n    floor: {{{key}: any}}\n", "base.yaml")
    load(write(f"extends: [base]\nrules:\n  - use: test/other\n  - use: test/small\n    {change}\n"))


def test_an_advisory_rule_can_be_changed_freely(write: Write, load: Load) -> None:
    write(BASE, "base.yaml")
    text = "extends: [base]\nrules:\n  - use: test/other\n    severity: info\n    applies_to: kind = 'project'\n"
    loaded = load(write(text))
    assert loaded.ruleset.rules[1].severity is Severity.INFO
    assert loaded.ruleset.rules[1].applies_to == "kind = 'project'"


def test_a_rule_that_is_off_is_not_in_the_set_and_can_come_back(write: Write, load: Load) -> None:
    write(BASE, "base.yaml")
    middle = write("extends: [base]\nrules: [{use: test/other, off: 暂不适用}]\n", "middle.yaml")
    assert [rule.id for rule in load(middle).ruleset.rules] == ["TST001"]
    back = write("extends: [middle]\nrules: [{use: test/other, off: false}]\n")
    assert [rule.id for rule in load(back).ruleset.rules] == ["TST001", "TST002"]


def test_a_scope_that_binds_can_be_widened(write: Write, load: Load, mistakes: Mistakes) -> None:
    write("rules: [{use: test/small, applies_to: kind = 'project'}]\n", "base.yaml")
    head = "extends: [base]\nrules:\n  - use: test/small\n    applies_to: "
    widened = load(write(head + "(kind = 'project') OR kind = 'temporary'\n"))
    assert first(widened.ruleset).applies_to == "(kind = 'project') OR kind = 'temporary'"
    for narrower in (
        "kind = 'temporary'",
        "kind = 'project' AND name <> 'x'",
        "(kind = 'project') AND name <> 'x'",
        "(name = 'PROJECT') OR kind = 'temporary'",
        "name = 'Project'",
        "(name = ' project') OR name <> ''",
    ):
        assert mistakes(write(head + narrower + "\n")) == ["looser-scope a.yaml:7:17"], narrower


def test_what_a_child_overrides_is_used_all_the_same(write: Write, load: Load) -> None:
    write(
        "parameters: {grace: 3, waiver_days_error: 30}\nrules: [{use: test/small, with: {days: $grace}}]\n", "base.yaml"
    )
    child = load(write("extends: [base]\nrules: [{use: test/small, with: {days: 5}}]\n", "child.yaml"))
    assert child.warnings == ()
    off = load(write("extends: [child]\nrules: [{use: test/other}, {use: test/small, with: {days: 1}}]\n"))
    assert off.warnings == ()
    unused = load(write("parameters: {grace: 3}\nrules: [{use: test/small}]\n"))
    assert [problem.code for problem in unused.warnings] == ["ruleset.unused-parameter"]
    words = "{id: L-1, name: local/words, severity: info, words: [打卡、接龙, 打卡], message: {zh: 有}}"
    assert [problem.code for problem in load(write(f"rules: [{words}]\n")).warnings] == ["ruleset.joined-words"]


def test_redefining_a_parameter_cannot_get_round_a_floor(write: Write, mistakes: Mistakes) -> None:
    write(BASE, "base.yaml")
    assert mistakes(write("extends: [base]\nparameters: {grace: 30}\n")) == ["outside-floor base.yaml:9:18"]


def test_a_loose_value_in_the_middle_is_found_though_a_child_mends_it(write: Write, mistakes: Mistakes) -> None:
    write(BASE, "base.yaml")
    write("extends: [base]\nrules: [{use: test/small, with: {days: 30}}]\n", "middle.yaml")
    path = write("extends: [middle]\nrules: [{use: test/small, with: {days: 3}}]\n")
    assert mistakes(path) == ["outside-floor middle.yaml:5:40"]


@pytest.mark.parametrize(
    ("floor", "value", "holds"),
    [
        ("days: {min: 5}", "days: 5", True),
        ("days: {min: 5}", "days: 4", False),
        ("words: {includes: [甲]}", "words: [乙, 甲]", True),
        ("words: {includes: [甲]}", "words: [乙]", False),
        ("words: {one_of: [甲, 乙]}", "words: [乙]", True),
        ("words: {one_of: [甲, 乙]}", "words: [丙]", False),
        ("mode: {one_of: [one]}", "mode: two", False),
        ("strict: {one_of: [true]}", "strict: true", True),
        ("share: {min: 0.5, max: 0.8}", "share: 0.81", False),
        ("since: {max: 2024-03-22}", "since: 2024-03-22", True),
        ("since: {max: 2024-03-22}", "since: 2024-03-23", False),
        ("mode: {max: 3}", "mode: one", False),
    ],
)
def test_floors_of_every_kind(
    write: Write, load: Load, mistakes: Mistakes, floor: str, value: str, holds: bool
) -> None:
    start = {"strict": "strict: true", "since": "since: 2024-01-01"}.get(floor.split(":")[0], "days: 7")
    write(f"rules:\n  - use: test/small\n    with: {{{start}}}\n    floor: {{{floor}}}\n", "base.yaml")
    path = write(f"extends: [base]\nrules: [{{use: test/small, with: {{{value}}}}}]\n")
    if holds:
        load(path)
    else:
        assert any(found.startswith("outside-floor a.yaml:5:") for found in mistakes(path))


def test_parents_that_disagree_are_reported(write: Write, mistakes: Mistakes, load: Load) -> None:
    write("rules: [{use: test/small, with: {days: 3}}]\n", "one.yaml")
    write("rules: [{use: test/small, with: {days: 4}}]\n", "two.yaml")
    assert mistakes(write("extends: [one, two]\n")) == ["conflict a.yaml:4:10"]
    decided = load(write("extends: [one, two]\nrules: [{use: test/small, with: {days: 5}}]\n"))
    assert first(decided.ruleset).params.days == 5


def test_parents_that_agree_are_no_conflict(write: Write, load: Load) -> None:
    write("rules: [{use: test/small, with: {days: 3}}]\n", "one.yaml")
    write("rules: [{use: test/small, with: {days: 3}, severity: error}]\n", "two.yaml")
    loaded = load(write("extends: [one, two]\n"))
    assert first(loaded.ruleset).params.days == 3
    assert first(loaded.ruleset).severity is Severity.ERROR


def test_one_parent_that_changes_a_common_ancestor_decides(write: Write, load: Load) -> None:
    write(BASE, "base.yaml")
    write("extends: [base]\n", "one.yaml")
    write("extends: [base]\nrules: [{use: test/small, with: {days: 2}}]\n", "two.yaml")
    for order in ("one, two", "two, one"):
        assert first(load(write(f"extends: [{order}]\n")).ruleset).params.days == 2


def test_clauses_of_both_documents_are_kept(write: Write, load: Load) -> None:
    write(BASE, "base.yaml")
    text = "extends: [base]\ndocument: {title: 本级, clauses: [{id: 二, text: 乙, parent: 一}]}\n"
    loaded = load(write(text + "rules: [{use: test/small, clause: [二]}]\n"))
    document = loaded.ruleset.document
    assert document.title == "本级"
    assert [clause.id for clause in document.clauses] == ["一", "二"]
    assert first(loaded.ruleset).clauses == ("一", "二")


def test_a_rule_written_in_a_base_can_be_changed_but_not_rewritten(
    write: Write, load: Load, mistakes: Mistakes
) -> None:
    own = "  - id: L-1\n    name: local/large\n    sql: SELECT id AS group_id FROM groups WHERE name = $word\n"
    own += "    with: {word: 甲}\n    message: {zh: 大}\n"
    write("rules:\n" + own, "base.yaml")
    for word in ("L-1", "local/large"):
        loaded = load(write(f"extends: [base]\nrules: [{{use: {word}, severity: error, with: {{word: 乙}}}}]\n"))
        assert loaded.ruleset.rules[0].params.model_dump() == {"word": "乙"}
    wrong = write("extends: [base]\nrules: [{use: L-1, with: {word: 3}}]\n")
    assert mistakes(wrong) == ["wrong-type a.yaml:5:33"]
    assert mistakes(write("extends: [base]\nrules:\n" + own)) == ["rule-name-taken a.yaml:6:9"]


def test_attestations_add_up_and_can_only_be_shortened(write: Write, load: Load, mistakes: Mistakes) -> None:
    write(BASE + "attestations: [{clause: 一, asks: {zh: 问}, valid_days: 90}]\n", "base.yaml")
    both = load(write("extends: [base]\nattestations: [{clause: 一, asks: {zh: 再问}, valid_days: 10}]\n"))
    assert [(one.asks.zh, one.asks.en, one.valid_days) for one in both.ruleset.attestations] == [
        ("问", "问", 90),
        ("再问", "再问", 10),
    ]
    shorter = load(write("extends: [base]\nattestations: [{clause: 一, asks: {zh: 问}, valid_days: 30}]\n"))
    assert [one.valid_days for one in shorter.ruleset.attestations] == [30]
    longer = write("extends: [base]\nattestations: [{clause: 一, asks: {zh: 问}, valid_days: 91}]\n")
    assert mistakes(longer) == ["looser-attestation a.yaml:5:55"]


def test_whom_an_attestation_asks_and_who_signs_it_can_only_be_tightened(
    write: Write, load: Load, mistakes: Mistakes
) -> None:
    entry = "{{clause: 一, asks: {{zh: 问}}, valid_days: 90{more}}}"
    bound = ", per: department, by: {ranks: [正职, 副职]}"
    write(BASE + f"attestations: [{entry.format(more=bound)}]\n", "base.yaml")

    def child(more: str) -> Any:
        return write(f"extends: [base]\nattestations: [{entry.format(more=more)}]\n")

    tighter = load(child(", per: group, by: {ranks: [正职]}")).ruleset.attestations
    assert [(one.per, one.by) for one in tighter] == [("group", {"ranks": ("正职",)})]
    assert [one.per for one in load(child(bound)).ruleset.attestations] == ["department"]
    assert mistakes(child("")) == ["looser-attestation-by a.yaml:5:16", "looser-attestation-per a.yaml:5:16"]
    assert mistakes(child(", per: department, by: {titles: [处长]}")) == ["looser-attestation-by a.yaml:5:16"]
    assert mistakes(child(", per: department, by: {ranks: []}")) == ["no-signer a.yaml:5:80"]


@pytest.mark.parametrize("names", [("a", "b"), ("a", "b", "c")])
def test_sets_that_extend_one_another(write: Write, mistakes: Mistakes, names: tuple[str, ...]) -> None:
    for name, parent in zip(names, (*names[1:], names[0]), strict=True):
        path = write(f"extends: [{parent}]\n", f"{name}.yaml")
    assert mistakes(path.with_name("a.yaml")) == [f"extends-cycle {names[-1]}.yaml:4:11"]


def test_a_cycle_is_named_link_by_link(write: Write, catalogue: Any) -> None:
    from policycore.errors import RuleSetError
    from policycore.rulesets.load import check_ruleset

    write("extends: [b]\n", "a.yaml")
    write("extends: [a]\n", "b.yaml")
    with pytest.raises(RuleSetError) as caught:
        check_ruleset(write("extends: [b]\n", "a.yaml"), catalogue, [])
    words = str(caught.value).replace("\\", "/")
    assert "a.yaml -> b.yaml -> a.yaml" in words


def test_enforcement_is_mandatory_unless_said(write: Write, load: Load) -> None:
    assert first(load(write("rules: [{use: test/small}]\n")).ruleset).enforcement is Enforcement.MANDATORY


@pytest.mark.parametrize(
    ("floor", "told"),
    [
        ("{days: {max: 7}}", {"days": ("lower",)}),
        ("{days: {min: 1}}", {"days": ("higher",)}),
        ("{days: {min: 1, max: 7}}", {}),
        ("{words: {includes: [乙]}}", {"words": ("more",)}),
        ("{words: {one_of: [乙]}}", {"words": ("fewer",)}),
    ],
)
def test_floors_tell_which_way_is_tighter_in_every_set_that_builds_on_them(
    write: Write, load: Load, floor: str, told: dict[str, tuple[str, ...]]
) -> None:
    write(f"rules:\n  - use: test/small\n    with: {{days: 5, words: [乙]}}\n    floor: {floor}\n", "base.yaml")
    path = write("extends: [base]\n")
    assert first(load(path).ruleset).floors == told
    assert first(load(path).ruleset).floors == told  # from the cache


def test_floors_of_two_sets_that_point_both_ways_are_both_told(write: Write, load: Load) -> None:
    write(BASE, "base.yaml")
    loaded = load(write("extends: [base]\nrules:\n  - {use: test/small, floor: {days: {min: 2}}}\n"))
    assert first(loaded.ruleset).floors == {"days": ("higher", "lower")}


@pytest.mark.parametrize("word", ["a", "a.yaml", "our-set", "./a.yaml"])
def test_a_set_that_extends_itself_is_told_so_by_file_as_by_name(write, mistakes, word):
    path = write(f"extends: [{word}]\n")
    path.write_text(path.read_text(encoding="utf-8").replace("ruleset: a", "ruleset: our-set"), encoding="utf-8")
    assert [one.partition(" ")[0] for one in mistakes(path)] == ["extends-itself"]
