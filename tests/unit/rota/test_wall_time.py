"""Wall clock and instants."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowapp.kernel.errors import BadSetting, Refused
from flowapp.rota.wall_time import DstFlag, Interval, elapsed_hours, instant, instants, overlap, read_time

LONDON = "Europe/London"
TABLES = json.loads((Path(__file__).parents[2] / "data" / "domain_cases.json").read_text())["tables"]
NOON = datetime(2026, 2, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "start", "end", "flag"),
    [
        (date(2026, 2, 10), "20:00", "08:00", DstFlag.NONE),  # an ordinary night
        (date(2026, 3, 28), "20:00", "08:00", DstFlag.SHORT),  # clocks go forward
        (date(2026, 10, 24), "20:00", "08:00", DstFlag.LONG),  # clocks go back
        (date(2026, 3, 29), "01:30", "08:00", DstFlag.NONEXISTENT),  # starts in the skipped hour
        (date(2026, 3, 28), "20:00", "01:30", DstFlag.NONEXISTENT),  # ends in it
        (date(2026, 3, 28), "20:00", "01:00", DstFlag.NONEXISTENT),  # 01:00 itself is skipped
        (date(2026, 3, 28), "20:00", "02:00", DstFlag.SHORT),  # 02:00 is shown
        (date(2026, 10, 24), "20:00", "01:30", DstFlag.AMBIGUOUS),  # ends in the hour shown twice
        (date(2026, 10, 25), "01:00", "08:00", DstFlag.AMBIGUOUS),  # starts in it
        (date(2026, 10, 24), "20:00", "02:00", DstFlag.LONG),  # 02:00 is shown once
        (date(2026, 3, 29), "08:00", "20:00", DstFlag.NONE),  # the day after a change
    ],
)
def test_a_shift_says_what_a_clock_change_does_to_it(day: date, start: str, end: str, flag: DstFlag) -> None:
    assert instants(day, start, end, LONDON).dst_flag is flag


@pytest.mark.parametrize("change", TABLES["dst_transitions_europe_london"], ids=lambda row: str(row["year"]))
def test_the_nights_of_both_clock_changes_are_an_hour_off(change: dict[str, str]) -> None:
    spring, autumn = (
        datetime.fromisoformat(change[name]).date() - timedelta(days=1) for name in ("spring_utc", "autumn_utc")
    )

    assert instants(spring, "20:00", "08:00", LONDON).elapsed_hours == 11
    assert instants(autumn, "20:00", "08:00", LONDON).elapsed_hours == 13


def test_an_end_that_equals_the_start_is_a_whole_day_later() -> None:
    assert instants(date(2026, 2, 10), "08:00", "08:00", LONDON).elapsed_hours == 24
    assert instants(date(2026, 3, 28), time(8), time(8), LONDON).elapsed_hours == 23


def test_a_night_over_new_year_ends_in_the_new_year() -> None:
    assert instants(date(2026, 12, 31), "20:00", "08:00", LONDON).ends_at == datetime(2027, 1, 1, 8, tzinfo=UTC)


def test_a_night_before_a_leap_day_ends_on_it() -> None:
    assert instants(date(2028, 2, 28), "20:00", "08:00", LONDON).ends_at == datetime(2028, 2, 29, 8, tzinfo=UTC)


def test_the_second_reading_of_a_time_shown_twice_is_an_hour_later() -> None:
    first = instant(date(2026, 10, 25), time(1, 30), LONDON)

    assert instant(date(2026, 10, 25), time(1, 30), LONDON, fold=1) - first == timedelta(hours=1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("01:30", "02:15"),  # 01:30 is read as 02:30
        ("01:30", "02:30"),  # the same instant twice
    ],
)
def test_a_shift_that_a_clock_change_swallows_is_refused(start: str, end: str) -> None:
    with pytest.raises(Refused, match="no time is left between 01:30") as refused:
        instants(date(2026, 3, 29), start, end, LONDON)

    assert refused.value.problems[0].path == "end"


@pytest.mark.parametrize(
    "text", ["24:00", "8:00", "08.00", "08:60", "", "08:00:00", "٠٨:00", "-1:00", "ab:cd", "+8:00"]
)
def test_what_is_no_time_of_day_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_time(text, field="start")

    assert (refused.value.problems[0].path, refused.value.problems[0].code) == ("start", "invalid_time")


@pytest.mark.parametrize("name", ["Europe/Glasgow", "", "../etc/passwd", "Europe"])
def test_an_unknown_time_zone_is_a_bad_setting(name: str) -> None:
    with pytest.raises(BadSetting, match=r"Europe/London"):
        instants(date(2026, 2, 10), "08:00", "20:00", name)


def test_paid_hours_are_the_elapsed_ones_less_the_break_in_hundredths() -> None:
    shift = instants(date(2026, 2, 10), "08:00", "15:20", LONDON)

    assert shift.paid_hours(0) == Decimal("7.33")
    assert shift.paid_hours(20) == 7


def test_hours_between_moments_of_one_zone_count_the_clock_change() -> None:
    start = instant(date(2026, 3, 28), time(20), LONDON).astimezone(ZoneInfo(LONDON))

    assert elapsed_hours(start, start + timedelta(hours=12)) == 11


def _stretch(begin: int, length: int) -> Interval:
    return Interval(NOON + timedelta(minutes=begin), NOON + timedelta(minutes=begin + length))


def _minutes(stretch: Interval) -> set[int]:
    from_noon = [int((at - NOON).total_seconds() // 60) for at in (stretch.starts_at, stretch.ends_at)]
    return set(range(*from_noon))


stretches = st.builds(_stretch, st.integers(-2000, 2000), st.integers(1, 1500))


@given(stretches, stretches)
def test_overlap_is_symmetric_and_means_a_shared_minute(first: Interval, second: Interval) -> None:
    assert overlap(first, second) == overlap(second, first) == bool(_minutes(first) & _minutes(second))


def test_shifts_that_touch_do_not_overlap() -> None:
    assert not overlap(_stretch(0, 60), _stretch(60, 60))
    assert overlap(_stretch(0, 61), _stretch(60, 60))
