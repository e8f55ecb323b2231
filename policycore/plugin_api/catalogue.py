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
        "插件“{name}”（来自{distribution}）的规则{rule}不合约定：{faults}",
        "rule {rule} of plugin {name} (from {distribution}) breaks the contract: {faults}",
    ),
    "plugin_api.bad-rule.why": ("这条规则不参加检查", "that rule takes no part"),
    "plugin_api.bad-rule.fix": ("用 policycore plugin test 检查插件", "try the plugin with policycore plugin test"),
    "plugin_api.bad-offer": (
        "插件“{name}”（来自{distribution}）的{hook}返回了不合约定的{item}",
        "plugin {name} (from {distribution}) returns {item} from {hook}, which breaks the contract",
    ),
    "plugin_api.bad-offer.why": ("它不会被使用", "it is not used"),
    "plugin_api.bad-offer.fix": ("按docs/hooks.md返回约定的类型", "return what docs/hooks.md says"),
    "plugin_api.duplicate-command": (
        "命令名“{command}”被多个插件占用：{distributions}",
        "several plugins bring a command {command}: {distributions}",
    ),
    "plugin_api.duplicate-command.why": (
        "无法确定指的是哪一个，都不使用",
        "which one is meant cannot be told, so none is used",
    ),
    "plugin_api.duplicate-command.fix": ("卸载其一，或改命令名", "remove one of them, or rename the command"),
    "plugin_api.taken-command": (
        "插件的命令“{command}”与自带的命令同名",
        "a plugin brings a command {command}, which is built in",
    ),
    "plugin_api.taken-command.why": ("自带的命令不能替换", "built-in commands cannot be replaced"),
    "plugin_api.taken-command.fix": ("改插件命令的名称", "rename the plugin's command"),
    "plugin_api.duplicate-rule": (
        "规则名“{rule}”被多个插件占用：{distributions}",
        "the rule name {rule} is claimed more than once: {distributions}",
    ),
    "plugin_api.duplicate-rule.why": (
        "无法确定指的是哪一条，都不使用",
        "which one is meant cannot be told, so none is used",
    ),
    "plugin_api.duplicate-rule.fix": ("卸载其一，或改其编号和名称", "remove one of them, or change its id and name"),
    "plugin_api.same-name": (
        "多个插件同名“{name}”：{distributions}",
        "several plugins are called {name}: {distributions}",
    ),
    "plugin_api.same-name.why": (
        "按名称选择插件时，无法只选其中一个",
        "who picks plugins by name cannot pick one of them",
    ),
    "plugin_api.same-name.fix": ("改其中一个的入口点名称，或卸载其一", "rename the entry point of one, or remove one"),
    "plugin_api.slow": ("插件“{name}”的{hook}用了{seconds}秒", "plugin {name} took {seconds} s in {hook}"),
    "plugin_api.slow.why": ("拖慢每一次命令", "it slows every command"),
    "plugin_api.slow.fix": ("把耗时工作移到规则里", "move the work into the rule"),
}
