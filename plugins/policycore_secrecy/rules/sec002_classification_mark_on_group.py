"""A group's name and announcement are shown to everybody who looks for it."""

from __future__ import annotations

from policycore import Case, Subject, Text
from policycore_secrecy.mark_rule import MarkRule


class ClassificationMarkOnGroup(MarkRule):
    """The group's own name or announcement, or what else is written of it, bears a mark of state secrecy.

    Looked through as well, where they are known: its purpose, the display names of its members, the details of its
    events and the title of its task. Read and put right like `secrecy/classification-mark`; what differs is only where
    it stands.
    """

    id = "SEC002"
    name = "secrecy/classification-mark-on-group"
    subject = Subject.GROUP
    requires = ()
    reads = ("groups.name", "groups.announcement")
    also_reads = ("groups.purpose", "memberships.display_name", "events.detail", "tasks.title")
    key_facts = ("field", "offset", "account_id", "event_id", "task_id")
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
            "in a display name, an event, a purpose, a task; nobody is asked for what a source lacks",
            zh="群昵称、群事件、用途、任务中的标志；来源没有的字段不追问",
            given={
                "groups": [
                    {"id": "g1", "name": "甲"},
                    {"id": "g2", "name": "乙"},
                    {"id": "g3", "name": "丙", "purpose": "秘密★1年"},
                    {"id": "g4", "name": "丁", "task_id": "t1"},
                    {"id": "g5", "name": "戊"},
                ],
                "memberships": [{"group_id": "g1", "account_id": "a1", "display_name": "机密★10年张三"}],
                "accounts": [{"id": "a1"}],
                "events": [{"id": "e1", "group_id": "g2", "kind": "rename", "detail": "绝密★长期"}],
                "tasks": [{"id": "t1", "title": "机密★5年专项"}],
            },
            finds=("g1", "g2", "g3", "g4"),
            facts={"g1": {"account_id": "a1", "field": "memberships.display_name"}, "g2": {"event_id": "e1"}},
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
