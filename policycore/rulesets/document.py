"""Define what a rule set's YAML may say; checks, JSON Schema and "did you mean" all derive from these classes."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from policycore.model.words import fold_word, meant_word
from policycore.plugin_api.rule import Who
from policycore.rulesets.words.sought import Readable, Sought
from policycore.yaml.own_columns import OwnColumn

__all__ = [
    "MOST_PARENTS",
    "AttestationEntry",
    "BilingualText",
    "Bound",
    "CalendarEntry",
    "CaseEntry",
    "ClauseEntry",
    "DocumentEntry",
    "MembershipEntry",
    "PartEntry",
    "ReplacedEntry",
    "RuleEntry",
    "RuleSetDocument",
    "StepEntry",
    "json_schema",
]


class _Entry(BaseModel):
    """One mapping of a rule set: no unknown keys, no guessing of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True, defer_build=True)


def _real_date(value: str) -> str:
    """Refuse a text that is no day of the calendar."""
    try:
        # 20240322 and 2024-W12-5 are dates to Python alone.
        if date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise PydanticCustomError("not_a_date", "not a date")


_NO_REASON = re.compile(
    r"none|null|false|true|okay|todo|disabled?|enabled?|unknown|reason|noreason|switch(ed)?off|turn(ed)?off|"
    r"never|nothing|keep(it)?(on)?|leave(it)?on|not(off|disabled)|don'?t|"
    r"(没有|暂无|并无)(理由|原因|说明)|(请?勿|不(要|用|得|可|能)?)?(关闭|停用|禁用|关掉|取消|不用)(规则|此项|它|了)*|(保留|启用|保持启用)(规则|此项)?"
)
_LEAST_REASON = 4


def _reason(value: str) -> str:
    """Refuse a word for yes, no or nothing: whoever writes it may mean that the rule stays."""
    word = fold_word(value).strip(".。!！?？-—_/\\'\"“”‘’、,，;；:：()（）[]")
    if len(word) < _LEAST_REASON or len(set(word)) < 2 or _NO_REASON.fullmatch(word):
        raise PydanticCustomError("no_reason", "no reason")
    return value


NonEmpty = Annotated[str, Field(min_length=1, max_length=20_000)]
MOST_PARENTS = 50
Scalar = str | int | float | bool
Day = Annotated[str, Field(json_schema_extra={"pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}), AfterValidator(_real_date)]


class BilingualText(_Entry):
    """A text in Chinese, English or both; a language left out is shown in the other."""

    zh: NonEmpty | None = None
    en: NonEmpty | None = None

    @model_validator(mode="after")
    def _some_language(self) -> BilingualText:
        if not self.zh and not self.en:
            raise PydanticCustomError("no_language", "neither zh nor en")
        return self


class ObligationEntry(_Entry):
    """One thing that a clause orders, and how it is covered."""

    text: NonEmpty = Field(description="what is to be done")
    rules: list[NonEmpty] = Field([], description="names of the rules that check it")
    attested: bool = Field(False, description="whether the clause's attestation is about it")
    derived: bool = Field(False, description="whether the program makes it")


class ClauseEntry(_Entry):
    """One addressable piece of the policy document."""

    id: NonEmpty = Field(description="address of the clause, for example 一(一)-3")
    text: NonEmpty = Field(description="the clause in the document's own words")
    parent: NonEmpty | None = Field(None, description="id of the clause it is a part of")
    derived: BilingualText | None = Field(None, description="what the program makes out of it, and by which command")
    obligations: list[ObligationEntry] = Field([], description="what it orders, one by one")
    reviewed: NonEmpty | None = Field(
        None, description="wording for which its rules were last reviewed, as `clauses --format json` shows it"
    )


class DocumentEntry(_Entry):
    """The policy that the rules are traced to."""

    title: NonEmpty = Field(description="title of the policy document")
    issuer: NonEmpty | None = Field(None, description="who issued it")
    date: Day | None = Field(None, description="day of issue, YYYY-MM-DD")
    source: NonEmpty | None = Field(None, description="where it was published, or how it was seen")
    clauses: list[ClauseEntry] = Field([], description="every clause; often !include of a file beside this one")


class Bound(_Entry):
    """How far a set that extends this one may go with one parameter."""

    min: int | float | str | None = Field(None, description="smallest value allowed (dates as text)")
    max: int | float | str | None = Field(None, description="largest value allowed (dates as text)")
    one_of: list[Scalar] | None = Field(None, min_length=1, description="only these values")
    includes: list[Scalar] | None = Field(None, min_length=1, description="a list must keep these items")

    @model_validator(mode="after")
    def _some_bound(self) -> Bound:
        if self.min is None and self.max is None and self.one_of is None and self.includes is None:
            raise PydanticCustomError("no_bound", "no bound")
        return self


class StepEntry(_Entry):
    """Who does what to put a finding right."""

    who: Who = Field(description="role of the person who acts")
    what: BilingualText = Field(description="what they do")
    within_days: Annotated[int, Field(ge=0, le=3650)] | None = Field(None, description="days they have for it")


def _days(value: str) -> str:
    """Refuse what is neither a day nor two days with a slash between them, the first one first."""
    first, _, last = value.partition("/")
    if _real_date(first) > _real_date(last or first):
        raise PydanticCustomError("not_a_date", "not a date")
    return value


_DAYS = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?$"
Days = Annotated[str, Field(pattern=_DAYS), AfterValidator(_days)]


class CalendarEntry(_Entry):
    """The days of one year that are no ordinary ones."""

    holidays: list[Days] = Field([], description="days off: 2024-05-01, or from one to another: 2024-05-01/2024-05-05")
    workdays: list[Days] = Field([], description="days of weekends on which work is made up")


class CaseEntry(_Entry):
    """A handful of rows, and what the rule must find in them."""

    name: NonEmpty | BilingualText = Field(description="what the case shows")
    given: dict[str, list[dict[str, Any]]] = Field(description="rows by table; tables left out are empty")
    finds: list[NonEmpty] = Field([], description="subjects that must be found, memberships as group/account")
    unknown: list[NonEmpty] = Field([], description="subjects that must come out unknown")
    with_: dict[str, Any] = Field({}, alias="with", description="values of the rule's parameters in this case")
    as_of: NonEmpty = Field("2024-04-15T00:00:00+08:00", description="the moment of the check")
    lacks: list[NonEmpty] = Field([], description="table.column that the source does not supply")
    facts: dict[str, dict[str, Any]] = Field({}, description="facts by subject that its finding must carry")


class RuleEntry(Sought):
    """A rule that the set takes (`use`) or writes: `id`, `name`, and `sql`, or `words` or `patterns`."""

    model_config = ConfigDict(populate_by_name=True)

    may_be_empty: ClassVar = frozenset({"applies_to"})

    use: NonEmpty | None = Field(None, description="id, name or former name of an installed or inherited rule")
    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")] | None = Field(
        None, description="id of a rule written here"
    )
    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$")] | None = Field(
        None, description="name of a rule written here, family/what-it-checks"
    )
    sql: NonEmpty | None = Field(None, description="one SELECT that returns what is wrong, with its key columns")
    reads: Annotated[list[Readable], Field(min_length=1)] | None = Field(
        None, description="columns in which words and patterns are looked for; messages.text when not given"
    )
    include_dissolved: bool = Field(False, description="whether what stands in groups that are dissolved counts too")
    clause: list[NonEmpty] | None = Field(None, description="clauses that the rule enforces")
    severity: Literal["error", "warning", "info"] | None = Field(None, description="how strictly the policy words it")
    enforcement: Literal["advisory", "mandatory", "mandatory without waivers"] | None = Field(
        None, description="how binding it is; mandatory when not given"
    )
    with_: dict[str, Any] | None = Field(None, alias="with", description="values of the rule's parameters")
    floor: dict[str, Bound | Literal["any"]] | None = Field(
        None, description="how far sets that extend this one may go, parameter by parameter"
    )
    applies_to: NonEmpty | None = Field(None, description="SQL condition over groups; null means every group")
    message: BilingualText | None = Field(None, description="what a finding says, with {column} places")
    title: BilingualText | None = Field(None, description="what the rule checks")
    headline: BilingualText | None = Field(None, description="what is wrong, in a few words; the title if not given")
    explanation: BilingualText | None = Field(None, description="why the rule exists")
    fact_labels: dict[str, BilingualText] | None = Field(
        None, description="what people call its columns and parameters, by name"
    )
    remediation: list[StepEntry] | None = Field(None, min_length=1, description="steps that put a finding right")
    cases: list[CaseEntry] | None = Field(None, min_length=1, description="what the rule finds in small examples")
    off: Annotated[NonEmpty, AfterValidator(_reason)] | Literal[False] | None = Field(
        None, description="why the inherited rule is switched off, in some words; false switches it on again"
    )


class SignerEntry(_Entry):
    """Whose signature counts: who held such a post when signing, in the department that is asked where one is."""

    ranks: list[NonEmpty] = Field([], description="ranks of posts, any of them")
    titles: list[NonEmpty] = Field([], description="titles of posts, any of them")
    duties: list[NonEmpty] = Field([], description="duties of posts, any of them")

    @model_validator(mode="after")
    def _somebody(self) -> SignerEntry:
        if not (self.ranks or self.titles or self.duties):
            raise PydanticCustomError("no_signer", "nobody may sign")
        return self


class AttestationEntry(_Entry):
    """A signed statement that a person is asked for about what no data can show."""

    clause: NonEmpty = Field(description="clause that the statement is about")
    asks: BilingualText = Field(description="what the person states")
    valid_days: Annotated[int, Field(ge=1, le=3650)] = Field(description="days after which it must be renewed")
    per: Literal["whole", "department", "group"] = Field(
        "whole", description="asked once, of each department that has groups, or of each group"
    )
    by: SignerEntry | None = Field(None, description="whose signature counts; anybody's in post when not given")


Words = Annotated[
    list[NonEmpty],
    Field(min_length=1),
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
"""One word, or a list of which any will do; ``$name`` is a parameter of the set."""


def _roles(value: object) -> object:
    """Return what a form designates people for in the model's words, where people wrote their own."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list):
        return listed
    known = ("deputy", "liaison")
    return [meant_word(str(one), known, "designations.role") or one for one in listed]


class PartEntry(_Entry):
    """Some of a group's members: whoever meets every key that is given; of a list, any item will do."""

    title: BilingualText | None = Field(None, description="what they are called; made of the keys when not given")
    ranks: Words | None = Field(None, description="ranks of a post in force")
    titles: Words | None = Field(None, description="titles of a post in force")
    duties: Words | None = Field(None, description="duties of a post in force")
    departments: Words | None = Field(None, description="where the post is: ids, names or other names of departments")
    below: Words | None = Field(None, description="the same, and every department below them")
    kinds: Words | None = Field(None, description="kinds of departments where the post is")
    not_departments: Words | None = Field(None, description="departments where the post is not")
    designated: (
        Annotated[
            list[Literal["deputy", "liaison"]],
            Field(min_length=1),
            BeforeValidator(_roles),
            WithJsonSchema(
                {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
            ),
        ]
        | None
    ) = Field(None, description="what a received form names them for: deputy or liaison")
    people: Words | None = Field(None, description="people by id, or by a name that one person has")
    form: NonEmpty | None = Field(
        None, description="kind of submission: they belong once their department's has been received"
    )
    exactly: Annotated[int, Field(ge=1)] | None = Field(None, description="how many there must be")
    at_least: Annotated[int, Field(ge=1)] | None = Field(None, description="below this number a post is vacant")
    at_most: Annotated[int, Field(ge=1)] | None = Field(None, description="how many there may be")
    per: Literal["department", "group"] = Field("department", description="in what they are counted")
    minus: list[PartEntry] = Field([], description="who of them does not belong")

    @model_validator(mode="after")
    def _somebody(self) -> PartEntry:
        if not (self.people or any(getattr(self, name) for name in POSTS)):
            raise PydanticCustomError("no_part", "nobody is named")
        if (self.exactly and (self.at_least or self.at_most)) or (self.at_least or 0) > (self.at_most or 1_000_000):
            raise PydanticCustomError("no_count", "counts that exclude each other")
        return self


POSTS = ("ranks", "titles", "duties", "departments", "below", "kinds", "designated")
"""Keys of a part that ask for a post, or for the place of one."""


class ReplacedEntry(_Entry):
    """The groups that one is made anew for: they are dissolved, and their ids are not used again."""

    groups: NonEmpty = Field(description="SQL condition over groups that tells the old ones")
    size: Annotated[int, Field(ge=1)] | None = Field(None, description="members that the policy says they have")
    on: Day | None = Field(None, description="day of that number; the policy's own day when not given")


class MembershipEntry(_Entry):
    """Who belongs in a group, worked out from directory, duties and received forms."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")] = Field(description="name of the formula")
    title: BilingualText = Field(description="what people call the group")
    clause: list[NonEmpty] = Field([], description="clauses that say who belongs")
    groups: NonEmpty = Field(description="SQL condition over groups: to which it applies")
    members: list[PartEntry] = Field(min_length=1, description="whoever is in any of these parts belongs")
    minus: list[PartEntry] = Field([], description="whoever is in any of these does not")
    replaces: ReplacedEntry | None = Field(None, description="the groups that this one is made anew for")


class RuleSetDocument(_Entry):
    """A whole rule set as it is written down."""

    policycore: Literal[1] = Field(description="version of this format")
    ruleset: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")] = Field(description="name of the rule set")
    title: BilingualText = Field(description="what people call it")
    document: DocumentEntry | None = Field(None, description="the policy that the rules are traced to")
    extends: list[NonEmpty] = Field(
        [], max_length=MOST_PARENTS, description="names of rule sets, or files beside this one, to build on"
    )
    parameters: dict[str, Scalar | list[Scalar]] = Field(
        {}, description="values for the whole set; a rule takes one with $name under `with`"
    )
    calendar: dict[Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}$")], CalendarEntry] = Field(
        {}, description="by year, holidays and made-up days; often !include of a file beside this one"
    )
    memberships: list[MembershipEntry] = Field([], description="who belongs in which group, as a formula")
    own: dict[str, Any] = Field(
        {},
        description="columns and tables beyond the model's that the rules go by, as an estate's manifest declares them",
    )
    rules: list[RuleEntry] = Field([], description="the rules of the set")
    attestations: list[AttestationEntry] = Field([], description="statements asked for where no data can tell")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a rule set, for editors."""
    schema = RuleSetDocument.model_json_schema(by_alias=True)
    columns = {"type": "object", "additionalProperties": OwnColumn.model_json_schema()}
    schema["properties"]["own"] |= {"additionalProperties": columns}
    rule = schema["$defs"]["RuleEntry"]
    own = {name: {"required": [name]} for name in ("use", "sql", "id", "name", "words", "patterns")}
    looks = {"anyOf": [own["words"], own["patterns"]]}
    rule["oneOf"] = [
        {"required": ["use"], "not": {"anyOf": [one for name, one in own.items() if name != "use"]}},
        {"required": ["id", "name", "sql", "message"], "not": {"anyOf": [own["use"], looks]}},
        {"required": ["id", "name", "message"], **looks, "not": {"anyOf": [own["use"], own["sql"]]}},
    ]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
