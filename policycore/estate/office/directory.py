"""Know whom a register means by a name, a number, a name with a unit or a post; never guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from policycore.errors import Problem
from policycore.estate.cells.words import says_unknown
from policycore.estate.inputs import FilledSheet
from policycore.estate.office.one_person import join_people
from policycore.estate.parts import Part
from policycore.estate.problems import problem

__all__ = ["Directory", "account_of"]

_with_department = re.compile(r"(.+?)\s*[(（](.+?)[)）]\s*")
_numbers = re.compile(r"[0-9０-９][0-9０-９ \-]{5,}[0-9０-９]")
_EDGES = " \u3000-–—－_:：,，、/()（）"
_LONGEST_NAME = 20
_TITLES = frozenset(
    (
        "处长",
        "副处长",
        "科长",
        "副科长",
        "部长",
        "副部长",
        "主任",
        "副主任",
        "书记",
        "副书记",
        "院长",
        "副院长",
        "主席",
        "老师",
        "同志",
    )
)


class Directory:
    """Find who or what is meant by an id or a name; a name with several bearers means nobody."""

    def __init__(self, by_table: Mapping[str, Sequence[FilledSheet]], parts: Sequence[Part]) -> None:
        self.known: dict[str, dict[str, set[str]]] = {}
        self.departments_of: dict[str, set[str]] = {}
        self.told_apart: dict[str, str] = {}
        """Whom the department of a group told from others of one name, by what was written."""
        self.titles = set(_TITLES)
        """What people are called by their posts."""
        # Accounts of which nobody knows whose they are say nothing of the people in a register.
        self.has_accounts = "accounts" in by_table or any(
            part.table == "accounts"
            and "person_id" in part.columns
            and part.columns["person_id"].null_count < len(part.rows)
            for part in parts
        )
        for table, sheets in by_table.items():
            for sheet in sheets:
                for row in sheet.rows:
                    self._learn(table, row)
        for part in parts:
            names = [name for name in ("id", "name", "aliases", "title", "person_id") if name in part.columns]
            columns = {name: [_text(value) for value in part.columns[name].to_pylist()] for name in names}
            for index in range(len(part.rows)):
                self._learn(part.table, {name: values[index] for name, values in columns.items()})
        self.derives_departments = "departments" not in self.known
        self.is_empty = not ("people" in self.known or self.has_accounts)
        """Whether nobody is known at all: then one missing directory is the mistake, not every name."""
        self.asked_in: set[str] = set()
        for sheet in by_table.get("people", ()):
            for row in sheet.rows:
                self._learn_post(row)
        join_people(self.known.get("people", {}), by_table.get("people", ()), parts, self._department)

    def notes(self) -> list[Problem]:
        """Return a note on the people of one name whom the department of a group told apart."""
        named = tuple(f"{said} = {identity}" for said, identity in self.told_apart.items())
        return [problem("note-told-apart", names=named)] if named else []

    def _department(self, text: str) -> str:
        """Return the id of the department that `text` means, else the text."""
        return self.find("departments", text)[0] or text

    def _learn_post(self, row: Mapping[str, str | None]) -> None:
        """Take in where a person of the directory is."""
        if row.get("title"):
            self.titles.add(str(row["title"]))
        name = row.get("department_id")
        if not name or says_unknown(name, "people.department_id"):
            return
        if row.get("id"):
            self.departments_of.setdefault(str(row["id"]), set()).add(name)
        if self.derives_departments:
            # A directory without a list of departments names them itself.
            self.known.setdefault("departments", {})[name] = {name}

    def _learn(self, table: str, row: Mapping[str, str | None]) -> None:
        """Take in what one row is called."""
        identity = row.get("id")
        if not identity:
            return
        names = self.known.setdefault(table, {})
        # An account's own name is a nickname, which says nothing about whose it is.
        named = {"accounts": "person_id", "tasks": "title"}.get(table, "name")
        called = [identity, row.get(named), *(row.get("aliases") or "").split("|")]
        for name in called:
            if name:
                names.setdefault(name, set()).add(identity)

    def _within(self, text: str) -> set[str]:
        """Return who is named in `text` beside a unit, a post or a telephone number; nobody where anything else is.

        学生处赵磊, 周涛处长, 张敏 13837312345: each part must be known for what it is.
        """
        people, departments = self.known.get("people", {}), self.known.get("departments", {})
        bare = _numbers.sub("", text).strip(_EDGES)
        found: set[str] = set()
        for begin in range(len(bare)):
            for end in range(begin + 2, min(len(bare), begin + _LONGEST_NAME) + 1):
                named = people.get(bare[begin:end])
                before, after = bare[:begin].strip(_EDGES), bare[end:].strip(_EDGES)
                if named and (not before or before in departments) and (not after or after in self.titles):
                    found |= named if not before else {one for one in named if self._may_be_in(one, before)}
        return found

    def shown_as(self, text: str) -> str | None:
        """Return the one person whose unit and name `text` shows; None for a name alone, or what nobody knows."""
        bare = text if text in self.known.get("people", {}) else "".join(text.split())
        if bare in self.known.get("people", {}):
            return None
        found = self._within(bare) or self._within(text)
        return next(iter(found)) if len(found) == 1 else None

    def _may_be_in(self, person: str, department: str) -> bool:
        """Return whether a person is in a department, or nobody knows where they are."""
        held = self.departments_of.get(person, set())
        return not held or self._department(department) in {self._department(name) for name in held}

    def find(self, table: str, text: str, department: str | None = None) -> tuple[str | None, str]:
        """Return the id that `text` means, or None and the code of what is wrong."""
        if table == "accounts":
            direct = self.known.get("accounts", {}).get(text, set())
            if len(direct) == 1:
                return next(iter(direct)), ""
            person, code = self.find("people", text, department)
            if person is None or not self.has_accounts:
                return (None if person is None else account_of(person)), code
            found = self.known.get("accounts", {}).get(person, set())
        elif table == "people":
            found, department = self._called(text, department)
        else:
            found = self.known.get(table, {}).get(text, set())
        if len(found) == 1:
            return next(iter(found)), ""
        if not found:
            return None, "unresolved"
        return None, "ambiguous-there" if department and table == "people" else "ambiguous"

    def _called(self, text: str, department: str | None) -> tuple[set[str], str | None]:
        """Return whom `text` may mean, and the department by which several of one name were told apart."""
        people = self.known.get("people", {})
        found = people.get(text, set()) or self._within(text)
        split = _with_department.fullmatch(text) if len(found) != 1 else None
        if split:
            text, department = split[1], split[2]
            found = people.get(text, set())
            if department in self.known.get("departments", {}):
                # Nobody of that name is there: it is not the one who is elsewhere.
                found = {person for person in found if self._may_be_in(person, department)}
        if len(found) > 1 and department:
            there = {person for person in found if department in self.departments_of.get(person, ())}
            if len(there) == 1 and not split:
                self.told_apart[f"{text}（{department}）"] = next(iter(there))
            # Where none of them is in the group's own department, it tells nothing of who is meant.
            return (there, department) if there or split else (found, None)
        return found, None


def account_of(person: str) -> str:
    """Return the id of the account that stands for a person of a register without accounts: the person's own.

    It is what findings call the account by, and a clerk knows no other.
    """
    return person


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return "|".join(str(item) for item in value)
    return None if value is None else str(value)
