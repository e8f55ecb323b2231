"""Kill -9 at random moments: no finished run is lost, no half run is seen, the store opens."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from policycore.store import schema
from policycore.store.decided import records
from policycore.store.kept import audit
from policycore.store.kept.runs import find_run, list_runs, load_run
from policycore.store.store import Store
from policycore.store.verify import alterations

pytestmark = [pytest.mark.long, pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")]

# Records run after run as fast as it can; says each number once the run is safely there.
WORKER = """
import sys
sys.path.insert(0, sys.argv[2])
from tests.results import Days, make_finding, make_result
from policycore.store.lives.presence import everything_present
from policycore.store.record import record
from policycore.store.decided import Record, add_records
from policycore.store.kept import audit
from policycore.store.kept.runs import list_runs
from policycore.store.store import Store
from policycore.store.verify import alterations
store = Store(sys.argv[1])
print("ready", flush=True)
while True:
    with store.read() as connection:
        done = len(list_runs(connection))
    findings = [make_finding(subject=f"g{n}", facts={"run": done}) for n in range(done % 7, 60)]
    result = make_result(*findings, as_of=Days()(done))
    run = record(store, result, presence=lambda asked: everything_present)
    with store.write() as connection:
        made = Record("waiver", f"W-{done}", "{}", Days()(done))
        audit.append(connection, "waive", {}, holds=add_records(connection, [made]))
    print(run.id, flush=True)
"""


def killed_after(address: str, seconds: float) -> int:
    """Let a worker record runs for so long, kill it, and return the last run it called finished."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, address, str(Path(__file__).parents[2])], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    time.sleep(seconds)
    os.kill(worker.pid, signal.SIGKILL)
    finished = [int(line) for line in worker.stdout.read().splitlines()]
    worker.wait()
    worker.stdout.close()
    return max(finished, default=0)


def inspect(address: str, build: Any) -> int:
    """Check that the store opens and that every run in it is whole; return how many there are."""
    with Store(address) as store:
        store.check()
        with store.read() as connection:
            assert audit.verify(connection) is None
            assert list(alterations(connection)) == []
            runs = list_runs(connection)
            assert [run.id for run in runs] == list(range(len(runs), 0, -1))
            entries = connection.scalar(select(func.count()).select_from(schema.audit))
            decided = len(records(connection, "waiver"))
            assert entries == len(runs) + decided
            assert decided in (len(runs), len(runs) - 1)
            for run in runs[:3]:
                done = run.id - 1
                findings = [build.finding(subject=f"g{n}", facts={"run": done}) for n in range(done % 7, 60)]
                expected = build.result(*findings, as_of=run.local(build.day(done)))
                assert load_run(connection, find_run(connection, str(run.id))) == replace(expected)
                assert run.errors == len(findings)
            return len(runs)


def kill_many(address: str, build: Any, times: int, seed: int) -> None:
    """Kill and look, so many times."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    count = 0
    for _ in range(times):
        finished = killed_after(address, chance.uniform(0, 0.12))
        count_before, count = count, inspect(address, build)
        assert count >= max(finished, count_before)


def test_kill_at_random_moments(tmp_path: Path, build: Any) -> None:
    kill_many(str(tmp_path / "store.sqlite3"), build, 10, seed=3)


def test_kill_at_random_moments_on_postgresql(fresh_database: Any, build: Any) -> None:
    kill_many(fresh_database(), build, 5, seed=4)


def test_kill_while_the_store_is_made(tmp_path: Path, build: Any) -> None:
    chance = random.Random(5)  # noqa: S311 - moments, no secrets
    for number in range(5):
        address = tmp_path / f"{number}.sqlite3"
        maker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(address), str(Path(__file__).parents[2])], stdout=-3
        )
        while not address.exists() and maker.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.05))
        maker.kill()
        maker.wait()
        inspect(str(address), build)


@pytest.mark.timeout(7200)
def test_kill_five_hundred_times(tmp_path: Path, build: Any) -> None:
    for part in range(10):
        kill_many(str(tmp_path / f"{part}.sqlite3"), build, 50, seed=100 + part)
