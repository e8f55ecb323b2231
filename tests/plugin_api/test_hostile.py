"""Whatever a plugin does, a command never ends as if nothing had happened, shows no trace, and names the plugin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policycore.errors import ExitCode, PluginError
from policycore.plugin_api.plugins import load_plugins
from tests.plugin_api.hostile import ATTACKS, Attack, module_of

RULESET = """\
policycore: 1
ruleset: small
title: {zh: 小规则集, en: Small set}
document: {title: 通知, clauses: [{id: 一, text: 群主负责}]}
rules:
  - {use: ownership/owner-present, clause: [一]}
  - {use: trial/hostile, clause: [一]}
  - {use: trial/reading, clause: [一]}
"""
SAMPLE = 30
_OWN_WAY = {"SEND": "notifiers", "LINES": "panels"}


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 200
    assert len({(attack.place, attack.deed) for attack in ATTACKS}) == len(ATTACKS)


def _sampled() -> list[object]:
    """Return every attack, all but some of each kind marked as long."""
    often = {round(number * len(ATTACKS) / SAMPLE) for number in range(SAMPLE)}
    return [
        pytest.param(attack, id=str(attack), marks=() if number in often else pytest.mark.long)
        for number, attack in enumerate(ATTACKS)
    ]


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    folder = tmp_path / "estate"
    folder.mkdir()
    (folder / "manifest.yaml").write_text(
        "policycore: 1\nas_of: 2024-04-15T00:00:00+08:00\nsources: [{name: register}]\n", "utf-8"
    )
    (folder / "groups.csv").write_text("id,name,owner_id\ng1,教务处群,a1\ng2,后勤群,\n", "utf-8")
    (folder / "accounts.csv").write_text("id,person_id,kind\na1,p1,internal\n", "utf-8")
    (tmp_path / "small.yaml").write_text(RULESET, "utf-8")
    (tmp_path / "some.chat").write_text("", "utf-8")
    return folder


def _command(attack: Attack, estate: Path) -> list[object]:
    """Return the command line that calls the code of the attacked place."""
    folder = estate.parent
    if attack.place in ("CAN_READ", "READ", "READ_ROWS", "HOOK_SOURCES"):
        return ["import", folder / "some.chat", "--estate", folder / "out", "--as-of", "2024-04-15"]
    if attack.place in ("COMMAND", "HOOK_COMMANDS"):
        return ["trial"]
    if attack.place in ("HOOK_NOTIFIERS", "HOOK_PANELS"):
        return ["plugin", "list"]
    check = ["check", "--ruleset", folder / "small.yaml", "--estate", estate, "--no-store", "--format"]
    return [*check, "trial" if attack.place in ("WRITE", "REPORT_NAME", "HOOK_REPORTS") else "json"]


def _expected(attack: Attack) -> ExitCode:
    """Return how a command ends: an error of value is how a source refuses a file, a model its parameters."""
    if attack.place in ("READ", "READ_ROWS") and "ValueError" in attack.deed:
        return ExitCode.DATA
    if attack.place == "PARAMS" and ("ValueError" in attack.deed or "AssertionError" in attack.deed):
        return ExitCode.USAGE
    return ExitCode.INCOMPLETE


@pytest.mark.parametrize("attack", _sampled())
def test_a_hostile_plugin_is_named_and_nothing_passes_for_its_sake(attack, install, estate, run, monkeypatch):
    install("hostile", module_of(attack))
    if attack.hangs:
        monkeypatch.setenv("POLICYCORE_PLUGIN_SECONDS", "0.5")
        monkeypatch.setattr("policycore.rulesets.rule_code.SECONDS", 0.5)
    if attack.place in _OWN_WAY:
        (offer,) = getattr(load_plugins(), _OWN_WAY[attack.place])
        work = (lambda: offer.send([])) if attack.place == "SEND" else (lambda: offer.lines(None, 80))
        if attack.harmless:
            work()
        else:
            with pytest.raises(PluginError, match="trial-hostile"):
                work()
        return
    ended = run("--lang", "en", *_command(attack, estate))
    assert "Traceback (most recent call last):\n" not in ended.out + ended.err
    assert "\x1b" not in ended.out + ended.err
    if attack.harmless:
        assert ended.code in (ExitCode.CLEAN, ExitCode.FINDINGS), ended.err
        assert "PRINTED" not in ended.out
        assert "PRINTED" in ended.err
        assert len(ended.err) < 100_000
        return
    assert ended.code == _expected(attack), (ended.code, ended.err)
    assert any(
        name in ended.err
        for name in ("trial-hostile", "trial/hostile", "trial/reading", "source trial", "small.yaml:7")
    )
    if ended.out.startswith("{"):
        report = json.loads(ended.out)
        judged = "ruleset" in report  # else the rule set could not even be used
        assert judged == any(finding["rule"] == "OWN001" for finding in report["findings"])
        assert report["problems"]
        assert not judged or any(
            name in str(report["problems"]) for name in ("trial-hostile", "trial/hostile", "trial/reading")
        )
    assert not (estate.parent / "out" / "manifest.yaml").exists()


def _site(tmp_path: Path, module: str) -> dict[str, str]:
    """Return the environment in which a process of its own finds the plugin."""
    information = tmp_path / "site" / "trial_hostile-1.dist-info"
    information.mkdir(parents=True)
    (tmp_path / "site" / "trial_hostile.py").write_text(module, "utf-8")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: trial-hostile\nVersion: 1\n", "utf-8")
    (information / "entry_points.txt").write_text("[policycore]\nhostile = trial_hostile\n", "utf-8")
    return {"PYTHONPATH": str(tmp_path / "site"), "LANG": "en_US.UTF-8"}


def test_what_goes_past_python_does_not_reach_standard_output_either(start, estate, tmp_path):
    deed = (
        "import os; os.write(1, b'PAST'); os.system('echo PAST'); sys.__stdout__.write('PAST'); sys.__stdout__.flush()"
    )
    ended = start(*_command(Attack("CHECK", deed), estate), **_site(tmp_path, module_of(Attack("CHECK", deed))))
    assert ended.code == ExitCode.FINDINGS, ended.err
    json.loads(ended.out)
    assert ended.err.count("PAST") == 3


def test_what_is_left_for_the_end_of_the_program_changes_nothing(start, estate, tmp_path):
    deed = (
        "import atexit, threading; atexit.register(print, 'LATE'); threading._shutdown = lambda: os._exit(0); "
        "globals()['kept'] = type('D', (), {'__del__': lambda self: os._exit(0)})(); sys.exit = lambda *args: None"
    )
    ended = start(*_command(Attack("CHECK", deed), estate), **_site(tmp_path, module_of(Attack("CHECK", deed))))
    assert ended.code == ExitCode.FINDINGS, ended.err
    json.loads(ended.out)


_SWALLOWING = """
while True:
    try:
        time.sleep(60)
    except BaseException:
        pass
"""


@pytest.mark.long
@pytest.mark.parametrize("deed", [_SWALLOWING, "import itertools; sum(itertools.count())"])
@pytest.mark.parametrize("place", ["IMPORT", "HOOK_RULES", "WRITE", "CHECK"])
def test_what_swallows_the_exception_or_never_lets_go_ends_with_its_name(start, estate, tmp_path, place, deed):
    environment = _site(tmp_path, module_of(Attack(place, deed))) | {"POLICYCORE_PLUGIN_SECONDS": "1"}
    output = tmp_path / "report"
    arguments = [*_command(Attack(place, deed), estate), "--time-limit", "1", "--output", output]
    ended = start(*arguments, **environment)
    assert ended.code == ExitCode.INCOMPLETE, ended.err
    assert "trial-hostile" in ended.err or "trial/hostile" in ended.err
    assert "Traceback" not in ended.err
    assert not output.exists() or json.loads(output.read_bytes())["problems"]


def test_a_check_with_a_lock_refuses_what_came_later(run, install, estate, tmp_path):
    lock = tmp_path / "plugins.lock"
    assert run("plugin", "lock", lock).code == ExitCode.CLEAN
    (estate.parent / "small.yaml").write_text(RULESET.partition("  - {use: trial/hostile")[0], "utf-8")
    check = [*_command(Attack("CHECK", ""), estate), "--plugins-lock", lock]
    assert run(*check).code == ExitCode.FINDINGS
    install("hostile", "import sys\nsys.exit(0)")
    ended = run(*check)
    assert ended.code == ExitCode.INCOMPLETE
    assert "trial-hostile" in ended.err
    assert "plugin.not-locked" in ended.out
    lock.unlink()
    assert run(*check).code == ExitCode.USAGE
