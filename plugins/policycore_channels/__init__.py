"""Rules on groups that notices are published in: both at once, replies only where they are due, and in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the rules on channels."""
    from policycore_channels.rules.cha001_in_every_group import InEveryGroup
    from policycore_channels.rules.cha002_reply_not_needed import ReplyNotNeeded
    from policycore_channels.rules.cha003_replies_by_department import RepliesByDepartment
    from policycore_channels.rules.cha004_dates_agree import DatesAgree
    from policycore_channels.rules.cha005_no_instant_replies import NoInstantReplies
    from policycore_channels.rules.cha006_quiet_hours import QuietHours
    from policycore_channels.rules.cha007_notice_authorised import NoticeAuthorised
    from policycore_channels.rules.cha008_read_by_deadline import ReadByDeadline

    return (
        InEveryGroup,
        ReplyNotNeeded,
        RepliesByDepartment,
        DatesAgree,
        NoInstantReplies,
        QuietHours,
        NoticeAuthorised,
        ReadByDeadline,
    )
