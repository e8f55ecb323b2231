"""Say what whom the store allows: roles by database user and by name in the audit trail.

They keep colleagues from acts that are not theirs. They do not keep out whoever can write the database past this
program: on PostgreSQL its own grants do, on SQLite the rights on the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Connection, select, text

from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.store import schema
from policycore.text.clean import clean

__all__ = ["KINDS", "Role", "database_user", "given_roles", "require_role", "role_of"]

KINDS = ("database", "name")
"""What a role may be given to: a user of the database, or a name in the audit trail."""


class Role(StrEnum):
    """What somebody may do; each may do all that those before it may."""

    READER = "reader"
    OFFICER = "officer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"

    @property
    def rank(self) -> int:
        """Return its place among the others."""
        return list(Role).index(self)


_OFFICER = (
    *("run", "import", "notices", "note", "note-removed", "assign", "tick", "untick"),
    *("dispute", "dispute-withdrawn", "confirm", "review-withdrawn"),
)
_APPROVER = (
    *("waive", "baseline", "attest", "withdraw", "undo", "decisions-imported", "dispute-closed", "dismiss", "reveal"),
)
_NEEDED = {
    "init": Role.READER,
    # Whoever may give roles was asked before the role was written.
    **dict.fromkeys(("role-given", "role-taken"), Role.READER),
    **dict.fromkeys(_OFFICER, Role.OFFICER),
    **dict.fromkeys(_APPROVER, Role.APPROVER),
}
"""By act the least role that may do it; whatever is not named here only an administrator may."""


def database_user(connection: Connection) -> str:
    """Return the user that the database knows this connection by, '' for SQLite, which knows none."""
    return str(connection.scalar(text("SELECT session_user"))) if connection.dialect.name == "postgresql" else ""


def given_roles(connection: Connection) -> Mapping[tuple[str, str], Role]:
    """Return the roles that were given, by kind and name; a word that is none counts as reader."""
    table = schema.roles.c
    rows = connection.execute(select(table.kind, table.who, table.role).order_by(table.kind, table.who))
    return {(kind, who): Role(role) if role in list(Role) else Role.READER for kind, who, role in rows}


def role_of(connection: Connection, actor: str) -> Role:
    """Return the role of whoever acts as `actor` over this connection.

    The database's user has the word where it has a role: nobody can choose it. Then comes the name. Who has none may
    read; as long as nobody was given any, everybody may do everything.
    """
    given = given_roles(connection)
    if not given:
        return Role.ADMINISTRATOR
    by_user = given.get(("database", database_user(connection)))
    return by_user or given.get(("name", actor), Role.READER)


def require_role(connection: Connection, action: str, actor: str) -> None:
    """Raise UsageError where whoever acts as `actor` may not do `action`."""
    needed, has = _NEEDED.get(action, Role.ADMINISTRATOR), role_of(connection, actor)
    if has.rank < needed.rank:
        held, wanted = say(f"store.role.{has}"), say(f"store.role.{needed}")
        raise UsageError(Problem.of("store.not-allowed", who=clean(actor, limit=60), has=held, needed=wanted))
