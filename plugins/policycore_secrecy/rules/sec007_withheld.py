"""What nobody outside is to know is outside once it is in a group, in whatever words it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from policycore import (
    CONTENT,
    Case,
    Field,
    Hit,
    Likely,
    Rule,
    Severity,
    Step,
    Subject,
    Text,
    TextMatch,
    TextRule,
    Verdict,
    learned_by,
)

_forbids = re.compile(
    "(?:严禁|禁止|不得|杜绝|不准)[^,。]{0,8}(?:发布|发送|上传|传播|存储|处理)|群[内里中](?:严禁|禁止|不得)"
)


class Withheld(TextRule):
    """A message reads like those by which people pass on what was not to be passed on.

    Phrases that are listed have rules of their own; here are the words that no list has (管住嘴, 先瞒着员工). Weights
    of pieces of words, learned from examples, say how probable it is; it only ever hints. Put it right by looking, and
    by recalling what is not for the group.
    """

    id = "SEC007"
    name = "secrecy/withheld"
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    subject = Subject.MESSAGE
    include_dissolved = True
    requires = CONTENT
    reads = ("messages.text", "attachments.name", "attachments.text")
    key_facts = ("field", "attachment_id")
    title = Text(zh="群内没有嘱咐不要外传的内容", en="Nothing in the group that members are told to keep to themselves")
    headline = Text(zh="疑似嘱咐不要外传", en="Perhaps to be kept among the members")
    message = Text(
        zh="疑似嘱咐不要外传，可能性{percent}%（依据：{signs}），请核实可否在群内发布",
        en="perhaps to be kept among the members: {percent} % (by {signs}); verify whether it may be posted here",
    )
    explanation = Text(
        zh="不得外传的内容发到群里就已外传。只作提示，由人确认；依据是哪些字词，逐条写明。",
        en="What is not to be passed on is passed on once it is in a group. A hint, by the pieces of words it names.",
    )
    remediation = (Step("owner", Text(zh="查看原文，确认或排除", en="look, and confirm or dismiss"), 1),)
    tighter = {"minimum_percent": "lower"}

    class Params(Rule.Params):
        """How probable it must be."""

        minimum_percent: int = Field(
            40,
            ge=10,
            le=100,
            description="probability in percent from which on it is suspect",
            json_schema_extra={"zh": "可能性达到百分之多少才存疑"},
        )

    def patterns(self, params: Any) -> Iterator[Likely]:
        """Look for what is probably of the kind."""
        yield Likely("likely", learned_by("policycore_secrecy", "withheld.txt"), params.minimum_percent)

    def confirm(self, match: TextMatch, params: Any) -> Iterator[Hit]:
        """Say how probably, and by what, unless it forbids to post such things."""
        if not _forbids.search(match.folded):
            yield learned_by("policycore_secrecy", "withheld.txt").hint(match.text)

    cases = (
        Case(
            "said in words of one's own; what is for everybody; a picture that nobody read",
            zh="换一种说法的嘱咐，公开的内容，没有人读过的图片",
            given={
                "groups": [{"id": "g"}],
                "messages": [
                    {"id": "m0", "group_id": "g", "type": "text", "text": "名单还没定，都管住嘴，别往外说"},
                    {"id": "m1", "group_id": "g", "type": "text", "text": "会议改到明天下午三点，请准时参加"},
                    {"id": "m2", "group_id": "g", "type": "image"},
                ],
                "attachments": [{"id": "f0", "message_id": "m2", "name": "1.jpg", "text": None}],
            },
            finds=("m0",),
            unknown=("m2",),
        ),
        Case(
            "work that is to be done",
            zh="要办的事",
            given={
                "groups": [{"id": "g"}],
                "messages": [{"id": "m0", "group_id": "g", "type": "text", "text": "请各科室把本周排班表发到办公室"}],
            },
        ),
    )
