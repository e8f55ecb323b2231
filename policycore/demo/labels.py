"""Labels: what a check of the demo must find, and the look-alikes that it must let pass."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Label", "write_labels"]


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """Say what one rule must answer about one subject, and why."""

    rule: str
    subject_kind: str
    subject_id: str
    verdict: str
    why: str


def write_labels(labels: Iterable[Label], path: Path) -> None:
    """Write `labels` as JSON lines, sorted."""
    lines = [json.dumps(asdict(label), ensure_ascii=False) for label in sorted(set(labels))]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")
