"""What bears a mark of secrecy does not belong on the internet."""

from __future__ import annotations

from policycore import CONTENT, Case, Subject, Text
from policycore_secrecy.mark_rule import MarkRule


def _messages(*texts: str) -> list[dict[str, object]]:
    """Return messages of one group that say `texts`, as a case gives them: m00, m01 and so on."""
    return [{"id": f"m{number:02d}", "group_id": "g1", "text": text} for number, text in enumerate(texts)]


class ClassificationMark(MarkRule):
    """A message, the name of a file or what was read in it bears a mark of state secrecy: level, star, period.

    Sure marks fail; a misread star and a star without a period in the middle of a sentence are
    suspect. Impossible periods and odd spellings are marks still, and the finding says so. Findings
    hold place, length and level, never the text. Put it right at once: stop, do not forward, do not
    delete on your own, call the secrecy office. Whether it is really secret is theirs to say.

    A picture, a file or a recording that nobody read does not pass: it is a gap. A mark in a dissolved group, or in
    a message that was recalled, was seen all the same, and is found.
    """

    id = "SEC001"
    name = "secrecy/classification-mark"
    subject = Subject.MESSAGE
    requires = CONTENT
    reads = ("messages.text", "attachments.name", "attachments.text")
    key_facts = ("field", "attachment_id", "offset")
    title = Text(zh="群内没有国家秘密标志", en="No mark of state secrecy in the group")
    headline = Text(zh="群内出现国家秘密标志", en="Mark of state secrecy in the group")
    cases = (
        Case(
            "plain marks, in a file's name too; the finding names the place",
            zh="明显的标志，文件名中也有；问题只写位置",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "text": "附件为机密★10年，请勿外传"},
                    {"id": "m2", "group_id": "g1", "text": "秘密★1年"},
                    {"id": "m3", "group_id": "g1", "text": "绝密★长期"},
                    {"id": "m4", "group_id": "g1", "text": "机密★会议开始前"},
                    {"id": "m5", "group_id": "g1", "text": "机密★\n关于会议安排的通知"},
                    {"id": "m6", "group_id": "g1", "type": "file"},
                ],
                "attachments": [{"id": "f1", "message_id": "m6", "name": "秘密★6个月_方案.docx"}],
            },
            finds=("m1", "m2", "m3", "m4", "m5", "m6"),
            reasons=dict.fromkeys(("m1", "m2", "m3", "m4", "m5", "m6"), "mark"),
            facts={
                "m1": {"category": "机密", "offset": 3, "length": 6, "field": "messages.text"},
                "m6": {"attachment_id": "f1", "field": "attachments.name", "offset": 0},
            },
        ),
        Case(
            "ways around the grammar: spaces, traditional, full width, numerals, other stars, invisible, two lines",
            zh="规避写法：空格、繁体、全角、数字写法、其他星号、不可见字符、分成两行",
            given={
                "groups": [{"id": "g1"}],
                "messages": _messages(
                    "机 密 ★ 1 0 年",
                    "絕密★長期",
                    "機密★２０年",
                    "机密★十年",
                    "秘密☆5年",
                    "机密⭐️10年",
                    "机\u200b密\ufeff★10年",
                    "机密★\n10年",
                    "机密\n★10年",
                    "机密*10年",
                    "机密＊二十年",
                    "祕密★一年",
                    "秘\u202e密★3年",
                    "机密※5年",
                ),
            },
            finds=tuple(f"m{number:02d}" for number in range(14)),
            reasons={f"m{number:02d}": "variant" for number in range(14)},
        ),
        Case(
            "entities, markers, long gaps, 级 behind the level, a misread figure, two messages of one sender",
            zh="实体字符、标记符号、长空白、密级后加“级”、误识的数字、同一人连发两条消息",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    *_messages(
                        "机密级★5年",
                        "机密&#9733;10年",
                        "&#26426;密★10年",
                        "**机密**★10年",
                        "<b>绝密</b>★长期",
                        "机密" + " " * 30 + "★" + " " * 30 + "10年",
                        "机、密、★、10年",
                        "机密★1O年",
                        "机蜜★10年",
                    ),
                    {"id": "n1", "group_id": "g1", "sender_id": "a", "sent_at": "2024-04-01T10:00:00", "text": "机密"},
                    {"id": "n2", "group_id": "g1", "sender_id": "b", "sent_at": "2024-04-01T10:01:00", "text": "好"},
                    {"id": "n3", "group_id": "g1", "sender_id": "a", "sent_at": "2024-04-01T10:02:00", "text": "★10年"},
                    {"id": "n4", "group_id": "g1", "sender_id": "b", "sent_at": "2024-04-01T10:03:00", "text": "★5年"},
                    {"id": "n5", "group_id": "g1", "sender_id": "a", "sent_at": "2024-04-01T11:03:00", "text": "★5年"},
                ],
            },
            finds=(*(f"m{number:02d}" for number in range(9)), "n3"),
            reasons={
                **dict.fromkeys((f"m{number:02d}" for number in range(7)), "variant"),
                "m07": "misread",
                "n3": "split",
            },
            facts={"m01": {"offset": 0, "length": 12}, "n3": {"category": "机密", "offset": 0, "length": 4}},
        ),
        Case(
            "hidden by what a chat offers: emoji, faces, names, doubled or turned characters, a picture for the star",
            zh="用聊天里的东西遮掩：表情、@、重复、倒写、以图案代替星号",
            given={
                "groups": [{"id": "g1"}],
                "messages": _messages(
                    "机🌸🌸密★10年",
                    "机密😀★❤️10年",
                    "机[偷笑]密★10年",
                    "机@张三 密★10年",
                    "机(╹▽╹)密★10年",
                    "机密✨10年",
                    "机机密密★★10年",
                    "机1密2★10年",
                    "\u202e年01★密机",
                    "㊙★10年",
                    "SECRET★10年",
                ),
            },
            finds=tuple(f"m{number:02d}" for number in range(11)),
            reasons={
                **dict.fromkeys((f"m{number:02d}" for number in range(5)), "variant"),
                "m05": "misread",
                **dict.fromkeys((f"m{number:02d}" for number in range(6, 10)), "embedded"),
                "m10": "written",
            },
        ),
        Case(
            "lessons and rules that speak of marks are suspect; faces and names in other words are nothing",
            zh="讲课、规定里谈到标志存疑；其他词语中的表情和@不算",
            given={
                "groups": [{"id": "g1"}],
                "messages": _messages(
                    "培训第3页：机密★10年是密级标志的写法",
                    "模拟卷封面是绝密★启用前",
                    "打印机[呲牙]密度★调浓",
                    "飞机@张三 密切关注★",
                    "司机😀密云★10年驾龄",
                    "投影机★3年质保",
                ),
            },
            finds=("m00", "m01"),
            reasons={"m00": "embedded", "m01": "embedded"},
        ),
        Case(
            "ratings, titles, sayings and secrets that are not the state's",
            zh="评分、书名、俗语和不属于国家的秘密",
            given={
                "groups": [{"id": "g1"}],
                "messages": _messages(
                    "评分：秘密★★★★☆",
                    "豆瓣：机密★4.5分",
                    "推荐：绝密 ★★★★★",
                    "《绝密★飞行》影评",
                    "秘密★5星",
                    "绝密★9.0/10",
                    "秘密⭐⭐⭐",
                    "商业秘密★5年",
                    "公开的秘密★",
                    "★秘密★",
                ),
            },
        ),
        Case(
            "talk about secrecy, business secrets, emphasis and games bear no mark",
            zh="谈论保密、商业秘密、强调语和游戏用语不是标志",
            given={
                "groups": [{"id": "g1"}],
                "messages": _messages(
                    "学习《中华人民共和国保守国家秘密法》",
                    "这是公开的秘密",
                    "注意保护商业秘密★",
                    "机密性、完整性、可用性",
                    "绝密级事项的保密期限不超过三十年，机密级不超过二十年，秘密级不超过十年",
                    "**秘密**1年前就公开了",
                    "*机密* 文件由专人保管",
                    "机密大楼10年前建成",
                    "国家秘密的密级分为绝密、机密、秘密三级",
                    "★秘密武器★10年经验",
                    "这个秘密10年了",
                    "机密文件柜的钥匙请到综合科登记",
                ),
                "attachments": [{"id": "f1", "message_id": "m00", "name": "保密承诺书.docx"}],
            },
        ),
        Case(
            "an impossible period is a mark still",
            zh="保密期限不合规定仍是标志",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "text": "秘密★20年"},
                    {"id": "m2", "group_id": "g1", "text": "机密★三十年"},
                    {"id": "m3", "group_id": "g1", "text": "绝密★30年"},
                ],
            },
            finds=("m1", "m2", "m3"),
            reasons={"m1": "impossible-period", "m2": "impossible-period", "m3": "mark"},
        ),
        Case(
            "a misread star and a star inside a sentence are suspect, unless a header stands near",
            zh="误识的星号和句中的星号存疑，附近有版头时除外",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "text": "机密大10年"},
                    {"id": "m2", "group_id": "g1", "text": "她的小秘密★"},
                    {"id": "m3", "group_id": "g1", "text": "000123\n机密女10年\n特急"},
                ],
            },
            finds=("m1", "m2", "m3"),
            reasons={"m1": "misread", "m2": "embedded", "m3": "misread"},
            facts={"m1": {"in_header": False}, "m3": {"in_header": True}},
        ),
        Case(
            "a level without a star in the head of a paper",
            zh="公文版头中没有星号的密级",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "text": "000123\n机密\n特急\n关于……的通知"},
                    {"id": "m2", "group_id": "g1", "text": "讲座：\n秘密\n欢迎参加"},
                ],
            },
            finds=("m1",),
            reasons={"m1": "bare"},
        ),
        Case(
            "a level and its period on a line, where a picture's star was not read; what the law says of each level",
            zh="密级和期限单独成行，识别时丢了星号；法律对各密级的规定不算",
            given={
                "groups": [{"id": "g1"}],
                "messages": _messages("机密10年\n关于……的通知", "绝密启用前", "绝密 30年\n机密 20年\n秘密 10年"),
            },
            finds=("m00", "m01"),
            reasons={"m00": "written", "m01": "written"},
        ),
        Case(
            "where no file is supplied, texts are judged all the same; pictures and files that nobody read are not",
            zh="没有附件时，文字照样检查；没有人读过的图片和文件无法判断",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "text": "秘密★5年"},
                    {"id": "m2", "group_id": "g1", "text": "收到"},
                    {"id": "m3", "group_id": "g1", "type": "image"},
                    {"id": "m4", "group_id": "g1", "type": "file", "text": "绝密★长期"},
                    {"id": "m5", "group_id": "g1", "type": "emoji"},
                    {"id": "m6", "group_id": "g1", "text": None},
                ],
            },
            lacks=("attachments.name", "attachments.text"),
            finds=("m1", "m4"),
            unknown=("m3", "m6"),
        ),
        Case(
            "read in a file or a picture; a dissolved group and a recalled message leak all the same",
            zh="从文件或图片中读出；已解散的群和已撤回的消息照样泄密",
            given={
                "groups": [{"id": "g1"}, {"id": "g2", "dissolved_at": "2024-04-14T23:00:00"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "type": "file"},
                    {"id": "m2", "group_id": "g1", "type": "image"},
                    {"id": "m3", "group_id": "g2", "text": "机密★10年"},
                    {"id": "m4", "group_id": "g1", "text": "机密★10年", "recalled_at": "2024-04-10"},
                ],
                "attachments": [
                    {"id": "f1", "message_id": "m1", "name": "方案.docx", "text": "机密★10年\n工作方案"},
                    {"id": "f2", "message_id": "m2", "name": "照片.jpg", "text": None},
                ],
            },
            finds=("m1", "m3", "m4"),
            unknown=("m2",),
            facts={"m1": {"attachment_id": "f1", "field": "attachments.text"}},
        ),
        Case(
            "a level written out without a star is suspect; lists of levels, other levels and explanations are none",
            zh="写明密级而没有星号存疑；列举密级、其他级别和解释不算",
            given={
                "groups": [{"id": "g1"}],
                "messages": _messages(
                    "密级：机密",
                    "密 级：绝密级",
                    "（机密）关于会议的说明",
                    "【绝密】名单见附件",
                    "[秘密文件]请勿外传",
                    "密级：内部",
                    "密级（绝密、机密、秘密）由承办部门确定",
                    "密级：绝密/机密/秘密（请选择）",
                    "密级为机密以上的文件由专人保管",
                    "公开的秘密（大家都知道）",
                ),
            },
            finds=("m00", "m01", "m02", "m03", "m04"),
            reasons=dict.fromkeys(("m00", "m01", "m02", "m03", "m04"), "written"),
        ),
        Case(
            "two marks in one message are two findings",
            zh="一条消息中的两处标志是两个问题",
            given={
                "groups": [{"id": "g1"}],
                "messages": [{"id": "m1", "group_id": "g1", "text": "机密★10年 秘密★1年"}],
            },
            finds=("m1", "m1"),
        ),
    )
