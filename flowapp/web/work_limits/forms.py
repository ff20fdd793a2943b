"""Reading what was typed of what the rules must know of somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.staff import Staff
from flowapp.rota.wording import number_text
from flowapp.rota.work_limits.limits import LEAST_NOTICE, MOST_NOTICE, Restriction, limits_of
from flowapp.web.typed import by_field, day_or_none, number_or_none

LONGEST_AMOUNT = 8
_DAY = "Enter a date such as 14 March 1990, or leave it empty."
_NOTICE = f"Enter {LEAST_NOTICE} to {MOST_NOTICE} days, or leave it empty."
_IN_A_ROW = "Enter a number of days, such as 6."


@dataclass(frozen=True, kw_only=True)
class LimitsForm:
    """What the rules know of somebody, as it was typed."""

    born: str = ""
    opted_out_on: str = ""
    opt_out_notice_days: str = ""
    night_assessed_on: str = ""
    most_days_in_a_row: str = ""
    most_week_hours: str = ""
    wants_extra: bool = False
    restrictions: tuple[str, ...] = ()
    restriction_note: str | None = None  # None: not for the reader
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: Sequence[Problem]) -> LimitsForm:
        """Answer the same form with what is wrong with it."""
        return replace(self, errors=by_field(problems, otherwise="born"))

    def given(self) -> dict[str, Any]:
        """Answer the fields of `WorkLimits` that are meant; raises Refused naming the field that makes no sense."""
        days = ("born", "opted_out_on", "night_assessed_on")
        typed: dict[str, Any] = {"born": self.born, "opted_out_on": self.opted_out_on}
        typed["night_assessed_on"] = self.night_assessed_on
        found: dict[str, Any] = {name: day_or_none(typed[name], path=name, words=_DAY) for name in days}
        found |= {
            "opt_out_notice_days": number_or_none(self.opt_out_notice_days, path="opt_out_notice_days", words=_NOTICE),
            "most_days_in_a_row": number_or_none(self.most_days_in_a_row, path="most_days_in_a_row", words=_IN_A_ROW)
            or 0,
            "most_week_hours": _hours(self.most_week_hours),
            "wants_extra": self.wants_extra,
            "restrictions": tuple(each for each in Restriction if each.value in self.restrictions),
        }
        return found if self.restriction_note is None else found | {"restriction_note": self.restriction_note}


def _hours(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        if len(text) > LONGEST_AMOUNT or not text.replace(".", "", 1).isdecimal() or not text.isascii():
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation:
        message = "Enter a number of hours such as 37.5, or leave it empty for no limit."
        raise Refused([Problem(path="most_week_hours", code="bad_number", message=message)]) from None


def form_of(member: Staff, *, with_note: bool) -> LimitsForm:
    """Answer the form with what is known."""
    known = limits_of(member)
    days: dict[str, Any] = {
        name: day.isoformat() if day else ""
        for name, day in (
            ("born", known.born),
            ("opted_out_on", known.opted_out_on),
            ("night_assessed_on", known.night_assessed_on),
        )
    }
    return LimitsForm(
        **days,
        opt_out_notice_days="" if known.opt_out_notice_days is None else str(known.opt_out_notice_days),
        most_days_in_a_row=str(known.most_days_in_a_row),
        most_week_hours="" if known.most_week_hours is None else number_text(known.most_week_hours),
        wants_extra=known.wants_extra,
        restrictions=tuple(each.value for each in known.restrictions),
        restriction_note=known.restriction_note if with_note else None,
    )


def read_limits(form: MultiDict[str, str], *, with_note: bool) -> LimitsForm:
    """Take the form as it was typed."""
    names = (
        *("born", "opted_out_on", "opt_out_notice_days", "night_assessed_on"),
        *("most_days_in_a_row", "most_week_hours"),
    )
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in names}
    return LimitsForm(
        **typed,
        wants_extra=form.get("wants_extra") == "yes",
        restrictions=tuple(form.getlist("restrictions")),
        restriction_note=form.get("restriction_note", "").strip() if with_note else None,
    )
