"""Why the operating system refuses is said in the reader's language, with nothing of what was read."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from urllib.error import URLError

import pytest

from policycore.language import use_language
from policycore.system.refusals import refusal_words

USUAL = (
    *("ENOENT", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "ENOSPC", "EDQUOT", "EROFS", "EMFILE", "ENFILE"),
    *("ENAMETOOLONG", "EEXIST", "EPIPE", "ELOOP", "EIO", "EBUSY", "ECONNREFUSED", "ETIMEDOUT"),
)


@pytest.mark.parametrize("name", USUAL)
def test_the_usual_reasons_are_said_in_both_languages(name: str) -> None:
    number = getattr(errno, name)
    for error in (OSError(number, os.strerror(number)), URLError(OSError(number, os.strerror(number)))):
        with use_language("zh"):
            assert not refusal_words(error).isascii()
        with use_language("en"):
            assert refusal_words(error).isascii()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EXDEV, "Invalid cross-device link"), "Invalid cross-device link"),
        (OSError("the card 6222 is full"), "OSError"),
        (ValueError("embedded null byte"), "ValueError"),
        (URLError("no host given"), "URLError"),
        (OSError(-2, "Name or service not known"), "Name or service not known"),
        (UnicodeDecodeError("utf-8", b"\xc3(", 0, 1, "of a secret"), "不是UTF-8文本"),
    ],
)
def test_other_reasons_are_said_as_the_system_does_or_by_their_kind(error: Exception, words: str) -> None:
    with use_language("zh"):
        assert refusal_words(error) == words


def test_no_module_says_the_systems_own_words() -> None:
    root = Path(__file__).parents[2]
    said = {
        path.name
        for folder in ("policycore", "tui", "plugins")
        for path in (root / folder).rglob("*.py")
        if ".strerror" in path.read_text(encoding="utf-8")
    }
    assert said == {"refusals.py", "failures.py"}, "the other one asks which error it is"
