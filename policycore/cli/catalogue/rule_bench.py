"""Texts of the commands that plan, try and query, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "cli.plan.help": ("列出整改清单。", "Plan what puts findings right."),
    "cli.plan.membership.help": (
        "列出群（编号或群名）该拉入和移出的人员，依据规则集的成员公式，没有公式的依据登记的成员范围。先列拉入，后列移出；变动少的群在前。"
        "移出人数超过上限或超过成员的25%时要再次确认。",
        "List who is to be let into a group (id or name) and who is to leave it: by the formula of the rule set, or by "
        "the scope in the register. Additions come first, and groups with fewer changes. More removals than the limit, "
        "or than 25 % of the members, are asked about again.",
    ),
    "cli.plan.all": ("所有写明成员公式或成员范围的群", "every group with a formula or a scope"),
    "cli.plan.ruleset": ("规则集", "the rule set"),
    "cli.plan.estate": ("群组总账或快照所在文件夹", "folder of the estate or snapshot"),
    "cli.plan.format": ("输出格式", "how to print the plan"),
    "cli.plan.output": ("写入文件", "write it to a file"),
    "cli.plan.max-removals": ("每个群移出超过此人数须再次确认", "removals in a group beyond which to ask again"),
    "cli.plan.yes": ("不再询问", "do not ask again"),
    "cli.plan.which": ("写群编号、群名，或 --all", "name groups, or give --all"),
    "cli.plan.which.why": ("不知道要列哪些群", "it is unclear which groups are meant"),
    "cli.plan.which.fix": ("二者选一", "give one of the two"),
    "cli.plan.counts": (
        "{group}（{name}）：现有{members}个成员，拉入{added}，移出{removed}",
        "{group} ({name}): {members} members, {added} to add, {removed} to remove",
    ),
    "cli.plan.unknown": (
        "{group}：有{count}处因缺少 {field} 无法判断，未列入清单",
        "{group}: {count} could not be judged for want of {field} and are not in the plan",
    ),
    "cli.plan.confirm": (
        "{group}要移出{removed}人（共{members}人，上限{most}人或25%），继续吗？",
        "{group}: remove {removed} of {members} (the limit is {most}, or 25 %)?",
    ),
    "cli.plan.stop": (
        "{group}要移出{removed}人，共{members}人，超过{most}人或25%",
        "{group}: {removed} of {members} would be removed, more than {most} or than 25 %",
    ),
    "cli.plan.stop.why": (
        "移出这么多人，往往是名册或公式有误",
        "so many removals mostly mean that the directory or the formula is wrong",
    ),
    "cli.plan.stop.fix": (
        "先核对；确认无误后加 --yes，或提高 --max-removals",
        "check first; then give --yes, or raise --max-removals",
    ),
}
