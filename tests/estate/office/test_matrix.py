"""A table of people by groups is a list of members for each group; who owns one otherwise than its register differs."""

from __future__ import annotations

from tests.workbooks import save

PEOPLE = "id,name\n" + "".join(f"{n},甲{n}\n" for n in "一二三四")


def test_ticks_and_roles_under_groups_are_memberships(estate, rows):
    across = [
        ["人员入群情况"],
        ["序号", "姓名", "部门", "所在工作群", None],
        [None, None, None, "甲群", "教务处通知群"],
        [1, "甲一", "教务处", "群主", None],
        [2, "甲二", "教务处", "√", "管理员"],
        [3, "甲三", "学生处", "×", "√"],
        [4, "甲四", "学生处", None, "待加入"],
        ["合计", None, None, 2, 3],
    ]
    save(estate, {"Sheet1": across}, "入群情况.xlsx")
    save(estate, {"Sheet1": [["群名称", "部门", "群主"], ["甲群", "教务处", "甲三"]]}, "台账.xlsx")
    estate.write("people.csv", PEOPLE)
    snapshot = estate.run()
    found = [
        (row["group_id"], row["account_id"], row["role"], row["_row"])
        for row in rows(snapshot, "memberships", origin=True)
        if row["_file"].startswith("入群")
    ]
    assert found == [
        ("甲群", "一", "owner", 4),
        ("甲群", "二", "member", 5),
        ("教务处通知群", "二", "admin", 5),
        ("教务处通知群", "三", "member", 6),
        ("教务处通知群", "四", None, 7),
    ]
    [told] = rows(snapshot, "differences")
    assert (told["field"], told["value"], told["other_value"]) == ("groups.owner_id", "三", "一")


def test_groups_across_with_anything_but_marks_are_no_memberships(estate):
    across = [
        ["姓名", "部门", "甲群发言次数", "乙群"],
        ["甲一", "教务处", "12", "通知及时"],
        ["甲二", "教务处", "8", "一般"],
    ]
    save(estate, {"Sheet1": across}, "发言.xlsx")
    snapshot = estate.run()
    assert "memberships" not in snapshot.tables
