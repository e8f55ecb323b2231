"""Texts of the command line: help, usage errors, endings."""

TEXTS: dict[str, tuple[str, str]] = {
    "cli.policycore": (
        "按制度条款检查工作群：规则来自插件，规则集用YAML书写，结论可追溯到条款。\n"
        "先运行 policycore demo 看一个完整的例子。",
        "Check chat work groups against a policy: rules from plugins, rule sets in YAML, "
        "every verdict traced to a clause.\n"
        "Begin with policycore demo, a complete example.",
    ),
    "cli.usage-line": ("用法：", "Usage:"),
    "cli.options": ("选项", "Options"),
    "cli.commands": ("命令", "Commands"),
    "cli.command": ("命令", "COMMAND"),
    "cli.help": ("显示本帮助", "Show this help"),
    "cli.required": ("必填", "required"),
    "cli.default": ("默认：{value}", "default: {value}"),
    "cli.lang": (
        "界面语言；默认取自系统区域设置，否则为中文",
        "language of all texts; from the locale by default, else Chinese",
    ),
    "cli.version": ("显示版本号", "Show the version"),
    # One line a command.
    "cli.short.demo": ("生成一个示例总账，检查它，说明如何继续", "Write an example estate, check it, say how to go on"),
    "cli.short.form": ("写出供部门填写的空白表", "Write blank forms for departments to fill in"),
    "cli.short.template": ("写出空白名单供填写", "Write blank lists of people, groups, members or hand-ins"),
    "cli.short.forms": ("查看各部门报送情况", "See what each department handed in"),
    "cli.short.import": (
        "把表格和导出文件导入为不可变的快照",
        "Import spreadsheets and exports into an immutable snapshot",
    ),
    "cli.short.check": ("按规则集检查群组总账", "Check an estate against a rule set"),
    "cli.short.run": (
        "按任务文件依次导入、检查、报告、通知",
        "Run a job file: import, check, report, notify, metrics",
    ),
    "cli.short.init": ("建立工作区，保存问题的历史", "Make a workspace that keeps findings over time"),
    "cli.short.findings": ("列出、筛选、导出保存的问题", "List, filter and export the findings that are kept"),
    "cli.short.gaps": ("列出缺少的数据，补上价值最大的在前", "List what is missing, what would settle most first"),
    "cli.short.waive": ("豁免问题、做基线、撤回豁免", "Waive findings, accept a baseline, withdraw a waiver"),
    "cli.short.attest": ("登记书面确认", "Record a signed statement"),
    "cli.short.dispute": ("对问题提出异议", "Dispute a finding"),
    "cli.short.review": ("逐条复核存疑：属实或排除", "Review suspects: confirm or dismiss"),
    "cli.short.roles": ("列出、授予、收回角色", "List, give and take roles"),
    "cli.short.history": ("列出历次运行，或一个问题的来龙去脉", "List the runs, or tell the life of one finding"),
    "cli.short.diff": ("比较两次运行", "Compare two runs"),
    "cli.short.report": ("重新输出保存的某次运行的报告", "Write the report of a stored run again"),
    "cli.short.audit": ("核对、查看审计日志", "Verify and read the audit trail"),
    "cli.short.snapshots": ("列出、清理保留的快照", "List the kept snapshots, remove old ones"),
    "cli.short.erase": ("从工作区抹去一个人", "Erase a person from the workspace"),
    "cli.short.prune": ("清理旧运行和早已解决的问题", "Let go of old runs and findings"),
    "cli.short.key": ("敏感内容摘要的密钥：查看、更换、比对", "The key of keyed hashes: show, rotate, match"),
    "cli.short.plan": ("群成员该加谁、请谁退出的清单", "Who is to be added to a group, and who removed"),
    "cli.short.impact": ("换用新规则集会使问题如何变化", "What a changed rule set would find, lose and change"),
    "cli.short.forecast": ("仅随时间推移就会出现的问题及日期", "Findings that time alone will bring, with their dates"),
    "cli.short.notify": ("把新问题和到期问题按责任人发送摘要", "Send digests of new and due findings"),
    "cli.short.schedule": (
        "输出systemd、cron、Kubernetes、Windows定时任务",
        "Print units for systemd, cron, Kubernetes, Windows",
    ),
    "cli.short.rules": ("列出已安装的规则", "List the rules that are installed"),
    "cli.short.explain": (
        "解释一条规则：为何、参数、所需数据、实例",
        "Explain a rule: why, parameters, data it needs, cases",
    ),
    "cli.short.clauses": ("列出条款及其覆盖情况", "List the clauses and how each is covered"),
    "cli.short.ruleset": ("检查、解释规则集，输出其JSON Schema", "Check or explain a rule set, print its JSON Schema"),
    "cli.short.plugin": ("列出、试运行、新建插件", "List, try out or begin plugins"),
    "cli.short.bench": ("分阶段测速", "Measure the speed stage by stage"),
    "cli.short.doctor": ("检查安装、终端、插件是否正常", "Look at the installation, the terminal and the plugins"),
    # Wrong usage.
    "cli.usage.fix": ("运行 {command} --help 查看用法", "run {command} --help"),
    "cli.unknown-variable": ("环境变量 {name} 不起作用", "the environment variable {name} does nothing"),
    "cli.unknown-variable.why": ("没有叫这个名字的变量", "none of that name is read"),
    "cli.usage.no-such-option": ("没有选项 {name}", "there is no option {name}"),
    "cli.usage.no-such-command": ("没有命令 {name}", "there is no command {name}"),
    "cli.usage.missing": ("缺少 {name}", "{name} is missing"),
    "cli.usage.bad-option": (
        "选项 {name} 用法有误（可能缺少它的值）",
        "option {name} is used wrongly (its value may be missing)",
    ),
    "cli.usage.file": ("无法打开 {name}", "cannot open {name}"),
    "cli.usage.extra": (
        "多出“{words}”，这里只接受带选项名的值",
        "nothing takes “{words}” here: an option's name goes before it",
    ),
    "cli.usage.other": ("命令写法有误：{message}", "the command is not well formed: {message}"),
    "cli.expected.range": ("应为 {low} 到 {high} 之间的数", "expected a number from {low} to {high}"),
    "cli.expected.number": ("应为数字", "expected a number"),
    "cli.expected.path": ("没有这个文件或文件夹，或不可读", "no such file or folder, or it cannot be read"),
    # Endings.
    "cli.interrupted": ("已中断，未留下不完整的结果", "interrupted; nothing half done was left behind"),
    "cli.internal": ("内部错误（{kind}）", "internal error ({kind})"),
    "cli.internal.why": (
        "程序遇到了未曾预料的情况，结果不完整，不能当作通过",
        "the program met something nobody foresaw; there is no result, and that is no pass",
    ),
    "cli.internal.fix": (
        "设置 POLICYCORE_DEBUG=1 再运行一次，把生成的跟踪文件（不含数据）交给维护人",
        "run it again with POLICYCORE_DEBUG=1 and give the trace file it names (it holds no data) to the maintainers",
    ),
    "cli.internal.traced": ("把 {file}（不含数据）交给维护人", "give {file} (it holds no data) to the maintainers"),
    "cli.no-access": ("没有权限使用 {path}", "there is no permission to use {path}"),
    "cli.no-access.fix": ("检查权限，或换一个位置", "look at its permissions, or use another place"),
    # check
    "cli.check.help": (
        "按规则集检查群组总账，把结果写到标准输出或文件。\n"
        "退出码：0 没有达到 --fail-on 的问题；1 有；2 用法或规则集有误；3 数据无法读取或写入；"
        "4 规则或插件失败，或截至时间晚于数据，结果不完整（报告仍会写出）；5 被占用或超时。\n"
        "“存疑”“无法判断”“待书面确认”与“不合规”一样按其规则的严重程度计入：缺数据不等于通过。",
        "Check an estate against a rule set and write the result to standard output or a file.\n"
        "Exit codes: 0 no finding at --fail-on or above; 1 there is one; 2 usage or rule set wrong; "
        "3 data could not be read or written; "
        "4 a rule or plugin failed, or the as-of time lies after the data: the result is incomplete "
        "(the report is written all the same); "
        "5 locked or out of time.\n"
        "Suspect, unknown and missing attestations count like failures, at their rule's severity: "
        "missing data never passes.",
    ),
    "cli.check.ruleset": ("规则集的名称或YAML文件", "name or YAML file of the rule set"),
    "cli.check.estate": (
        "快照（文件夹，或对象存储中的地址 s3://、gs://、abfs://），或交换格式的文件夹",
        "a snapshot (a folder, or an address in an object store: s3://, gs://, abfs://), or a folder in the "
        "interchange format",
    ),
    "cli.check.as-of": ("按此时刻判断；默认为数据自身的时间", "judge as of this time; the data's own time by default"),
    "cli.check.format": (
        "报告格式：text、json、csv、md、html、sarif、junit、xlsx、prom，或插件提供的格式",
        "report format: text, json, csv, md, html, sarif, junit, xlsx, prom, or one that a plugin adds",
    ),
    "cli.check.output": ("写入此文件（一次写成，不会只写一半）", "write to this file (whole or not at all)"),
    "cli.check.fail-on": (
        "有此严重程度及以上的问题时退出码为1：error为必须整改，warning为应当整改，info为提示",
        "exit with 1 for findings of this severity or above: error is must-fix, warning should-fix",
    ),
    "cli.check.gaps": (
        "数据缺口是否按其规则的严重程度计入 --fail-on（fail），还是只报告（warn）",
        "whether missing data counts for --fail-on by its rule's severity (fail) or is only reported (warn)",
    ),
    "cli.check.gap-subjects": (
        "JSON报告中逐一列出无法判断的对象",
        "list in JSON every subject that could not be judged",
    ),
    "cli.check.lenient": (
        "有问题的单元格记为未知，认不出的行另存，然后继续",
        "take bad cells as unknown, set rows that nothing identifies aside, and go on",
    ),
    "cli.check.profile": ("写出每条规则的用时与行数", "write time and rows of each rule"),
    "cli.check.cluster": (
        "把逐群判断的规则分给Dask集群：tls://HOST:PORT，或本机的N个进程",
        "share the rules that go group by group out to a Dask cluster: tls://HOST:PORT, or N processes here",
    ),
    "cli.check.head-to": (
        "把本次运行后的日志末端值追加到此文件，或以一行文本POST到此https地址",
        "add the head of the audit trail after this run to a file, or POST it as a line to an https address",
    ),
    "cli.head-to": ("--head-to 需要一次被记录的运行", "--head-to needs a run that is recorded"),
    "cli.head-to.why": ("没有记录就没有日志末端值", "without a record there is no head"),
    "cli.head-to.fix": (
        "先运行 policycore init，且不用 --no-store",
        "run policycore init first, and leave --no-store out",
    ),
    "cli.check.plugins-lock": (
        "只加载此文件（由 policycore plugin lock 写出）列出且未改动的插件；其余以退出码4拒绝",
        "load only plugins that this file, written by policycore plugin lock, lists unchanged; refuse others with 4",
    ),
    "cli.check.time-limit": (
        "每条规则最多用多少秒；默认由规则自定",
        "most seconds any rule may take; each rule's own limit by default",
    ),
    "cli.binary": ("{format} 不是文字格式，不能显示在终端上", "{format} is not text and cannot be shown on a terminal"),
    "cli.binary.why": ("会弄乱屏幕", "it would upset the screen"),
    "cli.binary.fix": ("加上 --output FILE", "add --output FILE"),
    "cli.output.why": ("报告没有写出", "the report was not written"),
    "cli.output.no-folder": ("没有文件夹 {path}", "there is no folder {path}"),
    "cli.output.no-folder.fix": ("先建立它，或换一个位置", "make it first, or write elsewhere"),
    "cli.output.is-folder": ("{path} 是文件夹", "{path} is a folder"),
    "cli.output.is-folder.fix": ("给出文件名", "name a file"),
    "cli.output.no-writing": ("不能在 {path} 中写文件", "no file can be written in {path}"),
    "cli.output.no-writing.fix": ("检查权限与磁盘空间", "look at its permissions and the space on the disk"),
    "cli.rules.help": (
        "列出已安装的规则；给出词语时只列编号、名称或标题含有它们的。",
        "List the rules that are installed; with words, those whose id, name or title has them.",
    ),
    "cli.explain.help": (
        "解释一条规则（编号或名称）：为何、结论怎么说、参数、所需数据、整改步骤、实例；给出规则集时还有用到它的条款。\n"
        "也可给出条款（一(二)、1(2)）：给出规则集，或在工作区中。\n"
        "在工作区中也可给出问题的编号：情况、条款、参数、事实、整改、经过。",
        "Explain a rule (id or name): why it exists, what findings say, parameters, data it needs, steps, cases; "
        "with a rule set, the clauses that use it too.\n"
        "A clause (1(2)) does as well, with a rule set or in a workspace.\n"
        "In a workspace, the id of a finding does as well: what, clause, parameters, facts, steps, history.",
    ),
    "cli.explain.ruleset": ("同时显示此规则集如何使用它", "show how this rule set uses it"),
    "cli.explain.reveal": (
        "写明理由，显示问题中略去的原文；理由和操作人记入审计日志",
        "say why, and print the text that the finding withholds; reason and person go into the audit trail",
    ),
    "cli.explain.no-reveal": ("--reveal 只用于工作区中的问题", "--reveal is for a finding that the workspace keeps"),
    "cli.explain.no-reveal.fix": ("运行 policycore findings 查看编号", "run policycore findings to see their ids"),
    "cli.explain.no-reason": ("--reveal 没有写理由", "--reveal gives no reason"),
    "cli.explain.no-reason.why": (
        "谁因何查看原文，审计日志都要记明",
        "the audit trail says who looked at the text and why",
    ),
    "cli.explain.nothing-kept": ("快照中没有这段原文", "the snapshot does not hold this text"),
    "cli.explain.list": ("运行 policycore rules 查看全部规则", "run policycore rules to see all of them"),
    "cli.explain.sometimes": ("（仅在会改变结论时需要）", " (where it can change the verdict)"),
    "cli.explain.aliases": ("曾用名：", "former names: "),
    "cli.explain.about": (
        "对象：{subject}；默认严重程度：{severity}；结论：{verdict}",
        "judges: {subject}; severity by default: {severity}; verdict: {verdict}",
    ),
    "cli.explain.messages": ("结论怎么说", "What findings say"),
    "cli.explain.parameters": ("参数", "Parameters"),
    "cli.explain.fields": ("所需数据（缺少时为“无法判断”）", "Data it needs (without it: unknown)"),
    "cli.explain.value": ("{path} 为空时无法判断", "unknown where {path} is empty"),
    "cli.explain.applies": ("仅当 {condition}", "only where {condition}"),
    "cli.explain.steps": ("整改步骤", "What to do"),
    "cli.explain.same-day": ("（当天）", " (the same day)"),
    "cli.explain.within": ("（{days}天内）", " (within {days} {days:day|days})"),
    "cli.explain.tighter": ("收紧方向：{way}", "tighter: {way}"),
    "cli.explain.tighter.higher": ("变大", "higher"),
    "cli.explain.tighter.lower": ("变小", "lower"),
    "cli.explain.tighter.more": ("增加项目", "more items"),
    "cli.explain.tighter.fewer": ("减少项目", "fewer items"),
    "cli.explain.cases": ("实例", "Cases"),
    "cli.explain.used-by": ("规则集 {ruleset} 的用法", "Use in {ruleset}"),
    "cli.explain.unused": ("未使用", "not used"),
    "cli.explain.none": ("无", "none"),
    "cli.type.integer": ("整数", "integer"),
    "cli.type.number": ("数", "number"),
    "cli.type.boolean": ("是或否", "boolean"),
    "cli.type.string": ("文字", "string"),
    "cli.type.array": ("列表", "array"),
    "cli.type.null": ("无", "null"),
    "cli.type.date": ("日期", "date"),
    "cli.type.date-time": ("时间", "date-time"),
    "cli.type.object": ("映射", "object"),
    "cli.plugin.brings.rules": ("规则{count}", "rules {count}"),
    "cli.plugin.brings.rulesets": ("规则集{count}", "rulesets {count}"),
    "cli.plugin.brings.recipes": ("导入配方{count}", "recipes {count}"),
    "cli.plugin.brings.sources": ("来源{count}", "sources {count}"),
    "cli.plugin.brings.reports": ("报告格式{count}", "reports {count}"),
    "cli.plugin.brings.notifiers": ("通知方式{count}", "notifiers {count}"),
    "cli.plugin.brings.commands": ("命令{count}", "commands {count}"),
    "cli.plugin.brings.panels": ("面板{count}", "panels {count}"),
    "cli.no-rule": ("没有规则或条款 {name}", "there is no rule or clause {name}"),
    # plugin
    "cli.plugin.help": ("列出、试运行、新建插件。", "List, try out or begin plugins."),
    "cli.plugin.list": (
        "列出插件：来自哪个发行包、提供了什么、是否损坏",
        "List the plugins: where from, what they bring, what is broken",
    ),
    "cli.plugin.test": (
        "运行插件全部规则的实例，并逐个填入、拿走所需字段；插件可以已安装（名称），也可以是一个路径",
        "Run every case of a plugin's rules, and fill and take away each field that they need; "
        "an installed plugin by name, or any by path",
    ),
    "cli.plugin.lock": (
        "把已安装的插件写成锁定文件：发行包、版本、全部文件的散列",
        "Write the installed plugins into a lock: distributions, versions, hashes of all their files",
    ),
    "cli.plugin.lock.next": (
        "接着运行：policycore check --plugins-lock {file} …",
        "next: policycore check --plugins-lock {file} …",
    ),
    "cli.plugin.new": (
        "写出一个可用的插件项目：一条带实例的规则、测试、入口",
        "Write a working plugin project: a rule with cases, a test, the entry point",
    ),
    "cli.plugin.new.folder": (
        "写到这个文件夹；默认为 policycore-NAME",
        "write into this folder; policycore-NAME by default",
    ),
    "cli.plugin.new.next": ("接着运行：policycore plugin test {folder}", "next: policycore plugin test {folder}"),
    "cli.plugin.passed": ("通过", "pass"),
    "cli.plugin.failed": ("失败", "FAIL"),
    "cli.plugin.conditions": ("Needs中的条件都是可用的SQL", "what the rules' needs ask is SQL that can be read"),
    "cli.plugin.reads": (
        "{rule}：SQL依据的列都已声明",
        "{rule}: every column that its SQL judges by is declared",
    ),
    "cli.plugin.needs": (
        "{rule}：缺少的数据会改变结论时才算无法判断",
        "{rule}: only where a missing value could change the verdict is there none",
    ),
    "cli.plugin.per-group": ("{rule}：各群一起判定与分开判定一致", "{rule}: groups together are judged as apart"),
    "cli.plugin.no-cases": ("{rule}没有实例", "{rule} has no cases"),
    "cli.plugin.result": ("共{total}项，失败{failed}项", "{total} {total:check|checks}, {failed} failed"),
    "cli.plugin.empty": ("{what} 没有提供任何内容", "{what} brings nothing"),
    "cli.plugin.empty.fix": (
        "在 pyproject.toml 中声明入口 policycore，并实现 policycore_rules",
        "declare an entry point of the group policycore and implement policycore_rules",
    ),
    "cli.plugin.unknown": (
        "没有名为 {what} 的插件，也没有这个路径",
        "there is neither a plugin nor a path called {what}",
    ),
    "cli.plugin.unknown.fix": (
        "运行 policycore plugin list 查看已安装的插件",
        "run policycore plugin list to see what is installed",
    ),
    # doctor
    "cli.doctor.help": (
        "检查安装：版本、语言、终端、可写文件夹、插件。退出码：0 正常，4 有问题。",
        "Look at the installation: versions, language, terminal, folders, plugins. "
        "Exit code 0 when all is well, 4 when not.",
    ),
    "cli.doctor.system": ("系统", "system"),
    "cli.doctor.absent": ("没有", "absent"),
    "cli.doctor.language": ("语言", "language"),
    "cli.doctor.locale": ("区域设置", "locale"),
    "cli.doctor.coding": ("输出编码", "encoding"),
    "cli.doctor.terminal": ("终端", "terminal"),
    "cli.doctor.no-terminal": ("不是终端", "none"),
    "cli.doctor.colour": ("彩色", "colours"),
    "cli.doctor.plain": ("无色", "no colours"),
    "cli.doctor.temporary": ("临时文件夹", "temporary folder"),
    "cli.doctor.rules": ("规则数", "rules"),
    "cli.doctor.plugin": ("插件 {name}", "plugin {name}"),
    "cli.doctor.fine": ("正常", "well"),
    "cli.doctor.broken-plugin": ("损坏", "broken"),
    "cli.doctor.dropped": ("未使用：{items}", "not used: {items}"),
    "cli.doctor.well": ("一切正常。", "All is well."),
    "cli.doctor.broken": ("发现{count}个问题。", "Problems: {count}."),
    "cli.doctor.missing": ("缺少 {name}", "{name} is not installed"),
    "cli.doctor.missing.fix": (
        "重新安装：python -m pip install policycore",
        "install again: python -m pip install policycore",
    ),
    "cli.doctor.database": ("DuckDB 不能正常工作（{error}）", "DuckDB does not work ({error})"),
    "cli.doctor.database.fix": ("重新安装 duckdb", "install duckdb again"),
    "cli.doctor.encoding": ("输出编码 {encoding} 写不出中文", "the encoding {encoding} has no Chinese characters"),
    "cli.doctor.encoding.fix": ("设置 PYTHONUTF8=1 或换用 UTF-8 区域", "set PYTHONUTF8=1 or use a UTF-8 locale"),
    "cli.doctor.folder": ("文件夹 {folder} 不存在或不可写", "the folder {folder} is missing or cannot be written"),
    "cli.doctor.folder.fix": ("检查权限与磁盘空间", "look at its permissions and the space on the disk"),
    "cli.doctor.open": ("本机所有账号都能读 {file}", "every account of this machine can read {file}"),
    "cli.doctor.open.why": ("其中有密钥、口令或姓名", "a key, a password or names are in it"),
    "cli.doctor.open.fix": ("运行 chmod o-rwx {file}", "run chmod o-rwx {file}"),
    "cli.slow-texts": (
        "没有安装 hyperscan，或其版本有缺陷：文字检查结果相同，但慢约一百倍",
        "hyperscan is not installed, or in a version that misses matches: texts are checked all the same, about a "
        "hundred times slower",
    ),
    "cli.took-over": (
        "接管了意外终止的运行（进程{pid}，主机{host}，始于{since}）留下的锁",
        "took over the lock of a run that died (process {pid} on {host}, since {since})",
    ),
    "cli.workspace.ready": ("工作区已就绪：{path}", "the workspace is ready: {path}"),
    "cli.workspace.next": (
        "接下来：policycore check --ruleset 规则集 --estate 文件夹，再运行 policycore findings",
        "next: policycore check --ruleset NAME --estate FOLDER, then policycore findings",
    ),
    "cli.workspace.store": ("存储：{store}", "store: {store}"),
}
