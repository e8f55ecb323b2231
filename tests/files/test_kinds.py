"""What is read of each kind of file, with its place, and that nothing hostile passes or lasts."""

from __future__ import annotations

import base64
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Mapping
from importlib.util import find_spec
from time import process_time, sleep

import docx
import openpyxl
import pytest

from policycore.files.kinds import kinds_of, take, take_into
from policycore.files.reading import read_files
from policycore.files.taken import MAX_DEPTH, Budget, Taking, Unread

MARK = "机密★10年"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = {"[Content_Types].xml": "<Types/>"}


def packed(members: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def word(body: str, **parts: str) -> bytes:
    names = {"word/document.xml": body, **{f"word/{name}.xml": text for name, text in parts.items()}}
    return packed({**TYPES, **{name: f"<w:x {W}>{text}</w:x>" for name, text in names.items()}})


def document() -> bytes:
    written = docx.Document()
    written.sections[0].header.paragraphs[0].text = "000001"
    written.add_paragraph("工作方案")
    written.add_table(1, 2).rows[0].cells[1].text = "表内"
    written.add_page_break()
    runs = written.add_paragraph("机")
    runs.add_run("密★").bold = True
    runs.add_run("10年")
    stream = io.BytesIO()
    written.save(stream)
    return stream.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "甲"])
    sheet = book.create_sheet("二")
    sheet.append([13800001111])
    sheet.oddHeader.center.text = MARK
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SLIDE = '<s xmlns:a="x"><a:p><a:t>机密</a:t><a:t>★10年</a:t></a:p></s>'
PLACES = {
    "the body of a document, over several runs, on its second page": (document(), ("", 2)),
    "the head of a page": (word("", header1=f"<w:p><w:t>{MARK}</w:t></w:p>"), ("", 1)),
    "a note at the foot": (word("", footnotes=f"<w:p><w:t>{MARK}</w:t></w:p>"), ("", None)),
    "a text box": (word(f"<w:txbxContent><w:p><w:r><w:t>{MARK}</w:t></w:r></w:p></w:txbxContent>"), ("", 1)),
    "word art": (word(f'<w:textpath string="{MARK}"/>'), ("", 1)),
    "a star of a font of pictures": (
        word('<w:p><w:t>机密</w:t><w:sym w:font="Wingdings" w:char="F0AB"/><w:t>10年</w:t></w:p>'), ("", 1),
    ),
    "what was deleted with changes kept": (word(f"<w:p><w:delText>{MARK}</w:delText></w:p>"), ("", 1)),
    "the head of a printed sheet": (workbook(), ("", 2)),
    "a slide": (packed({**TYPES, "ppt/slides/slide3.xml": SLIDE}), ("", 3)),
    "an open document": (
        packed({"mimetype": "x", "content.xml": '<c xmlns:t="x"><t:p>机密<t:b>★</t:b>10年</t:p></c>'}), ("", None),
    ),
    "an archive with another one behind it": (packed({"a.txt": MARK}) + packed({"a.txt": "x"}), ("before/a.txt", None)),
    "an archive in an archive": (packed({"甲.zip": packed({"乙.docx": document()})}), ("甲.zip/乙.docx", 2)),
    "the name of a member": (packed({f"{MARK}.txt": ""}), (f"{MARK}.txt", None)),
    "a page": (b"<html><meta charset=gbk><p>" + "机<b>密</b>&#9733;10年".encode("gbk"), ("", None)),
    "text in GBK": (MARK.encode("gbk"), ("", None)),
    "text in UTF-16 without its mark": (("A" * 80 + "\n" + MARK).encode("utf-16-le"), ("", None)),
    "text with NUL and halves of characters": (f"机\0密★\x0010年{'字' * 99}".encode(), ("", None)),
    "ten megabytes": (("好" * 3_300_000 + "\n" + MARK).encode(), ("", None)),
    "the words in place of a picture": (word(f'<w:p><d:docPr xmlns:d="d" id="1" descr="{MARK}"/></w:p>'), ("", 1)),
    "a star in letters of a font of pictures": (word("<w:p><w:t>机密\uf0ab10年</w:t></w:p>"), ("", 1)),
    "a remark on a slide": (
        packed({**TYPES, "ppt/comments/comment1.xml": f'<p:c xmlns:p="p"><p:text>{MARK}</p:text></p:c>'}), ("", None),
    ),
    "the name of a sheet": (packed({**TYPES, "xl/workbook.xml": f'<w><sheet name="{MARK}"/></w>'}), ("", None)),
    "a cell that a pivot keeps": (
        packed({**TYPES, "xl/pivotCache/pivotCacheDefinition1.xml": f'<p><s v="{MARK}"/></p>'}), ("", None),
    ),
    "a page put into a document": (
        packed({**TYPES, "word/document.xml": "<x/>", "word/chunk.htm": f"<html>{MARK}</html>"}),
        ("word/chunk.htm", None),
    ),
    "a property of one's own": (
        packed({**TYPES, "word/document.xml": "<x/>", "docProps/custom.xml": f"<p><lpwstr>{MARK}</lpwstr></p>"}),
        ("", None),
    ),
    "a text box that says another thing to old programs": (
        word(
            f"<w:AlternateContent><w:Choice><w:p><w:t>见附件</w:t></w:p></w:Choice>"
            f"<w:Fallback><w:p><w:t>{MARK}</w:t></w:p></w:Fallback></w:AlternateContent>"
        ),
        ("", 1),
    ),
    "the choices of a cell": (
        packed({**TYPES, "xl/worksheets/sheet1.xml": f'<x><formula1>"{MARK},公开"</formula1></x>'}), ("", 1),
    ),
    "what a page's script writes": (
        f"<html><p>x</p><script>document.write('{MARK}')</script></html>".encode(), ("", None),
    ),
    "text in Big5": ("會議通知，請準時參加，本件為機密★10年".encode("big5"), ("", None)),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_a_mark_is_read_wherever_it_stands_and_its_place_is_told(name):
    data, place = PLACES[name]
    taken = take(data)
    read = [piece._replace(text=piece.text.replace("\n", "").replace("機", "机")) for piece in taken.pieces]
    assert place in {(piece.file, piece.page) for piece in read if MARK in piece.text}
    assert not taken.unread


def encrypted() -> bytes:
    data = bytearray(packed({"a.txt": "x"}))
    for begin, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(begin) + offset] |= 1
    return bytes(data)


def nested(depth: int) -> bytes:
    data = packed({"a.txt": MARK})
    for _ in range(depth):
        data = packed({"a.zip": data})
    return data


def png(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = struct.pack(">I", len(head) - 4) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + body + struct.pack(">I4s", 9, b"IDAT") + b"\0" * 99


LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:p>&b;</w:p>'
HUGE = b"data:image/png;base64," + base64.b64encode(png(50_000, 50_000))
no_ocr, no_pdf = find_spec("PIL") is None, find_spec("pypdfium2") is None
UNREADABLE = {
    "encrypted": (encrypted(), "encrypted"),
    "an encrypted document": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted",
    ),
    "an old document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "kind"),
    "a cut archive": (packed({"a.txt": "x" * 999})[:60], "broken"),
    "a deep archive": (nested(MAX_DEPTH + 2), "large"),
    "many members": (packed({f"{n}.txt": "" for n in range(2_500)}), "large"),
    "entities that grow": (packed({**TYPES, "word/document.xml": LAUGHS}), "broken"),
    "deep elements": (packed({**TYPES, "word/document.xml": "<a>" * 99_999}), "broken"),
    "rich text, whose letters are numbers": (rb"{\rtf1 \'bb\'fa\'c3\'dc}", "kind"),
    "another archive": (b"Rar!\x1a\x07\x01\x00" + b"x" * 99, "kind"),
    "a picture with another archive behind it": (png(9, 9) + b"7z\xbc\xaf\x27\x1c", "kind"),
    "a picture with a page behind it": (png(9, 9) + b"<html>x", "kind"),
    "an archive of tapes": (b"a.txt".ljust(257, b"\0") + b"ustar" + b"\0" * 250 + b"x" * 512, "kind"),
    "bytes with many zeros": (b"8BPS\0\1" + b"\0" * 500, "kind"),
    "a letter whose head is encoded": (b"From: a@b.cn\nSubject: =?utf-8?B?5py65a+G?=\n\nx", "kind"),
    "a drawing of another program": (packed({**TYPES, "visio/pages/page1.xml": "<x/>"}), "kind"),
    "a workbook in binary": (packed({**TYPES, "xl/workbook.bin": b"x", "xl/tables/table1.xml": "<x/>"}), "kind"),
    "a workbook whose sheets are binary": (
        packed({**TYPES, "xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.bin": b"x"}), "kind",
    ),
    "a page that its script fetches": (b"<html><div id=root></div><script src=a.js>go()</script></html>", "kind"),
    "a file of which nothing is there": (b"", "broken"),
    "a recording": (b"#!AMR\n" + b"\1" * 99, "kind"),
    "bytes that are no text": (bytes(range(256)) * 40, "kind"),
    "a broken PDF": (b"%PDF-1.7\n1 0 obj <<", "no-pdf" if no_pdf else "broken"),
    "a picture of fifty thousand by fifty thousand": (png(50_000, 50_000), "no-ocr" if no_ocr else "large"),
    "a picture in a page's style": (
        b"<html><p>x</p><style>p{background:url('%s')}</style>" % HUGE, "no-ocr" if no_ocr else "large",
    ),
    "a picture behind what a page is": (
        b'<html><p style="background: url(%s) red">x</p>' % HUGE, "no-ocr" if no_ocr else "large",
    ),
    "a picture for other screens": (b'<html><img srcset="%s 2x">x' % HUGE, "no-ocr" if no_ocr else "large"),
    "letters drawn as lines": (b"<svg><text>x</text><path d='M0 0h9v9z'/></svg>", "kind"),
    "a broken picture": (b"\xff\xd8\xff" + b"\0" * 999, "no-ocr" if no_ocr else "broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_says_so_in_one_word(name):
    data, reason = UNREADABLE[name]
    assert reason in {one.reason for one in take(data).unread} <= {reason, "no-ocr"}


def test_what_a_text_box_says_twice_is_read_once():
    box = f"<w:p><w:t>{MARK}</w:t></w:p>"
    both = f"<w:AlternateContent><w:Choice>{box}</w:Choice><w:Fallback>{box}</w:Fallback></w:AlternateContent>"
    assert take(word(both)).text.count(MARK) == 1


def test_what_is_read_of_a_file_stays_beside_what_is_not():
    taken = take(packed({"a.txt": MARK, "b.rar": b"Rar!\x1a\x07\x01\x00"}))
    assert MARK in taken.text
    assert taken.unread == (Unread("kind", "b.rar"),)


def test_an_archive_behind_a_page_is_read_where_the_page_is_not():
    taken = take(b"<html><p>x</p></html>" + packed({"a.txt": MARK}))
    assert [piece.text for piece in taken.pieces] == ["a.txt", MARK]
    assert {one.reason for one in taken.unread} <= {"kind"}


def test_what_is_packed_a_thousand_times_is_read_as_far_as_it_may_be():
    taking = Taking(take_into, budget=Budget(unpacked=1_000_000))
    take_into(packed({"a.txt": MARK, **{f"{n}.txt": b" " * 400_000 for n in range(9)}}), taking)
    assert [piece.text for piece in taking.pieces][:2] == ["a.txt", MARK]
    assert {one.reason for one in taking.unread} == {"large"}


def test_a_file_is_each_kind_that_it_is():
    assert kinds_of(b"%PDF-1.7" + packed({"a.txt": "x"})) == ("pdf", "zip")
    assert kinds_of(b"GIF89a" + packed({"a.txt": "x"})) == ("picture", "zip")
    assert kinds_of(b"\n\n%PDF-1.7") == ("text", "pdf")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipe to wait for")
@pytest.mark.long
def test_a_file_that_takes_too_long_costs_itself_alone(tmp_path):
    paths = [tmp_path / name for name in ("a.txt", "b.zip", "c.txt", "d.zip", "e.html")]
    paths[0].write_text("甲")
    os.mkfifo(paths[1])  # nobody writes into it: whoever reads it waits for ever
    paths[2].write_text("乙")
    paths[3].write_bytes(packed({"a.txt": "丙"}))
    paths[4].write_text("<html>" + "<![CDATA[" * 200_000)  # a minute of the processor
    first, hanging, third, slow, busy = read_files(paths, seconds=1, most=0, wait=8)
    assert (first.text, third.text) == ("甲", "乙")
    assert hanging.unread == slow.unread == busy.unread == (Unread("time"),)


def test_the_time_of_a_file_is_that_of_the_processor_not_of_the_clock():
    budget = Budget(ends=process_time() + 0.05)
    sleep(0.1)
    budget.step()
