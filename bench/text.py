"""Measure the text engine: messages in a snapshot to verdicts, beside what hyperscan does on the same texts alone.

Run in a process of its own by ``python -m bench text``: its peak memory is the measurement's. One thread throughout.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.measure import peak_memory
from policycore import Pattern, Severity, Step, Subject, Text, TextMatch, TextRule, Words

if TYPE_CHECKING:
    import numpy
    import pyarrow

    from policycore.estate.snapshot import Snapshot
    from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["measure_text", "text_lines", "write_messages"]

LENGTH = 40
_AS_OF = datetime(2024, 4, 14, 16, tzinfo=UTC)
_ROWS = 16_384
_SAY = Text("含所列的词句", "holds what is listed")
_EXPRESSIONS = (
    r"收到请(?:立即|马上|尽快)?回复",
    r"(?:请|务必)[^,。]{0,10}(?:打卡|接龙)",
    r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])",
    r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])",
    r"(?<![0-9])62[0-9]{14,17}(?![0-9])",
    r"[绝机秘]密[★*]",
    r"[绝机秘][^一-龥]*密[^一-龥]*(?:级[^一-龥]*)?[★*]",
    r"内部(?:资料|文件)[,，]?(?:不得|严禁|请勿)外传",
    r"征求意见稿|送审稿|讨论稿",
    r"https?://[^ \n]{4,}",
    r"[0-9]+元(?:起|包邮|/份)",
    r"拼团|团购|秒杀|砍一刀",
    r"(?:帮忙|麻烦|求)[^,。]{0,6}投(?:一)?票",
    r"加(?:微信|vx|v信)[:：]?[0-9A-Za-z_-]{5,}",
    r"扫(?:一扫|码)[^,。]{0,8}(?:领|得|送)",
    r"(?:不转|转发)[^,。]{0,8}(?:倒霉|平安|好运)",
    r"(?:据说|听说|网传)[^,。]{0,20}(?:震惊|紧急|速看)",
    r"[一二三四五六七八九十]+月[0-9]+[日号]前",
    r"(?:周|星期)[一二三四五六日天][上下]午[0-9]{1,2}[点时]",
    r"截止(?:时间)?[:：]?[0-9]{1,2}月",
    r"校发〔[0-9]{4}〕[0-9]+号",
    r"党委?发〔[0-9]{4}〕[0-9]+号",
    r"会议室?[0-9]{3}",
    r"密码[:：是为]?[0-9A-Za-z]{6,}",
    r"(?:AKIA|LTAI)[0-9A-Za-z]{12,}",
    r"eyJ[0-9A-Za-z_-]{16,}",
    r"[0-9A-Za-z._-]+@[0-9A-Za-z-]+\.[a-z]{2,}",
    r"(?:排名|积分)[^,。]{0,6}(?:公布|通报)",
    r"截图[^,。]{0,6}(?:发|上传|证明)",
    r"^[ \n]*(?:收到|好的|谢谢)[!。~]*$",
)
"""Thirty expressions such as rules on content and secrecy look for."""


class _Listed(TextRule):
    """A rule that finds every listed word."""

    id = "BEN001"
    name = "bench/words"
    subject = Subject.MESSAGE
    severity = Severity.WARNING
    requires = ()
    key_facts = ("field", "pattern", "offset")
    title = message = explanation = _SAY
    remediation = (Step("owner", _SAY),)

    class Params(TextRule.Params):
        """The words."""

        words: tuple[str, ...] = ()

    def patterns(self, params: Params) -> Iterator[Words]:
        """Return the words."""
        yield Words("words", params.words, caseless=False)


class _Written(_Listed):
    """A rule that finds what the expressions match, confirmed one by one."""

    id = "BEN002"
    name = "bench/expressions"
    key_facts = ("field", "pattern", "offset")

    def patterns(self, params: object) -> Iterator[Pattern]:  # type: ignore[override]  # noqa: ARG002 - the rule has none
        """Return the expressions."""
        for number, expression in enumerate(_EXPRESSIONS):
            yield Pattern(str(number), expression)

    def confirm(self, match: TextMatch, params: object) -> Iterator[dict[str, object]]:  # noqa: ARG002 - as above
        """Yield each place, as a rule does that looks at the text around it."""
        for place in match.places:
            yield {"pattern": place.pattern, "offset": place.begin, "length": place.end - place.begin}


def write_messages(folder: Path, messages: int, seed: int) -> None:
    """Write a snapshot of messages of 40 characters, one in fifty with something that is not one unit to one.

    Characters come as often as their rank says (Zipf), so that listed words hit as words of real lists do; one message
    in a hundred holds what one of the expressions looks for.
    """
    import numpy
    import pyarrow

    from policycore.estate.snapshot import EstateSource, write_tables

    random = numpy.random.default_rng(seed)
    letters = numpy.array(_letters())
    texts: list[str] = []
    planted = ("收到请回复", "13812345678", "机密★10年", "拼团优惠", "a@b.cn 速看")
    odd = "😀𠮷㈱\u200b⑩"
    for start in range(0, messages, 100_000):
        rows = min(100_000, messages - start)
        ranks = random.zipf(1.15, rows * LENGTH) % len(letters)
        joined = "".join(letters[ranks].tolist())
        block = [joined[place : place + LENGTH] for place in range(0, len(joined), LENGTH)]
        for row in range(0, rows, 100):
            piece = planted[(row // 100) % len(planted)]
            block[row] = block[row][: LENGTH - len(piece)] + piece
        for row in range(7, rows, 50):
            block[row] = block[row][:20] + odd[(row // 50) % len(odd)] + block[row][21:]
        texts += block
    number = numpy.arange(messages)
    groups = max(1, messages // 500)
    names = pyarrow.array([f"g{group}" for group in range(groups)])
    table = pyarrow.table(
        {
            "id": pyarrow.array([f"m{row}" for row in range(messages)]),
            "group_id": names.take(pyarrow.array(number % groups)),
            "sender_id": pyarrow.array(["a1"]).take(pyarrow.array(number * 0)),
            "sent_at": pyarrow.array(1_704_067_200_000_000 + number * 1000, pyarrow.timestamp("us", "UTC")),
            "type": pyarrow.array(["text"]).take(pyarrow.array(number * 0)),
            "text": pyarrow.array(texts),
        }
    )
    tables = {
        "groups": pyarrow.table({"id": names, "name": names, "source": ["platform"] * groups}),
        "accounts": pyarrow.table({"id": ["a1"], "kind": ["internal"]}),
        "messages": table,
    }
    write_tables(tables, folder / "snapshot", as_of=_AS_OF, sources=[EstateSource("platform", "wecom")])


def _letters() -> list[str]:
    """Return the common characters, the most frequent first, among punctuation and digits as they stand in chats."""
    common = [bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    return list("，的。一是不了在人有我他这中大来上国0123456789、：“”？！") + [one for one in common if one]


def listed_words(texts: Sequence[str], words: int, seed: int) -> list[str]:
    """Return words of two to four characters that the texts hold, seldom ones as in a list for such texts."""
    import numpy

    random = numpy.random.default_rng(seed)
    found: dict[str, int] = {}
    for text in texts:
        for place in range(0, LENGTH - 4, 4):
            word = text[place : place + int(random.integers(2, 5))]
            if all("\u4e00" <= one <= "\u9fff" for one in word):
                found[word] = found.get(word, 0) + 1
    seldom = [word for word, times in found.items() if times == 1]
    return [str(word) for word in random.choice(seldom, min(words, len(seldom)), replace=False)]


def measure_text(folder: Path, words: int, repeat: int, seed: int) -> dict[str, Any]:
    """Measure the check of the snapshot below `folder`, and the raw rates; seconds are the fastest of `repeat`."""
    import pyarrow.compute
    import pyarrow.parquet

    from policycore.engine.run import evaluate
    from policycore.estate.importing import open_estate

    snapshot = open_estate(folder / "snapshot")
    path = snapshot.tables["messages"].path
    sample = pyarrow.parquet.ParquetFile(path).iter_batches(100_000, columns=["text"])
    listed = listed_words(next(sample).column(0).to_pylist(), words, seed)
    ruleset = _ruleset(listed)
    result = evaluate(snapshot, ruleset, threads=1)
    whole = _fastest(lambda: evaluate(snapshot, ruleset, threads=1), repeat)
    judging = _fastest(lambda: _judged(snapshot, ruleset), repeat)
    peak = peak_memory()
    shipped = _shipped()
    found = evaluate(snapshot, shipped, threads=1)
    # Once in a run, however many texts there are.
    compiling = _fastest(lambda: _prepared(ruleset), repeat)
    column = pyarrow.parquet.read_table(path, columns=["text"])["text"].combine_chunks()
    return {
        "messages": len(column),
        "words": len(listed),
        "expressions": len(_EXPRESSIONS),
        "verdicts": sum(sum(one.verdicts.values()) for one in result.outcomes),
        "hits": sum(one.rows for one in result.outcomes),
        "problems": [str(problem) for problem in result.problems],
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0,
        "compile": compiling,
        "judge": judging,
        "evaluate": whole,
        "shipped_rules": len(shipped.rules),
        "shipped_hits": sum(one.rows for one in found.outcomes),
        "shipped": _fastest(lambda: evaluate(snapshot, shipped, threads=1), repeat),
        "peak_memory": peak,
        **_raw(column, listed, repeat),
    }


def _shipped() -> ResolvedRuleSet:
    """Return the rules of a shipped set on content and secrecy."""
    from dataclasses import replace

    from policycore.plugin_api.plugins import load_plugins
    from policycore.rulesets.load import load_ruleset

    plugins = load_plugins()
    whole = load_ruleset("xxu-2024-wechat-groups", plugins.rules, plugins.ruleset_folders)
    return replace(whole, rules=tuple(rule for rule in whole.rules if rule.name.startswith(("content/", "secrecy/"))))


def _judged(snapshot: Snapshot, ruleset: ResolvedRuleSet) -> None:
    """Judge every rule over every message: what is wrong, what passes, what is unknown."""
    from policycore.engine.judging.judge import judge
    from policycore.engine.judging.needs import Knowledge
    from policycore.engine.session import EstateData, EstateSession
    from policycore.engine.texts import TextPass

    with EstateSession(EstateData.from_snapshot(snapshot), threads=1) as session:
        knowledge, texts = Knowledge(session), TextPass(ruleset.rules)
        for rule in ruleset.rules:
            judge(session, knowledge, rule, texts)


def _prepared(ruleset: ResolvedRuleSet) -> None:
    """Read and compile what the rules look for."""
    from policycore.text.matcher import Matcher

    patterns = [
        one for rule in ruleset.rules if isinstance(rule.rule, TextRule) for one in rule.rule.patterns(rule.params)
    ]
    Matcher([expression for pattern in patterns for expression in pattern.expressions()])


def text_lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was measured, for people: messages a second, by the clock and by the processor's."""
    messages, alone = answer["messages"], answer["raw_utf8"]["cpu_seconds"]
    yield f"{messages:,} messages of {LENGTH} characters, {answer['words']:,} words, {len(_EXPRESSIONS)} expressions"
    yield f"{answer['hits']:,} hits, {answer['verdicts']:,} verdicts; peak {answer['peak_memory'] / 1e6:,.0f} MB"
    yield f"one core; load of the machine {answer['load']:.1f}; compiled in {answer['compile']['cpu_seconds']:.2f} s"
    yield f"{'messages a second':40} {'by the clock':>14} {'processor':>14} {'of hyperscan':>14}"
    for part, what in (
        ("raw_utf8", "hyperscan alone, UTF-8 in memory"),
        ("raw_units", "hyperscan alone, folded units in memory"),
        ("judge", "Parquet to verdicts"),
        ("evaluate", "Parquet to findings"),
        ("shipped", f"the {answer['shipped_rules']} rules on content and secrecy"),
    ):
        clock, processor = answer[part]["seconds"], answer[part]["cpu_seconds"]
        yield f"{what:40} {messages / clock:>14,.0f} {messages / processor:>14,.0f} {alone / processor:>14.0%}"


def _ruleset(words: Sequence[str]) -> ResolvedRuleSet:
    """Return a rule set of the two rules."""
    from dataclasses import replace

    from policycore import Case
    from policycore.testing import ruleset_of

    one = ruleset_of(_Listed(), Case("bench", given={}, params={"words": tuple(words)}))
    other = ruleset_of(_Written(), Case("bench", given={}))
    return replace(one, rules=(*one.rules, *other.rules))


def _raw(column: pyarrow.Array, words: Sequence[str], repeat: int) -> dict[str, Any]:
    """Return seconds that hyperscan takes to find and count the same things, in UTF-8 as Arrow has it and in units."""
    import hyperscan
    import pyarrow
    import pyarrow.compute

    from policycore.text.expression import read, word
    from policycore.text.units import byte_syntax, in_units
    from policycore.text.view import views

    expressions = [*map(word, words), *map(read, _EXPRESSIONS)]
    parts = [byte_syntax(in_units(one)).encode() for one in expressions]
    utf8 = [*words, *(one.replace("(?<![0-9])", "").replace("(?![0-9])", "") for one in _EXPRESSIONS)]
    pieces = [column.slice(start, _ROWS) for start in range(0, len(column), _ROWS)]
    joined = [
        pyarrow.compute.binary_join(pyarrow.ListArray.from_arrays([0, len(piece)], piece), "\n")[0].as_buffer()
        for piece in pieces
    ]
    units: list[numpy.ndarray] = [view.units for piece in pieces for view in views(piece)]
    found: dict[str, Any] = {}
    for name, syntax, flags, buffers in (
        ("raw_utf8", [one.encode() for one in utf8], hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_MULTILINE, joined),
        ("raw_units", parts, 0, [one.tobytes() for one in units]),
    ):
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(syntax, ids=range(len(syntax)), flags=flags)
        hits: list[int] = []

        def scan(database: Any = database, buffers: Sequence[Any] = buffers, hits: list[int] = hits) -> None:
            hits.clear()
            append = hits.append

            def hit(_number: int, _begin: int, end: int, _flags: int, _context: object) -> None:
                append(end)

            for one in buffers:
                database.scan(bytes(one), hit)

        found[name] = _fastest(scan, repeat)
        found[f"{name}_hits"] = len(hits)
    return found


def _fastest(work: Callable[[], object], times: int) -> dict[str, float]:
    """Return the least seconds, and the least seconds of the processor, of several runs."""
    seconds, processor = [], []
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        work()
        seconds.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    return {"seconds": min(seconds), "cpu_seconds": min(processor)}


if __name__ == "__main__":
    part, place, *numbers = sys.argv[1:]
    if part == "write":
        write_messages(Path(place), *map(int, numbers))
        print("{}")  # noqa: T201 - read by the parent process
    else:
        print(json.dumps(measure_text(Path(place), *map(int, numbers))))  # noqa: T201 - as above
