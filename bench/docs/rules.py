"""The catalogue of rules, made from the rules of the built-in plugins."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bench.docs.markdown import both, code, introduction, table
from policycore.cli.rule_page import bounds, parameter_type
from policycore.language import Text, say_both
from policycore.plugin_api.paths import as_needs
from policycore.plugin_api.plugins import load_plugins
from policycore.plugin_api.rule import Rule, meaning

__all__ = ["page"]


_DECIDED = (
    Text(
        "登记中没有群主而成员名单中有的，`ownership/owner-present`要求补登，不说“没有群主”；没有群主的群，其他规则不再因此判定。",
        "An owner whom only the member list names is to be registered (`ownership/owner-present`): that is not “no "
        "owner”. No other rule finds anything in a group for having no owner.",
    ),
    Text(
        "机器人不是人：不算群管理员，不计入人数，也不称为外部人员。",
        "A bot is nobody: it counts neither as an admin nor among a group's people, and is never called an outsider.",
    ),
    Text(
        "人数按人计，一人的几个账号算一人；名册中查不到归属的账号各算一人"
        "（`dormancy/ownerless-or-empty`、`dormancy/overlapping-groups`、`admission/expected-member-missing`）。",
        "People are counted, not accounts: the accounts of one person are one, an account of no known person is one by "
        "itself (`dormancy/ownerless-or-empty`, `dormancy/overlapping-groups`, `admission/expected-member-missing`).",
    ),
    Text(
        "授权管理员拉人时按账号认定：管理员的另一账号不是管理员（`admission/admitted-by-owner`）。",
        "Where admins may let people in, the account decides, as on the platform: an admin's second account is none "
        "(`admission/admitted-by-owner`).",
    ),
    Text(
        "入群时谁是群主没有记录，或入群时间没有记录而拉人者只在一段时间内是群主的，判为存疑；"
        "同一天的几次移交，按转出人和接收人排定先后。",
        "Where nobody wrote down who owned the group then, or when somebody came in whom a former owner let in, the "
        "verdict is suspect; hand-overs of one day are put in order by who gave and who received.",
    ),
    Text(
        "借调的人默认仍属于原任职部门的成员范围，但不要求其在群内；两者都由参数改变。状态自以后才开始的，尚不要求在群内。",
        "People seconded elsewhere stay within the scope where their posts are and are not expected there; a parameter "
        "changes either. Whoever begins later is not expected yet.",
    ),
    Text(
        "“之后N天”一律按总账时区的自然日计：8日起宽限7天，到15日终了为止。",
        "“N days after” are calendar days in the estate's zone in every rule: of what began on the 8th, seven days of "
        "grace end with the 15th.",
    ),
    Text(
        "恰在检查时点解散的群已经解散，不再检查；涉密规则仍检查已解散的群。",
        "A group dissolved at the very moment of the check is dissolved and not judged; rules on secrecy judge such "
        "groups too.",
    ),
    Text(
        '成员范围在CSV单元格中写成JSON，如`{"departments": ["d1"]}`；一个词也没有的成员范围等于没有填。',
        'In a CSV cell a scope is written as JSON, `{"departments": ["d1"]}`; one without a word declares nothing.',
    ),
    Text(
        "消息撤回后，`content/unrelated-by-type`不再判定；“连发”只看表情之间的间隔，不论谁发、中间有无别的消息。",
        "Recalling a message ends the finding of `content/unrelated-by-type`; stickers are “in a row” by the pauses "
        "between them, whoever sends them and whatever is written in between.",
    ),
    Text(
        "没有类型或时间的消息，不能证明无人发言（`dormancy/quiet`）。",
        "A message without a type or a time never proves silence (`dormancy/quiet`).",
    ),
)
"""What the policies leave open, with the product's answer."""


def page() -> str:
    """Return the page; rules of other distributions are no part of it."""
    plugins = load_plugins({})
    rules = [rule for rule in plugins.rules.all() if type(rule).__module__.startswith("policycore_")]
    lines = introduction(
        "规则目录 · Rules",
        "内置插件的全部规则。规则集用名称引用规则，用`with`给参数赋值；缺少所需字段时，结论是“unknown”，绝不会是通过（带*的字段仅在会改变结论时需要）。\n"
        "“收紧方向”指参数往哪边变更严，选项按从宽到严排列。"
        "放宽参数，豁免继续有效；收紧参数，豁免失效；说不清方向的改动同样失效。",
        "Every rule of the built-in plugins. A rule set refers to a rule by name and sets parameters in `with`; "
        "where a field that a rule needs is missing, its verdict is `unknown`, never a pass "
        "(*: only where the value could change the verdict).\n"
        "“Tighter” says which way a parameter becomes tighter, for choices from the loosest to the tightest value. "
        "Loosening a parameter leaves waivers in force; tightening it ends them, and so does a change of which nobody "
        "says which way it goes.",
    )
    lines += ["## 判定约定 · Decided", "", *(f"- {both(answer)}" for answer in _DECIDED), "", "## 规则 · Rules", ""]
    lines += table(
        ["", "名称 · name", "检查什么 · what it checks", "严重程度 · severity", "对象 · subject"],
        (
            (f"[{rule.id}](#{rule.id.lower()})", code(rule.name), both(rule.title), rule.severity, rule.subject)
            for rule in rules
        ),
    )
    return "\n".join([*lines, *(line for rule in rules for line in _rule(rule))])


def _needs(rule: Rule) -> str:
    """Return what a rule needs; a star where that is only so if the value could change a verdict."""
    needs = as_needs(rule.requires)
    always = {need.path for need in needs if not (need.when or need.via)}
    return ", ".join(
        f"`{path}`" + ("" if path in always else "*") for path in dict.fromkeys(need.path for need in needs)
    )


def _rule(rule: Rule) -> list[str]:
    lines = [f"## {rule.id}", "", f"**{both(rule.title)}** — {code(rule.name)}", ""]
    lines += [rule.explanation.zh, "", rule.explanation.en, ""]
    messages = {"": rule.message} if isinstance(rule.message, Text) else rule.message
    lines += ["\n>\n".join(f"> {both(message)}" for message in messages.values()), ""]
    facts = [
        ("严重程度 · severity", code(rule.severity)),
        ("命中时的结论 · verdict of a hit", code(rule.verdict)),
        ("所需字段 · fields needed", _needs(rule)),
        ("只适用于 · applies when", code(" ".join(rule.applies_when.split()))),
        ("曾用名 · former names", ", ".join(map(code, rule.aliases))),
    ]
    lines += [f"- {name}: {value}" for name, value in facts if value]
    lines += ["", "**如何整改 · How to put it right**", ""]
    lines += [f"{number}. {_step(step)}" for number, step in enumerate(rule.remediation, 1)]
    headings = ("参数 · parameter", "类型 · type", "默认 · default", "收紧方向 · tighter", "含义 · meaning")
    lines += ["", *table(headings, _parameters(rule)), "**用例 · Cases**", ""]
    return [*lines, *(f"- {both(case.title)}: {_expected(case.finds, case.unknown)}" for case in rule.cases), ""]


def _step(step: Any) -> str:
    """Return one remediation step with who does it and by when."""
    who = both(say_both(f"engine.who.{step.who}"))
    within = "" if step.within_days is None else f" ({step.within_days}天内 · within {step.within_days} day(s))"
    return f"{who}: {both(step.what)}{within}"


def _expected(finds: tuple[str, ...], unknown: tuple[str, ...]) -> str:
    """Return what a case must come to."""
    parts = [f"发现 · finds {', '.join(map(code, finds))}"] if finds else []
    if unknown:
        parts.append(f"无法判断 · unknown for {', '.join(map(code, unknown))}")
    return "; ".join(parts) or "没有问题 · clean"


def _parameters(rule: Rule) -> Iterator[tuple[str, ...]]:
    """Yield name, type with bounds, default, which way is tighter, and meaning of each parameter."""
    schema = rule.Params.model_json_schema()
    for name, entry in schema.get("properties", {}).items():
        kind = f"{parameter_type(entry, schema)} {bounds(entry)}".strip()
        default = "必填 · required" if name in schema.get("required", ()) else code(_plain(entry.get("default")))
        way = rule.tighter.get(name, ())
        choices = " → ".join(code(_plain(value)) for value in way)
        tighter = both(say_both(f"cli.explain.tighter.{way}")) if isinstance(way, str) else choices
        yield code(name), kind, default, tighter, both(meaning(entry))


def _plain(value: object) -> str:
    """Return a value on one line, as YAML takes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
