"""Everybody who may take a shift, with everything that the rules and the ranking look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from flowapp.rota.eligibility.candidate import Away, Candidate, Certificate, Held, Said, Scope
from flowapp.rota.eligibility.gathering import elsewhere
from flowapp.rota.eligibility.gathering.averages import averages_of
from flowapp.rota.eligibility.gathering.elsewhere import USUAL, Span, Terms
from flowapp.rota.eligibility.gathering.leave import away_during
from flowapp.rota.eligibility.gathering.people import Somebody, these, those_for
from flowapp.rota.eligibility.gathering.work import NO_LOAD, Load, held_by, loads_of
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.eligibility.weekly import monday_of, takes_a_week

AROUND = timedelta(days=8)  # of a shift, in which the rules look at what else somebody works
FAR_AROUND = timedelta(days=14)  # where that leaves too little rest in a week, and its fortnight has to be looked at
A_DAY, A_WEEK = timedelta(days=1), timedelta(weeks=1)
NO_HOURS = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Known:
    """Somebody who may take a shift, with what they work added up."""

    candidate: Candidate
    home_id: int
    load: Load


def gather(session: Session, slots: Sequence[Slot]) -> list[list[Known]]:
    """Answer, for each shift, everybody at work in its home who does the job or one above it."""
    found: dict[int, list[Known]] = {}
    by_home: defaultdict[int, list[int]] = defaultdict(list)
    for place, slot in enumerate(slots):
        by_home[slot.home_id].append(place)
    helpers = elsewhere.helpers_of(session, [*by_home])
    for home_id, places in by_home.items():
        own = [slots[place] for place in places]
        span = Span(min(slot.day for slot in own), max(slot.last_day for slot in own))
        people = those_for(session, home_id, {slot.role for slot in own}, span, helpers.get(home_id, {}))
        facts = _facts(session, people, helpers, own, span)
        for place in places:
            found[place] = facts.known(session, slots[place], exactly=False)
    return [found[place] for place in range(len(slots))]


def gather_these(session: Session, slot: Slot, staff_ids: Iterable[int]) -> list[Known]:
    """Answer these people for a shift, whoever they are, with the exact average of their weeks."""
    span = Span(slot.day, slot.last_day)
    helpers = elsewhere.helpers_of(session, [slot.home_id])
    return _facts(session, these(session, staff_ids), helpers, [slot], span).known(session, slot, exactly=True)


def _facts(
    session: Session,
    people: list[Somebody],
    helpers: Mapping[int, Mapping[int, Scope]],
    slots: Sequence[Slot],
    span: Span,
) -> Facts:
    ids, zone = [each.staff_id for each in people], slots[0].timezone
    codes = {code for slot in slots for code in (*slot.skills, *slot.registers)}
    terms = elsewhere.terms_of(session, ids)
    longest = max((each.most_days_in_a_row for each in terms.values()), default=0)
    around = max(AROUND, (longest + 1) * A_DAY)
    touched = Span(span.first - A_DAY, span.last + A_DAY)
    return Facts(
        people=people,
        helpers=helpers,
        held=held_by(session, ids, Span(span.first - around, span.last + around)),
        around=around,
        away=away_during(session, ids, touched, zone),
        certificates=elsewhere.certificates_of(session, ids, codes),
        said=elsewhere.said_of(session, ids, touched, zone),
        absent=elsewhere.absent_since(session, ids),
        terms=terms,
    )


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What was looked up of these people for all shifts together."""

    people: Collection[Somebody]
    helpers: Mapping[int, Mapping[int, Scope]]
    held: Mapping[int, Sequence[Held]]
    around: timedelta
    away: Mapping[int, Sequence[Away]]
    certificates: Mapping[int, Mapping[str, tuple[Certificate, ...]]]
    said: Mapping[int, tuple[Said, ...]]
    absent: Mapping[int, date]
    terms: Mapping[int, Terms] = field(default_factory=dict)

    def known(self, session: Session, slot: Slot, *, exactly: bool) -> list[Known]:
        """Answer everybody as the rules look at them for one shift."""
        ids = [each.staff_id for each in self.people]
        loads = loads_of(session, ids, slot)
        averages = averages_of(session, slot, self.people, loads, exactly=exactly)
        found = [*self._each(slot, loads, averages)]
        if tired := [each.candidate.staff_id for each in found if takes_a_week(slot, each.candidate)]:
            far = held_by(session, tired, Span(slot.day - FAR_AROUND, slot.last_day + FAR_AROUND))
            found = [_with(each, far) if each.candidate.staff_id in far else each for each in found]
        return found

    def _each(self, slot: Slot, loads: Mapping[int, Load], averages: Mapping[int, Decimal]) -> Iterator[Known]:
        helpers = self.helpers.get(slot.home_id, {})
        for who in self.people:
            load = loads.get(who.staff_id, NO_LOAD)
            scope = helpers.get(who.staff_id, Scope.BASE if who.home_id == slot.home_id else None)
            candidate = self._candidate(slot, who, load, averages[who.staff_id], scope)
            yield Known(candidate=candidate, home_id=who.home_id, load=load)

    def _candidate(self, slot: Slot, who: Somebody, load: Load, average: Decimal, scope: Scope | None) -> Candidate:
        staff_id, terms = who.staff_id, self.terms.get(who.staff_id, USUAL)
        first, last = slot.day - self.around, slot.last_day + self.around
        shifts = tuple(held for held in self.held.get(staff_id, ()) if first <= held.day <= last)
        return Candidate(
            staff_id=staff_id,
            name=who.name,
            role=who.role,
            contract=who.contract,
            status=who.status,
            start_date=who.start_date,
            end_date=who.end_date,
            born=terms.born,
            scopes={} if scope is None else {slot.home_id: scope},
            certificates=self.certificates.get(staff_id, {}),
            shifts=shifts,
            away=tuple(self.away.get(staff_id, ())),
            absent_since=self.absent.get(staff_id),
            said=tuple(self.said.get(staff_id, ())),
            average_hours=average,
            opted_out_on=terms.opted_out_on,
            contracted_hours=who.contracted_hours,
            week_hours=_week_hours(slot, shifts),
            most_week_hours=terms.most_week_hours,
            most_days_in_a_row=terms.most_days_in_a_row,
            no_nights=terms.no_nights,
            night_worker=load.nights * 2 > load.shifts,
            night_check_due=terms.night_check_due,
        )


def _week_hours(slot: Slot, shifts: Sequence[Held]) -> Decimal:
    monday = monday_of(slot.day)
    return sum(
        (held.hours for held in shifts if monday <= held.day < monday + A_WEEK and held.shift_id != slot.shift_id),
        NO_HOURS,
    )


def _with(known: Known, far: Mapping[int, Sequence[Held]]) -> Known:
    return replace(known, candidate=replace(known.candidate, shifts=tuple(far[known.candidate.staff_id])))
