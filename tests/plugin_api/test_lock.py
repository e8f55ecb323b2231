"""Only plugins that a lock lists, unchanged, are loaded; the others are refused before anything of them runs."""

from __future__ import annotations

import json
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from policycore.errors import UsageError
from policycore.plugin_api.lock import lock_text, locked
from policycore.plugin_api.plugins import load_plugins


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Return where a lock is to be written."""
    return tmp_path / "plugins.lock"


@pytest.fixture
def mine(install, tmp_path):
    """Install a plugin that leaves a trace where it is imported."""
    install("mine", "import sys\nsys.trial_mine_ran = True\n" + "from policycore import hookimpl\n")
    sys.trial_mine_ran = False
    yield tmp_path / "trial_mine.py"
    del sys.trial_mine_ran


def _write(lock: Path) -> None:
    lock.write_text(lock_text(locked(entry_points(group="policycore")).values()), "utf-8")


def test_what_is_locked_and_unchanged_is_loaded(mine, lock):
    _write(lock)
    assert not sys.trial_mine_ran
    plugins = load_plugins(lock=lock)
    assert plugins.problems == []
    assert sys.trial_mine_ran
    assert plugins.rules.get("OWN001") is not None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text + "\n", "plugin.changed"),
        (lambda text: text.replace("Version: 1.5", "Version: 1.6"), "plugin.changed"),
    ],
)
def test_what_changed_is_refused_and_does_not_run(mine, lock, change, code):
    _write(lock)
    for file in (mine, next(mine.parent.glob("trial_mine*/METADATA"))):
        file.write_text(change(file.read_text("utf-8")), "utf-8")
    plugins = load_plugins(lock=lock)
    (problem,) = plugins.problems
    assert problem.code == code
    assert "trial-mine" in problem.what
    assert str(problem.place) == str(lock)
    assert not sys.trial_mine_ran
    assert plugins.rules.get("OWN001") is not None


def test_what_came_after_the_lock_is_refused_and_does_not_run(lock, install, request):
    _write(lock)
    request.getfixturevalue("mine")
    (problem,) = load_plugins(lock=lock).problems
    assert problem.code == "plugin.not-locked"
    assert not sys.trial_mine_ran


def test_another_entry_point_of_a_locked_distribution_is_refused(mine, lock):
    _write(lock)
    (points,) = mine.parent.glob("trial_mine*/entry_points.txt")
    points.write_text("[policycore]\nmine = trial_mine\nmore = json\n", "utf-8")
    codes = {problem.code for problem in load_plugins(lock=lock).problems}
    assert codes == {"plugin.not-locked", "plugin.changed"} or codes == {"plugin.not-locked"}


def test_a_package_that_stands_before_a_locked_one_is_refused(mine, lock, tmp_path, monkeypatch):
    _write(lock)
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "trial_mine.py").write_text("import sys\nsys.trial_mine_ran = True\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "before"))
    (problem,) = load_plugins(lock=lock).problems
    assert problem.code == "plugin.changed"
    assert not sys.trial_mine_ran


def test_what_is_locked_and_not_installed_is_told(mine, lock):
    _write(lock)
    content = json.loads(lock.read_text("utf-8"))
    content["distributions"]["gone"] = {"version": "1", "sha256": "0", "plugins": {"gone": "gone"}}
    lock.write_text(json.dumps(content), "utf-8-sig")  # as Windows' editors save it
    (problem,) = load_plugins(lock=lock).problems
    assert problem.code == "plugin.lock-missing"
    assert "gone (gone)" in problem.what


def test_the_environment_names_a_lock_as_well(lock, mine):
    lock.write_text(lock_text([]), "utf-8")
    plugins = load_plugins({"POLICYCORE_PLUGINS_LOCK": str(lock)})
    assert {problem.code for problem in plugins.problems} == {"plugin.not-locked"}
    assert plugins.rules.all() == ()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"policycore": 2, "distributions": {}}',
        '{"policycore": 1, "distributions": {"a": {}}}',
        "[" * 9**5,
    ],
)
def test_what_is_no_lock_allows_nothing(lock, content):
    lock.write_text(content, "utf-8")
    with pytest.raises(UsageError):
        load_plugins(lock=lock)


def test_a_lock_that_is_not_there_allows_nothing(lock):
    with pytest.raises(UsageError):
        load_plugins(lock=lock)
