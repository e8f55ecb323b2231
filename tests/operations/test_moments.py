"""Times that options name, around changes of the clocks."""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.errors import UsageError
from policycore.language import use_language
from policycore.operations.moments import moment_in

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "zone", "meant"),
    [
        ("2024-04-15", SHANGHAI, "2024-04-15T00:00:00+08:00"),
        ("2024.4.15", SHANGHAI, "2024-04-15T00:00:00+08:00"),
        ("２０２４年4月5日 9:05", SHANGHAI, "2024-04-05T09:05:00+08:00"),
        ("2024/4/15 9:05:30+00:00", SHANGHAI, "2024-04-15T09:05:30+00:00"),
        ("2024-03-31T03:00", BERLIN, "2024-03-31T03:00:00+02:00"),
        ("2024-10-27T02:30+02:00", BERLIN, "2024-10-27T02:30:00+02:00"),
        ("2024-10-27T02:30+01:00", BERLIN, "2024-10-27T02:30:00+01:00"),
        ("1988-07-01T12:00", SHANGHAI, "1988-07-01T12:00:00+09:00"),
        # Midnight was skipped that day, which began an hour later all the same.
        ("1940-06-01", SHANGHAI, "1940-06-01T01:00:00+09:00"),
    ],
)
def test_a_time_in_a_zone(text: str, zone: ZoneInfo, meant: str) -> None:
    assert moment_in(text, "--as-of", zone).isoformat() == meant


@pytest.mark.parametrize(
    ("text", "zone", "word"),
    [
        ("2024-03-31T02:30", BERLIN, "forward"),
        ("1988-04-17T02:30", SHANGHAI, "forward"),
        ("2024-10-27T02:30", BERLIN, "twice"),
        ("1988-09-11T01:30", SHANGHAI, "twice"),
        ("2024-02-30", BERLIN, "such as"),
        ("2024.2.30", BERLIN, "such as"),
        ("2024年3月", BERLIN, "such as"),
        ("2024-04-155", BERLIN, "such as"),
        ("0001-01-01", BERLIN, "such as"),
        ("9999-12-31T23:59:59+00:00", BERLIN, "such as"),
    ],
)
def test_what_is_not_one_time_is_refused(text: str, zone: ZoneInfo, word: str) -> None:
    with use_language("en"), pytest.raises(UsageError) as caught:
        moment_in(text, "--as-of", zone)
    assert word in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="no tzset on Windows")
def test_the_zone_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(os.environ, "TZ", "Europe/Berlin")
        time.tzset()
        assert moment_in("2024-07-01T12:00", "--until", None).utcoffset() == timedelta(hours=2)
        for text in ("2024-03-31T02:30", "2024-10-27T02:30"):
            with pytest.raises(UsageError):
                moment_in(text, "--until", None)
    time.tzset()


@given(st.datetimes(), st.sampled_from([BERLIN, SHANGHAI]))
def test_what_is_accepted_reads_the_same_on_the_clocks_of_the_zone(local, zone) -> None:
    text = local.isoformat()
    try:
        found = moment_in(text, "--as-of", zone)
    except UsageError:
        return
    assert found.replace(tzinfo=None, fold=0) == local
