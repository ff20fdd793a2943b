"""The form in which somebody writes a handover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.handovers.changes import HandoverNotes
from flowapp.rota.homes import CareHome, homes
from flowapp.rota.own_shifts import OwnShift, own_shifts
from flowapp.rota.staff import member
from flowapp.rota.units import units_of
from flowapp.rota.wall_time import Interval, instant, read_time

NEAR = timedelta(hours=6)  # whoever writes is about to go, or has just come off
NAMES = ("place", "day", "time", "text", "items")
LONGEST = {"text": 20_000, "items": 20_000}
Places = Sequence[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, kw_only=True)
class HandoverForm:
    """A form as it was typed, with what is wrong with it."""

    place: str = ""
    day: str = ""
    time: str = ""
    text: str = ""
    items: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: tuple[Problem, ...]) -> HandoverForm:
        """Answer the same form with what is wrong with it."""
        errors: dict[str, str] = {}
        for problem in problems:
            name = {"unit_id": "place", "change_at": "day"}.get(problem.path, problem.path)
            errors.setdefault(name if name in NAMES else "text", problem.message)
        return replace(self, errors=errors)


@dataclass(frozen=True, kw_only=True)
class WritingPage:
    """The page on which a handover is written."""

    form: HandoverForm
    nonce: str
    places: Places


@dataclass(frozen=True, kw_only=True)
class Meant:
    """What somebody wrote, and for which home."""

    home_id: int
    notes: HandoverNotes


def read_handover_form(form: MultiDict[str, str]) -> HandoverForm:
    """Take the form as it was typed."""
    typed: dict[str, Any] = {name: form.get(name, "").strip()[: LONGEST.get(name, 40)] for name in NAMES}
    return HandoverForm(**typed)


def begun_form(session: Session, person: Person, now: datetime) -> HandoverForm:
    """Answer the form with one's own unit, and the end of one's own shift or else the hour."""
    writable = writable_homes(session, person)
    if not writable:
        return HandoverForm()
    place = f"{writable[0].id}-0"
    home = writable[0]
    if person.staff_id is not None:
        own = member(session, person.staff_id)
        home = next((each for each in writable if each.id == own.home_id), home)
        place = f"{home.id}-{own.unit_id or 0}" if home.id == own.home_id else place
    shift = _own_shift(session, person, now)
    local = (now.replace(minute=0) if shift is None else shift.ends_at).astimezone(home.zone)
    return HandoverForm(place=place, day=local.date().isoformat(), time=f"{local:%H:%M}")


def meant(session: Session, person: Person, form: HandoverForm, now: datetime) -> Meant:
    """Answer what is to be written; raises Refused naming each field that makes no sense."""
    home = next((h for h in writable_homes(session, person) if form.place.startswith(f"{h.id}-")), None)
    unit = form.place.partition("-")[2]
    if home is None or not (unit.isascii() and unit.isdecimal() and len(unit) < 16):
        raise Refused([Problem(path="place", code="unknown", message="Choose a unit, or a whole home.")])
    try:
        day = date.fromisoformat(form.day)
    except ValueError:
        message = "Enter the day of the change of shifts, such as 23 November 2026."
        raise Refused([Problem(path="day", code="bad_date", message=message)]) from None
    at = instant(day, read_time(form.time, field="time"), home.timezone)
    shift = _own_shift(session, person, at)
    notes = HandoverNotes(
        unit_id=int(unit) or None,
        change_at=at.astimezone(UTC),
        text=form.text,
        items=tuple(form.items.splitlines()),
        from_shift_id=shift.id if shift is not None and shift.home_id == home.id else None,
    )
    return Meant(home_id=home.id, notes=notes)


def places_of(session: Session, person: Person) -> Places:
    """Answer where somebody may write a handover: each home with its units."""
    return [
        (
            each.name,
            [
                *((f"{each.id}-{unit.id}", unit.name) for unit in units_of(session, each.id)),
                (f"{each.id}-0", f"All of {each.name}"),
            ],
        )
        for each in writable_homes(session, person)
    ]


def writable_homes(session: Session, person: Person) -> list[CareHome]:
    """Answer the homes in which somebody may write handovers, by name."""
    return [each for each in homes(session) if can(person, "handover.write", On(home_id=each.id))]


def _own_shift(session: Session, person: Person, near: datetime) -> OwnShift | None:
    """Answer the shift of somebody's own that ends near a moment."""
    if person.staff_id is None:
        return None
    found = own_shifts(session, person.staff_id, Interval(near - NEAR, near + NEAR))
    ending = [each for each in found if abs(each.ends_at - near) <= NEAR and each.published_at is not None]
    return min(ending, key=lambda each: abs(each.ends_at - near), default=None)
