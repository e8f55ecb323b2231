"""Say in SQL when a person is in post, the same way for owner, admin and first responsible person."""

from __future__ import annotations

from policycore import Needs, Step, Text

__all__ = [
    "REASON_OF_ACCOUNT",
    "REASON_OF_PERSON",
    "SHARED",
    "VERDICT",
    "account_needs",
    "ask",
    "person_needs",
    "reasons",
]

SHARED = {
    "role_holders": """SELECT group_id, group_key, account_id, account_key, role FROM memberships
        WHERE role IN ('owner', 'admin')"""
}
"""Shared table ``role_holders``: the few members who are owner or admin of a group."""

_OUT = "{person}.status IN ('retired', 'departed', 'seconded')"

_WITHIN_GRACE = """coalesce($grace_days > 0 AND {person}.status_since <= as_of()
    AND NOT days_after({person}.status_since, $grace_days), false)"""

# Until the last day of grace after the change ends, whatever it was, it is within grace; one without a date has none.
REASON_OF_PERSON = f"""CASE
    WHEN p.id IS NULL THEN 'nobody'
    WHEN {_WITHIN_GRACE.format(person="p")} THEN NULL
    WHEN p.status IS NULL THEN 'status-unknown'
    WHEN p.status = 'not-yet' THEN 'not-yet'
    WHEN {_OUT.format(person="p")} THEN CASE WHEN p.status_since IS NULL THEN 'undated' ELSE p.status END
END"""
"""Reason why person ``p`` (NULL for nobody) is not in post, NULL when they are."""

REASON_OF_ACCOUNT = f"""CASE
    WHEN a.kind = 'bot' THEN 'bot'
    WHEN a.kind = 'external' THEN 'outsider'
    ELSE {REASON_OF_PERSON}
END"""
"""Reason why account ``a`` with person ``p`` cannot answer for a group, NULL when it can."""


_WHO = "coalesce(accounts.person_id IN (SELECT p.id FROM people p WHERE ({reason}) {is_so}), false)"
_IN_POST = _WHO.format(reason=REASON_OF_PERSON, is_so="IS NULL")
_SUSPECT = _WHO.format(reason=REASON_OF_PERSON, is_so="IN ('status-unknown', 'not-yet')")


def person_needs(person: str, when: str = "") -> tuple[Needs, ...]:
    """Return what `REASON_OF_PERSON` needs of the person at the end of the path `person`, where `when` holds.

    A status that the directory leaves empty is judged by the rule: somebody has to look.
    """
    also = f" AND ({when})" if when else ""
    out = _OUT.format(person="people")
    return (
        Needs(f"{person}.status", when=f"NOT {_WITHIN_GRACE.format(person='people')}{also}", null="judged"),
        Needs(
            f"{person}.status_since",
            when=f"{out} AND ($grace_days > 0 OR people.status_since IS NOT NULL) "
            f"AND days_after(people.status_since, $grace_days) IS NULL{also}",
        ),
    )


def account_needs(account: str, when: str = "", excused: str = "false") -> tuple[Needs, ...]:
    """Return what `REASON_OF_ACCOUNT` needs of the account at the end of the path `account`, where `when` holds.

    `excused` is a condition under which a bot or an outsider is no finding.
    """
    also = f" AND ({when})" if when else ""
    return (
        # An account of no known kind is judged like a person's. Nobody, and somebody out of post, fails as a bot and an
        # outsider alike; whoever passes would fail as one, and whoever is only suspect as well.
        Needs(f"{account}.kind", when=f"{_IN_POST}{also}", stands="hits"),
        Needs(f"{account}.kind", when=f"({_SUSPECT} OR {excused} AND ({_IN_POST}) IS NOT TRUE){also}", stands="passes"),
        *person_needs(f"{account}.person_id", f"accounts.kind NOT IN ('bot', 'external'){also}"),
    )


VERDICT = "CASE WHEN reason IN ('status-unknown', 'not-yet') THEN 'suspect' ELSE 'fail' END AS verdict"
"""Column for a person without a status, or one who begins later: somebody has to look."""


GONE = ("retired", "departed", "seconded", "undated", "nobody", "outsider", "bot")
"""Reasons for which another person is needed; the others are questions, and replace nobody."""


def ask(fact: str, zh: str, en: str) -> Step:
    """Return the step for somebody of whom the directory does not say whether they are in post."""
    what = Text(
        zh=f"核实{zh}{{{fact}}}是否在岗，在人员名册中补填状态和日期",
        en=f"find out whether {en} {{{fact}}} is in post, and enter status and date in the directory",
    )
    return Step("department", what, 3, ("status-unknown", "not-yet"))


def reasons(fact: str, zh: str, en: str) -> dict[str, Text]:
    """Return a message for each reason.

    `fact` is the fact that holds the person's name, with ``<fact>_account`` beside it; `zh` and `en`
    are what the person is to the group, for example 群主 and "the owner".
    """
    name, account = f"{{{fact}}}", f"{{{fact}_account}}"
    gone = Text(
        zh=f"{zh}{name}自{{status_since}}起{{status}}，已超过{{grace_days}}天宽限",
        en=f"{en} {name} is {{status}} since {{status_since}}, beyond the grace of {{grace_days}} days",
    )
    return {
        "undated": Text(
            zh=f"{zh}{name}已{{status}}，名册没有写明何时起",
            en=f"{en} {name} is {{status}}; the directory does not say since when",
        ),
        "retired": gone,
        "departed": gone,
        "seconded": gone,
        "nobody": Text(
            zh=f"{zh}账号{account}在人员名册中查无此人",
            en=f"{en}'s account {account} belongs to nobody in the directory",
        ),
        "outsider": Text(zh=f"{zh}账号{account}是外部账号", en=f"{en}'s account {account} is an outsider's"),
        "bot": Text(zh=f"{zh}账号{account}是机器人", en=f"{en}'s account {account} is a bot"),
        "not-yet": Text(
            zh=f"{zh}{name}自{{status_since}}起才任职，请核实",
            en=f"{en} {name} begins only on {{status_since}}: please confirm",
        ),
        "status-unknown": Text(
            zh=f"名册没有{zh}{name}的在职状态，请核实",
            en=f"the directory has no status for {en} {name}: please confirm",
        ),
    }
