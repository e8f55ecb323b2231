"""Texts of the findings store: its errors, the workspace, recorded runs."""

TEXTS: dict[str, tuple[str, str]] = {
    # The store and the workspace.
    "findings.store.url-unreadable": ("看不懂存储地址", "the store's address cannot be read"),
    "findings.store.url-unreadable.why": (
        "地址应为SQLite文件路径或 postgresql:// 开头的URL",
        "it is a path of an SQLite file or a postgresql:// URL",
    ),
    "findings.store.url-unreadable.fix": (
        "检查 --store 或 workspace.yaml 中的 store",
        "look at --store, or at store in workspace.yaml",
    ),
    "findings.store.url-unknown": ("不支持的数据库：{kind}", "no such kind of database: {kind}"),
    "findings.store.url-unknown.why": ("只支持SQLite和PostgreSQL", "SQLite and PostgreSQL are supported"),
    "findings.store.url-unknown.fix": ("改用 postgresql:// 地址或文件路径", "use a postgresql:// address or a path"),
    "findings.store.no-driver": ("未安装PostgreSQL驱动", "the PostgreSQL driver is not installed"),
    "findings.store.no-driver.why": ("连接PostgreSQL需要psycopg", "PostgreSQL is reached through psycopg"),
    "findings.store.no-driver.fix": ("安装psycopg后再试", "install psycopg and try again"),
    "findings.store.network": ("{path} 位于网络文件系统（{kind}）", "{path} lies on a network file system ({kind})"),
    "findings.store.network.why": (
        "SQLite在网络盘上无法可靠加锁，可能损坏数据",
        "SQLite cannot lock safely there and may lose data",
    ),
    "findings.store.network.fix": (
        "把工作区放在本地磁盘，或改用PostgreSQL",
        "put the workspace on a local disk, or use PostgreSQL",
    ),
    "findings.store.missing": ("打不开存储 {path}", "the store {path} cannot be opened"),
    "findings.store.missing.why": ("文件或文件夹不存在或不可访问", "the file or its folder is missing or out of reach"),
    "findings.store.missing.fix": (
        "先运行 policycore init，或检查路径",
        "run policycore init first, or look at the path",
    ),
    "findings.store.newer": (
        "存储 {path} 的结构版本 {revision} 比本程序新",
        "the store {path} has a newer schema ({revision}) than this program knows",
    ),
    "findings.store.newer.why": (
        "旧程序写入会损坏数据，因此什么也没有改动",
        "an older program would damage it, so nothing was touched",
    ),
    "findings.store.newer.fix": ("升级policycore，或改用原来的备份", "update policycore, or go back to a backup"),
    "findings.store.older": (
        "存储 {path} 的结构版本（{revision}）需要先升级",
        "the schema of the store {path} ({revision}) has to be brought up to date first",
    ),
    "findings.store.older.why": ("只读打开时不会改动结构", "opened for reading only, it is not changed"),
    "findings.store.older.fix": ("先以可写方式运行一次policycore", "run policycore once with write access"),
    "findings.store.busy": ("存储 {path} 正被其他程序占用", "the store {path} is in use"),
    "findings.store.busy.why": ("等待已超时，什么也没有写入", "waiting took too long; nothing was written"),
    "findings.store.busy.fix": ("稍后再试", "try again later"),
    "findings.store.read-only": ("存储 {path} 不可写", "the store {path} cannot be written"),
    "findings.store.read-only.why": (
        "结果没有保存，此前的记录不受影响",
        "the result was not kept; what was there before is unharmed",
    ),
    "findings.store.read-only.fix": (
        "给出写权限，或用 --no-store 只出报告",
        "grant write access, or use --no-store for a report only",
    ),
    "findings.store.full": ("磁盘已满或写入失败：{path}", "the disk is full or writing failed: {path}"),
    "findings.store.full.why": (
        "结果没有保存，此前的记录不受影响",
        "the result was not kept; what was there before is unharmed",
    ),
    "findings.store.full.fix": (
        "腾出空间后再试，可运行 policycore snapshots --gc 清理旧快照",
        "free some space and try again; policycore snapshots --gc removes old ones",
    ),
    "findings.store.corrupt": ("存储 {path} 已损坏", "the store {path} is damaged"),
    "findings.store.corrupt.why": (
        "数据库自身报告内容不完整，不能据此给出结论",
        "the database itself says so, and nothing may be concluded from it",
    ),
    "findings.store.corrupt.fix": (
        "如有备份（同目录的 .backup 文件）则用它恢复，否则移走后重新 init",
        "restore a backup if there is one (a .backup file beside it), or move it away and run init",
    ),
    "findings.store.foreign": (
        "{path} 是别的程序的数据库",
        "the database {path} belongs to another program",
    ),
    "findings.store.foreign.why": (
        "其中已有并非policycore建立的表，什么也没有改动",
        "it holds tables that policycore did not make; nothing was touched",
    ),
    "findings.store.foreign.fix": (
        "指定一个尚不存在的文件，或一个空的数据库",
        "name a file that is not there yet, or an empty database",
    ),
    "findings.store.changing": (
        "读取期间存储 {path} 有改动",
        "the store {path} changed while it was read",
    ),
    "findings.store.changing.why": (
        "没有写权限的账户无法加锁，读到的内容可能前后不一",
        "an account that may not write takes no lock, so what was read may not fit together",
    ),
    "findings.store.changing.fix": ("等写入结束后再试", "try again once the writing is over"),
    "findings.store.append-only": ("审计日志只能追加", "the audit trail can only grow"),
    "findings.store.append-only.why": (
        "数据库拒绝修改或删除其中的记录",
        "the database refuses to change or delete its entries",
    ),
    "findings.store.append-only.fix": ("不要直接修改存储", "leave the store's tables alone"),
    "findings.store.unreachable": ("连不上存储 {path}", "the store {path} cannot be reached"),
    "findings.store.unreachable.why": ("数据库没有应答或拒绝连接", "the database does not answer or refuses"),
    "findings.store.unreachable.fix": ("检查地址、网络和权限", "look at address, network and permissions"),
    "findings.store.failed": ("存储 {path} 出错（{kind}）", "the store {path} failed ({kind})"),
    "findings.store.failed.why": ("这次写入已全部撤销", "the write was undone as a whole"),
    "findings.store.failed.fix": (
        "运行 policycore audit verify 检查，必要时恢复备份",
        "run policycore audit verify; restore a backup if need be",
    ),
    "findings.store.no-run": ("没有运行记录 {name}", "there is no run {name}"),
    "findings.store.no-run.why": ("编号、latest 或 previous 都可以", "a number, latest or previous will do"),
    "findings.store.no-run.fix": ("运行 policycore history 查看", "run policycore history"),
    "findings.store.no-previous": (
        "规则集 {ruleset} 目前只有运行{run}",
        "there is only run {run} of the rule set {ruleset} so far",
    ),
    "findings.store.no-previous.why": ("它之前没有可比较的运行", "nothing came before it to compare it with"),
    "findings.store.no-previous.fix": (
        "再运行一次 policycore check，就有了第二次",
        "the next policycore check makes a second one",
    ),
    "findings.store.no-finding": ("没有编号以 {name} 开头的问题", "no finding's id begins with {name}"),
    "findings.store.no-finding.why": (
        "至少给出编号或指纹的前四位",
        "give four characters or more of its id or fingerprint",
    ),
    "findings.store.no-finding.fix": ("运行 policycore findings 查看编号", "run policycore findings to see the ids"),
    "findings.store.many-findings": ("有多个问题的编号以 {name} 开头", "several findings begin with {name}"),
    "findings.store.many-findings.why": ("不会替您猜", "none is picked by chance"),
    "findings.store.many-findings.fix": ("多给几位", "give more characters"),
    "findings.store.unwritable": ("无法写入 {path}（{kind}）", "{path} cannot be written ({kind})"),
    "findings.store.no-file": ("不是普通文件", "no ordinary file"),
    "findings.store.unwritable.why": ("没有改动任何文件", "no file was changed"),
    "findings.store.unwritable.fix": ("检查权限和磁盘空间", "look at permissions and free space"),
    "findings.store.locked": (
        "另一次运行占用着此工作区（进程{pid}，主机{host}，始于{since}）",
        "another run holds this workspace (process {pid} on {host}, since {since})",
    ),
    "findings.store.locked.why": ("同一工作区一次只运行一个", "one run at a time works in a workspace"),
    "findings.store.locked.fix": ("等它结束，或用 --wait 秒数 等待", "wait for it, or use --wait SECONDS"),
    "findings.lock.took-over": (
        "接管了意外终止的运行（进程{pid}，主机{host}，始于{since}）留下的锁",
        "took over the lock of a run that died (process {pid} on {host}, since {since})",
    ),
    "findings.workspace.none": ("这里没有工作区", "there is no workspace here"),
    "findings.workspace.none.why": (
        "问题的历史保存在工作区的 .policycore 文件夹中",
        "findings are kept in a workspace's .policycore folder",
    ),
    "findings.workspace.none.fix": (
        "先运行 policycore init，或用 --workspace 指定",
        "run policycore init first, or name one with --workspace",
    ),
    "findings.workspace.named": ("{path} 不是工作区", "{path} is no workspace"),
    "findings.workspace.named.why": ("其中没有 .policycore 文件夹", "it holds no .policycore folder"),
    "findings.workspace.named.fix": (
        "运行 policycore init，或改正 POLICYCORE_WORKSPACE",
        "run policycore init there, or correct POLICYCORE_WORKSPACE",
    ),
    "findings.workspace.other-store": (
        "工作区 {path} 已有另一个存储",
        "the workspace {path} has another store already",
    ),
    "findings.workspace.other-store.why": (
        "已有的工作区不会被改动，历史也不会搬家",
        "one that is there is left as it is, and its history would stay behind",
    ),
    "findings.workspace.other-store.fix": (
        "改 workspace.yaml 中的 store，或换一个文件夹",
        "change store in workspace.yaml, or take another folder",
    ),
    "findings.workspace.settings": ("看不懂 {path}", "{path} cannot be understood"),
    "findings.workspace.settings.why": ("应有 policycore: 1，可有 store:", "it has policycore: 1 and may have store:"),
    "findings.workspace.settings.fix": ("改正后再试", "correct it and try again"),
    "findings.workspace.key": ("密钥文件 {path} 缺失或已损坏", "the key file {path} is missing or damaged"),
    "findings.workspace.key.why": ("没有它无法对敏感内容做带密钥的摘要", "keyed hashes of evidence need it"),
    "findings.workspace.key.fix": ("从备份恢复该文件", "restore it from a backup"),
    "findings.workspace.ready": ("工作区已就绪：{path}", "the workspace is ready: {path}"),
    "findings.workspace.next": (
        "接下来：policycore check --ruleset 规则集 --estate 文件夹，再运行 policycore findings",
        "next: policycore check --ruleset NAME --estate FOLDER, then policycore findings",
    ),
    "findings.workspace.store": ("存储：{store}", "store: {store}"),
    "findings.workspace.backup": (
        "升级存储结构前已备份到 {path}",
        "the store was backed up to {path} before its schema was brought up to date",
    ),
    "findings.file.waivers": (
        "# 豁免清单。由人审阅后生效；注释会保留。policycore waive 会在此添加条目。\n",
        ("# Waivers, reviewed by people before they count; comments are kept. policycore waive adds entries here.\n"),
    ),
    "findings.file.attestations": (
        "# 书面确认清单。policycore attest 会在此添加条目。\n",
        "# Signed statements. policycore attest adds entries here.\n",
    ),
    # A run that was recorded.
    "findings.run.recorded": (
        "运行 {run} 已保存：新增{new} 重现{reopened} 解决{resolved} 失去数据{lost}",
        "run {run} kept: {new} new, {reopened} came back, {resolved} resolved, {lost} lost from sight",
    ),
    "findings.run.replay": (
        "运行 {run} 已保存为回放：它说的不是现在（数据早于最近一次运行、时间尚未到来，或用的是当时的规则），"
        "不改变问题状态",
        "run {run} kept as a replay: it does not speak of now (data older than the newest run's, a time that has not "
        "come, or the rules of then), so no state changes",
    ),
    "findings.run.cut": (
        "运行 {run} 提前结束，照此保存：可以报告，不改变任何问题的状态",
        "run {run} was cut short and is kept so: it can be reported, and changes the state of no finding",
    ),
    "findings.run.head": ("审计日志末端：{head}", "audit head: {head}"),
    "findings.run.clock": (
        "系统时钟早于上一次运行的记录时间；运行按编号排序，不受影响",
        "the clock stands before the time of the run before; runs are ordered by number, so nothing is lost",
    ),
}
