"""Measure a run after a change: some groups have other memberships, everything else is as it was.

Then a run on the next day, on which nothing has changed but the day. All are what a scheduler starts, a
`policycore check` in a workspace of its own process, and must say what a run that judges everything says.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow

__all__ = ["change_memberships", "measure_again"]

_MICROSECONDS_LATER = 60_000_000
_LEAVE, _RENAME = 0.1, 0.02


def change_memberships(
    memberships: pyarrow.Table, share: float, seed: int, *, spread: bool = False
) -> tuple[pyarrow.Table, int]:
    """Return the memberships with about `share` of the rows changed, and how many were.

    By whole groups, or `spread` over all of them. A changed row has joined a minute later; one in ten is
    gone, which moves all rows below it, and one in fifty shows a display name that breaks a rule.
    """
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    random = numpy.random.default_rng(seed)
    rows = memberships.num_rows
    if spread:
        changed = random.random(rows) < share
    else:
        groups = memberships.column("group_id").combine_chunks().dictionary_encode()
        changed = (random.random(len(groups.dictionary)) < share)[groups.indices.to_numpy()]
    draw = random.random(rows)
    joined = memberships.column("joined_at").combine_chunks()
    later = pc.add(joined, pa.scalar(_MICROSECONDS_LATER, pa.duration("us")))
    shown = memberships.column("display_name").combine_chunks()
    columns = {
        "joined_at": pc.if_else(pa.array(changed), later, joined),
        "display_name": pc.if_else(pa.array(changed & (draw < _RENAME)), pa.scalar("新名字"), shown),
    }
    for name, values in columns.items():
        memberships = memberships.set_column(memberships.schema.get_field_index(name), name, values)
    return memberships.filter(pa.array(~(changed & (draw > 1 - _LEAVE)))), int(changed.sum())


def measure_again(folder: Path, ruleset: Path, share: float, seed: int) -> dict[str, Any]:
    """Return wall and CPU seconds of the first run, those after it, and one that judges everything.

    Raises ValueError when a run after the change says something else than one that judges everything.
    """
    rows = _write_changed(folder, share, seed)
    home = folder / "workspace"
    _policycore(home.parent, "init", str(home))
    took: dict[str, Any] = {"changed": rows}
    for name, estate in (("first", "snapshot"), ("again", "changed"), ("later", "later")):
        took[name] = _check(home, ruleset, folder / estate, folder / f"{name}.json")
    for name, estate in (("again", "changed"), ("later", "later")):
        full = _check(home, ruleset, folder / estate, folder / "full.json", "--no-store", "--full")
        took.setdefault("full", full)
        if _findings(folder / f"{name}.json") != _findings(folder / "full.json"):
            raise ValueError("a run after the change differs from a full one")
    return took


def _write_changed(folder: Path, share: float, seed: int) -> int:
    """Write the changed estate beside the first one, and as of a day later; return how many memberships differ."""
    import pyarrow.parquet as pq

    from policycore.estate.snapshot import open_estate, write_tables

    snapshot = open_estate(folder / "snapshot")
    tables = {name: pq.read_table(file.path) for name, file in snapshot.tables.items()}
    changed, rows = change_memberships(tables["memberships"], share, seed)
    tables["memberships"] = changed.drop_columns(["_row"])
    for name, days in (("changed", 0), ("later", 1)):
        moment = snapshot.as_of + timedelta(days=days)
        write_tables(tables, folder / name, as_of=moment, timezone=snapshot.timezone, sources=snapshot.sources)
    return rows


def _check(home: Path, ruleset: Path, estate: Path, report: Path, *options: str) -> dict[str, float]:
    """Run one check in the workspace and return what it took; `evaluation` is the part until the last rule."""
    log = report.with_suffix(".log")
    arguments = ("--ruleset", str(ruleset), "--estate", str(estate), "--format", "json", "--output", str(report))
    took = _policycore(home, "check", *arguments, "--log", str(log), *options)
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    times = {event["event"]: event for event in events}
    began, last = (datetime.fromisoformat(times[name]["at"]) for name in ("opened", "rule"))
    return took | {"evaluation": (last - began).total_seconds()}


def _policycore(home: Path, *arguments: str) -> dict[str, float]:
    """Run the program in `home`; return wall and CPU seconds. Raises CalledProcessError beyond exit code 1."""
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "policycore", *arguments], capture_output=True, cwd=home, check=False
    )
    wall, after = time.perf_counter() - began, os.times()
    if done.returncode not in (0, 1):
        raise subprocess.CalledProcessError(done.returncode, arguments[0], done.stdout, done.stderr)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall": wall, "cpu": cpu}


def _findings(report: Path) -> list[bytes]:
    """Return the lines of a JSON report that hold findings, evidence left aside (a workspace's key is in it)."""
    lines = report.read_bytes().split(b"\n")
    return [line.rstrip(b",") for line in lines if line.startswith(b'{"id":')]


if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    print(  # noqa: T201 - read by the parent process
        json.dumps(measure_again(Path(wanted["folder"]), Path(wanted["ruleset"]), wanted["share"], wanted["seed"]))
    )
