"""Which home and which week a page of the rota is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import ALL, homes_of
from flowapp.accounts.people import Person
from flowapp.kernel.errors import NotFound, Refused
from flowapp.rota.homes import CareHome
from flowapp.rota.week.week import Week, read_week, week_around, week_of


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A home, those that may be asked for instead, and a week; `error` is what is wrong with the week as written."""

    home: CareHome
    homes: tuple[CareHome, ...]
    week: Week
    today: date
    typed: str  # the week as it was written
    error: str = ""


def homes_with(session: Session, person: Person, permission: str) -> tuple[CareHome, ...]:
    """Answer the homes in which somebody has a permission, by name; raises NotFound when there is none."""
    allowed = homes_of(person, permission)
    query = select(CareHome).where(CareHome.is_active).order_by(CareHome.name, CareHome.id)
    if allowed is not ALL:
        query = query.where(CareHome.id.in_(allowed))
    found = tuple(session.scalars(query))
    if not found:
        raise NotFound("Your account belongs to no care home, so there is no rota to show.")
    return found


def asked_home(session: Session, person: Person, permission: str) -> tuple[CareHome, tuple[CareHome, ...]]:
    """Answer the home that the address or the form names by its code, else the first; raises NotFound."""
    homes = homes_with(session, person, permission)
    code = request.values.get("home", "").strip()
    home = next((each for each in homes if each.code == code), None) if code else homes[0]
    if home is None:
        raise NotFound
    return home, homes


def asked(session: Session, person: Person, permission: str, now: datetime) -> Asked:
    """Answer what the address or the form asks for: this week where it names none that can be read."""
    home, homes = asked_home(session, person, permission)
    today = now.astimezone(home.zone).date()
    week, text, error = week_of(today), request.values.get("week", "").strip(), ""
    day = request.values.get("day", "").strip()
    try:
        week = read_week(text) if text else week_around(day) if day else week
    except Refused as refused:
        error = refused.message
    return Asked(home=home, homes=homes, week=week, today=today, typed=text or week.text, error=error)
