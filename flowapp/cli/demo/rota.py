"""Who works when in the demo: each day's posts, given to those whose week has a shift and who are not away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from flowapp.cli.demo.days import Days
from flowapp.cli.demo.people import KNOWN, SEED, Colleague
from flowapp.cli.demo.wishes import Outcome, Wish
from flowapp.rota.leave_days import LeavePeriod
from flowapp.rota.shifts import ShiftKind
from flowapp.rota.staff import Contract, JobRole

WEEKS_AHEAD = 4
MOST_IN_A_WEEK = 4
# Of a day, and of its night: who is needed, in which unit (None: in the whole home).
BY_DAY = (
    (JobRole.SENIOR_CARER, None),
    *((JobRole.CARER, unit) for unit in (0, 1)),
    *((JobRole.CARE_ASSISTANT, unit) for unit in (0, 0, 1, 1)),
)
BY_NIGHT = (
    *((JobRole.SENIOR_CARER, None), (JobRole.CARER, 1)),
    *((JobRole.CARE_ASSISTANT, unit) for unit in (0, 1)),
)
DAY, NIGHT = (time(8), time(20)), (time(20), time(8))
COVERED, COVERED_LATER = 0.85, 0.35  # how often somebody takes an extra shift; less often while there is time
SOON = 10  # days
ONE_DAY, NOON = timedelta(days=1), time(12)
_FIRST_CHOICE = frozenset(email for _, email in KNOWN.values())  # a visitor finds their week as it should be


@dataclass(frozen=True, kw_only=True)
class Post:
    """A shift of the demo before it is written."""

    home: int
    day: date
    night: bool
    role: JobRole
    unit: int | None
    who: int | None  # the place of whoever has it; None: it is open
    kind: ShiftKind = ShiftKind.REGULAR


def monday_of(day: date) -> date:
    """Answer the Monday of the week a day lies in."""
    return day - timedelta(days=day.weekday())


def planned_days(days: Days) -> list[date]:
    """Answer the days of the rota: as many weeks as the demo has, and the days of that year whose night is odd."""
    first = first_day(days)
    weeks = [first + timedelta(days=number) for number in range(7 * days.weeks)]
    return sorted({*weeks, *clock_changes(days.as_of.year, days.zone)})


def first_day(days: Days) -> date:
    """Answer the Monday on which the rota begins, but for those odd nights."""
    return monday_of(days.as_of) - timedelta(weeks=days.weeks - WEEKS_AHEAD)


def clock_changes(year: int, zone: ZoneInfo) -> list[date]:
    """Answer the days of a year whose night has an hour more or less than others."""
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(364))
    return [day for day in days if _offset(day, zone) != _offset(day + ONE_DAY, zone)]


def rota_of(people: Sequence[Colleague], wishes: Sequence[Wish], days: Days) -> Iterator[Post]:
    """Go through the posts of every home and day, given to somebody or open."""
    rota = _Rota(people, wishes, days)
    for home in range(max(who.home for who in people) + 1):
        for day in planned_days(days):
            for night, posts in ((False, BY_DAY), (True, BY_NIGHT)):
                for role, unit in posts:
                    yield rota.fill(Post(home=home, day=day, night=night, role=role, unit=unit, who=None))


class _Rota:
    """Who has which days already."""

    def __init__(self, people: Sequence[Colleague], wishes: Sequence[Wish], days: Days) -> None:
        self._rng = Random(SEED + 2)
        self._soon = days.as_of + timedelta(days=SOON)
        self._by_job: defaultdict[tuple[int, JobRole, bool], list[Colleague]] = defaultdict(list)
        for who in people:
            if who.week.planned:
                self._by_job[who.home, who.role, who.week.nights].append(who)
        self._away: defaultdict[int, list[LeavePeriod]] = defaultdict(list)
        for wish in wishes:
            if wish.outcome is Outcome.APPROVED:
                self._away[wish.who.number].append(wish.period)
        self._taken: set[tuple[int, date]] = set()
        self._in_week: Counter[tuple[int, date]] = Counter()

    def fill(self, post: Post) -> Post:
        """Give the post to somebody, or leave it open."""
        free = [who for who in self._by_job[post.home, post.role, post.night] if self._is_free(who, post)]
        due = [who for who in free if who.week.works(post.day)]
        extra = [who for who in free if self._takes_extra(who, post.day)]
        covered = COVERED if post.day <= self._soon else COVERED_LATER
        if not due and (not extra or self._rng.random() > covered):
            return post
        who = min(due or extra, key=lambda each: self._order(each, post.day))
        self._taken.add((who.number, post.day))
        self._in_week[who.number, monday_of(post.day)] += 1
        return replace(post, who=who.number, kind=_kind(who, extra=not due))

    def _is_free(self, who: Colleague, post: Post) -> bool:
        if post.day < who.start_date or (who.number, post.day) in self._taken:
            return False
        # A night runs into the next morning.
        until = post.day + ONE_DAY if post.night else post.day
        return not any(period.start <= until and post.day <= period.end for period in self._away[who.number])

    def _takes_extra(self, who: Colleague, day: date) -> bool:
        return who.email not in _FIRST_CHOICE and self._shifts(who, day) < MOST_IN_A_WEEK

    def _order(self, who: Colleague, day: date) -> tuple[bool, int, int]:
        return (who.email not in _FIRST_CHOICE, self._shifts(who, day), who.number)

    def _shifts(self, who: Colleague, day: date) -> int:
        return self._in_week[who.number, monday_of(day)]


def _kind(who: Colleague, *, extra: bool) -> ShiftKind:
    if who.contract is Contract.BANK:
        return ShiftKind.BANK
    return ShiftKind.OVERTIME if extra else ShiftKind.REGULAR


def _offset(day: date, zone: ZoneInfo) -> timedelta | None:
    return datetime.combine(day, NOON, zone).utcoffset()
