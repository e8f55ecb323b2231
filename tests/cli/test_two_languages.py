"""What commands say about rules, cases and plugins is in the reader's language alone, but for ids and data."""

from __future__ import annotations

import re

import pytest

RULESET = """\
policycore: 1
ruleset: own
title: {zh: 甲, en: a}
document: {title: Notice, clauses: [{id: "1", text: owners}]}
rules:
  - id: LOCAL-1
    name: local/no-owner
    clause: ["1"]
    sql: SELECT id AS group_id, name FROM groups WHERE owner_id IS NULL
    message: {zh: 没有群主, en: no owner}
    title: {zh: 群有群主, en: a group has an owner}
    explanation: {zh: 群主负责, en: the owner answers}
    cases:
      - {name: g2, given: {groups: [{id: g1}]}, finds: [g2]}
"""
COMMANDS = (
    ("explain", "OWN005"),
    ("explain", "ADM004"),
    ("explain", "local/no-owner", "--ruleset", "own.yaml"),
    ("ruleset", "test", "own.yaml"),
    ("plugin", "list"),
)
_ENGLISH = re.compile(
    r"\b(?:integer|number|boolean|string|array|null|object|default|required|expected|got|finds|facts of|leaves|failed"
    r"|(?:rules|rulesets|recipes|sources|reports|notifiers|commands|panels) [0-9]+|passed|tighter|higher|lower)\b"
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_line_mixes_languages(command, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text(RULESET, "utf-8")
    said = {language: run("--lang", language, *command) for language in ("zh", "en")}
    assert re.search(r"[一-鿿]", said["zh"].out)
    assert not _ENGLISH.search(said["zh"].out + said["zh"].err)
    for line in (said["en"].out + said["en"].err).splitlines():
        # Rows of cases hold data.
        assert re.search(r"\w=", line) or not re.search(r"[一-鿿]", re.sub(r"“[^”]*”", "", line)), line
