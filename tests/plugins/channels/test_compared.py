"""What stands in another group by its very text or files is found without a comparison, and nothing else is."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from policycore_channels.posts import Channel, Post
from policycore_channels.rules import cha001_in_every_group as rule

BEGUN = datetime.fromisoformat("2024-04-10T09:00:00+08:00")
NOTICE = "【通知】请各支部于4月12日下班前报送组织生活情况"
texts = st.sampled_from(
    ["请交表", "请交表。", "请 交 表 收到请回复", "请交", "表", "", NOTICE, NOTICE.replace("12", "15")]
)


@st.composite
def posts(draw: st.DrawFn) -> list[Post]:
    minutes = sorted(draw(st.lists(st.integers(0, 200), max_size=8)))
    return [
        Post(
            id=f"m{place}",
            group_id="g",
            department_id="d",
            name="群",
            created_at=None,
            sent_at=BEGUN + timedelta(minutes=minute),
            text=draw(texts),
            recalled=draw(st.booleans()),
            addressed=False,
            has_file=(has_file := draw(st.booleans())),
            hashes=draw(st.lists(st.sampled_from(["a", "A", "b", ""]), max_size=2)) if has_file else [],
            names=["表.docx"] if has_file else [],
            read=draw(texts) if has_file else "",
            published=True,
        )
        for place, minute in enumerate(minutes)
    ]


@given(posts(), posts(), st.integers(1, 120))
def test_the_quick_look_changes_nothing(mine: list[Post], theirs: list[Post], minutes: int) -> None:
    class Slow(Channel):
        def stands(self, post: Post, within: timedelta) -> bool:
            return False

    within = timedelta(minutes=minutes)
    for post in mine:
        assert rule._compared(post, Channel(theirs), within) == rule._compared(post, Slow(theirs), within)
