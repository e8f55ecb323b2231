"""Two groups of the same people ask everybody to read everything twice."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text, Verdict

# An exact set-similarity join by prefix filtering; similarity is |A∩B| / |A∪B|, threshold t. With members
# in one order, rarest first, two sets as similar as t share one of their first |B| - ⌈t|B|⌉ + 1 members, and
# the smaller one's among the first |A| - ⌈2t/(1+t)·|A|⌉ + 1: only pairs that share such a member are looked at.
# `behind` is how many members still follow: it bounds what can be common. `word_0` to `word_3` have one bit for
# each member's rank modulo 256: every bit in which two sets differ is a member they do not share. Four words leave
# a few hundred pairs of 350,000 to be counted out, one word left 64,000 and took most of the rule's time.
_WORD = "coalesce(bit_or(1::UBIGINT << (r.rank % 64)) FILTER ((r.rank // 64) % 4 = {0}), 0) AS word_{0}"
_WORDS = ", ".join(_WORD.format(number) for number in range(4))
_DIFFERENT = " + ".join(f"bit_count(xor(a.word_{number}, b.word_{number}))::INTEGER" for number in range(4))
_QUERY = f"""WITH present AS (
    -- Who is nobody of the directory counts by the account: keys below zero are accounts'.
    SELECT m.group_key, coalesce(a.person_key, -1 - m.account_key) AS member
    FROM memberships m LEFT JOIN accounts a USING (account_key)
), ranked AS (
    SELECT member, CAST(row_number() OVER (ORDER BY count(*), member) AS INTEGER) AS rank FROM present GROUP BY member
), sets AS (
    SELECT m.group_key, list_sort(list(r.rank)) AS ranks, {_WORDS}
    FROM present m JOIN ranked r USING (member) GROUP BY m.group_key HAVING count(*) >= $minimum_members
), sized AS MATERIALIZED (
    SELECT g.id AS group_id, sets.* EXCLUDE (ranks, group_key),
        CAST(row_number() OVER (ORDER BY g.id) AS INTEGER) AS number,
        list_filter(ranks, lambda rank, place: place = 1 OR ranks[place - 1] <> rank) AS members, len(members) AS size
    FROM sets JOIN groups g USING (group_key) WHERE len(members) >= $minimum_members
), heads AS MATERIALIZED (
    SELECT number, size, size - generate_subscripts(head, 1) AS behind, unnest(head) AS rank
    FROM (SELECT number, size, members[:size - CAST(ceil($t * size - 1e-9) AS INTEGER) + 1] AS head FROM sized)
), near AS (
    SELECT DISTINCT a.number, b.number AS other_number FROM heads a JOIN heads b ON a.rank = b.rank
    WHERE a.behind + 1 >= 2 * $t / (1 + $t) * a.size - 1e-9
        AND (a.size < b.size OR a.size = b.size AND a.number < b.number) AND a.size >= $t * b.size - 1e-9
        AND least(a.behind, b.behind) + 1 >= $t / (1 + $t) * (a.size + b.size) - 1e-9
), words AS (SELECT number, size, word_0, word_1, word_2, word_3 FROM sized
), candidates AS MATERIALIZED (
    SELECT n.* FROM near n JOIN words a ON a.number = n.number JOIN words b ON b.number = n.other_number
    WHERE {_DIFFERENT} <= (1 - $t) / (1 + $t) * (a.size + b.size) + 1e-9
), counted AS MATERIALIZED (
    -- No condition may name two groups at once, here or below: it would be taken for a join of all with all.
    SELECT least(a.group_id, b.group_id) AS group_id, greatest(a.group_id, b.group_id) AS other_id,
        len(list_intersect(a.members, b.members)) AS common, a.size + b.size AS sizes
    FROM candidates c JOIN sized a ON a.number = c.number JOIN sized b ON b.number = c.other_number
), alike AS (
    SELECT group_id, other_id, common, sizes - common AS together FROM counted
    WHERE common >= $t * (sizes - common) - 1e-9
)
SELECT s.group_id, s.other_id, coalesce(b.name, b.id) AS other_group, s.common, s.together,
    round(s.common / s.together, 3) AS similarity
FROM alike s JOIN groups a ON a.id = s.group_id JOIN groups b ON b.id = s.other_id
WHERE a.successor_of IS DISTINCT FROM s.other_id AND b.successor_of IS DISTINCT FROM s.group_id"""
# Other groups that share a member with the subject's, and of which somebody may have left.
_OTHERS = """SELECT DISTINCT m.group_id, o.group_id AS row_id
    FROM (SELECT DISTINCT group_id FROM memberships WHERE list_contains(_unknown, 'left_at')) o
    JOIN memberships s ON s.group_id = o.group_id LEFT JOIN accounts b ON b.account_key = s.account_key
    JOIN memberships m ON m.group_id <> o.group_id LEFT JOIN accounts a ON a.account_key = m.account_key
    WHERE coalesce(a.person_id, m.account_id) = coalesce(b.person_id, s.account_id)"""


class OverlappingGroups(Rule):
    """Two groups have nearly the same members: everybody gets everything twice, or one is forgotten.

    A group and the one it replaces (``successor_of``) overlap while people move over, and are left
    alone. People are compared, not accounts; an account of no known person counts as one. Groups are
    told apart by id, never by name; a pair is reported once, at the smaller id. Put it right by merging the
    two, or by recording what each is for.
    """

    id = "DOR006"
    name = "dormancy/overlapping-groups"
    subject = Subject.GROUP
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    only_read = {
        "accounts.person_id": "an account of no known person counts as one person",
        "groups.successor_of": "a successor is excused",
    }
    requires = (
        "memberships.account_id",
        "memberships.left_at",
        Needs("groups.memberships.left_at", via=_OTHERS),
    )
    key_facts = ("other_id",)
    title = Text(zh="没有成员基本相同的另一个群", en="No other group of the same people")
    headline = Text(zh="与另一个群成员基本相同", en="Same people as another group")
    message = Text(
        zh="与群“{other_group}”（{other_id}）共有{common}名成员，两群合计{together}人，"
        "重合度{similarity}（标准{minimum_similarity}）",
        en="shares {common} {common:member|members} with the group “{other_group}” ({other_id}), {together} "
        "{together:person|people} in both together, "
        "similarity {similarity} (limit {minimum_similarity})",
    )
    explanation = Text(
        zh="成员基本相同的两个群造成重复通知、重复阅读，应合并精简。各有用途的可以保留，因此只作为疑点。",
        en="Two groups of nearly the same people make everybody read twice. They may each have a purpose, "
        "so a person must confirm it.",
    )
    remediation = (
        Step(
            "owner",
            Text(
                zh="与群“{other_group}”的群主商定合并或保留",
                en="agree with the owner of “{other_group}” to merge or to keep both",
            ),
            14,
        ),
        Step(
            "department", Text(zh="两群都保留的，在备案中写明各自用途", en="where both stay, record what each is for")
        ),
    )

    tighter = {"minimum_similarity": "lower", "minimum_members": "lower"}

    class Params(Rule.Params):
        """How alike two groups must be, and how large."""

        minimum_similarity: float = Field(
            0.8,
            ge=0.5,
            le=1,
            description="common members divided by all members of both",
            json_schema_extra={"zh": "共同成员数除以两群全部成员数"},
        )
        minimum_members: int = Field(
            5,
            ge=3,
            le=10_000,
            description="members below which a group is not compared",
            json_schema_extra={"zh": "成员少于此数的群不作比较"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find pairs of groups whose members are similar enough."""
        return estate.query(_QUERY, {**params.model_dump(), "t": params.minimum_similarity})

    cases = (
        Case(
            "the same five people twice, and four of five (0.8) with a twice listed owner",
            zh="同样五人的两个群，以及五人中有四人相同（0.8）且群主列了两次",
            given={
                "groups": [{"id": "g1", "name": "甲"}, {"id": "g2", "name": "甲"}, {"id": "g3", "name": "丙"}],
                "accounts": [{"id": name} for name in "abcdefg"],
                "memberships": [
                    *({"group_id": "g1", "account_id": name, "role": "member"} for name in "abcde"),
                    {"group_id": "g1", "account_id": "a", "role": "owner"},
                    *({"group_id": "g2", "account_id": name, "role": "member"} for name in "abcde"),
                    *({"group_id": "g3", "account_id": name, "role": "member"} for name in "abcdfg"),
                ],
            },
            params={"minimum_members": 5},
            finds=("g1",),
            facts={"g1": {"other_id": "g2", "common": 5, "together": 5, "similarity": 1.0}},
        ),
        Case(
            "the same people by other accounts",
            zh="同样的人用了别的账号",
            given={
                "groups": [{"id": "g1"}, {"id": "g2"}],
                "people": [{"id": name, "name": name} for name in "abc"],
                "accounts": [{"id": f"{name}{number}", "person_id": name} for name in "abc" for number in (1, 2)],
                "memberships": [
                    {"group_id": f"g{number}", "account_id": f"{name}{number}"} for name in "abc" for number in (1, 2)
                ],
            },
            params={"minimum_members": 3},
            finds=("g1",),
            facts={"g1": {"other_id": "g2", "common": 3}},
        ),
        Case(
            "one group is found with each of its doubles",
            zh="一个群与每个重复的群各成一个问题",
            given={
                "groups": [{"id": "g1"}, {"id": "g2"}, {"id": "g3"}],
                "accounts": [{"id": name} for name in "abcd"],
                "memberships": [
                    {"group_id": group, "account_id": name, "role": "member"}
                    for group, names in (("g1", "abcd"), ("g2", "abcd"), ("g3", "abc"))
                    for name in names
                ],
            },
            params={"minimum_members": 3, "minimum_similarity": 0.75},
            finds=("g1", "g1", "g2"),
        ),
        Case(
            "a group and its successor, a small part of a large group, too small, left, dissolved",
            zh="群与其接替群、大群中的一小部分、人数太少、已退群、已解散",
            given={
                "groups": [
                    {"id": "g1"},
                    {"id": "g2", "successor_of": "g1"},
                    {"id": "g3"},
                    {"id": "g4"},
                    {"id": "g5"},
                    {"id": "g6"},
                    {"id": "g7", "dissolved_at": "2024-04-01"},
                ],
                "accounts": [{"id": name} for name in "abcdefghijklmn"],
                "memberships": [
                    {"group_id": group, "account_id": name, "role": "member", "left_at": left}
                    for group, names, left in (
                        ("g1", "abcde", None),
                        ("g2", "abcde", None),
                        ("g3", "fghijklmn", None),
                        ("g3", "abcde", "2024-03-01"),
                        ("g4", "fghij", None),
                        ("g5", "klm", None),
                        ("g6", "klm", None),
                        ("g7", "fghij", None),
                    )
                    for name in names
                ],
            },
        ),
    )
