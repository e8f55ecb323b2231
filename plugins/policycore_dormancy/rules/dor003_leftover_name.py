"""A name can tell that a group was meant to end."""

from __future__ import annotations

from typing import Annotated

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text, Verdict


class LeftoverName(Rule):
    """A past year or a word such as 临时 in the name hints at a group that outlived its purpose.

    Decisions: of several years the latest counts (2023-2024学年 is over when 2024 is); a year is four
    digits on their own, not part of a longer number or of a code (A2022); with 级, 届 or 号 after it
    it names a cohort or a room and says nothing about the end. A group whose task is recorded as open
    is no left-over, whatever it is called. Put it right by dissolving or renaming the group.
    """

    id = "DOR003"
    name = "dormancy/leftover-name"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    requires = (
        "groups.name",
        Needs("groups.task_id.state", stands="passes"),
    )
    title = Text(zh="群名称像是遗留的临时群", en="Group's name looks left over")
    message = {
        "year": Text(zh="群名称含已过去的年份{year}", en="the name holds a past year, {year}"),
        "word": Text(
            zh="群名称含“{word}”，却没有进行中的任务", en="the name holds “{word}”, and no open task is recorded"
        ),
    }
    explanation = Text(
        zh="名称中有往年年份或“临时”“筹备”“专班”等字样的群，可能工作已完成而未解散。名称不能证明，只作为疑点。",
        en="A name with a past year or a word such as temporary or preparation may belong to finished work. "
        "A name proves nothing, so a person must confirm it.",
    )
    remediation = (
        Step(
            "owner",
            Text(
                zh="工作已完成的解散该群；仍需要的改名", en="dissolve the group if its work is done; rename it if not"
            ),
            14,
        ),
        Step(
            "department",
            Text(zh="仍在进行的工作，登记对应任务", en="where the work goes on, record the task it belongs to"),
        ),
    )

    tighter = {"words": "more", "look_alike_suffixes": "fewer"}

    class Params(Rule.Params):
        """Which words hint at an end, and which numbers are no years."""

        words: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
            ("临时", "筹备", "专班"),
            max_length=200,
            description="words that hint at a group meant to end",
            json_schema_extra={"zh": "提示群应当结束的词语"},
        )
        look_alike_suffixes: tuple[Annotated[str, Field(pattern="^[^0-9A-Za-z]$")], ...] = Field(
            ("级", "届", "号", "室", "房"),
            max_length=50,
            description="single characters after four digits that make them a cohort or a number, not a year",
            json_schema_extra={"zh": "四位数字后跟这些字时表示年级或编号，而不是年份"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups whose latest year is past, or whose name holds one of the words."""
        return estate.query(
            """WITH named AS (
                SELECT g.id, g.name, g.kind, translate(g.name, '０１２３４５６７８９', '0123456789') AS folded
                FROM groups g LEFT JOIN tasks t USING (task_key)
                WHERE g.name IS NOT NULL AND t.state IS DISTINCT FROM 'open'
            ), judged AS (
                SELECT id, name, kind,
                    list_max(list_transform(list_filter(
                        regexp_extract_all(folded, '[A-Za-z]*[0-9]+[^0-9A-Za-z]?'),
                        lambda run: regexp_matches(run, '^(19|20)[0-9]{2}([^0-9]|$)')
                            AND NOT list_contains($look_alike_suffixes, run[5:])),
                        lambda run: CAST(run[:4] AS INTEGER))) AS year,
                    list_filter($words, lambda word: contains(name, word))[1] AS word
                FROM named
            )
            SELECT id AS group_id, name AS group_name, kind, CASE WHEN year < year(as_of()) THEN year END AS year, word,
                CASE WHEN year < year(as_of()) THEN 'year' ELSE 'word' END AS reason
            FROM judged WHERE year < year(as_of()) OR word IS NOT NULL""",
            params,
        )

    cases = (
        Case(
            "past years, in full-width digits too, and the words",
            zh="往年年份（含全角数字）和所列词语",
            given={
                "groups": [
                    {"id": "g1", "name": "2022年迎新工作群"},
                    {"id": "g2", "name": "校庆筹备组"},
                    {"id": "g3", "name": "教务处２０２１评估"},
                    {"id": "g4", "name": "巡视整改专班", "task_id": "t1"},
                ],
                "tasks": [{"id": "t1", "state": "done"}],
            },
            finds=("g1", "g2", "g3", "g4"),
            reasons={"g1": "year", "g2": "word", "g3": "year", "g4": "word"},
            facts={"g1": {"year": 2022}, "g3": {"year": 2021}},
        ),
        Case(
            "this year and the next, a school year that runs into this one, cohorts, rooms, codes, longer numbers",
            zh="今年和明年、延续到今年的学年、年级、房间号、编号、更长的数字",
            given={
                "groups": [
                    {"id": "g1", "name": "2024年招生工作群"},
                    {"id": "g2", "name": "2023-2024学年教学检查"},
                    {"id": "g3", "name": "2021级辅导员工作群"},
                    {"id": "g4", "name": "2023届就业工作群"},
                    {"id": "g5", "name": "热线12320226群"},
                    {"id": "g6", "name": "ISO2018认证工作群"},
                    {"id": "g7", "name": "2025年规划群"},
                    {"id": "g8", "name": "教务处2019室"},
                    {"id": "g9"},
                ]
            },
        ),
        Case(
            "an open task outweighs the name",
            zh="任务未完时以任务为准",
            given={
                "groups": [
                    {"id": "g1", "name": "防汛临时工作群", "kind": "temporary", "task_id": "t1"},
                    {"id": "g2", "name": "2023年审计专项群", "kind": "project", "task_id": "t1"},
                ],
                "tasks": [{"id": "t1", "state": "open"}],
            },
        ),
        Case(
            "the year of the as-of time decides, in the estate's zone",
            zh="以检查时点在总账时区的年份为准",
            given={"groups": [{"id": "g1", "name": "2024年工作群"}, {"id": "g2", "name": "2023年工作群"}]},
            as_of="2024-01-01T00:00:00+08:00",
            finds=("g2",),
        ),
        Case(
            "a unit's own words, and graduating classes made to count",
            zh="单位自定的词语，并把毕业年级计入",
            given={
                "groups": [
                    {"id": "g1", "name": "2022届毕业设计"},
                    {"id": "g2", "name": "会务组"},
                    {"id": "g3", "name": "临时"},
                ]
            },
            params={"words": ["会务"], "look_alike_suffixes": ["级"]},
            finds=("g1", "g2"),
        ),
    )
