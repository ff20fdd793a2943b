"""Times closed to leave."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowapp.kernel.errors import BadSetting, Refused
from flowapp.rota.embargo import ClosedOnce, ClosedYearly, Embargo, Place, embargoes_hit

CHRISTMAS = ClosedYearly(first="12-11", last="01-08")
CARER = Place(home_id=1, unit_id=7, role="SCW")


@pytest.mark.parametrize(
    ("start", "end", "closed"),
    [
        (date(2025, 12, 10), date(2025, 12, 10), None),  # the day before
        (date(2025, 12, 11), date(2025, 12, 11), (date(2025, 12, 11), date(2026, 1, 8))),  # the first day
        (date(2026, 1, 8), date(2026, 1, 20), (date(2025, 12, 11), date(2026, 1, 8))),  # the last day
        (date(2026, 1, 9), date(2026, 12, 10), None),  # all the rest of the year
        (date(2025, 12, 1), date(2026, 2, 1), (date(2025, 12, 11), date(2026, 1, 8))),  # around it
        (
            date(2025, 6, 1),
            date(2027, 6, 1),
            (date(2025, 12, 11), date(2026, 1, 8)),
        ),  # two of them: the first
    ],
)
def test_a_yearly_embargo_crosses_new_year(start: date, end: date, closed: tuple[date, date] | None) -> None:
    assert CHRISTMAS.hit(start, end) == closed


@pytest.mark.parametrize(
    ("first", "last", "day", "closed"),
    [
        ("07-01", "08-31", date(2026, 7, 1), True),  # within a year
        ("07-01", "08-31", date(2026, 9, 1), False),
        ("02-20", "02-29", date(2026, 2, 28), True),  # the last of February
        ("02-20", "02-29", date(2028, 2, 29), True),
        ("02-20", "02-29", date(2028, 3, 1), False),
        ("01-01", "12-31", date(2026, 12, 31), True),  # all year
        ("05-01", "05-01", date(2026, 5, 1), True),  # one day
        ("05-01", "05-01", date(2026, 5, 2), False),
    ],
)
def test_a_yearly_embargo_closes_its_first_and_its_last_day(first: str, last: str, day: date, closed: bool) -> None:
    assert (ClosedYearly(first=first, last=last).hit(day, day) is not None) is closed


days = st.dates(date(2000, 1, 1), date(2060, 1, 1))
month_days = st.dates(date(2023, 1, 1), date(2023, 12, 31)).map(lambda day: f"{day:%m-%d}")


@given(days, st.integers(0, 400), month_days, month_days)
def test_a_yearly_embargo_is_hit_when_one_of_the_days_is_closed(
    start: date, length: int, first: str, last: str
) -> None:
    asked = [f"{start + timedelta(days=n):%m-%d}" for n in range(length + 1)]
    closed = [day for day in asked if (first <= day <= last if first <= last else day >= first or day <= last)]

    hit = ClosedYearly(first=first, last=last).hit(start, start + timedelta(days=length))

    assert (hit is not None) is bool(closed)


def test_a_single_embargo_closes_its_days_once() -> None:
    inspection = ClosedOnce(first=date(2026, 5, 4), last=date(2026, 5, 8))

    assert inspection.hit(date(2026, 5, 8), date(2026, 5, 12)) == (date(2026, 5, 4), date(2026, 5, 8))
    assert inspection.hit(date(2027, 5, 4), date(2027, 5, 8)) is None


def test_an_embargo_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        ClosedOnce(first=date(2026, 5, 8), last=date(2026, 5, 4))

    assert refused.value.problems[0].path == "last"


@pytest.mark.parametrize("text", ["13-01", "02-30", "1-1", "12-11-01", "", "Dec", "12/11"])
def test_what_is_no_day_of_the_year_is_a_bad_setting(text: str) -> None:
    with pytest.raises(BadSetting, match="month and day"):
        ClosedYearly(first="12-11", last=text)


@pytest.mark.parametrize(
    ("place", "hit"),
    [
        (Place(), True),  # everywhere
        (Place(home_id=1), True),  # the home
        (Place(home_id=2), False),  # another home
        (Place(home_id=1, role="SCW"), True),  # the role in it
        (Place(home_id=1, role="SSCW"), False),  # another role
        (Place(home_id=1, unit_id=8), False),  # another unit
        (Place(unit_id=7), True),
    ],
)
def test_an_embargo_holds_where_it_says(place: Place, hit: bool) -> None:
    embargo = Embargo(closed=CHRISTMAS, message="Christmas", place=place)

    hits = embargoes_hit([embargo], start=date(2025, 12, 24), end=date(2025, 12, 26), place=CARER)

    assert [each.embargo for each in hits] == ([embargo] if hit else [])
