"""What is published in one group of a channel is published in the others at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from policycore import Case, Field, Hit, Needs, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_channels.posts import Channel, Post, groups_since, has, read_channel
from policycore_channels.publishers import PUBLISHED, PublisherParams, publisher_needs

_HAS_FILE = "EXISTS (SELECT 1 FROM attachments t WHERE t.message_id = messages.id)"
# A picture or a file of which only the text is there may be any: its text does not say what it carries.
_MEDIA = "coalesce(messages.type IN ('image', 'file', 'voice', 'video'), false)"
_SENT = "messages.sent_at >= coalesce($effective, DATE '1900-01-01') IS NOT FALSE"
_COUNTS = f"""{_SENT}
    AND ({_HAS_FILE} OR messages.text IS NULL OR length(messages.text) >= $minimum_length)"""
_OTHER_GROUPS = """SELECT m.group_id, m.id AS message_id, o.id AS row_id FROM messages m JOIN groups g USING (group_key)
    JOIN groups o ON o.department_key = g.department_key AND o.name IS DISTINCT FROM g.name"""
# Messages of other groups that may be what was published here: sent about then, or nobody knows when.
_OTHERS = """SELECT m.group_id, m.id AS message_id, o.id AS row_id FROM messages m JOIN groups g USING (group_key)
    JOIN groups og ON og.department_key = g.department_key AND og.name IS DISTINCT FROM g.name
    JOIN messages o ON o.group_id = og.id
    WHERE (m.sent_at IS NULL OR o.sent_at IS NULL
            OR abs(epoch(m.sent_at) - epoch(o.sent_at)) <= 60 * $within_minutes)"""
_FILE_THERE = f"""subject.message_id IN (SELECT w.message_id FROM ({_OTHERS}) w
    JOIN attachments t ON t.message_id = w.row_id)"""
_PUBLISHED = f"""subject.message_id IN
    (SELECT messages.id FROM messages JOIN groups USING (group_key) WHERE {PUBLISHED})"""
_LEAST = 2
_ALIKE = 0.5
"""Share of two texts that makes them two versions of one."""
_WORDS = ("通知", "公告", "通报", "会议", "报送", "上报", "截止", "请各", "请于", "各部门", "各支部", "各单位", "【")


NOTICE = "【通知】请各支部于4月12日下班前报送组织生活情况。"
_POSTS = {"office": ("p1", "d1", None), "reader": ("p2", "d2", None), "former": ("p3", "d1", "2024-04-01")}


def channel(*messages: tuple[str | None, ...]) -> dict[str, list[dict[str, object]]]:
    """Return an estate with two groups and messages: group, id, time, text, hash of a file, sender, time of recall."""
    given: dict[str, list[Any]] = {
        "departments": [{"id": "d1", "name": "机关党委"}, {"id": "d2", "name": "教务处"}],
        "people": [{"id": person, "name": person} for person, _, _ in _POSTS.values()],
        "appointments": [
            {"person_id": person, "department_id": department, "until": until}
            for person, department, until in _POSTS.values()
        ],
        "accounts": [
            {"id": "stranger"},
            *({"id": name, "person_id": person} for name, (person, _, _) in _POSTS.items()),
        ],
        "groups": [
            {"id": group, "name": name, "department_id": "d1", "created_at": "2024-03-28"}
            for group, name in (("w", "工作群"), ("l", "联络员群"))
        ],
        "messages": [],
        "attachments": [],
    }
    for group, name, at, text, *more in messages:
        sha256, sender, recalled = (*more, *("", "office", None)[len(more) :])
        when, gone = (f"2024-04-10T{one}" if one and len(one) == 5 else one for one in (at, recalled))
        given["messages"].append(
            {
                "id": name,
                "group_id": group,
                "sent_at": when,
                "sender_id": sender,
                "type": "file" if text is None and more else "text",
                "text": text,
                "recalled_at": gone,
            }
        )
        if text is None and more:
            given["attachments"].append(
                {"id": f"f-{name}", "message_id": name, "name": "安排.docx", "sha256": sha256 or None}
            )
    return given


def _read(given: dict[str, list[dict[str, object]]], text: str) -> dict[str, list[dict[str, object]]]:
    """Return an estate in whose files an import read `text`."""
    return {**given, "attachments": [{**row, "text": text} for row in given["attachments"]]}


class InEveryGroup(Rule):
    """Whoever reads one group of a channel must not know less than who reads the other.

    The channel is those of a department's groups that the rule set names (``applies_to``). What somebody of the
    publishing department posts in one of them has to be in each of the others within some minutes: the same text, by
    whatever spelling, in one message or in pieces, with or without a request for replies; or the same file; or once as
    a text and once as a picture or file in which the import read the same. Of two versions both are found. What
    was recalled counts only as long as it stands in no other group. Short remarks are no publications;
    longer ones without a word of a notice are suspect, unless they answer somebody. Put it right by posting what is
    missing, or by recalling what is wrong.
    """

    id = "CHA001"
    name = "channels/in-every-group"
    subject = Subject.MESSAGE
    severity = Severity.WARNING
    requires = (
        "messages.sent_at",
        Needs("messages.text", when=f"({_COUNTS}) AND NOT {_HAS_FILE}"),
        Needs("messages.recalled_at", when=_COUNTS),
        Needs(
            "messages.reply_to",
            when=f"({_COUNTS}) AND NOT {_HAS_FILE} AND NOT regexp_matches(messages.text, '{'|'.join(_WORDS)}')",
            stands="passes",
        ),
        *publisher_needs(_COUNTS),
        Needs("groups.department_id", null="unknown"),
        # A file alone in its time is nowhere else, whatever it holds.
        Needs(
            "messages.attachments.sha256",
            when=f"""({_COUNTS}) AND {_HAS_FILE} AND {_FILE_THERE}
                OR {_SENT} AND NOT {_HAS_FILE} AND {_MEDIA} AND {_PUBLISHED}""",
            null="unknown",
        ),
        Needs("messages.attachments.name", when=f"({_COUNTS}) AND {_HAS_FILE} AND {_FILE_THERE}", stands="passes"),
        Needs("groups.messages.id", via=_OTHER_GROUPS),
        Needs("groups.created_at", via=_OTHER_GROUPS, stands="passes"),
        # What is not known of the other group's messages may be what seems to be missing there.
        Needs("messages.text", via=_OTHERS, when=f"NOT {_HAS_FILE}", stands="passes"),
        Needs("messages.sent_at", via=_OTHERS, stands="passes"),
        Needs("messages.recalled_at", via=_OTHERS, stands="hits"),
        Needs(
            "messages.attachments.sha256",
            via=f"{_OTHERS} AND EXISTS (SELECT 1 FROM attachments t WHERE t.message_id = m.id)",
            when=f"{_HAS_FILE} OR {_MEDIA}",
            null="unknown",
            stands="passes",
        ),
        Needs("messages.attachments.name", via=_OTHERS, when=_HAS_FILE, stands="passes"),
    )
    key_facts = ("other_group",)
    title = Text(zh="通知同时在各群发布", en="Notices are posted in every group of the channel")
    headline = Text(zh="通知没有在各群同时发布", en="Posted in one group and not in the other")
    message = {
        "one-sided": Text(
            zh="只在本群发布，{within_minutes}分钟内没有在“{other_group}”发布",
            en="posted here, and not in “{other_group}” within {within_minutes} {within_minutes:minute|minutes}",
        ),
        "differs": Text(
            zh="与“{other_group}”{other_at}的发布（{other_id}）内容不一致（相同{percent}%）",
            en="says something else than what “{other_group}” was told at {other_at} ({other_id}; {percent}% the same)",
        ),
        "other-file": Text(
            zh="附件与“{other_group}”{other_at}发布的（{other_id}）同名或同类，但内容不同",
            en="its file is not the one posted in “{other_group}” at {other_at} ({other_id})",
        ),
        "recalled": Text(
            zh="在“{other_group}”的同一发布（{other_id}）已撤回，本群没有撤回",
            en="the same was recalled in “{other_group}” ({other_id}), and stands here",
        ),
    }
    explanation = Text(
        zh="工作信息、通知应同时在各群发布，内容一致，避免领导和联络员得到的信息不同。只记录位置，不保存内容。",
        en="What is published goes to every group of the channel at the same time and reads the same. "
        "The finding keeps the place, never the text.",
    )
    remediation = (
        Step("sender", Text(zh="在“{other_group}”补发或更正", en="post it in “{other_group}” too, or correct it"), 1),
        Step("owner", Text(zh="撤回错误的发布，两群保持一致", en="recall what is wrong, in both groups")),
    )

    tighter = {
        "within_minutes": "lower",
        "minimum_length": "lower",
        "effective": "lower",
    }

    class Params(PublisherParams):
        """How soon, from which length on, and since when."""

        within_minutes: int = Field(
            60,
            ge=1,
            le=10_080,
            description="minutes within which it must be in every group",
            json_schema_extra={"zh": "须在多少分钟内发布到各群"},
        )
        minimum_length: int = Field(
            12,
            ge=1,
            le=1000,
            description="letters and figures from which on a text is a publication",
            json_schema_extra={"zh": "文字达到多少字才算发布"},
        )
        effective: date | None = Field(
            None,
            description="first day on which this holds; none: always",
            json_schema_extra={"zh": "从哪一天起适用；不填为一直适用"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Iterator[Hit]:
        """Look in the other groups for everything that was published in one."""
        slots = read_channel(estate, params)
        within = timedelta(minutes=params.within_minutes)
        begin = datetime.combine(params.effective or date(1900, 1, 1), datetime.min.time(), estate.timezone)
        since = groups_since(estate)
        found: list[tuple[Post, str, Post | None, str]] = []
        for slot, channel in slots.items():
            for post in channel.posts:
                if post.sent_at < begin or post.recalled or not post.published or not _counts(post, params):
                    continue
                there = since[post.department_id]
                if len(there) < _LEAST:
                    yield {**_keys(post), "verdict": "unknown", "missing": "groups.name"}
                elif post.sent_at + within <= estate.as_of:
                    for other, made in there.items():
                        if other != slot[1] and (made is None or made <= post.sent_at):
                            reason, near = _compared(post, slots.get((slot[0], other), Channel([])), within)
                            found += [(post, reason, near, other)] if reason else []
        for post, reason, near, other in found:
            yield {
                **_keys(post),
                "reason": reason,
                "verdict": "fail" if _is_sure(post, reason, near) else "suspect",
                "other_group": other,
                "other_id": near.id if near else None,
                "other_at": near.sent_at if near else None,
                "percent": round(100 * post.likeness(near)) if near else None,
            }

    cases = (
        Case(
            "posted in one group only: a notice, a file, and a long remark, which is suspect",
            zh="只在一个群发布：通知、文件，以及一段较长的话（存疑）",
            given=channel(
                ("w", "m1", "09:00", NOTICE),
                ("l", "m2", "10:00", None, "a" * 64),
                ("l", "m3", "11:00", "周五有检查组到各楼宇查看用电情况，大家留意一下"),
                ("l", "m4", "12:00", "好的，谢谢大家"),
                ("w", "m5", "12:00", NOTICE, "", "stranger"),
            ),
            params={"effective": "2024-04-01"},
            finds=("m1", "m2", "m3"),
            reasons=dict.fromkeys(("m1", "m2", "m3"), "one-sided"),
            facts={"m1": {"other_group": "联络员群"}},
        ),
        Case(
            "the same in both: spelled otherwise, with a request for replies, in two pieces, as the same file",
            zh="两群相同：写法不同、多了回复要求、拆成两条、同一文件",
            given=channel(
                ("w", "m1", "09:00", NOTICE),
                ("l", "m2", "09:02", "［通知］请各支部于４月１２日下班前报送　组织生活情况。收到请回复。"),
                ("w", "m3", "10:00", "【会议】周五上午九点在二楼会议室开会，请带好上季度的材料"),
                ("l", "m4", "10:01", "【会议】周五上午九点在二楼会议室开会，"),
                ("l", "m5", "10:02", "收到", "", "reader"),
                ("l", "m6", "10:03", "请带好上季度的材料"),
                ("w", "m7", "11:00", None, "a" * 64),
                ("l", "m8", "11:59", None, "A" * 64),
            ),
        ),
        Case(
            "as a text here and as a picture there, which the import read; with another date it is another notice",
            zh="本群发文字，另一群发图片（导入时已读出）；日期不同则不是同一通知",
            given=_read(
                channel(
                    ("w", "m1", "09:00", NOTICE),
                    ("l", "m2", "09:01", None, "a" * 64),
                    ("w", "m3", "12:00", NOTICE.replace("12日", "15日")),
                    ("l", "m4", "12:01", None, "b" * 64),
                ),
                f"机关党委\n{NOTICE}",
            ),
            finds=("m3", "m4"),
        ),
        Case(
            "said in two versions, with two files, recalled in one group",
            zh="两个版本、两个附件、只在一个群撤回",
            given=channel(
                ("w", "m1", "09:00", NOTICE),
                ("l", "m2", "09:01", NOTICE.replace("12日", "15日")),
                ("w", "m3", "10:00", None, "a" * 64),
                ("l", "m4", "10:01", None, "b" * 64),
                ("w", "m5", "11:30", "【通知】明天的会议改在三楼会议室召开，时间不变"),
                ("l", "m6", "11:31", "【通知】明天的会议改在三楼会议室召开，时间不变", "", "office", "12:00"),
            ),
            params={"effective": "2024-04-01"},
            finds=("m1", "m2", "m3", "m4", "m5"),
            reasons={"m1": "differs", "m2": "differs", "m3": "other-file", "m4": "other-file", "m5": "recalled"},
            facts={"m2": {"other_id": "m1"}},
        ),
        Case(
            "before the other group was there, before the rule held, with time left, by somebody who had left",
            zh="另一群建立之前、规定适用之前、时限未到、发布人已卸任",
            given={
                **channel(
                    ("w", "m1", "09:00", NOTICE),
                    ("w", "m2", "2024-04-14T23:30", NOTICE),
                    ("w", "m3", "2024-04-11T09:00", NOTICE, "", "former"),
                ),
                "groups": [
                    {"id": "w", "name": "工作群", "department_id": "d1"},
                    {"id": "l", "name": "联络员群", "department_id": "d1", "created_at": "2024-04-10T12:00"},
                ],
            },
            params={"effective": "2024-04-01"},
        ),
        Case(
            "where the other group is not known nothing can be told",
            zh="不知道另一个群时无法判断",
            given={
                **channel(("w", "m1", "09:00", NOTICE)),
                "groups": [{"id": "w", "name": "工作群", "department_id": "d1"}],
            },
            unknown=("m1",),
        ),
        Case(
            "a file without a hash may be the one in the other group, a text that nobody could read too",
            zh="没有哈希的文件、无法读取的文字，都可能是另一群的同一发布",
            given=channel(
                ("w", "m1", "09:00", None, "a" * 64),
                ("l", "m2", "09:00", None, ""),
                ("w", "m3", "12:00", NOTICE),
                ("l", "m4", "12:00", None),
            ),
            unknown=("m1", "m2", "m3", "m4"),
        ),
    )


def _keys(post: Post) -> dict[str, object]:
    """Return what names a post."""
    return {"group_id": post.group_id, "message_id": post.id}


def _counts(post: Post, params: InEveryGroup.Params) -> bool:
    """Return whether a message is a publication: what it carries, or a text that is long enough and to everybody."""
    if post.has_file:
        return True
    return len(post.bare) >= params.minimum_length and (_is_notice(post) or not post.addressed)


def _is_notice(post: Post) -> bool:
    """Return whether a text reads like a notice."""
    return any(word in post.text for word in _WORDS)


def _is_sure(post: Post, reason: str, near: Post | None) -> bool:
    """Return whether nobody has to confirm a finding: pictures change on the way, remarks may be to somebody."""
    if reason == "other-file":
        return near is not None and not set(near.names).isdisjoint(post.names)
    return post.has_file or _is_notice(post)


def _compared(post: Post, other: Channel, within: timedelta) -> tuple[str, Post | None]:
    """Return what is wrong between a post and another group, '' for nothing, and the nearest message there."""
    if other.stands(post, within):
        return "", None  # as most are: nothing is to be compared
    around = other.around(post.sent_at, within)
    standing = [one for one in around if not one.recalled]
    if has(standing, post):
        return "", None
    for one in around:
        if one.recalled and has([one], post):
            return "recalled", one
    if post.has_file:
        files = [one for one in standing if one.has_file]
        named = [one for one in files if not set(one.names).isdisjoint(post.names)]
        return ("other-file", (named or files)[0]) if files else ("one-sided", None)
    nearest = max((one for one in standing if one.bare and not one.has_file), key=post.likeness, default=None)
    if nearest and post.likeness(nearest) >= _ALIKE:
        return "differs", nearest
    return "one-sided", None
