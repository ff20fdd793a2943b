"""The form in which somebody hands in the hours of a shift."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from flowapp.accounts.people import Person
from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.shift_reading import PlannedShift
from flowapp.rota.timesheets.handing_in import Hours
from flowapp.rota.timesheets.reading import Sheet
from flowapp.rota.timesheets.timesheet import LONGEST_BREAK_MINUTES
from flowapp.rota.timesheets.wall_clock import Which, as_written
from flowapp.rota.wall_time import read_time
from flowapp.web.filters import long_day
from flowapp.web.timesheets.words import clocks_change, planned_words, worked_words

NAMES = ("start", "start_which", "end", "end_which", "break_minutes", "reason", "version")


@dataclass(frozen=True, kw_only=True)
class HoursForm:
    """A form as it was typed, with what is wrong with it."""

    start: str = ""
    start_which: str = ""
    end: str = ""
    end_which: str = ""
    break_minutes: str = ""
    reason: str = ""
    version: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: tuple[Problem, ...]) -> HoursForm:
        """Answer the same form with what is wrong with it."""
        errors: dict[str, str] = {}
        for problem in problems:
            name = problem.path if problem.path in NAMES else "start"
            errors[name] = f"{errors[name]} {problem.message}" if name in errors else problem.message
        return replace(self, errors=errors)

    def hours(self) -> Hours:
        """Answer the hours meant; raises Refused naming each field that makes no sense."""
        problems: list[Problem] = []
        times = {}
        for name, text in (("start", self.start), ("end", self.end)):
            try:
                times[name] = read_time(text, field=name)
            except Refused as refused:
                problems += refused.problems
        if not _is_number(self.break_minutes):
            message = f"Write the break in minutes, from 0 to {LONGEST_BREAK_MINUTES}."
            problems.append(Problem(path="break_minutes", code="bad_number", message=message))
        if problems:
            raise Refused(problems)
        return Hours(
            came=times["start"],
            went=times["end"],
            break_minutes=int(self.break_minutes or 0),
            came_which=_which(self.start_which),
            went_which=_which(self.end_which),
            words=self.reason,
        )


@dataclass(frozen=True, kw_only=True)
class HoursPage:
    """The page on which somebody hands in the hours of a shift."""

    title: str
    planned: str
    clocked: str
    clocks_change: str
    query: str  # what somebody asks about the hours
    form: HoursForm
    url: str
    whiches: tuple[tuple[str, str], ...] = (("first", "The first time, before the clocks went back"),
                                            ("second", "The second time, after the clocks went back"))  # fmt: skip


def read_hours_form(form: MultiDict[str, str]) -> HoursForm:
    """Take the form as it was typed."""
    typed: dict[str, Any] = {name: form.get(name, "").strip()[:5000] for name in NAMES}
    return HoursForm(**typed)


def hours_form(shift: PlannedShift, sheet: Sheet | None) -> HoursForm:
    """Answer the form filled with what was clocked or handed in before, and else with the plan."""
    came = shift.starts_at if sheet is None or sheet.in_at is None else sheet.in_at
    went = shift.ends_at if sheet is None or sheet.out_at is None else sheet.out_at
    start, start_which = as_written(came, shift.timezone)
    end, end_which = as_written(went, shift.timezone)
    return HoursForm(
        start=start,
        start_which=start_which,
        end=end,
        end_which=end_which,
        break_minutes=str(shift.unpaid_break_minutes if sheet is None else sheet.break_minutes),
        reason="" if sheet is None else sheet.note,
        version=str(0 if sheet is None else sheet.version),
    )


def hours_page(person: Person, shift: PlannedShift, sheet: Sheet | None, form: HoursForm) -> HoursPage:
    """Put together the page on which the hours of a shift are handed in."""
    whose = "Your" if shift.staff_id == person.staff_id else f"{shift.staff_name}’s"
    return HoursPage(
        title=f"{whose} hours, {long_day(shift.local_date)}",
        planned=planned_words(shift.start_local, shift.end_local, shift.unit_name),
        clocked=worked_words(sheet),
        clocks_change=clocks_change((shift.starts_at, shift.start_local, shift.end_local), shift.timezone),
        query="" if sheet is None else sheet.reason,
        form=form,
        url=url_for("timesheets.hand_in_hours", shift_id=shift.id),
    )


def _is_number(text: str) -> bool:
    return not text or (text.isascii() and text.isdecimal() and len(text) < 5)


def _which(text: str) -> Which | None:
    return Which(text) if text in set(Which) else None
