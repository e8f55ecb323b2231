"""Every word of a formula means something in the directory."""

from __future__ import annotations

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text, Verdict
from policycore_composition.formula import ASKED_WORDS, COMMITTEE, HEADS, estate, formula


class WordsKnown(Rule):
    """A formula names a rank, title, duty, department, kind or person that nothing in the directory answers to.

    Such a formula says less than it was meant to: where nothing answers to a whole list, whom it accuses or expects is
    only suspected. It may be a slip, or a duty that nobody has at present. Put it right by correcting formula or
    directory.
    """

    id = "COM008"
    name = "composition/words-known"
    subject = Subject.ESTATE
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    requires = tuple(
        Needs(field, when=f"EXISTS (SELECT 1 FROM formula_words WHERE key = '{key}')", stands="passes")
        for key, field in ASKED_WORDS.items()
    )
    key_facts = ("formula", "key", "word")
    title = Text(zh="成员公式中的词在名册中都有", en="The directory knows every word of the formulas")
    headline = Text(zh="成员公式中的词在名册中找不到", en="The directory does not know a word of a formula")
    message = Text(
        zh="公式{formula}的{key}“{word}”在名册中找不到",
        en="nothing in the directory answers to {key} {word} of the formula {formula}",
    )
    explanation = Text(
        zh="写错的职级或部门名称不会报错，只会让公式少算人；因此逐词核对。",
        en="A rank or department written differently is no error to a computer, it only makes the formula mean fewer.",
    )
    remediation = (
        Step(
            "committee",
            Text(zh="更正规则集中的“{word}”，或补全人员名册", en="correct {word} in the rule set, or the directory"),
        ),
    )

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """List the words that are left over."""
        return estate.query("SELECT DISTINCT formula, key, word FROM formula_words")

    cases = (
        Case(
            "a rank and a department written differently",
            zh="职级和部门名称写法不同",
            given=estate(),
            memberships=formula(HEADS | {"ranks": ["正处级", "中层正职"]}, {"departments": ["机关党委办"]}),
            finds=("estate", "estate"),
        ),
        Case("every word is known", zh="都找得到", given=estate(), memberships=formula(HEADS, COMMITTEE)),
    )
