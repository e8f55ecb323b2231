from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from policycore.text import mask as masking
from policycore.text.mask import holds_nothing, mask, mask_name
from policycore.text.shown import borne_mark


@pytest.mark.parametrize(
    "name",
    [
        "QQ:12345678",
        "138:1234:5678",
        "138=1234#5678",
        "12345678(台胞证)",
        "教务处-张敏138O373l234",
        "李四 400-812-3456",
        "13812345678",
    ],
)
def test_a_name_shows_no_long_number(name):
    shown = mask_name(name)
    assert len(shown) == len(name)
    assert sum(map(str.isdigit, shown)) <= 7
    assert mask_name(shown) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话13812345678。", "电话138****5678。"),
        ("张三13812345678李四", "张三138****5678李四"),
        ("+86 138-1234-5678", "+86 138-****-5678"),
        ("13812345678" * 4, "138****5678" * 4),
        ("11010119900307775X" * 3, "1101************5X" * 3),
        ("8613812345678", "86138****5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("138\u200b1234\u200b5678", "138\u200b****\u200b5678"),
        ("身份证110101199003077758", "身份证1101************58"),
        ("身份证11010119900307775X", "身份证1101************5X"),
        ("一代证110101900307775", "一代证1101*********75"),
        ("卡号6222 0212 3456 7890 123", "卡号6222 **** **** ***0 123"),
        ("4111111111111111", "4111********1111"),
        ("座机0373-3040523", "座机0373-*****23"),
        ("邮箱zhangsan@126.com", "邮箱z*******@126.com"),
        ("a@b.cn", "*@b.cn"),
        ("邮箱:张三丰@126.com", "邮箱:张**@126.com"),
        ("tel13812345678", "tel138****5678"),
        ("订单编号A13812345678", "订单编号A138****5678"),
        ("138.1234.5678", "138.****.5678"),
        ("138_1234_5678", "138_****_5678"),
        ("138/1234/5678", "138/****/5678"),
        ("138·1234·5678", "138·****·5678"),
        ("138、1234、5678", "138、****、5678"),
        ("(138) 1234—5678", "(138) ****—5678"),
        ("１３８．１２３４．５６７８", "１３８．****．５６７８"),
        ("138\n1234\n5678", "138\n****\n5678"),
        ("1381234567813987654321", "138****5678139****4321"),
        ("11010119900307775813812345678", "1101************58138****5678"),
        ("一三八一二三四五六七八", "一三八****五六七八"),
        ("一(三)八一二三四五六七八", "一(三)八****五六七八"),
        ("一(三)13812345678", "一(三)138****5678"),
        ("依据一(三)-1, 13812345678", "依据一(三)-1, 138****5678"),
        ("1、3、8、1、2、3、4、5、6、7、8", "1、3、8、*、*、*、*、5、6、7、8"),
        ("幺三八 〇〇幺三 八〇〇〇", "幺三八 **** 八〇〇〇"),
        ("壹叁捌壹贰叁肆伍陆柒捌", "壹叁捌****伍陆柒捌"),
        ("第一13812345678", "第一138****5678"),
        ("①③⑧①②③④⑤⑥⑦⑧", "①③⑧****⑤⑥⑦⑧"),
        ("110101-19900307-775x", "1101**-********-**5x"),
        ("张敏(3682221)", "张敏(36***21)"),
        ("座机(0373)3682221", "座机(0373)*****21"),
        ("H12345678", "H12****78"),
        ("e12345678", "e12****78"),
        ("E 1234 5678", "E 12*****78"),
        ("138\\1234\\5678", "138\\****\\5678"),
        ("李四 3682221", "李四 36***21"),
        ("护照EA1234567", "护照EA12***67"),
        ("A123456(7)", "A*********"),
        ("zhangsan(at)126.com", "z*******(at)126.com"),
        ("zhang.san＠126．com", "z********＠126．com"),
        ("138。1234。5678", "138。****。5678"),
        ("138+1234+5678", "138+****+5678"),
        ("138★1234：5678", "138★****：5678"),
        ("一三八=一二三四=五六七八", "一三八=****=五六七八"),
        ("<b>138</b>12345678", "<b>138</b>****5678"),
        ("台胞证12345678", "台胞证12****78"),
        ("军官证：南字第1234567号", "军官证：南字第12***67号"),
        ("密钥sk-live-9f8e7d6c5b4a39281706。", "密钥sk-l************************。"),
        ("张敏@教务处.中国", "张*@教务处.中国"),
        ("zm#at#x.cn", "z*#at#x.cn"),
        ("zm [at] x.cn", "z* [at] x.cn"),
        ("zm（at）x（点）cn", "z*（at）x（点）cn"),
        ("ZM AT QQ DOT COM", "Z* AT QQ DOT COM"),
        ("zm【at】xxu[.]edu[.]cn", "z*【at】xxu[.]edu[.]cn"),
        ("zm @ 163。com", "z* @ 163。com"),
        ("zm艾特163点com", "z*艾特163点com"),
        ("zm☆qq.com", "z*☆qq.com"),
        ("京A12345", "京A***45"),
        ("京AD12345", "京A****45"),
        ("豫Ｇ·１２３４５", "豫Ｇ·***４５"),
        ("豫 g 一二三四五", "豫 g ***四五"),
        ("粤ZG123港", "粤Z**23港"),
        ("鲁B12345D", "鲁B****5D"),
        ("WJ京12345", "WJ京***45"),
        ("车牌：G8K666", "车牌：G***66"),
        ("QQ号是12345678", "QQ号是12****78"),
        ("qq12345678", "qq12****78"),
        ("微信号zhangmin_88", "微信号zh*******88"),
        ("加V：zm13579", "加V：zm***79"),
        ("00852-91234567", "00852-91****67"),
        ("+44 20 7946 0958", "+44 20********58"),
        ("准考证号 410724123456789", "准考证号 41***********89"),
        ("138-oo13-8ooo", "138-****-8ooo"),
        ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "ghp_" + "*" * 36),
    ],
)
def test_the_middle_is_hidden(text, expected):
    assert mask(text) == expected
    assert len(mask(text)) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-27 11:00",
        "138123456789012345678901234567",
        "18012345678@chatroom",
        "task-live-and-let-live-2024",
        "sk-short",
        "机关党委523室",
        "4111111111111112",
        "@所有人 明天开会",
        "请张三@所有人",
        "2024001234567890123",
        "份号000123",
        "sha256 1a2b3c4d5e6f",
        "2024-03-27 2024-03-28 12",
        "2024-03-27 2024-03-28 16",
        "11:00 2024-03-27",
        "17 2024-04-11 1",
        "192.168.10.123",
        "没有条款 三(二)2(4)；有：一(一)-1, 一(一)-2, 一(一)-3, 一(一)-4, 一(二), 一(三)-1, 一(三)-2, 二(三)-1, 三(一)",
        "一(三)、八（一）、二(三)、四(五)、十六(七)、八(十二)3(1)",
        "第1、3、4、15、16、17、18行",
        "GB/T 9704-2012",
        "版本V20240327",
        "20240327",
        "3000000元",
        "共2345678人",
        "1711612800000",
        "1,234,567",
        "116.397128,39.916527",
        "二〇二四年三月二十七日",
        "9f8e13812345678abcdef0123456789a",
        "开心wxid_abc123def45621",
        "wxid_6502475024612",
        "执照办理到2024-04-15",
        "18:30-20:30，9:00",
        "数学3.5@张敏",
        "3@5元",
        "@李强.教务处 收到",
        "通知@李强。公司明天开会",
        "look at www.x.cn",
        "logo@3x.png",
        "lodash@4.17.21",
        "新C919首飞",
        "执行新GB18030标准",
        "粤B2-20090059",
        "京ICP备12345678号",
        "云B2C平台",
        "京B座12345",
        "青A班20240322期",
        "QQ群12345678",
        "QQ20240322版",
        "微信支付5000元",
        "微信公众号 xxu_office",
        "增长+1000000000元",
        "550e8400-e29b-41d4-a716-446655440000",
    ],
)
def test_look_alikes_stay(text):
    assert mask(text) == text


@given(
    st.text()
    | st.text(alphabet="0123456789-@a.X 电＠１", max_size=60)
    | st.text(alphabet="01368一〇③-. HX(*", max_size=60)
    | st.text(alphabet="京A1b@.点cn中国(at)# qv微信+", max_size=60)
)
def test_length_stays_and_masking_twice_changes_nothing(text):
    once = mask(text)
    assert len(once) == len(text)
    assert mask(once) == once


mobile_numbers = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(st.text(alphabet="张处 ，。(", max_size=5), mobile_numbers, st.text(alphabet="张。 ", max_size=5))
def test_no_mobile_number_survives_between_chinese_words(before, number, after):
    assert number not in mask(before + number + after)


ways = st.sampled_from(["", "-", " ", ".", "_", "/", "·", "－", "．", "　", "\u200b"])
digits = st.sampled_from(
    [str, lambda one: "０１２３４５６７８９"[int(one)], lambda one: "〇一二三四五六七八九"[int(one)]]
)


@example("", "13020000110", "-", str, "")
@given(
    st.text(alphabet="张tel处 ，A(", max_size=5), mobile_numbers, ways, digits, st.text(alphabet="张。 a)", max_size=5)
)
def test_no_mobile_number_survives_however_it_is_written(before, number, way, digit, after):
    written = way.join(
        ("".join(map(digit, number[:3])), "".join(map(digit, number[3:7])), "".join(map(digit, number[7:])))
    )
    masked = mask(before + written + after)
    assert written not in masked
    assert masked.count("*") >= 4


@pytest.mark.timeout(20)  # takes milliseconds; a quadratic expression would take minutes
@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "a",
        "a@",
        "x@a.",
        "6 2",
        "1-",
        "(0",
        "13812345678",
        "62",
        "110101199003077758",
        "一",
        "H1",
        "@",
        "(at)",
        "0373",
        "19900307",
        "1.1",
        "a@b点",
        "a at b dot ",
        "京A1",
        "微信a",
        "+1 2",
        "中",
        "1o",
    ],
)
def test_hostile_text_takes_linear_time(unit):
    text = unit * 20_000 + "!"
    assert len(mask(text)) == len(text)


def test_a_snapshot_is_no_licence():
    assert mask("数据快照 827706d8fea56d08") == "数据快照 827706d8fea56d08"


@given(st.integers(0, 2**64 - 1))
@example(0xF075087570985D51)
@example(0xAD1381234567890)
def test_what_the_program_names_by_itself_stays_whole(number):
    hashed = f"{number:016x}"
    ids = (f"OWN001-{hashed[:12]}", f"LOCAL-1-{hashed[4:]}", f"ATTEST-{hashed[2:14]}", f"erased-{hashed[:8]}")
    for one in ids if hashed.isdigit() else (*ids, hashed):
        assert mask(f"问题{one}。") == f"问题{one}。"


def test_a_number_beside_letters_is_no_id():
    assert mask("张三a13812345678") == "张三a138****5678"
    assert mask("13812345678abc") == "138****5678abc"
    assert mask("SFZ-410101199003071234") != "SFZ-410101199003071234"
    assert mask("tel-13812345678a") == "tel-138****5678a"
    assert mask("xxu_local-1-cd9480680348") == "xxu_local-1-cd9480680348"


_CUES = (
    "绝机秘级星号角木几禾必色点中国公司微信支付宝抖音钉艾爱小老车牌京豫学警照证身份居留通行社保卡病历电话号码"
    "一二三四五零〇壹幺"
)


@given(
    st.lists(st.one_of(st.sampled_from(_CUES), st.sampled_from("0123456789 ()（）、，。-—_·")), max_size=24).map(
        "".join
    )
)
@example("绝机秘点中国公司")
@example("京12345警")
@example("微信号12345")
@example("艾特教务处点中国")
@example("一二三四五")
def test_what_is_let_go_unseen_would_have_been_let_go(text):
    if holds_nothing(text):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(masking, "holds_nothing", lambda _: False)
            assert (mask(text), mask_name(text), borne_mark(text)) == (text, text, None)
