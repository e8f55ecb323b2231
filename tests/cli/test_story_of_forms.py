"""Forms go out, come back late, wrong or in shapes of their own, are imported in one go, judged, and reported."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from policycore.demo.estate import DemoEstate, offices
from policycore.demo.generate import generate_demo
from tests.command_line import Run

SHAPED = {"组织部": "docx", "宣传部": "no title", "人事处": "other order"}
LATE = "教务处"


def people_of(estate: DemoEstate) -> dict[str, list[tuple[str, str, str, str]]]:
    """Return by department the name, post, telephone number and remark of whom it names, out of the demo's tables."""
    names = {row["id"]: row["name"] for row in estate.tables["departments"]}
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for row in estate.tables["designations"]:
        line = (row["name"], row["title"], f"19000000{len(found):03d}", row["remark"])
        found.setdefault(names[row["department_id"]], []).append(line)
    return {
        name: [(*line[:2], f"190{number:04d}{place:04d}", line[3]) for place, line in enumerate(lines)]
        for number, (name, lines) in enumerate(found.items())
        if len(lines) == 2
    }


def as_document(path: Path, people: list[tuple[str, str, str, str]]) -> None:
    """Hand in a document of one's own in place of the workbook, without a line to sign."""
    department = path.stem.removeprefix("附件1-")
    document = Document()
    document.add_paragraph("机关党委微信工作群成员信息统计表")
    table = document.add_table(0, 6)
    header = ("序号", "部门名称", "姓名", "职务", "联系电话", "备注")
    for row in (header, *((str(n), department, *line) for n, line in enumerate(people, 1))):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph("2024年3月26日")
    document.save(str(path.with_suffix(".docx")))
    path.unlink()


def fill_in(path: Path, people: list[tuple[str, str, str, str]], shape: str) -> None:
    """Fill in a blank 附件1, in a shape of its own where `shape` says so."""
    if shape == "docx":
        as_document(path, people)
        return
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for number, (name, title, phone, remark) in enumerate(people, 3):
        sheet[f"C{number}"], sheet[f"D{number}"], sheet[f"E{number}"], sheet[f"F{number}"] = name, title, phone, remark
    for row in sheet.iter_rows():
        for cell in row:
            if "年" in str(cell.value or "") and "月" in str(cell.value):
                cell.value = "2024年3月26日"
    if shape == "no title":
        sheet["A1"] = "通讯录"
    if shape == "other order":
        for number in (2, 3, 4):
            sheet[f"C{number}"].value, sheet[f"D{number}"].value = sheet[f"D{number}"].value, sheet[f"C{number}"].value
    book.save(path)


@pytest.mark.long
def test_forms_go_out_and_come_back(tmp_path: Path, run: Run) -> None:
    people = people_of(generate_demo(tmp_path / "demo"))
    handed, roster = tmp_path / "in", tmp_path / "demo" / "forms" / "人员名册.xlsx"
    as_of = ("--as-of", "2024-04-15")
    assert run("import", roster, "--estate", tmp_path / "roster", *as_of).code == 0
    named = [part for name in people for part in ("--department", name)]
    blank = ("--estate", tmp_path / "roster", "--output", handed, "--format", "xlsx", *named)
    assert run("form", "members", *blank).code == 0
    assert run("form", "inventory", *blank).code == 0
    received = Workbook()
    received.worksheets[0].append(("报送类型", "部门", "报送形式", "收到时间", "报送地点", "已签字", "已盖章", "哈希"))
    for number, (name, lines) in enumerate(people.items()):
        fill_in(handed / f"附件1-{name}.xlsx", lines, SHAPED.get(name, ""))
        inventory = handed / f"规范清理情况-{name}.xlsx"
        book = load_workbook(inventory)
        sheet = book.worksheets[0]
        sheet["C4"] = "无"
        if number % 2:
            sheet["B4"], sheet["C4"], sheet["F4"], sheet["G4"] = f"g{number}", f"{name}工作群", lines[0][0], lines[0][0]
        book.save(inventory)
        at = "2024-03-27 11:37" if name == LATE else "2024-03-26 09:00"
        for kind, medium in (("规范清理情况", "纸质"), ("规范清理情况", "电子"), ("附件1", "纸质")):
            place = "523室" if medium == "纸质" else "机关党委邮箱"
            received.worksheets[0].append((kind, name, medium, at, place, "是", "是", ""))
    received.worksheets[0].title = "报送登记"
    received.save(handed / "报送登记.xlsx")
    ended = run("import", handed, roster, "--estate", tmp_path / "estate", *as_of)
    assert ended.code == 0, ended.err
    checked = run(
        *("check", "--ruleset", "xxu-2024-wechat-groups", "--estate", tmp_path / "estate"),
        *("--format", "json", "--no-store"),
    )
    found = {
        (one["name"], one["subject"].get("department") or one["subject"]["name"], one["verdict"])
        for one in json.loads(checked.out)["findings"]
        if one["name"].startswith("rectification/")
    }
    missing = {office.name for office in offices()} - people.keys() - {"机关党委"}
    expected = {(f"rectification/{rule}", LATE, "fail") for rule in ("inventory-handed-in", "form-handed-in")}
    expected |= {
        (f"rectification/{rule}", name, "fail")
        for rule in ("inventory-handed-in", "form-handed-in")
        for name in missing
    }
    expected |= {("rectification/form-as-issued", name, "fail") for name in ("宣传部", "人事处")}
    assert found == expected


def fill_list(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Fill in a blank list by its headers; what it has no column for gets one behind the last."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    headers = {str(cell.value): cell.column for cell in sheet[3] if cell.value}
    for name in dict.fromkeys(name for row in rows for name in row):
        if name not in headers:
            headers[name] = len(headers) + 1
            sheet.cell(3, headers[name]).value = name
    for number, row in enumerate(rows, 4):
        for name, text in row.items():
            sheet.cell(number, headers[name]).value = text
    book.save(path)


def group_row(identity: str, name: str, owner: str, admin: str, created: str, dissolved: str = "") -> dict[str, str]:
    row = {"序号": "1", "群编号": identity, "群名称": name, "群类型": "常设", "所属部门": "机关党委", "群主": owner}
    more = {"群管理员": admin, "第一责任人": owner, "用途": "工作联络", "建群时间": created, "解散时间": dissolved}
    return row | more


def member_row(group: str, person: str, department: str, role: str, joined: str) -> dict[str, str]:
    # Old and new groups share their names: their numbers tell them apart.
    row = {"群名称": group, "姓名": person, "部门": department, "群昵称": f"{department}-{person}", "身份": role}
    return {"序号": "1", **row, "入群时间": joined}


@pytest.mark.long
def test_the_whole_story(tmp_path: Path, run: Run) -> None:
    """From an empty workspace to new groups that are made up as the notice says, with every paper on the way."""
    demo = generate_demo(tmp_path / "demo")
    people, workspace, handed = people_of(demo), tmp_path / "ws", tmp_path / "in"
    roster = tmp_path / "demo" / "forms" / "人员名册.xlsx"
    stranger = next(name for name in people if name not in SHAPED and name != LATE)
    ruleset, where = ("--ruleset", "xxu-2024-wechat-groups"), ("--workspace", workspace)

    def done(*words: object, code: int = 0) -> str:
        ended = run(*words)
        assert ended.code == code, (words, ended.err)
        return ended.out

    def judged(estate: Path, as_of: str) -> set[tuple[str, str, str]]:
        done("check", *ruleset, "--estate", estate, "--as-of", as_of, *where, code=1)
        report = json.loads(done("report", "--format", "json", *where))
        assert report["problems"] == []
        return {
            (one["name"], one["subject"].get("department") or one["subject"]["name"], one["verdict"])
            for one in report["findings"]
        }

    # Blank forms and lists go out, and come back filled in: one late, two wrong, three in shapes of their own.
    done("init", workspace)
    done("import", roster, "--estate", tmp_path / "roster", "--as-of", "2024-04-15")
    named = [part for name in people for part in ("--department", name)]
    done("form", "members", "--estate", tmp_path / "roster", "--output", handed, "--format", "xlsx", *named)
    done("template", "groups", "--department", "机关党委", "--output", handed)
    done("template", "members", "--department", "机关党委", "--output", handed)
    for name, lines in people.items():
        wrong = [("查无此人", *lines[0][1:]), lines[1]] if name == stranger else lines
        fill_in(handed / f"附件1-{name}.xlsx", wrong, SHAPED.get(name, ""))
    received = Workbook()
    received.worksheets[0].append(("报送类型", "部门", "报送形式", "收到时间", "报送地点", "已签字", "已盖章", "哈希"))
    for name in people:
        at = "2024-03-27 11:37" if name == LATE else "2024-03-26 09:00"
        received.worksheets[0].append(("附件1", name, "纸质", at, "523室", "是", "是", ""))
    received.worksheets[0].title = "报送登记"
    received.save(handed / "报送登记.xlsx")
    staff = [row for row in demo.tables["appointments"] if row["department_id"] == "d01" and row["until"] is None]
    names = {row["id"]: row["name"] for row in demo.tables["people"]}
    owner, admin = (names[row["person_id"]] for row in staff[:2])
    first_line = people[LATE][0]
    work, liaison = "机关党委工作群", "机关党委联络员群"
    groups, members = handed / "工作群台账-机关党委.xlsx", handed / "群成员名单-机关党委.xlsx"
    blank = {path: path.read_bytes() for path in (groups, members)}
    ids, day = {"w": work, "l": liaison}, "2019-09-10"
    old = [group_row(f"old-{one}", name, owner, admin, day) for one, name in ids.items()]
    stays = [
        member_row(group, person, department, role, "2019-09-10")
        for group in ("old-w", "old-l")
        for person, department, role in (
            (owner, "机关党委", "群主"),
            (admin, "机关党委", "管理员"),
            (first_line[0], LATE, "成员"),
        )
    ]
    fill_list(groups, old)
    fill_list(members, stays)
    done("import", handed, roster, "--estate", tmp_path / "before", "--as-of", "2024-04-15")
    found = judged(tmp_path / "before", "2024-04-15")
    assert {
        ("composition/old-group-dissolved", "机关党委", "fail"),
        ("rectification/form-handed-in", LATE, "fail"),
        ("rectification/designated-person", stranger, "fail"),
        *(("rectification/form-as-issued", name, "fail") for name in ("宣传部", "人事处")),
    } <= found, sorted(one for one in found if one[1] == stranger)
    assert any(rule == "composition/new-group-there" for rule, _, _ in found)
    assert LATE in done("findings", *where, "--all", "--lang", "zh")

    # The old groups are dissolved and new ones built of those whom the plan names.
    new = [group_row(f"new-{one}", name, owner, admin, "2024-04-16") for one, name in ids.items()]
    for path, data in blank.items():
        path.write_bytes(data)
    built = [
        member_row(row["群编号"], person, "机关党委", role, "2024-04-16")
        for row in new
        for person, role in ((owner, "群主"), (admin, "管理员"))
    ]
    fill_list(groups, [{**row, "解散时间": "2024-04-16"} for row in old] + new)
    fill_list(members, built)
    done("import", handed, roster, "--estate", tmp_path / "empty", "--as-of", "2024-04-17")
    plan = json.loads(
        done("plan", "membership", work, liaison, *ruleset, "--estate", tmp_path / "empty", "--format", "json")
    )
    assert {change["action"] for change in plan["changes"]} == {"add"}
    assert len([one for one in plan["changes"] if one["group_id"] == "new-l"]) >= len(people)
    for change in plan["changes"]:
        place = (change["group_id"], change["name"], change["department"].split("、")[0])
        built.append(member_row(*place, "成员", "2024-04-17"))
    members.write_bytes(blank[members])
    fill_list(members, built)
    done("import", handed, roster, "--estate", tmp_path / "after", "--as-of", "2024-04-18")
    found = judged(tmp_path / "after", "2024-04-18")
    rules = {rule for rule, _, verdict in found if verdict == "fail"}
    assert not rules & {f"composition/{name}" for name in ("missing-member", "extra-member", "old-group-dissolved")}
    assert not rules & {"composition/new-group-there"}

    # The papers go out, and the trail is whole.
    for kind in ("rectification", "letters", "statements", "membership"):
        ended = run("report", kind, *where, "--output", tmp_path / "papers" / kind)
        assert ended.code == 0 or (kind == "membership" and ended.code == 2), ended.err
        assert all(Path(line).stat().st_size for line in ended.out.splitlines())
    done("audit", "verify", *where)
