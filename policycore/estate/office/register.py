"""Turn a register that names people and groups into tables that refer by id, and never guess whom it means.

A list kept by people says 群主:张三. The name becomes an account when exactly one person of the
directory has it; when none or several have, whose account it is stays unknown, and that is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from policycore.errors import Place, Problem
from policycore.estate.cells.words import says_unknown
from policycore.estate.inputs import FilledSheet, Gathered, InputFile
from policycore.estate.office.directory import Directory
from policycore.estate.office.draft import STATES, Draft, resolve, take_end
from policycore.estate.office.forms import (
    FilledForm,
    form_parts,
    inventory_id,
    inventory_part,
    inventory_units,
    inventory_unread,
    is_inventory,
)
from policycore.estate.office.identities import (
    give,
    identify,
    is_same_person,
    set_aside_repeated,
    take_department,
    take_sections,
)
from policycore.estate.office.office_recipe import OfficeRecipe
from policycore.estate.office.officers import fill_roles, groups_of, members_unread, named_in, officers, other_owners
from policycore.estate.office.parted_cells import part_units_and_posts
from policycore.estate.office.shown_names import shown_members
from policycore.estate.parts import Part
from policycore.estate.problems import problem
from policycore.language import say
from policycore.model.forms import FORMS, kind_meant
from policycore.model.schema import table_schema
from policycore.system.grouped import grouped

__all__ = ["add_register"]

_POST = ("department_id", "title", "rank", "duties", "since", "until")


def add_register(
    sheets: Sequence[FilledSheet],
    gathered: Gathered,
    recipe: OfficeRecipe,
    forms: Sequence[FilledForm] = (),
    unread: Sequence[InputFile] = (),
) -> None:
    """Add the parts that the sheets of a register, and the forms that departments handed back, supply.

    A `recipe` says whom names mean that several bear. Of files that are `unread` it is known what they are called:
    whose members they list are not taken for known, nor a department for one that has handed in nothing.
    """
    by_table = grouped((sheet.table, sheet) for sheet in sheets if not sheet.shown_names)
    for sheet in by_table.get("submissions", ()):
        # A register of what came in that names no kind of form has the one that it is called by: 附件1交表登记.
        meant = {kind_meant(title) for title in sheet.titles} & {form.kind for form in FORMS.values()}
        if "kind" not in sheet.headers and len(meant) == 1:
            give(sheet, "kind", meant.pop())
    directory = _directory(by_table, gathered, recipe)
    # Where the list of people may be what could not be read, whom names mean is unknown, and no mistake of each list.
    directory.is_empty &= not unread
    _part_names(by_table.get("memberships", ()), directory)
    _take_states(by_table, directory)
    unregistered = _learn_unregistered(by_table, directory)
    sheets = [*sheets, *(one for one in by_table.get("accounts", ()) if one not in sheets)]
    drafts = [_resolved(sheet, directory) for sheet in sheets if not sheet.shown_names]
    if directory.derives_departments:
        drafts += _departments(by_table.get("people", ()))
    for sheet in by_table.get("people", ()):
        drafts += _posts(sheet, directory)
    # What members are shown as is a list of them too.
    lists = [*by_table.get("memberships", ()), *(sheet for sheet in sheets if sheet.shown_names)]
    if not lists and not any(part.table == "memberships" for part in gathered.parts):
        gathered.notes += [problem("note-no-members", Place(sheet.file)) for sheet in by_table.get("groups", ())]
    if not directory.has_accounts and "people" in by_table:
        drafts += [_accounts(sheet) for sheet in by_table["people"]]
    drafts += [
        groups_of(draft, {row.get("group_id") for row in draft.rows} - unregistered)
        for draft in drafts
        if draft.table == "memberships"
    ]
    named = named_in(by_table.get("groups", ()), directory)
    shown = [
        one for sheet in sheets if sheet.shown_names for one in shown_members(sheet, directory, named, gathered.notes)
    ]
    # Who is an officer of a group that a list of groups names as well is said there.
    listed = [one for one in shown if one.rows and one.rows[0].get("group_id") in directory.known.get("groups", {})]
    members = [draft for draft in (*drafts, *listed) if draft.table == "memberships"]
    if "groups" in by_table:
        drafts += other_owners(members, [draft for draft in drafts if draft.table == "groups"])
        drafts += [
            officers(sheet, members, directory, alone="memberships.account_id" in _lacks(sheet, lists))
            for sheet in by_table["groups"]
        ]
        fill_roles(members)
    drafts += shown
    drafts += members_unread(unread, directory)
    gathered.notes += [*directory.notes(), *_not_handed_in(by_table.get("groups", ()), unread, directory)]
    gathered.questions += directory.questions.values()
    gathered.problems += [problem("no-directory", Place(file)) for file in sorted(directory.asked_in)]
    # What is derived from a sheet and has no rows says nothing.
    for draft in (one for one in drafts if one.columns and (one.rows or one.table == one.sheet.table)):
        part = _part(draft)
        part.lacks = _lacks(draft.sheet, lists) if draft.table == "groups" else frozenset()
        gathered.parts.append(part)
    gathered.parts += _inventories(by_table.get("groups", ()), directory)
    gathered.parts += form_parts(forms, directory)
    gathered.parts += [inventory_unread(file, directory) for file in unread if is_inventory(file.name)]


def _not_handed_in(sheets: Sequence[FilledSheet], unread: Sequence[InputFile], directory: Directory) -> list[Problem]:
    """Return a note on the departments without a list, where several have handed in one each."""
    by_department = [sheet for sheet in sheets if any(name == "department_id" for name, _ in sheet.reading.given)]
    named = [row.get("department_id") for sheet in sheets for row in sheet.rows]
    named += [sheet.headers.get("department_id") for sheet in sheets if sheet.nil_return]
    named += [directory.unit_in(Path(file.name).stem) for file in unread]
    missing = directory.departments_but(named)
    told = len(by_department) > 1 and missing
    return [problem("note-not-handed-in", count=len(missing), names=tuple(missing[:50]))] if told else []


def _directory(by_table: dict[str, list[FilledSheet]], gathered: Gathered, recipe: OfficeRecipe) -> Directory:
    """Return who and what is known, having given every row an id: groups last, which their departments tell apart."""
    units = {str(row.get("name")) for sheet in by_table.get("departments", ()) for row in sheet.rows}
    for part in gathered.parts:
        if part.table == "departments" and "name" in part.columns:
            units.update(str(name) for name in part.columns["name"].to_pylist())
    for table, listed in by_table.items():
        for sheet in listed if table != "groups" else ():
            if table == "people":
                part_units_and_posts(sheet, units - {"", "None"})
                take_sections(sheet)
                take_department(sheet)
            identify(sheet, by_table)
    set_aside_repeated(by_table.get("people", ()))
    if any("account" in sheet.headers for sheet in by_table.get("people", ())):
        by_table.setdefault("accounts", []).extend(_own_accounts(by_table["people"]))
    directory = Directory(by_table, gathered.parts, recipe.names)
    for sheet in by_table.get("groups", ()):
        take_sections(sheet, directory)
        take_department(sheet, directory)
        identify(sheet, by_table)
    set_aside_repeated(by_table.get("groups", ()))
    if "groups" in by_table:
        directory.learn("groups", by_table["groups"])
    return directory


def _lacks(groups: FilledSheet, lists: Sequence[FilledSheet]) -> frozenset[str]:
    """Return the fields of memberships that a list of groups can't stand in for, unless one of `lists` is its file's.

    It names owners and admins, so there are rows of memberships; without this, rules about all
    members would pass for everybody whom no list names.
    """
    columns = table_schema("memberships").columns.values()
    if groups.shown_names:
        return frozenset({column.field for column in columns if column.name not in (*groups.headers, "account_id")})
    beside = [sheet for sheet in lists if sheet.workbook == groups.workbook]
    supplied = {name for sheet in beside for name in (*sheet.headers, *("account_id",) * bool(sheet.shown_names))}
    lacks: set[str] = set()
    if "members" in groups.headers:
        supplied.add("account_id")
        lacks |= {column.field for column in columns if column.name not in ("group_id", "role", "account_id")}
    elif "account_id" not in supplied:
        lacks = {column.field for column in columns if column.name not in ("group_id", "role")}
    if "role" not in supplied and "admins" not in groups.headers:
        lacks.add("memberships.role")
    return frozenset(lacks)


def _resolved(sheet: FilledSheet, directory: Directory) -> Draft:
    """Return a sheet's own rows with names resolved to ids."""
    schema = table_schema(sheet.table)
    draft = Draft(sheet.table, sheet, tuple(column for column in schema.columns if column in sheet.headers))
    people: dict[str | None, Mapping[str, str | None]] = {}
    states = [sheet.headers[name] for name in STATES if name in sheet.headers and sheet.table == "groups"]
    if states and "dissolved_at" not in draft.columns:
        draft.columns += ("dissolved_at",)
        sheet.headers["dissolved_at"] = states[0]
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        kept = dict(row)
        if sheet.table == "groups" and "dissolved_at" in draft.columns:
            take_end(draft, row, kept)
        if sheet.table == "people" and row.get("id"):
            first = people.setdefault(row["id"], row)
            if first is not row and is_same_person(first, row):
                # One more post, which is read with the posts.
                sheet.reading.took("id", str(row.get("name")), say("estate.another-post"), number)
                continue
        for name in draft.columns:
            resolve(draft, kept, name, row, directory)
        draft.add(kept, number)
    return draft


def _learn_unregistered(by_table: Mapping[str, Sequence[FilledSheet]], directory: Directory) -> set[str | None]:
    """Return the groups that no list of groups names but a list of members handed in by itself; they are known then.

    What a workbook's own list of groups does not name, or is nearly called like a group that is known, is a slip.
    """
    lists = by_table.get("memberships", ())
    if "groups" not in directory.known:
        return {row.get("group_id") for sheet in lists for row in sheet.rows}
    known, new = directory.known["groups"], set[str | None]()
    registers = {sheet.workbook for sheet in by_table.get("groups", ())}
    for sheet in (one for one in lists if one.workbook not in registers):
        for name in dict.fromkeys(str(row["group_id"]) for row in sheet.rows if row.get("group_id")):
            unresolved = directory.find("groups", name) == (None, "unresolved")
            if unresolved and not any(_is_slip(name, other) for other in known):
                known[name] = {name}
                new.add(name)
    return new


_SHORT = 4
_numbers = re.compile("[0-9０-９一二三四五六七八九十]")


def _is_slip(name: str, other: str) -> bool:
    """Return whether a group's name may be meant for another one: a part of it, or a long one but for one character.

    值班1群 and 值班2群 are two.
    """
    from rapidfuzz.distance import OSA

    alike = (
        len(name) > _SHORT
        and OSA.distance(name, other, score_cutoff=1) <= 1
        and _numbers.sub("", name) != _numbers.sub("", other)
    )
    return alike or name in other or other in name


def _part_names(sheets: Sequence[FilledSheet], directory: Directory) -> None:
    """Give everybody a row of their own whom one cell of a list of members names."""
    for sheet in sheets:
        named = [directory.several(row.get("account_id") or "") for row in sheet.rows]
        if any(len(names) > 1 for names in named):
            whole = list(zip(sheet.rows, sheet.numbers, named, strict=True))
            sheet.numbers[:] = [number for _, number, names in whole for _ in names or (None,)]
            sheet.rows[:] = [
                {**row, "account_id": name if len(names) > 1 else row["account_id"]}
                for row, _, names in whole
                for name in names or (None,)
            ]


def _take_states(by_table: Mapping[str, Sequence[FilledSheet]], directory: Directory) -> None:
    """Give people of whom the directory tells no state the one that a list of members tells in a remark: 已退休."""
    listed = [(sheet, row) for sheet in by_table.get("people", ()) for row in sheet.rows]
    told = [row for sheet in by_table.get("memberships", ()) for row in sheet.rows if row.get("status")]
    states = {directory.find("people", row["account_id"] or "", row.get("department"))[0]: row for row in told}
    for sheet, row in listed if states else ():
        said = states.get(row.get("id"))
        if said is not None and not row.get("status"):
            for column in ("status", "status_since"):
                sheet.headers.setdefault(column, sheet.headers.get("name", column))
                row[column] = row.get(column) or said[column]
                for other in sheet.rows:
                    other.setdefault(column, None)


def _posts(sheet: FilledSheet, directory: Directory) -> list[Draft]:
    """Return the appointments that a directory's own columns give (部门, 职务 …)."""
    named = [column for column in _POST if column in sheet.headers]
    if "department_id" not in named:
        return []
    draft = Draft("appointments", sheet, ("person_id", *named))
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        # That nothing tells whose row it is, is told of the person.
        if not row.get("id") or not any(row[column] for column in named):
            continue
        kept = {"person_id": row.get("id"), **{column: row[column] for column in named}}
        for column in named:
            resolve(draft, kept, column, row, directory)
        draft.add(kept, number)
    return [draft]


def _inventories(sheets: Sequence[FilledSheet], directory: Directory) -> Iterator[Part]:
    """Yield the submissions that inventories are, one for each department of a file, and what they list."""
    held = [(sheet, inventory_units(sheet, directory)) for sheet in sheets if sheet.inventory]
    listed: dict[str, dict[str | None, bool]] = {}
    for sheet, units in held:
        for unit in units:
            of_file = listed.setdefault(sheet.inventory, {})
            of_file[unit] = of_file.get(unit, False) or bool(sheet.rows)
    told = set[str]()
    for sheet, units in held:
        of_file = listed[sheet.inventory]
        ids = {unit: inventory_id(sheet, unit if len(of_file) > 1 else None) for unit in units}
        for unit, identity in ids.items():
            if identity not in told:
                yield inventory_part(sheet, identity, unit, nil=sheet.nil_return and not of_file[unit])
        told.update(ids.values())
        if sheet.rows:
            yield _part(_listings(sheet, [ids[unit] for unit in units], directory))


def _listings(sheet: FilledSheet, submissions: Sequence[str], directory: Directory) -> Draft:
    """Return what an inventory says becomes of each of its groups, each row with the submission that it is of."""
    named = [column for column in ("handling", "done_at", "into_id") if column in sheet.headers]
    draft = Draft("listings", sheet, ("submission_id", "listed_id", *named))
    for row, number, submission in zip(sheet.rows, sheet.numbers, submissions, strict=True):
        kept: dict[str, str | None] = {"submission_id": submission, "listed_id": row.get("id")}
        kept.update({name: row[name] for name in named})
        for column in named:
            resolve(draft, kept, column, row, directory)
        draft.add(kept, number)
    return draft


def _departments(sheets: Sequence[FilledSheet]) -> list[Draft]:
    """Return the departments that a directory names, each where it is named first."""
    seen = set()
    drafts = []
    for sheet in sheets:
        draft = Draft("departments", sheet, ("id", "name"))
        for row, number in zip(sheet.rows, sheet.numbers, strict=True):
            name = row.get("department_id")
            if name and name not in seen and not says_unknown(name, "people.department_id"):
                seen.add(name)
                draft.add({"id": name, "name": name}, number)
        drafts.append(draft)
    return drafts


def _own_accounts(sheets: Sequence[FilledSheet]) -> Iterator[FilledSheet]:
    """Yield the accounts that lists of people name beside them; whoever has none there has the one of a register."""
    named = {row.get("name") for sheet in sheets for row in sheet.rows if row.get("account")}
    for sheet in sheets:
        headers = {"id": sheet.headers.get("account", "id"), "person_id": sheet.headers.get("name", "person_id")}
        listed = FilledSheet("accounts", sheet.workbook, sheet.file, {**headers, "kind": "internal"}, [], [])
        listed.header_line = sheet.header_line
        told: set[tuple[str | None, str | None]] = set()
        for row, number in zip(sheet.rows, sheet.numbers, strict=True):
            account = row.get("account") or row.get("id") or None
            both = (account, row.get("id"))
            if row.get("id") and both not in told and (row.get("account") or row.get("name") not in named):
                told.add(both)
                listed.rows.append({"id": account, "person_id": row.get("id"), "kind": "internal"})
                listed.numbers.append(number)
        yield listed


def _accounts(sheet: FilledSheet) -> Draft:
    """Return one account for each person of a register that has none."""
    draft = Draft("accounts", sheet, ("id", "person_id", "kind"))
    seen = set()
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        # People of one name and no number are reported as people, not once more as accounts.
        if row.get("id") and row["id"] not in seen:
            seen.add(row["id"])
            draft.add({"id": row["id"], "person_id": row["id"], "kind": "internal"}, number)
    return draft


def _part(draft: Draft) -> Part:
    columns = {
        column: pa.chunked_array([pa.array([row.get(column) for row in draft.rows], pa.string())])
        for column in draft.columns
    }
    headers = {column: header for column, header in draft.sheet.headers.items() if column in columns}
    own = draft.table == draft.sheet.table
    if draft.table == "appointments" and "id" in draft.sheet.headers:
        headers.setdefault("person_id", draft.sheet.headers["id"])
    if not own and "account_id" in columns and "admins" in draft.sheet.headers:
        headers["account_id"] = draft.sheet.headers["admins"]
    part = Part(draft.table, draft.sheet.file, columns, pa.array(draft.numbers, pa.int32()), headers)
    part.unreadable = draft.sheet.unreadable if own else []
    part.by_people, part.derived = True, not own or draft.sheet.shown_names
    part.undecided = draft.undecided
    part.reading = draft.sheet.reading if own else None
    return part
