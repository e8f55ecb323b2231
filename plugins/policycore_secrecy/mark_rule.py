"""What the rules on marks share: words, remediation, parameters, and what makes a mark sure."""

from __future__ import annotations

from collections.abc import Iterable

from policycore import Field, Hit, Pattern, Severity, Step, Text, TextMatch, TextRule, Verdict, fold, marks

__all__ = ["MarkRule"]

_LONGEST_BEGIN = 80
"""Characters of the message before that may belong to a mark."""


class MarkRule(TextRule):
    """A rule that looks for marks of state secrecy; subclasses say where."""

    severity = Severity.ERROR
    include_dissolved = True
    message = {
        "mark": Text(zh="含国家秘密标志（{category}）", en="bears a mark of state secrecy ({category})"),
        "variant": Text(
            zh="含写法异常的国家秘密标志（{category}），可能有意规避",
            en="bears an oddly written mark of state secrecy ({category}), perhaps to evade notice",
        ),
        "impossible-period": Text(
            zh="含国家秘密标志（{category}），但期限超过该密级的最长期限，请核实",
            en="bears a mark of state secrecy ({category}) with a period longer than its level allows; please verify",
        ),
        "split": Text(
            zh="与同一人上一条消息连起来是国家秘密标志（{category}），可能有意规避",
            en="ends a mark of state secrecy that the sender's message before it began ({category}), perhaps to evade "
            "notice",
        ),
        "misread": Text(
            zh="疑似识别有误的国家秘密标志（{category}），请核实",
            en="bears what may be a misread mark of state secrecy ({category}); please verify",
        ),
        "embedded": Text(
            zh="文中出现密级加星号（{category}），可能是国家秘密标志，请核实",
            en="a level and a star within other text ({category}), perhaps a mark of state secrecy; please verify",
        ),
        "written": Text(
            zh="写明了密级（{category}）而没有星号，请核实",
            en="names a level in words, without a star ({category}); please verify",
        ),
        "bare": Text(
            zh="公文版头处单独出现密级（{category}）而没有星号，请核实",
            en="a level alone in the head of a paper, without a star ({category}); please verify",
        ),
    }
    explanation = Text(
        zh="涉密不上网、上网不涉密。国家秘密标志由密级、★和保密期限组成；文中谈到“国家秘密”不算。"
        "只记录位置和密级，不保存内容。",
        en="No secrets on the internet. A mark is level, star and period; talk about secrecy is none. "
        "The finding keeps place and level, never the content.",
    )
    remediation = (
        Step(
            "owner",
            Text(
                zh="立即停止传播，保护现场，不转发、不自行删除",
                en="stop it spreading at once; forward nothing, delete nothing on your own",
            ),
            0,
        ),
        Step(
            "secrecy-office",
            Text(
                zh="鉴定是否涉密并按泄密事件规定处置", en="decide whether it is secret and follow the rules for a leak"
            ),
            1,
        ),
        Step("sender", Text(zh="说明材料来源和知悉范围", en="say where it came from and who has seen it"), 1),
    )

    tighter = {"bare_words_in_header": (False, True)}

    class Params(TextRule.Params):
        """Whether a level without a star is worth a look."""

        bare_words_in_header: bool = Field(
            True,
            description="whether a level alone on a line near a copy number or urgency is suspect",
            json_schema_extra={"zh": "密级单独成行且靠近份号或紧急程度时，是否存疑"},
        )

    def patterns(self, params: Params) -> Iterable[Pattern]:
        """Return the mark, plain and with characters that stand for others, and what else is asked for."""
        yield Pattern("mark", marks.MARK_PATTERN)
        yield Pattern("escaped", marks.ESCAPED_PATTERN)
        yield Pattern("written", marks.WRITTEN_PATTERN)
        yield Pattern("tail", marks.TAIL_PATTERN, asks_around=True)
        if params.bare_words_in_header:
            yield Pattern("header", marks.HEADER_PATTERN)

    def confirm(self, match: TextMatch, params: Params) -> Iterable[Hit]:
        """Yield place, level and reason of each mark."""
        found = list(marks.find_marks(match.folded, match.text)) if {"mark", "escaped"} & {*match.patterns} else []
        # A level whose star stands on the next line is one mark, whatever else it looks like.
        if "header" in match.patterns:
            for mark in marks.find_bare_words(match.folded):
                if not _covered(mark, found):
                    yield _hit(mark, "bare", Verdict.SUSPECT)
        if "written" in match.patterns:
            for mark in marks.find_written_levels(match.folded):
                if not _covered(mark, found):
                    yield _hit(mark, "written", Verdict.SUSPECT)
        if "tail" in match.patterns and match.around is not None:
            yield from _split(match.text, match.around.previous[-_LONGEST_BEGIN:])
        yield from map(_judged, found)


def _covered(mark: marks.Mark, found: Iterable[marks.Mark]) -> bool:
    """Return whether a mark lies over one of those found."""
    return any(one.offset < mark.offset + mark.length and mark.offset < one.offset + one.length for one in found)


def _split(text: str, before: str) -> Iterable[Hit]:
    """Yield the mark that the sender's message before began and this one ends; its place is this message's begin."""
    joined = f"{before}\n{text}"
    border = len(before) + 1
    for mark in marks.find_marks(fold(joined), joined) if before else ():
        if mark.offset < border < mark.offset + mark.length:
            yield {**_judged(mark), "offset": 0, "length": mark.offset + mark.length - border, "reason": "split"}


def _judged(mark: marks.Mark) -> Hit:
    """Return the hit of a mark: sure beside the head of a paper, suspect where it may be something else."""
    if mark.doubtful and not mark.in_header:
        return _hit(mark, "embedded", Verdict.SUSPECT)
    unsure = mark.manner == "misread" and not mark.in_header
    return _hit(mark, mark.manner, Verdict.SUSPECT if unsure else Verdict.FAIL)


def _hit(mark: marks.Mark, reason: str, verdict: Verdict) -> Hit:
    """Return the facts of a mark: place and level, never the text."""
    return {
        "category": mark.category,
        "offset": mark.offset,
        "length": mark.length,
        "in_header": mark.in_header,
        "reason": reason,
        "verdict": verdict.value,
    }
