"""The password of a store's URL stands in no file that git takes."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from policycore.errors import DataError
from policycore.store import workspace as workspaces
from policycore.store.password import FILE, with_password, without_password
from policycore.store.workspace import find_workspace, init_workspace

URLS = {
    "postgresql://u:ge%40heim@h/d": ("postgresql://u@h/d", "ge@heim"),
    "postgresql://u@h/d?password=geheim&sslmode=require": ("postgresql://u@h/d?sslmode=require", "geheim"),
    "postgresql://u@h/d": ("postgresql://u@h/d", ""),
    "store.sqlite3": ("store.sqlite3", ""),
    "postgresql://u:p@h:port/d": ("postgresql://u:p@h:port/d", ""),
}


@pytest.mark.parametrize(("given", "parts"), URLS.items())
def test_address_and_password_are_told_apart_and_put_together(
    given: str, parts: tuple[str, str], tmp_path: Path
) -> None:
    assert without_password(given) == parts
    if parts[1]:
        (tmp_path / FILE).write_text(parts[1] + "\n", "utf-8")
        assert without_password(with_password(parts[0], tmp_path)) == parts


def test_a_workspace_keeps_it_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspaces, "_begin", lambda _: None)
    monkeypatch.delenv("POLICYCORE_STORE", raising=False)
    url = "postgresql://office:geheim@db.example/runs"
    for given in (url, url, url.replace("geheim", "anders")):
        folder = init_workspace(tmp_path, store=given).folder
        found = find_workspace(tmp_path)
        assert found is not None
        assert found.store_address == given
    holds = [path.name for path in folder.rglob("*") if path.is_file() and b"anders" in path.read_bytes()]
    assert holds == [FILE]
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert {FILE, "*"} & {*(folder / ".gitignore").read_text().split()}
    (folder / "workspace.yaml").write_text(f"policycore: 1\nstore: '{url}'\n")
    with pytest.raises(DataError) as caught:
        find_workspace(tmp_path)
    assert "geheim" not in str(caught.value)
    assert [problem.code for problem in caught.value.problems] == ["store.password-in-settings"]
