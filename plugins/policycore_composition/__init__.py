"""Rules on who makes up a group: the formulas of a rule set against the members that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the composition rules."""
    from policycore_composition.rules.com001_missing_member import MissingMember
    from policycore_composition.rules.com002_extra_member import ExtraMember
    from policycore_composition.rules.com003_one_per_department import OnePerDepartment
    from policycore_composition.rules.com004_vacant_post import VacantPost
    from policycore_composition.rules.com005_new_group_there import NewGroupThere
    from policycore_composition.rules.com006_old_group_dissolved import OldGroupDissolved
    from policycore_composition.rules.com007_stated_size import StatedSize
    from policycore_composition.rules.com008_words_known import WordsKnown

    return (
        MissingMember,
        ExtraMember,
        OnePerDepartment,
        VacantPost,
        NewGroupThere,
        OldGroupDissolved,
        StatedSize,
        WordsKnown,
    )
