"""Lay out what there is to know about one rule, for a terminal."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policycore.language import Text, current_language, say
from policycore.model.schema import table_schema
from policycore.plugin_api.paths import as_needs, need_fields
from policycore.plugin_api.rule import meaning
from policycore.text.clean import clean
from policycore.text.width import hanging, width, wrap

if TYPE_CHECKING:
    from policycore.plugin_api.rule import Case, Rule
    from policycore.rulesets.resolved import ResolvedRule

__all__ = ["RulePage", "bounds", "parameter_type"]

_bounds = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<", "pattern": "~"}


@dataclass(frozen=True, slots=True)
class RulePage:
    """The page of `rule` in `columns` cells."""

    rule: Rule
    columns: int
    colour: bool

    def lines(self, ruleset: str | None, uses: Sequence[ResolvedRule]) -> Iterator[str]:
        """Yield the page line by line; `uses` are the entries of `ruleset` that use the rule."""
        rule = self.rule
        title = f"{rule.id}  {rule.name}  {rule.title.in_language()}"
        yield from (self._bold(line) for line in wrap(title, self.columns))
        if rule.aliases:
            yield from self._block(say("cli.explain.aliases"), ", ".join(rule.aliases))
        about = say(
            "cli.explain.about",
            subject=say(f"reports.subject.{rule.subject.value}"),
            severity=say(f"model.severity.{rule.severity.value}"),
            verdict=say(f"reports.verdict.{rule.verdict.value}"),
        )
        yield from wrap(about, self.columns)
        yield ""
        yield from wrap(rule.explanation.in_language(), self.columns)
        # Docstrings are written in English, like all code.
        docstring = inspect.cleandoc(type(rule).__doc__ or "") if current_language() == "en" else ""
        for paragraph in docstring.split("\n\n") if docstring else ():
            yield from wrap(" ".join(paragraph.split()), self.columns)
        for part in (self._messages, self._parameters, self._fields, self._steps, self._cases):
            yield from part()
        if ruleset is not None:
            yield from self._uses(ruleset, uses)

    def _messages(self) -> Iterator[str]:
        yield from self._heading("cli.explain.messages")
        message = self.rule.message
        for reason, text in {"": message}.items() if isinstance(message, Text) else message.items():
            yield from self._block(f"  {reason}: " if reason else "  ", str(text.as_pattern()))

    def _parameters(self) -> Iterator[str]:
        """Yield name, type, default, bounds and description of each parameter."""
        schema = self.rule.Params.model_json_schema()
        properties: Mapping[str, Mapping[str, Any]] = schema.get("properties", {})
        yield from self._heading("cli.explain.parameters")
        if not properties:
            yield f"  {say('cli.explain.none')}"
        for name, described in properties.items():
            default = say("cli.required") if name in schema.get("required", ()) else ""
            if "default" in described:
                given = described["default"]
                default = say("cli.default", value=say("cli.type.null") if given is None else _shown(given))
            facts = [
                fact for fact in (_type_words(parameter_type(described, schema)), default, bounds(described)) if fact
            ]
            yield from self._block(f"  {name}  ", f"({say('reports.semicolon').join(facts)})")
            meant = meaning(described).in_language()
            if meant:
                yield from self._block("      ", meant)
            way = self.rule.tighter.get(name)
            if way is not None:
                told = say(f"cli.explain.tighter.{way}") if isinstance(way, str) else " → ".join(map(_shown, way))
                yield from self._block("      ", say("cli.explain.tighter", way=told))

    def _fields(self) -> Iterator[str]:
        """Yield the fields without which the rule answers "unknown"."""
        yield from self._heading("cli.explain.fields")
        # When a value matters is said in SQL, which is no reading: that it does not always is enough here.
        always = {need.path for need in as_needs(self.rule.requires) if not (need.when or need.via)}
        for path in dict.fromkeys(need.path for need in as_needs(self.rule.requires)):
            table, _, name = need_fields(path)[-1].partition(".")
            schema = table_schema(table).columns[name]
            sometimes = "" if path in always else say("cli.explain.sometimes")
            yield from self._block(f"  {path}  ", Text(schema.zh, schema.en).in_language() + sometimes)
        if self.rule.applies_when:
            yield from self._block("  ", say("cli.explain.applies", condition=self.rule.applies_when))

    def _steps(self) -> Iterator[str]:
        """Yield who does what."""
        yield from self._heading("cli.explain.steps")
        for step in self.rule.remediation:
            what = say("reports.step", who=say(f"engine.who.{step.who}"), what=step.what.as_pattern())
            if step.within_days is not None:
                what += say("cli.explain.within" if step.within_days else "cli.explain.same-day", days=step.within_days)
            yield from self._block("  - ", what)

    def _cases(self) -> Iterator[str]:
        """Yield the named cases: what is given, what is found."""
        yield from self._heading("cli.explain.cases")
        for case in self.rule.cases:
            yield from self._block("  • ", case.title.in_language())
            for name, value in case.params.items():
                yield f"      {name} = {_shown(value)}"
            yield from self._given(case)
            yield from self._block("      → ", _outcome(case))

    def _given(self, case: Case) -> Iterator[str]:
        """Yield the rows of a case, at most a handful."""
        most = 6
        rows = [(table, row) for table, listed in case.given.items() for row in listed]
        for table, row in rows[:most]:
            values = "  ".join(f"{column}={_shown(value)}" for column, value in row.items())
            yield from self._block(f"      {table}: ", values)
        if len(rows) > most:
            yield f"      {say('reports.more', count=len(rows) - most)}"

    def _uses(self, ruleset: str, uses: Sequence[ResolvedRule]) -> Iterator[str]:
        """Yield how the rule set uses the rule: clauses, severity, parameters, scope."""
        yield from self._heading("cli.explain.used-by", ruleset=ruleset)
        if not uses:
            yield f"  {say('cli.explain.unused')}"
        for used in uses:
            clauses = ", ".join(used.clauses) or say("cli.explain.none")
            yield from self._block(
                "  ", f"{say('reports.clauses', clauses=clauses)}  {used.severity.value}  {used.enforcement.value}"
            )
            for name, value in used.params.model_dump(mode="json").items():
                yield from self._block("      ", f"{name} = {_shown(value)}")
            if used.applies_to:
                yield from self._block("      ", say("cli.explain.applies", condition=used.applies_to))
            yield f"      {used.place}"

    def _heading(self, key: str, **values: object) -> Iterator[str]:
        """Yield an empty line and a title."""
        yield ""
        yield self._bold(say(key, **values))

    def _block(self, label: str, text: str) -> Iterator[str]:
        """Yield a label and text wrapped beside it."""
        if width(label) >= self.columns // 2:
            # What is long stands alone, whole: it is to be copied.
            yield label.rstrip()
            label = "      "
        yield from hanging(label, clean(text), self.columns)

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text


def _outcome(case: Case) -> str:
    expected = (("engine.case.finds", case.finds), ("engine.case.unknown", case.unknown))
    parts = [say(key, subjects=", ".join(subjects)) for key, subjects in expected if subjects]
    return "; ".join(parts) or say("engine.case.clean")


def _shown(value: object) -> str:
    """Return a value as a person types it in YAML, cut where it is long."""
    import json

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return clean(text, limit=120)


def parameter_type(described: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return the type of a parameter in the words of JSON Schema, choices spelt out."""
    if "$ref" in described:
        target = schema.get("$defs", {}).get(str(described["$ref"]).rpartition("/")[2], {})
        return parameter_type(target, schema)
    if "anyOf" in described:
        return " | ".join(parameter_type(one, schema) for one in described["anyOf"])
    if "enum" in described:
        return " | ".join(map(str, described["enum"]))
    if "const" in described:
        return str(described["const"])
    kind = str(described.get("format") or described.get("type") or "object")
    items = described.get("items")
    return f"{kind} ({parameter_type(items, schema)})" if kind == "array" and items else kind


_types = re.compile(r"\b(?:integer|number|boolean|string|array|null|date-time|date|object)\b")


def _type_words(kind: str) -> str:
    """Return the type of a parameter in the reader's words."""
    return _types.sub(lambda found: say(f"cli.type.{found[0]}"), kind)


def bounds(described: Mapping[str, Any]) -> str:
    """Return the bounds of a parameter."""
    sources = [described, *described.get("anyOf", ())]
    return ", ".join(f"{sign} {source[name]}" for source in sources for name, sign in _bounds.items() if name in source)
