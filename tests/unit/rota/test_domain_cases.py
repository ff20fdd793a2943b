"""Published and derived cases of leave and of shift times, each checked by name with the same rules.

Where the cases come from: tests/data/README.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flowapp.rota import entitlement as ent
from flowapp.rota.bank_holidays import Nation
from flowapp.rota.calendar import HomeCalendar
from flowapp.rota.embargo import ClosedYearly
from flowapp.rota.leave_days import Counting, DayPart, LeavePeriod, RosteredShift, Work, count, fits, split
from flowapp.rota.leave_period import consecutive_days
from flowapp.rota.notice import refusal_notice_days, worker_notice_days
from flowapp.rota.wall_time import instants, overlap, read_time
from tests.unit.rota.published import Given, of_groups, to_places

OURS = ("leave.", "entitlement.", "shift.")
HOW_TO_ROUND = ("round_dp", "rounding", "peer_frappe_formula")  # beside the results in `expect`
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class PeerLeave:
    """Leave as the peers keep it: any day may be a half one, even where ours would refuse the gap."""

    start: date
    end: date
    halves: Mapping[date, DayPart] = field(default_factory=dict)

    def part_on(self, day: date) -> DayPart:
        return self.halves.get(day, DayPart.ALL)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _number(value: Any) -> Decimal:
    return Decimal(str(value))


def _halves(parts: Mapping[str, str]) -> dict[date, DayPart]:
    return {date.fromisoformat(day): DayPart(part) for day, part in parts.items() if part != "all"}


def _fraction(given: Given) -> Any:
    started, leaving = _day(given.get("start_date")), _day(given.get("leaving_date"))
    anchor = started or leaving
    if anchor is None:
        return ent.WHOLE_YEAR
    year = ent.leave_year(anchor, given.get("leave_year_start_date", "2011-01-01")[5:])
    return ent.fraction_of_year(year, started=started, leaving=leaving)


def fraction_of_year(given: Given) -> Given:
    fraction = _fraction(given)
    return {"fraction": Decimal(fraction.numerator) / fraction.denominator}


def days(given: Given) -> Given:
    per_week = _number(given["days_per_week"])
    return {"days": ent.entitled_days(days_per_week=per_week, fraction=_fraction(given))}


def hours(given: Given) -> Given:
    return {
        "hours": ent.entitled_hours(
            hours_per_week=_number(given["hours_per_week"]),
            days_per_week=_number(given["days_per_week"]),
            fraction=_fraction(given),
        )
    }


def compressed_hours(given: Given) -> Given:
    leave = ent.compressed_hours(
        hours_per_week=_number(given["hours_per_week"]), days_per_week=_number(given["days_per_week"])
    )
    return {
        "entitlement_hm": list(ent.hours_and_minutes(leave.hours)),
        "daily_average_hm": list(ent.hours_and_minutes(leave.daily_average)),
    }


def shifts(given: Given) -> Given:
    entitled = ent.entitled_shifts(
        shifts_per_pattern=_number(given["shifts_per_pattern"]),
        days_per_pattern=_number(given["days_per_pattern"]),
        fraction=_fraction(given),
    )
    return {"shifts": entitled, "hours": entitled * _number(given["hours_per_shift"])}


def irregular_hours(given: Given) -> Given:
    accrued = ent.accrued_from_work(_number(given["hours_worked_in_pay_period"]))
    return {"accrued_hours": accrued, "to_nearest_hour": ent.nearest_hour(accrued)}


def leave_days(given: Given) -> Given:
    leave = PeerLeave(_day(given["start"]), _day(given["end"]), _halves(given.get("half_days", {})))
    nation = given.get("nation")
    keeps = given.get("bank_holidays_excluded", False) and nation is not None
    work = Work(
        contracted_hours=Decimal("37.5"),
        weekdays=[WEEKDAYS.index(name) for name in given.get("working_weekdays", WEEKDAYS)],
        calendar=HomeCalendar(Nation(nation)) if keeps else None,
    )
    counted = count(leave, Counting(given["mode"].replace("calendar_days", "calendar")), work)
    expiry = _day(given.get("carry_forward_expires")) or leave.end
    return {"days": counted.days, "ledger_split": [part.days for part in split(counted, after=expiry)]}


def rostered_days(given: Given) -> Given:
    rostered = tuple(
        RosteredShift(
            date=date.fromisoformat(shift["date"]),
            start=read_time(shift["start"], field="start"),
            end=read_time(shift["end"], field="end"),
            paid_hours=_number(shift["paid_hours"]),
        )
        for shift in given["shifts"]
    )
    leave = LeavePeriod.of(start=date.fromisoformat(given["start"]), end=date.fromisoformat(given["end"]))
    counted = count(leave, Counting(given["mode"]), Work(shifts=rostered))
    return {"shift_days": counted.days, "hours": counted.hours}


def half_day_fit(given: Given) -> Given:
    existing, request = (
        PeerLeave(
            date.fromisoformat(leave["start"]),
            date.fromisoformat(leave["end"]),
            _halves({leave["start"]: leave["start_part"], leave["end"]: leave["end_part"]}),
        )
        for leave in (given["existing"], given["request"])
    )
    return {"fits": fits(existing, request)}


def leave_overlap(given: Given) -> Given:
    def leave(row: Given, half: DayPart) -> PeerLeave:
        # The peer does not say which half; two halves of one day may then be taken as morning and afternoon.
        halves = {date.fromisoformat(row["half"]): half} if "half" in row else {}
        return PeerLeave(date.fromisoformat(row["start"]), date.fromisoformat(row["end"]), halves)

    request = leave(given["request"], DayPart.PM)
    free = all(fits(leave(row, DayPart.AM), request) for row in given["existing"])
    return {"verdict": "ok" if free else "overlap"}


def max_consecutive(given: Given) -> Given:
    existing = [LeavePeriod.of(start=_day(first), end=_day(last)) for first, last in given["existing"]]
    request = LeavePeriod.of(start=_day(given["request"][0]), end=_day(given["request"][1]))
    # The case counts the holidays inside without naming them; any days of the run will do.
    free = [request.start + timedelta(days=number) for number in range(given["holidays_inside"])]
    in_a_row = consecutive_days(request, existing, counts=lambda day: day not in free)
    verdict = "reject" if in_a_row > given["max_consecutive_days"] else "ok"
    return {"verdict": verdict, "consecutive_days": in_a_row}


def balance(given: Given) -> Given:
    before = given.get("taken_before_expiry")
    left = ent.balance(
        granted=_number(given["new"]),
        carried_in=_number(given["carried_forward"]),
        carry_expired=given["cf_expired"],
        taken=_number(given["taken"]),
        taken_before_expiry=None if before is None else _number(before),
        pending=_number(given.get("pending", 0)),
    )
    return vars(left)


def carry_forward(given: Given) -> Given:
    return vars(
        ent.carry_forward(
            unused=_number(given["unused"]),
            most_carried=_number(given["max_carry_forward"]),
            granted=_number(given["new"]),
            most_total=_number(given["max_allowed"]),
        )
    )


def prorata_adjustment(given: Given) -> Given:
    """GOV.UK's fraction of the year, rounded to whole days as the peer does, gives the peer's results too."""
    year = ent.leave_year(date(given["year"], 1, 1), "01-01")
    worked = ent.fraction_of_year(year, started=_day(given["start"]), leaving=_day(given["end"]))
    nominal = given["nominal"]
    return {"adjustment_days": round(nominal * worked) - nominal}


def notice(given: Given) -> Given:
    length = _number(given["leave_days"])
    return {
        "worker_notice_days": worker_notice_days(length),
        "employer_refusal_notice_days": refusal_notice_days(length),
    }


def embargo(given: Given) -> Given:
    closed = ClosedYearly(first=given["embargo"]["from"], last=given["embargo"]["to"])
    start, end = (date.fromisoformat(day) for day in given["request"])
    return {"blocked": closed.hit(start, end) is not None}


def shift_overlap(given: Given) -> Given:
    first, second = (
        instants(date.fromisoformat(shift["date"]), shift["start"], shift["end"], given["tz"])
        for shift in (given["a"], given["b"])
    )
    return {"overlap": overlap(first, second)}


def shift_duration(given: Given) -> Given:
    start, end = (datetime.fromisoformat(given[name]) for name in ("start", "end"))
    times = instants(
        start.date(),
        start.time(),
        end.time(),
        given["tz"],
        fold_start=given["fold_start"],
        fold_end=given["fold_end"],
    )
    return {
        "starts_at_utc": times.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ends_at_utc": times.ends_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "elapsed_hours": times.elapsed_hours,
        "wall_clock_hours": times.wall_hours,
        "paid_hours": times.paid_hours(given["unpaid_break_minutes"]),
    }


ANSWERS: Mapping[str, Callable[[Given], Given]] = {
    "entitlement.fraction_of_year": fraction_of_year,
    "entitlement.days": days,
    "entitlement.hours": hours,
    "entitlement.compressed_hours": compressed_hours,
    "entitlement.shifts": shifts,
    "entitlement.irregular_hours_accrual": irregular_hours,
    "leave.days": leave_days,
    "leave.days_rostered": rostered_days,
    "leave.half_day_fit": half_day_fit,
    "leave.overlap": leave_overlap,
    "leave.max_consecutive": max_consecutive,
    "leave.balance": balance,
    "leave.carry_forward": carry_forward,
    "leave.prorata_adjustment": prorata_adjustment,
    "leave.notice": notice,
    "leave.embargo_recurring": embargo,
    "shift.overlap": shift_overlap,
    "shift.duration_dst": shift_duration,
}


def _rounded(value: Any, expect: Given) -> Any:
    if not isinstance(value, Decimal):
        return value
    if expect.get("rounding") == "ceil1":
        return ent.rounded_up(value)
    if "round_dp" in expect:
        return to_places(value, expect["round_dp"])
    return value


@pytest.mark.parametrize("case", of_groups(*OURS), ids=lambda case: case["id"])
def test_a_case_of_leave_or_shift_times_comes_out_as_published(case: Given) -> None:
    expect = case["expect"]
    wanted = {name: value for name, value in expect.items() if name not in HOW_TO_ROUND}

    answer = ANSWERS[case["group"]](case["input"])

    assert {name: _rounded(answer[name], expect) for name in wanted} == wanted


def test_every_group_of_leave_and_shift_times_has_cases() -> None:
    groups = {case["group"] for case in of_groups(*OURS)}

    assert groups == set(ANSWERS)


def test_the_cases_are_the_ones_the_readme_names() -> None:
    data = Path(__file__).parents[2] / "data"
    digest = hashlib.sha256((data / "domain_cases.json").read_bytes()).hexdigest()

    assert f"`{digest}`" in (data / "README.md").read_text()
