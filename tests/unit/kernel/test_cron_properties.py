"""What holds of every schedule: it goes forward, as Debian's cron would, and no text does harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from flowapp.kernel.cron import check_cron, next_after
from flowapp.kernel.cron_reading import Cron, CronError
from flowapp.kernel.cron_words import in_words

MINUTE = timedelta(minutes=1)
slow = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def a_field(low: int, high: int, *special: str) -> st.SearchStrategy[str]:
    """Write one field in the ways there are."""
    number = st.integers(low, high)
    spread = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.integers(1, high)
    item = st.one_of(
        number.map(str),
        spread,
        st.builds("{}/{}".format, st.just("*") | spread | number, step),
        st.just("*"),
        *(st.just(each) for each in special),
    )
    return st.just("*") | item | st.lists(item, min_size=2, max_size=3).map(",".join)


DAYS, MONTHS = a_field(1, 31, "L", "LW"), a_field(1, 12, "FEB")
WEEKDAYS = a_field(0, 7, "5L", "FRI#1", "MON#5", "SAT#4", "SUN")
TIMES = st.tuples(a_field(0, 59), a_field(0, 23))
EXPRESSIONS = st.tuples(TIMES, DAYS, MONTHS, WEEKDAYS).map(lambda parts: " ".join((*parts[0], *parts[1:])))
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC")]
)
# Around the days on which these zones change their clocks.
CHANGES = [datetime(2026, *day, tzinfo=UTC) for day in ((3, 8), (3, 29), (4, 4), (10, 3), (10, 25), (11, 1))]
MOMENTS = st.builds(
    lambda day, seconds: day + timedelta(seconds=seconds), st.sampled_from(CHANGES), st.integers(-50_000, 100_000)
)


def fits_day(cron: Cron, day: datetime) -> bool:
    """Say by the calendar alone whether a day is meant; written without croniter."""
    last = (day + timedelta(days=1)).month != day.month
    later = [day + timedelta(days=n) for n in range(1, 4)]
    working = day.isoweekday() < 6 and not any(e.month == day.month and e.isoweekday() < 6 for e in later)
    weekday = day.isoweekday() % 7
    by_month = day.day in cron.day.numbers or ("L" in cron.day.ends and last) or ("LW" in cron.day.ends and working)
    by_week = (
        weekday in cron.weekday.numbers
        or (weekday, (day.day + 6) // 7) in cron.weekday.nth
        or (weekday in cron.weekday.last and (day + timedelta(days=7)).month != day.month)
    )
    fits = (by_month and by_week) if cron.both_days else (by_month or by_week)
    return fits and day.month in cron.month.numbers


def shown(cron: Cron, wall: datetime) -> bool:
    """Say whether the clock shows a time that is meant."""
    return wall.minute in cron.minute.numbers and wall.hour in cron.hour.numbers and fits_day(cron, wall)


def as_debian(cron: Cron, zone: ZoneInfo, after: datetime, minutes: int) -> datetime | None:
    """Go on minute by minute as Debian's cron does, and answer the first that is due."""
    moment = after.replace(second=0, microsecond=0)
    for _ in range(minutes):
        before, moment = moment.astimezone(zone).replace(tzinfo=None), moment + MINUTE
        now = moment.astimezone(zone)
        wall = now.replace(tzinfo=None, fold=0)
        if not cron.fixed:
            if shown(cron, wall):
                return moment
            continue
        missed = int((wall - before) / MINUTE) - 1
        if any(shown(cron, before + MINUTE * n) for n in range(1, missed + 1)) or (not now.fold and shown(cron, wall)):
            return moment
    return None


@given(EXPRESSIONS, ZONES, MOMENTS)
@slow
def test_times_go_forward_and_are_never_earlier_than_asked(expression: str, zone: ZoneInfo, moment: datetime) -> None:
    try:
        check_cron(expression)
    except CronError:
        assume(False)
    before = moment
    for _ in range(4):
        found = next_after(expression, zone, before)
        assert found > before
        assert found.tzinfo is UTC
        assert (found.second, found.microsecond) == (0, 0)
        before = found


@given(TIMES.map(" ".join), ZONES, MOMENTS, st.sampled_from(["* * *", "* * 0,6", "25,29 * *", "L * *", "*/2 * SUN"]))
@example("30 1", ZoneInfo("Europe/London"), datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "* * *")
@example("*/20 1", ZoneInfo("Europe/London"), datetime(2026, 10, 25, 0, 50, tzinfo=UTC), "* * *")
@slow
def test_the_next_time_is_that_of_debians_cron(times: str, zone: ZoneInfo, moment: datetime, days: str) -> None:
    expression = f"{times} {days}"
    found, expected = next_after(expression, zone, moment), as_debian(check_cron(expression), zone, moment, 3 * 24 * 60)
    if expected is None:
        assert found > moment + timedelta(days=2, hours=23)
    else:
        assert found == expected


@given(EXPRESSIONS)
@slow
def test_the_days_are_those_of_the_calendar(expression: str) -> None:
    try:
        cron = check_cron(expression)
    except CronError:
        assume(False)
    start = datetime(2027, 12, 31, tzinfo=UTC)
    expected = next((day for n in range(1, 500) if fits_day(cron, day := start + timedelta(days=n))), None)
    found = next_after(expression, ZoneInfo("UTC"), start + timedelta(days=1, minutes=-1))
    assert found.date() == expected.date() if expected else found > start + timedelta(days=499)


@given(st.text(alphabet="*/-,#0123456789 LWFRIMON@hourly", max_size=60) | st.text(max_size=250) | EXPRESSIONS)
@example("1-59/1 * 29 2 0#5")
@example("0 0 29 2 */7,MON#5,0L")
@example("7 7 LW * */6")  # a last working day on Saturday or Sunday, looked for until the year 9999
@example("0 0 LW,*/31 1 MON#4")
@example("0 0 LW,*/31 * SAT#4,0L")
@example("9999/9999 * * * *")
@slow
def test_whatever_the_text_it_has_words_or_the_one_error_and_soon(text: str) -> None:
    began = monotonic()
    try:
        words = in_words(text)
        next_after(text, ZoneInfo("Europe/London"), CHANGES[0])
    except CronError as error:
        words = error.message
    else:
        assert not [sign for sign in ("*", "#", "  ", "\n") if sign in words]
    assert words
    assert monotonic() - began < 2
