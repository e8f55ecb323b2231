"""Rule sets with one small mistake: refused by place, or the same as before, or different where `explain` shows it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from policycore.errors import Place, RuleSetError
from policycore.plugin_api.rule_catalogue import RuleCatalogue
from policycore.rulesets.explain import as_json
from policycore.rulesets.load import check_ruleset
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.rulesets.sql.rule import SqlRule
from tests.rulesets.test_fuzz import VALID

OTHER = """policycore: 1
ruleset: b
title: {zh: 乙, en: B}
parameters: {most: 200, kinds: [temporary, project], since: 2024-01-01}
calendar:
  2024: {holidays: [2024-05-01/2024-05-05], workdays: [2024-04-28]}
rules:
  - use: test/other
    severity: warning
    enforcement: advisory
    with: {mode: two, share: 0.25, since: $since}
    applies_to: "kind IN ('project', 'temporary') AND (owner_id IS NOT NULL OR name LIKE '临时%') AND dissolved_at IS NULL"
  - id: L-1
    name: local/joined-by-code
    severity: error
    with: {most: $most, kinds: $kinds}
    sql: |
      WITH joined AS (
        SELECT m.group_id, m.account_id, m.join_scene AS how FROM memberships m JOIN accounts a ON a.id = m.account_id
        WHERE a.kind = 'external' AND m.role <> 'owner'
      )
      SELECT j.group_id, j.account_id FROM joined j JOIN group_facts g ON g.id = j.group_id
      WHERE j.how IN ('qr', 'link') AND g.member_count > $most AND list_contains($kinds, g.kind)
    message: {zh: "{name}扫码入群", en: "{name} joined by a code"}
    remediation: [{who: owner, what: {zh: 请出, en: remove}, within_days: 3}]
  - id: L-2
    name: local/at-night
    sql: "SELECT group_id, id AS message_id FROM messages WHERE type = 'text' AND local_hour(sent_at) < 6 AND is_workday(sent_at)"
    message: {zh: 夜间}
    cases:
      - name: at night
        given: {groups: [{id: g1}], messages: [{id: m1, group_id: g1, sent_at: 2024-04-01T03:00:00}]}
        finds: [m1]
"""  # noqa: E501 - as people write it
LOOK_ALIKE = {
    "a": "а",
    "e": "е",
    "o": "ο",
    "p": "р",
    "'": "’",
    "-": "–",
    "_": "＿",
    "(": "（",
    "0": "O",
    "1": "l",
    "<": "＜",
}
LOOK_ALIKE |= {":": "：", ",": "，"}
HEAD = len("policycore: 1\nruleset: a\n")
word = r"[A-Za-z_]{2,}|[一-鿿]{2,}"
number = r"(?<![A-Za-z0-9-])[0-9]+(\.[0-9]+)?"


def misspelt(found: str, dice: random.Random) -> str:
    """Return a word with a letter left out, doubled, swapped, of the other case or another one."""
    at = dice.randrange(len(found))
    return dice.choice(
        [
            found[:at] + found[at + 1 :],
            found[:at] + found[at] + found[at:],
            found[:at] + found[at + 1 : at + 2] + found[at] + found[at + 2 :],
            found.swapcase(),
            found[:at] + "x" + found[at + 1 :],
        ]
    )


CHANGES: list[tuple[str, Callable[[str, random.Random], str]]] = [
    (r" AND [^\n]*?(?= AND |\"|\n)", lambda *_: ""),
    (r" (AND|OR) ", lambda one, _: " OR " if "AND" in one else " AND "),
    (number, lambda one, dice: str(int(float(one)) + dice.choice([-1, 1, 10]))),
    (r"[<>]=?|=", lambda _, dice: dice.choice(["<", ">", "<=", ">=", "=", "<>"])),
    (word, misspelt),
    (word, misspelt),
    (number, lambda one, _: f"'{one}'"),
    (r"(?<=: )[^\s{\[\"|,}]+", lambda one, dice: dice.choice([f"[{one}]", "{a: b}", "3", "true", "~", "''"])),
    ("|".join(map(re.escape, LOOK_ALIKE)), lambda one, _: LOOK_ALIKE[one]),
    (r"'[a-z_]+'", lambda _, dice: dice.choice(["'临时'", "'Owner'", "'二维码'", "'qr'", "NULL"])),
    (r"\$\w+", lambda one, dice: dice.choice([one[1:], one + "s", "$$" + one[1:]])),
    (r"(?m)^.*\n", lambda one, dice: dice.choice(["", one * 2])),
    (r"(?m)^ +", lambda one, dice: dice.choice([one + " ", one[1:], one * 2, ""])),
    (r"(?m)^ *(?=[^\s])", lambda one, _: f"{one}# "),
    (r"\b[a-z]+_(?:id|at|count)\b", lambda _, dice: dice.choice(["id", "name", "owner_id", "created_at", "kind"])),
    (
        r"(?<=[a-z]: )[^\s{\[,}]+(?=[,}\n])",
        lambda _, dice: dice.choice(["no", "否", "on", "null", ".inf", "1e9", "-1"]),
    ),
]


def mutated(text: str, dice: random.Random) -> str:
    """Return a rule set with one small mistake."""
    pattern, change = dice.choice(CHANGES)
    places = list(re.finditer(pattern, text[HEAD:]))
    if not places:
        return text
    place = dice.choice(places)
    return text[: HEAD + place.start()] + change(place[0], dice) + text[HEAD + place.end() :]


def model(ruleset: ResolvedRuleSet) -> Any:
    """Return everything that a check of this set rests on, wherever it stands."""
    nowhere = Place("")
    rules = [
        (
            *(rule.id, rule.name, rule.clauses, rule.severity, rule.enforcement, rule.params.model_dump()),
            *(rule.applies_to, dict(rule.floors)),
            asdict(rule.rule.parts) if isinstance(rule.rule, SqlRule) else "",
        )
        for rule in ruleset.rules
    ]  # fmt: skip
    document = replace(ruleset.document, clauses=tuple(replace(one, place=nowhere) for one in ruleset.document.clauses))
    statements = [replace(one, place=nowhere) for one in ruleset.attestations]
    return ruleset.name, ruleset.title, document, rules, statements, dict(ruleset.parameters)


def shown(ruleset: ResolvedRuleSet) -> Any:
    """Return what `ruleset explain` shows, places aside."""
    return sorted((value["path"], repr(value["value"])) for value in as_json(ruleset, ruleset.origins)["values"])


def tried(folder: Path, catalogue: RuleCatalogue, seeds: range) -> tuple[int, int]:
    """Load that many mutated sets; return how many were refused and how many differ and show it."""
    refused = different = 0
    silent: list[str] = []
    unplaced: list[str] = []
    path = folder / "a.yaml"
    for text in (VALID, OTHER):
        path.write_text(text, encoding="utf-8")
        whole = check_ruleset(path, catalogue, [folder]).ruleset
        was, said = model(whole), shown(whole)
        for seed in seeds:
            changed = mutated(text, random.Random(seed))  # noqa: S311 - the same mistakes every time
            path.write_text(changed, encoding="utf-8")
            try:
                found = check_ruleset(path, catalogue, [folder]).ruleset
            except RuleSetError as error:
                refused += 1
                unplaced += [changed for problem in error.problems if problem.place is None or not problem.place.line]
                continue
            if model(found) != was:
                different += 1
                silent += [f"seed {seed}: {changed}"] if shown(found) == said else []
    assert unplaced == []
    assert silent == []
    return refused, different


@pytest.mark.long
def test_mistakes_are_refused_or_show(tmp_path: Path, catalogue: RuleCatalogue) -> None:
    refused, different = tried(tmp_path, catalogue, range(40))
    assert refused > 20
    assert different > 3


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_five_thousand_mistakes_are_refused_or_show(tmp_path: Path, catalogue: RuleCatalogue) -> None:
    refused, different = tried(tmp_path, catalogue, range(1000, 3500))
    assert refused > 1500
    assert different > 250
