"""Papers accuse nobody of what nobody established, say whose step each is, and bear no office that nobody named."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from policycore.language import Text, use_language
from policycore.model.result import Finding, RemediationStep
from policycore.model.verdict import Subject, Verdict
from policycore.papers.group_facts import GroupFacts
from policycore.papers.kinds import Facts, papers_of
from policycore.papers.paper import Paper, Table
from tests.results import AS_OF, make_finding, make_result


def paper_facts(*findings: Finding, **more: object) -> Facts:
    return Facts(make_result(*findings), (), [("d-教务处", "教务处")], ZoneInfo("Asia/Shanghai"), **more)


def words(paper: Paper) -> str:
    rows = [part.rows if isinstance(part, Table) else part for _, part in paper.parts]
    return "\n".join(map(str, [paper.title, *rows, *paper.signature]))


def written(kind: str, facts: Facts) -> list[str]:
    with use_language("zh"):
        return [words(paper) for paper in papers_of(kind, facts)]


def answering(finding: Finding, number: str | None, name: str | None, department: str | None = "教务处") -> Finding:
    subject = replace(finding.subject, responsible_id=number, responsible=name, department=department)
    return replace(finding, subject=subject)


def test_suspects_stand_in_no_letter_and_count_apart() -> None:
    failed, doubted = make_finding(), make_finding(subject="g2", verdict=Verdict.SUSPECT)
    (letter,) = written("letters", paper_facts(failed, doubted))
    assert "以下1项问题" in letter
    assert "g1的群主" in letter
    assert "g2的群主" not in letter
    assert written("letters", paper_facts(doubted)) == []
    whole, own = written("rectification", paper_facts(failed, doubted))
    for report in (whole, own):
        assert "共发现问题1项，已整改0项，待整改1项" in report
        assert "疑似情况1项待人工核实" in report
        assert "1, 0, 1, 1]" in report
    assert "没有发现问题" not in written("rectification", paper_facts(doubted))[0]
    extra = replace(make_finding(verdict=Verdict.SUSPECT), name="composition/extra-member")
    assert written("membership", paper_facts(extra)) == []


def test_a_paper_is_of_whoever_issued_the_policy_and_else_has_a_blank() -> None:
    kinds = ("letters", "rectification")
    for kind in kinds:
        (*_, paper) = written(kind, paper_facts(make_finding(), issuer="某大学党委"))
        assert "某大学党委" in paper
        (*_, paper) = written(kind, paper_facts(make_finding()))
        assert "填写发文单位" in paper
        assert "机关" not in paper


def test_a_letter_says_whose_step_each_is_and_goes_to_nobody_unknown() -> None:
    steps = (
        RemediationStep("secrecy-office", None, Text("鉴定", "decide")),
        RemediationStep("sender", "“吴刚” (user5)", Text("说明来源", "say where from")),
    )
    found = replace(make_finding(kind=Subject.MESSAGE, subject="m1"), remediation=steps)
    sent = {"m1": (AS_OF, "“吴刚” (user5)")}
    (letter,) = written("letters", paper_facts(found, sent=sent))
    assert "保密办：鉴定；发送人（自称“吴刚”，账号user5）：说明来源" in letter
    assert "2024-04-15 08:00 自称“吴刚”，账号user5的消息（m1）" in letter
    (headless,) = written("letters", paper_facts(answering(found, None, "“吴刚” (user5)")))
    assert "教务处负责人" in headless
    assert written("letters", paper_facts(answering(found, None, None, None))) == []


def test_the_burden_is_unknown_where_the_members_are() -> None:
    few = dict.fromkeys(GroupFacts.__dataclass_fields__)
    groups = [GroupFacts(**few | {"id": "g", "name": "甲", "messages": 60, "members": n}) for n in (2, None)]  # type: ignore[arg-type]
    told = []
    for some in (groups[:1], groups):
        facts = replace(paper_facts(), groups=some)
        told.append(written("rectification", facts)[0])
    assert "平均每天每群收到2.00条；" in told[0]
    assert "平均每天每群收到不详；" in told[1]
