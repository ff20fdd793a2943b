"""Young workers, over school age and under 18: shorter days, longer rest, hardly any night (regulations 5A, 6A, 7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from flowapp.rota.wall_time import Interval
from flowapp.rota.working_time.night import hours_between_clock_times, is_night_work

GROWN_UP = 18  # years
MOST_A_DAY, MOST_A_WEEK = Decimal(8), Decimal(40)  # hours, and no average
WEEKLY_REST = Decimal(48)
LATE, EARLY = time(22), time(6)
NO_HOURS = Decimal(0)


class YoungLimit(StrEnum):
    """What a young worker may not do."""

    NIGHT_WORK = "night work"
    LONG_DAY = "over 8 h a day"
    LATE_OR_EARLY = "works between 22:00 and 06:00"
    LONG_WEEK = "over 40 h a week"


def age_on(born: date, day: date) -> int:
    """Answer how old somebody is on a day; born on 29 February one is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def limits_broken(
    shift: Interval, zone: str, *, same_day: Iterable[Decimal] = (), same_week: Iterable[Decimal] = ()
) -> list[YoungLimit]:
    """Answer each limit that a shift would break beside the hours of other work on its day and in its week."""
    hours = shift.elapsed_hours
    broken = {
        YoungLimit.NIGHT_WORK: is_night_work(shift, zone),
        YoungLimit.LONG_DAY: hours + sum(same_day, NO_HOURS) > MOST_A_DAY,
        YoungLimit.LATE_OR_EARLY: hours_between_clock_times(shift, LATE, EARLY, zone) > 0,
        YoungLimit.LONG_WEEK: hours + sum(same_week, NO_HOURS) > MOST_A_WEEK,
    }
    return [limit for limit, is_broken in broken.items() if is_broken]
