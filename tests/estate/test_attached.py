"""The texts of files that came with messages: taken out once at import, found with their place, never passed unread."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import docx
import pyarrow.parquet as pq
import pytest

import policycore
from policycore.estate.snapshot import Snapshot

RULES = """\
policycore: 1
ruleset: marks
title: {zh: 密级, en: marks}
rules:
  - use: secrecy/classification-mark
"""


def written(*pages: str) -> bytes:
    document = docx.Document()
    for number, page in enumerate(pages):
        if number:
            document.add_page_break()
        document.add_paragraph(page)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture
def sent(estate):
    """Return a function that imports messages, each with the file of one path; None is a file that is not there."""

    def make(files: dict[str, bytes | None], paths: list[str], **options: object) -> Snapshot:
        for name, content in files.items():
            if content is not None:
                estate.write(name, content)
        rows = "".join(f"m{n},g1,file,\n" for n in range(len(paths)))
        estate.write("groups.csv", "id,name,source\ng1,甲,register\n")
        estate.write("messages.csv", f"id,group_id,type,text\n{rows}")
        listed = "".join(f"f{n},m{n},{Path(path).name},{path}\n" for n, path in enumerate(paths))
        estate.write("attachments.csv", f"id,message_id,name,path\n{listed}")
        return estate.run(**options)

    return make


def checked(snapshot: Snapshot, tmp_path: Path) -> policycore.Result:
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    return policycore.check(
        estate=snapshot.folder, ruleset=tmp_path / "rules.yaml", as_of=datetime(2024, 4, 15, tzinfo=UTC)
    )


def test_a_mark_in_a_file_is_found_with_its_page_in_every_message_that_forwards_it(sent, tmp_path):
    paths = ["files/方案.docx", "b.txt", "files/方案.docx", "none.docx", "a.rar"]
    files = {"files/方案.docx": written("方案", "机密★10年"), "b.txt": "好".encode("gbk"), "a.rar": b"Rar!\x1a\x07\x00"}
    snapshot = sent(files, paths)
    assert [note.code.removeprefix("estate.") for note in snapshot.notes] == ["note-file-unread"] * 2
    result = checked(snapshot, tmp_path)
    assert [(one.subject.id, one.facts["page"], one.facts["attachment_id"]) for one in result.findings] == [
        ("m0", 2, "f0"),
        ("m2", 2, "f2"),
    ]
    assert [(gap.fields, gap.subjects) for gap in result.gaps] == [(("attachments.text",), ("m3", "m4"))]
    assert snapshot.tables["file_texts"].rows == 3


def test_what_leads_out_of_the_folder_or_is_no_file_is_not_read(sent, estate, tmp_path):
    (tmp_path / "outside.txt").write_text("机密★10年", encoding="utf-8")
    (estate.folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (estate.folder / "folder").mkdir()
    result = checked(sent({}, ["link.txt", "folder"]), tmp_path)
    assert not result.findings
    assert [gap.count for gap in result.gaps] == [2]


def test_a_mark_beside_what_cannot_be_read_is_found_and_the_rest_stays_unknown(sent, tmp_path):
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("甲/密.txt", "机密★10年")
        archive.writestr("b.rar", b"Rar!\x1a\x07\x00")
    snapshot = sent({"a.zip": stream.getvalue()}, ["a.zip"])
    assert pq.read_table(snapshot.tables["attachments"].path).column("_unknown").to_pylist() == [["text"]]
    result = checked(snapshot, tmp_path)
    assert [one.facts["file"] for one in result.findings] == ["甲/密.txt"]


def test_a_file_is_read_again_only_by_another_extractor(sent, tmp_path, monkeypatch):
    from policycore.files import reading

    first = sent({"a.docx": written("机密★10年", "甲")}, ["a.docx"])
    read = reading.read_files
    asked: list[Path] = []
    monkeypatch.setattr(reading, "read_files", lambda paths, *rest: (asked.extend(paths), read(paths, *rest))[1])
    again = sent({"b.txt": b"x"}, ["a.docx", "b.txt"], force=True)
    assert [path.name for path in asked] == ["b.txt"]
    assert [one.facts["page"] for one in checked(again, tmp_path).findings] == [1]
    assert first.id != again.id
    sent({}, ["a.docx", "b.txt"], force=True, look_at="header")
    assert len(asked) == 3
