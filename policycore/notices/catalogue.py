"""Texts of notices, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "notices.missing": ("没有安装apprise", "apprise is not installed"),
    "notices.missing.why": ("发送通知需要它", "notices are sent through it"),
    "notices.missing.fix": ("安装 policycore[notify]", "install policycore[notify]"),
    "notices.address": ("第{numbers}个地址无法识别", "address {numbers} cannot be read"),
    "notices.address.why": ("地址可能含密钥，因此不显示", "it is not shown, for it may hold a secret"),
    "notices.address.fix": ("按apprise的格式检查地址", "compare it with apprise's formats"),
    "notices.variable": ("环境变量 {name} 没有值", "the environment variable {name} is empty"),
    "notices.variable.why": ("地址由它给出", "an address is taken from it"),
    "notices.variable.fix": ("设置后再试", "set it and try again"),
    "notices.title": ("群组检查：新问题{fresh}，到期{due}", "Group check: {fresh} new, {due} due"),
    "notices.for": ("责任人：{name}", "For: {name}"),
    "notices.nobody": ("（未登记）", "(nobody named)"),
    "notices.fresh": ("新", "new"),
    "notices.due": ("到期", "due"),
    "notices.overdue": ("逾期", "overdue"),
    "notices.until": (" · {date}前", " · by {date}"),
    "notices.more": ("另有{count}项", "and {count} more"),
    "notices.open": ("运行{run}；详情请在工作区查看", "Run {run}; open the workspace for the details"),
}
