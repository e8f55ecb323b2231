"""Say in words, in both languages, who belongs in a group by a formula of a rule set."""

from __future__ import annotations

from collections.abc import Sequence

from policycore.language import Text, say_both
from policycore.rulesets.document import MembershipEntry, PartEntry

__all__ = ["given_text", "membership_words", "part_name", "part_words"]


def given_text(value: object) -> Text:
    """Return a text of the rule set (``zh``, ``en``) in both languages; the one left out is shown in the other."""
    zh, en = getattr(value, "zh", None), getattr(value, "en", None)
    return Text(zh or en or "", en or zh or "")


def membership_words(entry: MembershipEntry) -> Text:
    """Return the whole formula as one text: who belongs, and who of them does not."""
    members = _joined([part_words(part) for part in entry.members], "；", "; ")
    minus = _joined([part_words(part) for part in entry.minus], "；", "; ")
    words = _said("whole", title=given_text(entry.title), members=members)
    return _said("whole-minus", members=words, minus=minus) if entry.minus else words


def part_name(part: PartEntry) -> Text:
    """Return what the people of a part are called: its title, or who they are."""
    return given_text(part.title) if part.title else _who(part)


def part_words(part: PartEntry) -> Text:
    """Return a part in words: who, how many, under what condition, and who not."""
    words = _said("titled", title=given_text(part.title), who=_who(part)) if part.title else _who(part)
    if part.form:
        words = _said("form", who=words, form=part.form)
    for key in ("exactly", "at_least", "at_most"):
        if number := getattr(part, key):
            words = _said(f"{key.replace('_', '-')}-{part.per}", who=words, number=number)
    if part.minus:
        words = _said("minus", who=words, minus=_joined([part_words(one) for one in part.minus], "；", "; "))
    return words


def _who(part: PartEntry) -> Text:
    """Return whom the keys of a part mean."""
    where = [
        _said(key, words=_any(words)) for key in ("departments", "below", "kinds") if (words := getattr(part, key))
    ]
    place = _joined(where, "、", ", ")
    if part.not_departments:
        place = _said("not-departments", place=place, words=_any(part.not_departments))
    posts = [_said(key, words=_any(words)) for key in ("ranks", "titles", "duties") if (words := getattr(part, key))]
    if part.designated:
        roles = [_said(f"role.{role}") for role in part.designated]
        posts.append(_said("designated", words=_joined(roles, "或", " or ")))
    post = _joined(posts, "、", ", ")
    people = _any(part.people) if part.people else None
    if people and (where or posts):
        return _said("people-of", people=people, place=place, post=post)
    if people:
        return people
    return _said("posts" if where and posts else "place" if where else "post", place=place, post=post)


def _any(words: Sequence[str]) -> Text:
    """Return words of which any will do."""
    return _joined([Text(word, word) for word in words], "或", " or ")


def _joined(texts: Sequence[Text], zh: str, en: str) -> Text:
    return Text(zh.join(text.zh for text in texts), en.join(text.en for text in texts))


def _said(key: str, **values: object) -> Text:
    """Return the catalogue's text filled, language by language, with values that may be texts themselves."""
    key = f"rulesets.membership.{key}"
    zh = {name: value.zh if isinstance(value, Text) else value for name, value in values.items()}
    en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    return Text(say_both(key, **zh).zh, say_both(key, **en).en)
