"""Times as offices write them, read on a Friday: 2024-03-22 09:30."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest

from policycore.text.dates import OfficeHours, stated_deadline, stated_times

ZONE = timezone(timedelta(hours=8))
SENT = datetime(2024, 3, 22, 9, 30, tzinfo=ZONE)

DEADLINES = """3月27日(星期三)上午11点前 | 2024-03-27T11:00
3月27日（星期三）上午11点前报送523室 | 2024-03-27T11:00
请于３月２７日１１：００前报送 | 2024-03-27T11:00
2024年3月27日上午11时前 | 2024-03-27T11:00
2024-03-27 17:30前 | 2024-03-27T17:30
2024/3/27前 | 2024-03-27T23:59:59
2024.3.27 前 | 2024-03-27T23:59:59
三月二十七日上午十一点之前 | 2024-03-27T11:00
二〇二四年三月二十七日前 | 2024-03-27T23:59:59
3月27号下午3点半前 | 2024-03-27T15:30
3月27日15时30分前 | 2024-03-27T15:30
3月27日下午三点一刻前 | 2024-03-27T15:15
3月27日前 | 2024-03-27T23:59:59
3月27日下班前 | 2024-03-27T17:30
3月27日上班前 | 2024-03-27T08:00
3月27日中午前 | 2024-03-27T12:00
3月27日上午前 | 2024-03-27T12:00
3月27日24时前 | 2024-03-28T00:00
3月27日晚8点前 | 2024-03-27T20:00
3月25日至27日前 | 2024-03-27T23:59:59
27日前 | 2024-03-27T23:59:59
27号下午5点前 | 2024-03-27T17:00
5日前 | 2024-04-05T23:59:59
1月5日前 | 2024-01-05T23:59:59 | past
12月30日前 | 2023-12-30T23:59:59 | past
明天下午5点前 | 2024-03-23T17:00
请明天下午5点之前回复 | 2024-03-23T17:00
明日下班前 | 2024-03-23T17:30
明早9点前 | 2024-03-23T09:00
明晚8点前 | 2024-03-23T20:00
后天中午12点前 | 2024-03-24T12:00
大后天前 | 2024-03-25T23:59:59
次日上午10点前 | 2024-03-23T10:00
今天下班前 | 2024-03-22T17:30
今日17:00前 | 2024-03-22T17:00
今天内 | 2024-03-22T23:59:59
今天下午前 | 2024-03-22T17:30
今天5点前 | 2024-03-22T17:00
下午5点前 | 2024-03-22T17:00
下班前 | 2024-03-22T17:30
中午12点前 | 2024-03-22T12:00
今天8点前 | 2024-03-22T20:00
今天上午8点前 | 2024-03-22T08:00 | past
本周五下班前 | 2024-03-22T17:30
这周日前 | 2024-03-24T23:59:59
本周末前 | 2024-03-24T23:59:59
下周一上午10点前 | 2024-03-25T10:00
下星期三前 | 2024-03-27T23:59:59
下下周一前 | 2024-04-01T23:59:59
周三下班前 | 2024-03-27T17:30
周五下班前 | 2024-03-22T17:30
本周三下班前 | 2024-03-20T17:30 | past
星期天前 | 2024-03-24T23:59:59
礼拜六前 | 2024-03-23T23:59:59
月底前 | 2024-03-31T23:59:59
月底前提交 | 2024-03-31T23:59:59
本月底前 | 2024-03-31T23:59:59
4月底前 | 2024-04-30T23:59:59
下月底前 | 2024-04-30T23:59:59
年底前 | 2024-12-31T23:59:59
收到后2小时内 | 2024-03-22T11:30
收到通知后两小时内回复 | 2024-03-22T11:30
24小时内 | 2024-03-23T09:30
30分钟内 | 2024-03-22T10:00
半小时内 | 2024-03-22T10:00
一个半小时内 | 2024-03-22T11:00
半天内 | 2024-03-22T21:30
3天内 | 2024-03-25T23:59:59
三日之内 | 2024-03-25T23:59:59
一周内 | 2024-03-29T23:59:59
3个工作日内 | none | workdays
截止时间：3月27日17:00 | 2024-03-27T17:00
截至3月27日 | 2024-03-27T23:59:59
最晚明天中午12点 | 2024-03-23T12:00
3月27日17:00截止 | 2024-03-27T17:00
3月27日(星期四)上午11点前 | 2024-03-27T11:00 | weekday
3月27日周四前 | 2024-03-27T23:59:59 | weekday
3月27日，星期三，上午11点前 | 2024-03-27T11:00
2月30日前 | none | impossible
3月32日前 | none | impossible
3月27日25点前 | none | impossible
2024年2月29日前 | 2024-02-29T23:59:59 | past
【通知】明天上午9点开会。请于3月26日下班前报送名单，3月27日前报送材料 | 2024-03-27T23:59:59
【会议通知】4月17日下午3点开会，请于4月12日下班前报名 | 2024-04-12T17:30"""
NONE = """4月17日下午3点在办公楼二楼会议室召开会议
请按时参加
收到请回复
前期工作已完成
3号楼2楼会议室
第3期
电话0373-3682523
2小时的会议
每天3次
周一至周五正常上班
请尽快回复
学校前往郑州"""


@pytest.mark.parametrize("line", DEADLINES.splitlines())
def test_deadline(line: str) -> None:
    text, wanted, *fault = (part.strip() for part in line.split("|"))
    found = stated_deadline(text, SENT)
    assert found is not None
    assert (found.moment.replace(tzinfo=None).isoformat("T", "auto") if found.moment else "none") == (
        f"{wanted}:00" if len(wanted) == 16 else wanted
    )
    assert found.fault == "".join(fault)


@pytest.mark.parametrize("text", NONE.splitlines())
def test_no_deadline(text: str) -> None:
    assert stated_deadline(text, SENT) is None


def test_office_hours_are_those_of_the_office() -> None:
    office = OfficeHours(ends=datetime(2024, 1, 1, 18).time())
    found = stated_deadline("今天下班前", SENT, office)
    assert found is not None
    assert found.moment == SENT.replace(hour=18, minute=0)


@pytest.mark.parametrize(
    ("sent", "text", "wanted"),
    [
        ("2023-12-29T10:00", "1月5日前", "2024-01-05"),
        ("2024-01-03T10:00", "12月30日前", "2023-12-30"),
        ("2024-01-31T10:00", "1日前", "2024-02-01"),
        ("2024-12-31T23:50", "明天前", "2025-01-01"),
        ("2024-03-24T10:00", "本周五前", "2024-03-22"),
        ("2024-03-24T10:00", "下周一前", "2024-03-25"),
        ("2024-02-10T10:00", "月底前", "2024-02-29"),
    ],
)
def test_relative_to_the_message(sent: str, text: str, wanted: str) -> None:
    found = stated_deadline(text, datetime.fromisoformat(sent).replace(tzinfo=ZONE))
    assert found is not None
    assert found.moment is not None
    assert found.moment.date().isoformat() == wanted


def test_every_time_has_its_place() -> None:
    text = "会议 ４月１７日下午3点 召开，请于4月12日（周五）下班前报名"
    assert [text[one.begin : one.end].strip() for one in stated_times(text, SENT)] == [
        "４月１７日下午3点",
        "4月12日（周五）下班前",
    ]


@pytest.mark.parametrize("piece", ["3月", "3月27日", "下", "1", "一", "周", "(星期三)", "3:", "截止", "内", " "])
def test_hostile_texts_take_linear_time(piece: str) -> None:
    begun = time.process_time()
    stated_times(piece * 3_000, SENT)
    assert time.process_time() - begun < 3
