"""The page of hooks, made from the signatures and sentences of `policycore.plugin_api.hookspecs`."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from itertools import pairwise

from bench.docs.markdown import code, introduction
from policycore.plugin_api import offers
from policycore.plugin_api.hookspecs import Hooks
from policycore.plugin_api.rule import Rule

__all__ = ["page"]


def page() -> str:
    """Return the page."""
    lines = introduction(
        "插件接口 · Hooks",
        "插件是一个模块，登记在入口点组`policycore`下，实现下列任意几个函数。"
        "函数不带参数，返回列表；要返回的东西在函数内部再导入。",
        "A plugin is a module, registered under the entry-point group `policycore`, with any of these functions. "
        "They take nothing and return a list; import what you return inside the function.",
    )
    for name, hook in vars(Hooks).items():
        if name.startswith("policycore_"):
            returns = str(inspect.signature(hook).return_annotation).strip("'")
            lines += [f"## {name}", "", "```python", f"def {name}() -> {returns}: ...", "```", ""]
            lines += [inspect.getdoc(hook) or "", ""]
    for offer in (getattr(offers, name) for name in offers.__all__):
        lines += [f"## policycore.{offer.__name__}", "", inspect.getdoc(offer) or "", ""]
        lines += [*(f"- {code(name)}: {text}" for name, text in (*_members(offer), *_attributes(offer))), ""]
    lines += ["## 规则类可以声明的内容 · What a rule class says of itself", ""]
    lines += [*(f"- {code(name)}: {text}" for name, text in _attributes(Rule)), ""]
    return "\n".join(lines)


def _members(offer: type) -> Iterator[tuple[str, str]]:
    """Yield the properties and methods that an offered object has, each with what it says of itself."""
    for name, member in vars(offer).items():
        if name.startswith("_") or not (isinstance(member, property) or inspect.isfunction(member)):
            continue
        arguments = (
            "" if isinstance(member, property) else f"({', '.join(list(inspect.signature(member).parameters)[1:])})"
        )
        yield name + arguments, " ".join((inspect.getdoc(member) or "").split())


def _attributes(rule: type) -> Iterator[tuple[str, str]]:
    """Yield the class variables that explain themselves, each with the text that stands below it."""
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(rule))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - the source of a class is one
    for entry, following in pairwise(definition.body):
        if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name):
            text = following.value if isinstance(following, ast.Expr) else None
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield entry.target.id, " ".join(text.value.split())
