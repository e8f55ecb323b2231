"""Plugins are found as installed distributions, loaded one by one; what is broken is named, the rest goes on."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from policycore.plugin_api.plugins import PluginSet, load_plugins

RULE = """
from policycore import Query, Rule, Step, Subject, Text, hookimpl

class R(Rule):
    id = "{id}"
    name = "{name}"
    subject = Subject.GROUP
    requires = ("groups.owner_id",)
    title = message = explanation = Text("甲", "a")
    remediation = (Step("owner", Text("乙", "b")),)

    def check(self, estate, params):
        return Query("SELECT id AS group_id FROM groups")

@hookimpl
def policycore_rules():
    return [R]
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that installs a distribution with one plugin module."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made: list[str] = []

    def add(name: str, source: str) -> None:
        module = f"trial_{name}"
        (tmp_path / f"{module}.py").write_text(textwrap.dedent(source), "utf-8")
        info = tmp_path / f"trial_{name}-1.5.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: trial-{name}\nVersion: 1.5\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[policycore]\n{name} = {module}\n", "utf-8")
        made.append(module)

    yield add
    for module in made:
        sys.modules.pop(module, None)


def _plugin(plugins: PluginSet, name: str):
    return next(plugin for plugin in plugins.plugins if plugin.name == name)


def test_an_installed_plugin_brings_its_rules(install):
    install("good", RULE.format(id="TRY001", name="trial/good"))
    plugins = load_plugins()
    assert plugins.rules.get("trial/good") is plugins.rules.get("TRY001") is not None
    plugin = _plugin(plugins, "good")
    assert (plugin.distribution, plugin.version, plugin.ok, plugin.counts) == ("trial-good", "1.5", True, {"rules": 1})
    assert plugins.problems == []


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import there_is_no_such_module", "ModuleNotFoundError"),
        ("raise RuntimeError('at import')", "RuntimeError: at import"),
        ("def (", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        (
            "from policycore import hookimpl\n@hookimpl\ndef policycore_rules(strange): return []",
            "PluginValidationError",
        ),
        ("from policycore import hookimpl\n@hookimpl\ndef policycore_nonsense(): return []", "PluginValidationError"),
    ],
)
def test_a_plugin_that_does_not_load_is_one_problem_and_the_rest_goes_on(install, source, error):
    install("broken", source)
    install("good", RULE.format(id="TRY001", name="trial/good"))
    plugins = load_plugins()
    assert plugins.rules.get("trial/good") is not None
    assert plugins.rules.get("ownership/owner-present") is not None
    assert [problem.code for problem in plugins.problems] == ["plugin.not-loaded"]
    assert "trial-broken" in plugins.problems[0].what
    assert error in plugins.problems[0].what
    assert not _plugin(plugins, "broken").ok


def test_a_hook_that_raises_is_named(install):
    install("raises", "from policycore import hookimpl\n@hookimpl\ndef policycore_rules():\n    raise ValueError('x')")
    plugins = load_plugins()
    assert plugins.rules.get("ownership/owner-present") is not None
    assert [problem.code for problem in plugins.problems] == ["plugin.hook-failed"]
    assert "policycore_rules" in plugins.problems[0].what


def test_a_rule_that_two_distributions_claim_is_used_by_neither(install):
    install("one", RULE.format(id="TRY001", name="trial/one"))
    install("two", RULE.format(id="TRY001", name="trial/two"))
    install("three", RULE.format(id="TRY003", name="ownership/owner-present"))
    plugins = load_plugins()
    assert plugins.rules.get("TRY001") is None
    assert plugins.rules.get("trial/two") is None
    assert plugins.rules.get("OWN001") is None
    clashes = {problem.what for problem in plugins.problems if problem.code == "plugin.duplicate-rule"}
    assert any("trial-one" in what and "trial-two" in what for what in clashes)
    assert any("policycore (" in what and "trial-three" in what for what in clashes)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "TRY001"', 'id = "try1"', "id"),
        ('name = "trial/good"', 'name = "Good"', "name"),
        ('requires = ("groups.owner_id",)', 'requires = ("groups.owner",)', "groups.owner"),
        ('requires = ("groups.owner_id",)', "requires = ()", "requires"),
        ('Text("乙", "b")', 'Text("", "b")', "step 1"),
        ("class R(Rule)", "class R", "subclass"),
        ('remediation = (Step("owner", Text("乙", "b")),)', "remediation = ()", "remediation"),
    ],
)
def test_a_rule_that_breaks_the_contract_takes_no_part(install, old, new, fault):
    source = RULE.format(id="TRY001", name="trial/good")
    assert old in source
    install("bad", source.replace(old, new))
    plugins = load_plugins()
    assert plugins.rules.get("TRY001") is None
    assert [problem.code for problem in plugins.problems] == ["plugin.bad-rule"]
    assert fault in plugins.problems[0].what


def test_exactly_the_named_plugins_are_loaded(monkeypatch):
    monkeypatch.setenv("POLICYCORE_PLUGINS", "ownership, nowhere")
    plugins = load_plugins()
    assert {rule.name.partition("/")[0] for rule in plugins.rules.all()} == {"ownership"}
    assert [problem.code for problem in plugins.problems] == ["plugin.not-found"]
    monkeypatch.setenv("POLICYCORE_PLUGINS", "")
    assert load_plugins().rules.all() == ()


def test_hook_calls_are_traced_to_standard_error():
    run = subprocess.run(
        [sys.executable, "-c", "from policycore.plugin_api.plugins import load_plugins; load_plugins().rules"],
        env={"POLICYCORE_TRACE": "1", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ""
    assert "policycore_rules  ownership" in run.stderr


def test_every_built_in_rule_keeps_the_contract_and_is_found_by_all_its_names():
    plugins = load_plugins()
    assert plugins.problems == []
    for rule in plugins.rules.all():
        for name in (rule.id, rule.name, *rule.aliases):
            assert plugins.rules.get(name) is rule


@pytest.mark.parametrize(
    ("tighter", "fault"),
    [
        ({"grace_days": "lower"}, ""),
        ({"grace_days": "smaller"}, "tighter says 'smaller' of 'grace_days', which is none of higher"),
        ({"grace": "lower"}, "tighter names 'grace', which is no parameter"),
        ({"grace_days": (1,)}, "tighter gives 'grace_days' fewer than two values"),
    ],
)
def test_a_rule_that_says_nonsense_about_its_parameters_is_no_rule(tighter: dict[str, object], fault: str) -> None:
    from policycore.plugin_api.rule_contract import rule_faults

    found = type(load_plugins().rules.get("OWN002"))
    broken = type("Broken", (found,), {"tighter": tighter})
    assert [text[: len(fault)] for text in rule_faults(broken)] == ([fault] if fault else [])


def test_two_plugins_of_one_name_are_a_problem() -> None:
    entries = [EntryPoint(name="ours", value=module, group="policycore") for module in ("json", "csv")]
    found = [problem for problem in PluginSet(entries=entries).problems if problem.code == "plugin.same-name"]
    assert len(found) == 1
    assert "json" in found[0].what
    assert "csv" in found[0].what
    assert not [problem for problem in PluginSet(entries=entries[:1]).problems if problem.code == "plugin.same-name"]
