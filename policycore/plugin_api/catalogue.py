"""Texts of plugins, in both languages."""

TEXTS: dict[str, tuple[str, str]] = {
    "plugin_api.not-found": ("没有名为“{name}”的插件", "there is no plugin called {name}"),
    "plugin_api.not-found.why": ("POLICYCORE_PLUGINS点了它的名", "POLICYCORE_PLUGINS names it"),
    "plugin_api.not-found.fix": (
        "运行 policycore plugin list 查看已安装的插件",
        "run policycore plugin list to see what is installed",
    ),
    "plugin_api.not-loaded": (
        "插件“{name}”（来自{distribution}）无法加载：{error}",
        "plugin {name} (from {distribution}) could not be loaded: {error}",
    ),
    "plugin_api.not-loaded.why": ("它的规则不参加检查", "its rules take no part"),
    "plugin_api.not-loaded.fix": ("重新安装或卸载它", "re-install or remove it"),
    "plugin_api.hook-failed": (
        "插件“{name}”（来自{distribution}）的{hook}出错：{error}",
        "plugin {name} (from {distribution}) failed in {hook}: {error}",
    ),
    "plugin_api.hook-failed.why": ("它提供的内容不可用", "what it offers is not there"),
    "plugin_api.hook-failed.fix": ("更新插件，或告知维护人", "update the plugin, or tell its maintainer"),
    "plugin_api.bad-rule": (
        "插件“{name}”（来自{distribution}）的规则{item}不合约定：{faults}",
        "rule {item} of plugin {name} (from {distribution}) breaks the contract: {faults}",
    ),
    "plugin_api.bad-rule.why": ("这条规则不参加检查", "that rule takes no part"),
    "plugin_api.bad-rule.fix": ("用 policycore plugin test 检查插件", "try the plugin with policycore plugin test"),
    "plugin_api.bad-offer": (
        "插件“{name}”（来自{distribution}）的{hook}提供的{item}不合约定：{faults}",
        "{item} of plugin {name} (from {distribution}), returned by {hook}, breaks the contract: {faults}",
    ),
    "plugin_api.bad-offer.why": ("它不会被使用", "it is not used"),
    "plugin_api.bad-offer.fix": ("按docs/hooks.md返回约定的类型", "return what docs/hooks.md says"),
    "plugin_api.duplicate": (
        "{kind}“{item}”被多个插件占用：{distributions}",
        "the {kind} {item} is claimed more than once: {distributions}",
    ),
    "plugin_api.duplicate.why": (
        "无法确定指的是哪一个，都不使用",
        "which one is meant cannot be told, so none is used",
    ),
    "plugin_api.duplicate.fix": ("卸载其一，或改其名称", "remove one of them, or rename it"),
    "plugin_api.taken": (
        "插件“{name}”（来自{distribution}）的{kind}“{item}”与自带的同名",
        "the {kind} {item} of plugin {name} (from {distribution}) is built in",
    ),
    "plugin_api.taken.why": ("自带的不能替换", "what is built in cannot be replaced"),
    "plugin_api.taken.fix": ("改插件中的名称", "rename the plugin's"),
    "plugin_api.kind.rule": ("规则", "rule"),
    "plugin_api.kind.ruleset": ("规则集", "rule set"),
    "plugin_api.kind.recipe": ("导入配方", "recipe"),
    "plugin_api.kind.source": ("数据源", "source"),
    "plugin_api.kind.report": ("报告格式", "report format"),
    "plugin_api.kind.command": ("命令", "command"),
    "plugin_api.hung": (
        "插件“{name}”（来自{distribution}）的{hook}超过{seconds}秒仍未结束，且无法停止：命令中止，结果不完整",
        "{hook} of plugin {name} (from {distribution}) did not end within {seconds} s and cannot be stopped: "
        "the command ends, its result is incomplete",
    ),
    "plugin_api.overran": ("超过时限{seconds}秒", "ran longer than its limit of {seconds} s"),
    "plugin_api.seconds": (
        "环境变量POLICYCORE_PLUGIN_SECONDS的值“{value}”不是秒数",
        "POLICYCORE_PLUGIN_SECONDS is {value}, which is no number of seconds",
    ),
    "plugin_api.seconds.fix": ("写一个正数，如 60", "give a positive number, such as 60"),
    "plugin_api.same-name": (
        "多个插件同名“{name}”：{distributions}",
        "several plugins are called {name}: {distributions}",
    ),
    "plugin_api.same-name.why": (
        "按名称选择插件时，无法只选其中一个",
        "who picks plugins by name cannot pick one of them",
    ),
    "plugin_api.same-name.fix": ("改其中一个的入口点名称，或卸载其一", "rename the entry point of one, or remove one"),
    "plugin_api.not-locked": (
        "插件“{name}”（来自{distribution} {version}）不在锁定文件中",
        "plugin {name} (from {distribution} {version}) is not in the lock",
    ),
    "plugin_api.not-locked.why": ("它没有被加载", "it was not loaded"),
    "plugin_api.not-locked.fix": (
        "卸载它；或确认可信后重新运行 policycore plugin lock",
        "remove it, or see that it can be trusted and run policycore plugin lock again",
    ),
    "plugin_api.changed": (
        "插件“{name}”（来自{distribution} {version}）与锁定文件不一致",
        "plugin {name} (from {distribution} {version}) is not as it was when it was locked",
    ),
    "plugin_api.changed.why": ("它没有被加载", "it was not loaded"),
    "plugin_api.changed.fix": (
        "重新安装原来的版本；或确认可信后重新运行 policycore plugin lock",
        "install what was locked, or see that it can be trusted and run policycore plugin lock again",
    ),
    "plugin_api.lock-missing": ("锁定的插件没有安装：{plugins}", "locked plugins are not installed: {plugins}"),
    "plugin_api.lock-missing.why": ("它们的规则不参加检查", "their rules take no part"),
    "plugin_api.lock-missing.fix": (
        "安装它们；或重新运行 policycore plugin lock",
        "install them, or run policycore plugin lock again",
    ),
    "plugin_api.no-lock": ("锁定文件无法读取：{reason}", "the lock cannot be read: {reason}"),
    "plugin_api.no-lock.fix": ("运行 policycore plugin lock 写出它", "write it with policycore plugin lock"),
    "plugin_api.bad-lock": ("不是插件锁定文件", "this is no lock of plugins"),
    "plugin_api.bad-lock.fix": ("运行 policycore plugin lock 重新写出它", "write it again with policycore plugin lock"),
    "plugin_api.case.finds": ("查出", "finds"),
    "plugin_api.case.unknown": ("无法判断", "leaves unknown"),
    "plugin_api.case.facts": ("{subject}的事实", "facts of {subject}"),
    "plugin_api.case.differs": (
        "{case}：{what}\n  应为 {expected}\n  实为 {actual}",
        "{case}: {what}\n  expected {expected}\n  got      {actual}",
    ),
    "plugin_api.case.alike": (
        "{case}：两个问题的指纹相同，请声明 key_facts",
        "{case}: two findings share a fingerprint; declare key_facts",
    ),
    "plugin_api.case.unfilled": ("{case}：没有事实填入{names}：{text}", "{case}: no fact fills {names} in {text}"),
    "plugin_api.case.undeclared": (
        "{rule}：SQL据以判定{names}，请在 requires 中写明",
        "{rule}: its SQL judges by {names}: name it in `requires`",
    ),
    "plugin_api.slow": ("插件“{name}”的{hook}用了{seconds}秒", "plugin {name} took {seconds} s in {hook}"),
    "plugin_api.slow.why": ("拖慢每一次命令", "it slows every command"),
    "plugin_api.slow.fix": ("把耗时工作移到规则里", "move the work into the rule"),
}
