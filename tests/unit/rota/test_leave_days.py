"""How many days and hours leave takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowapp.rota.bank_holidays import Nation
from flowapp.rota.calendar import HomeCalendar
from flowapp.rota.leave_days import (
    Charge,
    Counting,
    DayPart,
    LeavePeriod,
    RosteredShift,
    Work,
    WorkingPattern,
    count,
    split,
)

ALL, AM, PM = DayPart.ALL, DayPart.AM, DayPart.PM
SCOTLAND = HomeCalendar(Nation.SCOTLAND)
MONDAY = date(2026, 3, 2)
OFFICE = Work(contracted_hours=Decimal("37.5"), calendar=SCOTLAND)


def on(number: int) -> date:
    """A day of March 2026; the 2nd is a Monday."""
    return date(2026, 3, number)


def leave(first: int, last: int, start_part: DayPart = ALL, end_part: DayPart = ALL) -> LeavePeriod:
    return LeavePeriod(on(first), start_part, on(last), end_part)


def shift(day: date, start: str = "08:00", end: str = "20:00", paid: str = "11") -> RosteredShift:
    return RosteredShift(
        date=day,
        start=time.fromisoformat(start),
        end=time.fromisoformat(end),
        paid_hours=Decimal(paid),
        shift_id=day.day,
    )


def taken(period: LeavePeriod, mode: Counting, work: Work) -> tuple[Decimal, Decimal]:
    counted = count(period, mode, work)
    return counted.days, counted.hours


@pytest.mark.parametrize(
    ("period", "days", "hours"),
    [
        (leave(2, 6), "5", "37.5"),  # a week
        (leave(2, 6, PM, AM), "4", "30"),  # less a half at both ends
        (leave(2, 2, AM, AM), "0.5", "3.75"),  # one morning
        (leave(6, 9), "2", "15"),  # over a weekend
        (leave(7, 8), "0", "0"),  # only the weekend
    ],
)
def test_working_days_leave_out_the_weekend(period: LeavePeriod, days: str, hours: str) -> None:
    assert taken(period, Counting.WORKING_DAYS, OFFICE) == (Decimal(days), Decimal(hours))


@pytest.mark.parametrize("part", list(DayPart))
def test_half_a_bank_holiday_takes_nothing(part: DayPart) -> None:
    st_andrew = date(2026, 11, 30)

    counted = count(LeavePeriod(st_andrew, part, st_andrew, part), Counting.WORKING_DAYS, OFFICE)

    assert (counted.days, counted.hours) == (0, 0)
    assert [(day.charge, day.part) for day in counted.per_day] == [(Charge.BANK_HOLIDAY, part)]


def test_leave_over_new_year_keeps_the_holidays_of_both_years() -> None:
    period = LeavePeriod(date(2026, 12, 24), ALL, date(2027, 1, 5), ALL)

    counted = count(period, Counting.WORKING_DAYS, OFFICE)

    # 24, 29, 30, 31 December and 5 January; the 25th, 28th, 1st and 4th are holidays.
    assert (counted.days, counted.calendar_days) == (5, 13)
    assert [day.date.day for day in counted.per_day if day.charge is Charge.BANK_HOLIDAY] == [25, 28, 1, 4]


def test_a_leap_day_is_counted() -> None:
    period = LeavePeriod(date(2028, 2, 28), ALL, date(2028, 3, 1), ALL)

    assert taken(period, Counting.WORKING_DAYS, OFFICE) == (3, Decimal("22.5"))


def test_calendar_leave_takes_every_day_and_a_week_of_it_the_weeks_hours() -> None:
    counted = count(leave(2, 8), Counting.CALENDAR, OFFICE)

    assert (counted.days, counted.hours, counted.calendar_days) == (7, Decimal("37.5"), 7)


def test_a_week_takes_exactly_the_contracts_hours_however_they_divide() -> None:
    three_days = Work(contracted_hours=Decimal(35), weekdays=frozenset({0, 2, 4}))

    counted = count(leave(2, 8), Counting.WORKING_DAYS, three_days)

    assert [day.hours for day in counted.per_day if day.charge is Charge.YES] == [
        Decimal("11.67"), Decimal("11.66"), Decimal("11.67"),
    ]  # fmt: skip
    assert counted.hours == 35


def test_halves_of_an_odd_hundredth_add_up_to_the_whole() -> None:
    work = Work(shifts=(shift(on(2), paid="7.25"),))

    morning, afternoon = (taken(leave(2, 2, part, part), Counting.ROSTERED, work) for part in (AM, PM))

    assert morning == (Decimal("0.5"), Decimal("3.62"))
    assert afternoon == (Decimal("0.5"), Decimal("3.63"))


ROTA = Work(
    shifts=(
        shift(on(2)),  # a long day
        shift(on(3), "07:30", "13:00", "5.5"),  # over by midday
        shift(on(4), "14:00", "21:30", "7"),  # begins after midday
        shift(on(5), "20:00", "08:00", "11.5"),  # a night, on the 6th too
    ),
    contracted_hours=Decimal("37.5"),
)


@pytest.mark.parametrize(
    ("period", "days", "hours"),
    [
        (leave(2, 5), "4", "35"),  # all of them
        (leave(2, 2, AM, AM), "0.5", "5.5"),  # half of the long day
        (leave(2, 2, PM, PM), "0.5", "5.5"),
        (leave(3, 3, AM, AM), "1", "5.5"),  # the early is all of it in the morning
        (leave(3, 3, PM, PM), "0", "0"),  # and over in the afternoon
        (leave(4, 4, AM, AM), "0", "0"),  # the late has not begun
        (leave(4, 4, PM, PM), "1", "7"),  # and is all in the afternoon
        (leave(5, 5, PM, PM), "1", "11.5"),  # so is the night, charged to the day it starts
    ],
)
def test_rostered_leave_takes_the_shifts_that_would_have_been_worked(
    period: LeavePeriod, days: str, hours: str
) -> None:
    assert taken(period, Counting.ROSTERED, ROTA) == (Decimal(days), Decimal(hours))


def test_a_night_is_charged_to_the_day_it_starts_and_not_to_the_next() -> None:
    counted = count(leave(5, 6), Counting.ROSTERED, replace(ROTA, rota_until=on(31)))

    assert [(day.date, day.charge, day.shift_id) for day in counted.per_day] == [
        (on(5), Charge.YES, 5),
        (on(6), Charge.DAY_OFF, None),
    ]
    assert not counted.estimated


def test_two_shifts_of_one_day_are_two_charges() -> None:
    work = Work(shifts=(shift(on(2), "07:00", "11:00", "4"), shift(on(2), "16:00", "20:00", "4")))

    assert taken(leave(2, 2), Counting.ROSTERED, work) == (2, 8)


@pytest.mark.parametrize("part", [AM, PM])
def test_a_shift_round_the_clock_lies_in_both_halves_of_its_day(part: DayPart) -> None:
    work = Work(shifts=(shift(on(2), "10:00", "10:00", "24"),))

    assert taken(leave(2, 2, part, part), Counting.ROSTERED, work) == (Decimal("0.5"), 12)


@pytest.mark.parametrize(("rota_until", "days"), [(on(8), 1), (on(9), 0)])
def test_the_last_day_of_the_rota_is_known(rota_until: date, days: int) -> None:
    mondays = Work(pattern=WorkingPattern.weekly({"mon": Decimal(12)}), rota_until=rota_until)

    assert count(leave(9, 9), Counting.ROSTERED, mondays).days == days


def test_after_the_rotas_end_the_pattern_speaks() -> None:
    pattern = WorkingPattern.weekly({"mon": Decimal(12), "tue": Decimal(12)})
    work = Work(shifts=(shift(on(2)),), pattern=pattern, rota_until=on(8))

    counted = count(leave(2, 10), Counting.ROSTERED, work)

    # The rota's only shift, then Monday the 9th and Tuesday the 10th of the pattern.
    assert (counted.days, counted.hours, counted.estimated) == (3, 35, False)


def test_a_pattern_that_is_not_weekly_turns_from_its_anchor() -> None:
    four_on_four_off = WorkingPattern(anchor=on(3), hours=(Decimal(11),) * 4 + (Decimal(0),) * 4)

    counted = count(leave(1, 14), Counting.ROSTERED, Work(pattern=four_on_four_off))

    assert [day.date.day for day in counted.per_day if day.charge is Charge.YES] == [
        3,
        4,
        5,
        6,
        11,
        12,
        13,
        14,
    ]


@pytest.mark.parametrize(("keeps", "days"), [(False, 5), (True, 4)])
def test_a_pattern_works_bank_holidays_unless_it_keeps_them(keeps: bool, days: int) -> None:
    week = {name: Decimal("7.5") for name in ("mon", "tue", "wed", "thu", "fri")}
    work = Work(pattern=WorkingPattern.weekly(week, keeps_bank_holidays=keeps), calendar=SCOTLAND)
    st_andrews_week = LeavePeriod(date(2026, 11, 30), ALL, date(2026, 12, 4), ALL)

    assert count(st_andrews_week, Counting.ROSTERED, work).days == days


def test_without_rota_and_pattern_the_contract_is_an_estimate() -> None:
    counted = count(leave(2, 8), Counting.ROSTERED, OFFICE)

    assert (counted.days, counted.hours, counted.estimated) == (5, Decimal("37.5"), True)


def test_a_rota_known_without_shifts_takes_nothing_and_is_no_estimate() -> None:
    counted = count(leave(2, 8), Counting.ROSTERED, replace(OFFICE, rota_until=on(31)))

    assert (counted.days, counted.estimated) == (0, False)


def test_a_count_is_parted_at_the_end_of_a_leave_year() -> None:
    counted = count(LeavePeriod(date(2026, 3, 30), ALL, date(2026, 4, 2), ALL), Counting.WORKING_DAYS, OFFICE)

    before, later = split(counted, after=date(2026, 3, 31))

    assert (before.days, before.hours, before.calendar_days) == (2, 15, 2)
    assert (later.days, later.hours, later.calendar_days) == (2, 15, 2)


hours = st.decimals(min_value=0, max_value=60, places=2)
shift_times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def works(draw: st.DrawFn) -> Work:
    shifts = draw(
        st.lists(
            st.builds(
                RosteredShift,
                date=st.integers(0, 20).map(lambda n: MONDAY + timedelta(days=n)),
                start=shift_times,
                end=shift_times,
                paid_hours=hours,
            ),
            max_size=8,
        )
    )
    cycles = st.lists(hours, min_size=1, max_size=9).map(
        lambda cycle: WorkingPattern(anchor=MONDAY, hours=tuple(cycle))
    )
    return Work(
        contracted_hours=draw(hours),
        weekdays=draw(st.sets(st.integers(0, 6), min_size=1)),
        calendar=draw(st.sampled_from([None, SCOTLAND])),
        shifts=tuple(shifts),
        pattern=draw(st.none() | cycles),
        rota_until=draw(st.sampled_from([None, MONDAY + timedelta(days=9)])),
    )


@given(
    works(),
    st.sampled_from(Counting),
    st.integers(0, 10),
    st.integers(1, 10),
    st.integers(0, 9),
    st.booleans(),
)
def test_leave_asked_for_in_two_parts_takes_as_much_as_in_one(
    work: Work, mode: Counting, offset: int, length: int, cut: int, at_midday: bool
) -> None:
    start = MONDAY + timedelta(days=offset)
    end, parting = start + timedelta(days=length), start + timedelta(days=cut % length)
    whole = count(LeavePeriod(start, ALL, end, ALL), mode, work)
    if at_midday:
        first = LeavePeriod.of(start=start, end=parting, end_part="am")
        second = LeavePeriod(parting, PM, end, ALL)
    else:
        first = LeavePeriod(start, ALL, parting, ALL)
        second = LeavePeriod(parting + timedelta(days=1), ALL, end, ALL)

    parts = [count(period, mode, work) for period in (first, second)]

    assert sum(part.days for part in parts) == whole.days
    assert sum(part.hours for part in parts) == whole.hours
    assert whole.hours == whole.hours.quantize(Decimal("0.01"))
    assert any(part.estimated for part in parts) == whole.estimated


@given(works(), st.sampled_from(Counting), st.integers(0, 10), st.integers(0, 10))
def test_the_days_of_a_count_add_up_to_it(work: Work, mode: Counting, offset: int, length: int) -> None:
    start = MONDAY + timedelta(days=offset)
    period = LeavePeriod(start, ALL, start + timedelta(days=length), ALL)

    counted = count(period, mode, work)

    assert counted.days == sum(day.days for day in counted.per_day)
    assert counted.hours == sum(day.hours for day in counted.per_day)
    assert counted.calendar_days == period.calendar_days
    assert all(day.days == day.hours == 0 for day in counted.per_day if day.charge is not Charge.YES)
