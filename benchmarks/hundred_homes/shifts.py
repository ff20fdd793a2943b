"""Two years of shifts of a home, as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from benchmarks.hundred_homes.leave import Away
from benchmarks.hundred_homes.team import Post, posts_of
from benchmarks.hundred_homes.years import AS_OF, DAYS, FIRST
from flowapp.kernel.ids import new_uid
from flowapp.rota.leave import GRANTED
from flowapp.rota.shift_plan import ShiftPlan, timed
from flowapp.rota.shift_writing import columns_of
from flowapp.rota.shifts import ShiftStatus
from flowapp.rota.staff import JobRole

ZONE = "Europe/London"
DAY, NIGHT = (time(8), time(20)), (time(20), time(8))
BREAK_MINUTES = 60
NOT_FILLED, NOT_FILLED_YET = 0.012, 0.05  # of the shifts that are over, and of those to come
ALSO_TRAINED = {JobRole.SENIOR_CARER: ("MEDS",)}
PLANNED_AHEAD = timedelta(days=28)


def shifts_of(
    home_id: int, units: Sequence[int], staff: Sequence[int], away: Sequence[Away], rng: Random
) -> Iterator[dict[str, Any]]:
    """Go through the rows of a home's shifts, day by day; `staff` are its people by their place."""
    gone = _gone(away)
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        planned_at = datetime.combine(day - PLANNED_AHEAD, time(14), UTC)
        for place, post in enumerate(posts_of(number)):
            who = _who(post, day, gone, rng)
            status = (
                ShiftStatus.OPEN if who is None else ShiftStatus.ASSIGNED if day >= AS_OF else ShiftStatus.COMPLETED
            )
            yield {
                "uid": new_uid(planned_at),
                "home_id": home_id,
                **_planned(post, day, units[place % len(units)]),
                "status": status,
                "staff_id": None if who is None else staff[who],
                "published_at": planned_at,
                "cancel_reason": "",
                "created_at": planned_at,
                "updated_at": planned_at,
                "version": 1,
            }


def _gone(away: Sequence[Away]) -> Mapping[int, frozenset[date]]:
    """Answer the days on which each person has leave."""
    days: dict[int, set[date]] = {}
    for each in away:
        if each.status in GRANTED:
            days.setdefault(each.person, set()).update(each.start + timedelta(days=n) for n in range(each.length))
    return {person: frozenset(found) for person, found in days.items()}


def _who(post: Post, day: date, gone: Mapping[int, frozenset[date]], rng: Random) -> int | None:
    if rng.random() < (NOT_FILLED if day < AS_OF else NOT_FILLED_YET):
        return None
    for person in (post.person, post.stand_in):
        if day not in gone.get(person, ()):
            return person
    return None


def _planned(post: Post, day: date, unit_id: int) -> dict[str, Any]:
    start, end = NIGHT if post.night else DAY
    plan = ShiftPlan(
        unit_id=unit_id,
        role=post.role,
        date=day,
        start=start,
        end=end,
        unpaid_break_minutes=BREAK_MINUTES,
        skills=ALSO_TRAINED.get(post.role, ()),
    )
    return columns_of(plan, timed(plan, ZONE), ZONE)
