"""What the rules look at of somebody who may take a shift; gathered for everybody at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from flowapp.rota.staff import Contract, JobRole, StaffStatus
from flowapp.rota.training.validity import Validity
from flowapp.rota.wall_time import Interval
from flowapp.rota.working_time.runs import MOST_DAYS


class Scope(StrEnum):
    """How somebody belongs to a home."""

    BASE = "base"  # works there
    RELIEF = "relief"  # was shown round, and helps out
    NEVER = "never"  # is not to work there


class Presence(StrEnum):
    """What somebody said of a stretch of time."""

    UNAVAILABLE = "unavailable"
    PREFERRED = "preferred"


# Not frozen, though nobody changes it: there are thousands of them, and they are made four times as fast.
@dataclass(kw_only=True, slots=True)
class Held:
    """A shift that somebody has."""

    shift_id: int | None
    day: date
    interval: Interval
    place: str  # the home, as people call it
    unit_id: int | None = None
    home_id: int | None = None
    hours: Decimal = Decimal(0)  # of working time


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate of somebody."""

    certificate_id: int | None
    validity: Validity


@dataclass(frozen=True, kw_only=True)
class Away:
    """A stretch of time for which somebody is away, or has asked to be."""

    interval: Interval
    words: str  # such as “annual leave”
    approved: bool = True
    leave_request_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody said of a stretch of time."""

    interval: Interval
    presence: Presence
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody, with everything that the rules ask about.

    `average_hours` are those of a week over the reference period if the shift were theirs; None where that was not
    asked. `week_hours` are those of its week without it.
    """

    staff_id: int
    name: str
    role: JobRole
    contract: Contract = Contract.PERMANENT
    status: StaffStatus = StaffStatus.ACTIVE
    start_date: date = date.min
    end_date: date | None = None
    born: date | None = None
    scopes: Mapping[int, Scope] = field(default_factory=dict)  # by home
    certificates: Mapping[str, tuple[Certificate, ...]] = field(default_factory=dict)  # by type of training
    shifts: tuple[Held, ...] = ()
    away: tuple[Away, ...] = ()
    absent_since: date | None = None  # ill, or back without the talk that is due
    said: tuple[Said, ...] = ()
    average_hours: Decimal | None = None
    opted_out_on: date | None = None
    contracted_hours: Decimal = Decimal(0)
    week_hours: Decimal = Decimal(0)
    most_week_hours: Decimal | None = None
    most_days_in_a_row: int = MOST_DAYS
    no_nights: bool = False  # by occupational health
    night_worker: bool = False  # nights are their usual work
    night_check_due: date | None = None  # from then on the free health assessment of night workers is overdue

    def shifts_beside(self, shift_id: int | None) -> list[Held]:
        """Answer the shifts that they have beside the one they are looked at for, which may be theirs already."""
        return [held for held in self.shifts if shift_id is None or held.shift_id != shift_id]
