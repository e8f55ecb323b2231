# ruff: noqa: E501, ARG005 - tables of texts read best one kind a line
"""What people would send, and what only looks like it: a hundred of each kind, written before the rules were looked at.

Numbers are made here, with the checks that real ones have; nothing is anybody's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Disguise = Callable[[str], str]


def _spelled(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(one, one) for one in text)


_TRADITIONAL = dict(zip("内传见稿资转发删阅后请严", "內傳見稿資轉發刪閱後請嚴", strict=True))
_WIDE = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
DISGUISES: tuple[Disguise, ...] = (
    lambda text: text,
    lambda text: " ".join(text),
    lambda text: "\u200b".join(text),
    lambda text: "·".join(text),
    lambda text: _spelled(text, _TRADITIONAL),
    lambda text: f"【{text}】",
    lambda text: f"（{text}）附件见群文件",
    lambda text: f"{text[:2]}\n{text[2:]}",
    lambda text: f"\u202e{text}\u202c",
    lambda text: f"***{text}***",
)


def disguised(said: Sequence[str]) -> list[str]:
    """Return each text in every disguise."""
    return [change(text) for text in said for change in DISGUISES]


PHRASES = disguised(
    ["内部资料", "不得外传", "征求意见稿", "内部文件", "请勿外传", "内部使用", "严禁外传", "阅后删除", "注意保密", "请勿转发"]
)  # fmt: skip

PHRASE_LOOK_ALIKES = [
    *(f"严禁在微信群{verb}{what}" for verb in ("发布", "上传", "转发", "传播") for what in ("内部资料", "内部文件", "涉密和内部信息")),
    *(f"{who}不得{what}" for who in ("群成员", "任何人", "各部门", "工作人员") for what in ("转发谣言", "外传病毒文件", "传播不实信息", "转发与工作无关的链接")),
    *(f"{who}应当{what}" for who in ("当事人", "评审专家", "经办人") for what in ("对知悉的商业秘密严格保密", "遵守保密规定", "签订保密协议")),
    *(f"关于{what}公开征求意见的通知" for what in ("章程修订", "年度预算", "校园规划", "停车管理办法", "食堂改造")),
    *(f"《{what}（征求意见稿）》现向社会公开征求意见" for what in ("管理办法", "实施细则", "条例", "规程", "标准")),
    *(f"{what}请大家转发" for what in ("招生宣传片", "防汛提示", "核酸检测安排", "毕业典礼直播链接", "公开课海报")),
    *(f"加强{what}管理" for what in ("内部控制", "内部审计", "内部治安保卫", "内部刊物审批", "内部网络")),
    *(f"{what}室在三楼" for what in ("资料", "内部资料", "阅览", "保密", "档案")),
    *(f"请{what}" for what in ("阅后签字", "阅后反馈意见", "阅处", "传阅后交回办公室", "看完后把杯子带走", "查收", "阅知", "提出修改意见", "把意见稿交给我", "内部讨论后报意见")),
    *(f"学习{what}" for what in ("保密法", "《保守国家秘密法》", "保密知识", "国家安全教育读本", "内部控制规范")),
    *(f"{what}已经公开发布" for what in ("意见征求结果", "信息公开指南", "校历", "预算", "采购公告")),
    "不要外放视频声音", "请勿外借钥匙", "外传球要快", "不得外出", "请勿转让", "严禁外卖进入教学楼", "禁止转载须注明",
    "意见请在周五前反馈", "征求大家意见后定稿", "稿子的意见我征求过了", "内部装修改造施工公告", "办公楼内部使用面积统计",
    "部内资料员请签到", "保密工作会议下午三点开", "保密员培训报名", "删除重复的行再交表", "系统后台删除缓存",
    "阅读后的书请放回原处", "祖传手艺不外传", "网传消息不实", "请勿大声喧哗", "请勿在楼道吸烟", "禁止携带易燃物品",
    "不得影响正常教学", "请各部门内部自查", "仅供学习参考", "供参考", "校内使用说明见官网", "内部邮箱改密码通知",
    "未经允许不得转载", "本文转自人民网",
]  # fmt: skip


def resident_id(chance: random.Random) -> str:
    """Return a number with region, date and check of GB 11643."""
    region, year = chance.choice(["110105", "410702", "310115", "440305", "650104"]), chance.randint(1950, 2005)
    body = f"{region}{year}{chance.randint(1, 12):02}{chance.randint(1, 28):02}{chance.randint(0, 999):03}"
    return body + "10X98765432"[sum(int(one) * (2 ** (17 - place) % 11) for place, one in enumerate(body)) % 11]


def mobile(chance: random.Random) -> str:
    return f"1{chance.choice('3456789')}{chance.randint(0, 999_999_999):09}"


def card(chance: random.Random) -> str:
    """Return a number of a bank card with Luhn's check."""
    body = f"62{chance.randint(0, 10**16 - 1):016}"
    total = sum(int(one) for one in "".join(str(int(one) * (2 - place % 2)) for place, one in enumerate(body[::-1])))
    return f"{body}{-total % 10}"


def credit_code(chance: random.Random, head: str = "91") -> str:
    """Return a code with the check of GB 32100."""
    symbols = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"{head}410700{''.join(chance.choice(symbols) for _ in range(9))}"
    return body + symbols[-sum(symbols.index(one) * pow(3, place, 31) for place, one in enumerate(body)) % 31]


def _ways(number: str, which: int) -> str:
    """Return a number as people write it, one way of ten."""
    return (
        number,
        "-".join((number[:3], number[3:7], number[7:])),
        " ".join((number[:6], number[6:14], number[14:])),
        _spelled(number, _WIDE),
        "\u200b".join(number),
        "".join("零一二三四五六七八九"[int(one)] if one.isdigit() else one for one in number),
        ".".join((number[:4], number[4:8], number[8:])),
        f"号码{number}号",
        f"({number})",
        number.lower(),
    )[which]


def bulk() -> list[str]:
    """Return a hundred messages that list people: twenty numbers of one kind in each."""
    chance = random.Random(1)  # noqa: S311 - the same numbers every time
    makers = (resident_id, mobile, card, credit_code)
    found = []
    for which in range(100):
        make = makers[which % 4]
        way = which // 4 % 10
        rows = (
            f"{row}、王某某 {_ways(make(chance), 0 if make is credit_code and way == 5 else way)}" for row in range(20)
        )
        found.append("\n".join(rows))
    return found


def bulk_look_alikes() -> list[str]:
    """Return a hundred messages with as many numbers that are nobody's, or with few that are."""
    chance = random.Random(2)  # noqa: S311 - the same numbers every time
    makers: tuple[Callable[[int], str], ...] = (
        lambda row: f"{chance.randint(10**17, 10**18 - 1)}",
        lambda row: f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02} 会议室{row}",
        lambda row: f"订单号{chance.randint(10**19, 10**20)}",
        lambda row: f"预算{chance.randint(10**4, 10**7)}元",
        lambda row: f"20240{chance.randint(1, 9)}{chance.randint(10**4, 10**5)} 学号",
        lambda row: f"12{chance.randint(10**8, 10**9 - 1)}",
        lambda row: f"{chance.uniform(0, 1):.16f}",
        lambda row: f"192.168.{row}.{chance.randint(1, 254)}",
        lambda row: f"0373-30{chance.randint(10**5, 10**6 - 1) % 3 + 40}000 办公电话",
        lambda row: mobile(random.Random(7)) + " 值班电话",  # noqa: S311 - the same number again and again
    )
    return ["\n".join(f"{row}、{makers[which % 10](row)}" for row in range(20)) for which in range(100)]


def credentials() -> list[str]:
    """Return a hundred messages with something that opens a door."""
    chance = random.Random(3)  # noqa: S311 - the same texts every time
    letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

    def some(count: int, of: str = letters) -> str:
        return "".join(chance.choice(of) for _ in range(count))

    hexadecimal = "0123456789abcdef"
    makers: tuple[Callable[[], str], ...] = (
        lambda: f"管理员密码：{some(9)}",
        lambda: f"账号 admin 密码 {some(8)}!",
        lambda: f"password={some(10)}",
        lambda: f"PASSWORD: {some(12)}",
        lambda: f"口令：{some(6)}@2024",
        lambda: f"初始密码为{some(8)}，请尽快修改",
        lambda: f"wifi密码是{some(8)}",
        lambda: f"AKIA{some(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}",
        lambda: f"LTAI{some(20)}",
        lambda: f"ghp_{some(36)}",
        lambda: f"sk-{some(40)}",
        lambda: f"glpat-{some(20)}",
        lambda: f"xoxb-{some(12, '0123456789')}-{some(24)}",
        lambda: f"eyJhbGciOiJIUzI1NiJ9.eyJ{some(30)}.{some(43)}",
        lambda: f"-----BEGIN RSA PRIVATE KEY-----\nMII{some(60)}",
        lambda: f"-----BEGIN OPENSSH PRIVATE KEY-----\n{some(60)}",
        lambda: f"mysql://root:{some(10)}@10.0.0.5:3306/db",
        lambda: f"secret_key: {some(32, hexadecimal)}",
        lambda: f"token：{some(32)}",
        lambda: f"密 码：{some(8)}",
    )
    return [makers[which % 20]() for which in range(100)]


CREDENTIAL_LOOK_ALIKES = [
    *(f"请及时{what}密码" for what in ("修改", "更换", "重置", "找回", "设置", "更新", "定期修改", "妥善保管")),
    *(f"{what}密码" for what in ("忘记了", "不要使用弱", "严禁共用", "初始", "请勿泄露", "银行卡", "动态", "一次性")),
    *(f"密码{what}" for what in ("学院招生", "技术应用大会", "须包含大小写字母、数字", "：见附件", "：请联系管理员", "为身份证后六位", "错误", "长度不少于8位", "是什么？", "请私信我", "已重置", "法实施条例", "：******", "：******** 不显示")),
    *(f"password {what}" for what in ("reset", "is required", "must not be empty", "policy updated", "field")),
    *(f"token {what}" for what in ("is expired", "ring network", "无效", "已过期，请重新登录", "数量不足")),
    *(f"口令{what}" for what in ("红包", "：齐步走", "响亮", "管理规定", "卡")),
    *(f"会议号{number}" for number in ("123-456-789", "987 654 321", "555666777", "112233445", "998877665")),
    *(f"https://example.org/{what}" for what in ("reset-password", "token", "a?b=1&c=2", "keys/public", "login?next=/home", "docs/api-key", "s/1aB2cD3eF4", "secret-garden", "account/password/change", "auth")),
    *(f"sha256:{number:064x}" for number in range(3, 8)),
    *(f"commit {number:040x}" for number in range(3, 8)),
    *(f"{number:08x}-1234-5678-9abc-def012345678" for number in range(5)),
    "-----BEGIN CERTIFICATE-----\nMIIB", "-----BEGIN PUBLIC KEY-----\nMIIB", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB user@host",
    "sk-learn 安装报错", "AKIA 是什么", "他的钥匙在我这", "key 是主键", "api_key=YOUR_API_KEY", "password=<请填写>",
    "password=${DB_PASSWORD}", "密码:xxxxxx", "密码：（略）", "secret: 见保险柜", "私钥请勿上传", "公钥已更新",
    "验证码：请勿告诉他人", "达芬奇密码读书会", "生命的密码讲座", "基因密码", "流量密码", "财富密码：勤奋",
]  # fmt: skip
