"""What lists leave out, or say in words of their own: members of a group, numbers, scopes, what a form is called."""

from __future__ import annotations

import pytest

from tests.workbooks import PEOPLE, groups, save


def test_of_a_group_that_the_list_of_members_does_not_name_nobody_is_called_missing(estate, rows):
    save(
        estate,
        {
            "群组": groups([1, "乙群", "张三", "李四", 1, "x", None, None, None]),
            "成员": [["群名称", "姓名"], ["甲群", "张三"]],
            "人员": PEOPLE,
        },
    )
    said = [(note.code.removeprefix("estate."), str(note)) for note in estate.run(lenient=True).notes]
    assert "not-member" not in [code for code, _ in said]
    assert any(code == "group-not-listed" and "does not name this group" in str(text) for code, text in said)


@pytest.mark.parametrize(("owner", "admins", "members"), [("李四", None, 1), (None, "无", 60)])
def test_a_group_that_the_list_of_members_does_not_name_is_not_taken_for_empty(estate, rows, owner, admins, members):
    first, second = [1, "甲群", "张三", None, 1], [2, "乙群", owner, admins, members]
    both = groups(*([*one, "x", None, None, None] for one in (first, second)))
    save(estate, {"群组": both, "成员": [["群名称", "姓名"], ["甲群", "张三"]], "人员": PEOPLE})
    found = rows(estate.run(), "memberships")
    # That there are others whom nobody knows keeps every rule on its members from judging.
    assert [(row["group_id"], row["_unknown"]) for row in found] == [("甲群", None), ("乙群", ["account_id"])]


def test_groups_whose_numbers_a_form_leaves_out_are_known_by_name(estate, rows):
    listed = [
        ["群编号", "群名称", "所属部门", "群主"],
        ["g7", "甲群", "教务处", "张三"],
        [None, "乙群", "教务处", None],
    ]
    save(estate, {"群组": listed, "人员": PEOPLE})
    form = [["群编号", "群名称", "群主", "处理方式"], [None, "乙群", None, "保留"], [None, "丙群", "张三", "解散"]]
    save(estate, {"Sheet1": form}, "规范清理情况-教务处.xlsx")
    snapshot = estate.run()
    assert sorted(row["id"] for row in rows(snapshot, "groups")) == ["g7", "丙群", "乙群"]
    assert sorted(row["listed_id"] for row in rows(snapshot, "listings")) == ["丙群", "乙群"]


def test_an_inventory_of_several_lists_and_departments_is_one_submission_for_each_department(estate, rows):
    listed = [
        ["一、保留的工作群"],
        ["群名称", "群主", "部门", "处理方式"],
        ["甲群", "张三", "教务处", "保留"],
        ["乙群", None, "学生处", "保留"],
        ["二、已解散的工作群"],
        ["群名称", "部门", "解散时间"],
        ["丙群", "教务处", "2024-03-20"],
    ]
    save(estate, {"Sheet1": listed, "人员": PEOPLE}, "清理情况.xlsx")
    snapshot = estate.run()
    assert {row["name"] for row in rows(snapshot, "groups")} == {"甲群", "乙群", "丙群"}
    handed = {row["id"]: row["department_id"] for row in rows(snapshot, "submissions")}
    assert sorted(handed.values()) == ["学生处", "教务处"]
    found = {(handed[row["submission_id"]], row["listed_id"]) for row in rows(snapshot, "listings")}
    assert found == {("教务处", "甲群"), ("学生处", "乙群"), ("教务处", "丙群")}


def test_a_register_of_hand_ins_says_in_its_title_which_form_it_is_of_and_names_several_files_in_a_cell(estate, rows):
    listed = [
        ["附件1（成员信息统计表）接收登记"],
        ["报送部门", "报送方式", "接收人及时间", "材料文件", "是否签字", "是否盖章"],
        ["教务处", "电子邮件", "张三 2024-03-26 10:20", "附件1教务处.xlsx、附件1教务处.pdf", "是", "否"],
    ]
    save(estate, {"登记": listed, "人员": PEOPLE})
    found = rows(estate.run(), "submissions")
    assert [(row["kind"], row["file"], row["receiver"], row["signed"], row["sealed"]) for row in found] == [
        ("附件1", "附件1教务处.xlsx", "张三", True, False),
        ("附件1", "附件1教务处.pdf", "张三", True, False),
    ]
    assert {row["received_at"].isoformat() for row in found} == {"2024-03-26T02:20:00+00:00"}


def test_a_register_of_hand_ins_may_call_a_form_by_any_of_its_names(estate, rows):
    said = ["信息统计表", "附件一", "《规范清理情况统计表》", "年度总结"]
    listed = [
        ["部门名称", "报送类型", "报送形式", "收到时间"],
        *(["教务处", one, "纸质", "2024-03-26"] for one in said),
    ]
    save(estate, {"报送登记": listed, "人员": PEOPLE})
    found = [row["kind"] for row in rows(estate.run(), "submissions")]
    assert found == ["附件1", "附件1", "规范清理情况", "年度总结"]


@pytest.mark.parametrize(
    ("written", "scope"),
    [
        ("教务处", {"departments": ["教务处"]}),
        ("教务处全体人员、学生处", {"departments": ["教务处", "学生处"]}),
        ("本部门", {"departments": ["教务处"]}),
        ("职级=中层正职、中层副职；人员：张三", {"ranks": ["中层正职", "中层副职"], "people": ["1001"]}),
        ("中层正职、教务处", {"ranks": ["中层正职"], "departments": ["教务处"]}),
        ("各学院辅导员", None),
        ("教务处、某某处", None),
    ],
)
def test_who_belongs_in_a_group_is_read_as_people_write_it(estate, rows, written, scope):
    listed = [["群名称", "群主", "群管理员", "所属部门", "成员范围"], ["甲群", "张三", None, "教务处", written]]
    save(estate, {"群组": listed, "人员": PEOPLE})
    row = rows(estate.run(lenient=True), "groups")[0]
    kept = {name: items for name, items in (row["scope"] or {}).items() if items}
    assert kept == (scope or {})
    assert (row.get("_unknown") or []) == ([] if scope else ["scope"])
