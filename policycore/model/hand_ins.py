"""The tables of what departments hand in: submissions, the people whom a form names, the groups of an inventory."""

from __future__ import annotations

from enum import StrEnum

from policycore.model.columns import Row, Time, column

__all__ = ["Designation", "DesignationRole", "Handling", "Listing", "Medium", "Submission"]


class Medium(StrEnum):
    """How something was handed in."""

    PAPER = "paper"
    ELECTRONIC = "electronic"


class DesignationRole(StrEnum):
    """What a department designates a person for."""

    DEPUTY = "deputy"
    LIAISON = "liaison"


class Handling(StrEnum):
    """What becomes of a group that a department lists in its inventory."""

    KEEP = "keep"
    DISSOLVE = "dissolve"
    MERGE = "merge"
    RENAME = "rename"
    REGISTER = "register"


class Submission(Row):
    """Something a department handed in."""

    id: str = column("报送编号", "stable id of the submission", key=True, required=True)
    kind: str | None = column("报送类型", "what was handed in, for example inventory or form", always=True)
    department_id: str | None = column(
        "部门编号", "who handed it in", references="departments", headers=("部门",), always=True
    )
    medium: Medium | None = column("报送形式", "paper or electronic", always=True)
    received_at: Time | None = column("收到时间", "when it arrived", always=True)
    file: str | None = column(
        "文件名",
        "name of the file that came",
        always=True,
        headers=("文件", "文件名称", "电子文件", "电子文件名", "表格文件"),
    )
    place: str | None = column("报送地点", "where it was received, for example a room or a mailbox")
    receiver: str | None = column("接收人", "who received it")
    sha256: str | None = column("哈希", "SHA-256 of the electronic file or of the source of the paper one")
    signed: bool | None = column("已签字", "whether it was signed")
    sealed: bool | None = column("已盖章", "whether it was sealed")
    dated: Time | None = column("填表日期", "day that stands on it")
    nil_return: bool | None = column(
        "零报告", "whether it says that there is nothing to report; empty where nobody read it", headers=("无工作群",)
    )
    faults: tuple[str, ...] | None = column(
        "表格问题", "what is wrong with its form, each as kind@cell; empty where nobody read it"
    )


class Designation(Row):
    """A person whom a department names in a form that it handed in."""

    submission_id: str = column("报送编号", "the form", key=True, required=True, references="submissions")
    number: int = column("行号", "which of the form's rows, from 1", key=True, required=True)
    department_id: str | None = column("部门编号", "department that the row names", references="departments")
    name: str | None = column("姓名", "name as it stands in the form")
    person_id: str | None = column("人员编号", "whom the directory knows by that name", references="people")
    title: str | None = column("职务", "post as it stands in the form")
    phone: str | None = column("联系电话", "telephone number; it is shown nowhere")
    remark: str | None = column("备注", "remark as it stands in the form")
    role: DesignationRole | None = column("担任", "deputy or liaison; empty where the form does not tell")


class Listing(Row):
    """A group that a department lists in its inventory, with what becomes of it."""

    submission_id: str = column("报送编号", "the inventory", key=True, required=True, references="submissions")
    # Not `group_id`: whether a group is listed is no knowledge of the source that the group comes from.
    listed_id: str = column("群编号", "the group", key=True, required=True, references="groups", headers=("群号",))
    handling: Handling | None = column("处理方式", "what becomes of it", headers=("处理", "清理方式", "整改措施"))
    done_at: Time | None = column("处理时间", "when that was done", headers=("清理时间", "完成时间"))
    into_id: str | None = column("并入群", "group that it was merged into", references="groups")
