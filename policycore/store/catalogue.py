"""Texts of the store, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    # What the reasons for a waiver mean; a rule set may list others, which are shown as they are.
    "store.reason.transition": ("过渡期", "transition"),
    "store.reason.platform-limit": ("平台限制", "limit of the platform"),
    "store.reason.special-duty": ("特殊职责", "special duty"),
    "store.reason.handled-elsewhere": ("另行处理", "handled elsewhere"),
    "store.reason.legacy": ("历史遗留", "legacy"),
    "store.reason.baseline": ("基线", "baseline"),
    "store.reason.other": ("其他", "other"),
    "store.no-snapshot": ("工作区没有保留快照 {id}", "the workspace does not keep snapshot {id}"),
    "store.no-snapshot.why": ("批准资格要按那时的名册核实", "standing is shown by its directory"),
    "store.no-snapshot.fix": ("重新运行 policycore check", "run policycore check again"),
    # States and reasons.
    "store.state.new": ("新增", "new"),
    "store.state.open": ("未解决", "open"),
    "store.state.reopened": ("重现", "reopened"),
    "store.state.resolved": ("已解决", "resolved"),
    "store.state.waived": ("已豁免", "waived"),
    "store.state.attested": ("已确认", "attested"),
    "store.state.unknown": ("无法判断", "unknown"),
    "store.reason.found": ("首次发现", "found for the first time"),
    "store.reason.still-found": ("仍然存在", "still there"),
    "store.reason.came-back": ("解决后再次出现", "came back after it was resolved"),
    "store.reason.decision-ended": ("豁免或确认不再有效", "its waiver or attestation no longer counts"),
    "store.reason.no-longer-found": ("检查已不再发现", "no longer found"),
    "store.reason.data-missing": (
        "所需数据缺失，不能算作解决",
        "the data it needs is missing, so it is not resolved",
    ),
    "store.reason.subject-missing": (
        "对象已不在数据中，不能算作解决",
        "its subject is no longer in the data, so it is not resolved",
    ),
    "store.reason.rule-not-judged": (
        "此次检查没有判定该规则，不能算作解决",
        "its rule was not judged by the run, so it is not resolved",
    ),
    "store.reason.waiver": ("经批准豁免", "waived"),
    "store.reason.attestation": ("已书面确认", "attested"),
    "store.filter.no-key": ("没有筛选项“{name}”", "there is no filter called {name}"),
    "store.filter.no-value": ("“{name}”没有“{value}”", "no {name} is called “{value}”"),
    "store.filter.no-day": ("“{value}”不是日期，应写成2024-05-01", "“{value}” is no date such as 2024-05-01"),
    "store.filter.advice": ("{fault}，{advice}", "{fault}, {advice}"),
    "store.severity.error": ("错误", "error"),
    "store.severity.warning": ("警告", "warning"),
    "store.severity.info": ("提示", "info"),
    "store.history.state": ("运行{run}  {at}  {state}：{reason}", "run {run}  {at}  {state}: {reason}"),
    "store.diff.field.verdict": ("结论", "verdict"),
    "store.diff.field.severity": ("严重程度", "severity"),
    "store.diff.field.enforcement": ("执行方式", "enforcement"),
    "store.diff.field.clauses": ("条款", "clauses"),
    "store.diff.field.facts": ("事实", "facts"),
    "store.diff.field.message": ("说明", "message"),
    "store.diff.title": (
        "运行{before}（{before_date}）→ 运行{after}（{after_date}）",
        "run {before} ({before_date}) → run {after} ({after_date})",
    ),
    "store.diff.new": ("新增", "new"),
    "store.diff.fixed": ("已解决", "fixed"),
    "store.diff.unknown": ("失去数据，无法判断", "no longer visible, not known"),
    "store.diff.changed": ("有变化", "changed"),
    "store.diff.decided": ("新获豁免或确认", "waived or attested since"),
    "store.diff.undecided": ("豁免或确认失效", "no longer waived or attested"),
    "store.diff.still": ("仍然存在", "still there"),
    "store.diff.rulesets": (
        "两次运行的规则集不同（{before}，{after}），差异不全是群组的变化",
        "the runs used different rule sets ({before}, {after}); not every difference is a change of the groups",
    ),
    # What people did, and who may.
    "store.act.note": ("问题的记录{id}", "the note {id} of a finding"),
    "store.act.tick": ("整改步骤的勾选{id}", "the tick {id} of a step"),
    "store.act.assigned": ("问题{id}的承办人", "who works on finding #{id}"),
    "store.act.lives": ("规则集{id}的问题清单", "the list of findings of {id}"),
    "store.act.decision": ("决定{id}", "the decision {id}"),
    "store.act.role": ("角色{id}", "the role {id}"),
    "store.act-altered": ("{what}与登记时不同", "{what} is not what was recorded"),
    "store.act-added": ("{what}没有登记过，不算数", "{what} was never recorded, and does not count"),
    "store.act-gone": ("{what}已不在数据库中", "{what} is gone from the database"),
    "store.act": ("{what}", "{what}"),
    "store.act.why": (
        "审计记录封存了人们所做的一切，有人绕过本程序改动了数据库",
        "the audit trail seals what people do, and somebody changed the database past this program",
    ),
    "store.act.fix": (
        "恢复备份；运行 policycore audit verify 查看全部改动",
        "restore a backup; policycore audit verify names all that was changed",
    ),
    "store.role.reader": ("查看人员", "reader"),
    "store.role.officer": ("经办人员", "officer"),
    "store.role.approver": ("审批人员", "approver"),
    "store.role.administrator": ("管理员", "administrator"),
    "store.not-allowed": (
        "“{who}”的角色是{has}，此项操作须{needed}",
        "“{who}” is {has}; this takes the role {needed}",
    ),
    "store.not-allowed.why": ("什么也没有写入", "nothing was written"),
    "store.not-allowed.fix": (
        "运行 policycore roles 查看角色；检查可加 --no-store 只出报告",
        "policycore roles lists who is what; a check with --no-store only reports",
    ),
    # The store and the workspace.
    "store.url-unreadable": ("看不懂存储地址", "the store's address cannot be read"),
    "store.url-unreadable.why": (
        "地址应为SQLite文件路径或 postgresql:// 开头的URL",
        "it is a path of an SQLite file or a postgresql:// URL",
    ),
    "store.url-unreadable.fix": (
        "检查 --store 或 workspace.yaml 中的 store",
        "look at --store, or at store in workspace.yaml",
    ),
    "store.url-unknown": ("不支持的数据库：{kind}", "no such kind of database: {kind}"),
    "store.url-unknown.why": ("只支持SQLite和PostgreSQL", "SQLite and PostgreSQL are supported"),
    "store.url-unknown.fix": ("改用 postgresql:// 地址或文件路径", "use a postgresql:// address or a path"),
    "store.no-driver": ("未安装PostgreSQL驱动", "the PostgreSQL driver is not installed"),
    "store.no-driver.why": ("连接PostgreSQL需要psycopg", "PostgreSQL is reached through psycopg"),
    "store.no-driver.fix": ("安装psycopg后再试", "install psycopg and try again"),
    "store.network": ("{path} 位于网络文件系统（{kind}）", "{path} lies on a network file system ({kind})"),
    "store.network.why": (
        "SQLite在网络盘上无法可靠加锁，可能损坏数据",
        "SQLite cannot lock safely there and may lose data",
    ),
    "store.network.fix": (
        "把工作区放在本地磁盘，或改用PostgreSQL",
        "put the workspace on a local disk, or use PostgreSQL",
    ),
    "store.missing": ("打不开存储 {path}", "the store {path} cannot be opened"),
    "store.missing.why": ("文件或文件夹不存在或不可访问", "the file or its folder is missing or out of reach"),
    "store.missing.fix": (
        "先运行 policycore init，或检查路径",
        "run policycore init first, or look at the path",
    ),
    "store.other-schema": (
        "存储 {path} 由另一版本的policycore建立（结构版本{found}，本程序使用{known}）",
        "the store {path} was made by another version of policycore (schema {found}, this program uses {known})",
    ),
    "store.other-schema.why": (
        "结构不同的存储既不读取也不改动",
        "a store with another schema is neither read nor changed",
    ),
    "store.other-schema.fix": (
        "用建立它的版本打开，或用 policycore init 新建工作区",
        "open it with the version that made it, or make a new workspace with policycore init",
    ),
    "store.busy": ("存储 {path} 正被其他程序占用", "the store {path} is in use"),
    "store.busy.why": ("等待已超时，什么也没有写入", "waiting took too long; nothing was written"),
    "store.busy.fix": ("稍后再试", "try again later"),
    "store.read-only": ("存储 {path} 不可写", "the store {path} cannot be written"),
    "store.read-only.why": (
        "结果没有保存，此前的记录不受影响",
        "the result was not kept; what was there before is unharmed",
    ),
    "store.read-only.fix": (
        "给出写权限，或用 --no-store 只出报告",
        "grant write access, or use --no-store for a report only",
    ),
    "store.full": ("磁盘已满或写入失败：{path}", "the disk is full or writing failed: {path}"),
    "store.full.why": (
        "结果没有保存，此前的记录不受影响",
        "the result was not kept; what was there before is unharmed",
    ),
    "store.full.fix": (
        "腾出空间后再试，可运行 policycore snapshots --gc 清理旧快照",
        "free some space and try again; policycore snapshots --gc removes old ones",
    ),
    "store.corrupt": ("存储 {path} 已损坏", "the store {path} is damaged"),
    "store.corrupt.why": (
        "数据库自身报告内容不完整，不能据此给出结论",
        "the database itself says so, and nothing may be concluded from it",
    ),
    "store.corrupt.fix": (
        "有备份则用备份恢复，否则移走后重新 init",
        "restore a backup if there is one, or move it away and run init",
    ),
    "store.foreign": (
        "{path} 是别的程序的数据库",
        "the database {path} belongs to another program",
    ),
    "store.foreign.why": (
        "其中已有并非policycore建立的表，什么也没有改动",
        "it holds tables that policycore did not make; nothing was touched",
    ),
    "store.foreign.fix": (
        "指定一个尚不存在的文件，或一个空的数据库",
        "name a file that is not there yet, or an empty database",
    ),
    "store.changing": (
        "读取期间存储 {path} 有改动",
        "the store {path} changed while it was read",
    ),
    "store.changing.why": (
        "没有写权限的账户无法加锁，读到的内容可能前后不一",
        "an account that may not write takes no lock, so what was read may not fit together",
    ),
    "store.changing.fix": ("等写入结束后再试", "try again once the writing is over"),
    "store.append-only": ("审计日志只能追加", "the audit trail can only grow"),
    "store.append-only.why": (
        "数据库拒绝修改或删除其中的记录",
        "the database refuses to change or delete its entries",
    ),
    "store.append-only.fix": ("不要直接修改存储", "leave the store's tables alone"),
    "store.unreachable": ("连不上存储 {path}", "the store {path} cannot be reached"),
    "store.unreachable.why": ("数据库没有应答或拒绝连接", "the database does not answer or refuses"),
    "store.unreachable.fix": ("检查地址、网络和权限", "look at address, network and permissions"),
    "store.failed": ("存储 {path} 出错（{kind}）", "the store {path} failed ({kind})"),
    "store.failed.why": ("这次写入已全部撤销", "the write was undone as a whole"),
    "store.failed.fix": (
        "运行 policycore audit verify 检查，必要时恢复备份",
        "run policycore audit verify; restore a backup if need be",
    ),
    "store.altered": ("存储中的 {what} 已被改动或删除", "{what} in the store was altered or taken out"),
    "store.altered.why": (
        "内容与记录时的摘要不符，不能据此给出结论",
        "it is not what its hash says it was, and nothing may be concluded from it",
    ),
    "store.altered.fix": (
        "运行 policycore audit verify 查看全部改动，用备份恢复",
        "policycore audit verify names all that was altered; restore a backup",
    ),
    "store.let-go": (
        "运行{run}的明细已按保留期限清理",
        "what run {run} found was let go for its age",
    ),
    "store.let-go.why": (
        "历史里还有它的条数和结论，逐条内容已不在",
        "its numbers stay in the history; finding by finding it is no longer there",
    ),
    "store.let-go.fix": (
        "policycore audit show 说明何时清理；需要原文时用当时导出的报告或备份",
        "policycore audit show says when; use a report that was exported then, or a backup",
    ),
    "store.sealed": (
        "运行{run}的记录已被改动或删除：{parts}",
        "the record of run {run} was altered or taken out: {parts}",
    ),
    "store.sealed.why": (
        "内容与审计日志封存的摘要不符，不能据此给出结论",
        "it is not what the audit trail sealed, and nothing may be concluded from it",
    ),
    "store.sealed.fix": (
        "运行 policycore audit verify 查看全部改动，用备份恢复",
        "policycore audit verify names all that was altered; restore a backup",
    ),
    "store.life-altered": (
        "问题 {finding}（规则集 {ruleset}）的记录已被改动：{columns}",
        "the record of finding {finding} of the rule set {ruleset} was altered: {columns}",
    ),
    "store.life-added": (
        "问题 {finding}（规则集 {ruleset}）不是由任何运行记录的",
        "no run recorded finding {finding} of the rule set {ruleset}",
    ),
    "store.life-gone": (
        "规则集 {ruleset} 的问题 {finding} 已被删除",
        "finding {finding} of the rule set {ruleset} was taken out",
    ),
    "store.lives-altered": (
        "规则集 {ruleset} 另有{count}个问题的记录已被改动",
        "the records of {count} more findings of the rule set {ruleset} were altered",
    ),
    "store.life-altered.why": (
        "它不符合审计日志封存的运行记录",
        "it does not follow from the runs that the audit trail sealed",
    ),
    "store.life-altered.fix": ("用备份恢复存储", "restore a backup of the store"),
    "store.no-run": ("没有运行记录 {name}", "there is no run {name}"),
    "store.no-run.why": ("编号、latest 或 previous 都可以", "a number, latest or previous will do"),
    "store.no-run.fix": ("运行 policycore history 查看", "run policycore history"),
    "store.no-previous": (
        "规则集 {ruleset} 目前只有运行{run}",
        "there is only run {run} of the rule set {ruleset} so far",
    ),
    "store.no-previous.why": ("它之前没有可比较的运行", "nothing came before it to compare it with"),
    "store.no-previous.fix": (
        "再运行一次 policycore check，就有了第二次",
        "the next policycore check makes a second one",
    ),
    "store.no-finding": ("没有编号以 {name} 开头的问题", "no finding's id begins with {name}"),
    "store.no-finding.why": (
        "至少给出编号或指纹的前四位",
        "give four characters or more of its id or fingerprint",
    ),
    "store.no-finding.fix": ("运行 policycore findings 查看编号", "run policycore findings to see the ids"),
    "store.many-findings": ("有多个问题的编号以 {name} 开头", "several findings begin with {name}"),
    "store.many-findings.why": ("不会替您猜", "none is picked by chance"),
    "store.many-findings.fix": ("多给几位", "give more characters"),
    "store.workspace.named": ("{path} 不是工作区", "{path} is no workspace"),
    "store.workspace.named.why": ("其中没有 .policycore 文件夹", "it holds no .policycore folder"),
    "store.workspace.named.fix": (
        "运行 policycore init，或改正 POLICYCORE_WORKSPACE",
        "run policycore init there, or correct POLICYCORE_WORKSPACE",
    ),
    "store.workspace.other-store": (
        "工作区 {path} 已有另一个存储",
        "the workspace {path} has another store already",
    ),
    "store.workspace.other-store.why": (
        "已有的工作区不会被改动，历史也不会搬家",
        "one that is there is left as it is, and its history would stay behind",
    ),
    "store.workspace.other-store.fix": (
        "改 workspace.yaml 中的 store，或换一个文件夹",
        "change store in workspace.yaml, or take another folder",
    ),
    "store.not-a-duration": ("{value} 不是有效的时长", "{value} is not a valid length of time"),
    "store.not-a-duration.why": ("据此判断检查是否漏做", "it tells whether a check was missed"),
    "store.not-a-duration.fix": ("写成 1d、12h 的形式", "write it like 1d or 12h"),
    "store.key-lost": ("没有密钥文件 {path}", "the key file {path} is gone"),
    "store.key-lost.why": (
        "对敏感内容做带密钥的摘要要用它，没有它不能与以前的摘要比对",
        "keyed hashes of evidence need it, and nothing can be compared with those of before",
    ),
    "store.key-lost.fix": (
        "从备份恢复该文件；确实找不回来时运行 policycore key rotate --lost 换用新密钥",
        "restore it from a backup; where there is none, policycore key rotate --lost begins with a new one",
    ),
    "store.key-damaged": ("密钥文件 {path} 已损坏", "the key file {path} is damaged"),
    "store.key-damaged.why": (
        "每一行应是64个以上的十六进制数字",
        "every line holds 64 hexadecimal digits or more",
    ),
    "store.key-damaged.fix": (
        "从备份恢复该文件；确实找不回来时运行 policycore key rotate --lost 换用新密钥",
        "restore it from a backup; where there is none, policycore key rotate --lost begins with a new one",
    ),
    "store.key-closed": ("无权读取密钥文件 {path}（{kind}）", "this account may not read the key file {path} ({kind})"),
    "store.key-closed.why": (
        "同一工作区须用同一把密钥，不会另换一把",
        "one workspace has one key, and no other is made up",
    ),
    "store.key-closed.fix": (
        "请其所有者把文件改为您所在的组可读：chmod g+r",
        "ask its owner to let a group read it that you are in: chmod g+r",
    ),
    "store.password-in-settings": ("{path} 中写有存储的密码", "{path} holds the password of the store"),
    "store.password-in-settings.why": ("该文件会提交到 git", "git takes that file"),
    "store.password-in-settings.fix": (
        "从地址中删去密码，写入同一文件夹的 {name}（仅本人可读），或设置环境变量 PGPASSWORD",
        "take it out of the address; put it into {name} beside it, for its owner alone, or set PGPASSWORD",
    ),
    "store.password-closed": (
        "读不了存储的密码 {path}（{kind}）",
        "the store's password {path} can't be read ({kind})",
    ),
    "store.password-closed.why": ("没有密码连不上存储", "without it the store can't be reached"),
    "store.password-closed.fix": (
        "请其所有者放开权限，或设置环境变量 PGPASSWORD",
        "ask its owner for the right to read it, or set PGPASSWORD",
    ),
    "store.file.waivers": (
        "# 手工维护、经人审阅的豁免清单：数据库中没有任何决定时才起作用。\n"
        "# policycore waive 把豁免记入数据库；policycore waive --import 导入本文件。\n",
        "# Waivers written by hand and reviewed by people; they count as long as the store holds no decision.\n"
        "# policycore waive records in the store, policycore waive --import takes this file there.\n",
    ),
    "store.file.attestations": (
        "# 手工维护的书面确认清单：数据库中没有任何决定时才起作用。\n"
        "# policycore attest 把书面确认记入数据库；policycore attest --import 导入本文件。\n",
        "# Signed statements written by hand; they count as long as the store holds no decision.\n"
        "# policycore attest records in the store, policycore attest --import takes this file there.\n",
    ),
    "store.missed.title": ("检查没有按时运行", "A check did not run when it was due"),
    "store.missed": (
        "上次完整运行是{last}，约定每{every}一次，错过了{missed}次",
        "the last complete run was {last}; one is due every {every}, {missed} did not happen",
    ),
    "store.missed.clock": (
        "上次运行记录的时间{last}晚于现在，时钟可能被拨回，无法判断是否错过",
        "the last run is dated {last}, later than now: the clock may have gone back, so nobody can tell",
    ),
    "store.missed.step": ("查看定时任务为何没有运行", "find out why the scheduled job did not run"),
    "store.ruleset.gone": ("没有保留规则集 {hash}", "the rule set {hash} is not kept"),
    "store.ruleset.gone.why": (
        "只保留在此工作区运行过的规则集",
        "only rule sets that ran in this workspace are kept",
    ),
    "store.ruleset.gone.fix": ("改用规则集文件", "name the rule set's file instead"),
    "store.ruleset.unreadable": ("保留的规则集 {hash} 不可用", "the kept rule set {hash} cannot be used"),
    "store.ruleset.unreadable.why": (
        "文件已改动，或其中的规则已不再安装",
        "its file was changed, or a rule in it is no longer installed",
    ),
    "store.ruleset.unreadable.fix": (
        "安装所需的插件，或改用规则集文件",
        "install the plugin it needs, or name the rule set's file",
    ),
    "store.workspace.none": ("这里没有工作区", "there is no workspace here"),
    "store.workspace.none.why": (
        "问题的历史保存在工作区的 .policycore 文件夹中",
        "findings are kept in a workspace's .policycore folder",
    ),
    "store.workspace.none.fix": (
        "先运行 policycore init，或用 --workspace 指定",
        "run policycore init first, or name one with --workspace",
    ),
}
