"""Open the HTML report in a real browser, where there is one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.model.result import RunResult
from policycore.reports import formats

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def browser() -> str:
    """Return a browser that can run without a screen."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium is installed here")


def opened(browser: str, page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Return what the browser said when it opened a page."""
    return subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", *options, page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )


def test_a_browser_shows_and_prints_the_page_without_complaint(
    browser: str, make_result: Callable[..., RunResult], tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    with page.open("wb") as stream:
        formats()["html"].write(make_result(), stream, "zh")
    picture, paper = tmp_path / "page.png", tmp_path / "page.pdf"
    said = opened(browser, page, f"--screenshot={picture}", "--window-size=1000,1800").stderr
    assert "CONSOLE" not in said
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 20_000
    opened(browser, page, f"--print-to-pdf={paper}")
    assert paper.read_bytes().startswith(b"%PDF")


def test_no_hostile_name_runs_in_a_browser(browser: str, hostile_result: RunResult, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    with page.open("wb") as stream:
        formats()["html"].write(hostile_result, stream, "zh")
    ended = opened(browser, page, "--dump-dom")
    assert "CONSOLE" not in ended.stderr
    assert ended.stdout.count("<article") == 1000
    assert "<script" not in ended.stdout
    assert "<img" not in ended.stdout
