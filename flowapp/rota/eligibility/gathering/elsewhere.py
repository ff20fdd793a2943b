"""What other parts of the rota know of candidates: one reader for each part, asked for everybody at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.rota.absence import absence
from flowapp.rota.availability.reading import said_by
from flowapp.rota.eligibility.candidate import Certificate, Said, Scope
from flowapp.rota.eligibility.registration import DBS, NMC, PVG, SSSC
from flowapp.rota.home_scope.scopes import StaffHomeScope
from flowapp.rota.staff import Staff
from flowapp.rota.training import reading, types
from flowapp.rota.training.certificates import Certificate as Kept
from flowapp.rota.training.types import TrainingType
from flowapp.rota.wall_time import Interval, instant
from flowapp.rota.work_limits.limits import Restriction, WorkLimits
from flowapp.rota.work_limits.reading import limits_by
from flowapp.rota.working_time.runs import MOST_DAYS

REGISTERS = (PVG, DBS, SSSC, NMC)
A_DAY = timedelta(days=1)
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


class Span(NamedTuple):
    """The days from one to another, both included."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What was agreed with somebody, and what occupational health asks for them."""

    born: date | None = None
    opted_out_on: date | None = None
    most_week_hours: Decimal | None = None
    most_days_in_a_row: int = MOST_DAYS
    no_nights: bool = False
    night_check_due: date | None = None


USUAL = Terms()
EVERY_YEAR = timedelta(days=365)  # night workers are offered another assessment of their health


def certificates_of(
    session: Session, staff_ids: Collection[int], codes: Collection[str]
) -> Mapping[int, Mapping[str, tuple[Certificate, ...]]]:
    """Answer the certificates of these people, of these types alone, by the code of their type."""
    return reading.certificates_of(session, staff_ids, codes) if codes else _NOTHING


def training_names(session: Session, codes: Collection[str]) -> Mapping[str, str]:
    """Answer what people call these types of training; one that nobody knows has its code for a name."""
    known = types.training_names(session)
    return {code: known.get(code, code) for code in codes}


def registers_of(session: Session, home_id: int) -> Mapping[str, str]:
    """Answer the registrations of which a home keeps a record, by code with their names.

    It keeps one where anybody of it has such a certificate; before that, nobody could be planned for in a new home.
    """
    query = (
        select(TrainingType.code, TrainingType.name)
        .join(Kept, Kept.training_type_id == TrainingType.id)
        .join(Staff, Staff.id == Kept.staff_id)
        .where(Staff.home_id == home_id, TrainingType.code.in_(REGISTERS))
        .distinct()
    )
    return {code: name for code, name in session.execute(query)}


def said_of(session: Session, staff_ids: Collection[int], span: Span, zone: str) -> Mapping[int, tuple[Said, ...]]:
    """Answer what these people said of when they can work."""
    begins, ends = instant(span.first, time(), zone), instant(span.last + A_DAY, time(), zone)
    return said_by(session, staff_ids, Interval(begins, ends))


def absent_since(session: Session, staff_ids: Collection[int]) -> Mapping[int, date]:
    """Answer since when those of these people are ill who are, or not back for good."""
    return absence.absent_since(session, staff_ids)


def helpers_of(session: Session, home_ids: Collection[int]) -> Mapping[int, Mapping[int, Scope]]:
    """Answer who helps out in each of these homes, or is not to work there, beside those who work there."""
    found: defaultdict[int, dict[int, Scope]] = defaultdict(dict)
    query = select(StaffHomeScope.home_id, StaffHomeScope.staff_id, StaffHomeScope.kind)
    for home_id, staff_id, kind in session.execute(query.where(StaffHomeScope.home_id.in_(home_ids))):
        found[home_id][staff_id] = Scope(kind)
    return found


def terms_of(session: Session, staff_ids: Collection[int]) -> Mapping[int, Terms]:
    """Answer the terms of these people."""
    return {staff_id: _terms(known) for staff_id, known in limits_by(session, staff_ids).items()}


def _terms(known: WorkLimits) -> Terms:
    """Answer what the rules ask of it; of whoever was never assessed nobody knows that it is overdue."""
    assessed = known.night_assessed_on
    return Terms(
        born=known.born,
        opted_out_on=known.opted_out_on,
        most_week_hours=known.most_week_hours,
        most_days_in_a_row=known.most_days_in_a_row,
        no_nights=Restriction.NO_NIGHTS in known.restrictions,
        night_check_due=None if assessed is None else assessed + EVERY_YEAR,
    )
