"""The name of a group does not tell strangers whose it is."""

from __future__ import annotations

from policycore import Case, Field, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class NameHidesUnit(Rule):
    """Whoever sees the name of a group on somebody's screen should not learn which unit it belongs to, and for what.

    Found are names that hold the name or an alias of a department, or one of the words that the rule set names.
    Some policies ask for the opposite, a unit in every name: a set that extends both must say which counts.
    Put it right by renaming the group after a number or by initials, and by telling the register.
    """

    id = "SEC003"
    name = "secrecy/name-hides-unit"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    requires = ("groups.name", "departments.name", "departments.aliases")
    title = Text(zh="群名不涉及单位和业务", en="Group's name tells neither unit nor business")
    headline = Text(zh="群名涉及单位或业务", en="Group's name tells the unit or its business")
    message = Text(zh="群名中有“{word}”", en="the group's name holds “{word}”")
    explanation = Text(
        zh="群名宜用编号、拼音首字母等，不涉及单位和业务性质。",
        en="Groups are named by numbers or initials, not after a unit or its business.",
    )
    remediation = (Step("owner", Text(zh="更改群名并报告备案部门", en="rename the group and tell the register")),)

    tighter = {"words": "more", "shortest": "lower"}

    class Params(Rule.Params):
        """What no name may hold."""

        words: tuple[str, ...] = Field(
            (),
            description="words of the unit's business that no name may hold",
            json_schema_extra={"zh": "群名中不得出现的业务用语"},
        )
        shortest: int = Field(
            2,
            ge=1,
            le=50,
            description="characters below which a unit's name is not looked for",
            json_schema_extra={"zh": "短于此字数的单位名称不作检查"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Look for the longest name, alias or word in each group's name."""
        return estate.query(
            """WITH words AS (
                SELECT name AS word FROM departments WHERE length(name) >= $shortest
                UNION SELECT word FROM (SELECT unnest(aliases) AS word FROM departments) WHERE length(word) >= $shortest
                UNION SELECT unnest($words::VARCHAR[])
            )
            SELECT g.id AS group_id, arg_max(w.word, (length(w.word), w.word)) AS word
            FROM groups g JOIN words w ON contains(lower(g.name), lower(w.word)) GROUP BY g.id""",
            params,
        )

    cases = (
        Case(
            "a unit's name, its alias, a word of its business",
            zh="单位名称、简称、业务用语",
            given={
                "departments": [{"id": "d1", "name": "教务处", "aliases": ["JWC"]}],
                "groups": [
                    {"id": "g1", "name": "教务处考务群"},
                    {"id": "g2", "name": "jwc工作群"},
                    {"id": "g3", "name": "命题组"},
                ],
            },
            params={"words": ["命题"]},
            finds=("g1", "g2", "g3"),
            facts={"g1": {"word": "教务处"}},
        ),
        Case(
            "numbers and initials",
            zh="编号和首字母",
            given={
                "departments": [{"id": "d1", "name": "教务处", "aliases": []}],
                "groups": [{"id": "g1", "name": "2024-07群"}, {"id": "g2", "name": "KW-3"}],
            },
        ),
    )
