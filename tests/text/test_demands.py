"""What asks for a reply in the group, and what only speaks of one."""

from __future__ import annotations

import time

import pytest

from policycore.text.demands import reply_demands, without_demands

ASKS = """收到请回复
收到请回复。
请各部门收到后回复。
收到后请在群内回复
收到回复
收到请扣1
收到扣一
看到请回1
收 到 请 回 复
收到，请回复
收到的请回个话
请大家收到后及时回复
请收到的同志回复“收到”
请各位联络员在群内接龙
请在本群回复收到
各部门收到请予以群内回复
务必回复
麻烦各位老师回复一下
阅后请回复
知悉请回复
收到本通知后请回复
请于今天下午5点前在群内回复
【通知】明天上午9点开会，请准时参加。收到请回复！
收到请打卡
收到请回
如有疑问请致电5212。收到请回复
收到请回复收到，谢谢！
Please reply in this group
收​到请回复"""
AT_ONCE = """收到请立即回复
收到请马上回复
请各单位收到后第一时间回复
请10分钟内回复
收到速回复
看到请立刻在群里回复
收到后请在5分钟内回复
收到请速回"""
SILENT = """收到。
已收到，谢谢
无需回复
收到无需回复
本通知不需要群内回复
请勿回复
请不要在群里回复收到
不得要求“收到请回复”
严禁要求群成员收到请立即回复
有问题请回复
如有变动请于4月12日前回复
不能参加的请回复
请发邮件回复
请各部门通过OA系统回复
请查看回复
请大家查收回复内容
感谢您的回复
他还没有回复
昨天的回复已转发
请参加会议
请按时报送材料
力戒动辄要求打卡、接龙的做法
杜绝“收到请回复”“接龙打卡”等形式主义做法
回复1234号文件
请电话回复对方
请领导审批后回复学生"""


@pytest.mark.parametrize("text", [*ASKS.splitlines(), *AT_ONCE.splitlines()])
def test_asks(text: str) -> None:
    (demand,) = reply_demands(text)
    assert demand.at_once == (text in AT_ONCE.splitlines())
    assert reply_demands(without_demands(text)) == []


@pytest.mark.parametrize("text", SILENT.splitlines())
def test_asks_nobody(text: str) -> None:
    assert reply_demands(text) == []


def test_the_place_is_that_of_the_text_as_written() -> None:
    text = "【通知】开会。 收 到 请回复。谢谢"
    (demand,) = reply_demands(text)
    assert text[demand.begin : demand.end] == "收 到 请回复"
    assert without_demands(text) == "【通知】开会。 。谢谢"
    assert without_demands("【通知】开会。本通知无需回复。") == "【通知】开会。。"


@pytest.mark.parametrize("piece", ["请", "收到", "收到请", "请于", "有", "“收到请回复", ",", "不"])
def test_hostile_texts_take_linear_time(piece: str) -> None:
    begun = time.process_time()
    reply_demands(piece * 4_000)
    assert time.process_time() - begun < 2
