"""A shift that somebody is to take, as the rules look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from flowapp.rota.bank_holidays import Nation
from flowapp.rota.shifts import WorkingTime
from flowapp.rota.staff import JobRole
from flowapp.rota.wall_time import Interval

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Company:
    """How many of the care staff work in the home while the shift is worked, without whoever takes it."""

    people: int = 0
    leading: int = 0
    awake: int = 0  # not asleep in the home, nor at home by the telephone
    from_agency: int = 0


@dataclass(frozen=True, kw_only=True)
class Slot:
    """The work: when, where, as what, and what must have been learnt for it.

    `skills` are the codes of training types with the names people use; `registers` likewise those registrations of
    which the home keeps a record. `company` is None where nobody has looked who else is there.
    """

    home_id: int
    nation: Nation
    timezone: str
    day: date  # on which it starts, by the clock of the home
    interval: Interval
    role: JobRole
    hours: Decimal = Decimal(0)  # of working time
    unit_id: int | None = None
    shift_id: int | None = None  # None: it is not written yet
    skills: Mapping[str, str] = field(default_factory=dict)
    registers: Mapping[str, str] = field(default_factory=dict)
    working_time: WorkingTime = WorkingTime.FULL
    company: Company | None = None

    @cached_property
    def last_day(self) -> date:
        """The last day that it touches; one that ends at midnight does not touch the next."""
        return (self.interval.ends_at - MOMENT).astimezone(ZoneInfo(self.timezone)).date()
