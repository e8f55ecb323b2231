"""Marks in pictures and scanned papers, read by the real models; skipped without the extra or a Chinese font."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import pytest

from policycore.files.kinds import take
from policycore.text.fold import fold
from policycore.text.marks.grammar import find_marks

pytest.importorskip("rapidocr", reason="the extra policycore[ocr] is not installed")
pytest.importorskip("onnxruntime", reason="the extra policycore[ocr] is not installed")
PIL = pytest.importorskip("PIL.Image", reason="the extra policycore[ocr] is not installed")
ImageDraw, ImageEnhance, ImageFilter, ImageFont = (
    pytest.importorskip(f"PIL.Image{part}") for part in ("Draw", "Enhance", "Filter", "Font")
)
pytest.importorskip("pypdfium2", reason="the extra policycore[ocr] is not installed")

FONTS = sorted(Path("/usr/share/fonts").rglob("NotoS*CJK-*.ttc"))
pytestmark = [
    pytest.mark.skipif(not FONTS, reason="no Chinese font here (fonts-noto-cjk)"),
    pytest.mark.long,
]
LINE = "各部门要高度重视微信工作群规范管理工作，认真落实主体责任，按期报送。"


def page(seed: random.Random, mark: str) -> Any:
    """Return the head of a paper as it is printed."""
    image = PIL.new("RGB", (1000, 520), seed.choice(["white", (246, 243, 235)]))
    drawn = ImageDraw.Draw(image)

    def write(place: tuple[int, int], text: str, size: int, colour: str = "black") -> None:
        drawn.text(place, text, font=ImageFont.truetype(str(seed.choice(FONTS)), size), fill=colour)

    write((80, 30), f"{seed.randrange(10**6):06}", 22)
    write((seed.choice([80, 600]), 80), mark, seed.choice([22, 26, 30, 34]))
    write((250, 190), "关于开展专项检查的通知", 40, seed.choice(["black", "red"]))
    for number in range(4):
        write((80, 290 + 45 * number), LINE, 22)
    return image


def spoilt(seed: random.Random, image: Any, way: str) -> bytes:
    """Return a picture as people send it."""
    width, height = image.size
    quality = 70
    if way == "skewed":
        image = image.rotate(seed.uniform(-6, 6), expand=True, fillcolor="white", resample=PIL.Resampling.BICUBIC)
    elif way == "dim":
        image = ImageEnhance.Brightness(image).enhance(seed.uniform(0.3, 0.6))
        image = ImageEnhance.Contrast(image).enhance(seed.uniform(0.4, 0.8))
    elif way == "compressed":
        image, quality = image.resize((width * 7 // 10, height * 7 // 10)), seed.randrange(12, 30)
    else:
        left, right = seed.uniform(0, 0.06) * width, seed.uniform(0, 0.06) * width
        corners = (-left, 0, -right, height, width + right, height, width + left, 0)
        image = image.transform((width, height), PIL.Transform.QUAD, corners, PIL.Resampling.BICUBIC, fillcolor="grey")
        image = image.filter(ImageFilter.GaussianBlur(seed.uniform(0.3, 1.0)))
        image = PIL.blend(image, PIL.effect_noise(image.size, seed.uniform(10, 30)).convert("RGB"), 0.12)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def bears_mark(text: str) -> bool:
    return bool(list(find_marks(fold(text), text)))


@pytest.mark.timeout(1200)
def test_marks_in_pictures_as_people_send_them_are_read():
    seed = random.Random(20240415)  # noqa: S311 - the same pictures every time
    ways = ("skewed", "compressed", "dim", "photographed")
    missed = []
    for number in range(40):
        mark = (
            seed.choice(["机密", "秘密", "绝密"])
            + seed.choice(["★", " ★ ", "☆"])
            + seed.choice(["10年", "6个月", "长期"])
        )
        taken = take(spoilt(seed, page(seed, mark), ways[number % 4]))
        if not bears_mark(taken.text):
            missed.append((ways[number % 4], mark, taken.text[:60]))
    assert len(missed) <= 2, missed


@pytest.mark.timeout(600)
def test_pictures_without_a_mark_bear_none():
    seed = random.Random(7)  # noqa: S311 - as above
    ways = ("skewed", "compressed", "dim", "photographed")
    texts = (
        "机密性、完整性",
        "秘密花园",
        "评分★★★★★",
        "保守国家秘密",
        "公开的秘密",
        "机密★4.5分",
        "商业秘密★5年",
        "《绝密★飞行》",
    )
    for number in range(20):
        taken = take(spoilt(seed, page(seed, texts[number % len(texts)]), ways[number % 4]))
        assert not any(not mark.doubtful for mark in find_marks(fold(taken.text), taken.text)), taken.text


def test_a_blurred_picture_is_less_sharp_than_any_that_can_be_read():
    seed = random.Random(5)  # noqa: S311 - as above
    sharp = [
        take(spoilt(seed, page(seed, "通知"), way), "no").picture
        for way in ("skewed", "compressed", "dim", "photographed")
    ]
    blurred = []
    for radius in (2, 3, 5):
        stream = io.BytesIO()
        page(seed, "通知").filter(ImageFilter.GaussianBlur(radius)).save(stream, "JPEG")
        blurred.append(take(stream.getvalue(), "no").picture)
    assert max(one.sharpness for one in blurred) < 4 < min(one.sharpness for one in sharp)
    cut = take(stream.getvalue()[:2000], "no").picture
    assert (cut.width, cut.height, cut.sharpness) == (0, 0, None)


def test_a_scanned_page_is_read_with_its_place_and_only_as_far_as_asked():
    seed = random.Random(3)  # noqa: S311 - as above
    stream = io.BytesIO()
    page(seed, "机密★10年").save(stream, "PDF", append_images=[page(seed, "通知")], save_all=True)
    taken = take(stream.getvalue())
    (found,) = [piece for piece in taken.pieces if "★" in piece.text]
    assert (found.page, found.box is not None, taken.unread) == (1, True, ())
    assert {piece.page for piece in taken.pieces} == {1, 2}
    head = take(stream.getvalue(), "header")
    assert bears_mark(head.text)
    assert [(one.reason, one.page) for one in head.unread] == [("not-asked", 1), ("not-asked", 2)]
    assert [one.reason for one in take(stream.getvalue(), "no").unread] == ["not-asked"] * 2


def test_a_long_screenshot_is_read_in_pieces_each_line_once():
    image = PIL.new("RGB", (700, 5200), "white")
    drawn = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(FONTS[0]), 34)
    for number in range(50):
        drawn.text((40, 30 + number * 103), f"第{number:02}条消息内容", font=font, fill="black")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    read = [piece.text for piece in take(stream.getvalue()).pieces]
    assert [text[1:3] for text in read] == [f"{number:02}" for number in range(50)]


def test_a_picture_inside_a_form_is_looked_at_where_the_form_stands():
    picture = io.BytesIO()
    page(random.Random(3), "机密★10年").save(picture, "JPEG")  # noqa: S311 - as above

    def stream(head: bytes, body: bytes) -> bytes:
        return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(body), body)

    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 900]/Contents 4 0 R"
        b"/Resources<</XObject<</F 5 0 R>>/Font<</T 7 0 R>>>>>>",
        stream(b"", b"BT /T 12 Tf 50 50 Td (Notice) Tj ET q 1 0 0 1 50 580 cm /F Do Q"),
        stream(b"/Subtype/Form/BBox[0 0 500 260]/Resources<</XObject<</I 6 0 R>>>>", b"q 500 0 0 260 0 0 cm /I Do Q"),
        stream(
            b"/Subtype/Image/Width 1000/Height 520/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode",
            picture.getvalue(),
        ),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % numbered for numbered in enumerate(objects, 1))
    taken = take(b"%PDF-1.7\n" + body + b"trailer <</Root 1 0 R/Size 8>>\n%%EOF")
    assert "Notice" in taken.text
    assert bears_mark(taken.text)
