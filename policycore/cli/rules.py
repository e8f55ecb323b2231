"""List the rules that are installed: id, name, severity, what they judge."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from policycore.cli.command import translated_command
from policycore.cli.installed import installed_plugins
from policycore.cli.options import format_option
from policycore.cli.output import columns, print_lines
from policycore.language import say
from policycore.text.clean import clean
from policycore.text.width import cut, fill_line, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policycore.plugin_api.rule import Rule

__all__ = ["command"]


@translated_command("rules", help="cli.rules.help")
@click.argument("words", nargs=-1, metavar="[WORD]...")
@format_option
def command(words: tuple[str, ...], format_name: str) -> None:
    """List the rules whose id, name or title has every word."""
    found = [rule for rule in installed_plugins().rules.all() if _fits(rule, words)]
    print_lines([_as_json(found)] if format_name == "json" else _table(found))


def _fits(rule: Rule, words: Sequence[str]) -> bool:
    text = f"{rule.id} {rule.name} {rule.title.zh} {rule.title.en}".lower()
    return all(word.lower() in text for word in words)


def _table(rules: Sequence[Rule]) -> Iterator[str]:
    """Yield one line a rule, cut to the terminal."""
    wide = max((width(rule.name) for rule in rules), default=0)
    for rule in rules:
        subject = say(f"reports.subject.{rule.subject.value}")
        severity = say(f"model.severity.{rule.severity.value}")
        cells = (fill_line(rule.name, wide), fill_line(severity, 10), fill_line(subject, 10))
        line = f"{fill_line(rule.id, 7)} {'  '.join(cells)}  {clean(rule.title.in_language())}"
        yield cut(line, columns(sys.stdout)) if sys.stdout.isatty() else line.rstrip()


def _as_json(rules: Sequence[Rule]) -> str:
    import json

    from policycore.plugin_api.paths import as_needs, need_fields

    listed = [
        {
            "id": rule.id,
            "name": rule.name,
            "aliases": list(rule.aliases),
            "subject": rule.subject.value,
            "severity": rule.severity.value,
            "verdict": rule.verdict.value,
            "title": {"zh": rule.title.zh, "en": rule.title.en},
            "requires": sorted({field for need in as_needs(rule.requires) for field in need_fields(need.path)}),
            "parameters": rule.Params.model_json_schema().get("properties", {}),
        }
        for rule in rules
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2)
