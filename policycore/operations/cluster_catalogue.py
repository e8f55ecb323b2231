"""Texts on checks whose work other processes and machines share, in both languages."""

__all__ = ["CLUSTER"]

CLUSTER: dict[str, tuple[str, str]] = {
    "operations.cluster.address": (
        "集群地址 {address} 看不懂",
        "the cluster {address} is no address",
    ),
    "operations.cluster.address.why": ("不知道把检查分给谁", "it is unclear who is to share the work"),
    "operations.cluster.address.fix": (
        "写 tls://HOST:PORT，或 local、local:N（N为1到{most}）",
        "give tls://HOST:PORT, or local or local:N with N from 1 to {most}",
    ),
    "operations.cluster.plain": (
        "{address} 在别的机器上，且没有加密",
        "{address} is on another machine, and not encrypted",
    ),
    "operations.cluster.plain.why": (
        "发送的内容包含工作区密钥和检查发现",
        "the key of the workspace and what was found would be sent",
    ),
    "operations.cluster.plain.fix": (
        "让调度器和工作进程使用TLS，地址写 tls://HOST:PORT",
        "let scheduler and workers use TLS, and give tls://HOST:PORT",
    ),
    "operations.cluster.missing": ("没有安装 Dask distributed", "Dask distributed is not installed"),
    "operations.cluster.missing.why": ("--cluster 需要它", "--cluster needs it"),
    "operations.cluster.missing.fix": (
        "运行 python -m pip install 'policycore[cluster]'",
        "run python -m pip install 'policycore[cluster]'",
    ),
    "operations.cluster.certificates": (
        "TLS所需的证书不全或不能读取 {words}",
        "the certificates for TLS are not all named, or cannot be read {words}",
    ),
    "operations.cluster.certificates.why": (
        "没有证书就不能确认对方，也不能加密",
        "without them nobody knows who answers, and nothing is encrypted",
    ),
    "operations.cluster.certificates.fix": (
        "设置环境变量 DASK_DISTRIBUTED__COMM__TLS__CA_FILE、…__CLIENT__CERT 和 …__CLIENT__KEY",
        "set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY",
    ),
    "operations.cluster.unreached": (
        "集群 {address} 没有应答：{words}",
        "the cluster {address} does not answer: {words}",
    ),
    "operations.cluster.unreached.why": ("没有检查任何内容", "nothing was checked"),
    "operations.cluster.unreached.fix": (
        "确认调度器和至少一个工作进程在运行，且证书出自同一个CA；或去掉 --cluster",
        "see that the scheduler and a worker run, and that one CA signed all certificates; or leave out --cluster",
    ),
    "operations.cluster.differs": (
        "工作进程 {worker} 的 {part} 是 {there}，这里是 {here}",
        "the worker {worker} has {part} {there}, here it is {here}",
    ),
    "operations.cluster.differs.why": (
        "不同的程序得出的结论不能合在一起",
        "what different programs find does not add up",
    ),
    "operations.cluster.differs.fix": ("在各台机器上安装相同的版本", "install the same on every machine"),
    "operations.cluster.no-program": (
        "工作进程 {worker} 不能运行 policycore：{words}",
        "the worker {worker} cannot run policycore: {words}",
    ),
    "operations.cluster.no-program.why": ("那里没有安装，或安装的不同", "it is not installed there, or another one is"),
    "operations.cluster.no-program.fix": (
        "在它的环境中安装同一版本的 policycore[cluster]，再重新启动它",
        "install the same policycore[cluster] in its environment and start it again",
    ),
    "operations.cluster.no-snapshot": (
        "--estate 不是快照，别的机器看不到临时导入的内容",
        "--estate is no snapshot, and other machines do not see what is imported for one run",
    ),
    "operations.cluster.no-snapshot.why": (
        "工作进程从同一路径读取快照",
        "workers read the snapshot under the same path",
    ),
    "operations.cluster.no-snapshot.fix": (
        "先用 policycore import 写到共享文件夹，再检查它",
        "write it to a shared folder with policycore import, and check that",
    ),
    "operations.cluster.no-data": (
        "工作进程 {worker} 看到的数据与这里的不同",
        "the worker {worker} does not see the data that are seen here",
    ),
    "operations.cluster.no-data.why": ("不能由它读取", "it cannot read them"),
    "operations.cluster.no-data.fix": (
        "放到各台机器以同一路径都能看到的共享文件夹；用对象存储时，在那台机器上也设置凭据",
        "keep them where every machine sees them under the same path; with an object store, set credentials there too",
    ),
    "operations.cluster.no-file": (
        "那里看不到文件 {file}，或内容不同",
        "the file {file} is not seen there, or another one",
    ),
    "operations.cluster.failed": ("工作进程 {worker} 出错：{words}", "the worker {worker} failed: {words}"),
    "operations.cluster.failed.why": (
        "结果不完整，没有记录",
        "the result would be incomplete, and nothing is recorded",
    ),
    "operations.cluster.failed.fix": (
        "确认规则的模块在各台机器上都能导入、内存足够；或去掉 --cluster",
        "see that every machine can import the rules and has enough memory; or leave out --cluster",
    ),
    "operations.cluster.killed": (
        "任务 {task} 几次使工作进程中断，已放弃",
        "the task {task} was given up: worker after worker died over it",
    ),
    "operations.cluster.killed.why": ("多半是内存不足", "most likely for want of memory"),
    "operations.cluster.killed.fix": (
        "给工作进程更多内存，或减少同一台机器上的工作进程",
        "give workers more memory, or start fewer on a machine",
    ),
    "operations.cluster.lost": ("与集群的连接中断：{words}", "the cluster was lost: {words}"),
    "operations.cluster.lost.why": ("结果不完整，没有记录", "the result would be incomplete, and nothing is recorded"),
    "operations.cluster.lost.fix": ("查看调度器的日志，再检查一次", "see the scheduler's log, and check again"),
    "operations.cluster.alone": ("集群中已没有工作进程", "the cluster has no worker any more"),
    "operations.cluster.alone.why": ("等了一分钟也没有新的", "none came for a minute"),
    "operations.cluster.alone.fix": ("启动工作进程，再检查一次", "start workers, and check again"),
}
