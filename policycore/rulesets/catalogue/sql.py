"""Texts about the SQL of rule sets: what is wrong with it, why it matters, what to try."""

TEXTS: dict[str, tuple[str, str]] = {
    "rulesets.sql.syntax": ("SQL写法有误：{word}", "the SQL is not well formed: {word}"),
    "rulesets.sql.syntax.why": ("无法运行的规则什么也不检查", "a rule that cannot run checks nothing"),
    "rulesets.sql.syntax.fix": (
        "检查此处附近；引号、逗号、括号都用半角",
        "look near this place; quotes, commas and brackets are ASCII ones",
    ),
    "rulesets.sql.not-select": ("只能写一条SELECT", "only a SELECT can stand here"),
    "rulesets.sql.not-select.why": ("规则只读取，不改变任何东西", "rules read and change nothing"),
    "rulesets.sql.not-select.fix": ("改写为SELECT", "write a SELECT"),
    "rulesets.sql.several": ("应当正好有一条SELECT", "there must be exactly one SELECT"),
    "rulesets.sql.several.why": ("其余的会被忽略", "the others would be lost"),
    "rulesets.sql.several.fix": ("合并为一条", "make one of them"),
    "rulesets.sql.unknown-value": ("SQL中的 {word} 没有值", "nothing gives {word} a value"),
    "rulesets.sql.unknown-value.why": ("它取自本规则的 with", "it is taken from this rule's with"),
    "rulesets.sql.unknown-value.fix": ("在 with 下给出它", "give it under with"),
    "rulesets.sql.refused-function": ("不能使用 {word}", "{word} cannot be used"),
    "rulesets.sql.refused-function.why": (
        "规则不得读取文件、网络、设置或当前时间，结果必须可重现",
        "rules reach no file, network, setting or clock, and repeat exactly",
    ),
    "rulesets.sql.refused-function.fix": (
        "时间用 as_of()，数据用总账中的表",
        "use as_of() for the time and the estate's tables for data",
    ),
    "rulesets.sql.unknown-function": ("没有函数 {word}", "there is no function {word}"),
    "rulesets.sql.unknown-function.why": ("无法运行的规则什么也不检查", "a rule that cannot run checks nothing"),
    "rulesets.sql.unknown-function.fix": ("检查函数名", "check its name"),
    "rulesets.sql.not-condition": ("适用范围应得到真或假", "a scope must be true or false"),
    "rulesets.sql.not-condition.why": ("不是条件就选不出群", "nothing else selects groups"),
    "rulesets.sql.not-condition.fix": (
        "写成比较，如 kind <> 'standing'",
        "write a comparison such as kind <> 'standing'",
    ),
    "rulesets.sql.condition": ("适用范围应是单独一个条件", "a scope is one condition and nothing else"),
    "rulesets.sql.condition.why": (
        "注释、分号、多个值会改变含义",
        "comments, semicolons and lists would change its meaning",
    ),
    "rulesets.sql.condition.fix": ("只写条件本身", "write only the condition"),
    "rulesets.sql.subquery": ("适用范围里不能有子查询", "a scope cannot hold a subquery"),
    "rulesets.sql.subquery.why": ("它只看群自己的各列", "it looks at a group's own columns"),
    "rulesets.sql.subquery.fix": (
        "改用 groups 的列，或写在规则的sql里",
        "use columns of groups, or write it in a rule's sql",
    ),
    "rulesets.sql.sample": ("不能抽样", "no samples can be taken"),
    "rulesets.sql.sample.why": ("抽样的结果每次不同，会漏掉问题", "samples differ every time and miss findings"),
    "rulesets.sql.sample.fix": ("删除抽样", "delete the sample"),
    "rulesets.sql.positional": ("不能按行的位置连接", "rows cannot be joined by their position"),
    "rulesets.sql.positional.why": (
        "表中的行没有固定顺序，结果每次可能不同",
        "rows have no order, and the result could differ",
    ),
    "rulesets.sql.positional.fix": ("改为按编号连接", "join them by their ids"),
    "rulesets.sql.unknown-table": ("没有表 {word}", "there is no table {word}"),
    "rulesets.sql.unknown-table.why": ("规则只能读取总账中的表", "rules read the estate's tables and nothing else"),
    "rulesets.sql.unknown-table.fix": ("查看总账的参考文档", "see the reference of the estate"),
    "rulesets.sql.unknown-column": ("没有列 {word}", "there is no column {word}"),
    "rulesets.sql.unknown-column.why": ("无法运行的规则什么也不检查", "a rule that cannot run checks nothing"),
    "rulesets.sql.unknown-column.fix": ("查看总账的各列", "see the columns of the estate"),
    "rulesets.sql.endless": ("SQL太复杂，无法在限时内分析", "the SQL cannot be planned in time"),
    "rulesets.sql.endless.why": ("这样的规则会拖住检查", "a rule like that would hold up the check"),
    "rulesets.sql.endless.fix": ("简化它", "make it simpler"),
    "rulesets.sql.bind": ("SQL无法运行：{word}", "the SQL cannot run: {word}"),
    "rulesets.sql.bind.why": ("无法运行的规则什么也不检查", "a rule that cannot run checks nothing"),
    "rulesets.sql.bind.fix": ("检查类型与参数", "check types and arguments"),
    "rulesets.sql.no-subject": (
        "结果里没有说明是谁的键列（只有 {columns}）",
        "the result has no key column that says who is meant (only {columns})",
    ),
    "rulesets.sql.no-subject.why": (
        "问题必须落到群、成员、消息、人员或部门",
        "a finding is about a group, member, message, person or department",
    ),
    "rulesets.sql.no-subject.fix": (
        (
            "返回 group_id；成员再加 account_id，消息再加 message_id；或 person_id、department_id、"
            "task_id、submission_id"
        ),
        (
            "return group_id, with account_id for members or message_id for messages; or person_id, "
            "department_id, task_id, submission_id"
        ),
    ),
    "rulesets.sql.quotes-messages": (
        "结果中的文本列 {columns} 可能带出消息原文",
        "the text columns {columns} of the result could carry words of messages",
    ),
    "rulesets.sql.quotes-messages.why": (
        "问题只记在哪条消息，从不记内容",
        "findings say which message it is and never what it says",
    ),
    "rulesets.sql.quotes-messages.fix": (
        "除键列外，只返回数字、时间、是否（例如 length(text)）",
        "besides the keys return numbers, times, yes or no (such as length(text))",
    ),
    "rulesets.sql.reads-nothing": ("SQL没有读取任何表", "the SQL reads no table"),
    "rulesets.sql.reads-nothing.why": ("不看数据的规则没有意义", "a rule that looks at no data says nothing"),
    "rulesets.sql.reads-nothing.fix": ("从总账的表中读取", "read from the estate's tables"),
    "rulesets.sql.unknown-word": (
        "{column} 只有 {known}，不会是 {word}",
        "{column} can be {known}, and never {word}",
    ),
    "rulesets.sql.unknown-word.why": (
        "这样的比较永远不变，规则什么也查不到，或什么都放过",
        "such a comparison never changes, and the rule finds nothing, or passes everything",
    ),
    "rulesets.sql.unknown-word.fix": ("改为其中一个词", "write one of those words"),
    "rulesets.sql.expression": ("这里的值", "this value"),
    "rulesets.sql.pieces": (
        "结果列 {word} 由文字列 {column} 计算得出",
        "the column {word} of the result is computed from the words in {column}",
    ),
    "rulesets.sql.pieces.why": (
        "拆开或换算的文字遮盖不了，可以逐字带出原文",
        "what is cut out of a text or turned into numbers cannot be masked, and would spell it out",
    ),
    "rulesets.sql.pieces.fix": (
        "返回整列（由程序遮盖）、它的长度或条数；比较写在 WHERE 中；拼接写在 message 中",
        "return the whole column, which the engine masks, its length or a count; compare in WHERE, put texts together "
        "in the message",
    ),
    "rulesets.sql.counted-up": (
        "{column} 中的文字与逐个列出的值、其他行的值比较或计算",
        "the words in {column} are compared or computed with values that the SQL lists, or that differ from row to row",
    ),
    "rulesets.sql.counted-up.why": (
        "逐个试出每个字，就带出了原文",
        "trying every character one by one spells the text out",
    ),
    "rulesets.sql.counted-up.fix": ("与固定的词或参数比较", "compare them with fixed words or a parameter"),
    "rulesets.sql.bits": (
        "SQL 给出超过{word}个关于文字的是非判断",
        "the SQL gives more than {word} answers about texts",
    ),
    "rulesets.sql.bits.why": (
        "每个是非判断都透露文字的一点内容，多了就能拼出原文",
        "each tells a little of a text, and many spell it out",
    ),
    "rulesets.sql.bits.fix": ("比较写在 WHERE 中，或分成几条规则", "compare in WHERE, or write several rules"),
    "rulesets.sql.columns": ("不能用 COLUMNS(…) 选取列", "columns cannot be chosen by COLUMNS(…)"),
    "rulesets.sql.columns.why": (
        "看不出它取了哪些列，其中可能有人写的文字",
        "nobody sees which they are, and some hold people's words",
    ),
    "rulesets.sql.columns.fix": ("逐个写出列名", "write their names"),
    "rulesets.sql.empty": ("这个条件永远不成立", "this is never true"),
    "rulesets.sql.empty.why": (
        "规则什么也查不出，却让所有对象通过",
        "the rule would find nothing, and everybody would pass",
    ),
    "rulesets.sql.empty.fix": ("写出要查的情况；暂不检查的规则用 off", "say what is wrong; `off` takes a rule out"),
    "rulesets.sql.constant": ("这个条件的结果永远不变", "this condition always comes to the same"),
    "rulesets.sql.constant.why": (
        "这样的条件要么什么也不选，要么等于没写",
        "it selects nothing, or might as well not be there",
    ),
    "rulesets.sql.constant.fix": (
        "写出要选的情况，几个值任一即可的用 IN 列出；适用于所有群写 applies_to: null；暂不检查的规则用 off",
        "say what is meant, any of several values with IN; every group is applies_to: null; `off` takes a rule out",
    ),
    "rulesets.sql.null": ("与 NULL 的比较永远不成立", "a comparison with NULL never holds"),
    "rulesets.sql.null.why": (
        "NULL 与任何值都既不相等也不不等，包括 NULL 自己",
        "NULL neither equals anything nor differs from it, NULL included",
    ),
    "rulesets.sql.null.fix": ("写 IS NULL 或 IS NOT NULL", "write IS NULL or IS NOT NULL"),
    "rulesets.sql.out-of-range": (
        "这里只会是 {known} 的整数，不会是 {word}",
        "this is a whole number, {known}, and never {word}",
    ),
    "rulesets.sql.out-of-range.why": (
        "这样的比较永远不变，规则什么也查不到，或什么都放过",
        "such a comparison never changes, and the rule finds nothing, or passes everything",
    ),
    "rulesets.sql.out-of-range.fix": (
        "改为这个范围内的数；local_weekday 的1是星期一，7是星期日，local_hour 的0是零点",
        "write one of those numbers; for local_weekday 1 is Monday and 7 Sunday, for local_hour 0 is midnight",
    ),
    "rulesets.sql.cut": (
        "结果被截成少数几行：{word} 不按 {column} 分组",
        "the result is cut down to a few rows: {word} does not go by {column}",
    ),
    "rulesets.sql.cut.why": (
        "截去的违规不会有人知道",
        "nobody would hear of what was cut off",
    ),
    "rulesets.sql.cut.fix": (
        "按 {column} 写 GROUP BY 或 PARTITION BY",
        "write GROUP BY or PARTITION BY {column}",
    ),
    "rulesets.sql.limit": ("结果不能用 LIMIT 截短", "the result cannot be cut short by LIMIT"),
    "rulesets.sql.limit.why": (
        "截去的违规不会有人知道，每次截去的也可能不同",
        "nobody would hear of what was cut off, and it may be another part every time",
    ),
    "rulesets.sql.limit.fix": ("删除它；每组取一条用 QUALIFY", "delete it; QUALIFY takes one row of each group"),
    "rulesets.sql.fails": ("这里运行时会出错：{word}", "this fails when it runs: {word}"),
    "rulesets.sql.fails.why": (
        "遇到这样的值，整条规则就会中断",
        "one value of that kind and the whole rule breaks",
    ),
    "rulesets.sql.fails.fix": (
        "改正写法；可能换算不了的值用 try_cast 或 try_strptime",
        "correct it; what may not convert takes try_cast or try_strptime",
    ),
    "rulesets.sql.too-large": ("这里会占用过多内存", "this takes too much memory"),
    "rulesets.sql.too-large.why": (
        "一行就会占满内存，整条规则都会中断",
        "one row fills the memory, and the rule breaks",
    ),
    "rulesets.sql.too-large.fix": ("减小次数或长度", "ask for fewer, or shorter"),
    "rulesets.sql.own-name": ("列名不能以__开头：{word}", "no column may begin with __: {word}"),
    "rulesets.sql.own-name.why": ("这样的名称归检查程序自己使用", "such names are the engine's own"),
    "rulesets.sql.own-name.fix": ("换一个列名", "give it another name"),
    "rulesets.sql.verdict": ("verdict 只能是 {known}", "verdict can only be {known}"),
    "rulesets.sql.verdict.why": ("别的结论由检查程序得出", "every other verdict is the engine's"),
    "rulesets.sql.verdict.fix": (
        "写明这些词，如 CASE WHEN … THEN 'fail' ELSE 'suspect' END",
        "write these words, as in CASE WHEN … THEN 'fail' ELSE 'suspect' END",
    ),
    "rulesets.sql.key-type": ("{word} 应为文字编号，却是 {column}", "{word} is {column} and no id in text"),
    "rulesets.sql.key-type.why": ("编号按文字比较", "ids are compared as text"),
    "rulesets.sql.key-type.fix": ("返回表中的编号列", "return a column of ids"),
    "rulesets.sql.not-an-id": (
        "{word} 取自 {column}，不是它的编号",
        "{word} is taken from {column}, which holds no such id",
    ),
    "rulesets.sql.not-an-id.why": ("这样找不到所指的对象", "nobody could be found by it"),
    "rulesets.sql.not-an-id.fix": ("返回编号列，如 id AS {word}", "return a column of ids, such as id AS {word}"),
}
