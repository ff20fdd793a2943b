"""What other parts of the rota know of candidates: one reader for each part, asked for everybody at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from flowapp.rota.eligibility.candidate import Certificate, Said, Scope
from flowapp.rota.working_time.runs import MOST_DAYS

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


def certificates_of(
    session: Session, staff_ids: Collection[int], span: Span
) -> Mapping[int, Mapping[str, tuple[Certificate, ...]]]:
    """Answer the certificates of these people by the code of their type; nobody keeps any yet."""
    return _NOTHING


def training_names(session: Session, codes: Collection[str]) -> Mapping[str, str]:
    """Answer what people call these types of training; one that nobody knows has its code for a name."""
    return {code: code for code in codes}


def registers_of(session: Session, home_id: int) -> Mapping[str, str]:
    """Answer the registrations of which a home keeps a record, by code with their names; it keeps none yet."""
    return _NOTHING


def said_of(session: Session, staff_ids: Collection[int], span: Span) -> Mapping[int, tuple[Said, ...]]:
    """Answer what these people said of when they can work; nobody was asked yet."""
    return _NOTHING


def absent_since(session: Session, staff_ids: Collection[int], span: Span) -> Mapping[int, date]:
    """Answer since when those of these people are ill who are, or not back for good; nobody records it yet."""
    return _NOTHING


def helpers_of(session: Session, home_ids: Collection[int]) -> Mapping[int, Mapping[int, Scope]]:
    """Answer who helps out in each of these homes, or is not to work there, beside those who work there; nobody yet."""
    return _NOTHING


def terms_of(session: Session, staff_ids: Collection[int]) -> Mapping[int, Terms]:
    """Answer the terms of those of these people who have any of their own; nobody yet."""
    return _NOTHING
