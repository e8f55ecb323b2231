"""The cache answers as parsing does, notices every change, and is never worth an error."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.errors import RuleSetError
from policycore.plugin_api.rule_catalogue import RuleCatalogue
from policycore.rulesets.load import LoadedRuleSet, Loading, check_ruleset

Write = Callable[..., Path]
TEXT = """document: {title: d, clauses: !include clauses.yaml}
parameters: {grace: 3, spare: 1}
extends: [base]
rules:
  - use: test/small
    clause: [一]
    with: {days: $grace, since: 2024-03-22}
    floor: {days: {max: 7}}
    applies_to: "kind <> 'standing'"
  - id: LOCAL-1
    name: local/large
    sql: |
      SELECT id AS group_id, member_count FROM group_facts
      WHERE member_count > $limit AND list_contains($kinds, kind)
    with: {limit: 200, kinds: [project]}
    message: {zh: "{member_count}人"}
    remediation: [{who: owner, what: {zh: 清理}, within_days: 3}]
attestations: [{clause: 一, asks: {zh: 问, en: ask}, valid_days: 90}]
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cache's folder, new for each test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("POLICYCORE_CACHE", str(folder))
    return folder


@pytest.fixture
def path(write: Write, cache: Path) -> Path:
    """Return a set with everything in it."""
    write("- {id: 一, text: 甲}\n", "clauses.yaml", head=False)
    write("rules: [{use: test/other, with: {words: [乙]}}]\n", "base.yaml")
    return write(TEXT)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the list of sets that were parsed and not taken from the cache."""
    loads: list[Path] = []
    original = Loading.load

    def counted(self: Loading, path: Path) -> LoadedRuleSet:
        loads.append(path)
        return original(self, path)

    monkeypatch.setattr(Loading, "load", counted)
    return loads


def shape(loaded: LoadedRuleSet) -> object:
    """Return all that a set says, in a form that compares."""
    ruleset = loaded.ruleset
    rules = [
        (
            rule.id, rule.name, rule.clauses, rule.severity, rule.enforcement,
            rule.params.model_dump(), rule.applies_to,
            rule.place, rule.rule.subject, rule.rule.requires, rule.rule.title, rule.rule.message,
            rule.rule.explanation, rule.rule.remediation, rule.rule.severity, rule.rule.check.__qualname__,
        )
        for rule in ruleset.rules
    ]  # fmt: skip
    rest = (ruleset.name, ruleset.title, ruleset.document, ruleset.attestations, dict(ruleset.parameters))
    return rules, rest, ruleset.origins, ruleset.files, ruleset.hash, loaded.warnings


def check(path: Path, catalogue: RuleCatalogue) -> LoadedRuleSet:
    """Load through the cache."""
    return check_ruleset(path, catalogue, [path.parent])


def test_what_comes_from_the_cache_is_what_was_parsed(path: Path, catalogue: RuleCatalogue, parsed: list[Path]) -> None:
    first = check(path, catalogue)
    second = check(path, catalogue)
    assert len(parsed) == 1
    assert shape(second) == shape(first)


@pytest.mark.parametrize("name", ["a.yaml", "base.yaml", "clauses.yaml"])
def test_a_change_of_any_file_is_noticed(path: Path, catalogue: RuleCatalogue, parsed: list[Path], name: str) -> None:
    before = check(path, catalogue).ruleset
    changed = path.with_name(name)
    changed.write_text(changed.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    after = check(path, catalogue).ruleset
    assert len(parsed) == 2
    assert after.hash != before.hash


def test_a_set_that_was_good_and_is_bad_now_is_refused(path: Path, catalogue: RuleCatalogue) -> None:
    check(path, catalogue)
    path.with_name("clauses.yaml").unlink()
    with pytest.raises(RuleSetError):
        check(path, catalogue)


def test_another_catalogue_is_noticed(path: Path, catalogue: RuleCatalogue) -> None:
    check(path, catalogue)
    with pytest.raises(RuleSetError):
        check(path, RuleCatalogue([]))


def test_a_name_that_leads_elsewhere_now_is_noticed(
    path: Path, catalogue: RuleCatalogue, parsed: list[Path], tmp_path: Path
) -> None:
    further = tmp_path / "further"
    further.mkdir()
    (tmp_path / "base.yaml").rename(further / "base.yaml")
    check_ruleset(path, catalogue, [tmp_path, further])
    (tmp_path / "base.yaml").write_bytes((further / "base.yaml").read_bytes())
    check_ruleset(path, catalogue, [tmp_path, further])
    assert len(parsed) == 2


def cached_file(cache: Path) -> Path:
    """Return the one file in the cache."""
    (found,) = (cache / "rulesets").iterdir()
    return found


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"\x00" * 100,
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b'"days":3', b'"days":9'),
        lambda content: content.replace(b'"format": 2', b'"format": 1'),
        lambda _: b"[]\n[]",
        lambda _: b"{" * 100_000,
        lambda _: b"null\nnull",
    ],
)
def test_a_damaged_cache_is_ignored_and_rewritten(
    path: Path, catalogue: RuleCatalogue, parsed: list[Path], cache: Path, damage: Callable[[bytes], bytes]
) -> None:
    first = check(path, catalogue)
    file = cached_file(cache)
    content = file.read_bytes()
    assert damage(content) != content
    file.write_bytes(damage(content))
    assert shape(check(path, catalogue)) == shape(first)
    assert len(parsed) == 2
    assert file.read_bytes() == content


def test_a_forged_value_is_held_to_the_rule_s_own_bounds(path: Path, catalogue: RuleCatalogue, cache: Path) -> None:
    import hashlib

    check(path, catalogue)
    file = cached_file(cache)
    head, _, body = file.read_bytes().partition(b"\n")
    forged = body.replace(b'"days":3', b'"days":9999')
    stored = {**json.loads(head), "digest": hashlib.sha256(forged).hexdigest()}
    file.write_bytes(json.dumps(stored).encode() + b"\n" + forged)
    assert check(path, catalogue).ruleset.rules[1].params.model_dump()["days"] == 3


def test_a_cache_that_cannot_be_written_is_no_error(
    path: Path, catalogue: RuleCatalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("POLICYCORE_CACHE", str(blocked / "below"))
    assert check(path, catalogue).ruleset.rules


def test_nothing_half_written_is_left(path: Path, catalogue: RuleCatalogue, cache: Path) -> None:
    check(path, catalogue)
    assert [file.suffix for file in (cache / "rulesets").iterdir()] == [".json"]
    assert not os.access(cached_file(cache), os.X_OK)


def test_a_set_from_the_cache_needs_no_database(cache: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from policycore.plugin_api.plugins import load_plugins\n"
        "from policycore.rulesets.load import check_ruleset\n"
        "plugins = load_plugins()\n"
        "check_ruleset('work-groups-base', plugins.rules, plugins.ruleset_folders)\n"
        "print('duckdb' in sys.modules, 'ruamel' in sys.modules)"
    )
    for expected in (None, "False False"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert expected is None or done.stdout.strip() == expected
