"""Random rosters around both changes of the clocks come out as when every quarter of an hour is looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from flowapp.rota.wall_time import Interval, instant
from flowapp.rota.working_time import average, night
from flowapp.rota.working_time.rest import ADULT_HOURS, hours_between, rest_lost, short_rests, weekly_rest
from flowapp.rota.working_time.runs import days_in_a_row
from flowapp.rota.working_time.young import limits_broken
from tests.unit.expressions.strategies import EXAMPLES
from tests.unit.rota import quarter_by_quarter as slow

LONDON = "Europe/London"
SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)  # the Mondays of the weeks in which the clocks change
QUARTER = timedelta(minutes=15)
mondays = st.sampled_from([SPRING, AUTUMN, date(2026, 6, 1)])


@st.composite
def a_shift(draw: st.DrawFn, monday: date) -> Interval:
    """Make a shift of up to 16 hours that starts at a quarter of an hour of the week, or the days beside it."""
    midnight = datetime.combine(monday, time(), tzinfo=UTC)
    starts_at = midnight + QUARTER * draw(st.integers(-2 * 96, 8 * 96))
    return Interval(starts_at, starts_at + QUARTER * draw(st.integers(1, 64)))


@st.composite
def a_roster(draw: st.DrawFn) -> tuple[date, list[Interval]]:
    """Make a week and shifts in and around it that do not overlap."""
    monday = draw(mondays)
    shifts: list[Interval] = []
    for each in sorted(draw(st.lists(a_shift(monday), max_size=8)), key=lambda shift: shift.starts_at):
        if not shifts or shifts[-1].ends_at <= each.starts_at:
            shifts.append(each)
    return monday, shifts


def stretches(shifts: list[Interval]) -> list[slow.Stretch]:
    return [(each.starts_at, each.ends_at) for each in shifts]


@EXAMPLES
@given(a_roster())
def test_too_little_daily_rest_is_found_where_the_clock_says_so(roster: tuple[date, list[Interval]]) -> None:
    _, shifts = roster
    worst = slow.worst_day(stretches(shifts))

    assert short_rests(shifts) == [(start, rest) for start, rest in worst.items() if rest < 11]


@EXAMPLES
@given(a_roster(), st.sampled_from([7, 14]))
def test_weekly_rest_is_what_the_clock_says(roster: tuple[date, list[Interval]], days: int) -> None:
    monday, shifts = roster
    week = instant(monday, time(), LONDON), instant(monday + timedelta(days=days), time(), LONDON)
    free = slow.free_hours(stretches(shifts), week)

    found = weekly_rest(shifts, monday, LONDON, days=days)

    assert list(found.hours) == free
    enough = {7: any(each >= 24 for each in free)}
    enough[14] = any(each >= 48 for each in free) or sum(each >= 24 for each in free) >= 2
    assert found.is_enough == enough[days]


@EXAMPLES
@given(a_roster())
def test_hours_of_the_night_are_those_the_clock_on_the_wall_shows(roster: tuple[date, list[Interval]]) -> None:
    _, shifts = roster
    for shift in shifts:
        (stretch,) = stretches([shift])
        at_night = slow.hours_at_night(stretch, LONDON, begins=23, ends=6)
        assert night.night_hours(shift, LONDON) == at_night
        late = slow.hours_at_night(stretch, LONDON, begins=22, ends=6)
        broken = {limit.value for limit in limits_broken(shift, LONDON)}
        wanted = {
            "night work": at_night >= 3,
            "over 8 h a day": shift.elapsed_hours > 8,
            "works between 22:00 and 06:00": late > 0,
            "over 40 h a week": False,
        }
        assert broken == {name for name, is_so in wanted.items() if is_so}


@EXAMPLES
@given(a_roster(), st.integers(0, 7))
def test_a_shift_takes_rest_only_where_it_makes_it_worse(roster: tuple[date, list[Interval]], number: int) -> None:
    _, shifts = roster
    if not shifts:
        return
    shift, others = shifts[number % len(shifts)], shifts[: number % len(shifts)] + shifts[number % len(shifts) + 1 :]
    before, after = slow.worst_day(stretches(others)), slow.worst_day(stretches(shifts))
    worse = [rest for start, rest in after.items() if rest < 11 and rest < before.get(start, 11)]

    found = rest_lost(shift, others)

    assert (found is not None) == bool(worse)
    if found is not None:
        assert found <= min(worse), "what is told is at most the rest of the worst day"
        assert found in {*worse, *hours_between(shifts)}, "and a rest that is really there"
        assert found < ADULT_HOURS


a_day = st.dates(date(2026, 1, 1), date(2026, 12, 31))
worked_hours = st.dictionaries(a_day, st.decimals(0, 16, places=2), max_size=60)


@EXAMPLES
@given(worked_hours, a_day, st.sets(a_day, max_size=20), st.sampled_from([1, 17, 26]))
@example({date(2026, 6, 1): Decimal(10)}, date(2026, 5, 31), {date(2026, 5, 31)}, 1)
def test_the_average_week_makes_up_for_days_of_leave(
    worked: dict[date, Decimal], day: date, excluded: set[date], weeks: int
) -> None:
    reference = average.Reference.ending(day, weeks=weeks)
    wanted = slow.average_week(worked, reference.first, reference.last, excluded)

    found = average.average_week(worked, reference, excluded=excluded)

    assert reference.weeks == weeks
    assert abs(found - wanted) < Decimal("1e-20")


@EXAMPLES
@given(a_day, a_day, st.sampled_from([1, 17, 26]))
def test_who_started_lately_is_measured_since_their_first_week(day: date, started: date, weeks: int) -> None:
    whole, found = (
        average.Reference.ending(day, weeks=weeks),
        average.Reference.ending(day, weeks=weeks, started=started),
    )

    assert found.last == whole.last
    assert found.first.weekday() == 0
    assert 1 <= found.weeks <= weeks
    assert found.first == whole.first or found.first <= max(started, found.last - timedelta(days=6))


@EXAMPLES
@given(a_day, st.sets(st.dates(date(2026, 3, 1), date(2026, 3, 20))))
def test_days_in_a_row_are_those_one_walks_over(day: date, worked: set[date]) -> None:
    assert days_in_a_row(day, worked) == slow.days_in_a_row(day, worked)
