"""Pages for people speak the reader's language throughout, and a terminal is told how far a forecast is."""

from __future__ import annotations

from typing import Any

import pytest

from policycore.cli import forecast
from policycore.language import use_language
from policycore.reports.words import facts_words
from policycore.store.kept import audit
from policycore.store.workspace import find_workspace


def test_the_audit_trail_shows_characters(kept: Any) -> None:
    workspace = find_workspace(kept.folder)
    assert workspace is not None
    with workspace.open_store() as store, store.write() as connection:
        audit.append(connection, "import", {"folder": "总账"})
    shown = kept.call("--lang", "zh", "audit", "show").out
    assert "总账" in shown
    assert "\\u" not in shown


def test_severities_are_words(kept: Any) -> None:
    none = "policycore: 1\nruleset: none\ntitle: {zh: 无, en: none}\nrules: [{use: ownership/owns-too-many}]\n"
    (kept.folder / "none.yaml").write_text(none, encoding="utf-8")
    shown = kept.call("--lang", "zh", "impact", "none.yaml", "set.yaml").out
    assert "必须整改" in shown
    assert "  error  " not in shown


def test_one_run_is_no_range(kept: Any) -> None:
    name = kept.ids()[0]
    kept.estate(16, groups=kept.groups_without("g"))
    kept.check()
    for said in ("runs 1 to 1", "运行1至1"):
        assert said not in kept.call("history", name).out


def test_lists_are_no_python() -> None:
    with use_language("zh"):
        facts = {"people": ["甲", "乙"], "days": 3, "names": [], "status": "retired", "own": None, "reason": "x"}
        assert dict(facts_words(facts, {})) == {"人员": "甲、乙", "天数": "3", "名称": "无", "状态": "退休"}


def test_a_terminal_is_told_how_far_a_forecast_is(kept: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.check()
    assert "2024-04-1" not in kept.call("forecast", "--days", "2").err, "nobody watches"
    monkeypatch.setattr(forecast, "is_terminal", lambda _: True)
    told = kept.call("forecast", "--days", "2")
    assert "2024-04-17" in told.err
    assert "2024-04-17" not in told.out
