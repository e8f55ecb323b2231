"""Texts of the commands that plan, try and query, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "cli.internal.plugins": (
        "可能由插件引起：{names}，用 POLICYCORE_PLUGINS 只加载其余插件再试",
        "it may come from a plugin: {names}; try without it (POLICYCORE_PLUGINS)",
    ),
    "cli.plan.help": ("列出整改清单。", "Plan what puts findings right."),
    "cli.plan.membership.help": (
        "列出群（编号或群名）该拉入和移出的人员，依据规则集的成员公式，没有公式的依据登记的成员范围。先列拉入，后列移出；变动少的群在前。"
        "移出人数超过上限或超过成员的25%时要再次确认。",
        "List who is to be let into a group (id or name) and who is to leave it: by the formula of the rule set, or by "
        "the scope in the register. Additions come first, and groups with fewer changes. More removals than the limit, "
        "or than 25 % of the members, are asked about again.",
    ),
    "cli.plan.all": ("所有写明成员公式或成员范围的群", "every group with a formula or a scope"),
    "cli.plan.ruleset": (
        "规则集；默认为工作区最近一次检查所用的",
        "the rule set; that of the workspace's newest run by default",
    ),
    "cli.plan.estate": (
        "群组总账或快照所在文件夹；默认为工作区最近一次检查的数据",
        "folder of the estate or snapshot; what the workspace's newest run judged by default",
    ),
    "cli.no-last": ("没有写明查看哪份数据", "no data are named"),
    "cli.no-last.why": (
        "没有 --estate 或 --ruleset 时，取工作区最近一次检查的，而这里没有工作区",
        "without --estate or --ruleset those of a workspace's newest run are taken, and there is no workspace here",
    ),
    "cli.no-last.fix": (
        "写上 --estate 文件夹（需要时加 --ruleset 名称），或在工作区内运行",
        "name --estate FOLDER (and --ruleset NAME where needed), or run it in a workspace",
    ),
    "cli.plan.format": ("输出格式", "how to print the plan"),
    "cli.plan.output": ("写入文件", "write it to a file"),
    "cli.plan.max-removals": ("每个群移出超过此人数须再次确认", "removals in a group beyond which to ask again"),
    "cli.plan.yes": ("不再询问", "do not ask again"),
    "cli.plan.which": ("写群编号、群名，或 --all", "name groups, or give --all"),
    "cli.plan.which.why": ("不知道要列哪些群", "it is unclear which groups are meant"),
    "cli.plan.which.fix": ("二者选一", "give one of the two"),
    "cli.plan.column.action": ("拉入/移出", "action"),
    "cli.plan.column.group_id": ("群编号", "group_id"),
    "cli.plan.column.person_id": ("人员编号", "person_id"),
    "cli.plan.column.name": ("姓名", "name"),
    "cli.plan.column.department": ("部门", "department"),
    "cli.plan.column.reason": ("理由", "reason"),
    "cli.plan.column.clause": ("条款", "clause"),
    "cli.plan.action.add": ("拉入", "add"),
    "cli.plan.action.remove": ("移出", "remove"),
    "cli.plan.counts": (
        "{group}（{name}）：现有{members}个成员，拉入{added}，移出{removed}",
        "{group} ({name}): {members} {members:member|members}, {added} to add, {removed} to remove",
    ),
    "cli.plan.nothing": (
        "看了{count}个群，没有要拉入或移出的人",
        "{count} {count:group|groups} looked at: nobody to add or remove",
    ),
    "cli.plan.owner": (
        "{group}：{owner}是群主，移出之前先转让群主",
        "{group}: {owner} owns the group; hand it over before removing them",
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
    "cli.short.try": ("试运行一条规则", "Try one rule while it is written"),
    "cli.try.help": (
        "在总账上试运行一条规则：已安装的规则、Python文件（FILE.py 或 FILE.py#ID），或规则集里的规则（SET.yaml#ID）。"
        "列出命中及其事实、通过数、无法判断的、读取的字段、用时和规则自带用例的结果。规则出错或用例不通过时以4结束。",
        "Run one rule on an estate: an installed one, a Python file (FILE.py or FILE.py#ID), or one of a rule set "
        "(SET.yaml#ID). Prints hits with their facts, passes, gaps, the fields that it needs, the time, and how its "
        "own cases came out. Ends with 4 where the rule breaks or a case fails.",
    ),
    "cli.try.estate": (
        "群组总账或快照所在文件夹；默认为工作区最近一次检查的数据，没有工作区时为示例总账",
        "folder of the estate or snapshot; by default what the workspace's newest run judged, or the demo's",
    ),
    "cli.try.of-run": ("使用工作区最近一次检查的数据", "on what the workspace's newest run judged"),
    "cli.try.of-demo": ("使用示例总账", "on the demo's estate"),
    "cli.try.subject": (
        "说明这个对象（群、群/账号、消息等编号）为何命中或没有命中",
        "say why this subject (id of a group, group/account, message, …) is found or not",
    ),
    "cli.try.with": ("参数的值，可重复", "value of a parameter; may be repeated"),
    "cli.try.ruleset": ("取其成员公式的规则集", "rule set whose formulas of who belongs the rule may read"),
    "cli.try.limit": ("最多列出的命中数", "hits that are listed"),
    "cli.try.watch": ("文件每次改动后重新运行", "run again whenever the file changes"),
    "cli.try.nothing-to-watch": ("--watch 需要文件", "--watch needs a file"),
    "cli.try.nothing-to-watch.why": ("已安装的规则没有要看着的文件", "an installed rule has no file to look at"),
    "cli.try.nothing-to-watch.fix": ("写 FILE.py 或 SET.yaml#ID", "give FILE.py or SET.yaml#ID"),
    "cli.try.watching": ("等待 {file} 改动，按 Ctrl-C 结束", "waiting for {file} to change; Ctrl-C ends"),
    "cli.try.reads": ("所需字段：{fields}", "needs: {fields}"),
    "cli.try.cases": ("用例{count}个，不通过{failed}个", "{count} {count:case|cases}, {failed} failed"),
    "cli.try.counts": (
        "命中{hits}，通过{passes}，无法判断{gaps}，不适用{other}，用时{seconds}秒",
        "{hits} {hits:hit|hits}, {passes} {passes:pass|passes}, {gaps} {gaps:gap|gaps}, {other} not applicable, "
        "{seconds} s",
    ),
    "cli.try.more": ("另有{count}个命中未列出，可加 --limit", "{count} more {count:hit|hits}; --limit lists them"),
    "cli.try.gap": (
        "无法判断{count}个，缺少 {fields}：{subjects}",
        "{count} {count:gap|gaps}, {fields} missing: {subjects}",
    ),
    "cli.try.verdict.absent": ("不在总账中", "not in the estate"),
    "cli.try.why": ("结论：{verdict}。{because}", "verdict: {verdict}. {because}"),
    "cli.short.query": ("用SQL查询总账", "Ask an estate in SQL"),
    "cli.query.help": (
        "在与规则相同的受限连接上运行一条SELECT：只能读总账的表，不能读文件、网络、设置。文字按可以显示的方式显示：个人号码遮蔽，"
        "带密级标志的不显示。",
        "Run one SELECT on the locked connection that rules have: the estate's tables, no file, network or setting. "
        "Texts are shown as they may be: personal numbers masked, what bears a classification mark withheld.",
    ),
    "cli.query.ruleset": ("规则集；其成员公式的表可以查询", "rule set whose formulas' tables can be asked too"),
    "cli.query.limit": ("最多返回的行数", "most rows"),
    "cli.query.seconds": ("最长运行秒数", "most seconds"),
    "cli.query.more": ("还有更多行，只列出{limit}行", "there are more rows than these {limit}"),
    "cli.clauses.help": (
        "列出制度的每个条款：由哪些规则检查、由哪些书面确认支持，还是未覆盖；给出总账时附检查结果。",
        (
            "List every clause of the policy with the rules that check it, the attestations asked "
            'for, or "not covered"; with an estate, what came out of it too.'
        ),
    ),
    "cli.clauses.one-ruleset": ("规则集给出了两次", "two rule sets are given"),
    "cli.clauses.one-ruleset.why": ("一次只列一个规则集的条款", "clauses are listed for one at a time"),
    "cli.clauses.one-ruleset.fix": (
        "只写文件，或只写 --ruleset",
        "give the file alone, or --ruleset alone",
    ),
    "cli.clauses.ruleset": ("规则集的名称或文件", "name or file of the rule set"),
    "cli.clauses.estate": (
        "群组总账的文件夹；给出时附上检查结果",
        "folder of an estate; shows what comes out of each clause",
    ),
    "cli.clauses.not-covered": ("未覆盖", "not covered"),
    "cli.clauses.rule": ("规则", "rule"),
    "cli.clauses.attestation": ("书面确认", "attestation"),
    "cli.clauses.valid": ("（有效期{days}天）", " (valid for {days} {days:day|days})"),
    "cli.clauses.duty": ("义务", "obligation"),
    "cli.clauses.state.open": ("未覆盖", "not covered"),
    "cli.clauses.state.checked": ("由规则检查", "checked by rules"),
    "cli.clauses.state.attested": ("靠书面确认", "attested"),
    "cli.clauses.state.derived": ("由程序生成", "made by the program"),
    "cli.clauses.state.error": ("规则出错", "a rule failed"),
    "cli.clauses.state.violated": ("有问题", "violated"),
    "cli.clauses.state.unknown": ("数据不足", "data is missing"),
    "cli.clauses.state.awaits-attestation": ("待书面确认", "awaits attestation"),
    "cli.clauses.state.met": ("合规", "met"),
    "cli.clauses.state.unjudged": ("没有可检查的对象", "nothing to judge"),
    "cli.clauses.derived": ("由程序生成", "made by the program"),
    "cli.clauses.reworded": ("条款文字已改，请复核其规则", "wording changed, review its rules"),
    "cli.clauses.result": ("结果", "result"),
    "cli.clauses.nothing-judged": ("没有可检查的对象", "nothing to judge"),
    "cli.clauses.summary": (
        "条款{clauses}个：由规则检查{checked}个，仅靠书面确认{attested}个，仅由程序生成{derived}个，未覆盖{open}个",
        (
            "{clauses} {clauses:clause|clauses}: {checked} checked by rules, {attested} by attestation only, "
            "{derived} made by the program only, {open} not covered"
        ),
    ),
    "cli.clauses.no-clauses": ("规则集 {ruleset} 没有列出条款", "the rule set {ruleset} lists no clauses"),
    "cli.clauses.no-clauses.why": (
        "条款来自规则集的 document:",
        "clauses come from the document: of a rule set",
    ),
    "cli.clauses.no-clauses.fix": (
        "写上 document: {title: …, clauses: [{id: 一, text: …}]}，并在规则中用 clause: [一] 指明",
        "write document: {title: …, clauses: [{id: '1', text: …}]} and name it in rules: clause: ['1']",
    ),
}
