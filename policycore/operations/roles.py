"""Give and take roles in a store; the last administrator stays, as long as anybody else has a role."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert

from policycore.errors import Problem, UsageError
from policycore.store import schema
from policycore.store.kept import audit
from policycore.store.kept.acts import rehold, require_acts
from policycore.store.kept.roles import Role, database_user, given_roles, require_role, role_of
from policycore.store.store import Store
from policycore.text.clean import clean

__all__ = ["change_role", "listed_roles"]


def change_role(store: Store, who: str, role: Role | None, *, by_database: bool = False) -> None:
    """Give somebody a role, or take it where `role` is None.

    `who` is a name in the audit trail, or a user of the database. Raises UsageError where the acting person is no
    administrator, where nobody would be one, and where there is nothing to take.
    """
    kind = "database" if by_database else "name"
    actor, table = audit.this_person(), schema.roles
    with store.write() as connection:
        require_acts(connection, "role")
        # Before anything is written: the act itself may take the role away that allows it.
        require_role(connection, "roles", actor)
        given = dict(given_roles(connection))
        if by_database and not database_user(connection):
            raise UsageError(Problem.of("operations.roles.no-users"))
        if role is None and (kind, who) not in given:
            raise UsageError(Problem.of("operations.roles.none", who=clean(who, limit=60)))
        given.pop((kind, who), None)
        left = {**given, (kind, who): role} if role else given
        if left and Role.ADMINISTRATOR not in left.values():
            raise UsageError(Problem.of("operations.roles.last"))
        connection.execute(delete(table).where(table.c.kind == kind, table.c.who == who))
        if role is not None:
            connection.execute(insert(table).values(kind=kind, who=who, role=role.value))
        holds = rehold(connection, "role", [f"role {kind} {who}"])
        action = "role-taken" if role is None else "role-given"
        audit.append(connection, action, {"kind": kind, "who": who, "role": role}, holds=holds)


def listed_roles(store: Store) -> tuple[Mapping[tuple[str, str], Role], str, str, Role]:
    """Return the roles that were given, and of the acting person the name, the database's user and the role.

    Raises DataError where roles were altered past this program.
    """
    with store.read() as connection:
        require_acts(connection, "role")
        actor = audit.this_person()
        return given_roles(connection), actor, database_user(connection), role_of(connection, actor)
