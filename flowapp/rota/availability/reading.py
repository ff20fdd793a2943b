"""What people have said of when they can work: of one person, and of many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from flowapp.rota.availability.availability import AvailabilityException, AvailabilityPattern
from flowapp.rota.availability.pattern import Pattern, from_kept
from flowapp.rota.availability.saying import OneOff, said_in
from flowapp.rota.eligibility.candidate import Said
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import Contract, Staff
from flowapp.rota.wall_time import Interval

A_WEEK = timedelta(days=7)  # more than a time zone and a night can shift a day


def said_by(session: Session, staff_ids: Collection[int], span: Interval) -> Mapping[int, tuple[Said, ...]]:
    """Answer what each of these people says of a span, by their numbers, in three queries for all of them.

    Whoever has said nothing is not among them.
    """
    patterns, one_offs = _patterns(session, staff_ids, span), _one_offs(session, staff_ids, span)
    speaking = {*patterns, *one_offs}
    places = _places(session, speaking)
    return {
        staff_id: said_in(
            span,
            zone,
            patterns.get(staff_id, ()),
            one_offs.get(staff_id, ()),
            works_by_list=contract == Contract.BANK,
        )
        for staff_id, (zone, contract) in places.items()
    }


def patterns_of(session: Session, staff_id: int) -> list[AvailabilityPattern]:
    """Answer what one person says of their weeks, the earliest first."""
    query = select(AvailabilityPattern).where(AvailabilityPattern.staff_id == staff_id)
    return list(session.scalars(query.order_by(AvailabilityPattern.valid_from, AvailabilityPattern.id)))


def exceptions_of(session: Session, staff_id: int, span: Interval | None = None) -> list[AvailabilityException]:
    """Answer what one person says of single stretches, the earliest first; those that touch a span, where one is."""
    query = select(AvailabilityException).where(AvailabilityException.staff_id == staff_id)
    if span is not None:
        query = query.where(
            AvailabilityException.ends_at > span.starts_at, AvailabilityException.starts_at < span.ends_at
        )
    return list(session.scalars(query.order_by(AvailabilityException.starts_at, AvailabilityException.id)))


def _patterns(session: Session, staff_ids: Collection[int], span: Interval) -> Mapping[int, list[Pattern]]:
    first, last = (span.starts_at - A_WEEK).date(), (span.ends_at + A_WEEK).date()
    row = AvailabilityPattern
    query = select(row.staff_id, row.valid_from, row.valid_to, row.repeat_weeks, row.anchor, row.slots).where(
        row.staff_id.in_(staff_ids), row.valid_from <= last, or_(row.valid_to.is_(None), row.valid_to >= first)
    )
    found: defaultdict[int, list[Pattern]] = defaultdict(list)
    for staff_id, valid_from, valid_to, repeat_weeks, anchor, slots in session.execute(query.order_by(row.id)):
        found[staff_id].append(
            Pattern(
                valid_from=valid_from,
                valid_to=valid_to,
                repeat_weeks=repeat_weeks,
                anchor=anchor,
                slots=from_kept(slots),
            )
        )
    return found


def _one_offs(session: Session, staff_ids: Collection[int], span: Interval) -> Mapping[int, list[OneOff]]:
    query = select(AvailabilityException).where(
        AvailabilityException.staff_id.in_(staff_ids),
        AvailabilityException.ends_at > span.starts_at,
        AvailabilityException.starts_at < span.ends_at,
    )
    found: defaultdict[int, list[OneOff]] = defaultdict(list)
    for each in session.scalars(query.order_by(AvailabilityException.id)):
        found[each.staff_id].append(each.one_off)
    return found


def _places(session: Session, staff_ids: Collection[int]) -> Mapping[int, tuple[str, str]]:
    query = (
        select(Staff.id, CareHome.timezone, Staff.contract)
        .join(CareHome, CareHome.id == Staff.home_id)
        .where(Staff.id.in_(staff_ids))
        .order_by(Staff.id)
    )
    return {staff_id: (zone, contract) for staff_id, zone, contract in session.execute(query)}
