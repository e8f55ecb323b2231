"""Texts of unattended runs: budgets, logs, schedules, missed runs, notices, impact, forecast."""

TEXTS: dict[str, tuple[str, str]] = {
    # Runs that nobody watches.
    "cli.help.budget": (
        "时间预算（如60s、5m），用完后在规则之间停下，退出码5；已判定的照常报告，不改变问题状态",
        "time budget (60s, 5m); when it is used up the run stops between rules with exit code 5 and changes no state",
    ),
    "cli.help.log": (
        "把运行日志按JSON行写入文件；- 表示标准错误；不含数据和密钥",
        "append a log of the run as JSON lines to a file, - for stderr; it holds no data and no secrets",
    ),
    "cli.help.quiet": (
        "不说每次运行都有的话（已保存、审计日志末端）；有 --log 时写入日志",
        "do not say what every kept run says (kept, audit head); a --log has it",
    ),
    "cli.help.expected-every": (
        "多久应检查一次（如24h），错过的运行会成为下次的问题",
        "how often a check is due (24h); a run that was missed is a finding of the next one",
    ),
    "cli.expected.duration": ("应为时长，如 60s、5m、24h、7d", "it is a duration such as 60s, 5m, 24h, 7d"),
    "cli.log": ("无法写入日志（{kind}）", "the log cannot be written ({kind})"),
    "cli.log.why": ("没有开始检查", "the check was not begun"),
    "cli.log.fix": ("检查路径和权限", "look at its path and permissions"),
    # Jobs.
    "cli.run": (
        "运行任务文件：导入、按各规则集检查、输出报告、发送通知、写出指标\n"
        "退出码与 check 相同，取各步中最严重的；--dry-run 只检查所需的是否齐备。",
        "Run a job file: import, check by each rule set, write reports, send notices, write metrics\n"
        "Exit codes are those of check, the worst of all steps; --dry-run only looks whether all that is needed is "
        "there.",
    ),
    "cli.run.dry-run": ("只检查，不运行", "only look, run nothing"),
    "cli.run.quiet": (
        "只说出了差错或需要留意的；cron会把说的每句话寄出",
        "only tell what failed or needs a look; cron mails every word",
    ),
    "cli.run.ready": ("{job}：可以运行，规则集 {rulesets}", "{job}: ready to run, rule sets {rulesets}"),
    "cli.run.imported": ("数据快照 {id}，数据时间 {as_of}", "snapshot {id}, data of {as_of}"),
    "cli.run.checked": (
        "{ruleset}\t运行{run}\t必须整改{errors}\t应当整改{warnings}\t提示{infos}\t无法判断{gaps}\t退出码{code}",
        "{ruleset}\trun {run}\tmust-fix {errors}\tshould-fix {warnings}\tinfo {infos}\tunknown {gaps}\texit {code}",
    ),
    "cli.run.step.import": ("没有检查：数据读不了", "nothing was judged: the data cannot be read"),
    "cli.run.step.check": ("{ruleset}：检查失败", "{ruleset}: the check failed"),
    "cli.run.step.report": ("{ruleset}：报告没有写出", "{ruleset}: a report was not written"),
    "cli.run.step.notices": ("通知没有发送", "no notice was sent"),
    "cli.run.step.metrics": ("指标没有写出", "the metrics were not written"),
    # Schedulers.
    "cli.schedule": (
        "输出可直接使用的定时任务：systemd单元、crontab行、Kubernetes CronJob或Windows计划任务；不能运行的不输出",
        "Print ready units for systemd, cron, Kubernetes or the Windows Task Scheduler; nothing for what cannot run",
    ),
    "cli.schedule.job": ("任务文件（见 policycore run）", "job file, see policycore run"),
    "cli.schedule.one": (
        "要么给出 --job，要么给出 --ruleset 和 --estate",
        "give either --job, or --ruleset and --estate",
    ),
    "cli.schedule.one.why": ("否则不知道运行什么", "it would be unclear what is to run"),
    "cli.schedule.one.fix": ("任务文件可以做得更多", "a job file can do more"),
    "cli.schedule.no-program": ("找不到程序 {name}", "there is no program {name}"),
    "cli.schedule.no-program.why": ("任务无法启动", "the job could not start"),
    "cli.schedule.no-program.fix": ("检查 --program", "look at --program"),
    "cli.schedule.workspace": (
        "工作区所在文件夹（k8s为容器内路径，默认/workspace）",
        "folder with the workspace; for k8s the path in the container, /workspace by default",
    ),
    "cli.schedule.at": ("每天运行的时刻", "time of day"),
    "cli.schedule.day": ("只在这些星期运行，可重复", "only on this day of the week; may be repeated"),
    "cli.schedule.zone": ("时刻所在的时区", "time zone of that time"),
    "cli.schedule.name": ("任务名", "name of the job"),
    "cli.schedule.program": ("policycore程序的路径", "path of the policycore program"),
    "cli.schedule.image": ("容器镜像（k8s）", "container image (k8s)"),
    "cli.schedule.claim": (
        "保存工作区的PersistentVolumeClaim(k8s)",
        "PersistentVolumeClaim that holds the workspace (k8s)",
    ),
    "cli.schedule.output": (
        "把文件写入此文件夹，而不是标准输出",
        "write the files into this folder instead of printing them",
    ),
    "cli.schedule.no-estate": ("在 {folder} 中找不到总账 {name}", "there is no estate {name} in {folder}"),
    "cli.schedule.no-estate.why": ("在此处运行的任务会以退出码3结束", "a job that runs here would end with 3"),
    "cli.schedule.no-estate.fix": (
        "先用 policycore import 建立它，或用 --workspace 给出任务所在的文件夹",
        "make it with policycore import, or name the job's folder with --workspace",
    ),
    "cli.schedule.no-lock": ("在 {folder} 中找不到锁定文件 {name}", "there is no lock {name} in {folder}"),
    "cli.schedule.no-lock.why": ("在此处运行的任务会以退出码2结束", "a job that runs here would end with 2"),
    "cli.schedule.no-lock.fix": ("运行 policycore plugin lock 写出它", "write it with policycore plugin lock"),
    "cli.schedule.unset": (
        "注意：{what}。在运行任务的机器上为运行它的用户设置（systemd的Environment=，crontab的一行“名称=值”），否则任务以退出码2结束",
        "note: {what}; set it for the user that runs the job, on the machine that runs it (Environment= of systemd, a "
        "line NAME=value of the crontab), or the job ends with 2",
    ),
    "cli.schedule.outside": ("{name} 不在挂载的 {folder} 之内", "{name} leads out of the mounted {folder}"),
    "cli.schedule.outside.why": ("容器里没有它", "the container does not have it"),
    "cli.schedule.outside.fix": (
        "放进工作区所在的卷，写成相对于 {folder} 的路径",
        "put it on the volume of the workspace and name it from {folder}",
    ),
    "cli.schedule.next.systemd": (
        "复制到 /etc/systemd/system 后：systemctl enable --now {name}.timer",
        "copy them to /etc/systemd/system, then: systemctl enable --now {name}.timer",
    ),
    "cli.schedule.next.cron": ("用 crontab -e 加入以上各行", "add these lines with crontab -e"),
    "cli.schedule.next.k8s": ("kubectl apply -f {name}.yaml", "kubectl apply -f {name}.yaml"),
    "cli.schedule.next.windows": (
        "schtasks /Create /TN {name} /XML {name}.xml（时刻按本机时区）",
        "schtasks /Create /TN {name} /XML {name}.xml (the time is the machine's own)",
    ),
    "cli.expected.clock": ("应为 HH:MM", "it is HH:MM"),
    "cli.expected.printable": ("不能含换行等控制字符", "line ends and control characters cannot stand in a unit"),
    "cli.expected.name": ("只能用小写字母、数字和连字符", "lower-case letters, digits and hyphens"),
    "cli.expected.zone": ("应为时区名，如 Asia/Shanghai", "it is a time zone such as Asia/Shanghai"),
    # Notices.
    "cli.notify": (
        "把一次运行的新问题、有变化的和到期的按责任人汇总发送；不含证据，同样的话不说第二遍\n"
        "notify addresses：列出每位责任人有没有地址；地址写在工作区的notices.yaml中："
        "policycore: 1、mail（发信服务器）、everybody（收到全部）、people（人员编号: 邮箱、apprise地址或env:变量名）。",
        "Send what is new, changed or due in a run, one digest a person; never evidence, nothing twice\n"
        "notify addresses lists whether each responsible person has an address. Addresses stand in the workspace's "
        "notices.yaml: policycore: 1, mail (server for mailboxes), everybody (who gets all of it), people (person id: "
        "a mailbox, an apprise URL, or env:NAME).",
    ),
    "cli.notify.to": (
        "发送地址（apprise的URL：邮件、企业微信、钉钉、飞书、webhook等），可重复",
        "address (an apprise URL: e-mail, WeCom, DingTalk, Feishu, webhooks); may be repeated",
    ),
    "cli.notify.due-within": ("多久内到期的问题也列入", "also list what is due within this time"),
    "cli.notify.retries": ("发送失败后最多再试几次", "further attempts after a failure, at most"),
    "cli.notify.dry-run": ("只显示内容，不发送", "print what would be sent, send nothing"),
    "cli.notify.format": ("notify addresses 的输出格式", "format of notify addresses"),
    "cli.notify.import": (
        "notify addresses：收下填好地址的名单（CSV），写入工作区的notices.yaml",
        "notify addresses: take a filled-in list (CSV) into the workspace's notices.yaml",
    ),
    "cli.notify.taken": ("已写入{count}个地址", "{count} {count:address|addresses} written"),
    "cli.notify.none": ("没有需要通知的问题", "there is nothing to tell"),
    "cli.notify.failed": (
        "{name} 发送失败，共试{attempts}次",
        "{name} could not be sent in {attempts} {attempts:attempt|attempts}",
    ),
    "cli.notify.sent": ("已发送{sent}，失败{failed}", "{sent} sent, {failed} failed"),
    # Impact and forecast.
    "cli.impact": (
        "用保留的快照重放新旧规则集，列出会出现、消失、改变的问题和会失效的豁免\n"
        "规则集可写作 NAME@RUN，即某次运行所用的那个",
        "Replay kept snapshots under two rule sets: what would appear, vanish, change, and waivers that would lapse\n"
        "Either may be NAME@RUN, the rule set that a stored run used.",
    ),
    "cli.impact.snapshot": ("重放这个快照，可重复", "replay this snapshot; may be repeated"),
    "cli.impact.newest": ("重放最新的几个快照", "how many of the newest snapshots to replay"),
    "cli.impact.incomplete": ("有规则出错，比较不完整", "a rule broke, the comparison is incomplete"),
    "cli.impact.title": ("快照 {snapshot} · {date}", "Snapshot {snapshot} · {date}"),
    "cli.impact.appear": ("会出现", "would appear"),
    "cli.impact.vanish": ("会消失", "would vanish"),
    "cli.impact.unknown": ("会变为无法判断", "would become unknown"),
    "cli.impact.change": ("会改变", "would change"),
    "cli.impact.departments": ("按部门", "by department"),
    "cli.impact.clauses": ("按条款", "by clause"),
    "cli.impact.lapse": ("会失效的豁免和书面确认", "waivers and attestations that would lapse"),
    "cli.forecast": (
        "列出仅随时间推移就会出现的问题（宽限期、豁免和确认到期、期限）及日期",
        "List findings that time alone will bring (grace periods, expiries, deadlines), with the date of each",
    ),
    "cli.forecast.days": ("看多少天", "how many days to look ahead"),
    "cli.forecast.ruleset": ("规则集，默认为最近一次运行所用", "rule set; that of the latest run by default"),
    "cli.forecast.snapshot": ("快照，默认为最近一次运行所用", "snapshot; that of the latest run by default"),
    "cli.forecast.every": ("隔几天判定一次", "judge every so many days"),
    "cli.forecast.progress": ("判定{count}/{total}：{date}", "judgement {count} of {total}: {date}"),
    "cli.forecast.count": (
        "今后{days}天将出现{count}个问题",
        "{count} {count:finding|findings} to come within {days} {days:day|days}",
    ),
    "cli.until-then.fail": ("此前：不通过", "until then: fail"),
    "cli.until-then.suspect": ("此前：存疑", "until then: suspect"),
    "cli.until-then.unknown": ("此前：未知", "until then: unknown"),
    "cli.until-then.needs-attestation": ("此前：待确认", "until then: needs an attestation"),
    "cli.until-then.attested": ("此前：已书面确认", "until then: attested"),
    "cli.until-then.waived": ("此前：已豁免", "until then: waived"),
    "cli.until-then.error": ("此前：规则出错", "until then: the rule broke"),
    # What there is to know about a finding.
    "cli.finding.subject": ("对象", "about"),
    "cli.finding.responsible": ("部门与责任人", "department and responsible"),
    "cli.finding.verdict": ("结论", "verdict"),
    "cli.finding.says": ("情况", "what"),
    "cli.finding.clause": ("条款", "clause"),
    "cli.finding.why": ("为何", "why"),
    "cli.finding.rule": ("规则", "rule"),
    "cli.finding.parameters": ("参数", "parameters"),
    "cli.finding.facts": ("事实", "facts"),
    "cli.finding.source": ("出处", "source"),
    "cli.finding.step": ("整改", "to do"),
    "cli.finding.decision": ("决定", "decision"),
    "cli.finding.state": ("经过", "history"),
    "cli.import.help": (
        "读取文件夹或文件，检查每一行，写成不可更改的快照。\n接受CSV、JSONL、Parquet、XLSX；其他格式用导入配方。\n"
        "退出码：0 全部读出；3 有读不出来的（读得出的文件已导入）。",
        "Read folders or files, check every row, and write an immutable snapshot.\n"
        "Takes CSV, JSONL, Parquet and XLSX; other shapes with an import recipe.\n"
        "Exit codes: 0 all was read; 3 something could not be read (files that could be are imported).",
    ),
    "cli.import.unread": (
        "{count}个文件读不出来，见上；其余已导入",
        "{count} {count:file|files} could not be read, see above; the rest was imported",
    ),
    "cli.no-temporary": ("没有能写的临时文件夹", "no folder for temporary files can be written"),
    "cli.no-temporary.why": ("读取数据要用它", "reading data needs one"),
    "cli.no-temporary.fix": ("腾出磁盘空间，或用 TMPDIR 另指一个", "free some space, or name another one with TMPDIR"),
}
