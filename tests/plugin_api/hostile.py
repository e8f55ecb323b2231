"""Two hundred plugins that do in one place what no plugin should do, generated: each place meets many deeds."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["ATTACKS", "Attack", "module_of"]

MODULE = """
import os, sys, time
import click
from pydantic import model_validator
from policycore import *

@IMPORT@

class Odd(Exception):
    def __str__(self):
        raise SystemExit(0)

def recurse():
    recurse()

class Hostile(Rule):
    id = "TRY001"
    name = "trial/hostile"
    subject = Subject.GROUP
    requires = ("groups.owner_id",)
    title = message = explanation = Text("甲", "a")
    remediation = (Step("owner", Text("乙", "b")),)
    @ATTRIBUTE@

    class Params(Rule.Params):
        @model_validator(mode="after")
        def _look(self):
            @PARAMS@
            return self

    def check(self, estate, params):
        @CHECK@
        return self._rows()

    def _rows(self):
        yield {"group_id": "g2"}
        @ROWS@

class Reading(TextRule):
    id = "TRY002"
    name = "trial/reading"
    subject = Subject.GROUP
    reads = ("groups.name",)
    requires = ()
    title = message = explanation = Text("甲", "a")
    remediation = (Step("owner", Text("乙", "b")),)

    def patterns(self, params):
        @PATTERNS@
        return [Pattern("one", "后勤")]

    def confirm(self, match, params):
        @CONFIRM@
        yield {"offset": 0}

class Chat(Source):
    name = "trial"
    suffixes = (".chat",)

    def can_read(self, path):
        @CAN_READ@
        return path.suffix == ".chat"

    def read(self, path):
        @READ@
        return {"groups": self._rows()}

    def _rows(self):
        yield {"id": "g1"}
        @READ_ROWS@

class Report:
    suffix, media_type, is_text = ".trial", "text/plain", True

    @property
    def name(self):
        @REPORT_NAME@
        return "trial"

    def write(self, result, stream, language):
        stream.write(b"begun")
        @WRITE@

class Notifier:
    name = "trial"

    def send(self, notices):
        @SEND@

class Panel:
    title = Text("甲", "a")

    def lines(self, store, width):
        @LINES@
        return []

@click.command("trial")
def command():
    @COMMAND@

@hookimpl
def policycore_rules():
    @HOOK_RULES@
    return [Hostile, Reading]

@hookimpl
def policycore_rulesets():
    @HOOK_RULESETS@
    return []

@hookimpl
def policycore_sources():
    @HOOK_SOURCES@
    return [Chat]

@hookimpl
def policycore_reports():
    @HOOK_REPORTS@
    return [Report()]

@hookimpl
def policycore_notifiers():
    @HOOK_NOTIFIERS@
    return [Notifier()]

@hookimpl
def policycore_commands():
    @HOOK_COMMANDS@
    return [command]

@hookimpl
def policycore_panels():
    @HOOK_PANELS@
    return [Panel()]
"""


@dataclass(frozen=True, slots=True)
class Attack:
    """What a plugin does and where; `harmless` deeds change nothing but what is printed."""

    place: str
    deed: str
    harmless: bool = False
    hangs: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.deed}"[:80]


_ERRORS = (
    "ValueError('x')",
    "SystemExit(0)",
    "SystemExit(1)",
    "SystemExit('bye')",
    "KeyboardInterrupt",
    "GeneratorExit",
    "BaseException('x')",
    "MemoryError",
    "Odd()",
    "AssertionError('Traceback (most recent call last)')",
    "click.Abort()",
    "click.exceptions.Exit(0)",
    "__import__('duckdb').InterruptException('x')",
    "BaseExceptionGroup('x', [SystemExit(0)])",
    "type('E', (Exception,), {'__class__': property(lambda self: sys.exit(0))})()",
)
_PLACES = (
    "PARAMS",
    "CHECK",
    "ROWS",
    "PATTERNS",
    "CONFIRM",
    "CAN_READ",
    "READ",
    "READ_ROWS",
    "REPORT_NAME",
    "WRITE",
    "SEND",
    "LINES",
    "HOOK_RULES",
    "HOOK_RULESETS",
    "HOOK_SOURCES",
    "HOOK_REPORTS",
)
_WRONG_ANSWERS = ("None", "7", "'g2'", "[None]", "[7]", "[[]]", "object()", "[object()]")
_HOOKS = (*(place for place in _PLACES if place.startswith("HOOK_")), "HOOK_COMMANDS", "HOOK_PANELS")
_WRONG_RESULTS = (
    "[{}]",
    "[{'group_id': 'g2 '}]",
    "[{'group_id': 'g2', 'verdict': 'unknown'}]",
    "[{'group_id': 'g2', 'fact': 10 ** 400}]",
    "[{'group_id': 'g2', 'fact': '\\ud800'}]",
    "[{'group_id': 'g2'}] * 1_000_001",
    "Query(\"SELECT id AS group_id FROM read_csv('/etc/passwd') t(id)\")",
    "Query('CREATE OR REPLACE VIEW groups AS SELECT 1')",
    "[{'name': 'g2'}]",
    "[{'group_id': 'nowhere'}]",
    "[{'group_id': 7}]",
    "[{'group_id': None}]",
    "[{'group_id': 'g2', 'verdict': 'pass'}]",
    "[{'group_id': 'g2', '__name': 'x'}]",
    "[{'group_id': 'g2', 'fact': object()}]",
    "Query('SELECT 1 AS group_id')",
    "Query(\"SELECT 'nowhere' AS group_id\")",
    "Query('DROP TABLE groups')",
    "Query('SELECT nothing FROM groups')",
    "Query(7)",
    "Query('SELECT id AS group_id FROM groups; SELECT 1')",
    "estate",
    "iter([{'group_id': 'g2'}, 7])",
)
_MUTATIONS = ("estate.as_of = None", "estate.timezone = None", "estate.more = 1", "params.more = 1", "estate.query = 1")
_SHADOWS = (
    "id = 'OWN001'",
    "name = 'ownership/owner-present'",
    "aliases = ('OWN002',)",
    "aliases = 'OWN002'",
    "id = 7",
    "sevrity = 'info'",
    "severity = 'error'",
    "subject = 'group'",
    "requires = ('groups.nothing',)",
    "remediation = (Step('nobody', Text('乙', 'b')),)",
    "title = 'a'",
    "time_limit = -1",
    "per_group = 1",
    "headline = 7",
    "headline = Text('甲{', 'a')",
    "message = Text('甲', 'a{name.__class__}')",
    "verdict = Verdict.PASS",
    "cases = (None,)",
    "__new__ = lambda cls: 7",
    "__getattribute__ = lambda self, name: sys.exit(0)",
    "__init__ = lambda self: os._exit(0)",
)
_HELD = ("IMPORT", "PARAMS", "CHECK", "ROWS", "CONFIRM", "READ", "WRITE", "HOOK_RULES")
_SECOND_PROGRAMS = (
    "os.fork()",
    "if os.fork() == 0: time.sleep(600)",
    "__import__('multiprocessing').Pool(2)",
    "os.execv('/bin/true', ['true'])",
    "__import__('threading').Thread(target=time.sleep, args=(9,)).start()",
    "__import__('threading').Thread(target=time.sleep, args=(9,), daemon=True).start()",
)
_HANGS = ("time.sleep(60)", "while True: pass", "9 ** 9 ** 9")


def _attacks() -> Iterator[Attack]:
    """Yield every place with a deed that fits it."""
    for number, place in enumerate(_PLACES):
        # Each place meets nine of the errors, each error most places.
        yield from (Attack(place, f"raise {_ERRORS[(number + step) % len(_ERRORS)]}") for step in range(9))
        yield Attack(place, "print('PRINTED\\x1b[2J' * 100_000)", harmless=True)
    yield from (Attack(place, f"return {answer}") for place in _HOOKS for answer in _WRONG_ANSWERS[:3])
    yield from (Attack("CHECK", f"return {answer}") for answer in (*_WRONG_ANSWERS, *_WRONG_RESULTS))
    yield from (Attack("CHECK", deed) for deed in _MUTATIONS)
    yield from (Attack("ATTRIBUTE", deed) for deed in _SHADOWS)
    yield from (Attack(place, "recurse()") for place in ("CHECK", "READ", "WRITE", "HOOK_RULES"))
    yield from (
        Attack(place, deed, hangs=True)
        for place in ("IMPORT", "READ", "WRITE", "HOOK_RULES", "PARAMS", "PATTERNS")
        for deed in _HANGS
    )
    yield from (Attack("IMPORT", f"raise {error}") for error in _ERRORS if "Odd" not in error)
    places = ("IMPORT", "PARAMS", "CHECK", "ROWS", "PATTERNS", "CONFIRM", "READ", "WRITE", "HOOK_RULES", "COMMAND")
    yield from (Attack(place, "os._exit(0)") for place in places)
    yield from (Attack(place, deed) for place in _HELD for deed in _SECOND_PROGRAMS)
    yield from (Attack("COMMAND", f"raise {error}") for error in (*_ERRORS[:8], "OSError('x')", "PermissionError"))


ATTACKS = tuple(_attacks())


def module_of(attack: Attack) -> str:
    """Return the source of the plugin that attacks."""
    lines = []
    for line in MODULE.splitlines():
        place = line.strip().strip("@")
        if line.strip().startswith("@") and line.strip().endswith("@"):
            deed = attack.deed if place == attack.place else "pass"
            line = textwrap.indent(deed, line[: len(line) - len(line.lstrip())])
        lines.append(line)
    return "\n".join(lines) + "\n"
