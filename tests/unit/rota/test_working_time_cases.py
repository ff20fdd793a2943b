"""Published and derived cases of working time, training, absence and rosters, each checked by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from flowapp.rota.absence.figures import AbsenceFigures
from flowapp.rota.training.validity import CertificateState, Validity, last_day
from flowapp.rota.wall_time import Interval, elapsed_hours, instant, instants, overlap
from flowapp.rota.working_time import average, night
from flowapp.rota.working_time.breaks import break_needed
from flowapp.rota.working_time.rest import hours_between, short_rests, weekly_rest
from flowapp.rota.working_time.runs import Run, runs
from flowapp.rota.working_time.young import limits_broken
from tests.unit.rota.published import Given, of_groups, to_places

OURS = ("wtr.", "training.", "absence.", "solver.", "roster.")
LONDON = "Europe/London"
A_MONDAY = date(2026, 1, 5)
FREE = "-"
WORKED, OFF = True, False
PLACES = 2  # to which the cases round


def _shifts(given: Given) -> list[Interval]:
    return [
        instants(date.fromisoformat(each["date"]), each["start"], each["end"], given["tz"]) for each in given["shifts"]
    ]


def daily_rest(given: Given) -> Given:
    shifts = _shifts(given)
    short = short_rests(shifts, Decimal(given["required_rest_hours"]))
    return {
        "gaps_hours": hours_between(shifts),
        "compliant": not short,
        "worst_window_rest_hours": min((each.hours for each in short), default=None),
    }


def weekly(given: Given) -> Given:
    first = date.fromisoformat(given["period_start"])
    found = weekly_rest(_shifts(given), first, given["tz"], days=given["period_days"])
    return {
        "rest_periods_hours": list(found.hours),
        "longest": found.longest,
        "compliant_24h": found.is_enough,
        "advice_35h": found.is_as_advised,
    }


def _by_week(hours: Sequence[Any]) -> dict[date, Decimal]:
    """Put the hours of each week on its Monday, the last week ending the period."""
    return {A_MONDAY + timedelta(weeks=number): Decimal(each) for number, each in enumerate(hours)}


def _averaged(hours: Mapping[date, Decimal], weeks: int, *, excluded: Sequence[date] = ()) -> Decimal:
    last = A_MONDAY + timedelta(weeks=weeks - 1)
    return average.average_week(hours, average.Reference.ending(last, weeks=weeks), excluded=excluded)


def weekly_average(given: Given) -> Given:
    if "week" in given:
        week = given["week"]
        hours = average.WeekHours(
            active=Decimal(week["active_hours"]),
            sleep_in=Decimal(week["sleep_in_on_premises_hours"]),
            on_call=Decimal(week["on_call_at_home_hours"]),
            called_out=Decimal(week["called_out_hours"]),
        )
        return {"working_time_hours": hours.working_time, "nmw_hours": hours.paid_at_least}
    if "hours_17" in given:
        of_17 = _averaged(_by_week(given["hours_17"]), 17)
        of_26 = _averaged(_by_week([*given["hours_prev_9"], *given["hours_17"]]), 26)
        lawful = [average.is_lawful(each, opted_out=given["opt_out"]) for each in (of_17, of_26)]
        found = {"average_17": of_17, "compliant_17": lawful[0], "average_26": of_26, "compliant_26": lawful[1]}
        return {name: to_places(each, PLACES) if isinstance(each, Decimal) else each for name, each in found.items()}
    found = (
        _averaged_with_leave(given) if "excluded_days" in given else _averaged(_by_week(given["hours"]), given["weeks"])
    )
    return {"average": to_places(found, PLACES), "compliant": average.is_lawful(found, opted_out=given["opt_out"])}


def _averaged_with_leave(given: Given) -> Decimal:
    after = A_MONDAY + timedelta(weeks=given["weeks"])
    following = {after + timedelta(days=n): Decimal(each) for n, each in enumerate(given["next_worked_days_hours"])}
    excluded = [A_MONDAY + timedelta(days=1 + number) for number in range(given["excluded_days"])]
    worked = {A_MONDAY: Decimal(given["hours_worked_in_period"])}
    return _averaged(worked | following, given["weeks"], excluded=excluded)


def night_hours(given: Given) -> Given:
    shift = instants(date.fromisoformat(given["date"]), given["start"], given["end"], given["tz"])
    return {
        "night_hours": night.night_hours(shift, given["tz"]),
        "counts_as_night_shift": night.is_night_work(shift, given["tz"]),
    }


def night_average(given: Given) -> Given:
    found = night.average_day(Decimal(given["normal_hours_per_week"]), weeks=given["weeks"])
    return {"average_per_24h": to_places(found, PLACES), "compliant": night.is_lawful(found)}


def break_(given: Given) -> Given:
    return {"min_uninterrupted_break_minutes": break_needed(given["shift_minutes"], age=given["age"])}


def young_worker(given: Given) -> Given:
    day, start, end = given["shift"]
    assert given["age"] < 18, "the limits are those of young workers"
    broken = limits_broken(instants(date.fromisoformat(day), start, end, LONDON), LONDON)
    return {"allowed": not broken, "reason": broken[0].value if broken else None}


def training_expiry(given: Given) -> Given:
    return {"expires_on": last_day(date.fromisoformat(given["issued_on"]), given["validity_months"]).isoformat()}


def _validity(given: Given) -> Validity:
    ends = given["expires_on"]
    return Validity(issued_on=date(2020, 1, 1), expires_on=date.fromisoformat(ends) if ends else None)


def training_for_shift(given: Given) -> Given:
    start, end = (datetime.fromisoformat(given[name]).date() for name in ("shift_start_local", "shift_end_local"))
    validity = _validity(given)
    return {
        "valid_on_start_date": validity.holds_on(start),
        "valid_until_shift_end": validity.holds_on(start) and validity.holds_on(end),
    }


def training_due(given: Given) -> Given:
    today, validity = date.fromisoformat(given["today"]), _validity(given)
    state = validity.state_on(today, due_days=given["window_days"])
    return {"state": "ok" if state is CertificateState.VALID else state.value, "days_left": validity.days_left(today)}


def absence_trigger(given: Given) -> Given:
    figures = AbsenceFigures(episodes=given["episodes_12m"], days=Decimal(given["working_days_12m"]))
    year = Decimal(given["working_days_per_year"])
    return {"percentage": to_places(figures.percentage(year), PLACES), "trigger": figures.needs_review(year)}


def bradford(given: Given) -> Given:
    return {"bradford": AbsenceFigures(episodes=given["episodes"], days=Decimal(given["days"])).bradford}


def _utc(times: Sequence[str]) -> Interval:
    starts, ends = (datetime.fromisoformat(each) for each in times)
    return Interval(instant(starts.date(), starts.time(), "UTC"), instant(ends.date(), ends.time(), "UTC"))


def _minutes_shared(first: Interval, second: Interval) -> Decimal:
    if not overlap(first, second):
        return Decimal(0)
    shared = elapsed_hours(max(first.starts_at, second.starts_at), min(first.ends_at, second.ends_at))
    return shared * 60


def solver_constraint(given: Given) -> Given:
    """The peer's penalties are minutes and counts; ours follow from the same stretches of time."""
    match given["constraint"]:
        case "required_skill":
            return {"penalty": int(given["required"] not in given["employee_skills"])}
        case "overlap_minutes":
            return {"penalty": _minutes_shared(_utc(given["a"]), _utc(given["b"]))}
        case "min_rest_10h_shortfall_minutes":
            (gap,) = hours_between([_utc(given["a"]), _utc(given["b"])])
            return {"penalty": max(10 - gap, Decimal(0)) * 60}
        case "unavailable_date_overlap_minutes":
            days = [date.fromisoformat(each) for each in given["unavailable"]]
            whole = [instants(day, "00:00", "00:00", "UTC") for day in days]
            return {"penalty": sum(_minutes_shared(each, _utc(given["shift"])) for each in whole)}
    (only,) = [name for name in given if name not in ("constraint", "constraint_args")]
    raise AssertionError(f"a constraint that nobody reads: {given['constraint']} with {only}")


def _with_history(row: Sequence[Any], kind: Any, before: int) -> list[Any]:
    return [kind] * before + list(row)


def _beyond(found: Sequence[Run[Any]], limits: Callable[[Any], tuple[int, int] | None], before: int) -> int:
    """Count by how many days runs are too short or too long; what lies before the first day is paid for already."""
    total = 0
    for run in found:
        if (bounds := limits(run.kind)) is None:
            continue
        least, most = bounds
        in_history = max(0, min(before - run.first, run.length))
        if run.is_over:
            total += max(least - run.length, 0)
        total += max(run.length - max(most, in_history), 0)
    return total


def inrc2(given: Given) -> Given:
    """The costs that the official validator of the International Nurse Rostering Competition printed."""
    costs = dict.fromkeys(("assignments", "weekends", "complete", "off", "work", "type"), 0)
    weights = given["weights"]
    forbidden = {tuple(each) for each in given["forbidden_successions"]}
    illegal = double = 0
    for name, row in given["roster"].items():
        contract, history = given["contracts"][given["contract"][name]], given["history"][name]
        illegal += sum(pair in forbidden for pair in pairwise([history["last"] or FREE, *row]))
        double += sum(each not in {FREE, *given["shift_types"]} for each in row)
        worked = [each != FREE for each in row]
        least, most = contract["assignments"]
        costs["assignments"] += weights["total_assignments"] * max(least - sum(worked), sum(worked) - most, 0)
        pairs = [(worked[n], worked[n + 1]) for n in range(5, len(row), 7)]
        costs["weekends"] += weights["total_weekends"] * max(sum(map(any, pairs)) - contract["max_weekends"], 0)
        costs["complete"] += weights["complete_weekend"] * sum(first != last for first, last in pairs)
        before = history["work"] or history["off"]
        ran = runs(_with_history(worked, WORKED if history["work"] else OFF, before))
        of_work, of_off = tuple(contract["consecutive_work"]), tuple(contract["consecutive_off"])
        costs["work"] += weights["consecutive_work"] * _beyond(ran, lambda kind, b=of_work: b if kind else None, before)
        costs["off"] += weights["consecutive_off"] * _beyond(ran, lambda kind, b=of_off: None if kind else b, before)
        same = runs(_with_history(row, history["last"] or FREE, history["same"]))
        types = {kind: tuple(bounds) for kind, bounds in given["shift_types"].items()}
        costs["type"] += weights["consecutive_shift_type"] * _beyond(same, types.get, history["same"])
    return {
        "hard_illegal_successions": illegal,
        "hard_double_assignments": double,
        "total_assignment_cost": costs["assignments"],
        "max_weekend_cost": costs["weekends"],
        "complete_weekend_cost": costs["complete"],
        "non_working_days_cost": costs["off"],
        "consecutive_cost": costs["work"] + costs["type"],
        "consecutive_split": {"work": costs["work"], "shift_type": costs["type"]},
    }


ANSWERS: Mapping[str, Callable[[Given], Given]] = {
    "wtr.daily_rest": daily_rest,
    "wtr.weekly_rest": weekly,
    "wtr.weekly_average": weekly_average,
    "wtr.night_hours": night_hours,
    "wtr.night_average": night_average,
    "wtr.break": break_,
    "wtr.young_worker": young_worker,
    "training.expiry": training_expiry,
    "training.valid_for_shift": training_for_shift,
    "training.due_30": training_due,
    "absence.trigger": absence_trigger,
    "absence.bradford": bradford,
    "solver.constraint": solver_constraint,
    "roster.inrc2_validator": inrc2,
}


@pytest.mark.parametrize("case", of_groups(*OURS), ids=lambda case: case["id"])
def test_a_case_of_working_time_training_or_absence_comes_out_as_published(case: Given) -> None:
    answer = ANSWERS[case["group"]](case["input"])

    assert {name: answer[name] for name in case["expect"]} == case["expect"]


def test_every_group_has_cases() -> None:
    assert {case["group"] for case in of_groups(*OURS)} == set(ANSWERS)
