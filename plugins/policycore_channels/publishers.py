"""Who publishes in a group, people with a post in the department that runs it; and what reads as a notice."""

from __future__ import annotations

from policycore import Field, Needs, Rule

__all__ = ["NOTICE", "PUBLISHED", "PublisherParams", "publisher_needs"]

# True of a message ``messages`` in a group ``groups`` whose sender publishes there.
PUBLISHED = """EXISTS (SELECT 1 FROM accounts pa JOIN appointment_history pt ON pt.person_key = pa.person_key
        JOIN departments pd ON pd.department_key = pt.department_key
    WHERE pa.account_key = messages.sender_key
        AND (len($publishers) = 0 AND pd.department_key = groups.department_key
            OR list_contains($publishers, pd.id) OR list_contains($publishers, pd.name))
        AND (pt.since IS NULL OR messages.sent_at IS NULL OR pt.since <= messages.sent_at)
        AND (pt.until IS NULL OR messages.sent_at IS NULL OR pt.until > messages.sent_at))"""

_KIND = "(通知|公告|通告|通报)"
# To all, and then a heading in brackets, a line that is nothing but a title, or the word and a colon.
_BEGINS = rf"""^\s*(@所有人\s*|@全体成员\s*)?([【\[〔［][^】\]〕］\n]{{0,40}}{_KIND}[^】\]〕］\n]{{0,12}}[】\]〕］]
    |[^\n。,，!！?？]{{0,80}}{_KIND}\s*([(（][^\n]{{0,30}}[)）])?(\.(docx?|wps|pdf|ofd|xlsx?))?\s*($|\n)
    |[^\n。,，!！?？:：]{{0,12}}通知\s*[:：]|[^\n。,，!！?？:：]{{0,40}}关于[^\n。!！?？:：]{{0,40}}{_KIND}\s*[:：]|(紧急|重要)?{_KIND}\s*[:：])"""
# What somebody else told before a colon, and what only speaks of a notice.
_TOLD = (
    rf"^\s*[^\n:：关【\[]{{0,12}}(工会|[党纪团]委|[一-龥]局|[支大中]队|项目部|公众号|街道|社区|物业|医院|学校|公司|集团|上级"
    rf"|官[网方])[^\n:：关]{{0,6}}{_KIND}\s*[:：]"
    rf"|^\s*[^\n:：【\[]{{0,20}}(更正|勘误|昨天|昨晚|刚才|上次|之前|发的)[^\n:：]{{0,12}}{_KIND}\s*[:：]"
)
_ANSWERS = r"^\s*(收到|已|谢谢|转发|关注|好的|请|按|见|根据|详见|看|没有|这|那)"
_TEXT = "".join(line.strip() for line in _BEGINS.splitlines())
# Few messages hold the word at all: that is asked first, for a tenth of what an expression costs.
NOTICE = f"""((contains(messages.text, '通') OR contains(messages.text, '公告'))
    AND regexp_matches(messages.text, '{_TEXT}') AND NOT regexp_matches(messages.text, '{_ANSWERS}|{_TOLD}'))"""
"""Condition: the message reads as a notice; NULL where nobody knows its text."""


def publisher_needs(counts: str) -> tuple[Needs, ...]:
    """Return what decides whether a message was published, where the SQL `counts` says that this matters."""
    return (
        Needs("messages.sender_id.person_id", when=counts),
        Needs("groups.department_id", when="len($publishers) = 0", null="unknown"),
        Needs("messages.sender_id.person_id.appointments.since", when=counts),
        Needs("messages.sender_id.person_id.appointments.until", when=counts),
    )


class PublisherParams(Rule.Params):
    """Whose messages are publications."""

    publishers: tuple[str, ...] = Field(
        (),
        description="ids or names of the departments whose people publish; none: the group's own department",
        json_schema_extra={"zh": "其人员为发布人的部门（编号或名称）；不填为群所属部门"},
    )
