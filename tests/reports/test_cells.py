"""CSV and XLSX: read again by other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from policycore.errors import Problem
from policycore.language import Language, Text, use_language
from policycore.model.result import Finding, RunResult
from policycore.reports import formats
from policycore.reports.words import COLUMNS, defused, row_of

Make = Callable[..., RunResult]


def written(result: RunResult, name: str, language: Language = "zh") -> bytes:
    stream = io.BytesIO()
    formats()[name].write(result, stream, language)
    return stream.getvalue()


def rows(result: RunResult) -> list[dict[str, str]]:
    text = written(result, "csv", "en").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\u3000=1", "\u200b=1", "＝1", "－1", "|x", "\x00=1"]
)
def test_a_cell_that_could_act_as_a_formula_begins_with_an_apostrophe(text: str) -> None:
    first = defused(text)[0]
    assert first in "'?"


@pytest.mark.parametrize("text", ["", "群", "a=1", "1-2", "张三"])
def test_a_harmless_cell_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


def test_csv_has_a_bom_one_row_a_finding_and_stable_columns(make_result: Make) -> None:
    assert written(make_result(), "csv").startswith(b"\xef\xbb\xbf")
    found = rows(make_result())
    assert tuple(found[0]) == COLUMNS
    assert [row["verdict"] for row in found] == ["fail", "waived", "suspect", "fail", "unknown"]
    assert (found[0]["file"], found[0]["row"], found[0]["group"]) == ("groups.csv", "1", "教务处通知群1")
    header, first, *_ = csv.reader(io.StringIO(written(make_result(), "csv").decode("utf-8-sig"), newline=""))
    assert header[:3] == ["编号", "严重程度", "结论"]
    assert (first[1], first[2]) == ("必须整改", "不合规"), "who reads it in Chinese is no program"


def test_facts_stand_in_cells_in_the_readers_words(make_result: Make, make_finding: Callable[..., Finding]) -> None:
    facts = {"owner": "=1+1", "silent_days": 40, "seats": "三", "reason": "gone"}
    finding = make_finding(1, facts=facts, labels={"seats": Text("席位", "seats")})
    [row, *_] = rows(make_result((finding,)))
    assert row["facts"] == "owner: =1+1; silent for (days): 40; seats: 三"
    for language, words in (("zh", "群主：=1+1；沉默天数：40；席位：三"), ("en", row["facts"])):
        sheet = openpyxl.load_workbook(io.BytesIO(written(make_result((finding,)), "xlsx", language))).worksheets[1]
        assert words in [cell.value for cell in sheet[2]]


def test_hostile_names_stay_in_their_csv_cells(hostile_result: RunResult) -> None:
    found = rows(hostile_result)
    assert len(found) == 1001
    for row in found:
        assert None not in row
        assert None not in row.values()
        assert not [cell for cell in row.values() if cell.lstrip().startswith(tuple("=+-@\t\r＝＋－＠"))]
    assert written(hostile_result, "csv").count(b"\r\n") == 1002


def test_a_workbook_has_its_sheets_and_headers_in_the_language(make_result: Make, broken_problem: Problem) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(make_result(problems=(broken_problem,)), "xlsx")))
    assert book.sheet_names == ["汇总", "问题", "数据缺口", "条款台账", "不完整"]
    sheet = book.get_sheet_by_name("问题").to_python()
    assert sheet[0][:4] == ["结论", "严重程度", "部门", "群名称"], "what matters comes first"
    assert len(sheet) == 5
    assert sheet[1][sheet[0].index("行")] == 1
    printed = openpyxl.load_workbook(io.BytesIO(written(make_result(), "xlsx")))["问题"]
    assert printed.print_title_rows == "$1:$1"
    assert printed.print_area == "'问题'!$A$1:$K$5"
    assert (printed.page_setup.orientation, printed.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)
    message = sheet[0].index("问题") + 1
    assert printed.cell(2, message).alignment.wrap_text
    assert len({printed.cell(row, message).value for row in range(2, 6)}) > 1
    ledger = book.get_sheet_by_name("条款台账").to_python()
    assert ledger[3][2] == "未覆盖"


def test_no_hostile_name_becomes_a_formula_in_a_workbook(hostile_result: RunResult) -> None:
    data = written(hostile_result, "xlsx")
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("问题").to_python()
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    sheet = book["问题"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > 10_000
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert max(len(str(cell.value)) for cell in cells) <= 32_767


def test_a_workbook_goes_on_in_another_sheet_when_one_is_full(
    make_result: Make, make_finding: Callable[..., Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policycore.reports.xlsx_report.ROWS_A_SHEET", 10)
    data = written(make_result(tuple(make_finding(number) for number in range(25))), "xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = [name for name in book.sheet_names if name.startswith("问题")]
    assert [len(book.get_sheet_by_name(name).to_python()) for name in names] == [11, 11, 6]


def test_a_workbook_says_in_words_what_its_headers_name(make_finding: Callable[..., Finding]) -> None:
    finding = make_finding(1)
    with use_language("zh"):
        plain, words = list(row_of(finding)), list(row_of(finding, in_words=True))
    assert plain[1] == finding.severity.value
    assert words[1] in ("必须整改", "应当整改", "提示")
    assert words[COLUMNS.index("subject_kind")] in ("群", "群成员", "消息", "人员", "部门", "任务", "报送", "全部")
    assert plain[COLUMNS.index("subject_kind")] == finding.subject.kind.value
