"""Texts of unattended runs: budgets, logs, schedules, missed runs, notices, impact, forecast."""

TEXTS: dict[str, tuple[str, str]] = {
    # Runs that nobody watches.
    "headless.cli.budget": (
        "时间预算(如60s、5m),用完后在规则之间停下,退出码5,下次运行从此处继续",
        "time budget (60s, 5m); when it is used up the run stops between two rules with exit code 5, and the next one goes on from there",
    ),
    "headless.cli.full": ("不使用以往结果,全部重新判定", "judge every rule anew, reuse nothing of earlier runs"),
    "headless.cli.log": (
        "把运行日志按JSON行写入文件;- 表示标准错误;不含数据和密钥",
        "append a log of the run as JSON lines to a file, - for stderr; it holds no data and no secrets",
    ),
    "headless.cli.expected-every": (
        "多久应检查一次(如24h),错过的运行会成为下次的问题",
        "how often a check is due (24h); a run that was missed is a finding of the next one",
    ),
    "headless.expected.duration": ("应为时长,如 60s、5m、24h、7d", "it is a duration such as 60s, 5m, 24h, 7d"),
    "headless.log": ("无法写入日志({kind})", "the log cannot be written ({kind})"),
    "headless.log.why": ("没有开始检查", "the check was not begun"),
    "headless.log.fix": ("检查路径和权限", "look at its path and permissions"),
    "headless.missed.title": ("检查按时运行", "Checks run when they are due"),
    "headless.missed": (
        "上次完整运行是{last},约定每{every}一次,错过了{missed}次",
        "the last complete run was {last}; one is due every {every}, {missed} did not happen",
    ),
    "headless.missed.clock": (
        "上次运行记录的时间{last}晚于现在,时钟可能被拨回,无法判断是否错过",
        "the last run is dated {last}, later than now: the clock may have gone back, nobody can tell whether one was missed",
    ),
    "headless.missed.step": ("查看定时任务为何没有运行", "find out why the scheduled job did not run"),
    "headless.ruleset.gone": ("没有保留规则集 {hash}", "the rule set {hash} is not kept"),
    "headless.ruleset.gone.why": ("只保留在此工作区运行过的规则集", "only rule sets that ran in this workspace are kept"),
    "headless.ruleset.gone.fix": ("改用规则集文件", "name the rule set's file instead"),
    "headless.ruleset.unreadable": ("保留的规则集 {hash} 不可用", "the kept rule set {hash} cannot be used"),
    "headless.ruleset.unreadable.why": (
        "文件已改动,或其中的规则已不再安装",
        "its file was changed, or a rule in it is no longer installed",
    ),
    "headless.ruleset.unreadable.fix": (
        "安装所需的插件,或改用规则集文件",
        "install the plugin it needs, or name the rule set's file",
    ),
    "headless.ruleset.other": ("运行{run}用的是 {used},不是 {name}", "run {run} used {used}, not {name}"),
    "headless.ruleset.other.why": ("不会替您猜", "none is picked by chance"),
    "headless.ruleset.other.fix": ("写作 {used}@{run}", "write {used}@{run}"),
}
