"""What the page of one absence shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from flask import url_for
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import Person
from flowapp.events.cause import SYSTEM, Cause
from flowapp.rota.absence.absence import Absence, AbsenceKind, AbsenceStatus
from flowapp.rota.absence.telling import TALK_WITHIN, affected_shifts, figures_on
from flowapp.rota.homes import home
from flowapp.rota.staff import Staff
from flowapp.rota.wording import amount_text, number_text
from flowapp.web.absences.forms import ReportForm
from flowapp.web.absences.pages import PILLS, on_of
from flowapp.web.filters import day, exact, long_day, period, plural


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was typed into the forms of the page, with what is wrong with it."""

    change: ReportForm | None = None
    last_day: str | None = None
    note: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AbsencePage:
    """One absence."""

    title: str
    sentence: str
    name: str
    record_url: str
    status: tuple[str, str, str]
    facts: tuple[tuple[str, str], ...]
    shifts: tuple[str, ...]  # of the next three days, in words
    figures: tuple[tuple[str, str], ...]
    review: str
    may_change: bool
    may_end: bool
    may_talk: bool
    sees_reason: bool
    form: ReportForm
    last_day: str
    note: str
    errors: Mapping[str, str]
    version: int
    nonce: str
    change_url: str
    end_url: str
    talk_url: str

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """What is wrong, for the summary above the page."""
        return (*self.form.problems, *self.errors.items())


def absence_page(
    session: Session, person: Person, row: Absence, found: Staff, *, now: datetime, nonce: str, typed: Typed
) -> AbsencePage:
    """Put together what this reader may see of an absence."""
    on, at = on_of(row), home(session, row.home_id)
    status, sees = row.status, can(person, "leave.reason", on)
    today = now.astimezone(at.zone).date()
    records = can(person, "absence.record", on)
    own = person.staff_id == row.staff_id
    return AbsencePage(
        title=_title(row, "You" if own else found.name),
        sentence=_sentence(row),
        name=found.name,
        record_url=url_for("staff.show_member", staff_id=found.id),
        status=PILLS[status],
        facts=_facts(row, at.name, at.zone, sees=sees),
        shifts=_shifts(session, row, now) if status is AbsenceStatus.AWAY else (),
        figures=_figures(session, row, found, today) if sees and row.kind == AbsenceKind.SICKNESS else (),
        review=_review(session, row, found, today) if sees and row.kind == AbsenceKind.SICKNESS else "",
        may_change=records and sees,
        may_end=records and status is AbsenceStatus.AWAY,
        may_talk=can(person, "absence.talk", on) and status is AbsenceStatus.TALK_DUE,
        sees_reason=sees,
        form=typed.change or _form(row),
        last_day=today.isoformat() if typed.last_day is None else typed.last_day,
        note=typed.note,
        errors=typed.errors,
        version=row.version,
        nonce=nonce,
        change_url=url_for("absences.change_absence", absence_id=row.id),
        end_url=url_for("absences.end_absence", absence_id=row.id),
        talk_url=url_for("absences.note_talk", absence_id=row.id),
    )


def _title(row: Absence, name: str) -> str:
    over = row.kind == AbsenceKind.SICKNESS and row.last_day is not None
    return f"{name}: {'was off sick' if over else AbsenceKind(row.kind).label.lower()}"


def _form(row: Absence) -> ReportForm:
    return ReportForm(
        staff_id=str(row.staff_id),
        kind=AbsenceKind(row.kind).value,
        first_day=row.first_day.isoformat(),
        expected_return=row.expected_return.isoformat() if row.expected_return else "",
        reason=row.reason,
    )


def _sentence(row: Absence) -> str:
    if row.status is AbsenceStatus.AWAY:
        until = f"; they think they will be back on {long_day(row.expected_return)}" if row.expected_return else ""
        return f"Since {long_day(row.first_day)}{until}."
    days = period(row.first_day, row.last_day or row.first_day)
    if row.status is AbsenceStatus.TALK_DUE:
        due = day((row.last_day or row.first_day) + TALK_WITHIN)
        return f"{days}. Nobody plans them for a shift until somebody has talked with them; that is due by {due}."
    return f"{days}."


def _facts(row: Absence, home_name: str, zone: tzinfo, *, sees: bool) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Home", home_name),
        ("First day", day(row.first_day)),
        ("Reported", f"by {row.reported_by}, {exact(row.reported_at, zone=zone)}"),
    ]
    if row.expected_return is not None:
        facts.append(("Expected back", day(row.expected_return)))
    if row.last_day is not None and row.kind == AbsenceKind.SICKNESS:
        facts.append(("Last day", day(row.last_day)))
    if row.talked_at is not None:
        facts.append(("Talk", f"with {row.talked_by}, {exact(row.talked_at, zone=zone)}"))
    if sees:
        facts.append(("Why", row.reason or "Not said"))
        if row.talk_note:
            facts.append(("What was agreed", row.talk_note))
    return tuple(facts)


def _shifts(session: Session, row: Absence, now: datetime) -> tuple[str, ...]:
    found = affected_shifts(session, Cause(actor=SYSTEM, at=now), row)
    return tuple(f"{long_day(shift.day)}, {shift.start} to {shift.end}" for shift in found)


def _figures(session: Session, row: Absence, found: Staff, today: date) -> tuple[tuple[str, str], ...]:
    year = figures_on(session, found, row.last_day or today)
    return (
        ("Times off sick", plural(year.episodes, "time")),
        ("Working days lost", f"{amount_text(year.days, 'day')}, {number_text(year.percentage)} %"),
        ("Bradford score", number_text(year.bradford)),
    )


def _review(session: Session, row: Absence, found: Staff, today: date) -> str:
    if not figures_on(session, found, row.last_day or today).needs_review:
        return ""
    return "Three times, or three in a hundred working days: HR looks at it with them."
