"""Chinese texts have Chinese punctuation; what is code, and what a document says in its own words, keeps its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import policycore
from policycore.language import Text, texts_of
from policycore.model.schema import table_schemas
from policycore.operations import new_plugin
from policycore.plugin_api.plugins import load_plugins
from policycore.plugin_api.rule import Rule, meaning
from policycore.rulesets.load import load_ruleset

WIDE = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef"
HALF = re.compile(rf"[{WIDE}”’] ?[,:;()?!]|[,:;()?!][{WIDE}“‘]|[{WIDE}”]\.(?:\s|$)|[\w”]\([^()]*[{WIDE}][^()]*\)")
CODE = (
    re.compile(r"\b[a-z_]+\([a-z_]*\)"),  # length(text)
    re.compile(r"\b[a-z_]+: ?(?:\[[^\]]*\]|\{[^}]*\})"),  # clauses: [{id: 一, text: …}]
    re.compile(r"“项: 值”|\(原条件\) OR|\{word\}:(?: any|$)|!include"),  # YAML and SQL with words to be put in
    re.compile(r"(?:严重程度|级别|部门|规则|期限|\{name\}):[^；\s]*|![\u4e00-\u9fff]+"),  # the language of the filter
    re.compile(r"\{[a-z_]+\}"),
    re.compile(r"env:变量名|人员编号: 邮箱|smtps?://[^ ），。]*|用户:密码@"),  # how a setting is written
    re.compile(
        r"[一二三四五六七八九十0-9]+\([一二三四五六七八九十0-9]+\)"
    ),  # clauses as a document numbers them: 一(二)
)
ROOT = Path(policycore.__file__).parent
AREAS = sorted(
    {
        home.parent.name.removeprefix("policycore_")
        for folder in ("policycore/*", "*/policycore_*", "policycore_*")
        for home in ROOT.parent.glob(f"{folder}/catalogue*")
    }
)


def wrong(text: str) -> list[str]:
    """Return the half-width punctuation beside Chinese in a text, with what is around it."""
    for code in CODE:
        text = code.sub("中", text)
    return [text[max(0, found.start() - 5) : found.end() + 5] for found in HALF.finditer(text)]


def texts_in(rule: Rule) -> Iterator[str]:
    """Yield every Chinese text of a rule."""
    messages = [rule.message] if isinstance(rule.message, Text) else list(rule.message.values())
    steps = [step.what for step in rule.remediation]
    cases = [case.title for case in rule.cases]
    meanings = [meaning(entry) for entry in rule.Params.model_json_schema().get("properties", {}).values()]
    for text in (rule.title, rule.explanation, *messages, *steps, *cases, *meanings):
        yield text.zh


@pytest.mark.parametrize(
    "text", ["甲,乙", "甲: b", "(甲)", "共3个(乙)", "a(甲b)", "好吗?", "完成.", "甲; b", "“甲”(b)"]
)
def test_what_is_wrong_is_seen(text: str) -> None:
    assert wrong(text)


@pytest.mark.parametrize("text", ["甲，乙", "时间用 as_of()，其余不限", "a, b (c)", "12:30", "级别:错误", "甲（b, c）"])
def test_what_is_right_is_left_alone(text: str) -> None:
    assert wrong(text) == []


@pytest.mark.parametrize("area", AREAS)
def test_the_catalogue(area: str) -> None:
    assert {key: wrong(zh) for key, (zh, _) in texts_of(area).items() if wrong(zh)} == {}


@pytest.mark.parametrize("rule", load_plugins({}).rules.all(), ids=lambda rule: rule.id)
def test_rules(rule: Rule) -> None:
    assert [wrong(text) for text in texts_in(rule) if wrong(text)] == []


@pytest.mark.parametrize("name", ["work-groups-base", "xxu-2024-wechat-groups"])
def test_rule_sets(name: str) -> None:
    plugins = load_plugins({})
    ruleset = load_ruleset(name, plugins.rules, plugins.ruleset_folders)
    texts = [ruleset.title.zh, *(one.asks.zh for one in ruleset.attestations)]
    texts += [text for one in ruleset.rules for text in texts_in(one.rule)]
    assert [wrong(text) for text in texts if wrong(text)] == []


def test_columns() -> None:
    columns = [column for table in table_schemas().values() for column in table.columns.values()]
    assert [column.field for column in columns if wrong(column.zh)] == []


def test_texts_that_stand_in_the_code() -> None:
    """Read every `Text` with words of its own, in the program and in the project of a new plugin."""
    sources = {str(path): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py")}
    sources["the rule of a new plugin"] = new_plugin._rule.replace("{{", "{").replace("}}", "}")
    found: list[Any] = []
    for place, source in sources.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "zh")]
                words = [one.value for one in given if isinstance(one, ast.Constant)]
                found += [(place, wrong(str(word))) for word in words if wrong(str(word))]
    assert found == []


def test_the_readme() -> None:
    readme = ROOT.parent / "README.zh.md"
    if not readme.is_file():
        pytest.skip("the documentation does not stand beside an installed package")
    prose = re.sub(
        r"```.*?```|`[^`]*`|\]\([^)]*\)|文件:行:列", "中", readme.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert wrong(prose) == []
