"""The average week of candidates if the shift were theirs: exactly, where it may come near the limit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from flowapp.rota.eligibility.gathering.elsewhere import Span
from flowapp.rota.eligibility.gathering.leave import left_out
from flowapp.rota.eligibility.gathering.people import Somebody
from flowapp.rota.eligibility.gathering.work import NO_LOAD, Load, hours_by_day
from flowapp.rota.eligibility.slot import Slot
from flowapp.rota.working_time.average import MOST_HOURS, Reference, average_week


def averages_of(
    session: Session, slot: Slot, people: Collection[Somebody], loads: Mapping[int, Load], *, exactly: bool
) -> Mapping[int, Decimal]:
    """Answer the average hours of a week of each of these people over the reference period of a shift.

    Days of leave are made up for by days worked later, so that no average is above all those hours together. Only where
    that is more than the law allows is it worth the look at every single day, unless it is to be exact.
    """
    found, close = {}, []
    for who in people:
        load = loads.get(who.staff_id, NO_LOAD)
        weeks = _reference(slot, who).weeks
        found[who.staff_id] = (load.hours + slot.hours) / weeks
        if exactly or (load.hours + load.later_hours + slot.hours) / weeks > MOST_HOURS:
            close.append(who)
    return found | _exact(session, slot, close) if close else found


def _exact(session: Session, slot: Slot, people: list[Somebody]) -> dict[int, Decimal]:
    ids = [who.staff_id for who in people]
    whole = Reference.ending(slot.day)
    hours, days = hours_by_day(session, ids, slot), left_out(session, ids, Span(whole.first, whole.last))
    found = {}
    for who in people:
        own = dict(hours.get(who.staff_id, {}))
        own[slot.day] = own.get(slot.day, Decimal(0)) + slot.hours
        # The shift itself is looked at as worked: on a day of leave another rule has something to say.
        excluded = days.get(who.staff_id, set()) - {slot.day}
        found[who.staff_id] = average_week(own, _reference(slot, who), excluded=excluded)
    return found


def _reference(slot: Slot, who: Somebody) -> Reference:
    return Reference.ending(slot.day, started=who.start_date)
