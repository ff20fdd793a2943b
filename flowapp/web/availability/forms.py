"""Reading what was typed into the forms about when somebody can work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from werkzeug.datastructures import MultiDict

from flowapp.kernel.errors import Problem, Refused
from flowapp.rota.availability.changes import Stretch
from flowapp.rota.availability.pattern import MOST_SLOTS, Pattern, Slot, SlotKind, monday_of
from flowapp.rota.wall_time import read_time
from flowapp.rota.work import WEEKDAY_NAMES
from flowapp.web.typed import by_field, day_or_none, day_typed

SPARE_ROWS = 3
ROW = ("week", "day", "kind", "from", "to")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One time of a week as it was typed; without a day it says nothing."""

    number: int
    week: str = "1"
    day: str = ""
    kind: str = SlotKind.UNAVAILABLE.value
    start: str = ""  # empty: from the beginning of the day
    end: str = ""  # empty: to its end

    def slot(self) -> Slot:
        """Answer what is meant; raises Refused naming the field that makes no sense."""
        if self.day not in WEEKDAY_NAMES:
            message = "Choose a day of the week for this time, or clear all of it."
            raise Refused([Problem(path=f"day-{self.number}", code="unknown", message=message)])
        week = int(self.week) if self.week.isascii() and self.week.isdecimal() and len(self.week) < 3 else 0
        kind = SlotKind(self.kind) if self.kind in set(SlotKind) else SlotKind.UNAVAILABLE
        return Slot(
            week=week or 1,
            weekday=WEEKDAY_NAMES.index(self.day),
            start=_time(self.start, f"from-{self.number}"),
            end=_time(self.end, f"to-{self.number}"),
            kind=kind,
        )


@dataclass(frozen=True, kw_only=True)
class WeeksForm:
    """What somebody says of their weeks, as it was typed."""

    pattern: str = ""  # the number of what is said anew; empty for what is new
    version: str = ""
    valid_from: str = ""
    valid_to: str = ""
    repeat_weeks: str = "1"
    rows: tuple[Row, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: Sequence[Problem]) -> WeeksForm:
        """Answer the same form with what is wrong with it."""
        errors = by_field(problems, otherwise="valid_from")
        errors = {{"slots": "day-0", "anchor": "valid_from"}.get(name, name): words for name, words in errors.items()}
        return replace(self, errors=errors)

    def read(self, anchor: date | None) -> Pattern:
        """Answer what is meant; raises Refused naming each field that makes no sense."""
        first = day_typed(
            self.valid_from, path="valid_from", words="Enter the first day it holds, such as 14 March 2026."
        )
        last = day_or_none(
            self.valid_to,
            path="valid_to",
            words="Enter the last day as a date, or leave it empty until you say otherwise.",
        )
        typed = [row for row in self.rows if row.day or row.start or row.end]
        repeat = self.repeat_weeks if self.repeat_weeks.isascii() and self.repeat_weeks.isdecimal() else "0"
        return Pattern(
            valid_from=first,
            valid_to=last,
            repeat_weeks=int(repeat[:3]),
            anchor=anchor or monday_of(first),
            slots=tuple(row.slot() for row in typed),
        )


@dataclass(frozen=True, kw_only=True)
class DaysForm:
    """What somebody says of a single stretch of time, as it was typed."""

    first_day: str = ""
    start: str = ""
    last_day: str = ""
    end: str = ""
    kind: str = SlotKind.UNAVAILABLE.value
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Each problem with the id of its field, for the summary above the form."""
        return tuple(self.errors.items())

    def with_problems(self, problems: Sequence[Problem]) -> DaysForm:
        """Answer the same form with what is wrong with it."""
        return replace(self, errors=by_field(problems, otherwise="first_day"))

    def read(self) -> Stretch:
        """Answer what is meant; raises Refused naming each field that makes no sense."""
        first = day_typed(self.first_day, path="first_day", words="Enter the first day, such as 14 March 2026.")
        words = "Enter the last day as a date, or leave it empty for one day."
        last = day_or_none(self.last_day, path="last_day", words=words)
        kind = SlotKind(self.kind) if self.kind in set(SlotKind) else SlotKind.UNAVAILABLE
        times = _time(self.start, "start"), _time(self.end, "end")
        return Stretch.of(first, times[0], last or first, times[1], kind=kind, reason=self.reason)


def _time(text: str, path: str) -> time:
    return read_time(text, field=path) if text else time()


def read_weeks(form: MultiDict[str, str]) -> WeeksForm:
    """Take the form as it was typed."""
    rows = []
    for number in range(MOST_SLOTS + 1):
        if f"day-{number}" not in form:
            break
        given = {name: form.get(f"{name}-{number}", "").strip() for name in ROW}
        rows.append(
            Row(
                number=number,
                week=given["week"] or "1",
                day=given["day"],
                kind=given["kind"],
                start=given["from"],
                end=given["to"],
            )
        )
    typed: dict[str, Any] = {
        name: form.get(name, "").strip() for name in ("pattern", "version", "valid_from", "valid_to")
    }
    return WeeksForm(**typed, repeat_weeks=form.get("repeat_weeks", "1").strip(), rows=with_spare(rows, spare=not rows))


def read_days(form: MultiDict[str, str]) -> DaysForm:
    """Take the form as it was typed."""
    names = ("first_day", "start", "last_day", "end", "kind", "reason")
    typed: dict[str, Any] = {name: form.get(name, "").strip() for name in names if name in form}
    return DaysForm(**typed)


def with_spare(rows: Sequence[Row], *, spare: bool = True) -> tuple[Row, ...]:
    """Answer the rows, and some empty ones to type into."""
    last = len(rows)
    return (*rows, *(Row(number=last + number) for number in range(SPARE_ROWS if spare else 0)))
