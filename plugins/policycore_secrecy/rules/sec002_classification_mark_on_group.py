"""A group's name and announcement are shown to everybody who looks for it."""

from __future__ import annotations

from policycore import Case, Subject, Text
from policycore_secrecy.mark_rule import MarkRule


class ClassificationMarkOnGroup(MarkRule):
    """The group's own name or announcement bears a mark of state secrecy.

    Read and put right like `secrecy/classification-mark`; what differs is only where it stands.
    """

    id = "SEC002"
    name = "secrecy/classification-mark-on-group"
    subject = Subject.GROUP
    requires = ()
    reads = ("groups.name", "groups.announcement")
    key_facts = ("field", "offset")
    title = Text(zh="群名称和群公告没有国家秘密标志", en="No mark of state secrecy in name or announcement")
    headline = Text(zh="群名称或群公告带有国家秘密标志", en="Mark of state secrecy in name or announcement")

    cases = (
        Case(
            "a mark in the name and one in the announcement",
            zh="群名称和群公告中各有一处标志",
            given={
                "groups": [
                    {"id": "g1", "name": "机密★10年项目组"},
                    {"id": "g2", "name": "会务组", "announcement": "材料为秘密 ☆ 三年，注意保管"},
                ]
            },
            finds=("g1", "g2"),
            reasons={"g1": "mark", "g2": "variant"},
            facts={"g1": {"field": "groups.name"}, "g2": {"field": "groups.announcement"}},
        ),
        Case(
            "a secrecy notice in the announcement is what the policy asks for",
            zh="群公告中的保密提示正是规定所要求的",
            given={
                "groups": [
                    {
                        "id": "g1",
                        "name": "保密委员会办公室工作群",
                        "announcement": "涉密不上网，上网不涉密，严守国家秘密",
                    }
                ]
            },
        ),
    )
