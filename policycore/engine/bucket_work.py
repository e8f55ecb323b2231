"""Judge buckets of a snapshot in a process that knows nothing but what it is told and the files of the snapshot."""

from __future__ import annotations

import weakref
from functools import cached_property

from policycore.engine.buckets import Bucket, SharedWork, small_estate
from policycore.engine.judging.judgement import Judgement
from policycore.engine.run import Evaluation
from policycore.engine.session import EstateData
from policycore.errors import DataError, Place, Problem
from policycore.estate.object_store import fetch_snapshot, shown_address
from policycore.estate.snapshot import open_snapshot

__all__ = ["BucketJudge"]


class BucketJudge:
    """What judges bucket after bucket of one snapshot; what it fetched of it goes when it is forgotten."""

    def __init__(self, work: SharedWork) -> None:
        self.work = work

    def __call__(self, bucket: Bucket) -> dict[str, Judgement]:
        """Return by rule what each says of a bucket that does not break; DataError where there is no such snapshot."""
        work = self.work
        with Evaluation(
            small_estate(self._data, bucket),
            work.ruleset,
            as_of=work.as_of,
            time_limit=work.time_limit,
            evidence_key=work.evidence_key,
        ) as evaluation:
            return evaluation.judgements()

    @cached_property
    def _data(self) -> EstateData:
        """Return the data of the snapshot, every file of which was seen to be as it was written."""
        place = self.work.place
        found = fetch_snapshot(place) if isinstance(place, str) else open_snapshot(place)
        if found.temporary is not None:
            weakref.finalize(self, found.temporary.close)
        if found.id != self.work.snapshot:
            shown = Place(shown_address(place) if isinstance(place, str) else str(place))
            raise DataError(Problem.of("engine.other-snapshot", place=shown, id=found.id))
        return EstateData.from_snapshot(found)
