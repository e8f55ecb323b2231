"""Texts on snapshots in object stores, in both languages."""

__all__ = ["STORES"]

STORES: dict[str, tuple[str, str]] = {
    "estate.store-address": (
        "无法识别以 {scheme} 开头的总账地址",
        "the estate's address {scheme}://… is not understood",
    ),
    "estate.store-address.why": (
        "支持 s3://、gs://、abfs:// 和文件夹；地址里不能写密码，否则会留在进程列表和日志里",
        "s3://, gs://, abfs:// and folders are; no password may stand in it, for lists of processes and logs show it",
    ),
    "estate.store-address.fix": (
        "写 s3://BUCKET/FOLDER；访问凭据用该存储自己的环境变量或配置文件给出",
        "write s3://BUCKET/FOLDER, and give credentials by the variables or files of the store itself",
    ),
    "estate.store-setting": ("总账地址中的参数 {name} 不能用", "{name} is no setting of an estate's address"),
    "estate.store-setting.why": (
        "地址会显示在进程列表和日志里，访问凭据不能写在其中",
        "addresses are seen in lists of processes and in logs, so no credentials stand in them",
    ),
    "estate.store-setting.fix": (
        "去掉它；访问凭据用该存储自己的环境变量或配置文件给出",
        "leave it out, and give credentials by the variables or files of the store itself",
    ),
    "estate.store-plain": ("存储在别的机器上，且没有加密", "the store is on another machine, and not encrypted"),
    "estate.store-plain.why": ("总账是个人信息，途中会被看到", "an estate is personal data, and others could read it"),
    "estate.store-plain.fix": ("通过https访问它", "reach it by https"),
    "estate.store-nothing": ("存储中没有这个快照", "there is no snapshot in the store"),
    "estate.store-nothing.why": (
        "没有这个存储桶或文件夹，或其中没有manifest.yaml",
        "no such bucket or folder, or no manifest.yaml in it",
    ),
    "estate.store-nothing.fix": (
        "用 policycore import 写一个快照，整个文件夹上传，manifest.yaml 最后传",
        "write one with policycore import and upload the whole folder, manifest.yaml last",
    ),
    "estate.store-incomplete": (
        "与manifest.yaml所记的不符",
        "it is not what manifest.yaml says",
    ),
    "estate.store-incomplete.why": (
        "快照还没有传完，或读取时被换掉",
        "the snapshot is not uploaded wholly, or was replaced while it was read",
    ),
    "estate.store-incomplete.fix": (
        "等它传完再试；上传时manifest.yaml最后传，换快照时用新的文件夹",
        "try again when it is; upload manifest.yaml last, and another snapshot to a folder of its own",
    ),
    "estate.store-denied": ("存储拒绝访问：{words}", "the store does not let us in: {words}"),
    "estate.store-denied.why": (
        "没有访问凭据，或它没有读取权限",
        "there are no credentials, or they do not permit reading",
    ),
    "estate.store-denied.fix": (
        "在每台读取它的机器上设置凭据，例如 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY",
        "set them on every machine that reads it, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for instance",
    ),
    "estate.store-failed": ("无法从存储读取：{words}", "the store cannot be read: {words}"),
    "estate.store-failed.why": ("没有数据就无从检查", "without data nothing can be checked"),
    "estate.store-failed.fix": (
        "检查地址和网络，再试一次；或把快照复制到文件夹",
        "look at the address and the network and try again, or copy the snapshot to a folder",
    ),
    "estate.store-silent": ("存储{seconds}秒没有传来数据", "nothing came from the store for {seconds} seconds"),
    "estate.store-silent.why": ("没有数据就无从检查", "without data nothing can be checked"),
    "estate.store-silent.fix": (
        "检查地址和网络，再试一次；或把快照复制到文件夹",
        "look at the address and the network and try again, or copy the snapshot to a folder",
    ),
}
