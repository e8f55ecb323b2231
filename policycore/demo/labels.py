"""Labels: what a check of the demo must find, and the look-alikes that it must let pass."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policycore.model.result import RunResult

__all__ = ["Comparison", "Label", "compare_with_labels", "read_labels", "write_labels"]


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """Say what one rule must answer about one subject, and why."""

    rule: str
    subject_kind: str
    subject_id: str
    verdict: str
    why: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what found and planted are compared by."""
        return (self.rule, self.subject_kind, self.subject_id, self.verdict)


def write_labels(labels: Iterable[Label], path: Path) -> None:
    """Write `labels` as JSON lines, sorted."""
    lines = [json.dumps(asdict(label), ensure_ascii=False) for label in sorted(set(labels))]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")


def read_labels(path: Path) -> list[Label]:
    """Return the labels written at `path`."""
    return [Label(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Say how what was found differs from what was planted."""

    missed: tuple[tuple[str, str, str, str], ...]
    extra: tuple[tuple[str, str, str, str], ...]

    @property
    def agrees(self) -> bool:
        """Return whether everything planted was found and nothing else."""
        return not self.missed and not self.extra


def compare_with_labels(result: RunResult, labels: Iterable[Label]) -> Comparison:
    """Return the labels that were not found, and the findings (attestations aside) that have no label."""
    planted = {label.key for label in labels if label.verdict != "pass"}
    found = {
        (finding.name, finding.subject.kind.value, finding.subject.id, finding.verdict.value)
        for finding in result.findings
        if finding.verdict.value != "needs-attestation"
    }
    return Comparison(tuple(sorted(planted - found)), tuple(sorted(found - planted)))
