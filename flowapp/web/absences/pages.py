"""What the pages about absences show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can, homes_of
from flowapp.accounts.people import On, Person
from flowapp.rota.absence.absence import Absence, AbsenceKind, AbsenceStatus
from flowapp.rota.absence.reading import absences_with_staff, stands_like
from flowapp.rota.homes import CareHome
from flowapp.rota.staff import Staff, StaffStatus
from flowapp.web.absences.forms import ReportForm
from flowapp.web.filters import day, period

MOST_ROWS, MOST_PAST = 200, 50
KINDS = tuple((kind.value, kind.label) for kind in AbsenceKind)
# The word, the tone and the icon of each way an absence stands.
PILLS = {
    AbsenceStatus.AWAY: ("Off sick", "wait", "calendar-off"),
    AbsenceStatus.TALK_DUE: ("Talk is due", "wait", "message-square"),
    AbsenceStatus.CLOSED: ("Closed", "quiet", "circle-check"),
}


@dataclass(frozen=True, kw_only=True)
class AbsenceRow:
    """One absence in a list."""

    href: str
    person: str
    home: str
    kind: str
    since: str
    back: str
    status: tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class AbsencesPage:
    """Who is off, who is back without the talk, and what lies behind."""

    may_report: bool
    report_url: str
    several_homes: bool
    away: tuple[AbsenceRow, ...]
    talks: tuple[AbsenceRow, ...]
    past: tuple[AbsenceRow, ...]


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """Reporting somebody."""

    form: ReportForm
    people: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # by home
    kinds: tuple[tuple[str, str], ...]
    nonce: str
    url: str
    errors: Mapping[str, str] = field(default_factory=dict)


def absences_page(session: Session, person: Person) -> AbsencesPage:
    """Put together the list of one's homes; of oneself alone where one sees no more."""
    homes = homes_of(person, "absence.view")
    return AbsencesPage(
        may_report=can(person, "absence.record"),
        report_url=url_for("absences.report_form"),
        several_homes=homes is None or len(homes) > 1,
        away=_rows(session, person, AbsenceStatus.AWAY, MOST_ROWS),
        talks=_rows(session, person, AbsenceStatus.TALK_DUE, MOST_ROWS),
        past=_rows(session, person, AbsenceStatus.CLOSED, MOST_PAST),
    )


def _rows(session: Session, person: Person, status: AbsenceStatus, most: int) -> tuple[AbsenceRow, ...]:
    query = (
        absences_with_staff(person)
        .add_columns(CareHome.name)
        .join(CareHome, CareHome.id == Absence.home_id)
        .where(stands_like(status))
        .order_by(Absence.first_day.desc(), Absence.id.desc())
        .limit(most)
    )
    return tuple(absence_row(row, found.name, home) for row, found, home in session.execute(query))


def absence_row(row: Absence, name: str, home: str) -> AbsenceRow:
    """Say an absence in the line of a list."""
    return AbsenceRow(
        href=url_for("absences.show_absence", absence_id=row.id),
        person=name,
        home=home,
        kind=AbsenceKind(row.kind).label,
        since=day(row.first_day) if row.last_day is None else period(row.first_day, row.last_day),
        back="" if row.last_day is not None else _back(row.expected_return),
        status=PILLS[row.status],
    )


def _back(expected: date | None) -> str:
    return day(expected) if expected is not None else "Not known yet"


def report_page(session: Session, person: Person, form: ReportForm, nonce: str) -> ReportPage:
    """Put together the form for reporting somebody."""
    return ReportPage(
        form=form, people=_people(session, person), kinds=KINDS, nonce=nonce, url=url_for("absences.report")
    )


def _people(session: Session, person: Person) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Answer whom somebody may report, by home and name; nobody who has left."""
    query = (
        select(CareHome.name, Staff.id, Staff.name)
        .join(CareHome, CareHome.id == Staff.home_id)
        .where(Staff.status != StaffStatus.LEAVER)
        .order_by(CareHome.name, Staff.name, Staff.id)
    )
    homes = homes_of(person, "absence.record")
    if homes is not None:
        query = query.where(Staff.home_id.in_(homes))
    found: dict[str, list[tuple[str, str]]] = {}
    for home, staff_id, name in session.execute(query):
        found.setdefault(home, []).append((str(staff_id), name))
    return tuple((home, tuple(people)) for home, people in found.items())


def new_report(person: Person, *, staff_id: str, now: datetime) -> ReportForm:
    """Answer an empty form for today."""
    return ReportForm(staff_id=staff_id if staff_id.isdecimal() else "", first_day=now.date().isoformat())


def on_of(row: Absence) -> On:
    """Answer what a permission is asked about."""
    return On(home_id=row.home_id, staff_id=row.staff_id)
