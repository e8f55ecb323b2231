"""A workspace is for its owner's eyes."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from policycore.store.workspace import init_workspace


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions on Windows")
def test_nobody_else_can_look_into_a_new_workspace(tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path)
    assert stat.S_IMODE(workspace.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(workspace.key_file.stat().st_mode) == 0o600
