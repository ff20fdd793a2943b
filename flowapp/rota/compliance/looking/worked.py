"""What the rules look at: the work of one person, and that of a home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from flowapp.rota.shifts import WorkingTime
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import Interval

NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Stint:
    """A shift that somebody has worked or is to work."""

    shift_id: int
    day: date  # on which it starts
    starts_at: datetime
    ends_at: datetime
    hours: Decimal  # without the unpaid break
    break_minutes: int
    working_time: WorkingTime

    @property
    def interval(self) -> Interval:
        """The instants between which it is worked."""
        return Interval(self.starts_at, self.ends_at)

    @property
    def is_work(self) -> bool:
        """Whether it counts as working time: being on call at home does not."""
        return self.working_time is not WorkingTime.ON_CALL


@dataclass(frozen=True, kw_only=True)
class Worker:
    """The work of one person, in whichever home, by the order of its starts."""

    staff_id: int
    name: str
    started: date
    timezone: str
    stints: tuple[Stint, ...]
    excluded: frozenset[date] = frozenset()  # days of leave, which an average leaves out
    opted_out: bool = False  # has agreed in writing to more than 48 hours

    @cached_property
    def work(self) -> tuple[Stint, ...]:
        """Those stints that are working time."""
        return tuple(each for each in self.stints if each.is_work)

    @cached_property
    def hours_by_day(self) -> Mapping[date, Decimal]:
        """The hours of working time by the day on which they begin."""
        found: dict[date, Decimal] = {}
        for each in self.work:
            found[each.day] = found.get(each.day, NOTHING) + each.hours
        return found


@dataclass(frozen=True, kw_only=True)
class Need:
    """The fewest people of a role a home needs for a shift."""

    name: str
    unit_id: int | None
    unit: str | None
    role: JobRole
    weekdays: tuple[str, ...]
    start: str
    end: str
    fewest: int


@dataclass(frozen=True, kw_only=True)
class Post:
    """A shift of a home, whether somebody has it or not."""

    day: date
    start: str
    end: str
    unit_id: int | None
    role: JobRole
    starts_at: datetime
    ends_at: datetime
    working_time: WorkingTime
    is_staffed: bool


@dataclass(frozen=True, kw_only=True)
class House:
    """What a home needs and has."""

    home_id: int
    name: str
    timezone: str
    needs: tuple[Need, ...]
    posts: tuple[Post, ...]


@dataclass(frozen=True, kw_only=True)
class Span:
    """The days that are looked through; the staffing of days that are far ahead is still being planned."""

    first: date
    last: date
    today: date

    def holds(self, day: date) -> bool:
        """Say whether a day is one of them."""
        return self.first <= day <= self.last
