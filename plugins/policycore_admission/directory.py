"""Bring display names and the directory together: SQL settles what stands plainly, Python reads the rest once.

A display name that is nothing but a department of the person and the person's own name is right
whatever the grammar asks about gaps, and most are of that kind. Every other pair of a person and a
spelling is read once, however many groups it is shown in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Any

from policycore import RuleEstate, fold
from policycore_admission import classes
from policycore_admission.grammar import UNITS, Grammar, kind_of, required
from policycore_admission.parts import Person
from policycore_admission.reading import Reader, Reading
from policycore_admission.spelling import key, keys

__all__ = ["TIGHTER", "NameParams", "Shown", "names_read"]

_UNIT_NAMES = """SELECT department_key, name FROM departments
    UNION SELECT department_key, unnest(aliases) FROM departments"""
# A post in department `post` counts for whoever shows department `named`, in one of three ways.
_RELATED = """related AS (
    SELECT department_key AS post, ancestor_key AS named,
        CASE WHEN department_key = ancestor_key THEN 'same' ELSE 'below' END AS way FROM department_tree
    UNION ALL SELECT ancestor_key, department_key, 'above' FROM department_tree WHERE department_key <> ancestor_key
)"""
_PLAIN_GAPS = " \u3000-－—–‐_·•"
_several = re.compile(r"[、()（）]")
_beside = re.compile(r"[()（）/／]|(?<=[^\W\d])\s*(?=[0-9]+$)")
_umlauts = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A display name that one person shows somewhere, and how it reads."""

    person_key: int | None
    name_key: int
    display_name: str
    reading: Reading
    known: bool
    """Whether the directory has the person's name."""
    accepted: frozenset[str]
    """Keys of the departments that count as the person's."""


class NameParams(classes.ClassParams, Grammar):
    """The parameters of a rule that reads display names: the grammar, and what bots and outsiders are to it."""


TIGHTER = {
    "forms": "fewer",
    "separators": "fewer",
    "brackets": "fewer",
    "width": ("any", "half"),
    "longest": "lower",
    **classes.TIGHTER,
}
"""Which way the parameters become tighter for a rule that judges the form."""


def names_read(estate: RuleEstate, params: Grammar, related: str = "both") -> list[Shown]:
    """Return every distinct pair of a person and a spelling that does not plainly read as unit and name.

    `related` says which departments beside a person's own count as theirs (see `posts.RelatedParams`). Rules that ask
    for the same grammar share one reading, whatever bots and outsiders are to each.
    """
    grammar = params.model_dump_json(include={*Grammar.model_fields})
    return estate.once(("display names", grammar, related), lambda: list(_read(estate, params, related)))


def _read(estate: RuleEstate, params: Grammar, related: str) -> Iterator[Shown]:
    """Yield what `names_read` returns."""
    reader: Reader | None = None
    for row in estate.rows(
        f"""WITH {_RELATED}, named AS ({_UNIT_NAMES}), pairs AS (
            SELECT DISTINCT a.person_key, m.name_key FROM shown_names m JOIN accounts a USING (account_key)
        ), spelled AS (
            SELECT name_key, display_name, {_bare(params, "display_name")} AS bare FROM display_names
        ), plain AS MATERIALIZED (
            SELECT DISTINCT t.person_key, {_plain_text(params)} AS text FROM appointments t
            JOIN related r ON r.post = t.department_key AND r.way <> 'above' JOIN named n ON n.department_key = r.named
            JOIN people p USING (person_key) WHERE r.way = 'same' OR $related IN (r.way, 'both')
        ), most AS MATERIALIZED (
            -- Posts are looked for only where nothing simpler settles it: the expression is long.
            SELECT pairs.person_key, name_key, display_name FROM pairs JOIN spelled USING (name_key)
            ANTI JOIN plain ON plain.person_key = pairs.person_key AND plain.text = spelled.bare
        ), rest AS MATERIALIZED (
            SELECT * FROM most ANTI JOIN plain
            ON plain.person_key = most.person_key AND plain.text = {_without_post(params, "most.display_name")}
        ), units AS (
            SELECT t.person_key, list(DISTINCT n.name) AS units,
                list(DISTINCT n.name) FILTER (r.way = 'same' OR $related IN (r.way, 'both')) AS accepted,
                list(DISTINCT n.name) FILTER (r.way = 'below' AND d.parent_id IS NULL) AS tops,
                list(DISTINCT t.title) FILTER (t.title <> '') AS titles
            FROM appointments t JOIN related r ON r.post = t.department_key JOIN named n ON n.department_key = r.named
            JOIN departments d ON d.department_key = r.named
            WHERE t.person_key IN (SELECT person_key FROM rest) AND n.name <> '' GROUP BY t.person_key
        )
        SELECT r.*, p.name, p.former_names, u.* EXCLUDE (person_key) FROM rest r
        LEFT JOIN people p USING (person_key) LEFT JOIN units u USING (person_key)""",
        {"related": related},
    ):
        reader = reader or _reader(estate, params)
        person = _person(row)
        yield Shown(
            row["person_key"],
            row["name_key"],
            row["display_name"],
            reader.read(row["display_name"], person),
            bool(person.names),
            frozenset(_unit_keys(row["accepted"])),
        )


def _plain_text(grammar: Grammar) -> str:
    """Return SQL for what a person shows who keeps to the grammar, without gaps; NULL where that is not enough."""
    orders = set()
    for form in grammar.forms:
        kinds = [("unit" if kind_of(part) in UNITS else kind_of(part)) for part in required(form) if part != "company"]
        if len(kinds) == len(required(form)):
            orders.add(" || ".join({"unit": "n.name", "name": "p.name"}.get(kind, "") for kind in kinds))
    plain = sorted(orders & {"n.name || p.name", "p.name || n.name"})
    if not plain or "" not in grammar.separators or grammar.width != "any":
        return "CAST(NULL AS VARCHAR)"
    return f"unnest([{', '.join(_squeezed(grammar, text) for text in plain)}])"


def _squeezed(grammar: Grammar, text: str) -> str:
    """Return SQL for `text` without the gaps that the grammar allows everywhere, in lower case."""
    allowed = fold("".join(grammar.separators))
    gaps = "".join(gap for gap in _PLAIN_GAPS if fold(gap) in allowed)
    return f"translate(lower({text}), '{gaps}', '')"


def _bare(grammar: Grammar, text: str) -> str:
    """Return SQL for `text` squeezed, and without one pair of round brackets where the grammar allows them."""
    squeezed = _squeezed(grammar, text)
    if "()" not in map(fold, grammar.brackets):
        return squeezed
    return f"regexp_replace({squeezed}, '^([^()（）]*)[(（]([^()（）]*)[)）]([^()（）]*)$', '\\1\\2\\3')"


def _without_post(grammar: Grammar, text: str) -> str:
    """Return SQL for `text` squeezed and without a post at its end, where every form allows one."""
    posts = [re.escape(post.lower()).replace("'", "''") for post in grammar.posts if post.isalnum()]
    if not posts or not all(form[-1] == "post?" for form in grammar.forms):
        return "CAST(NULL AS VARCHAR)"
    return f"regexp_replace({_bare(grammar, text)}, '(?:{'|'.join(posts)})$', '')"


def _reader(estate: RuleEstate, grammar: Grammar) -> Reader:
    """Return a reader that knows every name and every unit of the directory."""
    people = "SELECT name FROM people UNION SELECT unnest(former_names) FROM people"
    [row] = estate.rows(f"SELECT string_agg(replace(name, chr(10), ' '), chr(10)) AS names FROM ({people})")
    units = [row["name"] for row in estate.rows(f"SELECT DISTINCT name FROM ({_UNIT_NAMES}) WHERE name <> ''")]
    return Reader(grammar, _unit_keys(units), keys(row["names"] or ""))


def _person(row: dict[str, Any]) -> Person:
    """Return what the directory has on one person, from a row of the query above."""
    names = [name for name in (row["name"], *(row["former_names"] or ())) if name]
    units = row["units"] or ()
    # 张敏（曾用名张小敏） is nobody else.
    both = [first + word + other for first, other in permutations(names, 2) for word in ("", "曾用名", "原名")]
    spellings = [*(order for name in names for order in _orders(name)), *both]
    return Person(
        names=tuple({_key(one): None for one in spellings if _key(one)}),
        units=_unit_keys(units),
        tops=_unit_keys(row["tops"]),
        titles=tuple(filter(None, map(_key, row["titles"] or ()))),
        characters=frozenset().union(*names, *units, *map(fold, names), *map(fold, units)),
    )


def _orders(name: str) -> Iterator[str]:
    """Yield the ways to write one name: García José is José García, Mueller is Müller, and 张伟（女）2 is 张伟."""
    for one in dict.fromkeys((name, name.lower().translate(_umlauts))):
        words = one.split()
        if len(words) in (2, 3) and min(map(len, words)) > 1:
            yield from map("".join, permutations(words))
        else:
            yield one
    # What a register adds to tell namesakes apart need not be shown; a name in another script may stand for the first.
    first, *others = _beside.split(name)
    yield from (part for part in (first, *others) if len(part) > 1 and (part is first or _han(part) != _han(first)))


def _han(text: str) -> bool:
    return any(character >= "\u3400" for character in text if character.isalpha())


_key = lru_cache(65536)(key)


def _unit_keys(units: list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the keys of units, and of the several names that one name may hold: 党委办公室、校长办公室."""
    found: dict[str, None] = {}
    for unit in units or ():
        found[_key(unit)] = None
        parts = [_key(part) for part in _several.split(unit)]
        if len(parts) > 1:
            found.update(dict.fromkeys(part for part in parts if len(part) > 1))
    found.pop("", None)
    return tuple(found)
