"""Texts of the demo, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "demo.help": (
        "生成一所虚构大学的群组总账（部门、人员名册、群、成员、聊天、附件1、备案表），用随附的规则集按三个日期检查，"
        "存入其中的工作区，并说明如何继续。\n"
        "同一种子总是生成同样的文件；labels.jsonl 写明其中故意埋下的问题和相似但合规的情形。",
        "Write the estate of an invented university (departments, directory, groups, members, chats, forms, register), "
        "check it as of three days with the rule set that comes along, keep that in a workspace there, and say how to "
        "go on.\n"
        "The same seed always writes the same files; labels.jsonl lists the planted violations and look-alikes.",
    ),
    "demo.folder": ("写入的文件夹，默认 policycore-demo", "folder to write; policycore-demo by default"),
    "demo.seed": ("随机种子", "seed of the generator"),
    "demo.groups": ("群的数量", "number of groups"),
    "demo.force": (
        "即使文件夹里有别的内容也写入（只替换示例自己的文件）",
        "write even where other content lies (only the demo's own files are replaced)",
    ),
    "demo.foreign": ("{path} 里已有内容，不是示例写入的", "{path} holds content that the demo did not write"),
    "demo.foreign.why": ("示例不覆盖别人的文件", "the demo overwrites nobody else's files"),
    "demo.foreign.fix": ("换一个空文件夹，或加 --force", "name an empty folder, or add --force"),
    "demo.changed": ("{path} 在示例写入后被改动过", "{path} was changed after the demo wrote it"),
    "demo.changed.why": ("重新生成会丢失改动", "writing the demo again would lose the change"),
    "demo.no-folder": ("{path} 不是文件夹", "{path} is no folder"),
    "demo.unwritable": ("无法写入 {path}（{reason}）", "cannot write {path} ({reason})"),
    "demo.unwritable.fix": ("换一个可写的文件夹", "name a folder that can be written"),
    # Summary.
    "demo.title": ("示例总账已写入 {path}", "The example estate is in {path}"),
    "demo.size": (
        "云溪学院（虚构）：{counts}，种子 {seed}。人名、电话均为虚构。",
        "Yunxi College (invented): {counts}; seed {seed}. Names and phone numbers are invented.",
    ),
    "demo.checked": ("检查结果：{ruleset}，截至 {at}", "Checked against: {ruleset}, as of {at}"),
    "demo.severity": ("按严重程度", "By severity"),
    "demo.clause": ("按条款", "By clause"),
    "demo.not-covered": (
        "另有{count}个条款没有规则覆盖，靠数据无法检查或尚未实现，见 policycore clauses。",
        "{count} more {count:clause is|clauses are} covered by no rule (data cannot show them, or not yet): see "
        "policycore clauses.",
    ),
    "demo.department": ("按部门（按名称，不是排名）", "By department (by name, no ranking)"),
    "demo.open": ("待办", "open"),
    "demo.column.groups": ("群", "groups"),
    "demo.elsewhere": ("（不属于某一部门）", "(of no one department)"),
    "demo.pass": ("另有 {count} 项合规。", "{count} more passed."),
    "demo.worst": ("先处理这三个", "Begin with these three"),
    "demo.what": ("问题 ", "what "),
    "demo.under": ("条款 ", "clause "),
    "demo.do": ("整改 ", "to do "),
    "demo.more": ("另有{count}项问题", "and {count} more {count:finding|findings}"),
    "demo.incomplete": (
        "检查不完整：{count} 个规则或插件出错，详见标准错误输出",
        "The check is incomplete: {count} {count:rule|rules} or plugins failed, see standard error",
    ),
    "demo.unknown": (
        "“无法判断”是因为来源缺字段（如备案表没有入群方式），缺数据不等于通过。",
        "“Unknown” means that a source lacks a field (the register has no join events); missing data never passes.",
    ),
    "demo.next": ("接下来", "How to go on"),
    "demo.next.tui": (
        "在终端界面中查看三次检查：新增、已解决、重现、逾期",
        "three checks on a screen: what is new, solved, back, overdue",
    ),
    "demo.next.report": ("完整报告（HTML，可打印）", "the whole report (HTML, printable)"),
    "demo.next.explain": ("解释一条规则：为何、参数、实例", "explain a rule: why, parameters, cases"),
    "demo.next.clauses": ("条款台账：哪些已覆盖，哪些没有", "the ledger of clauses: what is covered and what is not"),
    "demo.next.own": ("检查自己的表格：先导入，再检查", "your own spreadsheets: import, then check"),
}
