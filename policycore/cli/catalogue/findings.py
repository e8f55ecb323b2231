"""Texts of what is printed about findings: states, lists, the help of commands."""

TEXTS: dict[str, tuple[str, str]] = {
    # Lists.
    "cli.list.none": ("没有符合条件的问题", "no finding fits"),
    "cli.list.count": ("共{total}个，显示{shown}个", "{shown} of {total}"),
    "cli.list.first-seen": ("{date}起", "since {date}"),
    "cli.list.due": ("{date}到期", "due {date}"),
    "cli.list.overdue": ("{date}已逾期", "overdue since {date}"),
    "cli.history.none": ("还没有运行记录", "no run was recorded yet"),
    "cli.history.run": (
        (
            "{id}  {as_of}  {ruleset}  必须整改{errors} 应当整改{warnings} 提示{infos} 无法判断{unknowns} "
            "豁免{waived}  （+{new} 重现{reopened} -{resolved}）{mark}"
        ),
        (
            "{id}  {as_of}  {ruleset}  must-fix {errors}, should-fix {warnings}, info {infos}, unknown "
            "{unknowns}, waived {waived}  (+{new}, back {reopened}, -{resolved}){mark}"
        ),
    ),
    "cli.history.replay": ("  [回放]", "  [replay]"),
    "cli.history.cut": ("  [提前结束]", "  [cut short]"),
    "cli.cut-short": (
        "{ruleset}：以下是运行{run}的状态，已过{days}天；最近的运行{cut}提前结束",
        "{ruleset}: state of run {run}, {days} {days:day|days} old; the newest run {cut} was cut short",
    ),
    "cli.cut-short.none": (
        "{ruleset}：还没有完整的运行；运行{cut}提前结束",
        "{ruleset}: no run has come to its end; run {cut} was cut short",
    ),
    "cli.history.incomplete": ("  [不完整]", "  [incomplete]"),
    "cli.history.said": ("运行{first}至{last}：{message}", "runs {first} to {last}: {message}"),
    "cli.history.said-once": ("运行{first}：{message}", "run {first}: {message}"),
    "cli.history.now": ("现在", "now"),
    "cli.history.note": ("{at}  {author}：{text}", "{at}  {author}: {text}"),
    # Commands: help.
    "cli.help.init": (
        "在文件夹中建立工作区：保存问题历史、快照、豁免、审计日志。\n已有的工作区不会被改动。",
        (
            "Make a folder a workspace: findings over time, snapshots, waivers, the audit trail.\nOne that "
            "is there already is left as it is."
        ),
    ),
    "cli.help.init.keep-text": (
        "no：快照中消息和附件的文字只留带密钥的摘要，之后对这些快照的检查回答“未保留”；默认 yes",
        "no: of messages' and attachments' texts kept snapshots hold keyed hashes alone, and a later check of them "
        "answers that they are not kept by choice; yes by default",
    ),
    "cli.workspace.keeps": (
        "这里保留：检查过的数据的快照（姓名、成员、消息文字；--keep-text no 不留文字）、各次运行的结果、决定、"
        "审计日志。清理用 snapshots --gc、prune、erase",
        "kept here: snapshots of the data that were checked (names, members, texts of messages; --keep-text no leaves "
        "these out), what runs found, decisions, the audit trail; snapshots --gc, prune and erase let go of it",
    ),
    "cli.workspace.keeps-no-text": (
        "这里保留：检查过的数据的快照（姓名、成员；消息和附件的文字只留摘要）、各次运行的结果、决定、审计日志。"
        "清理用 snapshots --gc、prune、erase",
        "kept here: snapshots of the data that were checked (names, members; of messages' and attachments' texts the "
        "hashes alone), what runs found, decisions, the audit trail; snapshots --gc, prune and erase let go of it",
    ),
    "cli.help.init.store": (
        "存储地址：SQLite文件或 postgresql:// URL，其中的密码另存在仅本人可读、git 忽略的文件里；默认在工作区内",
        "store address: an SQLite file or a postgresql:// URL, whose password is kept in a file of its own that git "
        "ignores; inside the workspace by default",
    ),
    "cli.help.workspace": (
        "工作区所在文件夹；默认从当前目录向上找",
        "the workspace's folder; found upwards from here by default",
    ),
    "cli.help.store": (
        "改用另一个存储（文件或 postgresql:// URL）",
        "another store (a file or a postgresql:// URL)",
    ),
    "cli.help.findings": (
        (
            "列出问题及其状态，可按条件筛选。默认只列出仍需处理的。\n"
            "筛选值可用 * 代表任意字符；同一选项可重复，表示任一。"
        ),
        (
            "List findings with their states, narrowed by filters; by default those that still need "
            "somebody.\nA * in a value stands for anything; the same option given twice means either."
        ),
    ),
    "cli.keep.one-estate": ("须给出 --estate 或 --snapshot 之一", "give either --estate or --snapshot"),
    "cli.keep.one-estate.why": ("否则不知道检查哪份数据", "it says which data is checked"),
    "cli.keep.one-estate.fix": ("policycore snapshots 列出保留的快照", "policycore snapshots lists the kept ones"),
    "cli.help.snapshot": (
        "检查工作区保留的快照，代替 --estate",
        "check a snapshot that the workspace keeps, instead of --estate",
    ),
    "cli.help.no-store": (
        "只出报告，不保存到工作区（豁免与确认仍然生效）",
        "report only, keep nothing (waivers and attestations still count)",
    ),
    "cli.help.wait": (
        "工作区被占用时最多等待的秒数，默认不等",
        "seconds to wait for a workspace in use; none by default",
    ),
    "cli.help.filter": ("只列出该项等于此值的问题", "only findings with this value"),
    "cli.help.everything": ("也列出已解决、已豁免、已确认的", "also what is resolved, waived or attested"),
    "cli.help.sort": ("排序", "order"),
    "cli.help.limit": ("最多列出多少个（0为全部）", "how many at most (0 for all)"),
    "cli.help.offset": ("跳过前多少个", "how many to skip"),
    "cli.help.format": (
        "list 为带状态的清单；其余与 check 相同",
        "list shows states; the others are those of check",
    ),
    "cli.help.output": ("写入文件，默认标准输出", "write to a file instead of standard output"),
    "cli.help.counts": ("只按此项计数", "count by this instead of listing"),
    "cli.help.due": ("只列出在此日期之前到期的", "only what is due before this date"),
    "cli.help.gaps": (
        (
            "列出缺少的数据：每个来源的每一列一行，写明补上后可判断多少项、哪些规则在等、怎样补充；\n"
            "价值最大的在前。不带参数时说的是保存的最近一次运行。"
        ),
        (
            "List what is missing: one line for each column of each source, with how many verdicts it would settle, "
            "which rules wait for it and how to supply it; what would settle most comes first. Without an option this "
            "is about the newest run that is kept."
        ),
    ),
    "cli.help.gaps.run": ("保存的某次运行：编号、latest 或 previous", "a stored run: number, latest or previous"),
    "cli.help.gaps.ruleset": (
        "与 --estate 一起：不经工作区，直接检查",
        "with --estate: check now, without a workspace",
    ),
    "cli.help.gaps.estate": ("与 --ruleset 一起：要检查的总账", "with --ruleset: the estate to check"),
    "cli.help.gaps.subjects": (
        "逐一列出此规则（编号或名称）无法判断的对象",
        "list the subjects that this rule (id or name) could not judge",
    ),
    "cli.gaps.both": ("--estate 和 --ruleset 须一起给出", "--estate and --ruleset go together"),
    "cli.gaps.both.why": (
        "缺一样就无法检查；--as-of 只用于检查",
        "it takes both to check; --as-of is for a check alone",
    ),
    "cli.gaps.both.fix": ("补上另一个，或改用 --run", "give the other one too, or --run"),
    "cli.gaps.rule": ("这次运行没有判断规则“{rule}”", "the run judged no rule “{rule}”"),
    "cli.gaps.rule.why": ("只有判断过的规则才有缺口", "only a rule that was judged can lack something"),
    "cli.gaps.rule.fix": ("{known}", "{known}"),
    "cli.help.history": (
        "不带参数：列出历次运行。给出问题编号：说明它的来龙去脉。",
        "Without an argument, list the runs; with a finding's id, tell its life.",
    ),
    "cli.help.history.ruleset": ("只列出此规则集的运行", "only runs of this rule set"),
    "cli.help.diff": (
        (
            "比较两次运行：新增、解决、变化、豁免、失去数据。运行用编号、latest 或 previous 表示。\n"
            "退出码：有新增则为1。"
        ),
        (
            "Compare two runs: new, fixed, changed, waived, no longer visible. A run is a number, latest or "
            "previous.\nExit code 1 when something is new."
        ),
    ),
    "cli.help.diff.all": ("也列出没有变化的", "list what did not change, too"),
    "cli.help.json": ("输出JSON", "write JSON"),
    "cli.help.report": (
        "把保存的某次运行按任一格式重新输出；report rectification、letters、statements、membership 写出"
        "规范清理情况报告、整改通知、书面确认书、成员调整清单（--format docx,xlsx,pdf），--output 为文件夹。",
        "Write the report of a stored run again, in any format; report rectification, letters, statements or "
        "membership write papers to sign and send (--format docx,xlsx,pdf), with --output as the folder.",
    ),
    "cli.help.snapshots": (
        "列出工作区保留的快照，最近检查过的在前；--gc 按保留规则清理其余的，--remove 移除指定的一个，都记入审计日志。",
        (
            "List the snapshots that the workspace keeps, the one checked last first; --gc removes what the keep "
            "policy lets go, --remove one of them, both with an audit entry."
        ),
    ),
    "cli.help.snapshots.gc": ("清理不再保留的快照", "remove what the keep policy lets go"),
    "cli.help.snapshots.remove": (
        "移除以此开头的那个快照，可重复；最新一次运行的快照不能移除",
        "remove the snapshot whose id begins so; may be repeated; never that of a newest run",
    ),
    "cli.help.snapshots.newest": ("至少保留最新的若干个", "keep at least so many of the newest"),
    "cli.help.snapshots.days": ("保留最近若干天内的全部", "keep all of the last so many days"),
    "cli.help.snapshots.months": (
        "更早的每月保留一个，共若干个月",
        "keep one a month for so many months before that",
    ),
    "cli.snapshots.none": ("没有保留的快照", "no snapshot is kept"),
    "cli.snapshots.removed": ("已清理{count}个快照", "{count} {count:snapshot|snapshots} removed"),
    "cli.help.prune": (
        (
            "清理旧的运行和早已解决的问题，并记入审计日志。\n"
            "留下的：每次运行在历史里的那一行和条数、问题状态的变化；每个规则集最新的运行，以及仍在的问题最后一次被"
            "报告的那次运行；未解决、已豁免、已确认的问题。\n"
            "清理掉的：其余旧运行逐条的内容，在那之前就已解决的问题连同备注。快照另由 snapshots --gc 清理。"
        ),
        (
            "Let go of old runs and of findings that were put right long ago, with an audit entry.\n"
            "What stays: of each run its line in the history with its numbers, and what it moved; whole the newest run "
            "of each rule set, and every run in which a finding that stays was reported last; findings that are open, "
            "waived or attested.\n"
            "What goes: finding by finding all else of old runs, and findings that were resolved by then, with their "
            "notes. Snapshots go by snapshots --gc."
        ),
    ),
    "cli.help.prune.older": (
        "清理多久以前记录的运行，如 730d",
        "let go of runs that were recorded longer ago than this, such as 730d",
    ),
    "cli.help.prune.dry": ("只说明会清理什么", "only say what would go"),
    "cli.prune.done": (
        "已清理{runs}次运行的明细和{findings}个已解决的问题",
        "let go: what {runs} {runs:run|runs} found, and {findings} {findings:finding|findings} that were put right",
    ),
    "cli.prune.would": (
        "会清理{runs}次运行的明细和{findings}个已解决的问题",
        "would let go: what {runs} {runs:run|runs} found, and {findings} {findings:finding|findings} that were put "
        "right",
    ),
    "cli.help.key": (
        (
            "对敏感内容做带密钥的摘要所用的密钥。报告写明所用密钥的编号；密钥本身只在工作区的 key 文件里。\n"
            "有密钥的人能用它验证猜测，请像密码一样保管，并做备份。"
        ),
        (
            "The key that keyed hashes of evidence are made with. Reports name it by its id; the key itself stands in "
            "the workspace's file key only.\nWhoever has it can test guesses: keep it like a password, and keep a "
            "backup of it."
        ),
    ),
    "cli.help.key.show": ("输出在用密钥的编号，其后是以前的", "Print the id of the key in use, then those before it"),
    "cli.help.key.rotate": (
        "换用一把新密钥，记入审计日志；旧密钥留在文件里，以前的摘要仍可比对",
        "Begin a new key, with an audit entry; old ones stay in the file, so that old hashes can still be compared",
    ),
    "cli.help.key.lost": (
        "key 文件丢失或损坏且没有备份时，重新开始",
        "begin anew where the key file is gone or damaged and there is no backup",
    ),
    "cli.help.key.match": (
        "读入一段文字（文件或标准输入），列出保存着其摘要的问题；不显示、不保存这段文字。\n退出码：一个也没有则为1。",
        (
            "Read a text, a file's or standard input's, and list the findings that hold its keyed hash; the text is "
            "neither shown nor kept.\nExit code 1 when there is none."
        ),
    ),
    "cli.key.rotated": (
        "密钥已从 {before} 换成 {now}；审计日志末端：{head}",
        "the key is {now} now, it was {before}; audit head: {head}",
    ),
    "cli.key.matched": (
        "{count}个问题保存着这段文字的摘要",
        "{count} {count:finding holds|findings hold} the keyed hash of this text",
    ),
    "cli.help.erase": (
        (
            "从工作区抹去一个人：姓名、编号、账号从各次运行的结果、问题、备注和决定的文字中消失，换成一个随机记号；\n"
            "含有此人的快照一并移除。条数和结论不变，抹去本身记入审计日志，audit verify 照常核对。\n"
            "PERSON 是人员或账号的编号，或没有重名的姓名。抹去不能撤销。\n"
            "notices.yaml 中此人的地址也一并去掉。管不到的：已经导出的报告、备份、git 历史、规则集的文字、审计日志、"
            "同事工作区里的快照；最新一次运行的快照仍含此人，用不含此人的数据再检查一次后重新抹去。"
            "问题的指纹由编号算出，知道编号的人仍能算出它。"
        ),
        (
            "Erase a person from the workspace: names, ids and accounts go from what runs found, from findings, notes "
            "and texts of decisions, and a random mark takes their place;\n"
            "snapshots that hold the person are removed. Counts and verdicts stay; the erasure is an entry of the "
            "audit trail, and audit verify goes on holding everything against it.\n"
            "PERSON is the id of a person or of an account, or a name that only one has. It cannot be undone.\n"
            "Their address leaves notices.yaml. Out of reach: reports that were exported, backups, git's history, the "
            "words of rule sets, the audit trail itself, snapshots in workspaces of colleagues. The newest run's "
            "snapshot stays: check data without the person, then erase again. A finding's fingerprint is made of ids: "
            "whoever knows the id can make it again."
        ),
    ),
    "cli.help.erase.reason": ("为什么抹去，记入审计日志", "why, for the audit trail"),
    "cli.erase.done": (
        "已抹去，原处写作 {mark}：{findings}个问题、{runs}次运行、{texts}处文字、{snapshots}个快照",
        "erased, {mark} stands in the place: {findings} {findings:finding|findings}, {runs} {runs:run|runs}, "
        "{texts} {texts:text|texts}, {snapshots} {snapshots:snapshot|snapshots}",
    ),
    "cli.erase.held": (
        "快照 {ids} 属于最新的运行，仍含此人：用不含此人的数据再检查一次，然后重新抹去",
        "the snapshots {ids} are of newest runs and still hold the person: check data without them, then erase again",
    ),
    "cli.erase.files": (
        "已改写 {files}：提交到 git 的旧版本仍有原文；其中的编号没有动，决定以它为据",
        "{files} changed: older versions in git keep the words; ids in there stay, for decisions rest on them",
    ),
    "cli.erase.entries": (
        "审计日志第 {entries} 条仍提到此人：审计日志只能追加",
        "entries {entries} of the audit trail go on naming the person: it can only grow",
    ),
    "cli.erase.reach": (
        "管不到的：已经导出的报告、备份、共用同一存储的同事工作区里的快照",
        "out of reach: exported reports, backups, and snapshots in workspaces of colleagues on the same store",
    ),
    "cli.help.audit": ("审计日志：核对与查看", "The audit trail: verify and read it"),
    "cli.help.audit.verify": (
        "核对审计日志的链条，指出第一处断裂。\n尾部被截或整体重写，只有用另行保存的末端值（--head）才能发现。",
        (
            "Check the chain and name the first entry that breaks it.\nA cut tail or a full rewrite shows "
            "only against a head kept elsewhere (--head)."
        ),
    ),
    "cli.help.audit.head": ("另行保存的末端值，可重复", "a head hash that was kept elsewhere; may be repeated"),
    "cli.help.audit.heads": (
        "另行保存末端值的文件（--head-to 写出），每行一个",
        "a file of heads kept elsewhere, as --head-to writes it, one a line",
    ),
    "cli.help.audit.show": ("按时间列出记录", "List the entries, oldest first"),
    "cli.import.estate": ("写入快照的文件夹", "folder to write the snapshot to"),
    "cli.import.recipe": ("导入配方的名称或YAML文件", "name of an import recipe, or a YAML file"),
    "cli.import.as-of": ("数据是什么时候的", "the moment the data are from"),
    "cli.import.timezone": ("没有写时区的时间按哪个时区", "zone of times without an offset"),
    "cli.import.lenient": (
        "有问题的单元格记为未知，认不出的行搁置到rejects.jsonl",
        "take bad cells as unknown, and set rows that nothing identifies aside in rejects.jsonl",
    ),
    "cli.import.preview": (
        "只读取并显示读法，不写入任何文件",
        "read, show how everything was read, and write nothing",
    ),
    "cli.import.strict": (
        "人工填写的表格也从严：读不懂的单元格、列和工作表都是错误",
        "spreadsheets that people keep are strict as well: what cannot be read in them is an error",
    ),
    "cli.import.previewed": ("只是预览，没有写入", "a preview: nothing was written"),
    "cli.import.unsure": (
        "拿不准：{question}（已按稳妥的读法处理）",
        "not sure: {question} (the safe reading was taken)",
    ),
    "cli.import.kept": ("回答已记入{file}，以后不再询问", "the answers are kept in {file}; nobody is asked again"),
    "cli.import.not-asked": (
        "另有{count}处拿不准，按稳妥的读法处理；用 --preview --format json 可全部列出",
        "{count} more are not sure; the safe reading was taken; --preview --format json lists them all",
    ),
    "cli.import.choose": ("请选一个编号，直接回车表示暂不确定", "a number, or Enter to leave it open"),
    "cli.import.choose-again": ("请输入1至{last}中的一个编号", "type a number from 1 to {last}"),
    "cli.import.ask-headers": ("列“{word}”是什么？", "what is the column “{word}”?"),
    "cli.import.ask-sheets": ("工作表“{word}”是哪张表？", "which table is the sheet “{word}”?"),
    "cli.import.ask-names": ("“{word}”是哪一位？", "who is “{word}”?"),
    "cli.import.cluster": (
        "由Dask集群读取附件中的文字：tls://HOST:PORT，或本机的N个进程",
        "let a Dask cluster read what files say: tls://HOST:PORT, or N processes here",
    ),
    "cli.import.force": ("替换已有的快照", "replace a snapshot that stands there"),
    "cli.import.look-at": (
        "图片和扫描页识别到什么程度：全部、只识别第一页、只识别第一页的版头、不识别；未识别之处结论为“未知”",
        "how much of pictures and scanned pages is read; what is not stays unknown",
    ),
    "cli.import.add": (
        "并入已有的快照：重新读取它由之而来的文件，同名的以这次为准",
        "add to the snapshot that stands there: what it was made of is read again, what has the same name is replaced",
    ),
    "cli.import.read": ("正在读取文件", "reading the files"),
    "cli.import.validate": ("正在核对", "checking what was read"),
    "cli.import.write": ("正在写入快照", "writing the snapshot"),
    "cli.import.done": ("已写入快照{id}：{folder}", "snapshot {id} written to {folder}"),
    "cli.import.rejected": ("搁置了{count}行，见{file}", "{count} {count:row was|rows were} set aside, see {file}"),
    "cli.rulesets.help": (
        "检查、解释规则集，运行其用例，输出其JSON Schema",
        "Check or explain a rule set, run its cases, print its JSON Schema",
    ),
    "cli.rulesets.check.help": (
        "检查规则集，一次报出所有错误，每处都有文件、行、列。\n退出码：0 没有错误；2 有错误。",
        (
            "Check a rule set and report every mistake at once, each with file, line and column.\nExit "
            "codes: 0 no mistake; 2 mistakes."
        ),
    ),
    "cli.rulesets.explain.help": (
        "逐个说明生效的值：哪个文件哪一行的值有效，哪些被取代。",
        "Say for every effective value which file and line won, and which lost with what.",
    ),
    "cli.rulesets.schema.help": (
        "输出规则集的JSON Schema，供编辑器使用。",
        "Print the JSON Schema of rule sets, for editors.",
    ),
    "cli.rulesets.test.help": (
        "运行规则集自写规则的用例（cases）。\n退出码：0 全部通过；4 有用例未通过；2 规则集有误，或没有用例。",
        (
            "Run the cases of the rules that a rule set writes itself.\nExit codes: 0 all passed; 4 a case failed; "
            "2 the rule set is wrong, or has no case."
        ),
    ),
    "cli.rulesets.no-cases": ("{name} 的自写规则没有用例", "no rule that {name} writes has a case"),
    "cli.rulesets.no-cases.why": ("没有运行任何用例，不能当作通过", "nothing was run, and that is no pass"),
    "cli.rulesets.no-cases.fix": ("在规则下写 cases", "write cases under the rule"),
    "cli.rulesets.untested": ("规则 {rule} 没有用例", "the rule {rule} has no case"),
    "cli.rulesets.tested": ("用例{total}个，未通过{failed}个", "{total} {total:case|cases}, {failed} failed"),
    "cli.rulesets.format": ("输出格式", "output format"),
    "cli.rulesets.ok": (
        "没有错误：规则{rules}条，条款{clauses}个，已覆盖{covered}个",
        "ok: {rules} {rules:rule|rules}, {clauses} {clauses:clause|clauses}, {covered} covered",
    ),
    "cli.rulesets.won": ("有效", "won"),
    "cli.rulesets.lost": ("被取代", "lost"),
    "cli.rulesets.default": ("规则的默认值", "the rule's default"),
    "cli.rulesets.warning": ("注意：", "warning: "),
    "cli.audit.holds": (
        "审计日志完好：{count}条，末端 {head}",
        "the audit trail holds: {count} {count:entry|entries}, head {head}",
    ),
}
