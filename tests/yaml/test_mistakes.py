"""Every kind of file that people write tells every mistake at once: where, what, why, what to try, in two languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.decisions.read import read_attestations, read_waivers
from policycore.errors import PolicycoreError, Problem
from policycore.estate.manifest import read_manifest
from policycore.estate.recipes.recipe_model import read_recipe
from policycore.language import Language, use_language
from policycore.notices.addresses import addresses_of
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import check_ruleset
from policycore.store.settings import read_settings
from policycore.store.workspace import Workspace

Read = Callable[[Path], object]

WAIVERS = """\
policycore: 1
waivers:
  - id: W-1
    ruel: ownership/owner-in-post
    clause: 一(一)-3
    scope: {groups: {g1: g2}}
    text: 待任命
    requester: p1
    approver: p2
    approved: 2024-04-15
    from: 2024-04-15T00:00:00+08:00
    until: 2024-04-01T00:00:00+08:00
  - W-2
waivers: []
"""
ATTESTATIONS = """\
policycore: 1
attestations:
  - id: A-1
    clause: 二(二)-1
    person: [p1]
    singed: 2024-04-15T00:00:00+08:00
    signed: gestern
    evidence: {file: a.pdf, sha256: abc}
    valid_days: many
  - {id: A-1, clause: x, person: p, signed: 2024-04-15T00:00:00Z, evidence: {}}
"""
MANIFEST = """\
policycore: 2
as_of: yesterday
timezome: Asia/Shanghai
timezone: Asia/Beijing
sources:
  - {name: a, lacks: [memberships.inviter]}
  - {name: a, platform: [x]}
"""
RECIPE = """\
policycore: 1
recipe: clubs
files:
  clubs: {match: ../x.yaml, fromat: yaml}
tables:
  accounts:
    duplicates: mrege
    rows:
      - each: clubs[*
        columns: {id: nick, kind: {value: hmuan}, nmae: x}
  grups:
    rows: []
"""
SETTINGS = """\
policycore: one
store: {path: x}
stoer: y
expected_every: often
expected_every: 1d
? [a]
: b
"""
ADDRESSES = """\
policycore: true
everybody: {a: b}
people:
  p1: ''
  p2: [[x]]
peolpe: {}
everybody: []
"""
RULESET = """\
policycore: 1
ruleset: own
title: {zh: 自己的}
rulse: []
rules:
  - {use: ownership/owner-in-pots, severity: sever}
  - {use: ownership/owner-in-post, with: {grace_day: 3}, clause: 一}
  - {use: ownership/owner-present, severty: error}
"""


def _ruleset(path: Path) -> object:
    plugins = load_plugins()
    return check_ruleset(path, plugins.rules, plugins.ruleset_folders)


def _addresses(path: Path) -> object:
    path.rename(path.with_name("notices.yaml"))
    return addresses_of(Workspace(path.parent, ""), ())


KINDS: dict[str, tuple[Read, str, list[str]]] = {
    "waivers": (
        read_waivers,
        WAIVERS,
        [
            "3:5 missing-key",
            "4:5 unknown-key",
            "6:21 wrong-type",
            "10:15 no-offset",
            "12:12 ends-first",
            "13:5 wrong-type",
            "14:1 duplicate-key",
        ],
    ),
    "attestations": (
        read_attestations,
        ATTESTATIONS,
        [
            "5:13 wrong-type",
            "6:5 unknown-key",
            "7:13 not-a-time",
            "8:37 no-hash",
            "9:17 wrong-type",
            "10:5 same-id",
            "10:77 missing-key",
        ],
    ),
    "manifest": (
        read_manifest,
        MANIFEST,
        [
            "1:13 unknown-word",
            "2:8 not-a-time",
            "3:1 unknown-key",
            "4:11 timezone",
            "6:23 lacks-unknown",
            "7:12 source-twice",
            "7:25 wrong-type",
        ],
    ),
    "recipe": (
        read_recipe,
        RECIPE,
        [
            "4:18 recipe-outside",
            "4:29 unknown-key",
            "7:17 unknown-word",
            "9:15 recipe-path",
            "10:43 unknown-word",
            "10:51 unknown-column",
            "11:3 unknown-table",
            "12:11 bound-too-short",
        ],
    ),
    "settings": (
        read_settings,
        SETTINGS,
        [
            "1:13 unknown-word",
            "2:8 wrong-type",
            "3:1 unknown-key",
            "4:17 not-a-duration",
            "5:1 duplicate-key",
            "6:3 key-kind",
        ],
    ),
    "addresses": (
        _addresses,
        ADDRESSES,
        [
            "1:13 unknown-word",
            "2:12 wrong-type",
            "4:7 bound-string-too-short",
            "5:8 wrong-type",
            "6:1 unknown-key",
            "7:1 duplicate-key",
        ],
    ),
    "ruleset": (
        _ruleset,
        RULESET,
        [
            "4:1 unknown-key",
            "6:11 unknown-rule",
            "6:46 unknown-word",
            "7:43 unknown-parameter",
            "7:66 wrong-type",
            "8:36 unknown-key",
        ],
    ),
}
SUGGESTED = {
    "waivers": ("4:5", "rule"),
    "attestations": ("6:5", "signed"),
    "manifest": ("6:23", "memberships.inviter_id"),
    "recipe": ("7:17", "merge"),
    "settings": ("3:1", "store"),
    "addresses": ("6:1", "people"),
    "ruleset": ("8:36", "severity"),
}


def mistakes(kind: str, folder: Path) -> list[Problem]:
    read, text, _ = KINDS[kind]
    path = folder / f"{kind}.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicycoreError) as caught:
        read(path)
    return list(caught.value.problems)


def at(problem: Problem) -> str:
    assert problem.place is not None
    return f"{problem.place.line}:{problem.place.column}"


@pytest.mark.parametrize("kind", KINDS)
def test_six_mistakes_and_more_are_told_at_once_each_at_its_place(kind: str, tmp_path: Path) -> None:
    found = [f"{at(one)} {one.code.rpartition('.')[2]}" for one in mistakes(kind, tmp_path)]
    assert sorted(found, key=_place_of) == sorted(KINDS[kind][2], key=_place_of)
    assert len(found) >= 6


def _place_of(line: str) -> tuple[int, ...]:
    return tuple(int(part) for part in line.split()[0].split(":"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_says_what_why_and_what_to_try_in_one_language(kind: str, language: Language, tmp_path: Path) -> None:
    with use_language(language):
        found = mistakes(kind, tmp_path)
    for one in found:
        assert one.what
        assert one.why
        assert one.fix
        for words in (one.what, one.why, one.fix):
            assert any("\u4e00" <= char <= "\u9fff" for char in words) == (language == "zh"), words


@pytest.mark.parametrize("kind", SUGGESTED)
def test_the_word_that_was_meant_is_named_and_no_other(kind: str, tmp_path: Path) -> None:
    place, meant = SUGGESTED[kind]
    with use_language("en"):
        (found,) = [one for one in mistakes(kind, tmp_path) if at(one) == place]
        assert found.fix == f"did you mean {meant}"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("manifest", "policycore: 1\nsources:\n", None),
        ("manifest", "policycore: 1\nsources: [~]\n", "2:11 wrong-type"),
        ("manifest", "policycore: 1\nsources: [{name: a, lacks: [~]}]\n", "2:29 wrong-type"),
        ("manifest", "policycore: 1\nas_of:\n", "2:1 nothing-given"),
        ("manifest", "policycore:\n", "1:1 nothing-given"),
        ("waivers", "policycore: 1\nwaivers: # none left\n", None),
        ("waivers", "policycore: 1\nwaivers: [~]\n", "2:11 wrong-type"),
        ("settings", "policycore: 1\nstore:\n", None),
        ("addresses", "policycore: 1\npeople: {p1: ~}\n", "2:14 wrong-type"),
        ("ruleset", "policycore: 1\nruleset: a\ntitle: {zh: a}\nextends: [~]\n", "4:11 wrong-type"),
        ("ruleset", "policycore: 1\nruleset: a\ntitle: {zh: a}\nextends:\n", "4:1 nothing-given"),
    ],
)
def test_nothing_is_taken_only_where_it_can_mean_but_one_thing(
    kind: str, text: str, expected: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8")
    if expected is None:
        KINDS[kind][0](path)
        return
    with pytest.raises(PolicycoreError) as caught:
        KINDS[kind][0](path)
    assert [f"{at(one)} {one.code.rpartition('.')[2]}" for one in caught.value.problems] == [expected]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_mapping_empty_or_no_text_is_told_too(kind: str, tmp_path: Path) -> None:
    read = KINDS[kind][0]
    for content, code in ((b"", "empty"), (b"\xff\xfe\x00", "encoding"), (b"a: \0", "control"), (b"[1]", "")):
        path = tmp_path / f"{kind}.yaml"
        path.write_bytes(content)
        with pytest.raises(PolicycoreError) as caught:
            read(path)
        assert all(one.why and one.fix and one.place for one in caught.value.problems)
        assert caught.value.problems[0].code.endswith(code)


def test_no_address_is_repeated_in_a_message(tmp_path: Path) -> None:
    address = "mailto://office:s3cret@example.org"
    for text in (
        f"policycore: 1\n{address}: x\n",
        f"policycore: 1\neverybody: *{address}\n",
        f"policycore: {address}\n",
        f"policycore: 1\neverybody: !{address} x\n",
        f"policycore: 1\neverybody: ['{address}', {{'{address}': 1}}]\n{address}\n",
    ):
        (tmp_path / "notices.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(PolicycoreError) as caught:
            addresses_of(Workspace(tmp_path, ""), ())
        assert "s3cret" not in str(caught.value)


_PIECES = [
    "[",
    "]",
    "{",
    "}",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "'",
    '"',
    "~",
    "null",
    "0",
    "1e999",
    ".nan",
    "&a ",
    "*a",
    "!t ",
    "# ",
]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "ruleset"])
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 12), st.sampled_from(_PIECES)), min_size=1, max_size=4))
def test_a_broken_file_is_read_or_refused_in_words(
    kind: str, tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[int, int, str]]
) -> None:
    read, text, _ = KINDS[kind]
    for begin, length, piece in cuts:
        text = text[:begin] + piece + text[begin + length :]
    path = tmp_path_factory.getbasetemp() / f"{kind}.yaml"
    path.write_text(text, encoding="utf-8")
    found: list[Problem] | None = None
    try:
        read(path)
    except PolicycoreError as error:
        found = list(error.problems)
    assert found is None or found
    assert all(one.what and one.why and one.fix and one.place for one in found or ())
