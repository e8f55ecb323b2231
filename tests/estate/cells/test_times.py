from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.estate.cells.times import parse_moment, parse_span, parse_time, since_1970

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-22T15:04:00+08:00",
        "2024-03-22 15:04",
        "2024-03-22T07:04:00Z",
        "2024-03-22T07:04Z",
        "2024-03-22T15:04:00.000+0800",
        "2024-03-22T15:04:00+08",
        "2024/3/22 15:04:00",
        "2024.3.22 15:04",
        "2024年3月22日15时4分",
        "2024年3月22日 15:04:00",
        "2024年3月22日下午3:04",
        "2024年03月22日 下午 3点04分",
        " 2024-03-22 15\uff1a04 ",
    ],
)
def test_what_officials_and_programs_write_is_one_moment(text):
    assert parse_time(text, SHANGHAI) == datetime(2024, 3, 22, 7, 4, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2024-03-22", "2024/3/22", "2024.03.22", "2024年3月22日", "2024年3月22"])
def test_a_date_is_its_first_moment(text):
    assert parse_time(text, SHANGHAI) == datetime(2024, 3, 21, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-03-22 上午12:30", "2024-03-22T00:30:00+08:00"),
        ("2024-03-22 上午 9:05", "2024-03-22T09:05:00+08:00"),
        ("2024-03-22 下午12:30", "2024-03-22T12:30:00+08:00"),
        ("2024年3月22日下午1点", "2024-03-22T13:00:00+08:00"),
    ],
)
def test_twelve_begins_the_morning_and_the_afternoon(text, meant):
    assert parse_time(text, SHANGHAI) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-03-22", "2024-03-22T23:59:59.999999+08:00"),
        ("2024年3月22日", "2024-03-22T23:59:59.999999+08:00"),
        ("2024-03-22 00:00", "2024-03-22T00:00:00+08:00"),
        ("2024-03-22T10:00:00Z", "2024-03-22T10:00:00+00:00"),
    ],
)
def test_a_day_alone_as_a_moment_is_its_end(text, meant):
    assert parse_moment(text, SHANGHAI) == datetime.fromisoformat(meant)


def test_the_end_of_a_day_on_which_clocks_change_is_the_end_of_that_day():
    berlin = ZoneInfo("Europe/Berlin")
    assert parse_moment("2024-03-31", berlin) == datetime.fromisoformat("2024-03-31T23:59:59.999999+02:00")


@pytest.mark.parametrize(
    "text",
    ["", "now", "2024", "2024-13-01", "2024-02-30", "22.3.2024", "12:30", "2024-03-22T25:00", "45373", "2024-3/22"],
)
def test_anything_else_is_no_time(text):
    assert parse_time(text, SHANGHAI) is None


@given(st.datetimes(datetime(1990, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)))
def test_every_iso_time_reads_back(moment):
    assert parse_time(moment.isoformat(), SHANGHAI) == moment


@given(st.text(max_size=40))
def test_no_text_raises(text):
    parse_time(text, SHANGHAI)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019年8月", "2019-08-01", "2019-09-01"),
        ("2019年8月份", "2019-08-01", "2019-09-01"),
        ("2019-08", "2019-08-01", "2019-09-01"),
        ("2019.9", "2019-09-01", "2019-10-01"),
        ("2019/12", "2019-12-01", "2020-01-01"),
        ("2019年", "2019-01-01", "2020-01-01"),
        (" 2023 ", "2023-01-01", "2024-01-01"),
    ],
)
def test_a_month_or_year_is_all_of_it(text: str, first: str, last: str) -> None:
    span = parse_span(text, SHANGHAI)
    assert span is not None
    assert span[0] == datetime.fromisoformat(first).replace(tzinfo=SHANGHAI)
    assert span[1] + timedelta(microseconds=1) == datetime.fromisoformat(last).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("text", ["2024-03-22", "20240322", "2024年3月22日", "2024-03-21T24:00"])
def test_a_day_is_exact(text: str) -> None:
    moment = datetime(2024, 3, 22, tzinfo=SHANGHAI)
    assert parse_span(text, SHANGHAI) == (moment, moment)


@pytest.mark.parametrize(
    "text", ["2019.13", "2019-0", "2019年底", "约2019年", "201908", "45200", "2024-03-21T24:01", ""]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_span(text, SHANGHAI) is None


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        *(
            (text, "2023-09-01", "2023-09-01")
            for text in (
                "2023 年 9 月 1 日",
                "2023、9、1",
                "2023.09.01.",
                "23年9月1号",
                "2023—9—1",
                "2023–09–01",
                "2023。9。1",
            )
        ),
        *((text, "2023-09-01", "2023-09-01") for text in ("二〇二三年九月一日", "Sep 1, 2023", "2023年9月1日（周五）")),
        *((text, "2023-09-01", "2023-10-01") for text in ("2023.9.", "Sept. 2023", "二○二三年九月", "2023年9月中旬")),
        ("2023年十二月", "2023-12-01", "2024-01-01"),
        ("2023年下半年", "2023-07-01", "2024-01-01"),
        ("2023年第二季度", "2023-04-01", "2023-07-01"),
        ("2023年春季", "2023-01-01", "2024-01-01"),
    ],
)
def test_a_sheet_holds_dates_as_people_type_them(typed: str, first: str, last: str) -> None:
    span = parse_span(typed, SHANGHAI, in_sheet=True)
    assert span is not None
    assert span[0] == datetime.fromisoformat(first).replace(tzinfo=SHANGHAI)
    end = span[1] + timedelta(microseconds=1 if first != last else 0)
    assert end == datetime.fromisoformat(last).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("text", ["2023年9月1日前", "约2023年", "2023-2024学年", "1/9/2023", "2023年冬", "第9周"])
def test_what_may_be_another_date_is_none_in_a_sheet_either(text: str) -> None:
    assert parse_span(text, SHANGHAI, in_sheet=True) is None


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("晚上8:05", "20:05"),
        ("凌晨12:30", "00:30"),
        ("中午12:30", "12:30"),
        ("中午1:00", "13:00"),
        ("早上7点", "07:00"),
        ("9:05 PM", "21:05"),
        ("12:30 am", "00:30"),
        ("12:30 PM", "12:30"),
    ],
)
def test_a_part_of_the_day_tells_morning_from_evening(text: str, clock: str) -> None:
    found = parse_time(f"2024-03-22 {text}", SHANGHAI)
    assert found is not None
    assert found.astimezone(SHANGHAI).strftime("%d %H:%M") == f"22 {clock}"


def test_a_sheet_counts_days_and_loses_the_nought_of_october() -> None:
    assert parse_span("45200", SHANGHAI, in_sheet=True) == (datetime(2023, 10, 1, tzinfo=SHANGHAI),) * 2
    assert parse_span("45200.5", SHANGHAI, in_sheet=True) == (datetime(2023, 10, 1, 12, tzinfo=SHANGHAI),) * 2
    span = parse_span("2023.1", SHANGHAI, in_sheet=True)
    assert span is not None
    assert [moment.astimezone(SHANGHAI).month for moment in span] == [1, 10]
    assert parse_span("2023.1", SHANGHAI) != span


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1711074600", None),
        ("1711074600000", None),
        ("1711074600000000", None),
        ("1711074600.000100", None),
        ("1711074600", "seconds"),
        ("1711074600000", "milliseconds"),
    ],
)
def test_a_number_since_1970_is_a_time_whatever_its_unit(text: str, unit: str | None) -> None:
    assert since_1970(text, unit) == "2024-03-22T02:30:00+00:00"


@pytest.mark.parametrize(
    "text", ["20240322", "202403220230", "20240322023000", "45372", "2024-03-22", "1711074600x", ""]
)
def test_what_counts_nothing_since_1970_is_left_as_it_is(text: str) -> None:
    assert since_1970(text) is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 31)), st.sampled_from([1, 1_000, 1_000_000]))
def test_the_size_of_a_number_tells_its_unit(moment: datetime, unit: int) -> None:
    moment = moment.replace(tzinfo=UTC, microsecond=0)
    assert since_1970(str(int(moment.timestamp()) * unit)) == moment.isoformat()
    assert since_1970(str(int(moment.timestamp()) * unit), "seconds") == (moment.isoformat() if unit == 1 else None)
