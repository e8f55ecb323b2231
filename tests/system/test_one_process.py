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


def test_what_holds_up_the_end_is_named_and_ended():
    program = """import atexit, sys, threading, time
from policycore.system import deadline, one_process
one_process._AT_END = {seconds}
deadline.let_processes_end()
def never():
    time.sleep(60)
class Late:
    def __del__(self):
        time.sleep(60)
with one_process.one_process():
    {deed}
deadline.end_in({most}, "held up")
sys.exit(0)"""
    runs = []
    for deed, seconds, most, said in (
        ("atexit.register(never)", 0.2, 60, "__main__.never"),
        ("threading._register_atexit(never)", 60, 0.2, "held up"),
        ("sys.modules['late'] = Late()", 60, 0.2, "held up"),
    ):
        told = program.format(deed=deed, seconds=seconds, most=most)
        runs.append((said, subprocess.Popen([sys.executable, "-c", told], stderr=subprocess.PIPE, text=True)))
    for said, run in runs:
        _, err = run.communicate(timeout=30)
        assert (run.returncode, said in err) == (4, True), (said, err)
