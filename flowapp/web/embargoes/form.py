"""The form of a time closed to leave: as it was typed, and what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from flowapp.http.numbers import LARGEST
from flowapp.kernel.calendar_names import MONTHS
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.embargo import MONTH_DAY
from flowapp.rota.embargoes.details import EmbargoDetails
from flowapp.rota.staff import JobRole

ONCE, YEARLY = "once", "yearly"
DAY_AND_MONTH = re.compile(r"(\d{1,2})\s+([A-Za-z]{3,9})", re.ASCII)
NAMES = (
    *("home", "unit", "role", "way", "first_day", "last_day", "yearly_from", "yearly_to", "message", "hard", "version"),
)
LONGEST = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days of each month, the first being January
FIELD_OF = {"home_id": "home", "unit_id": "unit"}


@dataclass(frozen=True, kw_only=True)
class EmbargoForm:
    """A form as it was typed, with what is wrong with it."""

    home: str = ""  # empty: every home
    unit: str = ""
    role: str = ""
    way: str = ONCE
    first_day: str = ""
    last_day: str = ""
    yearly_from: str = ""
    yearly_to: str = ""
    message: str = ""
    hard: str = ""
    version: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field."""
        return tuple(self.errors.items())

    def with_problems(self, problems: Iterable[Problem]) -> EmbargoForm:
        """Answer the same form with what is wrong with it."""
        errors = {self._field(problem.path): problem.message for problem in problems}
        return replace(self, errors=errors)

    def _field(self, path: str) -> str:
        if self.way == YEARLY and path in ("first_day", "last_day"):
            return "yearly_from" if path == "first_day" else "yearly_to"
        return FIELD_OF.get(path, path) or "message"


def form_of(details: EmbargoDetails, version: int) -> EmbargoForm:
    """Answer the form of what is known."""
    yearly = details.yearly_from is not None
    return EmbargoForm(
        home=str(details.home_id or ""),
        unit=str(details.unit_id or ""),
        role=details.role.value if details.role else "",
        way=YEARLY if yearly else ONCE,
        first_day=str(details.first_day or ""),
        last_day=str(details.last_day or ""),
        yearly_from=day_words(details.yearly_from or ""),
        yearly_to=day_words(details.yearly_to or ""),
        message=details.message,
        hard="yes" if details.hard else "no",
        version=str(version),
    )


def read_form(form: MultiDict[str, str]) -> EmbargoForm:
    """Take the form as it was typed."""
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in NAMES if name in form}
    return EmbargoForm(**typed)


def details_in(form: EmbargoForm) -> EmbargoDetails:
    """Answer what is meant; raises Refused naming the field that makes no sense."""
    days: dict[str, Any]
    if form.way == YEARLY:
        days = {name: _month_and_day(name, text) for name, text in
                (("yearly_from", form.yearly_from), ("yearly_to", form.yearly_to))}  # fmt: skip
    else:
        days = {name: _day(name, text) for name, text in
                (("first_day", form.first_day), ("last_day", form.last_day))}  # fmt: skip
    return EmbargoDetails(
        home_id=_number("home", form.home),
        unit_id=_number("unit", form.unit),
        role=_role(form.role),
        message=form.message,
        hard=form.hard == "yes",
        **days,
    )


def seen_in(form: EmbargoForm) -> int | None:
    """Answer the version that the form was made from."""
    return _number("version", form.version)


def day_words(month_and_day: str) -> str:
    """Say a day of every year: 11 December for 12-11."""
    found = MONTH_DAY.fullmatch(month_and_day)
    return f"{int(found[2])} {MONTHS[int(found[1]) - 1]}" if found else month_and_day


def _month_and_day(name: str, text: str) -> str | None:
    if not text:
        return None
    found = DAY_AND_MONTH.fullmatch(text)
    for number, month in enumerate(MONTHS, 1):
        if found and month.lower().startswith(found[2].lower()) and 0 < int(found[1]) <= LONGEST[number]:
            return f"{number:02}-{int(found[1]):02}"
    message = f"“{text[:30]}” is no day of the year. Write day and month, such as 11 December."
    raise Refused([Problem(path=name, code="bad_date", message=message)])


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        message = "Enter the day, such as 11 December 2026."
        raise Refused([Problem(path=name, code="bad_date", message=message)]) from None


def _number(name: str, text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST))):
        raise Refused([Problem(path=name, code="unknown", message="Choose one of those offered.")])
    return int(text)


def _role(text: str) -> JobRole | None:
    if text and text not in set(JobRole):
        raise Refused([Problem(path="role", code="unknown", message="Choose one of the roles, or everybody.")])
    return JobRole(text) if text else None
