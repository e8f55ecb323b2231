"""Texts of what is printed about findings: states, lists, the help of commands."""

TEXTS: dict[str, tuple[str, str]] = {
    # States and reasons.
    "findings.state.new": ("新增", "new"),
    "findings.state.open": ("未解决", "open"),
    "findings.state.reopened": ("重现", "reopened"),
    "findings.state.resolved": ("已解决", "resolved"),
    "findings.state.waived": ("已豁免", "waived"),
    "findings.state.attested": ("已确认", "attested"),
    "findings.state.unknown": ("无法判断", "unknown"),
    "findings.reason.found": ("首次发现", "found for the first time"),
    "findings.reason.still-found": ("仍然存在", "still there"),
    "findings.reason.came-back": ("解决后再次出现", "came back after it was resolved"),
    "findings.reason.decision-ended": ("豁免或确认不再有效", "its waiver or attestation no longer counts"),
    "findings.reason.no-longer-found": ("检查已不再发现", "no longer found"),
    "findings.lost": ("现在无法判断：{why}。上次的问题：{message}", "cannot be told now: {why}. Last time: {message}"),
    "findings.reason.data-missing": (
        "所需数据缺失，不能算作解决",
        "the data it needs is missing, so it is not resolved",
    ),
    "findings.reason.subject-missing": (
        "对象已不在数据中，不能算作解决",
        "its subject is no longer in the data, so it is not resolved",
    ),
    "findings.reason.rule-not-judged": (
        "该规则未参与此次检查，不能算作解决",
        "its rule was not part of the run, so it is not resolved",
    ),
    "findings.reason.waiver": ("经批准豁免", "waived"),
    "findings.reason.attestation": ("已书面确认", "attested"),
    "findings.severity.error": ("错误", "error"),
    "findings.severity.warning": ("警告", "warning"),
    "findings.severity.info": ("提示", "info"),
    # Lists.
    "findings.list.none": ("没有符合条件的问题", "no finding fits"),
    "findings.list.count": ("共{total}个，显示{shown}个", "{shown} of {total}"),
    "findings.list.first-seen": ("{date}起", "since {date}"),
    "findings.list.due": ("{date}到期", "due {date}"),
    "findings.list.overdue": ("{date}已逾期", "overdue since {date}"),
    "findings.history.none": ("还没有运行记录", "no run was recorded yet"),
    "findings.history.run": (
        (
            "{id}  {as_of}  {ruleset}  错误{errors} 警告{warnings} 提示{infos} 无法判断{unknowns} "
            "豁免{waived}  （+{new} 重现{reopened} -{resolved}）{mark}"
        ),
        (
            "{id}  {as_of}  {ruleset}  errors {errors}, warnings {warnings}, infos {infos}, unknown "
            "{unknowns}, waived {waived}  (+{new}, back {reopened}, -{resolved}){mark}"
        ),
    ),
    "findings.history.replay": ("  [回放]", "  [replay]"),
    "findings.history.cut": ("  [提前结束]", "  [cut short]"),
    "findings.cut-short": (
        "{ruleset}：以下是运行{run}的状态，已过{days}天；最近的运行{cut}提前结束",
        "{ruleset}: state of run {run}, {days} days old; the newest run {cut} was cut short",
    ),
    "findings.cut-short.none": (
        "{ruleset}：还没有完整的运行；运行{cut}提前结束",
        "{ruleset}: no run has come to its end; run {cut} was cut short",
    ),
    "findings.history.incomplete": ("  [不完整]", "  [incomplete]"),
    "findings.history.state": ("运行{run}  {at}  {state}：{reason}", "run {run}  {at}  {state}: {reason}"),
    "findings.history.said": ("运行{first}至{last}：{message}", "runs {first} to {last}: {message}"),
    "findings.history.said-once": ("运行{first}：{message}", "run {first}: {message}"),
    "findings.history.now": ("现在", "now"),
    "findings.history.note": ("{at}  {author}：{text}", "{at}  {author}: {text}"),
    "findings.diff.field.verdict": ("结论", "verdict"),
    "findings.diff.field.severity": ("严重程度", "severity"),
    "findings.diff.field.enforcement": ("执行方式", "enforcement"),
    "findings.diff.field.clauses": ("条款", "clauses"),
    "findings.diff.field.facts": ("事实", "facts"),
    "findings.diff.field.message": ("说明", "message"),
    "findings.diff.title": (
        "运行{before}（{before_date}）→ 运行{after}（{after_date}）",
        "run {before} ({before_date}) → run {after} ({after_date})",
    ),
    "findings.diff.new": ("新增", "new"),
    "findings.diff.fixed": ("已解决", "fixed"),
    "findings.diff.unknown": ("失去数据，无法判断", "lost from sight, not known"),
    "findings.diff.changed": ("有变化", "changed"),
    "findings.diff.decided": ("新获豁免或确认", "waived or attested since"),
    "findings.diff.undecided": ("豁免或确认失效", "no longer waived or attested"),
    "findings.diff.still": ("仍然存在", "still there"),
    "findings.diff.rulesets": (
        "两次运行的规则集不同（{before}，{after}），差异不全是群组的变化",
        "the runs used different rule sets ({before}, {after}); not every difference is a change of the groups",
    ),
    # Commands: help.
    "findings.cli.init": (
        "在文件夹中建立工作区：保存问题历史、快照、豁免、审计日志。\n已有的工作区不会被改动。",
        (
            "Make a folder a workspace: findings over time, snapshots, waivers, the audit trail.\nOne that "
            "is there already is left as it is."
        ),
    ),
    "findings.cli.init.store": (
        "存储地址：SQLite文件或 postgresql:// URL；默认在工作区内",
        "store address: an SQLite file or a postgresql:// URL; inside the workspace by default",
    ),
    "findings.cli.workspace": (
        "工作区所在文件夹；默认从当前目录向上找",
        "the workspace's folder; found upwards from here by default",
    ),
    "findings.cli.store": (
        "改用另一个存储（文件或 postgresql:// URL）",
        "another store (a file or a postgresql:// URL)",
    ),
    "findings.cli.findings": (
        (
            "列出问题及其状态，可按条件筛选。默认只列出仍需处理的。\n"
            "筛选值可用 * 代表任意字符；同一选项可重复，表示任一。"
        ),
        (
            "List findings with their states, narrowed by filters; by default those that still need "
            "somebody.\nA * in a value stands for anything; the same option given twice means either."
        ),
    ),
    "findings.policy.unknown": ("没有参数“{name}”", "there is no parameter “{name}”"),
    "findings.policy.unknown.why": (
        "以waiver开头的参数规定谁可批准豁免、理由和期限，写错就等于没有规定",
        "parameters that begin with waiver say who may approve, why and how long; a mistyped one says nothing",
    ),
    "findings.policy.unknown.fix": ("可用：{known}", "these are known: {known}"),
    "findings.policy.list": ("“{name}”应为一个词或词的列表", "“{name}” is a word or a list of words"),
    "findings.policy.list.why": ("空的规定等于人人可以批准", "an empty one would let anybody approve"),
    "findings.policy.list.fix": ("写明职级、职责或理由，或删除该参数", "name ranks, duties or reasons, or remove it"),
    "findings.policy.number": ("“{name}”应为0到3660的整数（天）", "“{name}” is a whole number of days from 0 to 3660"),
    "findings.policy.number.why": ("它规定豁免最长多久", "it says how long a waiver may last"),
    "findings.policy.number.fix": ("改正天数；0表示不得豁免", "correct it; 0 allows no waiver"),
    "findings.keep.one-estate": ("须给出 --estate 或 --snapshot 之一", "give either --estate or --snapshot"),
    "findings.keep.one-estate.why": ("否则不知道检查哪份数据", "it says which data is checked"),
    "findings.keep.one-estate.fix": ("policycore snapshots 列出保留的快照", "policycore snapshots lists the kept ones"),
    "findings.keep.no-snapshot": ("没有唯一以 {id} 开头的快照", "there is no one snapshot whose id begins with {id}"),
    "findings.keep.no-snapshot.why": ("不会替您猜", "none is picked by chance"),
    "findings.keep.no-snapshot.fix": ("运行 policycore snapshots 查看", "run policycore snapshots"),
    "findings.cli.snapshot": (
        "检查工作区保留的快照，代替 --estate",
        "check a snapshot that the workspace keeps, instead of --estate",
    ),
    "findings.cli.no-store": (
        "只出报告，不保存到工作区（豁免与确认仍然生效）",
        "report only, keep nothing (waivers and attestations still count)",
    ),
    "findings.cli.wait": (
        "工作区被占用时最多等待的秒数，默认不等",
        "seconds to wait for a workspace in use; none by default",
    ),
    "findings.cli.filter": ("只列出该项等于此值的问题", "only findings with this value"),
    "findings.cli.words": ("内容须含此词，可重复", "only findings that hold this word; may be repeated"),
    "findings.cli.everything": ("也列出已解决、已豁免、已确认的", "also what is resolved, waived or attested"),
    "findings.cli.sort": ("排序", "order"),
    "findings.cli.limit": ("最多列出多少个（0为全部）", "how many at most (0 for all)"),
    "findings.cli.offset": ("跳过前多少个", "how many to skip"),
    "findings.cli.format": (
        "list 为带状态的清单；其余与 check 相同",
        "list shows states; the others are those of check",
    ),
    "findings.cli.output": ("写入文件，默认标准输出", "write to a file instead of standard output"),
    "findings.cli.counts": ("只按此项计数", "count by this instead of listing"),
    "findings.cli.due": ("只列出在此日期之前到期的", "only what is due before this date"),
    "findings.cli.history": (
        "不带参数：列出历次运行。给出问题编号：说明它的来龙去脉。",
        "Without an argument, list the runs; with a finding's id, tell its life.",
    ),
    "findings.cli.history.ruleset": ("只列出此规则集的运行", "only runs of this rule set"),
    "findings.cli.diff": (
        (
            "比较两次运行：新增、解决、变化、豁免、失去数据。运行用编号、latest 或 previous 表示。\n"
            "退出码：有新增则为1。"
        ),
        (
            "Compare two runs: new, fixed, changed, waived, lost from sight. A run is a number, latest or "
            "previous.\nExit code 1 when something is new."
        ),
    ),
    "findings.cli.diff.all": ("也列出没有变化的", "list what did not change, too"),
    "findings.cli.json": ("输出JSON", "write JSON"),
    "findings.cli.report": (
        "把保存的某次运行按任一格式重新输出",
        "Write the report of a stored run again, in any format",
    ),
    "findings.cli.snapshots": (
        "列出工作区保留的快照；--gc 按保留规则清理其余的，并记入审计日志。",
        (
            "List the snapshots that the workspace keeps; --gc removes what the keep policy lets go, with "
            "an audit entry."
        ),
    ),
    "findings.cli.snapshots.gc": ("清理不再保留的快照", "remove what the keep policy lets go"),
    "findings.cli.snapshots.newest": ("至少保留最新的若干个", "keep at least so many of the newest"),
    "findings.cli.snapshots.days": ("保留最近若干天内的全部", "keep all of the last so many days"),
    "findings.cli.snapshots.months": (
        "更早的每月保留一个，共若干个月",
        "keep one a month for so many months before that",
    ),
    "findings.snapshots.none": ("没有保留的快照", "no snapshot is kept"),
    "findings.snapshots.removed": ("已清理{count}个快照", "{count} snapshots removed"),
    "findings.cli.audit": ("审计日志：核对与查看", "The audit trail: verify and read it"),
    "findings.cli.audit.verify": (
        "核对审计日志的链条，指出第一处断裂。\n尾部被截或整体重写，只有用另行保存的末端值（--head）才能发现。",
        (
            "Check the chain and name the first entry that breaks it.\nA cut tail or a full rewrite shows "
            "only against a head kept elsewhere (--head)."
        ),
    ),
    "findings.cli.audit.head": ("另行保存的末端值，可重复", "a head hash that was kept elsewhere; may be repeated"),
    "findings.cli.audit.show": ("按时间列出记录", "List the entries, oldest first"),
    "findings.audit.holds": (
        "审计日志完好：{count}条，末端 {head}",
        "the audit trail holds: {count} entries, head {head}",
    ),
    "findings.audit.changed": ("第{sequence}条的内容被改动", "entry {sequence} was changed"),
    "findings.audit.gap": ("缺少第{sequence}条", "entry {sequence} is missing"),
    "findings.audit.unlinked": ("第{sequence}条与前一条不相连", "entry {sequence} does not follow the one before it"),
    "findings.audit.cut-off": (
        "保存的末端不在日志中：第{sequence}条起被截断，或日志被重写",
        "a head that was kept is not in the trail: it was cut off before entry {sequence}, or written anew",
    ),
    "findings.audit.why": ("此处之后的记录不可信", "nothing from there on can be trusted"),
    "findings.audit.no-head": ("“{word}”不是链头摘要（--head）", "“{word}” is no head hash (--head)"),
    "findings.audit.no-head.why": (
        "链头摘要是64位十六进制数；写错的不能说明记录被截断",
        "a head hash has 64 hexadecimal digits; a mistyped one shows nothing about the trail",
    ),
    "findings.audit.no-head.fix": (
        "照抄检查或 audit verify 打印的链头",
        "copy the head that a check or audit verify printed",
    ),
    "findings.audit.fix": ("保留存储原样，从备份中找出差异", "keep the store as it is and compare it with a backup"),
}
