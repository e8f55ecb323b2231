"""Code that is held ends the process neither at once nor when it ends."""

from __future__ import annotations

import subprocess
import sys


def test_what_is_left_for_the_end_does_not_change_the_exit_code():
    program = """import atexit, os, sys
from policycore.system.one_process import one_process
with one_process():
    atexit.register(print, "kept")
    atexit.register(os._exit, 0)
sys.exit(4)"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (4, "kept\n", "")
