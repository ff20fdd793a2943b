"""The average week of candidates if the shift were theirs: exactly, where it may come near the limit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from flowapp.rota.eligibility.gathering.elsewhere import Span
from flowapp.rota.eligibility.gathering.leave import left_out
from flowapp.rota.eligibility.gathering.people import Somebody
from flowapp.rota.eligibility.gathering.work import NO_LOAD, Load, hours_by_day
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.shifts import LONGEST_SLEEP_IN_HOURS
from flowapp.rota.working_time.average import MOST_HOURS, Reference, average_week


def averages_of(
    session: Session, slot: Slot, people: Collection[Somebody], loads: Mapping[int, Load], *, exactly: bool
) -> Mapping[int, Decimal]:
    """Answer the average hours of a week of each of these people over the reference period of a shift.

    Days of leave are made up for by days worked later, so that no average is above all those hours together. Only where
    that is more than the law allows is it worth the look at every single day, unless it is to be exact.
    """
    period = Reference.ending(slot.day)
    days = left_out(session, [who.staff_id for who in people], Span(period.first, period.last))
    found, close = {}, []
    for who in people:
        load = loads.get(who.staff_id, NO_LOAD)
        weeks = _weeks(slot, who, period)
        hours = load.hours + slot.hours
        found[who.staff_id] = hours / weeks
        most_made_up: Decimal = min(load.later_hours, Decimal(LONGEST_SLEEP_IN_HOURS) * len(days.get(who.staff_id, ())))
        if exactly or hours + most_made_up > MOST_HOURS * weeks:
            close.append(who)
    return found | _exact(session, slot, close, days) if close else found


def _exact(session: Session, slot: Slot, people: list[Somebody], days: Mapping[int, set[date]]) -> dict[int, Decimal]:
    hours = hours_by_day(session, [who.staff_id for who in people], slot)
    found = {}
    for who in people:
        own = dict(hours.get(who.staff_id, {}))
        own[slot.day] = own.get(slot.day, Decimal(0)) + slot.hours
        # The shift itself is looked at as worked: on a day of leave another rule has something to say.
        excluded = days.get(who.staff_id, set()) - {slot.day}
        reference = Reference.ending(slot.day, started=who.start_date)
        found[who.staff_id] = average_week(own, reference, excluded=excluded)
    return found


def _weeks(slot: Slot, who: Somebody, period: Reference) -> int:
    if who.start_date <= period.first:
        return period.weeks
    return Reference.ending(slot.day, started=who.start_date).weeks
