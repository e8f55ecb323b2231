"""Rules on who answers for a group: owner, creator, admins, first responsible person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the ownership rules."""
    from policycore_ownership.rules.own001_owner_present import OwnerPresent
    from policycore_ownership.rules.own002_owner_in_post import OwnerInPost
    from policycore_ownership.rules.own003_owner_of_department import OwnerOfDepartment
    from policycore_ownership.rules.own004_creator_handover import CreatorHandover
    from policycore_ownership.rules.own005_admin_designated import AdminDesignated
    from policycore_ownership.rules.own006_admin_in_post import AdminInPost
    from policycore_ownership.rules.own007_responsible_named import ResponsibleNamed
    from policycore_ownership.rules.own008_owns_too_many import OwnsTooMany
    from policycore_ownership.rules.own009_sources_agree import SourcesAgree
    from policycore_ownership.rules.own010_registered import Registered
    from policycore_ownership.rules.own011_too_many_groups import TooManyGroups
    from policycore_ownership.rules.own012_owner_of_rank import OwnerOfRank
    from policycore_ownership.rules.own013_task_past_due import TaskPastDue

    return (
        OwnerPresent,
        OwnerInPost,
        OwnerOfDepartment,
        CreatorHandover,
        AdminDesignated,
        AdminInPost,
        ResponsibleNamed,
        OwnsTooMany,
        SourcesAgree,
        Registered,
        TooManyGroups,
        OwnerOfRank,
        TaskPastDue,
    )
