"""Read a list of words that stands in a text file of its own, one a line, headed by its source and date.

    # source: list of the secrecy office, 2024 edition
    # date: 2024-03-22
    内部资料
    不得外传

Other lines that begin with # are remarks. A rule takes the words with ``words: !include FILE.txt``, alone or in a list.
"""

from __future__ import annotations

import re
from datetime import date

from policycore.errors import Place, Problem
from policycore.rulesets.layers.problems import problem
from policycore.text.fold import spread
from policycore.yaml.nodes import Node

__all__ = ["is_lexicon", "lexicon"]

_head = re.compile(r"[#＃]\s*(?:(?P<source>source|来源|出处)|date|日期)\s*[:：]\s*(?P<value>.*)")


def is_lexicon(name: str) -> bool:
    """Return whether an included file is a list of words, by its name."""
    return name.lower().endswith(".txt")


def lexicon(text: str, shown: str) -> tuple[Node, list[Problem]]:
    """Return the words in `text` as a list, each with its place, and every mistake; `shown` names the file."""
    head: dict[str, str] = {}
    words: list[Node] = []
    seen: dict[str, Place] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        word = line.strip()
        place = Place(shown, number, len(line) - len(line.lstrip()) + 1)
        if word.startswith(("#", "＃")):
            found = _head.fullmatch(word)
            if found and found["value"]:
                head.setdefault("source" if found["source"] else "date", found["value"].strip())
                if not found["source"] and not _is_day(found["value"].strip()):
                    problems.append(problem("lexicon-day", place, value=found["value"]))
        elif word:
            if " #" in word:
                problems.append(problem("lexicon-remark", place, word=word))
            folded = spread(word).casefold()
            if folded in seen:
                problems.append(problem("lexicon-twice", place, word=word, other=str(seen[folded])))
            seen.setdefault(folded, place)
            words.append(Node("text", place, word))
    missing = [f"no-{name}" for name in ("source", "date") if name not in head] + ["empty"] * (not words)
    problems += [problem(f"lexicon-{code}", Place(shown, 1, 1)) for code in missing]
    return Node("list", Place(shown, 1, 1), words), problems


def _is_day(value: str) -> bool:
    """Return whether a text is a day of the calendar, or a month or year of it."""
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :] if len(value) in (4, 7) else value)
    except ValueError:
        return False
    return True
