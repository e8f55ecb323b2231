"""Texts of the engine, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "engine.case.finds": ("发现 {subjects}", "finds {subjects}"),
    "engine.case.unknown": ("无法判断 {subjects}", "unknown: {subjects}"),
    "engine.case.clean": ("没有问题", "nothing is found"),
    "engine.other-snapshot": ("这里的快照是 {id}", "the snapshot here is {id}"),
    "engine.other-snapshot.why": ("与要检查的不是同一个", "it is not the one that is checked"),
    "engine.other-snapshot.fix": (
        "让各台机器在同一路径看到同一份快照",
        "let every machine see the same one under this path",
    ),
    "engine.error": (
        "规则未能完成：{what}。此项结果不完整",
        "the rule did not finish: {what}; this result is incomplete",
    ),
    "engine.error-step": (
        "把规则编号和本提示告诉插件的维护人，修好后重新检查",
        "tell the plugin's maintainer the rule and this message, then check again",
    ),
    "engine.unlisted": ("另有{number}项未逐一列出", "{number} more, not listed one by one"),
    "engine.unlisted-step": (
        "先核对规则参数是否适用，再按部门分批检查",
        "see first whether the rule's parameters fit, then check department by department",
    ),
    "engine.timeout": ("超过时限{seconds}秒", "ran longer than its limit of {seconds} s"),
    "engine.hung": (
        "规则“{rule}”超过时限{seconds}秒，且无法停止：检查中止，结果不完整",
        "the rule {rule} overran its limit of {seconds} s and cannot be stopped: the run ends, incomplete",
    ),
    "engine.raised": ("内部错误{kind}，位于{place}", "it raised {kind} at {place}"),
    "engine.sql": ("SQL错误：{what}（{place}）", "SQL error: {what} ({place})"),
    "engine.broken": (
        "返回的结果不合约定：{what}（{place}）",
        "it returned something that is no result: {what} ({place})",
    ),
    "engine.broken.reads": (
        "SQL依据{fields}判断，数据中没有这些列，规则的requires也没有声明",
        "its SQL judges by {fields}, which the data lacks and `requires` does not name",
    ),
    "engine.broken.no-rows": ("{kind}既不是查询也不是行", "{kind} is neither a query nor rows"),
    "engine.broken.row": ("有一行的类型是{kind}，应为映射", "a row is of type {kind}, which is no mapping"),
    "engine.broken.name": ("列名的类型是{kind}，应为文字", "the name of a column is of type {kind}, which is no text"),
    "engine.broken.own-name": (
        "列名{column}以__开头，留给引擎使用",
        "{column} begins with __, as the engine's own names do",
    ),
    "engine.broken.fact": (
        "列{column}的值无法作为事实，类型：{kinds}",
        "{column} holds what no fact can be, or several kinds: {kinds}",
    ),
    "engine.broken.verdict": ("结论只能是fail或suspect", "a verdict is neither fail nor suspect"),
    "engine.broken.severity": (
        "严重程度只能是error、warning或info",
        "a severity is neither error, warning nor info",
    ),
    "engine.broken.untold": (
        "结论为unknown的行须在{column}中写明是哪个“表.列”没有说明",
        "a row whose verdict is unknown names no table.column in {column}",
    ),
    "engine.broken.reason": ("有一行没有reason，或没有对应的说明文字", "a row has no reason, or one without a message"),
    "engine.broken.column": ("结果缺少列 {columns}", "the result lacks the column {columns}"),
    "engine.broken.null": ("结果中有一行的 {column} 为空", "a row of the result has no {column}"),
    "engine.broken.type": (
        "{column} 应为文字编号，却是 {type}，例如 {value}",
        "{column} is {type} and no id in text, for example {value}",
    ),
    "engine.broken.subject": (
        "{columns} 指向数据中没有的对象，例如 {value}",
        "{columns} names what the data does not have, for example {value}",
    ),
    "engine.broken.rows": ("返回多于{limit}行", "it returned more than {limit} rows"),
    "engine.memory": (
        "超过内存上限（环境变量 {variable} 可调整；{place}）",
        "it needs more memory than is allowed (the environment variable {variable} says how much; {place})",
    ),
    "engine.value": (
        "SQL遇到无法换算的值（{kind}；用 try_cast 可得空值；{place}）",
        "the SQL met a value that it cannot convert ({kind}; try_cast gives null instead; {place})",
    ),
    "engine.attestation": ("需要书面确认：{asks}", "needs a signed statement: {asks}"),
    "engine.attestation-step": (
        "由负责人书面确认并登记",
        "have the person in charge confirm it in writing and record it",
    ),
    "engine.why-incomplete": ("此规则没有结论", "this rule has no result"),
    "engine.fix-incomplete": ("修复后重新检查", "mend it and check again"),
    "engine.as-of-after-data": (
        "检查时间晚于数据时间{data}",
        "the as-of time lies after the data's own time {data}",
    ),
    "engine.later-rows": (
        "截至时间之后的行没有检查：{rows}",
        "rows after the as-of time were not judged: {rows}",
    ),
    "engine.later-rows-why": (
        "检查只看截至时间为止的情况，之后发生的要到下一次检查才看得到",
        "a check looks at things as they stood at the as-of time; what came after it is for a later check",
    ),
    "engine.later-rows-fix": (
        "如应计入，把总账的截至时间（manifest.yaml的as_of）或--as-of改为数据截止的那一天",
        "where they should count, set as_of in manifest.yaml, or --as-of, to the day on which the data end",
    ),
    "engine.not-kept": (
        "{fields} 未保留：工作区设为不保留文字",
        "{fields} is not kept by choice: the workspace keeps no texts",
    ),
    "engine.not-kept-why": (
        "要用到文字的规则对这份快照无法判断，不能当作通过",
        "rules that read texts can't judge this snapshot, and that is no pass",
    ),
    "engine.not-kept-fix": (
        "需要重新判断时检查原来的数据；workspace.yaml 的 keep_text 决定以后是否保留",
        "to judge again, check the data that it was made of; keep_text in workspace.yaml decides on later ones",
    ),
    "engine.nothing-judged": (
        "{rules}条规则对这些数据都不适用",
        "none of the {rules} {rules:rule|rules} applies to anything in these data",
    ),
    "engine.nothing-judged-why": ("没有一项被检查，不能当作合规", "nothing was checked, and that is no pass"),
    "engine.nothing-judged-fix": (
        "检查规则的适用范围 applies_to，以及所用的规则集和数据是否相配",
        "look at applies_to of the rules, and whether this is the rule set for these data",
    ),
    "engine.no-groups": ("总账中没有群", "the estate has no group"),
    "engine.no-groups-why": ("没有可检查的对象，不能当作合规", "nothing was there to be checked, and that is no pass"),
    "engine.no-groups-fix": (
        "检查导入的文件是否齐全、群组表是否为空",
        "see whether all files were imported and the table of groups has rows",
    ),
    "engine.as-of-after-data-why": (
        "其间发生的事不在数据中",
        "what happened in between is not in the data",
    ),
    "engine.as-of-after-data-fix": ("导入更新的数据", "import newer data"),
    # Who carries out a step.
    "engine.who.owner": ("群主", "owner"),
    "engine.who.admin": ("群管理员", "admin"),
    "engine.who.department": ("所属部门", "department"),
    "engine.who.responsible": ("第一责任人", "first responsible person"),
    "engine.who.member": ("群成员", "member"),
    "engine.who.committee": ("主管部门", "the office in charge"),
    "engine.who.secrecy-office": ("保密办", "secrecy office"),
    "engine.who.sender": ("发送人", "sender"),
    "engine.cut": (
        "检查提前结束，还有{count}条规则未判定：{rules}",
        "the run was cut short with {count} {count:rule|rules} left: {rules}",
    ),
    "engine.cut-why": (
        "已判定的照常报告，但不改变任何问题的状态",
        "what was judged is reported, and changes the state of no finding",
    ),
    "engine.cut-fix": (
        "再检查一次；预算不够时加大 --budget",
        "check again, with a larger --budget where that ran out",
    ),
}
