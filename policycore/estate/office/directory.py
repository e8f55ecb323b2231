"""Know whom a register means by a name, a number, a name with a unit or a post; never guess."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from policycore.errors import Place, Problem
from policycore.estate.cells.convert import read_scope
from policycore.estate.cells.words import says_unknown
from policycore.estate.inputs import FilledSheet
from policycore.estate.office.one_person import join_people
from policycore.estate.parts import Part
from policycore.estate.problems import problem
from policycore.estate.reading import Choice, Question

__all__ = ["Directory", "name_key", "scope_meant"]

_dots = re.compile(r"[.·•‧・．。\u2022\u2027\u30fb\uff0e\u00b7\u25cf∙⋅]")
_part_of_unit = re.compile(r"[^（）()群]{1,10}(?:科|科室|股|组|室|办公室)")
_unit_ending = re.compile(r"处|部|科|院|系|室|中心|学院|办公室|委员会|公司|局")
_number_of = re.compile(r"^(?:职工号|教工号|工号|编号|号)[:：]?")
_around = re.compile(r"^[“”\"'《【「]+|[”“\"'》】」]*(?:\([0-9]+人?\))?$")
_remark = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_renamed = re.compile(r"([^()]+)\((?:原名|原称|曾用名|原):?([^()]+)\)")
_with_department = re.compile(r"([^()（）]+?)\s*[(（]((?:[^()（）]|[(（][^()（）]*[)）])+)[)）]\s*")
_numbers = re.compile(r"[0-9０-９][0-9０-９ \-]{5,}[0-9０-９]")
_phones = re.compile(r"(?<![0-9])(?:1[3-9][0-9](?:[ -]?[0-9]{4}){2}|0[0-9]{2,3}[- ]?[0-9]{7,8})(?![0-9])")
_hard = re.compile(r"[、,，;；|｜/\n①-⑳]+(?![^(（]*[)）])")
_numbered = re.compile(r"(?:^|(?<=[^0-9]))(?:[(（][0-9]{1,2}[)）]|[0-9]{1,2}[.．)）、])\s*(?=[^0-9\s])")
_soft = re.compile(r"\s+[和及与]\s+|\s+(?![^(（]*[)）])|(?<=\S{2})[和及与](?=\S{2})|[&＆+＋\\]|(?<=[)）])(?=\w)")
_joined = re.compile(r"[-－–—·•]")
_job = re.compile(r"^[^:：]{1,8}[:：]\s*")
_and_more = re.compile(r"等(?:[0-9一二三四五六七八九十]+[人名位])?$")
AND_MORE = "等"
"""Stands in a list for those whom it does not name."""
_EDGES = " \u3000-–—－‐−_:：,，、;；。./\\()（）[]【】〔〕〖〗{}<>《》「」『』“”*＊@＠+＋|丨│·~～&"
_LONGEST_NAME = 20
_POSTS = (
    "处长 副处长 科长 副科长 部长 副部长 主任 副主任 书记 副书记 院长 副院长 主席 副主席 "
    "校长 副校长 馆长 副馆长 所长 副所长 秘书 干事 科员 辅导员 教授 副教授 老师 同志"
)

_all_of = re.compile(r"(?:的?(?:全体|全部|所有)?(?:教职工|工作人员|人员|成员|职工|员工|同志|同事)|全体)$")
_own = re.compile(r"(?:本|我)(?:部门|单位|处室|处|部|学院|院|科室)")
_BY_ID = ("departments", "people")
"""The lists of a scope that hold ids of the table of the same name."""


class Directory:
    """A register of who or what is meant by an id or a name; a name with several bearers means nobody."""

    def __init__(
        self,
        by_table: Mapping[str, Sequence[FilledSheet]],
        parts: Sequence[Part],
        answers: Mapping[str, str] | None = None,
    ) -> None:
        self.answers = {name_key(said): identity for said, identity in (answers or {}).items()}
        """Whom a recipe says that a name means."""
        self.known: dict[str, dict[str, set[str]]] = {}
        self.departments_of: dict[str, set[str]] = {}
        self.told_apart: dict[str, str] = {}
        """Whom the department of a group told from others of one name, by what was written."""
        self.formerly: dict[str, set[str]] = {}
        """Who bore a name that they no longer have."""
        self.strangers: set[str] = set()
        """Accounts of which nobody says whose they are."""
        self.questions: dict[str, Question] = {}
        self.titles = set(_POSTS.split())
        """What people are called by their posts."""
        self.ranks = {"中层正职", "中层副职"}
        # Accounts of which nobody knows whose they are say nothing of the people in a register.
        self.has_accounts = "accounts" in by_table or any(
            part.table == "accounts"
            and "person_id" in part.columns
            and part.columns["person_id"].null_count < len(part.rows)
            for part in parts
        )
        for table, sheets in by_table.items():
            if table != "groups":
                self.learn(table, sheets)
        for part in parts:
            names = [
                name for name in ("id", "name", "aliases", "former_names", "title", "person_id") if name in part.columns
            ]
            columns = {name: [_text(value) for value in part.columns[name].to_pylist()] for name in names}
            if part.table == "appointments" and "rank" in part.columns:
                self.ranks.update(str(rank) for rank in part.columns["rank"].unique().to_pylist() if rank)
            for index in range(len(part.rows)):
                self._learn(part.table, {name: values[index] for name, values in columns.items()})
        self.derives_departments = "departments" not in self.known
        self.is_empty = not ("people" in self.known or self.has_accounts)
        """Whether nobody is known at all: then one missing directory is the mistake, not every name."""
        self.asked_in: set[str] = set()
        for sheet in by_table.get("people", ()):
            for row in sheet.rows:
                self._learn_post(row)
        # Whoever bears a name now is meant by it, not one who did.
        for name, identities in self.formerly.items():
            self.known["people"].setdefault(name, identities)
        join_people(self.known.get("people", {}), by_table.get("people", ()), parts, self._department)

    def learn(self, table: str, sheets: Sequence[FilledSheet]) -> None:
        """Take in what the rows of sheets are called whose ids were not known before."""
        for sheet in sheets:
            for row in sheet.rows:
                self._learn(table, row)

    def ask(self, text: str, department: str | None, place: Place) -> None:
        """Ask once whom a name of several means."""
        key = f"{text}（{department}）" if department and not _with_department.fullmatch(text) else text
        if key in self.questions:
            return
        choices = [
            Choice(one, f"{one} {'、'.join(sorted(self.departments_of.get(one, ())))}".strip())
            for one in self.bearers(text)
        ]
        self.questions[key] = Question("names", key, place, tuple(choices))

    def notes(self) -> list[Problem]:
        """Return a note on the people of one name whom the department of a group told apart."""
        named = tuple(f"{said} = {identity}" for said, identity in self.told_apart.items())
        return [problem("note-told-apart", names=named)] if named else []

    def _department(self, text: str) -> str:
        """Return the id of the department that `text` means, else the text."""
        found = self._units(text)
        return next(iter(found)) if len(found) == 1 else text

    def _units(self, text: str) -> set[str]:
        """Return the departments that `text` may mean: by a name of now or before, as a part of one, or shortened."""
        known, key = self.known.get("departments", {}), name_key(text)
        found = known.get(text) or known.get(key) or self._above(key)
        renamed = None if found else _renamed.fullmatch(key)
        if renamed:
            return self._units(renamed[1]) or self._units(renamed[2])
        if found or len(key) < 2:
            return found
        longer = (name for name in known if name.startswith(key) and _unit_ending.fullmatch(name[len(key) :]))
        return {identity for name in longer for identity in known[name]}

    def _learn_post(self, row: Mapping[str, str | None]) -> None:
        """Take in where a person of the directory is."""
        self.titles |= {name_key(str(row["title"]))} if row.get("title") else set()
        self.ranks |= {str(row["rank"])} if row.get("rank") else set()
        name = row.get("department_id")
        if not name or says_unknown(name, "people.department_id"):
            return
        if row.get("id"):
            self.departments_of.setdefault(str(row["id"]), set()).add(name)
        if self.derives_departments:
            # A directory without a list of departments names them itself.
            departments = self.known.setdefault("departments", {})
            departments[name] = {name}
            departments.setdefault(name_key(name), {name})

    def _learn(self, table: str, row: Mapping[str, str | None]) -> None:
        """Take in what one row is called."""
        identity = row.get("id")
        if not identity:
            return
        if table == "accounts" and not row.get("person_id"):
            # Whoever writes in a chat chooses what an export calls them: it is nobody whom the directory calls so.
            self.strangers.add(identity)
            return
        names = self.known.setdefault(table, {})
        # An account's own name is a nickname, which says nothing about whose it is.
        named = {"accounts": "person_id", "tasks": "title"}.get(table, "name")
        called = [identity, row.get(named), *(row.get("aliases") or "").split("|")]
        for name in re.split(r"[|、,，;；\s]+", row.get("former_names") or "") if table == "people" else ():
            if len(name) > 1:
                self.formerly.setdefault(name_key(name), set()).add(identity)
        for name in called:
            for form in dict.fromkeys((name, name_key(name))) if name else ():
                names.setdefault(form, set()).add(identity)
                if table == "people" and "·" in form:
                    # Who types it leaves out the dots.
                    names.setdefault(form.replace("·", ""), set()).add(identity)

    def _within(self, text: str) -> set[str]:
        """Return who is named in `text` beside a unit, a post or a telephone number; nobody where anything else is.

        学生处赵磊, 周涛处长, 张敏 13837312345: each part must be known for what it is.
        """
        people = self.known.get("people", {})
        bare = _numbers.sub("", name_key(text)).strip(_EDGES)
        found: set[str] = set()
        for begin in range(len(bare)):
            for end in range(begin + 2, min(len(bare), begin + _LONGEST_NAME) + 1):
                named = people.get(bare[begin:end])
                before, after = bare[:begin].strip(_EDGES), bare[end:].strip(_EDGES)
                unit = self._unit_before(before)
                numbers = [_number_of.sub("", one) for one in (before, after)]
                numbered = [one for one in numbers if one[-1:].isdigit() and one in people]
                if named and numbered and numbers.count("") == 1:
                    found |= named & people[numbered[0]]
                elif named and unit is not None and (not after or after in self.titles):
                    found |= named if not unit else {one for one in named if self._may_be_in(one, unit)}
                elif named and not before and self._unit_before(after):
                    found |= {one for one in named if self._may_be_in(one, str(self._unit_before(after)))}
        return found

    def _unit_before(self, text: str) -> str | None:
        """Return the unit that stands before a name, with a post or without; "" for a post alone, None for others."""
        departments = self.known.get("departments", {})
        posts = [""] + [title for title in self.titles if text.endswith(title)]
        rests = [text.removesuffix(post).strip(_EDGES) for post in posts]
        return next((rest for rest in rests if not rest or rest in departments or self._above(rest)), None)

    def _above(self, unit: str) -> set[str]:
        """Return the department that begins the name of a part of it: 教务处教学科 is of 教务处."""
        departments = self.known.get("departments", {})
        ends = (end for end in range(len(unit) - 2, 1, -1) if _part_of_unit.fullmatch(unit[end:]))
        return next((departments[unit[:end]] for end in ends if unit[:end] in departments), set())

    def several(self, text: str) -> list[str]:
        """Return the names in a cell that may hold several, parted in any way; a name with spaces that is known is one.

        Telephone numbers are no names, nor part them.
        """
        whole = _phones.sub(" ", text) if _phones.sub("", text).strip() else text
        found: list[str] = []
        for piece in filter(None, map(str.strip, _hard.split(_numbered.sub("\n", whole)))):
            found += [piece] if self._is_known(piece) else self._parted(piece)
        return [one for one in found if not (one.isdigit() and len(one) < 3) or self._is_known(one)]

    def _parted(self, piece: str) -> list[str]:
        """Return the names in a text that nobody is called: what parts them, and what is said of them, is known too."""
        parts = [one.strip() for one in _soft.split(piece) if one and one.strip()]
        for mark in (_joined, _job, _and_more) if len(parts) < 2 else ():
            names = [one.strip() for one in mark.split(piece) if one.strip()]
            if names and names != [piece] and all(self._is_known(one) for one in names):
                return [*names, AND_MORE] if mark is _and_more else names
        return [one for part in parts for one in self._parted(part)] if len(parts) > 1 else parts

    def _is_known(self, text: str) -> bool:
        people = self.known.get("people", {})
        return text in people or name_key(text) in people or bool(self._within(text))

    def departments_but(self, names: Iterable[str | None]) -> list[str]:
        """Return the departments of the directory, in its order, that none of `names` means."""
        known = self.known.get("departments", {})
        meant = {self._department(name) for name in names if name}
        called: dict[str, str] = {}
        for name, ids in known.items():
            for identity in ids:
                if called.setdefault(identity, identity) == identity and name_key(name) != name_key(identity):
                    called[identity] = name
        return [name for identity, name in called.items() if identity not in meant]

    def unit_in(self, title: str) -> str | None:
        """Return the department that the title of a sheet or a file names; None where none, or several are."""
        key = name_key(title)
        short = self._units(key)
        if len(short) == 1:
            return next(iter(short))
        held = [name for name in self.known.get("departments", {}) if len(name) > 1 and name in key]
        longest = {name for name in held if not any(name != other and name in other for other in held)}
        found = {identity for name in longest for identity in self.known["departments"][name]}
        return found.pop() if len(found) == 1 else None

    def shown_as(self, text: str) -> str | None:
        """Return the one person whose unit and name `text` shows; None for a name alone, or what nobody knows."""
        if name_key(text) in self.known.get("people", {}):
            return None
        found = self._within(text)
        return next(iter(found)) if len(found) == 1 else None

    def is_of(self, name: str, department: str) -> bool:
        """Return whether a name means one person, who is known to be in a department."""
        person, _ = self.find("people", name, department)
        return person is not None and bool(self.departments_of.get(person)) and self._may_be_in(person, department)

    def _may_be_in(self, person: str, department: str) -> bool:
        """Return whether a person is in a department, or nobody knows where they are."""
        held = self.departments_of.get(person, set())
        return not held or self._department(department) in {self._department(name) for name in held}

    def find(self, table: str, text: str, department: str | None = None) -> tuple[str | None, str]:
        """Return the id that `text` means, or None and the code of what is wrong."""
        said = self._answered(text, department) if table in ("accounts", "people") else None
        if said is not None:
            text = said
        if table == "accounts":
            accounts = self.known.get("accounts", {})
            direct = accounts.get(text) or accounts.get(name_key(text), set())
            if len(direct) == 1:
                return next(iter(direct)), ""
            person, code = self.find("people", text, department)
            if code == "unresolved" and self.strangers & {text, name_key(text)}:
                return (text if text in self.strangers else name_key(text)), ""
            if person is None or not self.has_accounts:
                # The account that stands for a person of a register without accounts has the person's id: it is what
                # findings call the account by, and a clerk knows no other.
                return person, code
            found = self.known.get("accounts", {}).get(person, set())
        elif table == "people":
            found, department = self._called(text, department)
        else:
            known = self.known.get(table, {})
            found = self._units(text) if table == "departments" else known.get(text) or known.get(name_key(text), set())
            if not found and table == "groups":
                # “教务处工作群”(23): as a phone shows it.
                found = known.get(_around.sub("", name_key(text)), set())
        if len(found) == 1:
            return next(iter(found)), ""
        if not found:
            return None, "unresolved"
        return None, "ambiguous-there" if department and table == "people" else "ambiguous"

    def _numbered(self, text: str) -> set[str]:
        """Return who has the number that `text` is, without the zeros that a spreadsheet took from before it."""
        people = self.known.get("people", {}) if text.isascii() and text.isdigit() else {}
        return {text.zfill(width) for width in range(len(text) + 1, 13) if text.zfill(width) in people}

    def _answered(self, text: str, department: str | None) -> str | None:
        """Return whom a recipe says that a name means: in this department, else everywhere."""
        keys = ([name_key(f"{text}（{department}）")] if department else []) + [name_key(text)]
        return next((self.answers[key] for key in keys if key in self.answers), None)

    def bearers(self, text: str) -> list[str]:
        """Return the ids of all who may be meant by a name."""
        return sorted(self.known.get("people", {}).get(name_key(_remark.sub("", text)), ()))

    def _called(self, text: str, department: str | None) -> tuple[set[str], str | None]:
        """Return whom `text` may mean, and the department by which several of one name were told apart."""
        people = self.known.get("people", {})
        text = _number_of.sub("", text)
        found = people.get(text) or people.get(name_key(text)) or self._within(text) or self._numbered(text)
        split = _with_department.fullmatch(text) if len(found) != 1 else None
        if split:
            text, said = name_key(split[1]), name_key(split[2])
            found = people.get(text, set())
            # 张伟（科员）: a post tells nothing of where somebody is; the group's own department does.
            split, department = (None, department) if said in self.titles else (split, said)
        if split and department and (department in self.known.get("departments", {}) or self._above(department)):
            # Nobody of that name is there: it is not the one who is elsewhere.
            found = {person for person in found if self._may_be_in(person, department)}
        if len(found) > 1 and department:
            wanted = self._department(department)
            there = {
                person
                for person in found
                if wanted in {self._department(one) for one in self.departments_of.get(person, ())}
            }
            if len(there) == 1 and not split:
                self.told_apart[f"{text}（{department}）"] = next(iter(there))
            # Where none of them is in the group's own department, it tells nothing of who is meant.
            return (there, department) if there or split else (found, None)
        return found, None


def name_key(text: str) -> str:
    """Return a name as it is compared: no spaces, one width, small letters, one dot for all between parts of names."""
    return _dots.sub("·", "".join(unicodedata.normalize("NFKC", text).casefold().split()))


def _text(value: object) -> str | None:
    if isinstance(value, list):
        return "|".join(str(item) for item in value)
    return None if value is None else str(value)


def scope_meant(text: str, department: str | None, directory: Directory) -> str | None:
    """Return a scope with departments and people as ids, in JSON; None where anything in it is not known for sure."""
    try:
        scope = read_scope(text)
    except ValueError:
        whole = directory.find("departments", text)[0]
        names = [text] if whole else [_all_of.sub("", one) for one in re.split(r"[、,，;；和及\s]+", text) if one]
        scope = {"departments": [department or one if _own.fullmatch(one) else one for one in names]}
        for rank in [one for one in names if one in directory.ranks]:
            scope["departments"].remove(rank)
            scope.setdefault("ranks", []).append(rank)
    for name in _BY_ID:
        found = [directory.find(name, one)[0] for one in scope.get(name, ())]
        if None in found:
            return None
        scope[name] = [one for one in found if one is not None]
    return json.dumps(scope, ensure_ascii=False) if any(scope.values()) else None
