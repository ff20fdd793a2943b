"""What the pages of one shift show."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app, url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.rota.homes import home
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.shifts import PLANNED, ShiftStatus, WorkingTime
from flowapp.rota.week.week import week_of
from flowapp.rota.wording import amount_text
from flowapp.web.filters import exact, long_day
from flowapp.web.rota.cells import NOBODY, clock_words
from flowapp.web.shifts.history import Deed, history

WORKING_TIMES = {
    WorkingTime.FULL: "All of it is work",
    WorkingTime.SLEEP_IN: "Sleep-in: asleep in the home, woken when needed",
    WorkingTime.ON_CALL: "On call: reached by telephone",
}


@dataclass(frozen=True, kw_only=True)
class ShiftPage:
    """One shift: its facts, what may be done with it, what became of it."""

    title: str
    sentence: str
    week_url: str
    status: str
    published: bool
    facts: tuple[tuple[str, str], ...]
    shift_id: int
    version: int
    may_change: bool
    may_acknowledge: bool
    candidates_url: str
    change_url: str
    cancel_url: str
    move_url: str
    acknowledge_url: str
    day: str
    history: tuple[Deed, ...]
    errors: dict[str, str]

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())


def shift_page(
    session: Session,
    person: Person,
    shift: PlannedShift,
    *,
    day: str = "",
    errors: dict[str, str] | None = None,
) -> ShiftPage:
    """Put together what the reader may see of a shift, and do with it."""
    at, on = home(session, shift.home_id), On(home_id=shift.home_id)
    plans, sees_all = can(person, "shift.edit", on), can(person, "rota.view_all", on)
    own = person.staff_id is not None and shift.staff_id == person.staff_id
    may_assign = can(person, "shift.assign", on) and shift.status in PLANNED
    return ShiftPage(
        title=f"{shift.role.label}, {long_day(shift.local_date)}",
        sentence=f"{at.name}, {shift.unit_name or 'whole home'}. {shift.start_local} to {shift.end_local}.",
        week_url=url_for("rota.index", week=week_of(shift.local_date).text, home=at.code),
        status=shift.status.value,
        published=shift.published_at is not None,
        facts=tuple(_facts(shift, sees_all=sees_all)),
        shift_id=shift.id,
        version=shift.version,
        may_change=plans and shift.status in PLANNED,
        may_acknowledge=own and _waits_for_word(shift),
        candidates_url=candidates_url(shift.id) if may_assign else "",
        change_url=url_for("shift_forms.change_form", shift_id=shift.id),
        cancel_url=url_for("shift_forms.cancel_form", shift_id=shift.id),
        move_url=url_for("shifts.move", shift_id=shift.id),
        acknowledge_url=url_for("shifts.acknowledge_shift", shift_id=shift.id),
        day=day or shift.local_date.isoformat(),
        history=history(session, shift, at.zone) if sees_all else (),
        errors=errors or {},
    )


def candidates_url(shift_id: int) -> str:
    """Answer where people for a shift are found; empty where this FlowApp has no such page."""
    adapter = current_app.create_url_adapter(None)
    address = f"/shifts/{shift_id}/candidates"
    return address if adapter is not None and adapter.test(address, "GET") else ""


def _waits_for_word(shift: PlannedShift) -> bool:
    published = shift.published_at is not None and shift.status is ShiftStatus.ASSIGNED
    return published and shift.acknowledged_at is None


def _facts(shift: PlannedShift, *, sees_all: bool) -> list[tuple[str, str]]:
    clock = clock_words(shift)
    found = [
        ("Who has it", shift.staff_name or NOBODY),
        ("Role", shift.role.label),
        ("Time", f"{shift.start_local} to {shift.end_local}" + (f" ({clock})" if clock else "")),
        ("Paid hours", amount_text(shift.hours, "hour")),
        ("Unpaid break", f"{shift.unpaid_break_minutes} minutes" if shift.unpaid_break_minutes else "None"),
        ("Kind", shift.kind.value.capitalize()),
    ]
    if shift.working_time is not WorkingTime.FULL:
        found.append(("Working time", WORKING_TIMES[shift.working_time]))
    if shift.skills:
        found.append(("Skills needed", ", ".join(shift.skills)))
    if shift.notes:
        found.append(("Notes", shift.notes))
    if shift.published_at is not None and shift.staff_id is not None:
        found.append(("Seen by whoever has it", _seen(shift)))
    if shift.cancel_reason and sees_all:
        found.append(("Why it was cancelled", shift.cancel_reason))
    return found


def _seen(shift: PlannedShift) -> str:
    if shift.acknowledged_at is None:
        return "Not yet"
    return exact(shift.acknowledged_at, zone=ZoneInfo(shift.timezone))
