"""What somebody read off the clock is the moment they mean, also in the two nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from flowapp.kernel.errors import Refused
from flowapp.rota.timesheets.wall_clock import Which, as_written, came_at, went_at
from flowapp.rota.wall_time import Interval, instants

LONDON = "Europe/London"
DAY, NIGHT = ("08:00", "20:00"), ("20:00", "08:00")
NOVEMBER, BACK, FORWARD = date(2026, 11, 23), date(2026, 10, 24), date(2026, 3, 28)


def plan(day: date, times: tuple[str, str]) -> Interval:
    found = instants(day, *times, LONDON)
    return Interval(found.starts_at, found.ends_at)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "times", "came", "went", "moments"),
    [
        (NOVEMBER, DAY, "07:56", "20:03", (at(11, 23, 7, 56), at(11, 23, 20, 3))),
        (NOVEMBER, NIGHT, "19:50", "08:10", (at(11, 23, 19, 50), at(11, 24, 8, 10))),  # into the next morning
        (NOVEMBER, ("00:00", "08:00"), "23:50", "08:00", (at(11, 22, 23, 50), at(11, 23, 8))),  # the evening before
        (NOVEMBER, ("14:00", "00:00"), "14:00", "00:15", (at(11, 23, 14), at(11, 24, 0, 15))),  # past midnight
        (NOVEMBER, DAY, "13:30", "20:00", (at(11, 23, 13, 30), at(11, 23, 20))),  # hours late, still the same day
        (NOVEMBER, DAY, "08:00", "09:15", (at(11, 23, 8), at(11, 23, 9, 15))),  # went home ill
        (BACK, NIGHT, "20:00", "08:00", (at(10, 24, 19), at(10, 25, 8))),  # thirteen hours
        (FORWARD, NIGHT, "20:00", "08:00", (at(3, 28, 20), at(3, 29, 7))),  # eleven hours
    ],
)
def test_a_time_is_the_one_near_the_plan(
    day: date, times: tuple[str, str], came: str, went: str, moments: tuple[datetime, datetime]
) -> None:
    first = came_at(time.fromisoformat(came), plan(day, times), LONDON)
    last = went_at(time.fromisoformat(went), first, plan(day, times), LONDON)
    assert (first, last) == moments


def test_a_time_that_came_twice_is_asked_about_and_then_taken_as_told() -> None:
    night, came = plan(BACK, NIGHT), at(10, 24, 19)
    with pytest.raises(Refused, match="it was 01:30 twice") as told:
        went_at(time(1, 30), came, night, LONDON)
    assert [(each.path, each.code) for each in told.value.problems] == [("end_which", "ambiguous")]
    assert went_at(time(1, 30), came, night, LONDON, Which.FIRST) == at(10, 25, 0, 30)
    assert went_at(time(1, 30), came, night, LONDON, Which.SECOND) == at(10, 25, 1, 30)


def test_which_of_two_is_not_looked_at_where_there_is_one() -> None:
    assert came_at(time(8), plan(NOVEMBER, DAY), LONDON, Which.SECOND) == at(11, 23, 8)


def test_a_time_that_never_was_is_refused_with_the_reason() -> None:
    with pytest.raises(Refused, match="It was never 01:30 on 29 March 2026, since the clocks went forward") as told:
        went_at(time(1, 30), at(3, 28, 20), plan(FORWARD, NIGHT), LONDON)
    assert told.value.problems[0].code == "skipped"


@pytest.mark.parametrize(("came", "word"), [("01:30", "start"), ("20:00", "start")])
def test_a_time_far_from_the_plan_is_refused(came: str, word: str) -> None:
    with pytest.raises(Refused, match=f"{came} is too far from the planned {word} of this shift"):
        came_at(time.fromisoformat(came), plan(NOVEMBER, DAY), LONDON)


def test_nobody_goes_long_after_the_planned_end() -> None:
    with pytest.raises(Refused, match="03:00 is too far from the planned end"):
        went_at(time(3), at(11, 23, 8), plan(NOVEMBER, DAY), LONDON)


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (at(11, 23, 8), ("08:00", "")),
        (at(10, 25, 0, 30), ("01:30", "first")),
        (at(10, 25, 1, 30), ("01:30", "second")),
        (at(10, 25, 2, 30), ("02:30", "")),
        (at(3, 29, 1, 30), ("02:30", "")),
    ],
)
def test_a_moment_is_written_as_the_clock_showed_it(moment: datetime, written: tuple[str, str]) -> None:
    assert as_written(moment, LONDON) == written
