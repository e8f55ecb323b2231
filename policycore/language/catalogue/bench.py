"""Texts of the bench: what is measured, on what, with which result."""

TEXTS: dict[str, tuple[str, str]] = {
    "bench.help": (
        "生成任意规模的总账（生成时间不计），分阶段测量：读入、校验、写快照、打开、每条规则、写报告，以及内存峰值。\n"
        "每项测量在独立进程中进行。\n"
        "--compare 用相同的五条规则与 cedarpy、c7n 对比（先运行 pip install 'policycore[bench]'）。",
        "Generate an estate of any size (not counted) and measure stage by stage: read, validate, write the snapshot, "
        "open, each rule, write the report, and the peak memory.\n"
        "Every measurement runs in a process of its own.\n"
        "--compare runs the same five rules with cedarpy and c7n (first pip install 'policycore[bench]').",
    ),
    "bench.groups": ("群的数量", "number of groups"),
    "bench.members": ("群成员条数，默认每群约30条", "number of memberships; about 30 a group by default"),
    "bench.messages": ("消息条数，默认每群2条", "number of messages; 2 a group by default"),
    "bench.seed": ("随机种子", "seed of the generator"),
    "bench.rules": (
        "运行哪些规则：metadata 是归属、准入、清理类全部规则，all 另加内容和保密规则",
        "which rules to run: metadata is every ownership, admission and dormancy rule, all adds content and secrecy",
    ),
    "bench.repeat": ("每项测量几次，取最快的一次", "measure so many times and keep the fastest run"),
    "bench.changed": (
        "再测一次：成员关系变动这一比例（如 0.01）之后的检查，与第一次对比",
        "measure a second run as well, after this share of the memberships has changed (0.01), beside the first",
    ),
    "bench.compare-help": ("与 cedarpy、c7n 对比", "compare with cedarpy and c7n"),
    "bench.no-startup": ("不测启动时间和规则集缓存", "leave out the start of the program and the rule set cache"),
    "bench.format": ("输出格式", "format of the figures"),
    "bench.generating": (
        "正在生成{groups}个群、{members}条群成员、{messages}条消息…",
        "generating {groups} groups, {members} memberships, {messages} messages…",
    ),
    "bench.importing": ("正在测量导入…", "measuring the import…"),
    "bench.checking": ("正在测量检查…", "measuring the check…"),
    "bench.changing": ("正在测量变动之后的检查…", "measuring a run after a change…"),
    "bench.again": ("变动{changed}条成员关系之后的检查", "A run after {changed} memberships changed"),
    "bench.wall": ("秒（全程）", "seconds, all"),
    "bench.cpu-all": ("CPU 秒", "CPU seconds"),
    "bench.evaluation": ("评估秒", "evaluation"),
    "bench.run.first": ("第一次，保存结果", "first run, kept"),
    "bench.run.again": ("变动之后，保存结果", "after the change, kept"),
    "bench.run.later": ("再过一天，保存结果", "a day later, kept"),
    "bench.run.full": ("变动之后，全部重判，不保存", "after the change, everything judged, not kept"),
    "bench.share": ("与第一次之比", "share of the first run"),
    "bench.starting": ("正在测量启动…", "measuring the start…"),
    "bench.comparing": ("正在与其他引擎对比…", "comparing with other engines…"),
    "bench.not-installed": ("未安装 {names}", "{names} not installed"),
    "bench.not-installed.why": ("--compare 要用它们", "--compare needs them"),
    "bench.not-installed.fix": ("运行 pip install 'policycore[bench]'", "run pip install 'policycore[bench]'"),
    "bench.failed": ("测量 {part} 失败：{reason}", "the measurement {part} failed: {reason}"),
    # The tables.
    "bench.machine": (
        "{processor}，{cores} 核，{system}\n"
        "Python {python}，DuckDB {duckdb}，PyArrow {pyarrow}，policycore {policycore}",
        "{processor}, {cores} cores, {system}\n"
        "Python {python}, DuckDB {duckdb}, PyArrow {pyarrow}, policycore {policycore}",
    ),
    "bench.estate": (
        "{groups} 个群，{memberships} 条群成员，{messages} 条消息",
        "{groups} groups, {memberships} memberships, {messages} messages",
    ),
    "bench.import": ("导入 CSV", "Import of CSV"),
    "bench.check": ("检查快照（{rules}）", "Check of the snapshot ({rules})"),
    "bench.startup": ("启动", "Start"),
    "bench.compare": ("相同的五条规则", "The same five rules"),
    "bench.seconds": ("秒", "seconds"),
    "bench.rows": ("行", "rows"),
    "bench.findings": ("问题", "findings"),
    "bench.total": ("合计", "total"),
    "bench.cpu": ("CPU 秒（所有核，含启动）", "CPU, all cores, start included"),
    "bench.peak": ("内存峰值", "peak memory"),
    "bench.per-group.first": ("评估，首次（每群）", "evaluation, first (and per group)"),
    "bench.per-group.again": ("评估，同一进程再次（每群）", "again in the same process"),
    "bench.per-group.opening": ("其中打开会话（每群）", "of which opening the session"),
    "bench.version": ("policycore --version（CPU 秒）", "policycore --version (CPU)"),
    "bench.ruleset": ("{rules} 条规则的规则集（CPU 秒）", "rule set of {rules} rules (CPU)"),
    "bench.micros": ("微秒/群", "µs/group"),
    "bench.failing": ("不合规", "failing"),
    "bench.same-verdicts": (
        "各引擎结论相同（不同则报错）",
        "all engines gave the same verdicts (anything else is an error)",
    ),
}
