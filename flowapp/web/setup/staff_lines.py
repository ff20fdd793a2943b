"""Reads a list of staff, naming every line that is not right."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TypeVar

from flowapp.accounts.mail_address import as_kept, is_address
from flowapp.accounts.user_rules import LONGEST_NAME
from flowapp.kernel.calendar_names import WEEKDAYS
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.staff import JobRole
from flowapp.rota.work import WEEKDAY_NAMES
from flowapp.web.setup.csv_lines import BadList, csv_lines

T = TypeVar("T")
MOST_PEOPLE = 1000
MOST_HOURS = 24
NEEDED = ("name", "email", "role")
COLUMNS = (*NEEDED, *WEEKDAY_NAMES, "start_date")
FULL_WEEKDAYS = dict(zip(WEEKDAY_NAMES, WEEKDAYS, strict=True))
ALSO_CALLED = MappingProxyType(
    {full.lower(): short for short, full in FULL_WEEKDAYS.items()}
    | {"tues": "tue", "weds": "wed", "thur": "thu", "thurs": "thu"}
    | {"start date": "start_date", "started": "start_date", "email address": "email", "job": "role"}
)
ROLES = MappingProxyType({word.lower(): each for each in JobRole for word in (each.label, each.value)})
DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y")


@dataclass(frozen=True, kw_only=True)
class StaffLine:
    """One member of staff as the list has them."""

    name: str
    email: str
    role: JobRole
    week: dict[str, Decimal]
    start_date: date | None


def read_staff(text: str) -> tuple[StaffLine, ...]:
    """Answer everybody on the list; raises Refused with everything that is wrong, each with its line."""
    wrong: list[str] = []
    found: list[StaffLine] = []
    lines: dict[str, int] = {}
    try:
        for number, cells in csv_lines(text, columns=COLUMNS, needed=NEEDED, also_called=ALSO_CALLED):
            line = _read_line(number, cells, wrong)
            if line is None:
                continue
            if line.email in lines:
                wrong.append(f"Line {number}: {line.email} is on line {lines[line.email]} too. Give each their own.")
            lines.setdefault(line.email, number)
            found.append(line)
    except BadList as bad:
        wrong.append(bad.message)
    if len(found) > MOST_PEOPLE:
        wrong.append(f"These are {len(found)} people. Add {MOST_PEOPLE} at most.")
    if wrong:
        raise Refused([Problem(path="people", code="bad_line", message=words) for words in wrong])
    return tuple(found)


def _read_line(number: int, cells: dict[str, str], wrong: list[str]) -> StaffLine | None:
    """Read all of a line before answering, so that everything wrong with it is told at once."""

    def read(column: str, convert: Callable[[str], T]) -> T | None:
        try:
            return convert(cells.get(column, ""))
        except ValueError as error:
            wrong.append(f"Line {number}: {error}")
            return None

    name, email, role = read("name", _name), read("email", _email), read("role", _role)
    hours = {day: read(day, lambda text, day=day: _hours(text, day)) for day in WEEKDAY_NAMES}  # type: ignore[misc]
    told = len(wrong)
    start_date = read("start_date", _start_date)
    if name is None or email is None or role is None or None in hours.values() or len(wrong) > told:
        return None
    week = {day: worked for day, worked in hours.items() if worked}
    return StaffLine(name=name, email=email, role=role, week=week, start_date=start_date)


def _name(text: str) -> str:
    if not text:
        raise ValueError("The name is missing.")
    if len(text) > LONGEST_NAME or not text.isprintable():
        raise ValueError(f"Write the name in at most {LONGEST_NAME} ordinary characters.")
    return text


def _email(text: str) -> str:
    if not is_address(text):
        shown = f"“{text[:60]}” is no email address." if text else "The email address is missing."
        raise ValueError(f"{shown} Write one such as name@example.org.")
    return as_kept(text)


def _role(text: str) -> JobRole:
    role = ROLES.get(text.lower())
    if role is None:
        known = ", ".join(each.label for each in JobRole)
        shown = f"“{text[:60]}” is no role." if text else "The role is missing."
        raise ValueError(f"{shown} Write one of these: {known}.")
    return role


def _hours(text: str, day: str) -> Decimal:
    with suppress(InvalidOperation):
        hours = Decimal(text.replace(",", ".") or 0)
        if hours.is_finite() and 0 <= hours <= MOST_HOURS and hours == round(hours, 2):
            return hours
    shown = f"“{text[:20]}” is no number of hours for {FULL_WEEKDAYS[day]}."
    raise ValueError(f"{shown} Write one from 0 to {MOST_HOURS}, such as 7.5.")


def _start_date(text: str) -> date | None:
    for form in DATE_FORMS if text else ():
        with suppress(ValueError):
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no time zone)
    if text:
        raise ValueError(f"“{text[:20]}” is no day. Write the first day of work such as 2024-05-01 or 01/05/2024.")
    return None
