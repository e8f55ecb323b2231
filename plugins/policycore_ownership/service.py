"""Say in SQL when a person is in post, the same way for owner, admin and first responsible person."""

from __future__ import annotations

from policycore import Text

__all__ = ["FIELDS", "REASON_OF_ACCOUNT", "REASON_OF_PERSON", "VERDICT", "reasons"]

FIELDS = ("people.status", "people.status_since")
"""Fields that `REASON_OF_PERSON` reads."""

# Exactly `grace_days` after the change is still within grace; a change without a date has none to show.
REASON_OF_PERSON = """CASE
    WHEN p.id IS NULL THEN 'nobody'
    WHEN p.status IS NULL THEN 'status-unknown'
    WHEN p.status IN ('retired', 'departed', 'seconded')
        AND (p.status_since IS NULL OR as_of() > p.status_since + to_days($grace_days)) THEN p.status
END"""
"""Reason why person ``p`` (NULL for nobody) is not in post, NULL when they are."""

REASON_OF_ACCOUNT = f"""CASE
    WHEN a.kind = 'bot' THEN 'bot'
    WHEN a.kind = 'external' THEN 'outsider'
    ELSE {REASON_OF_PERSON}
END"""
"""Reason why account ``a`` with person ``p`` cannot answer for a group, NULL when it can."""

VERDICT = "CASE WHEN reason = 'status-unknown' THEN 'suspect' ELSE 'fail' END AS verdict"
"""Column for a person without a status: they may well be in post, so somebody has to look."""


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
        "retired": gone,
        "departed": gone,
        "seconded": gone,
        "nobody": Text(
            zh=f"{zh}账号{account}在人员名册中查无此人",
            en=f"{en}'s account {account} belongs to nobody in the directory",
        ),
        "outsider": Text(zh=f"{zh}账号{account}是外部账号", en=f"{en}'s account {account} is an outsider's"),
        "bot": Text(zh=f"{zh}账号{account}是机器人", en=f"{en}'s account {account} is a bot"),
        "status-unknown": Text(
            zh=f"名册没有{zh}{name}的在职状态，请核实",
            en=f"the directory has no status for {en} {name}: please confirm",
        ),
    }
