"""The list of staff: who is not known is added, who is known is changed. The number on the payroll says who it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from flowapp.accounts.can import can
from flowapp.accounts.people import On, Person
from flowapp.events.cause import Cause
from flowapp.rota import staff_changes
from flowapp.rota.exchange.listing import Row, Verdict, day_in, number_in, word_in, wrong
from flowapp.rota.exchange.places import Home, home_in, unit_in
from flowapp.rota.homes import home
from flowapp.rota.member_changes import StaffDetails
from flowapp.rota.staff import Contract, JobRole, Staff, StaffStatus
from flowapp.rota.work import WEEKDAY_NAMES

ROLE_LABELS = MappingProxyType({role.label.lower(): role for role in JobRole})
TAKEN = "Another member of staff has this number on the payroll. Give each person their own."


class StaffList:
    """Members of staff; an empty cell leaves what is known as it is."""

    name = "staff"
    columns: tuple[str, ...] = (
        *("employee_no", "name", "email", "home_code", "unit", "role", "contract", "contracted_hours"),
        *(*WEEKDAY_NAMES, "start_date", "end_date", "status"),
    )
    needed: tuple[str, ...] = ("employee_no",)
    also_called: Mapping[str, str] = MappingProxyType(
        {"employee number": "employee_no", "staff number": "employee_no", "email address": "email", "home": "home_code"}
    )
    permission = "staff.edit"
    fields: Mapping[str, str] = MappingProxyType(
        {"unit_id": "unit", "pattern": "mon", **{f"pattern.{day}": day for day in WEEKDAY_NAMES}}
    )

    def key(self, row: Row) -> str:
        """Answer the number on the payroll."""
        return row.text("employee_no")

    def group(self, row: Row) -> str:
        """Answer the same."""
        return row.text("employee_no")

    def words(self, row: Row) -> str:
        """Say what a row is about."""
        return " ".join(filter(None, (row.text("employee_no"), row.text("name"))))

    def write(self, session: Session, cause: Cause, who: Person, row: Row) -> Verdict:
        """Add or change one member of staff."""
        number = row.needed("employee_no", "ROSE-014")
        found = session.scalars(select(Staff).where(Staff.employee_no == number)).one_or_none()
        if found is None:
            return _add(session, cause, who, row)
        if not can(who, "staff.view", On(home_id=found.home_id, staff_id=found.id)):
            raise wrong("employee_no", TAKEN)
        return _change(session, cause, who, row, found)


def _add(session: Session, cause: Cause, who: Person, row: Row) -> Verdict:
    for column, example in (("name", "Anna Boyd"), ("email", "anna@example.org"), ("role", "SCW")):
        row.needed(column, example)
    row.needed("start_date", "2026-12-07")
    at = home_in(session, who, row, "home_code")
    given: dict[str, Any] = {
        "employee_no": row.text("employee_no"),
        "unit_id": None,
        "contract": Contract.PERMANENT,
        "pattern": {},
        "end_date": None,
        "status": StaffStatus.ACTIVE,
        **dict(_given(session, row, at)),
    }
    given.setdefault("contracted_hours", sum(given["pattern"].values(), Decimal(0)))
    staff_changes.create(session, cause, who, home_id=at.id, details=StaffDetails(**given))
    return Verdict.ADDED


def _change(session: Session, cause: Cause, who: Person, row: Row, found: Staff) -> Verdict:
    at = home(session, found.home_id)
    if (named := row.text("home_code")) and named.upper() != at.code:
        raise wrong("home_code", f"They work at {at.code}, and a list moves nobody to another home. Write {at.code}.")
    given = dict(_given(session, row, Home(at.id, at.code, at.timezone)))
    if "pattern" in given:  # days that the list does not name stay
        given["pattern"] = {**found.pattern, **given["pattern"]}
    before = found.version
    staff_changes.change(session, cause, who, found.id, seen=before, **given)
    session.refresh(found)
    return Verdict.SAME if found.version == before else Verdict.CHANGED


def _given(session: Session, row: Row, at: Home) -> Iterator[tuple[str, Any]]:
    """Answer every field of which the row says something."""
    for column, read in READ.items():
        if row.text(column):
            yield column, read(row, column)
    if row.text("unit"):
        yield "unit_id", unit_in(session, row, "unit", at)
    if week := {day: number_in(row, day) for day in WEEKDAY_NAMES if row.text(day)}:
        yield "pattern", week


READ: Mapping[str, Callable[[Row, str], Any]] = MappingProxyType(
    {
        "name": Row.text,
        "email": Row.text,
        "role": lambda row, column: word_in(row, column, JobRole, ROLE_LABELS),
        "contract": lambda row, column: word_in(row, column, Contract),
        "contracted_hours": number_in,
        "start_date": day_in,
        "end_date": day_in,
        "status": lambda row, column: word_in(row, column, StaffStatus),
    }
)
