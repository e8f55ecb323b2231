"""Know what opens a lock and is handed over in words: a thing that locks or asks meets a value, however it is said.

No assignment says it: door codes that are pressed, turns of a safe, a line with a user and one with what stands for a
password, digits in words, four sixes, a birthday as a hint, an account that somebody lends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["HANDED_OVER", "OPENERS", "handed_over", "is_for_everybody", "opened"]


def _any(*expressions: str) -> str:
    """Return what matches where one of some expressions does."""
    return f"(?:{'|'.join(expressions)})"


_WORD = _any(
    r"[密秘][ ]?[码马嘛蚂匙钥]|口令|暗[码号]|动态码|钥匙码|密吗|开机码|锁屏码|解锁码|开门码|开锁码|门禁码|登[录陆]码",
    r"[Pp][Ii][Nn]码?|[Mm]i[ ]?ma|[Pp]ass(?:word|wd)?|[Pp]wd?",
)
_LOCK = _any(
    r"密码锁|门锁|挂锁|锁头|电子锁|智能锁|指纹锁|童锁|解锁|开锁|开门|门禁|防盗门|卷帘门|侧门|后门|库门|保险[柜箱]|文件柜",
    r"钥匙[盒箱柜]|报警器|道闸|闸机|布防|撤防",
)
_DIGITS = r"(?:[0-9][ -]?){3,7}[0-9]"
_SAID = r"[零〇一二两三四五六七八九幺洞拐勾]"
_REPEATED = r"[三四五六七八3-8]个[0-9零一二三四五六七八九]"
_HINT = _any(
    r"生日|生辰|后[六四八6-8]位|邮编|全拼|简拼|首字母|拼音|门牌|车牌|[校院厂]庆|建[厂校院]|区号|年份|座机|电话后",
    r"手机号?后|工号|单位简称|名字缩写|老样子|原来那个|还是那个|你懂",
)
_BUILT = _any(
    r"后面?[跟加接]|再加|前面加|倒过来|倒着|反过来|[同跟和](?:用户名|账号|工号)|加[0-9]{1,6}|开头大写|大写开头",
)
_TOOL = _any(
    r"识别码|设备代?码|伙伴(?:码|[Ii][Dd])|本机码|向日葵|[Tt]o[Dd]esk|TODESK|[Aa]ny[Dd]esk|[Tt]eam[Vv]iewer",
    r"远程(?:码|桌面|协助|控制)",
)
_ASKS = r"(?:[Aa]dmin|root|账[号户]|用户名?|后台|开机|锁屏|[Ww]i-?[Ff]i|WIFI|路由器?)"

_WORDINGS = {
    "lock": rf"{_LOCK}[^0-9A-Za-z\n。;]{{0,12}}{_DIGITS}",
    "pressed": rf"(?:按|输入?|摁|键入|拨)[^0-9\n。,;]{{0,5}}{_DIGITS}[#*]?",
    "ended": rf"{_DIGITS}[ ]?(?:#|井[号字键]|星号)|[#*]{_DIGITS}[#*]",
    "repeated": rf"(?:{_WORD}|{_LOCK}|{_ASKS})[^\n。]{{0,16}}{_REPEATED}",
    "said": rf"(?:{_WORD}|{_LOCK})[^\n。;]{{0,8}}(?:{_SAID}[ ]?){{4,8}}",
    "spaced": rf"{_WORD}[ ]{{0,2}}[:=是为]?[ ]{{0,3}}(?:[0-9A-Za-z@#!] ){{3,}}[0-9A-Za-z@#!]",
    "short": r"密[是为:=]{0,2}[ ]?[!-~]{5,}",
    "sign": r"[🔑🔐🔒🔓🗝]\u200b?[^!-~\n]{0,6}[!-~]{4,}",
    "remote": rf"{_TOOL}[^\n。]{{0,12}}[0-9][0-9 -]{{6,12}}[^\n。]{{0,12}}[!-~]{{4,}}",
    "turns": r"[左右顺逆][^,。;\n]{0,6}[0-9]{1,2}[^\n。]{0,10}[左右顺逆][^,。;\n]{0,6}[0-9]{1,2}",
    "hint": rf"{_WORD}[^\n。]{{0,16}}{_HINT}",
    "circled": r"[0-9一二三四五两]圈[^,。;\n]{0,4}[0-9]{1,2}[^\n。]{0,8}圈[^,。;\n]{0,4}[0-9]{1,2}",
    "counted": r"(?:[左右顺逆][^,。;\n]{0,2}[0-9零一二三四五六七八九十]{1,3}[^\n。]{0,3}){3}",
    "hinted": rf"{_WORD}[^\n。]{{0,8}}{_HINT}[^!-~\n]{{0,4}}[ ]?[0-9a-z]{{4,12}}",
    "built": rf"{_WORD}[^\n。]{{0,16}}{_BUILT}",
    "named": rf"{_WORD}[^!-~\n。学机锁本规策法产技应测评算]{{1,6}}[:=]?[ ]?[!-~]{{5,}}|登[录陆]码[!-~]{{5,}}",
    "groups": r"(?:[0-9A-Za-z]{5,6}-){4,}[0-9A-Za-z]{5,6}",
    "pair": r"[0-9A-Za-z][0-9A-Za-z_.@-]{2,23}[ ]?[/|, ][ ]?[0-9A-Za-z!@#$%&._-]{5,20}",
    "same": r"(?:还是|仍是|没改|没换|没变)[^!-~\n]{0,10}[, :]{0,3}[!-~]{6,20}",
    "drawn": r"(?:解锁|锁屏|手势|开屏|图案)[^\n。]{0,12}(?:[A-Za-z]字|[字0-9A-Z]形|画)",
    "link": r"[?&](?:sid|token|session|sessionid|ticket|auth|access_token|jsessionid)=[0-9A-Za-z_-]{8,}",
    "lines": r"[0-9A-Za-z@._-]{4,24}[ ]?\n[ ]?[!-~]{6,16}",
}
"""How a value is handed over, by the kind of wording."""
_OPENED = ("lock", "repeated", "said", "spaced", "hint", "hinted", "built", "named", "drawn")
"""The kinds that begin with a word for what locks or asks: for those alone the engine looks."""
OPENERS = rf"{_WORD}|{_LOCK}|{_ASKS}|登[录陆]码|手势|开屏|图案"
"""What such wordings begin with."""
_exact = {kind: re.compile(expression) for kind, expression in _WORDINGS.items()}
_gap = re.compile(r"(?P<class>\[\^[^\]]+\])\{(?P<least>\d),\d+\}")
HANDED_OVER = {
    kind: _gap.sub(lambda gap: gap["class"] + ("+" if gap["least"] == "1" else "*"), expression)
    for kind, expression in _WORDINGS.items()
    if kind not in _OPENED
}
"""Where to look for the others, in the linear dialect: gaps of any width, for counting costs the engine more."""

_opens = re.compile(
    rf"{_LOCK}|[门锁柜闸]|值班室|库房|仓库|机房|宿舍|办公室|地下室|楼顶|配电|泵房|充电桩|车库|资料室|药[房柜]|冷库|钥匙码"
)
_code = re.compile(rf"{_WORD}|密码|编码|[开进锁]|按完|再按|[#*]|井[号字键]")
_account = re.compile(
    r"账[号户]|用户|登[录陆入]|系统|平台|后台|邮箱|网银|电子税务|申报|工号|学号|操作员|[办报]税员|管理员|公众号|服务器|数据库|路由"
    r"|监控|摄像|回放|vpn|oa|erp|his|云盘|网盘|接口|app|nvr|(?:你们|我|自己|把)的?号",
    re.IGNORECASE,
)
_lent = re.compile(
    r"用我的?|登我的|借[我你]们?的?|拿我的|我的(?:账?号|工号|卡|放这)|替我|帮我|帮忙[^,。]{0,4}(?:登|点|审|批|签|填|打卡)|别改|不要改|先不改|没让改"
    r"|[都全]部?一样|[共公通合]用|顶一下|你们?(?:自己)?(?:用|登|进|拿|取|开)|谁要[^,。]{0,6}(?:自己|直接)|自己(?:开|进|取|拿|登|看)"
    r"|大家(?:都)?(?:用|登)|轮流|接班|交接|用完退|退出来|懂的?都?懂|懂\?|就行了?$|^用|,用|[的就]用|别同时登|免登|不用登|直接进"
)
_guests = re.compile(r"访客|来宾|旅客|游客|读者|顾客|住客|免费|腾讯会议|入会|会议号|会议室号")
_of_everybody = re.compile(
    r"会议|入会|腾讯|直播|讲座|课堂|提取|抽奖|红包|访客|来宾|旅客|游客|读者|顾客|住客|免费|公共|取[件货餐]码|验证码短信|热线|分机|总机"
    r"|拨打|电话:?\d|转人工"
)
_as_it_should_be = re.compile(
    r"至少|不少于|长度|大小写|复杂|强度|弱口令|弱密码|规则|策略|定期|每\d+天|泄露|别告诉|不要告诉|请勿|严禁|不得|不许|不准|切勿|管理办法"
    r"|制度|检查|培训|谁知道|忘了|忘记|多少\?$|是多少|什么|怎么|吗|错[了误]|见短信|自行(?:设置|修改)|联系|登记|型号|编号|货号|规格|报价"
)
_unit = re.compile(
    r"[ ]?(?:年|月|日|号(?!键)|台|个|元|万|块|楼|室|栋|层|人|件|把|套|次|米|公里|平|度|小时|分钟|天|页|份|路|班|床"
    r"|%|:|~|\.\d)"
)
_year = re.compile(r"(?:19|20)\d{2}")
_mixed = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[!-~]{5,}")
_address = re.compile(
    r"https?:|www|@[0-9A-Za-z-]+[.]|[.](?:com|cn|org|docx?|xlsx?|pdf|jpe?g|png|zip|mp4)", re.IGNORECASE
)
_enter = re.compile(r"登[录陆入]?[: ]?$")
_MOBILE = 11
_value = re.compile(r"[!-~]+\Z")


@dataclass(frozen=True)
class _Around:
    """A place and the passage that it stands in."""

    found: str
    passage: str
    before: str
    after: str


def is_for_everybody(text: str, begin: int, end: int) -> bool:
    """Return whether what stands around a place tells guests, or whoever is invited to a meeting, how to come in."""
    return bool(_guests.search(text[max(0, begin - 30) : end + 30]))


def handed_over(kind: str, text: str, begin: int, end: int) -> tuple[int, int] | None:
    """Return where within a stretch something is handed over that opens a lock, None where nothing is."""
    found = (one.span() for one in _exact[kind].finditer(text, begin, end))
    return next((span for span in found if _is_handed_over(kind, text, *span)), None)


def opened(text: str, begin: int) -> tuple[int, int] | None:
    """Return how far reaches what is handed over behind a word for what locks or asks, None where nothing is."""
    for kind in _OPENED:
        found = _exact[kind].match(text, begin)
        if found is not None and _is_handed_over(kind, text, *found.span()):
            return found.span()
    return None


def _is_handed_over(kind: str, text: str, begin: int, end: int) -> bool:
    """Return whether what was found hands over what opens a lock, and is no rule and nothing for everybody."""
    passage = text[max(0, begin - 60) : end + 60]
    around = _Around(text[begin:end], passage, text[max(0, begin - 20) : begin], text[end : end + 12])
    if _of_everybody.search(passage) or (_as_it_should_be.search(passage) and not _lent.search(passage)):
        return False
    return _CHECKS[kind](around)


def _is_number(around: _Around) -> bool:
    """Return whether the digits that end a place count nothing."""
    digits = re.sub(r"\D", "", re.split(r"[^\d -]", around.found.rstrip("#* "))[-1])
    if around.found.rstrip().endswith(("#", "*")):
        return True
    return not (around.after[:1].isdigit() or _unit.match(around.after) or (_year.fullmatch(digits) and _dated(around)))


def _dated(around: _Around) -> bool:
    """Return whether what looks like a year is one."""
    return not re.search(_WORD, around.found) and "锁" not in around.found


def _is_pressed(around: _Around) -> bool:
    """Return whether digits are pressed at a door."""
    return bool(_opens.search(around.passage) and _code.search(around.passage)) and _is_number(around)


def _is_value(around: _Around) -> bool:
    """Return whether what ends a place is of letters and digits, as passwords are and words are not."""
    value = _value.search(around.found)
    return value is not None and bool(_mixed.match(value[0].strip(":=,"))) and not _address.search(around.found)


def _is_pair(around: _Around) -> bool:
    """Return whether a name and what looks like a password stand beside each other, for somebody to use."""
    one, other = re.split("[ /|,]+", around.found, maxsplit=1)
    return bool(
        _mixed.match(other)
        and not re.match(r"[0-9A-Za-z]", around.after)
        and not ((one.isdigit() and len(one) != _MOBILE) or _address.search(around.passage))
        and _account.search(around.passage)
        and (
            _lent.search(around.passage)
            or _enter.search(around.before)
            or one.lower() in ("admin", "root", "administrator", "user", "guest")
        )
    )


def _is_of_a_safe(around: _Around) -> bool:
    """Return whether a passage speaks of what has a dial."""
    return bool(re.search(r"保险|[柜锁箱]|密码", around.passage))


def _always(_around: _Around) -> bool:
    """Return that the wording alone says it."""
    return True


_CHECKS: dict[str, Callable[[_Around], bool]] = {
    "lock": _is_number,
    "pressed": _is_pressed,
    "ended": _is_pressed,
    "repeated": lambda one: not re.match(r"[0-9个人月天年小分条台次组类种名项位部方]", one.after),
    "said": lambda one: not re.match(rf"{_SAID}|[十百千万个人月天年级楼室]", one.after),
    "spaced": _always,
    "short": lambda one: bool(re.search(r"(?:^|[,。;:\s)])$", one.before)) and _is_value(one),
    "sign": _is_value,
    "remote": _always,
    "turns": lambda one: _is_of_a_safe(one) and bool(re.search("[圈转到]", one.found)),
    "circled": _is_of_a_safe,
    "counted": _is_of_a_safe,
    "hint": lambda one: bool(_lent.search(one.passage)),
    "hinted": _is_number,
    "built": _always,
    "named": _is_value,
    "groups": lambda one: bool(re.search(r"密钥|激活|序列号|恢复|授权|注册码", one.passage)),
    "pair": _is_pair,
    "same": lambda one: _is_value(one) and bool(_account.search(one.passage)),
    "drawn": lambda one: bool(re.search(r"[左右]?[上下]角|连成|连起|滑|起笔|从[左右上下]", one.passage)),
    "link": lambda one: bool(re.search(r"免登|不用登|直接[进登]|自动登|管理员|后台|权限", one.passage)),
    "lines": lambda one: (
        _is_value(one) and one.after[:1] in ("", "\n", " ", "(") and bool(_account.search(one.passage))
    ),
}
