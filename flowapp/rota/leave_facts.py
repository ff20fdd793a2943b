"""What the rules about a leave request look at, gathered by the caller, and what each of them answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from flowapp.rota.calendar import HomeCalendar
from flowapp.rota.embargo import Embargo, Place
from flowapp.rota.leave_days import LeaveCount, LeavePeriod
from flowapp.rota.notice import NoticeRule


class OtherLeave(NamedTuple):
    """Other leave of the same person that is asked for or approved."""

    period: LeavePeriod
    approved: bool
    leave_request_id: int | None = None


class PeopleAway(NamedTuple):
    """How many others of the same home and role group are away on a day, asked for or approved."""

    date: date
    away: int  # without this request
    group: int  # everybody of the group, the person included

    @property
    def percent_with_this(self) -> Decimal:
        """The part of the group that would be away, this person too, in per cent."""
        return Decimal(100 * (self.away + 1)) / max(self.group, 1)


@dataclass(frozen=True, kw_only=True)
class AwayLimit:
    """How many of a role group may be away at once, as a number, as per cent, as both or not limited."""

    people: int | None = None
    percent: Decimal | None = None

    def allows(self, day: PeopleAway) -> bool:
        """Tell whether one more person may be away on a day."""
        if self.people is not None and day.away + 1 > self.people:
            return False
        return self.percent is None or day.percent_with_this <= self.percent


@dataclass(frozen=True, kw_only=True)
class CoverShortfall:
    """A shift time of a unit that would have fewer people than it needs."""

    date: date
    unit: str
    shift: str  # what people call it, such as "night"
    needed: int
    left: int


# Not frozen, though nobody changes it: of so many fields that takes four times as long, for every question asked.
@dataclass(kw_only=True, slots=True)
class LeaveFacts:
    """Everything the rules need to know of a leave request, as it is today."""

    period: LeavePeriod
    count: LeaveCount
    today: date
    staff_id: int
    employed_from: date
    employed_until: date | None = None
    others: tuple[OtherLeave, ...] = ()
    # The type of leave:
    status_only: bool = False  # it only tells where somebody is, so that it may take nothing
    half_days_allowed: bool = True
    most_days: Decimal | None = None  # in one request
    notice: NoticeRule = field(default_factory=NoticeRule)
    evidence_after_days: int | None = None  # calendar days without evidence, such as 7 for sickness
    evidence_given: bool = False
    # The allowance, in hours:
    balance_before: Decimal | None = None  # None: the type is not taken from an allowance
    may_go_below_by: Decimal = Decimal(0)
    # The home:
    calendar: HomeCalendar | None = None
    place: Place = field(default_factory=Place)
    embargoes: tuple[Embargo, ...] = ()
    people_away: tuple[PeopleAway, ...] = ()
    away_limit: AwayLimit = field(default_factory=AwayLimit)
    shortfalls: tuple[CoverShortfall, ...] = ()
    max_consecutive_days: int | None = None  # bank holidays do not count
    # The decision:
    decider_staff_id: int | None = None  # of a workflow, its owner; None: nobody decides yet

    @property
    def balance_after(self) -> Decimal | None:
        """The hours that would be left; None when the type is not taken from an allowance."""
        return None if self.balance_before is None else self.balance_before - self.count.hours


class Outcome(StrEnum):
    """What a rule makes of a request."""

    PASS = "pass"
    INFORM = "inform"  # worth knowing for whoever decides
    BLOCK = "block"  # cannot be asked for or approved like this


class CheckResult(NamedTuple):
    """What one rule found, in one sentence with the numbers."""

    rule: str
    outcome: Outcome
    title: str
    text: str
    field: str  # the field of the request it is about; empty for the whole
