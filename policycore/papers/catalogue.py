"""Texts of forms, reports and letters, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "papers.form.help": (
        "写出空白表：附件1信息统计表（members）或规范清理情况统计表（inventory），XLSX和DOCX，"
        "带下拉选项、打印区域、签字盖章行。\n"
        "填好后放进一个文件夹，用 policycore import 一次导入。",
        "Write blank forms, XLSX and DOCX: the members of the committee's groups or the inventory of groups, with "
        "lists to choose from, a print area, lines to sign and to seal.\n"
        "Put the filled ones into a folder and read it with policycore import.",
    ),
    "papers.template.help": (
        "写出空白名单：人员名册（roster）、工作群台账（groups）、群成员名单（members）或报送登记（submissions），XLSX，带下拉选项、说明和示例。\n"
        "填好后用 policycore import 导入，不会再问。",
        "Write a blank list as XLSX, with lists to choose from, notes and an example: people, groups, members of "
        "groups, or what was handed in.\nWhat comes back is read by policycore import without a question.",
    ),
    "papers.form.department": (
        "部门名称，可重复；不写就写一份不带部门的",
        "a department, repeatable; none: one form for any",
    ),
    "papers.form.estate": ("为其中每个报送部门各写一份", "write one for each department of this estate that reports"),
    "papers.form.format": ("xlsx 或 docx，可重复；默认两种", "xlsx or docx, repeatable; both by default"),
    "papers.form.output": ("写入的文件夹，默认当前文件夹", "folder to write into; the current one by default"),
    "papers.form.force": ("替换已有的文件", "replace files that are there"),
    "papers.form.written": ("已写出{count}份", "{count} files written"),
    "papers.exists": ("{path} 已存在", "{path} is there already"),
    "papers.exists.why": ("可能有人已经填写", "somebody may have filled it in"),
    "papers.exists.fix": ("换一个文件夹，或加 --force 替换", "choose another folder, or replace it with --force"),
    "papers.kind.help": (
        "报送部门的部门类型，可重复；默认机关部门",
        "kind of the departments that report, repeatable; administrative departments by default",
    ),
    "papers.no-department": ("总账中没有部门“{name}”", "the estate has no department “{name}”"),
    "papers.no-department.fix": (
        "写总账中的名称、简称或编号",
        "write its name, short name or id as the estate has it",
    ),
    "papers.no-departments": ("总账中没有报送部门", "no department of the estate has to report"),
    "papers.no-departments.fix": ("用 --kind 写明部门类型", "name the kind of department with --kind"),
    "papers.forms.help": ("查看报送情况", "See what was handed in"),
    "papers.status.help": (
        "各部门报送了什么、何时、何种形式，还缺什么，还剩多少时间。按名册顺序，不排名。",
        "Show what each department handed in, when and by which medium, what is missing, how long is "
        "left. In the order of "
        "the directory, no ranking.",
    ),
    "papers.status.deadline": ("截止时间，默认 2024-03-27T11:00", "deadline; 2024-03-27T11:00 by default"),
    "papers.status.format": ("text、csv 或 json", "text, csv or json"),
    "papers.status.exempt": (
        "不必报送的部门，可重复；默认机关党委",
        "departments that need not report, repeatable; the committee by default",
    ),
    "papers.status.department": ("部门", "department"),
    "papers.status.item": ("应报材料", "due"),
    "papers.status.medium": ("形式", "medium"),
    "papers.status.received": ("收到时间", "received"),
    "papers.status.state": ("状态", "state"),
    "papers.state.in-time": ("按时", "in time"),
    "papers.state.late": ("迟{time}", "late by {time}"),
    "papers.state.no-time": ("已报，收到时间未登记", "handed in, nobody noted when"),
    "papers.state.missing": ("未报", "missing"),
    "papers.medium.paper": ("纸质", "paper"),
    "papers.medium.electronic": ("电子", "electronic"),
    "papers.status.left": ("距截止（{deadline}）还有{time}", "{time} left until the deadline ({deadline})"),
    "papers.status.over": ("截止时间（{deadline}）已过{time}", "the deadline ({deadline}) passed {time} ago"),
    "papers.status.counts": (
        "应报{due}件，按时{in_time}件，迟报{late}件，未登记时间{no_time}件，未报{missing}件",
        "{due} due: {in_time} in time, {late} late, {no_time} without a time, {missing} missing",
    ),
    "papers.minutes": ("{minutes}分钟", "{minutes} min"),
    "papers.hours": ("{hours}小时{minutes}分钟", "{hours} h {minutes} min"),
    "papers.days": ("{days}天{hours}小时", "{days} d {hours} h"),
}
