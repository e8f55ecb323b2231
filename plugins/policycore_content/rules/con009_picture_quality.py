"""A picture of a notice that nobody can read tells nobody anything."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text, Verdict

# The line at the top of a telephone's screen: the time, and behind it network or battery.
_STATUS = (
    r"(?m)^\s*(?:[01]?[0-9]|2[0-3]):[0-5][0-9][^\n]{0,24}"
    r"(?:[345]G|HD|WiFi|WLAN|LTE|中国移动|中国联通|中国电信|[0-9]{1,3}%)"
)
_IMAGE = "messages.type = 'image'"
_READ = f"{_IMAGE} AND coalesce(length(attachments.text), $minimum_characters) >= $minimum_characters"


class PictureQuality(Rule):
    """A picture cannot be opened, or what is written in it is too small, blurred or a screenshot of a screenshot.

    The import measures every picture it reads: pixels, and sharpness by its contrast, so that a dim one is no blurred
    one. Only pictures in which something is written are judged beyond whether they open. Each is a hint that a person
    confirms. Put it right by posting the original picture or, better, the text.
    """

    id = "CON009"
    name = "content/picture-quality"
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    subject = Subject.MESSAGE
    per_group = True
    requires = (
        Needs("messages.attachments.width", when=_IMAGE, stands="hits"),
        Needs("messages.attachments.height", when=_IMAGE, stands="hits"),
        Needs("messages.attachments.sharpness", when=_READ, stands="hits"),
        Needs("messages.attachments.text", when=f"{_IMAGE} AND coalesce(attachments.width, 1) > 0", stands="hits"),
    )
    applies_when = "type = 'image'"
    key_facts = ("attachment_id",)
    title = Text(zh="图片真实清晰", en="Pictures are clear")
    headline = Text(zh="图片可能看不清", en="A picture may not be readable")
    message = {
        "undecodable": Text(zh="图片打不开", en="the picture cannot be opened"),
        "small": Text(
            zh="图片中有文字，但只有{width}×{height}像素（短边标准{minimum_side}）",
            en="has writing in it and {width} by {height} pixels (at least {minimum_side} on the shorter side)",
        ),
        "blurred": Text(
            zh="图片中有文字，但清晰度{sharpness}低于{minimum_sharpness}",
            en="has writing in it and a sharpness of {sharpness} (at least {minimum_sharpness})",
        ),
        "screenshot": Text(zh="疑似截图的截图", en="seems to be a screenshot of a screenshot"),
    }
    explanation = Text(
        zh="发布通知及相关信息应图片真实清晰。清晰度按像素和反差测得，只作提示，由人确认。",
        en="Pictures of notices have to be clear. Pixels and contrast only hint; a person confirms.",
    )
    remediation = (Step("sender", Text(zh="改发原图或文字", en="post the original, or the text"), 1),)
    tighter = {"minimum_side": "higher", "minimum_sharpness": "higher", "minimum_characters": "lower"}

    class Params(Rule.Params):
        """How large and sharp a picture with writing in it must be."""

        minimum_side: int = Field(
            320,
            ge=16,
            le=4000,
            description="pixels of the shorter side of a picture with writing in it",
            json_schema_extra={"zh": "有文字的图片短边至少多少像素"},
        )
        minimum_sharpness: int = Field(
            4,
            ge=0,
            le=1000,
            description="sharpness of a picture with writing in it; a fair photograph of print has 20 and more",
            json_schema_extra={"zh": "有文字的图片清晰度至少多少；拍得清楚的印刷文字在20以上"},
        )
        minimum_characters: int = Field(
            8,
            ge=1,
            le=1000,
            description="characters from which on a picture has writing in it",
            json_schema_extra={"zh": "图中读出多少字以上算有文字"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find pictures that do not open, and those with writing that is hard to read."""
        return estate.query(
            f"""WITH judged AS (
                SELECT m.group_id, m.id AS message_id, t.id AS attachment_id, t.width, t.height, t.sharpness,
                    CASE WHEN t.width = 0 THEN 'undecodable'
                        WHEN t.text IS NULL OR length(t.text) < $minimum_characters THEN NULL
                        WHEN least(t.width, t.height) < $minimum_side THEN 'small'
                        WHEN t.sharpness < $minimum_sharpness THEN 'blurred'
                        WHEN len(regexp_extract_all(t.text, '{_STATUS}')) > 1 THEN 'screenshot' END AS reason
                FROM attachments t JOIN messages m ON m.id = t.message_id WHERE m.type = 'image'
            ) FROM judged WHERE reason IS NOT NULL""",
            params,
        )

    cases = (
        Case(
            "none that opens, small, blurred, a screenshot in a screenshot",
            zh="打不开的、太小的、模糊的、截图的截图",
            given={
                "groups": [{"id": "g1"}],
                "messages": [{"id": f"m{number}", "group_id": "g1", "type": "image"} for number in range(7)],
                "attachments": [
                    {"id": f"f{number}", "message_id": f"m{number}", "name": "图.jpg"}
                    | {"width": width, "height": height, "sharpness": sharpness, "text": text}
                    for number, (width, height, sharpness, text) in enumerate(
                        (
                            (0, 0, None, ""),
                            (300, 200, 40, "关于召开工作会的通知"),
                            (1000, 800, 3, "关于召开工作会的通知"),
                            (1080, 2400, 40, "9:41 5G 80%\n群聊\n10:02 中国移动 4G\n关于召开工作会的通知"),
                            (1080, 2400, 40, "9:41 5G 80%\n关于召开工作会的通知"),
                            (120, 120, 2, "好"),
                            (1000, 800, 40, "关于召开工作会的通知"),
                        )
                    )
                ],
            },
            finds=("m0", "m1", "m2", "m3"),
            reasons={"m0": "undecodable", "m1": "small", "m2": "blurred", "m3": "screenshot"},
        ),
        Case(
            "a picture that nobody measured or read",
            zh="没有测量、没有读过的图片",
            given={
                "groups": [{"id": "g1"}],
                "messages": [{"id": "m1", "group_id": "g1", "type": "image"}],
                "attachments": [{"id": "f1", "message_id": "m1", "name": "图.jpg"}],
            },
            lacks=("attachments.width", "attachments.height", "attachments.sharpness", "attachments.text"),
            unknown=("m1",),
        ),
    )
