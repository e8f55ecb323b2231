"""Texts of the generated reference pages."""

TEXTS: dict[str, tuple[str, str]] = {
    "docs.hooks.rule": ("规则类可以声明的内容", "What a rule class says of itself"),
    "docs.generated": (
        "由程序生成，请勿手改：python -m bench.docs",
        "Made by the program, do not edit: python -m bench.docs",
    ),
    "docs.default": ("默认", "default"),
    "docs.required": ("必填", "required"),
    "docs.cli.title": ("命令行", "Command line"),
    "docs.cli": (
        "标准输出只有数据，提示和错误写到标准错误。所有命令都接受`--lang`和`--help`。",
        "Standard output carries data only; words go to standard error. Every command takes `--lang` and `--help`.",
    ),
    "docs.cli.exit-codes": ("退出码", "Exit codes"),
    "docs.cli.option": ("选项", "option"),
    "docs.exit.0": ("没有达到`--fail-on`级别的问题", "nothing found at or above `--fail-on`"),
    "docs.exit.1": ("发现了达到`--fail-on`级别的问题", "findings at or above `--fail-on`"),
    "docs.exit.2": ("命令用法或规则集有误", "the command or the rule set is wrong"),
    "docs.exit.3": (
        "数据无法读取，或不能写入所给的位置",
        "data could not be read, or the place named cannot be written",
    ),
    "docs.exit.4": (
        "有规则或插件失败，或截至时间晚于数据，结果不完整",
        "a rule or a plugin failed, or the as-of time lies after the data; the result is incomplete",
    ),
    "docs.exit.5": (
        "另一次运行占用着工作区，或时间预算用完",
        "another run holds the workspace, or the time budget ran out",
    ),
    "docs.exit.130": ("被中断", "interrupted"),
    "docs.hooks.title": ("插件接口", "Hooks"),
    "docs.hooks": (
        "插件是一个模块，登记在入口点组`policycore`下，实现下列任意几个函数。函数不带参数，返回列表；要返回的东西在函数内部再导入。",
        "A plugin is a module, registered under the entry-point group `policycore`, with any of these functions. "
        "They take nothing and return a list; import what you return inside the function.",
    ),
    "docs.rules.title": ("规则目录", "Rules"),
    "docs.rules": (
        "内置插件的全部规则。规则集用名称引用规则，用`with`给参数赋值；缺少所需字段时，结论是“unknown”，绝不会是通过。\n"
        "“收紧方向”指参数往哪边变更严，选项按从宽到严排列。放宽参数，豁免继续有效；收紧参数，豁免失效；说不清方向的改动同样失效。",
        "Every rule of the built-in plugins. A rule set refers to a rule by name and sets parameters in `with`; "
        "where a field that a rule needs is missing, its verdict is `unknown`, never a pass.\n"
        "“Tighter” says which way a parameter becomes tighter, for choices from the loosest to the tightest value. "
        "Loosening a parameter leaves waivers in force; tightening it ends them, and so does a change of which nobody "
        "says which way it goes.",
    ),
    "docs.rules.name": ("名称", "name"),
    "docs.rules.what": ("检查什么", "what it checks"),
    "docs.rules.severity": ("级别", "severity"),
    "docs.rules.subject": ("对象", "subject"),
    "docs.rules.verdict": ("命中时的结论", "verdict of a hit"),
    "docs.rules.fields": ("所需字段", "fields needed"),
    "docs.rules.values": ("缺值即为unknown", "unknown without a value in"),
    "docs.rules.applies": ("只适用于", "applies when"),
    "docs.rules.aliases": ("曾用名", "former names"),
    "docs.rules.steps": ("如何整改", "How to put it right"),
    "docs.rules.within": ("{days}天内", "within {days} day(s)"),
    "docs.rules.parameter": ("参数", "parameter"),
    "docs.rules.type": ("类型", "type"),
    "docs.rules.default": ("默认", "default"),
    "docs.rules.tighter": ("收紧方向", "tighter"),
    "docs.rules.meaning": ("含义", "meaning"),
    "docs.rules.cases": ("用例", "Cases"),
    "docs.rules.finds": ("发现", "finds"),
    "docs.rules.unknown": ("无法判断", "unknown for"),
    "docs.rules.clean": ("没有问题", "clean"),
    "docs.estate.title": ("群组总账的表", "Tables of an estate"),
    "docs.estate": (
        "交换文件夹里每张表一个文件（`.csv`、`.jsonl`或`.parquet`），外加`manifest.yaml`。任何表、任何列都可以没有："
        "没有的列是“未知”，有列而值为空是“确实没有”。"
        "CSV中的列表用`|`分隔，时间用ISO 8601；没有时区的时间按manifest的时区理解。",
        "An interchange folder holds one file for each table (`.csv`, `.jsonl` or `.parquet`) and `manifest.yaml`. "
        "Any table and any column may be absent: an absent column is unknown, an empty value in a column that is "
        "there means there is none. Lists in CSV are separated by `|`, times are ISO 8601; a time without an offset "
        "is in the manifest's zone.",
    ),
    "docs.estate.column": ("列", "column"),
    "docs.estate.type": ("类型", "type"),
    "docs.estate.headers": ("表格中的表头", "spreadsheet headers"),
    "docs.estate.meaning": ("含义", "meaning"),
    "docs.estate.key": ("主键", "key"),
}
