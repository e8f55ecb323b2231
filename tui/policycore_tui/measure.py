"""Measure the first paint on a workspace: ``python -m policycore_tui.measure WORKSPACE``."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from policycore.findings.workspace import find_workspace

__all__ = ["first_paint"]

_TALL = 40


def first_paint(workspace: Path) -> dict[str, float]:
    """Return seconds: to import, from opening the store to the first full screen of rows, to the facets, to filter."""
    began = time.perf_counter()
    from policycore_tui.launch import build
    from policycore_tui.screens.violations import ViolationsScreen
    from policycore_tui.services import Services
    from policycore_tui.widgets.line_table import LineTable

    found = find_workspace(workspace)
    if found is None:
        raise FileNotFoundError(workspace)
    build(found, Services()).office.store.close()
    seconds = {"import": time.perf_counter() - began}

    async def run() -> None:
        began = time.perf_counter()
        app = build(found, Services())
        async with app.run_test(size=(120, _TALL)) as pilot:
            table = app.screen.query_one(LineTable)
            while not table.lines_drawn:
                await asyncio.sleep(0.001)
            seconds["first paint"] = table.first_drawn - began
            await app.workers.wait_for_complete()
            await pilot.pause()
            seconds["facets"] = time.perf_counter() - began
            seconds["findings"] = float(app.listing.total)
            screen = app.screen
            if isinstance(screen, ViolationsScreen):
                began = time.perf_counter()
                screen.listing.type("教务处")
                seconds["filter"] = time.perf_counter() - began

    asyncio.run(run())
    return seconds


if __name__ == "__main__":
    for name, value in first_paint(Path(sys.argv[1])).items():
        sys.stdout.write(f"{name}: {value:.3f}\n")
