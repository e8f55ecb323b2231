"""Label what a check cannot know: the rules that need a field which a group's source lacks."""

from __future__ import annotations

from collections.abc import Mapping

from policycore.demo.estate import DemoEstate
from policycore.demo.write import SOURCES

__all__ = ["NEEDS", "NEEDS_OF_WHOLE", "label_unknowns"]

# Written down here and not read from the rules: a rule that forgets a field must show up as a miss.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "ownership/owner-present": ("groups.owner_id",),
    "ownership/owner-in-post": ("groups.owner_id",),
    "ownership/owner-of-department": ("groups.owner_id",),
    "ownership/creator-handover": ("groups.owner_id",),
    "ownership/admin-designated": ("groups.owner_id", "memberships.role"),
    "ownership/admin-in-post": ("memberships.role",),
    "admission/display-name-format": ("memberships.display_name",),
    "admission/name-in-directory": ("memberships.display_name",),
    "admission/unit-matches": ("memberships.display_name",),
    "admission/admitted-by-owner": ("groups.owner_id", "memberships.inviter_id", "memberships.join_scene"),
    "admission/approval-on": ("groups.join_approval",),
    "dormancy/ownerless-or-empty": ("groups.owner_id",),
}
# A rule about people counts over all groups: what one source lacks leaves the whole answer open.
NEEDS_OF_WHOLE: Mapping[str, tuple[str, ...]] = {"ownership/owns-too-many": ("groups.owner_id",)}


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
        for rule, fields in NEEDS_OF_WHOLE.items():
            if any(field in lacks for field in fields):
                estate.label(rule, "unknown", "estate", f"{source} lacks {', '.join(fields)}", kind="estate")
