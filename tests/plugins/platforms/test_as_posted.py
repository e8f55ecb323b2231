"""What was posted is read as its readers saw it, with the files that came with it, and however it was edited later."""

from __future__ import annotations

import pytest
from docx import Document

from policycore.estate.importing import import_estate
from policycore_platforms import policycore_sources


def _chat(*messages):
    chat = {"name": "学习群", "type": "private_supergroup", "id": 55}
    return {**chat, "messages": [{**_MESSAGE, "id": 1 + number, **one} for number, one in enumerate(messages)]}


_MESSAGE = {"type": "message", "date_unixtime": "1712534400", "from": "甲", "from_id": "user1"}


def _texts(estate):
    return [text for (text,) in estate.cells("messages", "text")]


def _link(words, address):
    return {"type": "text_link", "text": words, "href": address}


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ([_link("机", "http://x"), {"type": "bold", "text": "密"}, "★10年"], "机密★10年 http://x"),
        ([_link("机", "http://x"), _link("密", "http://x"), "★"], "机密★ http://x"),
        (["见", _link("http://a.cn/1", "http://a.cn/1"), "。"], "见http://a.cn/1。"),
        (["见", _link("甲", "http://a.cn"), "和", _link("乙", "http://b.cn")], "见甲和乙 http://a.cn http://b.cn"),
        ("机\0密★10年", "机密★10年"),
    ],
)
def test_words_stand_together_and_addresses_behind_them(read, write, text, read_as) -> None:
    alone = read(write({"result.json": _chat({"text": text})}))
    # With something that plain messages have not, so that it is read in the other way.
    marked = read(write({"result.json": _chat({"text": text, "via_bot": "@x"})}, folder="marked"))
    assert _texts(alone) == _texts(marked) == [read_as]
    assert len(alone.told) == len(marked.told) == (1 if "\0" in text else 0)


def test_words_of_slack_stand_together_too(read, write) -> None:
    day = [{"type": "message", "user": "U1", "ts": "1711072800.000100", "text": "<http://x|机>密★10年 <http://x>\0"}]
    files = {"users.json": [{"id": "U1"}], "channels.json": [{"id": "C1", "name": "a"}], "a/2024-03-22.json": day}
    assert _texts(read(write(files))) == ["机密★10年 http://x"]


def test_files_beside_an_export_are_read_and_taken_for_no_lists(read, write, tmp_path) -> None:
    document = Document()
    document.add_paragraph("机密★3年")
    document.add_table(1, 2).rows[0].cells[0].text = "姓名"
    document.save(str(tmp_path / "a.docx"))
    sent = [{"text": "", "file": f"files/{name}", "file_name": name} for name in ("a.docx", "人员.csv", "result.json")]
    sent.append({"text": "", "file": "(File not included. Change data exporting settings to download.)"})
    sent.append({"text": "", "file": "../../etc/passwd"})
    files = {
        "result.json": _chat(*sent),
        "files/a.docx": (tmp_path / "a.docx").read_bytes(),
        "files/人员.csv": "工号,姓名\n1,假\n",
        "files/result.json": {**_chat({"text": "假的"}), "id": 66},
    }
    for estate in (read(write(files, folder="exports/tg").parent), read(write(files, folder="alone"))):
        assert estate.ids("groups") == {"55"}
        assert estate.ids("people") == set()
        paths, texts = zip(*estate.cells("attachments", "path", "text"), strict=True)
        assert texts[0].startswith("机密★3年")
        assert paths == ("files/a.docx", "files/人员.csv", "files/result.json", None, None)
    packed = read(write(files, packed=True))
    assert {path for (path,) in packed.cells("attachments", "path")} == {None}
    assert packed.ids("groups") == {"55"}
    assert any("in the archive" in told for told in packed.told)


@pytest.mark.parametrize("order", ["ABC", "BAC", "CBA", "BCA"])
def test_what_a_message_said_before_it_was_edited_is_kept_whatever_comes_first(write, tmp_path, order) -> None:
    import pyarrow.parquet as pq

    said = {"A": "机密★10年 附件一", "B": "没事了", "C": "机密★10年 附件一"}
    paths = [
        write({"result.json": _chat({"text": "好"}, {"text": said[one], "edited_unixtime": "1712541600"})}, folder=one)
        for one in order
    ]
    snapshot = import_estate(paths, tmp_path / "estate", sources=lambda: [one() for one in policycore_sources()])
    rows = pq.read_table(snapshot.tables["messages"].path).to_pylist()
    assert sorted(row["text"] for row in rows) == sorted(["好", "没事了", "机密★10年 附件一"])
    assert {row["id"] for row in rows} == {"55/1", "55/2", "55/2#2"}
    told = [note.code for note in snapshot.notes]
    assert told.count("estate.note-other-texts") == 1
    assert "estate.note-difference" not in told
    assert told.count("estate.source-note") == len(order)


_ROW = "时间,发送者,类型,内容\n2024-04-08 08:00:00,李强,文本,大家好\n"


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("迎新专班(1)", {"迎新专班"}),
        ("迎新专班 (2)", {"迎新专班"}),
        ("迎新专班 - 副本", {"迎新专班"}),
        ("副本迎新专班", {"迎新专班"}),
        ("迎新专班二组", {"迎新专班", "迎新专班二组"}),
        ("招生专班(1)", {"迎新专班", "招生专班(1)"}),
    ],
)
def test_a_file_saved_again_is_no_other_group(read, write, packed, name, groups) -> None:
    estate = read(
        write({"迎新专班.csv": _ROW, f"{name}.csv": f"{_ROW}2024-04-08 08:01:00,王芳,文本,收到\n"}, packed=packed)
    )
    assert estate.ids("groups") == groups
    assert len(estate.ids("messages")) == (2 if len(groups) == 1 else 3)
    assert len(estate.told) == (1 if len(groups) == 1 else 0) + (1 if packed and len(groups) == 1 else 0)
