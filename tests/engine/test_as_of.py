"""The as-of time moves every comparison: what lies after it is not there yet."""

from __future__ import annotations

from typing import ClassVar

import duckdb
import pytest

from policycore import Case
from policycore.engine.run import Evaluation
from policycore.engine.session import EstateSession
from policycore.testing import ruleset_of

TABLES = {
    "groups": [
        {"id": "old", "created_at": "2023-01-01", "dissolved_at": "2024-03-01"},
        {"id": "new", "created_at": "2024-03-01", "registered_at": "2024-03-10"},
        {"id": "always"},
    ],
    "people": [
        {"id": "p1", "name": "甲", "status": "retired", "status_since": "2024-03-01"},
        {"id": "p2", "name": "乙", "status": "active", "status_since": "2024-03-01"},
        {"id": "p3", "name": "丙", "status": "departed"},
    ],
    "accounts": [{"id": "a1", "kind": "internal"}, {"id": "a2", "kind": "bot"}],
    "memberships": [
        {"group_id": "old", "account_id": "a1", "role": "owner", "joined_at": "2023-01-01", "left_at": "2024-02-01"},
        {"group_id": "old", "account_id": "a1", "role": "member", "joined_at": "2024-03-01"},
        {"group_id": "old", "account_id": "a1", "role": "admin", "joined_at": "2024-03-01"},
        {"group_id": "old", "account_id": "a2", "role": "member"},
    ],
    "appointments": [
        {"person_id": "p1", "department_id": "d1", "since": "2023-01-01", "until": "2024-03-01"},
        {"person_id": "p1", "department_id": "d2", "since": "2024-03-01"},
    ],
    "departments": [{"id": "d1", "name": "一"}, {"id": "d2", "name": "二"}],
    "tasks": [{"id": "t1", "state": "done", "done_at": "2024-03-01"}],
    "messages": [
        {"id": "m1", "group_id": "old", "sent_at": "2024-01-01", "sender_id": "a1", "type": "text"},
        {"id": "m2", "group_id": "old", "sent_at": "2024-02-20", "sender_id": "a2", "type": "text"},
        {"id": "m3", "group_id": "old", "sent_at": "2024-02-21", "sender_id": "a1", "type": "system"},
        {"id": "m4", "group_id": "old", "sent_at": "2024-03-02", "recalled_at": "2024-03-03", "type": "text"},
    ],
}


@pytest.fixture
def at(estate):
    sessions = []

    def open_at(moment: str) -> EstateSession:
        sessions.append(EstateSession(estate(TABLES, as_of=moment)))
        return sessions[-1]

    yield open_at
    for session in sessions:
        session.close()


def _column(session, sql):
    return [next(iter(row.values())) for row in session.rows(sql)]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-02-15", ["always", "old"]),
        ("2024-02-29T23:59:59", ["always", "old"]),
        ("2024-03-01", ["always", "new"]),
        ("2022-01-01", ["always"]),
    ],
)
def test_groups_begin_and_end(at, moment, expected):
    assert _column(at(moment), "SELECT id FROM groups ORDER BY id") == expected


def test_dissolved_groups_stay_visible_in_all_groups(at):
    session = at("2024-04-01")
    assert _column(session, "SELECT id FROM all_groups ORDER BY id") == ["always", "new", "old"]
    assert _column(at("2024-02-01"), "SELECT dissolved_at FROM all_groups WHERE id = 'old'") == [None]
    assert _column(at("2024-03-05"), "SELECT registered_at FROM all_groups WHERE id = 'new'") == [None]


def test_status_holds_only_since_it_began(at):
    before = at("2024-02-01")
    assert _column(before, "SELECT status FROM people ORDER BY id") == ["active", "not-yet", "departed"]
    assert _column(at("2024-03-01"), "SELECT status FROM people ORDER BY id") == ["retired", "active", "departed"]


def test_memberships_and_posts_in_force(at):
    sql = "SELECT account_id || ':' || role FROM memberships ORDER BY 1"
    assert _column(at("2024-01-15"), sql) == ["a1:owner", "a2:member"]
    assert _column(at("2024-02-15"), sql) == ["a2:member"]
    assert _column(at("2024-03-15"), sql) == ["a1:admin", "a1:member", "a2:member"]
    assert len(_column(at("2024-03-15"), "SELECT account_id FROM membership_history")) == 4
    assert _column(at("2024-02-15"), "SELECT department_id FROM appointments") == ["d1"]
    assert _column(at("2024-03-01"), "SELECT department_id FROM appointments") == ["d2"]


def test_tasks_are_open_until_they_are_done(at):
    assert _column(at("2024-02-15"), "SELECT state FROM tasks") == ["open"]
    assert _column(at("2024-03-01"), "SELECT state FROM tasks") == ["done"]


def test_messages_up_to_the_moment(at):
    assert _column(at("2024-02-20T12:00"), "SELECT id FROM messages ORDER BY id") == ["m1", "m2"]
    assert _column(at("2024-03-02T12:00"), "SELECT recalled_at FROM messages WHERE id = 'm4'") == [None]


def test_group_facts_count_accounts_once_and_humans_only(at):
    session = at("2024-03-15")
    row = next(session.rows("SELECT * FROM group_facts WHERE id = 'old'"), None)
    assert row is None
    session.use_scope()
    row = next(iter(session.rows("SELECT * FROM group_facts WHERE id = 'old'")))
    assert (row["member_count"], row["owner_count"], row["admin_count"], row["message_count"]) == (2, 0, 1, 4)
    assert row["last_message_at"].isoformat().startswith("2024-03-02")
    assert row["last_human_message_at"].isoformat().startswith("2024-03-02")
    early = at("2024-02-25")
    row = next(iter(early.rows("SELECT * FROM group_facts WHERE id = 'old'")))
    assert row["last_human_message_at"].isoformat().startswith("2024-01-01T00:00")


def test_days_are_counted_from_the_moment(at):
    session = at("2024-04-15T00:00:00+08:00")
    sql = "SELECT elapsed_days(TIMESTAMPTZ '{}') AS d"
    assert _column(session, sql.format("2024-04-12 00:00:00+08")) == [3]
    assert _column(session, sql.format("2024-04-12 00:00:01+08")) == [2]
    assert _column(session, sql.format("2024-04-16 00:00:00+08")) == [-1]
    assert _column(session, "SELECT CAST(as_of() AS DATE)::VARCHAR AS d") == ["2024-04-15"]


def test_the_connection_is_locked(at):
    session = at("2024-04-15")
    for sql in ("SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM '/etc/hostname'"):
        with pytest.raises((duckdb.PermissionException, duckdb.CatalogException)):
            session.arrow(sql)
    for sql in ("SET threads = 1", "ATTACH 'other.db'", "INSTALL httpfs", "COPY groups TO 'out.csv'"):
        with pytest.raises(ValueError, match="single SELECT"):
            session.arrow(sql)


def test_a_session_moved_to_another_moment_is_one_opened_there(at):
    asked = [
        *("SELECT * FROM groups ORDER BY ALL", "SELECT * FROM people ORDER BY ALL", "SELECT * FROM tasks"),
        *("SELECT * FROM group_facts ORDER BY ALL", "SELECT * FROM display_names", "SELECT * FROM few"),
        *("SELECT * FROM memberships ORDER BY ALL", "SELECT elapsed_days(sent_at) FROM messages ORDER BY ALL"),
    ]
    asked += ["SELECT * FROM fewer", "SELECT * FROM groups"]
    shared = "SELECT id FROM all_groups WHERE dissolved_at IS NULL AND days_after(created_at, 100)"

    def seen(session):
        session.prepare_shared("few", shared)
        session.prepare_shared("fewer", "SELECT count(*) AS number FROM few")
        scope = session.use_scope("kind IS NULL", "id IN (SELECT group_id FROM memberships)")
        return [session.arrow(sql).to_pylist() for sql in (*asked, f"SELECT id FROM {scope}")]

    moved = at("2024-01-15T00:00")
    still = []
    for moment in (
        *("2024-01-15T00:00", "2024-03-02T12:00", "2024-02-20T12:00", "2024-05-01T00:00", "2024-05-02T00:00"),
        *("2024-07-01T00:00", "2024-05-01T00:00"),
    ):
        still.append(moved.move_to(at(moment).as_of))
        assert seen(moved) == seen(at(moment)), moment
    assert still == [True, False, False, False, True, True, False]


_LATE = "SELECT id AS group_id, elapsed_days(created_at) AS days FROM groups WHERE created_at IS NOT NULL"
_PLAIN = "SELECT id AS group_id FROM groups"


@pytest.mark.parametrize(
    ("check", "again"),
    [
        (lambda estate: estate.query(_PLAIN), False),
        (lambda estate: estate.query(_LATE), True),
        (lambda estate: estate.query(f"{_PLAIN} WHERE created_at < $as_of"), True),
        (lambda estate: list(estate.rows(_LATE)), True),
        (lambda estate: [{"group_id": "new", "day": estate.as_of}], True),
        (lambda estate: estate.once("late", lambda: list(estate.rows(_LATE))), True),
        (lambda estate: estate.once("plain", lambda: list(estate.rows(_PLAIN))), False),
        (lambda estate: estate.query(f"{_PLAIN} WHERE id IN (SELECT id FROM aged)"), True),
        (lambda estate: estate.query(f"{_PLAIN} WHERE id IN (SELECT id FROM very_aged)"), True),
    ],
)
def test_what_does_not_ask_how_late_it_is_is_not_judged_again_while_nothing_begins_or_ends(
    estate, no_owner, check, again
):
    asked = []

    class Asking(no_owner):
        requires = ("groups.id", "groups.created_at")
        shared: ClassVar = {
            "aged": "SELECT id FROM all_groups WHERE days_after(created_at, 40)",
            "very_aged": "SELECT id FROM aged",
        }

        def check(self, estate, params):
            asked.append(estate)
            return check(estate)

    data = estate(TABLES, as_of="2024-04-01")
    ruleset = ruleset_of(Asking(), Case("one", given=TABLES))
    with Evaluation(data, ruleset) as evaluation:
        for moment, times in (
            ("2024-04-01", 1),
            ("2024-05-01", int(again)),
            ("2024-02-22", 1),
            ("2024-02-24", int(again)),
        ):
            evaluation.move_to(estate(TABLES, as_of=moment).as_of)
            asked.clear()
            result = evaluation.finish()
            assert len(asked) == times, moment
            with Evaluation(data, ruleset, as_of=evaluation.as_of) as fresh:
                assert result.findings == fresh.finish().findings
