"""Know the grammar of classification marks: level, star, period; and how people write around it.

A mark is ``机密★10年``, ``秘密★1年``, ``绝密★长期``, ``机密★会议开始前`` or ``机密★`` alone (secrecy law and the format
of official papers, GB/T 9704). The star decides: 保守国家秘密 and 公开的秘密 are prose. What follows the
star decides too: a row of stars and a number that is no period are a rating, and a title is a title.
Everything here reads folded text (half width, simplified, one form of star, one code for what is
invisible), so that offsets stay those of the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from policycore.text.marks.disguise import Seen, seen
from policycore.text.marks.periods import GAP, MISREAD_TERM, PLAIN_TERM, SIGNS, TERM, years

__all__ = [
    "HEADER_PATTERN",
    "LEVEL_PATTERN",
    "LONGEST_YEARS",
    "MARK_PATTERN",
    "TAIL_PATTERN",
    "WRITTEN_PATTERN",
    "Mark",
    "find_bare_words",
    "find_marks",
    "find_written_levels",
]

Manner = Literal["mark", "variant", "impossible-period", "misread"]

LONGEST_YEARS = {"绝密": 30, "机密": 20, "秘密": 10}

# What reading a picture makes of a level's characters, and of the star.
_FIRSTS = {"绝": "绝", "机": "机杌朼枛杋", "秘": "秘柲"}
_FIRST = "".join(_FIRSTS.values())
_SECOND = "密蜜宓泌"
_MISREAD_STAR = "大太女木夫米食星"
# Other signs in the star's place, which count only where a period follows.
_FOR_STAR = "#+&@$%=^"
# A picture in the star's place, which counts only where a number of years follows.
_DRAWN = rf"[^\w\s★*。.?!;,:{_FOR_STAR}{SIGNS}]"
_NOT_HAN = r"[^\u3400-\u9fff]"

LEVEL_PATTERN = f"[{_FIRST}]{_NOT_HAN}*[{_SECOND}]+"
"""What may be a level, in the linear dialect."""
_NUMERAL = "[0-9〇零一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾两廿卅]"
MARK_PATTERN = (
    f"{LEVEL_PATTERN}{_NOT_HAN}*(?:级{_NOT_HAN}*)?[★*{_FOR_STAR}{_MISREAD_STAR}]|★{_NOT_HAN}*{LEVEL_PATTERN}"
    f"|{LEVEL_PATTERN}{_NOT_HAN}*(?:级{_NOT_HAN}*)?(?:(?:{_NUMERAL}{_NOT_HAN}*){{1,4}}年|长{_NOT_HAN}*期)"
    f"|★{_NOT_HAN}*[{_SECOND}]{_NOT_HAN}*[{_FIRST}]|秘★[0-9]"
)
"""What to scan for, in the linear dialect."""
TAIL_PATTERN = f"^{_NOT_HAN}*(?:[{_SECOND}]{_NOT_HAN}*)?(?:级{_NOT_HAN}*)?[★*]"
"""How a message begins that ends a mark which the sender's message before it began, in the linear dialect."""
_BARE_LEVEL = "(?:绝[ \n\u200b]{0,4}密|机[ \n\u200b]{0,4}密|秘[ \n\u200b]{0,4}密)"
HEADER_PATTERN = f"(?:^|\n)[ \u200b]*{_BARE_LEVEL}[ \u200b]*(?:$|\n)"
"""A level alone on its line, for those who want the heads of papers without a star."""

_GAPS = "[ \u200b]{0,4}"
_WRITTEN = f"(?P<level>绝{_GAPS}密|机{_GAPS}密|秘{_GAPS}密)(?:{_GAPS}级)?"
_IN_HEAD = "[0-9]{6}[ ]{1,4}[绝机秘]密[ ]{1,4}(?:特提|特急|加急|平急)"
# A level and a period that fill a line: reading a picture loses the star between them more often than anything else.
_STARLESS = f"{_BARE_LEVEL}[ ]{{0,4}}(?:级[ ]{{0,4}})?(?:{_NUMERAL}{{1,4}}[ ]{{0,2}}(?:年|个月)|长期|启用前)[ \u200b]*"
_SPELLED = (
    "(?i:(?:jue|ji|mi)[ ]?mi|jm|(?:top[ ]?)?secret|confidential)[ ]{0,3}★[ ]{0,3}(?:[0-9]{1,2}[ ]?(?:年|ni)|长期)"
)
WRITTEN_PATTERN = (
    '密[ ]{0,4}级[ ]{0,4}[:为是]?[ ]{0,4}[(\\[【〔“"]?[ ]{0,4}[绝机秘][ ]{0,4}密'
    "|[(\\[【〔{][ ]{0,4}[绝机秘][ ]{0,4}密[ ]{0,4}(?:级[ ]{0,4})?(?:[文材资事信]?[件料项息][ ]{0,4})?[)\\]】〕}]"
    f"|{_IN_HEAD}|{_SPELLED}|(?:^|\n)[ \u200b]*{_STARLESS}(?:$|\n)"
)
"""A level written out without a star, 密级：机密, （机密） or 机密10年, or in Latin letters, in the linear dialect."""
_written = re.compile(
    f'密{_GAPS}级(?:{_GAPS}[:为是]|(?=[ \n]){_GAPS}(?=[^ ]{{2,3}}[ \n]{{1,8}}(?:保密)?期限)){_GAPS}[(\\[【〔“"]?{_GAPS}'
    f"{_WRITTEN}(?![/、或和]|,(?!{_GAPS}(?:保密)?期限)|{_GAPS}以上|[★*])"
    f"|(?P<opens>[(\\[【〔{{]){_GAPS}{_WRITTEN.replace('level', 'inside')}{_GAPS}"
    f"(?:[文材资事信]?[件料项息]{_GAPS})?[)\\]】〕}}]|(?P<head>{_IN_HEAD})|(?<![A-Za-z])(?P<spelled>{_SPELLED})"
    f"|(?:^|(?<=\n))[ \u200b]*(?P<starless>{_STARLESS})(?=$|\n)"
)
_spelled = {"ju": "绝密", "ji": "机密", "jm": "机密", "mi": "秘密", "to": "绝密", "se": "机密", "co": "秘密"}

# Compiled when a text first needs it: that takes as long as all the rest of this package.
_MARK = (
    f"(?P<first>[{_FIRST}])(?P=first){{0,2}}(?:{GAP}★)?{GAP}(?:(?P<inside>[^\u3400-\u9fff\n★]{{1,3}}){GAP})?"
    f"(?P<second>[{_SECOND}])(?P=second){{0,2}}{GAP}(?:级{GAP})?(?:(?P<between>[A-Za-z0-9]{{1,2}}){GAP})?"
    f"(?:(?P<star>★(?:[ \u200b]?★)*)|(?P<asterisk>(?<!\n)\\*|\\*(?! ))(?={GAP}(?:{TERM}|{MISREAD_TERM}))"
    f"|(?P<misread>[{_FOR_STAR}{_MISREAD_STAR}])(?={GAP}{TERM})|(?P<drawn>{_DRAWN}{{1,4}})(?={GAP}{PLAIN_TERM}))"
    f"(?:{GAP}(?:(?P<term>{TERM})|(?P<unclear>{MISREAD_TERM})))?"
)
# The parts of a mark in another order: ★机密10年, 10年★机密, 机密10年★.
_LEVEL = f"[{_FIRST}]{GAP}[{_SECOND}](?:{GAP}级)?"
_TURNED = (
    f"(?:(?P<before>{PLAIN_TERM}){GAP})?(?<!★)★{GAP}(?P<level>{_LEVEL})"
    rf"(?:{GAP}{PLAIN_TERM}(?![\u3400-\u9fff]|{GAP}★)|(?(before)(?![\u3400-\u9fff★])|(?!)))"
    rf"|(?P<last>{_LEVEL}){GAP}{PLAIN_TERM}{GAP}★(?![\w★])"
    # Written backwards, to be read from right to left; and ㊙, which is folded to its first character.
    rf"|(?:年[0-9]{{1,2}}|期长|年[一二三五]?十[二三]?){GAP}★{GAP}级?密{GAP}(?P<backwards>[{_FIRST}])"
    rf"|(?<![\w])(?P<alone>秘)★{PLAIN_TERM}"
)
_level_alone = re.compile(f"(?:^|(?<=\n))[ \u200b]*(?P<level>{_BARE_LEVEL})[ \u200b]*(?=\n|$)")
_plain = re.compile(rf"(?:绝密|机密|秘密)★(?:[0-9]{{1,2}}年|[0-9]{{1,2}}个月|长期|(?!{TERM}$)\w{{1,15}}|\w{{1,15}}前)?")
_header = re.compile(
    r"(?:^|\n)[ \u200b]*(?:份号[: ]*)?[0-9]{6}[ \u200b]*(?:\n|$)|份号[: ]*[0-9]{6}(?![0-9])|特急|加急|平急"
)
_HEADER_REACH = 80
# Characters looked at before a mark; a bound keeps a text full of marks linear.
_REACH_BACK = 40
_blanks = re.compile("[ \n\u200b]+")
# Secrets that are not the state's.
_others = re.compile(r"(?:商业|企业|公司|技术|经营|工作|个人|职业|行业)[ \u200b]*$")
# What is said about secrets in general, and is no mark for a star behind it.
_sayings = re.compile(r"(?:国家|党的|公开的|保守)[ \u200b]*$")
_somebodys = re.compile(r"的[ \u200b]*$")
# What speaks of marks, as lessons and rules do, in their sentence.
_spoken_of = re.compile(
    r"写法|举例|例如|比如|式样|什么意思|怎么[写标]|标法|字样|模拟[卷考试]|仿真|往年|真题|课件|讲解|授课"
)
_sentence_ends = re.compile(r"[。\n!?;]")
_REACH_ON = 20
_DECLARES = "为是定标印注着成系"
_decoration = re.compile(r"(?:^|[^密级★ ])[ ★]*★[ ]*$")
_title_begins = re.compile(r"[《〈『][^《》〈〉『』\n]*$")
_title_ends = re.compile(r"[^《》〈〉『』\n]{0,40}[》〉』]")
# A number after a star that is no period is a score: 4.5分, 9.0/10, 5星, 三星半.
_score = re.compile(
    f"{GAP}(?:[0-9]+(?:[.][0-9]+)?(?![0-9])(?:[ \u200b]*(?:分|星|颗|[%/,;。)\n]|$)| |[.][0-9])|[0-9]+[.][0-9]"
    "|[一二两三四五半](?:星|分|颗))"
)
_before_on_line = re.compile(r"(?:^|\n)(?:密级)?[^\w\n★]*$")
_rest_of_line = re.compile(r"[^\w\n★]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a mark stands, of which level, how it is written, and how sure it is."""

    category: str
    offset: int
    length: int
    manner: Manner
    in_header: bool
    doubtful: bool
    """Whether what stands around it may make it something else: a sentence, a title, a word of everyday life."""


def find_marks(folded: str, text: str) -> Iterator[Mark]:
    """Yield the marks in `folded`; `text` is the original, to tell plain writing from variants."""
    view, last = seen(folded), 0
    for found in re.finditer(_MARK, view.text):
        near = view.text[max(0, found.start() - _REACH_BACK) : found.start()].replace("\u200b", "")
        if _others.search(near):
            continue
        doubtful = _doubt(found, near, view.text)
        if doubtful is None:
            continue
        after = view.text[found.end() : found.end() + _REACH_ON]
        sentence = _sentence_ends.split(near)[-1] + "|" + _sentence_ends.split(after)[0]
        doubtful = doubtful or _spoken_of.search(sentence) is not None
        begin, end = view.begins[found.start()], view.ends[found.end() - 1]
        category = _category(found)
        yield Mark(
            category=category,
            offset=begin,
            length=end - begin,
            manner=_manner(found, category, text[begin:end]),
            in_header=_near_header(folded, begin, end),
            doubtful=doubtful,
        )
        last = end
    yield from (mark for mark in _turned(view) if mark.offset >= last)


def _turned(view: Seen) -> Iterator[Mark]:
    """Yield the marks whose parts stand in another order than the official one; none of them is sure."""
    for found in re.finditer(_TURNED, view.text):
        near = view.text[max(0, found.start() - _REACH_BACK) : found.start()].replace("\u200b", "")
        level = found["level"] or found["last"] or found["backwards"] or found["alone"]
        everyday = level[0] in _FIRSTS["秘"] and bool(found["last"]) and near[-1:].isalnum()
        if everyday or any(one.search(near) for one in (_others, _sayings, _title_begins)):
            continue
        begin, end = view.begins[found.start()], view.ends[found.end() - 1]
        category = next(one for one, forms in _FIRSTS.items() if level[0] in forms) + "密"
        yield Mark(category, begin, end - begin, "variant", in_header=False, doubtful=True)


def find_bare_words(folded: str) -> Iterator[Mark]:
    """Yield levels that stand alone on their line in the head of an official paper."""
    for found in _level_alone.finditer(folded):
        if _near_header(folded, found.start(), found.end()):
            start, end = found.span("level")
            yield Mark(_blanks.sub("", found["level"]), start, end - start, "mark", in_header=True, doubtful=False)


def find_written_levels(folded: str, *, sure: bool = False) -> Iterator[Mark]:
    """Yield levels that are written out without a star: 密级：机密, （机密）, 【绝密】, 机密10年 on a line of its own.

    Those that are `sure` are none that a sentence adds in round brackets.
    """
    written = list(_written.finditer(folded))
    # Lines with several levels and their periods tell what the law says of each.
    bare = {found["starless"].strip(" \u200b")[0] for found in written if found["starless"]}
    for found in written:
        if sure and found["opens"] in ("(", "[", "{") and folded[: found.start()].strip(" \n\u200b"):
            continue
        level = _blanks.sub("", found["level"] or found["inside"] or "")
        if found["head"]:
            level = found["head"][6:].strip()[:2]
        elif found["spelled"]:
            level = _spelled[found["spelled"][:2].lower()]
        elif found["starless"]:
            if len(bare) > 1:
                continue
            level = found["starless"].strip(" \u200b")[0] + "密"
        yield Mark(level, found.start(), len(found[0]), "mark", in_header=False, doubtful=True)


def _doubt(found: re.Match[str], near: str, text: str) -> bool | None:
    """Return whether a mark is doubtful, or None where it is none: a rating, a title, a decoration."""
    titled = _title_begins.search(near) is not None and (
        _title_ends.match(text, found.end()) is not None or any(sign in found[0] for sign in "》〉』")
    )
    row = found["star"] is not None and found["star"].count("★") > 1
    letter = near[-1:].isalnum()
    if found["inside"] or found["between"]:
        # A letter within a mark hides it; what a star ends by chance is none.
        return True if found["term"] or _rest_of_line.match(text, found.end()) else None
    if found["term"] or found["unclear"]:
        if "\n" in found[0] and _decoration.search(near):
            return True  # two entries of a list with stars for bullets
        if text[found.end() : found.end() + 1] in ("级", "代", "制"):
            return True  # 5年级, 80年代 and 4年制 are no periods
        if row:
            # Two stars and a period are hardly a rating.
            return True if text[found.end("star")] not in " \n" or found["star"].count("★") == 2 else None
        # 秘密 is a word of everyday life (成功的秘密★10年经验); the other two hardly are, nor what is declared 秘密.
        return titled or (letter and found["first"] in _FIRSTS["秘"] and near[-1] not in _DECLARES)
    decorated = any(one.search(near) for one in (_decoration, _sayings))
    decorated = decorated or (found["first"] in _FIRSTS["秘"] and _somebodys.search(near) is not None)
    if titled or row or decorated or _score.match(text, found.end()):
        return None
    alone = _before_on_line.search(near) is not None and _rest_of_line.match(text, found.end()) is not None
    return not alone


def _category(found: re.Match[str]) -> str:
    """Return the level that is meant."""
    return next(level for level, forms in _FIRSTS.items() if found["first"] in forms) + "密"


def _manner(found: re.Match[str], category: str, written: str) -> Manner:
    """Return how the mark is written."""
    if (
        found["misread"]
        or found["drawn"]
        or found["unclear"]
        or found["first"] != category[0]
        or found["second"] != "密"
    ):
        return "misread"
    if years(found["term"] or "") > LONGEST_YEARS[category]:
        return "impossible-period"
    return "mark" if _plain.fullmatch(written) else "variant"


def _near_header(folded: str, start: int, end: int) -> bool:
    """Return whether a copy number or a degree of urgency stands near."""
    return _header.search(folded[max(0, start - _HEADER_REACH) : end + _HEADER_REACH]) is not None
