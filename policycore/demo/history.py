"""Give the demo a past: a workspace with the checks of three days, so that something is new, solved, back, overdue."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from policycore.demo.estate import AS_OF, Row, at, iso
from policycore.operations.check import CheckOutcome, check
from policycore.store.workspace import FOLDER, init_workspace

__all__ = ["check_three_times"]


def check_three_times(folder: Path, ruleset: str) -> CheckOutcome:
    """Return the last of the three checks of the demo in `folder`, the others and it recorded in a workspace there.

    A workspace that is there already is somebody's work: it is left as it is, and nothing is recorded.
    """
    if (folder / FOLDER).exists():
        return check(folder / "estate", ruleset)
    workspace = init_workspace(folder)
    for moment, change in ((at(2024, 3, 25), _before_cleaning_up), (at(2024, 4, 8), _half_cleaned_up)):
        with tempfile.TemporaryDirectory(prefix=".policycore-demo-", dir=folder) as past:
            shutil.copytree(folder / "estate", past, dirs_exist_ok=True)
            _turn_back(Path(past), moment, change)
            check(past, ruleset, workspace=workspace)
    return check(folder / "estate", ruleset, workspace=workspace)


def _turn_back(estate: Path, moment: datetime, change: Callable[[list[Row]], None]) -> None:
    """Make an estate one as of `moment`, its groups changed; what came later counts for nothing by then."""
    manifest, file = estate / "manifest.yaml", estate / "groups.jsonl"
    manifest.write_text(manifest.read_text("utf-8").replace(str(iso(AS_OF)), str(iso(moment))), "utf-8")
    groups = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    change(groups)
    file.write_text("".join(json.dumps(group, ensure_ascii=False) + "\n" for group in groups), "utf-8", newline="")


def _before_cleaning_up(groups: list[Row]) -> None:
    """Switch join approval off in a few groups of the platform that have it on today."""
    for group in [group for group in groups if group["join_approval"]][:4]:
        group["join_approval"] = False


def _half_cleaned_up(groups: list[Row]) -> None:
    """Leave half of those groups as they were; put in order what was found before and is found again today."""
    late = [group for group in groups if group["join_approval"]][:2]
    for group in groups:
        if group["join_approval"] is not None:
            group["join_approval"] = group not in late
