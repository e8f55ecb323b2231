"""Pieces of Markdown: a page's first lines, texts in both languages, tables, code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policycore.language import Text

__all__ = ["both", "cell", "code", "introduction", "table"]


def introduction(title: str, chinese: str, english: str) -> list[str]:
    """Return the first lines of a page that is made by the program."""
    made = "<!-- Made by the program, do not edit: python -m bench.docs -->"
    return [f"# {title}", "", made, "", chinese, "", english, ""]


def both(text: Text) -> str:
    """Return a short text in both languages on one line."""
    text = text.as_pattern()
    return text.zh if text.zh == text.en else f"{text.zh} · {text.en}"


def code(value: object) -> str:
    """Return `value` as inline code, or nothing for nothing."""
    return f"`{value}`" if str(value) else ""


def cell(value: object) -> str:
    """Return `value` as it can stand in a table's cell."""
    return " ".join(str(value).split()).replace("|", "\\|")


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return a table, or nothing when it has no rows."""
    body = [f"| {' | '.join(cell(value) for value in row)} |" for row in rows]
    return [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}", *body, ""] if body else []
