"""A small rule set and an estate for it."""

from __future__ import annotations

from pathlib import Path

import pytest

RULESET = """\
policycore: 1
ruleset: small
title: {zh: 小规则集, en: Small set}
document:
  title: 通知
  clauses:
    - {id: 一, text: 群主负责}
    - {id: 二, text: 不得涉密}
rules:
  - use: ownership/owner-present
    clause: [一]
    severity: error
"""

MANIFEST = """\
policycore: 1
as_of: 2024-04-15T00:00:00+08:00
timezone: Asia/Shanghai
sources:
  - {name: register, platform: wechat}
"""


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    """Return a small rule set."""
    path = tmp_path / "small.yaml"
    path.write_text(RULESET, encoding="utf-8")
    return path


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """Return an interchange folder with two groups, one of them without an owner."""
    folder = tmp_path / "estate"
    folder.mkdir()
    (folder / "manifest.yaml").write_text(MANIFEST, encoding="utf-8")
    (folder / "groups.csv").write_text(
        "id,name,owner_id,kind\ng1,教务处群,a1,standing\ng2,后勤群,,temporary\n", encoding="utf-8"
    )
    (folder / "accounts.csv").write_text("id,person_id,kind\na1,p1,internal\n", encoding="utf-8")
    (folder / "people.csv").write_text("id,name,status\np1,张三,active\n", encoding="utf-8")
    return folder
