"""What the rules of working time know of the people of the demo, where they help out, and when they can work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy.orm import Session

from flowapp.cli.demo.days import Days
from flowapp.cli.demo.homes import STRATHALLOW
from flowapp.cli.demo.people import SEED, Colleague
from flowapp.events.cause import Cause
from flowapp.rota.availability.availability import AvailabilityPattern
from flowapp.rota.availability.pattern import Slot, SlotKind, as_kept, monday_of
from flowapp.rota.eligibility.candidate import Scope
from flowapp.rota.home_scope.scopes import StaffHomeScope
from flowapp.rota.staff import Contract, JobRole, Staff
from flowapp.rota.work import WEEKDAY_NAMES
from flowapp.rota.work_limits.limits import Restriction

MEAN_AGE, SPREAD, YOUNGEST, OLDEST = 45, 13, 19, 67  # years; Skills for Care
A_YEAR = Decimal("365.25")  # days
OPTED_OUT, WANTS_EXTRA, ASSESSED = 0.15, 0.3, 0.9
HELPS_OUT, STUDIES, NO_NIGHTS = 12, 6, 40  # one in so many
TRAINEE_DAYS = 17 * 365 + 200


def tell_rules(person: Staff, who: Colleague, days: Days, *, trainee: bool) -> None:
    """Put into somebody's record what the rules must know; `trainee` is the one who is seventeen."""
    rng = Random(SEED + 7 * who.number)
    years = min(max(round(rng.gauss(MEAN_AGE, SPREAD)), YOUNGEST), OLDEST)
    born = days.as_of - timedelta(days=int(years * A_YEAR) + rng.randrange(360))
    person.born = days.as_of - timedelta(days=TRAINEE_DAYS) if trainee else born
    person.wants_extra = rng.random() < WANTS_EXTRA
    if rng.random() < OPTED_OUT and not trainee:
        person.opted_out_on = max(who.start_date, days.ago(400))
        person.opt_out_notice_days = rng.choice((None, 28, 90))
    if who.week.nights and rng.random() < ASSESSED:
        person.night_assessed_on = days.ago(rng.randint(20, 330))
    if who.number % NO_NIGHTS == NO_NIGHTS - 1 and not who.week.nights:
        person.restrictions = [Restriction.NO_NIGHTS.value]


def trainee_among(people: Sequence[Colleague]) -> int | None:
    """Answer the place of the trainee of seventeen: the last of those who keep Strathallow clean."""
    here = (who.number for who in people if who.home == STRATHALLOW and who.role is JobRole.DOMESTIC)
    return max(here, default=None)


def say_where_and_when(
    session: Session, cause: Cause, who: Colleague, staff_id: int, homes: list[int], days: Days
) -> None:
    """Write where somebody helps out beside their own home, and when they can or cannot work."""
    if len(homes) > 1 and who.week.planned and who.number % HELPS_OUT == 0:
        other = homes[(who.home + 1) % len(homes)]
        session.add(StaffHomeScope(staff_id=staff_id, home_id=other, kind=Scope.RELIEF, since=cause.at))
    if slots := _slots(who):
        first = monday_of(days.first)
        session.add(_pattern(cause, staff_id, first, slots))


def _slots(who: Colleague) -> tuple[Slot, ...]:
    if who.contract is Contract.BANK:
        weekdays = [Slot(week=1, weekday=day, start=time(), end=time(), kind=SlotKind.AVAILABLE) for day in range(7)]
        return tuple(weekdays[who.number % 3 :])
    free = [number for number, name in enumerate(WEEKDAY_NAMES) if name not in who.week.hours]
    if not who.week.planned or who.number % STUDIES or not free:
        return ()
    studies = Slot(week=1, weekday=free[-1], start=time(), end=time(), kind=SlotKind.UNAVAILABLE)
    glad = Slot(week=1, weekday=free[0], start=time(8), end=time(20), kind=SlotKind.PREFERRED)
    return (studies, glad) if len(free) > 1 else (studies,)


def _pattern(cause: Cause, staff_id: int, first: date, slots: tuple[Slot, ...]) -> AvailabilityPattern:
    return AvailabilityPattern(
        staff_id=staff_id,
        valid_from=first,
        repeat_weeks=1,
        anchor=first,
        slots=as_kept(slots),
        created_at=cause.at,
        version=1,
    )
