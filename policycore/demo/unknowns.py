"""Label what a check cannot know: the rules that need a field which a group's source lacks."""

from __future__ import annotations

from collections.abc import Mapping

from policycore.demo.estate import DemoEstate
from policycore.demo.write import SOURCES

__all__ = ["NEEDS", "label_unknowns"]

# Written down here and not read from the rules: a rule that forgets a field must show up as a miss.
NEEDS: Mapping[str, tuple[str, ...]] = {}


def label_unknowns(estate: DemoEstate) -> None:
    """Label every group of a source with each rule that needs what the source lacks."""
    for source, (_, lacks) in SOURCES.items():
        for rule, fields in NEEDS.items():
            missing = [field for field in fields if field in lacks]
            if not missing:
                continue
            for group in estate.tables["groups"]:
                if group["source"] == source and group["dissolved_at"] is None:
                    estate.label(rule, "unknown", group["id"], f"{source} lacks {', '.join(missing)}")
