"""Find what of a person somebody can write, call or drive by and that is no plain number.

Mail addresses, written in full or so that no machine reads them (``zm#at#x.cn``, ``张敏@教务处.中国``), numbers and
names of accounts on messengers, telephone numbers of other countries, and licence plates. A mention (``@张敏``) is
no address, nor is a price (``3@5元``): an address ends in a domain that there is. All expressions take linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["contacts_in"]

_HAN = "\u3400-\u9fff"
_ENDS_IN_CHINESE = (
    "中国|公司|网络|网址|网站|政务|政府|公益|在线|集团|中文网|商标|机构|商城|信息|企业|手机|移动|香港|台湾|澳门|我爱你"
)
_ENDS = (
    "com|cn|net|org|edu|gov|ac|mil|info|biz|io|me|top|vip|xyz|cc|tv|hk|tw|mo|jp|kr|sg|uk|us|ca|au|de|fr|ru|asia|email"
    f"|online|site|tech|club|ltd|{_ENDS_IN_CHINESE}"
)
_SERVICE = (
    "(?:vip )?(?:163|126|139|189|qq|sina|sohu|gmail|hotmail|outlook|live|foxmail|yeah|yahoo|aliyun|icloud|msn|21cn)"
)
_OPEN, _SHUT = "[\\[({<#_*【〔「]{1,2} ?", " ?[\\])}>#_*】〕」]{1,2}"
_AT = f"(?: ?{_OPEN}(?:at|@|a|艾特|爱特){_SHUT} ?| ?(?:艾特|爱特|小老鼠|@) ?)"
_DOT = f"(?: ?[.点] ?|。(?=[A-Za-z])| ?{_OPEN}(?:dot|点|[.]){_SHUT} ?| dot )"
# A full stop behind a mention begins another sentence (@李强。公司明天开会), unless letters follow it at once.
# No label holds what a dot may begin with: there is one way to part them.
_LABEL = f"(?:[0-9A-Za-z-]|(?!点)[{_HAN}]){{1,40}}"
_LOCAL = "(?<![0-9A-Za-z._%+*-])[0-9A-Za-z._%+-]+"
_WHO = f"(?P<who>{_LOCAL}|[{_HAN}]{{1,4}})"
_plain = re.compile(
    rf"{_WHO}@(?![1-9]x[.])(?=(?:{_LABEL}[.]){{1,6}}?(?:[A-Za-z]{{2}}|(?:{_ENDS_IN_CHINESE})))",
    re.IGNORECASE,
)
_disguised = re.compile(
    rf"{_WHO}(?:{_AT}(?={_LABEL}(?:{_DOT}{_LABEL}){{0,4}}?{_DOT}(?:{_ENDS})(?![0-9A-Za-z]))"
    rf"| at (?=[0-9A-Za-z-]{{1,40}}(?: dot [0-9A-Za-z-]{{1,40}}){{1,4}}(?![0-9A-Za-z]))"
    rf"|(?: at | ?[#★*&^=~] ?)(?={_SERVICE}{_DOT}(?:com|cn|net)(?![0-9A-Za-z])))",
    re.IGNORECASE,
)
# An account's id on a platform stays: findings name accounts by it.
_ID = "(?!wxid_)[A-Za-z][0-9A-Za-z_-]{5,19}"
_account = re.compile(
    rf"(?:(?<![A-Za-z])(?:qq|v[xX信]|wx|wechat|weixin|whatsapp|telegram|skype)|[微薇威]信|支付宝|抖音|钉钉"
    rf"|加(?:我|个)?[v微])(?:(?:账号|帐号|号码?|id)[ :=是为]{{0,3}}|[ ]?[:=是为]{{1,2}} ?| )"
    rf"(?P<name>{_ID}|[1-9][0-9]{{4,11}})(?![0-9A-Za-z])"
    r"|(?<![A-Za-z])qq(?P<number>[1-9][0-9]{6,10})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_abroad = re.compile(
    r"(?<![0-9A-Za-z+])(?:[+]|00)(?!86)(?:85[23]|886|[1-9][0-9]{0,2}(?=[ ()-]))[ ()-]{0,2}"
    r"(?P<number>[0-9](?:[ ()-]{0,2}[0-9]){6,10})(?![0-9A-Za-z元人万亿%])"
)
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_GAP, _SIGN = "[- ·]?", "[0-9A-HJ-NP-Z零〇一二三四五六七八九]"
_SERIAL = (
    f"(?:[A-HJK](?:{_GAP}{_SIGN}){{5}}|{_SIGN}(?:{_GAP}{_SIGN}){{4}}{_GAP}[A-HJK]|{_SIGN}(?:{_GAP}{_SIGN}){{4}}"
    f"|{_SIGN}{{4}}(?=[学警港澳挂领试超]))(?!{_GAP}[0-9A-Za-z])"
)
_plate = re.compile(
    f"(?:(?:{_PROVINCE}[- .·_]{{0,2}}[A-HJ-Z]|(?<![A-Za-z])WJ{_GAP}{_PROVINCE})[- .·_]{{0,2}}"
    f"|车牌(?:号码?)?[ :是为]{{0,3}}{_PROVINCE}?[A-HJ-Z][- .·]{{0,2}})(?P<serial>{_SERIAL})",
    re.IGNORECASE,
)
# 新 stands before much that is new: a standard's number is no plate.
_standard = re.compile("新ISO|新GB", re.IGNORECASE)
_dated = re.compile("(?:19|20)[0-9]{2}[-·][0-9]|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])\\Z")
_digit = re.compile("[0-9零〇一二三四五六七八九]")
# What there is an address, or an account or plate, only where it stands: looking for it costs little.
_sign_of_address = re.compile("[@#★*&^=~]|[^a-z]at[^a-z]|艾特|爱特|小老鼠", re.IGNORECASE)
_sign_of_account = re.compile("[0-9A-Za-z_-]{5}")


def contacts_in(folded: str) -> Iterator[range]:
    """Yield the places to hide of every contact and plate in a folded text."""
    if _sign_of_address.search(folded):
        for found in (*_plain.finditer(folded), *_disguised.finditer(folded)):
            yield _behind_first(found)
    for found in _account.finditer(folded) if _sign_of_account.search(folded) else ():
        group = "name" if found["name"] else "number"
        if not _dated.match(found[group]):
            yield _middle(found, group)
    for found in _abroad.finditer(folded):
        yield _middle(found, "number")
    for found in _plate.finditer(folded):
        other = _standard.match(found[0]) or _dated.match(found["serial"])
        if len(_digit.findall(found["serial"])) > 2 and not other:
            yield range(found.start("serial"), found.end("serial") - 2)


def _behind_first(found: re.Match[str]) -> range:
    """Return the places of who has an address, but for the first where there are more."""
    begin, end = found.span("who")
    return range(begin + (end - begin > 1), end)


def _middle(found: re.Match[str], group: str) -> range:
    """Return the places of what was found, but for two at either end."""
    return range(found.start(group) + 2, found.end(group) - 2)
