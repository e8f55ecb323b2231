from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.text.shown import is_withheld, keyed_hash, shown, shown_id, shown_line

KEY = b"k" * 32
MARKS = ("机密★10年", "獬豸 绝密★长期", "秘 密 ☆ 三 年", "机密&#9733;10年", "000123\n机密\n特急\n方案")


def encoded(text: str) -> list[str]:
    """Return a text as other encodings write it, and as it looks where one was taken for another."""
    raws = [text.encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-16")]
    return [
        *(base64.b64encode(raw).decode() for raw in raws),
        *(base64.urlsafe_b64encode(raw).decode().rstrip("=") for raw in raws),
        *(f"data:x;base64,{base64.b64encode(b'ab' + raw).decode()}" for raw in raws[:2]),
        *(raw.hex() for raw in raws),
        *("".join(f"%{one:02X}" for one in raw) for raw in raws),
        *("".join(f"\\x{one:02x}" for one in raw) for raw in raws),
        *(raw.decode("latin-1") for raw in raws),
        text.encode("utf-7").decode(),
        "".join(f"&#{ord(one)};" for one in text),
        "".join(f"\\u{ord(one):04x}" for one in text),
    ]


def test_level_place_length_and_keyed_hash_stand_in_place_of_a_text_with_a_mark() -> None:
    text = "东风 机密★10年"
    assert shown(text, KEY) == f"[机密 4+6/9 #{keyed_hash(text, KEY)}]"
    assert shown(text) == shown_id(text) == "[机密 4+6/9]"
    assert shown_line("/in/东风 机密★10年.xlsx:3:1: “绝密★长期”，不对") == "/in/[机密 4+6/14]:3:1: “[绝密 1+5/5]”，不对"


@pytest.mark.parametrize("text", MARKS)
def test_a_mark_is_known_in_every_disguise_and_encoding(text: str) -> None:
    forms = [text, f"獬豸{text}", *(encoded("獬豸机密★10年") if text == MARKS[0] else ())]
    for form in forms:
        safe = shown(form, KEY)
        assert is_withheld(safe), form
        assert shown(safe, KEY) == shown_line(safe) == safe
        assert "獬豸" not in shown_id(form)


@pytest.mark.parametrize(
    "text",
    ["秘密★★★★☆", "《绝密★飞行》影评", "机密★4.5分", "绝密★9.0/10", "保守国家秘密", "商业秘密★5年", "机关工作群",
     "20240315-attachments/list_of_things", "wrOXR1JPVVAtMDAwMTIz", "café résumé", "0123456789abcdef" * 2],
)  # fmt: skip
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert shown(text, KEY) == shown_id(text) == shown_line(text) == text


def test_ids_keep_their_numbers_and_other_texts_do_not() -> None:
    assert (shown_id("13812345678"), shown("13812345678")) == ("13812345678", "138****5678")


@given(st.text(st.sampled_from("机密秘绝★☆10年长期 &#;<>%=\\xabE6+/[]《》\n\xe6\xba")))
def test_showing_twice_changes_nothing(text: str) -> None:
    assert shown(shown(text, KEY), KEY) == shown(text, KEY)
    assert shown_line(shown_line(text)) == shown_line(text)
