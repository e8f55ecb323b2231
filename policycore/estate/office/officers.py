"""Say who owns, runs and is in a group: as a list of groups names them, beside what a list of members tells."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path

from policycore.estate.cells.words import says_none, says_unknown
from policycore.estate.inputs import FilledSheet, InputFile
from policycore.estate.office.directory import AND_MORE, Directory
from policycore.estate.office.draft import Draft, meant_id
from policycore.estate.office.names_alone import group_titled
from policycore.model.schema import table_schema
from policycore.model.words import enumeration_words, fold_word

__all__ = ["fill_roles", "groups_of", "members_unread", "named_in", "officers", "other_owners"]

_COUNT = re.compile(r"[0-9]+[人名]?")


def groups_of(members: Draft, known: Container[str | None] = ()) -> Draft:
    """Return the groups that a list of members names and nobody else does (`known`); who owns them if it says so."""
    draft = Draft("groups", members.sheet, ("id", "name", *(("owner_id",) if "role" in members.columns else ())))
    words = enumeration_words(table_schema("memberships").columns["role"])
    owners = {
        row["group_id"]: row["account_id"]
        for row in members.rows
        if words.get(row.get("role") or "", row.get("role")) == "owner"
    }
    seen = set[str | None]()
    for row, number in zip(members.rows, members.numbers, strict=True):
        group = row["group_id"]
        if group and group not in seen and group not in known:
            seen.add(group)
            if group not in owners and "owner_id" in draft.columns:
                # The list need not be whole.
                draft.doubt("owner_id", "owner-not-listed")
            draft.add({"id": group, "name": group, "owner_id": owners.get(group)}, number)
    return draft


def other_owners(members: Sequence[Draft], groups: Sequence[Draft]) -> Iterator[Draft]:
    """Yield what lists of members say of owners otherwise than the lists of groups in other files: who owns it differs.

    Lists that agree supply nothing more.
    """
    owners = {row["id"]: (row.get("owner_id"), draft.sheet.workbook) for draft in groups for row in draft.rows}
    for draft in members:
        told = groups_of(draft)
        rows = [(row, number) for row, number in zip(told.rows, told.numbers, strict=True) if row.get("owner_id")]
        other = Draft("groups", draft.sheet, ("id", "owner_id"))
        for row, number in rows:
            owner, workbook = owners.get(row["id"], (None, ""))
            if owner and owner != row["owner_id"] and workbook != draft.sheet.workbook:
                other.add({"id": row["id"], "owner_id": row["owner_id"]}, number)
        yield other


def members_unread(files: Sequence[InputFile], directory: Directory) -> Iterator[Draft]:
    """Yield a row for each group whose list of members could not be read, which says that nobody knows who is in it."""
    for file in files:
        title = Path(file.name).stem
        group = directory.find("groups", group_titled(title))[0]
        if group:
            sheet = FilledSheet("memberships", file.name, file.name, {}, [], [])
            draft = Draft("memberships", sheet, ("group_id", "account_id", "role"))
            draft.doubt("account_id", "list-unread")
            draft.doubt("role", "list-unread")
            draft.add({"group_id": group, "account_id": title, "role": title}, 1)
            yield draft


def fill_roles(members: Sequence[Draft]) -> None:
    """Make everybody a plain member whom the list of groups makes nothing else."""
    for draft in members:
        if "role" not in draft.columns:
            draft.columns += ("role",)
            for row in draft.rows:
                row["role"] = row.get("role") or "member"


def officers(sheet: FilledSheet, members: Sequence[Draft], directory: Directory, *, alone: bool = False) -> Draft:
    """Return the memberships of owners and admins that a list of groups names.

    Where there is a list of members, it is the one that says who is in a group: its rows get the
    role, and of an officer it does not have nobody knows whether they are one. A list of groups that stands `alone`
    claims no more than its officers: lists of other groups' members, handed in beside it, cast no doubt on them.
    """
    draft = Draft("memberships", sheet, ("group_id", "account_id", "role"))
    stays = {
        (row.get("group_id"), row.get("account_id")): (listed, index)
        for listed in reversed(members)
        for index, row in reversed(list(enumerate(listed.rows)))
    }
    named = {group for group, _ in stays}
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        for role, name in _named(row, directory):
            if directory.is_empty:
                directory.asked_in.add(sheet.file)
                continue
            account, code = _account_meant(sheet, row, role, name, directory)
            stay = stays.get((row.get("id"), account))
            if account is None and role == "owner":
                continue  # an owner whom nobody knows is told with the list of groups
            if stay is not None and account is not None:
                _give_role(*stay, role)
                continue
            if account is None or (members and role != "member" and not (alone and row.get("id") not in named)):
                absent = "not-member" if row.get("id") in named else "group-not-listed"
                draft.doubt("account_id", code or absent)
                account = name
                if code == "said-unknown":
                    # There may be none, one or several: nobody stands here for sure, in no role.
                    draft.doubt("role", "said-unknown")
            elif role != "member":
                # Whoever is named as a member of the group as well stays what they are.
                stays[row.get("id"), account] = draft, len(draft.rows)
            draft.add({"group_id": row.get("id"), "account_id": account, "role": role}, number)
        if members and row.get("id") not in named | {kept["group_id"] for kept in draft.rows}:
            # Not in the list of members, and no officer: nobody knows who is in it, so it is not taken for empty.
            draft.doubt("account_id", "members-not-listed")
            draft.add({"group_id": row.get("id"), "account_id": row.get("name"), "role": "member"}, number)
    return draft


def named_in(sheets: Sequence[FilledSheet], directory: Directory) -> frozenset[tuple[str | None, str]]:
    """Return group and account of everybody whom lists of groups name."""
    found = (
        (row.get("id"), directory.find("accounts", name, row.get("department_id"))[0])
        for sheet in sheets
        for row in sheet.rows
        for _, name in _named(row, directory)
    )
    return frozenset((group, account) for group, account in found if account is not None)


def _account_meant(
    sheet: FilledSheet, row: Mapping[str, str | None], role: str, name: str, directory: Directory
) -> tuple[str | None, str]:
    """Return the account that a name of an officer means, or None and why nobody knows."""
    if name == AND_MORE or says_unknown(name, "groups.owner_id"):
        return None, "said-unknown"
    column = {"owner": "", "admin": "admins"}.get(role, "members")
    return meant_id(sheet, column, name, "accounts", row.get("department_id"), directory)


def _named(row: Mapping[str, str | None], directory: Directory) -> Iterator[tuple[str, str]]:
    """Yield role and name of everybody whom a row of a list of groups names."""
    listed = [name for name in directory.several(row.get("members") or "") if not _COUNT.fullmatch(name)]
    admins = directory.several(row.get("admins") or "")
    for role, names in (("owner", [row.get("owner_id")]), ("admin", admins), ("member", listed)):
        yield from ((role, name) for name in names if name and not says_none(name, "groups.owner_id"))


def _give_role(listed: Draft, index: int, role: str) -> None:
    """Make a listed member an owner or admin, with a row of its own when it is the other one already."""
    if role == "member":
        return
    row = listed.rows[index]
    word = fold_word(row.get("role") or "")
    current = enumeration_words(table_schema("memberships").columns["role"]).get(word, word) or "member"
    if current == "member":
        row["role"] = role
    elif current != role:
        listed.add({**row, "role": role}, listed.numbers[index])
