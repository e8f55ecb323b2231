"""A letter that says that a department has no groups is a nil return; one that says anything else is a letter."""

from __future__ import annotations

import pytest
from docx import Document

NIL = [
    "经自查，我处目前无微信工作群，特此报告。",
    "我单位没有建立任何微信工作群。",
    "本部门未组建、使用微信群、QQ群等工作群。",
    "经排查后我处无微信工作群。现作零报告。",
    "后勤处现有0个工作群。",
    "工作群数量：0",
    "零报告",
]
NOT = [
    "我处现有3个工作群，无违规建群情况。",
    "除机关工作群外，我处无微信工作群。",
    "我处无其他工作群。",
    "关于落实零报告制度的通知",
    "我处无未备案的工作群。",
    "请各部门于3月27日前报送，无工作群的也要报送。",
]


@pytest.mark.parametrize("ending", ["txt", "docx"])
def test_a_letter_that_there_are_no_groups_is_a_nil_return(estate, rows, ending):
    estate.write("departments.csv", "id,name\n" + "".join(f"{n},第{n}处\n" for n in range(len(NIL) + len(NOT))))
    for number, said in enumerate([*NIL, *NOT]):
        lines = ["关于微信工作群的报告", "机关委员会：", said, f"第{number}处", "2024年3月26日"]
        if ending == "txt":
            estate.write(f"信{number}号.txt", "\n".join(lines))
        else:
            document = Document()
            for line in lines:
                document.add_paragraph(line)
            document.save(estate.folder / f"信{number}号.docx")
    snapshot = estate.run()
    submitted = rows(snapshot, "submissions")
    assert {(row["department_id"], row["nil_return"]) for row in submitted} == {(str(n), True) for n in range(len(NIL))}
    assert not rows(snapshot, "groups")
