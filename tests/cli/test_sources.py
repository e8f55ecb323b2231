"""A source in an installed plugin, asked by the import of a process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policycore.errors import ExitCode

MODULE = '''
import json

from policycore import Source, hookimpl


class AppChat(Source):
    """Read the answer of WeCom's appchat/get; it has neither admins nor display names."""

    name = "wecom-appchat"
    platform = "wecom"
    suffixes = (".json",)
    lacks = ("memberships.role", "memberships.display_name")

    def read(self, path):
        chat = json.loads(path.read_text(encoding="utf-8"))["chat_info"]
        accounts = [{"id": user, "kind": "internal"} for user in chat["userlist"]]
        return {
            "accounts": accounts,
            "groups": [{"id": chat["chatid"], "name": chat["name"], "owner_id": chat["owner"]}],
            "memberships": [{"group_id": chat["chatid"], "account_id": user} for user in chat["userlist"]],
        }


@hookimpl
def policycore_sources():
    return [AppChat]
'''
CHAT = '{"errcode": 0, "chat_info": {"chatid": "C", "name": "教务群", "owner": "a", "userlist": ["a", "b"]}}'


@pytest.fixture
def installed(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Return a function that installs a plugin of one module and returns the environment to find it."""

    def install(module: str) -> dict[str, str]:
        site = tmp_path / "site"
        information = site / "appchat-1.dist-info"
        information.mkdir(parents=True)
        (site / "appchat_source.py").write_text(module, encoding="utf-8")
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: appchat\nVersion: 1\n", encoding="utf-8")
        (information / "entry_points.txt").write_text("[policycore]\nappchat = appchat_source\n", encoding="utf-8")
        return {"PYTHONPATH": os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]), "LANG": "en_US.UTF-8"}

    return install


def test_an_installed_source_reads_its_files(start: Any, installed: Any, tmp_path: Path) -> None:
    (tmp_path / "chat.json").write_text(CHAT, encoding="utf-8")
    out = tmp_path / "estate"
    ended = start("--lang", "en", "import", tmp_path / "chat.json", "--estate", out, **installed(MODULE))
    assert ended.code == ExitCode.CLEAN, ended.err
    assert ended.out.split() == ["accounts", "2", "groups", "1", "memberships", "2"]
    manifest = (out / "manifest.yaml").read_text(encoding="utf-8")
    assert "name: wecom-appchat" in manifest
    assert "lacks: [memberships.display_name, memberships.role]" in manifest


@pytest.mark.parametrize(
    ("module", "told"),
    [
        (MODULE.replace("return [AppChat]", "return [AppChat.read]"), "breaks the contract"),
        ("raise RuntimeError('no library')", "RuntimeError"),
    ],
)
def test_a_broken_plugin_is_named_beside_the_file_that_nobody_reads(
    start: Any, installed: Any, tmp_path: Path, module: str, told: str
) -> None:
    (tmp_path / "chat.json").write_text(CHAT, encoding="utf-8")
    ended = start("--lang", "en", "import", tmp_path / "chat.json", "--estate", tmp_path / "e", **installed(module))
    assert ended.code == ExitCode.INCOMPLETE
    assert told in ended.err
    assert "nobody knows what this file is" in ended.err
