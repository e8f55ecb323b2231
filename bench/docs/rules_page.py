"""The catalogue of rules, made from the rules of the built-in plugins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.docs.markdown import both, code, introduction, table
from policycore.language import Text, say_both
from policycore.plugin_api.plugins import load_plugins
from policycore.plugin_api.rule import Rule, Tighter, meaning

__all__ = ["page"]


def page() -> str:
    """Return the page; rules of other distributions are no part of it."""
    plugins = load_plugins({})
    rules = [rule for rule in plugins.rules.all() if type(rule).__module__.startswith("policycore_")]
    lines = introduction("rules")
    lines += table(
        ["", *(both(say_both(f"docs.rules.{word}")) for word in ("name", "what", "severity", "subject"))],
        (
            (f"[{rule.id}](#{rule.id.lower()})", code(rule.name), both(rule.title), rule.severity, rule.subject)
            for rule in rules
        ),
    )
    for rule in rules:
        lines += _rule(rule)
    return "\n".join(lines)


def _rule(rule: Rule) -> list[str]:
    """Return the part of the page on one rule."""
    lines = [f"## {rule.id}", "", f"**{both(rule.title)}** — {code(rule.name)}", ""]
    lines += [rule.explanation.zh, "", rule.explanation.en, ""]
    messages = {"": rule.message} if isinstance(rule.message, Text) else rule.message
    for message in messages.values():
        lines.append(f"> {both(message)}")
        lines.append(">")
    lines[-1] = ""
    facts = [
        (say_both("docs.rules.severity"), code(rule.severity)),
        (say_both("docs.rules.verdict"), code(rule.verdict)),
        (say_both("docs.rules.fields"), ", ".join(map(code, rule.requires))),
        (say_both("docs.rules.values"), ", ".join(map(code, rule.requires_value))),
        (say_both("docs.rules.applies"), code(" ".join(rule.applies_when.split()))),
        (say_both("docs.rules.aliases"), ", ".join(map(code, rule.aliases))),
    ]
    lines += [f"- {both(name)}: {value}" for name, value in facts if value]
    lines += ["", f"**{both(say_both('docs.rules.steps'))}**", ""]
    lines += [f"{number}. {_step(step)}" for number, step in enumerate(rule.remediation, 1)]
    lines.append("")
    parameters = list(_parameters(rule))
    if parameters:
        words = ("parameter", "type", "default", "tighter", "meaning")
        headings = [both(say_both(f"docs.rules.{word}")) for word in words]
        lines += table(headings, parameters)
    lines += [f"**{both(say_both('docs.rules.cases'))}**", ""]
    lines += [f"- {both(case.title)}: {_expected(case.finds, case.unknown)}" for case in rule.cases]
    lines.append("")
    return lines


def _step(step: Any) -> str:
    """Return one remediation step with who does it and by when."""
    who = both(say_both(f"engine.who.{step.who}"))
    within = "" if step.within_days is None else f" ({both(say_both('docs.rules.within', days=step.within_days))})"
    return f"{who}: {both(step.what)}{within}"


def _expected(finds: tuple[str, ...], unknown: tuple[str, ...]) -> str:
    """Return what a case must come to."""
    parts = [f"{both(say_both('docs.rules.finds'))} {', '.join(map(code, finds))}"] if finds else []
    if unknown:
        parts.append(f"{both(say_both('docs.rules.unknown'))} {', '.join(map(code, unknown))}")
    return "; ".join(parts) or both(say_both("docs.rules.clean"))


def _parameters(rule: Rule) -> Any:
    """Yield name, type with bounds, default, which way is tighter, and meaning of each parameter."""
    schema = rule.Params.model_json_schema()
    for name, entry in schema.get("properties", {}).items():
        if "default" in entry:
            default = code(_plain(entry["default"]))
        else:
            default = both(say_both("docs.required")) if name in schema.get("required", ()) else code("null")
        kind = _type(entry, schema.get("$defs", {}))
        yield code(name), kind, default, _tighter(rule.tighter.get(name)), both(meaning(entry))


def _tighter(way: Tighter | None) -> str:
    """Return which way a parameter becomes tighter; nothing where nobody says so."""
    if way is None:
        return ""
    if isinstance(way, str):
        return both(say_both(f"cli.explain.tighter.{way}"))
    return " → ".join(code(_plain(value)) for value in way)


def _plain(value: object) -> str:
    """Return a default as YAML writes it in one line."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_plain(below)}' for key, below in value.items())}}}"
    return str(value)


def _type(entry: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """Return a JSON schema's type in a few words, with its bounds."""
    if "$ref" in entry:
        return _type(definitions[entry["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in entry:
        return " / ".join(_type(one, definitions) for one in entry["anyOf"])
    if "enum" in entry:
        return " / ".join(code(value) for value in entry["enum"])
    if "const" in entry:
        return code(entry["const"])
    name = str(entry.get("type", "object"))
    if name == "array":
        inside = entry.get("items", {})
        return f"array of {_type(inside, definitions)}" if inside else name
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [f"{sign} {entry[key]}" for key, sign in signs.items() if key in entry]
    return " ".join([str(entry.get("format", name)), ", ".join(bounds)]).strip()
