"""Texts of what people ask for, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "operations.decision.expiring": ("{decision}还有{days}天到期", "{decision} expires in {days} days"),
    "operations.decision.status": ("{decision}不起作用：{why}", "{decision} has no effect: {why}"),
    "operations.lost": (
        "现在无法判断：{why}。上次的问题：{message}",
        "cannot be told now: {why}. Last time: {message}",
    ),
    "operations.backup": (
        "升级存储结构前已备份到 {path}",
        "the store was backed up to {path} before its schema was brought up to date",
    ),
    # A run that was recorded.
    "operations.recorded": (
        "运行 {run} 已保存：新增{new} 重现{reopened} 解决{resolved} 失去数据{lost}",
        "run {run} kept: {new} new, {reopened} came back, {resolved} resolved, {lost} lost from sight",
    ),
    "operations.replay": (
        "运行 {run} 已保存为回放：它说的不是现在（数据早于最近一次运行、时间尚未到来，或用的是当时的规则），"
        "不改变问题状态",
        "run {run} kept as a replay: it does not speak of now (data older than the newest run's, a time that has not "
        "come, or the rules of then), so no state changes",
    ),
    "operations.head": ("审计日志末端：{head}", "audit head: {head}"),
    "operations.clock": (
        "系统时钟早于上一次运行的记录时间；运行按编号排序，不受影响",
        "the clock stands before the time of the run before; runs are ordered by number, so nothing is lost",
    ),
}
