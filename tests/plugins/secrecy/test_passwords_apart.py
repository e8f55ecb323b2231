"""A password that stands apart from the word for it: on the next line, before it, in a column, in the next message.

All were written before the rule was looked at. A list is what one sender wrote within minutes.
"""

from __future__ import annotations

import pytest

from policycore import Case
from policycore.testing import run_rule
from policycore_secrecy.rules.sec006_credential import Credential

HITS: tuple[str | tuple[str, ...], ...] = (
    "账号：admin\n密码：\nXk9#mQ2v",
    "登录密码：\n\nAb12345678",
    "WiFi密码\nhust2024wifi",
    "系统口令:\nQw!2024zz",
    "密码：\r\n  Test@1234",
    "初始密码为：\nAa123456",
    "账号\nzhangsan\n密码\nZs@20240415",
    "用户名：\nadmin\n密码：\nadmin@123",
    "邮箱密码如下：\nMail#2024!x",
    "密码：\n88886666",
    "Xk9#mQ2v 是系统密码",
    "Xk9#mQ2v!7（密码）",
    "Ab12345678这个是登录密码",
    "admin/Qwe@1234 是后台账号密码",
    "教务系统：jwc / Jwc@8866 就是密码，别外传",
    ("系统密码", "Xk9#mQ2v!7"),
    ("密码是", "Ab12345678"),
    ("Xk9#mQ2v!7", "这是教务系统的密码"),
    ("VPN密码：", "vpn2024@xx"),
    ("账号 zhangsan，密码我下一条发", "Zs@20240415"),
    "姓名\t账号\t密码\n张三\tzhangsan\tZs@20240415\n李四\tlisi\tLs#2024a",
    "账号 | 密码\nadmin | Xk9#mQ2v",
    "部门\t用户名\t初始口令\n教务处\tjwc\t668899",
    "【OA密码】\nOa2024@xx",
    "Qaz123wsx 为统一登录密码。",
    ("密码等会发你们", "Nn2024#kk"),
    ("Nn2024#kk", "后台密码"),
    "序号|网站|账号|口令\n1|门户|mh|Mh2024!!\n2|邮箱|yx|Yx2024!!",
)
LOOK_ALIKES: tuple[str | tuple[str, ...], ...] = (
    "密码：\n请联系我",
    "忘记密码\n重置",
    "密码：\n找信息中心王老师13837312345领取",
    "密码\n1. 长度不少于8位\n2. 含大小写",
    "忘记密码：\nhttps://pwd.xxu.edu.cn/reset",
    "密码：\n******",
    "修改密码：\nWindows10系统按Ctrl+Alt+Del",
    "密码重置\n2024-04-15起办理",
    "会议号123456789 密码：\n无",
    "账号密码问题请联系\nQQ123456789",
    "密码：\nA101教室领取",
    "如何修改密码\nWindows10",
    "Office2019是需要密码的",
    "WPS2023文件密码设置方法",
    "Windows10 密码策略",
    "教务处2024 系统密码管理办法",
    ("密码忘了怎么办", "13837312345"),
    ("谁知道系统密码？", "2024-04-15"),
    ("请各位修改初始密码", "https://my.xxu.edu.cn"),
    ("密码", "收到"),
    ("重置密码的同学登记一下", "张三20230101234"),
    ("wifi密码贴在前台", "IMG_20240415.jpg"),
    ("密码已重置，请查收短信", "A101教室"),
    ("20230101234", "这个学号登不上，是不是要改密码"),
    "姓名\t账号\t密码\n张三\tzhangsan\t自行设置",
    "序号\t问题\t密码\n1\t忘记\t重置",
    "账号\t密码\t备注\nzhangsan\t\t未领取2024",
    "Abc123456这种是弱密码",
    "Wifi5G 这个要密码",
    "3号楼B201（无密码）",
    ("文件密码", "附件1.docx"),
    ("系统密码发我邮箱了", "zhangsan@xxu.edu.cn"),
    "设备\t型号\t密码锁\n柜子\tX1\tDL8800x",
    "序号\t是否修改密码\t时间\n1\t是\t20240415",
)


def found(samples: tuple[str | tuple[str, ...], ...]) -> set[int]:
    """Return which samples the rule finds, each written in a group of its own."""
    messages = [
        {"id": f"{number}-{minute}", "group_id": f"g{number}", "sender_id": "a", "type": "text", "text": text}
        | {"sent_at": f"2024-04-12T10:{minute:02}:00+08:00"}
        for number, sample in enumerate(samples)
        for minute, text in enumerate([sample] if isinstance(sample, str) else sample)
    ]
    groups = [{"id": f"g{number}"} for number in range(len(samples))]
    case = Case("apart", zh="分开写", given={"groups": groups, "messages": messages}, finds=())
    return {int(one.subject.id.partition("-")[0]) for one in run_rule(Credential(), case).findings}


@pytest.mark.parametrize(("samples", "finds"), [(HITS, True), (LOOK_ALIKES, False)], ids=["passwords", "look-alikes"])
def test_what_stands_apart_is_a_password_only_where_it_looks_like_one(
    samples: tuple[str | tuple[str, ...], ...], *, finds: bool
) -> None:
    seen = found(samples)
    assert [one for number, one in enumerate(samples) if (number in seen) != finds] == []
