"""What opens a door is for whoever is to go through it, not for a group."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policycore import CONTENT, Case, Hit, Pattern, Severity, Step, Subject, Text, TextMatch, TextRule, Verdict
from policycore_secrecy.apart import stands_apart
from policycore_secrecy.handed_over import HANDED_OVER, OPENERS, handed_over, is_for_everybody, opened

# How keys to services begin, and how long they are at least: with a bound above as well they would be too large for
# the fast engine; a look at one character at either end.
_KEYS = {
    "access-key": "A[KS]IA[0-9A-Z]{16}|LTAI[0-9A-Za-z]{12,}|AKID[0-9A-Za-z]{20,}|AIza[0-9A-Za-z_-]{35}",
    # Whoever has such an address writes into the group.
    "webhook": r"(?:qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=|oapi\.dingtalk\.com/robot/send\?access_token="
    r"|open\.(?:feishu|larksuite)\.c[no]m?/open-apis/bot/v2/hook/|hooks\.slack\.com/services/)[0-9A-Za-z/_-]{16,}",
    "token": "gh[opsur]_[0-9A-Za-z]{30,}|github_pat_[0-9A-Za-z_]{40,}|glpat-[0-9A-Za-z_-]{16,}"
    "|xox[abeprs]-[0-9A-Za-z-]{16,}|[sr]k-[0-9A-Za-z_-]{24,}|[sr]k_live_[0-9A-Za-z]{16,}"
    r"|npm_[0-9A-Za-z]{30,}|pypi-[0-9A-Za-z_-]{16,}|hf_[0-9A-Za-z]{20,}|SG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}"
    r"|eyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}",
}
_PRIVATE = "-----BEGIN ?(?:RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY|PuTTY-User-Key-File-[0-9]"
_NAMES = (
    r"[密蜜宓秘][ \u200b*._-]{0,2}(?:[码马嘛钥匙]|🐴|🐎|マ|ma)|口[ \u200b]{0,2}令|授权码|动态码|安全码"
    r"|解[锁压]码|密钥"
    r"|[Mm]i[ ]?ma|(?:初始|默认|登[录陆]|新)[Mm][Mm]"
    r"|[Pp][@4][Ss$]{2}|pw|(?:[A-Za-z0-9]_)?[Pp]ass[Ww]?(?:or)?d?|PASS(?:WORD|WD)?|[Pp]wd|PWD|[Pp]ass[Cc]ode|PIN码?|[Pp]in码"
    r"|[Ss]ecret(?:[_-]?[Kk]ey)?|SECRET(?:_KEY)?"
    r"|[Tt]oken|TOKEN|Bearer|Basic|[Aa]pp[_-]?[Ss]ecret|(?:[Aa]pi|[Aa]ccess|API|ACCESS)[ _-]?[Kk](?:ey|EY)"
)
_IS = (
    r"[\"'”]?[ ]{0,3}(?:[都还仍也就统一]{0,2}[为是系]|统一[设为]*为?|设[为成置]*|已?改[为成]了?"
    r"|已?(?:变更|更新|更换|调整|重置|换)[为成]了?|[:=,，→/]|is )[ ]{0,3}[\"'“(【「『\[]?"
    r"|[ ]{0,3}[\"“'(【「『\[]"
)
_VALUE = r"(?:[!-~]{4,}|[!-~]{1,6} [!-~]{2,8}(?: [!-~]{1,8})?)"
_GLUED = r"(?:[密秘蜜宻][码马嘛]|口令|[密秘]钥)"
_ASSIGNED = rf"(?:{_NAMES})(?:{_IS}|[ ]{{1,3}}){_VALUE}|{_GLUED}{_VALUE}"
# 密码还是原来的 Xy!8866: words between, so what follows must look like a password and like nothing else.
_LATER = (
    r"(?:密码|口令|授权码)[^ -+\--~\n。;；]{1,16}[:， ,]{1,3}[!-~]{6,}"
    r"|(?:密码|口令)[^ -+\--~\n。;；]{1,12}[A-Za-z][!-~]{6,}"
)
_OF_ROOT = r"(?:root|admin|administrator|sa|sysdba)[ ]{0,2}[/:|, ][ ]{0,2}[!-~]{6,}"
_SPELLED = (
    r"(?:密码|口令)[^0-9\n。;]{0,8}[3-9三四五六七八九十]个[0-9零一二三四五六七八九]"
    r"|(?:密码|口令)[^\n。;]{0,30}(?:大写的?[A-Za-z]|小写的?[A-Za-z]|感叹号|井号|艾特|下划线)"
    r"|(?:密码|口令)(?:[都还仍也就统一]{0,2}[为是用]|改[成为])[^ -~\n。;；,，]{1,8}[0-9]{6,8}"
)
_CODE = r"(?:验证码|校验码|动态码)[ ]{0,2}[:是为 ][ ]{0,2}[0-9]{4,8}"
_exactly = {"password": re.compile(_ASSIGNED), "later": re.compile(_LATER), "spelled": re.compile(_SPELLED)}
"""What stands behind a word for a password."""
_behind = {
    "later": re.compile(r"[^!-~][:,]?(?P<value>[!-~]+)$"),
    "of-root": re.compile(r"[:|/, ][ ]{0,2}(?P<value>[!-~]+)$"),
}
"""How the value of what is no plain assignment is found."""
_asked = re.compile(r"包[含括]|字母|至少|要求|应当?|须|长度|位数|不少于|组成|规则|复杂|不[要能得]|禁止|勿")
"""What speaks of passwords as they should be."""
_strong = re.compile(
    r"(?=.*[0-9])(?=.*[A-Za-z])(?=.*[!@#$%^&*_.+=?~]|.*[A-Z].*[a-z]|.*[a-z].*[A-Z]|admin|root)(?![/-]|[Qq]{2}|[Ww][Xx]|www)(?!.*(?://|@.*[.]|[.](?:docx?|xlsx?|pdf|com|cn|zip|rar|pptx?|jpg|png)))"
)
_IN_ADDRESS = r"[a-z][a-z0-9+.-]+://[!-9;-?A-~]*:[!-?A-~]{3,}@[0-9A-Za-z]"
_assigned = re.compile(rf"(?:{_NAMES})(?P<sign>{_IS}|[ ]{{1,3}}|(?<=[码马嘛令钥匙]))(?P<value>{_VALUE})")
# Who is invited to a meeting is told how to come in.
_meeting = re.compile(r"会议|入会|腾讯|提取|pan\.baidu")
# What stands where a password would, and says that there is none.
_none = re.compile(
    r"[*xX#.\-_=?!]+|<.*|\$.*|\{.*|\[.*|your.*|https?:.*|none|null|true|false|required|reset|invalid|example.*|.*@.*\..*",
    re.IGNORECASE,
)
_SAID = ("word", "of-root", "code", *HANDED_OVER)
"""Patterns of what only seems to be a password."""
_digits = re.compile(r"[0-9]{4,}(?=[,.;!?])")
_SHORTEST, _SHORTEST_BARE, _BEFORE = 4, 6, 24
_mixed = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])|(?=.*[0-9A-Za-z])(?=.*[!@#$%^&*])")
_of_mailbox = re.compile(r"授权码\W*[a-z]{16}")
_letters = re.compile(r"(?!.*(?:[Pp]ass|[Kk]ey|[Tt]oken))(?=.*[a-z].*[A-Z]|.*[A-Z]{2}.*[a-z])")


class Credential(TextRule):
    """A message or file holds a password, a token, an access key or a private key.

    Keys are known by how they begin and are sure; what stands behind the word for a password and looks like one is
    suspect. The finding says where and of which kind, never what. Put it right by changing it at once: whoever is in
    the group has it, and whoever will be.
    """

    id = "SEC006"
    name = "secrecy/credential"
    subject = Subject.MESSAGE
    severity = Severity.ERROR
    include_dissolved = True
    requires = CONTENT
    reads = ("messages.text", "attachments.name", "attachments.text")
    key_facts = ("field", "attachment_id", "offset")
    title = Text(zh="群内没有密码和密钥", en="No passwords or keys in the group")
    headline = Text(zh="群内出现密码或密钥", en="Password or key in the group")
    message = {
        "private-key": Text(zh="含私钥", en="holds a private key"),
        "access-key": Text(zh="含访问密钥", en="holds an access key"),
        "webhook": Text(zh="含群机器人的推送地址", en="holds the address of a bot, with its key"),
        "token": Text(zh="含访问令牌", en="holds an access token"),
        "address": Text(zh="含带有密码的地址", en="holds an address with its password"),
        "password": Text(zh="疑似写有密码，请核实", en="seems to hold a password; please verify"),
    }
    explanation = Text(
        zh="群内的人都能使用发出的密码和密钥，以后进群的人也能看到。只记录位置和类别，不保存内容。",
        en="Whoever is in the group can use it, and whoever joins can read it. Place and kind are kept, no content.",
    )
    remediation = (
        Step("sender", Text(zh="立即更换，改用专门途径发送", en="change it at once; send it another way"), 0),
    )

    def patterns(self, params: TextRule.Params) -> Iterable[Pattern]:
        """Return how keys begin, and words for passwords with what stands behind them."""
        for reason, expression in _KEYS.items():
            yield Pattern(reason, f"(?<![0-9A-Za-z])(?:{expression})")
        yield Pattern("private-key", _PRIVATE)
        yield Pattern("address", _IN_ADDRESS)
        yield Pattern("word", f"{_NAMES}|{OPENERS}", asks_around=True)
        yield Pattern("of-root", f"(?<![/.0-9A-Za-z_-])(?:{_OF_ROOT})")
        yield Pattern("code", _CODE)
        for kind, expression in HANDED_OVER.items():
            yield Pattern(kind, expression)

    def confirm(self, match: TextMatch, params: TextRule.Params) -> Iterable[Hit]:
        """Yield place and kind of each, the surer one where two are at the same place."""
        end = 0
        for place in sorted(match.places, key=lambda one: (one.begin, one.pattern in _SAID)):
            if place.begin < end and place.pattern in _SAID:
                continue
            if place.pattern in _SAID and is_for_everybody(match.folded, place.begin, place.end):
                continue
            span = _span(place.pattern, match.folded, place.begin, place.end)
            if span is None and place.pattern == "word":
                span = stands_apart(match, place.begin)
            if span is None:
                continue
            begin, last = span
            if begin >= end:
                end = last
                said = place.pattern in _SAID
                verdict = Verdict.SUSPECT if said else Verdict.FAIL
                where = {"offset": begin, "length": last - begin}
                yield {**where, "reason": "password" if said else place.pattern, "verdict": verdict.value}

    cases = (
        Case(
            "passwords, keys and tokens",
            zh="密码、密钥和令牌",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "text": "管理员密码：Xy12kk90"},
                    {"id": "m2", "group_id": "g1", "text": "password=hunter22"},
                    {"id": "m3", "group_id": "g1", "text": "-----BEGIN RSA PRIVATE KEY-----"},
                    {"id": "m4", "group_id": "g1", "text": "AKIA" + "ABCDEFGH23456789"},
                    {"id": "m5", "group_id": "g1", "text": "用这个：ghp_" + "a1B2" * 9},
                    {"id": "m6", "group_id": "g1", "text": "mysql://root:abc123@10.0.0.1/db"},
                ],
            },
            finds=("m1", "m2", "m3", "m4", "m5", "m6"),
            reasons={
                "m1": "password",
                "m2": "password",
                "m3": "private-key",
                "m4": "access-key",
                "m5": "token",
                "m6": "address",
            },
            facts={"m1": {"offset": 3, "length": 11}},
        ),
        Case(
            "a key in a file",
            zh="写在文件里的密钥",
            given={
                "groups": [{"id": "g1"}],
                "messages": [{"id": "m1", "group_id": "g1", "type": "file"}],
                "attachments": [
                    {"id": "f1", "message_id": "m1", "name": "说明.docx", "text": "-----BEGIN RSA PRIVATE KEY-----"},
                ],
            },
            finds=("m1",),
        ),
        Case(
            "what opens a lock, in other words than those for a password; rules, guests and models",
            zh="用其他说法交出的开锁方式；规定、访客和型号不算",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "text": "库房电子锁按 4071# 就开"},
                    {"id": "m2", "group_id": "g1", "text": "后台用户 admin，六个9"},
                    {"id": "m3", "group_id": "g1", "text": "保险柜左3圈到42，右2圈到17"},
                    {"id": "m4", "group_id": "g1", "text": "密码就是我生日，谁替我登一下"},
                    {"id": "m5", "group_id": "g1", "text": "系统初始密码为身份证后六位，登录后请修改"},
                    {"id": "m6", "group_id": "g1", "text": "访客wifi密码 88886666"},
                    {"id": "m7", "group_id": "g1", "text": "指纹锁两把，型号DL-8800"},
                    {"id": "m8", "group_id": "g1", "text": "分机 7788 转 2 再按 # 报修"},
                ],
            },
            finds=("m1", "m2", "m3", "m4"),
        ),
        Case(
            "talk about passwords, and places left open for one",
            zh="谈论密码，留空的密码",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "text": "请及时修改密码，密码长度不少于8位"},
                    {"id": "m2", "group_id": "g1", "text": "password=<请填写>，密码：******"},
                    {"id": "m3", "group_id": "g1", "text": "token已过期，password须重置"},
                    {"id": "m4", "group_id": "g1", "text": "口令红包"},
                ],
            },
        ),
    )


def _span(pattern: str, text: str, begin: int, end: int) -> tuple[int, int] | None:
    """Return from where to where a place holds what opens something, None where it does not."""
    if pattern in HANDED_OVER:
        return handed_over(pattern, text, begin, end)
    if pattern == "word":
        for kind, expression in _exactly.items():
            found = expression.match(text, begin)
            if found is not None and _holds(kind, text, begin, found.end()):
                return found.span()
        return opened(text, begin)
    return (begin, end) if _holds(pattern, text, begin, end) else None


def _holds(kind: str, text: str, begin: int, end: int) -> bool:
    """Return whether what stands behind a word for a password is one."""
    if kind == "password":
        return _is_password(text, begin, end) and not is_for_everybody(text, begin, end)
    if kind in ("spelled", "code"):
        return not _asked.search(_around(text, begin, end))
    if kind in _behind:
        value = _behind[kind].search(text[begin:end])
        return value is not None and bool(_strong.match(value["value"])) and not text[end : end + 1].isalpha()
    return True


def _around(text: str, begin: int, end: int) -> str:
    """Return the sentence around a place, as far as it says what the place is about."""
    return text[max(0, begin - _BEFORE, text.rfind("。", 0, begin)) : end + _BEFORE].split("。")[0]


def _is_password(text: str, begin: int, end: int) -> bool:
    """Return whether what stands behind the word for a password looks like one that is not for everybody."""
    found = _assigned.search(text[begin:end])
    if found is None:
        return False
    value, sign = found["value"].rstrip(")]}\"'"), found["sign"].strip()
    # In Chinese a comma follows digits without a space, and what is behind it is none of them.
    digits = _digits.match(value)
    value = digits[0] if digits is not None else value
    if _none.fullmatch(value) or len(value) < _SHORTEST:
        return False
    if value.isdigit():
        stands_alone = len(value) >= _SHORTEST_BARE and (digits is not None or not text[end : end + 1].isalnum())
        return (sign != "" or stands_alone) and not _meeting.search(text[max(0, begin - _BEFORE) : begin])
    return bool(_mixed.match(value) or _of_mailbox.fullmatch(found[0])) or (sign != "" and bool(_letters.match(value)))
