"""Moments and amounts are said as people in a British care home say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment

from flowapp.web import filters

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)  # a Thursday, five past two in London too


def test_an_exact_moment_is_said_in_the_time_zone_of_the_home() -> None:
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert filters.exact(summer, zone=LONDON) == "Thursday 2 July 2026, 00:30"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "01:30 BST"),  # the first half past one of that night
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "01:30 GMT"),  # and the second
        (datetime(2026, 10, 25, 2, 30, tzinfo=UTC), "02:30"),  # happens once, so needs no name
    ],
)
def test_a_time_that_happens_twice_says_which_of_the_two_it_is(moment: datetime, words: str) -> None:
    assert filters.clock(moment, zone=LONDON) == words


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=-59), "just now"),
        (timedelta(seconds=59), "in a moment"),
        (timedelta(seconds=-60), "1 minute ago"),
        (timedelta(minutes=5), "in 5 minutes"),
        (timedelta(minutes=-59, seconds=-59), "59 minutes ago"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(hours=11, minutes=59), "in 11 hours"),
        (timedelta(hours=-12), "today at 02:05"),  # counted no longer, and still the same day
        (timedelta(hours=-15), "yesterday at 23:05"),
        (timedelta(hours=17), "tomorrow at 07:05"),
        (timedelta(days=-2), "Tue 10 March at 14:05"),
        (timedelta(days=20), "Wed 1 April at 15:05"),  # summer time has begun by then
        (timedelta(days=-100), "2 December 2025"),  # another year: the time of day no longer matters
    ],
)
def test_a_relative_moment_is_counted_while_close_and_named_by_day_later(away: timedelta, words: str) -> None:
    assert filters.relative(NOW + away, now=NOW, zone=LONDON) == words


def test_yesterday_is_the_day_before_in_the_home_and_not_in_utc() -> None:
    just_after_midnight = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 2 July in London
    assert filters.relative(just_after_midnight, now=just_after_midnight + timedelta(hours=13), zone=LONDON) == (
        "today at 00:30"
    )


def test_when_carries_everything_a_time_on_a_page_needs() -> None:
    assert filters.when(NOW - timedelta(minutes=3), now=NOW, zone=LONDON) == filters.When(
        iso="2026-03-12T14:02:00+00:00",
        exact="Thursday 12 March 2026, 14:02",
        relative="3 minutes ago",
        age_seconds=180,
    )


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 12), date(2026, 3, 12), "12 March 2026"),
        (date(2026, 3, 12), date(2026, 3, 15), "12 to 15 March 2026"),
        (date(2026, 3, 30), date(2026, 4, 2), "30 March to 2 April 2026"),
        (date(2026, 12, 30), date(2027, 1, 2), "30 December 2026 to 2 January 2027"),
    ],
)
def test_a_period_does_not_repeat_what_its_ends_share(first: date, last: date, words: str) -> None:
    assert filters.period(first, last) == words


def test_dates_are_said_long_and_short() -> None:
    assert filters.long_day(date(2026, 3, 12)) == "Thursday 12 March 2026"
    assert filters.short_day(date(2026, 3, 12)) == "Thu 12 Mar"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0.4, "under a second"),
        (1, "1 second"),
        (125, "2 minutes 5 seconds"),
        (120, "2 minutes"),  # nothing is said of an empty unit
        (timedelta(hours=8, minutes=20, seconds=59), "8 hours 20 minutes"),  # two units are enough
        (timedelta(days=2, minutes=3), "2 days"),
        (timedelta(days=1, hours=1), "1 day 1 hour"),
    ],
)
def test_a_duration_is_said_in_its_two_largest_units(length: timedelta | float, words: str) -> None:
    assert filters.duration(length) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (Decimal("0.5"), "half a day"),
        (Decimal("0.50"), "half a day"),
        (Decimal("1.00"), "1 day"),
        (Decimal("2.5"), "2.5 days"),
        (Decimal("10"), "10 days"),  # the nought of ten is no empty decimal
        (0, "0 days"),
    ],
)
def test_days_are_said_without_empty_decimals(count: Decimal | int, words: str) -> None:
    assert filters.days(count) == words


def test_hours_are_said_without_empty_decimals() -> None:
    assert [filters.hours(Decimal(count)) for count in ("1.0", "7.50", "37.25")] == [
        "1 hour",
        "7.5 hours",
        "37.25 hours",
    ]


def test_a_count_agrees_with_its_noun() -> None:
    assert [filters.plural(count, "person", "people") for count in (0, 1, 1200)] == [
        "0 people",
        "1 person",
        "1,200 people",
    ]
    assert filters.plural(2, "run") == "2 runs"


def test_templates_reach_the_words_as_filters() -> None:
    environment = Environment(autoescape=True)
    filters.install(environment)
    text = environment.from_string("{{ (at | when(now=now, zone=zone)).relative }}, {{ 3 | plural('shift') }}")
    assert text.render(at=NOW, now=NOW, zone=LONDON) == "just now, 3 shifts"
