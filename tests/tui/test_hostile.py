"""Ten thousand hostile names and texts through every screen: no crash, no executed markup, no broken column."""

from __future__ import annotations

import json
import unicodedata

import pytest
from rich.cells import cell_len
from textual.events import Paste
from textual.widgets import Input

from policycore.errors import Place
from policycore.language import Text
from policycore.model.verdict import Enforcement, Severity, Subject
from policycore.plugin_api.rule import Case, Rule, Step
from policycore.reports import formats
from policycore.rulesets.resolved import Origin, PolicyDocument, ResolvedRule, ResolvedRuleSet
from policycore.store.work import work_plan
from policycore_tui.pages.lines import paragraph, plain
from policycore_tui.pages.plan import by_person, plan_lines
from policycore_tui.screens.boxes import Confirm, Reading
from policycore_tui.screens.finding_actions import reports_of_listing
from policycore_tui.screens.violations import ViolationsScreen
from policycore_tui.state.cells import fit, shown
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.line_table import LineTable
from policycore_tui.widgets.words import drawn

HOSTILE = (
    "[/x]",
    "[bold red]loud[/bold red]",
    "[@click=app.quit]press me[/]",
    "[link=https://example.org]here[/link]",
    "\x1b[2J\x1b[31mred\x1b]52;c;aGk=\x07",
    "\x1b]8;;https://example.org\x07x\x1b]8;;\x07",
    "left\u202eright\u2066in\u2069",
    "zero\u200bwidth\u200d\ufeff\u2060",
    "👨‍👩‍👧‍👦👍🏽🏳️‍🌈🇨🇳",
    "a" + "\u0301" * 500,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
    "\x00\x07\x08\x7f\x85\u2028\u2029",
    "\t\r\n line\nbreaks\r",
    "ﷺ﷽" * 10,
    "',\"<script>alert(1)</script>&amp;",
    "{owner} %s \\ $(reboot) `id`",
    "\ud800 alone",
    "\ue000\U000f0000\U0010ffff",
    "全角　空格・：？",
    "...",
    "",
    " ",
)


def hostile(number: int) -> str:
    """Return one of ten thousand names."""
    first, second = HOSTILE[number % len(HOSTILE)], HOSTILE[(number // len(HOSTILE)) % len(HOSTILE)]
    return f"{first}{number}{second}"


@pytest.mark.parametrize("width", [1, 2, 3, 7, 20, 81])
def test_ten_thousand_names_fit_their_column_exactly(width):
    for number in range(10_000):
        cell = fit(hostile(number), width)
        assert cell_len(cell) == width, ascii(cell)
        assert cell.isprintable()


def test_what_is_shown_neither_acts_nor_hides():
    for number in range(10_000):
        text = shown(hostile(number))
        assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") for character in text)


MANY = 10_000
PAIRS = len(HOSTILE) ** 2
FEW = 3 * len(HOSTILE)
LONG = "长" * 500_000 + "x[/]\x1b" * 125_000
"""One text of a million characters."""
COLUMNS = ["group_id", "account_id", "role", "display_name"]


def written(name: str) -> str:
    """Return a hostile name as an import takes it: UTF-8 holds no half characters, and NUL is refused."""
    return name.encode("utf-8", "replace").decode("utf-8").replace("\0", "") or "-"


class Loud(Rule):
    """Say [@click=app.quit]press me[/] [/x] where a docstring is shown."""

    id = "OWN001"
    name = "ownership/owner-in-post"
    subject = Subject.GROUP
    title = Text(HOSTILE[0] + HOSTILE[4], HOSTILE[2] + HOSTILE[5])
    message = Text("x", "x")
    explanation = Text("\n".join(HOSTILE), "\n".join(HOSTILE))
    remediation = tuple(Step("owner", Text(text or "-", text or "-")) for text in HOSTILE)
    cases = tuple(Case(text or "-", given={}, finds=(text,)) for text in HOSTILE)

    class Params(Rule.Params):
        word: str = "".join(HOSTILE)
        listed: tuple[str, ...] = HOSTILE


class LoudPanel:
    """A plugin's panel whose every line is hostile."""

    title = HOSTILE[2] + HOSTILE[4]

    def lines(self, store: object, width: int) -> list[str]:
        """Return hostile lines."""
        return [*(hostile(number) for number in range(1000)), LONG]


def loud_ruleset() -> ResolvedRuleSet:
    """Return a rule set that quotes hostile texts."""
    place = Place("".join(HOSTILE[:9]), 1, 1)
    rule = Loud()
    args = (rule, rule.id, rule.name, tuple(HOSTILE), Severity.ERROR, Enforcement.MANDATORY, rule.Params())
    resolved = ResolvedRule(*args, HOSTILE[2], place)
    lost = tuple((place, text) for text in HOSTILE)
    origin = Origin(f"rules.{rule.name}.{HOSTILE[2]}", HOSTILE[4], place, lost)
    return ResolvedRuleSet("loud", Text("x", "x"), PolicyDocument(), (resolved,), (), {}, (origin,), (), "hash")


@pytest.fixture
def hostile_world(request, world, make_finding, with_name):
    """Return a world in which every text that comes from outside is hostile: data, findings, rules, panels.

    A test may say how many names it is to have; by default each pair of texts is in it once.
    """
    many = getattr(request, "param", PAIRS)
    names = [written(hostile(number)) for number in range(many)]
    tables = {
        "departments": [{"id": f"d{number}", "name": name} for number, name in enumerate(names[:500])],
        "people": [{"id": f"p{number}", "name": name, "status": "active"} for number, name in enumerate(names[:500])],
        "accounts": [{"id": f"a{number}", "platform": "wechat", "person_id": f"p{number % 500}", "kind": "internal",
                      "name": name} for number, name in enumerate(names)],
        "groups": [{"id": f"g{number}", "source": "s", "platform": "wechat", "name": name, "kind": "standing",
                    "department_id": f"d{number % 500}", "owner_id": f"a{number}",
                    "scope": {"people": [f"p{number % 500}"], "titles": [name]}}
                   for number, name in enumerate(names)],
        "memberships": [dict(zip(COLUMNS, ("g1", f"a{number}", "member", name), strict=True))
                        for number, name in enumerate(names)],
    }  # fmt: skip
    for old in (world.folder / "estate").glob("*.csv"):
        old.unlink()
    for table, rows in tables.items():
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (world.folder / "estate" / f"{table}.jsonl").write_text(lines, encoding="utf-8")
    found = tuple(with_name(make_finding(number), hostile(number)) for number in range(1, many + 1))
    world.record((*found, with_name(make_finding(many + 1), LONG)), minutes=30)
    world.many = many
    world.services = {"ruleset": lambda _name: loud_ruleset(), "panels": lambda: (LoudPanel(),)}
    return world


def assert_strip(strip, width: int, name: str) -> None:
    """Assert that a line has its width and holds nothing that acts."""
    line = "".join(segment.text for segment in strip)
    assert cell_len(line) == width, f"{name}: {line!a}"
    assert line.isprintable(), f"{name}: {line!a}"
    for segment in strip:
        meta = segment.style.meta if segment.style else {}
        # The scroll bars' own mouse actions are the only ones.
        assert "@click" not in meta, f"{name}: {meta}"
        assert segment.style is None or segment.style.link is None


def assert_sound(app, name: str) -> None:
    """Assert that every line of the screen is sound."""
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        assert_strip(strip, app.size.width, f"{name} line {y}")


def assert_all_sound(app, name: str, *, tables: bool = True) -> int:
    """Assert that also every row and line that one would have to scroll to is sound; return how many there are."""
    count = 0
    for table in app.screen.query(LineTable) if tables else ():
        width = table.scrollable_content_region.width
        if not width:
            continue
        for index in range(table.count):
            if isinstance(app.screen, ViolationsScreen):
                app.listing.pages.row(index)
            row = table.row_at(index)
            assert row is not None
            strip = table._row(row, width, cursor=False, marked=False)
            assert_strip(strip, width, f"{name} row {index}")
            count += 1
    for pane in app.screen.query(LinePane):
        width = pane.scrollable_content_region.width
        for line in pane.lines if width else ():
            assert_strip(drawn(pane, line.spans, width), width, f"{name} {line.text[:80]!a}")
            count += 1
    return count


@pytest.mark.parametrize(
    ("hostile_world", "size", "language"),
    [
        (FEW, (120, 40), "zh"),
        pytest.param(FEW, (60, 20), "en", marks=pytest.mark.long),
        pytest.param(MANY, (120, 40), "zh", marks=pytest.mark.long),
        pytest.param(MANY, (60, 20), "en", marks=pytest.mark.long),
    ],
    indirect=["hostile_world"],
)
@pytest.mark.long
def test_hostile_texts_go_through_every_screen(hostile_world, rest, size, language):
    seen: dict[str, int] = {}

    async def script(app, pilot):
        for name, keys in {
            "violations": ("f3", "end", "pageup", "home"), "facets": ("f", "down", "enter", "enter", "f"),
            "overview": ("f2", "end"), "groups": ("f4", "home", "down", "tab", "end"), "rules": ("escape", "f5", "tab"),
            "runs": ("escape", "f6", "home", "enter", "enter", "end"), "plan": ("escape", "f7", "end", "tab"),
            "gaps": ("escape", "f8", "end", "tab", "end", "enter"),
            "panels": ("escape", "P", "end"), "detail": ("f3", "end", "enter", "end"),
        }.items():  # fmt: skip
            seen[name] = 0
            for key in keys:
                if key == "tab":  # on a narrow screen the page takes the table's place
                    seen[name] += assert_all_sound(app, name)
                await pilot.press(key)
                await rest(app, pilot)
                assert_sound(app, f"{name} {key}")
            seen[name] += assert_all_sound(app, name, tables=name != "facets" and "tab" not in keys)
        assert app.is_running

    hostile_world.drive(script, size, language)
    assert min(seen["violations"], seen["groups"], seen["plan"], seen["overview"]) >= min(500, hostile_world.many), seen
    assert seen["violations"] > hostile_world.many, "every one of them"
    assert seen["rules"] > len(HOSTILE)
    assert seen["panels"] > 1000


@pytest.mark.parametrize(
    ("hostile_world", "size"),
    [(FEW, (60, 20)), pytest.param(PAIRS, (120, 40), marks=pytest.mark.long)],
    indirect=["hostile_world"],
)
@pytest.mark.long
def test_hostile_texts_go_through_forms_messages_and_boxes(hostile_world, rest, size, tmp_path):
    async def script(app, pilot):
        for text in (*HOSTILE, LONG[:100_000]):
            app.tell(text)
            app.tell(text, "error")
            app.show_banner(text)
            await pilot.pause(0.1)
            assert app.screen.query("Toast"), "drawn, or nothing was looked at"
            assert_sound(app, f"notice {text[:20]!a}")
        app.clear_notifications()
        app.show_banner("")
        number = app.listing.current.id
        for text in HOSTILE:
            app.actions.note([number], text or "-")
        app.actions.assign([number], HOSTILE[2] + HOSTILE[4])
        app.repository.store.author = "x"
        await pilot.press("ctrl+r")
        await rest(app, pilot)
        for key in ("w", "A", "n", "V", "e", "f9", "question_mark", "colon"):
            await pilot.press(key)
            await rest(app, pilot)
            assert_sound(app, f"box of {key}")
            for place, field in enumerate(app.screen.query(Input)):
                field.value = HOSTILE[(place + 2) % len(HOSTILE)]
            await rest(app, pilot)
            assert_sound(app, f"box of {key}, filled in")
            if key in ("w", "V"):
                await pilot.press("f10")
                await rest(app, pilot)
                assert_sound(app, f"box of {key}, refused")
                assert_all_sound(app, f"box of {key}, refused")
            await pilot.press("escape")
            await rest(app, pilot)
        app.push_screen(Confirm("".join(HOSTILE)))
        await rest(app, pilot)
        assert_sound(app, "question")
        app.screen.dismiss(False)
        app.push_screen(Reading(HOSTILE[2], lambda width: paragraph(LONG, width)))
        await rest(app, pilot)
        assert_sound(app, "text")
        app.screen.dismiss(None)
        await rest(app, pilot)
        await pilot.press("enter")
        await rest(app, pilot)
        assert_sound(app, "detail with notes")
        assert assert_all_sound(app, "detail with notes") > len(HOSTILE)
        for key in ("y", "Y", "E"):
            await pilot.press(key)
            await rest(app, pilot)
            assert app.clipboard.replace("\t", "").isprintable(), "what is copied may be pasted into a shell"
        assert app.is_running

    hostile_world.drive(script, size, messages=True)


def test_hostile_texts_go_through_what_is_exported_and_printed(world, make_finding, with_name):
    world.record(tuple(with_name(make_finding(number + 1), text) for number, text in enumerate(HOSTILE)), minutes=30)
    app = world.app()
    try:
        contents = {name: reports_of_listing(app, app.listing.wanted, name)[""] for name in formats()}
        printed = plain(plan_lines(work_plan_of(app), 78, app.zone))
    finally:
        app.repository.store.close()
    for name, content in contents.items():
        if not content.startswith(b"PK"):
            assert b"\x1b" not in content, name
            assert "\u202e".encode() not in content, name
    assert all(line.isprintable() for line in printed.split("\n"))
    assert all(cell_len(line) <= 78 for line in printed.split("\n"))


def work_plan_of(app) -> list:
    """Return the steps of the plan."""
    with app.repository.store.read() as connection:
        return sorted(work_plan(connection), key=by_person)


def test_each_hostile_text_in_the_detail_page(world, rest, make_finding, with_name):
    world.record(tuple(with_name(make_finding(number + 1), text) for number, text in enumerate(HOSTILE)), minutes=30)

    async def script(app, pilot):
        for _ in HOSTILE:
            await pilot.press("down")
            await pilot.pause()
            assert_sound(app, "detail")
            app.tell(app.listing.current.subject_name)
        await rest(app, pilot)
        assert_sound(app, "notices")

    world.drive(script, (140, 60), messages=True)


def test_what_is_pasted_into_a_field_neither_acts_nor_moves_the_cursor_away(world, rest):
    async def script(app, pilot):
        await pilot.press("slash")
        app.screen.post_message(Paste("".join(HOSTILE)))
        await rest(app, pilot)
        assert_sound(app, "pasted")
        field = app.focused
        assert field.value
        assert field.value.isprintable()
        assert field.cursor_position == len(field.value)
        await pilot.press("x")
        assert field.value.endswith("x")

    world.drive(script)


def test_clicks_on_names_run_nothing(world, rest, make_finding, with_name):
    world.record(
        tuple(with_name(make_finding(number), "[@click=app.quit]press me[/]") for number in range(1, 30)), minutes=30
    )

    async def script(app, pilot):
        for y in range(2, 12):
            await pilot.click(offset=(40, y))
            await pilot.click(offset=(100, y))
        await rest(app, pilot)
        assert app.is_running

    world.drive(script)
