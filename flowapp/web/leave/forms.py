"""Reading what was typed into the leave forms."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.leave_days import LeavePeriod


@dataclass(frozen=True, kw_only=True)
class LeaveForm:
    """A leave form as it was typed, with what is wrong with it."""

    type: str = "ANNUAL"
    start_date: str = ""
    start_part: str = "all"
    end_date: str = ""
    end_part: str = "all"
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple((name or "start_date", words) for name, words in self.errors.items())

    def with_problems(self, problems: tuple[Problem, ...]) -> LeaveForm:
        """Answer the same form with what is wrong with it."""
        errors: dict[str, str] = {}
        for problem in problems:
            name = problem.path or "start_date"
            errors[name] = f"{errors[name]} {problem.message}" if name in errors else problem.message
        return replace(self, errors=errors)


def read_leave_form(form: MultiDict[str, str]) -> LeaveForm:
    """Take the form as it was typed."""
    names = ("type", "start_date", "start_part", "end_date", "end_part", "reason")
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in names if name in form}
    return LeaveForm(**typed)


def period_of(form: LeaveForm) -> LeavePeriod:
    """Answer the days meant; raises Refused naming the field that makes no sense."""
    start = _day("start_date", form.start_date, "Enter the first day of the leave, such as 14 March 2026.")
    end = _day("end_date", form.end_date, "Enter the last day of the leave; for one day, the same as the first.")
    return LeavePeriod.of(start=start, end=end, start_part=form.start_part or "all", end_part=form.end_part or "all")


def _day(name: str, text: str, words: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused([Problem(path=name, code="bad_date", message=words)]) from None
