"""What the payroll pages show: exports that were made, the form for another, and one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.homes import CareHome, home, homes
from flowapp.rota.payroll.export import PayrollExport
from flowapp.rota.payroll.exporting import exports_seen_by
from flowapp.web.filters import When, hours, period, plural, when
from flowapp.web.timesheets.tabs import Tab, tabs

MOST_ROWS = 50


@dataclass(frozen=True, kw_only=True)
class PayrollForm:
    """The form for an export as it was typed, with what is wrong with it."""

    home: str = ""
    first_day: str = ""
    last_day: str = ""
    again: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: tuple[Problem, ...]) -> PayrollForm:
        """Answer the same form with what is wrong with it."""
        return replace(self, errors={problem.path or "first_day": problem.message for problem in problems})

    def days(self) -> tuple[date, date]:
        """Answer the days meant; raises Refused naming each that makes no sense."""
        problems, found = [], []
        for name, text in (("first_day", self.first_day), ("last_day", self.last_day)):
            try:
                found.append(date.fromisoformat(text))
            except ValueError:
                word = "first" if name == "first_day" else "last"
                message = f"Enter the {word} day of the period, such as 1 November 2026."
                problems.append(Problem(path=name, code="bad_date", message=message))
        if problems:
            raise Refused(problems)
        return found[0], found[1]


@dataclass(frozen=True, kw_only=True)
class ExportRow:
    """One export in a list."""

    href: str
    period: str
    home: str
    lines: str
    hours: str
    made_by: str
    when: When


@dataclass(frozen=True, kw_only=True)
class PayrollPage:
    """The exports, and the form for another."""

    tabs: tuple[Tab, ...]
    form: PayrollForm
    nonce: str
    homes: tuple[tuple[str, str], ...]
    rows: tuple[ExportRow, ...]


@dataclass(frozen=True, kw_only=True)
class ExportPage:
    """One export."""

    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    file_url: str
    excel_url: str


def read_payroll_form(form: MultiDict[str, str]) -> PayrollForm:
    """Take the form as it was typed."""
    names = ("home", "first_day", "last_day")
    typed: dict[str, Any] = {name: form.get(name, "").strip()[:40] for name in names}
    return PayrollForm(**typed, again=form.get("again") == "yes")


def last_month(today: date) -> PayrollForm:
    """Answer the form filled with the month that is over."""
    last = today.replace(day=1) - timedelta(days=1)
    return PayrollForm(first_day=last.replace(day=1).isoformat(), last_day=last.isoformat())


def own_homes(session: Session, person: Person) -> list[CareHome]:
    """Answer the homes whose hours somebody decides on, by name."""
    return [each for each in homes(session) if can(person, "timesheet.decide", On(home_id=each.id))]


def payroll_page(session: Session, person: Person, form: PayrollForm, nonce: str, now: datetime) -> PayrollPage:
    """Put together the page of exports."""
    known = own_homes(session, person)
    by_id: Mapping[int, CareHome] = {each.id: each for each in known}
    found = session.scalars(exports_seen_by(person).limit(MOST_ROWS))
    return PayrollPage(
        tabs=tabs(session, person, "payroll"),
        form=form,
        nonce=nonce,
        homes=tuple((str(each.id), each.name) for each in known),
        rows=tuple(_row(each, by_id[each.home_id], now) for each in found if each.home_id in by_id),
    )


def _row(found: PayrollExport, where: CareHome, now: datetime) -> ExportRow:
    return ExportRow(
        href=url_for("payroll.show_export", export_id=found.id),
        period=period(found.first_day, found.last_day),
        home=where.name,
        lines=_lines(found),
        hours=hours(found.hours),
        made_by=found.made_by,
        when=when(found.made_at, now=now, zone=where.zone),
    )


def export_page(session: Session, found: PayrollExport, now: datetime) -> ExportPage:
    """Put together the page of one export."""
    where = home(session, found.home_id)
    made = when(found.made_at, now=now, zone=where.zone)
    file_url = url_for("payroll.download", export_id=found.id)
    return ExportPage(
        title=f"Payroll of {where.name}, {period(found.first_day, found.last_day)}",
        sentence=f"{_lines(found)}, {hours(found.hours)}.",
        facts=(
            ("Made by", found.made_by),
            ("Made", made.exact),
            ("Taken", "The whole period again" if found.again else "What no earlier export had"),
        ),
        file_url=file_url,
        excel_url=url_for("payroll.download", export_id=found.id, bom="yes"),
    )


def _lines(found: PayrollExport) -> str:
    count = plural(found.lines, "timesheet")
    return f"{count}, {found.new_lines} of them new" if found.again else count
