"""Who can take a shift, in the order they are asked, and why the others cannot: the one answer for everybody who asks.

The page, the programs, the workflows and the check before publishing all read this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from flowapp.accounts.can import can, require
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import NotFound
from flowapp.rota.eligibility.gathering.gathering import Known, gather, gather_these
from flowapp.rota.eligibility.gathering.slots import slots_of, these_shifts
from flowapp.rota.eligibility.judging import Verdict, judge
from flowapp.rota.eligibility.overruling import needs_override
from flowapp.rota.eligibility.ranking import Peers, Rank, rank, unfairness
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.shift_reading import PlannedShift, visible_shift


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Somebody, what the rules say of them, and where they stand."""

    known: Known
    verdict: Verdict
    rank: Rank | None = None  # None for those who cannot take it

    @property
    def staff_id(self) -> int:
        """Who."""
        return self.known.candidate.staff_id

    @property
    def name(self) -> str:
        """Their name."""
        return self.known.candidate.name


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Everybody who was considered for a shift."""

    shift: PlannedShift
    slot: Slot
    as_of: datetime
    eligible: tuple[Judged, ...]  # in the order they are asked
    blocked: tuple[Judged, ...]  # those nearest to it first
    best: Judged | None  # the first whom whoever asks may put on it at once

    @property
    def considered(self) -> int:
        """How many people were looked at."""
        return len(self.eligible) + len(self.blocked)

    @property
    def blocked_by(self) -> dict[str, int]:
        """How many people each rule keeps from it."""
        rules = Counter(rule for each in self.blocked for rule in {found.rule for found in each.verdict.blocks})
        return dict(sorted(rules.items()))

    @property
    def near_misses(self) -> tuple[Judged, ...]:
        """Those whom one thing alone keeps from it."""
        return tuple(each for each in self.blocked if each.verdict.is_near_miss)

    @property
    def unfairness(self) -> tuple[Decimal, Decimal]:
        """How unevenly extra shifts lie on these people now, and if the best took this one too."""
        everybody = (*self.eligible, *self.blocked)
        best = None if self.best is None else self.best.staff_id
        now = [each.known.load.extra for each in everybody]
        then = [each.known.load.extra + (each.staff_id == best) for each in everybody]
        return unfairness(now), unfairness(then)


def candidates(session: Session, who: Person, shift_id: int, at: datetime) -> Candidates:
    """Answer who can take a shift; raises NotFound or NotAllowed where `who` may not give it to anybody."""
    shift = _assignable(session, who, shift_id)
    slot, *_ = slots_of(session, [shift])
    known, *_ = gather(session, [slot])
    return _answer(who, shift, slot, known, at)


def candidates_of_many(session: Session, who: Person, shift_ids: Collection[int], at: datetime) -> list[Candidates]:
    """Answer the same for many shifts at once, in the order of their starts, without those not to be given by `who`."""
    shifts = [each for each in these_shifts(session, shift_ids) if can(who, "shift.assign", On(home_id=each.home_id))]
    slots = slots_of(session, shifts)
    found = zip(shifts, slots, gather(session, slots), strict=True)
    return [_answer(who, shift, slot, known, at) for shift, slot, known in found]


def candidate(session: Session, who: Person, shift_id: int, staff_id: int) -> tuple[PlannedShift, Slot, Judged]:
    """Answer what the rules say of one person and a shift; raises NotFound for a person one may not see."""
    shift = _assignable(session, who, shift_id)
    slot, *_ = slots_of(session, [shift])
    return shift, slot, judged_one(session, who, slot, staff_id)


def judged_one(session: Session, who: Person, slot: Slot, staff_id: int) -> Judged:
    """Answer what the rules say of one person; raises NotFound for one whom `who` may not see, nor put there."""
    for known in gather_these(session, slot, [staff_id]):
        helps_out = bool(known.candidate.scopes)
        if helps_out or can(who, "staff.view", On(home_id=known.home_id, staff_id=staff_id)):
            return _judged(slot, known, Peers.of([known]))
    raise NotFound("There is no such member of staff.")


def score_of(session: Session, slot: Slot, staff_id: int) -> Decimal | None:
    """Answer where somebody stands among all who can take a shift, of 100; None for somebody who is not among them."""
    known, *_ = gather(session, [slot])
    own = next((each for each in known if each.candidate.staff_id == staff_id), None)
    return None if own is None else rank(slot, own, Peers.of(known)).score


def _assignable(session: Session, who: Person, shift_id: int) -> PlannedShift:
    shift = visible_shift(session, who, shift_id)
    require(who, "shift.assign", On(home_id=shift.home_id))
    return shift


def _answer(who: Person, shift: PlannedShift, slot: Slot, known: Sequence[Known], at: datetime) -> Candidates:
    others = [each for each in known if each.candidate.staff_id != shift.staff_id]
    peers = Peers.of(others)
    judged = [_judged(slot, each, peers) for each in others]
    eligible = sorted((each for each in judged if each.rank is not None), key=_order)
    blocked = sorted(
        (each for each in judged if each.rank is None),
        key=lambda each: (len(each.verdict.blocks), each.name, each.staff_id),
    )
    may = can(who, "shift.override", On(home_id=shift.home_id))
    best = next((each for each in eligible if may or not any(map(needs_override, each.verdict.findings))), None)
    return Candidates(shift=shift, slot=slot, as_of=at, eligible=tuple(eligible), blocked=tuple(blocked), best=best)


def _judged(slot: Slot, known: Known, peers: Peers) -> Judged:
    verdict = judge(slot, known.candidate)
    return Judged(known=known, verdict=verdict, rank=rank(slot, known, peers) if verdict.is_eligible else None)


def _order(judged: Judged) -> tuple[Any, ...]:
    return () if judged.rank is None else judged.rank.order
