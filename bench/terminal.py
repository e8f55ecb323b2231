"""Measure the screens on a workspace: ``python -m bench terminal WORKSPACE``.

What is measured: seconds to import, to the first full screen of rows and to the facets; for each thing that a
person does, seconds until the screen shows it, the longest time in which the screen could not have answered a
key (the event loop's longest gap, seen by a task that wakes every two milliseconds), and the most processor time that
all threads took in such a gap: what it would be on a machine that does nothing else.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from policycore.store.workspace import find_workspace

__all__ = ["measured"]

_TALL = 40
_NAMES = {"/": "slash", ":": "colon"}
_BETWEEN_KEYS = 0.05
"""Seconds: a fast typist."""
_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ten rows down", ("down",) * 10),
    ("type a filter", ("/", *"教务处", "enter")),
    ("clear it", ("c",)),
    ("type and mistype", ("/", *"severity:error dept:", "backspace", *"x", "enter")),
    ("clear it again", ("c",)),
    ("order by message", ("s", "s", "s")),
    ("the other way round", ("S",)),
    ("to the end", ("end",)),
    ("a page up", ("pageup",)),
    ("to the top", ("home",)),
    ("mark all", ("a",)),
    ("waive all", ("w",)),
    ("leave the form", ("escape",)),
    ("unmark", ("U",)),
    ("pick a facet", ("f", "down", "enter")),
    ("put them away", ("f", "c")),
    ("overview", ("f2",)),
    ("groups", ("f4",)),
    ("plan", ("f7",)),
    ("runs", ("f6",)),
    ("list again", ("f3",)),
)


class _Gaps:
    """The event loop's longest gap since `longest` was last set to nothing, and the most work between two wakes."""

    longest = work = 0.0

    async def watch(self) -> None:
        """Wake every two milliseconds and see how late that is, and what all threads did meanwhile."""
        while True:
            began, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.002)
            self.longest = max(self.longest, time.perf_counter() - began - 0.002)
            self.work = max(self.work, time.process_time() - worked)


async def _settle(app: Any) -> None:
    """Wait until nothing is on its way any more."""
    await asyncio.sleep(0.2)
    while any(not worker.is_finished for worker in app.workers):
        await asyncio.sleep(0.002)
    await asyncio.sleep(0.02)


async def _driven(app: Any, seconds: dict[str, float]) -> None:
    """Drive the app and note what it took."""
    from textual.events import Key

    from policycore_tui.widgets.line_table import LineTable

    began, worked = time.perf_counter(), time.process_time()
    async with app.run_test(size=(120, _TALL)):
        table = app.screen.query_one(LineTable)
        while not table.has_drawn:
            await asyncio.sleep(0.001)
        seconds["first paint"] = time.perf_counter() - began
        seconds["first paint, CPU"] = time.process_time() - worked
        await _settle(app)
        seconds["facets"] = time.perf_counter() - began
        seconds["findings"] = float(app.listing.total)
        gaps = _Gaps()
        watching = asyncio.create_task(gaps.watch())
        for name, keys in _STEPS:
            gaps.longest, gaps.work, began = 0.0, 0.0, time.perf_counter()
            for key in keys:
                # Not the pilot's own press: that waits until the process is idle, threads and all.
                app.post_message(Key(_NAMES.get(key, key), key if len(key) == 1 else None))
                await asyncio.sleep(_BETWEEN_KEYS)
            await _settle(app)
            seconds[name] = time.perf_counter() - began
            seconds[f"{name}: longest gap"] = gaps.longest
            seconds[f"{name}: most CPU between two wakes"] = gaps.work
        watching.cancel()


def measured(workspace: Path) -> dict[str, float]:
    """Return seconds by what was done, and the number of findings; raises FileNotFoundError without a workspace."""
    began = time.perf_counter()
    from policycore_tui.command import build, collect_rarely
    from policycore_tui.state.services import Services

    found = find_workspace(workspace)
    if found is None:
        raise FileNotFoundError(workspace)
    build(found, Services()).repository.store.close()
    seconds = {"import": time.perf_counter() - began}
    collect_rarely()
    asyncio.run(_driven(build(found, Services()), seconds))
    return seconds
