"""A text longer than rules can read: its begin is judged, the rest passes nothing, no rule is lost by it."""

from __future__ import annotations

import pytest

from policycore.estate import long_texts
from policycore.files import taken
from policycore.reports.gaps import remedy_of
from tests.estate.test_attached import checked

LIMIT = 100


@pytest.fixture
def short_limit(monkeypatch):
    monkeypatch.setattr(long_texts, "MAX_CHARACTERS", LIMIT)


def test_of_a_long_message_what_stands_at_the_begin_is_found_and_the_rest_is_unknown(estate, short_limit, tmp_path):
    filler = "工作安排如下" * LIMIT
    texts = {"whole": "好" * LIMIT, "begin": f"机密★10年{filler}", "behind": f"{filler}机密★10年", "other": "机密★5年"}
    rows = "".join(f"{name},g1,text,{text}\n" for name, text in texts.items())
    estate.write("groups.csv", "id,name,source\ng1,甲,register\n")
    estate.write("messages.csv", f"id,group_id,type,text\n{rows}")
    snapshot = estate.run()
    (note,) = [note for note in snapshot.notes if note.code == "estate.note-long-text"]
    assert (note.place.file, note.place.line) == ("messages.csv", 3)
    assert "messages.text" in note.what
    assert str(LIMIT) in note.what
    result = checked(snapshot, tmp_path)
    assert [one.subject.id for one in result.findings] == ["begin", "other"]
    (gap,) = result.gaps
    assert (gap.fields, set(gap.subjects)) == (("messages.text",), {"begin", "behind"})
    assert "too long" in remedy_of(gap).en


def test_of_a_long_file_the_begin_is_kept():
    taking = taken.Taking(lambda _content, _taking: None, budget=taken.Budget(characters=LIMIT))
    taking.put("机密★10年")
    with pytest.raises(taken.LimitError, match="large"):
        taking.put("好" * 2 * LIMIT)
    with pytest.raises(taken.LimitError, match="large"):
        taking.put("好")
    whole = taken.Taken("text", taking.pieces, taking.unread).text
    assert whole == f"机密★10年\n{'好' * (LIMIT - 7)}"


def test_a_message_of_ten_megabytes_keeps_nothing_from_being_imported(estate):
    estate.write("groups.csv", "id,name,source\ng1,甲,register\n")
    estate.write("messages.csv", f"id,group_id,type,text\nm1,g1,text,{'x' * 10_000_000}\nm2,g1,text,好\n")
    snapshot = estate.run()
    assert snapshot.tables["messages"].rows == 2
    assert [note.code for note in snapshot.notes].count("estate.note-long-text") == 1
