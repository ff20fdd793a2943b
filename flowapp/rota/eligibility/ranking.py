"""The order in which those who can take a shift are asked: the cheapest and fairest first, always the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum

from flowapp.rota.eligibility.candidate import Candidate, Presence, Scope
from flowapp.rota.eligibility.gathering.gathering import Known
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.staff import Contract
from flowapp.rota.training.validity import DUE_DAYS
from flowapp.rota.wall_time import SECONDS_IN_HOUR, overlap
from flowapp.rota.working_time.rest import ADULT_HOURS

FULL_TIME_HOURS = Decimal("37.5")  # a week
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
TENTH, ONE, NONE, HALF = Decimal("0.1"), Decimal(1), Decimal(0), Decimal("0.5")
FAIRNESS, CONTINUITY, SKILL, PREFERENCE, REST, TRAVEL = map(Decimal, (35, 20, 15, 10, 10, 10))
SAME_HOME, RELIEF = Decimal("0.6"), Decimal("0.2")
SUBSTITUTE, DUE_SOON = Decimal("0.6"), Decimal("0.2")
REST_SPAN = Decimal(13)  # hours beyond the eleven of the law; more make no difference


class Tier(IntEnum):
    """What a shift costs beside what is paid anyway; the cheapest is asked first."""

    OWED = 0  # within the contracted hours of the week
    PART_TIME = 1  # beyond them, within a full week
    BANK = 2
    OVERTIME = 3
    RELIEF = 4  # from another home
    AGENCY = 5


@dataclass(frozen=True, kw_only=True)
class Peers:
    """How much those who can take the shift have done beyond their contracts: what nine in ten stay within."""

    extra: Decimal
    unsocial: Decimal

    @classmethod
    def of(cls, known: Iterable[Known]) -> Peers:
        """Measure them."""
        loads = [each.load for each in known]
        return cls(
            extra=_ninth_tenth([each.extra for each in loads]), unsocial=_ninth_tenth([each.unsocial for each in loads])
        )


@dataclass(frozen=True, kw_only=True)
class Rank:
    """Where somebody stands in the order, and why."""

    tier: Tier
    score: Decimal  # of 100
    parts: dict[str, Decimal]  # what it is made of
    last_extra_at: datetime | None
    staff_id: int

    @property
    def order(self) -> tuple[int, Decimal, datetime, int]:
        """What they are put in order by."""
        return (self.tier, -self.score, self.last_extra_at or LONG_AGO, self.staff_id)


def rank(slot: Slot, known: Known, peers: Peers) -> Rank:
    """Say where somebody stands among their peers for a shift."""
    who = known.candidate
    parts = {
        "fairness": _points(FAIRNESS, _fairness(known, peers)),
        "continuity": _points(CONTINUITY, _continuity(slot, known)),
        "skill": _points(SKILL, _skill(slot, who)),
        "preference": _points(PREFERENCE, ONE if _is_liked(slot, who) else HALF),
        "rest": _points(REST, _rest(slot, who)),
        "travel": _points(TRAVEL, ONE if _is_at_home(slot, who) else HALF),
    }
    return Rank(
        tier=tier_of(slot, who),
        score=sum(parts.values(), NONE),
        parts=parts,
        last_extra_at=known.load.last_extra_at,
        staff_id=who.staff_id,
    )


def tier_of(slot: Slot, who: Candidate) -> Tier:
    """Answer what it costs to give somebody a shift."""
    if who.contract is Contract.AGENCY:
        return Tier.AGENCY
    if not _is_at_home(slot, who):
        return Tier.RELIEF
    if who.contract is Contract.BANK:
        return Tier.BANK
    hours = who.week_hours + slot.hours
    if hours <= who.contracted_hours:
        return Tier.OWED
    return Tier.PART_TIME if who.contracted_hours < FULL_TIME_HOURS and hours <= FULL_TIME_HOURS else Tier.OVERTIME


def unfairness(extra: Sequence[int]) -> Decimal:
    """Answer how unevenly extra shifts lie on people: the root of the squared differences from the mean; 0 is even."""
    if not extra:
        return NONE
    mean = Decimal(sum(extra)) / len(extra)
    return sum(((each - mean) ** 2 for each in extra), NONE).sqrt().quantize(Decimal("0.01"))


def _fairness(known: Known, peers: Peers) -> Decimal:
    """Half for few extra shifts, half for few unsocial ones, beside the peers."""
    extra = ONE - min(ONE, Decimal(known.load.extra) / max(ONE, peers.extra))
    unsocial = ONE - min(ONE, Decimal(known.load.unsocial) / max(ONE, peers.unsocial))
    return (extra + unsocial) / 2


def _continuity(slot: Slot, known: Known) -> Decimal:
    if slot.unit_id is not None and known.load.in_unit:
        return ONE
    return SAME_HOME if _is_at_home(slot, known.candidate) else RELIEF


def _skill(slot: Slot, who: Candidate) -> Decimal:
    fit = ONE if who.role is slot.role else SUBSTITUTE
    return fit - DUE_SOON if any(_is_due_soon(slot, who, code) for code in slot.skills) else fit


def _is_due_soon(slot: Slot, who: Candidate, code: str) -> bool:
    left = [each.validity.days_left(slot.day) for each in who.certificates.get(code, ())]
    return bool(left) and all(days is not None and days <= DUE_DAYS for days in left)


def _is_liked(slot: Slot, who: Candidate) -> bool:
    return any(said.presence is Presence.PREFERRED and overlap(said.interval, slot.interval) for said in who.said)


def _rest(slot: Slot, who: Candidate) -> Decimal:
    hours = rest_beside(slot, who)
    return ONE if hours is None else max(NONE, min(ONE, (hours - ADULT_HOURS) / REST_SPAN))


def rest_beside(slot: Slot, who: Candidate) -> Decimal | None:
    """Answer the hours of rest to the nearest other shift; None where there is none around."""
    gap = min(
        (
            max(slot.interval.starts_at - held.interval.ends_at, held.interval.starts_at - slot.interval.ends_at)
            for held in who.shifts
            if held.shift_id != slot.shift_id
        ),
        default=None,
    )
    return None if gap is None else Decimal(int(gap.total_seconds())) / SECONDS_IN_HOUR


def _is_at_home(slot: Slot, who: Candidate) -> bool:
    return who.scopes.get(slot.home_id) is Scope.BASE


def _points(weight: Decimal, part: Decimal) -> Decimal:
    return (weight * part).quantize(TENTH, rounding=ROUND_HALF_UP)


def _ninth_tenth(figures: Sequence[int]) -> Decimal:
    """Answer the least figure that nine in ten stay within."""
    if not figures:
        return NONE
    ordered = sorted(figures)
    return Decimal(ordered[-(-len(ordered) * 9 // 10) - 1])
