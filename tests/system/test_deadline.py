"""What never ends is ended: by an exception, and where that does not help by the end of the process, with a name."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

import pytest

from policycore.system.deadline import EXIT_CODE, Overrun, deadline


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timer signals")
@pytest.mark.parametrize("work", [lambda: time.sleep(30), lambda: 9**9**9, lambda: threading.Event().wait(30)])
def test_waiting_and_reckoning_in_the_main_thread_are_ended(work) -> None:
    began = time.monotonic()
    with pytest.raises(Overrun), deadline(0.2, "late"):
        work()
    assert time.monotonic() - began < 10


def test_a_loop_in_another_thread_is_ended() -> None:
    ended = []

    def work() -> None:
        try:
            with deadline(0.2, "late"):
                while True:
                    pass
        except Overrun:
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert ended == [True]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no timer signals")
def test_a_timer_that_runs_already_goes_on_afterwards() -> None:
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    left = signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with deadline(20, "late"):
            pass
        assert rung == []
        time.sleep(0.5)
        assert rung == [True]
    finally:
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *left)


def test_what_is_over_in_time_is_left_alone() -> None:
    with deadline(0.1, "late"):
        pass
    with suppress(Overrun):
        time.sleep(0.3)
        return
    raise AssertionError("the timer went on")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere only code that lets go can be ended")
@pytest.mark.parametrize("work", ["sum(itertools.count())", "\n        while True:\n            pass"])
def test_the_last_resort_says_whose_fault_it_is(work: str) -> None:
    script = (
        "import itertools\nfrom policycore.system import deadline\ndeadline.GRACE = 0.3\ndeadline.let_processes_end()\n"
        f"with deadline.deadline(0.1, \"plugin 'x' \\x1b[2J is late\"):\n    try: {work}\n    except BaseException:\n"
        "        while True:\n            pass\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout) == (EXIT_CODE, "")
    assert ended.stderr == "plugin 'x' ?[2J is late\n"
