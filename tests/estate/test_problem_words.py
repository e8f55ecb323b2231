"""What problems quote of foreign data: short, masked, and never what bears a mark of secrecy."""

from __future__ import annotations

import json

import pytest

from policycore.errors import DataError
from policycore.estate.importing import import_estate
from policycore.estate.problems import excerpt

MARKED = "机密★10年 关于某某项目的金丝雀 13987654321"


@pytest.mark.parametrize("value", [MARKED, "绝密★长期", "机\u3000密★", f"{'甲' * 300}{MARKED}", [MARKED]])
def test_what_bears_a_mark_of_secrecy_is_quoted_nowhere(value):
    assert "密★" not in excerpt(value)
    assert "金丝雀" not in excerpt(value)
    assert str(len(str(value))) in excerpt(value)


def test_a_heading_that_names_a_level_is_still_quoted():
    assert excerpt("秘密等级") == "秘密等级"


def test_rows_that_slipped_do_not_carry_messages_into_errors(tmp_path):
    estate = tmp_path / "estate"
    estate.mkdir()
    (estate / "groups.csv").write_text("id\ng1\n", encoding="utf-8")
    row = {"id": "m1", "group_id": MARKED, "sent_at": MARKED, "type": MARKED}
    broken = [json.dumps(row, ensure_ascii=False), json.dumps({"id": "m2", MARKED: 1}, ensure_ascii=False)]
    broken += [f'{{"id": "m3", "text": "{MARKED}" oops', json.dumps([MARKED], ensure_ascii=False)]
    for lines in (broken, broken[:1]):
        (estate / "messages.jsonl").write_text("\n".join(lines), encoding="utf-8")
        (estate / "receipts.csv").write_text(f"message_id,account_id,read_at\nm1,a1,x,{MARKED}\n", encoding="utf-8")
        with pytest.raises(DataError) as raised:
            import_estate([estate], tmp_path / "out")
        words = "\n".join(map(str, raised.value.problems))
        assert "m1" in words or "messages" in words
        assert "金丝雀" not in words
        assert "13987654321" not in words
