"""What follows from what is said of a shift, without any database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowapp.events.event import Change
from flowapp.kernel.errors import Refused
from flowapp.rota.shift_plan import ShiftPlan, ShiftType, differences, timed
from flowapp.rota.shifts import ShiftKind, WorkingTime
from flowapp.rota.staff import JobRole
from tests.unit.rota_shifts.rota import LONG_DAY, at

LONDON = "Europe/London"


def planned(start: str, end: str, **given: Any) -> ShiftPlan:
    """Answer a plan with these times."""
    return replace(LONG_DAY, start=at(start), end=at(end), **given)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (planned("07:30", "14:30"), ShiftType.EARLY),
        (planned("14:00", "21:30"), ShiftType.LATE),
        (planned("12:00", "18:00"), ShiftType.LATE),  # noon is late
        (planned("11:59", "18:00"), ShiftType.EARLY),
        (planned("08:00", "20:00"), ShiftType.LONG_DAY),
        (planned("08:00", "18:00"), ShiftType.LONG_DAY),  # ten hours
        (planned("08:00", "17:59"), ShiftType.EARLY),
        (planned("20:00", "08:00"), ShiftType.NIGHT),
        (planned("16:00", "02:00"), ShiftType.NIGHT),  # three hours after 23:00
        (planned("15:00", "01:59"), ShiftType.LONG_DAY),  # a minute less than three
        (planned("03:00", "11:00"), ShiftType.NIGHT),  # three hours before 06:00
        (planned("03:01", "11:00"), ShiftType.EARLY),
        (planned("06:00", "14:00"), ShiftType.EARLY),
        (planned("06:00", "06:00", working_time=WorkingTime.SLEEP_IN), ShiftType.SLEEP_IN),  # a whole day
        (planned("22:00", "07:00", working_time=WorkingTime.ON_CALL), ShiftType.ON_CALL),
        (planned("09:00", "16:30", kind=ShiftKind.TRAINING), ShiftType.TRAINING),
        (planned("22:00", "07:00", kind=ShiftKind.BANK), ShiftType.NIGHT),
    ],
)
def test_a_shift_is_called_what_people_call_it(plan: ShiftPlan, expected: ShiftType) -> None:
    assert plan.type is expected


@given(st.times(), st.times())
def test_a_night_has_three_hours_between_eleven_and_six_counted_minute_by_minute(start: time, end: time) -> None:
    plan = replace(LONG_DAY, start=start.replace(second=0, microsecond=0), end=end.replace(second=0, microsecond=0))
    begin, last = (each.hour * 60 + each.minute for each in (plan.start, plan.end))
    minutes = range(begin, last if last > begin else last + 1440)

    at_night = sum(minute // 60 % 24 in (23, 0, 1, 2, 3, 4, 5) for minute in minutes)

    assert (plan.type is ShiftType.NIGHT) == (at_night >= 180)


@pytest.mark.parametrize(
    ("plan", "path", "code"),
    [
        (planned("08:00", "08:00"), "end", "too_long"),  # 24 hours, awake
        (planned("08:00", "00:01"), "end", "too_long"),  # a minute more than 16
        (planned("08:00", "20:00", unpaid_break_minutes=121), "unpaid_break_minutes", "out_of_range"),
        (planned("08:00", "20:00", unpaid_break_minutes=-1), "unpaid_break_minutes", "out_of_range"),
        (planned("08:00", "09:00", unpaid_break_minutes=60), "unpaid_break_minutes", "too_long"),  # nothing is paid
        (planned("08:00", "20:00", date=date(20, 1, 1)), "date", "year_out_of_range"),
        (planned("08:00", "20:00", date=date(2101, 1, 1)), "date", "year_out_of_range"),
        (planned("08:00", "20:00", notes="x" * 2001), "notes", "too_long"),
        (planned("08:00", "20:00", skills=("MEDS", "")), "skills", "bad_code"),
        (planned("08:00", "20:00", skills=("two words",)), "skills", "bad_code"),
        (planned("08:00", "20:00", skills=("A",) * 21), "skills", "too_many"),
        (planned("01:30", "02:15", date=date(2026, 3, 29)), "end", "no_time_left"),  # swallowed by the clock change
    ],
)  # fmt: skip
def test_a_plan_that_makes_no_sense_is_refused_by_its_field(plan: ShiftPlan, path: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        timed(plan, LONDON)

    assert [(each.path, each.code) for each in refused.value.problems] == [(path, code)]


@pytest.mark.parametrize(
    ("plan", "hours"),
    [
        (planned("08:00", "00:00", unpaid_break_minutes=0), 16),  # the longest
        (planned("08:00", "08:00", working_time=WorkingTime.SLEEP_IN, unpaid_break_minutes=0), 24),  # asleep
        (planned("08:00", "15:20", unpaid_break_minutes=0), Decimal("7.33")),  # to the hundredth that is paid
        (planned("08:00", "20:00", unpaid_break_minutes=120), 10),
        (planned("08:00", "08:01", unpaid_break_minutes=0), Decimal("0.02")),
    ],
)  # fmt: skip
def test_the_paid_hours_are_those_that_pass_less_the_break(plan: ShiftPlan, hours: Decimal) -> None:
    assert timed(plan, LONDON).hours == hours


def test_a_sixteen_hour_night_that_the_clocks_make_longer_is_too_long() -> None:
    assert timed(planned("16:00", "08:00"), LONDON).hours == 15
    with pytest.raises(Refused, match="this one has 17 hours"):
        timed(planned("16:00", "08:00", date=date(2026, 10, 24)), LONDON)


def test_the_differences_are_the_fields_with_another_value_as_people_write_them() -> None:
    new = replace(LONG_DAY, end=time(21), role=JobRole.SENIOR_CARER, skills=("MEDS",), notes="")

    assert differences(LONG_DAY, new) == (
        Change(field="role", old="SCW", new="SSCW"),
        Change(field="end", old="20:00", new="21:00"),
        Change(field="skills", old=[], new=["MEDS"]),
    )
    assert differences(LONG_DAY, LONG_DAY) == ()
