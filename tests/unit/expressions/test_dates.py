"""Dates and times: the home's zone, the days the clocks change, bank holidays, patterns."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from flowapp.expressions import Environment, ExpressionError, expression
from tests.unit.expressions.world import Christmas, error_of, evaluate, filled


def at(moment: str, text: str) -> object:
    """Work out an expression at a moment in London."""
    environment = Environment(datetime.fromisoformat(moment), ZoneInfo("Europe/London"), Christmas())
    return expression(text).evaluate({}, environment)


@pytest.mark.parametrize(
    ("moment", "today"),
    [
        ("2026-11-23T09:30:00+00:00", "2026-11-23"),
        ("2026-11-23T23:59:59+00:00", "2026-11-23"),
        ("2026-07-01T23:30:00+00:00", "2026-07-02"),  # in summer London is an hour ahead
        ("2026-03-29T00:59:00+00:00", "2026-03-29"),
    ],
)
def test_today_is_the_date_in_the_home(moment: str, today: str) -> None:
    assert at(moment, f'today() == date("{today}")') is True
    assert at(moment, "text(today())") == today


def test_now_is_the_moment_of_the_environment_however_often_it_is_asked() -> None:
    assert at("2026-07-01T08:00:00.25+00:00", "now() == now() and hours_between(now(), now()) == 0") is True
    assert at("2026-07-01T08:00:00.25+00:00", "now()") == datetime(2026, 7, 1, 8, 0, 0, 250000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        # The clocks go forward on 29 March 2026 at 01:00 and back on 25 October 2026 at 02:00.
        ('hours_between("2026-03-28T20:00", "2026-03-29T08:00")', 11),
        ('hours_between("2026-10-24T20:00", "2026-10-25T08:00")', 13),
        ('hours_between("2026-11-23T08:00", "2026-11-23T07:30")', -0.5),
        ('hours_between("2026-11-23T08:00:00Z", "2026-11-23T10:00+01:00")', 1),
        ('text(add_hours("2026-03-29T00:30", 1))', "2026-03-29T02:30:00+01:00"),
        ('text(add_days(datetime("2026-03-28T07:00"), 1))', "2026-03-29T07:00:00+01:00"),  # same time of day
        ('text(add_days(datetime("2026-10-24T07:00"), 1))', "2026-10-25T07:00:00+00:00"),
        ('datetime("2026-10-25T01:30:00+01:00") < datetime("2026-10-25T01:30:00+00:00")', True),
        ('datetime("2026-10-25T01:30:00+01:00") == datetime("2026-10-25T01:30:00+00:00")', False),
        ('days_between("2026-03-28", "2026-03-30")', 2),
        ('days_between("2026-12-01", "2026-11-30")', -1),
        ('days_between("2026-07-01T23:30:00Z", "2026-07-02")', 0),  # already 2 July in London
        ('text(date("2026-07-01T23:30:00Z"))', "2026-07-02"),
        ('text(date(datetime("2026-07-01T23:30")))', "2026-07-01"),
        ('text(datetime("2026-07-01"))', "2026-07-01T00:00:00+01:00"),
        ('text(datetime(date("2026-01-01")))', "2026-01-01T00:00:00+00:00"),
        ('text(add_days("2026-02-28", 1))', "2026-03-01"),
        ('text(add_days("2028-02-28", 1))', "2028-02-29"),
        ('text(add_days("2026-12-01", -1))', "2026-11-30"),
        ('text(add_working_days("2026-11-27", 1))', "2026-11-30"),  # Friday to Monday
        ('text(add_working_days("2026-11-28", 1))', "2026-11-30"),  # from a Saturday
        ('text(add_working_days("2026-12-24", 1))', "2026-12-28"),  # over Christmas and a weekend
        ('text(add_working_days("2026-12-28", -1))', "2026-12-24"),
        ('text(add_working_days("2026-11-28", 0))', "2026-11-28"),
        ('weekday("2026-11-29")', "Sunday"),
        ("weekday(now())", "Monday"),
        ('is_weekend("2026-11-27")', False),
        ('is_weekend("2026-11-29")', True),
        ('is_bank_holiday("2026-12-25")', True),
        ('is_working_day("2026-12-25")', False),
        ('is_working_day("2026-11-28")', False),
        ('is_working_day("2026-11-27")', True),
    ],
)
def test_dates_and_times(text: str, result: object) -> None:
    assert evaluate(text) == result


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("d MMMM yyyy", "3 January 2027"),
        ("dd/MM/yy", "03/01/27"),
        ("EEEE d MMM", "Sunday 3 Jan"),
        ("EEE", "Sun"),
        ("yyyy-MM-dd", "2027-01-03"),
        ("HH:mm:ss", "07:05:09"),
        ("H:mm", "7:05"),
        ("h.mm a", "7.05 am"),
        ("hh:mm", "07:05"),
        ("d 'of' MMMM", "3 of January"),
        ("'' d ''", " 3 "),
        ("", ""),
        ("{0} %d ${x}", None),  # x is no letter of a pattern
        ("{0} %-", "{0} %-"),
    ],
)
def test_dates_are_written_out_by_a_pattern(pattern: str, written: str | None) -> None:
    text = f'format_date("2027-01-03T07:05:09", "{pattern}")'
    if written is None:
        assert error_of(text).code == "wrong_type"
    else:
        assert evaluate(text) == written


def test_afternoons_midnight_and_summer_are_written_as_the_homes_clock_shows_them() -> None:
    assert evaluate('format_date("2026-07-01T12:00:00Z", "h a, HH")') == "1 pm, 13"
    assert evaluate('format_date("2026-01-01T00:10", "h:mm a")') == "12:10 am"
    assert filled('${format_date(context.begins, "d MMM, HH:mm")}') == "1 Dec, 07:00"


def test_dates_as_text_are_iso_in_the_homes_zone() -> None:
    assert filled("${context.start} ${context.begins}") == "2026-12-01 2026-12-01T07:00:00+00:00"
    assert filled("${context.july}", july=datetime(2026, 7, 1, 7, tzinfo=UTC)) == "2026-07-01T08:00:00+01:00"


@pytest.mark.parametrize(
    "text",
    [
        'datetime("0001-01-01T00:00+14:00") == now()',
        "text(context.end)",
        "add_days(context.end, 1)",
        "add_hours(context.end, 1)",
        'format_date(context.end, "d")',
        "add_working_days(context.end, 5)",
        "days_between(context.end, now())",
    ],
)
def test_the_edges_of_the_calendar_are_errors_not_crashes(text: str) -> None:
    zone = ZoneInfo("Pacific/Auckland")  # ahead of UTC, so that the last moment is in the year 10,000 there
    environment = Environment(datetime(2026, 1, 1, tzinfo=UTC), zone, Christmas())
    end = datetime.max.replace(tzinfo=UTC)
    with pytest.raises(ExpressionError) as caught:
        expression(text).evaluate({"context": {"end": end}}, environment)
    assert caught.value.code == "out_of_range"


def test_a_long_pattern_is_refused() -> None:
    assert error_of(f'format_date(today(), "{"d" * 201}")').code == "too_long"
