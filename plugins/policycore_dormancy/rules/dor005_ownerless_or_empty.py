"""A group that people have left behind is a door nobody watches."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text

# Bots are no people: an account of unknown kind matters where enough others would not be left without it.
_COULD_BE_TOO_FEW = """(SELECT count(DISTINCT coalesce(a.person_id, a.id))
    FROM memberships m JOIN accounts a USING (account_key)
    WHERE m.group_id = subject.group_id AND a.kind <> 'bot') < $minimum_people"""


class OwnerlessOrEmpty(Rule):
    """Nobody, only machines, or hardly anybody is left in the group: it serves no work any more.

    People are counted, not accounts; an account of no known person counts as one. A group without an owner that
    still has people is `ownership/owner-present`'s business. Put it right by dissolving the group.
    """

    id = "DOR005"
    name = "dormancy/ownerless-or-empty"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    only_read = {"accounts.person_id": "an account of no known person counts as one person"}
    requires = (
        Needs("groups.owner_id", when="NOT EXISTS (SELECT 1 FROM memberships m WHERE m.group_id = subject.group_id)"),
        Needs("memberships.account_id", when=_COULD_BE_TOO_FEW, stands="passes"),
        Needs("memberships.account_id.kind", when=_COULD_BE_TOO_FEW, stands="hits"),
        Needs("memberships.left_at", stands="hits"),
    )
    title = Text(zh="群内还有人", en="Group still has people")
    headline = Text(zh="群内没有人或人太少", en="Nobody or hardly anybody is left in the group")
    message = {
        "deserted": Text(
            zh="没有群主，群内也没有人（机器人{bots}个）",
            en="no owner, and no person left in the group ({bots} {bots:bot|bots})",
        ),
        "empty": Text(zh="群内没有任何成员", en="the group has no members at all"),
        "bots-only": Text(
            zh="群内只有{bots}个机器人，没有人", en="only {bots} {bots:bot|bots} and no person are in the group"
        ),
        "too-small": Text(
            zh="群内只有{people}人（标准至少{minimum_people}人）",
            en="only {people} {people:person is|people are} in the group (at least {minimum_people} expected)",
        ),
    }
    explanation = Text(
        zh="人已走空或只剩机器人的群没有用处，却仍可被加入和发布内容，应解散。",
        en="A group that people have left serves no work, but can still be joined and posted to. Dissolve it.",
    )
    remediation = (
        Step(
            "owner",
            Text(zh="解散该群；仍需要的，补齐成员", en="dissolve the group, or bring its members back if it is needed"),
            7,
        ),
        Step(
            "department",
            Text(
                zh="没有群主的，请平台管理员协助解散",
                en="where there is no owner, have the platform's administrator dissolve it",
            ),
        ),
    )

    tighter = {"minimum_people": "higher"}

    class Params(Rule.Params):
        """How few people are too few."""

        minimum_people: int = Field(
            3,
            ge=1,
            le=100,
            description="people below which a group is no group",
            json_schema_extra={"zh": "少于此人数不成其为群"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups with fewer people than the minimum; only small groups are counted out person by person."""
        return estate.query(
            """WITH machines AS (
                SELECT m.group_key, count(DISTINCT m.account_key) AS bots
                FROM memberships m JOIN accounts a USING (account_key) WHERE a.kind = 'bot' GROUP BY m.group_key
            ), most AS (
                SELECT coalesce(max(accounts), 1) AS accounts
                FROM (SELECT count(*) AS accounts FROM accounts WHERE person_key IS NOT NULL GROUP BY person_key)
            ), small AS (
                SELECT g.id, g.group_key, g.owner_id, g.member_count AS members, coalesce(b.bots, 0) AS bots
                FROM group_facts g LEFT JOIN machines b USING (group_key)
                WHERE g.member_count - coalesce(b.bots, 0) < $minimum_people * (SELECT accounts FROM most)
            ), counted AS (
                SELECT s.*, coalesce(c.people, 0) AS people FROM small s LEFT JOIN (
                    SELECT m.group_key, count(DISTINCT coalesce(a.person_key, -1 - m.account_key)) AS people
                    FROM memberships m LEFT JOIN accounts a USING (account_key)
                    WHERE m.group_key IN (SELECT group_key FROM small) AND a.kind IS DISTINCT FROM 'bot'
                    GROUP BY m.group_key
                ) c USING (group_key)
            )
            SELECT id AS group_id, members, people, bots,
                CASE WHEN people = 0 AND owner_id IS NULL THEN 'deserted' WHEN members = 0 THEN 'empty'
                     WHEN people = 0 THEN 'bots-only' ELSE 'too-small' END AS reason
            FROM counted WHERE people < $minimum_people""",
            params,
        )

    cases = (
        Case(
            "deserted, empty, only bots, too small",
            zh="无人群、空群、只有机器人、人数太少",
            given={
                "groups": [
                    {"id": "g1"},
                    {"id": "g2", "owner_id": "a1"},
                    {"id": "g3", "owner_id": "a1"},
                    {"id": "g4", "owner_id": "a1"},
                ],
                "accounts": [{"id": "a1", "kind": "internal"}, {"id": "a2"}, {"id": "b1", "kind": "bot"}],
                "memberships": [
                    {"group_id": "g3", "account_id": "b1", "role": "member"},
                    {"group_id": "g4", "account_id": "a1", "role": "owner"},
                    {"group_id": "g4", "account_id": "a2", "role": "member"},
                    {"group_id": "g4", "account_id": "b1", "role": "member"},
                ],
            },
            finds=("g1", "g2", "g3", "g4"),
            reasons={"g1": "deserted", "g2": "empty", "g3": "bots-only", "g4": "too-small"},
            facts={"g4": {"people": 2, "bots": 1, "members": 3}},
        ),
        Case(
            "people who left, and one person in two roles, count once or not at all",
            zh="已退群的人不计，一人两种角色只计一次",
            given={
                "groups": [{"id": "g1", "owner_id": "a1"}],
                "accounts": [{"id": name, "kind": "internal"} for name in ("a1", "a2", "a3")],
                "memberships": [
                    {"group_id": "g1", "account_id": "a1", "role": "owner"},
                    {"group_id": "g1", "account_id": "a1", "role": "admin"},
                    {"group_id": "g1", "account_id": "a2", "role": "member"},
                    {"group_id": "g1", "account_id": "a3", "role": "member", "left_at": "2024-04-01"},
                ],
            },
            finds=("g1",),
            facts={"g1": {"people": 2}},
        ),
        Case(
            "one person with three accounts is one",
            zh="一人的三个账号只算一人",
            given={
                "groups": [{"id": "g1", "owner_id": "a1"}],
                "people": [{"id": "p1", "name": "张三"}],
                "accounts": [{"id": name, "person_id": "p1"} for name in ("a1", "a2", "a3")],
                "memberships": [{"group_id": "g1", "account_id": name} for name in ("a1", "a2", "a3")],
            },
            finds=("g1",),
            facts={"g1": {"people": 1, "members": 3}},
        ),
        Case(
            "three people are enough, outsiders are people, and an owner who is missing is another rule's finding",
            zh="三人就够，外部人员也算人，缺群主属于另一条规则的问题",
            given={
                "groups": [{"id": "g1"}],
                "accounts": [{"id": "a1", "kind": "internal"}, {"id": "a2", "kind": "external"}, {"id": "a3"}],
                "memberships": [
                    {"group_id": "g1", "account_id": name, "role": "member"} for name in ("a1", "a2", "a3")
                ],
            },
        ),
    )
