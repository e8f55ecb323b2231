"""Pieces of Markdown: headings in both languages, tables, code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policycore.language import Text, say_both

__all__ = ["both", "cell", "code", "introduction", "table"]


def introduction(area: str) -> list[str]:
    """Return the title and the first words of a page from the catalogue, in both languages."""
    return [
        f"# {both(say_both(f'docs.{area}.title'))}",
        "",
        f"<!-- {say_both('docs.generated').en} -->",
        "",
        say_both(f"docs.{area}").zh,
        "",
        say_both(f"docs.{area}").en,
        "",
    ]


def both(text: Text) -> str:
    """Return a short text in both languages on one line."""
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
    if not body:
        return []
    return [f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}", *body, ""]
