"""Shifts written into the table and read again: instants, paid hours, overlap, across both changes of the clocks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flowapp.kernel.errors import Conflict
from flowapp.rota.shift_assigning import Overruling
from flowapp.rota.shift_plan import ShiftType
from tests.unit.rota_shifts.rota import Rota, at

HARD = Overruling(rules=frozenset({"E09", "E18"}), reason="Nobody else is left")
CASES = json.loads((Path(__file__).parents[2] / "data" / "domain_cases.json").read_text(), parse_float=Decimal)["cases"]
# The second reading of a time that the clock shows twice is only for whoever chooses it; a shift has the first.
DURATIONS = [c for c in CASES if c["group"] == "shift.duration_dst" and not c["input"]["fold_end"]]
OVERLAPS = [c for c in CASES if c["group"] == "shift.overlap"]


def test_there_are_cases_of_both() -> None:
    assert (len(DURATIONS), len(OVERLAPS)) == (10, 11)


@pytest.mark.parametrize("case", DURATIONS, ids=lambda case: case["id"])
def test_a_shift_has_the_hours_that_really_pass(rota: Rota, case: Mapping[str, Any]) -> None:
    given, expect = case["input"], case["expect"]
    start, end = (datetime.fromisoformat(given[name]) for name in ("start", "end"))

    shift = rota.shift(rota.plan(date=start.date(), start=start.time(), end=end.time(),
                                 unpaid_break_minutes=given["unpaid_break_minutes"]))  # fmt: skip

    assert shift.starts_at == datetime.fromisoformat(expect["starts_at_utc"])
    assert shift.ends_at == datetime.fromisoformat(expect["ends_at_utc"])
    assert shift.interval.elapsed_hours == expect["elapsed_hours"]
    assert shift.hours == expect["paid_hours"]


@pytest.mark.parametrize("case", OVERLAPS, ids=lambda case: case["id"])
def test_one_person_has_both_shifts_only_when_they_share_no_time(rota: Rota, case: Mapping[str, Any]) -> None:
    first, second = (
        rota.plan(date=date.fromisoformat(each["date"]), start=at(each["start"]), end=at(each["end"]),
                  unpaid_break_minutes=0)
        for each in (case["input"]["a"], case["input"]["b"])
    )  # fmt: skip
    rota.assign(first, rota.cast.dan)

    if case["expect"]["overlap"]:
        with pytest.raises(Conflict, match=f"shift {first}"):
            rota.assign(second, rota.cast.dan)
    else:
        rota.assign(second, rota.cast.dan, by=rota.cast.ada, overruling=HARD)
        assert rota.shift(second).staff_name == "Dan"


@pytest.mark.parametrize(
    ("day", "hours", "ends_at"),
    [
        (date(2026, 3, 27), 12, datetime(2026, 3, 28, 8, tzinfo=UTC)),  # an ordinary night
        (date(2026, 3, 28), 11, datetime(2026, 3, 29, 7, tzinfo=UTC)),  # clocks go forward
        (date(2026, 3, 29), 12, datetime(2026, 3, 30, 7, tzinfo=UTC)),  # the night after, all of it summer time
        (date(2026, 10, 23), 12, datetime(2026, 10, 24, 7, tzinfo=UTC)),
        (date(2026, 10, 24), 13, datetime(2026, 10, 25, 8, tzinfo=UTC)),  # clocks go back
        (date(2026, 10, 25), 12, datetime(2026, 10, 26, 8, tzinfo=UTC)),
    ],
)
def test_a_night_of_twelve_hours_by_the_clock_is_paid_as_it_is_worked(
    rota: Rota, day: date, hours: int, ends_at: datetime
) -> None:
    shift = rota.shift(rota.plan(date=day, start=at("20:00"), end=at("08:00"), unpaid_break_minutes=0))

    assert (shift.hours, shift.ends_at) == (hours, ends_at)
    assert shift.plan.type is ShiftType.NIGHT


def test_one_person_works_the_nights_and_days_around_both_changes_of_the_clocks(rota: Rota) -> None:
    for day in (date(2026, 3, 28), date(2026, 10, 24)):
        for start, end in (("08:00", "20:00"), ("20:00", "08:00")):
            rota.assign(rota.plan(date=day, start=at(start), end=at(end)), rota.cast.dan, by=rota.cast.ada,
                        overruling=HARD)  # fmt: skip
        morning = date.fromordinal(day.toordinal() + 1)
        shift_id = rota.plan(date=morning, start=at("08:00"), end=at("12:00"))
        rota.assign(shift_id, rota.cast.dan, by=rota.cast.ada, overruling=HARD)
        with pytest.raises(Conflict):
            rota.plan(date=morning, start=at("07:59"), end=at("08:00"), unpaid_break_minutes=0,
                      staff_id=rota.cast.dan.staff_id)  # fmt: skip


def test_a_shift_moved_to_the_night_of_a_clock_change_has_other_hours(rota: Rota) -> None:
    shift_id = rota.plan(date=date(2026, 3, 27), start=at("20:00"), end=at("08:00"))

    rota.update(shift_id, date=date(2026, 3, 28))

    assert rota.shift(shift_id).hours == 10
