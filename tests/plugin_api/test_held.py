"""What plugins offer is checked, named once, and held to time, output and exit."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from policycore.errors import ExitCode, PluginError, UsageError
from policycore.plugin_api.plugins import load_plugins

SOURCE = """
from policycore import LazyCommand, Source, Text, hookimpl

class Report:
    name, suffix, media_type, is_text = "same", ".x", "text/x", True
    def write(self, result, stream, language): ...

class Same(Source):
    name = "same"
    def read(self, path): return {{}}

@hookimpl
def policycore_commands():
    return [LazyCommand("same", Text("同", "same"), "json:loads")]

@hookimpl
def policycore_reports():
    return [Report()]

@hookimpl
def policycore_sources():
    return [Same]

@hookimpl
def policycore_rulesets():
    return [{folder!r}]

@hookimpl
def policycore_recipes():
    return [{folder!r}]
"""


@pytest.mark.parametrize("kind", ["command", "report", "source", "ruleset", "recipe"])
def test_what_two_plugins_bring_under_one_name_is_used_by_neither(install, tmp_path, kind):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.yaml").write_text("", "utf-8")
        install(name, SOURCE.format(folder=str(tmp_path / name)))
    plugins = load_plugins()
    attribute = {"ruleset": "ruleset_folders", "recipe": "recipe_folders"}.get(kind, f"{kind}s")
    offered = getattr(plugins, attribute)
    assert [problem.code for problem in plugins.problems] == [f"plugin.duplicate-{kind}"]
    assert "trial-one" in plugins.problems[0].what
    assert "trial-two" in plugins.problems[0].what
    assert [plugin.dropped for plugin in plugins.plugins if plugin.name in ("one", "two")] == [["same"], ["same"]]
    if kind == "command":
        assert plugins.command("same") is None
    elif kind in ("report", "source"):
        assert "same" not in {item.name for item in offered}
    elif kind == "ruleset":
        from policycore.errors import Place, Problem
        from policycore.rulesets.layers.find import find_ruleset

        found = find_ruleset("same", offered, Place("--ruleset"))
        assert isinstance(found, Problem)
        assert "two/same.yaml" in found.what
    else:
        from policycore.errors import DataError
        from policycore.estate.recipes.recipe import find_recipe

        with pytest.raises(DataError, match=r"two/same\.yaml"):
            find_recipe("same", offered)


HOOK = "from policycore import hookimpl\n@hookimpl\ndef policycore_rules():\n"


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.sleep(60)",
        "while True:\n    pass",
        "9 ** 9 ** 9",
        HOOK + "    import time\n    time.sleep(60)",
        HOOK + "    while True:\n        yield 1",
        HOOK + "    import re\n    re.match('(a+)+b', 'a' * 60)",
    ],
)
def test_what_never_ends_is_ended_and_named(install, monkeypatch, source):
    monkeypatch.setenv("POLICYCORE_PLUGIN_SECONDS", "0.2")
    monkeypatch.setattr("policycore.plugin_api.loaded.MOST_OFFERS", 10**12)
    install("hangs", source)
    monkeypatch.setenv("POLICYCORE_PLUGINS", "hangs")
    plugins = load_plugins()
    assert plugins.rules.all() == ()
    (problem,) = plugins.problems
    assert "trial-hangs" in problem.what
    assert "0.2" in problem.what


def test_what_a_plugin_prints_at_import_or_in_a_hook_goes_to_the_log(install, capfd, said):
    install("prints", "print('at import')\n" + HOOK + "    print('in the hook')\n    return []")
    plugins = load_plugins()
    _ = plugins.rules
    assert plugins.problems == []
    assert capfd.readouterr() == ("", "")
    assert said == ["prints (trial-prints): at import", "prints (trial-prints): in the hook"]


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan"])
def test_a_limit_that_is_no_number_of_seconds_is_wrong_usage(value):
    with pytest.raises(UsageError):
        load_plugins({"POLICYCORE_PLUGIN_SECONDS": value})


def test_a_hook_that_returns_nothing_is_named(install):
    install("nothing", HOOK + "    pass")
    plugins = load_plugins()
    assert plugins.rules.get("OWN001") is not None
    (problem,) = plugins.problems
    assert "returns None" in problem.what
    assert "trial_nothing" in problem.what or "trial-nothing" in problem.what


def test_the_place_in_the_plugin_is_named(install):
    install("places", HOOK + "    import json\n    json.loads('x')")
    plugins = load_plugins()
    _ = plugins.rules
    assert "trial_places.py:5" in plugins.problems[0].what


def test_one_malformed_offer_costs_itself_alone(install):
    source = SOURCE.format(folder=str(Path(__file__).parent)).replace(
        "return [Report()]", "return [Report(), Report, 7]"
    )
    install("partly", source)
    plugins = load_plugins()
    assert [report.name for report in plugins.reports] == ["same"]
    assert {problem.code for problem in plugins.problems} == {"plugin.bad-offer"}
    assert "write不是方法" in plugins.problems[0].what


def test_what_offers_do_is_held_against_their_plugin(install, tmp_path):
    source = SOURCE.format(folder=str(tmp_path)).replace(
        "stream, language): ...", "stream, language): stream.write(b'half'); raise SystemExit(0)"
    )
    install("fails", source.replace("return {}", "raise SystemExit(0)"))
    plugins = load_plugins()
    stream = io.BytesIO()
    with pytest.raises(PluginError, match="trial-fails"):
        plugins.reports[0].write(None, stream, "zh")
    assert stream.getvalue() == b""
    with pytest.raises(PluginError, match="trial-fails"):
        plugins.sources[0].read(tmp_path)


def test_a_rule_set_that_uses_a_rule_of_a_plugin_that_failed_says_which_and_why(run, install, tmp_path):
    (tmp_path / "small.yaml").write_text(
        "policycore: 1\nruleset: small\ntitle: {zh: 甲, en: a}\n"
        "document: {title: 通知, clauses: [{id: 一, text: 群主负责}]}\n"
        "rules: [{use: trial/lost, clause: [一]}]\n",
        "utf-8",
    )
    install("broken", "raise ValueError('no library')")
    ended = run("--lang", "en", "ruleset", "check", tmp_path / "small.yaml")
    assert ended.code == ExitCode.INCOMPLETE
    assert "there is no rule trial/lost, plugin broken (from trial-broken) could not be loaded" in ended.err
    assert "ValueError: no library" in ended.err


def test_a_rule_set_that_uses_a_rule_that_is_malformed_says_how(run, install, tmp_path):
    (tmp_path / "small.yaml").write_text(
        "policycore: 1\nruleset: small\ntitle: {zh: 甲, en: a}\n"
        "document: {title: 通知, clauses: [{id: 一, text: 群主负责}]}\n"
        "rules: [{use: trial/lost, clause: [一]}]\n",
        "utf-8",
    )
    source = "from policycore import Rule, hookimpl\nclass Lost(Rule):\n    id, name = 'TRY001', 'trial/lost'\n"
    install("partly", source + "@hookimpl\ndef policycore_rules():\n    return [Lost]")
    ended = run("--lang", "en", "ruleset", "check", tmp_path / "small.yaml")
    assert ended.code == ExitCode.INCOMPLETE
    assert (
        "there is no rule trial/lost, rule Lost of plugin partly (from trial-partly) breaks the contract" in ended.err
    )
    assert run("--lang", "en", "plugin", "list").out.count("not used: trial/lost") == 1
    assert "not used: trial/lost" in run("--lang", "en", "doctor").out
