"""Entitlement, leave years and what is left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowapp.kernel.errors import BadSetting, Refused
from flowapp.rota import entitlement as ent
from flowapp.rota.entitlement import LeaveYear, leave_year

D = Decimal
hours = st.decimals(min_value=0, max_value=400, places=2)


@pytest.mark.parametrize(
    ("day", "starts", "first", "last"),
    [
        (date(2026, 4, 1), "04-01", date(2026, 4, 1), date(2027, 3, 31)),  # the first day
        (date(2026, 3, 31), "04-01", date(2025, 4, 1), date(2026, 3, 31)),  # the last day
        (date(2028, 2, 29), "04-01", date(2027, 4, 1), date(2028, 3, 31)),  # a leap day
        (date(2026, 12, 31), "01-01", date(2026, 1, 1), date(2026, 12, 31)),  # the calendar's year
        (date(2026, 1, 1), "01-01", date(2026, 1, 1), date(2026, 12, 31)),
        (date(2028, 2, 29), "03-01", date(2027, 3, 1), date(2028, 2, 29)),  # ends on a leap day
    ],
)
def test_a_day_lies_in_one_leave_year(day: date, starts: str, first: date, last: date) -> None:
    assert leave_year(day, starts) == LeaveYear(first, last)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.dates(date(2023, 1, 1), date(2023, 12, 31)))
def test_every_day_lies_in_a_leave_year_of_365_or_366_days(day: date, start: date) -> None:
    year = leave_year(day, f"{start:%m-%d}")

    assert year.start <= day <= year.end
    assert (year.start.month, year.start.day) == (start.month, start.day)
    leap_days = [date(n, 2, 29) for n in (year.start.year, year.end.year) if n % 4 == 0]
    assert year.days == 365 + any(year.start <= leap <= year.end for leap in leap_days)


@pytest.mark.parametrize("starts", ["02-29", "13-01", "04-31", "April", "", "04-01-2026", "04"])
def test_a_leave_year_starts_on_a_day_of_every_year(starts: str) -> None:
    with pytest.raises(BadSetting, match="month and a day"):
        leave_year(date(2026, 5, 1), starts)


@pytest.mark.parametrize(
    ("started", "leaving", "days"),
    [
        (None, None, 366),  # all of a leap year
        (date(2019, 1, 1), None, 366),  # started long ago
        (date(2028, 3, 31), None, 1),  # the last day
        (date(2028, 6, 1), None, 0),  # the year after
        (None, date(2027, 4, 1), 1),  # leaves on the first day
        (None, date(2027, 1, 31), 0),  # left before
        (date(2028, 2, 1), date(2028, 2, 29), 29),  # one month only
    ],
)
def test_the_part_of_a_year_counts_first_and_last_day(started: date | None, leaving: date | None, days: int) -> None:
    year = LeaveYear(date(2027, 4, 1), date(2028, 3, 31))

    assert ent.fraction_of_year(year, started=started, leaving=leaving) == Fraction(days, 366)


def test_hours_are_capped_at_28_average_days() -> None:
    # 48 hours on 6 days are 8 a day: 28 days of 8 hours, not 5.6 weeks of 48.
    assert ent.entitled_hours(hours_per_week=D(48), days_per_week=D(6)) == 224


def test_amounts_stay_exact_where_a_fraction_divides_evenly() -> None:
    # 36.5 x 5.6 x 31/365 is 17.36 exactly; in binary fractions, or dividing first, it is not.
    assert ent.entitled_hours(hours_per_week=D("36.5"), days_per_week=D(5), fraction=Fraction(31, 365)) == D("17.36")


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("15.41", "15.5"),  # up
        ("15.5", "15.5"),  # a whole tenth stays
        ("15.500000000000000000000001", "15.5"),  # so does one with a stray last digit
        ("0", "0"),
    ],
)
def test_entitlement_is_rounded_up_to_a_tenth(amount: str, rounded: str) -> None:
    assert ent.rounded_up(D(amount)) == D(rounded)


@given(hours)
def test_rounding_up_never_takes_from_anybody(amount: Decimal) -> None:
    assert amount <= ent.rounded_up(amount) < amount + D("0.1")


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: ent.entitled_hours(hours_per_week=D(10), days_per_week=D(0)), "days_per_week"),
        (lambda: ent.compressed_hours(hours_per_week=D(10), days_per_week=D(-1)), "days_per_week"),
        (lambda: ent.entitled_shifts(shifts_per_pattern=D(3), days_per_pattern=D(0)), "days_per_pattern"),
    ],
)
def test_a_week_without_days_is_refused(call: object, field: str) -> None:
    with pytest.raises(Refused) as refused:
        call()  # type: ignore[operator]

    assert refused.value.problems[0].path == field


@pytest.mark.parametrize(
    ("worked", "before", "most", "accrued"),
    [
        ("100", "0", None, "12.07"),  # no cap
        ("100", "200", "210", "10"),  # only what is left of it
        ("100", "210", "210", "0"),  # the cap is reached
        ("100", "220", "210", "0"),  # and never taken back
    ],
)
def test_irregular_hours_earn_leave_up_to_the_cap(worked: str, before: str, most: str | None, accrued: str) -> None:
    cap = None if most is None else D(most)

    assert ent.accrued_from_work(D(worked), accrued_before=D(before), most=cap) == D(accrued)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("4.49", 4), ("4.5", 5), ("5.5", 6), ("0.2", 0)],  # half an hour makes an hour, odd and even alike
)
def test_earned_leave_is_rounded_to_the_nearest_hour(amount: str, rounded: int) -> None:
    assert ent.nearest_hour(D(amount)) == rounded


@pytest.mark.parametrize(
    ("started", "on", "twelfths"),
    [
        (date(2026, 4, 15), date(2026, 4, 14), 0),  # not here yet
        (date(2026, 4, 15), date(2026, 4, 15), 1),  # the first day
        (date(2026, 4, 15), date(2026, 5, 14), 1),
        (date(2026, 4, 15), date(2026, 5, 15), 2),  # the second month begins
        (date(2026, 4, 15), date(2027, 3, 15), 12),  # the twelfth
        (date(2026, 4, 15), date(2029, 1, 1), 12),  # never more
        (date(2026, 1, 31), date(2026, 2, 28), 2),  # a month without a 31st
        (date(2028, 1, 31), date(2028, 2, 28), 1),  # in a leap year a day later
        (date(2028, 1, 31), date(2028, 2, 29), 2),
    ],
)
def test_leave_of_the_first_year_is_earned_month_by_month(started: date, on: date, twelfths: int) -> None:
    assert ent.accrued_in_first_year(D("196.8"), started=started, on=on) == D("16.4") * twelfths


def test_part_minutes_are_rounded_up() -> None:
    assert ent.hours_and_minutes(D("6.51")) == (6, 31)
    assert ent.hours_and_minutes(D(20) / 3) == (6, 40)


@given(granted=hours, carried_in=hours, taken=hours, in_time=hours)
def test_expired_leave_is_never_leave_that_was_taken(
    granted: Decimal, carried_in: Decimal, taken: Decimal, in_time: Decimal
) -> None:
    in_time = min(in_time, taken)
    left = ent.balance(
        granted=granted, carried_in=carried_in, carry_expired=True, taken=taken, taken_before_expiry=in_time
    )

    assert left.expired + min(in_time, carried_in) == carried_in
    assert left.remaining + left.taken + left.expired == left.total == granted + carried_in


def test_a_pending_request_is_shown_and_not_taken_off() -> None:
    left = ent.balance(granted=D(100), taken=D(20), pending=D(30))

    assert (left.remaining, left.pending) == (80, 30)


@pytest.mark.parametrize(
    ("unused", "most", "granted", "total", "carried", "lost"),
    [
        ("15", "10", "100", None, "10", "5"),  # the policy's limit
        ("5", "10", "100", None, "5", "0"),  # less than it
        ("15", "10", "25", "30", "5", "10"),  # the whole's limit
        ("15", "10", "35", "30", "0", "15"),  # no room at all
    ],
)
def test_unused_leave_is_carried_within_limits(
    unused: str, most: str, granted: str, total: str | None, carried: str, lost: str
) -> None:
    forward = ent.carry_forward(
        unused=D(unused),
        most_carried=D(most),
        granted=D(granted),
        most_total=None if total is None else D(total),
    )

    assert (forward.carried, forward.lost, forward.total) == (D(carried), D(lost), D(granted) + D(carried))
