"""Plugins are found as installed distributions, loaded one by one; what is broken is named, the rest goes on."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from policycore.language import use_language
from policycore.plugin_api.plugins import PluginSet, load_plugins


@pytest.fixture(autouse=True)
def english():
    """Let the program speak English, which most of what is compared here is written in."""
    with use_language("en"):
        yield


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
        ("def policycore_panels(): return []", "policycore_panels lacks @hookimpl"),
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


@pytest.mark.parametrize(
    "error", ["ValueError('x')", "SystemExit(0)", "KeyboardInterrupt", "GeneratorExit", "BaseException('y')"]
)
@pytest.mark.parametrize("wrapper", [False, True])
def test_a_hook_that_raises_costs_its_own_plugin_alone(install, error, wrapper):
    head = "@hookimpl(wrapper=True)" if wrapper else "@hookimpl"
    body = "    yield\n" if wrapper else ""
    install("raises", f"from policycore import hookimpl\n{head}\ndef policycore_rules():\n{body}    raise {error}")
    plugins = load_plugins()
    assert plugins.rules.get("ownership/owner-present") is not None
    assert [problem.code for problem in plugins.problems] == ["plugin.hook-failed"]
    assert "policycore_rules" in plugins.problems[0].what
    assert "trial-raises" in plugins.problems[0].what
    assert not _plugin(plugins, "raises").ok


def test_a_hook_that_ends_early_costs_its_own_plugin_alone(install):
    install(
        "half", "from policycore import hookimpl\n@hookimpl\ndef policycore_rules():\n    yield 1\n    raise OSError"
    )
    plugins = load_plugins()
    assert plugins.rules.get("ownership/owner-present") is not None
    assert [problem.code for problem in plugins.problems] == ["plugin.hook-failed"]


def test_a_signal_in_a_hook_is_no_fault_of_the_plugin(install):
    source = "import os, signal\nfrom policycore import hookimpl\n@hookimpl\ndef policycore_rules():\n"
    install("slow", source + "    os.kill(os.getpid(), signal.SIGINT)\n    return []")
    with pytest.raises(KeyboardInterrupt):
        _ = load_plugins().rules


def test_a_wrapper_changes_what_other_plugins_answer(install):
    install("good", RULE.format(id="TRY001", name="trial/good"))
    install(
        "without",
        """
        from policycore import hookimpl

        @hookimpl(wrapper=True)
        def policycore_rules():
            answers = yield
            return [[rule for rule in rules if rule.id != "OWN001"] for rules in answers]
        """,
    )
    plugins = load_plugins()
    assert plugins.rules.get("OWN001") is None
    assert plugins.rules.get("OWN002") is not None
    assert plugins.rules.get("TRY001") is not None
    assert plugins.problems == []


def test_a_wrapper_that_fails_leaves_the_others_at_work(install):
    head = "from policycore import hookimpl\n@hookimpl(wrapper=True)\ndef policycore_rules():\n    rules = yield\n"
    install("emptying", head + "    return []")
    install("failing", head + "    raise ValueError('late')")
    plugins = load_plugins()
    assert plugins.rules.all() == ()
    assert [problem.what for problem in plugins.problems if "trial-failing" in problem.what] != []
    assert len(plugins.problems) == 1


def test_hooks_say_who_comes_first_as_pluggy_reads_it(install, tmp_path):
    source = "from pathlib import Path\nfrom policycore import hookimpl\n@hookimpl({order})\n"
    source += f"def policycore_rulesets():\n    return [Path({str(tmp_path)!r}) / {{name!r}}]"
    for name, order in (("aa", "trylast=True"), ("bb", ""), ("cc", ""), ("dd", "tryfirst=True")):
        (tmp_path / name).mkdir()
        install(name, source.format(order=order, name=name))
    mine = [folder.name for folder in load_plugins().ruleset_folders if len(folder.name) == 2]
    assert mine == ["dd", "bb", "cc", "aa"]


@pytest.mark.parametrize(
    ("hook", "attribute"),
    [
        ("rulesets", "ruleset_folders"),
        ("recipes", "recipe_folders"),
        ("sources", "sources"),
        ("reports", "reports"),
        ("notifiers", "notifiers"),
        ("commands", "commands"),
        ("panels", "panels"),
    ],
)
def test_what_no_hook_promises_is_named_and_left_out(install, hook, attribute):
    install("bad", f"from policycore import hookimpl\n@hookimpl\ndef policycore_{hook}():\n    return [7, object]")
    plugins = load_plugins()
    getattr(plugins, attribute)
    assert {problem.code for problem in plugins.problems} == {"plugin.bad-offer"}
    assert len(plugins.problems) == 2
    assert f"policycore_{hook}" in plugins.problems[0].what


def test_an_offer_that_cannot_even_be_looked_at_is_its_plugins_error(install):
    source = "from policycore import hookimpl\nclass Odd:\n    @property\n    def name(self):\n        raise OSError\n"
    install("odd", source + "@hookimpl\ndef policycore_reports():\n    return [Odd()]")
    plugins = load_plugins()
    assert plugins.reports == ()
    assert len(plugins.problems) == 1


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
        ("subject = Subject.GROUP", "subject = Subject.GROUP\n    sevrity = 'warning'", "did you mean severity?"),
        ("subject = Subject.GROUP", "subject = Subject.GROUP\n    helper = 1", "begin the name of a helper with _"),
        ('Step("owner"', 'Step("ownr"', "did you mean owner?"),
        ('Text("乙", "b")),)', 'Text("乙", "b"), -1),)', "within -1 days"),
        ("title = message", "title = 'a'; message", "title is no Text"),
        ('Step("owner", Text("乙", "b"))', '"owner"', "step 1 is no Step"),
        ('requires = ("groups.owner_id",)', 'requires = "groups.owner_id"', "requires is no tuple"),
        ('requires = ("groups.owner_id",)', "requires = (7,)", "neither a field nor Needs"),
        ("subject = Subject.GROUP", "subject = 'group'", "subject is no Subject"),
        ("subject = Subject.GROUP", "subject = Subject.GROUP\n    aliases = 'OLD1'", "aliases is no tuple"),
        ("subject = Subject.GROUP", "subject = Subject.GROUP\n    time_limit = 1e9", "time_limit"),
        ("subject = Subject.GROUP", "subject = Subject.GROUP\n    cases = (1,)", "no Case"),
        ("def check", "def _check", "check is missing"),
        ("class R(Rule)", "class R(__import__('policycore').TopicRule)", "topics is missing"),
        (
            "subject = Subject.GROUP",
            "subject = Subject.GROUP\n    class Params(Rule.Params):\n        most: int = 3",
            "parameter most has no description",
        ),
        (
            "subject = Subject.GROUP",
            "subject = Subject.GROUP\n    class Params(Rule.Params, extra='allow'):\n        pass",
            "that it does not declare",
        ),
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


@pytest.mark.parametrize(("language", "said"), [("zh", "缺少"), ("en", "lacks")])
def test_what_is_wrong_is_said_in_the_language_in_force(install, language, said):
    install("bad", RULE.format(id="TRY001", name="trial/bad").replace('    id = "TRY001"\n', ""))
    with use_language(language):
        plugins = load_plugins()
        assert plugins.rules.get("trial/bad") is None
    assert said in plugins.problems[0].what


def test_two_plugins_of_one_name_are_a_problem() -> None:
    entries = [EntryPoint(name="ours", value=module, group="policycore") for module in ("json", "csv")]
    found = [problem for problem in PluginSet(entries=entries).problems if problem.code == "plugin.same-name"]
    assert len(found) == 1
    assert "json" in found[0].what
    assert "csv" in found[0].what
    assert not [problem for problem in PluginSet(entries=entries[:1]).problems if problem.code == "plugin.same-name"]
