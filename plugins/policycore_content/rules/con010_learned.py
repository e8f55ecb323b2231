"""What the unit's own people called unrelated tells what else may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any

from pydantic import field_validator

from policycore import (
    Case,
    Field,
    Hit,
    Learned,
    Likely,
    Rule,
    Severity,
    Step,
    Subject,
    Text,
    TextMatch,
    TextRule,
    Verdict,
)

_MODEL = ("bias -2.0000", "团购 6.0000", "私聊 5.0000", "会议 -6.0000")


@lru_cache(8)
def _learned(model: tuple[str, ...]) -> Learned:
    """Return what was learned; reading thousands of weights again for each text would take longer than judging it."""
    return Learned.read(model)


class LearnedUnrelated(TextRule):
    """A message reads like those that reviewers confirmed, and not like those that they dismissed.

    The weights of pieces of words come from `policycore review --learn FILE`, which a rule set takes by `!include`;
    whatever they say is a hint, with its probability and the pieces that speak most for it. Put it right by looking;
    every review that follows makes the next weights better.
    """

    id = "CON010"
    name = "content/learned"
    severity = Severity.INFO
    verdict = Verdict.SUSPECT
    subject = Subject.MESSAGE
    reads = ("messages.text",)
    requires = ()
    applies_when = "type NOT IN ('image', 'file', 'voice', 'video', 'system', 'recall')"
    title = Text(zh="不发与工作无关的内容（按本单位复核）", en="Nothing like what reviewers called unrelated")
    headline = Text(zh="与复核属实的内容相近", en="Reads like what reviewers confirmed")
    message = Text(
        zh="与复核属实的内容相近，可能性{percent}%（依据：{signs}）",
        en="reads like what reviewers confirmed, {percent}% (by {signs})",
    )
    explanation = Text(
        zh="由本单位的复核结果训练，只作提示，一律由人确认；每条都写明依据哪些字词。",
        en="Learned from the unit's own reviews; it only ever hints, and says by which pieces of words.",
    )
    remediation = (Step("owner", Text(zh="查看原文，确认或排除", en="look, and confirm or dismiss"), 1),)
    tighter = {"minimum_percent": "lower"}

    class Params(Rule.Params):
        """What was learned, and how probable it must be."""

        model: tuple[Annotated[str, Field(pattern=r"^(?:bias|\S{1,2}) -?[0-9]{1,3}\.[0-9]{1,6}$")], ...] = Field(
            min_length=2,
            description="lines of the file that review --learn writes: a piece of a word and its weight",
            json_schema_extra={"zh": "review --learn 所写文件的各行：字词和权重"},
        )
        minimum_percent: int = Field(
            80,
            ge=50,
            le=100,
            description="probability in percent from which on it is suspect",
            json_schema_extra={"zh": "可能性达到百分之多少才存疑"},
        )

        @field_validator("model")
        @classmethod
        def _each_piece_once(cls, model: tuple[str, ...]) -> tuple[str, ...]:
            """Refuse weights of which one would be passed over: a piece that stands there twice, or no bias."""
            pieces = [line.rsplit(" ", 1)[0] for line in model]
            twice = next((piece for piece, count in Counter(pieces).items() if count > 1), "")
            if twice or "bias" not in pieces:
                raise ValueError(f"each piece stands there once, and bias: {twice or 'bias'}")
            return model

    def patterns(self, params: Any) -> Iterator[Likely]:
        """Look for what is probably of the kind."""
        yield Likely("likely", _learned(params.model), params.minimum_percent)

    def confirm(self, match: TextMatch, params: Any) -> Iterator[Hit]:
        """Say how probably, and by what."""
        yield _learned(params.model).hint(match.text)

    cases = (
        Case(
            "by what speaks for it, and against it",
            zh="有相近字词的，和另有工作字词的",
            given={
                "groups": [{"id": "g"}],
                "messages": [
                    {"id": f"m{number}", "group_id": "g", "type": "text", "text": text}
                    for number, text in enumerate(("团购 私聊", "团购会议"))
                ],
            },
            params={"model": _MODEL},
            finds=("m0",),
            facts={"m0": {"signs": "团购、私聊"}},
        ),
        Case(
            "what speaks against it, and what holds none of it",
            zh="有工作字词的，和没有相近字词的",
            given={
                "groups": [{"id": "g"}],
                "messages": [
                    {"id": "m0", "group_id": "g", "type": "text", "text": "团购会议"},
                    {"id": "m1", "group_id": "g", "type": "text", "text": "收到"},
                ],
            },
            params={"model": _MODEL},
        ),
    )
