"""Make a group out of a list of what its members are shown as: enough for the rules on display names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from hashlib import blake2b

from policycore.errors import Place, Problem
from policycore.estate.inputs import FilledSheet
from policycore.estate.office.directory import Directory
from policycore.estate.office.draft import Draft
from policycore.estate.office.officers import groups_of
from policycore.estate.office.remarks import UNSURE
from policycore.estate.problems import problem
from policycore.model.schema import table_schema
from policycore.text.shown import shown as as_shown

__all__ = ["shown_members"]


def shown_members(
    sheet: FilledSheet, directory: Directory, named: Container[tuple[str | None, str]], notes: list[Problem]
) -> list[Draft]:
    """Return the group, the accounts that nobody knows, and the members that a list of display names tells of.

    Everybody chooses what they are shown as, so that it says of nobody who they are: each is an account of the group,
    the text and how often it stands above. Only whom a list of groups has `named` (group and account) is there anyhow:
    their row is the one that alone shows their unit and name. How many those are is told.
    """
    accounts = Draft("accounts", sheet, ("id", "name"))
    columns = table_schema("memberships").columns
    members = Draft(
        "memberships", sheet, tuple(name for name in columns if name in sheet.headers or name == "account_id")
    )
    seen: Counter[tuple[str, str]] = Counter()
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        group, shown = row["group_id"], row["display_name"]
        if not group or not shown:
            members.add({**row, "account_id": None}, number)  # which is told, as a row without identity
            continue
        group = directory.find("groups", group)[0] or group
        seen[group, shown] += 1
        person = directory.shown_as(shown) if seen[group, shown] == 1 else None
        # In an id stands the name itself, but where it holds what no output may show.
        said = shown if as_shown(shown) == shown else blake2b(shown.encode(), digest_size=6).hexdigest()
        account = None if person is None else directory.find("accounts", person)[0]
        if account is None or (group, account) not in named:
            account = f"{group}#{said}#{seen[group, shown]}"
            # Whose it is, and whether it is one of the unit's own, is not supplied: it is unknown.
            accounts.add({"id": account, "name": shown}, number)
        if row.get("left_at") == UNSURE:
            members.doubt("left_at", "undated")
        members.add({**row, "group_id": group, "account_id": account}, number)
    known = len(members.rows) - len(accounts.rows)
    notes.append(problem("note-shown-names", Place(sheet.file), count=len(members.rows), known=known))
    return [groups_of(members, directory.known.get("groups", {})), accounts, members]
