"""Whoever creates a group answers for it, until a hand-over is on record."""

from __future__ import annotations

from typing import Any

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text

ESTATE: dict[str, list[dict[str, Any]]] = {
    "people": [{"id": "p1", "name": "陈晨"}, {"id": "p2", "name": "孙丽"}, {"id": "p3", "name": "何伟"}],
    "accounts": [
        {"id": "a1", "person_id": "p1"},
        {"id": "a1-second", "person_id": "p1"},
        {"id": "a2", "person_id": "p2"},
        {"id": "a3", "person_id": "p3"},
        {"id": "stray"},
    ],
}
HANDED_OVER: dict[str, list[dict[str, Any]]] = {
    **ESTATE,
    "groups": [{"id": "g1", "creator_id": "a1", "owner_id": "a2"}],
}


def transfer(number: int, at: str, to: str | None) -> dict[str, Any]:
    """Return the event of one hand-over of group g1."""
    return {"id": f"e{number}", "group_id": "g1", "kind": "transfer", "at": at, "subject_id": to}


def _reasoned(transfer: str) -> str:
    """Return SELECTs that end with ``reasoned``: groups whose creator passed them on without a record, and why.

    `transfer` says which events ``e`` are hand-overs. Of several on one day the last is the one whose receiver gave
    nothing.
    """
    return f"""last AS (
        SELECT group_id, transferred_at, transferred_at_latest, list_filter(receivers,
            lambda one: one IS NULL OR NOT coalesce(list_contains(givers, one), false))[1] AS to_account
        FROM (SELECT e.group_id, e.at AS transferred_at, max(e.at_latest) AS transferred_at_latest,
                list(e.subject_id ORDER BY e.subject_id) AS receivers,
                list(e.actor_id) FILTER (e.actor_id <> e.subject_id) AS givers
              FROM events e WHERE {transfer} GROUP BY ALL)
        QUALIFY row_number() OVER (PARTITION BY group_id ORDER BY transferred_at DESC NULLS LAST) = 1
    ), judged AS (
        SELECT g.id AS group_id, g.creator_id AS creator_account, g.owner_id AS owner_account,
            c.person_id AS creator_id, o.person_id AS owner_id, l.group_id IS NOT NULL AS transferred,
            l.transferred_at, l.transferred_at_latest, l.to_account, t.person_id AS to_person
        FROM groups g LEFT JOIN accounts c ON c.account_key = g.creator_key
        LEFT JOIN accounts o ON o.account_key = g.owner_key
        LEFT JOIN last l ON l.group_id = g.id LEFT JOIN accounts t ON t.id = l.to_account
        WHERE g.owner_id IS NOT NULL AND g.creator_id IS DISTINCT FROM g.owner_id
    ), reasoned AS (
        SELECT * FROM (SELECT *, CASE
            WHEN creator_account IS NULL THEN 'no-creator'
            WHEN creator_id = owner_id THEN NULL
            WHEN transferred AND (to_account IS NULL OR to_account = owner_account OR to_person = owner_id)
                THEN NULL
            WHEN transferred THEN 'to-another'
            WHEN creator_id IS NULL THEN 'creator-nobody'
            ELSE 'not-recorded' END AS reason
        FROM judged) WHERE reason IS NOT NULL
    )"""


_SURELY, _PERHAPS = (
    f"(WITH {_reasoned(transfer)} SELECT group_id FROM reasoned)"
    for transfer in ("e.kind = 'transfer'", "coalesce(e.kind, 'transfer') = 'transfer'")
)
# Where the creator owns the group, or nobody knows who created it, no hand-over changes the verdict.
_PASSED_ON = """EXISTS (SELECT 1 FROM all_groups g LEFT JOIN accounts c ON c.account_key = g.creator_key
    LEFT JOIN accounts o ON o.account_key = g.owner_key WHERE g.id = subject.group_id AND g.creator_id <> g.owner_id
        AND (c.person_id <> o.person_id) IS NOT FALSE)"""


class CreatorHandover(Rule):
    """Whoever creates a group answers for it; only a recorded hand-over passes that on.

    Found are groups owned by someone else than their creator where the last transfer on record, if
    there is any, does not lead to the owner, and groups whose creator nobody knows. Put it right by
    recording the hand-over with its date, or by giving the group back.
    """

    id = "OWN004"
    name = "ownership/creator-handover"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    requires = (
        "groups.owner_id",
        "groups.creator_id",
        Needs("groups.owner_id.person_id", when=_PASSED_ON, stands="passes"),
        Needs("groups.creator_id.person_id", when=_PASSED_ON, stands="passes"),
        # Of several events of no known kind any might be the last hand-over.
        Needs(
            "events.kind",
            when=f"""{_PASSED_ON} AND (events.id IS NULL OR (SELECT count(*) FROM events e
                WHERE e.group_id = subject.group_id AND e.kind IS NULL) > 1
                OR (subject.group_id IN {_SURELY}) <> (subject.group_id IN {_PERHAPS}))""",
        ),
        Needs("events.at", when=f"events.kind = 'transfer' AND {_PASSED_ON}"),
        # Givers tell which of several hand-overs came last.
        Needs(
            "events.actor_id",
            when=f"""events.kind = 'transfer' AND {_PASSED_ON} AND (SELECT count(*) FROM events e
                WHERE e.group_id = subject.group_id AND e.kind = 'transfer' AND e.at = events.at) > 1""",
        ),
        Needs("events.subject_id.person_id", when=f"events.kind = 'transfer' AND {_PASSED_ON}"),
    )
    applies_when = "owner_id IS NOT NULL"
    title = Text(zh="建群人移交有记录", en="Hand-over by the creator is on record")
    headline = Text(zh="建群人的移交没有记录", en="Hand-over by the creator is not on record")
    message = {
        "not-recorded": Text(
            zh="建群人{creator}与群主{owner}不是同一人，没有移交记录",
            en="{creator} created the group, {owner} owns it, and no hand-over is on record",
        ),
        "to-another": Text(
            zh="最近一次移交的接收人是{transferred_to}（{transferred_at}），与现群主{owner}不符",
            en="the last hand-over on record ({transferred_at}) went to {transferred_to}, but {owner} owns the group",
        ),
        "no-creator": Text(zh="登记中没有建群人", en="the register names no creator"),
        "creator-nobody": Text(
            zh="建群人账号{creator_account}在人员名册中查无此人",
            en="the creator's account {creator_account} belongs to nobody in the directory",
        ),
    }
    explanation = Text(
        zh="按照“谁建群、谁负责”的原则，建群人不再担任群主时须有移交记录，否则责任不清。",
        en="Whoever creates a group answers for it. Without a recorded hand-over nobody can tell who does now.",
    )
    remediation = (
        Step(
            "owner",
            Text(
                zh="与建群人书面确认移交，注明日期",
                en="have the creator confirm the hand-over in writing, with its date",
            ),
        ),
        Step("department", Text(zh="补登建群人和移交记录", en="enter creator and hand-over in the register")),
    )

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Compare creator and owner by person, then look at the last transfer."""
        return estate.query(
            f"""WITH {_reasoned("e.kind = 'transfer'")}
            SELECT r.group_id, r.reason,
                coalesce(c.name, r.creator_account) AS creator, r.creator_id, r.creator_account,
                coalesce(o.name, r.owner_account) AS owner, r.owner_id, r.owner_account,
                coalesce(t.name, r.to_account) AS transferred_to, r.transferred_at,
                r.transferred_at_latest
            FROM reasoned r LEFT JOIN people c ON c.id = r.creator_id LEFT JOIN people o ON o.id = r.owner_id
            LEFT JOIN people t ON t.id = r.to_person""",
            params,
        )

    cases = (
        Case(
            "creator and owner differ, nothing on record",
            zh="建群人与群主不同，没有任何记录",
            given=HANDED_OVER,
            finds=("g1",),
            reasons={"g1": "not-recorded"},
        ),
        Case(
            "handed over, on record",
            zh="已移交，有记录",
            given={**HANDED_OVER, "events": [transfer(1, "2024-02-01", "a2")]},
        ),
        Case(
            "handed over twice, the last time to the owner",
            zh="移交两次，最后一次交给群主",
            given={**HANDED_OVER, "events": [transfer(2, "2024-03-01", "a2"), transfer(1, "2024-02-01", "a3")]},
        ),
        Case(
            "handed over twice on one day, listed the other way round",
            zh="同一天移交两次，记录次序颠倒",
            given={
                **HANDED_OVER,
                "events": [
                    {**transfer(1, "2024-02-01", "a2"), "actor_id": "a3"},
                    {**transfer(2, "2024-02-01", "a3"), "actor_id": "a1"},
                ],
            },
        ),
        Case(
            "handed over to somebody else",
            zh="移交给了别人",
            given={**HANDED_OVER, "events": [transfer(1, "2024-02-01", "a3")]},
            finds=("g1",),
            reasons={"g1": "to-another"},
            facts={"g1": {"transferred_to": "何伟"}},
        ),
        Case(
            "handed over only after the as-of time",
            zh="在检查时点之后才移交",
            given={**HANDED_OVER, "events": [transfer(1, "2024-04-15T00:00:01+08:00", "a2")]},
            finds=("g1",),
        ),
        Case(
            "the same person, the same or another account",
            zh="同一人，用同一或另一账号",
            given={
                **ESTATE,
                "groups": [
                    {"id": "g1", "creator_id": "a1", "owner_id": "a1"},
                    {"id": "g2", "creator_id": "a1", "owner_id": "a1-second"},
                ],
            },
        ),
        Case(
            "no creator, a creator nobody knows",
            zh="没有建群人，或无人认识的建群人",
            given={
                **ESTATE,
                "groups": [{"id": "g1", "owner_id": "a2"}, {"id": "g2", "creator_id": "stray", "owner_id": "a2"}],
            },
            finds=("g1", "g2"),
            reasons={"g1": "no-creator", "g2": "creator-nobody"},
        ),
    )
