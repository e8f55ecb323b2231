"""Treat bots and outsiders as classes of their own, the same way in every rule about members."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from policycore import Field, Needs, Rule, Text

__all__ = [
    "JUDGED",
    "KNOWN_OTHERWISE",
    "MAY_HAVE_LEFT",
    "MESSAGES",
    "NEEDS",
    "TIGHTER",
    "Class",
    "ClassParams",
    "class_hits",
    "judged",
    "needs_where",
]

Class = Literal["ignore", "judge", "fail", "suspect"]

MESSAGES = {
    "is-bot": Text(zh="群内有机器人账号{account}", en="{account} is a bot"),
    "is-outsider": Text(zh="群内有外部人员账号{account}", en="{account} is an outsider's account"),
}
"""Messages of the reasons that `class_hits` gives."""


# Whoever is judged like a person may still fail in another way than by being there: a suspicion stands on no side.
TIGHTER = {"bots": ("ignore", "judge", "fail"), "outsiders": ("ignore", "judge", "fail")}
"""Which way the parameters of `ClassParams` become tighter."""


JUDGED = """(SELECT NOT (a.kind = 'bot' AND $bots <> 'judge' OR a.kind = 'external' AND $outsiders <> 'judge')
    FROM accounts a WHERE a.id = subject.account_id)"""
"""SQL for a need: whether the member is judged like a person."""

_KIND = "memberships.account_id.kind"
NEEDS = (
    # An account of no known kind is judged like a person's: its kind may excuse it, or be a finding by itself.
    Needs(_KIND, when="'ignore' IN ($bots, $outsiders) OR 'suspect' IN ($bots, $outsiders)", stands="passes"),
    Needs(_KIND, when="'fail' IN ($bots, $outsiders) OR 'suspect' IN ($bots, $outsiders)", stands="hits"),
    # Whoever may have left is not to be accused of how they are there.
    Needs("memberships.left_at", stands="passes"),
)
"""What every rule about members needs to know of the account and of the stay."""


KNOWN_OTHERWISE = """(SELECT (a.name = memberships.display_name) IS NOT TRUE FROM accounts a
    WHERE a.id = subject.account_id)"""
"""SQL for a need: whether more is known of the account than what it shows. Of who is listed by a display name alone
nobody will ever know more; what they show is judged by itself."""


MAY_HAVE_LEFT = "NOT coalesce(people.status_since > as_of(), false)"
"""SQL for a need of a status: whoever has one that begins after the moment has not left, whatever it is."""


def needs_where(condition: str) -> tuple[Needs, ...]:
    """Return `NEEDS`, of which what an account's kind may excuse is asked only where `condition` holds."""
    excuse, *others = NEEDS
    return (replace(excuse, when=f"({excuse.when}) AND {condition}"), *others)


class ClassParams(Rule.Params):
    """What bots and outsiders are to a rule: left out, judged like anybody, or a finding by being there."""

    bots: Class = Field(
        "ignore",
        description="bots: ignore, judge like a person, fail, or suspect",
        json_schema_extra={"zh": "机器人：不检查、与人同样检查、判为不合规，或判为存疑"},
    )
    outsiders: Class = Field(
        "judge",
        description="external accounts: ignore, judge like a person, fail, or suspect",
        json_schema_extra={"zh": "外部账号：不检查、与人同样检查、判为不合规，或判为存疑"},
    )


# The columns must have their names and types even where nothing is found by class.
_NOBODY = """SELECT '' AS group_id, '' AS account_id, 0 AS account_key, '' AS reason, '' AS verdict, '' AS account,
    '' AS display_name WHERE false"""


def judged(params: ClassParams, kind: str = "a.kind") -> str:
    """Return a SQL condition: an account of this kind is judged like a person (no kind is internal)."""
    left_out = [
        word for word, treatment in (("'bot'", params.bots), ("'external'", params.outsiders)) if treatment != "judge"
    ]
    return f"coalesce({kind}, 'internal') NOT IN ({', '.join(left_out)})" if left_out else "true"


def class_hits(params: ClassParams) -> str:
    """Return SQL for the members whom the parameters make a finding by their class alone.

    Its columns are group_id, account_id, account_key, reason, verdict, account and the display name.
    """
    found = [
        f"""SELECT DISTINCT m.group_id, m.account_id, m.account_key, '{reason}' AS reason, '{treatment}' AS verdict,
            m.account_id AS account, m.display_name
        FROM memberships m JOIN accounts a USING (account_key) WHERE a.kind = '{kind}'"""
        for kind, treatment, reason in (
            ("bot", params.bots, "is-bot"),
            ("external", params.outsiders, "is-outsider"),
        )
        if treatment in ("fail", "suspect")
    ]
    return " UNION ALL ".join(found) or _NOBODY
