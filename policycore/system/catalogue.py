"""Texts of locks and files, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "system.unwritable": ("无法写入 {path}（{kind}）", "{path} cannot be written ({kind})"),
    "system.no-file": ("不是普通文件", "no ordinary file"),
    "system.unwritable.why": ("没有改动任何文件", "no file was changed"),
    "system.unwritable.fix": ("检查权限和磁盘空间", "look at permissions and free space"),
    "system.locked": (
        "另一次运行占用着此工作区（进程{pid}，主机{host}，始于{since}）",
        "another run holds this workspace (process {pid} on {host}, since {since})",
    ),
    "system.locked.why": ("同一工作区一次只运行一个", "one run at a time works in a workspace"),
    "system.locked.fix": ("等它结束，或用 --wait 秒数 等待", "wait for it, or use --wait SECONDS"),
    "system.copied": (
        "插件不得复制或替换本进程（{name}，multiprocessing默认如此）：请用线程，或用subprocess启动别的程序",
        "a plugin must not copy or replace this process ({name}, as multiprocessing does by default): "
        "use threads, or start another program with subprocess",
    ),
    "system.threads-left": (
        "它启动的线程在它结束后仍在运行（{names}）",
        "threads that it started still ran after it had ended ({names})",
    ),
    "system.end-held-up": (
        "程序结束时 {name} 超过{seconds}秒没有完成，已强行结束",
        "{name} held up the end of the program for more than {seconds} s, and was ended",
    ),
    "system.left-running": (
        "命令结束时仍在运行的线程或进程已被终止：{names}",
        "threads or processes still ran when the command was over, and were ended: {names}",
    ),
    "system.memory": ("{name} 应写成 512MB、4GB 这样", "{name} is written like 512MB or 4GB"),
    "system.memory.why": (
        "它限制数据库使用的内存，至少{least}",
        "it bounds what the database may use, {least} at the least",
    ),
    "system.memory.fix": ("改正或取消这个变量", "correct the variable or unset it"),
}
