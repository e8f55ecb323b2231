"""The grammar of display names: a list of parts in their order, with what may stand between them.

``unit``, ``region``, ``class`` and ``team`` are the person's department or one above or below it, under
the name by which a policy calls it, ``company`` is the topmost one; ``title`` is the person's own
position as the directory has it, ``post`` any word that is a post. So 单位+姓名 is ``[unit, name]``,
公司+部门+职位+姓名 ``[company, unit, title, name]``, 班组+姓名+手机号 ``[team, name, phone]``.
"""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from policycore import Field, Rule, Text
from policycore_admission.spelling import BRACKETS, SEPARATORS

__all__ = ["LABELS", "POSTS", "POST_PREFIXES", "UNITS", "Form", "Grammar", "Part", "form_text", "kind_of", "required"]

Kind = Literal["unit", "company", "region", "class", "team", "name", "title", "post", "phone"]
Part = Literal[
    "unit", "company", "region", "class", "team", "name", "title", "post", "phone",
    "unit?", "company?", "region?", "class?", "team?", "title?", "post?", "phone?",
]  # fmt: skip
Form = tuple[Part, ...]

LABELS: dict[str, Text] = {
    "unit": Text(zh="单位", en="unit"),
    "company": Text(zh="公司", en="company"),
    "region": Text(zh="地区", en="region"),
    "class": Text(zh="专业班级", en="class"),
    "team": Text(zh="班组", en="team"),
    "name": Text(zh="姓名", en="name"),
    "title": Text(zh="职位", en="position"),
    "post": Text(zh="职务", en="post"),
    "phone": Text(zh="手机号", en="mobile number"),
}
UNITS = ("unit", "company", "region", "class", "team")
"""Parts that are units of the directory, under the name by which a policy calls them."""


POSTS = (
    "处长", "部长", "科长", "院长", "校长", "所长", "馆长", "主任", "书记", "主席", "会长", "队长", "班长", "组长",
    "秘书", "干事", "科员", "干部", "委员", "专干", "联络员", "辅导员", "管理员", "调研员", "组织员", "教师", "老师",
    "教授", "讲师", "助教", "工程师", "会计", "出纳", "医生", "护士", "园长", "社长", "站长", "局长", "厅长", "经理",
    "博士", "博导", "硕导", "导师", "院士", "研究员", "馆员", "班主任", "同志", "助理", "专员", "主管", "顾问", "总监",
    "医师", "药师", "技师", "实验师", "技术员", "教练", "师傅", "支书", "股长", "县长", "区长", "镇长", "乡长",
)  # fmt: skip
"""Posts, degrees and forms of address that follow a name; 副, 党委 and the like before them."""

POST_PREFIXES = ("常务副", "党总支副", "党总支", "党委副", "党委", "党支部", "高级", "副", "总", "代")
"""What may stand before a post."""


class Grammar(Rule.Params):
    """What a display name must look like; shared by every rule that reads display names."""

    forms: tuple[Form, ...] = Field(
        (("unit", "name", "post?"),),
        min_length=1,
        max_length=8,
        description="forms a display name may have: lists of parts in their order, ? after one that may be left out",
        json_schema_extra={"zh": "群昵称可以采用的格式：依次列出各部分，可以省略的后面加问号"},
    )
    separators: tuple[str, ...] = Field(
        SEPARATORS,
        min_length=1,
        max_length=40,
        description="what may stand between the parts; an empty text lets them follow one another",
        json_schema_extra={"zh": "各部分之间允许的分隔符；空文字表示可以直接相连"},
    )
    brackets: tuple[str, ...] = Field(
        BRACKETS,
        max_length=20,
        description="pairs of brackets that may enclose one part, for example ()",
        json_schema_extra={"zh": "可以括住其中一部分的成对括号，例如“()”"},
    )
    width: Literal["any", "half", "full"] = Field(
        "any",
        description="width of separators, brackets and digits",
        json_schema_extra={"zh": "分隔符、括号和数字的全角半角要求"},
    )
    posts: tuple[str, ...] = Field(
        POSTS, max_length=500, description="words that are posts", json_schema_extra={"zh": "视为职务的词语"}
    )
    longest: int = Field(
        60,
        ge=4,
        le=500,
        description="characters a display name may have that is not just the person's unit and name",
        json_schema_extra={"zh": "群昵称最多的字数；只含本人单位和姓名的不受此限"},
    )

    @field_validator("forms")
    @classmethod
    def _each_form_has_one_name(cls, forms: tuple[Form, ...]) -> tuple[Form, ...]:
        """Refuse a form that names nobody, or a part twice."""
        for form in forms:
            kinds = [kind_of(part) for part in form]
            if "name" not in kinds or len(set(kinds)) < len(kinds):
                raise ValueError(f"a form has a name, and each part once: {', '.join(form)}")
        return forms


def kind_of(part: Part) -> Kind:
    """Return what a part is, whether it may be left out or not."""
    return part.removesuffix("?")  # type: ignore[return-value] # every Part without its ? is a Kind


def required(form: Form) -> Form:
    """Return the parts of `form` that must not be left out."""
    return tuple(part for part in form if not part.endswith("?"))


def form_text(grammar: Grammar, *, own: bool = False) -> Text:
    """Return the first form in words: 单位-姓名; with `own`, as one tells it to the person: 单位-本人姓名."""
    separator = next((text for text in grammar.separators if text.strip()), " ")
    labels = [LABELS[kind_of(part)] for part in required(grammar.forms[0])]
    prefixes = [("本人", "own ") if own and label is LABELS["name"] else ("", "") for label in labels]
    return Text(
        zh=separator.join(prefix + label.zh for (prefix, _), label in zip(prefixes, labels, strict=True)),
        en=separator.join(prefix + label.en for (_, prefix), label in zip(prefixes, labels, strict=True)),
    )
