"""Texts of what people ask for, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "operations.query.wrong": ("SQL不能运行：{words}", "the SQL does not run: {words}"),
    "operations.query.wrong.why": ("只能读总账的表，且只写一条SELECT", "it is one SELECT over the estate's tables"),
    "operations.query.wrong.fix": ("查看总账的参考文档", "see the reference of the estate"),
    "operations.query.too-much": ("超过{seconds}秒或内存上限", "it took longer than {seconds} s, or too much memory"),
    "operations.query.too-much.why": ("已停止", "it was stopped"),
    "operations.query.too-much.fix": ("缩小范围，或提高 --seconds", "ask for less, or raise --seconds"),
    "operations.query.and": ("、", ", "),
    "operations.try.no-rule": ("没有规则 {rule}", "there is no rule {rule}"),
    "operations.try.no-rule.why": ("没有可以运行的", "there is nothing to run"),
    "operations.try.no-rule.fix": (
        "写规则编号、FILE.py 或 SET.yaml#ID；policycore rules 列出已安装的规则",
        "give a rule, FILE.py or SET.yaml#ID; policycore rules lists what is installed",
    ),
    "operations.try.broken": ("规则文件不能载入：{words}", "the rule does not load: {words}"),
    "operations.try.broken.why": ("无法运行", "it cannot run"),
    "operations.try.broken.fix": ("改正后再试", "mend it and try again"),
    "operations.try.with": ("--with 应写作 名称=值", "--with is NAME=VALUE"),
    "operations.try.with.why": ("不知道是哪个参数", "it is unclear which parameter is meant"),
    "operations.try.with.fix": ("例如 --with grace_days=7", "for example --with grace_days=7"),
    "operations.try.separator": ("；", "; "),
    "operations.try.pass": ("没有发现问题，所需的值都有", "nothing is wrong with it, and every value needed is there"),
    "operations.try.unknown": ("缺少 {fields}，其值可能改变结论", "{fields} is missing, and could change the verdict"),
    "operations.try.absent": ("总账中没有这个编号", "the estate has no such id"),
    "operations.try.dissolved": (
        "群已解散，规则不看已解散的群",
        "its group is dissolved, and the rule leaves those alone",
    ),
    "operations.try.applies-to": (
        "规则集的适用范围不含它：{condition}",
        "the rule set's scope leaves it out: {condition}",
    ),
    "operations.try.applies-when": ("规则只适用于：{condition}", "the rule applies only when {condition}"),
    "operations.roles.no-users": ("这个数据库没有用户", "this database knows no users"),
    "operations.roles.no-users.why": (
        "SQLite文件只能按名字授予",
        "with SQLite roles go by the name in the audit trail",
    ),
    "operations.roles.no-users.fix": ("去掉 --database-user", "leave out --database-user"),
    "operations.roles.none": ("“{who}”没有角色", "“{who}” has no role"),
    "operations.roles.none.why": ("没有可以收回的", "there is nothing to take"),
    "operations.roles.none.fix": ("运行 policycore roles 查看", "policycore roles lists them"),
    "operations.roles.last": ("这样就没有管理员了", "then nobody would be administrator"),
    "operations.roles.last.why": ("以后谁也不能再改动角色", "and nobody could change roles any more"),
    "operations.roles.last.fix": (
        "先授予某人 administrator；全部收回时最后收回管理员",
        "give somebody the role administrator first; to take all, take that one last",
    ),
    "operations.plan.no-group": ("没有未解散的群 {group}", "there is no group {group} that is not dissolved"),
    "operations.plan.no-group.why": ("清单按群编号或群名列出", "a plan is made for an id or a name"),
    "operations.plan.no-group.fix": ("检查编号或群名", "check the id or name"),
    "operations.plan.several": ("叫 {group} 的群不止一个：{ids}", "several groups are called {group}: {ids}"),
    "operations.plan.several.why": ("不知道指哪一个", "it is unclear which one is meant"),
    "operations.plan.several.fix": ("写群编号", "give the id"),
    "operations.plan.nothing-said": (
        "群 {group} 没有成员公式，也没有登记成员范围",
        "the group {group} has neither a formula nor a scope",
    ),
    "operations.plan.nothing-said.why": ("不知道谁应在群内", "nobody has said who belongs in it"),
    "operations.plan.nothing-said.fix": (
        "在登记中写明成员范围，或在规则集 memberships 中写公式",
        "give its scope in the register, or a formula under memberships",
    ),
    "operations.plan.no-plugin": (
        "没有加载插件 policycore_composition",
        "the plugin policycore_composition is not loaded",
    ),
    "operations.plan.no-plugin.why": ("清单由它的规则得出", "its rules find what is planned"),
    "operations.plan.no-plugin.fix": ("检查 POLICYCORE_PLUGINS", "check POLICYCORE_PLUGINS"),
    "operations.undecided": (
        "读不到豁免、书面确认等决定，一项也没有计入",
        "what was decided cannot be read, and no waiver or attestation was counted",
    ),
    "operations.undecided.why": (
        "已豁免或已确认的问题在本报告中仍按未决列出，本次检查没有记录",
        "what is waived or attested is listed as open here, and the run was not recorded",
    ),
    "operations.undecided.fix": (
        "按另一条提示恢复数据库后再检查",
        "mend the store as the other message says, and check again",
    ),
    "operations.decision.expiring": ("{decision}还有{days}天到期", "{decision} expires in {days} days"),
    "operations.decision.status": ("{decision}不起作用：{why}", "{decision} has no effect: {why}"),
    "operations.lost": (
        "现在无法判断：{why}。上次的问题：{message}",
        "cannot be told now: {why}. Last time: {message}",
    ),
    # A run that was recorded.
    "operations.recorded": (
        "运行 {run} 已保存：新增{new} 重现{reopened} 解决{resolved} 失去数据{lost}",
        "run {run} kept: {new} new, {reopened} came back, {resolved} resolved, {lost} no longer visible",
    ),
    "operations.replay": (
        "运行 {run} 已保存为回放：它说的不是现在（数据早于最近一次运行、时间尚未到来，或用的是当时的规则），"
        "不改变问题状态",
        "run {run} kept as a replay: it does not speak of now (data older than the newest run's, a time that has not "
        "come, or the rules of then), so no state changes",
    ),
    "operations.cut": (
        "运行 {run} 提前结束，照此保存：可以报告，不改变任何问题的状态",
        "run {run} was cut short and is kept so: it can be reported, and changes the state of no finding",
    ),
    "operations.head": ("审计日志末端：{head}", "audit head: {head}"),
    "operations.imprecise": (
        "请关注：{rule}复核后仅{percent}%属实，低于{floor}%，应调整词语、例外或停用",
        "look at {rule}: {percent} % of what was reviewed was right, less than {floor} %; mend its words or "
        "exceptions, or leave it out",
    ),
    "operations.clock": (
        "系统时钟早于上一次运行的记录时间；运行按编号排序，不受影响",
        "the clock stands before the time of the run before; runs are ordered by number, so nothing is lost",
    ),
    "operations.bad-value": ("{name} 的值不可用", "the value of {name} cannot be used"),
    "operations.expected.choice": ("应为其一：{choices}", "expected one of {choices}"),
    "operations.expected.time": (
        "应为时间，如 2024-04-15 或 2024-04-15T09:00",
        "expected a time such as 2024-04-15 or 2024-04-15T09:00",
    ),
    "operations.expected.time-skipped": (
        "那时时钟拨快，没有这个钟点；请写出偏移，如 +02:00",
        "the clocks were put forward and never showed it; give an offset, such as +02:00",
    ),
    "operations.expected.time-twice": (
        "那时时钟拨慢，这个钟点出现过两次；请写出偏移，如 +02:00",
        "the clocks were put back and showed it twice; give an offset, such as +02:00",
    ),
    "operations.rejected": (
        "有{count}行数据有误，已搁置，未参加检查",
        "{count} bad rows were set aside and not judged",
    ),
    "operations.rejected.why": (
        "这些行里可能正有问题，所以结果不完整",
        "a violation may stand in one of them, so the result is incomplete",
    ),
    "operations.rejected.fix": (
        "改正这些行；policycore import --lenient 可把它们存入文件",
        "put the rows right; policycore import --lenient keeps them in a file",
    ),
    "operations.no-estate": ("没有文件夹 {path}", "there is no folder {path}"),
    "operations.no-estate.why": ("没有数据就无从检查", "without data nothing can be checked"),
    "operations.no-estate.fix": (
        "给出快照或交换格式的文件夹；policycore demo 会生成一个",
        "name a snapshot or an interchange folder; policycore demo writes one",
    ),
    "operations.no-snapshot": ("没有唯一以 {id} 开头的快照", "there is no one snapshot whose id begins with {id}"),
    "operations.no-snapshot.why": ("不会替您猜", "none is picked by chance"),
    "operations.no-snapshot.fix": ("运行 policycore snapshots 查看", "run policycore snapshots"),
    "operations.newest-snapshot": (
        "快照 {id} 属于最新的一次运行",
        "the snapshot {id} is that of a newest run",
    ),
    "operations.newest-snapshot.why": (
        "下一次检查要和它比较，缺了它就不知道什么消失了",
        "the next check is compared with it; without it nobody could tell what vanished",
    ),
    "operations.newest-snapshot.fix": (
        "用新的数据再检查一次，然后移除",
        "check newer data first, then remove it",
    ),
    "operations.erase.nobody": ("这里没有编号或姓名为 {name} 的人", "nobody here has the id or the name {name}"),
    "operations.erase.nobody.why": (
        "保留的快照和问题里都没有",
        "no snapshot that is kept and no finding knows them",
    ),
    "operations.erase.nobody.fix": ("给出人员名册中的编号", "give the id that stands in the directory"),
    "operations.erase.several": (
        "有几个人的编号或姓名为 {name}：{ids}",
        "several people have the id or the name {name}: {ids}",
    ),
    "operations.erase.several.why": (
        "抹去不能撤销，不会替您猜",
        "an erasure can't be undone, and nobody is picked by chance",
    ),
    "operations.erase.several.fix": ("给出编号", "give the id"),
    "operations.other-ruleset": ("运行{run}用的是 {used}，不是 {name}", "run {run} used {used}, not {name}"),
    "operations.other-ruleset.why": ("不会替您猜", "none is picked by chance"),
    "operations.other-ruleset.fix": ("写作 {used}@{run}", "write {used}@{run}"),
    "operations.code.other": (
        "规则集取自运行{run}，但执行它的代码与当时不同（{parts}）",
        "the rule set is that of run {run}, the code that judged is not (differs: {parts})",
    ),
    "operations.code.why": (
        "当时的参数由现在的代码执行，结论可能与当时不同",
        "today's code applies the parameters of then, and its verdicts may be others",
    ),
    "operations.code.fix": (
        "需要当时的结论时，用 policycore report 再次输出那次运行，或安装当时的版本",
        "for the verdicts of then, print that run again with policycore report, or install the versions of then",
    ),
    "operations.no-snapshots": ("工作区没有保留快照", "the workspace keeps no snapshot"),
    "operations.no-snapshots.why": ("没有可重放的数据", "there is nothing to replay"),
    "operations.no-snapshots.fix": ("先在工作区运行 policycore check", "run policycore check in the workspace first"),
    "operations.no-addresses": ("不知道发送到哪里", "there is no address to send to"),
    "operations.no-addresses.why": (
        "没有给出地址，插件也没有提供通知方式",
        "none was given and no plugin offers a notifier",
    ),
    "operations.no-addresses.fix": (
        "用 --to、环境变量 POLICYCORE_NOTIFY 或工作区的 notices.yaml 给出地址",
        "give one with --to, POLICYCORE_NOTIFY or the workspace's notices.yaml",
    ),
    "operations.audit.changed": ("第{sequence}条的内容被改动", "entry {sequence} was changed"),
    "operations.audit.gap": ("缺少第{sequence}条", "entry {sequence} is missing"),
    "operations.audit.unlinked": ("第{sequence}条与前一条不相连", "entry {sequence} does not follow the one before it"),
    "operations.audit.cut-off": (
        "保存的末端不在日志中：第{sequence}条起被截断，或日志被重写",
        "a head that was kept is not in the trail: it was cut off before entry {sequence}, or written anew",
    ),
    "operations.audit.why": ("此处之后的记录不可信", "nothing from there on can be trusted"),
    "operations.audit.no-head": ("“{word}”不是链头摘要（--head）", "“{word}” is no head hash (--head)"),
    "operations.audit.no-head.why": (
        "链头摘要是64位十六进制数；写错的不能说明记录被截断",
        "a head hash has 64 hexadecimal digits; a mistyped one shows nothing about the trail",
    ),
    "operations.audit.no-head.fix": (
        "照抄检查或 audit verify 打印的链头",
        "copy the head that a check or audit verify printed",
    ),
    "operations.heads.no-place": ("末端值不能保存在 {where}", "heads cannot be kept at {where}"),
    "operations.heads.no-place.why": (
        "应为已有文件夹中的文件，或 https:// 开头的地址",
        "it is a file in a folder that is there, or an https:// address",
    ),
    "operations.heads.no-place.fix": ("改正 --head-to", "correct --head-to"),
    "operations.heads.not-kept": (
        "运行已记录，但末端值未能保存到 {where}（{kind}）",
        "the run is recorded, but its head could not be kept at {where} ({kind})",
    ),
    "operations.heads.not-kept.why": (
        "没有另行保存的末端值，日志被截短就看不出来",
        "without a head kept elsewhere, a cut trail cannot be told",
    ),
    "operations.heads.not-kept.fix": (
        "恢复该处，再用 policycore audit verify 取得末端值",
        "mend that place, and take the head from policycore audit verify",
    ),
    "operations.heads.unreadable": (
        "无法读取末端值文件 {where}（{kind}）",
        "the heads in {where} cannot be read ({kind})",
    ),
    "operations.heads.unreadable.why": (
        "不核对另行保存的末端值，就不能断定日志完整",
        "the trail is whole only if the heads kept elsewhere stand in it",
    ),
    "operations.heads.unreadable.fix": ("检查 --heads 给出的文件", "look at the file that --heads names"),
    "operations.audit.fix": ("保留存储原样，从备份中找出差异", "keep the store as it is and compare it with a backup"),
    "operations.plugin-name": ("插件名 {name} 不可用", "{name} cannot be a plugin's name"),
    "operations.plugin-name.fix": (
        "用小写字母、数字和连字符，如 my-rules",
        "use lower-case letters, digits and hyphens, such as my-rules",
    ),
    "operations.plugin-taken": ("插件名 {name} 已被占用：{what}{by}", "{name} is taken: {what} {by}"),
    "operations.plugin-taken.why": (
        "同名的插件安装后会覆盖它，或与它冲突",
        "a plugin of that name would replace it or clash with it",
    ),
    "operations.plugin-taken.fix": ("换一个名称", "choose another name"),
    "operations.taken.module": ("Python自带的模块", "the standard library's module"),
    "operations.taken.package": ("已安装的包", "the installed package"),
    "operations.taken.distribution": ("已安装的发行包", "the installed distribution"),
    "operations.taken.plugin": ("已安装的插件", "the installed plugin"),
    "operations.taken.rule": ("已安装的规则", "the installed rule"),
    "operations.plugin-exists": ("{folder} 已经存在且不为空", "{folder} exists and is not empty"),
    "operations.plugin-exists.fix": (
        "换一个名称或用 --folder 指定位置",
        "choose another name, or a place with --folder",
    ),
    "operations.unwritable": ("无法写入 {path}（{reason}）", "{path} cannot be written ({reason})"),
    "operations.unwritable.why": ("没有写成任何完整的内容", "nothing complete was written"),
    "operations.unwritable.fix": (
        "换一个可写的文件夹，或检查其权限",
        "name a folder that can be written, or look at its permissions",
    ),
}
