"""The days of leave and how two stretches of it fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowapp.kernel.errors import Refused
from flowapp.rota.leave_days import DayPart, LeavePeriod, RosteredShift, clash_shifts, fits, overlap
from flowapp.rota.leave_period import consecutive_days, run_of, window

ALL, AM, PM = DayPart.ALL, DayPart.AM, DayPart.PM
MONDAY = date(2026, 3, 2)
LONDON = "Europe/London"


def on(number: int) -> date:
    """A day of March 2026."""
    return date(2026, 3, number)


def leave(first: int, last: int, start_part: DayPart = ALL, end_part: DayPart = ALL) -> LeavePeriod:
    return LeavePeriod(on(first), start_part, on(last), end_part)


@st.composite
def periods(draw: st.DrawFn) -> LeavePeriod:
    start = MONDAY + timedelta(days=draw(st.integers(0, 10)))
    days = draw(st.integers(0, 6))
    if days == 0:
        part = draw(st.sampled_from([ALL, AM, PM]))
        return LeavePeriod(start, part, start, part)
    first, last = draw(st.sampled_from([ALL, PM])), draw(st.sampled_from([ALL, AM]))
    return LeavePeriod(start, first, start + timedelta(days=days), last)


def half_days(period: LeavePeriod) -> set[tuple[date, DayPart]]:
    taken: set[tuple[date, DayPart]] = set()
    for number in range(period.calendar_days):
        day = period.start + timedelta(days=number)
        taken |= {(day, half) for half in (AM, PM) if period.part_on(day) in (ALL, half)}
    return taken


@pytest.mark.parametrize(
    ("start", "start_part", "end", "end_part", "problems"),
    [
        (on(3), ALL, on(2), ALL, {"end_date": "ends_before_start"}),  # backwards
        (on(2), AM, on(3), ALL, {"start_part": "gap_after_start"}),  # would work the first afternoon
        (on(2), ALL, on(3), PM, {"end_part": "gap_before_end"}),  # would work the last morning
        (on(2), AM, on(3), PM, {"start_part": "gap_after_start", "end_part": "gap_before_end"}),
        (on(2), PM, on(2), AM, {"end_part": "mixed_parts"}),  # ends before it begins
        (on(2), ALL, on(2), AM, {"end_part": "mixed_parts"}),  # two ways to say the same morning
        (
            date(2, 3, 2),
            ALL,
            on(2),
            ALL,
            {"start_date": "year_out_of_range", "end_date": "too_long"},
        ),  # a slip
        (on(2), ALL, date(9999, 12, 31), ALL, {"end_date": "too_long"}),
        (on(2), ALL, date(2028, 3, 2), ALL, {"end_date": "too_long"}),  # one day more than 731
    ],
)
def test_leave_that_makes_no_sense_is_refused_by_its_fields(
    start: date, start_part: DayPart, end: date, end_part: DayPart, problems: dict[str, str]
) -> None:
    with pytest.raises(Refused) as refused:
        LeavePeriod(start, start_part, end, end_part)

    assert {problem.path: problem.code for problem in refused.value.problems} == problems


def test_leave_may_last_two_years_with_a_leap_day() -> None:
    assert LeavePeriod(on(2), ALL, date(2028, 3, 1), ALL).calendar_days == 731


def test_a_refusal_names_the_days() -> None:
    with pytest.raises(Refused, match=r"The last day, 2 March 2026, is before the first, 3 March 2026"):
        leave(3, 2)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, leave(2, 2)),  # one whole day
        ({"end": on(4)}, leave(2, 4)),
        ({"start_part": "pm"}, leave(2, 2, PM, PM)),  # one half is enough
        ({"end_part": "am"}, leave(2, 2, AM, AM)),
        ({"start_part": "am", "end_part": "am"}, leave(2, 2, AM, AM)),
        ({"end": on(4), "start_part": "pm", "end_part": "am"}, leave(2, 4, PM, AM)),
    ],
)
def test_a_request_may_leave_out_what_goes_without_saying(words: dict[str, object], expected: LeavePeriod) -> None:
    assert LeavePeriod.of(start=on(2), **words) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["start_part", "end_part"])
def test_an_unknown_part_of_a_day_is_refused_by_its_field(field: str) -> None:
    with pytest.raises(Refused) as refused:
        LeavePeriod.of(start=on(2), **{field: "evening"})  # type: ignore[arg-type]

    assert refused.value.problems[0].path == field


def test_a_single_day_cannot_be_an_afternoon_and_then_a_morning() -> None:
    with pytest.raises(Refused):
        LeavePeriod.of(start=on(2), start_part="pm", end_part="am")


def test_each_day_of_leave_knows_which_part_of_it_is_taken() -> None:
    period = leave(2, 4, PM, AM)

    assert [period.part_on(on(day)) for day in range(1, 6)] == [None, PM, ALL, AM, None]


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        (leave(2, 4), leave(5, 6), ()),  # one after the other
        (leave(2, 4), leave(4, 6), (on(4),)),  # a day shared
        (leave(2, 4, ALL, AM), leave(4, 6, PM), ()),  # one hands over to the other at midday
        (leave(2, 4, ALL, AM), leave(4, 4, AM, AM), (on(4),)),  # the same morning
        (leave(2, 2, AM, AM), leave(2, 2, PM, PM), ()),  # a morning and an afternoon
        (leave(2, 2, AM, AM), leave(2, 2), (on(2),)),  # a morning of a whole day
        (leave(2, 6), leave(3, 4, PM, AM), (on(3), on(4))),  # one within the other
    ],
)
def test_two_stretches_fit_when_no_half_day_is_in_both(
    first: LeavePeriod, second: LeavePeriod, days: tuple[date, ...]
) -> None:
    assert overlap(first, second) == overlap(second, first) == days
    assert fits(first, second) is (not days)


@given(periods(), periods())
def test_overlap_is_symmetric_and_means_a_shared_half_day(first: LeavePeriod, second: LeavePeriod) -> None:
    shared = half_days(first) & half_days(second)

    assert overlap(first, second) == overlap(second, first) == tuple(sorted({day for day, _ in shared}))


@given(periods())
def test_leave_always_overlaps_itself(period: LeavePeriod) -> None:
    assert not fits(period, period)


@pytest.mark.parametrize(
    ("others", "run"),
    [
        ([], (on(9), on(11))),
        ([leave(12, 13)], (on(9), on(13))),  # the next day
        ([leave(14, 15)], (on(9), on(11))),  # a day's work between
        ([leave(14, 15), leave(12, 13), leave(6, 8)], (on(6), on(15))),  # a chain, in any order
        ([leave(12, 13, PM)], (on(9), on(11))),  # works the morning of the 12th
        ([leave(7, 8, ALL, AM)], (on(9), on(11))),  # works the afternoon of the 8th
        ([leave(12, 12, AM, AM), leave(12, 12, PM, PM)], (on(9), on(12))),  # two halves make a day
    ],
)
def test_leave_next_to_leave_makes_one_run(others: list[LeavePeriod], run: tuple[date, date]) -> None:
    assert run_of(leave(9, 11), others) == run


def test_days_in_a_row_may_leave_out_bank_holidays() -> None:
    period = LeavePeriod(date(2025, 12, 22), ALL, date(2026, 1, 2), ALL)
    free = {date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)}

    assert consecutive_days(period, []) == 12
    assert consecutive_days(period, [], counts=lambda day: day not in free) == 9


@pytest.mark.parametrize(
    ("period", "starts_at", "ends_at"),
    [
        (leave(2, 3), "2026-03-02T00:00Z", "2026-03-04T00:00Z"),
        (leave(2, 3, PM, AM), "2026-03-02T13:00Z", "2026-03-03T13:00Z"),  # midday to midday
        (leave(29, 29), "2026-03-29T00:00Z", "2026-03-29T23:00Z"),  # clocks go forward: a day of 23 hours
    ],
)
def test_leave_lasts_from_midnight_or_midday_by_the_homes_clock(
    period: LeavePeriod, starts_at: str, ends_at: str
) -> None:
    away = window(period, LONDON)

    assert (away.starts_at, away.ends_at) == (
        datetime.fromisoformat(starts_at),
        datetime.fromisoformat(ends_at),
    )


def test_the_day_the_clocks_go_back_is_away_for_25_hours() -> None:
    autumn = date(2026, 10, 25)

    assert window(LeavePeriod(autumn, ALL, autumn, ALL), LONDON).elapsed_hours == 25


def test_a_home_says_where_its_day_parts() -> None:
    assert window(leave(2, 2, AM, AM), LONDON, midday=time(12)).ends_at == datetime(2026, 3, 2, 12, tzinfo=UTC)


def _shift(number: int, start: int, end: int) -> RosteredShift:
    return RosteredShift(date=on(number), start=time(start), end=time(end), paid_hours=0, shift_id=number)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("period", "clashing"),
    [
        (leave(3, 3), [2, 3]),  # the night before runs into it
        (leave(4, 4), [3]),  # so does the night of the 3rd
        (leave(3, 3, PM, PM), [3]),  # the night before is over by midday
        (leave(3, 3, AM, AM), [2]),  # the night begins in the evening
        (leave(5, 6), []),  # nothing planned
    ],
)
def test_a_night_that_runs_into_leave_clashes_with_it(period: LeavePeriod, clashing: list[int]) -> None:
    nights = [_shift(2, 20, 8), _shift(3, 20, 8)]

    assert [shift.shift_id for shift in clash_shifts(period, nights, LONDON)] == clashing
