"""The base every rule is written on: query, python and text rules, parameters, cases, steps.

A rule says what is wrong and with which facts. Missing fields, scope, waivers, as-of time,
severity and translation are the engine's business; no rule ever writes ``unknown``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from policycore.language import Text
from policycore.model.schema import ColumnSchema
from policycore.model.verdict import Severity, Subject, Verdict

__all__ = [
    "CONTENT",
    "Case",
    "Hit",
    "Needs",
    "Query",
    "Rule",
    "RuleEstate",
    "Step",
    "TextRule",
    "Tighter",
    "Who",
    "meaning",
]

if TYPE_CHECKING:
    from policycore.text.patterns import Likely, Pattern, TextMatch, Words

Made = TypeVar("Made")

Who = Literal["owner", "admin", "department", "responsible", "member", "committee", "secrecy-office", "sender"]

Tighter = Literal["higher", "lower", "more", "fewer"] | Sequence[object]
"""Which way a parameter becomes tighter: a ``higher`` or ``lower`` number or date, ``more`` or ``fewer`` items
of a list, or, for choices and yes or no, the values themselves from the loosest to the tightest."""

Hit = Mapping[str, object]
"""One thing that is wrong: the subject's key columns, an optional ``reason``, the rest are facts."""


@dataclass(frozen=True, slots=True)
class Needs:
    """A value that can decide a verdict, and when: what is unknown and could not change a verdict makes no gap.

    `path` leads from the rule's subject to a column: ``people.status``; along references
    (``groups.owner_id.person_id.status``); to the rows of a table that refers here (``memberships.role`` or
    ``messages.type`` for a group, ``people.appointments.until``). `when` is a SQL condition over the tables along the
    path, by their names, with the rule's parameters as ``$name``: only there does the value matter. Where it is
    unknown and the condition is not false, the subject is a gap, and what the rule says of it does not count.

    Often the value can change only one of the two answers, given how the rule reads a null. `stands` names the other:
    ``hits`` where a value could only add something that is wrong (what was found in the rest stands), ``passes``
    where it could only excuse (a null status is read as "in post": who passes then, passes anyway).

    Where no reference leads from the subject to the path (groups of a person), what is unknown there matters to every
    subject; `when` then knows as ``elsewhere.number`` in how many rows of the rule's scope it is unknown.

    `via` leads to rows that no reference leads to: a SELECT of the subject's keys and ``row_id``, the id of a row of
    the path's first table, which `when` knows as ``via.row_id``.

    A path asks about every cell on the way, but for those about which the rule has a need of its own: where it names
    ``groups.owner_id``, that need alone says when an unknown owner matters, and ``groups.owner_id.person_id`` only
    asks who a known one is.

    Whether a null in a column that is supplied counts as unknown is what the `model` says of the column; `null` may
    say of the path's last column that it always does, or that it is the rule itself that judges it.
    """

    path: str
    when: str = ""
    null: Literal["model", "unknown", "judged"] = "model"
    stands: Literal["", "hits", "passes"] = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Who does what to put a finding right; ``{fact}`` places are filled from the finding.

    Where a rule has several reasons, `reasons` names those that the step is for; none means all.
    """

    who: Who
    what: Text
    within_days: int | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT over the estate's tables and the values of its ``$name`` parameters.

    The result has the subject's key columns (`Subject.keys`); a column ``reason`` picks the message
    when the rule has several; every other column is a fact of the finding.
    """

    sql: str
    values: Mapping[str, object] = field(default_factory=dict)


class RuleEstate(Protocol):
    """What a rule sees of the estate: tables as they stood at the as-of time, in scope.

    Beside the tables of the model, with an integer key for each id (``group_key``, ``owner_key``), SQL may read
    ``all_groups`` (in scope or not), ``membership_history`` and ``appointment_history`` (what is over too),
    ``group_facts`` (groups with counts of members and messages), ``account_people`` (each account with its person),
    ``people_in_post`` (who is neither retired nor departed), ``posts`` (appointments with their departments),
    ``department_tree`` (department_key, ancestor_key), ``display_names`` (name_key, display_name) and ``shown_names``
    (account_key, name_key), each pair once. What the formulas of the rule set say of groups stands in ``formulas``,
    ``formula_groups``, ``replaced_groups``, ``expected_members``, ``formula_counts`` and ``formula_words``.
    """

    @property
    def timezone(self) -> ZoneInfo:
        """Return the estate's zone."""
        ...

    @property
    def as_of(self) -> datetime:
        """Return the moment of the run: what a rule compares times with, in place of a clock."""
        ...

    def query(self, sql: str, params: BaseModel | Mapping[str, object] | None = None) -> Query:
        """Return a query for the engine to run; ``$name`` takes its value from `params`, ``$as_of`` too."""
        ...

    def rows(self, sql: str, params: BaseModel | Mapping[str, object] | None = None) -> Iterator[dict[str, Any]]:
        """Run `sql` and yield its rows as dictionaries, fetched in blocks; for python rules."""
        ...

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` returned when a rule of this run first asked for `key`: all that the answer rests on."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """A rule at work on a handful of rows: its test, its documentation, its example.

    `given` maps table names to rows (dictionaries by column name; lists as lists, times as ISO
    strings); tables left out are empty; every column counts as supplied unless `lacks` names it
    (``table.column``). `finds` names the subjects that must be found, memberships as
    ``group/account``, messages by message id; empty means a clean case. `unknown` names groups
    (or other subjects) that must come out unknown. `reasons`, when given, maps a found subject to
    its ``reason``; `facts` maps a found subject to facts it must carry. `name` is a short English sentence by
    which tests call the case, `zh` the same in Chinese.
    """

    name: str
    given: Mapping[str, Sequence[Mapping[str, object]]]
    finds: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    as_of: str = "2024-04-15T00:00:00+08:00"
    lacks: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    memberships: Sequence[Mapping[str, object]] = ()
    """Formulas of who belongs, as a rule set's ``memberships`` has them."""
    zh: str = ""
    own: tuple[ColumnSchema, ...] = ()
    """What its rule set adds to the model."""

    @property
    def title(self) -> Text:
        """Return what the case is called in both languages; where there is no Chinese, the name stands for both."""
        return Text(self.zh or self.name, self.name)


class Rule:
    """A judgement of one kind of subject; subclasses fill in the class variables and `check`.

    The docstring explains why the rule exists and how to put a finding right.
    """

    id: ClassVar[str]
    """Stable code, three to five capitals and three digits: ``OWN001``."""
    name: ClassVar[str]
    """Readable name that rule sets use: ``ownership/owner-in-post``."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Former names and ids; rule sets and waivers that use them go on working."""
    subject: ClassVar[Subject]
    severity: ClassVar[Severity] = Severity.ERROR
    """Severity when the rule set gives none."""
    verdict: ClassVar[Verdict] = Verdict.FAIL
    """Verdict of a hit: fail, or suspect for an indicator that a person must confirm."""
    requires: ClassVar[tuple[str | Needs, ...]]
    """Every value that can decide a verdict (see `Needs`); a plain ``table.column`` matters to every subject."""
    only_read: ClassVar[Mapping[str, str]] = {}
    """Columns (``table.column``) that its SQL reads and that no verdict hangs on, each with the reason. The engine
    refuses to judge where a column that decides, as far as the SQL tells, is missing and not declared."""
    applies_when: ClassVar[str] = ""
    """SQL condition over the subject's own table; subjects outside it are not applicable."""
    include_dissolved: ClassVar[bool] = False
    """Whether groups dissolved before the as-of time are judged too."""
    key_facts: ClassVar[tuple[str, ...]] = ()
    """Facts that tell two findings of this rule about one subject apart; part of the fingerprint."""
    fact_labels: ClassVar[Mapping[str, Text]] = {}
    """What people call its own facts and parameters on screens and pages, by name; without one the name stands as
    it is. What the built-in rules name has labels already."""
    tighter: ClassVar[Mapping[str, Tighter]] = {}
    """By parameter, which way it becomes tighter (see `Tighter`): loosening it leaves waivers in force. A change of
    a parameter that is not named here, nor by a rule set's floor, ends them, for it might have been tightened."""
    shared: ClassVar[Mapping[str, str]] = {}
    """Tables that several rules of a family read: a SELECT by name, run once in a check when the first rule whose
    SQL names it is judged. It must not read ``groups``, whose scope changes from rule to rule, nor parameters."""
    per_group: ClassVar[bool] = False
    """Whether what the rule says of a group, its members or its messages rests on that group's own rows and on
    registers alone (departments, people, appointments, accounts, tasks, submissions, each as a whole), so that it
    says the same of it whatever other groups there are. The test kit proves it; see `policycore.testing`."""
    contradicts: ClassVar[Mapping[str, Mapping[str, object]]] = {}
    """Rules that forbid what this one asks for, by name, with the parameter's value (or list item) by which they do:
    a rule set with both is told of it, with the places of both."""
    time_limit: ClassVar[float] = 60.0
    """Seconds after which the engine gives the rule up as an error; a text rule has 20 more for each megabyte that it
    may have to read, at most 300."""

    title: ClassVar[Text]
    """What the rule asks for, as catalogues and clauses say it."""
    headline: ClassVar[Text | None] = None
    """What is wrong, in a few words, as lists, notices and reports head a finding; the title where there is none."""
    message: ClassVar[Text | Mapping[str, Text]]
    """What a finding says, with ``{fact}`` places; a mapping is keyed by the hit's ``reason``."""
    explanation: ClassVar[Text]
    remediation: ClassVar[tuple[Step, ...]]
    cases: ClassVar[tuple[Case, ...]] = ()

    class Params(BaseModel):
        """The rule's parameters, with types, bounds, defaults and what they mean.

        In English as ``description``, in Chinese as ``json_schema_extra={"zh": …}``.
        """

        # Built for the rules that a rule set names: an installation may have many more.
        model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    def check(self, estate: RuleEstate, params: Any) -> Query | Iterable[Hit]:
        """Return a `Query`, or yield hits; see the module's docstring."""
        raise TypeError(f"{type(self).__name__} has no check()")


def meaning(entry: Mapping[str, Any]) -> Text:
    """Return what a parameter means in both languages, from its `entry` in the JSON Schema of ``Params``.

    Where one language is missing the other stands for both; empty where nobody says what it means.
    """
    zh, en = str(entry.get("zh") or ""), str(entry.get("description") or "")
    return Text(zh or en, en or zh)


# What a picture, a file or a recording says is read from its attachment, or stands as the message's own text.
_CARRIES = "messages.type IN ('image', 'file', 'voice', 'video')"
_IN_ATTACHMENT = f"attachments.id IS NOT NULL OR {_CARRIES} AND messages.text IS NULL"

CONTENT: tuple[Needs, ...] = (
    Needs(
        "messages.text",
        when=f"NOT ({_CARRIES} AND EXISTS (SELECT 1 FROM attachments t WHERE t.message_id = subject.message_id))",  # noqa: S608 - two constants
        stands="hits",
    ),
    Needs("messages.attachments.name", when=_IN_ATTACHMENT, stands="hits"),
    Needs("messages.attachments.text", when=_IN_ATTACHMENT, stands="hits"),
)
"""What a rule needs that looks through messages and what comes with them."""


class TextRule(Rule):
    """A rule that looks for words and expressions in texts; the engine scans once for all, the rule confirms.

    A hit's facts may name category, offset and length, and never the text itself.
    """

    subject = Subject.MESSAGE
    per_group = True
    reads: ClassVar[tuple[str, ...]] = ("messages.text",)
    """Text columns to scan: ``messages.text``, ``attachments.name``, ``attachments.text``, ``groups.name``,
    ``groups.announcement``. Each is also a need, whose hits stand; `requires` may name its path to say when."""

    also_reads: ClassVar[tuple[str, ...]] = ()
    """More columns to scan where they are there, and of which nobody is asked where not: ``groups.purpose``,
    ``memberships.display_name``, ``events.detail``, ``tasks.title``, for rules about groups."""

    def patterns(self, params: Any) -> Iterable[Pattern | Words | Likely]:
        """Return the words and expressions whose hits this rule wants to see."""
        raise TypeError(f"{type(self).__name__} has no patterns()")

    def confirm(self, match: TextMatch, params: Any) -> Iterable[Hit]:
        """Yield the facts of each hit that holds in its context; nothing when none does.

        It is called for each text in which any pattern hit, and once for all that are equal unless the pattern asks for
        what stands around. A rule that leaves it as it is finds every place, with the facts ``pattern``, ``offset`` and
        ``length``, at the speed of columns.
        """
        for place in match.places:
            yield {"pattern": place.pattern, "offset": place.begin, "length": place.end - place.begin}

    def conclude(self, hits: Iterable[Hit], params: Any) -> Iterable[Hit]:
        """Return what the rule says of all that it confirmed, with the keys of each text; as it stands by default.

        A rule that counts over several texts says here of which of them it says something.
        """
        return hits
