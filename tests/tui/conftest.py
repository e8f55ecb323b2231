"""A small world of its own for the screens: two groups, two runs, every verdict, gaps; no other part may change it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")

from policycore.errors import Place
from policycore.estate.importing import open_estate
from policycore.language import Text
from policycore.model.gap import Gap, compressed
from policycore.model.result import ClauseResult, Finding, RemediationStep, RuleOutcome, RunResult, Source, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict
from policycore.plugin_api.rule import Case, Rule, Step
from policycore.reports import formats
from policycore.rulesets.resolved import Origin, PolicyDocument, ResolvedRule, ResolvedRuleSet
from policycore.store.kept.loose import counted_from
from policycore.store.lives.presence import everything_present
from policycore.store.record import record
from policycore.store.snapshots import keep
from policycore.store.workspace import Workspace, init_workspace
from tests.command_line import copy_folder

ZONE = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2024, 4, 15, tzinfo=ZONE)
KEPT_AT = datetime(2024, 4, 15, 6, 30, tzinfo=UTC)


class OwnerInPost(Rule):
    """A group whose owner has left has nobody who answers for it."""

    id = "OWN001"
    name = "ownership/owner-in-post"
    subject = Subject.GROUP
    requires = ("groups.owner_id",)
    title = Text(zh="群主在岗", en="The owner is in post")
    message = Text(zh="群主{owner}已退休", en="the owner {owner} has retired")
    explanation = Text(zh="群主是直接责任人。", en="The owner is directly responsible.")
    remediation = (Step("department", Text(zh="另行指定群主", en="name another owner")),)
    cases = (Case("a retired owner", given={"groups": [{"id": "g1"}]}, finds=("g1",)),)


def finding(
    number: int,
    *,
    rule: str = "OWN001",
    verdict: Verdict = Verdict.FAIL,
    severity: Severity = Severity.ERROR,
    subject: SubjectRef | None = None,
    facts: dict[str, object] | None = None,
    message: Text | None = None,
    enforcement: Enforcement = Enforcement.MANDATORY,
) -> Finding:
    """Return one finding about group `number`."""
    group = f"g{number}"
    return Finding(
        id=f"{rule}-{number:012x}",
        rule=rule,
        name={"OWN001": "ownership/owner-in-post", "SEC001": "secrecy/classification-mark"}.get(rule, f"test/{rule}"),
        title=Text("群主在岗", "The owner is in post"),
        clauses=("一(一)-3",),
        verdict=verdict,
        severity=severity,
        enforcement=enforcement,
        subject=subject
        or SubjectRef(
            Subject.GROUP,
            group,
            f"第{number}工作群",
            group,
            f"第{number}工作群",
            "d1",
            "教务处",
            "wechat",
            "p1",
            "张敏",
        ),
        message=message or Text(f"群主李强{number}已退休", f"the owner 李强{number} has retired"),
        facts=facts or {"owner": f"李强{number}", "grace_days": 7},
        remediation=(
            RemediationStep(
                "department", "张敏", Text("另行指定群主", "name another owner"), AS_OF + timedelta(days=number)
            ),
            RemediationStep("owner", None, Text("移交群务", "hand the group over")),
        ),
        fingerprint=f"{number:032x}",
        source=Source("groups.csv", number),
    )


def findings() -> tuple[Finding, ...]:
    """Return one finding of each kind that the screens tell apart."""
    member = SubjectRef(
        Subject.MEMBERSHIP, "g1/a2", "云淡风轻", "g1", "第1工作群", "d1", "教务处", "wechat", "p1", "张敏"
    )
    message = SubjectRef(Subject.MESSAGE, "m1", "m1", "g2", "第2工作群", "d2", "财务处", "wechat", "p2", "王芳")
    secret = {"field": "messages.text", "evidence": "2e2e", "category": "机密", "offset": 0, "length": 6}
    estate = SubjectRef(Subject.ESTATE, "estate", "全部群组")
    return (
        finding(1),
        finding(2),
        finding(3, severity=Severity.WARNING, verdict=Verdict.SUSPECT),
        finding(4, rule="ADM001", severity=Severity.WARNING, subject=member),
        finding(5, rule="SEC001", subject=message, facts=secret, enforcement=Enforcement.MANDATORY_WITHOUT_WAIVERS),
        finding(
            6, rule="ATTEST:一(一)-2", verdict=Verdict.NEEDS_ATTESTATION, subject=estate, facts={"valid_days": 180}
        ),
        finding(7, severity=Severity.INFO),
    )


def gap(
    fields: tuple[str, ...],
    subjects: tuple[str, ...],
    *,
    rule: str = "OWN001",
    kind: Subject = Subject.GROUP,
    source: str | None = None,
    severity: Severity = Severity.ERROR,
) -> Gap:
    """Return what `rule` could not judge for want of `fields`."""
    title = Text("群主在岗", "The owner is in post") if rule == "OWN001" else Text("昵称规范", "The name is right")
    name = "ownership/owner-in-post" if rule == "OWN001" else f"test/{rule}"
    return Gap(
        rule, name, title, ("一(一)-3",), severity, Enforcement.MANDATORY, kind, fields, source, len(subjects),
        compressed(subjects),
    )  # fmt: skip


GAPS = (
    gap(("groups.owner_id",), ("g2", "g7"), source="archive"),
    gap(("memberships.display_name",), ("g1/a2",), rule="ADM001", kind=Subject.MEMBERSHIP, severity=Severity.WARNING),
    gap(("groups.kind", "groups.owner_id"), ("g1",), severity=Severity.INFO, source="archive"),
)
"""What the second run could not judge; the first gap hides finding 7."""


def result(found: tuple[Finding, ...], snapshot: str, as_of: datetime = AS_OF, gaps: tuple[Gap, ...] = ()) -> RunResult:
    """Return a run that found this."""
    counts = {Verdict.PASS: 5, Verdict.FAIL: len(found), Verdict.UNKNOWN: sum(one.count for one in gaps)}
    return RunResult(
        ruleset="test-set",
        ruleset_title=Text("测试规则集", "Test set"),
        ruleset_hash="0123456789abcdef",
        snapshot=snapshot,
        as_of=as_of,
        timezone="Asia/Shanghai",
        engine_version="0.1.0",
        findings=found,
        gaps=gaps,
        outcomes=(RuleOutcome("OWN001", "ownership/owner-in-post", ("一(一)-3",), counts),),
        clauses=(
            ClauseResult("一(一)", "专人负责", None, (), 0, {}),
            ClauseResult("一(一)-2", "由第一责任人承担审核把关责任", "一(一)", (), 1, {Verdict.NEEDS_ATTESTATION: 1}),
            ClauseResult("一(一)-3", "群主为直接责任人", "一(一)", ("OWN001",), 0, counts),
            ClauseResult("二(二)", "通知内容准确", None, (), 0, {}),
        ),
        counts={"groups": 3},
    )


ESTATE = {
    "manifest.yaml": "policycore: 1\nas_of: 2024-04-15T00:00:00+08:00\ntimezone: Asia/Shanghai\n",
    "departments.csv": "id,name\nd1,教务处\nd2,财务处\n",
    "people.csv": "id,name,status,status_since\np1,张敏,active,2010-01-01\np2,王芳,active,2010-01-01\n",
    "appointments.csv": "person_id,department_id,title,rank,since,until\n"
    "p1,d1,处长,中层正职,2010-01-01,\np2,d2,处长,中层正职,2010-01-01,\n",
    "accounts.csv": "id,platform,person_id,kind,name\na1,wechat,p1,internal,张敏\na2,wechat,p2,internal,王芳\n",
    "groups.csv": "id,source,platform,name,kind,department_id,owner_id\n"
    "g1,s,wechat,第1工作群,standing,d1,a1\ng2,s,wechat,第2工作群,temporary,d2,\n",
    "memberships.csv": "group_id,account_id,role,display_name,joined_at,left_at\n"
    "g1,a1,owner,教务处-张敏,2023-01-01,\ng1,a2,member,云淡风轻,2023-01-01,\n"
    "g2,a2,member,财务处-王芳,2023-01-01,\n",
    "messages.csv": "id,group_id,sent_at,sender_id,type,text\n"
    "m0,g2,2024-03-31T09:30:00+08:00,a1,text,有事请打13812345678\nm1,g2,2024-04-01,a2,text,机密★10年 某某事项\n"
    "m2,g2,2024-04-02,a1,red_packet,\nm3,g1,2024-04-02,a1,text,别的群\n",
}


def ruleset() -> ResolvedRuleSet:
    """Return a rule set with one rule."""
    place = Place("rulesets/test-set.yaml", 12, 5)
    rule = OwnerInPost()
    resolved = ResolvedRule(
        rule, rule.id, rule.name, ("一(一)-3",), Severity.ERROR, Enforcement.MANDATORY, rule.Params(), None, place
    )
    origin = Origin(f"rules.{rule.name}.severity", "error", place, ((Place("rulesets/base.yaml", 3, 5), "warning"),))
    return ResolvedRuleSet(
        "test-set", Text("测试规则集", "Test set"), PolicyDocument(), (resolved,), (), {}, (origin,), (), "hash"
    )


@dataclass
class World:
    """A workspace with two runs, and what a test needs to drive an app on it."""

    workspace: Workspace
    folder: Path
    services: dict[str, Any] = field(default_factory=dict)

    def record(
        self,
        found: tuple[Finding, ...],
        *,
        minutes: int = 0,
        as_of: datetime = AS_OF,
        unreached: tuple[str, ...] = (),
        gaps: tuple[Gap, ...] = (),
    ) -> None:
        """Record one more run, cut short where there are rules that it did not reach."""
        with open_estate(self.folder / "estate") as snapshot, self.workspace.open_store() as store:
            keep(self.workspace.snapshots, snapshot)
            made = replace(result(found, snapshot.id, as_of, gaps), unreached=unreached)
            now = KEPT_AT + timedelta(minutes=minutes)
            parameters = {"set": {}, "rules": {}, "names": {}}
            record(store, made, presence=lambda _asked: everything_present, parameters=parameters, seconds=1.5, now=now)

    def app(self, **settings: Any) -> Any:
        """Return an app on the workspace."""
        from policycore_tui.app import PolicycoreApp
        from policycore_tui.state.findings import FindingsRepository
        from policycore_tui.state.services import Services

        given = {"ruleset": lambda _name: ruleset(), "formats": formats, **self.services}
        repository = FindingsRepository(self.workspace, self.workspace.open_store())
        return PolicycoreApp(repository, Services(**given), **settings)

    def drive(
        self,
        script: Callable[[Any, Any], Awaitable[None]],
        size: tuple[int, int] = (120, 40),
        language: str = "en",
        *,
        messages: bool = False,
        **settings: Any,
    ) -> None:
        """Run `script(app, pilot)` on a screen of `size`; what the app tells is drawn only with `messages`."""
        os.environ["POLICYCORE_LANG"] = language

        async def run() -> None:
            app = self.app(**settings)
            async with app.run_test(size=size, notifications=messages) as pilot:
                await settle(app, pilot)
                await script(app, pilot)
            app.repository.store.close()

        asyncio.run(run())


async def settle(app: Any, pilot: Any) -> None:
    """Wait until workers and screens are at rest: what came of a worker may be laid out in two steps."""
    await pilot.pause()
    for _ in range(3):
        await app.workers.wait_for_complete()
        await pilot.pause()


def text_of(app: Any) -> str:
    """Return what stands on the screen as plain text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips) + "\n"


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a person's settings, editor and colours out of the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("POLICYCORE_LANG", "en")
    for name in ("EDITOR", "VISUAL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def first_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a world that every test begins with a copy of."""
    folder = tmp_path_factory.mktemp("world")
    estate = folder / "estate"
    estate.mkdir()
    for name, text in ESTATE.items():
        (estate / name).write_text(text, encoding="utf-8")
    made = World(init_workspace(folder / "office"), folder)
    everything = findings()
    first = tuple(one for one in everything if one.fingerprint[-1] != "2")
    begun = AS_OF - timedelta(days=7)
    made.record((*first, finding(9)), as_of=begun)
    # A run counts deadlines from its own day; the workspace counts on from the first.
    seen = everything[:-1]
    made.record(tuple(counted_from(one, begun, AS_OF) if one in first else one for one in seen), minutes=10, gaps=GAPS)
    return folder


@pytest.fixture
def world(first_world: Path, tmp_path: Path) -> World:
    """Return a world of its own: a first run without finding 2, a second one with all."""
    copy_folder(first_world, tmp_path)
    return World(init_workspace(tmp_path / "office"), tmp_path)


@pytest.fixture
def screen() -> Callable[[Any], str]:
    """Return the function that reads the screen."""
    return text_of


@pytest.fixture
def rest() -> Callable[[Any, Any], Awaitable[None]]:
    """Return the function that waits until everything is at rest."""
    return settle


@pytest.fixture
def narrow() -> Callable[[Any, Any, str], Awaitable[None]]:
    """Return the function that filters a screen's rows by words, all put into the line at once."""

    async def filter_by(app: Any, pilot: Any, words: str) -> None:
        await pilot.press("slash")
        app.focused.value = words
        await pilot.press("enter")

    return filter_by


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    """Return the function that makes findings."""
    return finding


@pytest.fixture
def make_gap() -> Callable[..., Gap]:
    """Return the function that makes gaps."""
    return gap


@pytest.fixture
def with_name() -> Callable[[Finding, str], Finding]:
    """Return a function that puts a hostile text wherever a finding holds foreign text."""

    def renamed(one: Finding, text: str) -> Finding:
        subject = replace(one.subject, name=text, group=text, department=text[:500], responsible=text[:500])
        steps = tuple(replace(step, person=text[:500], what=Text(text, text)) for step in one.remediation)
        facts = {"fact": text, "listed": [text[:100], text[:100]]}
        return replace(
            one, subject=subject, message=Text(text, text), facts=facts, remediation=steps, source=Source(text[:200], 1)
        )

    return renamed
