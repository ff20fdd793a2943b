"""The leave that the people of the demo will ask for, in the proportions of real homes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from flowapp.cli.demo.allowance import granted
from flowapp.cli.demo.days import Days
from flowapp.cli.demo.homes import STRATHALLOW
from flowapp.cli.demo.people import SEED, Colleague
from flowapp.cli.demo.proportions import BY_A_PERSON, LONG, Sort, sorts
from flowapp.cli.demo.seasons import is_chosen, lead_days
from flowapp.cli.demo.wishes import Outcome, Wish
from flowapp.cli.demo.words import WHY_APPROVED, WHY_LEAVE, WHY_REJECTED, WHY_TAKEN_BACK
from flowapp.rota.bank_holidays import SATURDAY
from flowapp.rota.entitlement import leave_year
from flowapp.rota.leave_days import Counting, DayPart, LeaveCount, LeavePeriod, Work, WorkingPattern, count
from flowapp.rota.staff import JobRole

A_YEAR = 7  # requests of a person
WEEKS_IN_YEAR = 52
LONGEST_WORKED = 5  # days; longer leave is counted in days of the calendar
OPEN_SINCE = 12  # days
ATTEMPTS = 400


def leave_of(people: Sequence[Colleague], days: Days, *, quiet_from: date) -> list[Wish]:
    """Answer what these people will ask for, in the order of asking.

    Nobody gives leave back in the second home from `quiet_from` on: what happens there then is told elsewhere.
    """
    rng = Random(SEED + 1)
    plan = _Plan(rng, people, days, quiet_from)
    for sort in sorts(rng, len(people) * A_YEAR * days.weeks // WEEKS_IN_YEAR):
        for _ in range(ATTEMPTS):
            if plan.add(sort):
                break
    return sorted(plan.wishes, key=lambda wish: wish.asked_at)


class _Plan:
    """What is planned already: nobody is away twice at once, or longer than their allowance lasts."""

    def __init__(self, rng: Random, people: Sequence[Colleague], days: Days, quiet_from: date) -> None:
        self.wishes: list[Wish] = []
        self._rng = rng
        self._people = people
        self._days = days
        self._latest = days.leave_years[-1].end
        self._quiet_from = quiet_from
        self._away: defaultdict[int, list[LeavePeriod]] = defaultdict(list)
        self._left: dict[tuple[int, date], Decimal] = {}

    def add(self, sort: Sort) -> bool:
        """Draw somebody and some days for a request of this sort; answer whether they fit."""
        rng, who = self._rng, self._rng.choice(self._people)
        asked_on = self._asked_on(sort.outcome)
        start = _first_worked(who, asked_on + timedelta(days=lead_days(rng, at_least=7 if sort.length > LONG else 1)))
        if asked_on < who.start_date or not is_chosen(rng, start):
            return False
        period = _period(rng, who, start, sort)
        taken = _count(who, period)
        by_person = sort.outcome in BY_A_PERSON or who.role is JobRole.MANAGER
        if taken.days <= LONG and by_person:
            return False
        wish = self._timed(sort, who, period, asked_on, long=taken.days > LONG)
        if wish is None or not self._fits(wish, taken):
            return False
        self._away[who.number].append(period)
        self.wishes.append(wish)
        return True

    def _asked_on(self, outcome: Outcome) -> date:
        most = OPEN_SINCE if outcome is Outcome.OPEN else self._days.weeks * 7
        return self._days.ago(self._rng.randint(1, most))

    def _timed(self, sort: Sort, who: Colleague, period: LeavePeriod, asked_on: date, *, long: bool) -> Wish | None:
        """Find the days of the decision and of taking it back, if they are to be and there is time for them."""
        rng, day = self._rng, asked_on
        decided_on: date | None = None
        back_on: date | None = None
        taken_back = sort.outcome is Outcome.TAKEN_BACK
        if long and sort.outcome is not Outcome.OPEN and not (taken_back and rng.random() < 0.3):
            day = decided_on = _weekday(asked_on + timedelta(days=rng.randint(1, 2)))
        if taken_back:
            day = back_on = day + timedelta(days=rng.randint(1, 20))
            if who.home == STRATHALLOW and back_on >= self._quiet_from:
                return None
        if sort.outcome is Outcome.OPEN and period.start <= self._days.as_of:
            return None  # it would have run out undecided
        if day > self._days.last or (day >= period.start and day != asked_on):
            return None
        return Wish(
            who=who,
            period=period,
            reason=rng.choice(WHY_LEAVE),
            outcome=sort.outcome,
            asked_at=self._moment(asked_on, 7, 22),
            decided_at=None if decided_on is None else self._moment(decided_on, 9, 16),
            decision=rng.choice(WHY_REJECTED if sort.outcome is Outcome.REJECTED else WHY_APPROVED),
            taken_back_at=None if back_on is None else self._moment(back_on, 17, 21),
            taken_back=rng.choice(WHY_TAKEN_BACK),
        )

    def _fits(self, wish: Wish, taken: LeaveCount) -> bool:
        period, who = wish.period, wish.who
        near = timedelta(days=1)
        away = self._away[who.number]
        if any(period.start <= other.end + near and other.start <= period.end + near for other in away):
            return False
        year = leave_year(period.start)
        if period.end > min(year.end, self._latest):
            return False
        left = self._left.get((who.number, year.start), granted(who, year)) - taken.hours
        if left >= 0:
            self._left[who.number, year.start] = left
        return left >= 0

    def _moment(self, day: date, first_hour: int, last_hour: int) -> datetime:
        seconds = self._rng.randrange(first_hour * 3600, last_hour * 3600)
        return self._days.at(day, time(seconds // 3600, seconds // 60 % 60, seconds % 60))


def _weekday(day: date) -> date:
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def _hours_on(who: Colleague, day: date) -> Decimal:
    return WorkingPattern.weekly(who.week.hours).hours_on(day)


def _first_worked(who: Colleague, day: date) -> date:
    while not _hours_on(who, day):
        day += timedelta(days=1)
    return day


def _period(rng: Random, who: Colleague, start: date, sort: Sort) -> LeavePeriod:
    if sort.half and sort.length == 1:
        return LeavePeriod.of(start=start, start_part=rng.choice((DayPart.AM, DayPart.PM)))
    end = start
    if sort.length > LONGEST_WORKED:
        end += timedelta(days=sort.length - 1)
    else:
        for _ in range(sort.length - 1):
            end = _first_worked(who, end + timedelta(days=1))
    return LeavePeriod.of(start=start, end=end, start_part=DayPart.PM if sort.half else DayPart.ALL)


def _count(who: Colleague, period: LeavePeriod) -> LeaveCount:
    return count(period, Counting.ROSTERED, Work(pattern=WorkingPattern.weekly(who.week.hours)))
