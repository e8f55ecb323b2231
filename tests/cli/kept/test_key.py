"""The key of keyed hashes: its id, its rotation, what is said when it is gone, texts compared with it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from policycore.store import workspace as workspaces

MARKED = "机密★10年 关于张三的处分"
MESSAGES = f"id,group_id,sent_at,sender_id,type,text\nm1,g1,2024-04-10T08:00:00+08:00,a1,text,{MARKED}\n"
RULE = """\
  - {use: secrecy/classification-mark, clause: [二-1], severity: error}
attestations:
"""


@pytest.fixture
def marked(office: Any) -> Any:
    """Give an office with a run that found a marked message."""
    text = (office.folder / "set.yaml").read_text("utf-8")
    (office.folder / "set.yaml").write_text(text.replace("attestations:\n", RULE), "utf-8")
    assert office.call("init").code == 0
    office.estate(15, messages=MESSAGES)
    ran = office.check()
    assert ran.code == 1, ran.err
    return office


def match(office: Any, text: str) -> Any:
    Path("asked.txt").write_text(text + "\n", "utf-8")
    return office.call("key", "match", "asked.txt")


def test_hashes_of_an_old_key_stay_checkable(marked: Any) -> None:
    key = marked.call("key", "show").out.strip()
    assert json.loads(marked.call("report", "--format", "json").out)["evidence_key"] == key
    for name in ("text", "html", "md"):
        assert f"key {key}" in marked.call("report", "--format", name).out
    found = match(marked, MARKED)
    assert (found.code, "SEC001-" in found.out) == (0, True)
    assert "处分" not in found.out + found.err
    assert match(marked, "机密★10年 别的").code == 1
    rotated = marked.call("key", "rotate")
    assert (rotated.code, rotated.out.strip() == key) == (0, False)
    assert marked.call("key", "show").out.split() == [rotated.out.strip(), key]
    assert stat.S_IMODE(Path(".policycore/key").stat().st_mode) == 0o600
    assert match(marked, MARKED).out == found.out
    assert key in marked.call("audit", "show").out
    # The same findings go on, said with the new key; the rule set of then is still read.
    marked.estate(16, messages=MESSAGES)
    assert marked.check().code == 1
    assert marked.states() == {"open": 4}
    assert match(marked, MARKED).out.split()[-1] == "1-2"
    assert marked.call("audit", "verify").code == 0
    assert "处分" not in marked.call("report", 1, "--format", "json").out


def test_a_text_is_found_however_its_file_is_written(marked: Any) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le"):
        Path("asked.txt").write_bytes(f"{MARKED}\r\n".encode(encoding))
        assert marked.call("key", "match", "asked.txt").code == 0, encoding
    Path("asked.txt").write_bytes(b" \r\n")
    assert marked.call("key", "match", "asked.txt").code == 2


def test_what_is_readable_of_a_damaged_key_file_is_kept(marked: Any) -> None:
    file = Path(".policycore/key")
    old = file.read_text()
    file.write_bytes(b"\xff\xfe\n" + old.encode() + b"half of on")
    assert marked.call("key", "rotate").code == 3
    assert marked.call("key", "rotate", "--lost").code == 0
    assert file.read_text().endswith(old)
    assert match(marked, MARKED).code == 0
    file.unlink()
    file.mkdir()
    assert "is damaged" in marked.call("key", "show").err
    assert marked.call("key", "rotate", "--lost").code == 3


def test_git_takes_what_is_reviewed_alone(marked: Any) -> None:
    for name in (".key-0a1b2c3d", ".store-password-x", "key", "store-password", "notices.yaml"):
        Path(".policycore", name).touch()
    subprocess.run(["git", "init", "-q"], check=True)
    untracked = subprocess.run(
        ["git", "ls-files", "-o", "--exclude-standard", ".policycore"], capture_output=True, check=True
    )
    taken = {Path(line).name for line in untracked.stdout.decode().split()}
    assert taken == {".gitignore", "workspace.yaml", "waivers.yaml", "attestations.yaml"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_the_doctor_tells_of_secrets_that_every_account_can_read(marked: Any) -> None:
    key = Path(".policycore/key")
    key.chmod(0o644)
    assert marked.call("doctor").code == 0
    key.parent.chmod(0o755)
    told = marked.call("doctor")
    assert (told.code, "chmod o-rwx" in told.err, str(key) in told.err) == (4, True, True)


def test_a_key_that_is_lost_damaged_or_closed_is_told_apart(marked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file, before = Path(".policycore/key"), marked.call("key", "show").out
    kept = file.read_text()
    file.write_text("not a key\n")
    assert "is damaged" in marked.check().err
    file.unlink()
    refused = marked.check()
    assert (refused.code, "is gone" in refused.err) == (3, True)
    assert marked.call("key", "rotate").code == 3
    assert not file.exists()
    assert marked.call("key", "rotate", "--lost").code == 0
    assert marked.call("key", "show").out != before
    assert match(marked, MARKED).code == 1
    assert '"before": "lost"' in marked.call("audit", "show").out
    file.write_text(kept)

    def closed(*_: Any, **__: Any) -> str:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(workspaces.Path, "read_text", closed)
        with pytest.raises(workspaces.DataError) as caught:
            workspaces.Workspace(Path(".policycore"), "").key()
    assert [problem.code for problem in caught.value.problems] == ["workspace.key-closed"]
    if os.geteuid():
        file.chmod(0)
        assert "may not read" in marked.call("key", "rotate", "--lost").err
