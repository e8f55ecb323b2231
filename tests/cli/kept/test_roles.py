"""Roles in the store: who may check, decide, reveal and remove; by name, and on PostgreSQL by database user first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.kept.test_waive import waive


@pytest.fixture
def as_(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Give a function that makes the next commands somebody's."""

    def become(name: str) -> None:
        for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
            monkeypatch.setenv(variable, name)

    return become


def test_each_role_may_do_its_own_and_what_the_lesser_ones_may(kept: Any, as_: Callable[[str], None]) -> None:
    as_("boss")
    assert "everybody may do everything" in kept.call("roles").err
    assert kept.call("roles", "--give", "rita", "reader").code == 2, "somebody has to be administrator"
    for who, role in (("boss", "administrator"), ("rita", "reader"), ("otto", "officer"), ("anna", "approver")):
        assert kept.call("roles", "--give", who, role).code == 0
    (finding,) = kept.ids("--group", "g1")

    def allowed() -> list[bool]:
        snapshot = kept.call("snapshots").out.split()[0]
        codes = [
            kept.check().code,
            waive(kept, finding).code,
            kept.call("snapshots", "--remove", snapshot).code,
            kept.call("roles", "--give", "eve", "reader").code,
        ]
        assert kept.call("findings").code == 0
        return [code != 2 for code in codes]

    for who, expected in (
        ("nobody", [False, False, False, False]),
        ("rita", [False, False, False, False]),
        ("otto", [True, False, False, False]),
        ("anna", [True, True, False, False]),
    ):
        as_(who)
        assert allowed() == expected, who
    ran = kept.call("roles", "--take", "boss")
    assert (ran.code, "this takes the role administrator" in ran.err) == (2, True)
    as_("boss")
    assert kept.call("roles", "--give", "eve", "reader").code == 0
    assert kept.call("roles", "--take", "boss").code == 2, "the last one stays"
    assert kept.call("roles", "--give", "boss", "king").code == 2
    assert kept.call("roles", "--give", "x", "officer", "--database-user").code == 2
    for who in ("rita", "otto", "anna", "eve", "boss"):
        assert kept.call("roles", "--take", who).code == 0
    assert kept.call("audit", "verify").code == 0
    assert "everybody may do everything" in kept.call("roles").err


def test_a_report_is_written_where_recording_is_not_allowed(kept: Any, as_: Callable[[str], None]) -> None:
    as_("boss")
    kept.call("roles", "--give", "boss", "administrator")
    as_("rita")
    ran = kept.check()
    assert (ran.code, "LOCAL-1" in ran.out, "--no-store" in ran.err) == (2, True, True)
    assert kept.check("--no-store").code == 1


def test_the_database_user_has_the_word(office: Any, fresh_database: Callable[[], str], as_: Any) -> None:
    import psycopg

    address = fresh_database()
    schema = address.rpartition("%3D")[2]
    with psycopg.connect(address.partition("?")[0], autocommit=True) as connection:
        connection.execute(f"CREATE ROLE u{schema} LOGIN")
        connection.execute(f"GRANT ALL ON SCHEMA {schema} TO u{schema}")
        as_("boss")
        assert office.call("init", "--store", address).code == 0
        assert office.call("roles", "--give", "policycore", "administrator", "--database-user").code == 0
        assert office.call("roles", "--give", f"u{schema}", "reader", "--database-user").code == 0
        connection.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO u{schema}")
        other = ("--store", address.replace("policycore@", f"u{schema}@"))
        ran = office.call("roles", "--give", "boss", "administrator", *other)
        assert (ran.code, "is reader" in ran.err) == (2, True), "whatever name somebody gives themselves"
        assert office.call("roles").out.count("database user") == 2
        assert office.call("roles", "--give", "boss", "administrator").code == 0
        assert office.call("roles", "--take", f"u{schema}", "--database-user").code == 0
        assert office.call("roles", "--give", "an", "reader", *other).code == 0, "where it has none the name has"
        connection.execute(f"REASSIGN OWNED BY u{schema} TO policycore; DROP OWNED BY u{schema}; DROP ROLE u{schema}")
