"""Judge one bucket of a snapshot in a process that knows nothing but what it is told and the files of the snapshot."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from policycore.engine.buckets import Bucket, SharedWork, small_estate
from policycore.engine.judging.judgement import Judgement
from policycore.engine.run import Evaluation
from policycore.engine.session import EstateData
from policycore.errors import DataError, Place, Problem
from policycore.estate.snapshot import open_snapshot

__all__ = ["judge_bucket"]


def judge_bucket(work: SharedWork, bucket: Bucket) -> dict[str, Judgement]:
    """Return by rule what each says of a bucket that does not break; DataError where the snapshot is not to be had."""
    with Evaluation(
        small_estate(_opened(work.folder, work.snapshot), bucket),
        work.ruleset,
        as_of=work.as_of,
        time_limit=work.time_limit,
        evidence_key=work.evidence_key,
    ) as evaluation:
        return evaluation.judgements()


@lru_cache(1)
def _opened(folder: Path, snapshot: str) -> EstateData:
    """Return the data of a snapshot, every file of which was seen to be as it was written."""
    found = open_snapshot(folder)
    if found.id != snapshot:
        raise DataError(Problem.of("engine.other-snapshot", place=Place(str(folder)), id=found.id))
    return EstateData.from_snapshot(found)
