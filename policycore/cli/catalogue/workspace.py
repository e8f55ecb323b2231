"""Texts of the findings store: its errors, the workspace, recorded runs."""

TEXTS: dict[str, tuple[str, str]] = {
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
