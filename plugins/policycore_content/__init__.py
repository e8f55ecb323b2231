"""Rules on what is posted: work above all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the content rules."""
    from policycore_content.rules.con001_unrelated_by_type import UnrelatedByType
    from policycore_content.rules.con002_work_ratio import WorkRatio
    from policycore_content.rules.con003_unrelated_topic import UnrelatedTopic
    from policycore_content.rules.con004_unverified_news import UnverifiedNews
    from policycore_content.rules.con005_sensitive_topic import SensitiveTopic
    from policycore_content.rules.con006_notice_complete import NoticeComplete
    from policycore_content.rules.con007_notices_agree import NoticesAgree
    from policycore_content.rules.con008_greeting_flood import GreetingFlood
    from policycore_content.rules.con009_picture_quality import PictureQuality
    from policycore_content.rules.con010_learned import LearnedUnrelated

    return (
        UnrelatedByType,
        WorkRatio,
        UnrelatedTopic,
        UnverifiedNews,
        SensitiveTopic,
        NoticeComplete,
        NoticesAgree,
        GreetingFlood,
        PictureQuality,
        LearnedUnrelated,
    )
